"""The least optimal prices of an optimal assignment: what exactly one more place in each shelter gains."""

from __future__ import annotations

import numpy as np
from numba import njit

from takecover.kernels import heap
from takecover.kernels.tree import Rows

SHELTER_BITS = 20
"""Room for a shelter below a distance in a queue's key."""


@njit(cache=True, nogil=True)
def _members(rows: Rows, flow: np.ndarray, shelter_count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The entries in use, by shelter: begin (s + 1,), entry and row (u,) int32."""
    begin = np.zeros(shelter_count + 1, np.int32)
    for k in range(len(flow)):
        if flow[k] > 0:
            begin[(np.int64(rows.key[k]) & rows.mask) + 1] += 1
    for s in range(shelter_count):
        begin[s + 1] += begin[s]
    following = begin[:-1].copy()
    entry = np.empty(begin[-1], np.int32)
    row = np.empty(begin[-1], np.int32)
    for i in range(len(rows.indptr) - 1):
        for k in range(rows.indptr[i], rows.indptr[i + 1]):
            if flow[k] > 0:
                s = np.int64(rows.key[k]) & rows.mask
                entry[following[s]] = k
                row[following[s]] = i
                following[s] += 1
    return begin, entry, row


@njit(cache=True, nogil=True)
def lower(rows: Rows, flow: np.ndarray, outside: np.ndarray, price: np.ndarray) -> np.ndarray:
    """Lower optimal prices as far as the flow stays optimal, in one search from all who could use one more place.

    One more place is worth what the best chain of moves into it gains: its price less the least reduced cost of such a
    chain, which begins outside or where a place is then needed no more (Dijkstra on reduced costs, each shelter once).

    Arrays: Rows, flow (a,) and outside (n,) int32 of an optimum, price (s,) int64 optimal.
    Returns: the least prices (s,) int64.
    """
    shelter_count = len(price)
    begin, entry, row = _members(rows, flow, shelter_count)
    fall = price.copy()
    for i in range(len(outside)):
        if outside[i] > 0:
            for k in range(rows.indptr[i], rows.indptr[i + 1]):
                key = np.int64(rows.key[k])
                s = key & rows.mask
                fall[s] = min(fall[s], (key >> rows.shift) + price[s] - rows.outside)
    is_done = np.zeros(shelter_count, np.bool_)
    queue = np.empty(4 * shelter_count + 64, np.int64)
    size = np.int64(0)
    for s in range(shelter_count):
        size = heap.push(queue, size, (fall[s] << SHELTER_BITS) | s)
    while size > 0:
        head = queue[0]
        size = heap.pop(queue, size)
        u = head & ((1 << SHELTER_BITS) - 1)
        if is_done[u]:
            continue
        is_done[u] = True
        base = price[u] - (head >> SHELTER_BITS)
        for j in range(begin[u], begin[u + 1]):
            here = (np.int64(rows.key[entry[j]]) >> rows.shift) + base
            for e in range(rows.indptr[row[j]], rows.indptr[row[j] + 1]):
                key = np.int64(rows.key[e])
                x = key & rows.mask
                value = (key >> rows.shift) + price[x] - here
                if not is_done[x] and value < fall[x]:
                    fall[x] = value
                    if size == len(queue):
                        size = _sift(queue, size, fall, is_done)
                    size = heap.push(queue, size, (value << SHELTER_BITS) | x)
    return price - fall


@njit(cache=True, nogil=True)
def _sift(queue: np.ndarray, size: int, fall: np.ndarray, is_done: np.ndarray) -> int:
    """Throw the stale keys out of a full queue; its new size."""
    kept = np.empty(len(fall), np.int64)
    count = 0
    for j in range(size):
        s = queue[j] & ((1 << SHELTER_BITS) - 1)
        if not is_done[s] and queue[j] >> SHELTER_BITS == fall[s]:
            kept[count] = queue[j]
            count += 1
    size = np.int64(0)
    for j in range(count):
        size = heap.push(queue, size, kept[j])
    return size
