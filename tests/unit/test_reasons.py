"""Why people are left outside: one reason each, adding up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import at_once
import street
from takecover.analysis import reach, reasons
from takecover.analysis.arrive import arrive, batches_of
from takecover.analysis.figures import REASONS
from takecover.analysis.gains import gains
from takecover.analysis.headline import headline
from takecover.analysis.overtime import assign_over_time
from takecover.dtypes import UNREACHED
from takecover.model.costs import Costs
from takecover.model.departures import Departures
from takecover.model.doorways import Doorways
from takecover.model.hops import Hops
from takecover.model.warning import WarningTimes

UNHINDERED_DS = np.array([UNREACHED] * 4 + [0, 2500, 2500, 0], np.int32)


def by_row(plan, unhindered_ds):
    return reasons.by_row(plan, plan.costs, unhindered_ds, at_once.leaving(plan.people), street.led(plan))


def of(plan, unserved):
    """The reasons of a plan with so many of each row outside, those of the street's own plan where 0."""
    inside = street.PEOPLE - street.plan(200).unserved
    people = street.PEOPLE if np.isscalar(unserved) else inside + unserved
    leaving = at_once.leaving(people)
    return reasons.reasons(street.city(), street.scenario(), plan, leaving, street.led(street.plan(200)))


def test_each_person_outside_has_the_reason_of_the_street():
    found = by_row(street.plan(200), UNHINDERED_DS)
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
    at, beyond = (by_row(plan, np.where(np.arange(8) == 6, ds, UNHINDERED_DS)) for ds in (2000, 2001))
    assert (at.no_step_free_way[6], at.too_far[6]) == (64, 0)
    assert (beyond.no_step_free_way[6], beyond.too_far[6]) == (0, 64)


@given(
    st.lists(st.integers(0, 50), min_size=8, max_size=8),
    st.lists(st.integers(0, 4000), min_size=8, max_size=8),
)
def test_the_reasons_add_up_and_nobody_has_two(unserved, unhindered_ds):
    plan = replace(street.plan(200), unserved=np.array(unserved))
    inside = street.PEOPLE - street.plan(200).unserved
    found = by_row(replace(plan, people=inside + unserved), np.array(unhindered_ds, np.int32))
    columns = np.stack(list(vars(found).values()))
    assert columns.sum(axis=0).tolist() == unserved
    assert ((columns > 0).sum(axis=0) <= 1).all()


def test_the_streets_are_searched_again_only_for_groups_with_people_who_reach_nothing(monkeypatch):
    asked = []

    def nearest(city, scenario, time_limit_s, group_idx, *, ignore_step_free=False):
        asked.append((time_limit_s, group_idx, ignore_step_free))
        return UNHINDERED_DS[4:]

    monkeypatch.setattr(reach, "nearest_walk_ds", nearest)
    found = of(street.plan(200), 0)
    assert found.no_step_free_way.tolist() == [0, 0, 0, 0, 0, 0, 0, 128]
    assert asked == [(200, 1, True)]

    left_at_the_door = np.array([9, 9, 9, 9, 9, 0, 0, 0])
    full = replace(street.plan(200), unserved=left_at_the_door, capacity=street.plan(200).load)
    assert of(full, left_at_the_door).no_place.sum() == 45
    assert len(asked) == 1


@pytest.mark.parametrize("name", REASONS)
def test_with_nobody_outside_there_is_no_reason(name):
    inside = street.PEOPLE - street.plan(200).unserved
    nobody = replace(street.plan(200), people=inside, unserved=np.zeros(8, np.int64))
    assert getattr(by_row(nobody, UNHINDERED_DS), name).sum() == 0


def _late(**changed):
    """Two people of one row, a door 100 ds away that lets one person pass in 100 ds, and 500 ds to the strike."""
    zero, none = np.zeros(1, np.int32), np.zeros(0, np.int64)
    costs = Costs(zero, zero, np.array([0, 1], np.int32), zero, zero, np.array([100], np.int32), 500)
    down = np.array(changed.get("down_ds", [[0]]), np.int32)
    group = np.array([len(down) - 1], np.int32)
    costs = replace(costs, group_idx=group)
    doors = Doorways(zero, np.array([changed.get("flow", 100)]), zero - 1, 0 * down, down, none, none)
    leaving = Departures(np.array([0, 450]), np.array(changed.get("people", [[8, 1]])))
    capacity = np.array([changed.get("places", 9)])
    plan = assign_over_time(costs, doors, leaving, capacity, WarningTimes.single(50), 100)
    batches = batches_of(costs, plan.entry_idx, plan.cohort_idx, plan.people, leaving.delay_ds)
    hops = Hops(np.zeros(2, np.int32), *np.zeros((3, 0), np.int32), 500)
    led = arrive(batches, doors, capacity, [hops] * len(down), np.array([0, 500]))
    at_limit = headline(plan, led, 500, gains(plan, doors, WarningTimes.single(50)))
    return reasons.by_row(at_limit, at_limit.costs, np.full(1, UNREACHED, np.int32), leaving, led)


def test_who_leaves_too_late_and_who_stands_at_a_narrow_door_are_told_apart():
    found = _late()
    assert (found.left_too_late.sum(), found.no_place.sum(), found.door_shut.sum()) == (1, 0, 0)
    assert 0 < found.door_too_narrow.sum() < 8


def test_a_way_down_that_is_too_long_for_their_group_leaves_them_too_late_or_too_far():
    # 10 s of walk: in 40 s down is who leaves with the siren, in 41 s nobody is.
    found = _late(down_ds=[[0], [400]], people=[[0, 3]])
    assert (found.left_too_late.sum(), found.too_far.sum()) == (3, 0)
    found = _late(down_ds=[[0], [401]], people=[[2, 3]])
    assert (found.left_too_late.sum(), found.too_far.sum()) == (0, 5)
    assert _late(down_ds=[[401], [0]], people=[[1, 0]]).total().sum() == 0


def test_behind_a_door_with_no_place_left_it_is_the_place_that_is_missing():
    found = _late(places=1)
    assert (found.no_place.sum(), found.door_too_narrow.sum(), found.left_too_late.sum()) == (7, 0, 1)


def test_a_door_that_is_shut_is_the_reason_for_all_who_could_be_there_in_time():
    found = _late(flow=0)
    assert (found.door_shut.sum(), found.left_too_late.sum()) == (8, 1)
