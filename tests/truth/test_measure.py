"""Laws of the figures on random cities, for any plan whatever: everybody is counted once in every table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import at_once
import street
from takecover.analysis import reasons
from takecover.analysis.doorways import doorways
from takecover.analysis.figures import REASONS, Figures
from takecover.analysis.five_numbers import five_numbers
from takecover.analysis.measure import measure
from takecover.analysis.minutes import Crowds
from takecover.analysis.reach import between_shelters, reach
from takecover.cities import toys
from takecover.model.costs import Costs
from takecover.model.plan import Certificate, Pair, Plan

LIMITS_S = (150, 300, 450)


def first_come_first_served(costs: Costs, people: np.ndarray, capacity: np.ndarray) -> Plan:
    """A plan that need not be good: row after row takes the nearest places that are left."""
    free, unserved, flow = capacity.copy(), people.copy(), np.zeros(len(costs.walk_time_ds), np.int64)
    for entry, (row, shelter) in enumerate(
        zip(costs.row_idx.tolist(), costs.shelter_idx.tolist(), strict=True)
    ):
        flow[entry] = min(free[shelter], unserved[row])
        free[shelter] -= flow[entry]
        unserved[row] -= flow[entry]
    primal, nothing = (
        Pair(int(unserved.sum()), int(flow @ costs.walk_time_ds)),
        np.zeros(len(capacity), np.int64),
    )
    certificate = Certificate(primal, primal)
    return Plan(costs, people, capacity, flow, unserved, capacity - free, nothing, nothing, certificate)


@st.composite
def figures_of_a_raid(draw: st.DrawFn) -> Figures:
    count = st.lists(st.integers(0, 9), min_size=9, max_size=9)
    node = st.integers(0, 8)
    door = st.builds(toys.Door, node, st.booleans())
    cover = st.builds(toys.Cover, st.tuples(door), st.integers(0, 20))
    city = toys.grid(
        3,
        3,
        people=draw(count),
        step_free_people=draw(count),
        shelters=draw(st.lists(cover, min_size=1, max_size=4)),
        zone_of_node=[0, 0, 0, 1, 1, 1, 2, 2, 2],
    )
    in_no_district = draw(st.lists(st.booleans(), min_size=9, max_size=9))
    demand = replace(
        city.demand, zone_idx=np.where(in_no_district, -1, city.demand.zone_idx).astype(np.int32)
    )
    city = replace(city, demand=demand)
    scenario = replace(
        street.scenario(), time_limit_s=draw(st.sampled_from(LIMITS_S)), compare_limits_s=LIMITS_S
    )
    costs = reach(city, scenario, LIMITS_S[-1], threads=1)
    hops = tuple(between_shelters(city, scenario, LIMITS_S[-1], group, threads=1) for group in range(2))
    people = demand.people[0][costs.origin_idx, costs.group_idx]
    capacity = city.shelters.capacity
    plans = {
        limit_s: first_come_first_served(costs.within(limit_s * 10), people, capacity) for limit_s in LIMITS_S
    }
    plan = plans[scenario.time_limit_s]
    raid = at_once.raid(costs, hops, people, capacity, LIMITS_S[-1] * 10, scenario.time_limit_s * 10)
    numbers = five_numbers(city, scenario, doorways(city, scenario), costs, people)
    led = at_once.led(plan, hops, LIMITS_S[-1] * 10)
    crowds = Crowds(led, raid, raid)
    why = reasons.reasons(city, scenario, plan, at_once.leaving(people), led)
    bounds = {limit_s: each.under_cover for limit_s, each in plans.items()}
    minutes = at_once.minutes(plan, crowds, scenario, bounds)
    return measure(city, scenario, plan, crowds, why, numbers, minutes)


@settings(max_examples=60, deadline=None)
@given(figures_of_a_raid())
def test_districts_and_groups_each_add_up_to_the_city(figures):
    for parts in (figures.districts, figures.groups):
        for name in ("people", "under_cover", "unserved", *REASONS, "scramble_under_cover"):
            whole = {
                "scramble_under_cover": figures.scramble.under_cover,
                **vars(figures.unserved_by_reason),
                **{key: getattr(figures, key) for key in ("people", "under_cover", "unserved")},
            }[name]
            assert sum(getattr(part, name) for part in parts) == whole
    assert sum(district.shelters for district in figures.districts) == len(figures.shelters)


@settings(max_examples=60, deadline=None)
@given(figures_of_a_raid())
def test_everyone_is_under_cover_or_outside_for_one_reason(figures):
    assert figures.under_cover + figures.unserved == figures.people
    assert sum(vars(figures.unserved_by_reason).values()) == figures.unserved
    assert figures.scramble.under_cover + figures.scramble.unserved == figures.people
    assert figures.scramble.turned_away <= figures.people


@settings(max_examples=60, deadline=None)
@given(figures_of_a_raid())
def test_curves_counts_and_loads_tell_the_same_people(figures):
    at = figures.curves.time_s.index(float(figures.time_limit_s))
    assert figures.curves.plan[at] == figures.curves.plan[-1] == figures.under_cover
    assert figures.curves.scramble[at] == figures.scramble.under_cover
    assert sum(shelter.load for shelter in figures.shelters) == figures.under_cover
    assert sum(shelter.scramble_load for shelter in figures.shelters) == figures.scramble.under_cover
    assert all(max(shelter.load, shelter.scramble_load) <= shelter.capacity for shelter in figures.shelters)
    for row in figures.comparison:
        there = figures.curves.time_s.index(float(row.time_limit_s))
        assert row.plan_under_cover == figures.curves.plan[there]
        assert row.scramble_under_cover == figures.curves.scramble[there]


@settings(max_examples=60, deadline=None)
@given(figures_of_a_raid())
def test_the_plan_is_below_the_scramble_exactly_where_the_curves_say_so(figures):
    for time_s, of_scramble, of_plan in zip(
        figures.curves.time_s, figures.curves.scramble, figures.curves.plan, strict=True
    ):
        is_last = time_s == figures.curves.time_s[-1]
        told = [
            low
            for low in figures.below
            if low.from_s <= time_s < low.to_s or (is_last and low.to_s == time_s)
        ]
        assert (of_plan < of_scramble) == (len(told) == 1)
        assert all(of_scramble - of_plan <= low.largest for low in told)
