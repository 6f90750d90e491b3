"""Columns are read from memory as it lies, whatever piece of a table they are, with the values that Arrow gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from takecover.io.arrow import gaps, unpacked

COLUMNS = {
    "whole": pa.chunked_array([[1, -2], [3]], pa.int64()),
    "whole, with a gap": pa.chunked_array([[1, None], [3]], pa.int64()),
    "short": pa.chunked_array([[7, 8], [9]], pa.int32()),
    "float": pa.chunked_array([[1.5, -0.0], [float("nan")]], pa.float64()),
    "float, with gaps": pa.chunked_array([[1.5, None], [None]], pa.float64()),
    "no value at all": pa.chunked_array([pa.nulls(3, pa.float64())]),
    "truth": pa.chunked_array([[True, False], [True]], pa.bool_()),
}


@pytest.mark.parametrize("name", COLUMNS)
@pytest.mark.parametrize(("first", "count"), [(0, 3), (1, 2), (1, 1), (2, 1), (0, 0)])
def test_values_are_those_that_arrow_gives(name: str, first: int, count: int) -> None:
    column = COLUMNS[name].slice(first, count)
    values: Any = unpacked(column)
    wanted = np.asarray(column.to_numpy())
    assert np.array_equal(values, wanted, equal_nan=wanted.dtype.kind == "f")
    assert values.flags.writeable
    assert gaps(column).tolist() == column.is_null().to_pylist()


def test_a_column_without_any_piece_keeps_its_kind() -> None:
    values = unpacked(pa.chunked_array([], pa.int64()))
    assert (values.dtype, len(values)) == (np.int64, 0)
