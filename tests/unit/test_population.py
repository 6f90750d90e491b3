"""People as a command line names them: numbers, tables, periods, and files that go together or do not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from takecover.analysis.parsed import ParsedAreas, ParsedHouses, ParsedPeople, ParsedTotals
from takecover.errors import InputError, SourceError
from takecover.io import population

LOGS = [1.96, 1.95, 1.7, 2.09, 2.4, 0.5, -0.2, 3.1, 2.2, 1.1]


def file(path: Path, text: str, name: str = "people.csv") -> Path:
    target = path / name
    target.write_text(text, encoding="utf-8")
    return target


def points(spec: object, scale: str | None = None) -> ParsedPeople:
    (known,) = population.read([str(spec)], scale=scale)
    assert known.totals is None
    assert isinstance(known.houses, ParsedPeople)
    return known.houses


@pytest.mark.parametrize(("text", "people"), [("60000", 60000), (" 1 ", 1), ("100000000", 100_000_000)])
def test_a_bare_number_is_a_number_of_people_by_night(text: str, people: int) -> None:
    (known,) = population.read([text])
    assert (known.period, known.totals, known.houses) == ("night", people, None)


@pytest.mark.parametrize("text", ["0", "-5", "100000001", "9" * 5000])
def test_a_number_that_is_no_number_of_people_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="is no number of people"):
        population.read([text])


@pytest.mark.parametrize("text", ["", "many", "1.5", "1e6", "people.docx", "people.vrt:1", "٣"])
def test_what_is_neither_a_number_nor_a_known_file_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="is no number and no file that is known"):
        population.read([text])


def test_nothing_at_all_is_refused() -> None:
    with pytest.raises(InputError, match="nothing is given"):
        population.read([])


def test_points_are_read_by_known_names(tmp_path: Path) -> None:
    rows = points(file(tmp_path, "id,lon,lat,population\na,30.5,50.4,12.5\nb,30.6,50.5,0\n"))
    assert rows.origin_ids.tolist() == ["a", "b"]
    assert rows.people.tolist() == [12.5, 0.0]
    assert (rows.lon.tolist(), rows.lat.tolist()) == ([30.5, 30.6], [50.4, 50.5])
    assert rows.source.name == "people.csv"


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Населення",
            "Кількість мешканців",
            "Folkmängd",
            "Antal invånare",
            "innbyggere",
            "Liczba mieszkańców",
        ),
        *("elanikud", "População", "Pop_Total", "Metric population", "אוכלוסייה", "תושבים"),
    ],
)
def test_columns_of_people_are_known_in_the_languages_of_the_files(tmp_path: Path, name: str) -> None:
    assert points(file(tmp_path, f"lon,lat,{name}\n30,50,7\n")).people.tolist() == [7.0]


@pytest.mark.parametrize("column", ["Night count", "night_count"])
def test_a_column_can_be_named_after_a_colon(tmp_path: Path, column: str) -> None:
    path = file(tmp_path, "lon,lat,people,Night count\n30.5,50.4,1,7\n")
    rows = points(f"{path}:{column}")
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
        population.read([str(file(tmp_path, f"id,lon,lat,people\n{rows}\n"))])
    assert said in str(caught.value)


def test_a_column_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"has no column .day.\. Name one of lon, lat, people"):
        population.read([f"{file(tmp_path, 'lon,lat,people' + chr(10) + '1,2,3' + chr(10))}:day"])


def test_a_header_without_people_is_refused_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"Say which one holds them, people.csv:COLUMN, of lon, lat, houses"):
        population.read([str(file(tmp_path, "lon,lat,houses\n1,2,3\n"))])


@pytest.mark.parametrize("header", ["people,street", "people,lat,name"])
def test_a_table_with_people_and_no_place_is_refused(tmp_path: Path, header: str) -> None:
    with pytest.raises(InputError, match="no column is recognised for lon"):
        population.read([str(file(tmp_path, f"{header}\n{','.join('1' for _ in header.split(','))}\n"))])


def test_a_file_that_is_not_there_is_a_source_that_fails(tmp_path: Path) -> None:
    for name in ("none.csv", "none.csv:people", "none.tif", "none.geojson", "none.gpkg:people"):
        with pytest.raises(SourceError, match="is not there"):
            population.read([str(tmp_path / name)])


def logs(path: Path) -> Path:
    rows = "\n".join(f"{30 + k / 1000},50,{value}" for k, value in enumerate(LOGS))
    return file(path, f"lon,lat,Metric population\n{rows}\n")


def test_a_column_of_logarithms_is_seen_and_asked_about(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        population.read([str(logs(tmp_path))])
    said = str(caught.value)
    assert "Metric population: looks like logarithms: 10 values from -0.2 to 3.1" in said
    assert f"to {sum(10**v for v in LOGS):,.0f} people if they are to base 10" in said
    assert "--people-log10, --people-ln or --people-plain" in said


@pytest.mark.parametrize(("scale", "base"), [("log10", 10.0), ("ln", np.e)])
def test_a_logarithm_is_undone_when_told(tmp_path: Path, scale: str, base: float) -> None:
    rows = points(logs(tmp_path), scale)
    np.testing.assert_allclose(rows.people, base ** np.array(LOGS))
    assert f"read as {scale} of people, as told" in rows.findings[0]


def test_a_told_logarithm_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'450' is beyond belief"):
        points(file(tmp_path, "lon,lat,people\n30,50,450\n"), "log10")


def test_plain_numbers_stay_when_told_and_negative_ones_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"'-0\.2' is negative"):
        points(logs(tmp_path), "plain")


def test_a_table_of_districts_by_name_has_totals_and_ages(tmp_path: Path) -> None:
    text = "Район;населення;вік 0-4;вік 65+;age_5_64\nПечерський;152000;2000;50000;100000\n"
    (known,) = population.read([str(file(tmp_path, text.replace("вік 65+", "age_65_plus")))])
    assert isinstance(known.totals, ParsedTotals)
    assert known.totals.names.tolist() == ["Печерський"]
    assert known.totals.people.tolist() == [152000.0]
    assert [one.name for one in known.totals.age_classes] == ["age_0_4", "age_5_64", "age_65_up"]
    assert known.totals.ages.tolist() == [[2000.0, 100000.0, 50000.0]]


def test_two_files_for_two_periods(tmp_path: Path) -> None:
    path = file(tmp_path, "lon,lat,home,work\n30,50,7,1\n30.1,50,0,9\n")
    known = population.read([f"day={path}:work", f"night={path}:home"])
    assert [part.period for part in known] == ["night", "day"]
    assert [part.houses.people.tolist() for part in known if part.houses] == [[7.0, 0.0], [1.0, 9.0]]


def test_what_has_no_period_is_of_every_period(tmp_path: Path) -> None:
    path = file(tmp_path, "lon,lat,people\n30,50,7\n30.1,50,1\n")
    known = population.read([str(path), "night=100", "day=80"])
    assert [(part.period, part.totals) for part in known] == [("night", 100), ("day", 80)]
    assert all(isinstance(part.houses, ParsedPeople) for part in known)


def test_a_file_with_a_period_in_its_name_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file(tmp_path, "lon,lat,people\n30,50,7\n", "a=b.csv")
    monkeypatch.chdir(tmp_path)
    assert points("a=b.csv").people.tolist() == [7.0]


HOUSES = """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"building:levels":5},
"geometry":{"type":"Polygon","coordinates":[[[30,50],[30.001,50],[30.001,50.001],[30,50]]]}}]}"""


def test_a_number_and_houses_go_together(tmp_path: Path) -> None:
    (known,) = population.read(["500", str(file(tmp_path, HOUSES, "houses.geojson"))])
    assert known.totals == 500
    assert isinstance(known.houses, ParsedHouses)


def test_houses_alone_do_not_say_how_many(tmp_path: Path) -> None:
    path = file(tmp_path, HOUSES, "houses.geojson")
    with pytest.raises(
        InputError, match=r"houses.geojson says where people live, and nothing says how many. Give N"
    ):
        population.read([str(path)])


def test_two_totals_or_two_places_for_one_period_are_asked_about_all_at_once(tmp_path: Path) -> None:
    cells = file(tmp_path, "h3,people\n89a901291abffff,5\n", "cells.csv")
    one = file(tmp_path, "lon,lat,people\n30,50,7\n", "one.csv")
    two = file(tmp_path, "lon,lat,people\n30,50,8\n", "two.csv")
    with pytest.raises(InputError) as caught:
        population.read(["100", str(cells), str(one), str(two)])
    said = str(caught.value)
    assert (
        "2 of what is given say how many people there are (100: a number of people; cells.csv: areas" in said
    )
    assert "2 of what is given say where they live (one.csv: points with people; two.csv" in said
    assert len(caught.value.faults) == 2


def test_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    one = file(tmp_path, "lon,lat,people\nx,50,7\n", "one.csv")
    with pytest.raises(InputError) as caught:
        population.read([str(one), "0", "night=what.odt"])
    assert len(caught.value.faults) == 3
    assert caught.value.faults[0].startswith(f"{one}: line 2, lon: 'x' is no number")


def test_the_record_of_a_build_names_files_without_folders(tmp_path: Path) -> None:
    assert population.file_names([f"night={tmp_path}/a.csv:x", "500"]) == ["night=a.csv:x", "500"]


def test_the_hexagons_of_porto_alegre_are_areas(shared_data: Path) -> None:
    (known,) = population.read([str(shared_data / "porto-alegre" / "poa_hexgrid.csv")])
    assert isinstance(known.totals, ParsedAreas)
    assert (len(known.totals), known.totals.people.sum()) == (1227, 812_935)


def test_kyivs_buildings_hold_logarithms_to_base_10(shared_data: Path) -> None:
    path = str(shared_data / "kyiv" / "population_by_building.csv")
    with pytest.raises(InputError, match="2,884,039 people if they are to base 10, to 119,956 if natural"):
        population.read([path])
    assert round(points(path, "log10").people.sum()) == 2_884_039
