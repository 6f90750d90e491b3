"""Makes the demand: people settled in each period, joined into one table of origins, in two mobility groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from takecover.analysis import spread
from takecover.analysis.order import spatial
from takecover.analysis.places import Unplaced
from takecover.analysis.settle import Settled
from takecover.dtypes import COUNT, INDEX, NO_INDEX
from takecover.model.ages import Ages
from takecover.model.demand import Demand, MobilityGroup
from takecover.model.network import EdgePoints

GROUPS = (MobilityGroup("walking", False), MobilityGroup("step_free", True))
"""The two mobility groups of a built city."""

PERIODS = ("night",)
"""The period of people of whom nothing else is said: they are where they live."""


@dataclass(frozen=True, eq=False)
class PlacedPeople:
    """The demand, and rows that are no part of it.

    Attributes
    ----------
    demand
        Origins in spatial order, each with people in some period. Those far from every street are in it: they reach
        nothing.
    ages
        People by class of age in the first period; None where its source says nothing of age.
    unplaced
        Rows outside the area of the streets, in the order of the files.
    counts
        What was seen on the way, by name.
    """

    demand: Demand
    ages: Ages | None
    unplaced: tuple[Unplaced, ...]
    counts: Mapping[str, int]


def join(periods: Sequence[str], settled: Sequence[Settled], step_free_share: float) -> PlacedPeople:
    """Join the people of each period into one demand.

    An origin of two periods is one where id and place are the same. Where a place differs under one id, the later
    period's origin is told apart by the period's name.

    Parameters
    ----------
    periods
        Names of the periods.
    settled
        The people of each.
    step_free_share
        Share of them who need a step-free way.
    """
    row_of: dict[tuple[str, float, float], int] = {}
    taken: dict[str, int] = {}
    ids: list[str] = []
    rows = []
    for period, part in zip(periods, settled, strict=True):
        at = np.empty(len(part.origin_ids), np.int64)
        keys = zip(part.origin_ids.tolist(), part.lon.tolist(), part.lat.tolist(), strict=True)
        for k, key in enumerate(keys):
            if key not in row_of:
                row_of[key] = len(ids)
                ids.append(key[0] if key[0] not in taken else f"{key[0]}-{period}")
                taken[key[0]] = row_of[key]
            at[k] = row_of[key]
        rows.append(at)
    return _joined(periods, settled, step_free_share, np.array(ids, dtype=np.str_), rows)


def _joined(
    periods: Sequence[str], settled: Sequence[Settled], share: float, ids: np.ndarray, rows: list[np.ndarray]
) -> PlacedPeople:
    """The demand of origins and of the rows that each period has among them."""
    count = len(ids)
    lon, lat, fraction, offset_m = (np.zeros(count) for _ in range(4))
    segment_idx = np.full(count, NO_INDEX, INDEX)
    people = np.zeros((len(periods), count), COUNT)
    for p, (part, at) in enumerate(zip(settled, rows, strict=True)):
        lon[at], lat[at] = part.lon, part.lat
        segment_idx[at], fraction[at], offset_m[at] = (
            part.snap.segment_idx,
            part.snap.fraction,
            part.snap.offset_m,
        )
        people[p, at] = part.people
    by_class = np.zeros((count, len(settled[0].age_classes)), COUNT)
    by_class[rows[0]] = settled[0].ages
    order = spatial(lon, lat, ids)
    step_free = np.stack([spread.part(row[order], share) for row in people])
    demand = Demand(
        origin_ids=ids[order],
        lon=lon[order],
        lat=lat[order],
        snap=EdgePoints(segment_idx[order], fraction[order], offset_m[order]),
        zone_idx=np.full(count, NO_INDEX, INDEX),
        groups=GROUPS,
        periods=tuple(periods),
        people=np.stack([people[:, order] - step_free, step_free], axis=2),
    )
    ages = Ages(settled[0].age_classes, by_class[order]) if by_class.any() else None
    counts: dict[str, int] = {}
    for part in settled:
        for name, number in part.counts.items():
            counts[name] = counts.get(name, 0) + number
    return PlacedPeople(demand, ages, tuple(row for part in settled for row in part.unplaced), counts)
