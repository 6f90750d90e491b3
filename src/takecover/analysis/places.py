"""Puts the rows of a shelter list onto the network, and keeps those that do not fit, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from takecover.analysis.parsed import NO, UNKNOWN, ParsedDoors, ParsedShelters
from takecover.analysis.snap import snap
from takecover.analysis.swap import Box
from takecover.dtypes import INDEX, NO_INDEX
from takecover.model.network import EdgePoints, Network
from takecover.model.shelters import UNKNOWN as NOT_KNOWN
from takecover.model.shelters import Entrances, Shelters

NO_POSITION, OUTSIDE, OFF_STREET = "no_position", "outside_area", "off_street"
"""Why a row is not in the city."""

_WORDS = {
    NO_POSITION: "has no position",
    OUTSIDE: "lies outside the area of the streets",
    OFF_STREET: "lies {offset:.0f} m from the nearest street",
}


class Unplaced(NamedTuple):
    """A row that is not in the city.

    Attributes
    ----------
    subject
        ``shelter`` or ``origin``.
    row_id, name
        Its id and name.
    lon, lat
        Its position [degree]; NaN where it has none.
    amount
        Its places or people.
    line
        Its line in the file, from 1.
    reason
        ``no_position``, ``outside_area`` or ``off_street``.
    detail
        The reason in words.
    """

    subject: str
    row_id: str
    name: str
    lon: float
    lat: float
    amount: int
    line: int
    reason: str
    detail: str


class PublicCounts(NamedTuple):
    """Rows of a shelter list that are not withheld from the public.

    Attributes
    ----------
    rows
        Rows of the list.
    shelters, unknown_step_free
        Shelters placed, and those of them of which the list says not whether a wheelchair gets in.
    off_street, places_off_street
        Shelters too far from every street, and their places.
    has_doors
        True where the list gives entrances of one of them.
    """

    rows: int
    shelters: int
    unknown_step_free: int
    off_street: int
    places_off_street: int
    has_doors: bool


@dataclass(frozen=True, eq=False)
class PlacedShelters:
    """Shelters on the network, and rows that are not.

    Attributes
    ----------
    shelters
        Shelters by id, each with one entrance at its own point.
    unplaced
        The other rows, in the order of the file.
    unknown_step_free
        Shelters of which the list says not whether a wheelchair gets in; taken as yes.
    in_public
        The same counts of those that the public may be shown; only these may stand in a notice.
    """

    shelters: Shelters
    unplaced: tuple[Unplaced, ...]
    unknown_step_free: int
    in_public: PublicCounts


def place(rows: ParsedShelters, network: Network, area: Box, limit_m: float) -> PlacedShelters:
    """Tie shelters to the streets.

    Parameters
    ----------
    rows
        The list, with longitude and latitude the right way round.
    network
        The streets.
    area
        Where the city is; rows outside are of other places.
    limit_m
        Farthest from a street [m].
    """
    reasons = np.full(len(rows), "", dtype="<U16")
    has_position = np.isfinite(rows.lon) & np.isfinite(rows.lat)
    is_inside = area.holds(rows.lon, rows.lat)
    reasons[~is_inside] = OUTSIDE
    reasons[~has_position] = NO_POSITION
    points = _snap_some(network, rows.lon, rows.lat, is_inside, limit_m)
    doors = _doors(rows, network, area, limit_m)
    is_reached = points.segment_idx != NO_INDEX
    is_reached[doors.row_idx] = True
    reasons[is_inside & ~is_reached] = OFF_STREET
    kept = np.flatnonzero(reasons == "")
    kept = kept[np.argsort(rows.shelter_ids[kept], kind="stable")]
    return PlacedShelters(
        _shelters(rows, kept, points, doors),
        tuple(
            _unplaced(rows, int(i), str(reasons[i]), points.offset_m[i])
            for i in np.flatnonzero(reasons != "")
        ),
        int((rows.step_free[kept] == UNKNOWN).sum()),
        _in_public(rows, reasons),
    )


def _in_public(rows: ParsedShelters, reasons: np.ndarray) -> PublicCounts:
    is_public = ~rows.is_withheld
    is_placed, is_off = is_public & (reasons == ""), is_public & (reasons == OFF_STREET)
    return PublicCounts(
        rows=int(is_public.sum()),
        shelters=int(is_placed.sum()),
        unknown_step_free=int((is_placed & (rows.step_free == UNKNOWN)).sum()),
        off_street=int(is_off.sum()),
        places_off_street=int(rows.capacity[is_off].sum()),
        has_doors=rows.doors is not None and bool(is_public[rows.doors.row_idx].any()),
    )


def _snap_some(
    network: Network, lon: np.ndarray, lat: np.ndarray, is_wanted: np.ndarray, limit_m: float
) -> EdgePoints:
    """Tie some of the points; the others to none."""
    some = snap(network, lon[is_wanted], lat[is_wanted], limit_m)
    points = EdgePoints(np.full(len(lon), NO_INDEX, INDEX), np.zeros(len(lon)), np.full(len(lon), np.inf))
    points.segment_idx[is_wanted] = some.segment_idx
    points.fraction[is_wanted] = some.fraction
    points.offset_m[is_wanted] = some.offset_m
    return points


class _Doors(NamedTuple):
    """Known entrances within reach of a street."""

    row_idx: np.ndarray
    ids: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    snap: EdgePoints
    is_step_free: np.ndarray


def _doors(rows: ParsedShelters, network: Network, area: Box, limit_m: float) -> _Doors:
    known = rows.doors
    if known is None:
        known = ParsedDoors(
            np.zeros(0, np.str_), np.zeros(0, np.int64), np.zeros(0), np.zeros(0), np.zeros(0, np.int8)
        )
    points = _snap_some(network, known.lon, known.lat, area.holds(known.lon, known.lat), limit_m)
    near = np.flatnonzero(points.segment_idx != NO_INDEX)
    return _Doors(
        known.row_idx[near],
        known.door_ids[near],
        known.lon[near],
        known.lat[near],
        EdgePoints(points.segment_idx[near], points.fraction[near], points.offset_m[near]),
        known.step_free[near] != NO,
    )


def _entrances(rows: ParsedShelters, kept: np.ndarray, points: EdgePoints, doors: _Doors) -> Entrances:
    """The known doors of each shelter, or one at its own point, by shelter and id."""
    place = np.full(len(rows), NO_INDEX, np.int64)
    place[kept] = np.arange(len(kept))
    own = kept[~np.isin(kept, doors.row_idx)]
    used = np.flatnonzero(place[doors.row_idx] != NO_INDEX)
    shelter_idx = np.concatenate([place[own], place[doors.row_idx[used]]]).astype(INDEX)
    ids = np.array(
        [*(f"{i}/1" for i in rows.shelter_ids[own].tolist()), *doors.ids[used].tolist()], dtype=np.str_
    )
    order = np.lexsort((ids, shelter_idx))

    def both(one: np.ndarray, other: np.ndarray) -> np.ndarray:
        return np.concatenate([one[own], other[used]])[order]

    snap = doors.snap
    return Entrances(
        entrance_ids=ids[order],
        shelter_idx=shelter_idx[order],
        lon=both(rows.lon, doors.lon),
        lat=both(rows.lat, doors.lat),
        snap=EdgePoints(
            both(points.segment_idx, snap.segment_idx),
            both(points.fraction, snap.fraction),
            both(points.offset_m, snap.offset_m),
        ),
        is_step_free=both(rows.step_free != NO, doors.is_step_free),
        locks=np.full(len(ids), NOT_KNOWN),
        hall_idx=np.full(len(ids), NO_INDEX, INDEX),
    )


def _shelters(rows: ParsedShelters, kept: np.ndarray, points: EdgePoints, doors: _Doors) -> Shelters:
    ids = rows.shelter_ids[kept]
    entrances = _entrances(rows, kept, points, doors)
    return Shelters(
        shelter_ids=ids,
        names=rows.names[kept],
        kinds=rows.kinds[kept],
        lon=rows.lon[kept],
        lat=rows.lat[kept],
        capacity=rows.capacity[kept],
        zone_idx=np.full(len(kept), NO_INDEX, INDEX),
        is_withheld=rows.is_withheld[kept],
        entrances=entrances,
    )


def _unplaced(rows: ParsedShelters, i: int, reason: str, offset_m: float) -> Unplaced:
    return Unplaced(
        "shelter",
        str(rows.shelter_ids[i]),
        str(rows.names[i]),
        float(rows.lon[i]),
        float(rows.lat[i]),
        int(rows.capacity[i]),
        int(rows.line[i]),
        reason,
        _WORDS[reason].format(offset=offset_m),
    )
