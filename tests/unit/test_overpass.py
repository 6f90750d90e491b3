"""Streets from an Overpass answer: what is walkable comes in, what is broken is refused in words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from takecover.errors import InputError, SourceError
from takecover.io import overpass, streets_file


def node(osm_id: Any, lon: Any = 17.6, lat: Any = 59.8) -> dict[str, Any]:
    return {"type": "node", "id": osm_id, "lon": lon, "lat": lat}


def way(osm_id: Any, nodes: Any, **tags: Any) -> dict[str, Any]:
    return {"type": "way", "id": osm_id, "nodes": nodes, "tags": tags or {"highway": "residential"}}


def answer(path: Path, *elements: Any, **head: Any) -> Path:
    file = path / "streets.json"
    file.write_text(json.dumps({"elements": list(elements), **head}), encoding="utf-8")
    return file


NODES = tuple(node(i, 17.6 + i / 1000) for i in (1, 2, 3, 4))


def test_every_node_of_a_walkable_way_is_kept_and_the_rest_is_not(tmp_path: Path) -> None:
    file = answer(tmp_path, *NODES, way(9, [3, 2, 1]), way(8, [3, 4], highway="motorway"))
    streets = streets_file.read(file)
    assert streets.node_ids.tolist() == [1, 2, 3]
    assert streets.node_ids[streets.tail].tolist() == [3, 2]
    assert streets.node_ids[streets.head].tolist() == [2, 1]
    assert streets.way_ids.tolist() == [9, 9]
    assert streets.lon.tolist() == [element["lon"] for element in NODES[:3]]
    assert streets.findings == ("Streets: 1 of 2 ways are closed to people on foot and left out.",)


def test_stairs_escalators_and_kinds_are_told(tmp_path: Path) -> None:
    file = answer(
        tmp_path,
        *NODES,
        way(1, [1, 2], highway="steps"),
        way(2, [2, 3], highway="steps", conveying="backward"),
        way(3, [3, 4], highway="living_street"),
    )
    streets = streets_file.read(file)
    assert streets.is_steps.tolist() == [True, True, False]
    assert streets.is_oneway.tolist() == [False, True, False]
    assert streets.node_ids[streets.tail].tolist() == [1, 3, 3]
    assert streets.highway.tolist() == ["steps", "steps", "living_street"]


def test_the_source_carries_the_attribution_and_the_date_of_the_data(tmp_path: Path) -> None:
    file = answer(tmp_path, *NODES, way(1, [1, 2]), osm3s={"timestamp_osm_base": "2023-01-12T02:35:39Z"})
    source = streets_file.read(file).source
    assert source.attribution == "© OpenStreetMap contributors"
    assert (source.licence, source.dated) == ("ODbL 1.0", "2023-01-12T02:35:39Z")


@pytest.mark.parametrize("stamp", [None, 7, "x\x1b[2J", "9" * 31])
def test_a_strange_date_is_no_date(tmp_path: Path, stamp: Any) -> None:
    file = answer(tmp_path, *NODES, way(1, [1, 2]), osm3s={"timestamp_osm_base": stamp})
    assert streets_file.read(file).source.dated == ""


def test_a_way_is_cut_where_its_node_is_missing(tmp_path: Path) -> None:
    streets = streets_file.read(answer(tmp_path, *NODES, way(1, [1, 2, 99, 3, 4])))
    assert streets.node_ids[streets.tail].tolist() == [1, 3]
    assert "nodes of walkable ways that are not in the file: 1;" in streets.findings[0]


def test_an_answer_with_geometry_needs_no_nodes(tmp_path: Path) -> None:
    element = {**way(1, [5, 6]), "geometry": [{"lat": 59.8, "lon": 17.6}, {"lat": 59.9, "lon": 17.7}]}
    streets = streets_file.read(answer(tmp_path, element))
    assert streets.node_ids.tolist() == [5, 6]
    assert streets.lat.tolist() == [59.8, 59.9]


def test_a_node_twice_in_a_row_makes_no_segment(tmp_path: Path) -> None:
    assert len(streets_file.read(answer(tmp_path, *NODES, way(1, [1, 1, 2]))).tail) == 1


def test_relations_and_unknown_elements_are_passed_over(tmp_path: Path) -> None:
    file = answer(tmp_path, *NODES, {"type": "relation", "id": 1}, {"type": "count"}, way(1, [1, 2]))
    assert len(streets_file.read(file).tail) == 1


BROKEN: list[tuple[str, Any, str]] = [
    ("lon NaN in words", [node(1, "NaN"), way(1, [1, 2])], "node 1: lon 'NaN', lat 59.8 is no place"),
    ("lat 95", [node(1, 17.6, 95.0)], "node 1: lon 17.6, lat 95.0 is no place"),
    ("lon -181", [node(1, -181)], "node 1: lon -181, lat 59.8 is no place"),
    ("lon true", [node(1, True)], "node 1: lon True"),
    ("lon missing", [{"type": "node", "id": 1, "lat": 3.0}], "node 1: lon None"),
    ("lon of 400 digits", [node(1, 10**400)], "node 1: lon 1000"),
    ("node id a text", [node("1")], "elements: number 1 (node) has id '1'"),
    ("node id beyond 63 bits", [node(2**70)], "elements: number 1 (node) has id 1180591620717411303424"),
    ("way id missing", [{"type": "way", "nodes": [1, 2]}], "elements: number 1 (way) has id None"),
    ("way without nodes", [way(1, None)], "way 1: nodes are no list of ids"),
    ("way of texts", [way(1, ["1", "2"])], "way 1: nodes are no list of ids"),
    ("tags a list", [{"type": "way", "id": 1, "tags": ["highway"]}], "way 1: tags are not texts"),
    ("tags of numbers", [way(1, [1, 2], highway=3)], "way 1: tags are not texts"),
    (
        "geometry too short",
        [{**way(1, [1, 2]), "geometry": [{"lat": 1, "lon": 1}]}],
        "way 1: geometry does not fit",
    ),
    ("geometry without lon", [{**way(1, [1]), "geometry": [{"lat": 1}]}], "way 1, node 1: lon None"),
    ("an element that is a number", [7], "elements: number 1 is int"),
]


@pytest.mark.parametrize(
    ("elements", "said"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN]
)
def test_a_broken_element_is_refused_in_words(tmp_path: Path, elements: list[Any], said: str) -> None:
    with pytest.raises(InputError) as caught:
        streets_file.read(answer(tmp_path, *elements))
    assert said in str(caught.value)


def test_every_broken_element_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        streets_file.read(answer(tmp_path, node(1, 999), node("x"), way(3, 5)))
    assert len(caught.value.faults) == 3


def test_a_file_that_is_broken_throughout_is_not_read_to_its_end(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        streets_file.read(answer(tmp_path, *[node(i, 999) for i in range(500)]))
    assert len(caught.value.faults) == overpass.MOST_FAULTS + 1
    assert "reading stopped after 101" in caught.value.faults[-1]


CONTENTS: list[tuple[str, bytes, str]] = [
    ("nothing", b"", "is of no known form"),
    ("XML of something else", b"<svg></svg>", "begins with <svg>"),
    ("half", b'{"elements": [', "is no JSON"),
    ("a list", b"[]", "has no list 'elements'"),
    ("elements an object", b'{"elements": {}}', "has no list 'elements'"),
    ("Latin-1", b'{"elements": ["\xe5"]}', "is not UTF-8 (byte 15)"),
    ("NaN", b'{"elements": [{"type": "node", "id": 1, "lon": NaN, "lat": 0}]}', "NaN is no number of JSON"),
    (
        "infinity",
        b'{"elements": [{"type": "node", "id": 1, "lon": -Infinity, "lat": 0}]}',
        "-Infinity is no number",
    ),
    ("overflow", b'{"elements": [{"type": "node", "id": 1, "lon": 1e999, "lat": 0}]}', "node 1: lon inf"),
    ("a number of 5,000 digits", b'{"elements": [' + b"1" * 5000 + b"]}", "is no JSON"),
    ("100,000 brackets", b"[" * 100_000, "is nested too deeply"),
    (
        "the server gave up",
        b'{"elements": [], "remark": "runtime error: out of time"}',
        "the server broke off",
    ),
]


@pytest.mark.parametrize(
    ("content", "said"), [case[1:] for case in CONTENTS], ids=[case[0] for case in CONTENTS]
)
def test_a_file_that_is_no_answer_is_refused_in_words(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "streets.json"
    file.write_bytes(content)
    with pytest.raises(InputError) as caught:
        streets_file.read(file)
    assert said in str(caught.value)
    assert str(file) in str(caught.value)


def test_a_file_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overpass, "LARGEST_BYTES", 10)
    with pytest.raises(InputError, match="is larger than 0 MB"):
        streets_file.read(answer(tmp_path, *NODES))


def test_a_file_that_is_not_there_is_a_source_that_fails(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is not there"):
        streets_file.read(tmp_path / "none.json")
    with pytest.raises(SourceError, match="cannot be read"):
        streets_file.read(tmp_path)
