"""Reads people of a grid from a GeoTIFF: WorldPop, GHS-POP and any other with people per cell, in any projection.

Only the part that lies in the city is read; cells are in or out as a whole, by their middle.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from takecover.analysis.parsed import ParsedAreas
from takecover.analysis.swap import Box
from takecover.errors import Faults, InputError, SourceError
from takecover.model.city import Source

SUFFIXES = (".tif", ".tiff")

MOST_CELLS = 25_000_000
"""Cells of the part that is read; more would not fit the memory of a small machine."""

MOST_PEOPLED = 1_000_000
"""Cells with people: a hundred kilometres by a hundred, of 100 m each."""

MOST_COUNTED = 400_000_000
"""Cells of the whole grid up to which the people outside the city are counted too."""

CACHE_MB = 64
"""Memory that GDAL may keep of pieces that it has unpacked [MB]; left to itself it takes a share of the machine."""

LARGEST_BLOCK = 16_000_000
"""Cells that must be unpacked at a time, at most."""

MOST_IN_CELL = 10_000_000.0
"""No cell has more people."""


def read(path: Path, band: str | None, area: Box | None) -> ParsedAreas:
    """Read the cells with people.

    Parameters
    ----------
    path
        GeoTIFF with people per cell.
    band
        Number of the band, from 1; may be left out where there is one.
    area
        Where the city is; None for the whole grid.

    Raises
    ------
    SourceError
        If the file is not there or cannot be read.
    InputError
        If it is no GeoTIFF, does not say where on Earth it is, is of absurd size, or cells are broken: all at once.
    """
    import rasterio
    from rasterio.errors import RasterioError

    if not path.is_file():
        raise SourceError(f"{path}: is not there. Give the path of a file.")
    with warnings.catch_warnings():
        # A grid that is nowhere is refused below, in words.
        warnings.simplefilter("ignore")
        try:
            with rasterio.Env(GDAL_CACHEMAX=CACHE_MB), rasterio.open(path, driver="GTiff") as grid:
                return _read(grid, path, _band(grid, band, path), area)
        except RasterioError as error:
            text = " ".join(str(error).split())
            raise InputError(
                f"{path}: is no GeoTIFF that can be read ({text:.160}). Download it again."
            ) from error


def _read(grid: Any, path: Path, band: int, area: Box | None) -> ParsedAreas:
    _check_head(grid, path, band)
    window = _window(grid, area, path)
    values, findings = _values(grid, band, window, path)
    rows, columns = np.nonzero(values > 0)
    people = values[rows, columns].astype(np.float64)
    if len(people) > MOST_PEOPLED:
        raise InputError(
            f"{path}: {len(people):,} cells of this part have people. Give a coarser grid ({MOST_PEOPLED:,} at most)."
        )
    rows, columns = rows + int(window.row_off), columns + int(window.col_off)
    to_degrees = _to_degrees(grid, path)
    middle = np.column_stack(to_degrees(*_corner(grid, columns + 0.5, rows + 0.5)))
    if area is not None:
        is_in = area.holds(middle[:, 0], middle[:, 1])
        findings += _cut(grid, band, float(people[is_in].sum()), int(is_in.sum()), path)
        rows, columns, people = rows[is_in], columns[is_in], people[is_in]
    shapes = _cells(grid, rows, columns, to_degrees)
    ids = [f"cell-{row}-{column}" for row, column in zip(rows.tolist(), columns.tolist(), strict=True)]
    return ParsedAreas(
        area_ids=np.array(ids, dtype=np.str_),
        shapes=shapes,
        people=people,
        ages=np.zeros((len(people), 0)),
        age_classes=(),
        is_cell=True,
        line=rows.astype(np.int64) + 1,
        source=Source("people", path.name, "not stated"),
        findings=findings,
    )


def _band(grid: Any, band: str | None, path: Path) -> int:
    if band is None:
        if grid.count != 1:
            raise InputError(f"{path}: has {grid.count} bands. Say which holds people: {path.name}:1.")
        return 1
    if not (band.isascii() and band.isdigit() and len(band) < 6 and 1 <= int(band) <= grid.count):
        raise InputError(f"{path}: has no band {band!a:.40}. Give 1 to {grid.count}.")
    return int(band)


def _check_head(grid: Any, path: Path, band: int) -> None:
    """Refuse what is nowhere on Earth, holds no numbers, or cannot be unpacked piece by piece."""
    faults = Faults(str(path))
    if grid.crs is None or not grid.crs.is_valid:
        faults.add("has no coordinate system. Give a GeoTIFF, or set its system (gdal_edit -a_srs).")
    if grid.transform.is_identity or not _is_sound(grid.transform):
        faults.add("does not say where its cells lie. Give a GeoTIFF with its position.")
    if np.dtype(grid.dtypes[band - 1]).kind not in "iuf":
        faults.add(f"holds {grid.dtypes[band - 1]}. Give a grid of numbers of people.")
    block = grid.block_shapes[band - 1]
    if block[0] * block[1] > LARGEST_BLOCK:
        faults.add(f"is stored in pieces of {block[0]:,} by {block[1]:,} cells. Store it in tiles (COG).")
    faults.raise_if_any()


def _is_sound(transform: Any) -> bool:
    numbers = np.array(transform[:6], float)
    size = transform.a * transform.e - transform.b * transform.d
    return bool(np.isfinite(numbers).all() and size != 0)


def _window(grid: Any, area: Box | None, path: Path) -> Any:
    """The part of the grid that holds the city."""
    import rasterio.windows
    from rasterio.warp import transform_bounds

    whole = rasterio.windows.Window(0, 0, grid.width, grid.height)
    window = whole
    if area is not None:
        west, south, east, north = transform_bounds(
            "OGC:CRS84", grid.crs, area.west, area.south, area.east, area.north, densify_pts=21
        )
        columns, rows = _place(
            grid, np.array([west, west, east, east]), np.array([south, north, south, north])
        )
        first = max(0, int(np.floor(columns.min())) - 1), max(0, int(np.floor(rows.min())) - 1)
        last = (
            min(grid.width, int(np.ceil(columns.max())) + 1),
            min(grid.height, int(np.ceil(rows.max())) + 1),
        )
        if last[0] <= first[0] or last[1] <= first[1]:
            raise InputError(f"{path}: has no cell in the area of the streets. Give the grid of this city.")
        window = rasterio.windows.Window(first[0], first[1], last[0] - first[0], last[1] - first[1])
    if window.width * window.height > MOST_CELLS:
        raise InputError(
            f"{path}: {int(window.width):,} by {int(window.height):,} cells are to be read. "
            f"Give a coarser grid or the part that holds the city ({MOST_CELLS:,} cells at most)."
        )
    return window


def _values(grid: Any, band: int, window: Any, path: Path) -> tuple[np.ndarray, tuple[str, ...]]:
    """People of the cells, 0 where there is no data, and what was assumed."""
    values = grid.read(band, window=window)
    is_empty = grid.read_masks(band, window=window) == 0
    if values.dtype.kind == "f":
        is_empty |= np.isnan(values)
    values = np.where(is_empty, values.dtype.type(0), values)
    findings: tuple[str, ...] = ()
    if values.dtype.kind != "u" and (values < 0).any():
        odd = np.unique(values[values < 0])
        if len(odd) == 1 and odd[0] <= -1:
            findings = (f"{path.name}: the cells of {odd[0]:g} are read as cells without data.",)
            values = np.where(values < 0, values.dtype.type(0), values)
    faults = Faults(str(path))
    _note(faults, values < 0, values, window, "is negative", "Give people from 0, and a value for no data")
    is_odd = values > MOST_IN_CELL
    _note(faults, is_odd, values, window, "is beyond belief", "Give people per cell, and a value for no data")
    faults.raise_if_any()
    return values, findings


def _note(
    faults: Faults, is_bad: np.ndarray, values: np.ndarray, window: Any, what: str, remedy: str
) -> None:
    """One fault for the cells that break a rule, naming the first."""
    rows, columns = np.nonzero(is_bad)
    if len(rows):
        place = f"row {rows[0] + int(window.row_off) + 1}, column {columns[0] + int(window.col_off) + 1}"
        found = f"{values[rows[0], columns[0]]:g}, {place}"
        faults.add(f"{len(rows):,} cells: what they hold {what} (first: {found}). {remedy}.")


def _to_degrees(grid: Any, path: Path) -> Any:
    import pyproj

    try:
        return pyproj.Transformer.from_crs(grid.crs.to_wkt(), "OGC:CRS84", always_xy=True).transform
    except pyproj.exceptions.ProjError as error:
        raise InputError(
            f"{path}: its coordinate system is not known. Bring it to WGS84 (gdalwarp)."
        ) from error


def _corner(grid: Any, columns: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Positions in the grid's own system."""
    t = grid.transform
    return t.a * columns + t.b * rows + t.c, t.d * columns + t.e * rows + t.f


def _place(grid: Any, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Columns and rows of positions in the grid's own system: `_corner` undone."""
    t = grid.transform
    size = t.a * t.e - t.b * t.d
    return (t.e * (x - t.c) - t.b * (y - t.f)) / size, (t.a * (y - t.f) - t.d * (x - t.c)) / size


def _cells(grid: Any, rows: np.ndarray, columns: np.ndarray, to_degrees: Any) -> np.ndarray:
    """Outlines of cells, their sides straight in degrees."""
    corners = np.array([(0, 0), (0, 1), (1, 1), (1, 0), (0, 0)])
    across = (columns[:, None] + corners[:, 0]).ravel()
    down = (rows[:, None] + corners[:, 1]).ravel()
    lon, lat = to_degrees(*_corner(grid, across, down))
    return np.asarray(shapely.polygons(np.column_stack([lon, lat]).reshape(-1, 5, 2)), dtype=object)


def _cut(grid: Any, band: int, inside: float, cells: int, path: Path) -> tuple[str, ...]:
    """What of the whole grid is not in the city."""
    size = grid.width * grid.height
    step = max(int(grid.block_shapes[band - 1][0]), MOST_CELLS // (4 * grid.width))
    if size > MOST_COUNTED or step * grid.width > MOST_CELLS:
        return (
            f"{path.name}: the city is {cells:,} of {size:,} cells; people of the others are not counted.",
        )
    total = 0.0
    for row in range(0, grid.height, step):
        rows = (row, min(row + step, grid.height))
        values = grid.read(band, window=(rows, (0, grid.width)))
        is_known = (values > 0) & (values <= MOST_IN_CELL)
        if grid.nodata is not None:
            is_known &= values != grid.nodata
        total += float(values[is_known].sum(dtype=np.float64))
    return (
        f"{path.name}: cells are in the city or out of it by their middle: {inside:,.0f} people in {cells:,} cells "
        f"are in, {max(0.0, total - inside):,.0f} of the grid are outside the area of the streets.",
    )
