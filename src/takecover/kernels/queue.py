"""People through doors in time: first come, first in, until the last place is taken; then on to the next door.

Whole numbers throughout: a door of flow F [people per 1000 s] tells its time in ticks of 1 / F ds, and each person
takes `ticks` of them: 10,000, or 0 where nothing meters. Here: e doors, s shelters, m batches, k moments.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from takecover.kernels import heap

TICKS = 10_000
"""What one person takes of a metered door's time: 1000 s / F people is 10,000 ds / F."""

BATCH_BITS = 31
"""An arrival is one number, time first, batch second: time_ds << BATCH_BITS | batch."""

_HOPS, _SPARE, _USED, _ISSUED = range(4)


class Doors(NamedTuple):
    """Doors that do not change.

    flow [people per 1000 s], 0 where shut, and ticks [1 / flow ds] (e,) int64; shelter (e,) int32, ascending;
    indptr (s + 1,) int32: where the doors of each shelter begin; capacity [people] (s,) int64.
    """

    flow: np.ndarray
    ticks: np.ndarray
    shelter: np.ndarray
    indptr: np.ndarray
    capacity: np.ndarray


class Crowd(NamedTuple):
    """Who comes.

    first (m,) int64: sorted keys of the first arrivals; left [people] (m,) int64: how many are on their way or wait;
    stop and end (m,) int32: place on its tour and where that ends; door and leg_ds [ds] of each stop (n,) int32.
    """

    first: np.ndarray
    left: np.ndarray
    stop: np.ndarray
    end: np.ndarray
    door: np.ndarray
    leg_ds: np.ndarray


class Line(NamedTuple):
    """Tickets: those of a batch who stand at a door, or have passed it, m + e of them; and what each door holds.

    batch, came_ds, before (the ticket issued before at the same door, or -1), number (in the order of issue) (m + e,)
    int32; people, start [ticks] (m + e,) int64. last (e,) int32: the newest ticket; free [ticks] (e,) int64: from
    when on the door is free; issued [people] (s,) int64; is_full (s,) bool.
    """

    batch: np.ndarray
    came_ds: np.ndarray
    before: np.ndarray
    number: np.ndarray
    people: np.ndarray
    start: np.ndarray
    last: np.ndarray
    free: np.ndarray
    issued: np.ndarray
    is_full: np.ndarray


class Told(NamedTuple):
    """What is counted; slot (horizon + 1,) int32: the first moment not before each time.

    arrived, full, locked [people] (e, k + 1) int64, stranded (k + 1,) int64: events up to each moment since the one
    before. queue [people], queue_ds, wait_ds, wait_at_ds [ds] (e,) int64: the longest, and when. met [people] (m,)
    int64 and met_ds (m,) int32: how many were first turned away, and when (-1: never).
    """

    slot: np.ndarray
    arrived: np.ndarray
    full: np.ndarray
    locked: np.ndarray
    stranded: np.ndarray
    queue: np.ndarray
    queue_ds: np.ndarray
    wait_ds: np.ndarray
    wait_at_ds: np.ndarray
    met: np.ndarray
    met_ds: np.ndarray


class _Now(NamedTuple):
    """What changes: heap of arrivals elsewhere (m,) int64, spare tickets (m + e,) int32, fills (2 * width,) int64,
    a tree whose leaves tell when each shelter will be full and whose root tells the first of them; counter (4,) int64;
    cursor (e,) int32, cut [people] (e,) int64: room for `_fill`.
    """

    heap: np.ndarray
    spare: np.ndarray
    fills: np.ndarray
    counter: np.ndarray
    cursor: np.ndarray
    cut: np.ndarray


@njit(cache=True, nogil=True)
def waiting(free: int, flow: int, ticks: int, time_ds: int) -> int:
    """People at a door who begin to pass it after a time, all of whom have come by then.

    They stand back to back, so that the door's free time tells their number. Returns: people.
    """
    late = free - time_ds * flow
    return (late - 1) // ticks if ticks > 0 and late > 0 else 0


@njit(cache=True, nogil=True)
def begun(people: int, start: int, flow: int, ticks: int, time_ds: int) -> int:
    """People of a ticket who begin to pass by a time. Returns: people."""
    early = time_ds * flow - start
    if early < 0:
        return 0
    return people if ticks == 0 else min(people, early // ticks + 1)


@njit(cache=True, nogil=True)
def _set(fills: np.ndarray, shelter: int, time_ds: int) -> None:
    """Write a leaf of the tree of fills, and the least of the two below all the way up."""
    at = fills.size // 2 + shelter
    fills[at] = time_ds
    while at > 1:
        at >>= 1
        fills[at] = min(fills[2 * at], fills[2 * at + 1])


@njit(cache=True, nogil=True, inline="always")
def _first(fills: np.ndarray) -> int:
    """The lowest shelter that is the first to be full. Returns: its position."""
    at = 1
    while at < fills.size // 2:
        at *= 2
        if fills[at] != fills[at >> 1]:
            at += 1
    return at - fills.size // 2


@njit(cache=True, nogil=True, inline="always")
def _full_ds(doors: Doors, line: Line, shelter: int, begin_ds: int, end_ds: int) -> int:
    """When the last place of a shelter will be taken if nobody else comes, between two times. Returns: time [ds]."""
    over = line.issued[shelter] - doors.capacity[shelter]
    while begin_ds < end_ds:
        middle_ds = (begin_ds + end_ds) // 2
        count = 0
        for door in range(doors.indptr[shelter], doors.indptr[shelter + 1]):
            count += waiting(line.free[door], doors.flow[door], doors.ticks[door], middle_ds)
        if count <= over:
            end_ds = middle_ds
        else:
            begin_ds = middle_ds + 1
    return begin_ds


@njit(cache=True, nogil=True)
def _turn_away(
    doors: Doors, crowd: Crowd, line: Line, told: Told, now: _Now, batch: int, people: int, time_ds: int
) -> None:
    """Send people of a batch on from the door where they are, or leave them outside where the time ends before.

    What is full stays full and what is shut stays shut, so they walk past such doors at once, in no order with others:
    0.75 s with every visit in the order of time, 0.50 s so, at full size with places for six in ten.
    """
    stop, horizon_ds = crowd.stop[batch], told.slot.size - 1
    crowd.left[batch] = people
    if told.met_ds[batch] < 0:
        told.met_ds[batch] = time_ds
        told.met[batch] = people
    while True:
        door = crowd.door[stop]
        if doors.flow[door] == 0:
            told.locked[door, told.slot[time_ds]] += people
        else:
            told.full[door, told.slot[time_ds]] += people
        stop += 1
        if stop >= crowd.end[batch] or time_ds + crowd.leg_ds[stop] > horizon_ds:
            told.stranded[told.slot[time_ds]] += people
            return
        time_ds += crowd.leg_ds[stop]
        door = crowd.door[stop]
        if doors.flow[door] > 0 and not line.is_full[doors.shelter[door]]:
            break
        told.arrived[door, told.slot[time_ds]] += people
    crowd.stop[batch] = stop
    now.counter[_HOPS] = heap.push(now.heap, now.counter[_HOPS], (time_ds << BATCH_BITS) | batch)


@njit(cache=True, nogil=True, inline="always")
def _share_last_places(doors: Doors, line: Line, now: _Now, shelter: int, time_ds: int, over: int) -> None:
    """Of those who would begin in the decisecond of the last place, cut off the last that came.

    Arrays: as in `fill`; now.cut [people] holds how many of each door are cut off, and grows by `over` in all.
    """
    for door in range(doors.indptr[shelter], doors.indptr[shelter + 1]):
        now.cursor[door] = line.last[door]
    while over > 0:
        newest, most = -1, 0
        for door in range(doors.indptr[shelter], doors.indptr[shelter + 1]):
            flow, ticks = doors.flow[door], doors.ticks[door]
            ticket = now.cursor[door]
            while ticket >= 0 and line.start[ticket] > time_ds * flow:
                ticket = line.before[ticket]
            now.cursor[door] = ticket
            if ticket < 0:
                continue
            people, start = line.people[ticket], line.start[ticket]
            count = begun(people, start, flow, ticks, time_ds) - begun(
                people, start, flow, ticks, time_ds - 1
            )
            if count > 0 and (newest < 0 or line.number[ticket] > line.number[now.cursor[newest]]):
                newest, most = door, count
        taken = min(most, over)
        now.cut[newest] += taken
        over -= taken
        now.cursor[newest] = line.before[now.cursor[newest]]


@njit(cache=True, nogil=True, inline="always")
def _fill(doors: Doors, crowd: Crowd, line: Line, told: Told, now: _Now, shelter: int, time_ds: int) -> None:
    """Shut a shelter whose last place is taken, and turn away all who wait at its doors, the newest first."""
    _set(now.fills, shelter, told.slot.size)
    line.is_full[shelter] = True
    over = line.issued[shelter] - doors.capacity[shelter]
    line.issued[shelter] = doors.capacity[shelter]
    for door in range(doors.indptr[shelter], doors.indptr[shelter + 1]):
        now.cut[door] = waiting(line.free[door], doors.flow[door], doors.ticks[door], time_ds)
        over -= now.cut[door]
    if over > 0:
        _share_last_places(doors, line, now, shelter, time_ds, over)
    for door in range(doors.indptr[shelter], doors.indptr[shelter + 1]):
        while now.cut[door] > 0:
            ticket = line.last[door]
            taken = min(now.cut[door], line.people[ticket])
            now.cut[door] -= taken
            line.people[ticket] -= taken
            if time_ds - line.came_ds[ticket] > told.wait_ds[door]:
                told.wait_ds[door] = time_ds - line.came_ds[ticket]
                told.wait_at_ds[door] = line.came_ds[ticket]
            _turn_away(doors, crowd, line, told, now, np.int64(line.batch[ticket]), taken, time_ds)
            if line.people[ticket] == 0:
                line.last[door] = line.before[ticket]
                now.spare[now.counter[_SPARE]] = ticket
                now.counter[_SPARE] += 1


@njit(cache=True, nogil=True, inline="always")
def _stand(doors: Doors, line: Line, now: _Now, batch: int, door: int, people: int, time_ds: int) -> None:
    """Give the people of a batch a ticket at a door's end of the line."""
    if now.counter[_SPARE] > 0:
        now.counter[_SPARE] -= 1
        ticket = now.spare[now.counter[_SPARE]]
    else:
        ticket = now.counter[_USED]
        now.counter[_USED] += 1
    line.batch[ticket] = batch
    line.came_ds[ticket] = time_ds
    line.people[ticket] = people
    line.start[ticket] = max(time_ds * doors.flow[door], line.free[door])
    line.before[ticket] = line.last[door]
    line.number[ticket] = now.counter[_ISSUED]
    now.counter[_ISSUED] += 1
    line.last[door] = ticket
    line.free[door] = line.start[ticket] + people * doors.ticks[door]
    line.issued[doors.shelter[door]] += people


@njit(cache=True, nogil=True, inline="always")
def _arrive(doors: Doors, crowd: Crowd, line: Line, told: Told, now: _Now, batch: int, time_ds: int) -> None:
    """Let a batch come to the door that it is on its way to."""
    door, people = crowd.door[crowd.stop[batch]], crowd.left[batch]
    shelter = np.int64(doors.shelter[door])  # as wide as in `run`: `_set` would be compiled for both widths
    told.arrived[door, told.slot[time_ds]] += people
    if doors.flow[door] == 0 or line.is_full[shelter]:
        _turn_away(doors, crowd, line, told, now, batch, people, time_ds)
        return
    _stand(doors, line, now, batch, door, people, time_ds)
    if line.issued[shelter] >= doors.capacity[shelter]:
        planned_ds = now.fills[now.fills.size // 2 + shelter]
        full_ds = _full_ds(doors, line, shelter, time_ds, planned_ds)
        if full_ds < planned_ds:
            _set(now.fills, shelter, full_ds)
        if full_ds == time_ds:  # `run` fills it next, before anybody else comes
            return
    count = waiting(line.free[door], doors.flow[door], doors.ticks[door], time_ds)
    if count > told.queue[door]:
        told.queue[door] = count
        told.queue_ds[door] = time_ds


@njit(cache=True, nogil=True)
def run(doors: Doors, crowd: Crowd, line: Line, told: Told) -> None:
    """Let everyone come, queue, pass, be turned away and walk on, in the order of time, up to the horizon.

    Arrays: as in the four tuples; all of line, told and crowd.left and .stop are filled. Where a shelter has no
    places, is_full must be set before. Status: none.
    """
    never = told.slot.size
    width = 1
    while width < line.issued.size:
        width *= 2
    now = _Now(
        np.empty(crowd.left.size, np.int64),
        np.empty(line.batch.size, np.int32),
        np.full(2 * width, never, np.int64),
        np.zeros(4, np.int64),
        np.empty(line.last.size, np.int32),
        np.zeros(line.last.size, np.int64),
    )
    at, end = 0, np.int64(never) << BATCH_BITS
    while True:
        key = crowd.first[at] if at < crowd.first.size else end
        is_hop = now.counter[_HOPS] > 0 and now.heap[0] < key
        if is_hop:
            key = now.heap[0]
        if now.fills[1] < never and now.fills[1] <= key >> BATCH_BITS:
            _fill(doors, crowd, line, told, now, _first(now.fills), now.fills[1])
        elif key >= end:
            break
        else:
            if is_hop:
                now.counter[_HOPS] = heap.pop(now.heap, now.counter[_HOPS])
            else:
                at += 1
            _arrive(doors, crowd, line, told, now, key & ((1 << BATCH_BITS) - 1), key >> BATCH_BITS)
