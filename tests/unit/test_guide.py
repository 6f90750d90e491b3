"""What phones do with a broadcast: good doors by their weights, nobody at home, and nothing lost to rounding."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from takecover.analysis.broadcast import broadcast
from takecover.analysis.guide import guide, options, part
from takecover.analysis.overtime import assign_over_time
from takecover.kernels import logit
from takecover.model.broadcast import Broadcast
from takecover.model.costs import Costs
from takecover.model.departures import Departures
from takecover.model.doorways import Doorways
from takecover.model.warning import WarningTimes

ONE = WarningTimes.single(90)


def _doors(flow_per_ks) -> Doorways:
    """Doors side by side, each of a shelter of its own, with cover right behind them."""
    count = len(flow_per_ks)
    nothing, none = np.zeros(count, np.int32), np.zeros(0, np.int64)
    return Doorways(
        np.arange(count, dtype=np.int32),
        np.array(flow_per_ks),
        nothing - 1,
        nothing[None],
        nothing[None],
        none,
        none,
    )


def _costs(walks_ds: list[list[int]]) -> Costs:
    """One row for each list, door d at its d-th walk; the doors of a row stand by their walks."""
    rows = [sorted((walk, door) for door, walk in enumerate(row) if walk >= 0) for row in walks_ds]
    flat = np.array([entry for row in rows for entry in row] or np.zeros((0, 2)), np.int32).reshape(-1, 2)
    count = np.arange(len(rows), dtype=np.int32)
    indptr = np.cumsum([0, *(len(row) for row in rows)]).astype(np.int32)
    door = flat[:, 1].copy()
    return Costs(count, count * 0, indptr, door, door, flat[:, 0].copy(), 9000, is_per_entrance=True)


def _sent(price_ds, spread_ds: int = 100, warning: WarningTimes = ONE) -> Broadcast:
    return Broadcast("shelter", np.array(price_ds), spread_ds, 1800, warning, 1.0, len(price_ds), 0.0)


def _loads(batches, doors: int) -> list[int]:
    return np.bincount(batches.entrance_idx, batches.people, doors).astype(int).tolist()


def test_of_two_doors_alike_each_gets_half_and_a_dearer_one_a_share_of_e():
    crowd = Departures(np.array([0]), np.array([[1000]]))
    doors = _doors([10**6, 10**6])
    assert _loads(guide(_costs([[100, 100]]), doors, crowd, _sent([0, 0])).batches, 2) == [500, 500]
    dearer = _loads(guide(_costs([[100, 100]]), doors, crowd, _sent([0, 100])).batches, 2)
    assert dearer[1] == pytest.approx(1000 / (1 + np.e), abs=1)


def test_a_door_that_is_too_late_is_taken_by_nobody_who_has_one_in_time():
    crowd = Departures(np.array([0]), np.array([[1000]]))
    led = guide(_costs([[800, 1000]]), _doors([10**6] * 2), crowd, _sent([0, 0], 20)).batches
    assert _loads(led, 2) == [1000, 0]


def test_each_group_takes_the_door_from_which_it_is_down_in_time():
    # Of the near door the second group is down too late, of the far one in time; the first is so by both.
    crowd, costs = Departures(np.array([0]), np.array([[1000], [1000]])), _costs([[100, 200], [100, 200]])
    doors = replace(_doors([10**6] * 2), to_hall_ds=np.zeros((2, 2), np.int32))
    doors = replace(doors, to_cover_ds=np.array([[700, 700], [850, 700]], np.int32))
    led = guide(replace(costs, group_idx=np.array([0, 1], np.int32)), doors, crowd, _sent([0, 0], 20)).batches
    first, second = led.row_idx == 0, led.row_idx == 1
    assert led.people[first & (led.entrance_idx == 0)].sum() > 950
    assert led.people[second & (led.entrance_idx == 1)].sum() == 1000


def test_whoever_has_only_doors_that_are_too_late_is_sent_all_the_same():
    crowd = Departures(np.array([0, 5000]), np.array([[3, 4]]))
    led = guide(_costs([[2000, 8000]]), _doors([10**6] * 2), crowd, _sent([0, 0], 20)).batches
    assert led.people.sum() == 7


def test_a_door_known_to_be_shut_is_no_option():
    crowd = Departures(np.array([0]), np.array([[10]]))
    led = guide(_costs([[10, 500]]), _doors([0, 10**6]), crowd, _sent([0, 0])).batches
    assert _loads(led, 2) == [0, 10]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_everyone_with_an_open_door_in_reach_is_sent_and_shares_are_kept_to_one_person(data):
    doors = data.draw(st.integers(1, 4))
    rows = data.draw(
        st.lists(st.lists(st.integers(-1, 2000), min_size=doors, max_size=doors), min_size=1, max_size=5)
    )
    delay_ds = np.array(sorted(data.draw(st.sets(st.integers(0, 3000), min_size=1, max_size=3))))
    people = np.array(
        data.draw(
            st.lists(
                st.lists(st.integers(0, 60), min_size=len(delay_ds), max_size=len(delay_ds)),
                min_size=len(rows),
                max_size=len(rows),
            )
        )
    )
    flow = data.draw(st.lists(st.sampled_from([0, 10**6]), min_size=doors, max_size=doors))
    price_ds = data.draw(st.lists(st.integers(0, 3000), min_size=doors, max_size=doors))
    costs, through, crowd = _costs(rows), _doors(flow), Departures(delay_ds, people)
    sent = _sent(price_ds)
    led = guide(costs, through, crowd, sent).batches
    for row, walks in enumerate(rows):
        open_doors = [door for door, walk in enumerate(walks) if walk >= 0 and flow[door]]
        for cohort, leave_ds in enumerate(delay_ds.tolist()):
            mine = (led.row_idx == row) & (led.cohort_idx == cohort)
            assert led.people[mine].sum() == (people[row, cohort] if open_doors else 0)
            cost = {d: walks[d] + price_ds[d] + 1800 * (walks[d] + leave_ds > 900) for d in open_doors}
            weight = {d: np.exp((min(cost.values()) - c) / 100) for d, c in cost.items()}
            for door in open_doors:
                share = people[row, cohort] * weight[door] / sum(weight.values())
                got = led.people[mine & (led.entrance_idx == door)].sum()
                assert abs(got - share) < 1 + 1e-6


def test_only_followers_are_led_and_the_rest_run_to_the_nearest():
    crowd = Departures(np.array([0]), np.array([[10]]))
    followers = Departures(np.array([0]), np.array([[4]]))
    led = guide(_costs([[10, 500]]), _doors([10**6] * 2), crowd, _sent([9000, 0], 20), followers)
    assert _loads(led.batches, 2) == [6, 4]
    assert led.batches.people[led.is_led].sum() == 4


@given(
    st.lists(st.lists(st.integers(0, 9), min_size=2, max_size=2), min_size=1, max_size=30),
    st.integers(0, 1000),
    st.integers(0, 10**6),
)
def test_a_part_of_everyone_is_even_to_one_person_in_any_run(people, thousandths, seed):
    crowd = Departures(np.array([0, 10]), np.array(people))
    flat = part(crowd, thousandths / 1000, seed).people.ravel()
    assert (flat >= 0).all()
    assert (flat <= crowd.people.ravel()).all()
    ends = np.append(0, np.cumsum(flat))
    exact = np.append(0, np.cumsum(crowd.people.ravel())) * thousandths / 1000
    gaps = ends - exact
    assert gaps.max() - gaps.min() < 1 + 1e-9


def test_all_and_nobody_are_parts_too():
    crowd = Departures(np.array([0]), np.array([[3], [0], [5]]))
    assert part(crowd, 1.0, 7).people.tolist() == crowd.people.tolist()
    assert part(crowd, 0.0, 7).people.sum() == 0


def test_the_kernel_adds_up_what_its_slow_twin_does():
    rng = np.random.default_rng(7)
    walks = rng.integers(-1, 3000, (40, 6)).tolist()
    costs, people = _costs(walks), rng.integers(0, 50, 40)
    choice = options(costs, _doors([10**6] * 6), np.array([0]), ONE, 1800)
    price_ds, load, weight = rng.random(6) * 900, np.empty(6), np.empty(choice.longest)
    logit.pull(choice.indptr, choice.cost_ds, costs.entrance_idx, people, price_ds, 150.0, weight, load)
    twin = np.zeros(6)
    for row in range(40):
        span = slice(choice.indptr[row], choice.indptr[row + 1])
        door = costs.entrance_idx[span]
        if len(door):
            share = np.exp(-(choice.cost_ds[span] + price_ds[door]) / 150.0)
            np.add.at(twin, door, people[row] * share / share.sum())
    assert load == pytest.approx(twin)


def test_fitted_prices_lead_the_crowd_where_the_plan_sends_it():
    rng = np.random.default_rng(3)
    costs = _costs(rng.integers(0, 900, (60, 5)).tolist())
    crowd = Departures(np.array([0, 200]), rng.integers(0, 20, (60, 2)))
    doors, capacity = _doors([600, 300, 900, 200, 500]), np.array([900, 200, 300, 100, 400])
    warning = WarningTimes.single(180)
    plan = assign_over_time(costs, doors, crowd, capacity, warning, 100)
    sent = broadcast(plan, doors, warning, 1.0)
    assert sent.misfit <= 0.01
    assert sent.price_ds.min() == 0
    assert sent.numbers == 5
    planned = Departures(crowd.delay_ds, crowd.people - plan.unserved)
    goal = np.bincount(costs.entrance_idx[plan.entry_idx], plan.people, 5)
    got = np.array(_loads(guide(costs, doors, planned, sent).batches, 5))
    assert np.abs(got - goal).sum() <= 0.04 * goal.sum() + 10
