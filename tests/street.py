"""A street of four houses and two shelters, 100 m apart, with every answer known by arithmetic; 255 people."""

from __future__ import annotations

import numpy as np

import at_once
from takecover.analysis.five_numbers import FiveNumbers
from takecover.analysis.minutes import Crowds, Minutes
from takecover.cities import toys
from takecover.model.city import City
from takecover.model.costs import Costs
from takecover.model.hops import Hops
from takecover.model.plan import Certificate, Pair, Plan
from takecover.model.scenario import Scenario
from takecover.model.timeline import Timeline

PEOPLE = np.array([1, 2, 4, 8, 16, 32, 64, 128])
"""Walking people of the four houses, then those who need a step-free way."""

CAPACITY = np.array([5, 20])
"""Places of the shelter at the first house, and of the one at the last, which has a stair."""

ENTRIES = [
    [(0, 0), (3000, 1)],
    [(1000, 0), (2000, 1)],
    [(1000, 1), (2000, 0)],
    [(0, 1), (3000, 0)],
    [(0, 0)],
    [(2500, 0)],
    [],
    [],
]
"""Walk [ds] and shelter of each row within 300 s: 1 m/s on foot, 0.4 m/s step-free."""

BEST_FLOW = {
    100: {(0, 0): 1, (2, 1): 4, (3, 1): 8, (4, 0): 4},
    200: {(0, 0): 1, (1, 1): 2, (2, 1): 4, (3, 1): 8, (4, 0): 4},
    300: {(0, 1): 1, (1, 1): 2, (2, 1): 4, (3, 1): 8, (4, 0): 5},
}
"""People by row and shelter of a best plan for each limit [s]."""


def city() -> City:
    """The street: houses 1 and 2 in the first district, 3 and 4 in the second."""
    return toys.grid(
        4,
        1,
        100.0,
        people=PEOPLE[:4].tolist(),
        step_free_people=PEOPLE[4:].tolist(),
        shelters=[toys.Cover((0,), 5), toys.Cover((toys.Door(3, is_step_free=False),), 20)],
        zone_of_node=[0, 0, 1, 1],
    )


def scenario() -> Scenario:
    """200 s, compared at 100, 200 and 300 s."""
    return Scenario(
        name="street",
        dated="2026-11-24",
        period="night",
        time_limit_s=200,
        compare_limits_s=(100, 200, 300),
        turnout=1.0,
        speed_m_s={"walking": 1.0, "step_free": 0.4},
        steps_speed_factor=0.5,
        closed_shelter_ids=(),
        norm_profile="",
        seed=1,
    )


def numbers() -> FiveNumbers:
    """All places are there, fit and open; the doors let in 3 and 17 in time, and nobody knows of the second."""
    three, known = np.array([3, 17]), np.array([0, 20])
    return FiveNumbers(CAPACITY, CAPACITY, CAPACITY, CAPACITY, three, known)


def costs(limit_s: int) -> Costs:
    """The cost table for a limit of up to 300 s; every shelter has one door."""
    flat = np.array([entry for row in ENTRIES for entry in row], np.int32)
    return Costs(
        origin_idx=np.tile(np.arange(4, dtype=np.int32), 2),
        group_idx=np.repeat(np.arange(2, dtype=np.int32), 4),
        indptr=np.cumsum([0, *(len(row) for row in ENTRIES)]).astype(np.int32),
        shelter_idx=flat[:, 1].copy(),
        entrance_idx=flat[:, 1].copy(),
        walk_time_ds=flat[:, 0].copy(),
        time_limit_ds=3000,
    ).within(limit_s * 10)


def hops() -> tuple[Hops, Hops]:
    """300 m between the shelters on foot, and no step-free way."""
    on_foot = Hops(
        *(np.array(column, np.int32) for column in ([0, 1, 2], [1, 0], [1, 0], [3000, 3000])), 3000
    )
    step_free = Hops(np.zeros(3, np.int32), *np.zeros((3, 0), np.int32), 3000)
    return on_foot, step_free


def plan(limit_s: int, flow_by_entry: dict[tuple[int, int], int] | None = None) -> Plan:
    """A best plan for a limit, or the given people by row and shelter; prices are made up."""
    table = costs(limit_s)
    flows = BEST_FLOW[limit_s] if flow_by_entry is None else flow_by_entry
    keys = zip(table.row_idx.tolist(), table.shelter_idx.tolist(), strict=True)
    flow = np.array([flows.get(key, 0) for key in keys])
    unserved = PEOPLE.copy()
    np.subtract.at(unserved, table.row_idx, flow)
    primal = Pair(int(unserved.sum()), int(flow @ table.walk_time_ds))
    return Plan(
        costs=table,
        people=PEOPLE,
        capacity=CAPACITY,
        flow=flow,
        unserved=unserved,
        load=np.bincount(table.shelter_idx, flow, 2).astype(np.int64),
        price_people=np.array([1, 0]),
        price_ds=np.array([-25, 0]),
        certificate=Certificate(primal, primal),
    )


def raid() -> Timeline:
    """The scramble to 300 s, counted every 10 s."""
    return at_once.raid(costs(300), hops(), PEOPLE, CAPACITY, 3000)


def led(of: Plan) -> Timeline:
    """The people of a plan on their way, to 300 s."""
    return at_once.led(of, hops(), 3000)


def crowds(of: Plan) -> Crowds:
    """The plan's people, the scramble, and everyone guided as the scramble runs."""
    return Crowds(led(of), raid(), raid())


BOUNDS = {100: 17, 200: 19, 300: 20}
"""The most that any plan could have under cover by a time [s]: what the best plan for it has."""


def minutes(of: Plan, limits: Scenario) -> Minutes:
    """What is told of the minutes."""
    return at_once.minutes(of, crowds(of), limits, BOUNDS)
