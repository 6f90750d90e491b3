"""Reads a list of shelters from CSV, by the names that lists give their columns.

Only the columns named here are read: owners, contacts and phones never enter a city.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from takecover.analysis.parsed import NO, UNKNOWN, YES, ParsedShelters
from takecover.dtypes import COUNT
from takecover.errors import Faults, InputError
from takecover.io import csv_table
from takecover.io.csv_table import CsvTable
from takecover.model.city import Source

SYNONYMS = {
    "shelter_id": ("shelter_id", "skyddsrumsnr", "skyddsrumsnummer", "number", "id"),
    "name": ("name", "shelter_name", "title", "address", "street_address", "gatuadress", "adress"),
    "kind": ("kind", "type", "shelter_type"),
    "capacity": ("capacity", "places", "people", "antalplatser", "antal_platser", "platser"),
    "lon": ("lon", "longitude", "lng", "long", "x"),
    "lat": ("lat", "latitude", "y"),
    "step_free": ("step_free", "is_step_free", "wheelchair", "ramp", "accessible"),
    "withheld": ("is_withheld", "withheld", "secret", "not_public"),
}
"""For each role, plain names of columns (`csv_table.plain`), the best first."""

KIND_WORDS = {
    "metro_station": "metro_station",
    "metro": "metro_station",
    "subway": "metro_station",
    "basement": "basement",
    "cellar": "basement",
    "underpass": "underpass",
    "car_park": "car_park",
    "parking": "car_park",
    "garage": "car_park",
    "sealed_shelter": "sealed_shelter",
    "shelter": "shelter",
}
"""Words of the column of kinds; any other is read as ``shelter``."""

_YES = frozenset({"yes", "true", "1", "y", "ja", "designated"})
_NO = frozenset({"no", "false", "0", "n", "nej"})
_PHONE = re.compile(r"(?<!\w)(?:\+\d|0\d)(?:[\s().-]{0,2}\d){7,}")
_MAIL = re.compile(r"\S+@\S+")


def read(path: Path) -> ParsedShelters:
    """Read a list of shelters.

    Parameters
    ----------
    path
        CSV file in UTF-8, parted by commas, semicolons or tabs.

    Returns
    -------
    ParsedShelters
        Positions as the file has them: whether latitude and longitude are swapped is for `analysis.swap` to tell. A
        row without a position has NaN. Where the list has no ids, ``line-<number>`` stands for them.

    Raises
    ------
    SourceError
        If the file cannot be read.
    InputError
        If columns are missing or cells are broken: all faults at once, each with its line.
    """
    table = csv_table.read(path)
    columns = csv_table.find_columns(table.header, SYNONYMS)
    missing = [role for role in ("capacity", "lon", "lat") if role not in columns]
    if missing:
        wanted = "; ".join(f"{role}: {', '.join(SYNONYMS[role])}" for role in missing)
        raise InputError(f"{path}: no column is recognised for {', '.join(missing)}. Name one of ({wanted}).")
    faults = Faults(str(path))
    lon = table.parse(columns["lon"], csv_table.degrees, np.nan, faults, "Give degrees, or nothing")
    lat = table.parse(columns["lat"], csv_table.degrees, np.nan, faults, "Give degrees, or nothing")
    capacity = table.parse(columns["capacity"], _places, 0, faults, "Give places as a whole number from 0")
    ids = _ids(table, columns, faults)
    names, redacted = _names(table, columns)
    csv_table.sort_by_line(faults)
    faults.raise_if_any()
    is_bare = np.isnan(lon) | np.isnan(lat)
    kinds, findings = _kinds(table, columns)
    if redacted:
        findings.append(f"Shelters: a phone number or mail address was taken out of {redacted:,} names.")
    return ParsedShelters(
        shelter_ids=np.array(ids, dtype=np.str_),
        names=np.array(names, dtype=np.str_),
        kinds=np.array(kinds, dtype=np.str_),
        lon=np.where(is_bare, np.nan, lon),
        lat=np.where(is_bare, np.nan, lat),
        capacity=np.array(capacity, dtype=COUNT),
        step_free=np.array(_answers(table, columns.get("step_free")), dtype=np.int8),
        is_withheld=np.array(_answers(table, columns.get("withheld")), dtype=np.int8) == YES,
        line=np.array(table.lines, dtype=np.int64),
        source=Source("shelters", path.name, "not stated"),
        findings=(*findings, _said_columns(table, columns)),
    )


def _places(text: str) -> int:
    places = csv_table.whole(text)
    if places > 1_000_000:
        raise ValueError("is beyond belief")
    return places


def _ids(table: CsvTable, columns: dict[str, str], faults: Faults) -> list[str]:
    """Ids; a fault for each that is empty or stands twice."""
    if "shelter_id" not in columns:
        return [f"line-{line}" for line in table.lines]
    return csv_table.unique_ids(table, columns["shelter_id"], faults)


def _names(table: CsvTable, columns: dict[str, str]) -> tuple[list[str], int]:
    """Names of at most 200 printable characters, without phones and mail addresses; and how many had one."""
    if "name" not in columns:
        return [""] * len(table.rows), 0
    texts = ["".join(c if c.isprintable() else " " for c in text) for text in table.column(columns["name"])]
    clean = [" ".join(_MAIL.sub("", _PHONE.sub("", text)).split()).strip(" ,;:") for text in texts]
    redacted = sum(bool(_PHONE.search(text) or _MAIL.search(text)) for text in texts)
    return [text[:200] for text in clean], redacted


def _kinds(table: CsvTable, columns: dict[str, str]) -> tuple[list[str], list[str]]:
    """Kinds, and what is to be said of those not known."""
    if "kind" not in columns:
        return ["shelter"] * len(table.rows), []
    words = [csv_table.plain(text) for text in table.column(columns["kind"])]
    unknown = sorted({word for word in words if word and word not in KIND_WORDS})
    findings = []
    if unknown:
        shown = ", ".join(repr(word)[:40] for word in unknown[:3])
        findings.append(
            f"Shelters: {len(unknown)} kinds are not known and read as 'shelter' (first: {shown})."
        )
    return [KIND_WORDS.get(word, "shelter") for word in words], findings


def _answers(table: CsvTable, column: str | None) -> list[int]:
    """YES, NO or UNKNOWN for each row."""
    if column is None:
        return [UNKNOWN] * len(table.rows)
    words = [text.casefold() for text in table.column(column)]
    return [YES if word in _YES else NO if word in _NO else UNKNOWN for word in words]


def _said_columns(table: CsvTable, columns: dict[str, str]) -> str:
    """Which columns were read, and that no other was."""
    used = ", ".join(f"{name!a:.40}" for name in dict.fromkeys(columns.values()))
    rest = len(table.header) - len(set(columns.values()))
    return f"Shelters: read the columns {used}; {rest} others were not read."
