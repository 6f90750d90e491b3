"""Rows of a register that could not be placed, from month to month: those that wait still, and those that are gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from takecover.analysis import spelling
from takecover.analysis.parsed import ParsedShelters
from takecover.analysis.places import Unplaced

GONE_REASON = "gone_from_register"
"""Why a shelter is listed that a register no longer names."""

LINE_IDS = ("line-", "row-", "feature-")
"""How ids begin that are made of a line's number, and so are another row's next month."""


def waiting(now: Sequence[Unplaced], before: Sequence[Unplaced]) -> set[str]:
    """Ids of rows that are not placed, as before: those of one name and place, for ids of lines change."""
    known = {_place(row.name, row.lon, row.lat) for row in never_placed(before)}
    return {row.row_id for row in now if _place(row.name, row.lon, row.lat) in known}


def never_placed(before: Iterable[Unplaced]) -> tuple[Unplaced, ...]:
    """Shelters of a list that are not in the city, other than those that have left the list."""
    return tuple(row for row in before if row.subject == "shelter" and row.reason != GONE_REASON)


def vanished(before: Sequence[Unplaced], rows: ParsedShelters, ids: np.ndarray) -> tuple[Unplaced, ...]:
    """Shelters that could not be placed before, and that no row of the register can be.

    Parameters
    ----------
    before
        Shelters that were not in the city before the update.
    rows
        Rows of the new register that are no shelter of the city, shape (r,).
    ids
        Their ids as the register gives them, shape (r,).

    Notes
    -----
    Each row is taken once, so that of three rows of one name and no position one that is gone is missed. It is looked
    for by its id, then by name and place, then by name alone, for a place that was mended is another.
    """
    left = list(never_placed(before))
    named = list(zip(rows.names.tolist(), rows.lon.tolist(), rows.lat.tolist(), strict=True))
    free = set(range(len(rows)))
    keys: tuple[tuple[Callable[[Unplaced], object], Callable[[int], object]], ...] = (
        (lambda row: _own_id(row.row_id), lambda i: _own_id(str(ids[i]))),
        (lambda row: _place(row.name, row.lon, row.lat), lambda i: _place(*named[i])),
        (lambda row: _name(row.name), lambda i: _name(named[i][0])),
    )
    for key_of_row, key_of in keys:
        there: dict[object, list[int]] = {}
        for i in sorted(free, reverse=True):
            there.setdefault(key_of(i), []).append(i)
        still = []
        for row in left:
            found = there.get(key_of_row(row), []) if key_of_row(row) else []
            if found:
                free.discard(found.pop())
            else:
                still.append(row)
        left = still
    return tuple(
        row._replace(
            reason=GONE_REASON, detail=f"is no longer in the register; was not placed before: {row.detail}"
        )
        for row in left
    )


def _own_id(row_id: str) -> str:
    """An id that a register gives; empty where it is made of a line's number."""
    return "" if row_id.startswith(LINE_IDS) else row_id


def _name(name: str) -> object:
    """The spelling of a name; empty where there is none, for rows without one are not alike."""
    return spelling.key(name) if name else ""


def _place(name: str, lon: float, lat: float) -> tuple[object, str, str]:
    return spelling.key(name), f"{lon:.4f}", f"{lat:.4f}"
