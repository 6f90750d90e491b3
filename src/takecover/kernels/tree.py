"""The exact assignment's spanning tree: who is where as a basis of the network simplex, and the pivot that changes it.

Nodes are the s shelters (0 to s - 1), the root (s) and the n rows (from s + 1 on). An arc is an entry of the cost table
(row to shelter), or OUTSIDE (row to root, at the cost of one person left outside), SPARE (root to shelter: places not
used, at a floor of its price) or OVER (shelter to root: people beyond its places, at a ceiling of its price). No arc
has a capacity: a shelter's places are what it must receive. So only arcs of the tree carry flow, and a tree with no
negative flow, no arc that prices out and no flow over is the optimum. The row that uses one shelter only is a leaf and
stands in no list of children, which keeps the tree as small as the shelters.

Why a tree: in the strict order of the two goals one person more under cover may move a chain of many shelters. To
a search that is a walk over half the city; to the tree it is one pivot along one path, whatever one person weighs.

References: Ahuja, Magnanti, Orlin (1993), Network Flows, chapter 11; Cunningham (1976) for strong feasibility.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

OUTSIDE, SPARE, OVER = -1, -2, -3
"""The arcs that are no entries of the table."""

UNWATCHED = 2
"""What `is_stale` says of a block that has to be asked every time."""

UNKNOWN = -(1 << 60)
"""The slack of a row that must be looked at again."""

BLOCK_BITS = 5
"""Rows are looked at in blocks of 32: of 16, 32 and 64 the best for a repair (2.4 ms at the median; 3.5, 3.0)."""


class Rows(NamedTuple):
    """The cost table: indptr (n + 1,) int32; key (a,) uint32 or uint64, cost << shift | shelter, ascending in a row;
    mask of the shelter; outside: the cost of one person left outside.
    """

    indptr: np.ndarray
    key: np.ndarray
    shift: int
    mask: int
    outside: int


class Tree(NamedTuple):
    """The basis.

    Of every node (s + 1 + n,): parent, arc to it, flow on that arc, depth int32; is_up int8: whether the arc runs to
    the parent. Children: first, following, before int32, -1 where none. price (s + 1,) int64. Of a block of rows:
    is_hot uint8 where a row's arc has left the tree, is_stale uint8: 1 where a
    price has changed since it was looked at, UNWATCHED where nobody notes that.
    Of a shelter: the blocks that watch its price, watcher (c,) from watch (s + 1,) on, int32. Of a row: slack and
    side int64, see `pricing`. stack: room for a walk (s + 1 + n,) int32.
    """

    parent: np.ndarray
    arc: np.ndarray
    flow: np.ndarray
    depth: np.ndarray
    is_up: np.ndarray
    first: np.ndarray
    following: np.ndarray
    before: np.ndarray
    price: np.ndarray
    is_hot: np.ndarray
    is_stale: np.ndarray
    watch: np.ndarray
    watcher: np.ndarray
    slack: np.ndarray
    side: np.ndarray
    stack: np.ndarray


@njit(cache=True, nogil=True, inline="always")
def _link(t: Tree, node: int, parent: int) -> None:
    """Put a node first among the children of its parent."""
    head = t.first[parent]
    t.following[node] = head
    t.before[node] = -1
    if head >= 0:
        t.before[head] = node
    t.first[parent] = node


@njit(cache=True, nogil=True, inline="always")
def _unlink(t: Tree, node: int, parent: int) -> None:
    """Take a node out of the children of its parent."""
    ahead, behind = t.before[node], t.following[node]
    if ahead >= 0:
        t.following[ahead] = behind
    else:
        t.first[parent] = behind
    if behind >= 0:
        t.before[behind] = ahead


@njit(cache=True, nogil=True, inline="always")
def _is_leaf(t: Tree, root: int, node: int) -> bool:
    """Whether a node is a row that uses one shelter only."""
    return node > root and t.first[node] < 0


@njit(cache=True, nogil=True)
def plant(t: Tree, rows: Rows, people: np.ndarray, capacity: np.ndarray, start: np.ndarray) -> None:
    """The tree that prices give: every row at its best shelter, every shelter on the root by SPARE or OVER.

    Arrays: a Tree, Rows, people (n,) int32, capacity (s,) int32, start (s,) int64 the prices.
    """
    root = len(capacity)
    load = np.zeros(root, np.int64)
    t.first[:] = -1
    for i in range(len(people)):
        best, entry = np.int64(rows.outside), OUTSIDE
        for k in range(rows.indptr[i], rows.indptr[i + 1]):
            key = np.int64(rows.key[k])
            if key >> rows.shift >= best:
                break
            value = (key >> rows.shift) + start[key & rows.mask]
            if value < best:
                best, entry = value, k
        node = root + 1 + i
        t.arc[node], t.flow[node], t.is_up[node] = entry, people[i], 1
        t.parent[node] = root if entry < 0 else np.int64(rows.key[entry]) & rows.mask
        if entry >= 0:
            load[t.parent[node]] += people[i]
    t.parent[root], t.depth[root], t.price[root] = -1, 0, 0
    for s in range(root):
        t.parent[s], t.depth[s], t.price[s] = root, 1, start[s]
        _link(t, s, root)
        is_over = load[s] >= capacity[s]
        t.arc[s], t.is_up[s] = (OVER, 1) if is_over else (SPARE, 0)
        t.flow[s] = abs(load[s] - capacity[s])


@njit(cache=True, nogil=True)
def reprice(t: Tree, rows: Rows, floor: np.ndarray, ceiling: np.ndarray) -> None:
    """The prices that the tree gives, from the root down, and everything to be looked at again.

    Arrays: a Tree, Rows, floor and ceiling (s,) int64: what SPARE and OVER cost.
    """
    root = len(floor)
    t.is_hot[:] = 1
    t.slack[:] = UNKNOWN
    t.stack[0] = root
    size = 1
    while size > 0:
        size -= 1
        p = t.stack[size]
        c = t.first[p]
        while c >= 0:
            if c < root and p == root:
                t.price[c] = floor[c] if t.arc[c] == SPARE else ceiling[c]
            elif c < root:
                a = t.arc[p]
                value = np.int64(rows.outside)
                if a >= 0:
                    value = (np.int64(rows.key[a]) >> rows.shift) + t.price[t.parent[p]]
                t.price[c] = value - (np.int64(rows.key[t.arc[c]]) >> rows.shift)
            t.stack[size] = c
            size += 1
            c = t.following[c]


@njit(cache=True, nogil=True, inline="always")
def _bottleneck(t: Tree, root: int, tail: int, head: int) -> tuple[int, int, int, bool]:
    """Where the cycle of an entering arc blocks: the last such arc from the apex on, which keeps the tree strongly
    feasible, so that no pivot ever comes back to a tree.

    Returns: apex, amount, the node above which the tree is cut, whether that lies on the tail's side.
    """
    parent, flow, is_up = t.parent, t.flow, t.is_up
    at_tail = t.depth[parent[tail]] + 1 if _is_leaf(t, root, tail) else t.depth[tail]
    at_head = t.depth[head]
    u, w = tail, head
    amount, cut, is_tail_side = np.int64(1) << 40, -1, True
    while u != w:
        if at_tail >= at_head:
            if is_up[u] == 1 and flow[u] < amount:
                amount, cut = np.int64(flow[u]), u
            u = parent[u]
            at_tail -= 1
        else:
            w = parent[w]
            at_head -= 1
    apex, w = u, head
    while w != apex:
        if is_up[w] == 0 and flow[w] <= amount:
            amount, cut, is_tail_side = np.int64(flow[w]), w, False
        w = parent[w]
    return apex, amount, cut, is_tail_side


@njit(cache=True, nogil=True, inline="always")
def _send(t: Tree, node: int, apex: int, amount: int) -> None:
    """Add flow along the path from the apex down to a node; a negative amount takes it off."""
    parent, flow, is_up = t.parent, t.flow, t.is_up
    while node != apex:
        if is_up[node] == 1:
            flow[node] -= amount
        else:
            flow[node] += amount
        node = parent[node]


@njit(cache=True, nogil=True, inline="always")
def _turn(t: Tree, root: int, x: int, y: int, cut: int, arc: int, amount: int, is_up: int) -> None:
    """Hang the path from x up to the cut upside down on y, by the entering arc."""
    parents, flows_on, arcs, ups = t.parent, t.flow, t.arc, t.is_up
    parent, node, flow, leaf = y, x, amount, _is_leaf(t, root, x)
    while True:
        above, next_flow, next_arc, was_up = parents[node], flows_on[node], arcs[node], ups[node]
        if not leaf:
            _unlink(t, node, above)
        leaf = False
        parents[node], flows_on[node], arcs[node], ups[node] = parent, flow, arc, is_up
        _link(t, node, parent)
        if node == cut:
            break
        parent, node, flow, arc, is_up = node, above, next_flow, next_arc, 1 - was_up


@njit(cache=True, nogil=True, inline="always")
def _shift(t: Tree, root: int, top: int, change: int) -> None:
    """Change the prices, and mend the depths, of a subtree."""
    stack, depth, parent, price, first, following = t.stack, t.depth, t.parent, t.price, t.first, t.following
    watch, watcher, is_stale = t.watch, t.watcher, t.is_stale
    stack[0] = top
    size = 1
    while size > 0:
        size -= 1
        node = stack[size]
        depth[node] = depth[parent[node]] + 1
        if node < root:
            price[node] += change
            for j in range(watch[node], watch[node + 1]):
                is_stale[watcher[j]] = 1
        child = first[node]
        while child >= 0:
            stack[size] = child
            size += 1
            child = following[child]


@njit(cache=True, nogil=True, inline="always")
def exchange(
    t: Tree, root: int, x: int, y: int, cut: int, arc: int, amount: int, is_up: int, change: int
) -> None:
    """Cut the tree above a node and hang the part with x on y, by an entering arc with its flow; change its prices."""
    if _is_leaf(t, root, y):
        _link(t, y, t.parent[y])
        t.depth[y] = t.depth[t.parent[y]] + 1
    above = t.parent[cut]
    _turn(t, root, x, y, cut, arc, amount, is_up)
    if _is_leaf(t, root, cut):
        _unlink(t, cut, t.parent[cut])
    if _is_leaf(t, root, above):
        _unlink(t, above, t.parent[above])
    row = cut - root - 1 if cut > root else above - root - 1
    if row >= 0:
        t.is_hot[row >> BLOCK_BITS] = 1
        t.slack[row] = UNKNOWN
    _shift(t, root, x, change)


@njit(cache=True, nogil=True)
def pivot(t: Tree, root: int, tail: int, head: int, arc: int, reduced: int) -> None:
    """Bring in an arc of negative reduced cost; the arc of the cycle that blocks goes out.

    Arrays: a Tree; the arc runs from tail to head.
    """
    apex, amount, cut, is_tail_side = _bottleneck(t, root, tail, head)
    if amount > 0:
        _send(t, tail, apex, amount)
        _send(t, head, apex, -amount)
    if cut == tail and _is_leaf(t, root, tail):
        t.parent[tail], t.arc[tail], t.flow[tail] = head, arc, amount
        return
    is_up, change = (1, reduced) if is_tail_side else (0, -reduced)
    x, y = (tail, head) if is_tail_side else (head, tail)
    exchange(t, root, x, y, cut, arc, amount, is_up, change)


@njit(cache=True, nogil=True)
def resize(t: Tree, root: int, s: int, change: int, floor: int, ceiling: int) -> None:
    """Give shelter s `change` places more, or fewer: along its path to the root as far as that goes, the rest by SPARE
    or OVER, on which the part of the tree that was cut off then hangs.

    Arrays: a Tree; floor and ceiling: what SPARE and OVER cost at s.
    """
    more = change > 0
    left = abs(change)
    while True:
        amount, cut, node = np.int64(left), -1, s
        while node != root:
            if (t.is_up[node] == 1) == more and t.flow[node] < amount:
                amount, cut = np.int64(t.flow[node]), node
            node = t.parent[node]
        _send(t, s, root, amount if more else -amount)
        left -= amount
        if cut < 0 or left == 0:
            return
        price = floor if more else ceiling
        exchange(t, root, s, root, cut, SPARE if more else OVER, 0, 0 if more else 1, price - t.price[s])


@njit(cache=True, nogil=True)
def hold(t: Tree, root: int, s: int, floor: int, ceiling: int) -> None:
    """Set the price at which shelter s hangs on the root, where it does.

    Arrays: a Tree; floor and ceiling: what SPARE and OVER cost at s from now on.
    """
    if t.parent[s] == root:
        _shift(t, root, s, (floor if t.arc[s] == SPARE else ceiling) - t.price[s])


@njit(cache=True, nogil=True)
def shipments(
    t: Tree, root: int, reaching: np.ndarray, entry: np.ndarray, row: np.ndarray, amount: np.ndarray
) -> int:
    """Write out the plan as the tree holds it, one shipment a node: far shorter than the flow of every entry.

    Arrays: a Tree, reaching (n,) the outside number of its rows; fills, for every node, entry (the entry used; -1 for
    people outside; -2 for none), row (of those outside, else -1) and amount [people], int32.
    Returns: people over the places of their shelters; 0 at the optimum.
    """
    over = np.int64(0)
    for node in range(len(entry)):
        arc = t.arc[node] if node != root else SPARE
        entry[node], row[node], amount[node] = -2, -1, 0
        if arc >= OUTSIDE:
            entry[node], amount[node] = arc, t.flow[node]
        if arc == OUTSIDE:
            row[node] = reaching[(node if node > root else t.parent[node]) - root - 1]
        elif arc == OVER:
            over += t.flow[node]
    return over
