"""The commands of the journal as a person types them: what they print, and what they say when something is wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from journal import draft, shelter
from office import PASSWORD, staffed
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


def run(*words: str, code: int = 0, typed: str | None = None) -> str:
    answer = CliRunner().invoke(app, ["journal", *words], input=typed)
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


def test_erasure_takes_two_people_who_show_who_they_are(folder: Path) -> None:
    staffed(str(folder / "raid.sqlite"))
    fits, ask = f"{PASSWORD}\n", ("erase", "e-1", "--words", "note")
    assert "Give --as with your own id" in run(*ask, code=3)
    assert "do not fit" in run(*ask, "--as", "duty-1", code=3, typed="no password of hers\n")
    assert "'second_officer' of duty-2 may not do this" in run(*ask, "--as", "duty-2", code=3, typed=fits)
    told = run(*ask, "--as", "duty-1", typed=fits)
    assert "nothing is erased yet" in told
    request = re.search(r"journal erase (\S+) --agree --as ID", told)
    assert request is not None
    agree = ("erase", request[1], "--agree", "--as")
    assert "'officer' of duty-1 may not do this" in run(*agree, "duty-1", code=3, typed=fits)
    assert "do not fit" in run(*agree, "duty-2", code=3, typed="no password of his\n")
    assert "0 fields erased by two people" in run("verify")
    assert "Older backups still hold them" in run(*agree, "duty-2", typed=fits)
    assert "1 fields erased by two people" in run("verify")
    assert "name the words to ask for" in run("erase", "e-1", "--as", "duty-1", code=2, typed=fits)
    journal = open_journal(str(folder / "raid.sqlite"), is_read_only=True)
    said = [e.actor_id for e in journal.read() if e.payload.kind in ("erasure_asked", "erased")]
    journal.close()
    assert said == ["user:duty-1", "user:duty-2"]


def test_migrate_says_what_there_was(folder: Path) -> None:
    assert run("migrate") == "Schema 0004; it was 0004.\n"
    assert run("migrate", "--journal", str(folder / "new.sqlite")) == "Schema 0004; it was not there.\n"


def test_what_is_wrong_is_said_in_words_with_its_own_exit_code(folder: Path) -> None:
    assert "is not there" in run("verify", "--journal", str(folder / "none.sqlite"), code=4)
    assert "is there already" in run("export", str(folder / "raid.sqlite"), code=3)
    (folder / "bad.jsonl").write_text('{"format":"x"}\n')
    assert "line 1: the format is 'x'" in run("import", str(folder / "bad.jsonl"), code=3)
