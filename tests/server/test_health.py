"""What the machine that watches the server is told: that all works, or which part of it has stopped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from random import Random

import pytest

from served import Served, run
from takecover.model.feed import FeedSpec
from takecover.server.start import playing
from takecover.settings import Secret, Settings
from takecover.workflow.live.listening import listening
from takecover.workflow.live.live import Live
from takecover.workflow.live.night import Player
from takecover.workflow.live.outward import Outward
from takecover.workflow.live.pricing import Pricer, pricing
from takecover.workflow.live.subscribing import speaking


def test_health_tells_a_machine_whether_all_works(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        answer = await served.client.get("/healthz")
        assert (answer.status_code, answer.json()["status"], answer.json()["feeds"]) == (200, "ok", [])
        assert answer.json()["stopped"] == []
        served.live._parts["writing"].cancel()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        answer = await served.client.get("/healthz")
        assert (answer.status_code, answer.json()["stopped"]) == (503, ["writing"])

    run(body, tmp_path)


async def _fails(*_: object) -> None:
    raise RuntimeError("odd")


@asynccontextmanager
async def _telling(live: Live, monkeypatch: pytest.MonkeyPatch, served: Served) -> AsyncIterator[None]:
    monkeypatch.setattr(Outward, "run", _fails)
    found = Settings(Secret("x"), webhook_key=Secret("k" * 32))
    assert served.site.outbox is not None
    async with speaking(live, served.site.outbox, found, Random(1)):
        yield


@asynccontextmanager
async def _pricing(live: Live, monkeypatch: pytest.MonkeyPatch, _: Served) -> AsyncIterator[None]:
    monkeypatch.setattr(Pricer, "run", _fails)
    async with pricing(live, asyncio.Event()):
        yield


@asynccontextmanager
async def _playing(live: Live, monkeypatch: pytest.MonkeyPatch, _: Served) -> AsyncIterator[None]:
    monkeypatch.setattr(Player, "play_for_ever", _fails)
    async with playing(live, 20.0):
        yield


@asynccontextmanager
async def _listening(live: Live, monkeypatch: pytest.MonkeyPatch, _: Served) -> AsyncIterator[None]:
    monkeypatch.setattr("takecover.workflow.live.listening.listen", _fails)
    async with listening(live, [FeedSpec("folder", "sirens", str(Path.cwd()), 1.0)], Random(1)):
        yield


@pytest.mark.parametrize(
    ("part", "keeping"),
    [
        ("telling", _telling),
        ("pricing", _pricing),
        ("exercise night", _playing),
        ("feed sirens", _listening),
    ],
)
def test_health_names_the_part_that_died_and_the_log_says_why(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    part: str,
    keeping: Callable[..., AbstractAsyncContextManager[None]],
) -> None:
    async def body(served: Served) -> None:
        async with keeping(served.live, monkeypatch, served):
            await asyncio.sleep(0.1)
            answer = await served.client.get("/healthz")
            assert (answer.status_code, answer.json()["status"]) == (503, "failing")
            assert answer.json()["stopped"] == [part]
        assert (await served.client.get("/healthz")).json()["stopped"] == []

    run(body, tmp_path)
    assert part in caplog.text
    assert "RuntimeError: odd" in caplog.text
