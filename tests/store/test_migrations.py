"""The tables of a journal: made, brought up from the first schema with everything in them, and refused when newer."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from journal import draft, shelter
from takecover.errors import InputError, SourceError, StoreError
from takecover.store import migrate, schema
from takecover.store.journal import SqlJournal
from takecover.store.opening import open_journal, place_of
from takecover.workflow import journal as workflow


def test_the_tables_that_the_steps_make_are_those_that_the_program_uses(journal: SqlJournal) -> None:
    with journal.place.reader.connect() as connection:
        assert migrate.revision(connection) == schema.REVISION
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, schema.metadata) == []


def test_a_journal_of_the_first_schema_is_brought_up_with_everything_in_it(address: str) -> None:
    place = place_of(address, 2)
    assert migrate.migrate(place.writer, place.name, to="0001") is None
    with place.reader.connect() as connection:
        journal_id = connection.execute(schema.head.select()).one().journal_id
    place.close()
    with pytest.raises(StoreError, match="has the schema 0001, this Takecover needs 0004"):
        open_journal(address)
    assert workflow.migrate(address) == "0001"
    assert workflow.migrate(address) == "0004"
    journal = open_journal(address)
    assert journal.journal_id == journal_id
    assert journal.append(draft("e-1", shelter("open")))[0].seq == 1
    journal.close()


def test_events_of_the_first_schema_are_there_after_migration(address: str) -> None:
    place = place_of(address, 2)
    migrate.migrate(place.writer, place.name, to="0001")
    old = SqlJournal(place, lambda: draft("e", shelter("open")).effective_at, 120, 2)
    given = old.append(draft("e-1", shelter("open"), words={"note": "x"}), draft("e-2", shelter("shut")))
    old.close()
    workflow.migrate(address)
    journal = open_journal(address)
    assert list(journal.read()) == list(given)
    assert journal.words(["e-1"]) == {"e-1": {"note": "x"}}
    journal.close()


def test_a_newer_schema_is_refused_and_not_touched(journal: SqlJournal, address: str) -> None:
    with journal.place.writer.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0099'"))
    for attempt in (lambda: open_journal(address), lambda: workflow.migrate(address)):
        with pytest.raises(StoreError, match="has the schema 0099, which is newer than 0004"):
            attempt()
    with journal.place.reader.connect() as connection:
        assert migrate.revision(connection) == "0099"


def test_a_place_without_a_journal_is_not_made_by_reading(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is not there"):
        open_journal(str(tmp_path / "none.sqlite"), is_read_only=True)
    with pytest.raises(SourceError, match="is no folder"):
        open_journal(str(tmp_path / "none" / "j.sqlite"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("address", ["mysql://x/y", "sqlite://", "http://x", "sqlite:///:memory:"])
def test_another_kind_of_place_is_refused(address: str) -> None:
    with pytest.raises(InputError, match=r"no place for a journal|cannot be read"):
        open_journal(address)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "j.sqlite"
    path.write_text("this is no database, and longer than a header of one hundred bytes would be " * 4)
    with pytest.raises(StoreError, match="cannot be opened"):
        open_journal(str(path))
    assert path.read_text().startswith("this is no database")


def test_a_server_that_acknowledges_too_early_is_refused(postgres: object) -> None:
    address = postgres.emptied()  # type: ignore[attr-defined]
    postgres.execute("ALTER DATABASE postgres SET synchronous_commit = off")  # type: ignore[attr-defined]
    try:
        with pytest.raises(
            StoreError, match="synchronous_commit is off, so that an acknowledged event could be lost"
        ):
            open_journal(address)
    finally:
        postgres.execute("ALTER DATABASE postgres RESET synchronous_commit")  # type: ignore[attr-defined]
    open_journal(address).close()


def test_a_sqlite_file_that_is_not_forced_to_the_disk_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from takecover.store import sqlite

    monkeypatch.setattr(sqlite, "FULL", 3)
    with pytest.raises(StoreError, match="journal_mode is wal and synchronous 2; wal and 3"):
        open_journal(str(tmp_path / "j.sqlite"))
