"""A shelter register as its reader hands it over: what each row says, for the check; no name of a person in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from takecover.analysis.parsed import ParsedShelters

UNSAID, GIVEN, DERIVED = 0, 1, 2
"""Where the places of a row come from: nowhere, the register, the floor area by a norm."""


class CellNote(NamedTuple):
    """A cell that could not be used as it stands.

    Attributes
    ----------
    row_idx
        Position of the row.
    column
        Name of the column, as the register has it.
    rule
        ``broken_cell``, ``id_broken``, ``personal_data``, ``formula``, ``answer_unclear``.
    found
        The text of the cell, in quotes; empty where it holds personal data.
    reason
        Why it cannot be used, as ``is no number``; empty where the rule says it all.
    """

    row_idx: int
    column: str
    rule: str
    found: str
    reason: str = ""


@dataclass(frozen=True, eq=False)
class Register:
    """Rows of a register, in its order.

    Attributes
    ----------
    shelters
        What a city is built of.
    addresses, former_addresses, districts, kinds_said, buildings, hours
        Texts without phones and mail addresses, empty where not known, shape (r,) text.
    protection_classes
        As in `model.inspections`, empty where not known, shape (r,) text.
    capacity_from
        UNSAID, GIVEN or DERIVED, shape (r,) int8.
    area_m2, depth_m
        Floor area [m2] and depth [m]; NaN where not known, shape (r,) float64.
    verified_on
        Day of the last check; NaT where not known, shape (r,) datetime64[D].
    exists, is_usable, is_always_open
        YES, NO or UNKNOWN, shape (r,) int8.
    entrance_count
        Entrances; -1 where not known, shape (r,) int64.
    names_ramp, is_kind_known
        True where the words of its kind name a ramp; where they are known, shape (r,) bool.
    holder_idx
        A number for each different holder, -1 where not known; their names are not kept, shape (r,) int32.
    notes
        Cells that could not be used as they stand.
    columns
        Column of each role, by the names of the register.
    personal_columns
        Columns with owners, contacts, phones: told, not read.
    language
        Language of the header, as in `io.register_words`.
    unit
        What a row is called: ``line``, ``row`` or ``feature``.
    epsg
        Coordinate system that the file states; None where it states none.
    """

    shelters: ParsedShelters
    addresses: np.ndarray
    former_addresses: np.ndarray
    districts: np.ndarray
    kinds_said: np.ndarray
    buildings: np.ndarray
    hours: np.ndarray
    protection_classes: np.ndarray
    capacity_from: np.ndarray
    area_m2: np.ndarray
    depth_m: np.ndarray
    verified_on: np.ndarray
    exists: np.ndarray
    is_usable: np.ndarray
    is_always_open: np.ndarray
    entrance_count: np.ndarray
    names_ramp: np.ndarray
    is_kind_known: np.ndarray
    holder_idx: np.ndarray
    notes: tuple[CellNote, ...]
    columns: Mapping[str, str]
    personal_columns: tuple[str, ...]
    language: str
    unit: str
    epsg: int | None

    def __len__(self) -> int:
        return len(self.shelters)

    @property
    def columns_to_guard(self) -> tuple[str, ...]:
        """Columns that a copy of the register must not be passed on with: by their name, or by a phone in a cell."""
        noted = (note.column for note in self.notes if note.rule == "personal_data")
        return tuple(dict.fromkeys((*self.personal_columns, *noted)))
