"""A situation as plain JSON and back, for snapshots: what comes back is equal to what went in."""

from __future__ import annotations

from typing import Any

from takecover.analysis.situation import VERSION, Rules, Situation, State
from takecover.analysis.situation_topics import Entry
from takecover.errors import InputError
from takecover.model import event_payloads
from takecover.model.canonical import Plain
from takecover.model.event_fields import read_moment, write_moment


def made_with(rules: Rules) -> str:
    """What a snapshot's fold depended on; one that was made with anything else is folded anew."""
    versions = ",".join(f"{kind}{each.version}" for kind, each in sorted(event_payloads.PAYLOADS.items()))
    return f"fold {VERSION}; history {rules.history_s:.0f} s; {versions}"


def write(situation: Situation) -> Plain:
    """A situation as plain JSON."""
    return {
        "seq": situation.seq,
        "hash": situation.hash,
        "recorded_at": None if situation.recorded_at is None else write_moment(situation.recorded_at),
        "real": _write_state(situation.real),
        "exercise": _write_state(situation.exercise),
    }


def _write_state(state: State) -> Plain:
    return {topic: [_write_entry(entry) for entry in trail] for topic, trail in state.trails.items()}


def _write_entry(entry: Entry) -> Plain:
    return [
        entry.event_id,
        entry.seq,
        write_moment(entry.as_of),
        entry.source,
        entry.actor_id,
        entry.payload.kind,
        event_payloads.write(entry.payload),
        [_write_entry(later) for later in entry.amendments],
    ]


def read(plain: Any) -> Situation:
    """A situation from plain JSON.

    Raises
    ------
    InputError
        It is no situation that `write` wrote.
    """
    try:
        recorded_at = plain["recorded_at"]
        return Situation(
            real=_read_state(plain["real"]),
            exercise=_read_state(plain["exercise"]),
            seq=plain["seq"],
            hash=plain["hash"],
            recorded_at=None if recorded_at is None else read_moment(recorded_at),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            f"snapshot: is no situation ({type(error).__name__}: {error}). Fold the journal."
        ) from error


def _read_state(plain: Any) -> State:
    trails = {topic: tuple(_read_entry(entry) for entry in trail) for topic, trail in plain.items()}
    topics: dict[str, str] = {}
    for topic, trail in trails.items():
        for entry in trail:
            _note(entry, topic, topics)
    return State(trails, topics)


def _note(entry: Entry, topic: str, topics: dict[str, str]) -> None:
    topics[entry.event_id] = topic
    for later in entry.amendments:
        _note(later, topic, topics)


def _read_entry(plain: Any) -> Entry:
    event_id, seq, as_of, source, actor_id, kind, payload, amendments = plain
    faults: list[str] = []
    found = event_payloads.read(kind, event_payloads.PAYLOADS[kind].version, payload, faults)
    if faults:
        raise ValueError("; ".join(faults))
    entries = tuple(_read_entry(later) for later in amendments)
    return Entry(event_id, seq, read_moment(as_of), source, actor_id, found, entries)
