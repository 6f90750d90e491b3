"""The scramble: nearest shelter, turned away, on to the next; equal to its slow twin, and true to its laws."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import twins
from at_once import raid as scramble
from takecover.analysis import timeline
from takecover.errors import InternalError
from takecover.model.costs import Costs
from takecover.model.hops import Hops
from takecover.model.timeline import Timeline


def costs_of(
    rows: list[list[tuple[int, int, int]]], groups: list[int] | None = None, limit_ds: int = 10_000
) -> Costs:
    """A cost table from (walk_time_ds, shelter, entrance) of each row."""
    rows = [sorted(row) for row in rows]
    flat = np.array([entry for row in rows for entry in row], np.int32).reshape(-1, 3)
    return Costs(
        origin_idx=np.arange(len(rows), dtype=np.int32),
        group_idx=np.array(groups or [0] * len(rows), np.int32),
        indptr=np.cumsum([0, *(len(row) for row in rows)]).astype(np.int32),
        shelter_idx=flat[:, 1].copy(),
        entrance_idx=flat[:, 2].copy(),
        walk_time_ds=flat[:, 0].copy(),
        time_limit_ds=limit_ds,
    )


def hops_of(rows: list[list[tuple[int, int, int]]]) -> Hops:
    """Walks from each entrance from its (walk_time_ds, shelter, entrance)."""
    costs = costs_of(rows)
    return Hops(costs.indptr, costs.shelter_idx, costs.entrance_idx, costs.walk_time_ds, costs.time_limit_ds)


def arrivals(result: Timeline) -> list[tuple[int, int, int, int, int]]:
    """(time_ds, row, shelter, entrance, people), ascending."""
    columns = (result.time_ds, result.row_idx, result.shelter_idx, result.entrance_idx, result.people)
    return sorted(zip(*(column.tolist() for column in columns), strict=True))


def unserved(result: Timeline, people: np.ndarray) -> list[int]:
    """People of each row still outside at the horizon."""
    return (people - timeline.by_row(result, result.horizon_ds, len(people))).tolist()


def load(result: Timeline, raid: dict[str, Any]) -> np.ndarray:
    """People in each shelter at the horizon."""
    return timeline.load(result, result.horizon_ds, len(raid["capacity"]))


def in_walk_beyond(result: Timeline) -> int:
    """People whose first door is beyond the horizon."""
    return int(result.batches.people[result.batches.time_ds > result.horizon_ds].sum())


def met_full(result: Timeline, row_count: int, time_ds: int) -> list[int]:
    """People of each row turned away at least once by a time."""
    found = np.zeros(row_count, np.int64)
    is_met = (result.met_ds >= 0) & (result.met_ds <= time_ds)
    np.add.at(found, result.batches.row_idx[is_met], result.met[is_met])
    return found.tolist()


@st.composite
def raids(draw: st.DrawFn) -> dict[str, Any]:
    """Small worlds with ties, zero walks, self-loops, shelters without places, and rows that reach nothing."""
    shelter_count = draw(st.integers(1, 4))
    doors = sorted(draw(st.lists(st.integers(0, shelter_count - 1), min_size=1, max_size=5)))
    entry = st.tuples(st.integers(0, 6), st.integers(0, len(doors) - 1))

    def table(size: int) -> list[list[tuple[int, int, int]]]:
        found = [draw(st.lists(entry, max_size=6)) for _ in range(size)]
        ordered = [sorted(row, reverse=True) for row in found]
        nearest = [{doors[door]: (time, doors[door], door) for time, door in row} for row in ordered]
        return [list(row.values()) for row in nearest]

    row_count = draw(st.integers(1, 8))
    numbers = st.lists(st.integers(0, 9), min_size=row_count, max_size=row_count)
    horizon_ds = draw(st.integers(0, 14))
    return {
        "costs": costs_of(
            table(row_count), draw(st.lists(st.integers(0, 1), min_size=row_count, max_size=row_count))
        ),
        "hops_by_group": (hops_of(table(len(doors))), hops_of(table(len(doors)))),
        "people": np.array(draw(numbers), np.int64),
        "capacity": np.array([draw(st.integers(0, 9)) for _ in range(shelter_count)], np.int64),
        "horizon_ds": horizon_ds,
        "time_limit_ds": draw(st.integers(0, horizon_ds)),
    }


@settings(max_examples=500, deadline=None)
@given(raids())
def test_the_scramble_equals_its_slow_twin(raid):
    result, twin = scramble(**raid), twins.scramble(**raid)
    assert arrivals(result) == sorted(twin.arrivals)
    assert load(result, raid).tolist() == twin.load
    assert unserved(result, raid["people"]) == twin.unserved
    limit_ds = raid["time_limit_ds"]
    assert timeline.turned_away(result, limit_ds, len(raid["capacity"])).tolist() == twin.turned_away
    assert met_full(result, len(raid["people"]), limit_ds) == twin.met_full


@settings(deadline=None)
@given(raids())
def test_everyone_is_under_cover_or_outside(raid):
    result = scramble(**raid)
    in_reach = int(result.left[-1])
    assert result.people.sum() + result.stranded[-1] + in_walk_beyond(result) == in_reach
    assert load(result, raid).sum() == result.people.sum() == result.covered[:, -1].sum()
    assert (result.people > 0).all()


@settings(deadline=None)
@given(raids())
def test_no_shelter_holds_more_than_its_places_and_nobody_arrives_after_the_horizon(raid):
    result = scramble(**raid)
    assert (load(result, raid) <= raid["capacity"]).all()
    assert (result.time_ds <= raid["horizon_ds"]).all()


@settings(deadline=None)
@given(raids())
def test_a_later_horizon_changes_nothing_before_the_earlier_one(raid):
    earlier = scramble(**raid)
    later = scramble(**{**raid, "horizon_ds": raid["horizon_ds"] + 10})
    kept = [arrival for arrival in arrivals(later) if arrival[0] <= raid["horizon_ds"]]
    assert kept == arrivals(earlier)
    shelters, rows, limit_ds = len(raid["capacity"]), len(raid["people"]), raid["time_limit_ds"]
    assert met_full(later, rows, limit_ds) == met_full(earlier, rows, limit_ds)
    turned_away = [timeline.turned_away(result, limit_ds, shelters).tolist() for result in (later, earlier)]
    assert turned_away[0] == turned_away[1]


def test_those_turned_away_walk_on_from_the_full_shelter():
    # 8 people reach shelter 0 after 10; it has 5 places; the next is 7 further on, and they get in at 17.
    result = scramble(
        costs_of([[(10, 0, 0), (12, 1, 1)]]),
        [hops_of([[(7, 1, 1)], [(7, 0, 0)]])],
        np.array([8]),
        np.array([5, 100]),
        horizon_ds=100,
    )
    assert arrivals(result) == [(10, 0, 0, 0, 5), (17, 0, 1, 1, 3)]
    assert result.turned_away[:, -1].tolist() == [3, 0]
    assert met_full(result, 1, 100) == [3]
    assert result.stranded[-1] == 0


def test_the_first_to_arrive_gets_in_and_a_tie_goes_to_the_first_row():
    near_last = costs_of([[(5, 0, 0)], [(5, 0, 0)], [(4, 0, 0)]])
    result = scramble(near_last, [hops_of([[]])], np.array([1, 2, 4]), np.array([5]), horizon_ds=100)
    assert arrivals(result) == [(4, 2, 0, 0, 4), (5, 0, 0, 0, 1)]
    assert unserved(result, np.array([1, 2, 4])) == [0, 2, 0]


def test_an_arrival_at_the_horizon_counts_and_one_decisecond_later_does_not():
    city = {
        "costs": costs_of([[(10, 0, 0)]]),
        "hops_by_group": [hops_of([[(7, 1, 1)], []])],
        "people": np.array([3]),
        "capacity": np.array([1, 9]),
    }
    assert load(scramble(**city, horizon_ds=17), city).tolist() == [1, 2]
    assert load(scramble(**city, horizon_ds=16), city).tolist() == [1, 0]
    assert load(scramble(**city, horizon_ds=10), city).tolist() == [1, 0]
    assert load(scramble(**city, horizon_ds=9), city).tolist() == [0, 0]


def test_of_two_parties_on_one_tour_the_later_may_run_out_of_time():
    # Both are turned away at shelter 0, after 10 and after 14; the next is 7 further on, the horizon at 20.
    hops = [hops_of([[(7, 1, 1)], []])]
    result = scramble(
        costs_of([[(10, 0, 0)], [(14, 0, 0)]]), hops, np.array([1, 2]), np.array([0, 9]), horizon_ds=20
    )
    assert arrivals(result) == [(17, 0, 1, 1, 1)]
    assert unserved(result, np.array([1, 2])) == [0, 2]


def test_nobody_goes_back_to_a_shelter_where_they_have_been():
    # Two shelters without places side by side: one visit to each, then the third, far away.
    hops = hops_of([[(1, 1, 1), (50, 2, 2)], [(1, 0, 0), (49, 2, 2)], []])
    result = scramble(costs_of([[(0, 0, 0)]]), [hops], np.array([2]), np.array([0, 0, 9]), horizon_ds=100)
    assert arrivals(result) == [(50, 0, 2, 2, 2)]
    assert result.turned_away[:, -1].tolist() == [2, 2, 0]


def test_each_group_walks_on_at_its_own_pace():
    result = scramble(
        costs_of([[(10, 0, 0)], [(10, 0, 0)]], groups=[0, 1]),
        [hops_of([[(5, 1, 1)], []]), hops_of([[(9, 1, 1)], []])],
        np.array([1, 1]),
        np.array([0, 2]),
        horizon_ds=100,
    )
    assert arrivals(result) == [(15, 0, 1, 1, 1), (19, 1, 1, 1, 1)]


def test_the_turned_away_are_counted_up_to_the_time_limit_only():
    hops = [hops_of([[(7, 1, 1)], []])]
    before = scramble(costs_of([[(10, 0, 0)]]), hops, np.array([4]), np.array([1, 1]), 100, time_limit_ds=10)
    assert (timeline.turned_away(before, 10, 2).tolist(), timeline.met(before, 10)) == ([3, 0], 3)
    earlier = scramble(costs_of([[(10, 0, 0)]]), hops, np.array([4]), np.array([1, 1]), 100, time_limit_ds=9)
    assert (timeline.turned_away(earlier, 9, 2).tolist(), timeline.met(earlier, 9)) == ([0, 0], 0)
    assert arrivals(before) == arrivals(earlier) == [(10, 0, 0, 0, 1), (17, 0, 1, 1, 1)]


def test_a_city_with_nobody_in_it_scrambles_nobody():
    result = scramble(
        costs_of([[], [(1, 0, 0)]]), [hops_of([[]])], np.array([5, 0]), np.array([7]), horizon_ds=100
    )
    assert arrivals(result) == []
    assert unserved(result, np.array([5, 0])) == [5, 0]


def test_a_table_that_ends_before_the_horizon_is_refused():
    short, long = costs_of([[(1, 0, 0)]], limit_ds=99), costs_of([[(1, 0, 0)]])
    hops = hops_of([[]])
    with pytest.raises(InternalError, match="ends at 99 ds, before the horizon of 100 ds"):
        scramble(short, [hops], np.array([1]), np.array([1]), horizon_ds=100)
    with pytest.raises(InternalError, match="ends at 98 ds, before the horizon of 100 ds"):
        scramble(long, [replace(hops, time_limit_ds=98)], np.array([1]), np.array([1]), horizon_ds=100)
