"""Opens a journal by its address: the one door, which refuses a place that is not safe or not of our schema."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from takecover import parameters
from takecover.errors import InputError, StoreError
from takecover.store import migrate
from takecover.store.journal import SqlJournal
from takecover.store.postgres import PostgresPlace
from takecover.store.sqlite import SqlitePlace

PATIENCE_S = 5.0
"""How long a write waits for a database that is away or busy, where nothing else is said."""


def server_time() -> datetime:
    """The clock of this machine, in UTC."""
    return datetime.now(UTC)


def open_journal(
    address: str,
    *,
    now: Callable[[], datetime] = server_time,
    patience_s: float = PATIENCE_S,
    is_read_only: bool = False,
) -> SqlJournal:
    """Open a journal, making it where nothing is there yet.

    Parameters
    ----------
    address
        ``sqlite:///folder/journal.sqlite`` (or a bare path), or ``postgresql://user:password@host/database``.
    now
        The server's clock.
    patience_s
        How long a write waits for a database that is away or busy before it is refused [s].
    is_read_only
        True to read only; then nothing is made.

    Raises
    ------
    InputError
        The address is none.
    SourceError
        The folder or, to read, the file is not there.
    StoreError
        The database cannot be reached, acknowledges before it is safe, or has a schema older or newer than ours.
    """
    place = place_of(address, patience_s, is_read_only=is_read_only)
    try:
        if not is_read_only:
            place.check_durable()
            with place.reader.connect() as connection:
                is_new = migrate.revision(connection) is None
            if is_new:
                migrate.migrate(place.writer, place.name)
        with place.reader.connect() as connection:
            migrate.check(connection, place.name)
        return SqlJournal(place, now, parameters.value("clock_ahead_s"), patience_s)
    except SQLAlchemyError as error:
        place.close()
        raise StoreError(f"{place.name}: cannot be opened ({_first_line(error)}).") from error
    except StoreError:
        place.close()
        raise


def place_of(address: str, patience_s: float, *, is_read_only: bool = False) -> SqlitePlace | PostgresPlace:
    """The database of an address; nothing is read from it yet.

    Raises
    ------
    InputError
        The address is none, or of a database that is not supported.
    SourceError
        The folder or, to read, the file is not there.
    """
    if "://" not in address:
        return SqlitePlace(Path(address), patience_s, is_read_only=is_read_only)
    try:
        url: URL = make_url(address)
    except ArgumentError as error:
        raise InputError(
            "journal: the address cannot be read. Give sqlite:///FILE or postgresql://..."
        ) from error
    kind = url.get_backend_name()
    if kind == "sqlite" and url.database and url.database != ":memory:":
        return SqlitePlace(Path(url.database), patience_s, is_read_only=is_read_only)
    if kind == "postgresql":
        return PostgresPlace(url.set(drivername="postgresql+psycopg"), patience_s, is_read_only=is_read_only)
    raise InputError(f"journal: '{kind}' is no place for a journal. Give sqlite:///FILE or postgresql://...")


def _first_line(error: SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0][:200]
