"""GeoJSON and GeoPackage are read as rows with the point of each feature; broken features are named by number."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely

from takecover.errors import InputError
from takecover.io import feature_table, registry


def feature(coordinates: Any, kind: str = "Point", **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def geojson(path: Path, features: Any, **more: Any) -> Path:
    target = path / "list.geojson"
    target.write_text(
        json.dumps({"type": "FeatureCollection", "features": features, **more}), encoding="utf-8"
    )
    return target


def test_the_norwegian_list_is_read_by_its_own_names(tmp_path: Path) -> None:
    path = geojson(
        tmp_path, [feature([9.2, 58.7], adresse="Idrettshall", plasser=240, areal=144, kommune="RISØR")]
    )
    found = registry.read(path)
    assert (found.shelters.lon.tolist(), found.shelters.lat.tolist()) == ([9.2], [58.7])
    assert (found.shelters.names.tolist(), found.shelters.capacity.tolist()) == (["Idrettshall"], [240])
    assert (found.area_m2.tolist(), found.language, found.unit) == ([144.0], "nb", "feature")


def test_an_area_stands_for_its_middle_and_no_shape_for_none(tmp_path: Path) -> None:
    square = [[[0, 0], [2, 0], [2, 4], [0, 4], [0, 0]]]
    bare = {"type": "Feature", "properties": {"id": "b"}, "geometry": None}
    sheet = feature_table.read_geojson(geojson(tmp_path, [feature(square, "Polygon", id="a"), bare]))
    assert sheet.rows == (("1.0", "2.0", "a"), ("", "", "b"))


@pytest.mark.parametrize(
    ("features", "said"),
    [
        ("no list", "holds no FeatureCollection"),
        ([], "has no features"),
        ([1], "feature 1: is no feature"),
        (
            [feature([17.0, 59.0]), feature([float("nan"), 59.0])],
            "feature 2: geometry has no finite coordinates",
        ),
        ([feature([float("inf"), 59.0])], "feature 1: geometry has no finite coordinates"),
        ([feature([10**400, 59.0])], "feature 1: geometry has no finite coordinates"),
        ([feature(["17", "59"])], "feature 1: geometry has no finite coordinates"),
        ([feature([17.0])], "feature 1: geometry has no finite coordinates"),
        ([feature([[[[[[[17.0, 59.0]]]]]]])], "feature 1: geometry has no finite coordinates"),
        ([feature([17.0, 59.0], **{f"p{k}": 1 for k in range(1001)})], "of at most 1,000 properties"),
        ([feature([17.0, 59.0], **{"a b": 1, "a  b": 2})], "column 'a b' stands more than once"),
    ],
)
def test_broken_features_are_refused_in_words(tmp_path: Path, features: Any, said: str) -> None:
    with pytest.raises(InputError) as caught:
        registry.read(geojson(tmp_path, features))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [("{", "is no JSON in UTF-8"), ('{"a": ' * 100_000, "is no JSON in UTF-8"), ("{}", "no FeatureColl")],
)
def test_broken_json_is_refused_in_words(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "list.geojson"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        registry.read(path)


@pytest.mark.parametrize(
    ("name", "epsg"),
    [("urn:ogc:def:crs:OGC:1.3:CRS84", 4326), ("urn:ogc:def:crs:EPSG::25832", 25832), ("EPSG:3006", 3006)],
)
def test_the_old_crs_member_is_obeyed(tmp_path: Path, name: str, epsg: int) -> None:
    path = geojson(tmp_path, [feature([1.0, 2.0])], crs={"type": "name", "properties": {"name": name}})
    assert feature_table.read_geojson(path).epsg == epsg


def test_a_crs_that_is_not_known_is_refused(tmp_path: Path) -> None:
    path = geojson(tmp_path, [feature([1.0, 2.0])], crs={"properties": {"name": "my own"}})
    with pytest.raises(InputError, match="crs 'my own' is not known"):
        feature_table.read_geojson(path)


def test_a_geopackage_is_read_with_its_system(tmp_path: Path) -> None:
    path = tmp_path / "list.gpkg"
    points = [shapely.Point(648000.0, 6638000.0), None]
    frame = geopandas.GeoDataFrame(
        {"adress": ["Ågatan", "Torg"], "platser": [12, 5]}, geometry=points, crs=3006
    )
    frame.to_file(path, layer="rum")
    found = registry.read(path)
    assert found.epsg == 3006
    assert (found.shelters.names.tolist(), found.shelters.capacity.tolist()) == (["Ågatan", "Torg"], [12, 5])
    assert found.shelters.lon.tolist()[0] == 648000.0
    with pytest.raises(InputError, match="has no layer 'x'"):
        registry.read(path, registry.Reading(sheet="x"))


def test_bytes_that_only_look_like_a_geopackage_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.gpkg"
    path.write_bytes(b"SQLite format 3\x00" + bytes(500))
    with pytest.raises(InputError, match="is a broken GeoPackage"):
        registry.read(path)
