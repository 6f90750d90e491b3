"""A binary heap of whole numbers in a plain array: the least one stands first.

The caller owns the array and begins with sorted numbers, which are a heap; `heap[0]` is read before it is taken away.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def replace(heap: np.ndarray, size: int, key: int) -> None:
    """Put a key in the place of the least one.

    Arrays: heap [any] (room >= size,) int64; size at least 1.
    Returns: nothing.
    """
    at = 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        if below + 1 < size and heap[below + 1] < heap[below]:
            below += 1
        if heap[below] >= key:
            break
        heap[at] = heap[below]
        at = below
    heap[at] = key


@njit(cache=True, nogil=True)
def pop(heap: np.ndarray, size: int) -> int:
    """Take the least key away.

    Arrays: heap [any] (room >= size,) int64; size at least 1.
    Returns: the new size.
    """
    if size > 1:
        replace(heap, size - 1, heap[size - 1])
    return size - 1


@njit(cache=True, nogil=True)
def push(heap: np.ndarray, size: int, key: int) -> int:
    """Add a key.

    Arrays: heap [any] (room > size,) int64.
    Returns: the new size.
    """
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if heap[above] <= key:
            break
        heap[at] = heap[above]
        at = above
    heap[at] = key
    return size + 1
