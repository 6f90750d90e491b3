"""Heights from a GeoTIFF: between the cells, in any system, and hostile files refused in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from rasterio import Affine

from takecover.errors import InputError, SourceError
from takecover.io import elevation, streets_file

PLANE = np.add.outer(10.0 * np.arange(4), np.arange(5.0))
"""Rises by 1 from column to column and by 10 from row to row."""


def from_origin(west: float, north: float, width: float, height: float) -> Affine:
    """A grid from its north-western corner."""
    return Affine(width, 0.0, west, 0.0, -height, north)


def geotiff(folder: Path, grid: np.ndarray = PLANE, **more: Any) -> Path:
    """Cells of a hundredth of a degree from 30 E, 50 N, to the south-east."""
    path = folder / "heights.tif"
    shape = {"height": grid.shape[0], "width": grid.shape[1], "count": 1, "dtype": grid.dtype}
    place = {"crs": "EPSG:4326", "transform": from_origin(30, 50, 0.01, 0.01)}
    with rasterio.open(path, "w", driver="GTiff", **{**shape, **place, **more}) as image:
        image.write(grid, 1)
    return path


def sample(path: Path, *places: tuple[float, float]) -> list[float]:
    lon, lat = np.array(places).T
    return elevation.sample(path, lon, lat).round(6).tolist()


def test_heights_are_those_of_the_cells_at_their_middles_and_even_between(tmp_path: Path) -> None:
    file = geotiff(tmp_path)
    assert sample(file, (30.005, 49.995), (30.015, 49.985)) == [0, 11]
    assert sample(file, (30.01, 49.99), (30.0175, 49.995)) == [5.5, 1.25]


def test_at_the_edge_the_last_cell_counts_and_beyond_it_nothing(tmp_path: Path) -> None:
    found = sample(geotiff(tmp_path), (30.001, 49.999), (29.9, 49.99), (30.02, 51), (30.049, 49.961))
    np.testing.assert_array_equal(found, [0, np.nan, np.nan, 34])


def test_beside_a_cell_without_height_there_is_none(tmp_path: Path) -> None:
    grid = PLANE.copy()
    grid[0, 1] = -32768
    found = sample(geotiff(tmp_path, grid, nodata=-32768), (30.01, 49.995), (30.035, 49.995))
    np.testing.assert_array_equal(found, [np.nan, 3])


def test_a_projected_map_is_read_at_the_same_places(tmp_path: Path) -> None:
    grid = np.arange(16.0).reshape(4, 4)
    file = geotiff(tmp_path, grid, crs="EPSG:32636", transform=from_origin(320_000, 5_600_000, 100, 100))
    pyproj = pytest.importorskip("pyproj")
    back = pyproj.Transformer.from_crs(32636, 4326, always_xy=True)
    assert sample(file, back.transform(320_150, 5_599_850)) == pytest.approx([5], abs=1e-4)


def test_heights_of_porto_alegre_are_those_of_rasterio(shared_data: Path) -> None:
    folder = shared_data / "porto-alegre"
    streets = streets_file.read(folder / "poa_osm.pbf")
    found = elevation.sample(folder / "poa_elevation.tif", streets.lon, streets.lat)
    assert np.isfinite(found).mean() > 0.97
    with rasterio.open(folder / "poa_elevation.tif") as image:
        nearest = np.array([v[0] for v in image.sample(zip(streets.lon, streets.lat, strict=True))], float)
    difference = np.abs(found - nearest)
    assert np.nanmedian(difference) < 2
    assert np.nanquantile(difference, 0.99) < 10


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"crs": None}, "does not say its coordinate system"),
        ({"transform": from_origin(0, 0, 0.01, 0.01)}, "covers no street of the city"),
        ({"grid": PLANE + 20_000}, "holds 20000 to 20011, no heights"),
        ({"grid": PLANE - 32768}, "no heights in metres. Name its empty value"),
        ({"grid": PLANE.astype(np.complex64)}, "holds complex64, no heights"),
        (
            {"grid": np.zeros((8, 8), np.uint8), "tiled": True, "blockxsize": 9008, "blockysize": 9008},
            "of blocks of 9,008 by 9,008",
        ),
    ],
)
def test_a_map_that_is_none_is_refused(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    file = geotiff(tmp_path, **changes)
    with pytest.raises(InputError) as caught:
        sample(file, (30.01, 49.99))
    assert said in str(caught.value)
    assert str(file) in str(caught.value)


def test_a_map_of_far_too_many_cells_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "heights.tif"
    shape = {
        "height": 400_000,
        "width": 400_000,
        "count": 1,
        "dtype": "int16",
        "tiled": True,
        "sparse_ok": True,
    }
    cells = from_origin(30, 50, 1e-6, 1e-6)
    with rasterio.open(file, "w", driver="GTiff", crs="EPSG:4326", transform=cells, BIGTIFF="YES", **shape):
        pass
    with pytest.raises(InputError, match="more than 100,000,000 cells over the city"):
        sample(file, (30.0001, 49.9999), (30.3, 49.7))


def test_a_broken_file_is_refused(tmp_path: Path) -> None:
    file = geotiff(tmp_path, np.arange(40_000.0).reshape(200, 200), compress="deflate")
    whole = file.read_bytes()
    for content in (b"", b"II*\0", whole[:200], whole[:3000] + b"\xff" * 500 + whole[3500:]):
        file.write_bytes(content)
        with pytest.raises(InputError, match="is no GeoTIFF that can be read"):
            sample(file, *((30 + k / 100, 50 - k / 100) for k in range(1, 190, 5)))
    file.write_text('<VRTDataset rasterXSize="9" rasterYSize="9"></VRTDataset>')
    with pytest.raises(InputError, match="is no GeoTIFF that can be read"):
        sample(file, (30.01, 49.99))


def test_a_map_that_is_not_there_is_a_source_that_fails(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is not there"):
        sample(tmp_path / "none.tif", (30, 50))
