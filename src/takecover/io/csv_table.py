"""Reads a CSV file as rows of text, with the line of each row; finds columns by the names that lists use."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from takecover.errors import Faults, InputError
from takecover.io import encodings
from takecover.io.files import read_bytes
from takecover.io.sheet import DEEPEST_HEAD, MOST_COLUMNS, MOST_ROWS, Score, Sheet, find_head, unique_names

LARGEST_BYTES = 200_000_000
MOST_FAULTS = 200
"""After so many broken rows the file is another kind of file, and reading stops."""

LONGEST_ID = 100

DELIMITERS = (",", ";", "\t", "|")

SAMPLE_LINES = 50
"""The delimiter is told by so many lines."""


@dataclass(frozen=True, eq=False)
class CsvTable(Sheet):
    """Rows of a CSV file.

    Attributes
    ----------
    delimiter
        What parts its columns.
    encoding
        How its letters were read.
    """

    delimiter: str = ","
    encoding: str = "utf-8"


def read(path: Path, score: Score | None = None) -> CsvTable:
    """Read a CSV file in any common encoding, parted by commas, semicolons, tabs or bars.

    Parameters
    ----------
    path
        The file.
    score
        How many of some names are known as columns, to find the header below title lines; the first row that is not
        empty is the header where None.

    Raises
    ------
    SourceError
        If the file cannot be read.
    InputError
        If it is too large, mixes encodings, has no header, or rows do not fit the header: all faults at once.
    """
    data = read_bytes(path, LARGEST_BYTES)
    text, encoding, is_guessed = encodings.decode(data, str(path))
    del data
    if "\x00" in text:
        raise InputError(f"{path}: holds zero bytes: no text. Save the table as CSV in UTF-8.")
    delimiter = delimiter_of(text)
    faults = Faults(str(path))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    gathered = _Rows(reader, score, faults)
    gathered.read()
    faults.raise_if_any()
    said = [f"the letters are read as {encoding}, by their fit; look at the names"] if is_guessed else []
    if gathered.above:
        said.append(f"{len(gathered.above)} lines above the header were not read")
    return CsvTable(
        path,
        gathered.header,
        tuple(gathered.rows),
        tuple(gathered.lines),
        findings=tuple(said),
        above=gathered.above,
        delimiter=delimiter,
        encoding=encoding,
    )


def delimiter_of(text: str) -> str:
    """What parts the columns: the mark that cuts most of the first lines into equally many cells, and into most."""
    head = "\n".join(text[: 500 * SAMPLE_LINES].split("\n")[:SAMPLE_LINES])
    best, found = (0.0, 0), DELIMITERS[0]
    for mark in DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(head, newline=""), delimiter=mark) if row]
        except csv.Error:
            continue
        width, count = Counter(widths).most_common(1)[0] if widths else (1, 0)
        share = round(count / len(widths), 1) if widths and width > 1 else 0.0
        if (share, width) > best:
            best, found = (share, width), mark
    return found


class _Rows:
    """Header, rows and lines of a CSV file as they come; notes what does not fit."""

    def __init__(self, reader: Any, score: Score | None, faults: Faults) -> None:
        self.reader, self.score, self.faults = reader, score, faults
        self.header: tuple[str, ...] = ()
        self.rows: list[tuple[str, ...]] = []
        self.lines: list[int] = []
        self.above: tuple[tuple[str, ...], ...] = ()

    def read(self) -> None:
        """Read to the end, or to the fault that makes the rest pointless."""
        first: list[tuple[int, list[str]]] = []
        try:
            for row in self.reader:
                if not any(cell.strip() for cell in row):
                    continue
                if self.header:
                    if not self._take(self.reader.line_num, row):
                        break
                    continue
                if not self._is_narrow(row):
                    return
                first.append((self.reader.line_num, row))
                if len(first) >= (1 if self.score is None else DEEPEST_HEAD + 1):
                    self._settle(first)
            if not self.header and first:
                self._settle(first)
        except csv.Error as error:
            self.faults.add(f"line {self.reader.line_num}: is no CSV ({error}). Save the table as CSV.")
        if not self.rows and not self.faults.messages:
            self.faults.add("the file has no rows. Give a header and a row at least.")

    def _is_narrow(self, row: list[str]) -> bool:
        if len(row) <= MOST_COLUMNS:
            return True
        line = self.reader.line_num
        self.faults.add(f"line {line}: has {len(row):,} columns. Give a table of at most {MOST_COLUMNS:,}.")
        return False

    def _settle(self, first: list[tuple[int, list[str]]]) -> None:
        """Choose the header among the first rows, and take the rows below it."""
        at, names, height = (0, tuple(cell.strip() for cell in first[0][1]), 1)
        if self.score is not None:
            at, names, height = find_head([row for _, row in first], self.score)
        while len(names) > 1 and not names[-1]:
            names = names[:-1]
        self.header, self.above = names, tuple(tuple(row) for _, row in first[:at])
        unique_names(self.header, self.faults)
        for line, row in first[at + height :]:
            self._take(line, row)

    def _take(self, line: int, row: list[str]) -> bool:
        """Keep a row or note why not; False where reading stops."""
        wide = len(self.header)
        while len(row) > wide and not row[-1].strip():
            row.pop()
        if len(row) != wide:
            self.faults.add(
                f"line {line}: has {len(row)} columns, the header {wide}. Give one cell for each."
            )
        else:
            self.rows.append(tuple(row))
            self.lines.append(line)
        if len(self.rows) > MOST_ROWS or len(self.faults.messages) >= MOST_FAULTS:
            self.faults.add(
                f"line {line}: reading stopped. Give a table of at most {MOST_ROWS:,} rows that fit its header."
            )
            return False
        return True


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


def unique_ids(table: Sheet, name: str, faults: Faults) -> list[str]:
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
