"""A register's metro stations are entered where OpenStreetMap has their entrances; each belongs to one station."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from osmfile import Element, node, way, write
from takecover.analysis.station_doors import nearest_station
from takecover.cli_city import city_app
from takecover.io import city_folder, station_entrances

METRE = 1 / 111_320
LON, LAT = 30.5, 0.0
STATIONS = (np.array([0.0, 200.0, np.nan]) * METRE, np.zeros(3))
TITLES = ["Вхід до ст. м. «Арсенальна»", "Dnipro", "Арсенальна"]


@pytest.mark.parametrize(
    ("east_m", "names", "station"),
    [
        (150, ["Арсенальна"], 0),
        (150, ["", "Arsenalna"], 0),
        (150, [""], 1),
        (150, ["Lukianivska"], 1),
        (100, [], 0),
        (501, ["Dnipro"], -1),
    ],
)
def test_a_name_within_reach_wins_and_else_the_nearest(east_m: float, names: list[str], station: int) -> None:
    assert nearest_station((east_m * METRE, 0.0), names, STATIONS, TITLES, 300.0) == station


def elements() -> list[Element]:
    nodes = [node(i, LON + i * 100 * METRE, LAT) for i in range(1, 9)]
    return [
        *nodes,
        way(1, [1, 2, 3, 4, 5, 6, 7, 8], highway="residential"),
        node(30, LON + 180 * METRE, LAT, railway="subway_entrance", wheelchair="no", name="Arsenal"),
        node(31, LON + 320 * METRE, LAT, railway="subway_entrance", wheelchair="yes"),
        node(32, LON + 790 * METRE, LAT, railway="subway_entrance"),
    ]


LIST = "id;name;kind;capacity;lat;lon\n" + "".join(
    f"{shelter_id};{name};{kind};500;{LON + east_m * METRE:.7f};{LAT:.7f}\n"
    for shelter_id, name, kind, east_m in (
        ("a", "Arsenal", "Станція метро", 250),
        ("b", "House 3", "Підвал", 300),
        ("c", "House 4", "Підвал", 350),
        ("d", "House 5", "Підвал", 450),
    )
)


def test_a_swapped_list_gets_the_entrances_of_the_streets_file(tmp_path: Path) -> None:
    streets = write(tmp_path / "city.osm.pbf", elements())
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    words = [
        "build",
        "toy",
        "--streets",
        streets,
        "--shelters",
        tmp_path / "list.csv",
        "--entrances",
        streets,
    ]
    words += ["--swap-lat-lon", "--people", 50, "--out", tmp_path / "out"]
    result = CliRunner().invoke(city_app, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    said = " ".join(result.stdout.split())
    assert (
        "2 of 3 metro entrances lead into 1 of 1 rows of stations; the others are within 300 m of none"
        in said
    )
    city = city_folder.read(tmp_path / "out")
    doors = city.shelters.entrances
    assert doors.entrance_ids.tolist() == ["node/30", "node/31", "b/1", "c/1", "d/1"]
    assert doors.is_step_free.tolist() == [False, True, True, True, True]
    assert doors.lon[0] == pytest.approx(LON + 180 * METRE, abs=1e-6)
    assert "entrances" in [source.subject for source in city.sources]
    checked = json.loads((tmp_path / "out-check" / "check.json").read_text(encoding="utf-8"))
    assert checked["remarks_by_rule"]["station_without_entrance"] == 0


def test_a_list_without_stations_uses_no_entrance(tmp_path: Path) -> None:
    streets = write(tmp_path / "city.osm.pbf", elements())
    (tmp_path / "list.csv").write_text(LIST.replace("Станція метро", "Підвал"), encoding="utf-8")
    words = [
        "build",
        "toy",
        "--streets",
        streets,
        "--shelters",
        tmp_path / "list.csv",
        "--entrances",
        streets,
    ]
    words += ["--swap-lat-lon", "--people", 50, "--out", tmp_path / "out"]
    result = CliRunner().invoke(city_app, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    assert "no row is a metro station; 3 metro entrances are not used" in " ".join(result.stdout.split())


@pytest.mark.parametrize("name", ["doors.json", "doors.osm", "doors.osm.pbf", "doors.osm.bz2"])
def test_entrances_are_the_same_in_every_form(tmp_path: Path, name: str) -> None:
    found = station_entrances.read(write(tmp_path / name, elements()))
    assert found.door_ids.tolist() == ["node/30", "node/31", "node/32"]
    assert found.names.tolist() == ["Arsenal", "", ""]
    assert found.step_free.tolist() == [0, 1, -1]
