"""The one writer: an alert before all reports, each kind in its order, and nobody told of what was not written."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from takecover.errors import InputError, StoreError
from takecover.model.event import Draft
from takecover.model.event_payloads import FeedHeard, ShelterReported
from takecover.workflow.live import writing
from takecover.workflow.live.writing import Outcome, Writer

AT = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


def _report(name: str) -> Draft:
    return Draft(name, AT, "warden:a", "link:1", ShelterReported("S001", "full"))


def _alert(name: str) -> Draft:
    return Draft(name, AT, "feed:posted", "", FeedHeard("heard", AT))


class _Disk:
    """Takes transactions, one at a time, each held at a gate before it is done; one that is told to fails."""

    def __init__(self) -> None:
        self.written: list[list[str]] = []
        self.begun = 0
        self.gate = threading.Semaphore(0)
        self.fails = False

    def append(self, drafts: Sequence[Draft]) -> list[Outcome]:
        self.begun += 1
        assert self.gate.acquire(timeout=10)
        if self.fails:
            raise StoreError("away")
        self.written.append([draft.event_id for draft in drafts])
        return [InputError(draft.event_id) for draft in drafts]


async def _said(writer: Writer, *drafts: Draft) -> list[str]:
    return [str(each) for each in await writer.write(drafts)]


async def _begun(disk: _Disk, count: int) -> None:
    while disk.begun < count:
        await asyncio.sleep(0.001)


def test_an_alert_overtakes_every_report_that_waits_and_both_kinds_keep_their_order() -> None:
    async def body() -> None:
        disk = _Disk()
        writer = Writer(disk.append, lambda: None)
        running = asyncio.create_task(writer.run())
        first = asyncio.create_task(_said(writer, _report("r0")))
        await _begun(disk, 1)
        reports = [asyncio.create_task(_said(writer, _report(f"r{number}"))) for number in range(1, 300)]
        alerts = [asyncio.create_task(_said(writer, _alert(name), _report(f"{name}-r"))) for name in "ab"]
        await asyncio.sleep(0)
        for _ in range(5):
            disk.gate.release()
        assert await first == ["r0"]
        assert await asyncio.gather(*alerts) == [["a", "a-r"], ["b", "b-r"]]
        assert await asyncio.gather(*reports) == [[f"r{number}"] for number in range(1, 300)]
        names = [f"r{number}" for number in range(1, 300)]
        batches = [["a", "a-r", "b", "b-r"], names[:100], names[100:200], names[200:]]
        assert disk.written == [["r0"], *batches]
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(body())


def test_a_transaction_that_fails_acknowledges_nobody_in_it_and_the_next_goes_on() -> None:
    async def body() -> None:
        disk = _Disk()
        told: list[int] = []
        writer = Writer(disk.append, lambda: told.append(len(disk.written)))
        running = asyncio.create_task(writer.run())
        disk.fails = True
        lost = [asyncio.create_task(_said(writer, _report(f"r{number}"))) for number in range(50)]
        await _begun(disk, 1)
        disk.gate.release()
        found = await asyncio.gather(*lost, return_exceptions=True)
        assert [type(each) for each in found] == [StoreError] * 50
        assert (disk.written, told) == ([], [])
        disk.fails = False
        disk.gate.release()
        assert await _said(writer, _report("r50")) == ["r50"]
        assert told == [1]
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(body())


def test_a_flood_is_refused_beyond_its_bound_an_alert_is_still_taken_and_whoever_waits_at_the_end_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def body() -> None:
        monkeypatch.setattr(writing, "MOST_WAITING", 3)
        disk = _Disk()
        writer = Writer(disk.append, lambda: None)
        waiting = [asyncio.create_task(_said(writer, _report(f"r{number}"))) for number in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(StoreError, match="3 events wait"):
            await writer.write((_report("r3"),))
        waiting.append(asyncio.create_task(_said(writer, _alert("a"))))
        running = asyncio.create_task(writer.run())
        await _begun(disk, 1)
        running.cancel()
        disk.gate.release()
        await asyncio.gather(running, return_exceptions=True)
        found = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(each) for each in found] == [StoreError] * 4
        assert all("not certain" in str(each) for each in found)

    asyncio.run(body())
