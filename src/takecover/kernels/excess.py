"""Overfull shelters made to fit: the exact assignment's first repair, a successive shortest path over shelters."""

from __future__ import annotations

import numpy as np
from numba import njit

from takecover.kernels import heap
from takecover.kernels.transport import (
    FAR,
    SHELTER_BITS,
    SHELTER_MASK,
    Search,
    State,
    Table,
    clear,
    note,
    put,
    take,
)


@njit(cache=True, nogil=True, inline="always")
def _meet(q: Search, touched: int, x: int, value: int, k: int, e: int) -> int:
    """Note that shelter x is now nearest by a move from entry k to entry e; the number touched."""
    if q.distance[x] == FAR:
        q.touched[touched] = x
        touched += 1
    q.distance[x] = value
    q.via[x] = k
    q.via_to[x] = e
    return touched


@njit(cache=True, nogil=True)
def _way_out(t: Table, z: State, q: Search, outside: int, start: int) -> tuple[int, int, int, int, int]:
    """The cheapest way to rid a shelter of one person: a chain of moves to a free place or to the outside.

    Arrays: a Table, a State, a Search.
    Returns: cost of the chain, shelter at its end, entry whose people leave from there (-1 where the end has a free
    place), shelters touched, shelters scanned.
    """
    size = heap.push(q.queue, 0, np.int64(start))
    q.touched[0] = start
    q.distance[start] = 0
    touched = 1
    scanned = 0
    bound = FAR
    end = np.int64(-1)
    leaver = -1
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
        base = z.price[u] - at
        first = t.by_shelter[u]
        for j in range(first, first + z.members[u]):
            k = z.member[j]
            i = z.member_row[j]
            here = (np.int64(t.key[k]) >> t.shift) + base
            if outside - here < bound:
                bound = outside - here
                end = u
                leaver = k
            for e in range(t.indptr[i], t.indptr[i + 1]):
                found = np.int64(t.key[e])
                value = (found >> t.shift) - here
                if value >= bound:
                    break
                x = found & t.mask
                value += z.price[x]
                if value < q.distance[x] and value < bound:
                    touched = _meet(q, touched, x, value, k, e)
                    if z.load[x] < z.capacity[x]:
                        bound = value
                        end = x
                        leaver = -1
                    else:
                        size = heap.push(q.queue, size, (value << SHELTER_BITS) | x)
    return bound, end, leaver, touched, scanned


@njit(cache=True, nogil=True)
def push(t: Table, z: State, q: Search, outside: int) -> int:
    """Rid every overfull shelter of its excess, each time by the cheapest chain of moves.

    Arrays: a Table, a State that holds the invariant, a Search.
    Returns: number of chains.
    """
    chains = 0
    for start in range(len(z.capacity)):
        while z.load[start] > z.capacity[start]:
            bound, end, leaver, touched, scanned = _way_out(t, z, q, outside, start)
            for j in range(scanned):
                u = q.scanned[j]
                if q.distance[u] < bound:
                    z.price[u] += bound - q.distance[u]
            amount = z.load[start] - z.capacity[start]
            amount = min(amount, z.flow[leaver] if leaver >= 0 else z.capacity[end] - z.load[end])
            u = end
            while u != start:
                amount = min(amount, z.flow[q.via[u]])
                u = np.int64(t.key[q.via[u]]) & t.mask
            u = end
            if leaver >= 0:
                i = t.row[leaver]
                take(t, z, leaver, u, i, amount)
                z.outside[i] += amount
                note(t, z, i)
            while u != start:
                k = q.via[u]
                i = t.row[k]
                before = np.int64(t.key[k]) & t.mask
                take(t, z, k, before, i, amount)
                put(t, z, q.via_to[u], u, i, amount)
                note(t, z, i)
                u = before
            chains += 1
            clear(q, touched)
    return chains
