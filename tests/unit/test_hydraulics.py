"""The hydraulic model: the handbook's table, worked examples, and what is measured or fixed instead."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from takecover.analysis import hydraulics
from takecover.model.elements import KINDS, Elements


def element(kind: str, width_m: float = np.nan, **changes) -> Elements:
    """One element of the first entrance."""
    columns = {
        "entrance_idx": 0,
        "hall_idx": -1,
        "kinds": kind,
        "clear_width_m": width_m,
        "count": 1,
        "handrails": 0,
        "length_m": 0.0,
        "drop_m": 0.0,
        "is_running": False,
        "belt_speed_m_s": np.nan,
        "flow_per_s": np.nan,
    }
    return Elements(**{name: np.array([value]) for name, value in (columns | changes).items()})


@pytest.mark.parametrize(
    ("constant_m_s", "flow"), [(1.40, 1.32), (1.00, 0.94), (1.08, 1.01), (1.16, 1.09), (1.23, 1.16)]
)
def test_the_greatest_specific_flows_are_those_of_the_handbook(constant_m_s, flow):
    assert hydraulics.specific_flow_per_m_s(constant_m_s) == pytest.approx(flow, abs=0.006)


def test_a_door_of_120_cm_passes_71_people_a_minute():
    assert hydraulics.flow_per_s(element("door", 1.2))[0] * 60 == pytest.approx(71.05, abs=0.01)


def test_a_stair_of_240_cm_with_two_handrails_passes_135_people_a_minute():
    assert hydraulics.flow_per_s(element("stair", 2.4, handrails=2))[0] * 60 == pytest.approx(135.2, abs=0.05)


def test_two_such_stairs_pass_some_810_people_in_three_minutes():
    flow = hydraulics.flow_per_s(element("stair", 2.4, handrails=2, count=2))[0]
    assert flow * 180 == pytest.approx(811, abs=1)


@pytest.mark.parametrize(
    ("kind", "handrails", "layers_m"),
    [
        ("door", 0, 0.30),
        ("stair", 0, 0.30),
        ("stair", 1, 0.24),
        ("stair", 2, 0.18),
        ("escalator", 2, 0.18),
        ("ramp", 0, 0.40),
        ("corridor", 0, 0.40),
        ("door", 2, 0.30),
    ],
)
def test_nobody_walks_along_walls_and_jambs(kind, handrails, layers_m):
    width_m = hydraulics.effective_width_m(element(kind, 2.0, handrails=handrails))[0]
    assert width_m == pytest.approx(2.0 - layers_m)


def test_what_is_narrower_than_its_walls_need_lets_nobody_through():
    assert hydraulics.flow_per_s(element("corridor", 0.3)).tolist() == [0.0]


def test_an_escalator_that_runs_passes_1875_people_in_1000_s_and_a_gate_833():
    assert hydraulics.flow_per_s(element("escalator", is_running=True)).tolist() == [1.875]
    assert hydraulics.flow_per_s(element("escalator", is_running=True, count=2)).tolist() == [3.75]
    assert hydraulics.flow_per_s(element("gate", count=4)).tolist() == [pytest.approx(3.332)]


def test_an_escalator_that_stands_is_a_stair_of_a_metre():
    stopped = element("escalator", is_running=True, handrails=2)
    flow = hydraulics.flow_per_s(stopped, escalators_run=False)[0]
    assert flow == hydraulics.flow_per_s(element("stair", 1.0, handrails=2))[0]
    assert flow == pytest.approx(0.82 * 1.08 / 4 / 0.266)


def test_a_measured_flow_stands_for_all_side_by_side_whatever_their_width():
    assert hydraulics.flow_per_s(element("door", 1.2, count=3, flow_per_s=2.5)).tolist() == [2.5]


def test_a_flow_measured_on_a_moving_escalator_says_nothing_of_one_that_stands():
    measured = element("escalator", is_running=True, flow_per_s=2.2, handrails=2)
    assert hydraulics.flow_per_s(measured).tolist() == [2.2]
    assert hydraulics.flow_per_s(measured, escalators_run=False)[0] == pytest.approx(0.8323, abs=1e-4)


def test_a_crowd_walks_at_half_the_speed_constant_and_a_belt_at_its_own():
    assert hydraulics.passing_s(element("corridor", length_m=7.0)).tolist() == [pytest.approx(10.0)]
    assert hydraulics.passing_s(element("stair", length_m=5.4)).tolist() == [pytest.approx(10.0)]
    moving = element("escalator", length_m=87.0, is_running=True)
    assert hydraulics.passing_s(moving).tolist() == [116.0]
    assert hydraulics.passing_s(replace(moving, belt_speed_m_s=np.array([0.5]))).tolist() == [174.0]
    assert hydraulics.passing_s(moving, escalators_run=False).tolist() == [pytest.approx(87 / 0.54)]


@given(st.sampled_from(KINDS), st.floats(0.5, 10), st.floats(0, 5), st.integers(0, 2), st.booleans())
def test_a_wider_element_never_passes_fewer(kind, width_m, more_m, handrails, runs):
    narrow = element(kind, width_m, handrails=handrails, is_running=runs)
    wide = element(kind, width_m + more_m, handrails=handrails, is_running=runs)
    assert hydraulics.flow_per_s(wide)[0] >= hydraulics.flow_per_s(narrow)[0]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_unknown_width_lets_somebody_through(kind):
    assert hydraulics.flow_per_s(element(kind))[0] > 0.5
