"""Reads heights of the ground from a GeoTIFF, only where they are wanted."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np

from takecover.errors import InputError, SourceError
from takecover.model.city import Source
from takecover.progress import Progress

MOST_CELLS, MOST_BLOCK_CELLS = 100_000_000, 50_000_000
"""Cells of the part that covers the city, and of one block of the file; more is no map of a city."""

LOWEST_M, HIGHEST_M = -500.0, 9000.0
"""No ground that people walk is lower or higher; other numbers are no metres."""


def sample(path: Path, lon: np.ndarray, lat: np.ndarray, progress: Progress | None = None) -> np.ndarray:
    """Heights of the ground at points.

    Parameters
    ----------
    path
        GeoTIFF whose first band holds heights in metres, in any coordinate system that it names.
    lon, lat
        Points [degree, WGS84], shape (n,) float64.
    progress
        Told the stage and how far it is, 0 to 1.

    Returns
    -------
    np.ndarray
        Height [m] between the middles of the four cells around, NaN beyond the map or where a cell of them has none,
        shape (n,) float64.

    Raises
    ------
    SourceError
        If the file is not there.
    InputError
        If it is no such GeoTIFF, covers none of the points, is built of blocks too large to unpack, or holds numbers
        that are no heights in metres.
    """
    import rasterio
    from rasterio.errors import RasterioError, RasterioIOError

    if not path.is_file():
        raise SourceError(f"{path}: is not there. Give the path of a GeoTIFF.")
    tell = progress or (lambda stage, share: None)
    tell("reading heights", 0.0)
    try:
        with (
            warnings.catch_warnings(),
            rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR", GDAL_CACHEMAX=256),
        ):
            warnings.simplefilter("ignore")
            with rasterio.open(path, driver="GTiff") as image:
                heights = _sample(image, path, lon, lat)
    except (RasterioIOError, RasterioError, MemoryError, OverflowError) as error:
        raise InputError(
            f"{path}: is no GeoTIFF that can be read ({error!s:.120}). Download or export it again."
        ) from error
    tell("reading heights", 1.0)
    return heights


def source(path: Path) -> Source:
    """Where the heights came from, as far as the file's name says."""
    return Source("heights", path.name, "not stated")


def _sample(image: Any, path: Path, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Heights at points of an open file."""
    _refuse(image, path)
    column, row = _cells(image, path, lon, lat)
    is_near = (column > -1) & (column < image.width) & (row > -1) & (row < image.height)
    if not is_near.any():
        raise InputError(f"{path}: covers no street of the city. Give heights of this city.")
    left, top = int(max(column[is_near].min(), 0)), int(max(row[is_near].min(), 0))
    right = int(min(np.ceil(column[is_near].max()) + 1, image.width))
    bottom = int(min(np.ceil(row[is_near].max()) + 1, image.height))
    right, bottom = max(right, left + 1), max(bottom, top + 1)
    if (right - left) * (bottom - top) > MOST_CELLS:
        raise InputError(f"{path}: has more than {MOST_CELLS:,} cells over the city. Give a coarser map.")
    window = ((top, bottom), (left, right))
    band = image.read(1, window=window, masked=True).astype(np.float64)
    band = band * image.scales[0] + image.offsets[0]
    grid = np.where(np.ma.getmaskarray(band), np.nan, np.ma.getdata(band))
    with np.errstate(invalid="ignore"):
        if ((grid < LOWEST_M) | (grid > HIGHEST_M)).any():
            found = f"{np.nanmin(grid):g} to {np.nanmax(grid):g}"
            raise InputError(
                f"{path}: holds {found}, no heights in metres. Name its empty value (nodata) in the file."
            )
    heights = np.full(len(lon), np.nan)
    heights[is_near] = _between(grid, column[is_near] - left, row[is_near] - top)
    return heights


def _refuse(image: Any, path: Path) -> None:
    """Refuse a file that would fill the memory, or that does not say where it lies."""
    if image.crs is None:
        raise InputError(
            f"{path}: does not say its coordinate system. Export it with one, such as EPSG:4326."
        )
    rows, columns = image.block_shapes[0]
    if rows * columns > MOST_BLOCK_CELLS:
        raise InputError(
            f"{path}: is built of blocks of {columns:,} by {rows:,} cells. Export it in tiles (TILED=YES)."
        )
    if np.dtype(image.dtypes[0]).kind not in "iuf":
        raise InputError(f"{path}: holds {image.dtypes[0]}, no heights. Give one band of numbers.")


def _cells(image: Any, path: Path, lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where points lie on the grid, 0 at the middle of the first column and row; far away where they have no place."""
    import pyproj

    try:
        system = pyproj.CRS.from_user_input(image.crs.to_wkt())
        project = pyproj.Transformer.from_crs("EPSG:4326", system, always_xy=True)
        inverse = ~image.transform
    except (pyproj.exceptions.CRSError, ValueError, TypeError, ArithmeticError) as error:
        raise InputError(f"{path}: its coordinate system or grid is not known. Use EPSG:4326.") from error
    x, y = project.transform(lon, lat)
    column = inverse.a * x + inverse.b * y + inverse.c - 0.5
    row = inverse.d * x + inverse.e * y + inverse.f - 0.5
    is_place = np.isfinite(column) & np.isfinite(row)
    return np.where(is_place, column, -9.0), np.where(is_place, row, -9.0)


def _between(grid: np.ndarray, column: np.ndarray, row: np.ndarray) -> np.ndarray:
    """Bilinear heights; within half a cell of the map's edge, those of the edge."""
    column = np.clip(column, 0, grid.shape[1] - 1)
    row = np.clip(row, 0, grid.shape[0] - 1)
    left, top = np.floor(column).astype(np.int64), np.floor(row).astype(np.int64)
    right, bottom = np.minimum(left + 1, grid.shape[1] - 1), np.minimum(top + 1, grid.shape[0] - 1)
    east, south = column - left, row - top
    upper = grid[top, left] * (1 - east) + grid[top, right] * east
    lower = grid[bottom, left] * (1 - east) + grid[bottom, right] * east
    return np.asarray(upper * (1 - south) + lower * south)
