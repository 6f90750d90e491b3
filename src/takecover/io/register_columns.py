"""Reads the columns of a register, each by what it is for; notes every cell that cannot be used as it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import numpy as np

from takecover.analysis.parsed import NO, UNKNOWN, YES
from takecover.analysis.register import DERIVED, GIVEN, UNSAID, CellNote
from takecover.io import register_cells as cell
from takecover.io import register_words as words
from takecover.io.csv_table import LONGEST_ID
from takecover.io.sheet import Sheet

MOST_FAULTS = 200
"""So many broken cells are told one by one when a file is refused."""

REPEATED_IDS = 0.05
"""A column in which a larger share of the cells is empty or repeated holds no ids."""

Value = TypeVar("Value")


class Cells:
    """The columns of one register.

    Parameters
    ----------
    sheet
        The rows.
    columns
        Column of each role.
    area_per_person_m2
        Floor area of one place [m2]; None to make no places of areas.

    Attributes
    ----------
    no_ids
        Column that was to hold the ids and has too many repeated or empty cells; empty where there is none.
    """

    def __init__(self, sheet: Sheet, columns: Mapping[str, str], area_per_person_m2: float | None) -> None:
        self.sheet, self.columns = sheet, dict(columns)
        self.area_per_person_m2 = area_per_person_m2
        self.notes: list[CellNote] = []
        self.messages: list[tuple[int, str]] = []
        self.no_ids = ""

    @property
    def broken_rows(self) -> int:
        """Rows with a cell that cannot be read."""
        return len({note.row_idx for note in self.notes if note.rule in ("broken_cell", "id_broken")})

    def faults_in_order(self) -> list[str]:
        """What is wrong with each broken cell, in the order of the file."""
        ordered = [message for _, message in sorted(self.messages, key=lambda each: each[0])]
        more = len(ordered) - MOST_FAULTS
        return [*ordered[:MOST_FAULTS], *([f"and {more:,} more cells"] if more > 0 else [])]

    def noted(self) -> tuple[CellNote, ...]:
        """Every note, in the order of the rows; call it when all columns are read."""
        self._note_contacts()
        self._note_formulas()
        return tuple(sorted(set(self.notes)))

    def column(self, role: str) -> list[str]:
        """Cells of a role; empty where there is no such column or a cell says that nothing is known."""
        if role not in self.columns:
            return [""] * len(self.sheet.rows)
        return ["" if words.is_nothing(text) else text for text in self.sheet.column(self.columns[role])]

    def _read(self, role: str, parse: Callable[[str], Value], nothing: Value, remedy: str) -> list[Value]:
        """Values of a role; a note for each cell that `parse` refuses."""
        values = []
        for row_idx, text in enumerate(self.column(role)):
            try:
                values.append(parse(text) if text else nothing)
            except ValueError as error:
                values.append(nothing)
                self._break(row_idx, role, text, str(error), remedy)
        return values

    def _break(
        self, row_idx: int, role: str, text: str, reason: str, remedy: str, rule: str = "broken_cell"
    ) -> None:
        name = self.columns[role]
        if cell.has_contact(text):
            self.notes.append(CellNote(row_idx, name, "personal_data", ""))
            return
        self.notes.append(CellNote(row_idx, name, rule, f"{text!r:.60}", reason))
        place = f"{self.sheet.unit} {self.sheet.lines[row_idx]}"
        self.messages.append(
            (self.sheet.lines[row_idx], f"{place}, {name}: {text!a:.60} {reason}. {remedy}.")
        )

    def positions(self) -> tuple[np.ndarray, np.ndarray]:
        """The columns that the register calls longitude and latitude; NaN in both where one is missing."""
        remedy = "Give degrees, or metres of a grid"
        lon = np.array(self._read("lon", cell.coordinate, np.nan, remedy), dtype=np.float64)
        lat = np.array(self._read("lat", cell.coordinate, np.nan, remedy), dtype=np.float64)
        is_bare = np.isnan(lon) | np.isnan(lat)
        return np.where(is_bare, np.nan, lon), np.where(is_bare, np.nan, lat)

    def capacities(self) -> tuple[list[int], np.ndarray, np.ndarray]:
        """Places, where they come from, and floor areas."""
        said = self._read("capacity", cell.places, -1, "Give places as a whole number from 0")
        area_m2 = self.amounts("area_m2")
        area_m2[area_m2 == 0] = np.nan
        capacity, origin = [], []
        for places, area in zip(said, area_m2.tolist(), strict=True):
            is_derived = places < 0 and self.area_per_person_m2 is not None and area == area
            made = int(area / self.area_per_person_m2) if is_derived and self.area_per_person_m2 else 0
            capacity.append(places if places >= 0 else made)
            origin.append(GIVEN if places >= 0 else DERIVED if is_derived else UNSAID)
        return capacity, np.array(origin, dtype=np.int8), area_m2

    def amounts(self, role: str) -> np.ndarray:
        """Numbers of a role; NaN where not known."""
        return np.array(self._read(role, cell.quantity, np.nan, "Give a number from 0"), dtype=np.float64)

    def counts(self, role: str) -> np.ndarray:
        """Whole numbers of a role; -1 where not known."""
        return np.array(self._read(role, cell.places, -1, "Give a whole number from 0"), dtype=np.int64)

    def dates(self, role: str) -> np.ndarray:
        """Days of a role; NaT where not known."""
        days = self._read(role, cell.date, None, "Give a day such as 2026-03-01")
        return np.array([np.datetime64("NaT") if day is None else day for day in days], dtype="datetime64[D]")

    def texts(self, role: str) -> list[str]:
        """Texts of a role without phones and mail addresses."""
        return [cell.without_contact(text) for text in self.column(role)]

    def ids(self) -> list[str]:
        """Ids; ``line-<number>`` and the like where the list has none, a cell is no id, or an id stands twice."""
        stand_in = [f"{self.sheet.unit}-{line}" for line in self.sheet.lines]
        if "shelter_id" not in self.columns or not self._hold_ids(self.column("shelter_id")):
            self.no_ids = self.columns.pop("shelter_id", "")
            return stand_in
        first: dict[str, int] = {}
        ids = []
        for row_idx, text in enumerate(self.column("shelter_id")):
            if not text or len(text) > LONGEST_ID or not text.isprintable() or cell.has_contact(text):
                remedy = f"Give 1 to {LONGEST_ID} characters"
                self._break(row_idx, "shelter_id", text, "is no id", remedy, "id_broken")
                ids.append(stand_in[row_idx])
            elif first.setdefault(text, row_idx) != row_idx:
                remedy = (
                    f"It is also on {self.sheet.unit} {self.sheet.lines[first[text]]}; give each row its own"
                )
                self._break(row_idx, "shelter_id", text, "stands twice", remedy, "id_broken")
                ids.append(stand_in[row_idx])
            else:
                ids.append(text)
        return ids

    def _hold_ids(self, texts: Sequence[str]) -> bool:
        counts = Counter(text for text in texts if text)
        repeated = sum(count for count in counts.values() if count > 1) + sum(1 for text in texts if not text)
        return repeated <= max(REPEATED_IDS * len(texts), 2)

    def kinds(self) -> tuple[list[str], list[str]]:
        """Kinds, and the words that the register has for them; ``shelter`` where no word is known."""
        said = self.texts("kind")
        return [words.kind_of(text) or "shelter" for text in said], said

    def step_free(self, kinds_said: Sequence[str]) -> np.ndarray:
        """Whether a wheelchair gets in, by its column, or else by a ramp in the words of the kind."""
        answers = self._answers("step_free")
        for row_idx, said in enumerate(kinds_said):
            if answers[row_idx] == UNKNOWN and words.says_ramp(said):
                answers[row_idx] = YES
        return np.array(answers, dtype=np.int8)

    def withheld(self) -> np.ndarray:
        """True where the public must not be shown a row."""
        return np.array([answer == YES for answer in self._answers("withheld")], dtype=np.bool_)

    def _answers(self, role: str) -> list[int]:
        """YES, NO or UNKNOWN; a note where a cell says neither."""
        found = []
        for row_idx, text in enumerate(self.column(role)):
            answer = YES if words.says(text, "yes") else NO if words.says(text, "no") else UNKNOWN
            if text and answer == UNKNOWN and not cell.has_contact(text):
                self.notes.append(CellNote(row_idx, self.columns[role], "answer_unclear", f"{text!r:.60}"))
            found.append(answer)
        return found

    def exist(self) -> np.ndarray:
        """Whether a shelter is there at all: NO where it is planned, being built or gone; what is unfit is there."""
        texts = self.column("status")
        return np.array(
            [
                NO
                if words.mentions(t, "unbuilt")
                else YES
                if words.mentions(t, "usable") or words.mentions(t, "unusable")
                else UNKNOWN
                for t in texts
            ],
            dtype=np.int8,
        )

    def usable(self) -> np.ndarray:
        """Whether it can be used."""
        texts = self.column("status")
        return np.array(
            [
                NO
                if words.mentions(t, "unusable") or words.mentions(t, "unbuilt")
                else YES
                if words.mentions(t, "usable")
                else UNKNOWN
                for t in texts
            ],
            dtype=np.int8,
        )

    def always_open(self) -> np.ndarray:
        """Whether it is open at every hour; UNKNOWN where no hours are said."""
        texts = self.column("hours")
        return np.array(
            [UNKNOWN if not t else YES if words.mentions(t, "always_open") else NO for t in texts],
            dtype=np.int8,
        )

    def protection_classes(self) -> list[str]:
        """Classes of the Ukrainian norm; empty where no words are known."""
        return [words.protection_of(text) for text in self.column("protection_class")]

    def holders(self) -> np.ndarray:
        """A number for each different holder; -1 where not known."""
        return np.array(cell.codes([words.spoken(text) for text in self.column("holder")]), dtype=np.int32)

    def _note_contacts(self) -> None:
        """Note phones and mail addresses in columns that are read as public ones."""
        for role, name in self.columns.items():
            if role in (*words.PERSONAL, *words.COORDINATES, "shelter_id"):
                continue
            for row_idx, text in enumerate(self.sheet.column(name)):
                if cell.has_contact(text):
                    self.notes.append(CellNote(row_idx, name, "personal_data", ""))

    def _note_formulas(self) -> None:
        """Note cells that a spreadsheet would run, in every column."""
        for at, name in enumerate(self.sheet.header):
            for row_idx, row in enumerate(self.sheet.rows):
                if row[at] and row[at].lstrip(" ")[:1] in "=@\t\r+-" and cell.is_formula(row[at]):
                    is_personal = cell.has_contact(row[at])
                    self.notes.append(
                        CellNote(row_idx, name, "formula", "" if is_personal else f"{row[at]!r:.60}")
                    )
