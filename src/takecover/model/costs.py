"""Who can reach which shelter by which door, and how long it takes: a sparse table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from takecover.dtypes import INDEX


@dataclass(frozen=True, eq=False)
class Costs:
    """Walk times of r rows (an origin and a group) to shelters; what is not stored is out of reach.

    One entry per row and shelter, by its nearest door (ties: the lowest entrance id), or one per row and entrance.
    Rows stand group by group, each in spatial order; the entries of a row ascend by (walk_time_ds, shelter_idx),
    or by (walk_time_ds, entrance_idx) in a table by entrance.

    Attributes
    ----------
    origin_idx, group_idx
        What each row stands for, shape (r,) int32.
    indptr
        Where the entries of each row begin, shape (r + 1,) int32.
    shelter_idx, entrance_idx
        Where each entry leads, shape (a,) int32.
    walk_time_ds
        Walk [ds], rounded up, 0 or more and at most the limit, shape (a,) int32.
    time_limit_ds
        Limit of the table [ds].
    is_per_entrance
        True where every entrance within the limit has an entry, not each shelter's nearest alone.
    """

    origin_idx: np.ndarray
    group_idx: np.ndarray
    indptr: np.ndarray
    shelter_idx: np.ndarray
    entrance_idx: np.ndarray
    walk_time_ds: np.ndarray
    time_limit_ds: int
    is_per_entrance: bool = False

    @property
    def row_count(self) -> int:
        """Number of rows."""
        return len(self.origin_idx)

    @cached_property
    def row_idx(self) -> np.ndarray:
        """Row of each entry, shape (a,) int32; asked for by every crowd, so it is kept."""
        return np.repeat(np.arange(self.row_count, dtype=INDEX), np.diff(self.indptr))

    def keep(self, is_kept: np.ndarray, time_limit_ds: int | None = None) -> Costs:
        """The same table with some entries only.

        Parameters
        ----------
        is_kept
            Mask over the entries, shape (a,) bool.
        time_limit_ds
            New limit of the table [ds]; the old one where not given.
        """
        ends = np.concatenate([[0], np.cumsum(is_kept)])[self.indptr]
        return Costs(
            self.origin_idx,
            self.group_idx,
            ends.astype(INDEX),
            self.shelter_idx[is_kept],
            self.entrance_idx[is_kept],
            self.walk_time_ds[is_kept],
            self.time_limit_ds if time_limit_ds is None else time_limit_ds,
            self.is_per_entrance,
        )

    def within(self, time_limit_ds: int) -> Costs:
        """The same table for a shorter limit [ds]."""
        if time_limit_ds >= self.time_limit_ds:
            return self
        return self.keep(self.walk_time_ds <= time_limit_ds, time_limit_ds)
