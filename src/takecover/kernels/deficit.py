"""Places with a price filled, or the price brought to 0: the exact assignment's second repair."""

from __future__ import annotations

import numpy as np
from numba import njit

from takecover.kernels import heap
from takecover.kernels.transport import (
    FAR,
    ONLY_OUTSIDE,
    SHELTER_BITS,
    SHELTER_MASK,
    Search,
    State,
    Table,
    clear,
    entry_to,
    note,
    put,
    take,
)


@njit(cache=True, nogil=True, inline="always")
def _meet(q: Search, size: int, touched: int, x: int, value: int, j: int, u: int) -> tuple[int, int]:
    """Note that shelter x is now nearest through the entry at j, which leads on to u; the queue's size, the touched."""
    if q.distance[x] == FAR:
        q.touched[touched] = x
        touched += 1
    q.distance[x] = value
    q.via[x] = j
    q.via_to[x] = u
    return heap.push(q.queue, size, (value << SHELTER_BITS) | x), touched


@njit(cache=True, nogil=True)
def _way_in(t: Table, z: State, q: Search, outside: int, start: int) -> tuple[int, int, int, int, int]:
    """The dearest chain of moves that brings one person into a shelter: from the outside, or from a shelter that then
    has a place too many.

    Arrays: a Table, a State, a Search; via holds positions among the entries by shelter.
    Returns: least fall of the price, shelter at the far end, position of the entry by which somebody comes in from
    the outside there (-1 where nobody does), shelters touched, shelters scanned.
    """
    size = heap.push(q.queue, 0, np.int64(start))
    q.touched[0] = start
    q.distance[start] = 0
    touched = 1
    scanned = 0
    bound = FAR
    end = np.int64(-1)
    comer = -1
    while size > 0:
        head = q.queue[0]
        size = heap.pop(q.queue, size)
        u = head & SHELTER_MASK
        at = head >> SHELTER_BITS
        if q.is_done[u]:
            continue
        if at >= bound:
            break
        q.is_done[u] = True
        q.scanned[scanned] = u
        scanned += 1
        base = z.price[u] + at
        if base < bound:
            bound = base
            end = u
            comer = -1
        for j in range(t.by_shelter[u], t.by_shelter[u + 1]):
            home = z.home[t.entry_row[j]]
            here = base + t.entry_cost[j]
            if home >= 0:
                x = home & t.mask
                value = here - (home >> t.shift) - z.price[x]
                if value < q.distance[x] and value < bound:
                    size, touched = _meet(q, size, touched, x, value, j, u)
                continue
            i = t.entry_row[j]
            if z.outside[i] > 0 and here - outside < bound:
                bound = here - outside
                end = u
                comer = j
            if home == ONLY_OUTSIDE:
                continue
            for e in range(t.indptr[i], t.indptr[i + 1]):
                if z.flow[e] == 0:
                    continue
                found = np.int64(t.key[e])
                x = found & t.mask
                value = here - (found >> t.shift) - z.price[x]
                if value < q.distance[x] and value < bound:
                    size, touched = _meet(q, size, touched, x, value, j, u)
    return bound, end, comer, touched, scanned


@njit(cache=True, nogil=True)
def pull(t: Table, z: State, q: Search, outside: int) -> int:
    """Fill every shelter with a price and a free place, or bring its price to 0, by the dearest chains of moves.

    Arrays: a Table, a State that holds the invariant with no shelter overfull, a Search.
    Returns: number of chains.
    """
    chains = 0
    for start in range(len(z.capacity)):
        while z.load[start] < z.capacity[start] and z.price[start] > 0:
            bound, end, comer, touched, scanned = _way_in(t, z, q, outside, start)
            for j in range(scanned):
                u = q.scanned[j]
                if q.distance[u] < bound:
                    z.price[u] -= bound - q.distance[u]
            amount = z.capacity[start] - z.load[start]
            if comer >= 0:
                amount = min(amount, z.outside[t.entry_row[comer]])
            u = end
            while u != start:
                amount = min(amount, z.flow[entry_to(t, t.entry_row[q.via[u]], u)])
                u = np.int64(q.via_to[u])
            u = end
            if comer >= 0:
                i = t.entry_row[comer]
                z.outside[i] -= amount
                put(t, z, t.entry[comer], u, i, amount)
                note(t, z, i)
            while u != start:
                i = t.entry_row[q.via[u]]
                after = np.int64(q.via_to[u])
                take(t, z, entry_to(t, i, u), u, i, amount)
                put(t, z, t.entry[q.via[u]], after, i, amount)
                note(t, z, i)
                u = after
            chains += 1
            clear(q, touched)
    return chains
