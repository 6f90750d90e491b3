"""Reads the JSON of alert services: bounded, every fault named, nothing guessed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from takecover.errors import Faults, InputError

MOST_ALERTS = 20_000
LONGEST_TEXT = 200


def loads(data: bytes) -> Any:
    """The JSON value of an answer.

    Raises
    ------
    InputError
        If it is no JSON in UTF-8, or is nested too deep.
    """
    try:
        return json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"it is no JSON ({type(error).__name__}).") from error


def rows(value: Any, what: str) -> list[Mapping[str, Any]]:
    """The objects of a list.

    Raises
    ------
    InputError
        If it is no list of objects, or too long.
    """
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise InputError(f"{what} is no list of objects.")
    if len(value) > MOST_ALERTS:
        raise InputError(f"{what} has {len(value):,} entries; at most {MOST_ALERTS:,} are read.")
    return value


def text(row: Mapping[str, Any], name: str, place: str, faults: Faults) -> str:
    """A short text or number of a row, as text; a fault where it is missing."""
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int) or not str(value).strip():
        faults.add(f"{place}.{name}: {str(value)[:40]!r} is no text")
        return ""
    return str(value).strip()[:LONGEST_TEXT]


def time(row: Mapping[str, Any], name: str) -> datetime | None:
    """A time of a row in UTC; None where there is none or it has no zone, since it is only ever shown."""
    value = row.get(name)
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return None if found is None or found.tzinfo is None else found.astimezone(UTC)
