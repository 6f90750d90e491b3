"""Which arc the network simplex over time brings in next: sweeps over rows and queues, past what has not moved.

What an entry is worth hangs on prices of its own row's shelters and of the queues before them. So a block of
neighbouring rows, or a shelter with its queues, need be looked at only where one of its prices has changed since.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from takecover.kernels.queuetree import (
    OUTSIDE,
    OVER,
    SIDE,
    SPARE,
    UNLIMITED,
    Basis,
    Entries,
    Places,
    carry,
    pivot,
)

_BLOCK_BITS = 5
_TURN = 64
"""Blocks between two looks at the queues."""


class Looks(NamedTuple):
    """When what was looked at last: blocks (b,) and shelters (m,) int64; shelters of a block: begin (b + 1,) and
    shelter (c,) int32; where shelters begin among the places.
    """

    block: np.ndarray
    place: np.ndarray
    begin: np.ndarray
    shelter: np.ndarray
    first: int


@njit(cache=True, nogil=True)
def looks(g: Places, rows: Entries, first: int) -> Looks:
    """Nothing looked at yet.

    Arrays: Places, Entries; first: where shelters begin among the places.
    """
    row_count, places = len(rows.indptr) - 1, len(g.head)
    count = (row_count + (1 << _BLOCK_BITS) - 1) >> _BLOCK_BITS
    last = np.full(places, -1, np.int32)
    begin = np.zeros(count + 1, np.int32)
    shelter = np.empty(len(rows.slot), np.int32)
    found = 0
    for b in range(count):
        end = min(row_count, (b + 1) << _BLOCK_BITS)
        for k in range(rows.indptr[b << _BLOCK_BITS], rows.indptr[end]):
            s = g.home[rows.slot[k]]
            if last[s] != b:
                last[s] = b
                shelter[found] = s
                found += 1
        begin[b + 1] = found
    return Looks(
        np.full(count, -1, np.int64), np.full(places, -1, np.int64), begin, shelter[:found].copy(), first
    )


@njit(cache=True, nogil=True)
def _place(t: Basis, g: Places, root: int, x: int, floor: int, ceiling: int, tolerance: int) -> int:
    """Bring in what prices out at one place: SPARE, OVER, its service, waiting; the number of pivots."""
    price = t.price
    pivots = 0
    if price[x] < floor - tolerance:
        pivot(t, g, root, root, x, SPARE, price[x] - floor, UNLIMITED, True)
        pivots += 1
    elif price[x] > ceiling + tolerance:
        pivot(t, g, root, x, root, OVER, ceiling - price[x], UNLIMITED, True)
        pivots += 1
    to = g.head[x]
    if to < 0:
        return pivots
    reduced = g.cost[x] + price[to] - price[x]
    if reduced < -tolerance and t.is_full[x] == 0:
        pivot(t, g, root, x, to, SIDE - 2 * x, reduced, g.most[x], True)
        pivots += 1
    elif reduced > tolerance and t.is_full[x] == 1:
        pivot(t, g, root, to, x, SIDE - 2 * x, -reduced, g.most[x], False)
        pivots += 1
    if g.wait[x] >= 0 and g.wait[x] + price[x + 1] - price[x] < -tolerance:
        pivot(t, g, root, x, x + 1, SIDE - 2 * x - 1, g.wait[x] + price[x + 1] - price[x], UNLIMITED, True)
        pivots += 1
    return pivots


@njit(cache=True, nogil=True)
def _places(t: Basis, g: Places, z: Looks, floor: np.ndarray, ceiling: np.ndarray, tolerance: int) -> int:
    """Bring in what prices out at shelters and queues where a price has moved; the number of pivots."""
    root, pivots = len(floor), 0
    for s in range(z.first, root):
        if t.moved[s] <= z.place[s]:
            continue
        z.place[s] = t.clock[0]
        pivots += _place(t, g, root, s, floor[s], ceiling[s], tolerance)
        for x in range(g.end[s] - 1, g.begin[s] - 1, -1):
            # Most slots are quiet and within their bounds; a look without a call is four times as fast.
            value, lasting = t.price[x], g.wait[x]
            if (
                t.is_quiet[x] == 1
                and floor[x] - tolerance <= value <= ceiling[x] + tolerance
                and (lasting < 0 or lasting + t.price[x + 1] - value >= -tolerance)
            ):
                continue
            pivots += _place(t, g, root, x, floor[x], ceiling[x], tolerance)
    return pivots


@njit(cache=True, nogil=True)
def _rows(t: Basis, g: Places, rows: Entries, begin: int, end: int, tolerance: int) -> int:
    """Bring in the entries of some rows that price out, of each the best first; the number of pivots."""
    # Arrays out of a tuple in an inner loop are counted in and out each time: by name once, it is faster.
    root = len(t.price) - 1
    indptr, cost, slot, outside = rows
    price, arc, parent = t.price, t.arc, t.parent
    pivots = 0
    for i in range(begin, end):
        node = root + 1 + i
        while True:
            value = np.int64(outside)
            if arc[node] >= 0:
                value = cost[arc[node]] + price[parent[node]]
            best, entry = value - tolerance if value - tolerance < outside else np.int64(outside), SPARE
            for k in range(indptr[i], indptr[i + 1]):
                if cost[k] > best:
                    break
                offer = cost[k] + price[slot[k]]
                if offer < best:
                    best, entry = offer, k
            if entry == SPARE and outside < value - tolerance:
                entry, best = OUTSIDE, np.int64(outside)
            if entry == SPARE:
                break
            head = root if entry < 0 else slot[entry]
            pivot(t, g, root, node, head, entry, int(best - value), UNLIMITED, True)
            pivots += 1
    return pivots


@njit(cache=True, nogil=True, inline="always")
def _has_moved(t: Basis, z: Looks, b: int) -> bool:
    """Whether a price of a block has changed since it was looked at."""
    moved, shelter = t.moved, z.shelter
    looked, q, end = z.block[b], z.begin[b], z.begin[b + 1]
    while q < end and moved[shelter[q]] <= looked:
        q += 1
    return bool(q < end)


@njit(cache=True, nogil=True)
def sweep(
    t: Basis, g: Places, z: Looks, rows: Entries, floor: np.ndarray, ceiling: np.ndarray, tolerance: int
) -> int:
    """Go once over everything that has moved and pivot on what prices out by more than the tolerance.

    Arrays: a Basis, Places, its Looks, Entries, floor and ceiling (m,) int64 of SPARE and OVER.
    Returns: the number of pivots; 0 at tolerance 0 proves the tree optimal for its floors and ceilings.
    """
    count = len(rows.indptr) - 1
    pivots = asked_at = _places(t, g, z, floor, ceiling, tolerance)
    for b in range(len(z.block)):
        if b % _TURN == _TURN - 1 and pivots > asked_at:
            pivots += _places(t, g, z, floor, ceiling, tolerance)
            asked_at = pivots
        if _has_moved(t, z, b):
            z.block[b] = t.clock[0]
            pivots += _rows(t, g, rows, b << _BLOCK_BITS, min(count, (b + 1) << _BLOCK_BITS), tolerance)
    return pivots


@njit(cache=True, nogil=True)
def settle(
    t: Basis,
    g: Places,
    z: Looks,
    rows: Entries,
    floor: np.ndarray,
    ceiling: np.ndarray,
    tolerance: int,
    enough: int,
    most: int,
) -> bool:
    """Look at everything, then sweep until a sweep makes at most `enough` pivots.

    Arrays: as for `sweep`.
    Returns: whether that came within `most` sweeps.
    """
    z.block[:] = -1
    z.place[:] = -1
    sweeps = 0
    while sweep(t, g, z, rows, floor, ceiling, tolerance) > enough:
        sweeps += 1
        if sweeps == most:
            return False
    return True


@njit(cache=True, nogil=True)
def recost(
    t: Basis,
    g: Places,
    z: Looks,
    rows: Entries,
    floor: np.ndarray,
    ceiling: np.ndarray,
    slot: np.ndarray,
    steps: np.ndarray,
    most: int,
) -> bool:
    """Change what service costs in some slots, step by step, and restore the optimum at each.

    Arrays: an optimal Basis, Places, its Looks, Entries, floor and ceiling (m,) int64, slot (k,) int32, steps (w, k)
    int64: the costs at each step.
    Returns: whether every step came to an end within `most` sweeps.
    """
    root = len(floor)
    for w in range(len(steps)):
        for j in range(len(slot)):
            x = slot[j]
            change = steps[w, j] - g.cost[x]
            if change == 0:
                continue
            g.cost[x] = steps[w, j]
            carry(t, g, root, x, change)
        sweeps = 0
        while sweep(t, g, z, rows, floor, ceiling, 0) > 0:
            sweeps += 1
            if sweeps == most:
                return False
    return True
