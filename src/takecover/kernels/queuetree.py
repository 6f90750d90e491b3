"""The spanning tree of the assignment over time: slots of queues before shelters.

Nodes are m places (a slot of a queue, or a shelter), the root (m) and the n rows (from m + 1 on). A row's arc leads
to a slot (an entry of its table) or OUTSIDE. From a slot one is SERVED on, to the shelter or to a slot of a second
queue, at most so many in each slot; or waits for the next slot, without a limit. A shelter's places are what it must
receive: SPARE fills it up from the root, OVER takes away what is too much. Only the service has a limit, so it is the
one arc outside the tree that may carry flow: `is_full` says so.

Few of the tree's nodes stand in lists of children. A slot that hangs on its shelter by its service, or on the slot
after or before it by waiting, is found where it lies in memory: `tie` says so, and a change of price goes through a
shelter, or through a run of slots, in one pass over neighbouring numbers. A row that uses one arc alone is a leaf
without a price and stands nowhere. Nothing lists what hangs on the root, since no change of price begins there.

References: Ahuja, Magnanti, Orlin (1993), Network Flows, chapter 11; Cunningham (1976) for strong feasibility.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

OUTSIDE, SPARE, OVER, SIDE = -1, -2, -3, -4
"""Arcs that are no entries; SIDE - 2 x is the service of slot x, SIDE - 2 x - 1 waiting in it."""

ENTERING = -1
"""In place of a node that is cut off: the cycle blocks at the entering arc itself."""

SERVED, WAITS, WAITED = 1, 2, 3
"""How a slot that stands in no list hangs: on its shelter, on the slot after it, on the slot before it."""


class Entries(NamedTuple):
    """The table: indptr (n + 1,) int64; cost and slot (a,) int32, cost ascending in a row; outside: the cost of one
    person left outside.
    """

    indptr: np.ndarray
    cost: np.ndarray
    slot: np.ndarray
    outside: int


class Places(NamedTuple):
    """Slots and shelters, heads behind their tails.

    head (m,) int32: where service leads, -1 for a shelter; most (m,) int64: whom a slot serves, or places; cost (m,)
    int64 of the service; wait (m,) int64: cost of waiting for the slot after it, -1 where there is none; begin, end
    (m,) int32: the slots before a shelter; is_direct (m,) uint8: whether service leads to a shelter; home (m,) int32:
    the place's shelter.
    """

    head: np.ndarray
    most: np.ndarray
    cost: np.ndarray
    wait: np.ndarray
    begin: np.ndarray
    end: np.ndarray
    is_direct: np.ndarray
    home: np.ndarray


NODE = np.dtype([("flow", np.int64), ("parent", np.int32), ("arc", np.int32)])
"""A node: the flow on the arc to its parent, that parent, that arc."""

KIN = np.dtype([("first", np.int32), ("following", np.int32), ("before", np.int32), ("home", np.int32)])
"""What a walk over a subtree needs of a place: the first in its list, its neighbours in the list in which it stands (-1
where none) and its shelter. Of a row: the first and (following) the last of the places below it, which stand side by
side in the list of the place above it.
"""


class Basis(NamedTuple):
    """The tree.

    nodes (m + 1 + n,) NODE; kin (m + 1 + n,) KIN; price (m + 1,) int64; tie, is_full (m + 1,) uint8; stack and trail:
    room for walks, seen: the last cycle on which a node was met, an even number from the tail, an odd one from the
    head, all (m + 1 + n,) int32. clock (2,) int64 counts changes of price and cycles, moved (m,) int64 says when the
    last change was at a shelter or a queue before it.
    """

    nodes: np.ndarray
    kin: np.ndarray
    price: np.ndarray
    tie: np.ndarray
    is_full: np.ndarray
    stack: np.ndarray
    trail: np.ndarray
    seen: np.ndarray
    clock: np.ndarray
    moved: np.ndarray


@njit(cache=True, nogil=True, inline="always")
def link(kin: np.ndarray, node: int, parent: int) -> None:
    """Put a place first in the list of another."""
    head = kin[parent]["first"]
    kin[node]["following"] = head
    kin[node]["before"] = -1
    if head >= 0:
        kin[head]["before"] = node
    kin[parent]["first"] = node


@njit(cache=True, nogil=True, inline="always")
def unlink(kin: np.ndarray, root: int, first: int, last: int, parent: int) -> None:
    """Take a piece out of the list of a place, or of none if that is the root."""
    ahead, behind = kin[first]["before"], kin[last]["following"]
    if ahead >= 0:
        kin[ahead]["following"] = behind
    elif parent != root:
        kin[parent]["first"] = behind
    if behind >= 0:
        kin[behind]["before"] = ahead
    kin[first]["before"] = kin[last]["following"] = -1


@njit(cache=True, nogil=True, inline="always")
def join(kin: np.ndarray, root: int, place: int, row: int, above: int) -> None:
    """Put a place among those below a row, and so in the list of the place above that, or of none if it is the root."""
    head = kin[row]["first"]
    kin[row]["first"] = place
    if head < 0:
        kin[row]["following"] = place
        kin[place]["before"] = kin[place]["following"] = -1
        if above != root:
            link(kin, place, above)
        return
    ahead = kin[head]["before"]
    kin[place]["before"], kin[place]["following"] = ahead, head
    kin[head]["before"] = place
    if ahead >= 0:
        kin[ahead]["following"] = place
    elif above != root:
        kin[above]["first"] = place


@njit(cache=True, nogil=True, inline="always")
def leave(kin: np.ndarray, root: int, place: int, row: int, above: int) -> None:
    """Take a place from those below a row."""
    if kin[row]["first"] == place:
        kin[row]["first"] = -1 if kin[row]["following"] == place else kin[place]["following"]
    elif kin[row]["following"] == place:
        kin[row]["following"] = kin[place]["before"]
    unlink(kin, root, place, place, above)


@njit(cache=True, nogil=True, inline="always")
def move(kin: np.ndarray, root: int, row: int, above: int, parent: int) -> None:
    """Take what is below a row from the list of one place to that of another; the root has none."""
    first, last = np.int64(kin[row]["first"]), np.int64(kin[row]["following"])
    if first < 0:
        return
    unlink(kin, root, first, last, above)
    if parent != root:
        head = kin[parent]["first"]
        kin[last]["following"] = head
        if head >= 0:
            kin[head]["before"] = last
        kin[parent]["first"] = first


@njit(cache=True, nogil=True, inline="always")
def tie_of(is_direct: np.ndarray, root: int, node: int, arc: int) -> int:
    """How a node hangs: SERVED, WAITS, WAITED, or 0 for one that has to be listed."""
    if arc > SIDE or node > root:
        return 0
    x = (SIDE - arc) >> 1
    if (SIDE - arc) & 1 == 1:
        return WAITS if x == node else WAITED
    return SERVED if x == node and is_direct[node] == 1 else 0


@njit(cache=True, nogil=True)
def plant(t: Basis, g: Places, rows: Entries, people: np.ndarray, start: np.ndarray) -> None:
    """The tree that prices give: every row at its best slot; a slot that is not full serves whom it has; what others
    and shelters have too many or too few hangs on the root by OVER or SPARE.

    Arrays: a Basis, Places, Entries, people (n,) int64, start (m,) int64 the prices.
    """
    root = len(start)
    nodes, kin = t.nodes, t.kin
    load = np.zeros(root, np.int64)
    for node in range(len(nodes)):
        kin[node]["first"], kin[node]["following"], kin[node]["home"] = -1, -1, -1
    for x in range(root):
        kin[x]["home"] = g.home[x]
    t.tie[:] = 0
    t.is_full[:] = 0
    for x in range(root - 1, -1, -1):
        if g.wait[x] >= 0:
            start[x] = min(start[x], g.wait[x] + start[x + 1])
    for i in range(len(people)):
        best, entry = np.int64(rows.outside), OUTSIDE
        for k in range(rows.indptr[i], rows.indptr[i + 1]):
            if rows.cost[k] > best:
                break
            value = rows.cost[k] + start[rows.slot[k]]
            if value < best:
                best, entry = value, k
        at = nodes[root + 1 + i]
        at["arc"], at["flow"], at["parent"] = entry, people[i], root if entry < 0 else rows.slot[entry]
        if entry >= 0:
            load[at["parent"]] += people[i]
    nodes[root]["parent"], t.price[root] = -1, 0
    for x in range(root):
        head, at = g.head[x], nodes[x]
        if head >= 0 and load[x] < g.most[x]:
            at["parent"], at["arc"], at["flow"] = head, SIDE - 2 * x, load[x]
            load[head] += load[x]
            if g.is_direct[x] == 1:
                t.tie[x] = SERVED
            else:
                link(kin, x, head)
            continue
        if head >= 0:
            t.is_full[x] = 1
            load[head] += g.most[x]
        left = load[x] - g.most[x]
        at["parent"], at["flow"], at["arc"] = root, abs(left), OVER if left >= 0 else SPARE


@njit(cache=True, nogil=True, inline="always")
def push(kin: np.ndarray, stack: np.ndarray, size: int, first: int) -> int:
    """Put a list from its first place on upon a stack; its new size."""
    child = np.int64(first)
    while child >= 0:
        stack[size] = child
        size += 1
        child = np.int64(kin[child]["following"])
    return size


@njit(cache=True, nogil=True)
def reprice(t: Basis, g: Places, rows: Entries, floor: np.ndarray, ceiling: np.ndarray) -> None:
    """The prices that the tree gives, from the root down.

    Arrays: a Basis, Places, Entries, floor and ceiling (m,) int64: what SPARE and OVER cost.
    """
    root = len(floor)
    nodes, kin, price, stack, tie = t.nodes, t.kin, t.price, t.stack, t.tie
    t.clock[0] += 1
    t.moved[:] = t.clock[0]
    size = 0
    for node in range(len(nodes)):
        if node != root and nodes[node]["parent"] == root:
            stack[size] = node
            size += 1
    while size > 0:
        size -= 1
        c = stack[size]
        size = push(kin, stack, size, kin[c]["first"])
        if c > root:
            continue
        a, p = nodes[c]["arc"], nodes[c]["parent"]
        if a == SPARE:
            price[c] = floor[c]
        elif a == OVER:
            price[c] = ceiling[c]
        elif a >= 0:
            b = nodes[p]["arc"]
            value = np.int64(rows.outside)
            if b >= 0:
                value = rows.cost[b] + price[nodes[p]["parent"]]
            price[c] = value - rows.cost[a]
        else:
            x = (SIDE - a) >> 1
            cost = g.cost[x] if (SIDE - a) & 1 == 0 else g.wait[x]
            price[c] = price[p] + (cost if x == c else -cost)
        for x in range(g.begin[c], g.end[c]):
            if tie[x] == SERVED:
                stack[size] = x
                size += 1
        if c > 0 and tie[c - 1] == WAITS:
            stack[size] = c - 1
            size += 1
        if tie[c + 1] == WAITED:
            stack[size] = c + 1
            size += 1
