"""The least optimal prices of shelters in an assignment over time: what exactly one more place in each gains."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from takecover.kernels.queuetree import Entries, Places

_FAR = np.int64(1 << 62)
"""Longer than every chain."""


class Standing(NamedTuple):
    """An optimum: outside (n,) int64 people of each row; served and waiting (m,) int64 of each place.

    The entries in use lie by slot: used_begin (m + 1,), used_row and used_cost (u,) int32. The slots whose service
    leads to a place lie by place: fed_begin (m + 1,), fed_by (f,) int32. Prices (m,) int64.
    """

    outside: np.ndarray
    served: np.ndarray
    waiting: np.ndarray
    used_begin: np.ndarray
    used_row: np.ndarray
    used_cost: np.ndarray
    fed_begin: np.ndarray
    fed_by: np.ndarray
    price: np.ndarray


class Queue(NamedTuple):
    """Places to go on from, the nearest first: heap (m,) int32 of places, where (m,) int32 each stands in it or -1, its
    size (1,) int64, and the length of the shortest chain to each place so far, (m,) int64.
    """

    heap: np.ndarray
    where: np.ndarray
    size: np.ndarray
    fall: np.ndarray


@njit(cache=True, nogil=True)
def least(g: Places, rows: Entries, z: Standing) -> np.ndarray:
    """Lower the prices of shelters as far as the flow stays optimal, in one search from all who could use a place.

    One more place is worth what the best chain of moves into it gains: its price less the least reduced cost of such a
    chain, which begins outside or where a place is then needed no more (Dijkstra on reduced costs, each place once).

    Arrays: Places, Entries, a Standing.
    Returns: the least prices (m,) int64 of shelters; of slots, their prices less what chains to them leave.
    """
    indptr, cost, slot, outside = rows
    price, wait, head = z.price, g.wait, g.head
    count = len(head)
    fall = np.full(count, _FAR)
    for x in range(count):
        if head[x] < 0:
            fall[x] = price[x]
    for i in range(len(z.outside)):
        if z.outside[i] > 0:
            for k in range(indptr[i], indptr[i + 1]):
                x = int(np.int64(slot[k]))
                fall[x] = min(fall[x], cost[k] + price[x] - outside)
    q = Queue(np.empty(count, np.int32), np.full(count, -1, np.int32), np.zeros(1, np.int64), fall)
    for x in range(count):
        if fall[x] < _FAR:
            _rise(q, x)
    while q.size[0] > 0:
        # One width of places: the helpers would be compiled for both.
        u = _take(q)
        base = fall[u] - price[u]
        if head[u] >= 0 and z.served[u] < g.most[u]:
            x = int(np.int64(head[u]))
            _reach(q, x, base + g.cost[u] + price[x])
        if wait[u] >= 0:
            _reach(q, u + 1, base + wait[u] + price[u + 1])
        if u > 0 and wait[u - 1] >= 0 and z.waiting[u - 1] > 0:
            _reach(q, u - 1, base - wait[u - 1] + price[u - 1])
        for j in range(z.fed_begin[u], z.fed_begin[u + 1]):
            x = int(np.int64(z.fed_by[j]))
            if z.served[x] > 0:
                _reach(q, x, base - g.cost[x] + price[x])
        for j in range(z.used_begin[u], z.used_begin[u + 1]):
            i, here = z.used_row[j], base - z.used_cost[j]
            for k in range(indptr[i], indptr[i + 1]):
                x = int(np.int64(slot[k]))
                value = here + cost[k] + price[x]
                if value < fall[x]:
                    _reach(q, x, value)
    return price - fall


@njit(cache=True, nogil=True)
def _reach(q: Queue, x: int, value: int) -> None:
    """Go on to a place, if that is the shortest chain to it so far."""
    if value < q.fall[x]:
        q.fall[x] = value
        _rise(q, x)


@njit(cache=True, nogil=True)
def _rise(q: Queue, x: int) -> None:
    """Put a place where it belongs in the heap, from where it stands or from the end."""
    at = q.where[x]
    if at < 0:
        at = q.size[0]
        q.size[0] += 1
    while at > 0:
        above = (at - 1) >> 1
        other = q.heap[above]
        if q.fall[other] <= q.fall[x]:
            break
        q.heap[at], q.where[other] = other, at
        at = above
    q.heap[at], q.where[x] = x, at


@njit(cache=True, nogil=True)
def _take(q: Queue) -> int:
    """Take the nearest place away."""
    nearest = int(np.int64(q.heap[0]))
    q.where[nearest] = -1
    q.size[0] -= 1
    size, at = q.size[0], 0
    if size == 0:
        return nearest
    x = int(np.int64(q.heap[size]))
    while 2 * at + 1 < size:
        below = 2 * at + 1
        if below + 1 < size and q.fall[q.heap[below + 1]] < q.fall[q.heap[below]]:
            below += 1
        if q.fall[q.heap[below]] >= q.fall[x]:
            break
        q.heap[at] = q.heap[below]
        q.where[q.heap[at]] = at
        at = below
    q.heap[at], q.where[x] = x, at
    return nearest
