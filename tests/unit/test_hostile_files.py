"""Whatever a file holds, a reader gives a table or an error of ours, never anything else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takecover.analysis import zones
from takecover.errors import Faults, TakecoverError
from takecover.io import city_json, districts, population, registry, streets_file

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
values = st.recursive(
    scalars, lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(max_size=3), v, max_size=3)
)
elements = st.fixed_dictionaries(
    {"type": st.sampled_from(["node", "way", "relation"]), "id": st.integers(0, 5) | values},
    optional={
        "lon": st.floats(-190, 190) | values,
        "lat": st.floats(-100, 100) | values,
        "nodes": st.lists(st.integers(0, 5), max_size=4) | values,
        "tags": st.just({"highway": "footway"}) | values,
        "geometry": values,
    },
)
answers = st.fixed_dictionaries(
    {"elements": st.lists(elements, max_size=8) | values}, optional={"osm3s": values}
)
heads = st.dictionaries(
    st.sampled_from(
        ["format", "name", "title", "groups", "periods", "sources", "notices", "is_modelled", "build"]
    ),
    st.sampled_from(["takecover-city/1", "takecover-city/2"]) | values,
)
cells = st.sampled_from(
    ["1", "-1", "59.8", "17,6", "", "nan", '"', "=1+1", "a\x00", "\ufeff", "x" * 300, "1e308", "é"]
)
tables = st.lists(st.lists(cells, min_size=1, max_size=5).map(",".join), max_size=6).map("\n".join)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile") / "file.csv"


def assert_ours(read: Callable[[], Any]) -> None:
    said = "a table"
    try:
        read()
    except TakecoverError as error:
        said = str(error)
    assert said


@given(answers)
def test_any_answer_is_read_or_refused(file: Path, answer: Any) -> None:
    file.write_text(json.dumps(answer), encoding="utf-8")
    assert_ours(lambda: streets_file.read(file))


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    assert_ours(lambda: streets_file.read(file))
    assert_ours(lambda: registry.read(file))
    assert_ours(lambda: population.read([str(file)]))
    assert_ours(lambda: city_json.read(file, Faults("city.json")))


@given(tables)
def test_any_table_is_read_or_refused(file: Path, rows: str) -> None:
    file.write_text(f"id,places,lat,lon,people\n{rows}", encoding="utf-8")
    assert_ours(lambda: registry.read(file))
    assert_ours(lambda: population.read([str(file)]))


@given(heads)
def test_any_city_json_is_read_or_has_faults(file: Path, head: Any) -> None:
    file.write_text(json.dumps(head), encoding="utf-8")
    faults = Faults("city.json")
    assert (city_json.read(file, faults) is None) == bool(faults.messages)


@given(st.text(max_size=20))
def test_any_word_is_a_number_of_people_or_refused(word: str) -> None:
    assert_ours(lambda: population.read(word))


points = st.lists(st.floats() | st.floats(29, 31) | scalars, min_size=2, max_size=3)
rings = st.lists(points, max_size=6)
geometries = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["Polygon", "MultiPolygon", "Point", "LineString", "Globe"]),
        "coordinates": points | rings | st.lists(rings, max_size=2) | values,
    }
)
features = st.fixed_dictionaries(
    {"type": st.just("Feature"), "geometry": geometries | values},
    optional={
        "properties": st.dictionaries(
            st.sampled_from(["people", "name", "id", "floors", "age_0_4", "age_5_up"]), scalars
        )
        | values
    },
)
collections = st.fixed_dictionaries(
    {"type": st.just("FeatureCollection"), "features": st.lists(features, max_size=4) | values},
    optional={"crs": values, "name": values},
)


@given(collections)
def test_any_collection_of_shapes_is_read_or_refused(file: Path, collection: Any) -> None:
    shapes = file.with_suffix(".geojson")
    shapes.write_text(json.dumps(collection), encoding="utf-8")
    assert_ours(lambda: population.read([str(shapes)]))
    assert_ours(lambda: zones.zones(districts.read(str(shapes))))


@given(st.binary(max_size=80))
def test_any_bytes_are_a_grid_or_shapes_or_refused(file: Path, data: bytes) -> None:
    for suffix in (".tif", ".geojson", ".gpkg", ".shp"):
        target = file.with_suffix(suffix)
        target.write_bytes(data)
        assert_ours(lambda target=target: population.read([str(target)]))  # type: ignore[misc]
