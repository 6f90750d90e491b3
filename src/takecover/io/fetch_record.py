"""The record of what was fetched for a city, kept beside the files: ``fetched.json``, format ``takecover-fetch/1``."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import takecover
from takecover.errors import InputError, SourceError
from takecover.io import json_text
from takecover.io.files import read_bytes
from takecover.model.city import Source

NAME = "fetched.json"
FORMAT = "takecover-fetch/1"
LARGEST_BYTES = 1_000_000
LONGEST_TEXT = 400_000
"""A query names each district by its id: some 20,000 of them (`io.districts.MOST_DISTRICTS`) of up to 20 digits."""


@dataclass(frozen=True)
class FetchedFile:
    """A file that was fetched.

    Attributes
    ----------
    file
        Its name in the folder.
    url, query
        Where it came from, and what was asked there; empty where nothing was.
    fetched_at
        When, ISO 8601 in UTC.
    size_bytes, sha256
        What it was then.
    source
        What it is and under which licence.
    """

    file: str
    url: str
    query: str
    fetched_at: str
    size_bytes: int
    sha256: str
    source: Source


@dataclass(frozen=True)
class FetchRecord:
    """Everything that was fetched into a folder.

    Attributes
    ----------
    name
        What was asked for.
    bbox
        Its area: west, south, east, north [degree].
    files
        The files.
    """

    name: str
    bbox: tuple[float, float, float, float]
    files: tuple[FetchedFile, ...]


def write(record: FetchRecord, folder: Path) -> None:
    """Write the record, whole or not at all.

    Raises
    ------
    SourceError
        If the disk refuses.
    """
    document = {
        "format": FORMAT,
        "takecover_version": takecover.__version__,
        "name": record.name,
        "bbox": list(record.bbox),
        "files": [asdict(file) for file in record.files],
    }
    fresh = folder / f"{NAME}.new"
    try:
        fresh.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        fresh.replace(folder / NAME)
    except OSError as error:
        raise SourceError(
            f"{folder}: cannot be written ({error.strerror or error}). Give another --out."
        ) from error


def read(folder: Path) -> FetchRecord | None:
    """Read the record of a folder; None where there is none.

    Raises
    ------
    SourceError
        If it cannot be read.
    InputError
        If it is broken.
    """
    path = folder / NAME
    if not path.is_file():
        return None
    try:
        document = json_text.parse(read_bytes(path, LARGEST_BYTES))
        if document["format"] != FORMAT:
            raise ValueError(f"its format is {document['format']!r:.40}, not {FORMAT}")
        west, south, east, north = (_degree(side) for side in document["bbox"])
        files = tuple(_file(row) for row in document["files"])
        return FetchRecord(_text(document, "name"), (west, south, east, north), files)
    except InputError:
        raise
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise InputError(
            f"{path}: is no record of a fetch ({error!s:.100}). Delete it, or fetch again."
        ) from error


def checksum(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits.

    Raises
    ------
    SourceError
        If it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror or error}).") from error


def _file(row: Mapping[str, Any]) -> FetchedFile:
    texts = {key: _text(row, key) for key in ("file", "url", "query", "fetched_at", "sha256")}
    said = row["source"]
    source = Source(*(_text(said, key) for key in ("subject", "name", "licence", "dated", "attribution")))
    return FetchedFile(**texts, size_bytes=int(row["size_bytes"]), source=source)


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row[key]
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise ValueError(f"{key} is no text")
    return value


def _degree(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("bbox is no four numbers")
    return float(value)
