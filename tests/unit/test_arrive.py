"""People through doors in time: equal to the slow twin, true to its laws, and right where arithmetic tells."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import twins_queue
from crowds import NOWHERE, alone, batches_of, doorways_of, hops_of
from takecover.analysis import timeline
from takecover.analysis.arrive import arrive
from takecover.errors import InternalError
from takecover.model.doorways import UNMETERED_PER_KS
from takecover.model.timeline import Batches, Timeline

STATES = ("staying", "walking", "queueing", "entering", "in_hall", "under_cover", "stranded")


FLOWS = st.sampled_from([0, 1, 700, 1234, 3000, 9999, 10_000, 25_000, 33_333, UNMETERED_PER_KS])


@st.composite
def raids(draw: st.DrawFn) -> dict[str, Any]:
    """Small worlds with ties, zero walks, shut doors, shared halls, shelters without places, and fast doors."""
    shelter_count = draw(st.integers(1, 4))
    doors = sorted(draw(st.lists(st.integers(0, shelter_count - 1), min_size=1, max_size=6)))
    count = len(doors)
    # A hall belongs to one shelter: number h stands behind some doors of shelter h.
    halls = [shelter if draw(st.booleans()) else -1 for shelter in doors]
    numbers = st.lists(st.integers(0, 5), min_size=count, max_size=count)
    group_count = draw(st.integers(2, 3))
    doorways = doorways_of(
        doors,
        draw(st.lists(FLOWS, min_size=count, max_size=count)),
        halls,
        draw(st.lists(FLOWS, min_size=shelter_count, max_size=shelter_count)),
        [
            [walk if hall >= 0 else 0 for walk, hall in zip(draw(numbers), halls, strict=True)]
            for _ in range(group_count)
        ],
        [draw(numbers) for _ in range(group_count)],
    )
    hop = st.tuples(st.integers(0, 8), st.integers(0, count - 1))
    tables = []
    for _ in range(group_count):
        rows = []
        for _ in doors:
            best = {door: walk for walk, door in draw(st.lists(hop, max_size=6))}
            rows.append([(walk, door) for door, walk in best.items()])
        tables.append(hops_of(rows, doors))
    party = st.tuples(st.integers(0, count - 1), st.integers(0, 30), st.integers(0, 12))
    parties = draw(st.lists(party, min_size=1, max_size=10))
    groups = draw(st.lists(st.integers(0, group_count - 1), min_size=len(parties), max_size=len(parties)))
    horizon_ds = draw(st.integers(0, 60))
    inner = draw(st.lists(st.integers(0, horizon_ds), max_size=5))
    return {
        "batches": batches_of(parties, groups),
        "doorways": doorways,
        "capacity": np.array([draw(st.integers(0, 30)) for _ in range(shelter_count)], np.int64),
        "hops_by_group": tuple(tables),
        "moment_ds": np.array(sorted({*inner, horizon_ds}), np.int64),
    }


def twin_of(raid: dict[str, Any]) -> twins_queue.Twin:
    parts = {key: value for key, value in raid.items() if key != "moment_ds"}
    return twins_queue.Raid(**parts, horizon_ds=int(raid["moment_ds"][-1])).run()


def by_moment(events: list[tuple[int, int]], size: int, moment_ds: np.ndarray) -> list[list[int]]:
    """How many events of each position there were by each moment."""
    return [[sum(e == i and t <= moment for t, e in events) for moment in moment_ds] for i in range(size)]


def covered(timeline: Timeline) -> Counter[tuple[int, int, int]]:
    """People by (time_ds, door, batch)."""
    found: Counter[tuple[int, int, int]] = Counter()
    columns = (timeline.time_ds, timeline.entrance_idx, timeline.batch_idx, timeline.people)
    for time_ds, door, batch, people in zip(*(column.tolist() for column in columns), strict=True):
        found[time_ds, door, batch] += people
    return found


@settings(max_examples=600, deadline=None)
@given(raids())
def test_arrive_equals_its_slow_twin(raid):
    result, twin = arrive(**raid), twin_of(raid)
    moments, doors, halls = raid["moment_ds"], len(raid["doorways"]), len(raid["doorways"].hall_flow_per_ks)
    assert covered(result) == Counter(twin.covered)
    for name in ("arrived", "full", "locked", "begun"):
        mine = getattr(result, {"full": "turned_full", "locked": "turned_locked"}.get(name, name))
        assert mine.tolist() == by_moment(getattr(twin, name), doors, moments), name
    assert result.covered.tolist() == by_moment([(t, e) for t, e, _ in twin.covered], doors, moments)
    assert result.stranded.tolist() == [sum(t <= moment for t in twin.stranded) for moment in moments]
    assert result.hall_came.tolist() == by_moment(twin.hall_came, halls, moments)
    assert result.hall_left.tolist() == by_moment(twin.hall_left, halls, moments)
    queues = list(zip(result.doors.queue.tolist(), result.doors.queue_ds.tolist(), strict=True))
    assert queues == [twin.queue.get(e, (0, 0)) for e in range(doors)]
    assert result.doors.wait_ds.tolist() == [twin.wait.get(e, 0) for e in range(doors)]
    queues = list(zip(result.halls.queue.tolist(), result.halls.queue_ds.tolist(), strict=True))
    assert queues == [twin.hall_queue.get(h, (0, 0)) for h in range(halls)]
    assert result.halls.wait_ds.tolist() == [twin.hall_wait.get(h, 0) for h in range(halls)]
    met = list(zip(result.met_ds.tolist(), result.met.tolist(), strict=True))
    assert met == [twin.met.get(b, (-1, 0)) for b in range(len(raid["batches"]))]


@settings(max_examples=150, deadline=None)
@given(raids())
def test_nobody_is_lost_at_any_moment(raid):
    raid["moment_ds"] = np.arange(int(raid["moment_ds"][-1]) + 1)
    people = int(raid["batches"].people.sum())
    seen = vars(timeline.whereabouts(arrive(**raid), people))
    states = [seen[name] for name in STATES]
    assert (np.sum(states, axis=0) == people).all()
    assert min(int(state.min()) for state in states) >= 0
    for so_far in ("under_cover", "stranded", "turned_full", "turned_locked"):
        assert (np.diff(seen[so_far]) >= 0).all()


@settings(max_examples=150, deadline=None)
@given(raids())
def test_no_door_and_no_hall_lets_more_through_in_any_span_than_its_rate(raid):
    result = arrive(**{**raid, "moment_ds": np.arange(int(raid["moment_ds"][-1]) + 1)})
    doorways = raid["doorways"]
    spans = zip(
        (result.begun, result.hall_left), (doorways.flow_per_ks, doorways.hall_flow_per_ks), strict=True
    )
    for events, flows in spans:
        for counts, flow in zip(events, flows.tolist(), strict=True):
            for span_ds in range(1, len(counts)):
                # The one who begins at the end of a span is not through within it: hence the one more.
                most = (counts[span_ds:] - counts[:-span_ds]).max()
                assert flow >= UNMETERED_PER_KS or most <= flow * span_ds // 10_000 + 1


@settings(max_examples=150, deadline=None)
@given(raids())
def test_no_shelter_takes_more_than_its_places_and_nobody_is_early(raid):
    result = arrive(**{**raid, "moment_ds": np.arange(int(raid["moment_ds"][-1]) + 1)})
    taken = np.zeros(len(raid["capacity"]), np.int64)
    np.add.at(taken, raid["doorways"].shelter_idx, result.begun[:, -1])
    assert (taken <= raid["capacity"]).all()
    doorways, came_ds = raid["doorways"], raid["batches"].time_ds[result.batch_idx]
    group_idx = raid["batches"].group_idx[result.batch_idx]
    behind_ds = (doorways.to_hall_ds + doorways.to_cover_ds)[group_idx, result.entrance_idx]
    assert (result.time_ds >= came_ds + behind_ds).all()


@settings(max_examples=150, deadline=None)
@given(raids(), st.data())
def test_a_batch_split_in_two_changes_nothing(raid, data):
    batches = raid["batches"]
    at = data.draw(st.integers(0, len(batches) - 1))
    part = data.draw(st.integers(0, int(batches.people[at])))
    columns = {name: np.insert(column, at, column[at]) for name, column in vars(batches).items()}
    columns["people"][at], columns["people"][at + 1] = part, batches.people[at] - part
    whole, split = arrive(**raid), arrive(**{**raid, "batches": Batches(**columns)})

    def rows(result: Timeline) -> Counter[tuple[int, int, int]]:
        return covered(replace(result, batch_idx=result.row_idx))

    assert rows(whole) == rows(split)
    for name in ("arrived", "turned_full", "turned_locked", "begun", "covered", "hall_left", "stranded"):
        assert (getattr(whole, name) == getattr(split, name)).all(), name
    for name in ("wait_ds", "queue"):
        assert (getattr(whole.doors, name) == getattr(split.doors, name)).all(), name


def test_one_door_lets_people_in_at_its_rate_one_after_the_other():
    # 2 people a second: the first is through after half a second, the last of ten after five.
    result = arrive(batches_of([(0, 100, 10)]), doorways_of([0], [2000]), **alone(10))
    assert result.time_ds.tolist() == [105, 110, 115, 120, 125, 130, 135, 140, 145, 150]
    assert (result.doors.queue.tolist(), result.doors.queue_ds.tolist()) == ([9], [100])
    assert (result.doors.wait_ds.tolist(), result.doors.wait_came_ds.tolist()) == ([45], [100])


def test_a_rate_that_is_no_whole_number_of_deciseconds_is_kept_exactly():
    # 3 people in ten seconds, whole deciseconds rounded up, and no drift: 34, 67, 100, 134, 167, 200.
    result = arrive(batches_of([(0, 0, 6)]), doorways_of([0], [300]), **alone(6))
    assert result.time_ds.tolist() == [34, 67, 100, 134, 167, 200]


def test_two_doors_let_twice_as_many_in_and_share_the_last_place():
    doorways, people = doorways_of([0, 0], [1000, 1000]), batches_of([(0, 0, 9), (1, 0, 9)])
    result = arrive(people, doorways, **alone(11))
    assert result.time_ds.tolist() == [10, 20, 30, 40, 50, 60, 10, 20, 30, 40, 50]
    # The eleventh begins at 5 s; in that decisecond the other door's sixth would too, but came later.
    assert result.turned_full[:, -1].tolist() == [3, 4]
    assert result.doors.wait_ds.tolist() == [50, 50]


def test_a_shared_escalator_rules_both_doors_before_it():
    # Two doors of 2 a second, 3 s of walk to an escalator of 1 a second, and 20 s down.
    doorways = doorways_of([0, 0], [2000, 2000], [0, 0], [1000], [30, 30], [200, 200])
    result = arrive(batches_of([(0, 0, 3), (1, 0, 3)]), doorways, **alone(99))
    assert sorted(result.time_ds.tolist()) == [35 + 10 * k + 200 for k in range(1, 7)]
    # They come two by two at 3.5, 4 and 4.5 s: at 4.5 s two have gone on, of whom one still rides on.
    assert (result.halls.queue.tolist(), result.halls.queue_ds.tolist()) == ([4], [45])
    assert result.halls.wait_ds.tolist() == [40]
    assert result.hall_came.tolist()[0][-1] == 6


def test_a_star_of_shelters_takes_the_crowd_of_the_middle_one_after_another():
    # 10 people in the middle, where 1 finds room; 4 shelters of 2 places at 10, 20, 30 and 40 s from any other.
    hops = hops_of([[(100 * k, k) for k in range(1, 5) if k != door] for door in range(5)], list(range(5)))
    result = arrive(
        batches_of([(0, 0, 10)]),
        doorways_of([0, 1, 2, 3, 4], [1000] * 5),
        np.array([1, 2, 2, 2, 2]),
        [hops],
        np.array([1500]),
    )
    # Turned away as the last begins to pass: 9 at 0 s, 7 at 11 s, 5 at 32 s, 3 at 63 s, the last one at 104 s.
    assert result.time_ds.tolist() == [10, 110, 120, 320, 330, 630, 640, 1040, 1050]
    assert result.turned_full[:, -1].tolist() == [9, 7, 5, 3, 1]
    assert result.stranded.tolist() == [1]


def test_who_finds_a_door_locked_tries_the_next_of_the_same_shelter():
    hops = hops_of([[(7, 1), (5, 2)], [], [(1, 1), (1, 0)]], [0, 0, 1])
    doorways = doorways_of([0, 0, 1], [0, 1000, 0])
    result = arrive(batches_of([(0, 3, 2)]), doorways, np.array([9, 9]), [hops], np.array([100]))
    assert result.turned_locked[:, -1].tolist() == [2, 0, 2]
    assert result.time_ds.tolist() == [19, 29]
    assert (result.met.tolist(), result.met_ds.tolist()) == ([2], [3])


def test_a_door_is_shut_where_the_hall_behind_it_is():
    result = arrive(batches_of([(0, 3, 2)]), doorways_of([0], [1000], [0], [0]), **alone(9))
    assert result.turned_locked[:, -1].tolist() == [2]
    assert result.stranded[-1] == 2


def test_those_who_wait_at_the_horizon_are_neither_in_nor_turned_away():
    result = arrive(
        batches_of([(0, 0, 5)]), doorways_of([0], [1000]), np.array([9]), [NOWHERE], np.array([25])
    )
    seen = timeline.whereabouts(result, 7)
    assert [int(getattr(seen, name)[-1]) for name in STATES] == [2, 0, 2, 1, 0, 2, 0]
    assert result.doors.wait_ds.tolist() == [25]


def test_what_cannot_be_counted_right_is_refused():
    crowd, door = batches_of([(0, 0, 1)]), doorways_of([0], [1000])
    with pytest.raises(InternalError, match="ends at 10000 ds, before the horizon of 10001 ds"):
        arrive(crowd, door, np.array([1]), [NOWHERE], np.array([10_001]))
    with pytest.raises(InternalError, match="none of the 1 doors"):
        arrive(batches_of([(1, 0, 1)]), door, **alone(1))
    with pytest.raises(InternalError, match="none of the 0 groups"):
        arrive(crowd, door, np.array([1]), [], np.array([25]))
    with pytest.raises(InternalError, match="not stand in the order of the 1 shelters"):
        arrive(crowd, doorways_of([1], [1000]), **alone(1))
    with pytest.raises(InternalError, match="nothing was counted at 7 ds"):
        timeline.at(arrive(crowd, door, **alone(1)), 7)
