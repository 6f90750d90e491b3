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


NODE = np.dtype(
    [
        ("parent", np.int32),
        ("arc", np.int32),
        ("flow", np.int32),
        ("depth", np.int32),
        ("first", np.int32),
        ("following", np.int32),
        ("before", np.int32),
        ("is_up", np.int32),
    ]
)
"""A node: its parent, the arc to it, the flow on that and whether it runs up, to the parent; its depth; its first
child and its neighbours among the children of its parent, -1 where none. A walk over the tree reads most of that of
every node that it meets: half a line of memory instead of seven lines, which took a fifth off the whole solution.
"""


class Tree(NamedTuple):
    """The basis.

    nodes (s + 1 + n,) NODE; price (s + 1,) int64. Of a block of rows: is_hot uint8 where a row's arc has left the tree,
    is_stale uint8: 1 where a price has changed since it was looked at, UNWATCHED where nobody notes that.
    Of a shelter: the blocks that watch its price, watcher (c,) from watch (s + 1,) on, int32. Of a row: slack and
    side int64, see `pricing`. stack: room for a walk (s + 1 + n,) int32.
    """

    nodes: np.ndarray
    price: np.ndarray
    is_hot: np.ndarray
    is_stale: np.ndarray
    watch: np.ndarray
    watcher: np.ndarray
    slack: np.ndarray
    side: np.ndarray
    stack: np.ndarray


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
def _is_leaf(nodes: np.ndarray, root: int, node: int) -> bool:
    """Whether a node is a row that uses one shelter only."""
    return node > root and nodes[node]["first"] < 0


@njit(cache=True, nogil=True)
def plant(t: Tree, rows: Rows, people: np.ndarray, capacity: np.ndarray, start: np.ndarray) -> None:
    """The tree that prices give: every row at its best shelter, every shelter on the root by SPARE or OVER.

    Arrays: a Tree, Rows, people (n,) int32, capacity (s,) int32, start (s,) int64 the prices.
    """
    root = len(capacity)
    load = np.zeros(root, np.int64)
    for node in range(len(t.nodes)):
        t.nodes[node]["first"] = -1
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
        t.nodes[node]["arc"], t.nodes[node]["flow"], t.nodes[node]["is_up"] = entry, people[i], 1
        t.nodes[node]["parent"] = root if entry < 0 else np.int64(rows.key[entry]) & rows.mask
        if entry >= 0:
            load[t.nodes[node]["parent"]] += people[i]
    t.nodes[root]["parent"], t.nodes[root]["depth"], t.price[root] = -1, 0, 0
    for s in range(root):
        t.nodes[s]["parent"], t.nodes[s]["depth"], t.price[s] = root, 1, start[s]
        _link(t.nodes, s, root)
        is_over = load[s] >= capacity[s]
        t.nodes[s]["arc"], t.nodes[s]["is_up"] = (OVER, 1) if is_over else (SPARE, 0)
        t.nodes[s]["flow"] = abs(load[s] - capacity[s])


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
        c = t.nodes[p]["first"]
        while c >= 0:
            if c < root and p == root:
                t.price[c] = floor[c] if t.nodes[c]["arc"] == SPARE else ceiling[c]
            elif c < root:
                a = t.nodes[p]["arc"]
                value = np.int64(rows.outside)
                if a >= 0:
                    value = (np.int64(rows.key[a]) >> rows.shift) + t.price[t.nodes[p]["parent"]]
                t.price[c] = value - (np.int64(rows.key[t.nodes[c]["arc"]]) >> rows.shift)
            t.stack[size] = c
            size += 1
            c = t.nodes[c]["following"]


@njit(cache=True, nogil=True, inline="always")
def _bottleneck(nodes: np.ndarray, root: int, tail: int, head: int) -> tuple[int, int, int, bool]:
    """Where the cycle of an entering arc blocks: the last such arc from the apex on, which keeps the tree strongly
    feasible, so that no pivot ever comes back to a tree.

    Returns: apex, amount, the node above which the tree is cut, whether that lies on the tail's side.
    """
    above = nodes[tail]["parent"]
    at_tail = nodes[above]["depth"] + 1 if _is_leaf(nodes, root, tail) else nodes[tail]["depth"]
    at_head = nodes[head]["depth"]
    u, w = tail, head
    amount, cut, is_tail_side = np.int64(1) << 40, -1, True
    while u != w:
        if at_tail >= at_head:
            if nodes[u]["is_up"] == 1 and nodes[u]["flow"] < amount:
                amount, cut = np.int64(nodes[u]["flow"]), u
            u = nodes[u]["parent"]
            at_tail -= 1
        else:
            w = nodes[w]["parent"]
            at_head -= 1
    apex, w = u, head
    while w != apex:
        if nodes[w]["is_up"] == 0 and nodes[w]["flow"] <= amount:
            amount, cut, is_tail_side = np.int64(nodes[w]["flow"]), w, False
        w = nodes[w]["parent"]
    return apex, amount, cut, is_tail_side


@njit(cache=True, nogil=True, inline="always")
def _send(nodes: np.ndarray, node: int, apex: int, amount: int) -> None:
    """Add flow along the path from the apex down to a node; a negative amount takes it off."""
    while node != apex:
        nodes[node]["flow"] += amount if nodes[node]["is_up"] == 0 else -amount
        node = nodes[node]["parent"]


@njit(cache=True, nogil=True, inline="always")
def _turn(nodes: np.ndarray, root: int, x: int, y: int, cut: int, arc: int, amount: int, is_up: int) -> None:
    """Hang the path from x up to the cut upside down on y, by the entering arc."""
    parent, node, flow, leaf = y, x, amount, _is_leaf(nodes, root, x)
    while True:
        at = nodes[node]
        above, next_flow, next_arc, was_up = at["parent"], at["flow"], at["arc"], at["is_up"]
        if not leaf:
            _unlink(nodes, node, above)
        leaf = False
        at["parent"], at["flow"], at["arc"], at["is_up"] = parent, flow, arc, is_up
        _link(nodes, node, parent)
        if node == cut:
            break
        parent, node, flow, arc, is_up = node, above, next_flow, next_arc, 1 - was_up


@njit(cache=True, nogil=True, inline="always")
def _shift(t: Tree, root: int, top: int, change: int) -> None:
    """Change the prices, and mend the depths, of a subtree."""
    nodes, price, stack, watch, watcher, is_stale = t.nodes, t.price, t.stack, t.watch, t.watcher, t.is_stale
    stack[0] = top
    size = 1
    while size > 0:
        size -= 1
        node = stack[size]
        nodes[node]["depth"] = nodes[nodes[node]["parent"]]["depth"] + 1
        if node < root:
            price[node] += change
            for j in range(watch[node], watch[node + 1]):
                is_stale[watcher[j]] = 1
        child = nodes[node]["first"]
        while child >= 0:
            stack[size] = child
            size += 1
            child = nodes[child]["following"]


@njit(cache=True, nogil=True)
def exchange(
    t: Tree, root: int, x: int, y: int, cut: int, arc: int, amount: int, is_up: int, change: int
) -> None:
    """Cut the tree above a node and hang the part with x on y, by an entering arc with its flow; change its prices.

    Arrays: a Tree. Not inlined: compiled once for `pivot` and `resize`, 2 s less of a first run and no slower.
    """
    nodes = t.nodes
    if _is_leaf(nodes, root, y):
        _link(nodes, y, nodes[y]["parent"])
        nodes[y]["depth"] = nodes[nodes[y]["parent"]]["depth"] + 1
    above = nodes[cut]["parent"]
    _turn(nodes, root, x, y, cut, arc, amount, is_up)
    if _is_leaf(nodes, root, cut):
        _unlink(nodes, cut, nodes[cut]["parent"])
    if _is_leaf(nodes, root, above):
        _unlink(nodes, above, nodes[above]["parent"])
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
    nodes = t.nodes
    apex, amount, cut, is_tail_side = _bottleneck(nodes, root, tail, head)
    if amount > 0:
        _send(nodes, tail, apex, amount)
        _send(nodes, head, apex, -amount)
    if cut == tail and _is_leaf(nodes, root, tail):
        nodes[tail]["parent"], nodes[tail]["arc"], nodes[tail]["flow"] = head, arc, amount
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
            if (t.nodes[node]["is_up"] == 1) == more and t.nodes[node]["flow"] < amount:
                amount, cut = np.int64(t.nodes[node]["flow"]), node
            node = t.nodes[node]["parent"]
        _send(t.nodes, s, root, amount if more else -amount)
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
    if t.nodes[s]["parent"] == root:
        _shift(t, root, s, (floor if t.nodes[s]["arc"] == SPARE else ceiling) - t.price[s])


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
        arc = t.nodes[node]["arc"] if node != root else SPARE
        entry[node], row[node], amount[node] = -2, -1, 0
        if arc >= OUTSIDE:
            entry[node], amount[node] = arc, t.nodes[node]["flow"]
        if arc == OUTSIDE:
            row[node] = reaching[(node if node > root else t.nodes[node]["parent"]) - root - 1]
        elif arc == OVER:
            over += t.nodes[node]["flow"]
    return over
