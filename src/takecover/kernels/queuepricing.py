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
    Basis,
    Entries,
    Places,
    pivot,
    shift,
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


@njit(cache=True, nogil=True, inline="always")
def _places(t: Basis, g: Places, z: Looks, floor: np.ndarray, ceiling: np.ndarray, tolerance: int) -> int:
    """Bring in what prices out at shelters and queues where a price has moved (SPARE or OVER, service, waiting); the
    number of pivots.
    """
    root, pivots = len(floor), 0
    price, is_quiet, is_full, wait, cost, head = t.price, t.is_quiet, t.is_full, g.wait, g.cost, g.head
    for s in range(z.first, root):
        if t.moved[s] <= z.place[s]:
            continue
        z.place[s] = t.clock[0]
        for j in range(g.end[s] - g.begin[s] + 1):
            x = s if j == 0 else g.end[s] - j
            value = price[x]
            # Most slots are quiet and within their bounds; a look at once is four times as fast.
            if (
                is_quiet[x] == 1
                and floor[x] - tolerance <= value <= ceiling[x] + tolerance
                and (wait[x] < 0 or wait[x] + price[x + 1] - value >= -tolerance)
            ):
                continue
            for kind in range(3):
                value = price[x]
                tail, to, arc, reduced, is_forward = x, root, OVER, -tolerance, True
                if kind == 0 and value < floor[x] - tolerance:
                    tail, to, arc, reduced = root, x, SPARE, value - floor[x]
                elif kind == 0:
                    reduced = ceiling[x] - value
                elif kind == 1 and head[x] >= 0:
                    to, arc, reduced = head[x], SIDE - 2 * x, cost[x] + price[head[x]] - value
                    if is_full[x] == 1:
                        tail, to, reduced, is_forward = head[x], x, -reduced, False
                elif kind == 2 and wait[x] >= 0:
                    to, arc, reduced = x + 1, SIDE - 2 * x - 1, wait[x] + price[x + 1] - value
                if reduced < -tolerance:
                    pivot(t, g, root, tail, to, arc, reduced, is_forward)
                    pivots += 1
    return pivots


@njit(cache=True, nogil=True, inline="always")
def _rows(t: Basis, g: Places, rows: Entries, begin: int, end: int, tolerance: int) -> int:
    """Bring in the entries of some rows that price out, of each the best first; the number of pivots."""
    # Arrays out of a tuple in an inner loop are counted in and out each time: by name once, it is faster.
    root = len(t.price) - 1
    indptr, cost, slot, outside = rows
    price, nodes = t.price, t.nodes
    pivots = 0
    for i in range(begin, end):
        node = root + 1 + i
        while True:
            value, arc = np.int64(outside), nodes[node]["arc"]
            if arc >= 0:
                value = cost[arc] + price[nodes[node]["parent"]]
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
            # `best < value` always holds; `True` would be a type of its own, and `pivot` compiled a second time: 6 s.
            pivot(t, g, root, node, head, entry, int(best - value), bool(best < value))
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
    pivots, asked_at = 0, -1
    for b in range(max(len(z.block), 1)):
        if b % _TURN == 0 and pivots > asked_at:
            pivots += _places(t, g, z, floor, ceiling, tolerance)
            asked_at = pivots
        if b < len(z.block) and _has_moved(t, z, b):
            z.block[b] = t.clock[0]
            pivots += _rows(t, g, rows, b << _BLOCK_BITS, min(count, (b + 1) << _BLOCK_BITS), tolerance)
    return pivots


@njit(cache=True, nogil=True)
def recost(t: Basis, g: Places, root: int, slot: np.ndarray, cost: np.ndarray) -> None:
    """Change what service costs in some slots, and the prices that hang on that.

    Arrays: a Basis, Places, slot (k,) int32, cost (k,) int64: from now on.
    """
    for j in range(len(slot)):
        # As wide as in `pivot`: `shift` would be compiled for both widths.
        x = int(np.int64(slot[j]))
        change = cost[j] - g.cost[x]
        if change == 0:
            continue
        g.cost[x] = cost[j]
        t.clock[0] += 1
        t.moved[g.home[x]] = t.clock[0]
        head = int(np.int64(g.head[x]))
        if t.is_quiet[x] == 1:
            t.price[x] += change
        elif t.nodes[x]["arc"] == SIDE - 2 * x:
            shift(t, g, root, x, change)
        elif t.nodes[head]["arc"] == SIDE - 2 * x:
            shift(t, g, root, head, -change)
