"""Prices on a real server: none yet, then sets that follow the public bands and nothing else."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest

from served import BEARER, Served, cap_message, lines_of, run
from takecover.analysis.live_prices import LivePrices, Priced
from takecover.model.event_payloads import PeopleCounted, ShelterReported
from takecover.workflow.live import pricing as prices
from takecover.workflow.live.pricing import LOOK_S, pricing
from takecover.workflow.scenario import default
from toy_folder import toy

XML = {**BEARER, "Content-Type": "application/cap+xml"}
EMPTY = {
    **dict.fromkeys(
        ("scenario", "period", "turnout_thousandths", "time_limit_s", "set_id", "as_of", "tick_at")
    ),
    "is_current": False,
    "is_exercise": False,
    "prices": {},
}


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    """All that is compiled, so that a first run's minute of it is no test's time."""
    city = toy()
    made = LivePrices(city, default(city, "2026-11-25"), 0.5)
    made.tick({}, 0)
    made.change({"S001": "shut"})


async def _alert(served: Served) -> None:
    answer = await served.client.post("/api/v1/alerts", content=cap_message(), headers=XML)
    assert answer.status_code == 200


async def _news(changes: Any) -> dict[str, Any]:
    """The next word on prices on a stream."""
    async for name, data in changes:
        if name == "change" and data["prices"]:
            found: dict[str, Any] = data["prices"][0]
            return found
    raise AssertionError("The stream ended.")


def _started() -> asyncio.Event:
    is_up = asyncio.Event()
    is_up.set()
    return is_up


def test_there_are_no_prices_before_people_are_sent_in(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        assert (await served.state())["prices"] == []
        answer = await served.client.get("/api/v1/prices")
        assert answer.json() == EMPTY
        again = await served.client.get("/api/v1/prices", headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")

    run(body, tmp_path)


@pytest.mark.parametrize("word", ["shut", "full"])
def test_a_shelter_that_shuts_or_fills_brings_other_prices_on_the_stream_at_once(
    tmp_path: Path, word: str
) -> None:
    async def body(served: Served) -> None:
        async with pricing(served.live, _started()), served.client.stream("GET", "/api/v1/stream") as answer:
            changes = lines_of(answer)
            await _alert(served)
            first = await _news(changes)
            assert (first["scenario"], first["count"], first["address"]) == ("default", 1, "/api/v1/prices")
            assert (first["before_id"], first["changed"], first["is_current"]) == (None, None, True)
            before = (await served.client.get(first["address"])).json()
            assert (before["set_id"], list(before["prices"])) == (first["set_id"], ["S001"])
            served.clock.turn(5)
            await served.said(ShelterReported("S001", "open"), "e1")
            await _news(changes)
            await served.said(ShelterReported("S001", word), "e2")
            second = await _news(changes)
            assert second["scenario"] == first["scenario"] == "default"
            assert second["tick_at"] == first["tick_at"] == "2026-11-25T02:00:00.000Z"
            assert second["as_of"] == "2026-11-25T02:00:05.000Z"
            now = (await served.client.get("/api/v1/prices")).json()
            assert (now["set_id"], now["prices"]["S001"]) == (second["set_id"], second["changed"]["S001"])
            assert now["prices"] != before["prices"]

    run(body, tmp_path)


def test_neither_a_withheld_shelter_nor_a_count_within_a_band_changes_a_public_byte(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        async with pricing(served.live, _started()):
            await served.said(ShelterReported("S001", "open"), "e1")
            async with served.client.stream("GET", "/api/v1/stream") as answer:
                await _alert(served)
                await _news(lines_of(answer))
            before = [(await served.client.get(f"/api/v1/{each}")).content for each in ("prices", "state")]
            await served.said(ShelterReported("S002", "shut"), "e2")
            await served.said(PeopleCounted("S002", 9), "e3")
            await served.said(PeopleCounted("S001", 1), "e4")
            await asyncio.sleep(1.5 * LOOK_S)
            after = [(await served.client.get(f"/api/v1/{each}")).content for each in ("prices", "state")]
            assert after == before

    run(body, tmp_path)


def test_prices_are_told_to_be_over_when_nobody_is_sent_in_any_more(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        async with pricing(served.live, _started()), served.client.stream("GET", "/api/v1/stream") as answer:
            changes = lines_of(answer)
            await _alert(served)
            first = await _news(changes)
            told = "<references>city@test,A-1,2026-11-25T02:00:00+00:00</references>"
            end = cap_message("A-2", msg_type="Cancel", more=told)
            assert (await served.client.post("/api/v1/alerts", content=end, headers=XML)).status_code == 200
            last = await _news(changes)
            assert (last["set_id"], last["is_current"]) == (first["set_id"], False)

    run(body, tmp_path)


def test_the_prices_are_described_like_the_rest(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        told = (await served.client.get("/api/v1/openapi.json")).json()
        assert list(told["paths"]["/api/v1/prices"]) == ["get"]
        forms = told["components"]["schemas"]
        assert set(forms["Prices"]["properties"]) == set(EMPTY)
        assert forms["State"]["properties"]["prices"]["items"] == {"$ref": "#/components/schemas/PriceNews"}

    run(body, tmp_path)


class _Watched(LivePrices):
    """Notes what is worked out; a gate holds it up."""

    done: ClassVar[list[str]] = []
    gate: ClassVar[threading.Event] = threading.Event()

    def tick(self, bands: Mapping[str, str], since_ds: int) -> Priced:
        assert self.gate.wait(20)
        found = super().tick(bands, since_ds)
        self.done.append(f"tick {dict(bands)}")
        return found

    def change(self, bands: Mapping[str, str]) -> Priced:
        found = super().change(bands)
        self.done.append(f"change {dict(bands)}")
        return found


@pytest.mark.parametrize("many", [1, 2])
def test_all_is_compiled_before_an_alert_and_in_a_flood_one_set_waits_for_many_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(prices, "LivePrices", _Watched)
    monkeypatch.setattr(prices, "MANY", many)
    monkeypatch.setattr(prices, "FLOOD_S", 100.0)
    rehearsed = ["tick {}", "change {'S001': 'shut'}"]

    async def body(served: Served) -> None:
        _Watched.done.clear()
        _Watched.gate.set()
        async with pricing(served.live, _started()):
            while len(_Watched.done) < 2:
                await asyncio.sleep(0.01)
            assert _Watched.done == rehearsed
            assert (await served.state())["prices"] == []
            _Watched.gate.clear()
            await _alert(served)
            await asyncio.sleep(0.1)
            await served.said(ShelterReported("S001", "shut"), "e1")
            _Watched.gate.set()
            wanted = [*rehearsed, "tick {}", *(["change {'S001': 'shut'}"] if many == 2 else [])]
            while len(_Watched.done) < len(wanted):
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.2)
            assert _Watched.done == wanted

    run(body, tmp_path)
