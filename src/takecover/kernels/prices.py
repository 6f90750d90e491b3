"""The least optimal prices of an optimal assignment: what exactly one more place in each shelter gains."""

from __future__ import annotations

import numpy as np
from numba import njit

from takecover.kernels import heap
from takecover.kernels.transport import SHELTER_BITS, SHELTER_MASK, Search, State, Table


@njit(cache=True, nogil=True)
def lower(t: Table, z: State, q: Search, outside: int) -> None:
    """Lower every price as far as the flow stays optimal, in one search from all who could use one more place.

    One more place is worth what the best chain of moves into it gains: price less the least reduced cost of a chain
    that begins outside, or ends the need for a place elsewhere (Dijkstra on reduced costs; every shelter is scanned
    once).

    Arrays: a Table, an optimal State, a Search (its distances are left at FAR).
    Returns: nothing; z.price holds the least prices.
    """
    shelter_count = len(z.capacity)
    fall = z.price.copy()
    for i in range(len(z.people)):
        if z.outside[i] > 0:
            for k in range(t.indptr[i], t.indptr[i + 1]):
                found = np.int64(t.key[k])
                s = found & t.mask
                fall[s] = min(fall[s], (found >> t.shift) + z.price[s] - outside)
    size = 0
    for s in range(shelter_count):
        size = heap.push(q.queue, size, (fall[s] << SHELTER_BITS) | s)
    done = 0
    while size > 0:
        head = q.queue[0]
        size = heap.pop(q.queue, size)
        u = head & SHELTER_MASK
        if q.is_done[u]:
            continue
        q.is_done[u] = True
        q.touched[done] = u
        done += 1
        base = z.price[u] - (head >> SHELTER_BITS)
        first = t.by_shelter[u]
        for j in range(first, first + z.members[u]):
            here = (np.int64(t.key[z.member[j]]) >> t.shift) + base
            i = z.member_row[j]
            for e in range(t.indptr[i], t.indptr[i + 1]):
                found = np.int64(t.key[e])
                x = found & t.mask
                value = (found >> t.shift) + z.price[x] - here
                if not q.is_done[x] and value < fall[x]:
                    fall[x] = value
                    size = heap.push(q.queue, size, (value << SHELTER_BITS) | x)
    for j in range(done):
        q.is_done[q.touched[j]] = False
    for s in range(shelter_count):
        z.price[s] -= fall[s]
