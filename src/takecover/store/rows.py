"""Between the tables and the model: an event from its row, a row from an event, times as text."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, select

from takecover.errors import InputError, StoreError
from takecover.model import event_rules
from takecover.model.event import Event, Head
from takecover.model.event_fields import read_moment, write_moment
from takecover.model.event_line import Sealed
from takecover.store import schema

MOST_AT_ONCE = 500
"""Ids that one query asks for; SQLite allows some thousands of values at most."""


def event_of(body: str, row_hash: str) -> Event:
    """The event of a row.

    Raises
    ------
    StoreError
        The row was changed: its content cannot be read, or does not give its hash.
    """
    content = body.encode("utf-8")
    try:
        event = event_rules.stored(json.loads(body), content)
    except (InputError, ValueError) as error:
        raise StoreError(f"the journal is damaged: an event cannot be read ({error}). Restore it.") from error
    if event.hash != row_hash:
        raise StoreError(
            f"the journal is damaged: event {event.seq} was changed; its content does not give its hash. "
            "Run: takecover journal verify"
        )
    return event


def chained(events: Iterable[Event], previous: str | None) -> Iterator[Event]:
    """The events as they come, each seen to follow the one before.

    Raises
    ------
    StoreError
        One is missing, was put in, or was changed.
    """
    seq = None
    for event in events:
        is_next = seq is None or event.seq == seq + 1
        if not is_next or (previous is not None and event.previous_hash != previous):
            raise StoreError(
                f"the journal is damaged: event {event.seq} does not follow the one before it. "
                "Run: takecover journal verify"
            )
        seq, previous = event.seq, event.hash
        yield event


def read_head(connection: Connection, *, is_locked: bool = False) -> tuple[str, Head]:
    """The journal's id and its end; locked against every other writer until the transaction ends, if asked."""
    query = select(schema.head)
    row = connection.execute(query.with_for_update() if is_locked else query).one()
    recorded_at = None if row.recorded_at is None else read_moment(row.recorded_at)
    return row.journal_id, Head(row.seq, row.hash, recorded_at)


def by_ids(connection: Connection, event_ids: Collection[str]) -> dict[str, Event]:
    """Those of the events that are there, by id."""
    found: dict[str, Event] = {}
    table = schema.events
    for part in parts(list(event_ids)):
        query = select(table.c.event_id, table.c.body, table.c.hash).where(table.c.event_id.in_(part))
        found.update({row.event_id: event_of(row.body, row.hash) for row in connection.execute(query)})
    return found


def words_of(connection: Connection, event_ids: Collection[str]) -> dict[str, dict[str, Sealed]]:
    """Words beside events with their salts, by event id and field."""
    found: dict[str, dict[str, Sealed]] = {}
    for part in parts(list(event_ids)):
        query = schema.words.select().where(schema.words.c.event_id.in_(part))
        for row in connection.execute(query):
            found.setdefault(row.event_id, {})[row.field] = Sealed(bytes(row.salt), row.text)
    return found


def event_row(event: Event, content: bytes) -> dict[str, Any]:
    """The row of an event and its canonical bytes."""
    return {
        "seq": event.seq,
        "event_id": event.event_id,
        "kind": event.payload.kind,
        "recorded_at": write_moment(event.recorded_at),
        "hash": event.hash,
        "body": content.decode("utf-8"),
    }


def parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """The values, so many at a time."""
    for start in range(0, len(values), MOST_AT_ONCE):
        yield values[start : start + MOST_AT_ONCE]
