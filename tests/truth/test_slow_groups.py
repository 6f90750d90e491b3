"""Each group goes down behind the door at its own pace: by arithmetic, in what plans promise and a bound allows."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import twins_reach as twins
from crowds import alone, batches_of, doorways_of, hops_of
from takecover.analysis import reach
from takecover.analysis.arrive import arrive
from takecover.analysis.arrive import batches_of as sent_along
from takecover.analysis.bound import bound
from takecover.analysis.doorways import doorways
from takecover.analysis.overtime import assign_over_time
from takecover.cities import toys
from takecover.model.demand import MobilityGroup
from takecover.model.departures import Departures
from takecover.model.doorways import Doorways
from takecover.model.warning import WarningTimes
from timeworlds import World, doors, world, worlds

LAW = settings(max_examples=60, deadline=None)
BRISK, OLD = {"walking": 1.19, "older": 0.97}, {"older": 0.32}


def cellar(*, kind="shelter", people=(1, 1)):
    """One door with the usual stair 3 m down, adults and old people before it, and nowhere else to go."""
    city = toys.grid(2, 1, people=[0, people[0]], shelters=[toys.Cover((1,), 1000)])
    groups = MobilityGroup("walking", False), MobilityGroup("older", False)
    of_both = np.array([[[0, 0], people]], np.int64)
    demand = replace(city.demand, groups=groups, people=of_both)
    return replace(city, demand=demand, shelters=replace(city.shelters, kinds=np.array([kind])))


def way_down(steps_factor: float = 0.32, **changed) -> Doorways:
    """Behind that door."""
    case = twins.scenario(speed_m_s=BRISK, group_steps_factor={"older": steps_factor})
    return doorways(cellar(**changed), case)


def test_an_old_person_is_under_cover_later_than_an_adult_who_passed_the_door_behind_them():
    # 6 m of stair: 11.2 s in a crowd at 0.54 m/s, 19.4 s at 0.97 x 0.32 m/s; the door passes one in 1.27 s.
    parties = batches_of([(0, 0, 1), (0, 0, 1)], [1, 0])
    result = arrive(parties, way_down(), **(alone(9) | {"hops_by_group": [hops_of([[]], [0])] * 2}))
    assert dict(zip(result.batch_idx.tolist(), result.time_ds.tolist(), strict=True)) == {
        0: 13 + 194,
        1: 26 + 112,
    }


def test_who_is_as_fast_on_stairs_as_on_the_level_goes_down_with_the_crowd():
    assert way_down(1.0).to_cover_ds.tolist() == [[112], [112]]
    assert way_down().to_cover_ds.tolist() == [[112], [194]]
    # 23.3 m of ramp: nobody who walks 0.7 m/s or more is slower than the crowd.
    assert way_down(kind="car_park").to_cover_ds.tolist() == [[334], [334]]


def test_whoever_is_slower_than_the_crowd_on_the_level_is_so_on_a_ramp():
    case = twins.scenario(speed_m_s={"walking": 1.19, "older": 0.5}, group_steps_factor=OLD)
    assert doorways(cellar(kind="car_park"), case).to_cover_ds.tolist() == [[334], [467]]


def test_who_needs_a_step_free_way_has_the_crowds_time_on_a_stair_and_changes_no_door_that_is_not_theirs():
    flight = toys.Part(kind="stair", length_m=5.4)
    part = (flight, toys.Part(length_m=7.0))
    both = toys.Cover((toys.Door(0, parts=part), toys.Door(1, is_step_free=False, parts=part)), 9)
    case = twins.scenario(speed_m_s={"walking": 1.19, "step_free": 0.35})
    # 10 s of stair and 10 s of corridor, the latter 20 s at 0.35 m/s.
    assert doorways(toys.grid(2, 1, shelters=[both]), case).to_cover_ds.tolist() == [[200, 200], [300, 200]]


def test_a_running_escalator_takes_everyone_down_alike_and_one_that_stands_does_not():
    step = toys.Part(kind="escalator", length_m=9.0, width_m=1.0)
    cover = toys.Cover((toys.Door(0, parts=(toys.Part(2.0),), into_hall=True),), 100, hall=(step,))
    city = toys.grid(2, 1, shelters=[cover])
    city = replace(city, demand=replace(city.demand, groups=cellar().demand.groups))
    case = twins.scenario(speed_m_s=BRISK, group_steps_factor=OLD)
    assert doorways(city, case).to_cover_ds.tolist() == [[120], [120]]
    # 9 m at 0.54 and at 0.3104 m/s
    assert doorways(city, replace(case, escalators_run=False)).to_cover_ds.tolist() == [[167], [290]]


def test_the_fast_overtake_the_slow_on_the_way_to_a_shared_escalator():
    # Through the door at 1 and 2 s; to the line 3 s and 1 s, where one rides on every 2 s and is down after 10 s more.
    way = doorways_of([0], [1000], [0], [500], [[30], [10]], [[100], [100]])
    raid = alone(9) | {"hops_by_group": [hops_of([[]], [0])] * 2}
    result = arrive(batches_of([(0, 0, 1), (0, 0, 1)], [0, 1]), way, **raid)
    found = dict(zip(result.batch_idx.tolist(), result.time_ds.tolist(), strict=True))
    assert found == {1: 20 + 10 + 20 + 100, 0: 50 + 20 + 100}
    assert result.halls.wait_ds.tolist() == [10]


def half_minute(people: tuple[int, int], warning_s: int) -> World:
    """One adult row, one old row at a door of 1 a second; adults are under cover at once, old people after 10 s."""
    way = doors([0], [1000], covers=[[0], [100]])
    rows = [[(0, 0)], [(0, 0)]]
    return world(rows, way, [[n] for n in people], [1000], WarningTimes.single(warning_s), 300, groups=[0, 1])


@pytest.mark.parametrize(
    ("people", "warning_s", "sent"),
    [((20, 20), 41, 30), ((20, 20), 40, 20), ((0, 20), 40, 0), ((20, 20), 30, 0)],
)
def test_by_arithmetic_a_plan_lets_in_whoever_is_in_time_and_the_bound_does_not_ask(people, warning_s, sent):
    # Served by 30 s and one passing time of 1 s: 31 s for adults, 41 s for old people.
    made = half_minute(people, warning_s)
    assert assign_over_time(*made).sent == sent
    assert assign_over_time(*made, rounding="for").sent == sum(people)


def test_people_too_slow_for_the_last_slot_stay_out_of_it_and_those_who_come_then_fill_it():
    # Two slots of 30 people end in time for old people, a third for adults alone, who come just then.
    way = doors([0], [1000], covers=[[0], [100]])
    rows, people = [[(0, 0)], [(0, 0)], [(0, 600)]], [[0], [90], [90]]
    made = world(rows, way, people, [1000], WarningTimes.single(91), 300, groups=[0, 1, 0])
    plan = assign_over_time(*made)
    assert plan.served[0].tolist() == [30, 30, 30]
    assert plan.unserved.tolist() == [[0], [30], [60]]


def delivered(made: World) -> tuple[int, Fraction]:
    """People under cover at the last warning time and expected ones, as the doors let the plan's people in."""
    plan = assign_over_time(*made)
    who = sent_along(
        made.costs, plan.entry_idx, plan.cohort_idx, plan.people, made.departures.delay_ds.astype(np.int64)
    )
    nowhere = hops_of([[] for _ in made.doorways.shelter_idx], made.doorways.shelter_idx.tolist())
    groups = len(made.doorways.to_cover_ds)
    roomy = np.full(len(made.capacity), 10_000, np.int64)
    horizon_ds = int(made.warning.time_s[-1]) * 10
    result = arrive(who, made.doorways, roomy, [nowhere] * groups, np.array([horizon_ds]))
    inside = int(result.people.sum())
    worth = int(made.warning.value(result.time_ds) @ result.people)
    promised = Fraction(plan.expected_permille)
    assert inside >= plan.sent
    assert worth >= promised
    return inside, promised


def by_shelter(made: World) -> World:
    """The same world with its doors in the order of their shelters, as `arrive` wants them."""
    way = made.doorways
    order = np.argsort(way.shelter_idx, kind="stable")
    place = np.argsort(order).astype(np.int32)
    sorted_way = replace(
        way,
        shelter_idx=way.shelter_idx[order],
        flow_per_ks=way.flow_per_ks[order],
        hall_idx=way.hall_idx[order],
        to_hall_ds=way.to_hall_ds[:, order],
        to_cover_ds=way.to_cover_ds[:, order],
    )
    return made._replace(
        doorways=sorted_way, costs=replace(made.costs, entrance_idx=place[made.costs.entrance_idx])
    )


@settings(max_examples=300, deadline=None)
@given(worlds())
def test_first_come_first_in_lets_in_by_each_strike_whom_a_plan_promises_where_places_are_not_short(made):
    made = made._replace(capacity=np.full(len(made.capacity), 10_000, np.int64))
    assume(made.warning.time_s[-1] > 0)
    delivered(by_shelter(made))


def test_slow_people_behind_a_queue_of_fast_ones_are_not_promised():
    # Were the slow person's 10 s added before the door, the second slot would seem open to them: it is too late, and
    # nobody of the 59 who stand before them gives way in the first.
    way = doors([0], [1000], covers=[[0], [100]])
    made = world([[(0, 0)], [(0, 0)]], way, [[59], [1]], [99], WarningTimes.single(61), 300, groups=[0, 1])
    assert assign_over_time(*made).sent == 30
    assert delivered(made) == (30, 30_000)


@LAW
@given(worlds(), st.data())
def test_a_slower_group_never_puts_more_people_under_cover_in_plan_or_bound(made, data):
    way = made.doorways
    slower = way.to_cover_ds.copy()
    group, door = data.draw(st.integers(0, 1)), data.draw(st.integers(0, len(way) - 1))
    slower[group, door] += data.draw(st.integers(1, 300))
    after = made._replace(doorways=replace(way, to_cover_ds=slower))
    for rounding in ("against", "for"):
        before = assign_over_time(*made, rounding=rounding).certificate.primal.people
        assert assign_over_time(*after, rounding=rounding).certificate.primal.people >= before
    times = np.arange(0, 150, 30)
    most = [bound(w.costs, w.doorways, w.departures, w.capacity, times, w.slot_ds) for w in (made, after)]
    assert (most[1] <= most[0]).all()


@LAW
@given(worlds())
def test_groups_alike_are_one_group(made):
    way = made.doorways
    alike = replace(way, to_hall_ds=way.to_hall_ds[[0, 0]].copy(), to_cover_ds=way.to_cover_ds[[0, 0]].copy())
    one = replace(way, to_hall_ds=way.to_hall_ds[:1], to_cover_ds=way.to_cover_ds[:1])
    costs = replace(made.costs, group_idx=made.costs.group_idx * 0)
    for rounding in ("against", "for"):
        first = assign_over_time(*made._replace(doorways=alike), rounding=rounding)
        second = assign_over_time(*made._replace(doorways=one, costs=costs), rounding=rounding)
        assert first.certificate == second.certificate
        assert first.entry_idx.tolist() == second.entry_idx.tolist()
        assert first.people.tolist() == second.people.tolist()


def inside(seed: int, steps_factor: float) -> tuple[int, int]:
    """People whom the plan lets in within 90 s, and the bound, for a tangled city with stairs on its streets too."""
    city = twins.random_city(seed)
    case = twins.scenario(steps_speed_factor=steps_factor)
    costs = reach.reach(city, case, 90, per_entrance=True)
    people = city.demand.people[0][costs.origin_idx, costs.group_idx]
    table = costs, doorways(city, case), Departures(np.zeros(1, np.int64), people[:, None])
    plan = assign_over_time(*table, city.shelters.capacity, WarningTimes.single(90), 100)
    return plan.sent, int(bound(*table, city.shelters.capacity, np.array([90]), 100)[0])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([(0.1, 0.2), (0.2, 0.4), (0.3, 0.5), (0.5, 1.0)]))
def test_a_higher_stairs_factor_never_puts_fewer_people_under_cover_in_plan_or_bound(seed, factors):
    (slow_plan, slow_bound), (fast_plan, fast_bound) = (inside(seed, factor) for factor in factors)
    assert slow_plan <= fast_plan <= fast_bound
    assert slow_bound <= fast_bound


@pytest.mark.parametrize(("steps_factor", "people"), [(0.32, 54), (1.0, 60)])
def test_from_the_street_to_the_figure_a_crowd_with_old_people_in_it_is_counted_at_its_true_pace(
    steps_factor, people
):
    # 30 adults, then 30 old people at a door of 789 in 1,000 s: the n-th is through after n / 0.789 s. Down by 88.5 s
    # are adults and old people through by 77.3 s, all sixty, or by 69.1 s, 54 of them.
    way = way_down(steps_factor, people=(30, 30))
    costs = reach.reach(
        cellar(people=(30, 30)),
        twins.scenario(speed_m_s=BRISK, group_steps_factor=OLD),
        600,
        per_entrance=True,
    )
    rows = np.flatnonzero(costs.walk_time_ds == 0)
    crowd = np.full(len(rows), 30, np.int64)
    batches = sent_along(costs, rows, np.zeros(len(rows), np.int32), crowd, np.zeros(1, np.int64))
    horizon_ds = 885
    raid = alone(1000) | {"hops_by_group": [hops_of([[]], [0])] * 2, "moment_ds": np.array([horizon_ds])}
    result = arrive(batches, way, **raid)
    assert batches.people.sum() == 60
    assert result.people.sum() == people
