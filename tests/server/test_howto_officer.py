"""The page for officers: its first commands, run as a new user would, lead to an officer who may give the alarm."""

from __future__ import annotations

import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from takecover.cli import app
from takecover.io import city_folder
from toy_folder import toy

PASSWORDS = {
    user_id: f"a long password of {name}"
    for user_id, name in (("chief", "ann"), ("duty-1", "bea"), ("duty-2", "cy"))
}
FEEDS = '[[feed]]\nkind = "folder"\nid = "inbox"\naddress = "inbox"\n'


def _commands(page: str) -> list[list[str]]:
    """The words of each command of the page's first block, without its remarks."""
    block = page.split("```sh\n", 1)[1].split("```", 1)[0]
    return [shlex.split(line, comments=True) for line in block.splitlines()]


def _typed(words: list[str]) -> str:
    """What the commands ask for: the password of who acts, then the one of who is new."""
    asked = [words[words.index("--as") + 1]] if "--as" in words else []
    asked += [words[3]] if words[2] == "add" else []
    return "".join(f"{PASSWORDS[user_id]}\n" for user_id in asked)


def test_the_first_commands_of_the_page_lead_to_an_officer_who_may_give_the_alarm(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (repository / "docs/howto-officer.md").read_text(encoding="utf-8")
    export, *users, serve = _commands(page)
    monkeypatch.chdir(tmp_path)
    name, _, value = export[1].partition("=")
    assert (export[0], name, len(users)) == ("export", "TAKECOVER_JOURNAL", 4)
    monkeypatch.setenv(name, value)
    for words in users:
        done = CliRunner().invoke(app, words[1:], input=_typed(words))
        assert done.exit_code == 0, (words, done.output)
    assert "duty-1 is now officer." in done.output

    city_folder.write(toy(), tmp_path / "CITY")
    (tmp_path / "inbox").mkdir()
    (tmp_path / "feeds.toml").write_text(FEEDS, encoding="utf-8")
    program = subprocess.Popen(
        [sys.executable, "-u", "-c", "from takecover.cli import main; main()", *serve[1:], "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert program.stdout is not None
        said = ""
        while "Ctrl-C" not in said:
            line = program.stdout.readline()
            assert line, "the server ended before it was up"
            said += line
        found = re.search(r"(http://\S+)/login", said)
        assert found is not None
        with httpx.Client(base_url=found[1], headers={"Accept": "text/html"}, timeout=30) as client:
            form = {"user_id": "duty-1", "password": PASSWORDS["duty-1"]}
            assert client.post("/login", data=form).headers["location"] == "/officer"
            assert client.get("/officer/alarm").status_code == 200
    finally:
        program.send_signal(signal.SIGTERM)
        program.communicate(timeout=60)
