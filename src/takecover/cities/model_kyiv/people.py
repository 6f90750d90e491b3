"""The people of Model Kyiv: blocks of houses along the streets, with exact district totals."""

from __future__ import annotations

import numpy as np

from takecover import parameters
from takecover.analysis.origins import GROUPS, PERIODS
from takecover.cities.model_kyiv import facts
from takecover.cities.model_kyiv.shares import whole_by_zone
from takecover.cities.model_kyiv.streets import Streets
from takecover.cities.model_kyiv.terrain import Terrain, to_degrees, to_plane
from takecover.dtypes import INDEX
from takecover.model.demand import Demand
from takecover.model.network import EdgePoints

SPREAD = 0.6
"""Standard deviation of the logarithm of the people of one origin about what is usual in its place; an assumption."""

DEEPEST_YARD_M = 25.0
"""Farthest that an origin stands from its street [m]."""


def settle(terrain: Terrain, streets: Streets, origin_count: int, seed: int) -> Demand:
    """Put every resident of the ten districts into an origin.

    Parameters
    ----------
    terrain
        The ground.
    streets
        The streets that the origins stand at.
    origin_count
        Number of origins.
    seed
        Seed of every draw.

    Returns
    -------
    Demand
        One period, the night; walking and step-free people. The people of each district add up to its residents,
        and the step-free ones to its rounded share of them.
    """
    rng = np.random.default_rng((seed, 6))
    x_m, y_m, snap = _stand(streets, _choose_segments(terrain, streets, origin_count, rng), rng)
    lon, lat = to_degrees(x_m, y_m)
    zone_idx = terrain.district_of(*to_plane(lon, lat))
    residents = facts.counts("districts.csv", "people")
    per_ha = terrain.people_per_ha(x_m, y_m)
    weights = np.sqrt(per_ha) * rng.lognormal(0.0, SPREAD, origin_count)
    at_least_one = np.bincount(zone_idx, minlength=len(residents))
    people = 1 + whole_by_zone(weights, zone_idx, residents - at_least_one)
    share = parameters.value("step_free_share")
    step_free = whole_by_zone(
        people.astype(np.float64), zone_idx, np.rint(residents * share).astype(np.int64)
    )
    return Demand(
        origin_ids=np.char.add("O", np.char.zfill(np.arange(1, origin_count + 1).astype(np.str_), 5)),
        lon=lon,
        lat=lat,
        snap=snap,
        zone_idx=zone_idx,
        groups=GROUPS,
        periods=PERIODS,
        people=np.stack([people - step_free, step_free], axis=1)[np.newaxis],
    )


def _choose_segments(
    terrain: Terrain, streets: Streets, origin_count: int, rng: np.random.Generator
) -> np.ndarray:
    """Segments with an origin each, in the order of the table: more where more people and more street are.

    Dense quarters get more origins and fuller ones: both as the square root of their density, so that the people
    per hectare follow it. The mesh itself is denser there, which the length of street per area takes out again.
    """
    frontage = np.flatnonzero(streets.is_frontage)
    x_m, y_m = (axis[frontage] for axis in streets.middle)
    network = streets.network
    street_per_area = np.sqrt(terrain.streets(x_m, y_m))
    weights = network.length_m[frontage] * np.sqrt(terrain.people_per_ha(x_m, y_m)) / street_per_area
    # Exponential clocks: the first to ring are a draw without replacement, in proportion to the weights.
    rings_at = rng.exponential(size=len(weights)) / weights
    return np.sort(frontage[np.argpartition(rings_at, origin_count - 1)[:origin_count]]).astype(INDEX)


def _stand(
    streets: Streets, segment_idx: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, EdgePoints]:
    """Place one origin beside each segment: somewhere along it, to the left or the right."""
    network = streets.network
    node_x_m, node_y_m = to_plane(network.lon, network.lat)
    tail, head = network.tail[segment_idx], network.head[segment_idx]
    along_x_m, along_y_m = node_x_m[head] - node_x_m[tail], node_y_m[head] - node_y_m[tail]
    length_m = np.maximum(np.hypot(along_x_m, along_y_m), 0.01)
    fraction = np.round(rng.uniform(0.1, 0.9, len(segment_idx)), 3)
    side = rng.choice([-1.0, 1.0], len(segment_idx))
    offset_m = np.round(rng.uniform(5.0, DEEPEST_YARD_M, len(segment_idx)), 1)
    x_m = node_x_m[tail] + fraction * along_x_m - side * offset_m * along_y_m / length_m
    y_m = node_y_m[tail] + fraction * along_y_m + side * offset_m * along_x_m / length_m
    return x_m, y_m, EdgePoints(segment_idx, fraction, offset_m)
