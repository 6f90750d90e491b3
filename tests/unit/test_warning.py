"""Warning times: what being under cover from some moment on is worth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import worlds
from takecover import threats
from takecover.analysis.warning import warning
from takecover.errors import InputError
from takecover.model.warning import WHOLE, WarningTimes
from takecover.workflow.scenario import Wishes, scenario_for


def test_under_one_limit_being_in_by_then_is_worth_everything_and_later_nothing():
    value = WarningTimes.single(240).value(np.array([0, 2399, 2400, 2401, 9999]))
    assert value.tolist() == [WHOLE, WHOLE, WHOLE, 0, 0]


def test_a_strike_before_the_siren_is_worth_nothing_to_anyone():
    times = WarningTimes(np.array([-60, 0, 240, 600]), np.array([200, 100, 400, 300]))
    assert times.value(np.array([0, 1, 2400, 2401, 6000, 6001])).tolist() == [800, 700, 700, 300, 300, 0]


def test_the_value_keeps_the_shape_of_the_times():
    assert WarningTimes.single(1).value(np.zeros((2, 3), np.int64)).shape == (2, 3)


@pytest.mark.parametrize("name", threats.names())
def test_the_times_of_a_threat_ascend_and_weigh_a_thousand_in_all(name):
    chances = threats.threat(name)
    assert sum(chance.permille for chance in chances) == WHOLE
    times_s = [chance.time_s for chance in chances]
    assert times_s == sorted(set(times_s))
    assert threats.usual_time_s(name) in times_s
    assert threats.usual_time_s(name) > 0


def test_a_ballistic_missile_leaves_no_time_in_four_cases_of_ten():
    times = warning(replace(worlds.SCENARIO, threat="ballistic"))
    assert times.value(np.array([1])).tolist() == [600]
    assert times.time_s.tolist() == [0, 240, 600, 1200]


def test_an_unknown_threat_is_told_with_those_that_are_known():
    with pytest.raises(
        InputError, match=r"threat: 'meteor' is unknown. Give one of: drone, cruise, ballistic"
    ):
        threats.threat("meteor")


def test_a_scenario_has_its_own_times_or_its_limit_alone():
    own = replace(worlds.SCENARIO, warning_times_s=(-60, 240), warning_weights=(250, 750))
    assert (warning(own).time_s.tolist(), warning(own).weight.tolist()) == ([-60, 240], [250, 750])
    single = warning(worlds.SCENARIO)
    assert (single.time_s.tolist(), single.weight.tolist()) == ([240], [1000])


def test_options_and_files_take_the_usual_time_of_a_threat_as_the_limit(tmp_path):
    city = worlds.town()
    assert scenario_for(city, Wishes(threat="drone"), "2026-11-25").time_limit_s == 1946
    assert scenario_for(city, Wishes(threat="drone", time_limit_s=60), "2026-11-25").time_limit_s == 60
    (tmp_path / "raid.toml").write_text('threat = "cruise"', encoding="utf-8")
    found = scenario_for(city, Wishes(file=tmp_path / "raid.toml"), "2026-11-25")
    assert (found.threat, found.time_limit_s) == ("cruise", 1200)
    asked = scenario_for(city, Wishes(warning={240: 600, 0: 400}), "2026-11-25")
    assert (asked.warning_times_s, asked.warning_weights) == ((0, 240), (400, 600))
    late = scenario_for(city, Wishes(delay_median_s={"night": 30}, escalators_run=False), "2026-11-25")
    assert (late.delay_median_s, late.escalators_run) == ({"night": 30}, False)
    assert late.compare_turnouts == (0.07, 0.3, 1.0)
