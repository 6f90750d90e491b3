"""Reads and writes ``corrections.csv`` of a city folder: cells of the register that a person has put right."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from pathlib import Path

from takecover.analysis.update import FIELDS, Correction
from takecover.errors import Faults
from takecover.io import csv_table, register_cells
from takecover.model.rules_shelters import KINDS

NAME = "corrections.csv"
FORMAT = "takecover-corrections/1"
HEADER = ("format", *Correction._fields)


def read(folder: Path) -> tuple[Correction, ...]:
    """The corrections of a city folder; none where it has no such table.

    Raises
    ------
    InputError
        If a row is broken: all faults at once, each with its line.
    """
    path = folder / NAME
    if not path.is_file() or path.stat().st_size == 0:
        return ()
    table = csv_table.read(path)
    faults = Faults(str(path))
    if table.header != HEADER:
        faults.add(f"header: is {', '.join(table.header)!a:.200}. Give {', '.join(HEADER)}.")
        faults.raise_if_any()
    found = []
    for row, line in zip(table.rows, table.lines, strict=True):
        each = Correction(*(cell.strip() for cell in row[1:]))
        if row[0].strip() != FORMAT:
            faults.add(f"line {line}: format is {row[0]!a:.60}. Give {FORMAT}, or use a newer Takecover.")
        elif (wrong := _fault(each)) is not None:
            faults.add(f"line {line}, {each.field!a:.20}: {each.value!a:.60} {wrong}.")
        found.append(each)
    faults.raise_if_any()
    return tuple(found)


def text(corrections: Sequence[Correction]) -> str:
    """The table, for the folder; what a spreadsheet would run is disarmed."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(HEADER)
    for each in corrections:
        writer.writerow([FORMAT, *(register_cells.disarmed(cell) for cell in each)])
    return file.getvalue()


def _fault(each: Correction) -> str | None:
    """What is wrong with a correction; None where nothing is."""
    if not each.shelter_id or each.field not in FIELDS:
        return f"corrects no field of a shelter. Give an id and one of {', '.join(FIELDS)}"
    try:
        if each.field == "capacity":
            register_cells.places(each.value)
        elif each.field in ("lon", "lat"):
            value = register_cells.coordinate(each.value)
            if math.isnan(value) or abs(value) > (180 if each.field == "lon" else 90):
                return "is no degree. Give degrees of WGS84"
    except ValueError as error:
        return f"{error}. Give a number"
    if each.field == "kind" and each.value not in KINDS:
        return f"is no kind. Give one of {', '.join(KINDS)}"
    return "holds a phone or a mail address. Take it out" if register_cells.has_contact(each.value) else None
