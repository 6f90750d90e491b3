"""Tells recorded events again as an exercise, at other times, with nobody's name and no free word in them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

from takecover.analysis.situation import State
from takecover.analysis.situation_topics import Entry, entry_of
from takecover.model.event import Draft, Event
from takecover.model.event_payloads import (
    AlertIssued,
    AllClear,
    Audited,
    Correction,
    Erased,
    ErasureAsked,
    FeedHeard,
    IncidentReported,
    NoticeAsked,
    NoticeDecided,
    SpanMarked,
    StatementMade,
)

ACTOR = "replay:0"
"""Who acts where the replay itself speaks."""

MACHINES = ("feed", "system", "sensor")
"""Kinds of source that are called by the name of a machine or a service, never of a person."""

PLACES_OF_OURS = ("web", "command-line", "console", "exercise")
"""Names of sources that Takecover itself gives to people's words."""

NOT_RETOLD = (Audited, ErasureAsked, Erased)
"""Acts on the system itself: they say nothing of the situation, and are not done twice."""

MILLISECOND = timedelta(milliseconds=1)


class Moments:
    """From the time of a recording to the time of its replay.

    Two moments that differ stay in their order and differ by a millisecond at least, however fast the replay is. What
    lies before the beginning keeps its age.

    Parameters
    ----------
    since
        Where the replay begins, in the recording's time.
    begins_at
        When that is now, by the server's clock.
    speed
        Seconds of the recording for each second of now, above 0.
    moments
        Every moment that will be asked for.
    """

    def __init__(
        self, since: datetime, begins_at: datetime, speed: float, moments: Iterable[datetime]
    ) -> None:
        self._since, self._speed = since, speed
        self._begins_at = _cut(begins_at)
        self._then = sorted({each for each in moments if each > since})
        self._now: list[datetime] = []
        last = self._begins_at
        for each in self._then:
            last = max(self._evenly(each), last + MILLISECOND)
            self._now.append(last)

    def __call__(self, then: datetime) -> datetime:
        """When a moment of the recording is in the replay; one that was not named at the start, evenly."""
        if then <= self._since:
            return self._begins_at - (self._since - then)
        at = bisect_left(self._then, then)
        is_named = at < len(self._then) and self._then[at] == then
        return self._now[at] if is_named else self._evenly(then)

    def _evenly(self, then: datetime) -> datetime:
        return _cut(self._begins_at + (then - self._since) / self._speed)


def _cut(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def moments_of(payload: Any) -> Iterator[datetime]:
    """Every time that a payload names."""
    for field in fields(payload):
        value = getattr(payload, field.name)
        if isinstance(value, datetime):
            yield value
        elif isinstance(payload, Correction) and field.name == "replacement" and value is not None:
            yield from moments_of(value)


def entries_of(state: State) -> tuple[Entry, ...]:
    """Everything that a state remembers, corrections too, in the order in which it was recorded."""
    found: list[Entry] = []
    left = [entry for trail in state.trails.values() for entry in trail]
    while left:
        entry = left.pop()
        found.append(entry)
        left += entry.amendments
    return tuple(sorted(found, key=lambda each: each.seq))


class Retelling:
    """Makes the exercise's drafts of a recording's events; the same thing has the same new name throughout.

    Ids are given anew, so that two replays never meet in one journal; people become numbers of their role, so that who
    asked and who agreed stay two; words beside events are left behind.

    Parameters
    ----------
    run
        Name of this replay: letters, digits and hyphens.
    moments
        From the recording's time to now.
    """

    def __init__(self, run: str, moments: Moments) -> None:
        self._run, self._moments = run, moments
        self._names: dict[str, dict[str, str]] = {}
        self._told: dict[str, str] = {}

    def draft(self, said: Event | Entry) -> Draft | None:
        """The draft of an event; None where it is not told again: an act on the system, or an answer to such a one."""
        entry = entry_of(said) if isinstance(said, Event) else said
        payload = self._payload(entry.payload)
        if payload is None:
            return None
        event_id = self._told.setdefault(entry.event_id, f"replay/{self._run}/{entry.seq}")
        kind, _, name = entry.source.partition(":")
        return Draft(
            event_id=event_id,
            effective_at=self._moments(entry.as_of),
            source=f"{kind}:{self._source(kind, name, entry.payload)}",
            actor_id=self._actor(kind, entry.actor_id),
            payload=payload,
            is_exercise=True,
        )

    def _source(self, kind: str, name: str, payload: Any) -> str:
        """The name of a source: kept where it is of a machine, a place or our own, else a number."""
        is_kept = kind in MACHINES or name in PLACES_OF_OURS or name == getattr(payload, "shelter_id", None)
        return name if is_kept else self._named(kind, name)

    def _actor(self, kind: str, actor_id: str) -> str:
        known = self._names.setdefault(f"actor of {kind}", {"": ""})
        return known.setdefault(actor_id, f"replay:{len(known)}")

    def _named(self, kind: str, name: str) -> str:
        """The new name of a thing or a speaker; nothing stays nothing."""
        known = self._names.setdefault(kind, {"": ""})
        return known.setdefault(name, f"replay-{self._run}-{kind}-{len(known)}")

    def _all(self, kind: str, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self._named(kind, each) for each in names)

    def _moment(self, then: datetime | None) -> datetime | None:
        return None if then is None else self._moments(then)

    def _payload(self, said: Any) -> Any:
        """What was said, with new ids and times; None where it is not told again."""
        match said:
            case AlertIssued() | AllClear():
                return self._alert(said)
            case FeedHeard():
                return replace(said, last_heard_at=self._moment(said.last_heard_at))
            case NoticeAsked() | NoticeDecided():
                return self._notice(said)
            case IncidentReported():
                return replace(said, incident_id=self._named("incident", said.incident_id))
            case StatementMade():
                return replace(
                    said,
                    statement_id=self._named("statement", said.statement_id),
                    incident_id=self._named("incident", said.incident_id),
                    said_by=self._named("speaker", said.said_by),
                    said_at=self._moment(said.said_at),
                    supersedes=self._all("statement", said.supersedes),
                )
            case SpanMarked():
                return replace(said, span_id=self._named("span", said.span_id))
            case Correction():
                return self._correction(said)
        return None if isinstance(said, NOT_RETOLD) else said

    def _alert(self, said: AlertIssued | AllClear) -> AlertIssued | AllClear:
        status = "Exercise" if said.status == "Actual" else said.status
        if isinstance(said, AllClear):
            return replace(said, status=status, alert_ids=self._all("alert", said.alert_ids))
        return replace(
            said,
            status=status,
            alert_id=self._named("alert", said.alert_id),
            references=self._all("alert", said.references),
            onset_at=self._moment(said.onset_at),
            expires_at=self._moment(said.expires_at),
        )

    def _notice(self, said: NoticeAsked | NoticeDecided) -> NoticeAsked | NoticeDecided | None:
        notice_id = self._named("notice", said.notice_id)
        if isinstance(said, NoticeAsked):
            return replace(said, notice_id=notice_id, expires_at=self._moment(said.expires_at))
        asked = self._told.get(said.asked_event_id)
        return None if asked is None else replace(said, notice_id=notice_id, asked_event_id=asked)

    def _correction(self, said: Correction) -> Correction | None:
        target = self._told.get(said.target_event_id)
        if target is None:
            return None
        replacement = None if said.replacement is None else self._payload(said.replacement)
        effective_at = self._moment(said.effective_at)
        return replace(said, target_event_id=target, replacement=replacement, effective_at=effective_at)
