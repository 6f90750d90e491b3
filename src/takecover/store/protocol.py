"""What a journal that is kept can do, whatever it is kept in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from takecover.errors import InputError
from takecover.model.event import Draft, Event, Head
from takecover.model.event_line import Record


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A folded situation as bytes, and the event that it reaches to."""

    seq: int
    hash: str
    made_with: str
    content: bytes


class Journal(Protocol):
    """An append-only journal. What `append` returned is on the disk, also after a power cut."""

    @property
    def journal_id(self) -> str:
        """The journal's own name, which its first event is chained to."""

    def append(self, *drafts: Draft) -> tuple[Event, ...]:
        """Record all of these or none; an id that is there with the same content gives the event that is there."""

    def append_each(self, drafts: Sequence[Draft]) -> list[Event | InputError]:
        """Record each that keeps the rules, in one go to the disk; the others come back as what is wrong with them."""

    def head(self) -> Head:
        """The end of the journal."""

    def read(self, after_seq: int = 0, *, until_seq: int | None = None) -> Iterator[Event]:
        """Events in order, their chain checked on the way."""

    def last_recorded_by(self, at: datetime) -> int:
        """Seq of the last event recorded by a time; 0 where there is none."""

    def event(self, event_id: str) -> Event | None:
        """One event by its id."""

    def events(self, event_ids: Collection[str]) -> dict[str, Event]:
        """Those of some events that are there, by id."""

    def words(self, event_ids: Collection[str]) -> dict[str, dict[str, str]]:
        """Words beside events, by event id and field; what was erased is not there."""

    def corrected_ids(self) -> frozenset[str]:
        """Ids of all events that a correction names."""

    def of_kinds(self, *kinds: str) -> Iterator[Event]:
        """Events of some kinds, in order."""

    def records(self, after_seq: int = 0, *, until_seq: int | None = None) -> Iterator[Record]:
        """Lines as they are kept, unchecked: for export, backup and verification."""

    def put_records(self, journal_id: str, records: Sequence[Record], events: Sequence[Event]) -> None:
        """Append lines of the same journal that were made elsewhere, exactly as they are."""

    def snapshot(self, *, until_seq: int | None = None, made_with: str) -> Snapshot | None:
        """The newest snapshot of one kind of fold, up to an event."""

    def put_snapshot(self, snapshot: Snapshot) -> None:
        """Keep a snapshot; one of the same event is replaced."""

    def wait(self, after_seq: int, timeout_s: float) -> bool:
        """True as soon as the journal reaches beyond an event; False when the time is up."""

    def close(self) -> None:
        """Let go of every connection."""
