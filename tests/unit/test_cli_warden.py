"""The commands of wardens' links: the sheet that is printed, a sensor's token, and taking a link back."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from office import PASSWORD, staffed
from takecover.cli import app
from takecover.io import city_folder
from takecover.settings import Secret
from takecover.store.opening import open_journal
from takecover.workflow.live import links
from toy_folder import toy

KEY = "k" * 40
UNTIL = ("--until", "2027-04-30")
NIGHT = ("--from", "2026-11-29T20:00", "--until", "2026-11-30T08:00")


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


def test_a_link_is_taken_back_in_the_journal_by_an_officer_who_shows_who_they_are(
    city: str, tmp_path: Path
) -> None:
    place = str(tmp_path / "j.sqlite")
    staffed(place)

    def revoke(user_id: str, password: str, *until: str) -> Result:
        words = ["warden", "revoke", "S001", *until, "--as", user_id, "--journal", place]
        return CliRunner().invoke(app, words, input=f"{password}\n")

    for user_id, password, why in (
        ("duty-1", "no password of hers", "do not fit"),
        ("looker", PASSWORD, "may not do this"),
        ("", PASSWORD, "Give --as"),
    ):
        refused = revoke(user_id, password, *UNTIL)
        assert (refused.exit_code, why in refused.stderr) == (3, True)
    said = [revoke("duty-1", PASSWORD, *UNTIL).stdout for _ in range(2)]
    assert said[0] == said[1]
    assert re.fullmatch(r"Taken back, event \d+\. For a new link, give --issue 2\.\n", said[0])
    assert revoke("duty-1", PASSWORD, *NIGHT).exit_code == 0
    journal = open_journal(place, is_read_only=True)
    found = [(e.actor_id, e.event_id) for e in journal.read() if e.event_id.startswith("revoked/")]
    journal.close()
    night = links.night(*(datetime.fromisoformat(text).astimezone() for text in NIGHT[1::2]))
    assert found == [
        ("user:duty-1", links.link("warden", "S001", term).revocation_id)
        for term in (date(2027, 4, 30), night)
    ]


def test_the_sheet_of_one_night_says_its_hours_and_its_links_are_of_them(city: str, tmp_path: Path) -> None:
    out = tmp_path / "sheet.html"
    near = ("--address", "https://city.example", "--out", str(out))
    done = CliRunner().invoke(app, ["warden", "links", city, *NIGHT, *near])
    assert done.exit_code == 0
    assert "good from 2026-11-29 20:00" in done.stdout
    assert "until 2026-11-30 08:00" in done.stdout
    page = out.read_text(encoding="utf-8")
    assert page.count("2026-11-29 20:00") == len(["head", "S001", "S002"])
    assert page.count("2026-11-30 08:00") == len(["title", "head", "S001", "S002"])
    token = re.findall(r"https://city\.example/w/([\w.-]+)", page)[0]
    term = links.read(token, Secret(KEY)).term
    assert isinstance(term, links.Night)
    assert (term.begins_at, term.ends_at) == tuple(
        datetime.fromisoformat(text).astimezone() for text in NIGHT[1::2]
    )
    for wrong, code in ((NIGHT[2:], 2), (("--from", "2026-11-29T20:00", "--until", "2026-11-29T19:00"), 3)):
        assert CliRunner().invoke(app, ["warden", "links", city, *wrong, *near]).exit_code == code


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
