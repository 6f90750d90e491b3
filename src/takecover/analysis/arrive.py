"""Any crowd through the doors: each at its own rate, first come, first in, over capacity turned away to the next.

The plan's people, those who follow guidance and the scramble all come this way, so that their figures compare.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from takecover.analysis.tally import tally
from takecover.analysis.tours import tours
from takecover.dtypes import COUNT, INDEX, NO_INDEX, TIME_DS
from takecover.errors import InternalError
from takecover.kernels import passing, queue
from takecover.model.costs import Costs
from takecover.model.doorways import UNMETERED_PER_KS, Doorways
from takecover.model.hops import Hops
from takecover.model.timeline import Batches, Events, Peaks, Timeline


def arrive(
    batches: Batches,
    doorways: Doorways,
    capacity: np.ndarray,
    hops_by_group: Sequence[Hops],
    moment_ds: np.ndarray,
) -> Timeline:
    """Let everyone come to the doors, queue, pass, go on through the halls, or be turned away and walk on.

    A place is taken when a person begins to pass a door; when the last one is, all who wait at the shelter's doors are
    turned away in that decisecond, and who comes later is on coming. They walk from there to the nearest door that
    they have not tried, of a shelter that they have not found full, until under cover or until no other can be
    reached before the horizon. A shut door turns everyone away. The same input gives the same bits.

    Parameters
    ----------
    batches
        Who comes, where and when.
    doorways
        Rates of doors and halls, and the times of each group between and behind them.
    capacity
        Places of each shelter, shape (s,) int64.
    hops_by_group
        Walks from each door to others, one table for each mobility group; they reach to the horizon.
    moment_ds
        When to count [ds], ascending, 0 or more; the last is the horizon, shape (k,).

    Returns
    -------
    Timeline
        Counts at every moment, the longest queues and waits, and everyone who is under cover.

    Raises
    ------
    InternalError
        If a table of walks ends before the horizon, or a batch names no door or a group without times.

    Notes
    -----
    Of those who come to a door in the same decisecond the earlier batch is first. Of those who would begin to pass
    doors of one shelter in the decisecond of its last place, those who came first get in. Nobody is held up at a door
    by a line in the hall behind it. On the way to the hall and to cover fast people overtake slow ones, so the line in
    a hall stands in the order of coming there. People of a batch who are turned away are so together, so a batch is one
    party on its tour. Time grows with the batches and their stops, with the logarithm of the parties that walk on, and
    with the people who pass; memory with batches, tours, doors times moments, and people who are under cover.
    """
    horizon_ds = int(moment_ds[-1])
    _check(batches, doorways, capacity, hops_by_group, horizon_ds)
    slot = np.searchsorted(moment_ds, np.arange(horizon_ds + 1)).astype(INDEX)
    doors = _doors(doorways, capacity)
    told = _told(slot, len(doorways), len(batches), len(moment_ds))
    line = _line(len(batches), doors)
    queue.run(doors, _crowd(batches, doorways, hops_by_group, horizon_ds), line, told)
    indptr, ticket = _in_order(line)
    bound = passing.close_lines(doors, line, told, indptr, ticket)
    inside = _inside(len(doorways), len(doorways.hall_flow_per_ks), len(moment_ds))
    out = passing.Passages(*(np.empty(bound, INDEX) for _ in range(4)))
    ways = _ways(doorways, batches.group_idx)
    found = passing.run(doors, line, indptr, ticket, ways, slot, inside, out)
    covered = [column[:found].copy() for column in out]
    return _timeline(batches, doorways, moment_ds, told, inside, covered)


def batches_of(
    costs: Costs, entry: np.ndarray, cohort_idx: np.ndarray, people: np.ndarray, delay_ds: np.ndarray
) -> Batches:
    """People who set out along entries of a cost table, cohort by cohort of the delay.

    Parameters
    ----------
    costs
        The table, a entries.
    entry
        Entry that each party walks along, shape (b,) of integers.
    cohort_idx
        Cohort of each, shape (b,) of integers.
    people
        How many of each, shape (b,) int64; parties of nobody are left out.
    delay_ds
        From the siren to leaving of each cohort [ds], shape (c,) int64.

    Returns
    -------
    Batches
        By (row, cohort, entrance).

    Notes
    -----
    A plan over time names entry, cohort and people of each party itself. Of a plan for places only, the parties are
    the entries with people in them, all in one cohort.
    """
    is_any = people > 0
    entry, cohort_idx, people = entry[is_any], cohort_idx[is_any], people[is_any]
    row_idx = costs.row_idx[entry]
    order = np.lexsort((costs.entrance_idx[entry], cohort_idx, row_idx))
    entry, cohort_idx, row_idx = entry[order], cohort_idx[order], row_idx[order]
    leave_ds = delay_ds[cohort_idx]
    return Batches(
        row_idx=row_idx,
        cohort_idx=cohort_idx.astype(INDEX),
        group_idx=costs.group_idx[row_idx],
        entrance_idx=costs.entrance_idx[entry],
        leave_ds=leave_ds.astype(TIME_DS),
        time_ds=(leave_ds + costs.walk_time_ds[entry]).astype(TIME_DS),
        people=people[order].astype(COUNT),
    )


def unhindered(shelter_idx: np.ndarray, group_count: int) -> Doorways:
    """Doors that hold nobody up and have cover right behind them, as in a plan that knows of places only.

    Parameters
    ----------
    shelter_idx
        Shelter that each door leads into, shape (e,) int32.
    group_count
        Mobility groups, none of which takes any time behind a door.
    """
    nothing = np.zeros((group_count, len(shelter_idx)), TIME_DS)
    return Doorways(
        shelter_idx=shelter_idx,
        flow_per_ks=np.full(len(shelter_idx), UNMETERED_PER_KS, COUNT),
        hall_idx=np.full(len(shelter_idx), NO_INDEX, INDEX),
        to_hall_ds=nothing,
        to_cover_ds=nothing,
        hall_flow_per_ks=np.empty(0, COUNT),
        hall_shelter_idx=np.empty(0, INDEX),
    )


def _check(
    batches: Batches, doorways: Doorways, capacity: np.ndarray, hops_by_group: Sequence[Hops], horizon_ds: int
) -> None:
    """Refuse what would be counted wrong."""
    for hops in hops_by_group:
        if hops.time_limit_ds < horizon_ds:
            raise InternalError(
                f"arrive: a table of walks ends at {hops.time_limit_ds} ds, before the horizon of {horizon_ds} ds."
            )
    if len(batches) > 0 and not 0 <= batches.entrance_idx.min() <= batches.entrance_idx.max() < len(doorways):
        raise InternalError(f"arrive: a batch sets out for none of the {len(doorways)} doors.")
    groups = min(len(doorways.to_cover_ds), len(hops_by_group))
    if batches.group_idx.max(initial=-1) >= groups:
        raise InternalError(
            f"arrive: a batch is of none of the {groups} groups whose walks and times behind doors are known."
        )
    shelter_idx = doorways.shelter_idx
    if (np.diff(shelter_idx) < 0).any() or shelter_idx.max(initial=-1) >= len(capacity):
        raise InternalError(f"arrive: doors do not stand in the order of the {len(capacity)} shelters.")


def _rate(flow_per_ks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Flow and ticks a person; without a meter a tick is a decisecond and nobody takes one."""
    is_free = flow_per_ks >= UNMETERED_PER_KS
    return np.where(is_free, 1, flow_per_ks).astype(COUNT), np.where(is_free, 0, queue.TICKS).astype(COUNT)


def _doors(doorways: Doorways, capacity: np.ndarray) -> queue.Doors:
    """The doors as the kernel wants them; one is shut as well where its hall is."""
    flow, ticks = _rate(np.where(doorways.is_shut, 0, doorways.flow_per_ks))
    indptr = np.searchsorted(doorways.shelter_idx, np.arange(len(capacity) + 1))
    return queue.Doors(flow, ticks, doorways.shelter_idx, indptr.astype(INDEX), capacity.astype(COUNT))


def _crowd(
    batches: Batches, doorways: Doorways, hops_by_group: Sequence[Hops], horizon_ds: int
) -> queue.Crowd:
    """The batches with their tours, sorted by when they come."""
    route = tours(batches, doorways, hops_by_group, horizon_ds)
    movers = np.flatnonzero((batches.people > 0) & (batches.time_ds <= horizon_ds))
    return queue.Crowd(
        first=np.sort((batches.time_ds[movers].astype(np.int64) << queue.BATCH_BITS) | movers),
        left=batches.people.astype(COUNT),
        stop=route.first,
        end=route.end,
        door=route.entrance_idx,
        leg_ds=route.leg_ds,
    )


def _line(batch_count: int, doors: queue.Doors) -> queue.Line:
    """Empty lines; of every batch and of every door at most one ticket more is ever valid at a time."""
    size, door_count = batch_count + len(doors.flow), len(doors.flow)
    return queue.Line(
        batch=np.empty(size, INDEX),
        came_ds=np.empty(size, TIME_DS),
        before=np.empty(size, INDEX),
        number=np.empty(size, INDEX),
        people=np.empty(size, COUNT),
        start=np.empty(size, np.int64),
        last=np.full(door_count, NO_INDEX, INDEX),
        free=np.zeros(door_count, np.int64),
        issued=np.zeros(len(doors.capacity), COUNT),
        is_full=doors.capacity <= 0,
    )


def _told(slot: np.ndarray, door_count: int, batch_count: int, moment_count: int) -> queue.Told:
    """Nothing counted yet."""
    arrived, full, locked = np.zeros((3, door_count, moment_count + 1), COUNT)
    crowd, crowd_ds, wait_ds, wait_at_ds = np.zeros((4, door_count), np.int64)
    return queue.Told(
        slot=slot,
        arrived=arrived,
        full=full,
        locked=locked,
        stranded=np.zeros(moment_count + 1, COUNT),
        queue=crowd,
        queue_ds=crowd_ds,
        wait_ds=wait_ds,
        wait_at_ds=wait_at_ds,
        met=np.zeros(batch_count, COUNT),
        met_ds=np.full(batch_count, -1, TIME_DS),
    )


def _in_order(line: queue.Line) -> tuple[np.ndarray, np.ndarray]:
    """Tickets of each door in the order of passing, in compressed rows: counted first, then filled."""
    indptr, ticket = np.zeros(len(line.last) + 1, np.int64), np.empty(0, INDEX)
    passing.by_door(line, indptr, ticket)
    ticket = np.empty(int(indptr[-1]), INDEX)
    passing.by_door(line, indptr, ticket)
    return indptr, ticket


def _ways(doorways: Doorways, group_idx: np.ndarray) -> passing.Ways:
    """Where the doors lead; nobody comes to a hall that is shut, so that its flow does not matter."""
    hall_idx, hall_count = doorways.hall_idx, len(doorways.hall_flow_per_ks)
    to_hall_ds = np.ascontiguousarray(doorways.to_hall_ds.T)
    # Of groups that take the same time from a door to its hall the first stands for all.
    alike = (to_hall_ds[:, :, None] == to_hall_ds[:, None, :]).argmax(axis=2)
    door, group = np.nonzero((alike == np.arange(alike.shape[1])) & (hall_idx >= 0)[:, None])
    order = np.argsort(hall_idx[door], kind="stable")
    door, group = door[order], group[order]
    number = np.full(alike.shape, NO_INDEX, INDEX)
    number[door, group] = np.arange(len(door))
    flow, ticks = _rate(np.maximum(doorways.hall_flow_per_ks, 1))
    return passing.Ways(
        hall=hall_idx,
        to_hall_ds=to_hall_ds,
        to_cover_ds=np.ascontiguousarray(doorways.to_cover_ds.T),
        stream=np.take_along_axis(number, alike, axis=1),
        indptr=np.searchsorted(hall_idx[door], np.arange(hall_count + 1)).astype(INDEX),
        door=door.astype(INDEX),
        group=group_idx,
        flow=flow,
        ticks=ticks,
    )


def _inside(door_count: int, hall_count: int, moment_count: int) -> passing.Inside:
    return passing.Inside(
        *(np.zeros((door_count, moment_count + 1), COUNT) for _ in range(2)),
        *(np.zeros((hall_count, moment_count + 1), COUNT) for _ in range(2)),
        *(np.zeros(hall_count, np.int64) for _ in range(4)),
    )


def _timeline(
    batches: Batches,
    doorways: Doorways,
    moment_ds: np.ndarray,
    told: queue.Told,
    inside: passing.Inside,
    covered: Sequence[np.ndarray],
) -> Timeline:
    """What was counted, under the names by which it is told."""
    leave = np.searchsorted(moment_ds, batches.leave_ds)
    batch_idx, entrance_idx, people, time_ds = covered
    return Timeline(
        batches=batches,
        doorways=doorways,
        moment_ds=moment_ds,
        events=Events(
            left=tally(leave, batches.people, len(moment_ds) + 1),
            stranded=told.stranded,
            arrived=told.arrived,
            turned_full=told.full,
            turned_locked=told.locked,
            begun=inside.begun,
            covered=inside.covered,
            hall_came=inside.came,
            hall_left=inside.left,
        ),
        doors=Peaks(told.queue, told.queue_ds, told.wait_ds, told.wait_at_ds),
        halls=Peaks(inside.queue, inside.queue_ds, inside.wait_ds, inside.wait_at_ds),
        batch_idx=batch_idx,
        row_idx=batches.row_idx[batch_idx],
        entrance_idx=entrance_idx,
        shelter_idx=doorways.shelter_idx[entrance_idx],
        people=people.astype(COUNT),
        time_ds=time_ds,
        met=told.met,
        met_ds=told.met_ds,
        horizon_ds=int(moment_ds[-1]),
    )
