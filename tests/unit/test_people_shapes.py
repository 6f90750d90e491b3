"""Shapes with people: areas, houses, points, from GeoJSON, GeoPackage and shapefile, in any projection."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas
import h3
import numpy as np
import pytest
import shapely

from takecover.analysis.parsed import ParsedAreas, ParsedHouses, ParsedPeople
from takecover.analysis.swap import Box
from takecover.errors import InputError
from takecover.io import features, people_shapes

SQUARES = [shapely.box(30 + k / 100, 50, 30.01 + k / 100, 50.01) for k in range(3)]


def geojson(path: Path, rows: list[tuple[Any, dict[str, Any]]], **more: Any) -> Path:
    items = [
        {
            "type": "Feature",
            "properties": own,
            "geometry": json.loads(shapely.to_geojson(s)) if s is not None else None,
        }
        for s, own in rows
    ]
    file = path / "areas.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": items, **more}), encoding="utf-8")
    return file


def squares(**columns: list[Any]) -> list[tuple[Any, dict[str, Any]]]:
    return [(s, {name: values[k] for name, values in columns.items()}) for k, s in enumerate(SQUARES)]


def areas(path: Path, column: str | None = None) -> ParsedAreas:
    found = people_shapes.read(path, column, None)
    assert isinstance(found, ParsedAreas)
    return found


def test_areas_have_totals_and_ages(tmp_path: Path) -> None:
    rows = squares(
        code=["a", "b", "c"], Pop_Total=[10, None, 30.5], age_0_14=[4, None, 10], age_15_up=[5, None, 20.5]
    )
    found = areas(geojson(tmp_path, rows))
    assert found.area_ids.tolist() == ["a", "b", "c"]
    assert found.people.tolist() == [10.0, 0.0, 30.5]
    assert found.ages.tolist() == [[4.0, 5.0], [0.0, 0.0], [10.0, 20.5]]
    assert [one.name for one in found.age_classes] == ["age_0_14", "age_15_up"]
    said = " ".join(found.findings)
    assert "1 areas have no number of people; taken as 0" in said
    assert "in 1 areas the ages do not add up to the people (by 1 in all)" in said


def test_classes_of_age_that_overlap_are_not_read(tmp_path: Path) -> None:
    rows = squares(people=[1, 2, 3], age_0_14=[0, 1, 1], age_0_4=[0, 0, 1])
    assert areas(geojson(tmp_path, rows)).age_classes == ()


def test_ids_that_repeat_are_no_ids(tmp_path: Path) -> None:
    found = areas(geojson(tmp_path, squares(id=["a", "a", "b"], objectid=[7, 8, 9], people=[1, 2, 3])))
    assert found.area_ids.tolist() == ["7", "8", "9"]
    assert areas(geojson(tmp_path, squares(people=[1, 2, 3]))).area_ids.tolist() == [
        "row-1",
        "row-2",
        "row-3",
    ]


def test_hexagons_of_a_country_are_cut_at_the_city_as_cells(tmp_path: Path) -> None:
    cells = sorted(h3.grid_disk(h3.latlng_to_cell(50.45, 30.52, 8), 2))
    shapes = [shapely.Polygon([(lon, lat) for lat, lon in h3.cell_to_boundary(cell)]) for cell in cells]
    table = geopandas.GeoDataFrame(
        {"h3": cells, "population": range(1, len(cells) + 1)}, geometry=shapes, crs="EPSG:4326"
    ).to_crs("EPSG:3857")
    table.to_file(tmp_path / "kontur.gpkg")
    box = Box(30.51, 50.44, 30.53, 50.46)
    found = people_shapes.read(tmp_path / "kontur.gpkg", None, None, box)
    assert isinstance(found, ParsedAreas)
    assert found.is_cell
    by_hand = {c: k for k, c in enumerate(cells, 1) if box.holds(*np.array(h3.cell_to_latlng(c))[::-1])}
    assert dict(zip(found.area_ids.tolist(), found.people.tolist(), strict=True)) == by_hand
    outside = sum(range(1, len(cells) + 1)) - sum(by_hand.values())
    assert (
        f"{outside:,} in {len(cells) - len(by_hand):,} are outside the area of the streets"
        in found.findings[-1]
    )


@pytest.mark.parametrize("name", ["areas.gpkg", "areas.shp"])
def test_projected_files_come_out_in_degrees(tmp_path: Path, name: str) -> None:
    table = geopandas.GeoDataFrame({"people": [1, 2, 3]}, geometry=SQUARES, crs="EPSG:4326").to_crs(
        "EPSG:32636"
    )
    table.to_file(tmp_path / name)
    found = areas(tmp_path / name)
    np.testing.assert_allclose(shapely.bounds(found.shapes), shapely.bounds(SQUARES), atol=1e-6)
    assert "to degrees of WGS84" in " ".join(found.findings)


def test_a_shapefile_without_a_system_is_read_as_degrees_and_told(tmp_path: Path) -> None:
    geopandas.GeoDataFrame({"people": [1, 2, 3]}, geometry=SQUARES, crs="EPSG:4326").to_file(
        tmp_path / "a.shp"
    )
    (tmp_path / "a.prj").unlink()
    assert "names no coordinate system" in " ".join(areas(tmp_path / "a.shp").findings)


def test_numbers_that_are_no_degrees_and_of_no_system_are_refused(tmp_path: Path) -> None:
    table = geopandas.GeoDataFrame({"people": [1, 2, 3]}, geometry=SQUARES, crs="EPSG:4326").to_crs(
        "EPSG:32636"
    )
    table.to_file(tmp_path / "a.shp")
    (tmp_path / "a.prj").unlink()
    with pytest.raises(InputError, match="has no coordinate system and its numbers are no degrees"):
        areas(tmp_path / "a.shp")


def test_houses_weigh_by_footprint_times_floors(tmp_path: Path) -> None:
    rows = squares(**{"building:levels": ["5", None, "2"], "building": ["yes", "yes", "yes"]})
    found = people_shapes.read(geojson(tmp_path, rows), None, None)
    assert isinstance(found, ParsedHouses)
    one_floor = found.floor_area_m2[1]
    assert one_floor == pytest.approx(797_000, rel=0.01)
    np.testing.assert_allclose(found.floor_area_m2, one_floor * np.array([5, 1, 2]), rtol=1e-6)
    assert "the floors of 1 houses are not known; taken as 1" in " ".join(found.findings)


def test_houses_with_people_are_points(tmp_path: Path) -> None:
    rows = squares(building=["yes"] * 3, residents=[5, 6, None])
    found = people_shapes.read(geojson(tmp_path, rows), None, None)
    assert isinstance(found, ParsedPeople)
    assert found.people.tolist() == [5.0, 6.0, 0.0]
    assert shapely.contains_xy(SQUARES, found.lon, found.lat).all()


def test_points_are_points_and_their_logarithms_are_asked_about(tmp_path: Path) -> None:
    rows = [(shapely.Point(30 + k / 100, 50), {"people": 1.5 + k / 10}) for k in range(12)]
    path = geojson(tmp_path, rows)
    with pytest.raises(InputError, match="looks like logarithms"):
        people_shapes.read(path, None, None)
    found = people_shapes.read(path, None, "log10")
    assert isinstance(found, ParsedPeople)
    assert found.people[0] == pytest.approx(10**1.5)


BOW_TIE = shapely.from_wkt("POLYGON ((30 50, 31 51, 31 50, 30 51, 30 50))")
BROKEN: list[tuple[str, list[tuple[Any, dict[str, Any]]], str | None, str]] = [
    ("nothing known", squares(colour=[1, 2, 3]), None, "no column is recognised for people or floors"),
    ("column missing", squares(people=[1, 2, 3]), "men", "has no column 'men'. Name one of people"),
    ("a line", [(shapely.LineString([(30, 50), (31, 51)]), {"people": 1})], None, "row 1 is a line"),
    (
        "points without people",
        [(shapely.Point(30, 50), {"x": 1})],
        None,
        "no column is recognised for people",
    ),
    (
        "several points",
        [(shapely.MultiPoint([(30, 50), (31, 50)]), {"people": 1})],
        None,
        "are several points or none",
    ),
    ("no rows", [], None, "has no"),
    (
        "no shape",
        [*squares(people=[1, 2, 3]), (None, {"people": 4})],
        None,
        "the outline has no shape (first: row 4",
    ),
    (
        "a figure of eight",
        [(BOW_TIE, {"people": 1})],
        None,
        "crosses itself so that nobody can tell what is inside",
    ),
    (
        "negative",
        squares(people=[1, -2, 3]),
        None,
        "people: 1 of 3 rows are negative (first: id='2', -2). Give 0 or more",
    ),
    (
        "a word",
        squares(people=["1", "two", "3"]),
        None,
        "people: 1 of 3 rows are no numbers (first: id='2', two)",
    ),
    ("infinite", squares(people=["1", "inf", "3"]), None, "people: 1 of 3 rows are beyond belief"),
    ("overflow", squares(people=[1, 2, 1e300]), None, "people: 1 of 3 rows are beyond belief"),
    ("a country", squares(people=[9e7, 9e7, 1]), None, "people: 180,000,001 people in all"),
    ("floors", squares(floors=[1, 2, 999]), None, "floors: 1 of 3 rows are beyond belief"),
    ("off Earth", [(shapely.box(300, 50, 301, 51), {"people": 1})], None, "is not on Earth"),
]


@pytest.mark.parametrize(("rows", "column", "said"), [c[1:] for c in BROKEN], ids=[c[0] for c in BROKEN])
def test_broken_shapes_are_refused_in_words(
    tmp_path: Path, rows: list[tuple[Any, dict[str, Any]]], column: str | None, said: str
) -> None:
    with pytest.raises(InputError) as caught:
        people_shapes.read(geojson(tmp_path, rows), column, None)
    assert said in str(caught.value)


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    rows = [*squares(people=[1, -2, "x"]), (BOW_TIE, {"people": 4}), (None, {"people": 5})]
    with pytest.raises(InputError) as caught:
        people_shapes.read(geojson(tmp_path, rows), None, None)
    assert len(caught.value.faults) == 4


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[" * 100_000,
        '{"type":"FeatureCollection","features":[1]}',
        '{"type":"Topology"}',
        "\x00\xff",
    ],
    ids=["empty", "cut", "deep", "no feature", "another kind", "bytes"],
)
def test_what_is_no_geojson_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "areas.geojson"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        people_shapes.read(file, None, None)


def test_coordinates_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "areas.geojson"
    ring = "[[[30,50],[31,50],[NaN,51],[30,50]]]"
    file.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"people":1},'
        f'"geometry":{{"type":"Polygon","coordinates":{ring}}}}}]}}'
    )
    with pytest.raises(InputError):
        people_shapes.read(file, None, None)


def test_a_million_corners_are_read_and_too_many_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    angle = np.linspace(0, 2 * np.pi, 1_000_000)
    circle = shapely.polygons(np.column_stack([30 + 0.1 * np.cos(angle), 50 + 0.1 * np.sin(angle)]))
    path = tmp_path / "circle.gpkg"
    geopandas.GeoDataFrame({"people": [5]}, geometry=[circle], crs="EPSG:4326").to_file(path)
    assert areas(path).people.tolist() == [5.0]
    monkeypatch.setattr(features, "MOST_VERTICES", 999_999)
    with pytest.raises(InputError, match=r"has 1,000,000 corners\. Simplify the shapes"):
        areas(path)


def test_a_file_of_several_layers_is_asked_about(tmp_path: Path) -> None:
    table = geopandas.GeoDataFrame({"people": [1, 2, 3]}, geometry=SQUARES, crs="EPSG:4326")
    for layer in ("one", "two"):
        table.to_file(tmp_path / "a.gpkg", layer=layer)
    with pytest.raises(InputError, match=r"has 2 layers \(one, two\). Export the one that is meant"):
        areas(tmp_path / "a.gpkg")


def test_a_file_under_a_false_ending_is_refused(tmp_path: Path) -> None:
    table = geopandas.GeoDataFrame({"people": [1, 2, 3]}, geometry=SQUARES, crs="EPSG:4326")
    table.to_file(tmp_path / "a.gpkg")
    (tmp_path / "a.gpkg").rename(tmp_path / "a.geojson")
    with pytest.raises(InputError, match="is 'GPKG', not what its ending says"):
        areas(tmp_path / "a.geojson")


@pytest.mark.parametrize("limit", ["LARGEST_BYTES", "MOST_FEATURES", "MOST_COLUMNS"])
def test_a_file_beyond_a_limit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    path = geojson(tmp_path, squares(people=[1, 2, 3], floors=[1, 2, 3]))
    monkeypatch.setattr(features, limit, 1)
    with pytest.raises(InputError, match=r"Give (the part that holds the city|at most)"):
        areas(path)


def test_the_negevs_statistical_areas_hold_541285_people_with_ages(shared_data: Path) -> None:
    found = areas(shared_data / "shelter-lists" / "negev_israel_statistical_areas_population.geojson")
    assert (len(found), found.people.sum(), len(found.age_classes)) == (151, 541_285, 18)
    assert found.ages[:, 0].sum() == 65_464
    assert "27 areas have no number of people" in " ".join(found.findings)
