"""Homes from data of OpenStreetMap: footprint times floors; what is no home holds nobody."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from typer.testing import CliRunner

from osmfile import Element, node, relation, way, write
from takecover.analysis import people as people_of
from takecover.analysis.parsed import ParsedHouses
from takecover.analysis.swap import Box
from takecover.cli_city import city_app
from takecover.errors import InputError, SourceError
from takecover.io import city_folder, people_buildings, people_shapes, population

METRE = 1 / 111_320
LON = 30.0


def square(first: int, east_m: float, size_m: float) -> list[Element]:
    """Corners of a square on the equator."""
    corners = [(0, 0), (size_m, 0), (size_m, size_m), (0, size_m)]
    return [node(first + k, LON + (east_m + x) * METRE, (5 + y) * METRE) for k, (x, y) in enumerate(corners)]


def ring(first: int) -> list[int]:
    return [first, first + 1, first + 2, first + 3, first]


ELEMENTS = [
    *(node(i, LON + i * 100 * METRE, 0.0) for i in range(1, 8)),
    way(1, [1, 2, 3, 4, 5, 6, 7], highway="residential"),
    *square(100, 100, 20),
    way(11, ring(100), building="apartments", building__levels="5"),
    *square(110, 200, 20),
    way(12, ring(110), building="yes"),
    *square(120, 300, 20),
    way(13, ring(120), building="yes", shop="supermarket"),
    *square(130, 400, 20),
    way(14, ring(130), building="garages", building__levels="2"),
    *square(140, 500, 40),
    *square(150, 510, 20),
    way(15, ring(140)),
    way(16, ring(150)),
    relation(17, [("way", 15, "outer"), ("way", 16, "inner")], type="multipolygon", building="house"),
    way(18, [100, 101, 102], building="house"),
    way(19, [100, 101, 999, 100], building="house"),
]


@pytest.mark.parametrize("name", ["city.json", "city.osm", "city.osm.bz2", "city.osm.pbf"])
def test_homes_are_footprints_times_floors_less_their_courts(tmp_path: Path, name: str) -> None:
    found = people_buildings.read(write(tmp_path / name, ELEMENTS))
    assert found.house_ids.tolist() == ["relation/17", "way/11", "way/12"]
    assert found.floor_area_m2 == pytest.approx([1200, 2000, 400], rel=0.01)
    assert found.lon[1] == pytest.approx(LON + 110 * METRE, abs=5 * METRE)
    assert found.findings == (
        "People: 3 buildings of OpenStreetMap are homes; 2 are others, left out.",
        "People: of 1 buildings nobody has said what they are; taken for homes.",
        "People: the floors of 2 houses are not known; taken as 1.",
        "People: 1 homes lie outside the area of the streets or are cut at its edge.",
    )
    assert found.source.licence == "ODbL 1.0"


FLOORS = {"3": 3, "2.5": 2.5, "2,5": 2.5} | dict.fromkeys(
    ("-1", "0", "nan", "inf", "1e9", "201", "٣", "9" * 9), 1
)


@pytest.mark.parametrize(("levels", "floors"), FLOORS.items())
def test_floors_that_are_none_are_one(tmp_path: Path, levels: str, floors: float) -> None:
    house = [*square(1, 0, 10), way(1, ring(1), building="house", building__levels=levels)]
    found = people_buildings.read(write(tmp_path / "city.json", house))
    assert found.floor_area_m2 == pytest.approx([100 * floors], rel=0.01)


def test_what_lies_elsewhere_is_left_out_and_a_file_without_homes_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "city.osm.pbf", ELEMENTS)
    east = people_buildings.read(path, Box(LON + 450 * METRE, -1.0, LON + 1.0, 1.0))
    assert east.house_ids.tolist() == ["relation/17"]
    with pytest.raises(InputError, match="holds no home"):
        people_buildings.read(path, Box(0.0, 0.0, 1.0, 1.0))
    with pytest.raises(InputError, match="holds no home"):
        people_buildings.read(write(tmp_path / "bare.osm", ELEMENTS[:8]))
    with pytest.raises(SourceError, match="is not there"):
        people_buildings.read(tmp_path / "none.osm.pbf")


def test_a_number_is_shared_out_over_the_homes_of_the_streets_file(tmp_path: Path) -> None:
    path = write(tmp_path / "city.osm.pbf", ELEMENTS)
    (tmp_path / "list.csv").write_text(
        f"id;lat;lon;capacity\nA;0.0;{LON + 300 * METRE:.7f};50\n", encoding="utf-8"
    )
    words = [
        "build",
        "toy",
        "--streets",
        path,
        "--shelters",
        tmp_path / "list.csv",
        "--out",
        tmp_path / "out",
    ]
    result = CliRunner().invoke(city_app, [str(w) for w in (*words, "--people", 360, "--people", path)])
    assert result.exit_code == 0, result.output
    city = city_folder.read(tmp_path / "out")
    people = dict(
        zip(city.demand.origin_ids.tolist(), city.demand.people[0].sum(axis=1).tolist(), strict=True)
    )
    assert people == {"relation/17": 120, "way/11": 200, "way/12": 40}
    assert any("by floor area" in notice for notice in city.notices)


@pytest.mark.parametrize(("people", "is_told"), [(720, False), (721, True)])
def test_too_little_floor_for_the_people_is_told(tmp_path: Path, people: int, is_told: bool) -> None:
    path = write(tmp_path / "city.osm.pbf", ELEMENTS)
    floor_m2 = float(people_buildings.read(path).floor_area_m2.sum())
    known = population.read([str(people), str(path)])
    said = people_of.told(known, least_floor_m2=floor_m2 / 720.5)
    assert any("most are not in the file" in notice.en for notice in said) == is_told
    assert any("немає" in notice.uk for notice in said) == is_told


def test_such_data_have_no_column_and_do_not_say_how_many(tmp_path: Path) -> None:
    path = write(tmp_path / "city.osm.pbf", ELEMENTS)
    with pytest.raises(InputError, match="have no columns"):
        population.read([f"{path}:building"])
    with pytest.raises(InputError, match="nothing says how many"):
        population.read([str(path)])
    (known,) = population.read(["100", str(path)])
    assert isinstance(known.houses, ParsedHouses)


def test_outlines_with_openstreetmaps_kinds_leave_out_what_is_no_home(tmp_path: Path) -> None:
    rows = [
        {
            "type": "Feature",
            "properties": {"building": kind},
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for kind, shape in zip(
            ("house", "garages", "yes"), (shapely.box(k, 0, k + 0.001, 0.001) for k in range(3)), strict=True
        )
    ]
    path = tmp_path / "houses.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), encoding="utf-8")
    found = people_shapes.read(path, None, None)
    assert isinstance(found, ParsedHouses)
    assert np.rint(found.lon).tolist() == [0.0, 2.0]
    assert "People: 1 buildings are no homes by the column 'building'; left out." in found.findings
