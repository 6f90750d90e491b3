"""Reads people: a bare number, or points with people from CSV."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from takecover.analysis.parsed import ParsedPeople
from takecover.errors import Faults, InputError
from takecover.io import csv_table
from takecover.io.csv_table import CsvTable
from takecover.model.city import Source

MOST_PEOPLE = 100_000_000
"""No city has more."""

SYNONYMS = {
    "origin_id": ("origin_id", "building_id", "cell_id", "id", "id_hex"),
    "lon": ("lon", "longitude", "lng", "long", "x"),
    "lat": ("lat", "latitude", "y"),
    "people": ("people", "population", "residents", "inhabitants", "pop"),
}
"""For each role, plain names of columns (`csv_table.plain`), the best first."""


def read(what: str) -> ParsedPeople | int:
    """Read people as a command line names them.

    Parameters
    ----------
    what
        A number of people, or ``FILE`` or ``FILE:column`` of a CSV file with longitude and latitude.

    Returns
    -------
    ParsedPeople or int
        Points with people, or the number.

    Raises
    ------
    SourceError
        If the file cannot be read.
    InputError
        If the number or the file is broken: all faults at once, each with its line.

    Examples
    --------
    >>> read("60000")
    60000
    """
    text = what.strip()
    if text.lstrip("+-").isascii() and text.lstrip("+-").isdigit():
        return _number(text)
    path, column = Path(text), None
    if not path.exists() and ":" in text:
        name, column = text.rsplit(":", 1)
        path = Path(name)
    if path.suffix.lower() not in (".csv", ".tsv", ".txt"):
        raise InputError(
            f"--people: {text!a:.120} is no number and no CSV file. Give N, FILE.csv or FILE.csv:column."
        )
    return _points(path, column)


def _number(text: str) -> int:
    if len(text) > 12 or not 0 < int(text) <= MOST_PEOPLE:
        raise InputError(f"--people: {text:.40} is no number of people. Give 1 to {MOST_PEOPLE:,}.")
    return int(text)


def _points(path: Path, column: str | None) -> ParsedPeople:
    table = csv_table.read(path)
    columns = csv_table.find_columns(table.header, SYNONYMS)
    if column is not None:
        columns["people"] = _named(table, column)
    missing = [role for role in ("lon", "lat", "people") if role not in columns]
    if missing:
        wanted = "; ".join(f"{role}: {', '.join(SYNONYMS[role])}" for role in missing)
        raise InputError(f"{path}: no column is recognised for {', '.join(missing)}. Name one of ({wanted}).")
    faults = Faults(str(path))
    lon = table.parse(columns["lon"], _place, 0.0, faults, "Give degrees, WGS84")
    lat = table.parse(columns["lat"], _place, 0.0, faults, "Give degrees, WGS84")
    remedy = "Give people from 0 (are these logarithms? Give the people themselves)"
    people = table.parse(columns["people"], csv_table.amount, 0.0, faults, remedy)
    for value, line in zip(lat, table.lines, strict=True):
        if abs(value) > 90:
            faults.add(f"line {line}, {columns['lat']}: {value} is outside -90 to 90. Give degrees, WGS84.")
    ids = _ids(table, columns, faults)
    csv_table.sort_by_line(faults)
    if sum(people) > MOST_PEOPLE:
        faults.add(f"{columns['people']}: {sum(people):,.0f} people in all. Give at most {MOST_PEOPLE:,}.")
    faults.raise_if_any()
    return ParsedPeople(
        origin_ids=np.array(ids, dtype=np.str_),
        lon=np.array(lon, dtype=np.float64),
        lat=np.array(lat, dtype=np.float64),
        people=np.array(people, dtype=np.float64),
        line=np.array(table.lines, dtype=np.int64),
        source=Source("people", path.name, "not stated"),
    )


def _named(table: CsvTable, column: str) -> str:
    """The column that the person named, by its name or its plain name."""
    for name in table.header:
        if column in (name, csv_table.plain(name)):
            return name
    shown = ", ".join(table.header)[:200]
    raise InputError(f"{table.path}: has no column {column!a:.60}. Name one of {shown}.")


def _place(text: str) -> float:
    if not text:
        raise ValueError("is empty")
    return csv_table.degrees(text)


def _ids(table: CsvTable, columns: dict[str, str], faults: Faults) -> list[str]:
    """Ids of the file, or the lines; a fault for each that is empty or stands twice."""
    if "origin_id" not in columns:
        return [f"line-{line}" for line in table.lines]
    return csv_table.unique_ids(table, columns["origin_id"], faults)
