"""The files of a plan are read by GeoPandas and DuckDB as they are, and add up."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import geopandas
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

import worlds
from takecover.errors import SourceError
from takecover.io import geojson as written
from takecover.workflow.outcome import Choices, Outcome

COLUMNS = {
    "flows": ["origin_id", "group", "shelter_id", "entrance_id", "people", "walk_time_s"],
    "shelters": ["shelter_id", "capacity", "load", "price_people", "price_s"],
    "origins": ["origin_id", "group", "people", "unserved"],
    "costs": ["origin_id", "group", "shelter_id", "entrance_id", "walk_time_s"],
}
SHAPES = {"flows": "LineString", "shelters": "Point", "origins": "Point"}


@pytest.fixture(scope="module")
def row(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("row") / "plan"
    worlds.planned(worlds.row(), out, Choices(has_costs=True))
    return out


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Outcome]:
    out = tmp_path_factory.mktemp("town") / "plan"
    return out, worlds.planned(worlds.town(), out, Choices(has_costs=True))


def ask(sql: str, folder: Path) -> list[tuple[object, ...]]:
    return duckdb.connect().execute(sql.replace("$", f"{folder}/")).fetchall()


@pytest.mark.parametrize("name", COLUMNS)
def test_each_table_begins_with_its_agreed_columns(row: Path, name: str) -> None:
    assert pq.read_schema(row / f"{name}.parquet").names[: len(COLUMNS[name])] == COLUMNS[name]


@pytest.mark.parametrize("name", SHAPES)
def test_each_map_table_is_geoparquet_and_geojson_in_wgs84(town: tuple[Path, Outcome], name: str) -> None:
    parquet = geopandas.read_parquet(town[0] / f"{name}.parquet")
    geojson = geopandas.read_file(town[0] / f"{name}.geojson")
    for table in (parquet, geojson):
        assert set(table.geom_type) == {SHAPES[name]}
        assert table.crs.to_authority() in {("OGC", "CRS84"), ("EPSG", "4326")}
        assert table.total_bounds[0] == pytest.approx(30.5, abs=0.02)
    assert len(parquet) == len(geojson) > 0
    assert parquet.geometry.get_coordinates().to_numpy() == pytest.approx(
        geojson.geometry.get_coordinates().to_numpy(), abs=1e-6
    )


def test_the_flows_of_a_row_of_origins_follow_by_arithmetic(row: Path) -> None:
    assert ask("SELECT origin_id, people, walk_time_s FROM '$flows.parquet' ORDER BY 1", row) == [
        ("O00001", 1, 0.0),
        ("O00002", 2, 100.0),
        ("O00003", 2, 200.0),
    ]


def test_the_origins_of_a_row_have_one_reason_each(row: Path) -> None:
    sql = """SELECT origin_id, people, unserved, reason FROM '$origins.parquet' WHERE "group" = 'walking' ORDER BY 1"""
    assert ask(sql, row) == [
        ("O00001", 1, 0, None),
        ("O00002", 2, 0, None),
        ("O00003", 4, 2, "no_place"),
        ("O00004", 8, 8, "too_far"),
        ("O00005", 16, 16, "too_far"),
    ]


def test_each_origin_and_group_is_a_row_also_where_there_is_nobody(row: Path) -> None:
    assert ask("SELECT count(*), count(DISTINCT origin_id) FROM '$origins.parquet'", row) == [(10, 5)]


def test_flows_and_unserved_add_up_to_people_and_to_loads(town: tuple[Path, Outcome]) -> None:
    folder, outcome = town
    wrong = ask(
        """SELECT o.origin_id FROM '$origins.parquet' o LEFT JOIN
           (SELECT origin_id, "group", sum(people) AS gone FROM '$flows.parquet' GROUP BY ALL) f
           USING (origin_id, "group")
           WHERE o.people <> o.unserved + coalesce(f.gone, 0)""",
        folder,
    )
    assert wrong == []
    over = ask(
        """SELECT s.shelter_id FROM '$shelters.parquet' s LEFT JOIN
           (SELECT shelter_id, sum(people) AS came FROM '$flows.parquet' GROUP BY ALL) f USING (shelter_id)
           WHERE s.load <> coalesce(f.came, 0) OR s.load > s.capacity""",
        folder,
    )
    assert over == []
    assert ask("SELECT sum(people) FROM '$flows.parquet'", folder) == [(outcome.found.plan.under_cover,)]


def test_a_walk_time_is_exactly_its_deciseconds_over_ten(town: tuple[Path, Outcome]) -> None:
    folder, outcome = town
    seconds = pq.read_table(folder / "costs.parquet")["walk_time_s"].to_numpy()
    assert np.array_equal(seconds, outcome.found.plan.costs.walk_time_ds / 10)
    assert np.array_equal(np.rint(seconds * 10).astype(np.int64), outcome.found.plan.costs.walk_time_ds)


def test_each_flow_is_a_walk_of_the_cost_table_with_the_same_time(town: tuple[Path, Outcome]) -> None:
    sql = """SELECT count(*) FROM '$flows.parquet' f
             JOIN '$costs.parquet' c USING (origin_id, "group", shelter_id, entrance_id, walk_time_s)"""
    assert ask(sql, town[0]) == ask("SELECT count(*) FROM '$flows.parquet'", town[0])


def test_a_flow_is_a_line_from_the_origin_to_the_door(row: Path) -> None:
    flows = geopandas.read_parquet(row / "flows.parquet")
    origins = (
        geopandas.read_parquet(row / "origins.parquet").drop_duplicates("origin_id").set_index("origin_id")
    )
    first = flows[flows.origin_id == "O00003"].geometry.iloc[0]
    assert first.coords[0] == origins.geometry["O00003"].coords[0]
    assert first.coords[1] == origins.geometry["O00001"].coords[0]


def test_every_file_carries_the_notices_and_attributions(row: Path) -> None:
    for name in COLUMNS:
        notes = json.loads(pq.read_metadata(row / f"{name}.parquet").metadata[b"takecover"])
        assert notes["notices"] == ["A toy world for tests, not a city."]
        assert notes["marking"] == "internal"
    assert json.loads((row / "flows.geojson").read_text())["takecover"]["notices_uk"]


def test_costs_are_written_only_when_asked_for(tmp_path: Path) -> None:
    worlds.planned(worlds.row(), tmp_path / "plan")
    assert sorted(path.name for path in (tmp_path / "plan").iterdir()) == [
        "flows.geojson",
        "flows.parquet",
        "origins.geojson",
        "origins.parquet",
        "plan.json",
        "report.html",
        "shelters.geojson",
        "shelters.parquet",
    ]


def test_a_plan_that_sends_nobody_anywhere_still_writes_every_file(tmp_path: Path) -> None:
    worlds.planned(worlds.row(), tmp_path / "plan", closed_shelter_ids=("S001",))
    assert ask("SELECT count(*) FROM '$flows.parquet'", tmp_path / "plan") == [(0,)]
    assert json.loads((tmp_path / "plan" / "flows.geojson").read_text())["features"] == []
    assert ask("SELECT capacity, load FROM '$shelters.parquet'", tmp_path / "plan") == [(0, 0)]


def test_a_feature_holds_every_kind_of_value_as_json_has_it(tmp_path: Path) -> None:
    names = pa.array(["x", None, "x"]).dictionary_encode()
    table = pa.table(
        {
            "100 %": pa.array(['а, "b"', None, "а, б"]),
            "name": names,
            "count": pa.array([1, None, -3]),
            "share": pa.array([0.1, 1e-7, None]),
            "is_open": pa.array([True, None, False]),
            "geometry": pa.array([shapely.to_wkb(shapely.Point(i, 50)) for i in range(3)]),
        }
    )
    written.write(table, tmp_path / "x.geojson", {})
    text = (tmp_path / "x.geojson").read_text(encoding="utf-8")
    rows = [feature["properties"] for feature in json.loads(text)["features"]]
    assert rows == table.drop_columns(["geometry"]).to_pylist()
    assert '"100 %": "а, \\"b\\"", "name": "x", "count": 1, "share": 0.1, "is_open": true}' in text


def test_a_table_that_cannot_be_written_beside_the_rest_is_told_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(written, "write", full)
    with pytest.raises(SourceError, match=r"No space left on device.*Nothing was changed"):
        worlds.planned(worlds.row(), tmp_path / "plan", Choices())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("threads", [1, 3])
def test_the_files_are_the_same_bytes_by_however_many_threads(
    threads: int, town: tuple[Path, Outcome], tmp_path: Path
) -> None:
    worlds.planned(worlds.town(), tmp_path / "plan", Choices(has_costs=True, threads=threads))
    tables = [file.name for file in town[0].iterdir() if file.suffix in (".parquet", ".geojson")]
    assert len(tables) == 7
    for name in tables:
        assert (tmp_path / "plan" / name).read_bytes() == (town[0] / name).read_bytes()
    one, other = (json.loads((folder / "plan.json").read_text()) for folder in (town[0], tmp_path / "plan"))
    assert {**one, "runtime_s": {}} == {**other, "runtime_s": {}}
