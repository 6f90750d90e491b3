"""Which arc the network simplex over time brings in next: sweeps over rows and queues, past what has not moved.

What an entry is worth hangs on prices of its own row's shelters and of the queues before them. So a block of
neighbouring rows, or a shelter with its queues, need be looked at only where one of its prices has changed since.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from takecover.kernels.queuepivot import pivot, shift
from takecover.kernels.queuetree import (
    OUTSIDE,
    OVER,
    SIDE,
    SPARE,
    Basis,
    Entries,
    Places,
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
def _is_calm(
    begin: int,
    end: int,
    tolerance: int,
    price: np.ndarray,
    floor: np.ndarray,
    ceiling: np.ndarray,
    is_full: np.ndarray,
    wait: np.ndarray,
    cost: np.ndarray,
    head: np.ndarray,
) -> bool:
    """Whether nothing prices out at the slots of a shelter."""
    worst = np.int64(0)
    for i in range(begin, end):
        x = np.uint64(i)
        value = price[x]
        served = cost[x] + price[np.uint64(head[x])] - value
        served = -served if is_full[x] == 1 else served
        waiting = wait[x] + price[x + np.uint64(1)] - value if wait[x] >= 0 else np.int64(0)
        worst = min(worst, min(min(served, waiting), min(value - floor[x], ceiling[x] - value)))
    return worst >= -tolerance


@njit(cache=True, nogil=True, inline="always")
def _places(t: Basis, g: Places, z: Looks, floor: np.ndarray, ceiling: np.ndarray, tolerance: int) -> int:
    """Bring in what prices out at shelters and queues where a price has moved (SPARE or OVER, service, waiting); the
    number of pivots.
    """
    price, is_full, clock, moved = t.price, t.is_full, t.clock, t.moved
    head, cost, wait, begins, ends = g.head, g.cost, g.wait, g.begin, g.end
    root, pivots = len(floor), 0
    for s in range(z.first, root):
        if moved[s] <= z.place[s]:
            continue
        z.place[s] = clock[0]
        # Nothing prices out nearly everywhere, and a look over all slots at once is several times as fast.
        begin, end = np.int64(begins[s]), np.int64(ends[s])
        if floor[s] - tolerance <= price[s] <= ceiling[s] + tolerance and _is_calm(
            begin, end, tolerance, price, floor, ceiling, is_full, wait, cost, head
        ):
            continue
        for j in range(end - begin + 1):
            x = s if j == 0 else end - j
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


@njit(cache=True, nogil=True)
def _best(
    begin: int, end: int, cost: np.ndarray, slot: np.ndarray, price: np.ndarray, enough: int
) -> tuple[int, int]:
    """What the best of a row's entries begin to end - 1 costs, and which it is: the first that costs less than
    `enough`, or SPARE for none.

    Nearly all rows that are looked at need no pivot, so entries are passed four at a time while none is better.
    """
    best, entry = np.int64(enough), np.int64(SPARE)
    # Numbers without a sign as positions: with one, numba asks each time whether it counts from the end.
    k, one, four = np.uint64(begin), np.uint64(1), np.uint64(4)
    last = np.uint64(end)
    while k + four <= last and cost[k + four - one] <= best:
        a = cost[k] + price[np.uint64(slot[k])]
        b = cost[k + one] + price[np.uint64(slot[k + one])]
        c = cost[k + one + one] + price[np.uint64(slot[k + one + one])]
        d = cost[k + four - one] + price[np.uint64(slot[k + four - one])]
        if min(min(a, b), min(c, d)) < best:
            break
        k += four
    while k < last and cost[k] <= best:
        offer = cost[k] + price[np.uint64(slot[k])]
        if offer < best:
            best, entry = offer, np.int64(k)
        k += one
    return best, entry


@njit(cache=True, nogil=True, inline="always")
def _rows(t: Basis, g: Places, rows: Entries, begin: int, end: int, tolerance: int) -> int:
    """Bring in the entries of some rows that price out, of each the best first; the number of pivots."""
    # Arrays out of a tuple in an inner loop are counted in and out each time: by name once, it is faster.
    price, nodes = t.price, t.nodes
    root = len(price) - 1
    indptr, cost, slot, outside = rows
    pivots = 0
    for i in range(begin, end):
        node = root + 1 + i
        while True:
            value, arc = np.int64(outside), nodes[node]["arc"]
            if arc >= 0:
                value = cost[arc] + price[nodes[node]["parent"]]
            enough = value - tolerance if value - tolerance < outside else np.int64(outside)
            best, entry = _best(indptr[i], indptr[i + 1], cost, slot, price, enough)
            if entry == SPARE and outside < value - tolerance:
                entry, best = np.int64(OUTSIDE), np.int64(outside)
            if entry == SPARE:
                break
            head = root if entry < 0 else np.int64(slot[entry])
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
        if t.nodes[x]["arc"] == SIDE - 2 * x:
            shift(t.kin, t.stack, t.price, t.tie, t.moved, t.clock, g.begin, g.end, root, x, change)
        elif t.nodes[head]["arc"] == SIDE - 2 * x:
            shift(t.kin, t.stack, t.price, t.tie, t.moved, t.clock, g.begin, g.end, root, head, -change)
