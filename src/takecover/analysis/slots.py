"""Time in slots: the queues before doors and halls, slot after slot, each rounded against us or for us.

Against us: whoever arrives in a slot joins the queue at the next, and whoever is served in a slot is through when it
ends, and under cover one passing time later. For us: whoever arrives in a slot has joined when it began, and is
through at once.
A slot lets pass what the flow lets pass until its end less what it lets pass until its beginning, both rounded down
against us and up for us.
In a queue nobody has a group, so against us everyone goes down as slowly as the slowest group that the door lets in,
and for us as fast as the fastest. Only the last slots before the last strike, in which slower groups would be too late,
are for those who join just then and are not: nobody waits for them, so nobody slower is served in them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from takecover.dtypes import INDEX
from takecover.kernels.queuetree import Places
from takecover.model.doorways import UNMETERED_PER_KS, Doorways
from takecover.model.warning import WarningTimes

_PER_KS = 10_000
"""Deciseconds in 1,000 s."""


@dataclass(frozen=True, eq=False)
class Slots:
    """The queues of e entrances and h halls of s shelters as m places: the slots of each queue, then the shelters.

    Attributes
    ----------
    slot_ds
        Length of a slot [ds].
    is_late
        Whether times are rounded against us.
    first, count
        Where the slots of each queue (entrances, then halls) begin, and how many it has, shape (e + h,) int32.
    head
        Place that service leads to, a slot of a hall or a shelter; -1 for a shelter, shape (m,) int32.
    most
        People served in the slot, or places of the shelter, shape (m,) int64.
    lost
        What of a person is lost by being under cover only after this slot, in the warning's units, shape (m,) int64.
    inside_ds
        Way from the queue to the hall or to cover [ds], shape (m,) int64.
    has_next
        Whether one can wait for the next slot, shape (m,) bool.
    joins
        How many of an entrance's slots, from the first on, each of g groups may join, shape (g, e) int32.
    begin, end
        The slots before a shelter lie between these, shape (m,) int32.
    through_ds
        When whoever is served in the slot counts as being at the next queue, or under cover [ds], shape (m,) int64.
    """

    slot_ds: int
    is_late: bool
    first: np.ndarray
    count: np.ndarray
    head: np.ndarray
    most: np.ndarray
    lost: np.ndarray
    inside_ds: np.ndarray
    has_next: np.ndarray
    joins: np.ndarray
    begin: np.ndarray
    end: np.ndarray
    through_ds: np.ndarray


def served_by(flow_per_ks: np.ndarray, time_ds: np.ndarray, is_late: bool) -> np.ndarray:
    """People whom a queue that never rests lets through from the siren on.

    Parameters
    ----------
    flow_per_ks
        People in 1,000 s.
    time_ds
        Until when [ds]; broadcast against the flows.
    is_late
        Rounded down if so, else up.
    """
    product = np.asarray(flow_per_ks, np.int64) * np.asarray(time_ds, np.int64)
    return np.asarray(product // _PER_KS if is_late else -(-product // _PER_KS))


def slots(
    doorways: Doorways,
    capacity: np.ndarray,
    warning: WarningTimes,
    slot_ds: int,
    total: int,
    *,
    is_late: bool,
) -> Slots:
    """Lay out the queues in slots, as far as being under cover is still worth something.

    Parameters
    ----------
    doorways
        The e entrances and h halls.
    capacity
        Places of each shelter, shape (s,) int64.
    warning
        When the strike may come.
    slot_ds
        Length of a slot [ds].
    total
        People in all; what lets more pass counts as letting all pass.
    is_late
        Whether times are rounded against us.

    Returns
    -------
    Slots
        The slots of the queues of a shelter lie together, entrances before halls.
    """
    entrances, halls = len(doorways), len(doorways.hall_flow_per_ks)
    has_hall = np.append(doorways.hall_idx >= 0, np.zeros(halls, np.bool_))
    flow = np.concatenate([doorways.flow_per_ks, doorways.hall_flow_per_ks])
    of_groups = _inside(doorways, is_late)
    inside, last_ds = of_groups.max(axis=0), int(warning.time_s[-1]) * 10
    # From the beginning of the slot in which somebody is served until they are at the next queue or under cover.
    is_metered = (flow > 0) & (flow < UNMETERED_PER_KS) & is_late
    through_after = is_metered * slot_ds + passing_ds(doorways, is_late)
    behind = through_after + inside
    joins = np.where(flow > 0, (last_ds - through_after - of_groups) // slot_ds + 1, 0).clip(0)
    skipped = (behind + (slot_ds - 1) * is_late) // slot_ds
    leads = np.append(doorways.hall_idx, np.full(halls, -1)).astype(np.int64) + entrances
    through = has_hall & (flow > 0)
    joins[:, has_hall] = 0
    joins[:, through] = (joins[:, leads[through]] - skipped[through]).clip(0)
    count, for_all = joins.max(axis=0), joins.min(axis=0)
    shelter = np.concatenate([doorways.shelter_idx, doorways.hall_shelter_idx])
    order = np.argsort(shelter, kind="stable")
    first = np.zeros(len(flow), np.int64)
    first[order] = np.cumsum(count[order]) - count[order]
    queue = np.repeat(order, count[order])
    at = np.arange(len(queue)) - first[queue]
    begins = at * slot_ds
    most = served_by(flow[queue], begins + slot_ds, is_late) - served_by(flow[queue], begins, is_late)
    done = np.minimum(begins + behind[queue], last_ds)
    lost = (warning.weight.sum() - warning.value(done)) // unit_of(warning)
    head = len(queue) + shelter[queue].astype(np.int64)
    to_hall = has_hall[queue]
    lost[to_hall] = 0
    head[to_hall] = (first[leads[queue]] + at + skipped[queue])[to_hall]
    bounds = np.append(0, np.cumsum(count[order]))[
        np.searchsorted(shelter[order], np.arange(len(capacity) + 1))
    ]
    none = np.zeros(len(queue), INDEX)
    shelters = np.zeros(len(capacity), np.int64)
    return Slots(
        slot_ds=slot_ds,
        is_late=is_late,
        first=first.astype(INDEX),
        count=count.astype(INDEX),
        head=np.append(head, shelters - 1).astype(INDEX),
        most=np.append(most, capacity).clip(0, total + 1),
        lost=np.append(lost, shelters),
        inside_ds=np.append(inside[queue], shelters),
        has_next=np.append(at + 1 < for_all[queue], np.zeros(len(capacity), np.bool_)),
        joins=joins[:, :entrances].astype(INDEX),
        begin=np.append(none, bounds[:-1]).astype(INDEX),
        end=np.append(none, bounds[1:]).astype(INDEX),
        through_ds=np.append(begins + behind[queue], shelters),
    )


def _inside(doorways: Doorways, is_late: bool) -> np.ndarray:
    """Way from each queue to the next, or to cover [ds], by group, shape (g, e + h) int64.

    For us all are as fast as the fastest. Against us all who have to do with a hall are as slow as the slowest; of a
    hall stands the longest, or for us the shortest, of its ways.
    """
    halls, has_hall = len(doorways.hall_flow_per_ks), doorways.hall_idx >= 0
    worst = np.maximum if is_late else np.minimum
    to_hall_ds, to_cover_ds = worst.reduce(doorways.to_hall_ds), worst.reduce(doorways.to_cover_ds)
    of_halls = np.full(halls, 0 if is_late else np.iinfo(np.int32).max, np.int64)
    worst.at(of_halls, doorways.hall_idx[has_hall], to_cover_ds[has_hall])
    of_entrances = np.where(has_hall, to_hall_ds, doorways.to_cover_ds if is_late else to_cover_ds)
    groups = len(doorways.to_cover_ds)
    return np.concatenate(
        [np.broadcast_to(of_entrances, (groups, len(doorways))), np.broadcast_to(of_halls, (groups, halls))],
        axis=1,
    ).astype(np.int64)


def passing_ds(doorways: Doorways, is_late: bool) -> np.ndarray:
    """By how much the last may be late whom a queue and those before it let through, where it leads to cover [ds].

    Parameters
    ----------
    doorways
        The e entrances and h halls.
    is_late
        Whether times are rounded against us; for us nobody is late.

    Returns
    -------
    np.ndarray
        Of entrances, then halls, shape (e + h,) int64; 0 for one that is shut or does not meter.

    Notes
    -----
    A door that is free when somebody comes has not passed a part of a person before: rounding its flow down from the
    siren on may give a busy span one person too many, who is late by one passing time. Before a hall that makes
    everyone there late by as much at most.
    """
    entrances = len(doorways)
    flow = np.concatenate([doorways.flow_per_ks, doorways.hall_flow_per_ks])
    is_metered = (flow > 0) & (flow < UNMETERED_PER_KS) & is_late
    passing = np.where(is_metered, -(-_PER_KS // np.maximum(flow, 1)), 0)
    has_hall = doorways.hall_idx >= 0
    before = np.zeros(len(flow), np.int64)
    np.maximum.at(before, entrances + doorways.hall_idx[has_hall], passing[:entrances][has_hall])
    passing[:entrances][has_hall] = 0
    return np.asarray(passing + before)


def unit_of(warning: WarningTimes) -> int:
    """Thousandths in one unit of the first goal: their greatest common divisor, so that a single time counts people."""
    return int(np.gcd.reduce(warning.weight))


def merge(places: Places, first: np.ndarray, every: int, shelter_count: int) -> tuple[np.ndarray, Places]:
    """Make one slot of every so many of a queue: a smaller problem whose prices are a first guess.

    Parameters
    ----------
    places
        The places of an assignment over time.
    first
        Where queues begin, shape (q,) int32.
    every
        Slots in one.
    shelter_count
        How many of the places, the last, are shelters.

    Returns
    -------
    The new position of each place, shape (m,) int32, and the new places.
    """
    m = len(places.head)
    slot_count = m - shelter_count
    begins = np.unique(first[first < slot_count])
    at = np.arange(slot_count) - np.repeat(begins, np.diff(np.append(begins, slot_count)))
    is_new = np.append(at % every == 0, np.ones(shelter_count, np.bool_))
    merged = (np.cumsum(is_new) - 1).astype(INDEX)
    opening = np.flatnonzero(is_new)
    ending = np.append(opening[1:], m) - 1
    head = places.head[ending]
    bounds = np.append(merged, len(opening)).astype(INDEX)
    return merged, Places(
        head=np.where(head < 0, -1, merged[head]).astype(INDEX),
        most=np.add.reduceat(places.most, opening),
        cost=places.cost[(opening + ending) // 2],
        wait=np.where(places.wait[ending] >= 0, places.wait[ending] * every, -1),
        begin=bounds[places.begin[opening]],
        end=bounds[places.end[opening]],
        is_direct=places.is_direct[opening],
        home=merged[places.home[opening]],
    )
