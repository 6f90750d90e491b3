"""The exact assignment on a sparse cost table: the table, who is where, and the moves of people between shelters.

Everywhere: n rows with people, s shelters with places, a entries. An entry's key is its cost above its shelter
(`cost << shift | shelter`); the keys of a row ascend. Costs are whole; one person outside costs `outside`.

Invariant of both repairs (`excess`, `deficit`): whoever is in a shelter is at the least cost + price of his row, or
outside only where that least is `outside` or more. `excess.push` ends with no shelter overfull, `deficit.pull` with
every shelter that is not full at price 0; the invariant and these two together are the optimum.

References: Ahuja, Magnanti, Orlin (1993), Network Flows, chapter 9 (successive shortest paths, reduced costs).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

FAR = np.int64(1) << 42
"""A distance above every real one."""

SHELTER_BITS = 20
"""Room for a shelter below a distance in a queue's key."""

SHELTER_MASK = (1 << SHELTER_BITS) - 1

ONLY_OUTSIDE = -2
SEVERAL = -1
"""What `home` says of a row whose people are not all in one shelter."""


class Table(NamedTuple):
    """The cost table, by row and by shelter.

    indptr (n + 1,) int32; key (a,) uint32 or uint64; row (a,) int32; by_shelter (s + 1,) int32 into the next three:
    entry, entry_row, entry_cost (a,) int32; shift, mask: how to split a key.
    """

    indptr: np.ndarray
    key: np.ndarray
    row: np.ndarray
    by_shelter: np.ndarray
    entry: np.ndarray
    entry_row: np.ndarray
    entry_cost: np.ndarray
    shift: int
    mask: int


class State(NamedTuple):
    """Who is where, and the prices.

    people, outside (n,) int32; capacity, load (s,) int32; price (s,) int64; flow (a,) int32 people along an entry.
    The entries in use of a shelter: member, member_row (a,) int32 from by_shelter on, members (s,) int32 of them, place
    (a,) int32 of an entry among them. Of a row: used (n,) int32 entries in use, their xor (n,) int32, and home (n,)
    int64: the key of its only entry, or SEVERAL, or ONLY_OUTSIDE.
    """

    people: np.ndarray
    outside: np.ndarray
    capacity: np.ndarray
    load: np.ndarray
    price: np.ndarray
    flow: np.ndarray
    member: np.ndarray
    member_row: np.ndarray
    members: np.ndarray
    place: np.ndarray
    used: np.ndarray
    xor: np.ndarray
    home: np.ndarray


class Search(NamedTuple):
    """Room for one search at a time.

    distance (s,) int64, FAR between searches; is_done (s,) bool, False between searches; via, via_to (s,) int32: the
    entry that leads here and where it goes; touched, scanned (s,) int32; queue (room,) int64.
    """

    distance: np.ndarray
    is_done: np.ndarray
    via: np.ndarray
    via_to: np.ndarray
    touched: np.ndarray
    scanned: np.ndarray
    queue: np.ndarray


@njit(cache=True, nogil=True)
def invert(
    indptr: np.ndarray, key: np.ndarray, shelter_count: int, shift: int, mask: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The table by shelter.

    Arrays: indptr (n + 1,) int32, key (a,) uint32 or uint64.
    Returns: row (a,), by_shelter (s + 1,), entry (a,), entry_row (a,), entry_cost (a,), all int32.
    """
    count = len(key)
    row = np.empty(count, np.int32)
    by_shelter = np.zeros(shelter_count + 1, np.int32)
    for k in range(count):
        by_shelter[(np.int64(key[k]) & mask) + 1] += 1
    for s in range(shelter_count):
        by_shelter[s + 1] += by_shelter[s]
    following = by_shelter[:-1].copy()
    entry = np.empty(count, np.int32)
    entry_row = np.empty(count, np.int32)
    entry_cost = np.empty(count, np.int32)
    for i in range(len(indptr) - 1):
        for k in range(indptr[i], indptr[i + 1]):
            found = np.int64(key[k])
            at = following[found & mask]
            following[found & mask] = at + 1
            row[k] = i
            entry[at] = k
            entry_row[at] = i
            entry_cost[at] = found >> shift
    return row, by_shelter, entry, entry_row, entry_cost


@njit(cache=True, nogil=True, inline="always")
def note(t: Table, z: State, i: int) -> None:
    """Keep the home of a row after a change."""
    if z.used[i] == 0:
        z.home[i] = ONLY_OUTSIDE
    elif z.used[i] == 1 and z.outside[i] == 0:
        z.home[i] = np.int64(t.key[z.xor[i]])
    else:
        z.home[i] = SEVERAL


@njit(cache=True, nogil=True, inline="always")
def put(t: Table, z: State, k: int, s: int, i: int, amount: int) -> None:
    """Send people of row i along entry k into shelter s."""
    if z.flow[k] == 0:
        at = t.by_shelter[s] + z.members[s]
        z.member[at] = k
        z.member_row[at] = i
        z.place[k] = z.members[s]
        z.members[s] += 1
        z.used[i] += 1
        z.xor[i] ^= k
    z.flow[k] += amount
    z.load[s] += amount


@njit(cache=True, nogil=True, inline="always")
def take(t: Table, z: State, k: int, s: int, i: int, amount: int) -> None:
    """Take people of row i off entry k, out of shelter s."""
    z.flow[k] -= amount
    z.load[s] -= amount
    if z.flow[k] == 0:
        z.members[s] -= 1
        gap = t.by_shelter[s] + z.place[k]
        end = t.by_shelter[s] + z.members[s]
        moved = z.member[end]
        z.member[gap] = moved
        z.member_row[gap] = z.member_row[end]
        z.place[moved] = z.place[k]
        z.used[i] -= 1
        z.xor[i] ^= k


@njit(cache=True, nogil=True, inline="always")
def entry_to(t: Table, i: int, s: int) -> int:
    """The entry of row i that leads to shelter s."""
    k = t.indptr[i]
    while np.int64(t.key[k]) & t.mask != s:
        k += 1
    return k


@njit(cache=True, nogil=True)
def settle(t: Table, z: State, outside: int) -> None:
    """Send everybody, whole rows at a time, to the least cost + price; ties to the lesser key.

    Arrays: a Table and an empty State.
    Returns: nothing.
    """
    for i in range(len(z.people)):
        if z.people[i] == 0:
            continue
        best = np.int64(outside)
        best_k = -1
        for k in range(t.indptr[i], t.indptr[i + 1]):
            found = np.int64(t.key[k])
            if found >> t.shift >= best:
                break
            value = (found >> t.shift) + z.price[found & t.mask]
            if value < best:
                best = value
                best_k = k
        if best_k < 0:
            z.outside[i] += z.people[i]
        else:
            put(t, z, best_k, np.int64(t.key[best_k]) & t.mask, i, z.people[i])
            note(t, z, i)


@njit(cache=True, nogil=True)
def clear(q: Search, touched: int) -> None:
    """Make a Search ready for the next.

    Arrays: a Search of which so many shelters were touched.
    Returns: nothing.
    """
    for j in range(touched):
        q.distance[q.touched[j]] = FAR
        q.is_done[q.touched[j]] = False
