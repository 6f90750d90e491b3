"""The fold: from a journal to what is known at a time, in two states that never touch, the real one and the exercise.

A state forgets nothing that can still matter: the latest word of each source's rank on each thing, everything of the
last `Rules.history_s`, and every notice, incident, statement and mark. What a fact is worth at a time is said by
`takecover.analysis.situation_view`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from takecover import parameters
from takecover.analysis.situation_alerts import needed as needed_alerts
from takecover.analysis.situation_topics import ALERTS, Entry, amended, current, entry_of, topic_of
from takecover.model.event import Event
from takecover.model.event_payloads import Correction, DoorReported

VERSION = 2
"""Of the fold; a snapshot made by another is not used."""

MOST_HINTS = 20
"""Hints kept of one shelter: a flood of them tells no more than the newest."""

FEW = 16
"""A trail of at most so many entries is looked through at each event, a longer one at every so many."""

KEPT_FOR_EVER = ("notice:", "incident:", "statement:", "mark:")


@dataclass(frozen=True, slots=True)
class Rules:
    """How long a word of each kind of source is taken as it stands.

    Attributes
    ----------
    valid_s
        By kind of source, how long a fact is fresh [s].
    old_factor
        A fact is shown as old until so many times that long have passed since it held, then as unknown.
    history_s
        How far back every event stays in the state, whatever came after it, so that a correction of it counts [s].
    """

    valid_s: Mapping[str, float]
    old_factor: float
    history_s: float


def default_rules() -> Rules:
    """The rules that the table of parameters gives."""
    valid_s = {
        "officer": parameters.value("fresh_officer_s"),
        "warden": parameters.value("fresh_warden_s"),
        "sensor": parameters.value("fresh_sensor_s"),
        "resident": parameters.value("fresh_resident_s"),
        "feed": parameters.value("fresh_feed_s"),
        "system": parameters.value("fresh_feed_s"),
    }
    return Rules(valid_s, parameters.value("old_factor"), parameters.value("situation_history_s"))


@dataclass(frozen=True, slots=True)
class State:
    """What is known in one world, the real one or the exercise.

    Attributes
    ----------
    trails
        By topic (see `takecover.analysis.situation_topics.topic_of`), the entries that can still matter, by seq.
    topic_of_event
        Topic of each entry and each correction in the trails, by event id.
    """

    trails: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    topic_of_event: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Situation:
    """Both states, and how far into the journal they reach.

    Attributes
    ----------
    real, exercise
        The two worlds.
    seq, hash, recorded_at
        Of the last event folded in; 0, empty and None before the first.
    """

    real: State = State()
    exercise: State = State()
    seq: int = 0
    hash: str = ""
    recorded_at: datetime | None = None

    def state(self, is_exercise: bool) -> State:
        """One of the two worlds."""
        return self.exercise if is_exercise else self.real


NOTHING = Situation()
"""What is known before the first event: nothing, which is not that all is clear."""


def fold(situation: Situation, events: Iterable[Event], rules: Rules) -> Situation:
    """The situation after some more events; the one handed in stays as it was.

    ``fold(fold(s, a), b) == fold(s, a + b)``, event by event or all at once.

    Parameters
    ----------
    situation
        What was known before; `NOTHING` at the start.
    events
        In the order of the journal. Gaps are allowed (a question about the past leaves events out).
    rules
        Of which the fold uses ``history_s`` alone.

    Notes
    -----
    Each call copies the two tables of each state that it touches once, then each event costs the length of one trail.
    """
    drafts: dict[bool, _Draft] = {}
    last = None
    for event in events:
        draft = drafts.get(event.is_exercise)
        if draft is None:
            draft = drafts[event.is_exercise] = _Draft(situation.state(event.is_exercise), rules)
        draft.take(event)
        last = event
    if last is None:
        return situation
    return Situation(
        real=drafts[False].state() if False in drafts else situation.real,
        exercise=drafts[True].state() if True in drafts else situation.exercise,
        seq=last.seq,
        hash=last.hash,
        recorded_at=last.recorded_at,
    )


class _Draft:
    """A state in the making; nobody else sees it before it is done."""

    def __init__(self, state: State, rules: Rules) -> None:
        self.trails = dict(state.trails)
        self.topics = dict(state.topic_of_event)
        self.history = timedelta(seconds=rules.history_s)

    def state(self) -> State:
        return State(self.trails, self.topics)

    def take(self, event: Event) -> None:
        """Fold one event in."""
        if event.event_id in self.topics:
            return
        if isinstance(event.payload, Correction):
            self._amend(event, event.payload.target_event_id)
            return
        topic = topic_of(event.payload, event.source)
        if topic is None:
            return
        trail = (*self.trails.get(topic, ()), entry_of(event))
        self.topics[event.event_id] = topic
        self.trails[topic] = self._pruned(topic, trail)

    def _amend(self, event: Event, target_id: str) -> None:
        """Hang a correction on the entry that it names; one of another world, or long forgotten, changes nothing."""
        topic = self.topics.get(target_id)
        if topic is None:
            return
        trail = self.trails[topic]
        for at, entry in enumerate(trail):
            found = amended(entry, target_id, entry_of(event))
            if found is not None:
                if found is not entry:
                    self.trails[topic] = (*trail[:at], found, *trail[at + 1 :])
                    self.topics[event.event_id] = topic
                return

    def _pruned(self, topic: str, trail: tuple[Entry, ...]) -> tuple[Entry, ...]:
        """The trail without what can no longer matter."""
        if topic.startswith(KEPT_FOR_EVER) or (len(trail) > FEW and len(trail) % FEW):
            return trail
        if topic.startswith("hint:"):
            newest = sorted(trail, key=lambda entry: (entry.as_of, entry.seq))[-MOST_HINTS:]
            keep = {entry.event_id for entry in newest}
        else:
            since = max(entry.as_of for entry in trail) - self.history
            old = [entry for entry in trail if _touched_at(entry) < since]
            if not old:
                return trail
            # What is recent can still be taken back, so what was needed before it came is needed yet.
            needed = needed_alerts if topic == ALERTS else _latest
            recent = {entry.event_id for entry in trail if _touched_at(entry) >= since}
            keep = recent | needed(trail) | needed(old)
        if len(keep) == len(trail):
            return trail
        for entry in trail:
            if entry.event_id not in keep:
                self._forget(entry)
        return tuple(entry for entry in trail if entry.event_id in keep)

    def _forget(self, entry: Entry) -> None:
        del self.topics[entry.event_id]
        for later in entry.amendments:
            self._forget(later)


def _touched_at(entry: Entry) -> datetime:
    """When an entry, or a correction of it, was said last: what was corrected lately may be set right again."""
    return max([entry.as_of, *(_touched_at(later) for later in entry.amendments)])


def _latest(trail: Iterable[Entry]) -> frozenset[str]:
    """Event ids of the latest word of each rank of source, and of each door."""
    latest: dict[tuple[int, str], Entry] = {}
    for entry in trail:
        now = current(entry)
        if now is None:
            continue
        slot = (now.rank, now.payload.entrance_id if isinstance(now.payload, DoorReported) else "")
        held = latest.get(slot)
        if held is None or (now.as_of, now.seq) > (held.as_of, held.seq):
            latest[slot] = now
    return frozenset(entry.event_id for entry in latest.values())


def as_held(events: Iterable[Event], at: datetime, corrected: frozenset[str]) -> Iterable[Event]:
    """The events that a question about what truly held at a time needs, known by whatever was recorded later.

    Parameters
    ----------
    events
        The journal, in order.
    at
        The time asked about; ask the view for this time too.
    corrected
        Ids of the events that a correction names: their time may have been corrected to an earlier one.
    """
    for event in events:
        if event.effective_at <= at or isinstance(event.payload, Correction) or event.event_id in corrected:
            yield event
