"""Who turns up at a full shelter, and where they can go on to: walks from every door to the other shelters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Hops:
    """Walk times of one group from each of e entrances to the shelters that it is not a door of.

    One entry per entrance and shelter, by its nearest door (ties: the lowest entrance id); the entries of an entrance
    ascend by (walk_time_ds, shelter_idx). An entrance that the group cannot use has none.

    Attributes
    ----------
    indptr
        Where the entries of each entrance begin, shape (e + 1,) int32.
    shelter_idx, entrance_idx
        Where each entry leads, shape (a,) int32.
    walk_time_ds
        Walk [ds], rounded up, 0 or more and at most the limit, shape (a,) int32.
    time_limit_ds
        Limit of the table [ds].
    """

    indptr: np.ndarray
    shelter_idx: np.ndarray
    entrance_idx: np.ndarray
    walk_time_ds: np.ndarray
    time_limit_ds: int
