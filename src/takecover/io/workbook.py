"""Reads a sheet of an XLSX workbook as rows of text, within stated bounds.

It never trusts a size that the file states: the archive is read through once, counted, before it is parsed.
"""

from __future__ import annotations

import datetime
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from takecover.errors import Faults, InputError, SourceError
from takecover.io.sheet import DEEPEST_HEAD, MOST_COLUMNS, Score, Sheet, find_head, unique_names

LARGEST_BYTES = 50_000_000
LARGEST_UNPACKED_BYTES = 300_000_000
"""All parts of a workbook together, unpacked."""

MOST_PARTS = 5000
MOST_ROWS = 200_000
LONGEST_GAP = 2000
"""After so many empty rows the sheet is taken to be at its end."""

LONGEST_CELL = 32_767
"""A workbook holds no longer text by its own rules."""

MOST_SHEETS = 50
_DOCTYPES = tuple("<!DOCTYPE".encode(name) for name in ("utf-8", "utf-16-le", "utf-16-be"))
_CHUNK_BYTES = 1 << 20


def read(path: Path, score: Score, named: str | None = None) -> Sheet:
    """Read the sheet of a workbook that has most known columns, or the one that is named.

    Parameters
    ----------
    path
        XLSX file.
    score
        How many of some names are known as columns.
    named
        The sheet; found where None.

    Raises
    ------
    SourceError
        If the file cannot be read.
    InputError
        If it is no workbook, unpacks to too much, brings XML entities, or holds no table.
    """
    admit(path)
    book = _open(path)
    try:
        names = list(book.sheetnames)[:MOST_SHEETS]
        if named is not None and named not in names:
            raise InputError(f"{path}: has no sheet {named!a:.60}. Name one of {', '.join(names)!a:.300}.")
        wanted = [named] if named is not None else names
        found = [(name, _gather(book[name], path)) for name in wanted if hasattr(book[name], "iter_rows")]
    except InputError:
        raise
    except Exception as error:
        raise InputError(f"{path}: is a broken workbook ({error!s:.80}). Save it anew as XLSX.") from error
    finally:
        book.close()
    return _best(path, [(name, rows) for name, rows in found if rows], score)


def admit(path: Path) -> None:
    """Refuse an archive that is no workbook, unpacks to too much, or whose XML declares a document type.

    Raises
    ------
    SourceError
        If the file cannot be read.
    InputError
        As said.
    """
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise InputError(f"{path}: is larger than {LARGEST_BYTES / 1e6:,.0f} MB. Give the list alone.")
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise InputError(
                    f"{path}: has {len(parts):,} parts. Give a workbook of at most {MOST_PARTS:,}."
                )
            if "xl/workbook.xml" not in {part.filename for part in parts}:
                raise InputError(
                    f"{path}: is an archive, but no XLSX workbook. Save the list as XLSX or CSV."
                )
            _read_through(archive, parts, path)
    except FileNotFoundError as error:
        raise SourceError(f"{path}: is not there. Give the path of a file.") from error
    except OSError as error:
        if isinstance(error, SourceError):
            raise
        raise SourceError(f"{path}: cannot be read ({error.strerror or error}).") from error
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise InputError(f"{path}: is a broken archive ({error!s:.80}). Save the workbook anew.") from error


def _read_through(archive: zipfile.ZipFile, parts: Sequence[zipfile.ZipInfo], path: Path) -> None:
    """Unpack every part once, a piece at a time: count its bytes, and look for document types."""
    import zlib

    total = 0
    for part in parts:
        tail = b""
        is_text = part.filename.lower().endswith((".xml", ".rels", ".vml"))
        try:
            with archive.open(part) as stream:
                while piece := stream.read(_CHUNK_BYTES):
                    total += len(piece)
                    if total > LARGEST_UNPACKED_BYTES:
                        raise InputError(
                            f"{path}: unpacks to more than {LARGEST_UNPACKED_BYTES / 1e6:,.0f} MB: a zip bomb, or no "
                            "list of shelters. Give the list alone."
                        )
                    if is_text and any(mark in tail + piece for mark in _DOCTYPES):
                        raise InputError(
                            f"{path}: {part.filename!a:.60} declares a document type: XML entities are not read. "
                            "Save the workbook anew with a spreadsheet program."
                        )
                    tail = piece[-32:]
        except zlib.error as error:
            raise InputError(
                f"{path}: {part.filename!a:.60} is broken ({error!s:.60}). Save it anew."
            ) from error


def _open(path: Path) -> Any:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on styles and extensions that it will not keep; only text is read
        try:
            return load_workbook(path, read_only=True, data_only=True, keep_links=False)
        except Exception as error:
            raise InputError(
                f"{path}: is a broken workbook ({error!s:.80}). Save it anew as XLSX."
            ) from error


def _gather(sheet: Any, path: Path) -> list[tuple[int, list[str]]]:
    """Rows that are not empty, with their numbers; stops after a long gap."""
    sheet.reset_dimensions()
    rows: list[tuple[int, list[str]]] = []
    last = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # dates out of range and the like are read as text
        for number, cells in enumerate(_cells(sheet), start=1):
            if any(cell is not None for cell in cells[MOST_COLUMNS:]):
                raise InputError(
                    f"{path}: row {number} has more than {MOST_COLUMNS:,} columns. Give a narrower table."
                )
            texts = [_text(cell) for cell in cells[:MOST_COLUMNS]]
            while texts and not texts[-1]:
                texts.pop()
            if texts:
                rows.append((number, texts))
                last = number
            if number - last > LONGEST_GAP:
                break
            if len(rows) > MOST_ROWS:
                raise InputError(
                    f"{path}: has more than {MOST_ROWS:,} rows. Give the part that holds the city."
                )
    return rows


def _cells(sheet: Any) -> Iterator[tuple[Any, ...]]:
    yield from sheet.iter_rows(values_only=True)


def _text(value: Any) -> str:
    """A cell as a person would type it; one line."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    return str(value)[:LONGEST_CELL].strip()


def _best(path: Path, sheets: Sequence[tuple[str, list[tuple[int, list[str]]]]], score: Score) -> Sheet:
    """The sheet whose header has most known names."""
    if not sheets:
        raise InputError(f"{path}: no sheet has a row. Give a header and a row at least.")
    heads = [
        (name, rows, find_head([row for _, row in rows[: DEEPEST_HEAD + 1]], score)) for name, rows in sheets
    ]
    name, rows, (at, header, height) = max(heads, key=lambda each: score(each[2][1]))
    faults = Faults(str(path))
    wide = max(len(header), *(len(row) for _, row in rows[at + height - 1 :]))
    names = tuple(header) + ("",) * (wide - len(header))
    unique_names(names, faults)
    body = rows[at + height :]
    if not body:
        faults.add(f"sheet {name!a:.60} has no row below its header. Give one at least.")
    faults.raise_if_any()
    said = [f"sheet {name!a:.60} of {len(sheets)} is read"] if len(sheets) > 1 else []
    if at:
        said.append(f"{at} rows above the header were not read")
    if height > 1:
        said.append("the header takes two rows; a column is called by the lower one")
    return Sheet(
        path,
        names,
        tuple((*row, *[""] * (wide - len(row))) for _, row in body),
        tuple(number for number, _ in body),
        unit="row",
        findings=tuple(said),
        above=tuple(tuple(row) for _, row in rows[:at]),
    )
