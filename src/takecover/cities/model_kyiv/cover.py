"""The shelters of Model Kyiv: the Metro stations where they are, the others placed near people by district totals.

Hangs on the seed alone, never on the streets: every size of the city has the same shelters.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely

from takecover import parameters
from takecover.cities.model_kyiv import facts, ways
from takecover.cities.model_kyiv.shares import whole
from takecover.cities.model_kyiv.streets import Streets, nearest
from takecover.cities.model_kyiv.terrain import Terrain, to_degrees, to_plane
from takecover.dtypes import INDEX, NO_INDEX
from takecover.model.shelters import UNKNOWN, Entrances, Halls, Shelters

SITE_SPACING_M = 90.0
"""Distance of the sites among which shelters are drawn [m]; no two shelters share one."""

SHORE_MARGIN_M = 60.0
"""No shelter stands nearer to the water than this [m]."""

STATION_DOORS = 2
"""Entrances of a station; more exist, and no table of them was found."""

STATION_DOORS_APART_M = (50.0, 120.0)
"""Least and greatest distance between the two doors of a station [m]; an assumption."""

DOORS_APART_M = (20.0, 50.0)
"""Least and greatest distance between the two doors of any other shelter [m]; an assumption."""

STATION_SPREAD = 0.25
"""Standard deviation of the logarithm of a station's places; an assumption."""

FEWEST_PLACES = 30.0
"""Least places of a shelter before all are scaled to the city's total."""

WIDEST = 2.2
"""Standard deviations from what is usual for its kind that a shelter's places may lie."""

LEAST_PEOPLE_PER_HA = 2.0
"""Shelters other than stations stand where at least so many people live [1/ha]."""


@dataclass(frozen=True, eq=False)
class Sites:
    """Shelters before they are tied to streets, in the order of their ids; one row each.

    Attributes
    ----------
    ids, names, kinds
        Texts, shape (s,).
    x_m, y_m
        Position on the plane [m], shape (s,) float64.
    zone_idx
        District, shape (s,) int32.
    capacity
        Places, shape (s,) int64.
    door_count
        Entrances, shape (s,) int64.
    has_lift
        True where a lift is known to stand at the first door, shape (s,) bool.
    """

    ids: np.ndarray
    names: np.ndarray
    kinds: np.ndarray
    x_m: np.ndarray
    y_m: np.ndarray
    zone_idx: np.ndarray
    capacity: np.ndarray
    door_count: np.ndarray
    has_lift: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)


def place(terrain: Terrain, streets: Streets, seed: int) -> Shelters:
    """Place every shelter and tie its doors to the streets.

    Parameters
    ----------
    terrain
        The ground.
    streets
        The streets that the doors open on.
    seed
        Seed of every draw.

    Returns
    -------
    Shelters
        As many in each district as the city gave, the 46 stations among them; places add up to what the city
        claimed, those of the stations to what the head of the Metro said.
    """
    stations = _stations(terrain, np.random.default_rng((seed, 7)))
    others = _others(terrain, stations.zone_idx, np.random.default_rng((seed, 8)))
    sites = _join(stations, others)
    lon, lat = to_degrees(sites.x_m, sites.y_m)
    rng = np.random.default_rng((seed, 9))
    withheld = rng.permutation(np.flatnonzero(sites.kinds != "metro_station"))
    is_withheld = np.zeros(len(sites), dtype=bool)
    is_withheld[withheld[: round(parameters.value("withheld_share") * len(sites))]] = True
    entrances = _entrances(sites, streets, rng)
    halls = ways.halls_of(sites.ids, sites.kinds)
    rng = np.random.default_rng((seed, 10))
    inspections = ways.inspect(sites.ids, sites.kinds, rng)
    entrances = replace(
        entrances,
        locks=ways.locks_of(sites.kinds, entrances.shelter_idx, rng),
        hall_idx=_halls_behind(entrances.shelter_idx, halls, len(sites)),
    )
    return Shelters(
        shelter_ids=sites.ids,
        names=sites.names,
        kinds=sites.kinds,
        lon=lon,
        lat=lat,
        capacity=sites.capacity,
        zone_idx=sites.zone_idx,
        is_withheld=is_withheld,
        entrances=entrances,
        halls=halls,
        elements=ways.elements_of(sites.ids, entrances.shelter_idx, halls),
        inspections=inspections,
    )


def _halls_behind(entrance_shelter_idx: np.ndarray, halls: Halls, shelter_count: int) -> np.ndarray:
    """The hall of the shelter of every entrance, shape (e,) int32; -1 where there is none."""
    hall_of_shelter = np.full(shelter_count, NO_INDEX, INDEX)
    hall_of_shelter[halls.shelter_idx] = np.arange(len(halls), dtype=INDEX)
    return np.asarray(hall_of_shelter[entrance_shelter_idx])


def _stations(terrain: Terrain, rng: np.random.Generator) -> Sites:
    is_shelter = facts.marks("stations.csv", "is_shelter")
    names, names_uk = facts.texts("stations.csv", "name"), facts.texts("stations.csv", "name_uk")
    ids = np.char.add("M-", np.char.replace(names, " ", "-"))
    rows = np.flatnonzero(is_shelter)[np.argsort(ids[is_shelter], kind="stable")]
    x_m, y_m = to_plane(
        facts.numbers("stations.csv", "lon")[rows], facts.numbers("stations.csv", "lat")[rows]
    )
    weights = rng.lognormal(0.0, STATION_SPREAD, len(rows))
    return Sites(
        ids=ids[rows],
        names=np.array([f"{names[row]} ({names_uk[row]})" for row in rows], dtype=np.str_),
        kinds=np.full(len(rows), "metro_station"),
        x_m=x_m,
        y_m=y_m,
        zone_idx=terrain.district_of(x_m, y_m),
        capacity=whole(weights, int(parameters.value("metro_system_places"))),
        door_count=np.full(len(rows), STATION_DOORS),
        has_lift=facts.marks("stations.csv", "is_step_free")[rows],
    )


def _others(terrain: Terrain, station_zone_idx: np.ndarray, rng: np.random.Generator) -> Sites:
    wanted = facts.counts("districts.csv", "shelters")
    wanted = wanted - np.bincount(station_zone_idx, minlength=len(wanted))
    x_m, y_m, zone_idx = _draw_places(terrain, wanted, rng)
    kind_idx = rng.permutation(
        np.repeat(np.arange(len(facts.rows("kinds.csv"))), facts.counts("kinds.csv", "shelters"))
    )
    median, spread = (facts.numbers("kinds.csv", column)[kind_idx] for column in ("median_places", "spread"))
    weights = np.maximum(
        median * np.exp(spread * np.clip(rng.standard_normal(len(kind_idx)), -WIDEST, WIDEST)), FEWEST_PLACES
    )
    places = int(parameters.value("registered_places") - parameters.value("metro_system_places"))
    zone_ids, zone_names = facts.texts("districts.csv", "zone_id"), facts.texts("districts.csv", "name")
    kind_names = facts.texts("kinds.csv", "name")
    number = [i + 1 for count in wanted for i in range(count)]
    return Sites(
        ids=np.array([f"S-{zone_ids[z]}-{n:03d}" for z, n in zip(zone_idx, number, strict=True)]),
        names=np.array(
            [
                f"{kind_names[k]}, {zone_names[z]} {n}"
                for k, z, n in zip(kind_idx, zone_idx, number, strict=True)
            ]
        ),
        kinds=facts.texts("kinds.csv", "kind")[kind_idx],
        x_m=x_m,
        y_m=y_m,
        zone_idx=zone_idx,
        capacity=whole(weights, places),
        door_count=facts.counts("kinds.csv", "doors")[kind_idx],
        has_lift=np.zeros(len(kind_idx), dtype=bool),
    )


def _draw_places(
    terrain: Terrain, wanted: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sites by district, more likely where more people are, each at most once."""
    dry = terrain.dry_city.buffer(-SHORE_MARGIN_M)
    shapely.prepare(dry)
    ticks = np.arange(-27_000.0, 27_000.0, SITE_SPACING_M)
    x_m, y_m = (axis.ravel() for axis in np.meshgrid(ticks, ticks))
    x_m = x_m + rng.uniform(-0.3, 0.3, len(x_m)) * SITE_SPACING_M
    y_m = y_m + rng.uniform(-0.3, 0.3, len(y_m)) * SITE_SPACING_M
    lived_in = np.flatnonzero(terrain.people_per_ha(x_m, y_m) >= LEAST_PEOPLE_PER_HA)
    ashore = lived_in[shapely.contains_xy(dry, x_m[lived_in], y_m[lived_in])]
    x_m, y_m = x_m[ashore], y_m[ashore]
    rings_at = rng.exponential(size=len(x_m)) / terrain.people_per_ha(x_m, y_m)
    zone_idx = terrain.district_of(x_m, y_m)
    chosen = [
        rows[np.argsort(rings_at[rows], kind="stable")[:count]]
        for count, rows in ((count, np.flatnonzero(zone_idx == zone)) for zone, count in enumerate(wanted))
    ]
    order = np.concatenate(chosen)
    return x_m[order], y_m[order], zone_idx[order]


def _join(first: Sites, second: Sites) -> Sites:
    """Both tables under each other; the ids of the second are higher."""
    return Sites(
        *(np.concatenate([a, b]) for a, b in zip(vars(first).values(), vars(second).values(), strict=True))
    )


def _entrances(sites: Sites, streets: Streets, rng: np.random.Generator) -> Entrances:
    """The doors of every site: one at its point, or two on either side of it."""
    shelter_idx = np.repeat(np.arange(len(sites), dtype=INDEX), sites.door_count)
    number = np.arange(len(shelter_idx)) - np.repeat(
        np.cumsum(sites.door_count) - sites.door_count, sites.door_count
    )
    is_station = sites.kinds == "metro_station"
    low_m, high_m = (np.where(is_station, STATION_DOORS_APART_M[i], DOORS_APART_M[i]) for i in (0, 1))
    turn, reach = rng.random((2, len(sites)))
    away_m = np.where(sites.door_count > 1, (low_m + reach * (high_m - low_m)) / 2, 0.0)
    side = np.where(number == 0, 1.0, -1.0)
    x_m = sites.x_m[shelter_idx] + side * (away_m * np.cos(2 * np.pi * turn))[shelter_idx]
    y_m = sites.y_m[shelter_idx] + side * (away_m * np.sin(2 * np.pi * turn))[shelter_idx]
    lon, lat = to_degrees(x_m, y_m)
    return Entrances(
        entrance_ids=np.array([f"{sites.ids[s]}-{n + 1}" for s, n in zip(shelter_idx, number, strict=True)]),
        shelter_idx=shelter_idx,
        lon=lon,
        lat=lat,
        snap=nearest(streets, lon, lat),
        is_step_free=_is_step_free(sites, shelter_idx, number, rng),
        locks=np.full(len(shelter_idx), UNKNOWN),
        hall_idx=np.full(len(shelter_idx), NO_INDEX, INDEX),
    )


def _is_step_free(
    sites: Sites, shelter_idx: np.ndarray, number: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """The first doors of stations with lifts, and the assumed share of the doors of all other shelters."""
    is_open: np.ndarray = sites.has_lift[shelter_idx] & (number == 0)
    others = rng.permutation(np.flatnonzero(sites.kinds[shelter_idx] != "metro_station"))
    is_open[others[: round(parameters.value("step_free_entrance_share") * len(others))]] = True
    return is_open
