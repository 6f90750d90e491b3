"""People of a grid in a built city: none is made and none is lost on the way from the cells to the origins."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.transform import Affine

from osmfile import node, way, write
from takecover import parameters
from takecover.io import city_folder
from takecover.workflow.build_city import Order, build_city

CELL = 1 / 1200
WEST, NORTH, SIDE = 29.998, 50.004, 12
STREETS = [
    *(node(10 * j + i, 30 + i * CELL, 50 + j * CELL) for j in range(5) for i in range(5)),
    *(way(100 + j, [10 * j + i for i in range(5)], highway="residential") for j in range(5)),
    *(way(200 + i, [10 * j + i for j in range(5)], highway="footway") for i in range(5)),
]
METRES_A_DEGREE = 111_195.0


def inside(values: np.ndarray) -> np.ndarray:
    """Cells whose middle lies in the box of the streets and as far beyond as a house may lie from one."""
    beyond = parameters.value("snap_limit_m") / METRES_A_DEGREE
    lon = WEST + (np.arange(SIDE) + 0.5) * CELL
    lat = NORTH - (np.arange(SIDE) + 0.5) * CELL
    is_lon = (lon >= 30 - beyond / np.cos(np.radians(50.0))) & (
        lon <= 30 + 4 * CELL + beyond / np.cos(np.radians(50.0))
    )
    is_lat = (lat >= 50 - beyond) & (lat <= 50 + 4 * CELL + beyond)
    return np.where(is_lat[:, None] & is_lon[None, :] & (values > 0), values, 0.0)


def built(path: Path, *grids: tuple[str, np.ndarray]) -> dict[str, int]:
    """People of the city by period, built of one grid for each."""
    path.mkdir(parents=True, exist_ok=True)
    specs = []
    for period, values in grids:
        profile = {"driver": "GTiff", "count": 1, "height": SIDE, "width": SIDE, "dtype": "float64", "nodata": -1.0,
                   "crs": "EPSG:4326", "transform": Affine(CELL, 0, WEST, 0, -CELL, NORTH)}  # fmt: skip
        with rasterio.open(path / f"{period}.tif", "w", **profile) as file:
            file.write(values[None])
        specs.append(f"{period}={path / period}.tif")
    streets = write(path / "streets.json", STREETS)
    (path / "list.csv").write_text("id,places,lat,lon\na,10,50.001,30.001\n")
    build_city(Order("town", streets, path / "list.csv", specs, path / "town"))
    demand = city_folder.read(path / "town").demand
    return {period: int(people.sum()) for period, people in zip(demand.periods, demand.people, strict=True)}


@settings(max_examples=12)
@given(seed=st.integers(0, 2**32 - 1), share=st.sampled_from([0.05, 0.5, 1.0]))
def test_the_city_has_as_many_people_as_the_cells_in_it(
    tmp_path_factory: pytest.TempPathFactory, seed: int, share: float
) -> None:
    draw = np.random.default_rng(seed)
    values = np.where(draw.random((SIDE, SIDE)) < share, draw.gamma(0.7, 30.0, (SIDE, SIDE)), -1.0)
    values[3, 4] = 5.25
    found = built(tmp_path_factory.mktemp("grid"), ("night", values))
    assert abs(found["night"] - inside(values).sum()) <= 0.5


def test_each_period_keeps_its_own_total(tmp_path: Path) -> None:
    night = np.full((SIDE, SIDE), 3.4)
    day = np.where(np.arange(SIDE) % 2 == 0, 7.7, -1.0)[None, :].repeat(SIDE, axis=0)
    found = built(tmp_path, ("night", night), ("day", day))
    assert abs(found["night"] - inside(night).sum()) <= 0.5
    assert abs(found["day"] - inside(day).sum()) <= 0.5
    assert found["night"] != found["day"]


def test_people_outside_the_streets_are_told_and_not_moved_in(tmp_path: Path) -> None:
    values = np.full((SIDE, SIDE), -1.0)
    values[0, 0], values[3, 4] = 1000.0, 8.0
    assert built(tmp_path, ("night", values)) == {"night": 8}
