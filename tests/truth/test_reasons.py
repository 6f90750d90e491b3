"""Reasons from the streets themselves: whom a stair bars, and whom the distance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import at_once
import street
from takecover.analysis import reasons as why
from takecover.analysis.figures import REASONS
from takecover.analysis.reach import between_shelters, reach
from takecover.analysis.reasons import Reasons
from takecover.cities import toys
from takecover.model.city import City
from takecover.model.plan import Certificate, Pair, Plan
from takecover.model.scenario import Scenario


def nobody_placed(city: City, time_limit_s: int) -> Plan:
    """The plan that leaves everybody outside, of shelters that others have filled."""
    costs = reach(city, street.scenario(), time_limit_s, threads=1)
    people = city.demand.people[0][costs.origin_idx, costs.group_idx]
    primal = Pair(int(people.sum()), 0)
    nothing = np.zeros(len(city.shelters), np.int64)
    return Plan(
        costs=costs,
        people=people,
        capacity=city.shelters.capacity,
        flow=np.zeros(len(costs.walk_time_ds), np.int64),
        unserved=people,
        load=city.shelters.capacity,
        price_people=nothing,
        price_ds=nothing,
        certificate=Certificate(primal, primal),
    )


def reasons(city: City, scenario: Scenario, plan: Plan) -> Reasons:
    """The reasons where all leave with the siren and no door holds anybody up."""
    groups = range(len(city.demand.groups))
    hops = tuple(between_shelters(city, scenario, 600, group, threads=1) for group in groups)
    led = at_once.led(plan, hops, 6000)
    return why.reasons(city, scenario, plan, at_once.leaving(plan.people), led)


def totals(found: Reasons) -> dict[str, int]:
    """People by reason; the three of doors and minutes have nobody here."""
    counts = {name: int(getattr(found, name).sum()) for name in REASONS}
    assert counts.pop("left_too_late") == counts.pop("door_shut") == counts.pop("door_too_narrow") == 0
    return counts


def test_the_street_leaves_people_outside_for_the_reasons_of_arithmetic():
    found = reasons(street.city(), street.scenario(), street.plan(200))
    assert totals(found) == {"too_far": 32 + 64, "no_step_free_way": 128, "no_place": 12}


@pytest.mark.parametrize(("limit_s", "reason"), [(200, "too_far"), (600, "no_step_free_way")])
def test_a_stair_in_the_street_is_the_reason_only_where_the_distance_is_none(limit_s, reason):
    # 100 m with a stair: at 0.4 m/s 250 s, were it level.
    city = toys.grid(
        2, 1, people=[0, 0], step_free_people=[4, 0], shelters=[toys.Cover((1,), 9)], steps=[(0, 1)]
    )
    found = reasons(city, street.scenario(), nobody_placed(city, limit_s))
    assert totals(found) == {"too_far": 0, "no_step_free_way": 0, "no_place": 0, reason: 4}


def test_people_on_foot_who_reach_nothing_are_too_far_whatever_the_stairs():
    city = toys.grid(3, 1, people=[1, 2, 4], shelters=[toys.Cover((2,), 9)], missing=[(0, 1)])
    found = reasons(city, street.scenario(), nobody_placed(city, 600))
    assert totals(found) == {"too_far": 1, "no_step_free_way": 0, "no_place": 2 + 4}


def closed(city: City, scenario: Scenario, time_limit_s: int, *, delay_ds: int = 0) -> dict[str, int]:
    """People by reason where nobody has a place and the scenario closes something; all leave after a delay."""
    plan = nobody_placed(city, time_limit_s)
    table = reach(city, scenario, time_limit_s, threads=1, per_entrance=True)
    plan = replace(plan, costs=table, flow=np.zeros(len(table.walk_time_ds), np.int64))
    hops = tuple(between_shelters(city, scenario, 600, g, threads=1) for g in range(len(city.demand.groups)))
    leaving = replace(at_once.leaving(plan.people), delay_ds=np.array([delay_ds]))
    found = why.reasons(city, scenario, plan, leaving, at_once.led(plan, hops, 6000))
    assert found.total().tolist() == plan.unserved.tolist()
    return {name: int(getattr(found, name).sum()) for name in REASONS if getattr(found, name).any()}


ROW = [toys.Cover((0,), 9), toys.Cover((2,), 9)]
"""Two shelters at either end of three crossings; 100 m are 84 s on foot and 250 s without stairs."""


def test_at_a_closed_shelter_the_door_is_shut_and_nobody_is_too_far():
    city = toys.grid(2, 1, people=[1, 0], step_free_people=[2, 0], shelters=[toys.Cover((1,), 9)])
    assert closed(city, street.scenario(), 600) == {"no_place": 3}
    for name, ids in (("closed_shelter_ids", "S001"), ("closed_entrance_ids", "S001-1")):
        assert closed(city, replace(street.scenario(), **{name: (ids,)}), 600) == {"door_shut": 3}


def test_beside_an_open_shelter_in_time_a_closed_one_is_no_reason():
    city = toys.grid(3, 1, people=[0, 1, 0], shelters=ROW)
    assert closed(city, replace(street.scenario(), closed_shelter_ids=("S001",)), 600) == {"no_place": 1}


def test_who_leaves_too_late_for_the_open_door_but_not_for_the_closed_one_meets_a_door_that_is_shut():
    city = toys.grid(3, 1, people=[1, 0, 0], shelters=ROW)
    scenario = replace(street.scenario(), closed_shelter_ids=("S001",))
    assert closed(city, scenario, 200) == {"no_place": 1}
    assert closed(city, scenario, 200, delay_ds=1000) == {"door_shut": 1}
    assert closed(city, scenario, 200, delay_ds=2100) == {"left_too_late": 1}


def test_beyond_the_limit_a_closed_shelter_is_too_far_like_any_other():
    city = toys.grid(3, 1, people=[1, 0, 0], shelters=[toys.Cover((2,), 9)])
    assert closed(city, replace(street.scenario(), closed_shelter_ids=("S001",)), 100) == {"too_far": 1}


def test_before_a_closed_shelter_behind_a_stair_it_is_the_stair_that_comes_first():
    city = toys.grid(
        2, 1, people=[0, 0], step_free_people=[4, 0], shelters=[toys.Cover((1,), 9)], steps=[(0, 1)]
    )
    scenario = replace(street.scenario(), closed_shelter_ids=("S001",))
    assert closed(city, scenario, 600) == {"no_step_free_way": 4}
