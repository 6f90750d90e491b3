"""Reads a CSV file as rows of text, with the line of each row; finds columns by the names that lists use."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from takecover.errors import Faults, InputError
from takecover.io.files import read_bytes

LARGEST_BYTES = 200_000_000
MOST_ROWS = 2_000_000
MOST_FAULTS = 200
"""After so many broken rows the file is another kind of file, and reading stops."""

MOST_COLUMNS = 1000
"""A header of more columns is no header, but a file of another kind."""

LONGEST_ID = 100

DELIMITERS = (",", ";", "\t")

Value = TypeVar("Value")


@dataclass(frozen=True, eq=False)
class CsvTable:
    """Rows of text.

    Attributes
    ----------
    path
        The file.
    delimiter
        What parts its columns.
    header
        Names of the columns, as the file has them.
    rows
        Texts, each row as long as the header.
    lines
        Line of the file on which each row ends, from 1.
    """

    path: Path
    delimiter: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]

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
                faults.add(f"line {line}, {name}: {text!a:.60} {error}. {remedy}.")
        return values


def read(path: Path) -> CsvTable:
    """Read a CSV file in UTF-8, with or without a byte-order mark, parted by commas, semicolons or tabs.

    Raises
    ------
    SourceError
        If the file cannot be read.
    InputError
        If it is too large, is not UTF-8, has no header, or rows do not fit the header: all faults at once.
    """
    data = read_bytes(path, LARGEST_BYTES)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path}: line {line} is not UTF-8. Save the table as CSV in UTF-8.") from error
    if "\x00" in text:
        raise InputError(f"{path}: holds zero bytes: no text. Save the table as CSV in UTF-8.")
    first = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    faults = Faults(str(path))
    header, rows, lines = _rows(reader, faults)
    faults.raise_if_any()
    return CsvTable(path, delimiter, header, tuple(rows), tuple(lines))


def _rows(
    reader: Iterator[list[str]], faults: Faults
) -> tuple[tuple[str, ...], list[tuple[str, ...]], list[int]]:
    """Header, rows and lines; notes what does not fit."""
    header: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    try:
        for row in reader:
            line = reader.line_num  # type: ignore[attr-defined]
            if not any(cell.strip() for cell in row):
                continue
            if not header:
                if len(row) > MOST_COLUMNS:
                    faults.add(
                        f"line {line}: has {len(row):,} columns. Give a table of at most {MOST_COLUMNS:,}."
                    )
                    break
                header = _header(row, faults)
            elif len(row) != len(header):
                faults.add(
                    f"line {line}: has {len(row)} columns, the header {len(header)}. Give one cell for each."
                )
            else:
                rows.append(tuple(row))
                lines.append(line)
            if len(rows) > MOST_ROWS or len(faults.messages) >= MOST_FAULTS:
                faults.add(
                    f"line {line}: reading stopped. Give a table of at most {MOST_ROWS:,} rows that fit its header."
                )
                break
    except csv.Error as error:
        faults.add(f"line {reader.line_num}: is no CSV ({error}). Save the table as CSV.")  # type: ignore[attr-defined]
    if not rows and not faults.messages:
        faults.add("the file has no rows. Give a header and a row at least.")
    return header, rows, lines


def _header(row: list[str], faults: Faults) -> tuple[str, ...]:
    header = tuple(cell.strip() for cell in row)
    for name in sorted({n for n in header if n and header.count(n) > 1}):
        faults.add(f"header: column {name!a:.60} stands more than once. Give each column a name of its own.")
    return header


def plain(name: str) -> str:
    """A column's name reduced to small letters, digits and single underscores, for comparison.

    Examples
    --------
    >>> plain(" Antal platser ")
    'antal_platser'
    """
    folded = unicodedata.normalize("NFC", name).casefold()
    return re.sub(r"[\W_]+", "_", folded).strip("_")


def find_columns(header: Sequence[str], synonyms: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The column of each role: the first synonym that the header has; roles without one are left out.

    Parameters
    ----------
    header
        Names of the file's columns.
    synonyms
        For each role, plain names, the best first.
    """
    by_plain: dict[str, str] = {}
    for name in header:
        by_plain.setdefault(plain(name), name)
    found = {}
    for role, names in synonyms.items():
        for name in names:
            if name in by_plain:
                found[role] = by_plain[name]
                break
    return found


def unique_ids(table: CsvTable, name: str, faults: Faults) -> list[str]:
    """Texts of a column of ids; a fault for each that is empty, unprintable, too long or stands twice."""
    first: dict[str, int] = {}
    ids = table.column(name)
    for text, line in zip(ids, table.lines, strict=True):
        if not text or len(text) > LONGEST_ID or not text.isprintable():
            faults.add(f"line {line}, {name}: {text!a:.60} is no id. Give 1 to {LONGEST_ID} characters.")
        elif first.setdefault(text, line) != line:
            faults.add(
                f"line {line}, {name}: {text!a:.60} is also on line {first[text]}. Give each row its own id."
            )
    return ids


def sort_by_line(faults: Faults) -> None:
    """Put the faults of a table in the order of its lines, as a person mends them."""
    faults.messages.sort(key=lambda message: int((re.match(r"line (\d+)", message) or (0, 0))[1]))


def degrees(text: str) -> float:
    """A coordinate; NaN where the cell is empty. A decimal comma is read as a point.

    Raises
    ------
    ValueError
        If it is no number of degrees.
    """
    if not text:
        return float("nan")
    value = _number(text)
    if not -180.0 <= value <= 180.0:
        raise ValueError("is outside -180 to 180")
    return value


def amount(text: str) -> float:
    """A number from 0 up, whole or not.

    Raises
    ------
    ValueError
        If it is none.
    """
    value = _number(text)
    if value < 0:
        raise ValueError("is negative")
    if value > 1e9:
        raise ValueError("is beyond belief")
    return value


def whole(text: str) -> int:
    """A whole number from 0 up; ``75.0`` is 75.

    Raises
    ------
    ValueError
        If it is none.
    """
    value = amount(text)
    if value != int(value):
        raise ValueError("is not whole")
    return int(value)


def _number(text: str) -> float:
    if not text:
        raise ValueError("is empty")
    if not re.fullmatch(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d{1,3})?", text, re.ASCII) or len(text) > 60:
        raise ValueError("is no number")
    return float(text.replace(",", "."))
