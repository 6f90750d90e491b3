"""A journal in one SQLite file: write-ahead log, one writer at a time, readers that cannot write."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event, text

from takecover.errors import SourceError, StoreError

FULL = 2
"""``PRAGMA synchronous``: every commit is forced to the disk before it is acknowledged."""

POLL_S = 0.1
"""How often a waiting process looks for what another process has written."""


class SqlitePlace:
    """One file. Several processes may have it open; their writes queue up one after the other.

    Parameters
    ----------
    path
        The file; it is made if its folder exists and the journal is to be written.
    patience_s
        How long a write waits for another to end before it is refused [s].
    is_read_only
        True to never write, not even to make the file.
    """

    def __init__(self, path: Path, patience_s: float, *, is_read_only: bool = False) -> None:
        self.path = path
        self.name = str(path)
        self.patience_s = patience_s
        self._came = threading.Condition()
        if not path.parent.is_dir():
            raise SourceError(f"{path.parent}: is no folder. Make it, or give another path for the journal.")
        if is_read_only and not path.is_file():
            raise SourceError(f"{path}: is not there. Give the path of a journal.")
        self.reader = self._engine("ro", 5, "BEGIN")
        self.writer = self.reader if is_read_only else self._engine("rwc", 1, "BEGIN IMMEDIATE")

    def _engine(self, mode: str, connections: int, begin: str) -> Engine:
        address = f"file:{quote(os.fspath(self.path.absolute()))}?mode={mode}"

        def connect() -> sqlite3.Connection:
            connection = sqlite3.connect(
                address, uri=True, timeout=self.patience_s, isolation_level=None, check_same_thread=False
            )
            if mode != "ro":
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute("PRAGMA synchronous=FULL")
                connection.execute("PRAGMA secure_delete=ON")
            connection.execute("PRAGMA foreign_keys=ON")
            return connection

        engine = create_engine(
            "sqlite://",
            creator=connect,
            poolclass=QueuePool,
            pool_size=connections,
            max_overflow=0 if connections == 1 else 10,
            pool_timeout=self.patience_s,
        )

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            connection.exec_driver_sql(begin)

        return engine

    def check_durable(self) -> None:
        """Refuse a file that is not in write-ahead mode with full synchronisation.

        Raises
        ------
        StoreError
            The disk or the build of SQLite does not do as it was told.
        """
        with self.writer.connect() as connection:
            mode = connection.execute(text("PRAGMA journal_mode")).scalar_one()
            synchronous = connection.execute(text("PRAGMA synchronous")).scalar_one()
        if mode != "wal" or synchronous != FULL:
            raise StoreError(
                f"{self.name}: journal_mode is {mode} and synchronous {synchronous}; wal and {FULL} (FULL) are "
                "needed, so that what was acknowledged is on the disk. Put the journal on a local disk."
            )

    def after_append(self, connection: Connection, seq: int) -> None:
        """Nothing inside the transaction; waiting threads look for themselves."""

    def wake(self) -> None:
        """Wake the threads of this process that wait."""
        with self._came:
            self._came.notify_all()

    def after_erasure(self) -> None:
        """Empty the write-ahead log into the file, where deleted words are already overwritten."""
        raw = self.writer.raw_connection()
        try:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            raw.close()

    def sleep(self, timeout_s: float, is_there: Callable[[], bool]) -> None:
        """Wait until a thread of this process wrote, or until it is time to look for other processes."""
        with self._came:
            if not is_there():
                self._came.wait(min(timeout_s, POLL_S))

    def close(self) -> None:
        """Let go of every connection."""
        self.reader.dispose()
        self.writer.dispose()
