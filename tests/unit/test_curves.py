"""Curves of people under cover: exact steps, and the stretches in which one lies below another."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from takecover.analysis import curves

steps = st.lists(st.integers(0, 5), min_size=20, max_size=20).map(np.cumsum)


def test_a_person_counts_from_the_moment_of_arrival_on():
    assert curves.under_cover(np.array([3, 1, 3]), np.array([1, 2, 4]), 4).tolist() == [0, 2, 2, 7, 7]


def test_an_arrival_at_the_horizon_counts_and_a_later_one_does_not():
    assert curves.under_cover(np.array([4, 5]), np.array([1, 2]), 4).tolist() == [0, 0, 0, 0, 1]


def test_a_curve_of_nobody_is_level_at_nobody():
    assert curves.under_cover(np.array([], np.int64), np.array([], np.int64), 2).tolist() == [0, 0, 0]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9)), min_size=1))
def test_a_curve_never_falls_and_counts_everyone_in_time(arrivals):
    time_ds, people = np.array(arrivals).T
    curve = curves.under_cover(time_ds, people, 20)
    assert (np.diff(curve) >= 0).all()
    assert [int(people[time_ds <= t].sum()) for t in range(21)] == curve.tolist()


def test_the_grid_ends_at_the_horizon():
    assert curves.grid_ds(300).tolist() == [0, 100, 200, 300]
    assert curves.grid_ds(250).tolist() == [0, 100, 200, 250]
    assert curves.grid_ds(0).tolist() == [0]


def test_a_stretch_below_tells_when_it_begins_and_ends_and_where_it_is_largest():
    lower = np.array([0, 0, 1, 4, 9, 9, 9])
    upper = np.array([0, 3, 5, 8, 9, 9, 9])
    assert curves.below(lower, upper) == (curves.Below(from_ds=1, to_ds=4, largest=4, at_ds=2),)


def test_a_curve_that_is_below_at_the_end_is_below_up_to_the_horizon():
    assert curves.below(np.array([0, 1, 1]), np.array([0, 1, 3])) == (curves.Below(2, 2, 2, 2),)


def test_equal_curves_are_nowhere_below():
    assert curves.below(np.array([0, 1, 1]), np.array([0, 1, 1])) == ()


@given(steps, steps)
def test_the_stretches_cover_exactly_the_moments_at_which_the_curve_is_below(lower, upper):
    found = curves.below(lower, upper)
    last = len(lower) - 1
    inside = {
        t
        for low in found
        for t in range(low.from_ds, low.to_ds + (low.to_ds == last and upper[-1] > lower[-1]))
    }
    assert inside == set(np.flatnonzero(upper > lower).tolist())
    assert all(upper[low.at_ds] - lower[low.at_ds] == low.largest for low in found)
