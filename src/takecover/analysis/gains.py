"""What exactly one more place in each shelter gains, in a plan over time."""

from __future__ import annotations

import numpy as np

from takecover.analysis.queues import places_of, unit_ds
from takecover.analysis.slots import Slots, slots
from takecover.kernels import queueprices, queuerows, queuetree
from takecover.model.doorways import Doorways
from takecover.model.plan_over_time import PlanOverTime
from takecover.model.warning import WarningTimes


def gains(plan: PlanOverTime, doorways: Doorways, warning: WarningTimes) -> tuple[np.ndarray, np.ndarray]:
    """Find the least of the optimal prices of each shelter.

    Prices are not unique. Only the least say what one more place gains by the plan's slots, with everybody placed anew.

    Parameters
    ----------
    plan
        Optimal, at any optimal prices.
    doorways, warning
        What it was made for.

    Returns
    -------
    (s,) units of the first goal gained; (s,) deciseconds of walking, waiting and going down saved, int64 each.

    Notes
    -----
    One search, of about as many steps as there are entries of the rows that it passes.

    Examples
    --------
    Five people who leave at once, 2 s from a shelter of three places without a door to wait at:

    >>> from takecover.analysis.overtime import assign_over_time
    >>> from takecover.model.costs import Costs
    >>> from takecover.model.departures import Departures
    >>> from takecover.model.doorways import UNMETERED_PER_KS
    >>> zero, none = np.zeros(1, np.int32), np.zeros(0, np.int64)
    >>> costs = Costs(zero, zero, np.array([0, 1], np.int32), zero, zero, np.array([20], np.int32), 900)
    >>> doorways = Doorways(zero, np.array([UNMETERED_PER_KS]), zero - 1, zero[None], zero[None], none, none)
    >>> leaving, warning = Departures(np.array([0]), np.array([[5]])), WarningTimes.single(25)
    >>> plan = assign_over_time(costs, doorways, leaving, np.array([3]), warning, 250)
    >>> [part.tolist() for part in gains(plan, doorways, warning)]
    [[1], [-20]]
    """
    total = int(plan.departures.people.sum())
    z = slots(doorways, plan.capacity, warning, plan.slot_ds, total, is_late=plan.is_late)
    shelters = len(plan.capacity)
    unit = unit_ds(z, plan.costs.time_limit_ds)
    indptr, cost, slot, row, cohort = queuerows.enter(
        plan.costs.indptr,
        plan.costs.walk_time_ds,
        plan.costs.entrance_idx,
        plan.costs.group_idx,
        plan.departures.people,
        plan.departures.delay_ds,
        z.first[: len(doorways)],
        z.joins,
        plan.slot_ds,
        plan.is_late,
    )
    rows = queuetree.Entries(indptr, cost, slot, plan.units_per_person * unit)
    standing = _standing(plan, z, unit, row, cohort)
    price = queueprices.least(places_of(z, unit), rows, standing)[len(z.head) - shelters :]
    units = (price + unit // 2) // unit
    return units, price - units * unit


def _standing(
    plan: PlanOverTime,
    z: Slots,
    unit: int,
    row: np.ndarray,
    cohort: np.ndarray,
) -> queueprices.Standing:
    """Who is where, and at what prices."""
    count, shelters = len(z.head), len(plan.capacity)
    cohorts = len(plan.departures.delay_ds)
    number = np.full((len(plan.departures.people), cohorts), -1, np.int64)
    number[row, cohort] = np.arange(len(row))
    walk = plan.costs.walk_time_ds[plan.entry_idx]
    at = plan.departures.delay_ds[plan.cohort_idx] + walk
    place = z.first[plan.costs.entrance_idx[plan.entry_idx]] + (
        -(-at // z.slot_ds) if z.is_late else at // z.slot_ds
    )
    joined = np.bincount(place, weights=plan.people, minlength=count).astype(np.int64)
    served = _of_places(plan.served, z)
    price = _of_places(plan.price_units * unit + plan.price_ds, z)
    price[count - shelters :] = plan.place_units * unit + plan.place_ds
    by_slot = np.argsort(place, kind="stable")
    feeding = np.flatnonzero(z.head >= 0)
    by_head = feeding[np.argsort(z.head[feeding], kind="stable")]
    return queueprices.Standing(
        outside=plan.unserved[row, cohort],
        served=served,
        waiting=_waiting(z, joined, served),
        used_begin=_begins(place, count),
        used_row=number[plan.costs.row_idx[plan.entry_idx], plan.cohort_idx][by_slot].astype(np.int32),
        used_cost=walk[by_slot].astype(np.int32),
        fed_begin=_begins(z.head[feeding], count),
        fed_by=by_head.astype(np.int32),
        price=price,
    )


def _of_places(by_queue: np.ndarray, z: Slots) -> np.ndarray:
    """By place what stands by queue and slot; 0 for the shelters."""
    found = np.zeros(len(z.head), np.int64)
    queue = np.repeat(np.arange(len(z.first)), z.count)
    at = np.arange(len(queue)) - np.repeat(np.cumsum(z.count) - z.count, z.count)
    found[z.first[queue] + at] = by_queue[queue, at]
    return found


def _waiting(z: Slots, joined: np.ndarray, served: np.ndarray) -> np.ndarray:
    """People who wait in each slot for the next, shape (m,) int64."""
    came = joined.copy()
    feeding = z.head >= 0
    np.add.at(came, z.head[feeding], served[feeding])
    waiting = np.zeros(len(came), np.int64)
    for first, count in zip(z.first.tolist(), z.count.tolist(), strict=True):
        own = slice(first, first + count)
        waiting[own] = np.cumsum(came[own] - served[own])
    return waiting


def _begins(place: np.ndarray, count: int) -> np.ndarray:
    """Where the members of each place begin among those in its order, shape (m + 1,) int32."""
    return np.append(0, np.cumsum(np.bincount(place, minlength=count))).astype(np.int32)
