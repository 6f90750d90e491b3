"""The check from end to end: the report, the annotated copy, what was missing; nothing personal in the report."""

from __future__ import annotations

import csv
import datetime
import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import osmfile
import worlds
from osmfile import node, way
from takecover.errors import InputError, SourceError
from takecover.io import city_folder, fetch_record, registry, station_entrances
from takecover.io.fetch_record import FetchedFile, FetchRecord
from takecover.model.city import Source
from takecover.workflow.check_register import Checked, CheckOrder, check_register

TODAY = datetime.date(2026, 11, 25)
LIST = (
    "Адреса;Вид укриття;Місткість;Балансоутримувач;Телефон;Пандус;Примітка\n"
    "вул. Нова, 1;Підвал;50;Іван Петренко;0441234567;Відсутній;=HYPERLINK(1)\n"
    "Nova St 1;Підвал;50;ЖЕК 5;0441234568;063-619-36-01;<script>alert(1)</script>\n"
    "вул. Липова, 7;Підвал;0;ЖЕК 5;0441234569;так;\n"
)


def checked(path: Path, text: str = LIST, encoding: str = "cp1251", **order: Any) -> Checked:
    target = path / "list.csv"
    target.write_bytes(text.encode(encoding))
    return check_register(CheckOrder(path / "check", TODAY, shelters=target, **order))


def rows_of(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), delimiter=";"))


def test_the_report_says_what_was_found_and_missing_and_holds_nothing_personal(tmp_path: Path) -> None:
    done = checked(tmp_path)
    page = done.report.read_text(encoding="utf-8")
    assert "The same shelter twice" in page
    assert "Те саме укриття двічі" in page
    assert "coordinates in the list" in page
    for secret in ("Петренко", "ЖЕК", "0441234567", "063-619", "<script>alert"):
        assert secret not in page, secret
    record = json.loads((done.report.parent / "check.json").read_text(encoding="utf-8"))
    assert record["remarks_by_rule"]["duplicate_place"] == 1
    assert record["remarks_by_rule"]["capacity_zero"] == 1
    assert record["not_checked"]["off_street"] == ["positions", "streets"]
    assert record["personal_columns"] == ["Балансоутримувач", "Телефон", "Пандус"]
    assert "Петренко" not in json.dumps(record, ensure_ascii=False)


def test_the_copy_keeps_the_clerks_columns_and_disarms_formulas(tmp_path: Path) -> None:
    done = checked(tmp_path, lang="uk")
    assert done.copy.name == "list-to-mend-personal-data.csv"
    rows = rows_of(done.copy)
    assert rows[0][:7] == LIST.split("\n")[0].split(";")
    assert "персональні дані в колонках Балансоутримувач, Телефон, Пандус" in rows[0][8]
    assert [row[3] for row in rows[1:]] == ["Іван Петренко", "ЖЕК 5", "ЖЕК 5"]
    assert rows[1][6] == "'=HYPERLINK(1)"
    assert rows[2][7] == "хибне"
    assert "Схоже на рядок 2, вул. Нова, 1: той самий вид за тією самою адресою." in rows[2][8]
    assert "Вказано 0 місць" in rows[3][8]
    assert all(not cell.startswith(("=", "+", "@", "\t")) for row in rows for cell in row)


def test_the_copy_of_a_copy_reads_the_same(tmp_path: Path) -> None:
    done = checked(tmp_path)
    again = registry.read(done.copy)
    assert again.shelters.capacity.tolist() == done.register.shelters.capacity.tolist()
    assert again.addresses.tolist() == done.register.addresses.tolist()
    assert dict(again.columns) == dict(done.register.columns)


def test_a_list_without_personal_data_is_called_so(tmp_path: Path) -> None:
    done = checked(tmp_path, "Адреса;Місткість\nНова, 1;5\n")
    assert done.copy.name == "list-to-mend.csv"
    assert rows_of(done.copy) == [
        ["Адреса", "Місткість", "Takecover: weight", "Takecover: what to mend"],
        ["Нова, 1", "5", "", ""],
    ]


def test_a_workbook_comes_back_as_a_workbook_without_formulas(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["Реєстр"],
        ["Адреса", "Місткість", "Примітка"],
        ["Нова, 1", 0, "'=1+1"],
        ["Липова, 2", 12.5, "+380"],
    ):
        sheet.append(row)
    sheet["C3"].value = "@SUM(1)"
    path = tmp_path / "list.xlsx"
    book.save(path)
    with pytest.raises(InputError, match="is not whole"):
        check_register(CheckOrder(tmp_path / "check", TODAY, shelters=path, listing=_mapped()))
    sheet["B4"].value = 12
    book.save(path)
    done = check_register(CheckOrder(tmp_path / "check", TODAY, shelters=path))
    copy = openpyxl.load_workbook(done.copy)
    rows = [[cell.value for cell in row] for row in copy["list"].iter_rows()]
    assert done.copy.name == "list-to-mend.xlsx"
    assert rows[0][0] == "Реєстр"
    assert rows[2][:3] == ["Нова, 1", 0, "'@SUM(1)"]
    assert rows[3][:3] == ["Липова, 2", 12, "'+380"]
    assert rows[2][3] == "wrong"
    assert all(cell.data_type != "f" for row in copy["list"].iter_rows() for cell in row)
    assert copy.sheetnames == ["list", "about"]


def _mapped() -> Any:
    from takecover.workflow.read_register import Listing

    return Listing({"entrances": "Місткість", "area_m2": "Примітка"})


def test_swapped_coordinates_are_seen_by_the_country_of_the_language(tmp_path: Path) -> None:
    rows = "".join(f"Storgatan {k};10;17.6{k};59.8{k}\n" for k in range(9))
    done = checked(tmp_path, f"Gatuadress;Antal platser;Latitud;Longitud\n{rows}", "utf-8")
    assert (
        "latitude and longitude are swapped (so 9 rows lie in the country of the list's language"
        in done.about.reading[0]
    )
    assert float(done.register.shelters.lat.min()) > 59


def test_a_built_city_is_checked_without_a_list(tmp_path: Path) -> None:
    city_folder.write(worlds.town(), tmp_path / "town")
    done = check_register(CheckOrder(tmp_path / "check", TODAY, city=tmp_path / "town"))
    assert len(done.register) == len(worlds.town().shelters)
    assert "off_street" in done.found.checked
    assert done.copy.name.endswith("-to-mend.xlsx")


OSM = "© OpenStreetMap contributors"
STREETS = [
    *(node(k, 30 + k / 1000, 50.0) for k in range(5)),
    way(9, [0, 1, 2, 3, 4], highway="residential"),
]


def named(done: Checked) -> tuple[str, list[tuple[str, ...]]]:
    """The page, and the subject, name, licence and attribution of each source in the record."""
    record = json.loads((done.report.parent / "check.json").read_text(encoding="utf-8"))
    keys = ("subject", "name", "licence", "attribution")
    sources = [tuple(source[key] for key in keys) for source in record["sources"]]
    return done.report.read_text(encoding="utf-8"), sources


def test_a_check_with_loose_files_names_their_sources_and_licences(tmp_path: Path) -> None:
    streets = osmfile.write(tmp_path / "streets.json", STREETS)
    page, sources = named(checked(tmp_path, "name;places;lat;lon\nHall;5;50.0;30.001\n", streets=streets))
    assert sources == [
        ("shelters", "list.csv", "not stated", ""),
        ("streets", "OpenStreetMap", "ODbL 1.0", OSM),
    ]
    assert "<td>ODbL 1.0</td>" in page
    assert page.count(OSM) >= 2
    copy = (tmp_path / "check" / "list-to-mend.csv").read_text(encoding="utf-8-sig")
    assert OSM in copy.splitlines()[0]


def test_a_check_of_fetched_files_names_them_as_the_fetch_did(tmp_path: Path) -> None:
    streets = osmfile.write(tmp_path / "streets.json", STREETS)
    source = Source("streets", "OpenStreetMap by Overpass", "ODbL 1.0", "2026-11-01", OSM)
    entry = FetchedFile(
        "streets.json", "", "", "", streets.stat().st_size, fetch_record.checksum(streets), source
    )
    fetch_record.write(FetchRecord("Town", (29.9, 49.9, 30.1, 50.1), (entry,)), tmp_path)
    _, sources = named(checked(tmp_path, "name;places;lat;lon\nHall;5;50.0;30.001\n", streets=streets))
    assert sources[1] == ("streets", "OpenStreetMap by Overpass", "ODbL 1.0", OSM)


def test_a_check_with_a_city_names_the_citys_sources_and_says_its_notices(tmp_path: Path) -> None:
    of_city = (
        Source("streets", "OpenStreetMap", "ODbL 1.0", "2026", OSM),
        Source("shelters", "The city's register", "CC BY 4.0", "2025", "City of Kyiv"),
    )
    told = {"notices": ("A drill city.",), "notices_uk": ("Навчальне місто.",)}
    city_folder.write(replace(worlds.town(), sources=of_city, **told), tmp_path / "town")
    page, sources = named(check_register(CheckOrder(tmp_path / "own", TODAY, city=tmp_path / "town")))
    assert [(s[0], s[2], s[3]) for s in sources] == [
        ("streets", "ODbL 1.0", OSM),
        ("shelters", "CC BY 4.0", "City of Kyiv"),
    ]
    for text in (OSM, "City of Kyiv", "CC BY 4.0", "A drill city.", "Навчальне місто."):
        assert text in page, text
    copy = openpyxl.load_workbook(next((tmp_path / "own").glob("*-to-mend.xlsx")))["about"]
    assert [cell.value for cell in copy["A"]][-1] == f"{OSM}; City of Kyiv"
    listed_ = "name;places;lat;lon\nHall;5;50.0;30.001\n"
    page, sources = named(checked(tmp_path, listed_, city=tmp_path / "town"))
    assert [s[:2] for s in sources] == [("shelters", "list.csv"), ("streets", "OpenStreetMap")]
    assert OSM in page
    assert "City of Kyiv" not in page


def test_the_map_says_how_many_rows_lie_off_it(tmp_path: Path) -> None:
    ring = [[30.0, 50.0], [30.1, 50.0], [30.1, 50.1], [30.0, 50.1], [30.0, 50.0]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    zone = {"type": "Feature", "properties": {"name": "Town"}, "geometry": shape}
    path = tmp_path / "areas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [zone]}), encoding="utf-8")
    rows = "name;places;lat;lon\nIn;5;50.05;30.05\nOut;5;51.0;30.05\nFar;5;40.0;30.05\nNowhere;5;;\n"
    page = checked(tmp_path, rows, districts=str(path)).report.read_text(encoding="utf-8")
    assert "3 of 4 rows have coordinates." in page
    assert "Off this map: 2." in page
    assert "Off this map" not in checked(tmp_path, rows).report.read_text(encoding="utf-8")
    assert page.count("<circle") == 1 + 4


def test_nothing_to_check_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"Nothing to check\. Name the folder of a city, or give --shelters"):
        check_register(CheckOrder(tmp_path / "check", TODAY))


def test_a_folder_that_is_not_ours_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "check").mkdir()
    (tmp_path / "check" / "notes.txt").write_text("mine")
    with pytest.raises(InputError):
        checked(tmp_path)
    assert (tmp_path / "check" / "notes.txt").read_text() == "mine"


NODE = {
    "type": "node",
    "id": 1,
    "lon": 30.5,
    "lat": 50.4,
    "tags": {"railway": "subway_entrance", "name": "Нивки"},
}


@pytest.mark.parametrize("wrap", [lambda nodes: nodes, lambda nodes: {"elements": nodes}])
def test_entrances_are_read_from_a_list_of_nodes_and_an_answer(tmp_path: Path, wrap: Any) -> None:
    path = tmp_path / "doors.json"
    path.write_text(json.dumps(wrap([NODE, {**NODE, "tags": {"railway": "station"}}])), encoding="utf-8")
    found = station_entrances.read(path)
    assert (found.names.tolist(), found.lon.tolist(), found.lat.tolist()) == (["Нивки"], [30.5], [50.4])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[", "is no JSON in UTF-8"),
        ("[" * 100_000, "is no JSON in UTF-8"),
        ("[]", "holds no node with railway=subway_entrance"),
        ("7", "holds no node with railway=subway_entrance"),
        (json.dumps([{**NODE, "lon": float("nan")}]), "node 1: has no finite lon and lat"),
        (json.dumps([{**NODE, "lat": 10**400}]), "node 1: has no finite lon and lat"),
        (json.dumps([{**NODE, "lat": "50"}]), "node 1: has no finite lon and lat"),
        (json.dumps([{**NODE, "lat": 91}]), "node 1: has no finite lon and lat"),
    ],
)
def test_broken_entrances_are_refused_in_words(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "doors.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        station_entrances.read(path)


def test_entrances_that_are_not_there_are_a_source_that_fails(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is not there"):
        station_entrances.read(tmp_path / "none.json")


def test_people_known_by_area_tell_districts_apart_but_no_distance_to_a_home(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("id;name;lat;lon\n1;School;50.009;30.001\n", encoding="utf-8")
    areas = [
        {"type": "Feature", "properties": {"name": name, "population": people}, "geometry": {"type": "Polygon",
         "coordinates": [[[x, 50.0], [x + 0.1, 50.0], [x + 0.1, 50.1], [x, 50.1], [x, 50.0]]]}}
        for name, people, x in (("West", 300, 30.0), ("East", 500, 30.1))
    ]  # fmt: skip
    path = tmp_path / "areas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": areas}), encoding="utf-8")
    order = CheckOrder(
        tmp_path / "check", TODAY, shelters=tmp_path / "list.csv", districts=str(path), people=[str(path)]
    )
    done = check_register(order)
    assert done.found.unchecked["far_from_homes"] == ("homes",)
    assert done.found.whole.people == 800
    assert "People: 2 areas, from the column 'population'." in done.about.reading
    assert done.about.reading[-1] == "People: 800 in 2 places; 0 of them, with 0 people, lie in no district."


def test_the_command_checks_loose_files_and_says_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", "from takecover.cli import main; main()", "city", "check", "--shelters", "list.csv",
         "--out", "check"],
        capture_output=True, text=True, cwd=tmp_path, timeout=120,
        env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1"},
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 The same shelter twice" in done.stdout
    assert "coordinates in the list" in done.stdout
    assert "send it to the clerk alone" in done.stdout


KYIV = {
    "duplicate_place": 678, "address_vague": 194, "station_without_entrance": 162, "personal_data": 42,
    "ramp_contradicted": 6, "station_missing": 5, "not_step_free": 3560, "closed_at_night": 524,
}  # fmt: skip


def test_kyivs_register_is_checked_without_streets(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "kyiv"
    done = check_register(
        CheckOrder(
            tmp_path / "check",
            TODAY,
            shelters=folder / "shelters_register_2025-02.csv",
            districts=str(folder / "districts_osm.geojson"),
            people=[f"{folder / 'population_by_building.csv'}:Metric population"],
            people_scale="log10",
            entrances=folder / "metro_entrances_osm.json",
        )
    )
    assert len(done.register) == 4382
    assert {rule: done.found.checked[rule] for rule in KYIV} == KYIV
    assert done.found.unchecked["off_street"] == ("positions", "streets")
    assert done.found.whole.people == 2_884_039
    assert "290-90-70" not in done.report.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "rows", "wanted"),
    [
        (
            "norway_dsb_tilfluktsrom_2024-04.geojson",
            316,
            {"capacity_zero": 14, "capacity_beyond_area": 2},
        ),
        (
            "negev_israel_shelters_2025-07.geojson",
            439,
            {"not_there": 154, "near_in_space": 28},
        ),
    ],
)
def test_other_countries_lists_are_checked(
    shared_data: Path, tmp_path: Path, name: str, rows: int, wanted: dict[str, int]
) -> None:
    path = shared_data / "shelter-lists" / name
    done = check_register(CheckOrder(tmp_path / "check", TODAY, shelters=path))
    assert len(done.register) == rows
    assert {rule: done.found.checked[rule] for rule in wanted} == wanted
