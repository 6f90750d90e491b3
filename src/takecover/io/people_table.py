"""Reads people from CSV: points, H3 cells, or districts by name; which of them the columns tell."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from takecover.analysis import logarithm
from takecover.analysis.parsed import ParsedAreas, ParsedPeople, ParsedTotals
from takecover.analysis.swap import Box
from takecover.errors import Faults, InputError
from takecover.io import csv_table, people_cells
from takecover.io import people_words as words
from takecover.io.csv_table import CsvTable
from takecover.model.city import Source

SUFFIXES = (".csv", ".tsv", ".txt")

MOST_PEOPLE = 100_000_000
"""No city has more."""

REMEDY = "Give people from 0 (are these logarithms? Say --people-log10 or --people-ln)"


def read(
    path: Path, column: str | None, scale: str | None, area: Box | None
) -> ParsedPeople | ParsedAreas | ParsedTotals:
    """Read a table.

    Parameters
    ----------
    path
        CSV file.
    column
        Column of people; None to find it by its name.
    scale
        What a column of points holds, one of `logarithm.SCALES`; None to find out whether it must be asked.
    area
        Where the city is, to cut cells; None for all of them.

    Raises
    ------
    SourceError
        If the file cannot be read.
    InputError
        If the file is broken, with all faults at once, each with its line; or if it looks like logarithms and nobody
        has said so.
    """
    table = csv_table.read(path)
    found = words.find(table.header)
    if column is not None:
        found["people"] = words.named(table.header, column, path)
    if "people" not in found:
        shown = ", ".join(table.header)[:200]
        raise InputError(
            f"{path}: no column is recognised for people. Say which one holds them, {path.name}:COLUMN, of {shown}."
        )
    others = [
        name for name in table.header if name not in (found["people"], found.get("lon"), found.get("lat"))
    ]
    cells = people_cells.find_column(table, others)
    if cells is not None:
        return people_cells.read(table, cells, found["people"], area)
    if "lon" in found and "lat" in found:
        return _points(table, found, scale)
    if "lon" in found or "lat" in found or "name" not in found:
        missing = [role for role in ("lon", "lat") if role not in found]
        wanted = "; ".join(f"{role}: {', '.join(words.ROLES[role][:4])}" for role in missing)
        raise InputError(
            f"{path}: no column is recognised for {', '.join(missing)}, none holds H3 cells and none names districts. "
            f"Name one of ({wanted})."
        )
    return _totals(table, found)


def _points(table: CsvTable, found: dict[str, str], scale: str | None) -> ParsedPeople:
    faults = Faults(str(table.path))
    lon = table.parse(found["lon"], _place, 0.0, faults, "Give degrees, WGS84")
    lat = table.parse(found["lat"], _place, 0.0, faults, "Give degrees, WGS84")
    values = table.parse(found["people"], _value, 0.0, faults, REMEDY)
    for value, line in zip(lat, table.lines, strict=True):
        if abs(value) > 90:
            faults.add(f"line {line}, {found['lat']}: {value} is outside -90 to 90. Give degrees, WGS84.")
    ids = _ids(table, found, faults)
    people, findings = unscaled(np.array(values, dtype=np.float64), scale, found["people"], faults)
    for value, text, line in zip(people.tolist(), table.column(found["people"]), table.lines, strict=True):
        if value < 0:
            faults.add(f"line {line}, {found['people']}: {text!a:.60} is negative. {REMEDY}.")
        elif not value <= 1e9:
            faults.add(f"line {line}, {found['people']}: {text!a:.60} is beyond belief. {REMEDY}.")
    csv_table.sort_by_line(faults)
    _check_sum(people, found["people"], faults)
    faults.raise_if_any()
    return ParsedPeople(
        origin_ids=np.array(ids, dtype=np.str_),
        lon=np.array(lon, dtype=np.float64),
        lat=np.array(lat, dtype=np.float64),
        people=people,
        line=np.array(table.lines, dtype=np.int64),
        source=Source("people", table.path.name, "not stated"),
        findings=findings,
    )


def unscaled(
    values: np.ndarray, scale: str | None, column: str, faults: Faults
) -> tuple[np.ndarray, tuple[str, ...]]:
    """People of a column that may hold logarithms, and what is to be said of it.

    Notes a fault where the values look like logarithms and `scale` is None: which they are is for a person to say.
    """
    if scale is not None:
        people = logarithm.undo(values, scale)
        if scale == "plain":
            return people, ()
        return people, (f"People: read as {scale} of people, as told: {people.sum():,.0f} in all.",)
    doubt = logarithm.suspect(values)
    if doubt is not None:
        faults.add(
            f"{column}: looks like logarithms: {len(values):,} values from {values.min():g} to {values.max():g} add up "
            f"to {doubt.as_given:,.0f} as they are, to {doubt.as_log10:,.0f} people if they are to base 10, to "
            f"{doubt.as_ln:,.0f} if natural. Say which: --people-log10, --people-ln or --people-plain."
        )
        return np.maximum(values, 0.0), ()
    return values, ()


def _check_sum(people: np.ndarray, column: str, faults: Faults) -> None:
    total = float(people.sum())
    if MOST_PEOPLE < total < np.inf:
        faults.add(f"{column}: {total:,.0f} people in all. Give at most {MOST_PEOPLE:,}.")


def _totals(table: CsvTable, found: dict[str, str]) -> ParsedTotals:
    """Districts by name, with ages where the table has them."""
    faults = Faults(str(table.path))
    people = table.parse(found["people"], csv_table.amount, 0.0, faults, "Give people from 0")
    classes = words.find_ages(table.header)
    ages = [table.parse(name, _count_or_none, 0.0, faults, "Give people from 0") for _, name in classes]
    names = table.column(found["name"])
    for name, line in zip(names, table.lines, strict=True):
        if not name or len(name) > csv_table.LONGEST_ID or not name.isprintable():
            faults.add(f"line {line}, {found['name']}: {name!a:.60} is no name of a district. Give its name.")
    csv_table.sort_by_line(faults)
    _check_sum(np.array(people), found["people"], faults)
    faults.raise_if_any()
    return ParsedTotals(
        names=np.array(names, dtype=np.str_),
        people=np.array(people, dtype=np.float64),
        ages=np.array(ages, dtype=np.float64).reshape(len(classes), len(names)).T,
        age_classes=tuple(one for one, _ in classes),
        line=np.array(table.lines, dtype=np.int64),
        source=Source("people", table.path.name, "not stated"),
        findings=(
            f"People: {len(names):,} districts by name, from the columns {found['name']!a:.40} and "
            f"{found['people']!a:.40}.",
        ),
    )


def _count_or_none(text: str) -> float:
    return csv_table.amount(text) if text else 0.0


def _value(text: str) -> float:
    """A number of either sign: logarithms of fewer than one are negative."""
    if text.startswith("-") and not text.startswith(("--", "-+")):
        return -csv_table.amount(text[1:])
    return csv_table.amount(text)


def _place(text: str) -> float:
    if not text:
        raise ValueError("is empty")
    return csv_table.degrees(text)


def _ids(table: CsvTable, found: dict[str, str], faults: Faults) -> list[str]:
    """Ids of the file, or the lines; a fault for each that is empty or stands twice."""
    if "row_id" not in found:
        return [f"line-{line}" for line in table.lines]
    return csv_table.unique_ids(table, found["row_id"], faults)
