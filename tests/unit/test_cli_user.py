"""The commands that say who may log in; passwords come by the standard input, never as an option."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from takecover.cli import app

PASSWORD = "plum kettle orbit"


@pytest.fixture(autouse=True)
def _journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAKECOVER_JOURNAL", str(tmp_path / "j.sqlite"))


def run(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, ["user", *words], input=typed)


def test_two_begin_and_a_third_waits_for_the_second() -> None:
    assert run("list").stdout == "Nobody yet. Begin with: takecover user add ID --role admin\n"
    assert run("add", "anna", "--role", "admin", typed=f"{PASSWORD}\n").exit_code == 0
    done = run("add", "bohdan", "--role", "second_officer", "--as", "anna", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert "at once" in done.stdout
    done = run("add", "cira", "--role", "officer", "--as", "anna", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert "takecover user confirm cira --as ID" in done.stdout
    assert "officer asked for by anna" in run("list").stdout
    assert run("confirm", "cira", "--as", "anna", typed=f"{PASSWORD}\n").exit_code == 3
    assert run("confirm", "cira", "--as", "bohdan", typed=f"{PASSWORD}\n").stdout == "cira is now officer.\n"
    done = run("role", "cira", "viewer", "--as", "anna", typed=f"{PASSWORD}\n")
    assert (
        done.stdout == "Asked for. It holds once a second person runs: takecover user confirm cira --as ID\n"
    )
    assert "viewer asked for by anna" in run("list").stdout
    refused = run("confirm", "cira", "--as", "bohdan", "--refuse", typed=f"{PASSWORD}\n")
    assert refused.stdout == "cira keeps officer.\n"
    own = ("password", "cira", "--as", "cira")
    assert run(*own, typed=f"{PASSWORD}\nanother good phrase\n").stdout == "The password of cira is set.\n"
    old = run(*own, typed=f"{PASSWORD}\nyet another phrase\n")
    assert (old.exit_code, "do not fit" in old.output) == (3, True)
    assert run(*own, typed="another good phrase\nyet another phrase\n").exit_code == 0
    assert run("disable", "cira", "--as", "anna", typed=f"{PASSWORD}\n").exit_code == 0
    assert "disabled" in run("list").stdout
    assert run("enable", "cira", "--as", "anna", typed=f"{PASSWORD}\n").exit_code == 0
    assert "officer asked for by anna" in run("list").stdout
    done = run("password", "cira", "--as", "anna", typed=f"{PASSWORD}\nthe password of anna\n")
    assert (
        done.stdout
        == "The password of cira is set. Their role waits for: takecover user confirm cira --as ID\n"
    )


def test_who_acts_says_who_they_are_once_two_are_there() -> None:
    run("add", "anna", "--role", "admin", typed=f"{PASSWORD}\n")
    run("add", "bohdan", "--role", "admin", typed=f"{PASSWORD}\n")
    done = run("add", "cira", "--role", "officer", typed=f"{PASSWORD}\n")
    assert (done.exit_code, "Give --as" in done.output) == (3, True)
    wrong = run("disable", "anna", "--as", "bohdan", typed="not it at all\n")
    assert (wrong.exit_code, "do not fit" in wrong.output) == (3, True)
