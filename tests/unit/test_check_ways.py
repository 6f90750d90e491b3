"""Rules of halls, elements, locks and inspections: each broken once and refused in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import twins_reach as twins
from takecover.analysis import withhold
from takecover.cities import toys
from takecover.errors import InputError
from takecover.model import check
from takecover.model.city import City
from takecover.model.inspections import Inspections


def toy() -> City:
    """Two shelters: the first with two doors into a hall, the second with one door; one of them was inspected."""
    part = toys.Part
    city = toys.grid(
        3,
        1,
        shelters=[
            toys.Cover(
                (toys.Door(0, parts=(part(), part())), toys.Door(1, parts=(part(),), into_hall=True)),
                5,
                hall=(part(kind="stair"),),
            ),
            toys.Cover((2,), 7),
        ],
    )
    found = Inspections(
        shelter_idx=np.array([0, 1], np.int32),
        existences=np.array(["found", ""]),
        states=np.array(["fit", ""]),
        openings=np.array(["night", ""]),
        protection_classes=np.array(["sealed", ""]),
        depth_m=np.array([3.0, np.nan]),
        verified_on=np.array(["2023-06-05", ""]),
        verified_by=np.array(["City council", ""]),
    )
    return replace(city, shelters=replace(city.shelters, inspections=found))


def broken(table: str, **changes: Any) -> Callable[[], City]:
    """The toy with some columns of one table replaced."""

    def make() -> City:
        city = toy()
        changed = replace(getattr(city.shelters, table), **{k: np.array(v) for k, v in changes.items()})
        return replace(city, shelters=replace(city.shelters, **{table: changed}))

    return make


CASES: list[tuple[str, Callable[[], City], str]] = [
    (
        "a lock of wood",
        broken("entrances", locks=["wood", "open", "open"]),
        "entrances.locks: 1 of 3 rows are unknown words (first: id='S001-1', wood). Give one of open, locked, unknown",
    ),
    (
        "a hall that is not there",
        broken("entrances", hall_idx=[-1, 1, -1]),
        "entrances.hall_idx: 1 of 3 rows point at no row (first: id='S001-2', 1). Give -1 to 0",
    ),
    (
        "the hall of another shelter",
        broken("entrances", hall_idx=[-1, 0, 0]),
        "entrances.hall_idx: 1 of 3 rows lead into another shelter's hall (first: id='S002-1', 0)",
    ),
    ("a hall without a name", broken("halls", hall_ids=[""]), "halls.hall_ids: 1 of 1 rows are empty"),
    (
        "a hall of no shelter",
        broken("halls", shelter_idx=[7]),
        "halls.shelter_idx: 1 of 1 rows point at no row",
    ),
    (
        "a moat",
        broken("elements", kinds=["corridor", "moat", "corridor", "stair"]),
        "elements.kinds: 1 of 4 rows are no known kind (first: id='1', moat). Give one of door, gate, stair",
    ),
    (
        "an element of nobody",
        broken("elements", entrance_idx=[0, 0, -1, -1]),
        "elements.entrance_idx: 1 of 4 rows have no one owner",
    ),
    (
        "an element of two",
        broken("elements", hall_idx=[-1, -1, 0, 0]),
        "elements.entrance_idx: 1 of 4 rows have no one owner",
    ),
    (
        "an element of a door that is not there",
        broken("elements", entrance_idx=[0, 0, 3, -1]),
        "elements.entrance_idx: 1 of 4 rows point at no row",
    ),
    (
        "an element of a hall that is not there",
        broken("elements", hall_idx=[-1, -1, -1, 1]),
        "elements.hall_idx: 1 of 4 rows point at no row",
    ),
    (
        "elements of one door apart",
        broken("elements", entrance_idx=[0, 1, 0, -1]),
        "elements.entrance_idx: 1 of 4 rows stand apart (first: id='2', 0). Sort the elements by hall",
    ),
    (
        "none side by side",
        broken("elements", count=[1, 0, 1, 1]),
        "elements.count: 1 of 4 rows are out of range",
    ),
    (
        "three handrails of a flight",
        broken("elements", handrails=[0, 0, 0, 3]),
        "elements.handrails: 1 of 4 rows are out of range (first: id='3', 3). Give 0 to 2",
    ),
    (
        "a door of 30 cm",
        broken("elements", clear_width_m=[0.3, 1, 1, 1]),
        "elements.clear_width_m: 1 of 4 rows are out of range (first: id='0', 0.3). Give 0.5 to 50, NaN where unknown",
    ),
    (
        "a way of unknown length",
        broken("elements", length_m=[np.nan, 1, 1, 1]),
        "elements.length_m: 1 of 4 rows are out of range (first: id='0', nan). Give 0 to 2000.",
    ),
    (
        "a drop into the mantle",
        broken("elements", drop_m=[0, 0, 0, 4e3]),
        "elements.drop_m: 1 of 4 rows are out of",
    ),
    (
        "a belt like a car",
        broken("elements", belt_speed_m_s=[9.0, 1, 1, np.nan]),
        "elements.belt_speed_m_s: 1 of 4 rows are out of range",
    ),
    (
        "a flow of less than nobody",
        broken("elements", flow_per_s=[-1.0, 1, 1, 1]),
        "elements.flow_per_s: 1 of 4 rows are out of range",
    ),
    (
        "lost",
        broken("inspections", existences=["lost", ""]),
        "inspections.existences: 1 of 2 rows are unknown words (first: id='S001', lost)",
    ),
    (
        "so-so",
        broken("inspections", states=["", "so-so"]),
        "inspections.states: 1 of 2 rows are unknown words (first: id='S002', so-so). Give one of fit, after_work",
    ),
    (
        "a class of its own",
        broken("inspections", protection_classes=["A1", ""]),
        "inspections.protection_classes: 1 of 2 rows are unknown words",
    ),
    (
        "looked at twice",
        broken("inspections", shelter_idx=[1, 1]),
        "inspections.shelter_idx: 1 of 2 rows stand out of order or twice",
    ),
    (
        "no such shelter looked at",
        broken("inspections", shelter_idx=[1, 2]),
        "inspections.shelter_idx: 1 of 2 rows point at no row (first: id='2', 2)",
    ),
    (
        "looked at some day",
        broken("inspections", verified_on=["June", ""]),
        "inspections.verified_on: 1 of 2 rows are no dates (first: id='S001', June). Give YYYY-MM-DD",
    ),
    (
        "a person's telephone",
        broken("inspections", verified_by=["Olena, 067 123-45-67", ""]),
        "inspections.verified_by: 1 of 2 rows hold a way to reach somebody (first: id='S001', a number or an address)",
    ),
    (
        "a person's mail",
        broken("inspections", verified_by=["", "olena@example.org"]),
        "Name the office alone, never a person",
    ),
    (
        "an office with a bell",
        broken("inspections", verified_by=["a\x07", ""]),
        "inspections.verified_by: 1 of 2 rows hold control characters",
    ),
    (
        "a floor in the mantle",
        broken("inspections", depth_m=[4e3, 0]),
        "inspections.depth_m: 1 of 2 rows are no depth",
    ),
    (
        "open at an hour that the city does not have",
        broken("inspections", openings=["night noon", ""]),
        "inspections.openings: 1 of 2 rows are no hours of the city (first: id='S001', night noon)",
    ),
    (
        "a number for a word",
        broken("inspections", states=[1, 2]),
        "inspections.states: holds 1, which is no text",
    ),
    (
        "a column too short",
        broken("elements", count=[1, 1]),
        "elements.count: has 2 entries by row where others have 4",
    ),
]


@pytest.mark.parametrize(("make", "said"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_city_that_breaks_a_rule_is_refused_in_words(make: Callable[[], City], said: str) -> None:
    with pytest.raises(InputError) as caught:
        check.city(make())
    assert said in str(caught.value)


def test_the_whole_toy_passes_and_passes_again_as_the_same_object() -> None:
    city = check.city(toy())
    assert check.city(city) is city
    assert not city.shelters.elements.kinds.flags.writeable
    assert not city.shelters.inspections.states.flags.writeable


def test_a_withheld_shelter_takes_its_halls_elements_and_inspections_with_it() -> None:
    city = toy()
    hidden = replace(city.shelters, is_withheld=np.array([True, False]))
    case = twins.scenario(closed_shelter_ids=("S002",), closed_entrance_ids=("S001-1", "S002-1"))
    shown, scenario = withhold.withhold(replace(city, shelters=hidden), case)
    shelters = check.city(shown).shelters
    assert shelters.shelter_ids.tolist() == ["S002"]
    assert (len(shelters.halls), len(shelters.elements)) == (0, 0)
    assert shelters.entrances.entrance_ids.tolist() == ["S002-1"]
    assert shelters.inspections.states.tolist() == [""]
    assert shelters.inspections.shelter_idx.tolist() == [0]
    assert scenario.closed_entrance_ids == ("S002-1",)


def test_the_halls_of_the_shelters_that_are_shown_stay_theirs() -> None:
    city = toy()
    hidden = replace(city.shelters, is_withheld=np.array([False, True]))
    shown, _ = withhold.withhold(replace(city, shelters=hidden), twins.scenario())
    shelters = check.city(shown).shelters
    assert shelters.entrances.hall_idx.tolist() == [-1, 0]
    assert shelters.elements.entrance_idx.tolist() == [0, 0, 1, -1]
    assert shelters.elements.hall_idx.tolist() == [-1, -1, -1, 0]
