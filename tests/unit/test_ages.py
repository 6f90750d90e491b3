"""Ages: an area's classes add up to its people, and every origin's and every class's sum is kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from takecover.analysis import ages
from takecover.cities import toys
from takecover.errors import InputError
from takecover.model import check
from takecover.model.ages import AgeClass, Ages
from takecover.model.city import City

CLASSES = (AgeClass(0, 14), AgeClass(15, 64), AgeClass(65, None))


def test_classes_that_add_up_stay_as_the_source_has_them() -> None:
    assert ages.of_areas(np.array([450]), np.array([[86.0, 340.0, 24.0]])).tolist() == [[86, 340, 24]]


def test_classes_that_do_not_add_up_are_shares() -> None:
    assert ages.of_areas(np.array([10]), np.array([[1.0, 1.0, 1.0]])).tolist() == [[4, 3, 3]]


def test_an_area_without_ages_has_none() -> None:
    assert ages.of_areas(np.array([10, 4]), np.array([[0.0, 0.0], [1.0, 3.0]])).tolist() == [[0, 0], [1, 3]]


areas = st.lists(
    st.tuples(
        st.lists(st.integers(0, 50), min_size=1, max_size=6),
        st.lists(st.integers(0, 90), min_size=3, max_size=3),
    ),
    min_size=1,
    max_size=6,
)


@given(areas)
def test_every_sum_over_origins_and_over_classes_is_kept(
    given_areas: list[tuple[list[int], list[int]]],
) -> None:
    owner = np.array([k for k, (people, _) in enumerate(given_areas) for _ in people])
    people = np.array([p for origins, _ in given_areas for p in origins])
    size = np.array([sum(origins) for origins, _ in given_areas])
    by_class = np.array([classes for _, classes in given_areas], float)
    totals = ages.of_areas(size, by_class)
    known = by_class.sum(axis=1) > 0
    assert (totals.sum(axis=1) == np.where(known, size, 0)).all()
    assert (totals >= 0).all()
    assert (
        np.abs(totals - size[:, None] * by_class / np.maximum(by_class.sum(axis=1), 1)[:, None])[known] < 1
    ).all()
    shared = ages.of_origins(people, owner, totals)
    assert (shared >= 0).all()
    assert (shared.sum(axis=1) == np.where(known[owner], people, 0)).all()
    for k in range(len(given_areas)):
        assert (shared[owner == k].sum(axis=0) == totals[k]).all()


def city(people: list[list[int]], classes: tuple[AgeClass, ...] = CLASSES) -> City:
    toy = toys.grid(2, 1, people=[10, 20], shelters=[toys.Cover((0,), 3)])
    return replace(toy, ages=Ages(classes, np.array(people)))


def test_stages_of_life_add_up_for_the_city_and_its_districts() -> None:
    found = check.city(city([[1, 5, 2], [4, 4, 4]]))
    assert ages.stages(found) == ages.Stages(children=5, adults=9, old=6)
    parts = [ages.stages(found, k) for k in (-1, 0)]
    assert tuple(map(sum, zip(*(p for p in parts if p), strict=True))) == (5, 9, 6)


def test_a_class_over_a_bound_is_counted_with_the_adults() -> None:
    found = city([[3, 4], [0, 0]], (AgeClass(0, 17), AgeClass(60, None)))
    assert ages.stages(found) == ages.Stages(0, 7, 0)


def test_a_city_without_ages_says_nothing() -> None:
    assert ages.stages(toys.grid(2, 1, people=[1, 1])) is None


@pytest.mark.parametrize(
    ("people", "classes", "said"),
    [
        ([[9, 9, 9], [0, 0, 0]], CLASSES, "hold more people with an age than people"),
        ([[-1, 0, 0], [0, 0, 0]], CLASSES, "hold negative counts"),
        ([[1, 0], [0, 0]], CLASSES, "has 2 entries by class where others have 3"),
        ([[], []], (), "ages.classes: there is none"),
        ([[1, 0], [0, 0]], (AgeClass(0, 20), AgeClass(15, None)), "does not begin after 'age_0_20' ends"),
        ([[1, 0], [0, 0]], (AgeClass(65, None), AgeClass(70, 80)), "does not begin after 'age_65_up' ends"),
        ([[1], [0]], (AgeClass(9, 4),), "'age_9_4' is no span of 0 to 150 years"),
        ([[1], [0]], (AgeClass(0, 200),), "'age_0_200' is no span"),
    ],
)
def test_each_rule_of_ages_has_a_case_that_breaks_it(
    people: list[list[int]], classes: tuple[AgeClass, ...], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        check.city(city(people, classes))
