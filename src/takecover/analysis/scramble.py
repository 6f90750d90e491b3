"""What happens with no plan: everyone runs to the nearest shelter, is turned away where it is full, and runs on.

The yardstick of every plan; it decides nothing and is no forecast of how people behave.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from takecover.analysis.tally import tally
from takecover.dtypes import COUNT, INDEX, TIME_DS
from takecover.errors import InternalError
from takecover.kernels import scramble as kernel
from takecover.model.costs import Costs
from takecover.model.hops import Hops


@dataclass(frozen=True, eq=False)
class Scramble:
    """Who got under cover where and when, and who was turned away.

    Attributes
    ----------
    row_idx, shelter_idx, entrance_idx
        Row of the cost table, shelter and door of each party that got in, in the order of (time_ds, row_idx),
        shape (k,) int32. A party that is split where a shelter fills up is listed once for each part.
    people
        People of each, above 0, shape (k,) int64.
    time_ds
        From the siren to the door [ds], shape (k,) int32.
    load
        People in each shelter at the horizon, shape (s,) int64.
    unserved
        People of each row still outside at the horizon, shape (r,) int64.
    turned_away
        People turned away at each shelter up to `time_limit_ds`, each once a shelter, shape (s,) int64.
    met_full
        People of each row turned away at least once up to `time_limit_ds`, shape (r,) int64.
    horizon_ds
        Where the scramble ends [ds].
    time_limit_ds
        Up to when the turned away are counted [ds].
    """

    row_idx: np.ndarray
    shelter_idx: np.ndarray
    entrance_idx: np.ndarray
    people: np.ndarray
    time_ds: np.ndarray
    load: np.ndarray
    unserved: np.ndarray
    turned_away: np.ndarray
    met_full: np.ndarray
    horizon_ds: int
    time_limit_ds: int


@dataclass(frozen=True, eq=False)
class _Tours:
    """Stops of every tour, one after the other, and where the tour of each row begins and ends in them."""

    shelter_idx: np.ndarray
    entrance_idx: np.ndarray
    time_ds: np.ndarray
    first_stop: np.ndarray
    stop_end: np.ndarray


def scramble(
    costs: Costs,
    hops_by_group: Sequence[Hops],
    people: np.ndarray,
    capacity: np.ndarray,
    horizon_ds: int,
    time_limit_ds: int | None = None,
) -> Scramble:
    """Let everyone run to the nearest shelter of their row, and on to the next nearest wherever it is full.

    Parties leave at the siren. On arrival as many get in as there are places; the rest walk from that door to the
    nearest shelter that they have not yet been to, until under cover, or until the next arrival would lie beyond
    the horizon. Nobody knows of a full shelter before standing at it. The same input gives the same bits.

    Parameters
    ----------
    costs
        Who can reach which shelter; only the first entry of each row counts.
    hops_by_group
        Walks from each door to the other shelters, one table for each mobility group.
    people
        People of each row, shape (r,) int64.
    capacity
        Places of each shelter, shape (s,) int64.
    horizon_ds
        Nobody arrives after this [ds].
    time_limit_ds
        Up to when to count the turned away [ds]; the horizon where not given.

    Returns
    -------
    Scramble
        Arrivals in their order, loads, and who is left outside.

    Raises
    ------
    InternalError
        If a table ends before the horizon, so that walks within it would be missed.

    Notes
    -----
    Arrivals at the same time are taken in the order of the rows: by group, then in space. Where a party goes next
    hangs only on the door where it began, so the tour from each such door is walked once, whoever follows it; then
    one heap of arrivals with at most one for each row. A door where nobody begins costs nothing. Time grows with the
    arrivals and the logarithm of the rows; memory with rows, shelters and the stops of tours up to the horizon.
    """
    for limit_ds in (costs.time_limit_ds, *(hops.time_limit_ds for hops in hops_by_group)):
        if limit_ds < horizon_ds:
            raise InternalError(
                f"scramble: a table of walks ends at {limit_ds} ds, before the horizon of {horizon_ds} ds."
            )
    lengths = np.diff(costs.indptr)
    movers = np.flatnonzero((lengths > 0) & (people > 0))
    movers = movers[costs.walk_time_ds[costs.indptr[movers]] <= horizon_ds]
    start_ds = np.zeros(costs.row_count, np.int64)
    start_ds[movers] = costs.walk_time_ds[costs.indptr[movers]]
    tours = _tours(costs, hops_by_group, movers, start_ds, len(capacity), horizon_ds)
    counted_ds = horizon_ds if time_limit_ds is None else time_limit_ds
    waiting, free = people.astype(COUNT), capacity.astype(COUNT)
    turned_away, met_full = np.zeros(len(capacity), COUNT), np.zeros(costs.row_count, COUNT)
    most = len(movers) + len(capacity)  # a party that gets in is whole, or fills a shelter
    in_row, in_stop, in_people, in_time_ds = (np.empty(most, np.int64) for _ in range(4))
    found = kernel.arrivals(
        np.sort((start_ds[movers] << kernel.ROW_BITS) | movers),
        start_ds,
        tours.first_stop,
        tours.stop_end,
        tours.shelter_idx,
        tours.time_ds,
        horizon_ds,
        counted_ds,
        free,
        waiting,
        turned_away,
        met_full,
        in_row,
        in_stop,
        in_people,
        in_time_ds,
    )
    stops = in_stop[:found]
    shelter_idx = tours.shelter_idx[stops]
    return Scramble(
        row_idx=in_row[:found].astype(INDEX),
        shelter_idx=shelter_idx,
        entrance_idx=tours.entrance_idx[stops],
        people=in_people[:found].copy(),
        time_ds=in_time_ds[:found].astype(TIME_DS),
        load=tally(shelter_idx, in_people[:found], len(capacity)),
        unserved=waiting,
        turned_away=turned_away,
        met_full=met_full,
        horizon_ds=horizon_ds,
        time_limit_ds=counted_ds,
    )


def _tours(
    costs: Costs,
    hops_by_group: Sequence[Hops],
    movers: np.ndarray,
    start_ds: np.ndarray,
    shelter_count: int,
    horizon_ds: int,
) -> _Tours:
    """Walk the tour from every door where a party begins, group by group."""
    first_stop, stop_end = np.zeros((2, costs.row_count), np.int64)
    first_entry = costs.indptr[movers]
    group_idx = costs.group_idx[movers]
    columns: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    stop_count = 0
    for group, hops in enumerate(hops_by_group):
        is_in = group_idx == group
        rows, entries = movers[is_in], first_entry[is_in]
        doors, at, tour = np.unique(costs.entrance_idx[entries], return_index=True, return_inverse=True)
        earliest_ds = np.full(len(doors), horizon_ds, np.int64)
        np.minimum.at(earliest_ds, tour, start_ds[rows])
        indptr, *stops = _walk(
            costs.shelter_idx[entries[at]], doors, horizon_ds - earliest_ds, hops, shelter_count
        )
        columns.append((stops[0], stops[1], stops[2]))
        first_stop[rows] = stop_count + indptr[tour]
        stop_end[rows] = stop_count + indptr[tour + 1]
        stop_count += int(indptr[-1])
    shelter_idx, entrance_idx, time_ds = (np.concatenate(column) for column in zip(*columns, strict=True))
    return _Tours(shelter_idx, entrance_idx, time_ds, first_stop, stop_end)


def _walk(
    shelter_idx: np.ndarray, entrance_idx: np.ndarray, room_ds: np.ndarray, hops: Hops, shelter_count: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Stops of the tours from some doors, in compressed rows: counted first, so that no array ever grows."""
    indptr = np.zeros(len(entrance_idx) + 1, np.int64)
    last_tour = np.full(shelter_count, -1, np.int64)
    stop_count = 0
    for first_tour in (0, len(entrance_idx)):
        stops = np.empty(stop_count, INDEX), np.empty(stop_count, INDEX), np.empty(stop_count, np.int64)
        kernel.tours(
            shelter_idx,
            entrance_idx,
            room_ds,
            hops.indptr,
            hops.shelter_idx,
            hops.entrance_idx,
            hops.walk_time_ds,
            last_tour,
            first_tour,
            indptr,
            *stops,
        )
        stop_count = int(indptr[-1])
    return indptr, *stops
