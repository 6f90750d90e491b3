"""People who run to the nearest shelter and on to the next: their tours, and who finds a place on them.

Where a party goes next hangs only on where it began, not on the others; so parties that begin at one door share a tour.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from takecover.kernels import heap

ROW_BITS = 31
"""An arrival is one number, time first, row second: time_ds << ROW_BITS | row."""


@njit(cache=True, nogil=True)
def tours(
    shelter_idx: np.ndarray,
    entrance_idx: np.ndarray,
    room_ds: np.ndarray,
    hop_indptr: np.ndarray,
    hop_shelter_idx: np.ndarray,
    hop_entrance_idx: np.ndarray,
    hop_time_ds: np.ndarray,
    last_tour: np.ndarray,
    first_tour: int,
    indptr: np.ndarray,
    stop_shelter_idx: np.ndarray,
    stop_entrance_idx: np.ndarray,
    stop_time_ds: np.ndarray,
) -> None:
    """From each of k doors on to the nearest shelter not yet seen, until the next would come after room_ds.

    Arrays: start (k,) int32, room_ds [ds] (k,) int64, hop_* rows by (time, shelter), last_tour (shelters,) int64,
    indptr (k + 1,) int64, stop_* (indptr[k],), or (0,) to count only. Status: none; indptr and stop_* are filled.
    """
    at = 0
    for tour in range(shelter_idx.size):
        shelter, entrance, time_ds = shelter_idx[tour], entrance_idx[tour], 0
        is_on = True
        while is_on:
            last_tour[shelter] = first_tour + tour
            if at < stop_shelter_idx.size:
                stop_shelter_idx[at] = shelter
                stop_entrance_idx[at] = entrance
                stop_time_ds[at] = time_ds
            at += 1
            is_on = False
            for hop in range(hop_indptr[entrance], hop_indptr[entrance + 1]):
                if time_ds + hop_time_ds[hop] > room_ds[tour]:
                    break
                if last_tour[hop_shelter_idx[hop]] != first_tour + tour:
                    shelter, entrance = hop_shelter_idx[hop], hop_entrance_idx[hop]
                    time_ds += hop_time_ds[hop]
                    is_on = True
                    break
        indptr[tour + 1] = at


@njit(cache=True, nogil=True)
def arrivals(
    queue: np.ndarray,
    start_ds: np.ndarray,
    stop: np.ndarray,
    stop_end: np.ndarray,
    stop_shelter_idx: np.ndarray,
    stop_time_ds: np.ndarray,
    horizon_ds: int,
    limit_ds: int,
    free: np.ndarray,
    waiting: np.ndarray,
    turned_away: np.ndarray,
    met_full: np.ndarray,
    in_row: np.ndarray,
    in_stop: np.ndarray,
    in_people: np.ndarray,
    in_time_ds: np.ndarray,
) -> int:
    """Let parties arrive in the order of (time, row), fill the places, and send the rest on along their tours.

    Arrays: queue sorted keys (q,) int64; start_ds [ds], stop, stop_end, waiting and met_full [people] (r,) int64;
    stop_* one per stop of any tour; free and turned_away [people] (shelters,) int64; in_* (r + shelters,) int64.
    Status: number of in_* filled; waiting is left with those outside, met_full and turned_away count up to limit_ds.
    """
    size, found = queue.size, 0
    while size > 0:
        row = queue[0] & ((1 << ROW_BITS) - 1)
        time_ds = queue[0] >> ROW_BITS
        at = stop[row]
        shelter = stop_shelter_idx[at]
        entering = min(free[shelter], waiting[row])
        if entering > 0:
            free[shelter] -= entering
            waiting[row] -= entering
            in_row[found] = row
            in_stop[found] = at
            in_people[found] = entering
            in_time_ds[found] = time_ds
            found += 1
        if waiting[row] > 0 and time_ds <= limit_ds:
            turned_away[shelter] += waiting[row]
            if met_full[row] == 0:
                met_full[row] = waiting[row]
        is_on = waiting[row] > 0 and at + 1 < stop_end[row]
        if is_on:
            time_ds = start_ds[row] + stop_time_ds[at + 1]
        if is_on and time_ds <= horizon_ds:
            stop[row] = at + 1
            heap.replace(queue, size, (time_ds << ROW_BITS) | row)
        else:
            size = heap.pop(queue, size)
    return found
