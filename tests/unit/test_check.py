"""The door of the model for scenarios and cost tables: every rule has a broken input that it refuses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from takecover.cities import toys
from takecover.errors import InputError
from takecover.model import check
from takecover.model.city import City
from takecover.model.costs import Costs
from takecover.model.scenario import Scenario


def toy() -> City:
    """Three nodes in a row, three origins, two shelters with a door each."""
    return toys.grid(3, 1, shelters=[toys.Cover((0,), 5), toys.Cover((2,), 7)])


def scenario() -> Scenario:
    return Scenario(
        name="night",
        dated="2026-01-01",
        period="night",
        time_limit_s=600,
        compare_limits_s=(240, 600, 1200),
        turnout=1.0,
        speed_m_s={"walking": 1.2, "step_free": 0.7},
        steps_speed_factor=0.5,
        closed_shelter_ids=(),
        norm_profile="ukraine",
        seed=1,
    )


def costs() -> Costs:
    """Two rows of one group; two entries and one."""
    return Costs(
        origin_idx=np.array([0, 1], np.int32),
        group_idx=np.array([0, 0], np.int32),
        indptr=np.array([0, 2, 3], np.int32),
        shelter_idx=np.array([0, 1, 0], np.int32),
        entrance_idx=np.array([0, 1, 0], np.int32),
        walk_time_ds=np.array([10, 20, 5], np.int32),
        time_limit_ds=100,
    )


BROKEN_SCENARIOS: list[tuple[str, dict[str, Any], str]] = [
    ("no name", {"name": " "}, "scenario.name: is empty"),
    ("no date", {"dated": "yesterday"}, "scenario.dated: 'yesterday' is no date"),
    (
        "strange period",
        {"period": "noon"},
        "scenario.period: 'noon' is unknown in toy-grid. Give one of night.",
    ),
    ("no time", {"time_limit_s": 0}, "scenario.time_limit_s: 0 s is out of range. Give 1 to 21600."),
    ("a day", {"time_limit_s": 86400}, "scenario.time_limit_s: 86400 s is out of range"),
    ("a fraction of a second", {"time_limit_s": 1.5}, "scenario.time_limit_s: 1.5 is no whole number"),
    ("limits not in order", {"compare_limits_s": (600, 240)}, "(600, 240) do not ascend"),
    ("a limit twice", {"compare_limits_s": (600, 600)}, "(600, 600) do not ascend"),
    ("a negative limit", {"compare_limits_s": (-1, 240)}, "scenario.compare_limits_s: -1 s is out of range"),
    (
        "nothing to compare",
        {"compare_limits_s": ()},
        "scenario.compare_limits_s: is empty. Give at least one",
    ),
    (
        "a speed of nobody",
        {"speed_m_s": {"walking": 1.0, "step_free": 1.0, "flying": 3.0}},
        "scenario.speed_m_s: toy-grid has no group 'flying'. Give one of: walking, step_free.",
    ),
    ("nobody comes", {"turnout": 0.0}, "scenario.turnout: 0.0 is no share"),
    ("more than all come", {"turnout": 1.01}, "scenario.turnout: 1.01 is no share"),
    ("turnout NaN", {"turnout": float("nan")}, "scenario.turnout: nan is no share"),
    ("turnout a text", {"turnout": "all"}, "scenario.turnout: 'all' is no share"),
    ("no speed of a group", {"speed_m_s": {"walking": 1.0}}, "has no speed for group 'step_free'"),
    (
        "speed of a car",
        {"speed_m_s": {"walking": 11.0, "step_free": 1.0}},
        "11.0 for group 'walking' is no speed",
    ),
    (
        "speed of a snail",
        {"speed_m_s": {"walking": 0.09, "step_free": 1.0}},
        "0.09 for group 'walking' is no speed",
    ),
    ("stairs faster than level", {"steps_speed_factor": 1.1}, "scenario.steps_speed_factor: 1.1 is no share"),
    ("stairs not walked", {"steps_speed_factor": 0}, "scenario.steps_speed_factor: 0 is no share"),
    ("strange shelter closed", {"closed_shelter_ids": ("S9",)}, "'S9' is no shelter of toy-grid"),
    ("strange door closed", {"closed_entrance_ids": ("D9",)}, "'D9' is no entrance of toy-grid"),
    (
        "door closed twice",
        {"closed_entrance_ids": ("S001-1", "S001-1")},
        "scenario.closed_entrance_ids: 'S001-1' stands more than once",
    ),
    (
        "leaving before the siren",
        {"delay_median_s": {"night": -5}},
        "scenario.delay_median_s: -5 for 'night' is out of range. Give 0 to 21600.",
    ),
    (
        "a spread of nobody",
        {"delay_spread": {"night": 4.0}},
        "scenario.delay_spread: 4.0 for 'night' is out of range. Give 0 to 3.0.",
    ),
    (
        "delay at no hour",
        {"delay_spread": {"noon": 0.5}},
        "scenario.delay_spread: toy-grid has no period 'noon'. Give one of: night.",
    ),
    (
        "a threat of nobody",
        {"threat": "meteor"},
        "scenario.threat: 'meteor' is unknown. Give one of drone, cruise",
    ),
    (
        "a threat and times",
        {"threat": "drone", "warning_times_s": (240,), "warning_weights": (1000,)},
        "scenario.warning_times_s: stand beside a threat",
    ),
    (
        "a warning after a day",
        {"warning_times_s": (86400,), "warning_weights": (1000,)},
        "scenario.warning_times_s: 86400 is no warning time. Give whole seconds from -3600 to 21600",
    ),
    (
        "warnings not in order",
        {"warning_times_s": (240, 0), "warning_weights": (500, 500)},
        "scenario.warning_times_s: (240, 0) do not ascend",
    ),
    (
        "no warning at all",
        {"warning_times_s": (-60, 0), "warning_weights": (500, 500)},
        "scenario.warning_times_s: none is above 0",
    ),
    (
        "a weight too few",
        {"warning_times_s": (0, 240), "warning_weights": (1000,)},
        "scenario.warning_weights: 1 for 2 warning times. Give one for each.",
    ),
    (
        "a weight of nothing",
        {"warning_times_s": (0, 240), "warning_weights": (0, 1000)},
        "scenario.warning_weights: (0, 1000) are no thousandths",
    ),
    (
        "weights of a half",
        {"warning_times_s": (0, 240), "warning_weights": (200, 300)},
        "scenario.warning_weights: add up to 500. Give thousandths of 1000 in all.",
    ),
    (
        "more than everybody comes",
        {"compare_turnouts": (0.3, 1.2)},
        "scenario.compare_turnouts: 1.2 is no share. Give above 0, at most 1.",
    ),
    (
        "turnouts not in order",
        {"compare_turnouts": (0.3, 0.07)},
        "scenario.compare_turnouts: (0.3, 0.07) do not ascend",
    ),
    (
        "faster on stairs",
        {"group_steps_factor": {"walking": 1.5}},
        "scenario.group_steps_factor: 1.5 for group 'walking' is no share",
    ),
    (
        "stairs of nobody",
        {"group_steps_factor": {"flying": 0.5}},
        "scenario.group_steps_factor: no speed is given for 'flying'",
    ),
    (
        "a group without a speed",
        {"group_shares": {"children": 0.1}},
        "scenario.speed_m_s: has no speed for group 'children'",
    ),
    (
        "a group that is there",
        {"group_shares": {"step_free": 0.1}},
        "scenario.group_shares: toy-grid has a group 'step_free' already",
    ),
    (
        "less than none left",
        {"group_shares": {"children": 0.6, "older": 0.5}},
        "scenario.group_shares: add up to 1.1. Give at most 1 in all.",
    ),
    (
        "a share below none",
        {"group_shares": {"children": -0.1}},
        "scenario.group_shares: -0.1 for 'children' is no share. Give 0 to 1.",
    ),
    (
        "a district of nowhere",
        {"group_shares_by_zone": {"Z9": {}}},
        "scenario.group_shares_by_zone: 'Z9' is no district of toy-grid",
    ),
    (
        "a group in one district alone",
        {"group_shares_by_zone": {"Z1": {"children": 0.1}}},
        "scenario.group_shares_by_zone: 'Z1' names the group 'children', which group_shares does not",
    ),
    (
        "counting on hope",
        {"count_on": "hope"},
        "scenario.count_on: 'hope' is no such step. Give one of registered, exists, usable, open.",
    ),
    (
        "no cohort",
        {"delay_cohorts": 0},
        "scenario.delay_cohorts: 0 is no number of cohorts. Give 1 to 60.",
    ),
    ("shelter closed twice", {"closed_shelter_ids": ("S001", "S001")}, "'S001' stands more than once"),
    ("seed negative", {"seed": -1}, "scenario.seed: -1 is no seed"),
    ("seed true", {"seed": True}, "scenario.seed: True is no seed"),
]


@pytest.mark.parametrize(
    ("changes", "said"), [c[1:] for c in BROKEN_SCENARIOS], ids=[c[0] for c in BROKEN_SCENARIOS]
)
def test_a_scenario_that_breaks_a_rule_is_refused_in_words(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as caught:
        check.scenario(replace(scenario(), **changes), toy())
    assert said in str(caught.value)


BROKEN_COSTS: list[tuple[str, dict[str, Any], str]] = [
    ("limit 0", {"time_limit_ds": 0}, "costs.time_limit_ds: 0 ds is no limit"),
    ("origin negative", {"origin_idx": np.array([-1, 1])}, "costs.origin_idx: 1 of 2 rows are negative"),
    (
        "shelter negative",
        {"shelter_idx": np.array([0, -1, 0])},
        "costs.shelter_idx: 1 of 3 rows are negative",
    ),
    (
        "row twice",
        {"origin_idx": np.array([1, 1])},
        "costs.origin_idx (in its group): 1 of 2 rows repeat an id",
    ),
    (
        "groups mixed",
        {"group_idx": np.array([1, 0])},
        "costs.group_idx: 1 of 2 rows stand after a higher group",
    ),
    (
        "walk negative",
        {"walk_time_ds": np.array([-1, 20, 5])},
        "costs.walk_time_ds: 1 of 3 rows are outside the limit",
    ),
    (
        "walk too long",
        {"walk_time_ds": np.array([10, 101, 5])},
        "costs.walk_time_ds: 1 of 3 rows are outside the limit",
    ),
    ("rows go back", {"indptr": np.array([0, 4, 3])}, "costs.indptr: does not ascend from 0 to 3"),
    ("rows end early", {"indptr": np.array([0, 1, 2])}, "costs.indptr: does not ascend from 0 to 3"),
    (
        "rows too few",
        {"indptr": np.array([0, 3])},
        "costs.indptr: has 2 entries by row + 1 where others have 3",
    ),
    (
        "row not by time",
        {"walk_time_ds": np.array([20, 10, 5])},
        "1 of 3 rows stand out of order in their row",
    ),
    (
        "tie not by shelter",
        {"walk_time_ds": np.array([10, 10, 5]), "shelter_idx": np.array([1, 0, 0])},
        "out of order",
    ),
    (
        "shelter twice in a row",
        {"shelter_idx": np.array([0, 0, 0])},
        "1 of 3 rows repeat a shelter in their row",
    ),
    (
        "door twice in a row of a table by entrance",
        {"entrance_idx": np.array([1, 1, 0]), "is_per_entrance": True},
        "costs.entrance_idx: 1 of 3 rows repeat an entrance in their row",
    ),
    (
        "tie not by entrance in a table by entrance",
        {
            "walk_time_ds": np.array([10, 10, 5]),
            "entrance_idx": np.array([1, 0, 0]),
            "is_per_entrance": True,
        },
        "Sort each row by time, then by entrance",
    ),
]


@pytest.mark.parametrize(("changes", "said"), [c[1:] for c in BROKEN_COSTS], ids=[c[0] for c in BROKEN_COSTS])
def test_a_cost_table_that_breaks_a_rule_is_refused_in_words(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as caught:
        check.costs(replace(costs(), **changes))
    assert said in str(caught.value)


def test_what_is_whole_passes_and_passes_again_as_the_same_object() -> None:
    table = check.costs(costs())
    assert check.costs(table) is table
    assert check.scenario(scenario(), toy()) == scenario()


def test_an_empty_cost_table_is_whole() -> None:
    nothing = np.zeros(0, np.int32)
    empty = Costs(nothing, nothing, np.zeros(1, np.int32), nothing, nothing, nothing, 100)
    assert check.costs(empty).row_count == 0
