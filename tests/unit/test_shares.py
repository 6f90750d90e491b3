"""Whole numbers in proportion, with exact totals."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from takecover.cities.model_kyiv.shares import whole, whole_by_zone

weights = st.lists(st.floats(0.0, 1e6), min_size=1, max_size=30).filter(lambda w: sum(w) > 1e-3)


@given(weights, st.integers(0, 10_000_000))
def test_parts_add_up_and_each_is_within_one_of_its_share(weight, total):
    parts = whole(np.array(weight), total)
    exact = np.array(weight) / sum(weight) * total
    assert int(parts.sum()) == total
    assert (parts >= 0).all()
    assert (np.abs(parts - exact) <= 1.0 + 1e-6 * total).all()


@given(st.lists(st.integers(0, 500), min_size=1, max_size=30).filter(any), st.floats(0.0, 1.0))
def test_a_share_of_people_never_takes_more_than_there_are(people, share):
    count = np.array(people)
    parts = whole(count.astype(float), round(share * count.sum()))
    assert (parts <= count).all()


def test_each_zone_gets_its_own_total():
    parts = whole_by_zone(np.array([1.0, 1.0, 5.0, 3.0]), np.array([1, 0, 1, 0]), np.array([8, 60]))
    assert parts.tolist() == [10, 2, 50, 6]
