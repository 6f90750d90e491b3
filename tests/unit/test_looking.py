"""Events looked up together: one look at a time, never older than the question, and a failure is told to all."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Collection, Mapping

import pytest

from takecover.errors import StoreError
from takecover.model.event import Event
from takecover.workflow.live.looking import Looking


class _Journal:
    """Writes down what it is asked for; a look waits at its gate and sees what is there when it began."""

    def __init__(self) -> None:
        self.there: dict[str, Event] = {}
        self.looks: list[list[str]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.failure: StoreError | None = None

    def look(self, event_ids: Collection[str]) -> Mapping[str, Event]:
        self.looks.append(sorted(event_ids))
        seen = dict(self.there)
        assert self.gate.wait(10)
        if self.failure is not None:
            raise self.failure
        return {each: seen[each] for each in event_ids if each in seen}


def _event(name: str) -> Event:
    found: Event = name  # type: ignore[assignment]
    return found


def test_all_who_ask_while_a_look_is_under_way_share_the_next() -> None:
    async def body() -> None:
        journal = _Journal()
        journal.there = {"a": _event("a")}
        journal.gate.clear()
        looking = Looking(journal.look)
        first = asyncio.create_task(looking.event("a"))
        while not journal.looks:
            await asyncio.sleep(0)
        journal.there["b"] = _event("b")
        rest = [asyncio.create_task(looking.event(name)) for name in ("b", "c", "b", *map(str, range(497)))]
        await asyncio.sleep(0.01)
        journal.gate.set()
        assert (await first, await asyncio.gather(*rest[:3])) == ("a", ["b", None, "b"])
        assert await asyncio.gather(*rest[3:]) == [None] * 497
        assert (len(journal.looks), journal.looks[0], len(journal.looks[1])) == (2, ["a"], 499)

    asyncio.run(body())


def test_one_who_asks_after_a_look_began_is_not_served_by_it() -> None:
    async def body() -> None:
        journal = _Journal()
        journal.gate.clear()
        looking = Looking(journal.look)
        early = asyncio.create_task(looking.event("revoked/x"))
        while not journal.looks:
            await asyncio.sleep(0)
        journal.there["revoked/x"] = _event("revoked/x")
        late = asyncio.create_task(looking.event("revoked/x"))
        await asyncio.sleep(0.01)
        journal.gate.set()
        assert (await early, await late) == (None, "revoked/x")

    asyncio.run(body())


def test_a_journal_that_cannot_be_read_is_told_to_everyone_who_asked_and_to_nobody_after() -> None:
    async def body() -> None:
        journal = _Journal()
        journal.failure = StoreError("away")
        looking = Looking(journal.look)
        found = await asyncio.gather(*(looking.event(name) for name in "ab"), return_exceptions=True)
        assert [type(each) for each in found] == [StoreError, StoreError]
        journal.failure = None
        assert await looking.event("a") is None
        gone = asyncio.create_task(looking.event("a"))
        await asyncio.sleep(0)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        assert await looking.event("a") is None

    asyncio.run(body())
