"""The journal over SQLAlchemy Core: the same statements on both databases."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.exc import SQLAlchemyError

from takecover.errors import InputError, StoreError
from takecover.model.event import Draft, Event, Head
from takecover.model.event_fields import write_moment
from takecover.model.event_line import Record
from takecover.model.event_payloads import Correction, Erased
from takecover.store import put, rows, schema
from takecover.store.append import Append
from takecover.store.connected import connected, reason
from takecover.store.place import Place
from takecover.store.protocol import Snapshot

CHUNK = 2_000
"""Lines read by one query; between two queries no lock is held."""

PAUSE_S = 0.1
Found = TypeVar("Found")


class SqlJournal:
    """A journal in a database; see `takecover.store.protocol.Journal` for what each function promises.

    Parameters
    ----------
    place
        The database.
    now
        The server's clock: aware.
    ahead_s
        How far the time that a source gives may lie ahead of it [s].
    patience_s
        How long a write is tried again while the database cannot be reached [s]; then it is refused.
    """

    def __init__(self, place: Place, now: Callable[[], datetime], ahead_s: float, patience_s: float) -> None:
        self.place = place
        self._now = now
        self._ahead_s = ahead_s
        self._patience_s = patience_s
        self._writing = threading.Lock()
        with connected(place, place.reader) as connection:
            self._journal_id, _ = rows.read_head(connection)

    @property
    def journal_id(self) -> str:
        """The journal's own name, which its first event is chained to."""
        return self._journal_id

    def append(self, *drafts: Draft) -> tuple[Event, ...]:
        """Record all of these, or none.

        Raises
        ------
        InputError
            One breaks a rule, or its id is there with another content. Nothing was recorded.
        StoreError
            The database refused or cannot be reached. Send the same drafts again: what was recorded after all is not
            recorded twice.
        """

        def take(append: Append) -> tuple[Event, ...]:
            found = append.take(drafts)
            for each in found:
                if isinstance(each, InputError):
                    raise each
            return tuple(each for each in found if isinstance(each, Event))

        return self._write(take)

    def append_each(self, drafts: Sequence[Draft]) -> list[Event | InputError]:
        """Record each of these that keeps the rules, in one transaction.

        Returns
        -------
        For each draft its event, or what is wrong with it.

        Raises
        ------
        StoreError
            As `append`.
        """
        return self._write(lambda append: append.take(drafts))

    def _write(self, take: Callable[[Append], Found]) -> Found:
        """Run one append, again while the database is away; an event id makes a second try harmless."""
        until = time.monotonic() + self._patience_s
        while True:
            try:
                return self._write_once(take)
            except SQLAlchemyError as error:
                if time.monotonic() >= until:
                    raise StoreError(
                        f"{self.place.name}: {reason(error)}. It is not certain that this was recorded. Send it again "
                        "with the same event_id: it will be recorded once."
                    ) from error
            time.sleep(PAUSE_S)

    def _write_once(self, take: Callable[[Append], Found]) -> Found:
        with self._writing:
            with self.place.writer.begin() as connection:
                append = Append(connection, self._now(), self._ahead_s)
                found = take(append)
                if append.new:
                    self.place.after_append(connection, append.head.seq)
            self.place.wake()
            if append.erased:
                self.place.after_erasure()
        return found

    def head(self) -> Head:
        """The end of the journal."""
        with connected(self.place, self.place.reader) as connection:
            return rows.read_head(connection)[1]

    def read(self, after_seq: int = 0, *, until_seq: int | None = None) -> Iterator[Event]:
        """Events in order, their chain checked on the way.

        Parameters
        ----------
        after_seq
            The last event that is not wanted.
        until_seq
            The last that is; to the end where None.

        Raises
        ------
        StoreError
            The journal is damaged, or the database cannot be reached.
        """
        table = schema.events
        previous = self._hash_at(after_seq)
        lines = self._chunks(select(table.c.seq, table.c.body, table.c.hash), after_seq, until_seq)
        yield from rows.chained((rows.event_of(body, found) for _, body, found in lines), previous)

    def last_recorded_by(self, at: datetime) -> int:
        """Seq of the last event recorded by a time; 0 where there is none. Recorded times never go back."""
        table = schema.events
        query = select(func.max(table.c.seq)).where(table.c.recorded_at <= write_moment(at))
        with connected(self.place, self.place.reader) as connection:
            return connection.execute(query).scalar_one() or 0

    def _hash_at(self, seq: int) -> str | None:
        if seq == 0:
            return None
        table = schema.events
        with connected(self.place, self.place.reader) as connection:
            return connection.execute(select(table.c.hash).where(table.c.seq == seq)).scalar_one_or_none()

    def _chunks(
        self, query: Select[int, str, str], after_seq: int, until_seq: int | None
    ) -> Iterator[tuple[int, str, str]]:
        """Rows of a query on events, some thousands at a time."""
        table = schema.events
        if until_seq is not None:
            query = query.where(table.c.seq <= until_seq)
        while True:
            with connected(self.place, self.place.reader) as connection:
                part = query.where(table.c.seq > after_seq).order_by(table.c.seq).limit(CHUNK)
                found = connection.execute(part).all()
            for row in found:
                yield row.seq, row.body, row.hash
            if len(found) < CHUNK:
                return
            after_seq = found[-1].seq

    def event(self, event_id: str) -> Event | None:
        """One event by its id; None where there is none."""
        return self.events([event_id]).get(event_id)

    def events(self, event_ids: Collection[str]) -> dict[str, Event]:
        """Those of some events that are there, by id."""
        with connected(self.place, self.place.reader) as connection:
            return rows.by_ids(connection, event_ids)

    def words(self, event_ids: Collection[str]) -> dict[str, dict[str, str]]:
        """Words beside events, by event id and field; what was erased is not there."""
        with connected(self.place, self.place.reader) as connection:
            found = rows.words_of(connection, event_ids)
        return {event_id: {name: each.text for name, each in by.items()} for event_id, by in found.items()}

    def corrected_ids(self) -> frozenset[str]:
        """Ids of all events that a correction names."""
        events = self.of_kinds(Correction.kind)
        return frozenset(e.payload.target_event_id for e in events if isinstance(e.payload, Correction))

    def of_kinds(self, *kinds: str) -> Iterator[Event]:
        """Events of some kinds, in order."""
        table = schema.events
        query = select(table.c.seq, table.c.body, table.c.hash).where(table.c.kind.in_(kinds))
        return (rows.event_of(body, found) for _, body, found in self._chunks(query, 0, None))

    def records(self, after_seq: int = 0, *, until_seq: int | None = None) -> Iterator[Record]:
        """Lines as they are kept, unchecked, with the words that are there when they are read."""
        table = schema.events
        query = table.select()
        if until_seq is not None:
            query = query.where(table.c.seq <= until_seq)
        while True:
            with connected(self.place, self.place.reader) as connection:
                part = query.where(table.c.seq > after_seq).order_by(table.c.seq).limit(CHUNK)
                found = connection.execute(part).all()
                beside = rows.words_of(connection, [row.event_id for row in found])
            for row in found:
                body = row.body.encode("utf-8")
                beside_it = beside.get(row.event_id, {})
                yield Record(row.seq, row.event_id, row.kind, row.recorded_at, body, row.hash, beside_it)
            if len(found) < CHUNK:
                return
            after_seq = found[-1].seq

    def put_records(self, journal_id: str, records: Sequence[Record], events: Sequence[Event]) -> None:
        """Append lines of the same journal that were made elsewhere, exactly as they are; all of them or none.

        Parameters
        ----------
        journal_id
            Of the journal that they are of; an empty journal takes it on.
        records, events
            The lines, checked, each following the one before and the first following our last.

        Raises
        ------
        InputError
            They are of another journal, or do not follow our last event.
        StoreError
            As `append`.
        """
        try:
            with self._writing, self.place.writer.begin() as connection:
                put.records(connection, journal_id, records, events)
                if events:
                    self.place.after_append(connection, events[-1].seq)
        except SQLAlchemyError as error:
            raise StoreError(f"{self.place.name}: {reason(error)}") from error
        self._journal_id = journal_id
        self.place.wake()
        if any(isinstance(event.payload, Erased) for event in events):
            self.place.after_erasure()

    def snapshot(self, *, until_seq: int | None = None, made_with: str) -> Snapshot | None:
        """The newest whole snapshot of one kind of fold, up to an event, that the chain vouches for; or None."""
        table, events = schema.snapshots, schema.events
        query = (
            select(table, events.c.hash.label("chain"))
            .join(events, events.c.seq == table.c.seq)
            .where(table.c.made_with == made_with)
            .order_by(table.c.seq.desc())
        )
        if until_seq is not None:
            query = query.where(table.c.seq <= until_seq)
        with connected(self.place, self.place.reader) as connection:
            for row in connection.execute(query):
                content = bytes(row.content)
                if row.chain == row.hash and hashlib.sha256(content).hexdigest() == row.digest:
                    return Snapshot(row.seq, row.hash, row.made_with, content)
        return None

    def put_snapshot(self, snapshot: Snapshot) -> None:
        """Keep a snapshot; one of the same event is replaced."""
        table = schema.snapshots
        row = {
            "seq": snapshot.seq,
            "hash": snapshot.hash,
            "made_with": snapshot.made_with,
            "digest": hashlib.sha256(snapshot.content).hexdigest(),
            "content": snapshot.content,
        }
        with self._writing, connected(self.place, self.place.writer) as connection:
            connection.execute(table.delete().where(table.c.seq == snapshot.seq))
            connection.execute(table.insert().values(row))

    def wait(self, after_seq: int, timeout_s: float) -> bool:
        """True as soon as the journal reaches beyond an event; False when the time is up.

        Raises
        ------
        StoreError
            The database cannot be reached.
        """
        until = time.monotonic() + timeout_s
        while True:
            if self.head().seq > after_seq:
                return True
            left = until - time.monotonic()
            if left <= 0:
                return False
            self.place.sleep(left, lambda: self.head().seq > after_seq)

    def close(self) -> None:
        """Let go of every connection."""
        self.place.close()
