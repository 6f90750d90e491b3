"""Why people are left outside: each person has one reason, and the reasons add up.

Never asks whether a reason was the only one: the way comes before the hour, the hour before the door, and the place
before the door's width. A closed door is a door, so nobody at one is too far.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from takecover.analysis import reach
from takecover.analysis.tally import tally
from takecover.dtypes import COUNT, TIME_DS, UNREACHED
from takecover.model.city import City
from takecover.model.costs import Costs
from takecover.model.departures import Departures
from takecover.model.plan import Plan
from takecover.model.scenario import Scenario
from takecover.model.timeline import Timeline


@dataclass(frozen=True, eq=False)
class Reasons:
    """People left outside, by the reason why; the six add up to the unserved of each row.

    Attributes
    ----------
    too_far
        No door, open or shut and whatever its stairs, by which they could be under cover within the time limit had they
        left with the siren and met no queue, shape (r,) int64.
    no_step_free_way
        They need a step-free way and have none in time, but would be at a door in time, open or shut, if every stair
        and door were step-free, shape (r,) int64.
    no_place
        They could be through a door in time, but no place is left behind any of those, shape (r,) int64.
    door_shut
        Every door that they could be through in time is shut: locked, or closed by the scenario, alone or with its
        shelter, shape (r,) int64.
    door_too_narrow
        There are places left behind doors that they could reach in time, but these let no more people in, shape (r,)
        int64.
    left_too_late
        They would be in time by a door had they left with the siren, but they leave later, shape (r,) int64.
    """

    too_far: np.ndarray
    no_step_free_way: np.ndarray
    no_place: np.ndarray
    door_shut: np.ndarray
    door_too_narrow: np.ndarray
    left_too_late: np.ndarray

    def total(self) -> np.ndarray:
        """People of each row who are left outside, shape (r,) int64."""
        return np.asarray(sum(getattr(self, field.name) for field in fields(self)))


def reasons(city: City, scenario: Scenario, plan: Plan, departures: Departures, led: Timeline) -> Reasons:
    """Find for everyone whom a plan leaves outside the reason why.

    Parameters
    ----------
    city, scenario
        What the plan was made from.
    plan
        The plan at its limit; its cost table says who reaches a door within it.
    departures
        Everyone, by when they leave.
    led
        The plan's people through the doors.

    Returns
    -------
    Reasons
        People of each row by reason.

    Notes
    -----
    Where the scenario closes something, the walks to every door as if it did not. One more search of the streets for
    each group that needs a step-free way, and only where someone of it reaches nothing.
    """
    costs, limit_s = plan.costs, plan.costs.time_limit_ds // 10
    anyhow = replace(scenario, closed_shelter_ids=(), closed_entrance_ids=())
    walks = costs if scenario == anyhow else reach.reach(city, anyhow, limit_s, per_entrance=True)
    is_stuck = (plan.unserved > 0) & (np.diff(walks.indptr) == 0)
    unhindered_ds = np.full(costs.row_count, UNREACHED, TIME_DS)
    for group_idx, group in enumerate(city.demand.groups):
        rows = np.flatnonzero(is_stuck & (costs.group_idx == group_idx))
        if group.needs_step_free and len(rows) > 0:
            walk_ds = reach.nearest_walk_ds(city, anyhow, limit_s, group_idx, ignore_step_free=True)
            unhindered_ds[rows] = walk_ds[costs.origin_idx[rows]]
    return by_row(plan, walks, unhindered_ds, departures, led)


def by_row(
    plan: Plan, walks: Costs, unhindered_ds: np.ndarray, departures: Departures, led: Timeline
) -> Reasons:
    """Sort the people left outside by reason.

    Parameters
    ----------
    plan
        The plan at its limit.
    walks
        Who reaches which door within the limit, also one that the scenario closes; the same rows as the plan's table.
    unhindered_ds
        Walk of each row to its nearest door, open or closed, if every stair and door were step-free [ds], shape (r,)
        int32; `UNREACHED` beyond the limit, and for groups that stairs do not hinder.
    departures
        Everyone, by when they leave.
    led
        The plan's people through the doors.

    Returns
    -------
    Reasons
        People of each row by reason.
    """
    is_near = _any(_in_time(walks, led, 0), walks.indptr)
    is_barred = (np.diff(walks.indptr) == 0) & (unhindered_ds <= plan.costs.time_limit_ds)
    nobody = np.zeros(len(is_near), COUNT)
    late, shut, full, narrow = nobody.copy(), nobody.copy(), nobody.copy(), nobody.copy()
    outside = _outside(plan, departures, led)
    for cohort, leave_ds in enumerate(departures.delay_ds.tolist()):
        in_time, is_open, has_room = _doors(plan, walks, led, leave_ds)
        left = np.where(is_near, outside[:, cohort], 0)
        late += np.where(in_time, 0, left)
        shut += np.where(in_time & ~is_open, left, 0)
        full += np.where(is_open & ~has_room, left, 0)
        narrow += np.where(has_room, left, 0)
    return Reasons(
        too_far=np.where(~is_near & ~is_barred, plan.unserved, nobody),
        no_step_free_way=np.where(is_barred, plan.unserved, nobody),
        no_place=full,
        door_shut=shut,
        door_too_narrow=narrow,
        left_too_late=late,
    )


def _outside(plan: Plan, departures: Departures, led: Timeline) -> np.ndarray:
    """People of each row and cohort who are not under cover by the limit, shape (r, c) int64."""
    count = len(departures.delay_ds)
    is_in = led.time_ds <= plan.costs.time_limit_ds
    cell = led.row_idx[is_in].astype(np.int64) * count + led.batches.cohort_idx[led.batch_idx[is_in]]
    inside = tally(cell, led.people[is_in], departures.people.size)
    return np.asarray(departures.people - inside.reshape(departures.people.shape))


def _doors(
    plan: Plan, walks: Costs, led: Timeline, leave_ds: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Whether each row, leaving then, could be through a door in time, an open one, one with room, (r,) bool each."""
    costs = plan.costs
    is_open = _in_time(costs, led, leave_ds) & ~led.doorways.is_shut[costs.entrance_idx]
    has_room = is_open & (plan.load < plan.capacity)[costs.shelter_idx]
    in_time = _any(_in_time(walks, led, leave_ds), walks.indptr)
    return in_time, _any(is_open, costs.indptr), _any(has_room, costs.indptr)


def _in_time(costs: Costs, led: Timeline, leave_ds: int) -> np.ndarray:
    """Whether who leaves then and meets no queue is under cover by the limit, by each entry, shape (a,) bool."""
    behind_ds = led.doorways.behind_ds[costs.group_idx[costs.row_idx], costs.entrance_idx]
    return np.asarray(leave_ds + costs.walk_time_ds + behind_ds <= costs.time_limit_ds)


def _any(is_true: np.ndarray, indptr: np.ndarray) -> np.ndarray:
    """True for each run of entries in which one is true, shape (r,) bool."""
    return np.asarray(np.diff(np.append(0, np.cumsum(is_true))[indptr]) > 0)
