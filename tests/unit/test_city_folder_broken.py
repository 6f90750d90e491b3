"""A broken city folder is refused in words, with every fault of every file."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from takecover.errors import InputError
from takecover.io import city_folder, geoparquet
from toy_folder import LEFT_OUT, TABLES, edit, toy


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "toy"
    city_folder.write(toy(), target, unplaced=LEFT_OUT, build={"findings": ["one", "two"]})
    return target


def column(name: str, values: Any) -> Callable[[pa.Table], pa.Table]:
    """Replace a column of a table."""
    return lambda table: table.set_column(table.schema.names.index(name), name, pa.array(values))


def dropped(name: str) -> Callable[[pa.Table], pa.Table]:
    return lambda table: table.drop_columns([name])


BROKEN_TABLES: list[tuple[str, str, Callable[[pa.Table], pa.Table], str]] = [
    ("no column", "nodes", dropped("lon"), "nodes.parquet: has no column 'lon'"),
    (
        "no people",
        "origins",
        dropped("people__night__walking"),
        "origins.parquet: has no column 'people__night__walking'",
    ),
    (
        "text for lon",
        "nodes",
        column("lon", ["x"] * 6),
        "nodes.parquet: column 'lon' holds string. Give float.",
    ),
    (
        "number for name",
        "shelters",
        column("name", [1, 2]),
        "shelters.parquet: column 'name' holds int64. Give text.",
    ),
    (
        "fraction for places",
        "shelters",
        column("capacity", [1.5, 2.0]),
        "column 'capacity' holds double. Give int.",
    ),
    (
        "number for bool",
        "segments",
        column("is_steps", [0] * 7),
        "segments.parquet: column 'is_steps' holds int64",
    ),
    (
        "a number beyond 63 bits",
        "nodes",
        column("node_id", np.full(6, 2**63, np.uint64)),
        "column 'node_id' holds numbers too large for int64",
    ),
    (
        "a place too large for a float",
        "nodes",
        column("lon", np.full(6, 2**62, np.int64)),
        "column 'lon' holds numbers too large for double",
    ),
    (
        "gap in places",
        "shelters",
        column("capacity", [1, None]),
        "column 'capacity': 1 of 2 rows are empty (first: row 2)",
    ),
    (
        "gap in names",
        "zones",
        column("name", [None, "b"]),
        "zones.parquet: column 'name': 1 of 2 rows are empty (first: row 1)",
    ),
    (
        "broken outline",
        "zones",
        column("geometry", [b"\x01\x02", None]),
        "column 'geometry': 1 rows are no WKB (first: 1)",
    ),
    (
        "outline a text",
        "zones",
        column("geometry", ["a", "b"]),
        "column 'geometry' holds string. Give geometry.",
    ),
    (
        "unknown tail",
        "segments",
        column("tail_id", [99] + [1] * 6),
        "segments.tail_id: 1 of 7 rows are unknown (first: id='0', 99)",
    ),
    (
        "unknown district",
        "origins",
        column("zone_id", ["Z9"] * 6),
        "origins.zone_id: 6 of 6 rows are unknown",
    ),
    (
        "unknown shelter of a door",
        "entrances",
        column("shelter_id", ["S9", "S001"]),
        "entrances.shelter_id: 1 of 2 rows are unknown (first: id='S001-1', S9)",
    ),
    (
        "unknown hall of a door",
        "entrances",
        column("hall_id", ["S001-attic", ""]),
        "entrances.hall_id: 1 of 2 rows are unknown (first: id='S001-1', S001-attic)",
    ),
    (
        "unknown door of an element",
        "elements",
        column("entrance_id", ["S001-9", "S001-1", ""]),
        "elements.entrance_id: 1 of 3 rows are unknown (first: id='0', S001-9)",
    ),
    (
        "unknown shelter inspected",
        "inspections",
        column("shelter_id", ["S9"]),
        "inspections.shelter_id: 1 of 1 rows are unknown (first: id='S9', S9)",
    ),
    (
        "segments reordered",
        "segments",
        column("segment_idx", [1, 0, 2, 3, 4, 5, 6]),
        "segment_idx does not count from 0",
    ),
    (
        "door on no segment",
        "entrances",
        column("segment_idx", [70, 0]),
        "entrances.snap.segment_idx: 1 of 2 rows point at no segment",
    ),
    (
        "places negative",
        "shelters",
        column("capacity", [-15, 9]),
        "shelters.capacity: 1 of 2 rows are negative (first: id='S001', -15 places). Give 0 or more.",
    ),
    (
        "people negative",
        "origins",
        column("people__night__walking", [-1] * 6),
        "demand.people: 6 of 6 rows are negative",
    ),
    ("lat NaN", "nodes", column("lat", [math.nan] + [50.0] * 5), "network.lat: 1 of 6 rows are not numbers"),
    (
        "shelter id twice",
        "shelters",
        column("shelter_id", ["S001", "S001"]),
        "shelters.shelter_ids: 1 of 2 rows repeat an id",
    ),
    (
        "shelter of strange kind",
        "shelters",
        column("kind", ["tent", "shelter"]),
        "shelters.kinds: 1 of 2 rows are no known kind",
    ),
]


@pytest.mark.parametrize(
    ("table", "change", "said"), [c[1:] for c in BROKEN_TABLES], ids=[c[0] for c in BROKEN_TABLES]
)
def test_a_broken_table_is_refused_in_words(
    folder: Path, table: str, change: Callable[[pa.Table], pa.Table], said: str
) -> None:
    path = folder / f"{table}.parquet"
    pq.write_table(change(pq.read_table(path)), path)
    with pytest.raises(InputError) as caught:
        city_folder.read(folder)
    assert said in str(caught.value)


BROKEN_HEADS: list[tuple[str, Callable[[str], str], str]] = [
    ("nothing", lambda _: "", "city.json: is no JSON in UTF-8"),
    ("a list", lambda _: "[]", "city.json: holds no object"),
    ("100,000 brackets", lambda _: "[" * 100_000, "city.json: is no JSON in UTF-8"),
    ("another format", edit("format", "geojson"), "city.json: format is 'geojson', not 'takecover-city/2'"),
    ("no format", edit("format", None), "city.json: format is None"),
    ("a newer format", edit("format", "takecover-city/3"), "Use a newer Takecover, or build the city again."),
    ("a name that is a number", edit("name", 7), "city.json: name is 7. Give a text."),
    ("a name that is a path", edit("name", "../x"), "city.name: '../x' fits no folder"),
    ("no title", edit("title", ""), "city.title: is empty"),
    ("modelled in words", edit("is_modelled", "no"), "city.json: is_modelled is 'no'. Give true or false."),
    ("notices a text", edit("notices", "a"), "city.json: notices is 'a'. Give a list."),
    ("notices of numbers", edit("notices", [1]), "city.json: notices holds 1. Give texts."),
    ("notices in one language", edit("notices", []), "city.notices: 0 in English, 1 in Ukrainian"),
    ("groups of texts", edit("groups", ["walking"]), "city.json: groups holds 'walking'. Give objects."),
    ("group without a need", edit("groups", [{"name": "a"}]), "city.json: groups: needs_step_free is None"),
    (
        "another group",
        edit("groups", [{"name": "cyclists", "needs_step_free": False}]),
        "has no column 'people__night__cyclists'",
    ),
    ("no period", edit("periods", []), "demand.periods: there is none"),
    (
        "source without licence",
        edit("sources", [{"subject": "a", "name": "b"}]),
        "city.json: sources: licence is None",
    ),
]


@pytest.mark.parametrize(
    ("change", "said"), [case[1:] for case in BROKEN_HEADS], ids=[case[0] for case in BROKEN_HEADS]
)
def test_a_broken_city_json_is_refused_in_words(
    folder: Path, change: Callable[[str], str], said: str
) -> None:
    path = folder / "city.json"
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        city_folder.read(folder)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "name", ["city.json", *(f"{table}.parquet" for table in TABLES if table != "unplaced")]
)
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(InputError, match=f"{name}: is not there"):
        city_folder.read(folder)


def test_every_fault_of_every_file_is_named_at_once(folder: Path) -> None:
    (folder / "nodes.parquet").unlink()
    (folder / "water.parquet").write_bytes(b"PAR1 no table PAR1")
    (folder / "city.json").write_text("{}")
    with pytest.raises(InputError) as caught:
        city_folder.read(folder)
    assert [fault.split(":", 1)[0] for fault in caught.value.faults] == [
        "city.json",
        "nodes.parquet",
        "water.parquet",
    ]


def test_a_table_that_says_it_is_huge_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geoparquet, "MOST_ROWS", 3)
    with pytest.raises(InputError, match=r"nodes.parquet: has 6 rows and .* bytes. Give at most 3"):
        city_folder.read(folder)
