"""Raids by a seed, with events of every kind in both worlds, late ones, corrected ones and words beside them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from journal import all_clear, replaced, retract
from takecover.errors import InputError
from takecover.model.event import Draft, Event
from takecover.model.event_payloads import (
    AlertIssued,
    Audited,
    DoorReported,
    ErasureAsked,
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
from takecover.store.opening import open_journal

BEGINS = datetime(2026, 3, 1, 23, 0, tzinfo=UTC)
SHELTERS = ("S1", "S2", "S3")
AREAS = ("city", "north", "south")
PEOPLE = ("user:olena", "user:petro", "user:iryna")
NOTE = "said by Olena Petrenko at the gate"


class Raid:
    """Writes a raid into a journal, event after event, as the clock goes on.

    Parameters
    ----------
    path
        File of the journal.
    luck
        Chance, by a seed.
    """

    def __init__(self, path: Path, luck: Random) -> None:
        self.luck, self.time = luck, BEGINS
        self.journal = open_journal(str(path), now=lambda: self.time)
        self.events: list[Event] = []
        self._asked: list[Event] = []

    def write(self, count: int) -> None:
        """Write so many events of any kind; what the journal refuses is not there."""
        makers = (
            *(self._shelter, self._shelter, self._count, self._door, self._hint, self._alert, self._alert),
            *(self._clear, self._clear, self._feed, self._feed, self._ask, self._decide, self._decide),
            *(self._incident, self._statement, self._mark, self._audit, self._correct, self._correct),
        )
        for number in range(count):
            self.time += timedelta(milliseconds=self.luck.choice((0, 1, 7, 1_000, 15_000, 240_000)))
            payload, source, actor_id = self.luck.choice(makers)()
            late = timedelta(milliseconds=self.luck.choice((0, 0, 3, 2_000, 90_000, 1_500_000)))
            words = {"note": NOTE} if self.luck.random() < 0.3 else {}
            draft = Draft(
                f"act/olena/{number}", self.time - late, source, actor_id, payload, self._is_exercise, words
            )
            try:
                (event,) = self.journal.append(draft)
            except InputError:
                continue
            self.events.append(event)
            if isinstance(payload, NoticeAsked):
                self._asked.append(event)

    @property
    def _is_exercise(self) -> bool:
        return self._status == "Exercise"

    _status = "Actual"

    def _warden(self, shelter_id: str) -> tuple[str, str]:
        pairs = (
            (f"warden:{shelter_id}", "link:7"),
            (f"sensor:{shelter_id}", ""),
            ("officer:web", self.luck.choice(PEOPLE)),
        )
        return self.luck.choice(pairs)

    def _shelter(self) -> tuple[Payload, str, str]:
        self._status = "Exercise" if self.luck.random() < 0.1 else "Actual"
        shelter_id = self.luck.choice(SHELTERS)
        said = ShelterReported(shelter_id, self.luck.choice(("open", "filling", "full", "shut")))
        return said, *self._warden(shelter_id)

    def _count(self) -> tuple[Payload, str, str]:
        self._status = "Actual"
        shelter_id = self.luck.choice(SHELTERS)
        return PeopleCounted(shelter_id, self.luck.randrange(400)), *self._warden(shelter_id)

    def _door(self) -> tuple[Payload, str, str]:
        self._status = "Actual"
        shelter_id = self.luck.choice(SHELTERS)
        door = DoorReported(
            shelter_id, f"{shelter_id}-{self.luck.randrange(2)}", self.luck.choice(("open", "shut"))
        )
        return door, *self._warden(shelter_id)

    def _hint(self) -> tuple[Payload, str, str]:
        return ShelterHinted(self.luck.choice(SHELTERS), "shut"), "resident:web", ""

    def _alert(self) -> tuple[Payload, str, str]:
        self._status = "Actual"
        source, actor_id = self.luck.choice((("feed:a", ""), ("feed:b", ""), ("officer:web", PEOPLE[0])))
        alert_id = f"act/olena/A{self.luck.randrange(4)}"
        said = AlertIssued(
            alert_id=alert_id,
            status=self.luck.choice(("Actual", "Actual", "Actual", "Test")),
            threat=self.luck.choice(("drone", "ballistic")),
            stage=self.luck.choice(("prepare", "enter", "stay")),
            area_ids=tuple(self.luck.sample(AREAS, self.luck.randint(1, 2))),
            references=(f"act/olena/A{self.luck.randrange(4)}",) if self.luck.random() < 0.3 else (),
            onset_at=self.time,
            expires_at=self.luck.choice((None, self.time + timedelta(seconds=self.luck.randrange(3000)))),
        )
        return said, source, actor_id

    def _clear(self) -> tuple[Payload, str, str]:
        self._status = "Actual"
        source, actor_id = self.luck.choice((("feed:a", ""), ("feed:b", ""), ("officer:web", PEOPLE[1])))
        names = (f"act/olena/A{self.luck.randrange(4)}",) if self.luck.random() < 0.5 else ()
        return (
            all_clear((self.luck.choice(AREAS),), self.luck.choice(("drone", "ballistic")), names),
            source,
            actor_id,
        )

    def _feed(self) -> tuple[Payload, str, str]:
        self._status = "Actual"
        said = FeedHeard(
            self.luck.choice(("heard", "failing")), self.time - timedelta(seconds=self.luck.randrange(60))
        )
        return said, self.luck.choice(("feed:a", "feed:b")), ""

    def _ask(self) -> tuple[Payload, str, str]:
        step = self.luck.choice(("send", "send", "update", "cancel"))
        until = self.time + timedelta(seconds=self.luck.randrange(7000))
        notice_id = f"N{self.luck.randrange(3)}"
        return (
            NoticeAsked(notice_id, step, "stay_inside", ("city",), until),
            "officer:web",
            self.luck.choice(PEOPLE),
        )

    def _decide(self) -> tuple[Payload, str, str]:
        if not self._asked:
            return self._ask()
        asked = self.luck.choice(self._asked)
        self._status = "Exercise" if asked.is_exercise else "Actual"
        assert isinstance(asked.payload, NoticeAsked)
        decision = self.luck.choice(("approve", "approve", "reject"))
        said = NoticeDecided(asked.payload.notice_id, asked.event_id, decision)
        return said, "officer:web", self.luck.choice(PEOPLE)

    def _incident(self) -> tuple[Payload, str, str]:
        status = self.luck.choice(("reported", "searching", "closed"))
        said = IncidentReported(f"I{self.luck.randrange(3)}", "fire", status, 305_000_000, 504_000_000)
        return said, "officer:web", PEOPLE[2]

    def _statement(self) -> tuple[Payload, str, str]:
        low = self.luck.randrange(9)
        number = self.luck.randrange(3)
        said = StatementMade(
            f"T{number}", "I1", "klychko", self.time, "injured", "city", low, low + 3, (f"T{number + 1}",)
        )
        return said, "officer:web", PEOPLE[0]

    def _mark(self) -> tuple[Payload, str, str]:
        return SpanMarked("M1", "raid", self.luck.choice(("begin", "end"))), "officer:web", PEOPLE[0]

    def _audit(self) -> tuple[Payload, str, str]:
        if self.events and self.events[-1].sealed:
            return ErasureAsked(self.events[-1].event_id, ("note",), "request"), "officer:web", PEOPLE[1]
        return Audited("login", "user:olena"), "officer:web", PEOPLE[0]

    def _correct(self) -> tuple[Payload, str, str]:
        if not self.events:
            return self._shelter()
        target = self.luck.choice(self.events[-12:])
        self._status = "Exercise" if target.is_exercise else "Actual"
        if self.luck.random() < 0.4:
            return retract(target.event_id), "officer:web", PEOPLE[1]
        earlier = self.luck.choice((None, self.time - timedelta(seconds=self.luck.randrange(900))))
        payload = target.payload
        if isinstance(payload, ShelterReported):
            payload = ShelterReported(payload.shelter_id, "open")
        return replaced(target.event_id, payload, earlier), "officer:web", PEOPLE[1]
