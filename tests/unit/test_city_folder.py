"""A city as a folder: the same back, bit for bit, readable by others, and broken folders refused in words."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import geopandas
import numpy as np
import pyarrow.parquet as pq
import pytest

from takecover.cities import toys
from takecover.errors import InputError, SourceError
from takecover.io import city_folder, city_json
from takecover.model import check
from takecover.model.city import Source
from takecover.model.elements import Elements
from takecover.model.inspections import Inspections
from takecover.model.shelters import Halls
from toy_folder import LEFT_OUT, TABLES, edit, toy


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
