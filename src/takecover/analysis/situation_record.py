"""Notices, incidents, statements and marked spans at a time: what stands of them after approvals and corrections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from takecover.analysis.situation import State
from takecover.analysis.situation_topics import Entry
from takecover.analysis.situation_view import known_by
from takecover.model.event_payloads import (
    IncidentReported,
    NoticeAsked,
    NoticeDecided,
    SpanMarked,
    StatementMade,
)


@dataclass(frozen=True, slots=True)
class NoticeView:
    """Where one notice to the public stands.

    Attributes
    ----------
    notice_id
        Which.
    status
        ``asked``: nothing was public yet; ``public``; ``cancelled``; ``rejected``.
    public
        The request that is in force with the public, approved by a second person; None where there is none.
    pending
        The newest request that nobody else has decided; None where there is none.
    """

    notice_id: str
    status: str
    public: Entry | None
    pending: Entry | None


@dataclass(frozen=True, slots=True)
class IncidentView:
    """One incident as last reported, and since when it is known."""

    incident_id: str
    report: IncidentReported
    event_id: str
    first_at: datetime
    as_of: datetime
    source: str


@dataclass(frozen=True, slots=True)
class StatementView:
    """One statement as it stands after corrections, with the event that holds its words."""

    statement: StatementMade
    event_id: str
    as_of: datetime


@dataclass(frozen=True, slots=True)
class SpanView:
    """A drill or a raid: when it began and ended; None where that was not marked."""

    span_id: str
    span: str
    began_at: datetime | None
    ended_at: datetime | None


def _topics(state: State, prefix: str) -> list[str]:
    return sorted(topic for topic in state.trails if topic.startswith(prefix))


def notices(state: State, at: datetime) -> tuple[NoticeView, ...]:
    """Every notice known at a time, by id."""
    return tuple(
        _notice(topic.partition(":")[2], known_by(state.trails[topic], at))
        for topic in _topics(state, "notice:")
        if any(isinstance(entry.payload, NoticeAsked) for entry in known_by(state.trails[topic], at))
    )


def _notice(notice_id: str, entries: list[Entry]) -> NoticeView:
    """One notice: the newest request that another person approved stands; one's own approval counts for nothing."""
    asked = {entry.event_id: entry for entry in entries if isinstance(entry.payload, NoticeAsked)}
    decided = _decided(entries, asked)
    approved = [
        entry for event_id, entry in asked.items() if event_id in decided and _is_yes(decided[event_id])
    ]
    undecided = [entry for event_id, entry in asked.items() if event_id not in decided]
    standing = approved[-1] if approved else None
    pending = undecided[-1] if undecided else None
    if standing is not None:
        is_cancelled = isinstance(standing.payload, NoticeAsked) and standing.payload.step == "cancel"
        return NoticeView(notice_id, "cancelled" if is_cancelled else "public", standing, pending)
    return NoticeView(notice_id, "asked" if pending else "rejected", None, pending)


def _decided(entries: list[Entry], asked: Mapping[str, Entry]) -> dict[str, Entry]:
    """By the id of the request, the first decision of another person."""
    decided: dict[str, Entry] = {}
    for entry in entries:
        said = entry.payload
        request = asked.get(said.asked_event_id) if isinstance(said, NoticeDecided) else None
        if isinstance(said, NoticeDecided) and request is not None and request.actor_id != entry.actor_id:
            decided.setdefault(said.asked_event_id, entry)
    return decided


def _is_yes(entry: Entry) -> bool:
    return isinstance(entry.payload, NoticeDecided) and entry.payload.decision == "approve"


def approvals(entries: list[Entry]) -> list[tuple[Entry, Entry]]:
    """What was asked and another person approved, each with that approval, in the order of the approvals.

    Parameters
    ----------
    entries
        Of one notice, as they held.
    """
    asked = {entry.event_id: entry for entry in entries if isinstance(entry.payload, NoticeAsked)}
    found = [
        (asked[event_id], entry) for event_id, entry in _decided(entries, asked).items() if _is_yes(entry)
    ]
    return sorted(found, key=lambda pair: (pair[1].as_of, pair[1].seq))


def incidents(state: State, at: datetime) -> tuple[IncidentView, ...]:
    """Every incident known at a time, by id, as last reported."""
    found = []
    for topic in _topics(state, "incident:"):
        entries = known_by(state.trails[topic], at)
        last = entries[-1] if entries else None
        if last is not None and isinstance(last.payload, IncidentReported):
            found.append(
                IncidentView(
                    incident_id=last.payload.incident_id,
                    report=last.payload,
                    event_id=last.event_id,
                    first_at=entries[0].as_of,
                    as_of=last.as_of,
                    source=last.source,
                )
            )
    return tuple(found)


def statements(state: State, at: datetime) -> tuple[StatementView, ...]:
    """Every statement known at a time, each on its own: nothing is added up, nothing averaged."""
    return tuple(
        StatementView(entry.payload, entry.event_id, entry.as_of)
        for topic in _topics(state, "statement:")
        for entry in known_by(state.trails[topic], at)
        if isinstance(entry.payload, StatementMade)
    )


def spans(state: State, at: datetime) -> tuple[SpanView, ...]:
    """Every drill and raid whose begin or end was marked by a time, by id."""
    found = []
    for topic in _topics(state, "mark:"):
        times: dict[str, datetime] = {}
        span = ""
        for entry in known_by(state.trails[topic], at):
            if isinstance(entry.payload, SpanMarked):
                times[entry.payload.phase] = entry.as_of
                span = entry.payload.span
        if times:
            found.append(SpanView(topic.partition(":")[2], span, times.get("begin"), times.get("end")))
    return tuple(found)
