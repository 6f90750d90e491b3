"""Makes the demand: people at points tied to the streets, or spread along them, in two mobility groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from takecover.analysis import spread
from takecover.analysis.order import spatial
from takecover.analysis.parsed import ParsedPeople, ParsedStreets
from takecover.analysis.places import OUTSIDE, Unplaced
from takecover.analysis.snap import snap
from takecover.analysis.streets import lengths
from takecover.analysis.swap import Box
from takecover.dtypes import INDEX, NO_INDEX
from takecover.errors import InputError
from takecover.model.demand import Demand, MobilityGroup
from takecover.model.network import EdgePoints, Network

GROUPS = (MobilityGroup("walking", False), MobilityGroup("step_free", True))
"""The two mobility groups of a built city."""

PERIODS = ("night",)
"""People are where they live."""


@dataclass(frozen=True, eq=False)
class PlacedPeople:
    """The demand, and rows that are no part of it.

    Attributes
    ----------
    demand
        Origins in spatial order, each with people. Those far from every street are in it: they reach nothing.
    unplaced
        Rows outside the area of the streets, in the order of the file.
    """

    demand: Demand
    unplaced: tuple[Unplaced, ...]


def spread_along(
    streets: ParsedStreets, network: Network, position: np.ndarray, people: int, step_free_share: float
) -> PlacedPeople:
    """Spread whole people along residential streets by length, one origin for at most 100 m.

    Parameters
    ----------
    streets, network, position
        The streets as parsed, as ordered, and the place of the one in the other.
    people
        People in all; the sum is exact.
    step_free_share
        Share of them who need a step-free way.

    Raises
    ------
    InputError
        If people are not above 0 or no street is residential.
    """
    if people <= 0:
        raise InputError(f"people: {people} is no number of people. Give above 0.")
    pieces = spread.pieces(streets, lengths(streets))
    if len(pieces) == 0:
        kinds = ", ".join(spread.RESIDENTIAL)
        raise InputError(
            f"people: no street is residential ({kinds}), so none can be spread along. "
            "Give people at points: FILE:column."
        )
    tail, head = streets.tail[pieces.segment_idx], streets.head[pieces.segment_idx]
    lon = streets.lon[tail] + pieces.fraction * (streets.lon[head] - streets.lon[tail])
    lat = streets.lat[tail] + pieces.fraction * (streets.lat[head] - streets.lat[tail])
    order = spatial(lon, lat, pieces.origin_ids)
    count = spread.along(pieces.length_m[order], people)
    order, count = order[count > 0], count[count > 0]
    segment_idx = position[pieces.segment_idx[order]].astype(INDEX)
    points = EdgePoints(segment_idx, pieces.fraction[order], np.zeros(len(order)))
    demand = _demand(pieces.origin_ids[order], lon[order], lat[order], points, count, step_free_share)
    return PlacedPeople(demand, ())


def place(
    rows: ParsedPeople, network: Network, area: Box, limit_m: float, step_free_share: float
) -> PlacedPeople:
    """Tie points with people to the streets; fractions become whole people, the sum is kept.

    Raises
    ------
    InputError
        If nobody is in the area of the streets.
    """
    is_inside = area.holds(rows.lon, rows.lat)
    kept = np.flatnonzero(is_inside)
    order = kept[spatial(rows.lon[kept], rows.lat[kept], rows.origin_ids[kept])]
    count = spread.whole(rows.people[order])
    order, count = order[count > 0], count[count > 0]
    if len(order) == 0:
        raise InputError(
            f"people: none of {len(rows)} rows has people in the area of the streets. Give the people of this city."
        )
    points = snap(network, rows.lon[order], rows.lat[order], limit_m)
    demand = _demand(rows.origin_ids[order], rows.lon[order], rows.lat[order], points, count, step_free_share)
    return PlacedPeople(demand, tuple(_unplaced(rows, int(i)) for i in np.flatnonzero(~is_inside)))


def _demand(
    ids: np.ndarray, lon: np.ndarray, lat: np.ndarray, points: EdgePoints, count: np.ndarray, share: float
) -> Demand:
    step_free = spread.part(count, share)
    return Demand(
        origin_ids=ids,
        lon=lon,
        lat=lat,
        snap=points,
        zone_idx=np.full(len(ids), NO_INDEX, INDEX),
        groups=GROUPS,
        periods=PERIODS,
        people=np.stack([count - step_free, step_free], axis=1)[np.newaxis],
    )


def _unplaced(rows: ParsedPeople, i: int) -> Unplaced:
    return Unplaced(
        "origin",
        str(rows.origin_ids[i]),
        "",
        float(rows.lon[i]),
        float(rows.lat[i]),
        round(float(rows.people[i])),
        int(rows.line[i]),
        OUTSIDE,
        "lies outside the area of the streets",
    )
