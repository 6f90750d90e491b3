"""What each source of alerts says of an area at a time, side by side, and what follows from all of them together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from takecover.analysis.situation import Rules, State
from takecover.analysis.situation_alerts import AlertRow, rows
from takecover.analysis.situation_topics import ALERTS
from takecover.analysis.situation_view import UNKNOWN, freshness, known_by
from takecover.model.event import kind_of_source
from takecover.model.event_payloads import FeedHeard

ON, NONE = "on", "none"
NOT_HEARD: Mapping[str, datetime] = {}


@dataclass(frozen=True, slots=True)
class AlertFact:
    """One alert row with its age.

    Attributes
    ----------
    row
        The alert in its area.
    is_on
        True where it was not ended, has not expired, and its age is not unknown.
    valid_until, unknown_from, freshness
        As in `takecover.analysis.situation_view.Fact`; the age counts from when its source was last heard, or ends with
        the alert's own expiry.
    """

    row: AlertRow
    is_on: bool
    valid_until: datetime
    unknown_from: datetime
    freshness: str


@dataclass(frozen=True, slots=True)
class SourceWord:
    """What one source says of an area.

    Attributes
    ----------
    source
        Which.
    word
        ``on``; ``none`` where it was heard lately and has nothing on; ``unknown`` where it was not heard lately.
    heard_at
        When it was last heard.
    freshness
        Of that.
    alerts
        Its alerts in the area that nobody ended, whatever their age.
    """

    source: str
    word: str
    heard_at: datetime
    freshness: str
    alerts: tuple[AlertFact, ...]


@dataclass(frozen=True, slots=True)
class AreaView:
    """What is known of alerts in an area.

    Attributes
    ----------
    area_id
        Which.
    word
        ``on`` where any source says so; ``none`` where one that was heard lately has nothing on and no alert of another
        is left open; else ``unknown``. Nobody heard means unknown, never none.
    is_contradicted
        True where one source says ``on`` and another, heard lately, ``none``.
    sources
        Each source's own word, by its name.
    """

    area_id: str
    word: str
    is_contradicted: bool
    sources: tuple[SourceWord, ...]


def last_heard(state: State, at: datetime, heard: Mapping[str, datetime] = NOT_HEARD) -> dict[str, datetime]:
    """When each feed was last heard: by the journal, or later than that by the server's own memory.

    Parameters
    ----------
    state
        The world asked about.
    at
        The time asked about; nothing later counts.
    heard
        By source, when the running server last had an answer from it.
    """
    found = {source: when for source, when in heard.items() if when <= at}
    for topic, trail in state.trails.items():
        if topic.startswith("feed:"):
            for entry in known_by(trail, at):
                said = entry.payload
                if isinstance(said, FeedHeard) and said.last_heard_at is not None:
                    when = min(said.last_heard_at, entry.as_of)
                    found[entry.source] = max(when, found.get(entry.source, when))
    return found


def alerts(
    state: State, at: datetime, rules: Rules, heard: Mapping[str, datetime] = NOT_HEARD
) -> tuple[AlertFact, ...]:
    """Every alert row known at a time with its age, ended ones too, in the order in which they hold."""
    when = last_heard(state, at, heard)
    return tuple(_aged(row, at, rules, when) for row in rows(state.trails.get(ALERTS, ()), at).values())


def _aged(row: AlertRow, at: datetime, rules: Rules, heard: Mapping[str, datetime]) -> AlertFact:
    fresh = timedelta(seconds=rules.valid_s[kind_of_source(row.source)])
    confirmed_at = max(row.as_of, heard.get(row.source, row.as_of))
    valid_until, unknown_from = confirmed_at + fresh, confirmed_at + rules.old_factor * fresh
    if row.expires_at is not None:
        valid_until = min(valid_until, row.expires_at)
        unknown_from = min(unknown_from, row.expires_at + fresh)
    has_expired = row.expires_at is not None and at > row.expires_at
    age = freshness(at, valid_until, unknown_from)
    is_on = row.ended_at is None and not has_expired and age != UNKNOWN
    return AlertFact(row, is_on, valid_until, unknown_from, age)


def area(
    state: State, area_id: str, at: datetime, rules: Rules, heard: Mapping[str, datetime] = NOT_HEARD
) -> AreaView:
    """What is known of alerts in one area at a time.

    Notes
    -----
    An alert that has expired is not on. It keeps the area *unknown* until its own age is unknown; then a source that
    is still heard and says nothing more has nothing on. One that names no expiry is on while its source is heard.
    """
    when = last_heard(state, at, heard)
    here = [fact for fact in alerts(state, at, rules, heard) if fact.row.area_id == area_id]
    for fact in here:
        spoken = fact.row.ended_at or fact.row.as_of
        if fact.row.source not in when or spoken > when[fact.row.source]:
            when[fact.row.source] = spoken
    words = tuple(
        _word(source, heard_at, [fact for fact in here if fact.row.source == source], at, rules)
        for source, heard_at in sorted(when.items())
    )
    said = {word.word for word in words}
    is_left_open = any(word.word == UNKNOWN and word.alerts for word in words)
    if ON in said:
        together = ON
    elif NONE in said and not is_left_open:
        together = NONE
    else:
        together = UNKNOWN
    return AreaView(area_id, together, {ON, NONE} <= said, words)


def _word(source: str, heard_at: datetime, here: list[AlertFact], at: datetime, rules: Rules) -> SourceWord:
    """One source's word on an area."""
    fresh = timedelta(seconds=rules.valid_s[kind_of_source(source)])
    age = freshness(at, heard_at + fresh, heard_at + rules.old_factor * fresh)
    left = tuple(fact for fact in here if fact.row.ended_at is None)
    if any(fact.is_on for fact in left):
        word = ON
    elif age == UNKNOWN or any(fact.freshness != UNKNOWN for fact in left):
        word = UNKNOWN
    else:
        word = NONE
    return SourceWord(source, word, heard_at, age, left)
