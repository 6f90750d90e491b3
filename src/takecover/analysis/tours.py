"""Where a batch goes on to when it is turned away, and where it goes on to from there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from takecover.dtypes import INDEX, TIME_DS
from takecover.kernels.tours import tours as walk
from takecover.model.doorways import Doorways
from takecover.model.hops import Hops
from takecover.model.timeline import Batches


@dataclass(frozen=True, eq=False)
class Tours:
    """Stops of every tour, one after the other, and where the tour of each batch begins and ends in them.

    Attributes
    ----------
    entrance_idx
        Door of each stop, shape (n,) int32.
    leg_ds
        Walk from the stop before [ds], 0 at the first of a tour, shape (n,) int32.
    first, end
        First stop of each batch and the stop after its last, shape (b,) int32 both.
    """

    entrance_idx: np.ndarray
    leg_ds: np.ndarray
    first: np.ndarray
    end: np.ndarray


def tours(batches: Batches, doorways: Doorways, hops_by_group: Sequence[Hops], horizon_ds: int) -> Tours:
    """Walk the tour from every door that a batch sets out for, group by group.

    Where people go next hangs only on the door where they began, not on the others nor on when they are turned away;
    so batches that set out for one door share a tour.

    Parameters
    ----------
    batches
        Who sets out.
    doorways
        Doors; a shut one rules out itself only, an open one its whole shelter.
    hops_by_group
        Walks from each door to other doors, one table for each mobility group.
    horizon_ds
        No tour is followed beyond this [ds].

    Returns
    -------
    Tours
        Stops in the order of trying them.
    """
    first, end = np.zeros((2, len(batches)), INDEX)
    columns: list[tuple[np.ndarray, np.ndarray]] = [(np.zeros(0, INDEX), np.zeros(0, TIME_DS))]
    stop_count = 0
    is_mover = (batches.people > 0) & (batches.time_ds <= horizon_ds)
    for group, hops in enumerate(hops_by_group):
        movers = np.flatnonzero(is_mover & (batches.group_idx == group))
        earliest_ds = np.full(len(doorways), horizon_ds + 1, np.int64)
        np.minimum.at(earliest_ds, batches.entrance_idx[movers], batches.time_ds[movers])
        starts = np.flatnonzero(earliest_ds <= horizon_ds).astype(INDEX)
        indptr, *stops = _walk(starts, horizon_ds - earliest_ds[starts], doorways, hops)
        tour = np.searchsorted(starts, batches.entrance_idx[movers])
        first[movers] = stop_count + indptr[tour]
        end[movers] = stop_count + indptr[tour + 1]
        columns.append((stops[0], stops[1]))
        stop_count += int(indptr[-1])
    entrance_idx, leg_ds = (np.concatenate(column) for column in zip(*columns, strict=True))
    return Tours(entrance_idx, leg_ds, first, end)


def _walk(
    starts: np.ndarray, room_ds: np.ndarray, doorways: Doorways, hops: Hops
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Stops of the tours from some doors, in compressed rows: counted first, so that no array ever grows."""
    indptr = np.zeros(len(starts) + 1, np.int64)
    last_shelter = np.full(int(doorways.shelter_idx.max(initial=-1)) + 1, -1, np.int64)
    last_door = np.full(len(doorways), -1, np.int64)
    stop_count = 0
    for first_tour in (0, len(starts)):
        stops = np.empty(stop_count, INDEX), np.empty(stop_count, TIME_DS)
        walk(
            starts,
            room_ds,
            doorways.shelter_idx,
            doorways.is_shut,
            hops.indptr,
            hops.entrance_idx,
            hops.walk_time_ds,
            last_shelter,
            last_door,
            first_tour,
            indptr,
            *stops,
        )
        stop_count = int(indptr[-1])
    return indptr, *stops
