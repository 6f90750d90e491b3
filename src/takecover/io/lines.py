"""Reads streets from lines in GeoJSON or a GeoPackage. Lines meet where the end of one lies on a point of another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from takecover.analysis.parsed import ParsedStreets
from takecover.errors import Faults, InputError
from takecover.io import foot
from takecover.io.osm_data import ATTRIBUTION
from takecover.model.city import Source

MOST_LINES, MOST_POINTS = 5_000_000, 60_000_000
"""More than a city has."""

MOST_FAULTS = 100
"""After so many broken lines reading stops."""

SAME_PLACE_DEGREES = 1e-7
"""Points nearer than about this are one point; some 1 cm, as exact as OpenStreetMap is."""

_TAG = re.compile(r'"((?:[^"\\]|\\.){0,255})"=>"((?:[^"\\]|\\.){0,255})"')
_UNIT = round(1 / SAME_PLACE_DEGREES)


@dataclass
class Lines:
    """Lines as a file gives them, with what it says of each.

    Attributes
    ----------
    points
        Longitude and latitude [degree, WGS84] or, before they are projected back, whatever the file has, one array
        of shape (k, 2) float64 for each line.
    tags
        What the file says of each line: its columns that are texts.
    features
        Number of the feature that each line is a part of, from 1.
    others
        Features that are no lines.
    """

    points: list[np.ndarray] = field(default_factory=list)
    tags: list[dict[str, str]] = field(default_factory=list)
    features: list[int] = field(default_factory=list)
    others: int = 0

    def add(self, points: np.ndarray, columns: Mapping[str, Any], feature: int) -> None:
        """Keep a line."""
        self.points.append(points)
        self.tags.append(_tags(columns))
        self.features.append(feature)


def streets(lines: Lines, path: Path, *, is_private_open: bool = False) -> ParsedStreets:
    """Make streets of lines.

    Parameters
    ----------
    lines
        The lines, in degrees of WGS84.
    path
        The file that they come from.
    is_private_open
        True to let people onto private ways.

    Returns
    -------
    ParsedStreets
        Every point of a walkable line is a node. Points at the same place are one node where a line ends there;
        where two lines only cross there, they pass over one another, as on a bridge.

    Raises
    ------
    InputError
        If a point is no place on earth: all faults at once.
    """
    _check(lines, path)
    has_kinds = any("highway" in tags for tags in lines.tags)
    kept = [
        k
        for k, t in enumerate(lines.tags)
        if not has_kinds or foot.is_walkable(t, is_private_open=is_private_open)
    ]
    senses = [foot.direction(lines.tags[k]) for k in kept]
    points = [lines.points[k][:: -1 if s < 0 else 1] for k, s in zip(kept, senses, strict=True)]
    sizes = np.array([len(p) for p in points], dtype=np.int64)
    flat = np.concatenate(points) if points else np.zeros((0, 2))
    line = np.repeat(np.arange(len(points)), sizes)
    nodes, crossings = _nodes(flat, line)
    first = np.flatnonzero((line[:-1] == line[1:]) & (nodes[:-1] != nodes[1:]))
    node_ids, at = np.unique(nodes, return_index=True)
    owner = line[first]
    kinds = [foot.kind(lines.tags[k]) if has_kinds else "residential" for k in kept]

    def each(values: Sequence[Any], kind: type) -> np.ndarray:
        return np.array(values, dtype=kind)[owner]

    return ParsedStreets(
        node_ids=node_ids,
        lon=flat[at, 0].copy(),
        lat=flat[at, 1].copy(),
        way_ids=np.array(kept, dtype=np.int64)[owner] + 1,
        tail=np.searchsorted(node_ids, nodes[first]),
        head=np.searchsorted(node_ids, nodes[first + 1]),
        highway=each(kinds, np.str_),
        is_steps=each([foot.is_stair(lines.tags[k]) for k in kept], bool),
        is_oneway=each([sense != 0 for sense in senses], bool),
        is_off_ground=each([foot.is_off_ground(lines.tags[k]) for k in kept], bool),
        source=_source(path, is_osm=has_kinds),
        findings=_findings(lines, len(kept), crossings, has_kinds=has_kinds),
    )


def _nodes(points: np.ndarray, line: np.ndarray) -> tuple[np.ndarray, int]:
    """The node that each point belongs to, as a number that hangs on its place, and how often lines only cross."""
    place = np.round(points * _UNIT).astype(np.int64)
    order = np.lexsort((np.arange(len(line)), place[:, 1], place[:, 0]))
    is_new = np.ones(len(order), bool)
    is_new[1:] = (np.diff(place[order], axis=0) != 0).any(axis=1)
    group = np.empty(len(order), np.int64)
    group[order] = np.cumsum(is_new) - 1
    is_end = np.ones(len(line), bool)
    is_end[1:-1] = (line[1:-1] != line[:-2]) | (line[1:-1] != line[2:])
    groups = int(is_new.sum())
    is_joined = np.bincount(group, is_end, groups) > 0
    node = np.empty(len(line), np.int64)
    node[order] = np.maximum.accumulate(np.where(is_new | ~is_joined[group[order]], np.arange(len(order)), 0))
    several = np.bincount(group, minlength=groups) > 1
    return node, int((several & ~is_joined).sum())


def _check(lines: Lines, path: Path) -> None:
    faults = Faults(str(path))
    for feature, points in zip(lines.features, lines.points, strict=True):
        with np.errstate(invalid="ignore"):
            is_place = np.isfinite(points).all(axis=1) & (np.abs(points) <= (180, 90)).all(axis=1)
        if not is_place.all() and len(faults.messages) < MOST_FAULTS:
            bad = points[~is_place][0].tolist()
            faults.add(
                f"feature {feature:,}: {bad} is no place. Give degrees, WGS84, or name the system in it."
            )
    faults.raise_if_any()
    if not lines.points:
        raise InputError(f"{path}: holds no line. Give streets as lines (LineString).")


def _tags(columns: Mapping[str, Any]) -> dict[str, str]:
    """Columns that are texts, and the tags that GDAL packs into one column."""
    tags = {name: value for name, value in columns.items() if isinstance(value, str) and value}
    for name, value in _TAG.findall(tags.pop("other_tags", "")[:100_000]):
        tags.setdefault(name, value)
    return tags


def _source(path: Path, *, is_osm: bool) -> Source:
    if is_osm:
        return Source("streets", f"{path.name}, by its columns OpenStreetMap", "ODbL 1.0", "", ATTRIBUTION)
    return Source("streets", path.name, "not stated")


def _findings(lines: Lines, kept: int, crossings: int, *, has_kinds: bool) -> tuple[str, ...]:
    told = []
    total = len(lines.points)
    if not has_kinds:
        told.append(
            f"Streets: no column says what kind of street a line is (highway); all {total:,} are taken as residential "
            "streets that people may walk."
        )
    if kept < total:
        told.append(
            f"Streets: {total - kept:,} of {total:,} lines are closed to people on foot and left out."
        )
    if crossings:
        told.append(
            f"Streets: at {crossings:,} points lines cross and none ends: taken as bridges, not joined. "
            "Split the lines where they meet."
        )
    if lines.others:
        told.append(f"Streets: {lines.others:,} features are no lines and are left out.")
    return tuple(told)


def of_geojson(document: Mapping[str, Any], path: Path) -> Lines:
    """Lines of a feature collection, in degrees.

    Raises
    ------
    InputError
        If features are broken: all faults at once.
    """
    faults = Faults(str(path))
    lines = Lines()
    features = document.get("features")
    if not isinstance(features, list):
        raise InputError(f"{path}: has no list 'features'. Give a GeoJSON FeatureCollection of lines.")
    for number, feature in enumerate(features, 1):
        if len(faults.messages) >= MOST_FAULTS:
            faults.add(f"features: reading stopped after {number:,} of them.")
            break
        try:
            _take(feature, number, lines)
        except (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError):
            faults.add(
                f"feature {number:,}: is no feature with a line of numbers. Give a GeoJSON LineString."
            )
    faults.raise_if_any()
    crs = document.get("crs")
    said = crs.get("properties") if isinstance(crs, dict) else None
    name = said.get("name") if isinstance(said, dict) else None
    if isinstance(name, str) and "CRS84" not in name:
        lines.points = _to_degrees(lines.points, name, path)
    return lines


def _take(feature: Any, number: int, lines: Lines) -> None:
    geometry = feature["geometry"]
    kind = geometry["type"] if geometry is not None else ""
    columns = feature.get("properties") or {}
    if kind not in ("LineString", "MultiLineString"):
        lines.others += 1
        return
    coordinates = geometry["coordinates"]
    for part in [coordinates] if kind == "LineString" else coordinates:
        points = np.array([(_number(p[0]), _number(p[1])) for p in part], dtype=np.float64).reshape(-1, 2)
        if len(points) > 1:
            lines.add(points, columns, number)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("no number")
    return float(value)


def of_geopackage(path: Path) -> Lines:
    """Lines of the one layer of lines of a GeoPackage, in degrees.

    Raises
    ------
    InputError
        If the file is broken, has no such layer or several, or its layer is no plain table.
    """
    import warnings

    import pyogrio

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            layers = [str(name) for name, kind in pyogrio.list_layers(path) if "Line" in str(kind)]
            if len(layers) != 1:
                shown = ", ".join(layers[:10]) or "none"
                raise InputError(
                    f"{path}: needs one layer of lines, found {len(layers)} ({shown:.200}). Export one."
                )
            _refuse_view(path, layers[0])
            frame = pyogrio.read_dataframe(path, layer=layers[0], max_features=MOST_LINES + 1)
    except (RuntimeError, ValueError, TypeError, MemoryError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            f"{path}: is no GeoPackage that can be read ({error!s:.120}). Export it again."
        ) from error
    if len(frame) > MOST_LINES:
        raise InputError(f"{path}: holds more than {MOST_LINES:,} lines. Give the part that holds the city.")
    lines = Lines()
    for number, (geometry, columns) in enumerate(_rows(frame), 1):
        parts = getattr(geometry, "geoms", [geometry]) if geometry is not None else []
        for part in parts:
            if part.geom_type == "LineString" and not part.is_empty:
                lines.add(np.array(part.coords)[:, :2], columns, number)
            else:
                lines.others += 1
    if frame.crs is None:
        raise InputError(
            f"{path}: does not say its coordinate system. Export it with one, such as EPSG:4326."
        )
    if frame.crs.to_epsg() != 4326:
        lines.points = _to_degrees(lines.points, frame.crs, path)
    return lines


def _rows(frame: Any) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Geometry and columns of each row."""
    columns = frame.drop(columns="geometry").to_dict("records")
    return zip(frame.geometry, columns or [{}] * len(frame), strict=True)


def _refuse_view(path: Path, layer: str) -> None:
    """A view may compute rows without end; only a table is read."""
    import sqlite3

    try:
        with sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True) as base:
            kinds = base.execute("select type from sqlite_master where name = ?", (layer,)).fetchall()
        base.close()
    except sqlite3.Error as error:
        raise InputError(f"{path}: is no GeoPackage that can be read ({error}). Export it again.") from error
    if kinds != [("table",)]:
        raise InputError(f"{path}: layer {layer!a:.60} is no table. Export it as one.")


def _to_degrees(points: list[np.ndarray], system: Any, path: Path) -> list[np.ndarray]:
    """The points in degrees of WGS84."""
    import pyproj

    try:
        project = pyproj.Transformer.from_crs(system, "EPSG:4326", always_xy=True)
    except pyproj.exceptions.CRSError as error:
        raise InputError(
            f"{path}: its coordinate system {str(system)!a:.80} is not known. Use EPSG:4326."
        ) from error
    if not points:
        return points
    flat = np.concatenate(points)
    turned = np.column_stack(project.transform(flat[:, 0], flat[:, 1]))
    return np.split(turned, np.cumsum([len(p) for p in points])[:-1])
