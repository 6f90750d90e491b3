"""A sparse table turned from shelter by shelter to row by row."""

from __future__ import annotations

import numpy as np
from numba import njit

_GAPS = (301, 132, 57, 23, 10, 4, 1)
_LOW_HALF = 0xFFFFFFFF


@njit(cache=True, nogil=True)
def transpose(
    count: np.ndarray,
    row: np.ndarray,
    label: np.ndarray,
    first_entrance: np.ndarray,
    row_count: int,
    door_bits: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Order entries by row.

    count (g,) int32 entries of each shelter, one after the other; row (a,) int32; label (a,) of `dijkstra.search`;
    first_entrance (g,) int32: the entrance that number 0 in a label means.
    Returns indptr (row_count + 1,) int32 and key (a,) int64: walk [ds] << 32 | entrance.
    """
    indptr = np.zeros(row_count + 1, np.int32)
    for i in range(len(row)):
        indptr[row[i] + 1] += 1
    for r in range(row_count):
        indptr[r + 1] += indptr[r]
    spot = indptr[:-1].copy()
    key = np.empty(len(row), np.int64)
    door = (np.int64(1) << door_bits) - 1
    i = 0
    for shelter in range(len(count)):
        for _ in range(count[shelter]):
            walk_time_ds = ((np.int64(label[i]) >> door_bits) + 99) // 100
            entrance = np.int64(first_entrance[shelter]) + (np.int64(label[i]) & door)
            at = spot[row[i]]
            key[at] = (walk_time_ds << 32) | entrance
            spot[row[i]] = at + 1
            i += 1
    return indptr, key


@njit(cache=True, nogil=True)
def _sort(key: np.ndarray, begin: int, end: int) -> None:
    """Shell's sort with Ciura's gaps: plain insertion on short rows, and not quadratic on long ones."""
    for gap in _GAPS:
        for i in range(begin + gap, end):
            new = key[i]
            at = i - gap
            while at >= begin and key[at] > new:
                key[at + gap] = key[at]
                at -= gap
            key[at + gap] = new


@njit(cache=True, nogil=True)
def arrange(
    begin: int,
    end: int,
    indptr: np.ndarray,
    key: np.ndarray,
    entrance_shelter: np.ndarray,
    shelter: np.ndarray,
    entrance: np.ndarray,
    walk_time_ds: np.ndarray,
) -> None:
    """Order the entries of each of the rows begin to end - 1 by (walk time, entrance), and take their keys apart.

    indptr and key of `transpose`, key is sorted in place; entrance_shelter (e,) int32.
    Fills shelter, entrance and walk_time_ds [ds], each (a,) int32.
    """
    for row in range(begin, end):
        _sort(key, indptr[row], indptr[row + 1])
    for i in range(indptr[begin], indptr[end]):
        entrance[i] = key[i] & _LOW_HALF
        walk_time_ds[i] = key[i] >> 32
        shelter[i] = entrance_shelter[entrance[i]]
