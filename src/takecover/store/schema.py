"""The tables of a journal. How they come to be is in `migrations`; a test compares the two."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

REVISION = "0002"
"""The schema that this program reads and writes; see `migrations/versions`."""

SEQ = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData()

head = Table(
    "head",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("journal_id", String(100), nullable=False),
    Column("seq", SEQ, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("recorded_at", String(24)),
)
"""One row: the end of the journal, locked while an event is appended."""

events = Table(
    "events",
    metadata,
    Column("seq", SEQ, primary_key=True, autoincrement=False),
    Column("event_id", String(200), nullable=False, unique=True),
    Column("kind", String(40), nullable=False),
    Column("recorded_at", String(24), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("body", Text, nullable=False),
)
"""One row for each event: its canonical bytes, and what is searched by. Triggers refuse any change of a row."""

Index("events_by_recorded_at", events.c.recorded_at)
Index(
    "events_corrections",
    events.c.seq,
    sqlite_where=text("kind = 'correction'"),
    postgresql_where=text("kind = 'correction'"),
)

words = Table(
    "words",
    metadata,
    Column("event_id", String(200), ForeignKey("events.event_id"), primary_key=True),
    Column("field", String(40), primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("text", Text, nullable=False),
)
"""Names and free words beside the chain; the one table whose rows go."""

snapshots = Table(
    "snapshots",
    metadata,
    Column("seq", SEQ, primary_key=True, autoincrement=False),
    Column("hash", String(64), nullable=False),
    Column("made_with", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
)
"""Folded situations; they can be made anew from the events at any time."""
