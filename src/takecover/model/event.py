"""One journal line: who said what, when it was recorded, when it holds, and the hash of the line before.

Nothing here reads a clock or draws a random number: times and salts are handed in.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from takecover.errors import InternalError
from takecover.model import canonical, event_payloads
from takecover.model.canonical import Plain
from takecover.model.event_fields import write_moment
from takecover.model.event_payloads import Payload

SALT_BYTES = 32

EVENT_ID = re.compile(r"[A-Za-z0-9._:/@+-]{1,200}", re.ASCII)
"""What an event may be called."""

RANKS = {"resident": 0, "feed": 1, "system": 1, "sensor": 2, "warden": 3, "officer": 4}
"""Kinds of source, and how far each one's word goes: the same or a higher rank reverses what was said."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a caller wants recorded.

    Attributes
    ----------
    event_id
        Outside name of the event, made by whoever says it. The same id sent again is recorded once.
    effective_at
        When it holds from, aware. A phone that was offline sends the time at which the button was pressed.
    source
        Where it comes from: a kind of `RANKS`, a colon, a name: ``warden:IL-0042``, ``feed:ukrainealarm``.
    actor_id
        Who did it, as an id that is no name; empty for a machine.
    payload
        What is said.
    is_exercise
        True in an exercise: it never touches the real state, nor a real event the exercise.
    words
        Names and free text, by field: kept beside the chain, where two people can erase them.
    """

    event_id: str
    effective_at: datetime
    source: str
    actor_id: str
    payload: Payload
    is_exercise: bool = False
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def rank(self) -> int:
        """How far the source's word goes."""
        return rank(self.source)


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the journal, as it stands for ever.

    Attributes
    ----------
    seq
        Position in the journal, from 1, without gaps.
    event_id, effective_at, source, actor_id, payload, is_exercise
        As in `Draft`; the payload is of the newest version, whatever version was written.
    recorded_at
        When the store took it, by the server's clock; never before the event before.
    sealed
        Salted hash of each field of words beside the event (hexadecimal SHA-256).
    previous_hash
        Hash of the event before; of the journal's own id for the first.
    hash
        SHA-256 of the canonical bytes of all the above, hexadecimal.
    """

    seq: int
    event_id: str
    recorded_at: datetime
    effective_at: datetime
    source: str
    actor_id: str
    is_exercise: bool
    payload: Payload
    sealed: Mapping[str, str]
    previous_hash: str
    hash: str

    @property
    def rank(self) -> int:
        """How far the source's word goes."""
        return rank(self.source)

    @property
    def as_of(self) -> datetime:
        """Since when the fact is known to hold: its own time, but never later than the server recorded it."""
        return min(self.effective_at, self.recorded_at)


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a journal: what the next event is chained to.

    Attributes
    ----------
    seq
        Events so far.
    hash
        Hash of the last event, or `genesis` where there is none.
    recorded_at
        When the last event was recorded; None where there is none.
    """

    seq: int
    hash: str
    recorded_at: datetime | None


def event_id_of(text: str) -> str:
    """An event id made from a text of another system: the text itself where it is one, else its hash.

    Examples
    --------
    >>> event_id_of("sirens/31:AIR")
    'sirens/31:AIR'
    >>> event_id_of("an alert, in words")[:19]
    'sha256:e0c84449d5ae'
    """
    if EVENT_ID.fullmatch(text):
        return text
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()}"


def kind_of_source(source: str) -> str:
    """The part of a source before its colon."""
    return source.partition(":")[0]


def rank(source: str) -> int:
    """How far the word of a source goes; see `RANKS`.

    Raises
    ------
    InternalError
        A source of unknown kind, which no checked event has.
    """
    try:
        return RANKS[kind_of_source(source)]
    except KeyError:
        raise InternalError(f"the source '{source}' is of no known kind.") from None


def genesis(journal_id: str) -> str:
    """The hash that the first event of a journal is chained to, so that two journals are never joined unseen."""
    return hashlib.sha256(f"takecover-journal/1:{journal_id}".encode()).hexdigest()


def seal(salt: bytes, text: str) -> str:
    """The salted hash of words beside the chain: it binds the words, and tells nothing of them once the salt is gone.

    Parameters
    ----------
    salt
        `SALT_BYTES` random bytes, drawn for this one text.
    text
        The words.
    """
    return hashlib.sha256(salt + text.encode("utf-8")).hexdigest()


def body(
    draft: Draft, seq: int, recorded_at: datetime, sealed: Mapping[str, str], previous_hash: str
) -> bytes:
    """The canonical bytes of an event: what is hashed, and what is stored.

    Raises
    ------
    ValueError
        The draft holds what canonical JSON cannot; `takecover.model.event_rules.check` says so before.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from takecover.model.event_payloads import PeopleCounted
    >>> now = datetime(2026, 11, 25, 2, tzinfo=UTC)
    >>> draft = Draft("e-1", now, "warden:IL-0042", "link:7", PeopleCounted("IL-0042", 120))
    >>> body(draft, 1, now, {}, genesis("model"))[:90]
    b'{"actor_id":"link:7","effective_at":"2026-11-25T02:00:00.000Z","event_id":"e-1","is_exerci'
    """
    return canonical.encode(
        {
            **said(draft),
            "previous_hash": previous_hash,
            "recorded_at": write_moment(recorded_at),
            "sealed": dict(sealed),
            "seq": seq,
        }
    )


def said(draft: Draft | Event) -> dict[str, Plain]:
    """What was said, as plain JSON, without what the store adds: equal for an event and its draft."""
    payload = draft.payload
    return {
        "actor_id": draft.actor_id,
        "effective_at": write_moment(draft.effective_at),
        "event_id": draft.event_id,
        "is_exercise": draft.is_exercise,
        "kind": payload.kind,
        "payload": event_payloads.write(payload),
        "source": draft.source,
        "version": payload.version,
    }


def digest(content: bytes) -> str:
    """The hash of an event's canonical bytes."""
    return hashlib.sha256(content).hexdigest()
