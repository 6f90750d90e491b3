"""Lines of a journal that were made elsewhere, put behind those that are here: for import, backup and restore."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, update

from takecover.errors import InputError
from takecover.model.event import Event, Head, genesis
from takecover.model.event_line import Record
from takecover.model.event_payloads import Erased, ErasureAsked
from takecover.store import rows, schema
from takecover.store.append import erase_words, write_head


def records(
    connection: Connection, journal_id: str, lines: Sequence[Record], events: Sequence[Event]
) -> None:
    """Write checked lines behind the last one that is here.

    Parameters
    ----------
    connection
        In a transaction that no other writer runs beside.
    journal_id
        Of the journal that they are of.
    lines, events
        The lines, and what they say.

    Raises
    ------
    InputError
        They are of another journal, or the first does not follow our last.
    """
    ours, head = rows.read_head(connection, is_locked=True)
    if ours != journal_id:
        if head.seq:
            raise InputError(
                f"the lines are of the journal {journal_id}, this is {ours} with {head.seq:,} events. "
                "Two journals are never joined; give an empty place."
            )
        connection.execute(update(schema.head).values(journal_id=journal_id))
        head = Head(0, genesis(journal_id), None)
    if events and (events[0].seq != head.seq + 1 or events[0].previous_hash != head.hash):
        raise InputError(
            f"event {events[0].seq} does not follow event {head.seq} that is here. Give the lines after it."
        )
    if events:
        connection.execute(
            schema.events.insert(),
            [rows.event_row(event, line.body) for line, event in zip(lines, events, strict=True)],
        )
        head = Head(events[-1].seq, events[-1].hash, events[-1].recorded_at)
    beside = [
        {"event_id": event.event_id, "field": name, "salt": each.salt, "text": each.text}
        for line, event in zip(lines, events, strict=True)
        for name, each in line.words.items()
    ]
    if beside:
        connection.execute(schema.words.insert(), beside)
    _erase(connection, events)
    write_head(connection, head)


def _erase(connection: Connection, events: Sequence[Event]) -> None:
    """Delete the words that the lines say were erased: an old copy must not bring them back."""
    said = [event.payload for event in events if isinstance(event.payload, Erased)]
    asked = rows.by_ids(connection, [each.asked_event_id for each in said])
    for each in said:
        request = asked.get(each.asked_event_id)
        if request is not None and isinstance(request.payload, ErasureAsked):
            for name in request.payload.words:
                erase_words(connection, request.payload.target_event_id, name)
