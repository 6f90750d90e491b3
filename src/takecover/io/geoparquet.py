"""Tables in GeoParquet: plain columns, and one geometry in WKB by longitude and latitude on WGS84.

The same table gives the same bytes. Reading never trusts a file: its columns, types and gaps are checked first.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from takecover.errors import Faults
from takecover.io.arrow import gaps, marks, numbers, packed, unpacked

GEOMETRY = "geometry"
"""Name of the column of shapes (WKB, degrees, longitude first) in every table that has one."""

ROW_GROUP = 1 << 17
"""Rows that are packed together in a file."""

MOST_ROWS = 20_000_000
MOST_BYTES = 4_000_000_000
"""Largest table that is read, by rows and by the size that it says it has when unpacked."""


@dataclass(frozen=True)
class Field:
    """A column that a table must have.

    Attributes
    ----------
    name
        Its name.
    kind
        ``text``, ``int``, ``float``, ``bool`` or ``geometry``.
    may_be_empty
        True where a row need not have a value; a number is NaN then.
    """

    name: str
    kind: str
    may_be_empty: bool = False


def write(path: Path, columns: Mapping[str, np.ndarray], geometry: np.ndarray) -> None:
    """Write arrays as a table.

    Parameters
    ----------
    path
        File to write.
    columns
        Arrays of one length, by name; NaN is written as a gap.
    geometry
        Geometries [degree, WGS84], None where a row has none, shape (n,) object.
    """
    arrays = {name: _arrow(values) for name, values in columns.items()}
    arrays[GEOMETRY] = packed(shapely.to_wkb(geometry).tolist(), pa.binary())
    write_table(path, pa.table(arrays), {})


def write_columns(path: Path, columns: Mapping[str, np.ndarray]) -> None:
    """Write arrays of one length as a table without shapes; NaN is written as a gap."""
    write_table(path, pa.table({name: _arrow(values) for name, values in columns.items()}), {})


def write_table(path: Path, table: pa.Table, metadata: Mapping[str, str]) -> None:
    """Write a table as Parquet; as GeoParquet where it has shapes.

    Parameters
    ----------
    path
        File to write.
    table
        The table; shapes stand as WKB in the column ``geometry``, null where a row has none.
    metadata
        What else the file says of itself.

    References
    ----------
    GeoParquet 1.1.0, https://geoparquet.org/releases/v1.1.0/ ; without ``crs`` it is OGC:CRS84.
    """
    said = dict(metadata)
    if GEOMETRY in table.column_names:
        said["geo"] = json.dumps(_geo(table), sort_keys=True)
    # Without Arrow's own schema a packed column of text is plain text to every reader.
    with pq.ParquetWriter(path, table.schema, compression="zstd", store_schema=False) as writer:
        writer.write_table(table, row_group_size=ROW_GROUP)
        writer.add_key_value_metadata(said)


def _geo(table: pa.Table) -> dict[str, Any]:
    """GeoParquet's own metadata: the kinds of shapes that there are, and their box."""
    shapes = shapely.from_wkb(table[GEOMETRY].to_pylist())
    shapes = shapes[~shapely.is_missing(shapes)]
    kinds = {shapes[i].geom_type for i in np.unique(shapely.get_type_id(shapes), return_index=True)[1]}
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": sorted(kinds)}
    if len(shapes):
        column["bbox"] = [float(bound) for bound in shapely.total_bounds(shapes)]
    return {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}


def _arrow(values: np.ndarray) -> Any:
    """Texts as strings, and NaN as a gap, which every reader understands."""
    if values.dtype.kind == "U":
        return packed([text.encode() for text in values.tolist()], pa.string())
    if values.dtype.kind == "b":
        return marks(values)
    is_gap = np.isnan(values) if values.dtype.kind == "f" else np.zeros(0, np.bool_)
    return numbers(values, ~is_gap if is_gap.any() else None)


def read(path: Path, fields: Sequence[Field], faults: Faults) -> dict[str, np.ndarray] | None:
    """Read the columns of a table.

    Parameters
    ----------
    path
        File to read.
    fields
        What it must have; other columns are passed over.
    faults
        Takes everything that is wrong: a missing file or column, a wrong type, a gap.

    Returns
    -------
    dict or None
        Arrays by name; None where anything is wrong.
    """
    if not path.is_file():
        faults.add(f"{path.name}: is not there. Build the city again.")
        return None
    try:
        with pq.ParquetFile(path) as file:
            if not _is_readable(path, file, fields, faults):
                return None
            table = file.read([field.name for field in fields])
    except (pa.ArrowException, OSError) as error:
        text = str(error).splitlines()[0] if str(error) else type(error).__name__
        faults.add(f"{path.name}: is no table that can be read ({text:.120}). Build the city again.")
        return None
    columns = {field.name: _column(path, table[field.name], field, faults) for field in fields}
    found = {name: values for name, values in columns.items() if values is not None}
    return found if len(found) == len(fields) else None


def _is_readable(path: Path, file: pq.ParquetFile, fields: Sequence[Field], faults: Faults) -> bool:
    """True where the table is of a sane size and has every column in its type; notes what is not so."""
    rows = file.metadata.num_rows
    size = sum(file.metadata.row_group(i).total_byte_size for i in range(file.metadata.num_row_groups))
    if rows > MOST_ROWS or size > MOST_BYTES:
        faults.add(
            f"{path.name}: has {rows:,} rows and {size:,} bytes. Give at most {MOST_ROWS:,} and {MOST_BYTES:,}."
        )
        return False
    schema = file.schema_arrow
    is_good = True
    for field in fields:
        if schema.names.count(field.name) != 1:
            found = ", ".join(schema.names)[:200]
            faults.add(f"{path.name}: has no column '{field.name}' (it has {found}). Build the city again.")
            is_good = False
        elif not _ARROW_KINDS[field.kind](schema.field(field.name).type):
            found = schema.field(field.name).type
            faults.add(f"{path.name}: column '{field.name}' holds {found}. Give {field.kind}.")
            is_good = False
    return is_good


_ARROW_KINDS = {
    "text": lambda t: pa.types.is_string(t) or pa.types.is_large_string(t),
    "int": lambda t: pa.types.is_integer(t),
    "float": lambda t: pa.types.is_float32(t) or pa.types.is_float64(t) or pa.types.is_integer(t),
    "bool": pa.types.is_boolean,
    "geometry": lambda t: pa.types.is_binary(t) or pa.types.is_large_binary(t),
}


def _column(path: Path, column: Any, field: Field, faults: Faults) -> np.ndarray | None:
    """The values as an array, or None and a fault."""
    if column.null_count and not field.may_be_empty:
        rows = np.flatnonzero(gaps(column))
        shown = f"{len(rows)} of {len(column)} rows are empty (first: row {rows[0] + 1})"
        faults.add(f"{path.name}: column '{field.name}': {shown}. Give each a value.")
        return None
    if field.kind == "geometry":
        return _geometries(path, column, field, faults)
    if field.kind == "text":
        return np.array(column.to_pylist(), dtype=object)
    if field.kind == "float":
        return _numbers(path, column, field, pa.float64(), faults)
    if field.kind == "int":
        return _numbers(path, column, field, pa.int64(), faults)
    return unpacked(column)


def _numbers(path: Path, column: Any, field: Field, kind: Any, faults: Faults) -> np.ndarray | None:
    """The values as numbers of one kind, or None and a fault where one does not fit it."""
    try:
        return unpacked(column.cast(kind))
    except pa.ArrowInvalid:
        faults.add(
            f"{path.name}: column '{field.name}' holds numbers too large for {kind}. Give smaller ones."
        )
        return None


def _geometries(path: Path, column: Any, field: Field, faults: Faults) -> np.ndarray | None:
    values = np.empty(len(column), object)
    values[:] = column.to_pylist()
    shapes: np.ndarray = shapely.from_wkb(values, on_invalid="ignore")
    is_bad = (shapes == None) & (values != None)  # noqa: E711
    if is_bad.any():
        first = int(np.flatnonzero(is_bad)[0]) + 1
        faults.add(
            f"{path.name}: column '{field.name}': {is_bad.sum()} rows are no WKB (first: {first}). Mend them."
        )
        return None
    return shapes
