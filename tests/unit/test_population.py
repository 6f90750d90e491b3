"""People: a bare number, or points from CSV; every broken row is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from takecover.errors import InputError, SourceError
from takecover.io import population


def file(path: Path, text: str) -> Path:
    target = path / "people.csv"
    target.write_text(text, encoding="utf-8")
    return target


@pytest.mark.parametrize(("text", "people"), [("60000", 60000), (" 1 ", 1), ("100000000", 100_000_000)])
def test_a_bare_number_is_a_number_of_people(text: str, people: int) -> None:
    assert population.read(text) == people


@pytest.mark.parametrize("text", ["0", "-5", "100000001", "9" * 5000])
def test_a_number_that_is_no_number_of_people_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="is no number of people"):
        population.read(text)


@pytest.mark.parametrize("text", ["", "many", "1.5", "1e6", "people.geojson", "people.tif:1", "٣"])
def test_what_is_neither_a_number_nor_a_table_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="is no number and no CSV file"):
        population.read(text)


def test_points_are_read_by_known_names(tmp_path: Path) -> None:
    rows = population.read(str(file(tmp_path, "id,lon,lat,population\na,30.5,50.4,12.5\nb,30.6,50.5,0\n")))
    assert not isinstance(rows, int)
    assert rows.origin_ids.tolist() == ["a", "b"]
    assert rows.people.tolist() == [12.5, 0.0]
    assert (rows.lon.tolist(), rows.lat.tolist()) == ([30.5, 30.6], [50.4, 50.5])
    assert rows.source.name == "people.csv"


@pytest.mark.parametrize("column", ["Night count", "night_count"])
def test_a_column_can_be_named_after_a_colon(tmp_path: Path, column: str) -> None:
    path = file(tmp_path, "lon,lat,people,Night count\n30.5,50.4,1,7\n")
    rows = population.read(f"{path}:{column}")
    assert not isinstance(rows, int)
    assert rows.people.tolist() == [7.0]
    assert rows.origin_ids.tolist() == ["line-2"]


BROKEN: list[tuple[str, str, str]] = [
    (
        "people negative",
        "a,30,50,-0.5",
        "line 2, people: '-0.5' is negative. Give people from 0 (are these logarithms?",
    ),
    ("people a word", "a,30,50,some", "line 2, people: 'some' is no number"),
    ("people NaN", "a,30,50,NaN", "line 2, people: 'NaN' is no number"),
    ("people of two worlds", "a,30,50,1e10", "line 2, people: '1e10' is beyond belief"),
    ("people of a country", "a,30,50,90000000\nb,30,50,90000000", "people: 180,000,000 people in all"),
    ("lon empty", "a,,50,5", "line 2, lon: '' is empty"),
    ("lat 91", "a,30,91,5", "line 2, lat: 91.0 is outside -90 to 90"),
    ("lat infinite", "a,30,inf,5", "line 2, lat: 'inf' is no number"),
    ("id twice", "a,30,50,5\na,30,50,5", "line 3, id: 'a' is also on line 2"),
]


@pytest.mark.parametrize(("rows", "said"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_broken_row_is_refused_in_words(tmp_path: Path, rows: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        population.read(str(file(tmp_path, f"id,lon,lat,people\n{rows}\n")))
    assert said in str(caught.value)


def test_a_column_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"has no column .day.\. Name one of lon, lat, people"):
        population.read(f"{file(tmp_path, 'lon,lat,people' + chr(10) + '1,2,3' + chr(10))}:day")


def test_a_header_without_people_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no column is recognised for people"):
        population.read(str(file(tmp_path, "lon,lat,houses\n1,2,3\n")))


def test_a_file_that_is_not_there_is_a_source_that_fails(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is not there"):
        population.read(str(tmp_path / "none.csv"))
    with pytest.raises(SourceError, match="is not there"):
        population.read(f"{tmp_path / 'none.csv'}:people")
