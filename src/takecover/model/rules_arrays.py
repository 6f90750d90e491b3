"""The rules that every table shares: shape, type, ids, texts, positions, indices.

Each rule is one small function that notes what it finds in a `Faults` and never raises.
"""

from __future__ import annotations

import dataclasses
from collections.abc import MutableMapping, Sequence
from typing import Any, TypeVar

import numpy as np

from takecover.dtypes import INDEX, NO_INDEX
from takecover.errors import Faults

LONGEST_TEXT = 500
"""Characters of a text that a table may hold; more is no name."""

_LINE_AND_DIRECTION_MARKS = (0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))

Table = TypeVar("Table")


@dataclasses.dataclass(frozen=True)
class Column:
    """One array of a table.

    Attributes
    ----------
    name
        Attribute that holds it.
    dtype
        Type that it must have; `str` for text of any width, `object` for geometries.
    dims
        Name of each dimension: columns that share a name share a length.
    """

    name: str
    dtype: Any
    dims: tuple[str, ...] = ("row",)


SNAP_COLUMNS = (
    Column("segment_idx", INDEX),
    Column("fraction", np.float64),
    Column("offset_m", np.float64),
)


def admit_arrays(
    table: Table,
    subject: str,
    columns: Sequence[Column],
    faults: Faults,
    sizes: MutableMapping[str, int] | None = None,
) -> Table | None:
    """The table with every array contiguous, of its right type and read-only.

    An array that is right already is frozen where it stands, not copied: what is handed in belongs to the model.

    Parameters
    ----------
    table
        A dataclass of arrays.
    subject
        Its name in messages.
    columns
        What it must hold.
    faults
        Takes what is wrong.
    sizes
        Lengths of dimensions already known; those found here are added.

    Returns
    -------
    Table or None
        None where an array has a wrong type or shape, so that no rule can look at its values.
    """
    sizes = {} if sizes is None else sizes
    good: dict[str, np.ndarray] = {}
    for column in columns:
        field = f"{subject}.{column.name}"
        array = _typed(np.asarray(getattr(table, column.name)), column.dtype, field, faults)
        if array is not None and _has_shape(array, column, field, sizes, faults):
            array.flags.writeable = False
            good[column.name] = array
    if len(good) < len(columns):
        return None
    if all(getattr(table, name) is array for name, array in good.items()):
        return table
    replaced: Table = dataclasses.replace(table, **good)  # type: ignore[type-var]
    return replaced


def _typed(array: np.ndarray, dtype: Any, field: str, faults: Faults) -> np.ndarray | None:
    """The array in its right type where nothing is lost by it, else None and a fault."""
    if array.ndim == 0:
        faults.add(f"{field}: is one value, not a column. Give an array.")
        return None
    if dtype is str:
        return _text(array, field, faults)
    if dtype is object:
        return np.ascontiguousarray(array, object)
    wanted = np.dtype(dtype)
    kinds = {"b": "b", "i": "iuf", "f": "iuf"}[wanted.kind]
    if array.dtype.kind not in kinds:
        faults.add(f"{field}: holds {array.dtype}, not {wanted}. Give {wanted}.")
        return None
    if wanted.kind == "i" and array.dtype != wanted and not _fits(array, wanted):
        faults.add(f"{field}: holds values that are not whole numbers of {wanted}. Give whole numbers.")
        return None
    return np.ascontiguousarray(array, wanted)


def _fits(array: np.ndarray, wanted: np.dtype[Any]) -> bool:
    """True where each value is a whole number that the type holds."""
    if array.dtype.kind == "f" and not (np.isfinite(array).all() and (array == np.trunc(array)).all()):
        return False
    bounds = np.iinfo(wanted)
    return not array.size or (int(array.min()) >= bounds.min and int(array.max()) <= bounds.max)


def _text(array: np.ndarray, field: str, faults: Faults) -> np.ndarray | None:
    """The texts as a unicode array; None and a fault where a value is no text or far too long."""
    if array.dtype.kind == "U":
        return np.ascontiguousarray(array)
    values = array.ravel().tolist()
    strange = next((v for v in values if not isinstance(v, str)), None) if values else None
    if strange is not None or None in values:
        faults.add(f"{field}: holds {strange!r:.80}, which is no text. Give text, empty where unknown.")
        return None
    longest = max(map(len, values), default=0)
    if longest > LONGEST_TEXT:
        faults.add(f"{field}: holds a text of {longest} characters. Give at most {LONGEST_TEXT}.")
        return None
    return np.array(values, dtype=np.str_).reshape(array.shape)


def _has_shape(
    array: np.ndarray, column: Column, field: str, sizes: MutableMapping[str, int], faults: Faults
) -> bool:
    """True where the array has its dimensions and each is as long as elsewhere."""
    if array.ndim != len(column.dims):
        faults.add(
            f"{field}: has {array.ndim} dimensions. Give {len(column.dims)}: {', '.join(column.dims)}."
        )
        return False
    for dim, found in zip(column.dims, array.shape, strict=True):
        wanted = sizes.setdefault(dim, found)
        if found != wanted:
            faults.add(
                f"{field}: has {found} entries by {dim} where others have {wanted}. Give one for each {dim}."
            )
            return False
    return True


def ids_are_names(field: str, ids: np.ndarray, faults: Faults) -> None:
    """Ids are not empty, without blank ends and control characters, and each stands once."""
    faults.add_rows(field, np.asarray(np.strings.str_len(ids) == 0), ids, ids, "are empty", "Give each an id")
    faults.add_rows(
        field,
        np.asarray(np.strings.strip(ids) != ids),
        ids,
        ids,
        "begin or end with a blank",
        "Cut the blanks off",
    )
    texts_are_printable(field, ids, ids, faults)
    ids_are_unique(field, ids, faults)


def ids_are_unique(field: str, ids: np.ndarray, faults: Faults) -> None:
    """Each id stands once."""
    order = np.argsort(ids, kind="stable")
    is_repeated = np.zeros(len(ids), bool)
    is_repeated[order[1:]] = ids[order[1:]] == ids[order[:-1]]
    faults.add_rows(field, is_repeated, ids, ids, "repeat an id", "Give each row an id of its own")


def texts_are_printable(field: str, texts: np.ndarray, ids: np.ndarray, faults: Faults) -> None:
    """Texts are at most 500 characters long and hold no control or direction marks and no broken Unicode."""
    length = np.strings.str_len(texts)
    too_long = length > LONGEST_TEXT
    faults.add_rows(field, too_long, ids, texts, "are too long", f"Give at most {LONGEST_TEXT} characters")
    if texts.dtype.itemsize == 0 or texts.size == 0:
        return
    codes = np.ascontiguousarray(texts).view(np.uint32).reshape(len(texts), -1)
    is_control = (codes < 0x20) & (np.arange(codes.shape[1]) < length[:, None])
    is_control |= (codes >= 0x7F) & (codes <= 0x9F)
    is_control |= (codes >= 0xD800) & (codes <= 0xDFFF)
    is_control |= np.isin(codes, _LINE_AND_DIRECTION_MARKS)
    shown = [ascii(str(t)) for t in texts] if is_control.any() else texts
    faults.add_rows(
        field, np.asarray(is_control.any(axis=1)), ids, shown, "hold control characters", "Take them out"
    )


def positions_are_on_earth(
    subject: str, lon: np.ndarray, lat: np.ndarray, ids: np.ndarray, faults: Faults
) -> None:
    """Longitudes lie in [-180, 180] and latitudes in [-90, 90]; NaN and infinity do not."""
    for name, values, bound in (("lon", lon, 180.0), ("lat", lat, 90.0)):
        field = f"{subject}.{name}"
        is_number = np.isfinite(values)
        faults.add_rows(field, ~is_number, ids, values, "are not numbers", "Give degrees")
        is_outside = is_number & (np.abs(np.where(is_number, values, 0.0)) > bound)
        remedy = f"Give degrees from -{bound:.0f} to {bound:.0f}, WGS84"
        faults.add_rows(field, is_outside, ids, values, "are outside the range", remedy)


def indices_are_in_range(
    field: str, idx: np.ndarray, count: int, ids: np.ndarray, faults: Faults, *, may_be_none: bool = False
) -> None:
    """Positions point at a row of the other table, or are -1 where none is allowed."""
    least = NO_INDEX if may_be_none else 0
    is_bad = (idx < least) | (idx >= count)
    faults.add_rows(field, is_bad, ids, idx, "point at no row", f"Give {least} to {count - 1}")


def snap_lies_on_segments(subject: str, snap: Any, ids: np.ndarray, faults: Faults) -> None:
    """Points that meet the network do so within a segment, at a finite distance."""
    is_on = snap.segment_idx >= 0
    least = snap.segment_idx < NO_INDEX
    faults.add_rows(
        f"{subject}.snap.segment_idx", least, ids, snap.segment_idx, "are below -1", "Give -1 for none"
    )
    with np.errstate(invalid="ignore"):
        is_bad = is_on & ~((snap.fraction >= 0.0) & (snap.fraction <= 1.0))
        is_far = is_on & ~((snap.offset_m >= 0.0) & (snap.offset_m < np.inf))
    faults.add_rows(
        f"{subject}.snap.fraction", is_bad, ids, snap.fraction, "are off the segment", "Give 0 to 1"
    )
    faults.add_rows(
        f"{subject}.snap.offset_m", is_far, ids, snap.offset_m, "are no distance", "Give metres from 0"
    )


def counts_are_plausible(
    field: str, counts: np.ndarray, most: int, noun: str, ids: np.ndarray, faults: Faults
) -> None:
    """Counts are at least 0 and at most what the world holds of them."""
    is_bad = (counts < 0) | (counts > most)
    found = [f"{c} {noun}" for c in counts.tolist()] if is_bad.any() else counts
    faults.add_rows(field, counts < 0, ids, found, "are negative", "Give 0 or more")
    faults.add_rows(field, counts > most, ids, found, "are beyond belief", f"Give at most {most:,}")
