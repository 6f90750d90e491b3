"""PostgreSQL goes away in mid-raid: reads age, writes are refused clearly, nothing is lost or doubled."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from clusters import Cluster
from served import BEARER, Served, cap_message, lines_of, run
from takecover.model.event_payloads import AlertIssued, ShelterReported

XML = {**BEARER, "Content-Type": "application/cap+xml"}


async def _until(served: Served, *, is_reached: bool) -> dict[str, Any]:
    """The state once the server has noticed."""
    for _ in range(200):
        state = await served.state()
        if state["journal"]["is_reached"] is is_reached:
            return state
        await asyncio.sleep(0.05)
    raise AssertionError(f"is_reached never became {is_reached}")


def test_a_database_that_is_away_ages_the_reads_refuses_the_writes_and_loses_nothing(
    tmp_path: Path, postgres: Cluster
) -> None:
    async def body(served: Served) -> None:
        sent = await served.client.post("/api/v1/alerts", content=cap_message(), headers=XML)
        assert sent.status_code == 200
        await served.said(ShelterReported("S001", "full"), "before")
        async with served.client.stream("GET", "/api/v1/stream") as answer:
            said = lines_of(answer)
            assert (await anext(said))[0] == "hello"
            postgres.stop()
            try:
                served.clock.turn(10)
                away = await _until(served, is_reached=False)
                _, change = await anext(said)
                assert change["journal"]["is_reached"] is False
                assert away["journal"]["last_reached_at"] == "2026-11-25T02:00:00.000Z"
                assert [each["status"] for each in away["shelters"]] == ["full"]
                assert away["areas"][0]["word"] == "on"
                assert (await served.client.get("/healthz")).status_code == 503
                refused = await served.client.post("/api/v1/alerts", content=cap_message("A-2"), headers=XML)
                assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
                assert "same id" in refused.json()["detail"]
                served.clock.turn(600)
                await asyncio.sleep(0.3)
                assert (await served.state())["areas"][0]["word"] == "unknown"
            finally:
                postgres.start()
            back = await _until(served, is_reached=True)
            assert back["journal"]["last_reached_at"] is None
        assert (await served.client.get("/healthz")).status_code == 200
        for _ in range(2):
            again = await served.client.post("/api/v1/alerts", content=cap_message("A-2"), headers=XML)
            assert again.status_code == 200
        events = list(served.live._journal.read())
        found = [event.event_id for event in events]
        assert len(set(found)) == len(found)
        assert found.count("before") == 1
        alerts = [event.payload.alert_id for event in events if isinstance(event.payload, AlertIssued)]
        assert len(alerts) == 2

    run(body, tmp_path, address=postgres.emptied(), patience_s=1.0)


def test_connections_cut_off_in_mid_raid_are_made_anew_and_nothing_is_doubled(
    tmp_path: Path, postgres: Cluster
) -> None:
    async def body(served: Served) -> None:
        for number in range(8):
            postgres.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
                "AND backend_type = 'client backend'"
            )
            await served.said(ShelterReported("S001", ("full", "open")[number % 2]), f"e{number}")
        found = [event.event_id for event in served.live._journal.read()]
        assert found == [f"e{number}" for number in range(8)]
        await _until(served, is_reached=True)

    run(body, tmp_path, address=postgres.emptied())
