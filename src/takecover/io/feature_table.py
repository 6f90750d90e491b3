"""Reads points with properties from GeoJSON and GeoPackage as rows of text, with their longitude and latitude."""

from __future__ import annotations

import json
import math
import re
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from takecover.errors import Faults, InputError
from takecover.io import grids, json_text
from takecover.io.files import read_bytes
from takecover.io.sheet import MOST_COLUMNS, Sheet, unique_names

LARGEST_BYTES = 100_000_000
MOST_FEATURES = 500_000
MOST_FAULTS = 200
LON, LAT = "geometry lon", "geometry lat"
"""Columns that hold the point of each feature."""

WGS84 = 4326
_CRS84 = ("CRS84", "EPSG::4326", "EPSG:4326", "WGS84")


def read_geojson(path: Path) -> Sheet:
    """Read the features of a GeoJSON file; a line or an area stands for its middle.

    Raises
    ------
    SourceError
        If the file cannot be read.
    InputError
        If it is no FeatureCollection, or a feature is broken: all faults at once, each with its number.
    """
    document = _document(path)
    faults = Faults(str(path))
    features = document.get("features")
    if document.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise InputError(f"{path}: holds no FeatureCollection. Give GeoJSON with features.")
    if len(features) > MOST_FEATURES:
        raise InputError(f"{path}: has {len(features):,} features. Give at most {MOST_FEATURES:,}.")
    header: dict[str, None] = {LON: None, LAT: None}
    rows: list[dict[str, str]] = []
    for number, feature in enumerate(features, start=1):
        rows.append(_row(feature, number, faults))
        header.update(dict.fromkeys(rows[-1]))
        if len(header) > MOST_COLUMNS or len(faults.messages) >= MOST_FAULTS:
            faults.add(
                f"feature {number}: reading stopped. Give features of at most {MOST_COLUMNS:,} properties."
            )
            break
    if not features:
        faults.add("has no features. Give one at least.")
    unique_names([" ".join(name.split()) for name in header], faults)
    faults.raise_if_any()
    texts = tuple(tuple(row.get(name, "") for name in header) for row in rows)
    return Sheet(
        path,
        tuple(header),
        texts,
        tuple(range(1, len(rows) + 1)),
        unit="feature",
        epsg=_stated_epsg(document, path),
    )


def _document(path: Path) -> dict[str, Any]:
    try:
        document = json_text.parse(read_bytes(path, LARGEST_BYTES))
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            f"{path}: is no JSON in UTF-8 ({error!s:.80}). Save the list as GeoJSON anew."
        ) from error
    if not isinstance(document, dict):
        raise InputError(f"{path}: holds no FeatureCollection. Give GeoJSON with features.")
    return document


def _row(feature: Any, number: int, faults: Faults) -> dict[str, str]:
    """Texts of one feature by the names of its properties."""
    if not isinstance(feature, Mapping) or feature.get("type") != "Feature":
        faults.add(f"feature {number}: is no feature. Give type, geometry and properties.")
        return {}
    properties = feature.get("properties")
    row = {}
    if isinstance(properties, Mapping):
        row = {
            str(key)[:200]: _text(value) for key, value in properties.items() if str(key) not in (LON, LAT)
        }
    geometry = feature.get("geometry")
    if geometry is None:
        return row
    points = _points(geometry.get("coordinates")) if isinstance(geometry, Mapping) else None
    if points is None:
        faults.add(f"feature {number}: geometry has no finite coordinates. Give a Point in degrees, or null.")
        return row
    kind = geometry.get("type")
    lon, lat = points[0] if kind == "Point" else _middle(points)
    return {LON: repr(lon), LAT: repr(lat), **row}


def _points(coordinates: Any, depth: int = 0) -> list[tuple[float, float]] | None:
    """Every position of nested coordinates; None where one is no pair of finite numbers."""
    if depth > 5 or not isinstance(coordinates, list) or not coordinates:
        return None
    if all(isinstance(c, int | float) and not isinstance(c, bool) for c in coordinates):
        try:
            pair = [float(c) for c in coordinates[:2]]
        except OverflowError:
            return None
        return [(pair[0], pair[1])] if len(pair) == 2 and all(map(math.isfinite, pair)) else None
    points: list[tuple[float, float]] = []
    for part in coordinates:
        found = _points(part, depth + 1)
        if found is None:
            return None
        points.extend(found)
    return points


def _middle(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Middle of the box around some points."""
    lon, lat = zip(*points, strict=True)
    return (min(lon) + max(lon)) / 2, (min(lat) + max(lat)) / 2


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)[:1000]
    return str(value)[:32_767]


def _stated_epsg(document: Mapping[str, Any], path: Path) -> int:
    """The system of GeoJSON's old ``crs`` member; WGS84 where there is none, as RFC 7946 has it."""
    crs = document.get("crs")
    if not isinstance(crs, Mapping):
        return WGS84
    inner = crs.get("properties")
    name = str(inner.get("name", "")) if isinstance(inner, Mapping) else ""
    if not name or any(word in name for word in _CRS84):
        return WGS84
    match = re.search(r"EPSG:{1,2}(?:[\d.]*:)?(\d{4,6})$", name)
    if match is None or not grids.is_known(int(match[1])):
        raise InputError(f"{path}: crs {name!a:.60} is not known. Give WGS84 or an EPSG code.")
    return int(match[1])


def read_geopackage(path: Path, layer: str | None = None) -> Sheet:
    """Read a layer of points of a GeoPackage.

    Parameters
    ----------
    path
        The file.
    layer
        The layer; the only one, or the first with shapes, where None.

    Raises
    ------
    InputError
        If it is broken or has no such layer.
    """
    import pyogrio
    import shapely

    if path.stat().st_size > LARGEST_BYTES:
        raise InputError(f"{path}: is larger than {LARGEST_BYTES / 1e6:,.0f} MB. Give the list alone.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on marks that a writer left out; what cannot be read raises
            frame, chosen, layers = _frame(path, layer)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path}: is a broken GeoPackage ({error!s:.80}). Save it anew.") from error
    if len(frame) > MOST_FEATURES or len(frame.columns) > MOST_COLUMNS or len(frame) == 0:
        raise InputError(
            f"{path}: has {len(frame):,} features of {len(frame.columns):,} columns. Give 1 to {MOST_FEATURES:,}."
        )
    shapes = frame.geometry.to_numpy()
    bounds = shapely.bounds(shapes)
    middle = np.column_stack([(bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2])
    names = [str(name) for name in frame.columns if name != frame.geometry.name]
    columns = [[_cell(value) for value in frame[name].tolist()] for name in names]
    places = [[repr(float(v)) if math.isfinite(v) else "" for v in middle[:, k].tolist()] for k in (0, 1)]
    said = (f"layer {chosen!a:.60} of {len(layers)} is read",) if len(layers) > 1 else ()
    epsg = frame.crs.to_epsg() if frame.crs is not None else None
    rows = tuple(zip(*places, *columns, strict=True))
    return Sheet(
        path,
        (LON, LAT, *names),
        rows,
        tuple(range(1, len(rows) + 1)),
        "feature",
        said,
        epsg=epsg,
    )


def _frame(path: Path, layer: str | None) -> tuple[Any, str, list[str]]:
    """The rows of a layer, its name, and the layers that there are."""
    import geopandas
    import pyogrio

    layers = [str(name) for name, kind in pyogrio.list_layers(path).tolist() if kind]
    chosen = layer if layer is not None else (layers[0] if layers else "")
    if chosen not in layers:
        raise InputError(f"{path}: has no layer {chosen!a:.60}. Name one of {', '.join(layers)!a:.300}.")
    return geopandas.read_file(path, layer=chosen, max_features=MOST_FEATURES + 1), chosen, layers


def _cell(value: Any) -> str:
    is_nothing = value is None or (isinstance(value, float) and math.isnan(value)) or str(value) == "NaT"
    return "" if is_nothing else _text(value)
