"""Districts from files: names by language, ids that are ids, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from takecover.analysis import zones
from takecover.errors import InputError, SourceError
from takecover.io import districts, features


def file(path: Path, *rows: dict[str, Any], name: str = "districts.geojson") -> Path:
    items = [
        {
            "type": "Feature",
            "properties": own,
            "geometry": json.loads(shapely.to_geojson(shapely.box(30 + k, 50, 31 + k, 51))),
        }
        for k, own in enumerate(rows)
    ]
    target = path / name
    target.write_text(json.dumps({"type": "FeatureCollection", "features": items}), encoding="utf-8")
    return target


def test_names_are_found_by_language(tmp_path: Path) -> None:
    one = {"id": 5, "NAME": "Печерський район", "NAME_EN": "Pecherskyi", "NAME_RU": "Печерский район"}
    two = {"id": 6, "NAME": "Дарницький і Поділ", "NAME_EN": "", "NAME_RU": ""}
    path = file(tmp_path, one, two)
    found = districts.read(str(path))
    assert (found.zone_ids[0], found.names[0], found.names_uk[0]) == ("5", "Pecherskyi", "Печерський район")
    assert (found.names[1], found.names_uk[1]) == ("Дарницький і Поділ", "Дарницький і Поділ")


@pytest.mark.parametrize(
    ("names", "uk"),
    [
        (["Центр", "Поділ і Оболонь"], ["Центр", "Поділ і Оболонь"]),
        (["Центр", "Крымский"], ["", ""]),
        (["Luthagen"], [""]),
    ],
)
def test_a_local_name_is_ukrainian_only_where_its_letters_are(
    tmp_path: Path, names: list[str], uk: list[str]
) -> None:
    found = districts.read(str(file(tmp_path, *({"name": name} for name in names))))
    assert found.names.tolist() == names
    assert found.names_uk.tolist() == uk


def test_the_column_of_names_can_be_named(tmp_path: Path) -> None:
    path = file(tmp_path, {"name": "1", "Quarter": "Centre"})
    assert districts.read(f"{path}:Quarter").names.tolist() == ["Centre"]
    with pytest.raises(InputError, match=r"has no column 'Kvarter'\. Name one of name, Quarter"):
        districts.read(f"{path}:Kvarter")


def test_a_column_that_gives_one_id_to_many_names_is_no_column_of_ids(tmp_path: Path) -> None:
    rows = [{"code": "KYIV", "objectid": k, "name": name} for k, name in enumerate(["A", "B"])]
    assert districts.read(str(file(tmp_path, *rows))).zone_ids.tolist() == ["0", "1"]
    rows = [{"code": "KYIV", "name": name} for name in ["A", "B"]]
    assert districts.read(str(file(tmp_path, *rows))).zone_ids.tolist() == ["A", "B"]


def test_parts_of_one_id_and_name_stay_parts(tmp_path: Path) -> None:
    path = file(tmp_path, {"id": 1, "name": "A"}, {"id": 1, "name": "A"}, {"id": 2, "name": "B"})
    assert len(zones.zones(districts.read(str(path)))[0]) == 2


BROKEN: list[tuple[list[dict[str, Any]], str]] = [
    (
        [{"colour": "red"}],
        "no column is recognised for names. Say which one holds them, districts.geojson:COLUMN",
    ),
    ([{"name": "A"}, {"name": None}], "name: 1 of 2 rows have no name (first: id='2'"),
    ([{"name": "A" * 300}], "are too long"),
    ([{"name": "A\u202eB"}], "hold control characters"),
    ([], "has"),
]


@pytest.mark.parametrize(("rows", "said"), BROKEN)
def test_broken_districts_are_refused_in_words(tmp_path: Path, rows: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(InputError) as caught:
        districts.read(str(file(tmp_path, *rows)))
    assert said in str(caught.value)


def test_too_many_rows_are_no_districts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(districts, "MOST_DISTRICTS", 1)
    with pytest.raises(InputError, match=r"has 2 rows\. Give 1 to 1 districts"):
        districts.read(str(file(tmp_path, {"name": "A"}, {"name": "B"})))


@pytest.mark.parametrize("name", ["none.geojson", "none.gpkg:name"])
def test_a_file_that_is_not_there_is_a_source_that_fails(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceError, match="is not there"):
        districts.read(str(tmp_path / name))


@pytest.mark.parametrize(
    "name", ["districts.csv", "districts.kml", "https://example.org/districts.geojson", "/vsicurl/x"]
)
def test_only_files_of_known_endings_are_opened(name: str) -> None:
    with pytest.raises((InputError, SourceError), match=r"ends in none of|is not there"):
        districts.read(name)


def test_every_driver_has_its_ending() -> None:
    assert sorted(features._DRIVERS) == sorted(features.SUFFIXES)


def test_kyivs_ten_districts_have_names_in_both_languages(shared_data: Path) -> None:
    found, said = zones.zones(districts.read(str(shared_data / "kyiv" / "districts_osm.geojson")))
    assert len(found) == 10
    by_id = dict(zip(found.zone_ids.tolist(), zip(found.names, found.names_uk, strict=True), strict=True))
    assert by_id["1755013"] == ("Pecherskyi district", "Печерський район")
    assert not any("overlap" in text for text in said)


def test_uppsalas_65_areas_have_their_codes_for_ids(shared_data: Path) -> None:
    found, _ = zones.zones(districts.read(str(shared_data / "uppsala" / "nyko_areas_level3_2017.geojson")))
    assert (len(found), found.zone_ids[0], found.names[0], found.names_uk[0]) == (65, "111", "Centrum", "")
