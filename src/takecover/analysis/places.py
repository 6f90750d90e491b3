"""Puts the rows of a shelter list onto the network, and keeps those that do not fit, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from takecover.analysis.parsed import NO, UNKNOWN, ParsedShelters
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
    """

    rows: int
    shelters: int
    unknown_step_free: int
    off_street: int
    places_off_street: int


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
    reasons[is_inside & (points.segment_idx == NO_INDEX)] = OFF_STREET
    kept = np.flatnonzero(reasons == "")
    kept = kept[np.argsort(rows.shelter_ids[kept], kind="stable")]
    return PlacedShelters(
        _shelters(rows, kept, points),
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


def _shelters(rows: ParsedShelters, kept: np.ndarray, points: EdgePoints) -> Shelters:
    ids = rows.shelter_ids[kept]
    entrances = Entrances(
        entrance_ids=np.array([f"{i}/1" for i in ids.tolist()], dtype=np.str_),
        shelter_idx=np.arange(len(kept), dtype=INDEX),
        lon=rows.lon[kept],
        lat=rows.lat[kept],
        snap=EdgePoints(points.segment_idx[kept], points.fraction[kept], points.offset_m[kept]),
        is_step_free=rows.step_free[kept] != NO,
        locks=np.full(len(kept), NOT_KNOWN),
        hall_idx=np.full(len(kept), NO_INDEX, INDEX),
    )
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
