"""What a fact is worth at a time: fresh, old or unknown; and the worst standing word about each shelter and door.

Silence is never an all-clear: what nobody has confirmed turns old, then unknown, and stays on view with its age.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from takecover.analysis.situation import Rules, State
from takecover.analysis.situation_topics import Entry, current
from takecover.model.event import kind_of_source
from takecover.model.event_payloads import (
    SHELTER_STATUSES,
    DoorReported,
    PeopleCounted,
    ShelterHinted,
    ShelterReported,
)

FRESH, OLD, UNKNOWN = "fresh", "old", "unknown"
BADNESS = {status: badness for badness, status in enumerate(SHELTER_STATUSES)}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing said, with its age at the time asked about.

    Attributes
    ----------
    value
        What was said, as it was said: a status, a count.
    as_of
        Since when it holds.
    valid_until
        Until when it is fresh.
    unknown_from
        From when it is worth nothing; between the two it is old.
    freshness
        ``fresh``, ``old`` or ``unknown`` at the time asked about.
    source, event_id
        Who said it, and in which event.
    """

    value: str | int
    as_of: datetime
    valid_until: datetime
    unknown_from: datetime
    freshness: str
    source: str
    event_id: str

    @property
    def is_known(self) -> bool:
        """True while the fact is fresh or old."""
        return self.freshness != UNKNOWN


@dataclass(frozen=True, slots=True)
class ShelterView:
    """What is known of one shelter at a time.

    Attributes
    ----------
    shelter_id
        Which.
    status
        The worst word that stands; its freshness says whether it may be shown as more than ``unknown``. None where
        nobody ever said anything.
    people
        The newest count, or None.
    doors
        The worst standing word about each entrance, by its id.
    hints
        Residents' words, newest first: never part of the status.
    """

    shelter_id: str
    status: Fact | None
    people: Fact | None
    doors: dict[str, Fact]
    hints: tuple[Fact, ...]

    @property
    def shown_status(self) -> str:
        """``open``, ``filling``, ``full``, ``shut``, or ``unknown`` where nothing stands that is fresh or old."""
        return str(self.status.value) if self.status is not None and self.status.is_known else UNKNOWN


def fact(entry: Entry, value: str | int, at: datetime, rules: Rules) -> Fact:
    """What an entry says, with its age at a time.

    Raises
    ------
    KeyError
        The rules lack the source's kind.
    """
    fresh = timedelta(seconds=rules.valid_s[kind_of_source(entry.source)])
    valid_until, unknown_from = entry.as_of + fresh, entry.as_of + rules.old_factor * fresh
    return Fact(
        value=value,
        as_of=entry.as_of,
        valid_until=valid_until,
        unknown_from=unknown_from,
        freshness=freshness(at, valid_until, unknown_from),
        source=entry.source,
        event_id=entry.event_id,
    )


def freshness(at: datetime, valid_until: datetime, unknown_from: datetime) -> str:
    """``fresh`` up to and at ``valid_until``, ``old`` before ``unknown_from``, then ``unknown``."""
    if at <= valid_until:
        return FRESH
    return OLD if at < unknown_from else UNKNOWN


def known_by(trail: Iterable[Entry], at: datetime) -> list[Entry]:
    """The entries as corrected that hold at a time, by when they hold from, then by seq."""
    known = [now for entry in trail if (now := current(entry)) is not None and now.as_of <= at]
    return sorted(known, key=lambda entry: (entry.as_of, entry.seq))


def standing(entries: Sequence[Entry]) -> list[Entry]:
    """The words that nobody of the same or a higher rank has spoken after; newest first.

    Parameters
    ----------
    entries
        About one thing, in the order in which they hold.
    """
    found: list[Entry] = []
    for entry in reversed(entries):
        if not found or entry.rank > found[-1].rank:
            found.append(entry)
    return found


def worst(entries: Sequence[Entry], at: datetime, rules: Rules) -> Fact | None:
    """The worst standing word that is not yet unknown; the newest word where all are; None where there is none.

    Notes
    -----
    A warden's *shut* stands though a sensor says *open* later; another warden's or an officer's *open* reverses it.
    Of equally bad words the newest counts.
    """
    facts = [fact(entry, _status(entry), at, rules) for entry in standing(entries)]
    live = [each for each in facts if each.is_known]
    if live:
        return max(live, key=lambda each: BADNESS[str(each.value)])
    return facts[0] if facts else None


def _status(entry: Entry) -> str:
    said = entry.payload
    return said.status if isinstance(said, ShelterReported | DoorReported | ShelterHinted) else UNKNOWN


def shelter(state: State, shelter_id: str, at: datetime, rules: Rules) -> ShelterView:
    """What is known of a shelter at a time; of one that nobody spoke of, that nothing is known.

    Parameters
    ----------
    state
        The world asked about.
    shelter_id
        Outside id of the shelter.
    at
        The time asked about: the server's own time, or one in the past that the state reaches back to.
    rules
        How long words are fresh.
    """

    def said(kind: str) -> list[Entry]:
        return known_by(state.trails.get(f"{kind}:{shelter_id}", ()), at)

    counts, doors = said("count"), said("door")
    newest = counts[-1] if counts else None
    entrance_ids = sorted({_entrance(entry) for entry in doors})
    by_door = {each: worst([e for e in doors if _entrance(e) == each], at, rules) for each in entrance_ids}
    hints = [fact(entry, _status(entry), at, rules) for entry in reversed(said("hint"))]
    return ShelterView(
        shelter_id=shelter_id,
        status=worst(said("shelter"), at, rules),
        people=fact(newest, newest.payload.people, at, rules)
        if newest is not None and isinstance(newest.payload, PeopleCounted)
        else None,
        doors={each: found for each, found in by_door.items() if found is not None},
        hints=tuple(hint for hint in hints if hint.is_known),
    )


def _entrance(entry: Entry) -> str:
    return entry.payload.entrance_id if isinstance(entry.payload, DoorReported) else ""


def shelter_ids(state: State) -> tuple[str, ...]:
    """Ids of all shelters that anything was ever said of, ascending."""
    kinds = ("shelter:", "count:", "door:", "hint:")
    return tuple(sorted({topic.partition(":")[2] for topic in state.trails if topic.startswith(kinds)}))
