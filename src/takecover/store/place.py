"""Where a journal is kept: what the two databases do each in their own way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from sqlalchemy import Connection, Engine


class Place(Protocol):
    """A database that a journal is kept in.

    Attributes
    ----------
    name
        For messages: a path or an address, never a password.
    writer, reader
        Engines; the reader's connections cannot write.
    """

    name: str
    writer: Engine
    reader: Engine

    def check_durable(self) -> None:
        """Refuse a database that would acknowledge before it is safe."""

    def after_append(self, connection: Connection, seq: int) -> None:
        """Wake those who wait, as part of the transaction."""

    def wake(self) -> None:
        """Wake the threads of this process that wait, after the transaction."""

    def after_erasure(self) -> None:
        """Take what was deleted off the disk."""

    def sleep(self, timeout_s: float, is_there: Callable[[], bool]) -> None:
        """Wait until something may have come, or so long."""

    def close(self) -> None:
        """Let go of every connection."""
