"""The scramble on streets whose answers follow by arithmetic, from the streets themselves on."""

from __future__ import annotations

import numpy as np
import pytest

import at_once
import street
from takecover.analysis import timeline
from takecover.analysis.reach import between_shelters, reach
from takecover.cities import toys
from takecover.model.city import City
from takecover.model.timeline import Timeline


def run(city: City, horizon_s: int) -> tuple[Timeline, np.ndarray]:
    """The scramble of everybody, and the people of each row."""
    scenario = street.scenario()
    costs = reach(city, scenario, horizon_s, threads=1)
    hops = tuple(between_shelters(city, scenario, horizon_s, group, threads=1) for group in range(2))
    people = city.demand.people[0][costs.origin_idx, costs.group_idx]
    return at_once.raid(costs, hops, people, city.shelters.capacity, horizon_s * 10), people


def by_time(result: Timeline) -> list[tuple[float, int, int]]:
    """(time [s], shelter, people) of all arrivals together, in order of time."""
    found: dict[tuple[float, int], int] = {}
    for time_ds, shelter, people in zip(result.time_ds, result.shelter_idx, result.people, strict=True):
        key = (int(time_ds) / 10, int(shelter))
        found[key] = found.get(key, 0) + int(people)
    return [(*key, people) for key, people in sorted(found.items())]


def test_the_street_by_hand_is_the_street_by_search():
    result, people = run(street.city(), 300)
    assert sorted(people.tolist()) == sorted(street.PEOPLE.tolist())
    assert by_time(result) == by_time(street.raid()) == [(0.0, 0, 5), (0.0, 1, 8), (100.0, 1, 4)]
    assert people.sum() - result.people.sum() == 238


def test_a_crowd_walks_along_a_street_of_shelters_until_all_are_in():
    # 15 people at the west end; shelters of 1, 2, 4 and 8 places every 100 m: one more lets them in each 100 s.
    people = [15, 0, 0, 0]
    city = toys.grid(4, 1, people=people, shelters=[toys.Cover((k,), 2**k) for k in range(4)])
    result, _ = run(city, 300)
    assert by_time(result) == [(0.0, 0, 1), (100.0, 1, 2), (200.0, 2, 4), (300.0, 3, 8)]
    assert timeline.turned_away(result, 3000, 4).tolist() == [14, 12, 8, 0]
    assert run(city, 299)[0].stranded[-1] == 8


def test_a_crowd_that_was_turned_away_goes_to_the_nearest_from_there_though_the_other_side_had_room():
    # From node 1 the west shelter (node 0) is as near as the east one (node 2): the lower id gets all 10. It takes 1;
    # the rest must cross back over their own door to the next nearest, node 2 at 300 s in all, and then node 4.
    city = toys.grid(
        5,
        1,
        people=[0, 10, 0, 0, 0],
        shelters=[toys.Cover((0,), 1), toys.Cover((2,), 3), toys.Cover((4,), 100)],
    )
    result, _ = run(city, 500)
    assert by_time(result) == [(100.0, 0, 1), (300.0, 1, 3), (500.0, 2, 6)]


def test_two_crowds_meet_at_one_shelter_and_the_nearer_gets_in():
    # 4 people 100 m west of it and 8 people 200 m east; 5 places, and nothing else to run to.
    city = toys.grid(4, 1, people=[4, 0, 0, 8], shelters=[toys.Cover((1,), 5)])
    result, _ = run(city, 600)
    assert by_time(result) == [(100.0, 0, 4), (200.0, 0, 1)]
    assert result.stranded[-1] == 7
    assert timeline.turned_away(result, 6000, 1).tolist() == [7]


def test_a_shelter_with_a_stair_is_not_on_the_way_of_a_wheelchair():
    # Both groups are turned away at node 0; on foot the next is node 1 (a stair), step-free it is node 2 at 0.4 m/s.
    city = toys.grid(
        3,
        1,
        people=[1, 0, 0],
        step_free_people=[2, 0, 0],
        shelters=[
            toys.Cover((0,), 0),
            toys.Cover((toys.Door(1, is_step_free=False),), 9),
            toys.Cover((2,), 9),
        ],
    )
    result, _ = run(city, 600)
    assert by_time(result) == [(100.0, 1, 1), (500.0, 2, 2)]


@pytest.mark.parametrize("horizon_s", [100, 200, 400])
def test_with_places_enough_everyone_is_in_at_the_nearest_and_nobody_is_turned_away(horizon_s):
    # A square of 5 x 5 with one shelter in the middle: 1, 4, 8, 8 and 4 people at 0, 100, 200, 300 and 400 s.
    city = toys.grid(5, 5, shelters=[toys.Cover((12,), 25)])
    result, _ = run(city, horizon_s)
    expected = [(0.0, 0, 1), (100.0, 0, 4), (200.0, 0, 8), (300.0, 0, 8), (400.0, 0, 4)]
    assert by_time(result) == [row for row in expected if row[0] <= horizon_s]
    assert result.turned_away[:, -1].tolist() == [0]
