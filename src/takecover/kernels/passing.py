"""From the doors on: when each person begins to pass, is through, comes to the hall, leaves it, and is under cover.

Nothing here holds anyone back at a door: a hall's line stands inside. Here: e doors, h halls, k moments.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from takecover.kernels.queue import Doors, Line, Told, begun, waiting


class Ways(NamedTuple):
    """Where the doors lead.

    hall (e,) int32: -1 where there is none; to_hall_ds, to_cover_ds [ds] (e, g) int32: from the door to the hall's
    line, and from the last line to cover, by group. Groups that go alike from a door to its hall are one stream: stream
    (e, g), indptr (h + 1,), door (n,) int32: the streams of each hall, by door, and their doors; flow [people per
    1000 s] and ticks [1 / flow ds] (h,) int64. group (m,) int32: that of each batch.
    """

    hall: np.ndarray
    to_hall_ds: np.ndarray
    to_cover_ds: np.ndarray
    stream: np.ndarray
    indptr: np.ndarray
    door: np.ndarray
    group: np.ndarray
    flow: np.ndarray
    ticks: np.ndarray


class Inside(NamedTuple):
    """What is counted from the doors on.

    begun, covered [people] (e, k + 1), came, left [people] (h, k + 1) int64: events up to each moment since the one
    before: left is who leaves a hall's line. queue [people], queue_ds, wait_ds, wait_at_ds [ds] (h,) int64.
    """

    begun: np.ndarray
    covered: np.ndarray
    came: np.ndarray
    left: np.ndarray
    queue: np.ndarray
    queue_ds: np.ndarray
    wait_ds: np.ndarray
    wait_at_ds: np.ndarray


class Passages(NamedTuple):
    """People who are under cover together: batch, door, people (int32) and time_ds, each (n,)."""

    batch: np.ndarray
    door: np.ndarray
    people: np.ndarray
    time_ds: np.ndarray


class _Next(NamedTuple):
    """The next of each stream to come to the hall: ticket (a place in the order of passing), which of its people,
    when they come (n,) int64, and how many at once.
    """

    at: np.ndarray
    person: np.ndarray
    time_ds: np.ndarray
    people: np.ndarray


@njit(cache=True, nogil=True)
def by_door(line: Line, indptr: np.ndarray, ticket: np.ndarray) -> None:
    """The tickets of each door in the order of passing.

    Arrays: indptr (e + 1,) int64 and ticket (n,) int32, or (0,) to count only; both are filled. Status: none.
    """
    for door in range(line.last.size):
        count, at = 0, line.last[door]
        while at >= 0:
            count += 1
            at = line.before[at]
        indptr[door + 1] = indptr[door] + count
        if ticket.size > 0:
            at = line.last[door]
            for place in range(indptr[door + 1] - 1, indptr[door] - 1, -1):
                ticket[place] = at
                at = line.before[at]


@njit(cache=True, nogil=True)
def close_lines(doors: Doors, line: Line, told: Told, indptr: np.ndarray, ticket: np.ndarray) -> int:
    """Drop those who still wait at the horizon, and count the waits of all who began to pass.

    Arrays: indptr, ticket of `by_door`; line.people and told.wait_* are changed. Returns: an upper bound of passages.
    """
    horizon_ds, bound = told.slot.size - 1, 0
    for door in range(line.last.size):
        flow, ticks = doors.flow[door], doors.ticks[door]
        for place in range(indptr[door], indptr[door + 1]):
            at = ticket[place]
            count = begun(line.people[at], line.start[at], flow, ticks, horizon_ds)
            last_ds = horizon_ds
            if count == line.people[at]:
                last_ds = (line.start[at] + (count - 1) * ticks + flow - 1) // flow
            if last_ds - line.came_ds[at] > told.wait_ds[door]:
                told.wait_ds[door] = last_ds - line.came_ds[at]
                told.wait_at_ds[door] = line.came_ds[at]
            line.people[at] = count
            bound += count
    return bound


@njit(cache=True, nogil=True)
def _straight(
    door: int,
    flow: int,
    ticks: int,
    to_cover_ds: np.ndarray,
    group: np.ndarray,
    line: Line,
    ticket: np.ndarray,
    slot: np.ndarray,
    begun_at: np.ndarray,
    covered_at: np.ndarray,
    out: Passages,
    found: int,
) -> int:
    """Follow all who pass a door without a hall. Returns: the number of passages.

    A loop of its own, with nothing but numbers in it: 0.70 s by way of the halls, 0.12 s so, for 1.7 million people.
    """
    horizon_ds = slot.size - 1
    for at in ticket:
        start, batch = line.start[at], line.batch[at]
        together = 1 if ticks > 0 else line.people[at]
        begin_ds, before_ds = (start + flow - 1) // flow, -1
        behind_ds = to_cover_ds[group[batch]]
        for _ in range(line.people[at] // max(together, 1)):
            begun_at[slot[begin_ds]] += together
            start += ticks
            begin_ds = (start + flow - 1) // flow
            time_ds = begin_ds + behind_ds
            if time_ds > horizon_ds:
                continue
            covered_at[slot[time_ds]] += together
            if time_ds == before_ds:
                out.people[found - 1] += together
                continue
            before_ds = time_ds
            out.batch[found] = batch
            out.door[found] = door
            out.people[found] = together
            out.time_ds[found] = time_ds
            found += 1
    return found


@njit(cache=True, nogil=True)
def _advance(
    stream: int,
    doors: Doors,
    line: Line,
    indptr: np.ndarray,
    ticket: np.ndarray,
    ways: Ways,
    slot: np.ndarray,
    counted: np.ndarray,
    following: _Next,
) -> None:
    """Let the next of a stream pass its door, and tell when they come to the hall; never, where nobody is left."""
    door = ways.door[stream]
    flow, ticks = doors.flow[door], doors.ticks[door]
    place, person, group = following.at[stream], following.person[stream], 0
    while place < indptr[door + 1]:
        at = ticket[place]
        group = ways.group[line.batch[at]]
        if person < line.people[at] and ways.stream[door, group] == stream:
            break
        place, person = place + 1, 0
    following.at[stream] = place
    if place == indptr[door + 1]:
        following.time_ds[stream] = np.iinfo(np.int64).max
        return
    at = ticket[place]
    count = 1 if ticks > 0 else line.people[at]
    start = line.start[at] + person * ticks
    counted[door, slot[(start + flow - 1) // flow]] += count
    following.time_ds[stream] = (start + ticks + flow - 1) // flow + ways.to_hall_ds[door, group]
    following.people[stream] = count
    following.person[stream] = person + count


@njit(cache=True, nogil=True, inline="always")
def _keep(found: int, out: Passages, batch: int, door: int, people: int, time_ds: int) -> int:
    """Write people under cover down, with those before them where all is alike. Returns: the number of passages."""
    last = found - 1
    if found > 0 and out.batch[last] == batch and out.door[last] == door and out.time_ds[last] == time_ds:
        out.people[last] += people
        return found
    out.batch[found] = batch
    out.door[found] = door
    out.people[found] = people
    out.time_ds[found] = time_ds
    return found + 1


@njit(cache=True, nogil=True, inline="always")
def _through_hall(
    hall: int,
    came_ds: int,
    free: int,
    door: int,
    batch: int,
    people: int,
    ways: Ways,
    slot: np.ndarray,
    inside: Inside,
    out: Passages,
    found: int,
) -> tuple[int, int]:
    """Let people who come together to a hall through it. Returns: when it is free again [ticks], passages."""
    flow, ticks = ways.flow[hall], ways.ticks[hall]
    horizon_ds = slot.size - 1
    inside.came[hall, slot[came_ds]] += people
    start = max(came_ds * flow, free)
    free = start + people * ticks
    count = waiting(free, flow, ticks, came_ds)
    if count > inside.queue[hall]:
        inside.queue[hall] = count
        inside.queue_ds[hall] = came_ds
    last_ds = min((start + (people - 1) * ticks + flow - 1) // flow, horizon_ds)
    if last_ds - came_ds > inside.wait_ds[hall]:
        inside.wait_ds[hall] = last_ds - came_ds
        inside.wait_at_ds[hall] = came_ds
    together = people if ticks == 0 else 1
    for _ in range(people // together):
        begin_ds = (start + flow - 1) // flow
        if begin_ds > horizon_ds:
            break
        inside.left[hall, slot[begin_ds]] += together
        start += ticks
        time_ds = (start + flow - 1) // flow + ways.to_cover_ds[door, ways.group[batch]]
        if time_ds <= horizon_ds:
            inside.covered[door, slot[time_ds]] += together
            found = _keep(found, out, batch, door, together, time_ds)
    return free, found


@njit(cache=True, nogil=True)
def run(
    doors: Doors,
    line: Line,
    indptr: np.ndarray,
    ticket: np.ndarray,
    ways: Ways,
    slot: np.ndarray,
    inside: Inside,
    out: Passages,
) -> int:
    """Follow all who have passed a door to cover, those without a hall door by door, the others hall by hall.

    Of those who come to a hall in the same decisecond, those of the lowest door are first, and of one door those who
    passed it first. Arrays: as in the tuples; slot (horizon + 1,) int32. Returns: the number of passages.
    """
    found, horizon_ds, never = 0, slot.size - 1, np.iinfo(np.int64).max
    for door in range(line.last.size):
        if ways.hall[door] < 0:
            own = ticket[indptr[door] : indptr[door + 1]]
            rows = inside.begun[door], inside.covered[door]
            rate = doors.flow[door], doors.ticks[door]
            behind = ways.to_cover_ds[door], ways.group
            found = _straight(door, *rate, *behind, line, own, slot, *rows, out, found)
    following = _Next(*_four(ways.door.size))
    # One by one: a slice would bring in the text of an error about its shape, 4 s of compiling.
    for stream in range(ways.door.size):
        following.at[stream] = indptr[ways.door[stream]]
    for hall in range(ways.flow.size):
        begin, end = ways.indptr[hall], ways.indptr[hall + 1]
        for stream in range(begin, end):
            _advance(stream, doors, line, indptr, ticket, ways, slot, inside.begun, following)
        free = 0
        while begin < end:
            first = _first(begin, end, ways.door, following)
            came_ds = following.time_ds[first]
            if came_ds == never:
                break
            if came_ds <= horizon_ds:
                batch, people = line.batch[ticket[following.at[first]]], following.people[first]
                door = ways.door[first]
                free, found = _through_hall(
                    hall, came_ds, free, door, batch, people, ways, slot, inside, out, found
                )
            _advance(first, doors, line, indptr, ticket, ways, slot, inside.begun, following)
    return found


@njit(cache=True, nogil=True, inline="always")
def _first(begin: int, end: int, door: np.ndarray, following: _Next) -> int:
    """The stream, of some that stand by door, whose next comes first: by time, door, order of passing.

    Arrays: door (n,) int32. Returns: its position.
    """
    first = begin
    for stream in range(begin + 1, end):
        sooner_ds = following.time_ds[first] - following.time_ds[stream]
        is_before = door[stream] == door[first] and following.at[stream] < following.at[first]
        if sooner_ds > 0 or (sooner_ds == 0 and is_before):
            first = stream
    return first


@njit(cache=True, nogil=True)
def _four(size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Room for what follows at each door. Returns: four arrays of zeros (size,) int64."""
    return (
        np.zeros(size, np.int64),
        np.zeros(size, np.int64),
        np.zeros(size, np.int64),
        np.zeros(size, np.int64),
    )
