"""The table of ages in a city's folder: the same back, absent where nothing is known, refused where it is broken."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from takecover.cities import toys
from takecover.errors import InputError
from takecover.io import ages_table, city_folder
from takecover.model import check
from takecover.model.ages import AgeClass, Ages
from takecover.model.city import City

CLASSES = (AgeClass(0, 14), AgeClass(15, 64), AgeClass(65, None))


def toy(*, with_ages: bool = True) -> City:
    city = toys.grid(2, 1, people=[10, 20], shelters=[toys.Cover((0,), 3)])
    ages = Ages(CLASSES, np.array([[1, 5, 2], [4, 4, 4]])) if with_ages else None
    return check.city(replace(city, ages=ages))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    city_folder.write(toy(), tmp_path / "toy")
    return tmp_path / "toy"


def test_ages_come_back(folder: Path) -> None:
    ages = city_folder.read(folder).ages
    assert ages is not None
    assert ages.classes == CLASSES
    assert ages.people.tolist() == [[1, 5, 2], [4, 4, 4]]


def test_a_city_without_ages_has_no_such_table(tmp_path: Path) -> None:
    city_folder.write(toy(with_ages=False), tmp_path / "toy")
    assert not (tmp_path / "toy" / ages_table.NAME).exists()
    assert city_folder.read(tmp_path / "toy").ages is None


def test_a_folder_of_an_older_program_has_no_ages(tmp_path: Path) -> None:
    city_folder.write(toy(with_ages=False), tmp_path / "toy")
    change(tmp_path / "toy", lambda head: head.pop("age_classes"))
    assert city_folder.read(tmp_path / "toy").ages is None


def test_the_columns_are_described_in_the_docs(folder: Path, repository: Path) -> None:
    page = (repository / "docs" / "city-folder.md").read_text(encoding="utf-8")
    assert pq.read_schema(folder / ages_table.NAME).names == [
        "origin_id", "lon", "lat", "age_0_14", "age_15_64", "age_65_up", "geometry"
    ]  # fmt: skip
    for word in ("`ages.parquet`", "`age_<from>_<to>`", "`age_<from>_up`", "`age_classes`"):
        assert word in page


def change(folder: Path, edit: Any) -> None:
    head = json.loads((folder / "city.json").read_text(encoding="utf-8"))
    edit(head)
    (folder / "city.json").write_text(json.dumps(head), encoding="utf-8")


def turned_round(folder: Path) -> None:
    table = pq.read_table(folder / ages_table.NAME)
    pq.write_table(table.take([1, 0]), folder / ages_table.NAME)


BROKEN: list[tuple[Any, str]] = [
    (lambda f: (f / ages_table.NAME).unlink(), "ages.parquet: is not there"),
    (turned_round, "ages.parquet: has other origins than origins.parquet, or in another order"),
    (lambda f: change(f, lambda h: h.update(age_classes=5)), "age_classes is 5"),
    (lambda f: change(f, lambda h: h.update(age_classes=[5])), "age_classes holds 5"),
    (
        lambda f: change(f, lambda h: h.update(age_classes=[{"from_years": "0"}])),
        "Give from_years and to_years",
    ),
    (
        lambda f: change(f, lambda h: h.update(age_classes=[{"from_years": 0, "to_years": 9}])),
        "no column 'age_0_9'",
    ),
    (lambda f: change(f, lambda h: h["age_classes"].reverse()), "does not begin after"),
]


@pytest.mark.parametrize(("damage", "said"), BROKEN)
def test_broken_ages_are_refused_in_words(folder: Path, damage: Any, said: str) -> None:
    damage(folder)
    with pytest.raises(InputError) as caught:
        city_folder.read(folder)
    assert said in str(caught.value)
