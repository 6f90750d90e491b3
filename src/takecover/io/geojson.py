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
    properties = rows.drop_columns([GEOMETRY])
    columns = [_texts(column) for column in properties.columns]
    names = [_ENCODER.encode(name).replace("%", "%%") for name in properties.column_names]
    own = ", ".join(f"{name}: %s" for name in names)
    feature = f'{{"type": "Feature", "properties": {{{own}}}, "geometry": %s}}'
    return [feature % row for row in zip(*columns, shapely.to_geojson(rounded).tolist(), strict=True)]


def _texts(column: pa.ChunkedArray) -> list[str]:
    """Each value of a column as JSON: by column takes half the time that it takes row by row."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    values = column.to_pylist()
    if pa.types.is_string(column.type):
        known = {value: _ENCODER.encode(value) for value in set(values)}
        return [known[value] for value in values]
    return _ENCODER.encode(values)[1:-1].split(", ") if values else []
