"""The spanning tree of the assignment over time: slots of queues before shelters, and the pivot that changes it.

Nodes are m places (a slot of a queue, or a shelter), the root (m) and the n rows (from m + 1 on). A row's arc leads
to a slot (an entry of its table) or OUTSIDE. From a slot one is SERVED on, to the shelter or to a slot of a second
queue, at most so many in each slot; or waits for the next slot, without a limit. A shelter's places are what it must
receive: SPARE fills it up from the root, OVER takes away what is too much. Only the service has a limit, so it is the
one arc outside the tree that may carry flow: `is_full` says so.

Most slots are quiet: nobody waits, whoever comes is served. A quiet slot hangs on its shelter by its service and, as
long as nothing hangs on it but rows that use it alone, stands in no list of children: its price follows the shelter's
in one run over neighbouring memory. So the tree that is walked is as small as what is congested.

References: Ahuja, Magnanti, Orlin (1993), Network Flows, chapter 11; Cunningham (1976) for strong feasibility.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

OUTSIDE, SPARE, OVER, SIDE = -1, -2, -3, -4
"""Arcs that are no entries; SIDE - 2 x is the service of slot x, SIDE - 2 x - 1 waiting in it."""

UNLIMITED = 1 << 40
"""More than all the people."""

_ENTERING = -1


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


NODE = np.dtype(
    [
        ("flow", np.int64),
        ("parent", np.int32),
        ("arc", np.int32),
        ("depth", np.int32),
        ("first", np.int32),
        ("following", np.int32),
        ("before", np.int32),
    ]
)
"""A node: the flow on the arc to its parent, that parent, that arc; depth (of listed nodes); its first child and its
neighbours among the children of its parent, -1 where none. Half a line of memory: a walk reads most of every node.
"""


class Basis(NamedTuple):
    """The tree.

    nodes (m + 1 + n,) NODE; price (m + 1,) int64; is_quiet, is_full (m + 1,) uint8; stack: room for a walk
    (m + 1 + n,) int32. clock (1,) int64 counts changes of price, moved (m,) int64 says when the last was at a shelter
    or a queue before it.
    """

    nodes: np.ndarray
    price: np.ndarray
    is_quiet: np.ndarray
    is_full: np.ndarray
    stack: np.ndarray
    clock: np.ndarray
    moved: np.ndarray


@njit(cache=True, nogil=True, inline="always")
def _is_up(root: int, node: int, arc: int) -> bool:
    """Whether the arc between a node and its parent runs to the parent."""
    if arc <= SIDE:
        return node == (SIDE - arc) >> 1
    return node > root if arc >= 0 else arc != SPARE


@njit(cache=True, nogil=True, inline="always")
def _link(nodes: np.ndarray, node: int, parent: int) -> None:
    """Put a node first among the children of its parent."""
    head = nodes[parent]["first"]
    nodes[node]["following"] = head
    nodes[node]["before"] = -1
    if head >= 0:
        nodes[head]["before"] = node
    nodes[parent]["first"] = node


@njit(cache=True, nogil=True, inline="always")
def _unlink(nodes: np.ndarray, node: int, parent: int) -> None:
    """Take a node out of the children of its parent."""
    ahead, behind = nodes[node]["before"], nodes[node]["following"]
    if ahead >= 0:
        nodes[ahead]["following"] = behind
    else:
        nodes[parent]["first"] = behind
    if behind >= 0:
        nodes[behind]["before"] = ahead


@njit(cache=True, nogil=True, inline="always")
def _list(nodes: np.ndarray, is_quiet: np.ndarray, root: int, node: int) -> None:
    """See that a node stands in the list of its parent, and that one in its own."""
    is_leaf = node > root and nodes[node]["first"] < 0
    place = nodes[node]["parent"] if is_leaf else node
    if place < root and is_quiet[place] == 1:
        is_quiet[place] = 0
        above = nodes[place]["parent"]
        _link(nodes, place, above)
        nodes[place]["depth"] = nodes[above]["depth"] + 1
    if is_leaf:
        _link(nodes, node, place)
        nodes[node]["depth"] = nodes[place]["depth"] + 1


@njit(cache=True, nogil=True, inline="always")
def _unlist(nodes: np.ndarray, is_quiet: np.ndarray, is_direct: np.ndarray, root: int, node: int) -> None:
    """Take a row or a quiet slot on which nothing hangs any more out of its list."""
    while node != root and nodes[node]["first"] < 0:
        above = nodes[node]["parent"]
        if node < root:
            if is_quiet[node] == 0 and nodes[node]["arc"] == SIDE - 2 * node and is_direct[node] == 1:
                _unlink(nodes, node, above)
                is_quiet[node] = 1
            return
        _unlink(nodes, node, above)
        node = above


@njit(cache=True, nogil=True)
def plant(t: Basis, g: Places, rows: Entries, people: np.ndarray, start: np.ndarray) -> None:
    """The tree that prices give: every row at its best slot; a slot that is not full serves whom it has; what others
    and shelters have too many or too few hangs on the root by OVER or SPARE.

    Arrays: a Basis, Places, Entries, people (n,) int64, start (m,) int64 the prices.
    """
    root = len(start)
    nodes = t.nodes
    load = np.zeros(root, np.int64)
    for node in range(len(nodes)):
        nodes[node]["first"] = -1
    t.is_quiet[:] = 0
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
    nodes[root]["parent"], nodes[root]["depth"], t.price[root] = -1, 0, 0
    for x in range(root):
        head, at = g.head[x], nodes[x]
        if head >= 0 and load[x] < g.most[x]:
            at["parent"], at["arc"], at["flow"] = head, SIDE - 2 * x, load[x]
            load[head] += load[x]
            if g.is_direct[x] == 1 and at["first"] < 0:
                t.is_quiet[x] = 1
            else:
                _link(nodes, x, head)
            continue
        if head >= 0:
            t.is_full[x] = 1
            load[head] += g.most[x]
        left = load[x] - g.most[x]
        at["parent"], at["depth"], at["flow"], at["arc"] = root, 1, abs(left), OVER if left >= 0 else SPARE
        _link(nodes, x, root)


@njit(cache=True, nogil=True)
def reprice(t: Basis, g: Places, rows: Entries, floor: np.ndarray, ceiling: np.ndarray) -> None:
    """The prices and depths that the tree gives, from the root down.

    Arrays: a Basis, Places, Entries, floor and ceiling (m,) int64: what SPARE and OVER cost.
    """
    root = len(floor)
    nodes, price, stack = t.nodes, t.price, t.stack
    t.clock[0] += 1
    t.moved[:] = t.clock[0]
    stack[0] = root
    size = 1
    while size > 0:
        size -= 1
        p = stack[size]
        if p < root:
            for x in range(g.begin[p], g.end[p]):
                if t.is_quiet[x] == 1:
                    price[x] = price[p] + g.cost[x]
        c = nodes[p]["first"]
        while c >= 0:
            nodes[c]["depth"] = nodes[p]["depth"] + 1
            a = nodes[c]["arc"]
            if c < root:
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
            stack[size] = c
            size += 1
            c = nodes[c]["following"]


@njit(cache=True, nogil=True, inline="always")
def _depth(nodes: np.ndarray, is_quiet: np.ndarray, root: int, node: int) -> int:
    """Depth of any node."""
    more = 0
    if node > root and nodes[node]["first"] < 0:
        node = nodes[node]["parent"]
        more = 1
    if node < root and is_quiet[node] == 1:
        node = nodes[node]["parent"]
        more += 1
    return int(nodes[node]["depth"]) + more


@njit(cache=True, nogil=True, inline="always")
def _room(most: np.ndarray, arc: int, flow: int) -> int:
    """What an arc of the tree can take more."""
    return int(most[(SIDE - arc) >> 1]) - flow if arc <= SIDE and (SIDE - arc) & 1 == 0 else UNLIMITED


@njit(cache=True, nogil=True, inline="always")
def _bottleneck(
    nodes: np.ndarray, is_quiet: np.ndarray, most: np.ndarray, root: int, tail: int, head: int, room: int
) -> tuple[int, int, int, bool]:
    """Where the cycle of a push from tail to head blocks: the last such arc from the apex on, which keeps the tree
    strongly feasible, so that no pivot ever comes back to a tree.

    Returns: apex, amount, the node above which the tree is cut (-1: it is the entering arc), whether that lies on the
    tail's side.
    """
    at_tail, at_head = _depth(nodes, is_quiet, root, tail), _depth(nodes, is_quiet, root, head)
    u, w = tail, head
    amount, cut, is_tail_side = 1 << 50, _ENTERING, True
    while u != w:
        if at_tail >= at_head:
            at = nodes[u]
            left = at["flow"] if _is_up(root, u, at["arc"]) else _room(most, at["arc"], at["flow"])
            if left < amount:
                amount, cut = left, u
            u = int(at["parent"])
            at_tail -= 1
        else:
            w = int(nodes[w]["parent"])
            at_head -= 1
    if room <= amount:
        amount, cut = room, _ENTERING
    apex, w = u, head
    while w != apex:
        at = nodes[w]
        left = _room(most, at["arc"], at["flow"]) if _is_up(root, w, at["arc"]) else at["flow"]
        if left <= amount:
            amount, cut, is_tail_side = left, w, False
        w = int(at["parent"])
    return apex, amount, cut, is_tail_side


@njit(cache=True, nogil=True, inline="always")
def _send(nodes: np.ndarray, root: int, node: int, apex: int, amount: int) -> None:
    """Add flow along the path from the apex down to a node; a negative amount takes it off."""
    while node != apex:
        nodes[node]["flow"] += -amount if _is_up(root, node, nodes[node]["arc"]) else amount
        node = nodes[node]["parent"]


@njit(cache=True, nogil=True, inline="always")
def _turn(nodes: np.ndarray, x: int, y: int, cut: int, arc: int, amount: int) -> None:
    """Hang the path from x up to the cut upside down on y, by the entering arc."""
    parent, node = y, x
    while True:
        at = nodes[node]
        above, next_flow, next_arc = at["parent"], at["flow"], at["arc"]
        _unlink(nodes, node, above)
        at["parent"], at["flow"], at["arc"] = parent, amount, arc
        _link(nodes, node, parent)
        if node == cut:
            break
        parent, node, amount, arc = node, above, next_flow, next_arc


@njit(cache=True, nogil=True)
def shift(t: Basis, g: Places, root: int, top: int, change: int) -> None:
    """Change the prices, and mend the depths, of a subtree."""
    nodes, stack, price = t.nodes, t.stack, t.price
    begin, end, home, is_quiet, moved = g.begin, g.end, g.home, t.is_quiet, t.moved
    t.clock[0] += 1
    now = t.clock[0]
    stack[0] = top
    size = 1
    while size > 0:
        size -= 1
        node = stack[size]
        at = nodes[node]
        at["depth"] = nodes[at["parent"]]["depth"] + 1
        if node < root:
            price[node] += change
            moved[home[node]] = now
            for x in range(begin[node], end[node]):
                price[x] += change * is_quiet[x]
        child = at["first"]
        while child >= 0:
            stack[size] = child
            size += 1
            child = nodes[child]["following"]


@njit(cache=True, nogil=True)
def pivot(
    t: Basis, g: Places, root: int, tail: int, head: int, arc: int, reduced: int, is_forward: bool
) -> None:
    """Push along an arc of negative reduced cost, from tail to head; the arc of the cycle that blocks goes out.

    Arrays: a Basis, Places; is_forward: whether the arc runs from tail to head, or is full and gives back.
    """
    nodes, is_quiet, is_full = t.nodes, t.is_quiet, t.is_full
    most = _room(g.most, arc, 0)
    apex, amount, cut, is_tail_side = _bottleneck(nodes, is_quiet, g.most, root, tail, head, most)
    if amount > 0:
        _send(nodes, root, tail, apex, amount)
        _send(nodes, root, head, apex, -amount)
    if cut == _ENTERING:
        is_full[(SIDE - arc) >> 1] = 1 if is_forward else 0
        return
    if cut == tail and tail > root and nodes[tail]["first"] < 0:
        nodes[tail]["parent"], nodes[tail]["arc"], nodes[tail]["flow"] = head, arc, amount
        return
    out = nodes[cut]["arc"]
    if out <= SIDE and (SIDE - out) & 1 == 0:
        is_full[(SIDE - out) >> 1] = 1 if _room(g.most, out, nodes[cut]["flow"]) == 0 else 0
    x, y = (tail, head) if is_tail_side else (head, tail)
    for node in (x, y):
        _list(nodes, is_quiet, root, node)
    above = np.int64(nodes[cut]["parent"])
    if arc <= SIDE and (SIDE - arc) & 1 == 0:
        is_full[(SIDE - arc) >> 1] = 0
    _turn(nodes, x, y, cut, arc, amount if is_forward else most - amount)
    shift(t, g, root, x, reduced if is_tail_side else -reduced)
    for node in (cut, int(above)):
        _unlist(nodes, is_quiet, g.is_direct, root, node)
