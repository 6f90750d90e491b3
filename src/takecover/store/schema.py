"""The tables of a journal. How they come to be is in `migrations`; a test compares the two."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
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

REVISION = "0004"
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

push_subscriptions = Table(
    "push_subscriptions",
    metadata,
    Column("target_id", String(64), primary_key=True),
    Column("endpoint", Text, nullable=False),
    Column("p256dh", String(100), nullable=False),
    Column("auth", String(40), nullable=False),
    Column("area_ids", Text, nullable=False),
    Column("language", String(2), nullable=False),
    Column("is_exercise", Boolean, nullable=False),
    Column("since", String(24), nullable=False),
)
"""Phones that asked for notices: where their push service is, and the districts that they chose; nothing of where they
are or whose they are."""

webhooks = Table(
    "webhooks",
    metadata,
    Column("target_id", String(64), primary_key=True),
    Column("url", Text, nullable=False),
    Column("is_exercise", Boolean, nullable=False),
    Column("since", String(24), nullable=False),
)
"""Systems of others that are told of each notice; what signs it is made from the server's key and kept nowhere."""

deliveries = Table(
    "deliveries",
    metadata,
    Column("target_id", String(64), primary_key=True),
    Column("message_id", String(200), primary_key=True),
    Column("is_exercise", Boolean, nullable=False),
    Column("state", String(10), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due_at", String(24), nullable=False),
)
"""What was or is to be told to whom: ``waiting``, ``sent`` or ``given_up``."""

Index("deliveries_by_due_at", deliveries.c.state, deliveries.c.due_at)
users = Table(
    "users",
    metadata,
    Column("user_id", String(40), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("is_enabled", Boolean, nullable=False),
    Column("asked_role", String(20), nullable=False),
    Column("asked_by", String(40), nullable=False),
    Column("password_by", String(40), nullable=False),
)
"""People who may log in. They are beside the journal: what they did stands in it."""

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user_id", String(40), ForeignKey("users.user_id", ondelete="CASCADE"), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("made_at", String(24), nullable=False),
    Column("seen_at", String(24), nullable=False),
)
"""Who is logged in: the hash of each session's token, never the token."""

Index("sessions_by_user", sessions.c.user_id)
