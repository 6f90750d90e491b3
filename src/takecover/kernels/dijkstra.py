"""Shortest walks to shelters, searched backwards from their doors; all times in whole milliseconds.

A label is ``time_ms << door_bits | number of the door``, so that one comparison finds the least time and, among equal
times, the lowest door. Arithmetic is 64 bits wide; only storage is narrow, and nothing over the limit is stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numba import njit

BUCKET_BITS = 14
"""A bucket is 2**14 ms wide, less than a street: a node is looked at 1.001 times on average. 2**13 and 2**15 are as
fast within the noise of 5 %; 2**17 costs 20 to 60 % more."""

_END = -1


class Streets(NamedTuple):
    """What a search walks over: n nodes, then d doors, which are nodes that nobody leaves.

    Attributes
    ----------
    indptr
        Where the edges into each node begin, shape (n + d + 1,) int32.
    pair
        Node that each edge comes from and the walk along it [ms], side by side so that one read of memory brings
        both, shape (m, 2) int32.
    limit_ms
        Longest walk [ms].
    door_bits
        Bits of a label that hold the number of the door.
    """

    indptr: np.ndarray
    pair: np.ndarray
    limit_ms: int
    door_bits: int


class Stops(NamedTuple):
    """Rows of the table by the nodes that they start from.

    Attributes
    ----------
    indptr
        Where the rows of each node begin, shape (n + d + 1,) int32.
    pair
        Row, and the walk from its point to the node [ms], shape (k, 2) int32.
    """

    indptr: np.ndarray
    pair: np.ndarray


class Room(NamedTuple):
    """Memory of one thread; every search leaves it as it found it, so that nobody clears it between searches.

    Attributes
    ----------
    place
        Of each node its label, (limit_ms + 1) << door_bits where not reached, int32 or int64; and the bucket that it
        waits in, int32, -1 for none; shape (n + d or more,).
        Side by side, since a node that is met is mostly moved: a search took 1.1 times as long with two arrays.
    first
        First slot of each bucket, -1 where it is empty, shape (buckets,) int32.
    slot
        Node and next slot of the same bucket, shape (2 m + n + d or more, 2) int32. A node that moves to another bucket
        leaves its slot behind, which is passed over when met: searches take 0.87 of the time of taking it out. An edge
        has two slots in use at most, since its lower end is settled within one bucket and a bucket is one length wide.
    touched
        Nodes reached, shape (n + d,) int32.
    best
        Label of each row, as of the nodes, shape (rows,).
    found
        Rows reached, shape (rows,) int32.
    """

    place: np.ndarray
    first: np.ndarray
    slot: np.ndarray
    touched: np.ndarray
    best: np.ndarray
    found: np.ndarray


def room(every: Sequence[Streets], row_count: int) -> Room:
    """Make room for searches over any of some streets of one limit and one width of doors; labels are 32 bits wide
    where the two fit into them.
    """
    limit_ms, door_bits = every[0].limit_ms, every[0].door_bits
    node_count = max(len(streets.indptr) - 1 for streets in every)
    slot_count = 2 * max(len(streets.pair) for streets in every) + node_count
    far = (limit_ms + 1) << door_bits
    width = np.int32 if far <= np.iinfo(np.int32).max else np.int64
    place = np.empty(node_count, np.dtype([("label", width), ("bucket", np.int32)]))
    place["label"], place["bucket"] = far, _END
    return Room(
        place=place,
        first=np.full((limit_ms >> BUCKET_BITS) + 1, _END, np.int32),
        slot=np.empty((slot_count, 2), np.int32),
        touched=np.empty(node_count, np.int32),
        best=np.full(row_count, far, width),
        found=np.empty(row_count, np.int32),
    )


@njit(cache=True, nogil=True)
def compress(
    key: np.ndarray, target: np.ndarray, walk_ms: np.ndarray, key_count: int
) -> tuple[np.ndarray, np.ndarray]:
    """Group pairs of target and walk by key, in their order.

    key, target, walk_ms (m,) int32, keys below key_count; a pair whose walk is below 0 is left out.
    Returns indptr (key_count + 1,) int32, pair (kept, 2) int32.
    """
    indptr = np.zeros(key_count + 1, np.int32)
    for i in range(len(key)):
        if walk_ms[i] >= 0:
            indptr[key[i] + 1] += 1
    for k in range(key_count):
        indptr[k + 1] += indptr[k]
    pair = np.empty((indptr[key_count], 2), np.int32)
    spot = indptr[:-1].copy()
    for i in range(len(key)):
        if walk_ms[i] >= 0:
            at = spot[key[i]]
            pair[at, 0] = target[i]
            pair[at, 1] = walk_ms[i]
            spot[key[i]] = at + 1
    return indptr, pair


@njit(cache=True, nogil=True)
def _enter(begin: int, end: int, node_count: int, number: np.ndarray, room: Room) -> None:
    """Touch the doors begin to end - 1, which follow the nodes, and put them into the first bucket."""
    for door in range(begin, end):
        node = node_count + door
        room.touched[door - begin] = node
        place = room.place[node]
        place["label"], place["bucket"] = number[door], 0
        room.slot[door - begin, 0] = node
        room.slot[door - begin, 1] = room.first[0]
        room.first[0] = door - begin


@njit(cache=True, nogil=True)
def settle(begin: int, end: int, number: np.ndarray, streets: Streets, room: Room) -> int:
    """Spread labels from the doors begin to end - 1 until none can fall.

    number (d,) int32, below 1 << door_bits. Fills the labels, and room.touched with the nodes reached.
    Returns how many nodes were reached.
    """
    indptr, pair, limit_ms, door_bits = streets
    places, first, slot, touched = room.place, room.first, room.slot, room.touched
    far = (np.int64(limit_ms) + 1) << door_bits
    shift = BUCKET_BITS + door_bits
    _enter(begin, end, len(indptr) - 1 - len(number), number, room)
    reached, bucket, last = end - begin, 0, 0
    fresh, free = np.int64(end - begin), np.int64(_END)
    # Numbers without a sign as positions: with one, numba asks each time whether it counts from the end.
    while bucket <= last:
        at = np.uint64(first[bucket])
        if first[bucket] == _END:
            bucket += 1
            continue
        node = np.uint64(slot[at, 0])
        first[bucket] = slot[at, 1]
        slot[at, 1] = free
        free = np.int64(at)
        if places[node]["bucket"] != bucket:
            continue
        places[node]["bucket"] = _END
        here = np.int64(places[node]["label"])
        for edge in range(np.uint64(indptr[node]), np.uint64(indptr[node + np.uint64(1)])):
            tail = pair[edge, 0]
            place = places[np.uint64(tail)]
            new = here + (np.int64(pair[edge, 1]) << door_bits)
            old = np.int64(place["label"])
            if new >= old:
                continue
            place["label"] = new
            to = new >> shift
            if old == far:
                touched[reached] = tail
                reached += 1
            elif place["bucket"] == to:
                continue
            place["bucket"] = to
            into = free
            if into == _END:
                into = fresh
                fresh += 1
            else:
                free = np.int64(slot[np.uint64(into), 1])
            slot[np.uint64(into), 0] = tail
            slot[np.uint64(into), 1] = first[to]
            first[to] = into
            last = max(last, int(to))
    return reached


@njit(cache=True, nogil=True)
def search(
    begin: int,
    end: int,
    turn: np.ndarray,
    door_indptr: np.ndarray,
    number: np.ndarray,
    streets: Streets,
    stops: Stops,
    room: Room,
    count: np.ndarray,
    row: np.ndarray,
    label: np.ndarray,
) -> tuple[int, int]:
    """Find the least label of every row for each of the shelters whose turn is from begin to end - 1.

    turn (s,) int32 the shelters in the order of their turns, door_indptr (s + 1,) int32, number (d,) int32. Fills
    count (s,) int32 with the entries of each turn and, one turn after the other, row (c,) int32 and label (c,) as
    room.best; stops before they could run full (c >= rows).
    Returns the turn to go on with, and how many entries were filled in.
    """
    indptr, pair = stops.indptr, stops.pair
    best, found, touched, places = room.best, room.found, room.touched, room.place
    far = (np.int64(streets.limit_ms) + 1) << streets.door_bits
    total = 0
    for at in range(begin, end):
        if total + len(best) > len(row):
            return at, total
        shelter, rows = turn[at], 0
        for i in range(settle(door_indptr[shelter], door_indptr[shelter + 1], number, streets, room)):
            node = touched[i]
            here = np.int64(places[node]["label"])
            places[node]["label"] = far
            for j in range(indptr[node], indptr[node + 1]):
                new = here + (np.int64(pair[j, 1]) << streets.door_bits)
                old = np.int64(best[pair[j, 0]])
                if new < old:
                    best[pair[j, 0]] = new
                    if old == far:
                        found[rows] = pair[j, 0]
                        rows += 1
        for i in range(rows):
            row[total + i] = found[i]
            label[total + i] = best[found[i]]
            best[found[i]] = far
        count[at] = rows
        total += rows
    return end, total
