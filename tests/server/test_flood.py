"""Many reports and an alert at once on a real server: who follows the stream ends with the state that a GET gives."""

from __future__ import annotations

import asyncio
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from served import BEARER, Served, cap_message, lines_of, run
from takecover.server import crowd
from takecover.server.wire import Protocol
from takecover.settings import Secret
from takecover.workflow.live.links import Link

KEY = Secret("k" * 40)
WORDS = ("open", "filling", "full", "shut")
NAMES = {"areas": "area_id", "sources": "source", "shelters": "shelter_id"}


async def _report(served: Served, number: int) -> int:
    link = Link("warden", "S001", date(2027, 4, 30), 1 + number)
    said = {
        "event_id": f"phone-{number:04d}",
        "effective_at": "2026-11-25T02:00:00Z",
        "status": WORDS[number % 4],
    }
    headers = {"Authorization": f"Bearer {link.token(KEY)}", "Content-Type": "application/json"}
    answer = await served.client.post("/api/v1/reports", content=json.dumps(said), headers=headers)
    return answer.status_code


class _Follower:
    """Keeps the state by the changes of a stream alone."""

    def __init__(self) -> None:
        self.versions: list[int] = []
        self._objects: dict[str, dict[str, Any]] = {}

    async def follow(self, served: Served) -> None:
        """Fetch the state once, then follow until cancelled."""
        state = await served.state()
        self.versions.append(int(state["version"]))
        self._objects = {group: {each[name]: each for each in state[group]} for group, name in NAMES.items()}
        address = f"/api/v1/stream?after={state['version']}"
        async with served.client.stream("GET", address) as answer:
            async for event, data in lines_of(answer):
                if event == "change":
                    assert data["from_version"] == self.versions[-1]
                    self.versions.append(data["version"])
                    for group, name in NAMES.items():
                        self._objects[group] |= {each[name]: each for each in data[group]}

    def state(self) -> dict[str, Any]:
        """What it has."""
        return {group: sorted(found.values(), key=str) for group, found in self._objects.items()}


@pytest.mark.parametrize("longest_s", [0.0, 0.3])
def test_whoever_applies_the_changes_of_a_flood_has_what_a_get_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, longest_s: float
) -> None:
    monkeypatch.setattr(crowd, "REST", 10**9)
    monkeypatch.setattr(crowd, "LONGEST_S", longest_s)

    async def body(served: Served) -> None:
        followers = [_Follower() for _ in range(3)]
        tasks = [asyncio.create_task(each.follow(served)) for each in followers]
        await asyncio.sleep(0.2)
        for part in range(4):
            sent = [_report(served, 15 * part + number) for number in range(15)]
            assert await asyncio.gather(*sent) == [200] * 15
        xml = {**BEARER, "Content-Type": "application/cap+xml"}
        alert = await served.client.post("/api/v1/alerts", content=cap_message(), headers=xml)
        assert (alert.status_code, await _report(served, 60)) == (200, 200)
        state = await served.state()
        for each in followers:
            while each.versions[-1:] != [state["version"]]:
                await asyncio.sleep(0.01)
            assert each.state() == {group: sorted(state[group], key=str) for group in NAMES}
        assert state["areas"][0]["word"] == "on"
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    run(body, tmp_path, link_key=KEY)


@pytest.mark.parametrize("has_wire", [True, False])
def test_the_stream_is_the_same_bytes_with_and_without_the_short_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_wire: bool
) -> None:
    if not has_wire:
        monkeypatch.setattr(Protocol, "on_message_begin", Protocol.__base__.on_message_begin)  # type: ignore[union-attr]

    async def body(served: Served) -> None:
        reading, writing = await asyncio.open_connection("127.0.0.1", served.client.base_url.port)
        writing.write(b"GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
        head = await reading.readuntil(b"\r\n\r\n")
        assert b"\r\ntransfer-encoding: chunked\r\n" in head
        for _ in range(2):
            await _report(served, 1)
            size = int(await reading.readline(), 16)
            assert (await reading.readexactly(size + 2)).endswith(b"\n\n\r\n")
            await _report(served, 2)
        writing.close()

    run(body, tmp_path, link_key=KEY)
