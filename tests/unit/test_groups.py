"""Splitting the walking people: nobody made up or lost, shares right by district, the lone not favoured."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import worlds
from takecover.analysis import groups
from takecover.analysis.reach import reach
from takecover.cities import toys
from takecover.model import check
from takecover.workflow.scenario import Wishes, scenario_for

SPEEDS = {"walking": 1.0, "step_free": 0.5, "children": 0.8, "older": 0.9}


def case(children=0.15, older=0.17, **changes):
    """A scenario that splits."""
    shares = {"children": children, "older": older}
    return replace(worlds.SCENARIO, speed_m_s=SPEEDS, group_shares=shares, **changes)


shares = st.sampled_from([0.0, 0.07, 0.15, 1 / 3, 0.5])


@settings(max_examples=40)
@given(shares, shares, shares, st.integers(0, 2**32))
def test_nobody_is_lost_and_every_district_has_its_share(children, older, of_first, seed):
    city = worlds.town()
    scenario = case(children, older, seed=seed, group_shares_by_zone={"Z1": {"children": of_first}})
    found = check.city(groups.split(city, check.scenario(scenario, city)))
    before, after = city.demand.people[0], found.demand.people[0]
    assert [g.name for g in found.demand.groups] == ["walking", "step_free", "children", "older"]
    assert (after >= 0).all()
    assert after[:, [0, 2, 3]].sum(axis=1).tolist() == before[:, 0].tolist()
    assert after[:, 1].tolist() == before[:, 1].tolist()
    for zone in range(4):
        is_in = city.demand.zone_idx == zone
        total = int(before[is_in, 0].sum())
        for column, share in ((2, of_first if zone == 0 else children), (3, older)):
            assert abs(after[is_in, column].sum() - Fraction(str(share)) * total) < 2


@given(st.integers(2, 300), st.integers(0, 2**32))
def test_origins_of_one_person_are_split_as_a_crowd_is(count, seed):
    city = toys.grid(count, 1, people=[1] * count)
    people = groups.split(city, case(seed=seed)).demand.people[0]
    assert abs(people[:, 2].sum() - 0.15 * count) < 1
    assert abs(people[:, 3].sum() - 0.17 * count) < 2
    assert people[:, [0, 2, 3]].sum(axis=1).tolist() == [1] * count


def test_a_scenario_that_splits_nothing_leaves_the_city_as_it_is():
    city = worlds.town()
    assert groups.split(city, worlds.SCENARIO) is city


def test_the_groups_walk_at_speeds_of_their_own_also_on_stairs():
    city = toys.grid(3, 1, people=[100, 0, 0], shelters=[toys.Cover((2,), 10)], steps=[(1, 2)])
    scenario = replace(case(), group_steps_factor={"children": 0.4})
    costs = reach(groups.split(city, scenario), scenario, 600)
    first = [
        int(costs.walk_time_ds[costs.indptr[r]])
        for r in range(costs.row_count)
        if costs.origin_idx[r] == 0 and costs.indptr[r + 1] > costs.indptr[r]
    ]
    # 100 m on the level and 100 m of stairs at half the speed; children at 0.8 and 0.32 m/s, older at 0.9 and 0.45
    assert first == [3000, 1250 + 3125, 1112 + 2222]


def test_the_option_takes_shares_and_speeds_from_the_table_of_parameters():
    city = worlds.town()
    scenario = scenario_for(city, Wishes(is_split=True), "2026-11-25")
    assert scenario.group_shares == {"children": 0.15, "older": 0.17}
    assert scenario.speed_m_s["older"] == 0.97
    assert scenario.steps_factor("children") == 0.38
    assert scenario.steps_factor("walking") == 0.5
    assert len(groups.split(city, scenario).demand.groups) == 4
    assert pytest.approx(0.32) == sum(scenario.group_shares.values())


def test_shares_of_every_period_are_taken_anew():
    city = toys.grid(4, 1, people=[100] * 4)
    demand = replace(city.demand, periods=("night", "day"), people=np.repeat(city.demand.people, 2, axis=0))
    people = groups.split(replace(city, demand=demand), case()).demand.people
    assert people.shape == (2, 4, 4)
    assert people[:, :, 2].sum(axis=1).tolist() == [60, 60]
