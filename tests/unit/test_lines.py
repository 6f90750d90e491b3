"""Streets from lines: where they meet, where they only cross, and systems of coordinates."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from takecover.analysis.parsed import ParsedStreets
from takecover.errors import InputError
from takecover.io import streets_file

Line = list[tuple[float, float]]

CROSS: list[Line] = [
    [(0, 0), (0.001, 0), (0.002, 0)],
    [(0.001, 0), (0.001, 0.001)],
    [(0.002, 0), (0.003, 0)],
    [(0.001, -0.001), (0.0015, 0), (0.002, 0.001)],
]
"""A street, one that ends on its middle point, one that goes on from its end, and one that passes between."""


def geojson(
    folder: Path, lines: list[Line], columns: list[dict[str, Any]] | None = None, **more: Any
) -> Path:
    path = folder / "streets.geojson"
    features = [
        {"type": "Feature", "properties": row, "geometry": {"type": "LineString", "coordinates": line}}
        for line, row in zip(lines, columns or [{}] * len(lines), strict=True)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **more}))
    return path


def geopackage(
    folder: Path, lines: list[Line], columns: list[dict[str, Any]] | None = None, crs: int = 4326
) -> Path:
    geopandas = pytest.importorskip("geopandas")
    from shapely.geometry import LineString

    path = folder / "streets.gpkg"
    frame = geopandas.GeoDataFrame(
        columns or [{"n": k} for k in range(len(lines))],
        geometry=[LineString(line) for line in lines],
        crs=4326,
    )
    frame.to_crs(crs).to_file(path)
    return path


def degree_counts(streets: ParsedStreets) -> dict[tuple[float, float], int]:
    """How many segments end at each place."""
    count = np.bincount(np.concatenate([streets.tail, streets.head]), minlength=len(streets.node_ids))
    places = zip(streets.lon.round(6).tolist(), streets.lat.round(6).tolist(), strict=True)
    return dict(zip(places, count.tolist(), strict=True))


@pytest.mark.parametrize("write", [geojson, geopackage])
def test_lines_meet_where_one_ends_on_a_point_of_another(tmp_path: Path, write: Any) -> None:
    streets = streets_file.read(write(tmp_path, CROSS))
    assert len(streets.tail) == 6
    counts = degree_counts(streets)
    assert counts[0.001, 0] == 3
    assert counts[0.002, 0] == 2
    assert counts[0.0015, 0] == 2
    assert len(streets.node_ids) == 8


def test_lines_that_only_cross_pass_over_one_another_and_that_is_said(tmp_path: Path) -> None:
    over = [[(0, 0), (0.001, 0), (0.002, 0)], [(0.001, -0.001), (0.001, 0), (0.001, 0.001)]]
    streets = streets_file.read(geojson(tmp_path, over))
    assert len(streets.node_ids) == 6
    assert any(text.startswith("Streets: at 1 points lines cross and none ends") for text in streets.findings)


def test_points_within_a_centimetre_are_one(tmp_path: Path) -> None:
    streets = streets_file.read(
        geojson(tmp_path, [[(0, 0), (0.001, 0)], [(0.001 + 1e-9, -1e-9), (0.002, 0)]])
    )
    assert len(streets.node_ids) == 3


@pytest.mark.parametrize("write", [geojson, geopackage])
def test_columns_of_openstreetmap_decide_who_may_walk(tmp_path: Path, write: Any) -> None:
    columns = [
        {"highway": "residential", "other_tags": '"bridge"=>"yes","foot"=>"yes"'},
        {"highway": "steps", "other_tags": '"conveying"=>"backward"'},
        {"highway": "motorway", "other_tags": None},
        {"highway": "service", "other_tags": '"access"=>"private"'},
    ]
    file = write(tmp_path, CROSS, columns)
    streets = streets_file.read(file)
    assert streets.highway.tolist() == ["residential", "residential", "steps"]
    assert streets.is_steps.tolist() == [False, False, True]
    assert streets.is_oneway.tolist() == [False, False, True]
    assert streets.is_off_ground is not None
    assert streets.is_off_ground.tolist() == [True, True, False]
    assert streets.lat[streets.tail[2]] == pytest.approx(0.001)
    assert streets.findings == ("Streets: 2 of 4 lines are closed to people on foot and left out.",)
    assert streets.source.attribution == "© OpenStreetMap contributors"
    assert len(streets_file.read(file, is_private_open=True).tail) == 5


def test_without_a_kind_of_street_all_are_walked_and_that_is_said(tmp_path: Path) -> None:
    streets = streets_file.read(geojson(tmp_path, CROSS))
    assert set(streets.highway.tolist()) == {"residential"}
    assert "all 4 are taken as residential" in streets.findings[0]
    assert (streets.source.name, streets.source.licence) == ("streets.geojson", "not stated")


def test_projected_coordinates_are_turned_back(tmp_path: Path) -> None:
    line = [(30.5, 50.45), (30.51, 50.46)]
    streets = streets_file.read(geopackage(tmp_path, [line], crs=32636))
    np.testing.assert_allclose(np.sort(streets.lon), [30.5, 30.51], atol=1e-8)
    np.testing.assert_allclose(np.sort(streets.lat), [50.45, 50.46], atol=1e-8)
    web = {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}}
    streets = streets_file.read(geojson(tmp_path, [[(3395244.0, 6525000.0), (3396000.0, 6526000.0)]], **web))
    assert streets.lon[0] == pytest.approx(30.5, abs=0.01)


def test_parts_of_a_multiline_are_lines_and_other_shapes_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "streets.geojson"
    shapes = [
        {"type": "MultiLineString", "coordinates": [[[0, 0, 5], [1, 0, 5]], [[1, 0], [1, 1]]]},
        {"type": "Point", "coordinates": [0, 0]},
        None,
    ]
    features = [{"type": "Feature", "properties": None, "geometry": shape} for shape in shapes]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    streets = streets_file.read(path)
    assert len(streets.tail) == 2
    assert "Streets: 2 features are no lines and are left out." in streets.findings


def test_an_unknown_system_several_layers_and_no_line_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="its coordinate system 'EPSG:1' is not known"):
        streets_file.read(geojson(tmp_path, CROSS, crs={"properties": {"name": "EPSG:1"}}))
    with pytest.raises(InputError, match="holds no line"):
        streets_file.read(geojson(tmp_path, []))
    geopandas = pytest.importorskip("geopandas")
    from shapely.geometry import LineString, Point

    file = tmp_path / "two.gpkg"
    frame = geopandas.GeoDataFrame(geometry=[LineString([(0, 0), (1, 1)])], crs=4326)
    frame.to_file(file, layer="a")
    frame.to_file(file, layer="b")
    with pytest.raises(InputError, match=r"needs one layer of lines, found 2 \(a, b\)"):
        streets_file.read(file)
    file = tmp_path / "points.gpkg"
    geopandas.GeoDataFrame(geometry=[Point(0, 0)], crs=4326).to_file(file)
    with pytest.raises(InputError, match=r"needs one layer of lines, found 0 \(none\)"):
        streets_file.read(file)
