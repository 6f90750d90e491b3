"""Starting and stopping: the command itself, the feeds that it listens to, and what it refuses to begin with."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import cast

import httpx
import pytest

from served import Served, cap_message, run
from takecover.errors import InputError, SourceError
from takecover.io import city_folder
from takecover.server.run import bound
from takecover.server.start import practice_lines
from takecover.server.wire import Protocol
from takecover.settings import Secret
from takecover.workflow.live.listening import listening, read_feeds
from takecover.workflow.live.live import Live
from toy_folder import toy

FEED = (
    '[[feed]]\nkind = "folder"\nid = "{name}"\naddress = "{folder}"\nperiod_s = 1\nis_exercise = {exercise}\n'
)


def _feeds(tmp_path: Path, name: str = "inbox", exercise: str = "false") -> Path:
    inbox, file = tmp_path / "inbox", tmp_path / "feeds.toml"
    inbox.mkdir(exist_ok=True)
    file.write_text(FEED.format(name=name, folder=inbox, exercise=exercise), encoding="utf-8")
    return file


def test_an_alert_that_a_feed_brings_is_on_and_the_feed_is_seen_to_be_heard(tmp_path: Path) -> None:
    specs = read_feeds(_feeds(tmp_path), {}, is_exercise=False)
    (tmp_path / "inbox" / "a.cap").write_bytes(cap_message())

    async def body(served: Served) -> None:
        async with listening(served.live, specs, Random(1)):
            while not (await served.state())["sources"]:
                await asyncio.sleep(0.02)
            state = await served.state()
            assert {area["word"] for area in state["areas"]} == {"on"}
            assert [each["source"] for each in state["sources"]] == ["feed:inbox"]
            (feed,) = (await served.client.get("/healthz")).json()["feeds"]
            assert (feed["feed_id"], feed["failures"]) == ("inbox", 0)
            assert feed["last_heard_at"] == "2026-11-25T02:00:00.000Z"

    run(body, tmp_path)


def test_a_real_feed_is_not_heard_in_an_exercise_and_the_servers_own_name_is_taken(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="inbox is real, and the server shows an exercise"):
        read_feeds(_feeds(tmp_path), {}, is_exercise=True)
    assert len(read_feeds(_feeds(tmp_path, exercise="true"), {}, is_exercise=True)) == 1
    with pytest.raises(InputError, match="'posted' is the name of alerts sent to this server"):
        read_feeds(_feeds(tmp_path, "posted"), {}, is_exercise=False)


def test_an_answer_in_two_parts_is_never_held_back_for_an_acknowledgement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options: list[int] = []
    begun = Protocol.on_message_begin

    def noted(protocol: Protocol) -> None:
        connection = protocol.transport.get_extra_info("socket")
        options.append(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        begun(protocol)

    monkeypatch.setattr(Protocol, "on_message_begin", noted)

    async def body(served: Served) -> None:
        await served.state()

    run(body, tmp_path)
    assert len(options) == 1
    assert options[0] != 0


def test_a_port_that_is_taken_is_named() -> None:
    with bound("127.0.0.1", 0) as sock, pytest.raises(SourceError, match=r"cannot be listened on .*--port"):
        bound("127.0.0.1", sock.getsockname()[1])


def test_a_link_to_practise_with_is_printed_for_a_made_up_city_alone(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        key = Secret("k" * 40)
        made_up, real = (
            practice_lines(
                cast(
                    Live,
                    SimpleNamespace(city=replace(served.live.city, is_modelled=is_made), now=served.clock),
                ),
                "http://here",
                {"practice-1": "words"},
                key,
            )
            for is_made in (True, False)
        )
        assert [line.split()[0] for line in made_up] == ["Log", "Warden"]
        assert (await served.client.get(made_up[1].partition("http://here")[2])).status_code == 200
        assert real == made_up[:1]

    run(body, tmp_path, link_key=Secret("k" * 40), is_exercise=True)


def test_the_command_says_where_it_is_serves_and_stops_when_told(tmp_path: Path) -> None:
    city_folder.write(toy(), tmp_path / "city")
    words = [
        "serve",
        str(tmp_path / "city"),
        "--port",
        "0",
        "--exercise",
        "--journal",
        str(tmp_path / "j.sqlite"),
    ]
    program = subprocess.Popen(
        [sys.executable, "-u", "-c", "from takecover.cli import main; main()", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={key: text for key, text in os.environ.items() if not key.startswith("TAKECOVER_")},
    )
    try:
        assert program.stdout is not None
        said = ""
        while "Ctrl-C" not in said:
            line = program.stdout.readline()
            assert line, program.communicate()
            said += line
        assert "as an EXERCISE: nothing here is real" in said
        assert "refused (no TAKECOVER_ALERT_TOKEN)" in said
        address = re.search(r"http://\S+/api/v1/state", said)
        assert address is not None
        assert httpx.get(address[0]).json()["is_exercise"] is True
        program.send_signal(signal.SIGTERM)
        rest, errors = program.communicate(timeout=30)
        assert (program.returncode, rest, errors) == (0, "Stopped.\n", "")
    finally:
        program.kill()


def test_a_city_that_is_not_there_is_said_and_nothing_is_started(tmp_path: Path) -> None:
    words = ["serve", "atlantis", "--port", "0", "--journal", str(tmp_path / "j.sqlite")]
    done = subprocess.run(
        [sys.executable, "-c", "from takecover.cli import main; main()", *words],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 3
    assert "is no folder and no city that Takecover makes" in done.stderr
    assert not (tmp_path / "j.sqlite").exists()
