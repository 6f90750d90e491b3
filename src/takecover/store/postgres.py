"""A journal in PostgreSQL: several processes, one row that each append locks, a notification that only wakes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import URL

from takecover.errors import StoreError

if TYPE_CHECKING:
    import psycopg

CHANNEL = "takecover_journal"
SAFE = {"synchronous_commit": ("on", "remote_apply"), "fsync": ("on",), "full_page_writes": ("on",)}
"""Server settings without which an acknowledged event can be lost, and the values that are allowed."""

POLL_S = 1.0
"""How often a waiting process looks by itself, in case a notification was lost."""

CONNECT_TIMEOUT_S = 5


class PostgresPlace:
    """One database on a PostgreSQL server.

    Parameters
    ----------
    url
        Its address, with the driver psycopg.
    patience_s
        How long a write waits for another to end before the server refuses it [s].
    is_read_only
        True for a process that never writes.
    """

    def __init__(self, url: URL, patience_s: float, *, is_read_only: bool = False) -> None:
        self.name = url.render_as_string(hide_password=True)
        self._url = url
        self._listener: psycopg.Connection[tuple[object, ...]] | None = None
        self._listening = threading.Lock()
        wait_ms = max(1, round(patience_s * 1000))
        arguments = {"connect_timeout": CONNECT_TIMEOUT_S, "application_name": "takecover"}
        keepalive = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}

        def options(*settings: str) -> dict[str, object]:
            return {**arguments, **keepalive, "options": " ".join(f"-c {each}" for each in settings)}

        self.reader = create_engine(
            url,
            connect_args=options("default_transaction_read_only=on", f"statement_timeout={10 * wait_ms}"),
            pool_pre_ping=True,
        )
        self.writer = (
            self.reader
            if is_read_only
            else create_engine(url, connect_args=options(f"lock_timeout={wait_ms}"), pool_pre_ping=True)
        )

    def check_durable(self) -> None:
        """Refuse a server that acknowledges before it is safe.

        Raises
        ------
        StoreError
            A setting of `SAFE` is another, with the way to set it right.
        """
        with self.writer.connect() as connection:
            self._check(connection)

    def _check(self, connection: Connection) -> None:
        for name, allowed in SAFE.items():
            found = connection.execute(text(f"SHOW {name}")).scalar_one()
            if found not in allowed:
                raise StoreError(
                    f"{self.name}: {name} is {found}, so that an acknowledged event could be lost. Run "
                    f"ALTER SYSTEM SET {name} = on and reload the server; or ALTER DATABASE, or ALTER ROLE, where it "
                    "is set for one of these."
                )

    def after_append(self, connection: Connection, seq: int) -> None:
        """Wake the other processes when, and only when, the transaction is done."""
        connection.execute(text("SELECT pg_notify(:channel, :seq)"), {"channel": CHANNEL, "seq": str(seq)})

    def wake(self) -> None:
        """Nothing: the notification wakes this process too."""

    def after_erasure(self) -> None:
        """Clear the deleted rows out of the table's pages, so that they are written over."""
        with self.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM words"))

    def sleep(self, timeout_s: float, is_there: Callable[[], bool]) -> None:
        """Wait for a notification, or until it is time to look."""
        import psycopg

        with self._listening:
            try:
                if self._listener is None:
                    self._listener = self._listen()
                    if is_there():
                        return
                for _ in self._listener.notifies(timeout=min(timeout_s, POLL_S), stop_after=1):
                    return
            except psycopg.Error:
                self._stop_listening()
                time.sleep(min(timeout_s, POLL_S / 4))

    def _listen(self) -> psycopg.Connection[tuple[object, ...]]:
        import psycopg

        address = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        found = psycopg.connect(address, autocommit=True, connect_timeout=CONNECT_TIMEOUT_S)
        found.execute(f"LISTEN {CHANNEL}")
        return found

    def _stop_listening(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def close(self) -> None:
        """Let go of every connection."""
        self._stop_listening()
        self.reader.dispose()
        self.writer.dispose()
