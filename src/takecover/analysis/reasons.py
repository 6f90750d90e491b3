"""Why people are left outside: each person has one reason, and the reasons add up.

Never asks whether a reason was the only one: the way comes before the place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from takecover.analysis import reach
from takecover.dtypes import COUNT, TIME_DS, UNREACHED
from takecover.model.city import City
from takecover.model.plan import Plan
from takecover.model.scenario import Scenario


@dataclass(frozen=True, eq=False)
class Reasons:
    """People left outside, by the reason why; the three add up to the unserved of each row.

    Attributes
    ----------
    too_far
        No shelter within the time limit, whatever its stairs and doors, shape (r,) int64.
    no_step_free_way
        They need a step-free way and have none in time, but would have a shelter in time if every stair and door
        were step-free, shape (r,) int64.
    no_place
        A shelter is within the time limit, but the plan has no place for them, shape (r,) int64.
    """

    too_far: np.ndarray
    no_step_free_way: np.ndarray
    no_place: np.ndarray


def reasons(city: City, scenario: Scenario, plan: Plan) -> Reasons:
    """Find for everyone whom a plan leaves outside the reason why.

    Parameters
    ----------
    city, scenario
        What the plan was made from.
    plan
        The plan; its cost table says who reaches a shelter within its limit.

    Returns
    -------
    Reasons
        People of each row by reason.

    Notes
    -----
    One more search of the streets for each group that needs a step-free way, and only where someone of it reaches
    nothing.
    """
    costs = plan.costs
    is_stuck = (plan.unserved > 0) & (np.diff(costs.indptr) == 0)
    unhindered_ds = np.full(costs.row_count, UNREACHED, TIME_DS)
    for group_idx, group in enumerate(city.demand.groups):
        rows = np.flatnonzero(is_stuck & (costs.group_idx == group_idx))
        if group.needs_step_free and len(rows) > 0:
            walk_ds = reach.nearest_walk_ds(
                city, scenario, costs.time_limit_ds // 10, group_idx, ignore_step_free=True
            )
            unhindered_ds[rows] = walk_ds[costs.origin_idx[rows]]
    return by_row(plan, unhindered_ds)


def by_row(plan: Plan, unhindered_ds: np.ndarray) -> Reasons:
    """Sort the people left outside by reason.

    Parameters
    ----------
    plan
        The plan.
    unhindered_ds
        Walk of each row to its nearest shelter if every stair and door were step-free [ds], shape (r,) int32;
        `UNREACHED` beyond the limit, and for groups that stairs do not hinder.

    Returns
    -------
    Reasons
        People of each row by reason.
    """
    has_entry = np.diff(plan.costs.indptr) > 0
    is_barred = ~has_entry & (unhindered_ds <= plan.costs.time_limit_ds)
    nobody = np.zeros(len(has_entry), COUNT)
    return Reasons(
        too_far=np.where(~has_entry & ~is_barred, plan.unserved, nobody),
        no_step_free_way=np.where(is_barred, plan.unserved, nobody),
        no_place=np.where(has_entry, plan.unserved, nobody),
    )
