"""The tables of a plan as GeoJSON (RFC 7946), for tools that read nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from takecover.io.geoparquet import GEOMETRY

DECIMALS = 6
"""Decimals of a degree that are written: a tenth of a metre."""

ROWS_AT_A_TIME = 20_000
"""Rows turned into text at a time, so that a large table needs little memory."""

_ENCODER = json.JSONEncoder(ensure_ascii=False)
"""Made once: `json.dumps` makes one for each row."""


def write(table: pa.Table, path: Path, notes: Mapping[str, Any]) -> None:
    """Write a table with shapes as one FeatureCollection, one feature a line.

    Parameters
    ----------
    table
        Shapes stand as WKB in the column ``geometry``; every other column becomes a property.
    path
        File to write.
    notes
        What every output must carry; stands beside the features under ``takecover``.
    """
    head = json.dumps({"type": "FeatureCollection", "takecover": dict(notes)}, ensure_ascii=False)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(head[:-1] + ', "features": [')
        before = "\n"
        for begin in range(0, table.num_rows, ROWS_AT_A_TIME):
            lines = _features(table.slice(begin, ROWS_AT_A_TIME))
            file.write(before + ",\n".join(lines))
            before = ",\n"
        file.write("\n]}\n")


def _features(rows: pa.Table) -> list[str]:
    """Each row as a feature."""
    shapes = shapely.from_wkb(rows[GEOMETRY].to_pylist())
    rounded = shapely.transform(shapes, lambda degrees: np.round(degrees, DECIMALS))
    properties = rows.drop_columns([GEOMETRY]).to_pylist()
    return [
        f'{{"type": "Feature", "properties": {_ENCODER.encode(own)}, "geometry": {shape}}}'
        for own, shape in zip(properties, shapely.to_geojson(rounded), strict=True)
    ]
