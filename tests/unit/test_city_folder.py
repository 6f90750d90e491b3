"""A city as a folder: the same back, bit for bit, readable by others, and broken folders refused in words."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import geopandas
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from takecover.analysis.places import Unplaced
from takecover.cities import toys
from takecover.errors import InputError, SourceError
from takecover.io import city_folder, city_json, geoparquet
from takecover.model import check
from takecover.model.city import City, Source
from takecover.model.elements import Elements
from takecover.model.inspections import Inspections
from takecover.model.shelters import Halls

LEFT_OUT = (
    Unplaced(
        "shelter", "S9", "Ängen", 17.5, 59.9, 30, 4, "outside_area", "lies outside the area of the streets"
    ),
    Unplaced("shelter", "S8", "", math.nan, math.nan, 5, 7, "no_position", "has no position"),
)


def toy() -> City:
    """A grid with a stair, a one-way street, two districts, one with an outline, and water."""
    city = toys.grid(
        3,
        2,
        people=[1, 2, 4, 8, 16, 32],
        step_free_people=[0, 1, 0, 0, 0, 2],
        shelters=[
            toys.Cover(
                (
                    toys.Door(0, parts=(toys.Part(1.5), toys.Part(length_m=7.0)), into_hall=True),
                    toys.Door(1, is_step_free=False, lock="locked"),
                ),
                5,
                hall=(toys.Part(kind="escalator", length_m=30.0),),
            ),
            toys.Cover((), 9, is_withheld=True),
        ],
        steps=[(0, 1)],
        one_way=[(4, 3)],
        zone_of_node=[0, 0, 0, 1, 1, 1],
    )
    outlines = np.array([shapely.box(30.4, 50.4, 30.6, 50.5), None], object)
    demand = replace(city.demand, zone_idx=np.array([0, 0, 0, 1, 1, -1], np.int32))
    sources = (Source("streets", "OpenStreetMap", "ODbL 1.0", "2026-01-01", "© OpenStreetMap contributors"),)
    water = np.array([shapely.box(30.5, 50.41, 30.51, 50.42)], object)
    zones = replace(city.zones, outlines=outlines)
    shelters = replace(city.shelters, inspections=inspections())
    return check.city(
        replace(city, demand=demand, shelters=shelters, zones=zones, water=water, sources=sources)
    )


def inspections() -> Inspections:
    """The second shelter was looked at."""
    return Inspections(
        shelter_idx=np.array([1], np.int32),
        existences=np.array(["found"]),
        states=np.array(["after_work"]),
        openings=np.array(["night"]),
        protection_classes=np.array(["simplest"]),
        depth_m=np.array([np.nan]),
        verified_on=np.array(["2023-06-05"]),
        verified_by=np.array(["Комісія міста"]),
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "toy"
    city_folder.write(toy(), target, unplaced=LEFT_OUT, build={"findings": ["one", "two"]})
    return target


def assert_same(one: Any, other: Any, where: str = "city") -> None:
    """Equal in every field, of the same type, bit for bit."""
    assert type(one) is type(other), where
    if is_dataclass(one) and not isinstance(one, Source):
        for field in fields(one):
            assert_same(getattr(one, field.name), getattr(other, field.name), f"{where}.{field.name}")
    elif isinstance(one, np.ndarray):
        assert one.dtype.kind == other.dtype.kind, where
        if one.dtype.kind in "iufb":
            assert (one.dtype, one.tobytes()) == (other.dtype, other.tobytes()), where
        else:
            assert one.tolist() == other.tolist(), where
    else:
        assert one == other, where


def test_a_city_comes_back_bit_for_bit(folder: Path) -> None:
    assert_same(city_folder.read(folder), toy())


def test_a_city_without_districts_people_shelters_or_water_comes_back(tmp_path: Path) -> None:
    bare = toys.grid(2, 1, origin_nodes=[], people=[], step_free_people=[])
    nothing = np.zeros(0, dtype=np.str_)
    zones = replace(
        bare.zones, zone_ids=nothing, names=nothing, names_uk=nothing, outlines=np.zeros(0, object)
    )
    city = check.city(replace(bare, zones=zones))
    city_folder.write(city, tmp_path / "bare")
    assert_same(city_folder.read(tmp_path / "bare"), city)


def test_the_same_city_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    city_folder.write(
        city_folder.read(folder), tmp_path / "again", unplaced=LEFT_OUT, build={"findings": ["one", "two"]}
    )
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [*(f"{n}.parquet" for n in TABLES), "city.json"]
    )
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes(), path.name


WITH_SHAPES = ("nodes", "segments", "origins", "shelters", "entrances", "zones", "water", "unplaced")
TABLES = (*WITH_SHAPES, "halls", "elements", "inspections")


@pytest.mark.parametrize(
    ("table", "rows", "kinds"),
    [
        ("nodes", 6, {"Point"}),
        ("segments", 7, {"LineString"}),
        ("origins", 6, {"Point"}),
        ("shelters", 2, {"Point"}),
        ("entrances", 2, {"Point"}),
        ("zones", 2, {"Polygon"}),
        ("water", 1, {"Polygon"}),
        ("unplaced", 2, {"Point"}),
    ],
)
def test_geopandas_reads_every_table_on_wgs84(folder: Path, table: str, rows: int, kinds: set[str]) -> None:
    frame = geopandas.read_parquet(folder / f"{table}.parquet")
    assert len(frame) == rows
    assert frame.crs == "OGC:CRS84"
    assert set(frame.geom_type.dropna()) == kinds


def test_geometry_and_plain_columns_say_the_same_place(folder: Path) -> None:
    frame = geopandas.read_parquet(folder / "shelters.parquet")
    assert frame.geometry.x.tolist() == frame["lon"].tolist()
    assert frame.geometry.y.tolist() == frame["lat"].tolist()
    assert frame["is_withheld"].tolist() == [False, True]


def test_duckdb_answers_a_planner_without_an_extension(folder: Path) -> None:
    def ask(query: str) -> Any:
        return duckdb.sql(query.replace("@", f"{folder}/")).fetchall()

    assert ask(
        "select sum(people__night__walking), sum(people__night__step_free) from '@origins.parquet'"
    ) == [(63, 3)]
    joined = "select s.shelter_id, count(*) from '@shelters.parquet' s join '@entrances.parquet' using (shelter_id)"
    assert ask(f"{joined} group by 1") == [("S001", 2)]
    assert ask("select zone_id, count(*) from '@origins.parquet' group by 1 order by 1") == [
        ("", 1),
        ("Z1", 3),
        ("Z2", 2),
    ]
    assert ask("select count(*) from '@segments.parquet' where is_steps") == [(1,)]
    assert ask(
        "select e.lock, h.shelter_id, p.kind from '@entrances.parquet' e join '@halls.parquet' h using (hall_id) "
        "join '@elements.parquet' p using (hall_id)"
    ) == [("open", "S001", "escalator")]
    assert ask("select state, depth_m from '@inspections.parquet'") == [("after_work", None)]
    assert ask("select row_id, reason from '@unplaced.parquet' where lon is null") == [("S8", "no_position")]


def test_every_column_is_described_in_the_docs(folder: Path, repository: Path) -> None:
    described = (repository / "docs" / "city-folder.md").read_text(encoding="utf-8")
    for table in TABLES:
        assert f"`{table}.parquet`" in described
        for name in pq.read_schema(folder / f"{table}.parquet").names:
            assert name.startswith("people__") or f"`{name}`" in described, f"{table}.{name}"


def test_city_json_carries_what_every_output_must_say(folder: Path) -> None:
    document = json.loads((folder / "city.json").read_text(encoding="utf-8"))
    assert document["format"] == "takecover-city/2"
    assert document["attributions"] == ["© OpenStreetMap contributors"]
    assert document["notices_uk"] == ["Іграшковий світ для тестів, а не місто."]
    assert document["groups"][1] == {"name": "step_free", "needs_step_free": True}
    assert city_folder.read_head(folder).build == {"findings": ["one", "two"]}


def test_a_city_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(city_json, "text", fail)
    with pytest.raises(SourceError, match="No space left"):
        city_folder.write(toy(), tmp_path / "toy")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_someone_else_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError):
        city_folder.write(toy(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


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
        "column 'node_id' holds numbers beyond 63 bits",
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


def edit(key: str, value: Any) -> Callable[[str], str]:
    return lambda text: json.dumps({**json.loads(text), key: value})


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


def test_an_older_format_is_brought_up_to_date_step_by_step(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(city_json, "VERSION", 4)
    monkeypatch.setattr(
        city_json,
        "MIGRATIONS",
        {
            2: lambda d: {**d, "title": d["title"] + " three"},
            3: lambda d: {**d, "title": d["title"] + " four"},
        },
    )
    assert city_folder.read(folder).title == "Toy grid three four"


def test_a_folder_of_the_first_format_is_read_with_what_it_does_not_tell_unknown(folder: Path) -> None:
    for name in ("halls", "elements", "inspections"):
        (folder / f"{name}.parquet").unlink()
    doors = folder / "entrances.parquet"
    pq.write_table(pq.read_table(doors).drop_columns(["lock", "hall_id"]), doors)
    head = folder / "city.json"
    head.write_text(edit("format", "takecover-city/1")(head.read_text(encoding="utf-8")), encoding="utf-8")
    city = toy()
    entrances = replace(
        city.shelters.entrances, locks=np.array(["unknown"] * 2), hall_idx=np.array([-1, -1], np.int32)
    )
    shelters = replace(
        city.shelters,
        entrances=entrances,
        halls=Halls.none(),
        elements=Elements.none(),
        inspections=Inspections.none(),
    )
    assert_same(city_folder.read(folder), replace(city, shelters=shelters))
    city_folder.write(city_folder.read(folder), folder)
    assert json.loads(head.read_text(encoding="utf-8"))["format"] == "takecover-city/2"
    assert_same(city_folder.read(folder), replace(city, shelters=shelters))


def test_a_folder_that_is_not_there_is_a_source_that_fails(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is no folder that is there"):
        city_folder.read(tmp_path / "none")
    with pytest.raises(SourceError, match="is no folder that is there"):
        city_folder.read_head(tmp_path / "none")
