"""What is known of files that `takecover city get` fetched: their area, and whom to name for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from takecover.analysis.swap import Box
from takecover.io import fetch_record
from takecover.io.fetch_record import FetchedFile, FetchRecord
from takecover.model.city import Source


def area(path: Path) -> Box | None:
    """The area that a file was fetched for; None where it was not fetched, or has changed since.

    Raises
    ------
    InputError
        If the record beside it is broken.
    """
    record = fetch_record.read(path.parent)
    return None if record is None or _entry(record, path) is None else Box(*record.bbox)


def named(sources: Sequence[Source], paths: Sequence[Path]) -> tuple[Source, ...]:
    """Sources with the names, licences and dates of what was fetched.

    Parameters
    ----------
    sources
        Sources as the readers of the files tell them.
    paths
        The files that were read.

    Raises
    ------
    InputError
        If the record beside a file is broken.
    """
    known = {}
    for path in paths:
        record = fetch_record.read(path.parent)
        entry = None if record is None else _entry(record, path)
        if entry is not None:
            known[entry.source.subject] = entry.source
    found = []
    for source in sources:
        better = known.get(source.subject)
        found.append(source if better is None else replace(better, dated=better.dated or source.dated))
    return tuple(found)


def _entry(record: FetchRecord, path: Path) -> FetchedFile | None:
    """What the record says of a file that is as it was when it was fetched."""
    for entry in record.files:
        is_same = entry.file == path.name and path.is_file() and path.stat().st_size == entry.size_bytes
        if is_same and fetch_record.checksum(path) == entry.sha256:
            return entry
    return None
