"""Sums by position stay whole however large they grow."""

from __future__ import annotations

import numpy as np

from takecover.analysis.tally import tally


def test_positions_with_nothing_sum_to_nobody():
    assert tally(np.array([2, 0, 2]), np.array([1, 2, 4]), 4).tolist() == [2, 0, 5, 0]


def test_sums_beyond_what_a_float_holds_stay_exact():
    assert tally(np.array([0, 0]), np.array([2**60, 1]), 1).tolist() == [2**60 + 1]
