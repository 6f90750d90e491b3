"""The five numbers: what is left of the places from the register to the door in time, by arithmetic and by law."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import twins_reach as twins
from takecover.analysis.doorways import doorways
from takecover.analysis.five_numbers import FiveNumbers, five_numbers, places
from takecover.analysis.reach import reach
from takecover.cities import toys
from takecover.model.city import City
from takecover.model.inspections import Inspections

STEPS = ("registered", "exists", "usable", "open", "in_time")


def street(locks: list[str], looks: dict[int, tuple[str, str, str]], capacity: int = 100) -> City:
    """Nodes 100 m apart; a shelter of one door at each, with what was found there: existence, state, opening."""
    part = (toys.Part(1.0),)
    covers = [toys.Cover((toys.Door(i, lock=lock, parts=part),), capacity) for i, lock in enumerate(locks)]
    city = toys.grid(len(locks) + 1, 1, shelters=covers)
    rows = sorted(looks)
    empty = np.array([""] * len(rows))
    found = Inspections(
        np.array(rows, np.int32),
        *(np.array([looks[row][k] for row in rows]) for k in range(3)),
        protection_classes=empty,
        depth_m=np.full(len(rows), np.nan),
        verified_on=empty,
        verified_by=empty,
    )
    return replace(city, shelters=replace(city.shelters, inspections=found))


def numbers(city: City, limit_s: int = 600, **changes) -> FiveNumbers:
    """The five numbers where everybody comes."""
    case = twins.scenario(**({"count_on": "open", "time_limit_s": limit_s} | changes))
    costs = reach(city, case, limit_s)
    people = city.demand.people[0][costs.origin_idx, costs.group_idx]
    return five_numbers(city, case, doorways(city, case), costs, people)


def test_places_fall_away_step_by_step():
    city = street(
        ["open", "open", "open", "open", "locked", "open", "unknown"],
        {
            0: ("found", "fit", "always"),
            1: ("missing", "fit", "always"),
            2: ("found", "unfit", ""),
            3: ("found", "after_work", ""),
            4: ("found", "fit", ""),
            5: ("found", "fit", "never"),
        },
    )
    found = numbers(city)
    assert (found.registered > 0).tolist() == [True] * 7
    assert (found.exists > 0).tolist() == [True, False, True, True, True, True, True]
    assert (found.usable > 0).tolist() == [True, False, False, False, True, True, True]
    assert (found.open > 0).tolist() == [True, False, False, False, False, False, True]
    assert found.unverified.tolist() == [0, 0, 0, 0, 0, 0, 100]


@pytest.mark.parametrize(
    ("count_on", "left"),
    [
        ("registered", [9, 9, 9, 9]),
        ("exists", [0, 9, 9, 9]),
        ("usable", [0, 0, 9, 9]),
        ("open", [0, 0, 0, 9]),
    ],
)
def test_a_plan_may_fill_what_it_counts_on(count_on, left):
    city = street(
        ["open", "open", "locked", "open"], {0: ("missing", "fit", ""), 1: ("found", "unfit", "")}, capacity=9
    )
    case = twins.scenario(count_on=count_on)
    assert places(city, case).tolist() == left
    assert (~doorways(city, case).is_shut).tolist() == [place > 0 for place in left]
    assert places(city, replace(case, closed_shelter_ids=("S004",))).tolist() == [*left[:3], 0]


def test_hours_are_those_of_the_period():
    city = street(["open"] * 3, {0: ("", "", "night"), 1: ("", "", "never"), 2: ("", "", "day night")})
    city = replace(city, demand=replace(city.demand, periods=("night",)))
    assert numbers(city).open.tolist() == [100, 0, 100]


def test_a_shelter_whose_every_door_is_closed_or_locked_is_not_open():
    city = toys.grid(3, 1, shelters=[toys.Cover((0, toys.Door(1, lock="locked")), 10), toys.Cover((2,), 10)])
    assert numbers(city).open.tolist() == [10, 10]
    assert numbers(city, closed_entrance_ids=("S001-1",)).open.tolist() == [0, 10]
    assert numbers(city, closed_shelter_ids=("S002",)).open.tolist() == [10, 0]


def test_a_door_fills_from_the_first_arrival_until_the_way_is_too_long():
    # 1 person a second; the nearest comes from 100 m away after a delay of 50 s: 450 s are left, less 10 s behind it.
    cover = toys.Cover((toys.Door(1, parts=(toys.Part(1.0, length_m=7.0),)),), 1000)
    city = toys.grid(2, 1, people=[3, 0], origin_nodes=[0, 1], shelters=[cover])
    late = {"delay_median_s": {"night": 50.0}, "delay_spread": {"night": 0.0}}
    assert numbers(city, **late).in_time.tolist() == [440]
    assert numbers(city, 160, **late).in_time.tolist() == [0]
    assert numbers(city, 100, **late).in_time.tolist() == [0]


def test_a_hall_lets_in_no_more_than_its_own_flow():
    part = toys.Part
    doors = tuple(toys.Door(i, parts=(part(1.0),), into_hall=True) for i in (0, 1))
    city = toys.grid(2, 1, shelters=[toys.Cover(doors, 5000, hall=(part(0.5, length_m=14.0),))])
    assert numbers(city, 120).in_time.tolist() == [50]
    wide = toys.grid(2, 1, shelters=[toys.Cover(doors, 5000, hall=(part(9.0, length_m=14.0),))])
    assert numbers(wide, 120).in_time.tolist() == [200]
    assert numbers(wide, 120, closed_entrance_ids=("S001-2",)).in_time.tolist() == [100]


def test_what_nobody_reaches_is_filled_by_nobody():
    city = toys.grid(3, 1, people=[0, 0, 1], step_free_people=[0, 0, 0], shelters=[toys.Cover((0,), 10)])
    assert numbers(city, 100).in_time.tolist() == [0]
    assert numbers(city, 300).in_time.tolist() == [10]


WORDS = st.tuples(
    st.sampled_from(["found", "missing", ""]),
    st.sampled_from(["fit", "after_work", "unfit", ""]),
    st.sampled_from(["always", "never", "night", ""]),
)


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(["open", "locked", "unknown"]), min_size=4, max_size=4),
    st.dictionaries(st.integers(0, 3), WORDS),
    st.integers(0, 300),
    st.integers(1, 900),
)
def test_no_number_is_more_than_the_one_before(locks, looks, capacity, limit_s):
    found = numbers(street(locks, looks, capacity), limit_s)
    columns = [getattr(found, step) for step in STEPS]
    for before, after in itertools.pairwise(columns):
        assert (after <= before).all()
    assert (found.unverified <= found.open).all()
    assert found.in_time.min() >= 0
