"""Slots are as short as the size of a city and the time to the strike allow, so that a plan loses little by them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import worlds
from takecover.analysis.setting import suited_slot_ds
from takecover.model.warning import WarningTimes
from takecover.workflow import reckoning
from takecover.workflow.plan import SHARES
from takecover.workflow.scenario import default
from takecover.workflow.stages import Stages


@pytest.mark.parametrize("limit_s", [90, 120, 240, 600])
def test_a_plan_of_a_small_town_is_never_behind_running_to_the_nearest_at_its_own_limit(limit_s: int) -> None:
    city = worlds.town()
    base = default(city, "2026-11-29")
    scenario = replace(base, time_limit_s=limit_s, warning_times_s=(limit_s,), warning_weights=(1000,))
    found = reckoning.reckon(city, scenario, Stages(SHARES, None)).figures
    assert found.certificate.slot_s == 1.0
    assert found.under_cover >= found.scramble.under_cover
    assert found.under_cover >= 0.97 * found.bracket.bound


def test_slots_shorten_with_the_square_of_the_time_and_with_the_doors_and_are_never_longer_than_asked() -> (
    None
):
    at = WarningTimes.single
    assert [suited_slot_ds(300, at(s), 5189) for s in (3600, 1200, 600, 300, 240, 60)] == [
        300,
        300,
        150,
        37,
        24,
        10,
    ]
    assert [suited_slot_ds(300, at(1200), doors) for doors in (5189, 1000, 100, 1)] == [300, 120, 12, 10]
    assert suited_slot_ds(100, at(1200), 5189) == 100
    assert suited_slot_ds(300, WarningTimes(at(1).time_s - 1, at(1).weight), 5189) == 10


def test_the_bound_of_an_early_time_is_worked_out_in_slots_that_suit_it_and_lowers_those_before() -> None:
    city = worlds.town()
    scenario = replace(default(city, "2026-11-29"), time_limit_s=600)
    fine = reckoning._setting(city, scenario, [240, 600], Stages(SHARES, None), 2)
    crowd = reckoning._crowd(city, scenario, fine, 1.0)
    coarse, times_s = replace(fine, slot_ds=300), np.array([200, 230, 240, 600])
    most, sharp = coarse.bound(crowd, times_s), coarse.sharp_bound(crowd, times_s, [240, 600])
    alone = [int(fine.at(limit_s).bound(crowd, np.array([limit_s]))[0]) for limit_s in (240, 600)]
    assert sharp[2:].tolist() == alone
    assert alone[0] < most[2]
    assert (sharp <= most).all()
    assert (np.diff(sharp) >= 0).all()
    assert sharp[1] == min(most[1], sharp[2])
    assert sharp[2] >= fine.inside(fine.at(240).led(fine.at(240).plan(crowd)))


def test_where_doors_hold_nobody_up_the_bound_is_what_the_plan_for_that_time_reaches() -> None:
    city = worlds.town()
    scenario = replace(default(city, "2026-11-29"), has_doors=False, time_limit_s=600)
    setting = reckoning._setting(city, scenario, [240, 600], Stages(SHARES, None), 2)
    crowd = reckoning._crowd(city, scenario, setting, 1.0)
    times_s = np.array([1, 60, 121, 240, 600])
    most = setting.sharp_bound(crowd, times_s, [240, 600]).tolist()
    assert most == [setting.at(time_s).plan(crowd).sent for time_s in times_s.tolist()]
    assert 0 < most[2] < most[-1]
