"""The pivot of the assignment over time: the cycle that an entering arc closes, what goes along it, and the tree after.

The two ends of a cycle are sought from both sides at once: each goes up until it comes where the other has been.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from takecover.kernels.queuetree import (
    ENTERING,
    SERVED,
    SIDE,
    SPARE,
    WAITED,
    WAITS,
    Basis,
    Places,
    join,
    leave,
    link,
    move,
    tie_of,
    unlink,
)

UNLIMITED = 1 << 40
"""More than all the people."""


@njit(cache=True, nogil=True)
def _is_up(root: int, node: int, arc: int) -> bool:
    """Whether the arc between a node and its parent runs to the parent."""
    if arc <= SIDE:
        return node == (SIDE - arc) >> 1
    return node > root if arc >= 0 else arc != SPARE


@njit(cache=True, nogil=True)
def _room(most: np.ndarray, arc: int, flow: int) -> int:
    """What an arc of the tree can take more."""
    return int(most[(SIDE - arc) >> 1]) - flow if arc <= SIDE and (SIDE - arc) & 1 == 0 else UNLIMITED


@njit(cache=True, nogil=True)
def _ends(
    nodes: np.ndarray,
    seen: np.ndarray,
    clock: np.ndarray,
    left: np.ndarray,
    right: np.ndarray,
    root: int,
    tail: int,
    head: int,
) -> tuple[int, int]:
    """The cycle of an arc from tail to head: fills left with the nodes from the tail up to the apex, without it, and
    right with those from the head; how many there are.
    """
    clock[1] += 2
    mine = np.int32(clock[1])
    theirs = np.int32(mine + 1)
    u, w = np.int64(tail), np.int64(head)
    seen[u], seen[w] = mine, theirs
    left[0], right[0] = u, w
    i, j = 1, 1
    while True:
        if u != root:
            u = np.int64(nodes[u]["parent"])
            if seen[u] == theirs:
                apex = u
                break
            seen[u] = mine
            left[i] = u
            i += 1
        if w != root:
            w = np.int64(nodes[w]["parent"])
            if seen[w] == mine:
                apex = w
                break
            seen[w] = theirs
            right[j] = w
            j += 1
    while i > 0 and seen[apex] == mine:
        i -= 1
        if left[i] == apex:
            break
    while j > 0 and seen[apex] == theirs:
        j -= 1
        if right[j] == apex:
            break
    return i, j


@njit(cache=True, nogil=True)
def _bottleneck(
    nodes: np.ndarray,
    left: np.ndarray,
    right: np.ndarray,
    most: np.ndarray,
    root: int,
    i: int,
    j: int,
    room: int,
) -> tuple[int, int, bool]:
    """Where a cycle blocks: the last such arc from the apex on, which keeps the tree strongly feasible, so that no
    pivot ever comes back to a tree.

    Returns: amount, the node above which the tree is cut, whether that lies on the tail's side.
    """
    amount, cut, is_tail_side = 1 << 50, np.int64(ENTERING), True
    for q in range(i):
        u = left[q]
        flow, arc = nodes[u]["flow"], nodes[u]["arc"]
        least = flow if _is_up(root, u, arc) else _room(most, arc, flow)
        if least < amount:
            amount, cut = least, np.int64(u)
    if room <= amount:
        amount, cut = room, np.int64(ENTERING)
    for q in range(j):
        w = right[q]
        flow, arc = nodes[w]["flow"], nodes[w]["arc"]
        least = _room(most, arc, flow) if _is_up(root, w, arc) else flow
        if least <= amount:
            amount, cut, is_tail_side = least, np.int64(w), False
    return amount, cut, is_tail_side


@njit(cache=True, nogil=True)
def _send(nodes: np.ndarray, root: int, path: np.ndarray, count: int, amount: int) -> None:
    """Add flow down a path; a negative amount takes it off."""
    for q in range(count):
        node = path[q]
        nodes[node]["flow"] += -amount if _is_up(root, node, nodes[node]["arc"]) else amount


@njit(cache=True, nogil=True)
def _turn(
    nodes: np.ndarray,
    kin: np.ndarray,
    tie: np.ndarray,
    is_direct: np.ndarray,
    root: int,
    x: int,
    y: int,
    cut: int,
    arc: int,
    amount: int,
) -> None:
    """Hang the path from x up to the cut upside down on y, by the entering arc."""
    parent, node = np.int64(y), np.int64(x)
    while True:
        at = nodes[node]
        above, next_flow, next_arc = np.int64(at["parent"]), at["flow"], at["arc"]
        at["parent"], at["flow"], at["arc"] = parent, amount, arc
        if node > root:
            move(kin, root, node, above, parent)
        else:
            if above > root:
                leave(kin, root, node, above, np.int64(nodes[above]["parent"]))
            elif above != root and tie[node] == 0:
                unlink(kin, root, node, node, above)
            tie[node] = tie_of(is_direct, root, node, arc)
            if parent > root:
                join(kin, root, node, parent, np.int64(nodes[parent]["parent"]))
            elif parent != root and tie[node] == 0:
                link(kin, node, parent)
        if node == cut:
            break
        parent, node, amount, arc = node, above, next_flow, next_arc


@njit(cache=True, nogil=True)
def shift(
    kin: np.ndarray,
    queue: np.ndarray,
    price: np.ndarray,
    tie: np.ndarray,
    moved: np.ndarray,
    clock: np.ndarray,
    begin: np.ndarray,
    end: np.ndarray,
    root: int,
    top: int,
    change: int,
) -> None:
    """Change the prices of a subtree.

    Who is found first is asked first, so that the memory for many can be on its way at once; nothing but the end of the
    walk is left to be guessed.
    """
    clock[0] += 1
    now = clock[0]
    last = kin[top]["following"] if top > root else top
    queue[0] = kin[top]["first"] if top > root else top
    beyond = kin[last]["following"]
    kin[last]["following"] = -1
    done, size = 0, 1
    while done < size:
        node = np.uint64(queue[done])
        done += 1
        first, following, home = kin[node]["first"], kin[node]["following"], np.uint64(kin[node]["home"])
        queue[size] = first
        size += first >= 0
        queue[size] = following
        size += following >= 0
        price[node] += change
        moved[home] = now
        if home != node:
            x = np.int64(node)
            queue[size] = x - 1
            size += tie[x - 1] == WAITS
            queue[size] = x + 1
            size += tie[node + np.uint64(1)] == WAITED
            continue
        is_on = np.int64(0)
        x, least = np.uint64(end[node]), np.uint64(begin[node])
        while x > least:
            x -= np.uint64(1)
            how = tie[x]
            is_on = (how == SERVED) | (is_on & (how == WAITS))
            price[x] += change * is_on
            first = kin[x]["first"]
            queue[size] = first
            size += is_on & (first >= 0)
            queue[size] = np.int64(x) + 1
            size += is_on & (tie[x + np.uint64(1)] == WAITED)
    kin[last]["following"] = beyond


@njit(cache=True, nogil=True)
def pivot(
    t: Basis, g: Places, root: int, tail: int, head: int, arc: int, reduced: int, is_forward: bool
) -> None:
    """Push along an arc of negative reduced cost, from tail to head; the arc of the cycle that blocks goes out.

    Arrays: a Basis, Places; is_forward: whether the arc runs from tail to head, or is full and gives back.
    """
    nodes, kin, is_full, limit = t.nodes, t.kin, t.is_full, g.most
    left, right = t.stack, t.trail
    most = _room(limit, arc, 0)
    i, j = _ends(nodes, t.seen, t.clock, left, right, root, tail, head)
    amount, cut, is_tail_side = _bottleneck(nodes, left, right, limit, root, i, j, most)
    if amount > 0:
        _send(nodes, root, left, i, amount)
        _send(nodes, root, right, j, -amount)
    if cut == ENTERING:
        is_full[(SIDE - arc) >> 1] = 1 if is_forward else 0
    elif cut == tail and tail > root and kin[tail]["first"] < 0:
        nodes[tail]["parent"], nodes[tail]["arc"], nodes[tail]["flow"] = head, arc, amount
    else:
        out = nodes[cut]["arc"]
        if out <= SIDE and (SIDE - out) & 1 == 0:
            is_full[(SIDE - out) >> 1] = 1 if _room(limit, out, nodes[cut]["flow"]) == 0 else 0
        if arc <= SIDE and (SIDE - arc) & 1 == 0:
            is_full[(SIDE - arc) >> 1] = 0
        x, y = (tail, head) if is_tail_side else (head, tail)
        _turn(nodes, kin, t.tie, g.is_direct, root, x, y, cut, arc, amount if is_forward else most - amount)
        change = reduced if is_tail_side else -reduced
        shift(kin, left, t.price, t.tie, t.moved, t.clock, g.begin, g.end, root, x, change)
