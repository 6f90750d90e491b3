"""From a journal to its situation: a snapshot that the chain vouches for, and the events after it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from datetime import datetime

from takecover.analysis import situation_plain
from takecover.analysis.situation import NOTHING, Rules, Situation, as_held, fold
from takecover.errors import InputError
from takecover.model.event import Event
from takecover.store.protocol import Journal, Snapshot

SNAPSHOT_EVERY = 20_000
"""Events between two snapshots; folding so many takes about half a second."""


def open_situation(journal: Journal, rules: Rules, *, is_writer: bool = True) -> Situation:
    """What the journal says by now; snapshots are made on the way where they lie far apart, for the next time.

    Raises
    ------
    StoreError
        The journal is damaged, or cannot be reached.
    """
    situation = before(journal, rules)
    for part in _parts(journal.read(situation.seq)):
        situation = fold(situation, part, rules)
        if is_writer and len(part) == SNAPSHOT_EVERY:
            keep(journal, situation, rules)
    return situation


def before(journal: Journal, rules: Rules, until_seq: int | None = None) -> Situation:
    """The situation of the newest snapshot up to an event; `NOTHING` where there is none that can be used."""
    snapshot = journal.snapshot(until_seq=until_seq, made_with=situation_plain.made_with(rules))
    if snapshot is None:
        return NOTHING
    try:
        found = situation_plain.read(json.loads(zlib.decompress(snapshot.content)))
    except (InputError, ValueError, zlib.error):
        return NOTHING
    return found if (found.seq, found.hash) == (snapshot.seq, snapshot.hash) else NOTHING


def keep(journal: Journal, situation: Situation, rules: Rules) -> None:
    """Make a snapshot of a situation."""
    content = json.dumps(situation_plain.write(situation), separators=(",", ":"), ensure_ascii=False)
    packed = zlib.compress(content.encode("utf-8"), 1)
    journal.put_snapshot(Snapshot(situation.seq, situation.hash, situation_plain.made_with(rules), packed))


def as_recorded(journal: Journal, at: datetime, rules: Rules) -> Situation:
    """What was known at a time in the past: only what had been recorded by then. Ask the views for that time too."""
    last = journal.last_recorded_by(at)
    situation = before(journal, rules, last)
    return fold(situation, journal.read(situation.seq, until_seq=last), rules)


def as_effective(journal: Journal, at: datetime, rules: Rules) -> Situation:
    """What held at a time in the past by all that is known today, corrections since then and late reports included."""
    situation = before(journal, rules, journal.last_recorded_by(at))
    return fold(situation, as_held(journal.read(situation.seq), at, journal.corrected_ids()), rules)


def _parts(events: Iterator[Event]) -> Iterator[list[Event]]:
    part: list[Event] = []
    for event in events:
        part.append(event)
        if len(part) == SNAPSHOT_EVERY:
            yield part
            part = []
    if part:
        yield part
