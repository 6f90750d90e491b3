"""Walks along segments: level, uphill, downhill, on stairs, and rounded."""

from dataclasses import replace

import numpy as np
import pytest

from takecover import parameters
from takecover.analysis.pace import pace, whole_ms
from takecover.cities import toys

NETWORK = toys.grid(2, 1, 100.0).network


def _climbing(climb_m: float):
    return replace(NETWORK, climb_m=np.array([climb_m]))


@pytest.mark.parametrize(
    ("slope_percent", "tobler_m_s"), [(-10, 1.40), (-5, 1.67), (0, 1.40), (2, 1.31), (5, 1.17), (10, 0.99)]
)
def test_slopes_change_the_speed_as_toblers_function_does(slope_percent, tobler_m_s):
    walk = pace(_climbing(slope_percent), 1.399, 0.5, False)
    assert 100_000 / walk.forth_ms[0] == pytest.approx(tobler_m_s, abs=0.006)
    back = pace(_climbing(-slope_percent), 1.399, 0.5, False)
    assert walk.forth_ms[0] == back.back_ms[0]


def test_an_unknown_climb_is_walked_as_level():
    assert pace(_climbing(np.nan), 0.5, 0.5, False).forth_ms.tolist() == [200_000.0]


def test_a_stair_takes_its_own_factor_and_no_slope():
    stair = replace(_climbing(30.0), is_steps=np.array([True]))
    walk = pace(stair, 1.0, 0.4, False)
    assert (walk.forth_ms[0], walk.back_ms[0]) == pytest.approx((250_000.0, 250_000.0))
    assert np.isinf(pace(stair, 1.0, 0.4, True).forth_ms[0])


def test_a_stair_of_no_length_is_no_way_without_steps():
    stair = replace(NETWORK, is_steps=np.array([True]), length_m=np.array([0.0]))
    assert np.isinf(pace(stair, 1.0, 0.4, True).forth_ms[0])
    assert pace(stair, 1.0, 0.4, False).forth_ms[0] == 0.0


def test_a_one_way_segment_has_no_way_back():
    walk = pace(replace(NETWORK, is_oneway=np.array([True])), 1.0, 0.5, False)
    assert (walk.forth_ms[0], walk.back_ms[0]) == (100_000.0, np.inf)


def test_parts_of_a_millisecond_are_rounded_up_and_the_noise_of_floats_is_none():
    walks_ms = np.array(
        [0.0, 0.1, 80_000.0 + 1e-10, 80_000.001, np.inf, 90_000.0, 90_000.0 + 1e-10, 90_000.1]
    )
    assert whole_ms(walks_ms, 90_000).tolist() == [0, 1, 80_000, 80_001, -1, 90_000, 90_000, -1]


def test_the_slope_takes_its_numbers_from_the_table_of_parameters(monkeypatch):
    monkeypatch.setattr(parameters, "value", {"tobler_exponent": -7.0, "tobler_offset": 0.0}.__getitem__)
    walk = pace(_climbing(10.0), 1.0, 0.5, False)
    assert walk.forth_ms[0] == pytest.approx(100_000 * np.exp(0.7))
    assert walk.back_ms[0] == walk.forth_ms[0]
