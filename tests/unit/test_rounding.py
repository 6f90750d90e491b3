"""Controlled rounding: every cell and every total by less than one, whole numbers kept, no side favoured."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from takecover.analysis import rounding

tables = st.tuples(st.integers(1, 6), st.integers(1, 5)).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(-50, 10**9), min_size=size[1], max_size=size[1]),
        min_size=size[0],
        max_size=size[0],
    )
)


@given(tables, st.integers(1, 10**6), st.integers(0, 2**32))
def test_cells_rows_columns_and_grand_total_are_each_less_than_one_from_exact(table, denominator, seed):
    whole = rounding.controlled(table, denominator, np.random.default_rng(seed))
    exact = np.array([[Fraction(value, denominator) for value in row] for row in table], dtype=object)
    assert all(abs(w - e) < 1 for w, e in zip(whole.ravel().tolist(), exact.ravel(), strict=True))
    assert all(abs(w - e) < 1 for w, e in zip(whole.sum(0).tolist(), exact.sum(0), strict=True))
    assert all(abs(w - e) < 1 for w, e in zip(whole.sum(1).tolist(), exact.sum(1), strict=True))
    assert abs(int(whole.sum()) - exact.sum()) < 1


@given(tables, st.integers(0, 2**32))
def test_a_whole_table_stays_as_it_is(table, seed):
    assert rounding.controlled(table, 1, np.random.default_rng(seed)).tolist() == table


@given(tables, st.integers(1, 100), st.integers(0, 2**32))
def test_the_same_seed_rounds_the_same_way(table, denominator, seed):
    first, second = (rounding.controlled(table, denominator, np.random.default_rng(seed)) for _ in range(2))
    assert first.tolist() == second.tolist()


def test_halves_on_a_two_by_two_table_take_one_of_the_two_diagonals():
    found = {
        str(rounding.controlled([[1, 1], [1, 1]], 2, np.random.default_rng(seed)).tolist())
        for seed in range(30)
    }
    assert found == {"[[1, 0], [0, 1]]", "[[0, 1], [1, 0]]"}


def test_a_quarter_goes_up_one_time_in_four():
    ups = sum(int(rounding.controlled([[1]], 4, np.random.default_rng(seed))[0, 0]) for seed in range(4000))
    assert 900 < ups < 1100  # binomial: 1000 with a standard deviation of 27


def test_a_share_with_a_denominator_beyond_64_bits_is_rounded_exactly():
    tiny = rounding.controlled([[3, 10**30]], 10**30, np.random.default_rng(1))
    assert tiny.tolist() == [[0, 1]]


def test_an_empty_table_stays_empty():
    assert rounding.controlled([], 7, np.random.default_rng(1)).shape == (0, 0)
