"""Columns of a table built from memory as it lies, and read so.

`pyarrow.array` and `to_numpy` import all of pandas first, 0.2 s of processor time, more from a cold disk; what stands
here does not.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

_FLOATS = {"halffloat": "float16", "float": "float32", "double": "float64"}
"""Names that numpy has for Arrow's floats; whole numbers and truth values are called alike."""


def numbers(values: np.ndarray, is_known: np.ndarray | None = None) -> pa.Array:
    """Numbers; null where not known."""
    kind = pa.from_numpy_dtype(values.dtype)
    return pa.Array.from_buffers(
        kind, len(values), [_known(is_known), pa.py_buffer(np.ascontiguousarray(values))]
    )


def marks(values: np.ndarray) -> pa.Array:
    """Truth values."""
    return pa.Array.from_buffers(pa.bool_(), len(values), [None, _bits(values)])


def packed(values: Sequence[bytes | None], kind: pa.DataType) -> pa.Array:
    """Texts or shapes, one after the other; null where there is none."""
    is_known = np.array([value is not None for value in values], np.bool_)
    whole = [value or b"" for value in values]
    ends = np.zeros(len(whole) + 1, np.int32)
    np.cumsum([len(value) for value in whole], out=ends[1:])
    known = None if is_known.all() else _known(is_known)
    return pa.Array.from_buffers(kind, len(whole), [known, pa.py_buffer(ends), pa.py_buffer(b"".join(whole))])


def unpacked(column: pa.ChunkedArray) -> np.ndarray:
    """Numbers or truth values of a column as an array of their own; NaN for each gap.

    Parameters
    ----------
    column
        Of whole numbers, floats or truth values; whole numbers with a gap become floats.
    """
    parts = [_values(chunk) for chunk in column.chunks]
    return np.concatenate(parts) if parts else np.zeros(0, _dtype(column.type))


def gaps(column: pa.ChunkedArray) -> np.ndarray:
    """True where a column has no value, shape (n,) bool."""
    return unpacked(column.is_null())


def _values(chunk: pa.Array) -> np.ndarray:
    bits, memory = chunk.buffers()
    first, end = chunk.offset, chunk.offset + len(chunk)
    if memory is None:
        return np.full(len(chunk), np.nan)
    values = (
        _truths(memory, end)[first:]
        if pa.types.is_boolean(chunk.type)
        else np.frombuffer(memory, _dtype(chunk.type), count=end)[first:]
    )
    if not chunk.null_count:
        return values
    return np.where(_truths(bits, end)[first:], values, np.nan)


def _dtype(kind: pa.DataType) -> np.dtype[np.generic]:
    """The type of numbers or truth values; older versions of Arrow import pandas to tell."""
    return np.dtype(_FLOATS.get(str(kind), str(kind)))


def _truths(memory: pa.Buffer, count: int) -> np.ndarray:
    return np.unpackbits(np.frombuffer(memory, np.uint8), count=count, bitorder="little").view(np.bool_)


def _known(is_known: np.ndarray | None) -> pa.Buffer | None:
    return None if is_known is None else _bits(is_known)


def _bits(values: np.ndarray) -> pa.Buffer:
    return pa.py_buffer(np.packbits(values, bitorder="little").tobytes())
