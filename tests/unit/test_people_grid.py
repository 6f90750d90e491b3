"""Grids of people: WorldPop's and GHS-POP's ways, cut by whole cells, and what no grid may hold."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import rasterio
import shapely
from rasterio.transform import Affine

from takecover.analysis.parsed import ParsedAreas
from takecover.analysis.swap import Box
from takecover.errors import InputError
from takecover.io import people_grid

MOLLWEIDE = "ESRI:54009"
CELL = 1 / 1200
"""WorldPop's 3 seconds of arc [degree]."""


def from_origin(west: float, north: float, width: float, height: float) -> Affine:
    """A grid that is not turned, from its north-west corner."""
    return Affine(width, 0.0, west, 0.0, -height, north)


def write(path: Path, values: Any, name: str = "grid.tif", **changes: Any) -> Path:
    """A grid whose north-west corner is at 30 E, 50 N."""
    array = np.atleast_3d(np.array(values)).transpose(2, 0, 1) if np.ndim(values) < 3 else np.array(values)
    profile: dict[str, Any] = {
        "driver": "GTiff",
        "count": array.shape[0],
        "height": array.shape[1],
        "width": array.shape[2],
        "dtype": array.dtype,
        "crs": "EPSG:4326",
        "transform": from_origin(30.0, 50.0, CELL, CELL),
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with rasterio.open(path / name, "w", **(profile | changes)) as file:
            file.write(array)
    return path / name


def read(path: Path, area: Box | None = None, band: str | None = None) -> ParsedAreas:
    return people_grid.read(path, band, area)


def test_cells_with_people_are_areas_that_tile_the_grid(tmp_path: Path) -> None:
    values = np.array([[1.5, 0.0, 2.0], [4.0, -99999.0, 8.25]], np.float32)
    cells = read(write(tmp_path, values, nodata=-99999.0))
    assert cells.area_ids.tolist() == ["cell-0-0", "cell-0-2", "cell-1-0", "cell-1-2"]
    assert cells.people.tolist() == [1.5, 2.0, 4.0, 8.25]
    assert cells.is_cell
    np.testing.assert_allclose(
        shapely.bounds(cells.shapes[1]), [30 + 2 * CELL, 50 - CELL, 30 + 3 * CELL, 50], atol=1e-9
    )
    assert shapely.is_valid(cells.shapes).all()


def test_a_grid_is_cut_at_the_city_by_whole_cells_and_the_rest_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, np.arange(1, 101, dtype=np.float32).reshape(10, 10))
    area = Box(30 + 2.6 * CELL, 50 - 5.4 * CELL, 30 + 5.6 * CELL, 50 - 3.4 * CELL)
    cells = read(path, area)
    by_hand = [(row, column) for row in (3, 4) for column in (3, 4, 5)]
    assert cells.area_ids.tolist() == [f"cell-{row}-{column}" for row, column in by_hand]
    inside = sum(row * 10 + column + 1 for row, column in by_hand)
    assert cells.people.sum() == inside
    assert (
        f"{inside:,} people in 6 cells are in, {5050 - inside:,} of the grid are outside"
        in cells.findings[-1]
    )


def test_a_grid_in_mollweide_lies_where_pyproj_says(tmp_path: Path) -> None:
    x, y = pyproj.Transformer.from_crs("OGC:CRS84", MOLLWEIDE, always_xy=True).transform(30.5, 50.4)
    values = np.array([[5.0, -200.0], [0.0, 7.0]])
    path = write(
        tmp_path, values, nodata=-200.0, crs=MOLLWEIDE, transform=from_origin(x - 50, y + 50, 100, 100)
    )
    cells = read(path, Box(30.4, 50.3, 30.6, 50.5))
    assert cells.people.tolist() == [5.0, 7.0]
    middle = shapely.get_coordinates(shapely.centroid(cells.shapes[0]))[0]
    np.testing.assert_allclose(middle, [30.5, 50.4], atol=1e-6)
    geod = pyproj.Geod(ellps="WGS84")
    assert abs(geod.geometry_area_perimeter(cells.shapes[0])[0]) == pytest.approx(10_000, rel=0.01)


def test_a_turned_grid_is_read_by_its_whole_transform(tmp_path: Path) -> None:
    cos, sin = CELL * np.cos(0.5), CELL * np.sin(0.5)
    turn = Affine(cos, sin, 30.0, sin, -cos, 50.0)
    cells = read(write(tmp_path, np.ones((3, 3), np.float32), transform=turn))
    x, y = 30 + 1.5 * (cos + sin), 50 + 1.5 * (sin - cos)
    np.testing.assert_allclose(
        shapely.get_coordinates(shapely.centroid(cells.shapes[4]))[0], [x, y], atol=1e-9
    )


def test_nan_is_no_data(tmp_path: Path) -> None:
    assert read(write(tmp_path, np.array([[np.nan, 3.0]], np.float32))).people.tolist() == [3.0]


def test_one_undeclared_negative_value_is_taken_for_no_data_and_told(tmp_path: Path) -> None:
    cells = read(write(tmp_path, np.array([[-9999.0, 3.0, -9999.0]], np.float32)))
    assert cells.people.tolist() == [3.0]
    assert cells.findings == ("grid.tif: the cells of -9999 are read as cells without data.",)


def test_a_band_is_named_by_its_number(tmp_path: Path) -> None:
    path = write(tmp_path, np.array([[[1.0]], [[2.0]]], np.float32))
    assert read(path, band="2").people.tolist() == [2.0]
    with pytest.raises(InputError, match=r"has 2 bands. Say which holds people: grid\.tif:1"):
        read(path)
    with pytest.raises(InputError, match=r"has no band '3'\. Give 1 to 2"):
        read(path, band="3")


BROKEN: list[tuple[str, Any, dict[str, Any], str]] = [
    (
        "negative people",
        [[1.0, -2.0, -3.0]],
        {},
        r"2 cells: what they hold is negative \(first: -2, row 1, column 2\)",
    ),
    (
        "infinite people",
        [[1.0], [np.inf]],
        {},
        r"1 cells: what they hold is beyond belief \(first: inf, row 2, column 1",
    ),
    ("a float's no-data", [[3.4e38]], {}, "beyond belief"),
    ("no system", [[1.0]], {"crs": None}, "has no coordinate system"),
    ("no place", [[1.0]], {"transform": Affine.identity()}, "does not say where its cells lie"),
    ("complex numbers", [[1j]], {}, "holds complex"),
]


@pytest.mark.parametrize(("values", "changes", "said"), [c[1:] for c in BROKEN], ids=[c[0] for c in BROKEN])
def test_a_broken_grid_is_refused_in_words(
    tmp_path: Path, values: Any, changes: dict[str, Any], said: str
) -> None:
    kind = np.complex64 if np.iscomplexobj(values) else np.float32
    with pytest.raises(InputError, match=said):
        read(write(tmp_path, np.array(values, kind), **changes))


def test_a_grid_without_place_and_system_is_told_both(tmp_path: Path) -> None:
    path = write(tmp_path, np.ones((1, 1), np.float32), crs=None, transform=Affine.identity())
    with pytest.raises(InputError) as caught:
        read(path)
    assert len(caught.value.faults) == 2


@pytest.mark.parametrize(
    "data", [b"", b"II*\x00", b"II*\x00\xff\xff\xff\xff", b"<VRTDataset/>", b"GIF89a" * 20]
)
def test_what_is_no_geotiff_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "grid.tif"
    path.write_bytes(data)
    with pytest.raises(InputError, match="is no GeoTIFF that can be read"):
        read(path)


def test_a_truncated_grid_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, np.random.default_rng(1).random((300, 300)))
    path.write_bytes(path.read_bytes()[:30_000])
    with pytest.raises(InputError, match="is no GeoTIFF that can be read"):
        read(path)


def sparse(path: Path, width: int, height: int, **changes: Any) -> Path:
    """A grid of any size in a few kilobytes: nothing is written into its tiles."""
    profile = {
        "driver": "GTiff",
        "count": 1,
        "dtype": "float32",
        "crs": "EPSG:4326",
        "SPARSE_OK": True,
    } | changes
    transform = from_origin(30.0, 50.0, CELL, CELL)
    with rasterio.open(path / "huge.tif", "w", width=width, height=height, transform=transform, **profile):
        pass
    return path / "huge.tif"


def test_a_grid_of_absurd_size_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = sparse(tmp_path, 400_000, 400_000, tiled=True, blockxsize=256, blockysize=256, BIGTIFF="YES")
    assert path.stat().st_size < 60_000_000
    with pytest.raises(
        InputError, match=r"400,000 by 400,000 cells are to be read\. Give a coarser grid or the part"
    ):
        read(path)


def test_of_a_huge_grid_only_the_city_is_read(tmp_path: Path) -> None:
    path = sparse(tmp_path, 40_000, 40_000, tiled=True, blockxsize=256, blockysize=256)
    cells = read(path, Box(30.1, 49.8, 30.2, 49.9))
    assert len(cells) == 0
    assert "people of the others are not counted" in cells.findings[-1]


def test_a_grid_in_one_giant_piece_is_refused(tmp_path: Path) -> None:
    path = sparse(tmp_path, 20_000, 20_000, blockysize=20_000, compress="deflate")
    with pytest.raises(
        InputError, match=r"is stored in pieces of 20,000 by 20,000 cells\. Store it in tiles"
    ):
        read(path)


def test_a_grid_of_another_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no cell in the area of the streets"):
        read(write(tmp_path, np.ones((2, 2), np.float32)), Box(10.0, 50.0, 10.1, 50.1))
