"""Why people are left outside: one reason each, adding up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import street
from takecover.analysis import reach, reasons
from takecover.dtypes import UNREACHED

UNHINDERED_DS = np.array([UNREACHED] * 4 + [0, 2500, 2500, 0], np.int32)


def test_each_person_outside_has_the_reason_of_the_street():
    found = reasons.by_row(street.plan(200), UNHINDERED_DS)
    assert found.no_place.tolist() == [0, 0, 0, 0, 12, 0, 0, 0]  # a full shelter at the door
    assert found.too_far.tolist() == [0, 0, 0, 0, 0, 32, 64, 0]  # 250 s to either shelter
    assert found.no_step_free_way.tolist() == [
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        128,
    ]  # at the door of the one with a stair


def test_a_walk_of_exactly_the_limit_is_barred_by_the_stair_and_a_longer_one_by_the_distance():
    plan = street.plan(200)
    at, beyond = (reasons.by_row(plan, np.where(np.arange(8) == 6, ds, UNHINDERED_DS)) for ds in (2000, 2001))
    assert (at.no_step_free_way[6], at.too_far[6]) == (64, 0)
    assert (beyond.no_step_free_way[6], beyond.too_far[6]) == (0, 64)


@given(
    st.lists(st.integers(0, 50), min_size=8, max_size=8),
    st.lists(st.integers(0, 4000), min_size=8, max_size=8),
)
def test_the_reasons_add_up_and_nobody_has_two(unserved, unhindered_ds):
    plan = replace(street.plan(200), unserved=np.array(unserved))
    found = reasons.by_row(plan, np.array(unhindered_ds, np.int32))
    columns = np.stack([found.too_far, found.no_step_free_way, found.no_place])
    assert columns.sum(axis=0).tolist() == unserved
    assert ((columns > 0).sum(axis=0) <= 1).all()


def test_the_streets_are_searched_again_only_for_groups_with_people_who_reach_nothing(monkeypatch):
    asked = []

    def nearest(city, scenario, time_limit_s, group_idx, *, ignore_step_free=False):
        asked.append((time_limit_s, group_idx, ignore_step_free))
        return UNHINDERED_DS[4:]

    monkeypatch.setattr(reach, "nearest_walk_ds", nearest)
    found = reasons.reasons(street.city(), street.scenario(), street.plan(200))
    assert found.no_step_free_way.tolist() == [0, 0, 0, 0, 0, 0, 0, 128]
    assert asked == [(200, 1, True)]

    everyone_in = replace(street.plan(200), unserved=np.array([9, 9, 9, 9, 9, 0, 0, 0]))
    assert reasons.reasons(street.city(), street.scenario(), everyone_in).no_place.sum() == 45
    assert len(asked) == 1


@pytest.mark.parametrize("name", ["too_far", "no_step_free_way", "no_place"])
def test_with_nobody_outside_there_is_no_reason(name):
    nobody = replace(street.plan(200), unserved=np.zeros(8, np.int64))
    assert getattr(reasons.by_row(nobody, UNHINDERED_DS), name).sum() == 0
