"""What no reader takes: each rule here has no other test that breaks it."""

from __future__ import annotations

import json
import sqlite3
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import openpyxl
import pyogrio
import pytest
import rasterio
import shapely
from rasterio.transform import Affine

import worlds
from osmfile import node, relation, way, write
from takecover import threats
from takecover.errors import InputError
from takecover.io import (
    districts,
    feature_table,
    features,
    lines,
    osm_districts,
    people_grid,
    population,
    registry,
    streets_file,
    workbook,
)
from takecover.model import check
from takecover.workflow.read_register import Listing, read_register, refuse_bare, settled

POINT = {"type": "Point", "coordinates": [30.5, 50.4]}
LINE = {"type": "LineString", "coordinates": [[30.5, 50.4], [30.6, 50.4]]}


def collection(*geometries: Any, **more: Any) -> dict[str, Any]:
    rows = [
        {"type": "Feature", "properties": {"name": "A", "population": 5}, "geometry": g} for g in geometries
    ]
    return {"type": "FeatureCollection", "features": rows, **more}


def put(path: Path, document: Any) -> Path:
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def layer(path: Path, shapes: list[Any], crs: str | None = "EPSG:4326") -> Path:
    """A GeoPackage of one layer."""
    frame = geopandas.GeoDataFrame({"name": ["A"] * len(shapes)}, geometry=shapes, crs=crs)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that no system is named is what some of these files are about
        pyogrio.write_dataframe(frame, path, layer="list", driver="GPKG")
    return path


def refused(said: str, read: Callable[..., object], *given: Any) -> None:
    with pytest.raises(InputError) as caught:
        read(*given)
    assert said in str(caught.value)


def test_a_list_of_too_many_features_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feature_table, "MOST_FEATURES", 1)
    path = put(tmp_path / "list.geojson", collection(POINT, POINT))
    refused("has 2 features. Give at most 1.", registry.read, path)
    path = layer(tmp_path / "list.gpkg", [shapely.Point(30, 50)] * 2)
    refused("has 2 features of 2 columns. Give 1 to 1.", registry.read, path)


def test_a_geojson_that_is_no_object_is_refused(tmp_path: Path) -> None:
    refused("holds no FeatureCollection", feature_table.read_geojson, put(tmp_path / "list.geojson", [1]))


@pytest.mark.parametrize("code", [999999, 1234, 5714])
def test_a_list_in_a_system_that_is_none_of_places_is_refused(tmp_path: Path, code: int) -> None:
    crs = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{code}"}}
    path = put(tmp_path / "list.geojson", collection(POINT, crs=crs))
    refused(f"crs 'urn:ogc:def:crs:EPSG::{code}' is not known", registry.read, path)
    (tmp_path / "list.csv").write_text("id,places,lat,lon\na,10,50.4,30.5\n")
    refused(
        f"--crs {code}: there is no such",
        settled,
        registry.read(tmp_path / "list.csv"),
        None,
        Listing(epsg=code),
    )


def test_a_table_without_shapes_is_no_outline(tmp_path: Path) -> None:
    path = tmp_path / "table.gpkg"
    layer(path, [shapely.Point(30, 50)])
    with sqlite3.connect(path) as base:
        base.execute("delete from gpkg_geometry_columns")
        base.execute("update gpkg_contents set data_type = 'attributes'")
    base.close()
    refused("has no layer of shapes. Give a file with outlines or points.", features.read, path)


@pytest.mark.parametrize(
    "crs", [{"properties": None}, {"properties": 5}, {"properties": {"name": []}}, [], 5]
)
def test_a_coordinate_system_that_is_none_is_passed_over_in_streets(tmp_path: Path, crs: Any) -> None:
    found = lines.of_geojson(collection(LINE, crs=crs), tmp_path / "streets.geojson")
    assert [points.tolist() for points in found.points] == [LINE["coordinates"]]


def test_streets_with_too_many_faults_are_read_no_further(tmp_path: Path) -> None:
    broken = [{"type": "LineString", "coordinates": [["x", 1], [2, 3]]}] * (lines.MOST_FAULTS + 5)
    refused("reading stopped after", lines.of_geojson, collection(*broken), tmp_path / "streets.geojson")


def test_streets_of_too_many_lines_or_of_no_system_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = shapely.LineString([(30, 50), (31, 50)])
    refused(
        "does not say its coordinate system", lines.of_geopackage, layer(tmp_path / "a.gpkg", [line], None)
    )
    monkeypatch.setattr(lines, "MOST_LINES", 1)
    path = layer(tmp_path / "b.gpkg", [line, line])
    refused("holds more than 1 lines. Give the part that holds the city.", lines.of_geopackage, path)


def test_too_many_boundaries_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(osm_districts, "MOST_BOUNDARIES", 1)
    tags = {"type": "boundary", "boundary": "administrative", "admin_level": "8", "name": "A"}
    path = write(
        tmp_path / "city.json",
        [relation(k, [("way", 1, "outer")], **tags) for k in (1, 2)] + [way(1, [1, 2])],
    )
    refused("holds more than 1 boundaries. Give a smaller extract.", districts.read, str(path))


@pytest.mark.parametrize("members", [None, {}, [None], [{"type": "way"}], [{"type": "way", "ref": True}]])
def test_a_relation_whose_members_are_none_is_refused(tmp_path: Path, members: Any) -> None:
    broken = {"type": "relation", "id": 7, "tags": {"boundary": "administrative"}, "members": members}
    path = put(tmp_path / "city.json", {"elements": [node(1, 30, 50), broken]})
    refused("relation 7: members are no list of ids. Ask Overpass for 'out body'.", districts.read, str(path))


def test_a_grid_with_people_in_too_many_cells_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_grid, "MOST_PEOPLED", 3)
    profile = {"driver": "GTiff", "count": 1, "height": 2, "width": 2, "dtype": "float32", "crs": "EPSG:4326",
               "transform": Affine(0.01, 0, 30, 0, -0.01, 50)}  # fmt: skip
    with rasterio.open(tmp_path / "grid.tif", "w", **profile) as file:
        file.write(np.ones((1, 2, 2), np.float32))
    refused("4 cells of this part have people. Give a coarser grid (3 at most).", people_grid.read,
            tmp_path / "grid.tif", None, None)  # fmt: skip


def test_people_off_the_earth_and_beyond_belief_are_told_at_once(tmp_path: Path) -> None:
    far = {"type": "Point", "coordinates": [200.0, 95.0]}
    rows = collection(far, POINT)
    path = put(tmp_path / "people.geojson", {**rows, "crs": {"type": "name", "properties": {
        "name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}})  # fmt: skip
    refused("geometry: 1 of 2 rows are not on Earth", population.read, [str(path)])


def test_a_district_without_a_name_has_no_people(tmp_path: Path) -> None:
    path = tmp_path / "totals.csv"
    path.write_text(f"district,population\nWest,5\n,6\n{'x' * 500},7\n")
    refused("line 3, district: '' is no name of a district. Give its name.", population.read, [str(path)])


def test_a_geopackage_is_no_data_of_openstreetmap(tmp_path: Path) -> None:
    path = layer(tmp_path / "a.gpkg", [shapely.LineString([(30, 50), (31, 50)])])
    refused("is no data of OpenStreetMap", streets_file.open_osm, path)


def test_a_workbook_with_a_broken_part_or_too_many_rows_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["id", "places"], ["a", 5], ["b", 6]):
        sheet.append(row)
    path = tmp_path / "list.xlsx"
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        at = archive.getinfo("xl/workbook.xml")
        start = at.header_offset + 30 + len(at.filename)
    data = bytearray(path.read_bytes())
    data[start : start + at.compress_size] = b"\xff" * at.compress_size
    (tmp_path / "broken.xlsx").write_bytes(data)
    refused("'xl/workbook.xml' is broken", registry.read, tmp_path / "broken.xlsx")
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    refused("has more than 2 rows. Give the part that holds the city.", registry.read, path)


def test_a_city_without_a_walking_group_is_not_split() -> None:
    city = worlds.row()
    groups = tuple(replace(group, name=f"{group.name}-1") for group in city.demand.groups)
    other = replace(city, demand=replace(city.demand, groups=groups))
    speeds = {group.name: 1.0 for group in groups} | {"children": 0.8}
    scenario = replace(worlds.SCENARIO, speed_m_s=speeds, group_shares={"children": 0.2})
    refused("has no group 'walking' to split. Leave them out.", check.scenario, scenario, other)


def test_an_unknown_threat_names_those_that_are_known() -> None:
    refused("threat: 'comet' is unknown. Give one of:", threats.threat, "comet")


def test_a_list_in_which_no_row_states_places_builds_no_city(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("id,address,places\na,Nova 1,\nb,Nova 2,\n")
    register = read_register(path, Listing())
    refused(
        "none of 2 rows states its places. Name their column (--map capacity=COLUMN)", refuse_bare, register
    )
    refused("none of 2 rows has a position: no column is read as lon and lat. Name their columns (--map lon=COLUMN",
            refuse_bare, register)  # fmt: skip


def test_a_list_with_a_column_for_one_coordinate_alone_names_the_other(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("id,lat,whither,places\na,59.1,17.1,5\n")
    refused("no column is read as lon. Name their columns", refuse_bare, read_register(path, Listing()))


def test_a_country_without_a_floor_area_per_person_makes_no_places(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("id,area_m2\na,60\n")
    refused("has no floor area per person. Give one of", read_register, path, Listing(norm_profile="sweden"))
