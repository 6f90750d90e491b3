"""Slots are as short as the size of a city and the time to the strike allow, so that a plan loses little by them."""

from __future__ import annotations

from dataclasses import replace

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
