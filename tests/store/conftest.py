"""Each test of a store runs on both: SQLite in a file, PostgreSQL on a server of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from takecover.store.journal import SqlJournal
from takecover.store.opening import open_journal


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of an empty place for a journal."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'journal.sqlite'}"
    return request.getfixturevalue("postgres").emptied()


@pytest.fixture
def journal(address: str) -> Iterator[SqlJournal]:
    """An empty journal."""
    opened = open_journal(address, patience_s=2)
    yield opened
    opened.close()
