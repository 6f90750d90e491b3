"""What an event is about, and how an earlier event is amended: the parts of the fold that know no state."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from takecover.errors import Faults
from takecover.model.event import Event, rank
from takecover.model.event_payloads import (
    UNCORRECTABLE,
    AlertIssued,
    AllClear,
    Correction,
    DoorReported,
    FeedHeard,
    IncidentReported,
    NoticeAsked,
    NoticeDecided,
    Payload,
    PeopleCounted,
    ShelterHinted,
    ShelterReported,
    SpanMarked,
    StatementMade,
)

DEEPEST = 20
"""Corrections of corrections of corrections ... have no effect beyond this; the store refuses them."""

ALERTS = "alerts"


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as the state remembers it, with what was later said against it.

    Attributes
    ----------
    event_id, seq, source, actor_id, payload
        As recorded.
    as_of
        Since when it holds: its own time, never later than it was recorded.
    amendments
        Corrections of it, by ascending seq; they can have amendments themselves.
    """

    event_id: str
    seq: int
    as_of: datetime
    source: str
    actor_id: str
    payload: Payload
    amendments: tuple[Entry, ...] = ()

    @property
    def rank(self) -> int:
        """How far the word of its source goes."""
        return rank(self.source)


def entry_of(event: Event) -> Entry:
    """The event as the state remembers it."""
    return Entry(event.event_id, event.seq, event.as_of, event.source, event.actor_id, event.payload)


def topic_of(payload: Payload, source: str) -> str | None:
    """What a payload is about, as a text; None where it says nothing of the situation (audits, erasures, corrections).

    Examples
    --------
    >>> topic_of(PeopleCounted("IL-0042", 7), "warden:IL-0042")
    'count:IL-0042'
    """
    match payload:
        case AlertIssued() | AllClear():
            return ALERTS
        case FeedHeard():
            return f"feed:{source}"
        case ShelterReported() | PeopleCounted() | DoorReported() | ShelterHinted():
            return f"{payload.kind}:{payload.shelter_id}"
        case NoticeAsked() | NoticeDecided():
            return f"notice:{payload.notice_id}"
        case IncidentReported():
            return f"incident:{payload.incident_id}"
        case StatementMade():
            return f"statement:{payload.statement_id}"
        case SpanMarked():
            return f"mark:{payload.span_id}"
    return None


def is_in_force(entry: Entry) -> bool:
    """True where no retraction that is itself in force takes the entry back."""
    return not any(
        isinstance(later.payload, Correction) and later.payload.action == "retract" and is_in_force(later)
        for later in entry.amendments
    )


def current(entry: Entry) -> Entry | None:
    """The entry after its corrections: the latest replacement in force, or None where it was taken back."""
    if not entry.amendments:
        return entry
    if not is_in_force(entry):
        return None
    for later in reversed(entry.amendments):
        said = later.payload
        if isinstance(said, Correction) and said.action == "replace" and is_in_force(later):
            as_of = entry.as_of if said.effective_at is None else min(said.effective_at, later.as_of)
            return replace(entry, payload=said.replacement or entry.payload, as_of=as_of)
    return entry


def amended(entry: Entry, target_id: str, correction: Entry, depth: int = 0) -> Entry | None:
    """The entry with a correction hung on the part of it that the correction names; None where it names no part of it.

    The entry comes back as it was where the correction may not be made (see `faults_of_correction`).
    """
    if entry.event_id == target_id:
        faults = Faults("")
        faults_of_correction(correction.payload, correction.source, entry.payload, entry.source, faults)
        if faults.messages or depth >= DEEPEST:
            return entry
        return replace(entry, amendments=(*entry.amendments, correction))
    for at, later in enumerate(entry.amendments):
        found = amended(later, target_id, correction, depth + 1)
        if found is later:
            return entry
        if found is not None:
            changed = (*entry.amendments[:at], found, *entry.amendments[at + 1 :])
            return replace(entry, amendments=changed)
    return None


def faults_of_correction(
    said: Payload, source: str, target: Payload, target_source: str, faults: Faults
) -> None:
    """Note why a correction may not be made; the store refuses it then, and the fold passes it over.

    Parameters
    ----------
    said, source
        The correction and where it comes from.
    target, target_source
        The payload that it names and where that came from.
    faults
        Takes a message for each rule broken.
    """
    if not isinstance(said, Correction):
        return
    if rank(source) < rank(target_source):
        faults.add(
            f"source: {source} ranks below {target_source}. Let the same or a higher authority correct it."
        )
    if target.kind in UNCORRECTABLE and not (target.kind == "correction" and said.action == "retract"):
        faults.add(
            f"payload.target_event_id: a '{target.kind}' is an act and is not rewritten. Answer it by another."
        )
    new = said.replacement
    if new is None:
        return
    if new.kind != target.kind:
        faults.add(
            f"payload.replacement: is of the kind {new.kind}, the event of {target.kind}. Give the same kind."
        )
    elif topic_of(new, target_source) != topic_of(target, target_source):
        faults.add(
            f"payload.replacement: is about {topic_of(new, target_source)}, the event about "
            f"{topic_of(target, target_source)}. Retract the event, and say the other anew."
        )
