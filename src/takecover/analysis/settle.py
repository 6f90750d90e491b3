"""Settles people of one period: points as they are, numbers and areas over houses or along streets, all whole.

What comes in is what goes out, to the person: each is at an origin or in a row that is listed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import shapely

from takecover.analysis import ages as ages_of
from takecover.analysis import polygons, spread
from takecover.analysis.order import spatial
from takecover.analysis.parsed import ParsedAreas, ParsedHouses, ParsedPeople, ParsedStreets, PeriodPeople
from takecover.analysis.places import OUTSIDE, Unplaced
from takecover.analysis.snap import snap
from takecover.analysis.streets import lengths
from takecover.analysis.swap import Box
from takecover.dtypes import COUNT, INDEX, NO_INDEX
from takecover.errors import InputError
from takecover.model.ages import AgeClass
from takecover.model.network import EdgePoints, Network


@dataclass(frozen=True, eq=False)
class Ground:
    """What people are settled on.

    Attributes
    ----------
    streets, network, position
        The streets as parsed, as ordered, and the place of the one in the other.
    area
        Where the city is; rows outside are of other places.
    limit_m
        Farthest from a street [m].
    """

    streets: ParsedStreets
    network: Network
    position: np.ndarray
    area: Box
    limit_m: float


@dataclass(frozen=True, eq=False)
class Settled:
    """People at origins, in spatial order, each with a person at least.

    Attributes
    ----------
    origin_ids, lon, lat, snap
        As in `model.demand.Demand`.
    people
        Whole people, shape (n,) int64.
    ages, age_classes
        People by class of age, shape (n, a) int64, and the classes.
    unplaced
        Rows outside the area of the streets, in the order of the file.
    counts
        What was seen on the way, by name.
    """

    origin_ids: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    snap: EdgePoints
    people: np.ndarray
    ages: np.ndarray
    age_classes: tuple[AgeClass, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class _Sites:
    """Places where people may be, with a weight; `segment_idx` is -1 where a site is still to be tied to a street."""

    ids: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    weight: np.ndarray
    segment_idx: np.ndarray
    fraction: np.ndarray

    def some(self, rows: np.ndarray) -> _Sites:
        return _Sites(*(values[rows] for values in vars(self).values()))


def settle(known: PeriodPeople, ground: Ground) -> Settled:
    """Settle the people of a period.

    Parameters
    ----------
    known
        What is known of them; districts by name have their outlines by now.
    ground
        What they are settled on.

    Raises
    ------
    InputError
        If nobody is in the area of the streets, or there is nothing to spread a number along.
    """
    if isinstance(known.totals, int):
        return _spread_number(known.totals, _tiers(known.houses, ground)[0], ground)
    if isinstance(known.totals, ParsedAreas):
        return _spread_areas(known.totals, known.houses, ground)
    if isinstance(known.houses, ParsedPeople):
        return _at_points(known.houses, ground)
    raise InputError(
        f"people by {known.period}: houses by size and no number of people. Give N people as well."
    )


def _at_points(rows: ParsedPeople, ground: Ground) -> Settled:
    """Points with people; fractions become whole people along the Hilbert curve."""
    order = spatial(rows.lon, rows.lat, rows.origin_ids)
    count = np.zeros(len(rows), COUNT)
    count[order] = spread.whole(rows.people[order])
    is_inside = ground.area.holds(rows.lon, rows.lat)
    kept = order[is_inside[order] & (count[order] > 0)]
    if len(kept) == 0:
        raise InputError(
            f"people: none of {len(rows)} rows has people in the area of the streets. Give the people of this city."
        )
    unplaced = tuple(
        _outside(rows.origin_ids[i], rows.lon[i], rows.lat[i], count[i], rows.line[i], 1.0)
        for i in np.flatnonzero(~is_inside)
    )
    points = snap(ground.network, rows.lon[kept], rows.lat[kept], ground.limit_m)
    none = np.zeros((len(kept), 0), COUNT)
    return Settled(
        rows.origin_ids[kept], rows.lon[kept], rows.lat[kept], points, count[kept], none, (), unplaced
    )


def _spread_number(people: int, sites: _Sites, ground: Ground) -> Settled:
    """A number shared out to sites by weight."""
    if people <= 0:
        raise InputError(f"people: {people} is no number of people. Give above 0.")
    if not (sites.weight > 0).any():
        kinds = ", ".join(spread.RESIDENTIAL)
        raise InputError(
            f"people: no street is residential ({kinds}) and no house is in their area, so none can be spread along. "
            "Give people at points: FILE:column."
        )
    sites = sites.some(spatial(sites.lon, sites.lat, sites.ids))
    count = spread.along(sites.weight, people)
    return _settled(sites, count, np.zeros((len(count), 0), COUNT), ground)


def _spread_areas(areas: ParsedAreas, houses: ParsedPeople | ParsedHouses | None, ground: Ground) -> Settled:
    """People of areas shared out to what stands in each."""
    tiers = _tiers(houses, ground)
    middle = shapely.get_coordinates(shapely.point_on_surface(areas.shapes))
    order = spatial(middle[:, 0], middle[:, 1], areas.area_ids)
    total = np.zeros(len(areas), COUNT)
    total[order] = spread.whole(areas.people[order])
    share = _inside_share(areas, middle, houses, ground.area)
    inside = np.rint(total * share).astype(COUNT)
    if not inside.any():
        raise InputError(
            f"people: none of {len(areas)} areas has people in the area of the streets. Give the people of this city."
        )
    sites, owner, counts = _sites_of(areas, tiers, inside, share, ground.area)
    if houses is not None:
        is_outside = polygons.locate(areas.shapes, tiers[0].lon, tiers[0].lat) == NO_INDEX
        counts["houses_in_no_area"] = int(is_outside.sum())
    count = spread.among(sites.weight, owner, inside)
    by_class = ages_of.of_origins(count, owner, ages_of.of_areas(inside, areas.ages))
    unplaced = tuple(
        _outside(
            areas.area_ids[i], middle[i, 0], middle[i, 1], total[i] - inside[i], areas.line[i], 1 - share[i]
        )
        for i in np.flatnonzero(total > inside)
    )
    return _settled(sites, count, by_class, ground, areas.age_classes, unplaced, counts)


def _inside_share(
    areas: ParsedAreas, middle: np.ndarray, houses: ParsedPeople | ParsedHouses | None, box: Box
) -> np.ndarray:
    """Share of the people of each area who are in the area of the streets: by houses where known, else by ground."""
    is_middle_inside = box.holds(middle[:, 0], middle[:, 1])
    if areas.is_cell:
        return is_middle_inside.astype(np.float64)
    inner = shapely.intersection(areas.shapes, shapely.box(box.west, box.south, box.east, box.north))
    size = shapely.area(areas.shapes)
    share = np.divide(shapely.area(inner), size, out=np.zeros(len(size)), where=size > 0)
    share[share > 1 - 1e-9] = 1.0
    if houses is None:
        return np.asarray(share)
    weight = _weight(houses)
    owner = polygons.locate(areas.shapes, houses.lon, houses.lat)
    is_in = owner >= 0
    is_both = is_in & box.holds(houses.lon, houses.lat)
    whole = np.bincount(owner[is_in], weight[is_in], minlength=len(areas))
    part = np.bincount(owner[is_both], weight[is_both], minlength=len(areas))
    return np.asarray(np.divide(part, whole, out=share, where=whole > 0))


def _sites_of(
    areas: ParsedAreas, tiers: tuple[_Sites, ...], inside: np.ndarray, share: np.ndarray, box: Box
) -> tuple[_Sites, np.ndarray, dict[str, int]]:
    """Sites of each area with people: of the first tier that has any there, else its own middle."""
    is_open = inside > 0
    found: list[_Sites] = []
    owners: list[np.ndarray] = []
    for tier in tiers:
        owner = polygons.locate(areas.shapes, tier.lon, tier.lat)
        rows = np.flatnonzero((owner != NO_INDEX) & (tier.weight > 0))
        rows = rows[is_open[owner[rows]]]
        found.append(tier.some(rows))
        owners.append(owner[rows])
        is_open[owner[rows]] = False
    bare = np.flatnonzero(is_open)
    found.append(_middles(areas, bare, share, box))
    owners.append(bare)
    sites = _Sites(*(np.concatenate([getattr(s, name) for s in found]) for name in vars(found[0])))
    owner = np.concatenate(owners)
    order = spatial(sites.lon, sites.lat, sites.ids)
    order = order[np.argsort(owner[order], kind="stable")]
    counts = {
        "areas": len(areas),
        "areas_with_people": int((inside > 0).sum()),
        "areas_without_sites": len(bare),
        "people_at_middles": int(inside[bare].sum()),
        "areas_cut": int(((share > 0) & (share < 1)).sum()),
    }
    return sites.some(order), owner[order], counts


def _middles(areas: ParsedAreas, rows: np.ndarray, share: np.ndarray, box: Box) -> _Sites:
    """A point inside each of some areas, within the box where the edge cuts the area."""
    shapes = areas.shapes[rows]
    is_cut = share[rows] < 1
    shapes[is_cut] = shapely.intersection(
        shapes[is_cut], shapely.box(box.west, box.south, box.east, box.north)
    )
    points = shapely.get_coordinates(shapely.point_on_surface(shapes))
    ids = np.array([f"area-{i}" for i in areas.area_ids[rows].tolist()], dtype=np.str_)
    return _untied(ids, points[:, 0], points[:, 1], np.ones(len(rows)))


def _tiers(houses: ParsedPeople | ParsedHouses | None, ground: Ground) -> tuple[_Sites, ...]:
    """Where people may be, the best first: houses, or residential streets and then other streets."""
    if houses is not None:
        kept = np.flatnonzero(ground.area.holds(houses.lon, houses.lat))
        ids = houses.origin_ids if isinstance(houses, ParsedPeople) else houses.house_ids
        return (_untied(ids[kept], houses.lon[kept], houses.lat[kept], _weight(houses)[kept]),)
    return _pieces(ground, residential=True), _pieces(ground, residential=False)


def _weight(houses: ParsedPeople | ParsedHouses) -> np.ndarray:
    return houses.people if isinstance(houses, ParsedPeople) else houses.floor_area_m2


def _pieces(ground: Ground, *, residential: bool) -> _Sites:
    streets = ground.streets
    pieces = spread.pieces(streets, lengths(streets), residential=residential)
    tail, head = streets.tail[pieces.segment_idx], streets.head[pieces.segment_idx]
    return _Sites(
        pieces.origin_ids,
        streets.lon[tail] + pieces.fraction * (streets.lon[head] - streets.lon[tail]),
        streets.lat[tail] + pieces.fraction * (streets.lat[head] - streets.lat[tail]),
        pieces.length_m,
        ground.position[pieces.segment_idx].astype(np.int64),
        pieces.fraction,
    )


def _untied(ids: np.ndarray, lon: np.ndarray, lat: np.ndarray, weight: np.ndarray) -> _Sites:
    return _Sites(ids, lon, lat, weight, np.full(len(ids), NO_INDEX, np.int64), np.zeros(len(ids)))


def _settled(
    sites: _Sites,
    count: np.ndarray,
    by_class: np.ndarray,
    ground: Ground,
    age_classes: tuple[AgeClass, ...] = (),
    unplaced: tuple[Unplaced, ...] = (),
    counts: Mapping[str, int] | None = None,
) -> Settled:
    """The sites with people, tied to the streets, in spatial order."""
    kept = spatial(sites.lon, sites.lat, sites.ids)
    kept = kept[count[kept] > 0]
    sites = sites.some(kept)
    loose = np.flatnonzero(sites.segment_idx == NO_INDEX)
    tied = snap(ground.network, sites.lon[loose], sites.lat[loose], ground.limit_m)
    segment_idx, fraction, offset_m = sites.segment_idx.astype(INDEX), sites.fraction, np.zeros(len(kept))
    segment_idx[loose], fraction[loose], offset_m[loose] = tied.segment_idx, tied.fraction, tied.offset_m
    points = EdgePoints(segment_idx, fraction, offset_m)
    return Settled(
        sites.ids,
        sites.lon,
        sites.lat,
        points,
        count[kept],
        by_class[kept],
        age_classes,
        unplaced,
        counts or {},
    )


def _outside(row_id: str, lon: float, lat: float, people: int, line: int, share: float) -> Unplaced:
    """A row, or the part of an area, outside the area of the streets."""
    words = "lies outside the area of the streets"
    if share < 1:
        words = f"{share:.0%} of it lies outside the area of the streets"
    return Unplaced("origin", str(row_id), "", float(lon), float(lat), int(people), int(line), OUTSIDE, words)
