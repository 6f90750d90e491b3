"""Porto: the streets of OpenStreetMap as they are, with shelters and people drawn by a seed.

Nothing but the streets is real.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks.measurement import AbsentError
from takecover import parameters
from takecover.analysis import spread, streets
from takecover.analysis.order import spatial
from takecover.analysis.origins import GROUPS, PERIODS
from takecover.analysis.parsed import ParsedStreets
from takecover.dtypes import INDEX, NO_INDEX
from takecover.io import foot
from takecover.io.osm_data import ATTRIBUTION
from takecover.kernels import geodesy
from takecover.model import check
from takecover.model.city import City, Source, Zones
from takecover.model.demand import Demand
from takecover.model.network import EdgePoints, Network
from takecover.model.shelters import UNKNOWN, Entrances, Shelters

NAME = "porto"
FILE = Path(__file__).parents[2] / "shared" / "data" / "porto" / "porto_portugal.osm.pbf"
CENTRE = (-8.6110, 41.1496)
"""Where most people are put [degree]."""

SEED = 20150606
SHELTERS = 4_300
ORIGINS = 50_000
PEOPLE = 3_000_000

FALL_M = 7_000.0
"""Distance from the centre at which a metre of street has 1/e of the people [m]; made up."""


@dataclass(frozen=True, eq=False)
class Spots:
    """Seeded points beside streets: where each meets the network, and where it is."""

    snap: EdgePoints
    lon: np.ndarray
    lat: np.ndarray


@cache
def city() -> City:
    """Porto, checked; the same bits each time.

    Raises
    ------
    AbsentError
        If the file or the package that reads it is not here.
    """
    if not FILE.exists():
        raise AbsentError(f"{FILE.name} is not at ../shared/data/porto")
    network, _ = streets.network(_parsed(FILE))
    shelter_seed, people_seed = np.random.SeedSequence(SEED).spawn(2)
    return check.city(
        City(
            name=NAME,
            title="Porto, people and shelters drawn by lot",
            title_uk="Порту, людей та укриття визначено жеребом",
            network=network,
            demand=_demand(network, np.random.default_rng(people_seed)),
            shelters=_shelters(network, np.random.default_rng(shelter_seed)),
            zones=_no_zones(),
            water=np.empty(0, object),
            sources=(Source("streets", "OpenStreetMap", "ODbL 1.0", "2015-06-06", ATTRIBUTION),),
            notices=("People and shelters are drawn by lot. Not for use in a real raid.",),
            notices_uk=("Людей та укриття визначено жеребом. Не для використання під час тривоги.",),
            is_modelled=True,
        )
    )


def _no_zones() -> Zones:
    none = np.empty(0, np.str_)
    return Zones(zone_ids=none, names=none, names_uk=none, outlines=np.empty(0, object))


def _parsed(path: Path) -> ParsedStreets:
    """Walkable segments of the file, by the rules that every reader has."""
    rows: list[tuple[int, int, int, str, bool, bool]] = []
    places: dict[int, tuple[float, float]] = {}
    for way_id, tags, nodes in _ways(path):
        sense = foot.direction(tags)
        places.update({ref: (lon, lat) for ref, lon, lat in nodes})
        refs = [ref for ref, _, _ in nodes][:: -1 if sense < 0 else 1]
        kind, is_stair = tags["highway"], foot.is_stair(tags)
        rows.extend((way_id, a, b, kind, is_stair, sense != 0) for a, b in pairwise(refs) if a != b)
    ends = np.array([row[1:3] for row in rows], dtype=np.int64)
    node_ids, at = np.unique(ends, return_inverse=True)
    at = at.reshape(ends.shape)
    lon, lat = np.array([places[node_id] for node_id in node_ids.tolist()]).T.copy()
    return ParsedStreets(
        node_ids=node_ids,
        lon=lon,
        lat=lat,
        way_ids=np.array([row[0] for row in rows], dtype=np.int64),
        tail=at[:, 0],
        head=at[:, 1],
        highway=np.array([row[3] for row in rows], dtype=np.str_),
        is_steps=np.array([row[4] for row in rows], dtype=bool),
        is_oneway=np.array([row[5] for row in rows], dtype=bool),
        source=Source("streets", "OpenStreetMap", "ODbL 1.0", "2015-06-06", ATTRIBUTION),
    )


def _ways(path: Path) -> Iterator[tuple[int, dict[str, str], list[tuple[int, float, float]]]]:
    """Walkable ways: id, tags, and id and place of each node that the file has, in ascending order of ids."""
    try:
        import osmium
    except ImportError:
        raise AbsentError("the package osmium, which reads PBF files, is not installed") from None
    found = []
    for way in osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY).with_locations():
        if not isinstance(way, osmium.osm.Way) or "highway" not in way.tags:
            continue
        tags = dict(way.tags)
        if foot.is_walkable(tags):
            nodes = [(n.ref, n.lon, n.lat) for n in way.nodes if n.location.valid()]
            found.append((way.id, tags, nodes))
    yield from sorted(found, key=lambda way: way[0])


def _spots(network: Network, count: int, rng: np.random.Generator) -> Spots:
    """Points on different segments, likelier on longer ones and near the centre, in spatial order."""
    x_m, y_m = geodesy.to_plane(network.lon, network.lat, *CENTRE)
    tail, head = network.tail, network.head
    away_m = np.hypot(x_m[tail] + x_m[head], y_m[tail] + y_m[head]) / 2
    weights = np.where(network.is_steps, 0.0, network.length_m * np.exp(-away_m / FALL_M))
    with np.errstate(divide="ignore"):
        # Exponential clocks: the first to ring are a draw without replacement, in proportion to the weights.
        rings_at = rng.exponential(size=len(weights)) / weights
    segment_idx = np.sort(np.argpartition(rings_at, count - 1)[:count])
    fraction = np.round(rng.uniform(0.1, 0.9, count), 3)
    ends = tail[segment_idx], head[segment_idx]
    lon, lat = (
        degrees[ends[0]] + fraction * (degrees[ends[1]] - degrees[ends[0]])
        for degrees in (network.lon, network.lat)
    )
    order = spatial(lon, lat, segment_idx)
    offset_m = np.round(rng.uniform(2.0, 20.0, count), 1)
    points = EdgePoints(segment_idx[order].astype(INDEX), fraction[order], offset_m)
    return Spots(points, lon[order], lat[order])


def _demand(network: Network, rng: np.random.Generator) -> Demand:
    spots = _spots(network, ORIGINS, rng)
    people = 1 + spread.along(rng.lognormal(0.0, 0.6, ORIGINS), PEOPLE - ORIGINS)
    step_free = spread.part(people, parameters.value("step_free_share"))
    return Demand(
        origin_ids=np.array([f"O{i + 1:05d}" for i in range(ORIGINS)]),
        lon=spots.lon,
        lat=spots.lat,
        snap=spots.snap,
        zone_idx=np.full(ORIGINS, NO_INDEX, INDEX),
        groups=GROUPS,
        periods=PERIODS,
        people=np.stack([people - step_free, step_free], axis=1)[np.newaxis],
    )


def _shelters(network: Network, rng: np.random.Generator) -> Shelters:
    spots = _spots(network, SHELTERS, rng)
    ids = np.array([f"S{i + 1:05d}" for i in range(SHELTERS)])
    capacity = 30 + spread.along(rng.lognormal(0.0, 1.0, SHELTERS), PEOPLE - 30 * SHELTERS)
    entrances = Entrances(
        entrance_ids=np.char.add(ids, "-1"),
        shelter_idx=np.arange(SHELTERS, dtype=INDEX),
        lon=spots.lon,
        lat=spots.lat,
        snap=spots.snap,
        is_step_free=rng.random(SHELTERS) < parameters.value("step_free_entrance_share"),
        locks=np.full(SHELTERS, UNKNOWN),
        hall_idx=np.full(SHELTERS, NO_INDEX, INDEX),
    )
    return Shelters(
        shelter_ids=ids,
        names=np.char.add("Shelter ", ids),
        kinds=np.full(SHELTERS, "basement"),
        lon=spots.lon,
        lat=spots.lat,
        capacity=capacity,
        zone_idx=np.full(SHELTERS, NO_INDEX, INDEX),
        is_withheld=np.zeros(SHELTERS, dtype=bool),
        entrances=entrances,
    )
