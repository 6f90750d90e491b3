"""One writer of GeoParquet: what a file says of its shapes is what is in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
import shapely

import worlds
from takecover.io import city_folder, geoparquet
from takecover.workflow.outcome import Choices


def said(file: Path) -> Any:
    return json.loads(pq.read_metadata(file).metadata[b"geo"])["columns"]["geometry"]


@pytest.mark.parametrize(
    ("shapes", "kinds", "bbox"),
    [
        ([], [], None),
        ([None], [], None),
        ([shapely.Point(30, 50), None], ["Point"], [30, 50, 30, 50]),
        ([shapely.box(1, 2, 3, 4), shapely.MultiPolygon([shapely.box(5, 6, 7, 8)])],
         ["MultiPolygon", "Polygon"], [1, 2, 7, 8]),
    ],
)  # fmt: skip
def test_a_file_names_the_kinds_and_the_box_of_its_shapes(
    tmp_path: Path, shapes: list[Any], kinds: list[str], bbox: list[float] | None
) -> None:
    geometry = np.empty(len(shapes), object)
    geometry[:] = shapes
    geoparquet.write(tmp_path / "x.parquet", {"n": np.arange(len(shapes))}, geometry)
    found = said(tmp_path / "x.parquet")
    assert (found["geometry_types"], found.get("bbox")) == (kinds, bbox)


def test_a_city_and_its_plan_say_the_same_of_the_same_shelters(tmp_path: Path) -> None:
    city_folder.write(worlds.town(), tmp_path / "city")
    worlds.planned(worlds.town(), tmp_path / "plan", Choices())
    city, plan = (said(tmp_path / name / "shelters.parquet") for name in ("city", "plan"))
    assert city == plan
