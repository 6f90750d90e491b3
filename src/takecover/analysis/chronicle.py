"""What was done and said, newest first: the office's timeline, with what was corrected or taken back marked as such."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from takecover.analysis.situation import State
from takecover.analysis.situation_topics import Entry, current
from takecover.model.event import kind_of_source
from takecover.model.event_payloads import UNCORRECTABLE, AlertIssued, AllClear, Payload

NOT_TOLD = ("feed:", "hint:")
"""Topics of which there are too many to tell one by one; they are shown where they belong."""


@dataclass(frozen=True, slots=True)
class Line:
    """One event of the timeline.

    Attributes
    ----------
    event_id, seq, source, actor_id
        As recorded.
    as_of
        Since when it holds, after corrections.
    payload
        What was said, after corrections; as recorded where it was taken back.
    is_retracted
        True where it was taken back.
    is_corrected
        True where it was replaced.
    """

    event_id: str
    seq: int
    source: str
    actor_id: str
    as_of: datetime
    payload: Payload
    is_retracted: bool
    is_corrected: bool


def chronicle(state: State, most: int) -> tuple[Line, ...]:
    """The events of a world that hold from the latest times, the newest first.

    Parameters
    ----------
    state
        The world.
    most
        How many at most.
    """
    entries = (
        entry for topic, trail in state.trails.items() if not topic.startswith(NOT_TOLD) for entry in trail
    )
    return tuple(map(line, heapq.nlargest(most, entries, key=_time)))


def of_topics(state: State, topics: Iterable[str], most: int) -> tuple[Line, ...]:
    """As `chronicle`, of some topics alone."""
    entries = (entry for topic in topics for entry in state.trails.get(topic, ()))
    return tuple(map(line, heapq.nlargest(most, entries, key=_time)))


def _time(entry: Entry) -> tuple[datetime, int]:
    return entry.as_of, entry.seq


def line(entry: Entry) -> Line:
    """One entry as a line."""
    stands = current(entry)
    shown = entry if stands is None else stands
    return Line(
        event_id=entry.event_id,
        seq=entry.seq,
        source=entry.source,
        actor_id=entry.actor_id,
        as_of=shown.as_of,
        payload=shown.payload,
        is_retracted=stands is None,
        is_corrected=stands is not None and stands.payload is not entry.payload,
    )


def found(state: State, event_id: str) -> Line | None:
    """The line of one event; None where the state does not remember it, or it is a correction."""
    for entry in state.trails.get(state.topic_of_event.get(event_id, ""), ()):
        if entry.event_id == event_id:
            return line(entry)
    return None


def is_correctable(said: Line) -> bool:
    """True where an officer may take it back: no act of two people, and no alarm, which an all-clear ends."""
    return (
        not said.is_retracted
        and said.payload.kind not in UNCORRECTABLE
        and not isinstance(said.payload, AlertIssued)
        and (not isinstance(said.payload, AllClear) or kind_of_source(said.source) == "officer")
    )


def last_own(state: State, actor_id: str, since: datetime) -> Line | None:
    """The newest event of a person that they may take back; None where there is none since a time."""
    own = (
        entry
        for trail in state.trails.values()
        for entry in trail[-20:]
        if entry.actor_id == actor_id and entry.as_of >= since
    )
    lines = (line(entry) for entry in own)
    return max((each for each in lines if is_correctable(each)), key=lambda each: each.seq, default=None)
