"""Warning times: what being under cover from some moment on is worth."""

from __future__ import annotations

import numpy as np

from takecover.model.warning import WHOLE, WarningTimes


def test_under_one_limit_being_in_by_then_is_worth_everything_and_later_nothing():
    value = WarningTimes.single(240).value(np.array([0, 2399, 2400, 2401, 9999]))
    assert value.tolist() == [WHOLE, WHOLE, WHOLE, 0, 0]


def test_a_strike_before_the_siren_is_worth_nothing_to_anyone():
    times = WarningTimes(np.array([-60, 0, 240, 600]), np.array([200, 100, 400, 300]))
    assert times.value(np.array([0, 1, 2400, 2401, 6000, 6001])).tolist() == [800, 700, 700, 300, 300, 0]


def test_the_value_keeps_the_shape_of_the_times():
    assert WarningTimes.single(1).value(np.zeros((2, 3), np.int64)).shape == (2, 3)
