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


class Basis(NamedTuple):
    """The tree.

    Of every node (m + 1 + n,): parent, arc to it int32, flow on that arc and its limit int64, depth int32 (of listed
    nodes), is_up int8: whether the arc runs to the parent. Children: first, following, before int32, -1 where none.
    price (m + 1,) int64; is_quiet, is_full (m + 1,) uint8; stack: room for a walk (m + 1 + n,) int32. clock (1,) int64
    counts changes of price, moved (m,) int64 says when the last was at a shelter or a queue before it.
    """

    parent: np.ndarray
    arc: np.ndarray
    flow: np.ndarray
    limit: np.ndarray
    depth: np.ndarray
    is_up: np.ndarray
    first: np.ndarray
    following: np.ndarray
    before: np.ndarray
    price: np.ndarray
    is_quiet: np.ndarray
    is_full: np.ndarray
    stack: np.ndarray
    clock: np.ndarray
    moved: np.ndarray


@njit(cache=True, nogil=True, inline="always")
def _link(t: Basis, node: int, parent: int) -> None:
    """Put a node first among the children of its parent."""
    head = t.first[parent]
    t.following[node] = head
    t.before[node] = -1
    if head >= 0:
        t.before[head] = node
    t.first[parent] = node


@njit(cache=True, nogil=True, inline="always")
def _unlink(t: Basis, node: int, parent: int) -> None:
    """Take a node out of the children of its parent."""
    ahead, behind = t.before[node], t.following[node]
    if ahead >= 0:
        t.following[ahead] = behind
    else:
        t.first[parent] = behind
    if behind >= 0:
        t.before[behind] = ahead


@njit(cache=True, nogil=True, inline="always")
def _list(t: Basis, root: int, node: int) -> None:
    """See that a node stands in the list of its parent, and that one in its own."""
    if node > root and t.first[node] < 0:
        above = t.parent[node]
        if t.is_quiet[above] == 1:
            t.is_quiet[above] = 0
            _link(t, above, t.parent[above])
            t.depth[above] = t.depth[t.parent[above]] + 1
        _link(t, node, above)
        t.depth[node] = t.depth[above] + 1
    elif node < root and t.is_quiet[node] == 1:
        t.is_quiet[node] = 0
        _link(t, node, t.parent[node])
        t.depth[node] = t.depth[t.parent[node]] + 1


@njit(cache=True, nogil=True, inline="always")
def _unlist(t: Basis, g: Places, root: int, node: int) -> None:
    """Take a row or a quiet slot on which nothing hangs any more out of its list."""
    while node != root and t.first[node] < 0:
        above = t.parent[node]
        if node < root:
            if t.is_quiet[node] == 0 and t.arc[node] == SIDE - 2 * node and g.is_direct[node] == 1:
                _unlink(t, node, above)
                t.is_quiet[node] = 1
            return
        _unlink(t, node, above)
        node = above


@njit(cache=True, nogil=True)
def plant(t: Basis, g: Places, rows: Entries, people: np.ndarray, start: np.ndarray) -> None:
    """The tree that prices give: every row at its best slot; a slot that is not full serves whom it has; what others
    and shelters have too many or too few hangs on the root by OVER or SPARE.

    Arrays: a Basis, Places, Entries, people (n,) int64, start (m,) int64 the prices.
    """
    root = len(start)
    load = np.zeros(root, np.int64)
    t.first[:] = -1
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
        node = root + 1 + i
        t.arc[node], t.flow[node], t.limit[node], t.is_up[node] = entry, people[i], UNLIMITED, 1
        t.parent[node] = root if entry < 0 else rows.slot[entry]
        if entry >= 0:
            load[t.parent[node]] += people[i]
    t.parent[root], t.depth[root], t.price[root] = -1, 0, 0
    for x in range(root):
        head = g.head[x]
        if head >= 0 and load[x] < g.most[x]:
            t.parent[x], t.arc[x], t.flow[x], t.limit[x], t.is_up[x] = (
                head,
                SIDE - 2 * x,
                load[x],
                g.most[x],
                1,
            )
            load[head] += load[x]
            if g.is_direct[x] == 1 and t.first[x] < 0:
                t.is_quiet[x] = 1
            else:
                _link(t, x, head)
            continue
        if head >= 0:
            t.is_full[x] = 1
            load[head] += g.most[x]
        left = load[x] - g.most[x]
        t.parent[x], t.limit[x], t.depth[x], t.flow[x] = root, UNLIMITED, 1, abs(left)
        t.arc[x], t.is_up[x] = (OVER, 1) if left >= 0 else (SPARE, 0)
        _link(t, x, root)


@njit(cache=True, nogil=True)
def reprice(t: Basis, g: Places, rows: Entries, floor: np.ndarray, ceiling: np.ndarray) -> None:
    """The prices and depths that the tree gives, from the root down.

    Arrays: a Basis, Places, Entries, floor and ceiling (m,) int64: what SPARE and OVER cost.
    """
    root = len(floor)
    t.clock[0] += 1
    t.moved[:] = t.clock[0]
    t.stack[0] = root
    size = 1
    while size > 0:
        size -= 1
        p = t.stack[size]
        if p < root:
            for x in range(g.begin[p], g.end[p]):
                if t.is_quiet[x] == 1:
                    t.price[x] = t.price[p] + g.cost[x]
        c = t.first[p]
        while c >= 0:
            t.depth[c] = t.depth[p] + 1
            a = t.arc[c]
            if c < root:
                if a == SPARE:
                    t.price[c] = floor[c]
                elif a == OVER:
                    t.price[c] = ceiling[c]
                elif a >= 0:
                    b = t.arc[p]
                    value = np.int64(rows.outside)
                    if b >= 0:
                        value = rows.cost[b] + t.price[t.parent[p]]
                    t.price[c] = value - rows.cost[a]
                else:
                    x = (SIDE - a) >> 1
                    cost = g.cost[x] if (SIDE - a) & 1 == 0 else g.wait[x]
                    t.price[c] = t.price[p] + (cost if t.is_up[c] == 1 else -cost)
            t.stack[size] = c
            size += 1
            c = t.following[c]


@njit(cache=True, nogil=True, inline="always")
def _depth(t: Basis, root: int, node: int) -> int:
    """Depth of any node."""
    more = 0
    if node > root and t.first[node] < 0:
        node = t.parent[node]
        more = 1
    if node < root and t.is_quiet[node] == 1:
        node = t.parent[node]
        more += 1
    return int(t.depth[node]) + more


@njit(cache=True, nogil=True, inline="always")
def _bottleneck(t: Basis, root: int, tail: int, head: int, room: int) -> tuple[int, int, int, bool]:
    """Where the cycle of a push from tail to head blocks: the last such arc from the apex on, which keeps the tree
    strongly feasible, so that no pivot ever comes back to a tree.

    Returns: apex, amount, the node above which the tree is cut (-1: it is the entering arc), whether that lies on the
    tail's side.
    """
    parent, flow, limit, is_up = t.parent, t.flow, t.limit, t.is_up
    at_tail, at_head = _depth(t, root, tail), _depth(t, root, head)
    u, w = np.int64(tail), np.int64(head)
    amount, cut, is_tail_side = np.int64(1) << 50, np.int64(_ENTERING), True
    while u != w:
        if at_tail >= at_head:
            left = flow[u] if is_up[u] == 1 else limit[u] - flow[u]
            if left < amount:
                amount, cut = left, u
            u = np.int64(parent[u])
            at_tail -= 1
        else:
            w = np.int64(parent[w])
            at_head -= 1
    if room <= amount:
        amount, cut = np.int64(room), np.int64(_ENTERING)
    apex, w = u, np.int64(head)
    while w != apex:
        left = flow[w] if is_up[w] == 0 else limit[w] - flow[w]
        if left <= amount:
            amount, cut, is_tail_side = left, w, False
        w = np.int64(parent[w])
    return int(apex), int(amount), int(cut), is_tail_side


@njit(cache=True, nogil=True, inline="always")
def _send(t: Basis, node: int, apex: int, amount: int) -> None:
    """Add flow along the path from the apex down to a node; a negative amount takes it off."""
    parent, flow, is_up = t.parent, t.flow, t.is_up
    while node != apex:
        if is_up[node] == 1:
            flow[node] -= amount
        else:
            flow[node] += amount
        node = parent[node]


@njit(cache=True, nogil=True, inline="always")
def _turn(t: Basis, x: int, y: int, cut: int, arc: int, amount: int, limit: int, is_up: int) -> None:
    """Hang the path from x up to the cut upside down on y, by the entering arc."""
    parents, flows, limits, arcs, ups = t.parent, t.flow, t.limit, t.arc, t.is_up
    parent, node = y, x
    while True:
        above, next_flow, next_limit, next_arc, was_up = (
            parents[node],
            flows[node],
            limits[node],
            arcs[node],
            ups[node],
        )
        _unlink(t, node, above)
        parents[node], flows[node], limits[node], arcs[node], ups[node] = parent, amount, limit, arc, is_up
        _link(t, node, parent)
        if node == cut:
            break
        parent, node, amount, limit, arc, is_up = node, above, next_flow, next_limit, next_arc, 1 - was_up


@njit(cache=True, nogil=True, inline="always")
def _shift(t: Basis, g: Places, root: int, top: int, change: int) -> None:
    """Change the prices, and mend the depths, of a subtree."""
    stack, depth, parent, price, first, following = t.stack, t.depth, t.parent, t.price, t.first, t.following
    begin, end, home, is_quiet, moved = g.begin, g.end, g.home, t.is_quiet, t.moved
    t.clock[0] += 1
    now = t.clock[0]
    stack[0] = top
    size = 1
    while size > 0:
        size -= 1
        node = stack[size]
        depth[node] = depth[parent[node]] + 1
        if node < root:
            price[node] += change
            moved[home[node]] = now
            for x in range(begin[node], end[node]):
                price[x] += change * is_quiet[x]
        child = first[node]
        while child >= 0:
            stack[size] = child
            size += 1
            child = following[child]


@njit(cache=True, nogil=True)
def pivot(
    t: Basis,
    g: Places,
    root: int,
    tail: int,
    head: int,
    arc: int,
    reduced: int,
    most: int,
    is_forward: bool,
) -> None:
    """Push along an arc of negative reduced cost, from tail to head; the arc of the cycle that blocks goes out.

    Arrays: a Basis, Places; most: the limit of the arc; is_forward: whether it runs from tail to head, or is full and
    gives back.
    """
    apex, amount, cut, is_tail_side = _bottleneck(t, root, tail, head, most)
    if amount > 0:
        _send(t, tail, apex, amount)
        _send(t, head, apex, -amount)
    if cut == _ENTERING:
        t.is_full[(SIDE - arc) >> 1] = 1 if is_forward else 0
        return
    if cut == tail and tail > root and t.first[tail] < 0:
        t.parent[tail], t.arc[tail], t.flow[tail] = head, arc, amount
        return
    out = t.arc[cut]
    if out <= SIDE and (SIDE - out) & 1 == 0:
        t.is_full[(SIDE - out) >> 1] = 1 if t.flow[cut] == t.limit[cut] else 0
    x, y = (tail, head) if is_tail_side else (head, tail)
    _list(t, root, x)
    _list(t, root, y)
    above = t.parent[cut]
    is_up = 1 if is_tail_side == is_forward else 0
    if arc <= SIDE and (SIDE - arc) & 1 == 0:
        t.is_full[(SIDE - arc) >> 1] = 0
    _turn(t, x, y, cut, arc, amount if is_forward else most - amount, most, is_up)
    _shift(t, g, root, x, reduced if is_tail_side else -reduced)
    _unlist(t, g, root, cut)
    _unlist(t, g, root, above)


@njit(cache=True, nogil=True)
def carry(t: Basis, g: Places, root: int, x: int, change: int) -> None:
    """Carry a change of what service costs in slot x on to the prices that hang on it.

    Arrays: a Basis, Places.
    """
    t.clock[0] += 1
    t.moved[g.home[x]] = t.clock[0]
    head = g.head[x]
    if t.is_quiet[x] == 1:
        t.price[x] += change
    elif t.arc[x] == SIDE - 2 * x:
        _shift(t, g, root, x, change)
    elif t.arc[head] == SIDE - 2 * x:
        _shift(t, g, root, head, -change)
