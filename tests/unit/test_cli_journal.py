"""The commands of the journal as a person types them: what they print, and what they say when something is wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from journal import draft, shelter
from takecover.cli import app
from takecover.store.opening import open_journal


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a journal of three events in it, named by the environment."""
    path = tmp_path / "raid.sqlite"
    journal = open_journal(str(path))
    journal.append(*[draft(f"e-{n}", shelter("shut"), words={"note": f"words {n}"}) for n in range(3)])
    journal.close()
    monkeypatch.setenv("TAKECOVER_JOURNAL", str(path))
    return tmp_path


def run(*words: str, code: int = 0) -> str:
    answer = CliRunner().invoke(app, ["journal", *words])
    assert answer.exit_code == code, answer.output
    return answer.output


def test_verify_prints_the_end_of_the_chain_to_be_written_down(folder: Path) -> None:
    told = run("verify")
    assert "3 events, each follows the one before" in told
    assert re.search(r"Last hash  [0-9a-f]{64}\n", told)
    assert "0 fields erased by two people, 0 not in this copy" in told


def test_export_import_backup_and_restore_say_how_many(folder: Path) -> None:
    other = ["--journal", str(folder / "other.sqlite")]
    third = ["--journal", f"sqlite:///{folder / 'third.sqlite'}"]
    assert run("export", str(folder / "x.jsonl")) == f"Wrote 3 events to {folder / 'x.jsonl'}.\n"
    assert "3 of them new here" in run("import", str(folder / "x.jsonl"), *other)
    assert "0 of them new here" in run("import", str(folder / "x.jsonl"), *other)
    assert "Copied 3 events" in run("backup", str(folder / "b.sqlite"))
    assert "3 of them new here" in run("restore", str(folder / "b.sqlite"), *third)
    assert run("verify", *third) == run("verify")


def test_erasure_takes_two_people(folder: Path) -> None:
    told = run("erase", "e-1", "--words", "note", "--actor", "user:1")
    assert "nothing is erased yet" in told
    request = re.search(r"journal erase (\S+) --agree", told)
    assert request is not None
    refused = run("erase", request[1], "--agree", "--actor", "user:1", code=3)
    assert "A second person has to agree" in refused
    assert "Older backups still hold them" in run("erase", request[1], "--agree", "--actor", "user:2")
    assert "1 fields erased by two people" in run("verify")
    assert "name the words to ask for" in run("erase", "e-1", "--actor", "user:1", code=2)


def test_migrate_says_what_there_was(folder: Path) -> None:
    assert run("migrate") == "Schema 0004; it was 0004.\n"
    assert run("migrate", "--journal", str(folder / "new.sqlite")) == "Schema 0004; it was not there.\n"


def test_what_is_wrong_is_said_in_words_with_its_own_exit_code(folder: Path) -> None:
    assert "is not there" in run("verify", "--journal", str(folder / "none.sqlite"), code=4)
    assert "is there already" in run("export", str(folder / "raid.sqlite"), code=3)
    (folder / "bad.jsonl").write_text('{"format":"x"}\n')
    assert "line 1: the format is 'x'" in run("import", str(folder / "bad.jsonl"), code=3)
