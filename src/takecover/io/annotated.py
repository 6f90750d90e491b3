"""Writes a city's own list back with what to mend, row by row, so that it can be sent to its clerk as it is.

Every column and row of the list stays; whatever a spreadsheet would run is disarmed, and no formula is written.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from takecover.errors import SourceError
from takecover.io.csv_table import CsvTable
from takecover.io.register_cells import disarmed
from takecover.io.sheet import Sheet

FILLS = {"wrong": "F4B9B9", "doubtful": "FBE3A8", "gap": "E3E6EA"}
"""Colour of a row's note by its weight; the words say the same."""

WIDEST_COLUMN = 60
NOTE_WIDTH = 90
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,15})?", re.ASCII)


class Note(NamedTuple):
    """What to mend in a row: the weight of the heaviest remark, its word, and the sentences."""

    weight: str
    word: str
    text: str


class Words(NamedTuple):
    """Heads of the two columns that are added, the name of the sheet of notes, and the lines on it."""

    weight: str
    note: str
    sheet: str
    lines: tuple[str, ...]


def suffix(sheet: Sheet) -> str:
    """Kind of file that the copy is: a workbook of a workbook, else CSV."""
    return ".xlsx" if sheet.unit == "row" else ".csv"


def write(sheet: Sheet, notes: Mapping[int, Note], words: Words, path: Path) -> None:
    """Write the copy.

    Parameters
    ----------
    sheet
        The list as it was read.
    notes
        What to mend, by the position of the row.
    words
        Heads, in the language of the clerk.
    path
        File to write; `suffix` says of which kind.

    Raises
    ------
    SourceError
        If the disk refuses.
    """
    try:
        if path.suffix == ".xlsx":
            _write_workbook(sheet, notes, words, path)
        else:
            _write_csv(sheet, notes, words, path)
    except OSError as error:
        raise SourceError(f"{path}: cannot be written ({error.strerror or error}).") from error


def _write_csv(sheet: Sheet, notes: Mapping[int, Note], words: Words, path: Path) -> None:
    """CSV in UTF-8 with a byte-order mark, which spreadsheet programs open as it is."""
    delimiter = sheet.delimiter if isinstance(sheet, CsvTable) else ";"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        for row in sheet.above:
            writer.writerow([disarmed(cell) for cell in row])
        writer.writerow([*map(disarmed, sheet.header), words.weight, words.note])
        for row_idx, row in enumerate(sheet.rows):
            note = notes.get(row_idx, Note("", "", ""))
            writer.writerow([*map(disarmed, row), note.word, disarmed(note.text)])


def _write_workbook(sheet: Sheet, notes: Mapping[int, Note], words: Words, path: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    table = book.create_sheet("list")
    for at, width in enumerate(_widths(sheet), start=1):
        table.column_dimensions[_letter(at)].width = width
    head_row = len(sheet.above) + 1
    table.freeze_panes = f"A{head_row + 1}"
    last = _letter(len(sheet.header) + 2)
    table.auto_filter.ref = f"A{head_row}:{last}{head_row + len(sheet.rows)}"
    for row in sheet.above:
        table.append([_cell(table, text) for text in row])
    bold = Font(bold=True)
    table.append([_cell(table, text, font=bold) for text in (*sheet.header, words.weight, words.note)])
    for row_idx, row in enumerate(sheet.rows):
        table.append([_cell(table, text) for text in row] + _noted(table, notes.get(row_idx)))
    about = book.create_sheet(words.sheet)
    about.column_dimensions["A"].width = 120
    for line in words.lines:
        about.append([_cell(about, line)])
    book.save(path)


def _noted(table: Any, note: Note | None) -> list[Any]:
    """The two cells that are added to a row."""
    from openpyxl.styles import Alignment, PatternFill

    if note is None:
        return []
    fill = PatternFill("solid", fgColor=FILLS[note.weight])
    cells = [_cell(table, note.word, fill=fill), _cell(table, note.text, fill=fill)]
    cells[1].alignment = Alignment(wrap_text=True, vertical="top")
    return cells


def _cell(table: Any, text: str, **style: Any) -> Any:
    """A number where the text is one, else disarmed text."""
    from openpyxl.cell import WriteOnlyCell

    clean = _UNPRINTABLE.sub(" ", text)
    value: Any = disarmed(clean)
    if _NUMBER.fullmatch(clean):
        value = float(clean) if "." in clean else int(clean)
    cell = WriteOnlyCell(table, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    for name, what in style.items():
        setattr(cell, name, what)
    return cell


def _widths(sheet: Sheet) -> Sequence[float]:
    """Width of each column by its first cells."""
    widths = []
    for at, name in enumerate(sheet.header):
        longest = max([len(row[at]) for row in sheet.rows[:200]] + [min(len(name), 24)])
        widths.append(float(min(longest + 2, WIDEST_COLUMN)))
    return [*widths, 14.0, float(NOTE_WIDTH)]


def _letter(column: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(column))
