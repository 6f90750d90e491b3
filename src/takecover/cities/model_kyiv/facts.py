"""The facts that Model Kyiv is made from: packaged tables, typed in by hand and read as they stand."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources

import numpy as np
import shapely

from takecover.errors import InternalError

COLUMNS = {
    "stations.csv": (
        "name",
        "name_uk",
        "line",
        "lon",
        "lat",
        "is_shelter",
        "is_step_free",
        "build",
        "depth_m",
    ),
    "districts.csv": ("zone_id", "name", "name_uk", "people", "shelters"),
    "corners.csv": ("corner", "lon", "lat"),
    "outlines.csv": ("zone_id", "corners"),
    "shores.csv": ("ring", "lon", "lat"),
    "plateau.csv": ("lon", "lat"),
    "bridges.csv": (
        *("bridge", "name", "name_uk", "west_lon", "west_lat", "east_lon", "east_lat"),
        *("has_footway", "standing", "note"),
    ),
    "quarters.csv": ("quarter", "lon", "lat", "radius_m", "people_per_ha", "streets"),
    "kinds.csv": (
        *("type", "kind", "name", "shelters", "median_places", "spread", "doors", "standing", "source"),
    ),
    "sources.csv": ("subject", "name", "licence", "dated", "attribution"),
}
"""Columns of each table."""

RIVER_RING = "dnipro"
"""The ring of shores.csv that is the outer edge of the water; the other rings are islands."""


@cache
def rows(table: str) -> tuple[dict[str, str], ...]:
    """The rows of one fact table, as text.

    Raises
    ------
    InternalError
        The packaged table does not have its columns.
    """
    text = resources.files(__package__).joinpath(table).read_text(encoding="utf-8")
    reader = csv.DictReader(text.splitlines(), strict=True)
    found = tuple(reader)
    if tuple(reader.fieldnames or ()) != COLUMNS[table] or any(
        None in row or None in row.values() for row in found
    ):
        raise InternalError(f"{table}: a row does not have exactly the columns {', '.join(COLUMNS[table])}.")
    return found


def texts(table: str, column: str) -> np.ndarray:
    """One column as text, shape (rows,)."""
    return np.array([row[column] for row in rows(table)], dtype=np.str_)


def numbers(table: str, column: str) -> np.ndarray:
    """One column as float64, shape (rows,)."""
    return np.array([float(row[column]) for row in rows(table)])


def counts(table: str, column: str) -> np.ndarray:
    """One column as int64, shape (rows,)."""
    return np.array([int(row[column]) for row in rows(table)], dtype=np.int64)


def marks(table: str, column: str) -> np.ndarray:
    """One column of yes and no as bool, shape (rows,)."""
    return np.array([row[column] == "yes" for row in rows(table)])


def district_outlines() -> np.ndarray:
    """Outline of each district [degree], in the order of districts.csv, shape (10,) Polygon.

    Neighbours share the corners of corners.csv, so that they meet without gap or overlap.
    """
    corner = {row["corner"]: (float(row["lon"]), float(row["lat"])) for row in rows("corners.csv")}
    ring = {row["zone_id"]: [corner[name] for name in row["corners"].split()] for row in rows("outlines.csv")}
    return np.array([shapely.Polygon(ring[row["zone_id"]]) for row in rows("districts.csv")], dtype=object)


def water() -> shapely.Polygon:
    """The Dnipro [degree], its islands left out as holes."""
    names, points = texts("shores.csv", "ring"), _points("shores.csv")
    islands = [points[names == name] for name in dict.fromkeys(names.tolist()) if name != RIVER_RING]
    return shapely.Polygon(points[names == RIVER_RING], islands)


def plateau() -> shapely.Polygon:
    """The high ground of the right bank [degree]; its eastern edge is the top of the slopes."""
    return shapely.Polygon(_points("plateau.csv"))


def footbridges() -> np.ndarray:
    """Ends of each bridge that people may walk [degree], shape (b, 2, 2): west and east end, lon and lat."""
    ends = [numbers("bridges.csv", name) for name in ("west_lon", "west_lat", "east_lon", "east_lat")]
    pairs: np.ndarray = np.stack(ends, axis=1).reshape(-1, 2, 2)[marks("bridges.csv", "has_footway")]
    return pairs


def _points(table: str) -> np.ndarray:
    return np.stack([numbers(table, "lon"), numbers(table, "lat")], axis=1)
