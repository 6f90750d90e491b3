"""Two plans side by side: what changes, and what cannot be compared."""

from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np
import pytest

import at_once
import street
from takecover.analysis import reasons
from takecover.analysis.difference import Change, check, difference
from takecover.analysis.measure import measure
from takecover.dtypes import UNREACHED
from takecover.errors import InputError


@pytest.fixture
def plan_file() -> dict:
    plan = street.plan(200)
    unhindered_ds = np.full(8, UNREACHED, np.int32)
    figures = measure(
        street.city(),
        street.scenario(),
        plan,
        street.crowds(plan),
        reasons.by_row(plan, plan.costs, unhindered_ds, at_once.leaving(plan.people), street.led(plan)),
        street.numbers(),
        street.minutes(plan, street.scenario()),
    )
    return {"takecover_version": "0", "marking": "internal", **figures.as_dict()}


def changes(found) -> dict[str, int | None]:
    return {change.figure: change.change for change in found}


def test_a_plan_beside_itself_changes_nothing(plan_file):
    found = difference(plan_file, copy.deepcopy(plan_file))
    assert set(changes(found.changes).values()) == {0}
    assert (found.is_same_city, found.is_same_scenario, found.is_same_limit) == (True, True, True)
    assert [district.zone_id for district in found.districts] == ["Z1", "Z2"]
    assert found.first.title == "Toy grid"
    assert found.first.time_limit_s == 200


def test_a_change_is_the_second_less_the_first(plan_file):
    other = copy.deepcopy(plan_file)
    other["under_cover"] += 7
    other["unserved_by_reason"]["no_place"] -= 7
    other["districts"][1]["load"] -= 3
    found = difference(plan_file, other)
    assert changes(found.changes)["under_cover"] == 7
    assert changes(found.changes)["unserved_by_reason.no_place"] == -7
    assert changes(found.districts[1].changes)["load"] == -3
    assert changes(found.districts[0].changes)["load"] == 0


def test_another_scenario_and_another_limit_are_labelled_not_refused(plan_file):
    other = copy.deepcopy(plan_file)
    other["scenario"]["name"], other["time_limit_s"] = "night", 240
    found = difference(plan_file, other)
    assert (found.is_same_city, found.is_same_scenario, found.is_same_limit) == (True, False, False)
    assert (found.second.scenario, found.second.time_limit_s) == ("night", 240)


def test_a_plan_with_doors_beside_one_without_is_marked(plan_file):
    other = copy.deepcopy(plan_file)
    other["scenario"]["has_doors"] = not plan_file["scenario"]["has_doors"]
    assert difference(plan_file, plan_file).is_same_doors
    assert not difference(plan_file, other).is_same_doors


def test_two_cities_are_compared_as_a_whole_and_not_by_district(plan_file):
    other = copy.deepcopy(plan_file)
    other["city"]["name"] = "elsewhere"
    found = difference(plan_file, other)
    assert found.is_same_city is False
    assert found.districts == ()
    assert changes(found.changes)["people"] == 0


def test_a_district_of_one_plan_only_has_no_change(plan_file):
    other = copy.deepcopy(plan_file)
    other["districts"][1]["zone_id"] = "Z9"
    found = difference(plan_file, other)
    assert [district.zone_id for district in found.districts] == ["Z1", "Z2", "Z9"]
    assert found.districts[1].changes[0] == Change("people", 204, None)
    assert found.districts[2].changes[0] == Change("people", None, 204)
    assert found.districts[2].changes[0].change is None


@pytest.mark.parametrize("other", [None, [], "plan", {}, {"format": "takecover-plan/0"}, {"format": 3}])
def test_what_is_no_plan_is_refused_by_its_name(plan_file, other):
    with pytest.raises(InputError, match=r"b/plan.json: format is .*, not 'takecover-plan/2'"):
        difference(plan_file, other, ("a/plan.json", "b/plan.json"))


def test_a_public_plan_is_refused_because_it_has_no_counts(plan_file):
    with pytest.raises(InputError, match="second plan: it is marked public"):
        difference(plan_file, {**plan_file, "marking": "public"})


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("under_cover",), 1.5, "under_cover is 1.5, not a whole number"),
        (("people",), True, "people is True, not a whole number"),
        (("unserved_by_reason",), None, "unserved_by_reason.too_far is None, not a whole number"),
        (("scramble", "under_cover"), "17", "scramble.under_cover is '17', not a whole number"),
        (("city", "title"), 3, "city.title is 3, not text"),
        (("scenario",), [], "scenario.name is None, not text"),
        (("districts",), {}, "districts is {}, not a list of districts"),
        (("districts", 1), "Z2", "not a list of districts"),
        (("districts", 1, "load"), None, r"districts\[1\].load is None, not a whole number"),
        (("districts", 1, "zone_id"), "Z1", r"districts\[1\].zone_id is 'Z1' once more"),
        (("districts", 0, "zone_id"), 1, r"districts\[0\].zone_id is 1, not text"),
    ],
)
def test_a_broken_figure_is_named(plan_file, path, value, message):
    other = copy.deepcopy(plan_file)
    at = other
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    with pytest.raises(InputError, match=message):
        difference(plan_file, other)


def test_the_faults_of_both_plans_are_told_at_once(plan_file):
    first, second = copy.deepcopy(plan_file), copy.deepcopy(plan_file)
    first["people"], second["gain"] = None, None
    with pytest.raises(InputError) as error:
        difference(first, second)
    assert len(error.value.faults) == 2


def test_one_plan_is_checked_alone_and_its_faults_told_once(plan_file):
    check(plan_file, "plan.json")
    with pytest.raises(InputError, match=r"plan.json: people is None") as error:
        check({**plan_file, "people": None}, "plan.json")
    assert len(error.value.faults) == 1


def test_a_scenario_that_differs_only_in_its_seed_is_another_scenario(plan_file):
    other = copy.deepcopy(plan_file)
    other["scenario"] = {**other["scenario"], "seed": replace(street.scenario(), seed=2).seed}
    assert difference(plan_file, other).is_same_scenario is False
