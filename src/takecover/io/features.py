"""Reads shapes with their columns from GeoJSON, GeoPackage or a shapefile, by longitude and latitude on WGS84.

Only files that are there are opened, with the driver of their ending: no address, no archive, no virtual format.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from takecover.errors import Faults, InputError, SourceError

SUFFIXES = (".geojson", ".json", ".gpkg", ".shp")
"""Endings of the files that are read."""

LARGEST_BYTES = 400_000_000
MOST_FEATURES = 2_000_000
MOST_COLUMNS = 1000
MOST_VERTICES = 30_000_000
"""Corners of all shapes together; more would not fit the memory of a small machine."""

_DRIVERS = {".geojson": "GeoJSON", ".json": "GeoJSON", ".gpkg": "GPKG", ".shp": "ESRI Shapefile"}


@dataclass(frozen=True, eq=False)
class Features:
    """Shapes and their columns, in the order of the file.

    Attributes
    ----------
    path
        The file.
    columns
        Values of each column by its name, shape (r,).
    shapes
        Geometries [degree, WGS84], None where a row has none, shape (r,) object.
    findings
        What was assumed, as sentences.
    """

    path: Path
    columns: Mapping[str, np.ndarray]
    shapes: np.ndarray
    findings: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.shapes)

    @property
    def line(self) -> np.ndarray:
        """Row of the file, from 1, shape (r,) int64."""
        return np.arange(1, len(self) + 1, dtype=np.int64)

    def texts(self, name: str) -> list[str]:
        """Values of a column as text, blanks at the ends cut off; empty where a row has none. 5.0 is ``5``."""
        return [_text(value) for value in self.columns[name].tolist()]

    def numbers(self, name: str, faults: Faults, *, least: float = 0.0) -> np.ndarray:
        """Values of a column as numbers, NaN where a row has none; a fault for those that are no such number.

        Parameters
        ----------
        name
            The column.
        faults
            Takes what is wrong.
        least
            The least that is allowed.
        """
        values = np.full(len(self), np.nan)
        is_odd = np.zeros(len(self), bool)
        for k, text in enumerate(self.texts(name)):
            if text:
                try:
                    values[k] = float(text.replace(",", "."))
                except ValueError:
                    is_odd[k] = True
        shown = self.columns[name]
        faults.add_rows(name, is_odd, self.line, shown, "are no numbers", "Give numbers, or nothing")
        is_odd = np.isinf(values) | (values > 1e9)
        faults.add_rows(name, is_odd, self.line, shown, "are beyond belief", "Give the people themselves")
        what = "are negative" if least == 0 else f"are below {least:g}"
        faults.add_rows(name, values < least, self.line, shown, what, f"Give {least:g} or more, or nothing")
        return values


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()


def read(path: Path) -> Features:
    """Read a file of shapes.

    Parameters
    ----------
    path
        File that ends in one of `SUFFIXES` and has one layer of shapes.

    Raises
    ------
    SourceError
        If the file is not there or cannot be read.
    InputError
        If it is too large, is of another kind, or does not say where on Earth it is.
    """
    import pyogrio.raw
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

    _check_file(path)
    with warnings.catch_warnings():
        # What GDAL warns of is checked here, shape by shape.
        warnings.simplefilter("ignore")
        try:
            layer = _layer(path)
            meta, _, shapes, values = pyogrio.raw.read(
                path, layer=layer, force_2d=True, datetime_as_string=True
            )
        except (DataSourceError, DataLayerError, FeatureError, ValueError, RuntimeError) as error:
            if isinstance(error, InputError):
                raise
            text = " ".join(str(error).split())
            raise InputError(
                f"{path}: is no {_DRIVERS[path.suffix.lower()]} that can be read ({text:.160}). Export it again."
            ) from error
    if shapes is None:
        raise InputError(f"{path}: has no shapes. Give a file with outlines or points.")
    with np.errstate(all="ignore"):
        geometries = shapely.from_wkb(shapes, on_invalid="ignore")
    vertices = int(shapely.get_num_coordinates(geometries).sum())
    if vertices > MOST_VERTICES:
        raise InputError(
            f"{path}: has {vertices:,} corners. Simplify the shapes to {MOST_VERTICES:,} at most."
        )
    geometries, findings = _to_degrees(geometries, meta["crs"], path)
    columns = dict(zip(meta["fields"].tolist(), values, strict=True))
    return Features(path, columns, geometries, findings)


def _check_file(path: Path) -> None:
    """Refuse what is not there, is too large or has another ending."""
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(
            f"{path}: ends in none of {', '.join(SUFFIXES)}. Export it as GeoJSON or GeoPackage."
        )
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            file.read(1)
    except FileNotFoundError as error:
        raise SourceError(f"{path}: is not there. Give the path of a file.") from error
    except OSError as error:
        raise SourceError(
            f"{path}: cannot be read ({error.strerror or error}). Give a file that can."
        ) from error
    if size > LARGEST_BYTES:
        raise InputError(
            f"{path}: is larger than {LARGEST_BYTES / 1e6:,.0f} MB. Give the part that holds the city."
        )


def _layer(path: Path) -> str:
    """The one layer that has shapes; its size is looked at before it is read."""
    import pyogrio

    layers = [str(name) for name, kind in pyogrio.list_layers(path).tolist() if kind is not None]
    if not layers:
        raise InputError(f"{path}: has no layer of shapes. Give a file with outlines or points.")
    if len(layers) > 1:
        shown = ", ".join(layers)[:200]
        raise InputError(
            f"{path}: has {len(layers)} layers ({shown}). Export the one that is meant by itself."
        )
    info = pyogrio.read_info(path, layer=layers[0])
    if info["driver"] != _DRIVERS[path.suffix.lower()]:
        raise InputError(
            f"{path}: is {info['driver']!a:.60}, not what its ending says. Give it its right ending."
        )
    if info["features"] > MOST_FEATURES or len(info["fields"]) > MOST_COLUMNS:
        raise InputError(
            f"{path}: has {info['features']:,} rows and {len(info['fields']):,} columns. "
            f"Give at most {MOST_FEATURES:,} and {MOST_COLUMNS:,}."
        )
    return layers[0]


def _to_degrees(shapes: np.ndarray, system: str | None, path: Path) -> tuple[np.ndarray, tuple[str, ...]]:
    """The shapes by longitude and latitude, and what was assumed."""
    import pyproj

    if system is None:
        with np.errstate(all="ignore"):
            bounds = np.abs(shapely.total_bounds(shapes))
        if not (bounds[[0, 2]].max() <= 180 and bounds[[1, 3]].max() <= 90):
            remedy = "Export it in WGS84 (EPSG:4326)"
            raise InputError(f"{path}: has no coordinate system and its numbers are no degrees. {remedy}.")
        return shapes, (
            f"{path.name}: names no coordinate system; its numbers are read as degrees of WGS84.",
        )
    try:
        given = pyproj.CRS.from_user_input(system)
        transform = pyproj.Transformer.from_crs(given, "OGC:CRS84", always_xy=True)
    except pyproj.exceptions.ProjError as error:
        text = " ".join(str(error).split())
        raise InputError(f"{path}: coordinate system {system!a:.80} is not known ({text:.100}).") from error
    if given.is_geographic and given.equals("OGC:CRS84", ignore_axis_order=True):
        return shapes, ()
    with np.errstate(all="ignore"):
        moved = shapely.transform(shapes, transform.transform, interleaved=False)
    return moved, (f"{path.name}: brought from {given.name[:60]} to degrees of WGS84.",)
