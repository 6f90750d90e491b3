"""The figures of a plan on a street whose every answer follows by arithmetic."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

import at_once
import street
from takecover.analysis import reasons
from takecover.analysis.figures import Figures
from takecover.analysis.measure import measure
from takecover.dtypes import UNREACHED
from takecover.errors import InternalError

UNHINDERED_DS = np.array([UNREACHED] * 4 + [0, 2500, 2500, 0], np.int32)


def why(plan):
    return reasons.by_row(plan, plan.costs, UNHINDERED_DS, at_once.leaving(plan.people), street.led(plan))


def raided(**changed):
    return replace(street.crowds(street.plan(200)), scramble=replace(street.raid(), **changed))


def parts(**changed):
    plan = changed.get("plan", street.plan(200))
    scenario = changed.get("scenario", street.scenario())
    return {
        "city": street.city(),
        "scenario": scenario,
        "plan": plan,
        "crowds": street.crowds(plan),
        "reasons": why(plan),
        "numbers": street.numbers(),
        "minutes": street.minutes(plan, scenario),
        **changed,
    }


@pytest.fixture(scope="module")
def figures() -> Figures:
    return measure(**parts())


def test_the_headline_counts_the_people_of_the_street(figures):
    assert (figures.people, figures.under_cover, figures.unserved) == (255, 19, 236)
    assert figures.scramble.under_cover == 17  # 1 + 4 at the first house, 8 + 4 at the last
    assert figures.scramble.unserved == 238
    assert figures.gain == 2
    assert figures.time_limit_s == 200


def test_walks_are_summed_over_the_people_who_get_in(figures):
    assert figures.total_walk_time_s == 4 * 100 + 2 * 200
    assert figures.mean_walk_time_s == 800 / 19
    assert figures.scramble.total_walk_time_s == 4 * 100


def test_the_turned_away_are_those_who_met_a_full_shelter_in_time(figures):
    # 12 at the door of the first house, 2 who came 100 m; the 32 who come after 250 s do not count.
    assert figures.scramble.turned_away == 14
    assert [shelter.turned_away for shelter in figures.shelters] == [14, 0]


def test_reasons_add_up_to_the_unserved(figures):
    found = figures.unserved_by_reason
    assert (found.too_far, found.no_step_free_way, found.no_place) == (96, 128, 12)
    assert figures.unserved == 96 + 128 + 12


def test_the_compared_limits_have_scramble_plan_and_the_bound(figures):
    found = [
        (row.time_limit_s, row.scramble_under_cover, row.plan_under_cover, row.bound)
        for row in figures.comparison
    ]
    assert found == [(100, 17, 17, 17), (200, 17, 19, 19), (300, 17, 19, 20)]
    assert figures.certificate.gap == (0, 0)


def test_the_curves_run_to_the_longest_limit_in_steps_of_ten_seconds(figures):
    assert figures.curves.time_s == tuple(float(t) for t in range(0, 301, 10))
    assert figures.curves.plan == (13,) * 10 + (17,) * 10 + (19,) * 11
    assert figures.curves.scramble == (13,) * 10 + (17,) * 21
    assert figures.below == ()


def test_a_plan_that_sends_people_farther_lies_below_the_scramble_until_they_arrive():
    # The one at the first house leaves its places to others and walks 300 s: 12 for 13 at first, 16 for 17 from
    # 100 s on, and 18 for 17 from 200 s on, when the 2 of the second house are in, whom the scramble turns away.
    found = measure(
        **parts(
            scenario=replace(street.scenario(), time_limit_s=300),
            plan=street.plan(300, {(0, 1): 1, (1, 1): 2, (2, 1): 4, (3, 1): 8, (4, 0): 4}),
        )
    )
    assert found.comparison[1].plan_under_cover == 18
    assert [(low.from_s, low.to_s, low.largest, low.at_s) for low in found.below] == [(0.0, 200.0, 1, 0.0)]


def test_the_five_numbers_stand_for_the_city_its_districts_and_its_shelters(figures):
    found = figures.places
    assert found.count_on == "registered"
    assert vars(found.city) == {
        "key": "",
        "registered": 25,
        "exists": 25,
        "usable": 25,
        "open": 25,
        "in_time": 20,
        "unverified": 20,
    }
    assert [(row.key, row.open, row.in_time) for row in found.districts] == [("Z1", 5, 3), ("Z2", 20, 17)]
    assert [(row.key, row.in_time) for row in found.shelters] == [("S001", 3), ("S002", 17)]


def test_districts_hold_their_own_people_and_shelters(figures):
    first, second = figures.districts
    assert (first.zone_id, first.name, first.name_uk) == ("Z1", "District 1", "Район 1")
    assert (first.people, first.under_cover, first.unserved) == (1 + 2 + 16 + 32, 1 + 2 + 4, 12 + 32)
    assert (first.too_far, first.no_step_free_way, first.no_place) == (32, 0, 12)
    assert (first.scramble_under_cover, first.capacity, first.load, first.shelters) == (5, 5, 5, 1)
    assert (second.people, second.under_cover, second.unserved) == (4 + 8 + 64 + 128, 12, 192)
    assert (second.too_far, second.no_step_free_way, second.no_place) == (64, 128, 0)
    assert (second.scramble_under_cover, second.capacity, second.load, second.shelters) == (12, 20, 14, 1)


def test_people_and_shelters_in_no_district_have_a_row_of_their_own():
    city = street.city()
    demand = replace(city.demand, zone_idx=np.array([0, 0, 1, -1], np.int32))
    shelters = replace(city.shelters, zone_idx=np.array([0, -1], np.int32))
    found = measure(**parts(city=replace(city, demand=demand, shelters=shelters)))
    last = found.districts[-1]
    assert (last.zone_id, last.name, last.name_uk) == ("", "In no district", "Поза районами")
    assert (last.people, last.load, last.shelters) == (8 + 128, 14, 1)
    assert sum(district.people for district in found.districts) == 255
    assert [shelter.zone_id for shelter in found.shelters] == ["Z1", ""]


def test_groups_add_up_to_the_city(figures):
    walking, step_free = figures.groups
    assert (walking.name, walking.people, walking.under_cover, walking.scramble_under_cover) == (
        "walking",
        15,
        15,
        13,
    )
    assert (step_free.name, step_free.people, step_free.under_cover) == ("step_free", 240, 4)
    assert (step_free.too_far, step_free.no_step_free_way, step_free.no_place) == (96, 128, 12)
    assert step_free.unserved == 236


def test_shelters_have_their_load_and_what_one_more_place_is_worth(figures):
    first, second = figures.shelters
    assert (first.shelter_id, first.zone_id, first.capacity, first.load) == ("S001", "Z1", 5, 5)
    assert (first.utilisation, first.price_people, first.price_s) == (1.0, 1, -2.5)
    assert (second.load, second.utilisation, second.scramble_load) == (14, 0.7, 12)
    assert second.is_withheld is False


def test_a_closed_shelter_has_no_utilisation_and_no_division_by_nothing():
    plan = street.plan(200)
    closed = replace(plan, capacity=np.array([5, 0]), load=np.array([5, 0]))
    assert measure(**parts(plan=closed)).shelters[1].utilisation == 0.0


def test_with_nothing_to_compare_the_curves_run_to_the_longest_table(figures):
    found = measure(**parts(scenario=replace(street.scenario(), compare_limits_s=())))
    assert found.comparison == ()
    assert found.curves == figures.curves


def test_the_counts_tell_the_size_of_the_problem(figures):
    assert vars(figures.counts) == {
        "origins": 4,
        "shelters": 2,
        "entrances": 2,
        "nodes": 4,
        "segments": 3,
        "candidate_entries": 7,
    }


def test_an_empty_plan_has_a_mean_walk_of_nothing():
    found = measure(**parts(plan=street.plan(200, {}), reasons=why(street.plan(200, {}))))
    assert (found.under_cover, found.total_walk_time_s, found.mean_walk_time_s, found.gain) == (
        0,
        0.0,
        0.0,
        -17,
    )


def test_as_a_mapping_the_figures_are_what_json_gives_back(figures):
    plain = figures.as_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert list(plain)[:8] == [
        "format",
        "city",
        "scenario",
        "time_limit_s",
        "people",
        "under_cover",
        "unserved",
        "unserved_by_reason",
    ]
    assert plain["format"] == "takecover-plan/2"
    assert plain["scenario"]["speed_m_s"] == {"walking": 1.0, "step_free": 0.4}
    assert plain["city"]["sources"][0]["subject"] == "streets"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"plan": street.plan(300)}, "plan for 3000 ds"),
        (
            {
                "crowds": replace(
                    street.crowds(street.plan(200)),
                    scramble=replace(street.raid(), moment_ds=np.array([3000])),
                )
            },
            "counted at 1 moments",
        ),
        (
            {
                "crowds": replace(
                    street.crowds(street.plan(200)), scramble=replace(street.raid(), horizon_ds=2990)
                )
            },
            "ends at 2990 ds, before the longest limit of 3000 ds",
        ),
        (
            {
                "minutes": replace(
                    street.minutes(street.plan(200), street.scenario()), bound_time_s=(200.0, 300.0, 400.0)
                )
            },
            r"no bound is given for the compared limits of \[100\] s",
        ),
        ({"reasons": why(street.plan(100))}, "do not add up"),
    ],
)
def test_parts_that_do_not_belong_together_are_refused(changed, message):
    with pytest.raises(InternalError, match=message):
        measure(**parts(**changed))
