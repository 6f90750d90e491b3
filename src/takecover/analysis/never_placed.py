"""Rows of a register that are not in the city, from month to month: those that wait still, and those that are gone."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from takecover.analysis import spelling
from takecover.analysis.parsed import ParsedShelters
from takecover.analysis.places import Unplaced

GONE_REASON = "gone_from_register"
"""Why a shelter is listed that a register no longer names."""

_LINE_ID = re.compile(r"(line|row|feature)-\d+(~\d+)?", re.ASCII)


class Outside(NamedTuple):
    """What became of the shelters that were not in the city before.

    Attributes
    ----------
    waiting_idx
        Rows that stood in the list before, under the same name and place or id, and were not placed then.
    vanished
        Shelters that could not be placed before, and that no row of the register can be.
    still_gone
        Shelters that had left the register before, and that no row brings back.
    """

    waiting_idx: frozenset[int]
    vanished: tuple[Unplaced, ...]
    still_gone: tuple[Unplaced, ...]


def is_of_line(row_id: str) -> bool:
    """True where an id is made of a line's number, and so is another row's next month.

    Examples
    --------
    >>> is_of_line("line-7"), is_of_line("row-7~2"), is_of_line("line-up 7")
    (True, True, False)
    """
    return _LINE_ID.fullmatch(row_id) is not None


def follow(before: Iterable[Unplaced], rows: ParsedShelters, ids: np.ndarray) -> Outside:
    """Find the shelters that were not in the city before among the rows that are no shelter of it.

    Parameters
    ----------
    before
        What was not in the city before the update, of every subject.
    rows
        Rows of the new register that are no shelter of the city, shape (r,).
    ids
        Their ids as the register gives them, shape (r,).

    Notes
    -----
    Each row is taken once, so that of three rows of one name and no position one that is gone, or a fourth that is
    new, is not missed. A shelter is looked for by its id, then by name and place, then by name alone, for a place that
    was mended is another. Two ids of the register's own that differ are two shelters, unless name and place agree.
    """
    shelters = [row for row in before if row.subject == "shelter"]
    outside = [row for row in shelters if row.reason != GONE_REASON]
    gone = [row for row in shelters if row.reason == GONE_REASON]
    now = [
        _face(str(ids[i]), name, lon, lat)
        for i, (name, lon, lat) in enumerate(
            zip(rows.names.tolist(), rows.lon.tolist(), rows.lat.tolist(), strict=True)
        )
    ]
    free = set(range(len(now)))
    there = _paired([_face_of(row) for row in outside], now, free, (_BY_ID, _BY_PLACE, _BY_NAME))
    back = _paired([_face_of(row) for row in gone], now, free, (_BY_ID, _BY_PLACE))
    waiting = (i for n, i in there.items() if _face_of(outside[n]).place == now[i].place)
    vanished = (
        row._replace(
            reason=GONE_REASON, detail=f"is no longer in the register; was not placed before: {row.detail}"
        )
        for n, row in enumerate(outside)
        if n not in there
    )
    return Outside(
        frozenset(waiting), tuple(vanished), tuple(row for n, row in enumerate(gone) if n not in back)
    )


class _Face(NamedTuple):
    """What a row is known by: an id of the register's own, its name and place, its name; empty where it has none."""

    own_id: str
    place: tuple[object, str, str]
    name: object
    is_placed: bool


_BY_ID, _BY_PLACE, _BY_NAME = 0, 1, 2
"""Positions in a face."""


def _face_of(row: Unplaced) -> _Face:
    return _face(row.row_id, row.name, row.lon, row.lat)


def _face(row_id: str, name: str, lon: float, lat: float) -> _Face:
    """The face of a row; a name of general words only ("Street") is known by its letters."""
    telling = spelling.key(name)
    known = telling if any(telling) else name.casefold()
    own_id = "" if is_of_line(row_id) else row_id
    return _Face(own_id, (known, f"{lon:.4f}", f"{lat:.4f}"), known, not math.isnan(lon))


def _paired(
    before: Sequence[_Face], now: Sequence[_Face], free: set[int], parts: Sequence[int]
) -> dict[int, int]:
    """Row of each face that is among the free ones, by one part of the face after another; the rows are taken."""
    found: dict[int, int] = {}
    for part in parts:
        there: dict[object, list[int]] = {}
        for i in sorted(free):
            there.setdefault(now[i][part], []).append(i)
        for n, face in enumerate(before):
            near = there.get(face[part], []) if n not in found and face[part] else []
            at = next((k for k, i in enumerate(near) if _may_be(face, now[i])), None)
            if at is not None:
                found[n] = near.pop(at)
                free.discard(found[n])
    return found


def _may_be(one: _Face, other: _Face) -> bool:
    """False where both have ids of the register's own that differ, and no place says that they are one."""
    if one.own_id == other.own_id or not (one.own_id and other.own_id):
        return True
    return one.is_placed and one.place == other.place
