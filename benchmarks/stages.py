"""From streets in memory to a certified plan, each stage timed."""

from __future__ import annotations

import time
from dataclasses import dataclass

from benchmarks.loads import people_of, places
from takecover.analysis import assign
from takecover.analysis.optimum import Optimum
from takecover.analysis.reach import reach
from takecover.model.city import City
from takecover.model.plan import Plan
from takecover.model.scenario import Scenario


@dataclass(frozen=True, eq=False)
class Planned:
    """A plan and how long it took.

    Attributes
    ----------
    reach_s
        Every walk to a shelter [s].
    solve_s
        The optimum, without prices made least and without proof [s].
    assign_s
        All of `assign.assign`: the optimum, least prices, certificate [s].
    plan
        The plan.
    """

    reach_s: float
    solve_s: float
    assign_s: float
    plan: Plan

    @property
    def whole_s(self) -> float:
        """Streets in memory to certified plan [s]."""
        return self.reach_s + self.assign_s


def planned(city: City, scenario: Scenario, limit_s: int, ratio: float) -> Planned:
    """Plan once; the two halves of `assign.assign` are called one after the other, to time the first alone."""
    capacity = places(city, ratio)
    begin = time.perf_counter()
    costs = reach(city, scenario, limit_s)
    reached = time.perf_counter()
    people = people_of(city, costs)
    start = time.perf_counter()
    optimum = Optimum(costs, people, capacity)
    solved = time.perf_counter()
    plan = assign.plan_of(optimum)
    end = time.perf_counter()
    return Planned(reached - begin, solved - start, end - start, plan)
