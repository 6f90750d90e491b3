"""The tour of people who are turned away wherever they come: from each door on to the next that may let them in."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def tours(
    entrance_idx: np.ndarray,
    room_ds: np.ndarray,
    shelter_of: np.ndarray,
    is_shut: np.ndarray,
    hop_indptr: np.ndarray,
    hop_entrance_idx: np.ndarray,
    hop_time_ds: np.ndarray,
    last_shelter: np.ndarray,
    last_door: np.ndarray,
    first_tour: int,
    indptr: np.ndarray,
    stop_entrance_idx: np.ndarray,
    stop_leg_ds: np.ndarray,
) -> None:
    """From each of k doors on to the nearest not yet tried, until the walks alone would take longer than room_ds.

    A shut door rules out itself, an open one its whole shelter, for there all places were taken. Arrays: start (k,)
    int32, room_ds [ds] (k,) int64, shelter_of (e,) int32, is_shut (e,) bool, hop_* rows by time, last_shelter (s,) and
    last_door (e,) int64, indptr (k + 1,) int64, stop_* (indptr[k],) int32, or (0,) to count only. Status: none;
    indptr and stop_* are filled, a leg being the walk from the stop before.
    """
    at = 0
    for tour in range(entrance_idx.size):
        mark = first_tour + tour
        entrance, leg_ds, time_ds = entrance_idx[tour], 0, 0
        is_on = True
        while is_on:
            last_door[entrance] = mark
            if not is_shut[entrance]:
                last_shelter[shelter_of[entrance]] = mark
            if at < stop_entrance_idx.size:
                stop_entrance_idx[at] = entrance
                stop_leg_ds[at] = leg_ds
            at += 1
            is_on = False
            for hop in range(hop_indptr[entrance], hop_indptr[entrance + 1]):
                if time_ds + hop_time_ds[hop] > room_ds[tour]:
                    break
                ahead = hop_entrance_idx[hop]
                if last_door[ahead] != mark and last_shelter[shelter_of[ahead]] != mark:
                    entrance, leg_ds = ahead, hop_time_ds[hop]
                    time_ds += leg_ds
                    is_on = True
                    break
        indptr[tour + 1] = at
