"""A real server on this machine for the tests: a free port, a journal in a SQLite file, and a client."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import httpx

from takecover.model.event import Draft
from takecover.model.event_payloads import Payload
from takecover.server.app import make_app
from takecover.server.asked import Site
from takecover.server.run import bound, serve
from takecover.settings import Secret
from takecover.store.opening import open_journal
from takecover.store.outbox import Outbox
from takecover.workflow.live.live import Live
from toy_folder import toy

TOKEN = "a token for tests alone"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


class Clock:
    """A clock that the tests turn."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def turn(self, seconds: float) -> None:
        """Let time pass."""
        self.time += timedelta(seconds=seconds)


@dataclass
class Served:
    """A running server and a client of it."""

    live: Live
    client: httpx.AsyncClient
    clock: Clock
    stop: asyncio.Event
    site: Site

    async def state(self) -> dict[str, Any]:
        """The public state, as a client gets it."""
        answer = await self.client.get("/api/v1/state")
        assert answer.status_code == 200
        found: dict[str, Any] = answer.json()
        return found

    async def said(
        self, payload: Payload, event_id: str, source: str = "warden:a", actor_id: str = "link:1"
    ) -> None:
        """Record something as the server would."""
        draft = Draft(event_id, self.clock(), source, actor_id, payload, is_exercise=self.live.is_exercise)
        await self.live.record_all(draft)


@asynccontextmanager
async def served(
    folder: Path, *, is_exercise: bool = False, address: str = "", patience_s: float = 10.0, **doors: Any
) -> AsyncIterator[Served]:
    """The toy city served, with the clock in the tests' hand; its journal in a file where no address is given."""
    clock = Clock()
    journal = open_journal(address or str(folder / "journal.sqlite"), now=clock, patience_s=patience_s)
    live = Live(toy(), journal, clock, is_exercise, tick_s=0.05)
    site = Site(live, **{"alert_token": Secret(TOKEN), "outbox": Outbox(journal.place), **doors})
    sock = bound("127.0.0.1", 0)
    base = f"http://127.0.0.1:{sock.getsockname()[1]}"
    stop, up = asyncio.Event(), asyncio.Event()
    try:
        async with live.working():
            app = make_app(site, Random(1))
            running = asyncio.create_task(serve(app, sock, stop, up.set, live.close))
            await asyncio.wait_for(up.wait(), 10)
            async with httpx.AsyncClient(base_url=base, timeout=10) as client:
                yield Served(live, client, clock, stop, site)
            stop.set()
            await asyncio.wait_for(running, 10)
    finally:
        sock.close()
        journal.close()


def run(
    body: Callable[[Served], Awaitable[None]], folder: Path, *, within_s: float = 30, **changes: Any
) -> None:
    """Run a test's body against a server; one that hangs fails."""

    async def inside() -> None:
        async with served(folder, **changes) as found:
            await asyncio.wait_for(body(found), within_s)

    asyncio.run(inside())


async def lines_of(answer: httpx.Response) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """Events of a stream: their names and data."""
    name = ""
    async for line in answer.aiter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def cap_message(
    identifier: str = "A-1", status: str = "Actual", msg_type: str = "Alert", more: str = ""
) -> bytes:
    """A CAP message for the toy city as a whole."""
    info = (
        ""
        if msg_type == "Cancel"
        else "<info><category>Security</category><event>Drone attack</event><urgency>Immediate</urgency>"
        "<severity>Extreme</severity><certainty>Observed</certainty></info>"
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
        f"<identifier>{identifier}</identifier><sender>city@test</sender><sent>2026-11-25T02:00:00+00:00</sent>"
        f"<status>{status}</status><msgType>{msg_type}</msgType><scope>Public</scope>{more}{info}</alert>"
    ).encode()
