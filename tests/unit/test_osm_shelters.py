"""Cover as OpenStreetMap knows it: stations with their entrances, bunkers, shelters; never a place made up."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from osmfile import node, relation, way, write
from takecover.cli_city import city_app
from takecover.errors import InputError
from takecover.io import city_folder, osm_shelters

METRE = 1 / 111_320
NODES = [node(i, i * 100 * METRE, 0.0) for i in range(1, 8)]
STREETS = [*NODES, way(1, [1, 2, 3, 4, 5, 6, 7], highway="residential")]

ELEMENTS = [
    *STREETS,
    node(20, 200 * METRE, 0.0001, railway="station", station="subway", name="Arsenal"),
    node(21, 600 * METRE, 0.0001, railway="station", subway="yes", name="Park", capacity="900"),
    node(23, 100 * METRE, 0.0001, railway="station", station="subway", location="elevated"),
    node(22, 100 * METRE, 0.0001, railway="station", name="Main line"),
    node(30, 250 * METRE, 0.0, railway="subway_entrance", wheelchair="no"),
    node(31, 420 * METRE, 0.0, railway="subway_entrance", wheelchair="yes", name="Arsenal"),
    node(32, 300 * METRE, 0.0, railway="subway_entrance"),
    node(33, 0.1, 0.0, railway="subway_entrance"),
    relation(9, [("node", 21, "stop"), ("node", 32, "entrance")], public_transport="stop_area"),
    node(40, 300 * METRE, 0.0, military="bunker", bunker_type="bomb_shelter", capacity="120"),
    node(41, 300 * METRE, 0.0, military="bunker", bunker_type="pillbox"),
    *(node(i, 500 * METRE, (i - 50) * 30 * METRE) for i in (50, 51)),
    way(5, [50, 51], building="bunker", bunker_type="bomb_shelter", capacity="many"),
    node(60, 400 * METRE, 0.0, amenity="shelter"),
    node(61, 400 * METRE, 0.0, amenity="shelter", shelter_type="public_transport"),
]


@pytest.mark.parametrize("name", ["city.json", "city.osm.pbf"])
def test_cover_is_found_with_its_entrances(tmp_path: Path, name: str) -> None:
    found = osm_shelters.read(write(tmp_path / name, ELEMENTS))
    assert [(c.cover_id, c.kind, c.places) for c in found.covers] == [
        ("node/20", "metro_station", None),
        ("node/21", "metro_station", 900),
        ("node/40", "sealed_shelter", 120),
        ("node/60", "shelter", None),
        ("way/5", "sealed_shelter", None),
    ]
    doors = {c.cover_id: [d.door_id for d in c.doors] for c in found.covers if c.doors}
    assert doors == {"node/20": ["node/30", "node/31"], "node/21": ["node/32"]}
    assert found.covers[-1].lat == pytest.approx(15 * METRE, abs=1e-7)
    assert found.findings == (
        "5 places of cover are in OpenStreetMap, 2 of them stations of the metro.",
        "Which stations lie below ground is seldom said there; strike out those that do not.",
        "3 of them have no capacity there; their places are left empty, none is made up.",
        "1 metro entrances are at no station within 300 m and are left out.",
    )


def build(tmp_path: Path, *more: object) -> object:
    file = write(tmp_path / "city.osm.pbf", ELEMENTS)
    words = (
        "build",
        "toy",
        "--streets",
        file,
        "--shelters",
        file,
        "--people",
        50,
        "--out",
        tmp_path / "out",
        *more,
    )
    return CliRunner().invoke(city_app, [str(word) for word in words])


def test_a_city_enters_its_stations_by_their_entrances(tmp_path: Path) -> None:
    result = build(tmp_path)
    assert result.exit_code == 0, result.output
    assert "3 have 0 places" in result.stdout
    shelters = city_folder.read(tmp_path / "out").shelters
    assert shelters.shelter_ids.tolist() == ["node/20", "node/21", "node/40", "node/60", "way/5"]
    assert shelters.capacity.tolist() == [0, 900, 120, 0, 0]
    doors = shelters.entrances
    assert doors.entrance_ids.tolist() == [
        "node/30",
        "node/31",
        "node/32",
        "node/40/1",
        "node/60/1",
        "way/5/1",
    ]
    assert doors.shelter_idx.tolist() == [0, 0, 1, 2, 3, 4]
    assert doors.is_step_free.tolist() == [False, True, True, True, True, True]


def test_places_are_assumed_only_where_the_person_says_so_and_every_output_tells(tmp_path: Path) -> None:
    result = build(tmp_path, "--places-where-unknown", 1000)
    assert result.exit_code == 0, result.output
    assert "places of 3 are not known; 1,000 are assumed for each, as told" in " ".join(result.stdout.split())
    city = city_folder.read(tmp_path / "out")
    assert city.shelters.capacity.tolist() == [1000, 900, 120, 1000, 1000]
    assert "Places of some shelters are not known: 1,000 are assumed for each of them." in city.notices
    assert any("прийнято 1\u00a0000 місць" in notice for notice in city.notices_uk)


@pytest.mark.parametrize("count", [0, -5, 100_001])
def test_a_number_of_places_that_is_none_is_refused(tmp_path: Path, count: int) -> None:
    result = build(tmp_path, "--places-where-unknown", count)
    assert result.exit_code == 3
    assert f"--places-where-unknown: {count} is no number of places" in result.stderr


def test_data_without_cover_are_no_list(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no station, bomb shelter or shelter"):
        osm_shelters.register(write(tmp_path / "city.osm", STREETS))
