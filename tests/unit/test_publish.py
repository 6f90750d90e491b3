"""Public output holds bands and no withheld shelter, and nothing that would undo either."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np

import worlds
from takecover.analysis import withhold
from takecover.analysis.figures import Figures
from takecover.model import check
from takecover.model.city import City
from takecover.workflow.outcome import Choices

PUBLIC = Choices(is_public=True)


def tree(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def with_withheld(city: City, capacity: int, name: str) -> City:
    """The city with its withheld shelters changed."""
    shelters = city.shelters
    hidden = shelters.is_withheld
    names = shelters.names.astype(object)
    names[hidden] = name
    return replace(
        city,
        shelters=replace(
            shelters, capacity=np.where(hidden, capacity, shelters.capacity), names=names.astype(np.str_)
        ),
    )


def test_a_withheld_shelter_is_gone_with_its_doors_and_its_closure() -> None:
    city = worlds.town()
    hidden = city.shelters.shelter_ids[city.shelters.is_withheld].tolist()
    scenario = replace(worlds.SCENARIO, closed_shelter_ids=(hidden[0], "S001"))
    public, asked = withhold.withhold(city, scenario)
    assert len(hidden) == 3
    assert public.shelters.shelter_ids.tolist() == [
        s for s in city.shelters.shelter_ids.tolist() if s not in hidden
    ]
    assert asked.closed_shelter_ids == ("S001",)
    doors = public.shelters.entrances
    assert [public.shelters.shelter_ids[s] for s in doors.shelter_idx] == [
        d[:4] for d in doors.entrance_ids.tolist()
    ]
    assert check.city(public).name == city.name


def test_a_city_without_withheld_shelters_stays_as_it_is() -> None:
    public, asked = withhold.withhold(worlds.row(), worlds.SCENARIO)
    assert public.shelters.capacity.tolist() == [5]
    assert asked == worlds.SCENARIO


def test_changing_a_withheld_shelter_changes_no_public_byte(tmp_path: Path) -> None:
    worlds.planned(with_withheld(worlds.town(), 1, "Bunker"), tmp_path / "one", PUBLIC)
    worlds.planned(with_withheld(worlds.town(), 9000, "Palace"), tmp_path / "two", PUBLIC)
    assert tree(tmp_path / "one") == tree(tmp_path / "two")


def test_the_public_folder_holds_three_files_and_no_table_of_people(tmp_path: Path) -> None:
    worlds.planned(worlds.town(), tmp_path / "out", PUBLIC)
    assert list(tree(tmp_path / "out")) == ["plan.json", "report.html", "shelters.geojson"]


def test_no_count_of_people_stands_in_public_output(tmp_path: Path) -> None:
    """People and places in the hundreds of thousands: no exact count may be written anywhere."""
    town = worlds.town()
    demand = replace(town.demand, people=town.demand.people * 1237)
    shelters = replace(town.shelters, capacity=town.shelters.capacity * 1237)
    outcome = worlds.planned(replace(town, demand=demand, shelters=shelters), tmp_path / "out", PUBLIC)
    written = b"".join(tree(tmp_path / "out").values()).decode()
    found = {
        number
        for number in counts(outcome.found.figures)
        if str(number) in written or f"{number:,}" in written
    }
    assert found == set()


def counts(figures: Figures) -> set[int]:
    """Every count of people of at least 1,000 in the figures that is no round number of a band."""
    found: set[int] = set()

    def walk(value: object) -> None:
        if isinstance(value, dict):
            for item in value.values():
                walk(item)
        elif isinstance(value, list):
            for item in value:
                walk(item)
        elif isinstance(value, int) and not isinstance(value, bool) and value >= 10_000:
            found.add(value)

    plain = figures.as_dict()
    walk(
        [
            plain[key]
            for key in ("people", "under_cover", "unserved", "districts", "groups", "shelters", "curves")
        ]
    )
    return {number for number in found if number % 1000 not in (0, 999)}


def test_public_numbers_are_bands_that_hold_the_count(tmp_path: Path) -> None:
    outcome = worlds.planned(worlds.town(), tmp_path / "out", PUBLIC)
    document = json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))
    assert document == outcome.document
    assert document["marking"] == "public"
    low, high = document["people"]
    assert low <= outcome.found.figures.people <= high
    low, high = document["under_cover_percent"]
    assert low <= 100 * outcome.found.figures.under_cover / outcome.found.figures.people < high + 1
    assert document["is_proven"] is True
    assert {shelter["level"] for shelter in document["shelters"]} <= {"plenty", "filling", "full"}
    assert not {"certificate", "curves", "runtime_s", "total_walk_time_s", "gain"} & set(document)
