"""Reads histories of alerts: CSV tables with a region, a start and an end, in the two layouts that are published."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from takecover.errors import Faults, InputError
from takecover.io.files import read_bytes

LARGEST_BYTES = 50_000_000
REGIONS = ("region", "oblast")
"""Column of the region: of volunteers' tables, and of the official channel's."""

NARROWER = ("raion", "hromada")
"""Columns of the official layout that are empty where an alert is for the whole region."""


@dataclass(frozen=True)
class AlertSpan:
    """One alert that was.

    Attributes
    ----------
    started_at, finished_at
        When, aware.
    """

    started_at: datetime
    finished_at: datetime


def read(path: Path, region: str = "") -> tuple[AlertSpan, ...]:
    """The alerts of a whole region, by their start.

    Parameters
    ----------
    path
        The table: ``region`` or ``oblast``, ``started_at``, ``finished_at``, all times with their zone.
    region
        Which region; may be left out where the table has one only.

    Raises
    ------
    SourceError
        If the file cannot be read.
    InputError
        If it is no such table, or a row is at fault (all at once), or the region is not in it or has to be named.
    """
    text = read_bytes(path, LARGEST_BYTES).decode("utf-8-sig", "replace")
    rows = csv.DictReader(io.StringIO(text, newline=""))
    columns = rows.fieldnames or []
    named = next((name for name in REGIONS if name in columns), None)
    if named is None or not {"started_at", "finished_at"} <= set(columns):
        raise InputError(
            f"{path}: is no history of alerts. Give columns region (or oblast), started_at, finished_at."
        )
    faults = Faults(str(path))
    found: dict[str, list[AlertSpan]] = {}
    try:
        for row in rows:
            span = _span(row, rows.line_num, faults)
            if span is not None and not any(row.get(each) for each in NARROWER):
                found.setdefault(row[named] or "", []).append(span)
    except csv.Error as error:
        faults.add(f"line {rows.line_num}: is no CSV ({error}). Correct it.")
    faults.raise_if_any()
    return tuple(sorted(found[_one(path, region, found)], key=lambda each: each.started_at))


def _one(path: Path, region: str, found: Mapping[str, object]) -> str:
    if region in found:
        return region
    if not region and len(found) == 1:
        return next(iter(found))
    some = ", ".join(sorted(found)[:10]) or "none"
    raise InputError(f"{path}: the region {region!a:.60} is not one of its {len(found)}: {some}. Name one.")


def _span(row: Mapping[str, str], line: int, faults: Faults) -> AlertSpan | None:
    times = []
    for name in ("started_at", "finished_at"):
        try:
            time = datetime.fromisoformat(row[name] or "")
            if time.tzinfo is None:
                raise ValueError
            times.append(time.astimezone(UTC))
        except (ValueError, OverflowError):
            faults.add(f"line {line}: {name} is {row[name]!a:.60}. Give a time with its zone.")
    if len(times) == 2 and times[1] < times[0]:
        faults.add(f"line {line}: finished_at is before started_at. Correct one.")
    return AlertSpan(*times) if len(times) == 2 else None
