"""A table of text as any file gives it: header, rows, and where each row stands; finds the header among title lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from takecover.errors import Faults

MOST_ROWS = 2_000_000
MOST_COLUMNS = 1000
"""A header of more columns is no header, but a file of another kind."""

DEEPEST_HEAD = 20
"""The header is looked for in so many rows."""

Value = TypeVar("Value")
Score = Callable[[Sequence[str]], int]


@dataclass(frozen=True, eq=False)
class Sheet:
    """Rows of text.

    Attributes
    ----------
    path
        The file.
    header
        Names of the columns, as the file has them.
    rows
        Texts, each row as long as the header.
    lines
        Line of the file (row of the sheet, number of the feature) on which each row ends, from 1.
    unit
        What `lines` count: ``line``, ``row`` or ``feature``.
    findings
        What the reader saw, as sentences.
    epsg
        Coordinate system that the file itself states for its points; None where it states none.
    above
        Rows above the header: titles, dates.
    """

    path: Path
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    unit: str = "line"
    findings: tuple[str, ...] = ()
    epsg: int | None = None
    above: tuple[tuple[str, ...], ...] = ()

    def column(self, name: str) -> list[str]:
        """Texts of one column, blanks at the ends cut off."""
        at = self.header.index(name)
        return [row[at].strip() for row in self.rows]

    def parse(
        self, name: str, parse: Callable[[str], Value], default: Value, faults: Faults, remedy: str
    ) -> list[Value]:
        """Values of one column; a fault for each row that `parse` refuses, and the default in its place.

        Parameters
        ----------
        name
            The column.
        parse
            Turns a text into a value or raises `ValueError` saying what the text is.
        default
            Value of a refused row.
        faults
            Takes what is wrong.
        remedy
            What to do.
        """
        values = []
        for text, line in zip(self.column(name), self.lines, strict=True):
            try:
                values.append(parse(text))
            except ValueError as error:
                values.append(default)
                faults.add(f"{self.unit} {line}, {name}: {text!a:.60} {error}. {remedy}.")
        return values


def find_head(rows: Sequence[Sequence[str]], score: Score) -> tuple[int, tuple[str, ...], int]:
    """Which row is the header: the one whose cells are known as names of columns, below titles and merged cells.

    Parameters
    ----------
    rows
        The first rows that are not empty.
    score
        How many of some names are known.

    Returns
    -------
    position, header, height
        Position of its first row, the names, and 1 or 2 rows that it takes: where the second row splits merged cells
        of the first, a name is the lower cell, or the upper one where the lower is empty. Position 0 where no row is
        known.
    """
    best = ((0, 0, 0), 0, 1, _names(rows[0]))
    for at, row in enumerate(rows[:DEEPEST_HEAD]):
        options = [(_names(row), 1)]
        if at + 1 < len(rows) and any(not cell.strip() for cell in row) and not _has_numbers(rows[at + 1]):
            options.append((_joined(row, rows[at + 1]), 2))
        for names, height in options:
            found = (score(names), -height, -at)
            if found[0] and found > best[0]:
                best = (found, at, height, names)
    return best[1], best[3], best[2]


def _names(row: Sequence[str]) -> tuple[str, ...]:
    return tuple(" ".join(cell.split()) for cell in row)


def _joined(upper: Sequence[str], lower: Sequence[str]) -> tuple[str, ...]:
    """Names of two rows: the lower cell, or the upper where it is empty."""
    wide = max(len(upper), len(lower))
    above = [*_names(upper), *[""] * (wide - len(upper))]
    below = [*_names(lower), *[""] * (wide - len(lower))]
    return tuple(low or high for high, low in zip(above, below, strict=True))


def _has_numbers(row: Sequence[str]) -> bool:
    return any(cell.strip().replace(".", "").replace(",", "").isdigit() for cell in row)


def unique_names(header: Sequence[str], faults: Faults) -> None:
    """Note each name that stands more than once."""
    for name in sorted({n for n in header if n and header.count(n) > 1}):
        faults.add(f"header: column {name!a:.60} stands more than once. Give each column a name of its own.")
