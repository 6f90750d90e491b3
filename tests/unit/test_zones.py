"""Districts: parts joined, holes and overlaps told, names told apart, people by name given their outlines."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely

from takecover.analysis import zones
from takecover.analysis.parsed import ParsedDistricts, ParsedTotals
from takecover.errors import InputError
from takecover.model import check
from takecover.model.city import Source

WEST, EAST = shapely.box(30, 50, 30.1, 50.1), shapely.box(30.1, 50, 30.2, 50.1)


def districts(**changes: Any) -> ParsedDistricts:
    shapes = np.empty(2, object)
    shapes[:] = [EAST, WEST]
    table = ParsedDistricts(
        zone_ids=np.array(["b", "a"]),
        names=np.array(["East", "West"]),
        names_uk=np.array(["Східний район", "Західний район"]),
        shapes=shapes,
        line=np.array([1, 2]),
        source=Source("districts", "districts.geojson", "not stated"),
        findings=("read.",),
    )
    return replace(table, **changes)


def outlines(*items: object) -> np.ndarray:
    table = np.empty(len(items), object)
    table[:] = items
    return table


def totals(names: list[str], people: list[float]) -> ParsedTotals:
    return ParsedTotals(
        names=np.array(names),
        people=np.array(people),
        ages=np.zeros((len(names), 0)),
        age_classes=(),
        line=np.arange(2, 2 + len(names)),
        source=Source("people", "totals.csv", "not stated"),
    )


def test_districts_stand_in_the_order_of_their_ids() -> None:
    found, said = zones.zones(districts())
    assert check.zones(found).zone_ids.tolist() == ["a", "b"]
    assert found.names.tolist() == ["West", "East"]
    assert found.names_uk.tolist() == ["Західний район", "Східний район"]
    assert said == ("read.",)


def test_points_find_their_district_or_none() -> None:
    found, _ = zones.zones(districts())
    at = zones.locate(found, np.array([30.05, 30.15, 30.1, 31.0]), np.array([50.05, 50.05, 50.05, 50.05]))
    assert at.tolist() == [0, 1, 0, -1]
    assert at.dtype == np.int32


def test_districts_that_hold_nothing_are_left_out() -> None:
    found, _ = zones.zones(districts())
    kept, position = zones.used(found, np.array([-1, 1, 1], np.int32))
    assert kept.zone_ids.tolist() == ["b"]
    assert kept.names_uk.tolist() == ["Східний район"]
    assert position[np.array([-1, 1, 1])].tolist() == [-1, 0, 0]
    assert check.zones(zones.used(found, np.array([-1], np.int32))[0]).zone_ids.tolist() == []
    assert zones.used(zones.NONE, np.array([-1], np.int32))[1].tolist() == [-1]


def test_rows_of_one_id_are_parts_of_one_district() -> None:
    found, said = zones.zones(districts(zone_ids=np.array(["a", "a"]), names=np.array(["West", "West"])))
    assert len(found) == 1
    assert found.outlines[0].equals(WEST | EAST)
    assert said[0] == "Districts: 2 rows are parts of 1 districts: rows of one id were joined."


def test_districts_of_one_name_are_told_apart_by_id() -> None:
    found, _ = zones.zones(districts(names=np.array(["Centre", "Centre"])))
    assert found.names.tolist() == ["Centre a", "Centre b"]


def test_every_outline_beyond_mending_is_named_with_its_row() -> None:
    bow_tie = shapely.from_wkt("POLYGON ((30 50, 31 51, 31 50, 30 51, 30 50))")
    with pytest.raises(InputError) as caught:
        zones.zones(districts(shapes=outlines(bow_tie, None)))
    assert "row 1, 'East': the outline crosses itself" in caught.value.faults[0]
    assert "row 2, 'West': the outline has no shape" in caught.value.faults[1]


def test_a_mended_outline_is_told() -> None:
    slip = shapely.from_wkt(
        "POLYGON ((30 50, 30.1 50, 30.1 50.1, 30.05 50.1, 30.0501 50.1001, 30.0499 50.1001, 30.05 50.1, "
        "30 50.1, 30 50))"
    )
    _, said = zones.zones(districts(shapes=outlines(EAST, slip)))
    assert said[0] == "Districts: 1 cross themselves and were mended (West)."


def test_overlapping_districts_are_told_by_name() -> None:
    _, said = zones.zones(districts(shapes=outlines(shapely.box(30.05, 50, 30.2, 50.1), WEST)))
    assert "these overlap by more than 1 % of the smaller: West and East (1 in all)" in said[0]


def test_a_small_empty_hole_is_closed_and_a_large_one_is_told() -> None:
    small, large = shapely.box(30.01, 50.01, 30.0101, 50.0101), shapely.box(30.05, 50.05, 30.07, 50.07)
    found, said = zones.zones(districts(shapes=outlines(EAST, WEST - small - large)))
    assert found.outlines[0].equals(WEST - large)
    assert said[0] == "Districts: holes under 1 ha that no other district fills were closed: 1."
    assert said[1].startswith("Districts: holes that no other district fills: 1.")


def test_a_hole_that_another_district_fills_is_left_alone() -> None:
    inner = shapely.box(30.01, 50.01, 30.0101, 50.0101)
    found, said = zones.zones(districts(shapes=outlines(inner, WEST - inner)))
    assert found.outlines[0].equals(WEST - inner)
    assert said == ("read.",)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Солом’янський район", "Солом'янський"),
        ("ПЕЧЕРСЬКИЙ", "печерський р-н"),
        ("Shevchenkivskyi district", "Shevchenkivskyi"),
        ("Kungsängen", "kungsangen"),
    ],
)
def test_names_are_compared_without_accents_apostrophes_and_generic_words(one: str, other: str) -> None:
    assert zones.plain(one) == zones.plain(other)


@pytest.mark.parametrize("names", [["East", "West"], ["b", "a"], ["східний", "ЗАХІДНИЙ район"]])
def test_people_by_name_get_the_outline_of_their_district(names: list[str]) -> None:
    found, _ = zones.zones(districts())
    areas = zones.join(totals(names, [5.0, 7.0]), found)
    assert areas.area_ids.tolist() == ["b", "a"]
    assert areas.shapes[0].equals(EAST)
    assert areas.people.tolist() == [5.0, 7.0]


def test_a_district_without_a_row_is_told() -> None:
    found, _ = zones.zones(districts())
    said = zones.join(totals(["East"], [5.0]), found).findings
    assert said == ("Districts: 1 have no number of people in the table: taken as 0 (West).",)


def test_names_that_fit_no_district_and_names_that_repeat_are_refused_at_once() -> None:
    found, _ = zones.zones(districts())
    with pytest.raises(InputError) as caught:
        zones.join(totals(["North", "East", "b"], [1.0, 2.0, 3.0]), found)
    assert "row 2: 'North' is no district. Give a name of theirs (West, East ...)" in caught.value.faults[0]
    assert "row 4: 'b' stands on row 3 too" in caught.value.faults[1]


def test_people_by_name_need_districts() -> None:
    with pytest.raises(InputError, match=r"no districts\. Give their outlines: --districts FILE"):
        zones.join(totals(["East"], [1.0]), zones.NONE)
