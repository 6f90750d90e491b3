"""Rows and sums that the report shows of the figures."""

from __future__ import annotations

from typing import Any

import pytest

from takecover.analysis import crowding
from takecover.model.doorways import UNMETERED_PER_KS
from takecover.report import axes, sections, texts

CITY = {"registered": 100, "exists": 90, "usable": 60, "open": 60, "in_time": 25, "unverified": 3}


def test_the_fall_of_places_loses_at_each_step_and_ends_at_those_in_time() -> None:
    found = sections.steps({"count_on": "open", "city": CITY})
    assert [(step.name, step.places, step.lost) for step in found] == [
        ("registered", 100, 0),
        ("exists", 90, 10),
        ("usable", 60, 30),
        ("open", 60, 0),
        ("in_time", 25, 35),
    ]
    assert [step.name for step in found if step.is_counted] == ["open"]
    assert sum(step.lost for step in found) + found[-1].places == found[0].places


def test_places_outside_every_district_have_no_row() -> None:
    figures = {
        "districts": [{"zone_id": "a"}, {"zone_id": ""}],
        "places": {"districts": [{"key": ""}, {"key": "a"}]},
    }
    assert sections.place_districts(figures) == [({"zone_id": "a"}, {"key": "a"})]


def door(**changes: Any) -> dict[str, Any]:
    return {"warning": "free", "is_surge": False, "is_single": False, "flow_per_min": 55.2, **changes}


def test_a_door_warns_of_density_surge_and_being_the_only_one() -> None:
    rows = [
        door(),
        door(warning="slowed", is_single=True),
        door(warning="critical", is_surge=True, is_single=True),
    ]
    assert [found.warnings for found in sections.doors(rows)] == [
        (),
        ("single",),
        ("critical", "surge", "single"),
    ]


def test_a_door_that_nothing_meters_has_no_flow() -> None:
    rows = [door(flow_per_min=UNMETERED_PER_KS * 60 / 1000), door()]
    assert [found.flow_per_min for found in sections.doors(rows)] == [None, 55.2]


@pytest.mark.parametrize("level", [level for level in crowding.LEVELS if level not in sections.CALM])
def test_every_level_that_warns_has_words(level: str) -> None:
    assert f"warning.{level}" in texts.phrases()


def cell(priced_for: float, comes: float, lost_share: float) -> dict[str, Any]:
    return {"priced_for": priced_for, "comes": comes, "lost_share": lost_share}


def test_cells_stand_by_what_was_priced_for_and_who_comes() -> None:
    rows = [cell(1.0, 1.0, 0.0), cell(0.3, 1.0, 0.2), cell(1.0, 0.3, 0.0), cell(0.3, 0.3, 0.0)]
    table = sections.cells({"cells": rows})
    assert [(share, [c["comes"] for c in row]) for share, row in table] == [
        (0.3, [0.3, 1.0]),
        (1.0, [0.3, 1.0]),
    ]


def test_a_broadcast_is_good_where_its_own_row_loses_little() -> None:
    rows = [cell(1.0, 1.0, 0.0099), cell(0.3, 1.0, 0.2), cell(1.0, 0.3, -0.001)]
    assert sections.is_good({"priced_for": 1.0, "cells": rows})
    assert not sections.is_good({"priced_for": 0.3, "cells": rows})


def test_labels_are_pushed_apart_in_their_order_and_stay_above_the_floor() -> None:
    assert axes.apart([10.0, 12.0, 11.0], 5.0, 100.0) == [10.0, 20.0, 15.0]
    assert axes.apart([98.0, 99.0], 5.0, 100.0) == [95.0, 100.0]
    assert axes.apart([], 5.0, 100.0) == []
