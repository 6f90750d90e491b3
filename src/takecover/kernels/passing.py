"""From the doors on: when each person begins to pass, is through, comes to the hall, leaves it, and is under cover.

Nothing here holds anyone back at a door: a hall's line stands inside. Here: e doors, k moments, g stages, a stage being
a hall with the doors that lead into it, or a door without a hall.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from takecover.kernels.queue import Doors, Line, Told, begun, waiting


class Stages(NamedTuple):
    """Where the doors lead.

    indptr (g + 1,) int32 and door (e,) int32: the doors of each stage; flow [people per 1000 s] and ticks [1 / flow
    ds] (g,) int64; to_stage_ds, to_cover_ds [ds] (e,) int32: from the door to the stage, and from there to cover.
    """

    indptr: np.ndarray
    door: np.ndarray
    flow: np.ndarray
    ticks: np.ndarray
    to_stage_ds: np.ndarray
    to_cover_ds: np.ndarray


class Inside(NamedTuple):
    """What is counted from the doors on.

    begun, covered [people] (e, k + 1), came, left [people] (g, k + 1) int64: events up to each moment since the one
    before: left is who leaves a hall's line. queue [people], queue_ds, wait_ds, wait_at_ds [ds] (g,) int64.
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
    """The next to come to the stage from each door: ticket (a place in the order of passing), which of its people,
    when they come (e,) int64, and how many at once.
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
def _advance(
    door: int,
    doors: Doors,
    line: Line,
    indptr: np.ndarray,
    ticket: np.ndarray,
    to_stage_ds: int,
    slot: np.ndarray,
    counted: np.ndarray,
    following: _Next,
) -> None:
    """Let the next of a door pass, and tell when they come to the stage; never, where nobody is left."""
    flow, ticks = doors.flow[door], doors.ticks[door]
    place, person = following.at[door], following.person[door]
    while place < indptr[door + 1] and person >= line.people[ticket[place]]:
        place, person = place + 1, 0
    following.at[door] = place
    if place == indptr[door + 1]:
        following.time_ds[door] = np.iinfo(np.int64).max
        return
    at = ticket[place]
    count = 1 if ticks > 0 else line.people[at]
    start = line.start[at] + person * ticks
    counted[door, slot[(start + flow - 1) // flow]] += count
    following.time_ds[door] = (start + ticks + flow - 1) // flow + to_stage_ds
    following.people[door] = count
    following.person[door] = person + count


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
def _through_stage(
    stage: int,
    came_ds: int,
    free: int,
    door: int,
    batch: int,
    people: int,
    stages: Stages,
    slot: np.ndarray,
    inside: Inside,
    out: Passages,
    found: int,
) -> tuple[int, int]:
    """Let people who come together to a stage through it. Returns: when it is free again [ticks], passages."""
    flow, ticks = stages.flow[stage], stages.ticks[stage]
    horizon_ds = slot.size - 1
    inside.came[stage, slot[came_ds]] += people
    start = max(came_ds * flow, free)
    free = start + people * ticks
    count = waiting(free, flow, ticks, came_ds)
    if count > inside.queue[stage]:
        inside.queue[stage] = count
        inside.queue_ds[stage] = came_ds
    last_ds = min((start + (people - 1) * ticks + flow - 1) // flow, horizon_ds)
    if last_ds - came_ds > inside.wait_ds[stage]:
        inside.wait_ds[stage] = last_ds - came_ds
        inside.wait_at_ds[stage] = came_ds
    together = people if ticks == 0 else 1
    for _ in range(people // together):
        begin_ds = (start + flow - 1) // flow
        if begin_ds > horizon_ds:
            break
        inside.left[stage, slot[begin_ds]] += together
        start += ticks
        time_ds = (start + flow - 1) // flow + stages.to_cover_ds[door]
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
    stages: Stages,
    slot: np.ndarray,
    inside: Inside,
    out: Passages,
) -> int:
    """Follow all who have passed a door to cover, stage by stage, in the order in which they come there.

    Of those who come to a hall in the same decisecond, those of the lowest door are first. Arrays: as in the tuples;
    slot (horizon + 1,) int32. Returns: the number of passages.
    """
    following = _Next(*_four(line.last.size))
    following.at[:] = indptr[:-1]
    found, horizon_ds = 0, slot.size - 1
    for stage in range(stages.indptr.size - 1):
        members = stages.door[stages.indptr[stage] : stages.indptr[stage + 1]]
        for door in members:
            _advance(
                door, doors, line, indptr, ticket, stages.to_stage_ds[door], slot, inside.begun, following
            )
        free = 0
        while members.size > 0:
            first = members[0]
            for door in members[1:]:
                if following.time_ds[door] < following.time_ds[first]:
                    first = door
            came_ds = following.time_ds[first]
            if came_ds == np.iinfo(np.int64).max:
                break
            batch = line.batch[ticket[following.at[first]]]
            people = following.people[first]
            if came_ds <= horizon_ds:
                free, found = _through_stage(
                    stage, came_ds, free, first, batch, people, stages, slot, inside, out, found
                )
            _advance(
                first, doors, line, indptr, ticket, stages.to_stage_ds[first], slot, inside.begun, following
            )
    return found


@njit(cache=True, nogil=True)
def _four(size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Room for what follows at each door. Returns: four arrays of zeros (size,) int64."""
    return (
        np.zeros(size, np.int64),
        np.zeros(size, np.int64),
        np.zeros(size, np.int64),
        np.zeros(size, np.int64),
    )
