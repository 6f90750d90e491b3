"""The journal as JSON lines: one that says whose they are, one for each event, one that says where they end.

The body of each line is the event's canonical JSON, so that any program can check the chain with a SHA-256. Lines from
outside are hostile until each was checked.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from takecover.errors import InputError
from takecover.model import canonical
from takecover.model.event import Event
from takecover.model.event_line import Chain, Record, Sealed

FORMAT = "takecover-journal/1"
LONGEST_LINE = 8_000_000
"""Bytes of a line; a longer one is refused before it is read."""


@dataclass(frozen=True, slots=True)
class Line:
    """One checked line: where it stands in the file, as it was, and what it says."""

    number: int
    record: Record
    event: Event


def write(journal_id: str, records: Iterable[Record], file: BinaryIO) -> tuple[int, str]:
    """Write a journal; what comes out is the same to the byte whenever the same lines are written.

    Parameters
    ----------
    journal_id
        The journal's name.
    records
        All its lines from the first; without their words where they are to stay here.
    file
        Open for writing.

    Returns
    -------
    Seq and hash of the last line; 0 and nothing where there is none.
    """
    file.write(_json({"format": FORMAT, "journal_id": journal_id}) + b"\n")
    seq, last_hash = 0, ""
    for record in records:
        words = {
            name: {"salt": each.salt.hex(), "text": each.text} for name, each in sorted(record.words.items())
        }
        beside = b',"words":' + canonical.encode(words) if words else b""  # type: ignore[arg-type]
        file.write(b'{"body":' + record.body + b',"hash":"' + record.hash.encode() + b'"' + beside + b"}\n")
        seq, last_hash = record.seq, record.hash
    file.write(_json({"end": {"hash": last_hash, "seq": seq}}) + b"\n")
    return seq, last_hash


def _json(value: dict[str, Any]) -> bytes:
    return canonical.encode(value)


def read_header(file: BinaryIO, name: str) -> str:
    """The journal's name, from the first line.

    Raises
    ------
    InputError
        It is no such file, or of a newer format.
    """
    plain = _plain(file.readline(LONGEST_LINE + 1), f"{name}, line 1")
    found = plain.get("format")
    if found != FORMAT:
        raise InputError(
            f"{name}, line 1: the format is {found!r:.60}, this Takecover reads {FORMAT}. Give an export."
        )
    journal_id = plain.get("journal_id")
    if not isinstance(journal_id, str) or not 0 < len(journal_id) <= 100 or not journal_id.isprintable():
        raise InputError(f"{name}, line 1: journal_id is {journal_id!r:.60}, which is no name of a journal.")
    return journal_id


def read(file: BinaryIO, journal_id: str, name: str) -> Iterator[Line]:
    """The lines after the header, each checked by itself and against the one before.

    Parameters
    ----------
    file
        After `read_header`.
    journal_id
        What that gave.
    name
        Of the file, for messages.

    Raises
    ------
    InputError
        At the first line that is not whole, with its number and everything wrong with it; or at the end, when the last
        line is missing: the file was cut off. All lines given before are good.
    """
    chain = Chain(journal_id)
    number = 1
    while True:
        number += 1
        where = f"{name}, line {number}"
        text = file.readline(LONGEST_LINE + 1)
        if not text:
            raise InputError(
                f"{where}: the file ends without its last line; it was cut off. Get the whole file."
            )
        plain = _plain(text, where)
        if set(plain) == {"end"}:
            _check_end(plain["end"], chain, where)
            return
        record = _record(plain, where)
        try:
            event = chain.take(plain["body"], record)
        except InputError as error:
            raise InputError(f"{where}: {error}", error.faults) from error
        record = Record(
            event.seq, event.event_id, event.payload.kind, "", record.body, event.hash, record.words
        )
        yield Line(number, record, event)


def _check_end(end: Any, chain: Chain, where: str) -> None:
    expected = {"hash": chain.hash if chain.seq else "", "seq": chain.seq}
    if end != expected:
        raise InputError(
            f"{where}: the last line says {end!r:.120}, the lines before it give {expected}. Lines are missing."
        )


def _record(plain: dict[str, Any], where: str) -> Record:
    """The parts of a line, of the right kinds."""
    if not {"body", "hash"} <= set(plain) <= {"body", "hash", "words"} or not isinstance(plain["hash"], str):
        raise InputError(
            f"{where}: has {sorted(plain)!r:.120}. Expected are body, hash and, where there are any, words."
        )
    words = plain.get("words", {})
    try:
        found = {field: Sealed(bytes.fromhex(each["salt"]), each["text"]) for field, each in words.items()}
        content = canonical.encode(plain["body"])
    except (TypeError, KeyError, AttributeError) as error:
        raise InputError(f"{where}: the words are no objects of salt and text by field.") from error
    except ValueError as error:
        raise InputError(f"{where}: {error}.") from error
    return Record(0, "", "", "", content, plain["hash"], found)


def _plain(text: bytes, where: str) -> dict[str, Any]:
    """One JSON object; no fraction, no name twice, no more bytes than allowed."""
    if len(text) > LONGEST_LINE:
        raise InputError(f"{where}: is longer than {LONGEST_LINE:,} bytes. That is no line of a journal.")
    if not text.endswith(b"\n"):
        raise InputError(f"{where}: ends in the middle; the file was cut off. Get the whole file.")
    try:
        found = json.loads(
            text.decode("utf-8"),
            object_pairs_hook=_once,
            parse_float=_no_fraction,
            parse_constant=_no_fraction,
        )
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where}: is no JSON that a journal holds ({str(error)[:120]}).") from error
    if not isinstance(found, dict):
        raise InputError(f"{where}: is no JSON object.")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _no_fraction(text: str) -> None:
    raise ValueError(f"{text:.20} is no whole number")
