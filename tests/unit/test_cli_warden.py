"""The commands of wardens' links: the sheet that is printed, a sensor's token, and taking a link back."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from takecover.cli import app
from takecover.io import city_folder
from takecover.settings import Secret
from takecover.store.opening import open_journal
from takecover.workflow.live import links
from toy_folder import toy

KEY = "k" * 40
UNTIL = ("--until", "2027-04-30")


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The toy city as a folder, and the key in the environment."""
    monkeypatch.setenv("TAKECOVER_LINK_KEY", KEY)
    city_folder.write(toy(), tmp_path / "city")
    return str(tmp_path / "city")


def test_the_sheet_holds_a_link_and_a_code_for_each_shelter_and_only_its_owner_can_read_it(
    city: str, tmp_path: Path
) -> None:
    out = tmp_path / "sheet.html"
    done = CliRunner().invoke(
        app, ["warden", "links", city, *UNTIL, "--address", "https://city.example/", "--out", str(out)]
    )
    assert (done.exit_code, done.stdout) == (0, f"Wrote 2 links, good until 2027-04-30, to {out}.\n")
    page = out.read_text(encoding="utf-8")
    tokens = re.findall(r"https://city\.example/w/([\w.-]+)", page)
    assert [links.read(token, Secret(KEY)).shelter_id for token in tokens] == ["S001", "S002"]
    assert page.count("<svg") == 2
    assert "<script" not in page
    assert out.stat().st_mode & 0o077 == 0


def test_a_sensors_token_is_of_its_shelter(city: str) -> None:
    done = CliRunner().invoke(app, ["warden", "sensor", city, "S001", "--name", "door-1", *UNTIL])
    assert links.read(done.stdout.strip(), Secret(KEY)) == links.link(
        "sensor", "S001", date(2027, 4, 30), name="door-1"
    )


def test_a_link_is_taken_back_in_the_journal_by_a_person(city: str, tmp_path: Path) -> None:
    place = str(tmp_path / "j.sqlite")
    words = ["warden", "revoke", "S001", *UNTIL, "--actor", "user:3", "--journal", place]
    for _ in range(2):
        done = CliRunner().invoke(app, words)
        assert (done.exit_code, done.stdout) == (
            0,
            "Taken back, event 1. For a new link, give --issue 2.\n",
        )
    journal = open_journal(place, is_read_only=True)
    (event,) = journal.read()
    journal.close()
    assert (event.actor_id, event.event_id) == (
        "user:3",
        links.link("warden", "S001", date(2027, 4, 30)).revocation_id,
    )


def test_what_is_wrong_is_said_with_its_remedy(
    city: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = ("--out", str(tmp_path / "s.html"))
    run = CliRunner().invoke
    wrong = run(app, ["warden", "links", city, *UNTIL, "--address", "city.example", *out])
    assert (wrong.exit_code, "begins with neither" in wrong.stderr) == (2, True)
    near = ("--address", "https://x", *out)
    wrong = run(app, ["warden", "links", city, *UNTIL, *near, "--shelter", "S9"])
    assert (wrong.exit_code, "'S9' is not in" in wrong.stderr) == (3, True)
    nowhere = ("--address", "https://x", "--out", str(tmp_path / "no" / "s.html"))
    assert run(app, ["warden", "links", city, *UNTIL, *nowhere]).exit_code == 4
    monkeypatch.delenv("TAKECOVER_LINK_KEY")
    wrong = run(app, ["warden", "links", city, *UNTIL, *near])
    assert (wrong.exit_code, "TAKECOVER_LINK_KEY: is not set" in wrong.stderr) == (3, True)
