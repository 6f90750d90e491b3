"""One serial append: in one transaction that holds the head, each draft is checked, numbered, chained and written."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, update

from takecover.errors import InputError
from takecover.model import event as events
from takecover.model import event_rules
from takecover.model.event import Draft, Event, Head
from takecover.model.event_fields import write_moment
from takecover.model.event_line import Sealed
from takecover.model.event_payloads import Erased, ErasureAsked
from takecover.store import answers, rows, schema


@dataclass
class Append:
    """What one transaction adds to the journal.

    Attributes
    ----------
    connection
        In a transaction that no other writer runs beside.
    now
        The server's time.
    ahead_s
        How far the time that a source gives may lie ahead of it [s].
    """

    connection: Connection
    now: datetime
    ahead_s: float
    head: Head = field(init=False)
    known: dict[str, Event] = field(init=False, default_factory=dict)
    sealed: dict[str, dict[str, Sealed]] = field(init=False, default_factory=dict)
    new: list[dict[str, Any]] = field(init=False, default_factory=list)
    erased: list[tuple[str, str]] = field(init=False, default_factory=list)

    def take(self, drafts: Sequence[Draft]) -> list[Event | InputError]:
        """Write every draft that keeps the rules; what is wrong with the others is handed back in their place."""
        _, self.head = rows.read_head(self.connection, is_locked=True)
        self.known = rows.by_ids(self.connection, [draft.event_id for draft in drafts])
        self.sealed = rows.words_of(self.connection, list(self.known))
        found: list[Event | InputError] = []
        for draft in drafts:
            try:
                found.append(self._one(draft))
            except InputError as error:
                found.append(error)
        self._write()
        return found

    def _one(self, draft: Draft) -> Event:
        """The event of a draft: the one that is there already, or a new one."""
        event_rules.check(draft)
        there = self.known.get(draft.event_id)
        if there is not None:
            return self._again(draft, there)
        now = self.now if self.head.recorded_at is None else max(self.now, self.head.recorded_at)
        event_rules.held_in_time(draft, now, self.ahead_s)
        if answers.named_by(draft) is not None:
            answers.check(draft, self._chain_of(draft))
        words = {
            name: Sealed(secrets.token_bytes(events.SALT_BYTES), text) for name, text in draft.words.items()
        }
        seals = {name: events.seal(each.salt, each.text) for name, each in words.items()}
        content = events.body(draft, self.head.seq + 1, now, seals, self.head.hash)
        if len(content) > event_rules.MOST_BYTES:
            raise InputError(
                f"event '{draft.event_id}': has {len(content):,} bytes, {event_rules.MOST_BYTES:,} are allowed. "
                "Split it."
            )
        event = event_rules.stored(json.loads(content), content)
        self.head = Head(event.seq, event.hash, event.recorded_at)
        self.known[event.event_id] = event
        self.sealed[event.event_id] = words
        self.new.append(rows.event_row(event, content))
        if isinstance(event.payload, Erased):
            self._erase(event.payload)
        return event

    def _again(self, draft: Draft, there: Event) -> Event:
        """The event that is there already, when the draft says the same."""
        words = self.sealed.get(draft.event_id, {})
        is_same = events.said(draft) == events.said(there) and set(draft.words) == set(there.sealed)
        kept = {name: each.text for name, each in words.items()}
        if not is_same or any(kept.get(name, text) != text for name, text in draft.words.items()):
            raise InputError(
                f"event '{draft.event_id}': is in the journal with another content. Give a new event an id of its own."
            )
        return there

    def _chain_of(self, draft: Draft) -> list[Event]:
        """The event that a draft answers, the one that this answers, and so on."""
        chain: list[Event] = []
        named = answers.named_by(draft)
        while named is not None:
            if named not in self.known:
                self.known.update(rows.by_ids(self.connection, [named]))
            found = self.known.get(named)
            if found is None:
                break
            chain.append(found)
            named = answers.named_by(found)
        return chain

    def _erase(self, said: Erased) -> None:
        """Note the words that go."""
        asked = self.known[said.asked_event_id].payload
        if isinstance(asked, ErasureAsked):
            for name in asked.words:
                self.erased.append((asked.target_event_id, name))

    def _write(self) -> None:
        """Write what was taken, the erasures last."""
        if not self.new:
            return
        self.connection.execute(schema.events.insert(), self.new)
        beside = [
            {"event_id": row["event_id"], "field": name, "salt": each.salt, "text": each.text}
            for row in self.new
            for name, each in self.sealed[row["event_id"]].items()
        ]
        if beside:
            self.connection.execute(schema.words.insert(), beside)
        for event_id, name in self.erased:
            erase_words(self.connection, event_id, name)
        write_head(self.connection, self.head)


def erase_words(connection: Connection, event_id: str, name: str) -> None:
    """Delete one field of words and its salt; the hash in the chain stays."""
    table = schema.words
    connection.execute(delete(table).where(and_(table.c.event_id == event_id, table.c.field == name)))


def write_head(connection: Connection, head: Head) -> None:
    """Move the end of the journal."""
    recorded_at = None if head.recorded_at is None else write_moment(head.recorded_at)
    values = {"seq": head.seq, "hash": head.hash, "recorded_at": recorded_at}
    connection.execute(update(schema.head).values(values))
