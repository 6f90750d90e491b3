"""Brings the tables of a journal to the schema that this program knows, and refuses one that it does not."""

from __future__ import annotations

import secrets
from importlib import resources
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, inspect, text

from takecover.errors import StoreError
from takecover.model.event import genesis
from takecover.store import schema

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

ADVISORY_KEY = 7_310_215_001
"""PostgreSQL's advisory lock that is held while tables are changed."""


def revision(connection: Connection) -> str | None:
    """The schema that a database has; None where it holds no journal."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def check(connection: Connection, place: str) -> None:
    """Refuse a database whose schema is not the one that this program reads and writes.

    Raises
    ------
    StoreError
        There is no journal, the schema is older (migrate), or it is newer or unknown (use a newer Takecover).
    """
    found = revision(connection)
    if found == schema.REVISION:
        return
    if found is None:
        raise StoreError(f"{place}: holds no journal. Run: takecover journal migrate")
    if found in _known():
        raise StoreError(
            f"{place}: has the schema {found}, this Takecover needs {schema.REVISION}. Back it up, then run: "
            "takecover journal migrate"
        )
    raise StoreError(
        f"{place}: has the schema {found}, which is newer than {schema.REVISION}, the newest that this Takecover "
        "knows. Nothing was touched. Use the Takecover that wrote it, or a newer one."
    )


def migrate(engine: Engine, place: str, *, to: str = schema.REVISION) -> str | None:
    """Bring a database to a schema, in one transaction: wholly or not at all.

    Parameters
    ----------
    engine
        Writes to the database.
    place
        Its name in messages, without a password.
    to
        The schema wanted; the newest, but for tests of the way there.

    Returns
    -------
    The schema that it had; None where it held no journal.

    Raises
    ------
    StoreError
        The schema is newer than this program knows.
    """
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_KEY})
        found = revision(connection)
        if found is not None and found not in _known():
            check(connection, place)
        if found != to:
            _run(connection, to)
        if connection.execute(schema.head.select()).first() is None:
            journal_id = secrets.token_hex(16)
            row = {"id": 1, "journal_id": journal_id, "seq": 0, "hash": genesis(journal_id)}
            connection.execute(schema.head.insert().values(row))
    return found


def _known() -> tuple[str, ...]:
    """Every schema that this program knows, oldest first."""
    return tuple(each.revision for each in reversed(list(_script().walk_revisions())))


def _script() -> ScriptDirectory:
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(resources.files("takecover.store").joinpath("migrations")))


def _run(connection: Connection, to: str) -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext

    script = _script()

    def steps(found: Any, _context: Any) -> Any:
        return script._upgrade_revs(to, found)

    with EnvironmentContext(Config(), script, fn=steps) as environment:
        environment.configure(connection=connection)
        environment.run_migrations()
