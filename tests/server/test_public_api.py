"""The public interface on a real server: state, stream, alerts that are sent, health, and every refusal."""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from served import BEARER, TOKEN, Served, cap_message, lines_of, run
from takecover.errors import StoreError
from takecover.model.event_payloads import PeopleCounted, ShelterReported
from takecover.server import stream

XML = {**BEARER, "Content-Type": "application/cap+xml"}


def _words(state: dict[str, Any]) -> dict[str, str]:
    return {area["area_id"]: area["word"] for area in state["areas"]}


async def _send(served: Served, data: bytes, headers: dict[str, str] | None = None) -> httpx.Response:
    return await served.client.post(
        "/api/v1/alerts", content=data, headers=XML if headers is None else headers
    )


def test_the_state_begins_unknown_and_is_asked_for_again_without_cost(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        first = await served.client.get("/api/v1/state")
        assert _words(first.json()) == {"city": "unknown", "Z1": "unknown", "Z2": "unknown"}
        assert first.json()["shelters"] == []
        assert first.headers["cache-control"] == "public, max-age=1, must-revalidate"
        for tag in (first.headers["etag"], f'"x", W/{first.headers["etag"]}', "*"):
            again = await served.client.get("/api/v1/state", headers={"If-None-Match": tag})
            assert (again.status_code, again.content) == (304, b"")
        await served.said(ShelterReported("S001", "full"), "e1")
        other = await served.client.get("/api/v1/state", headers={"If-None-Match": first.headers["etag"]})
        assert other.status_code == 200
        assert [(each["shelter_id"], each["status"]) for each in other.json()["shelters"]] == [
            ("S001", "full")
        ]

    run(body, tmp_path)


def test_the_state_is_packed_for_those_who_take_it_so_and_both_forms_are_known_again(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        plain = await served.client.get("/api/v1/state", headers={"Accept-Encoding": "identity"})
        packed = await served.client.get("/api/v1/state", headers={"Accept-Encoding": "gzip"})
        refused = await served.client.get("/api/v1/state", headers={"Accept-Encoding": "gzip;q=0"})
        assert "content-encoding" not in refused.headers
        assert ("content-encoding" in plain.headers, packed.headers["content-encoding"]) == (False, "gzip")
        assert packed.content == plain.content
        assert packed.headers["etag"] == plain.headers["etag"][:-1] + '-gzip"'
        assert packed.headers["vary"] == "Accept-Encoding"
        for tag in (plain.headers["etag"], packed.headers["etag"]):
            again = await served.client.get("/api/v1/state", headers={"If-None-Match": tag})
            assert (again.status_code, again.content) == (304, b"")

    run(body, tmp_path)


def test_what_is_answered_before_the_frame_is_described_like_the_rest(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        told = (await served.client.get("/api/v1/openapi.json")).json()
        forms = told["components"]["schemas"]
        for path in ("/api/v1/state", "/api/v1/stream"):
            assert list(told["paths"][path]) == ["get"]
            answers = told["paths"][path]["get"]["responses"]
            for answer in answers.values():
                for content in answer.get("content", {}).values():
                    name = content["schema"].get("$ref", "/Problem").rpartition("/")[2]
                    assert name in forms
        assert forms["State"]["properties"]["areas"]["items"] == {"$ref": "#/components/schemas/Area"}
        assert {"Area", "AreaAlert", "Source"} <= set(forms)

    run(body, tmp_path)


def test_an_alert_that_is_sent_is_on_until_its_sender_falls_silent_or_ends_it(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        sent = await _send(served, cap_message())
        assert sent.status_code == 200
        assert [each["seq"] for each in sent.json()["events"]] == [1]
        assert _words(await served.state()) == {"city": "on", "Z1": "on", "Z2": "on"}
        served.clock.turn(200)
        again = await _send(served, cap_message())
        assert again.json()["events"] == sent.json()["events"]
        alert = (await served.state())["areas"][0]["alerts"][0]
        assert (alert["threat"], alert["freshness"], alert["source"]) == ("drone", "fresh", "feed:posted")
        served.clock.turn(241)
        await asyncio.sleep(0.3)
        assert _words(await served.state()) == {"city": "unknown", "Z1": "unknown", "Z2": "unknown"}
        ended = cap_message(
            "A-2",
            msg_type="Cancel",
            more="<references>city@test,A-1,2026-11-25T02:00:00+00:00</references>",
        )
        assert (await _send(served, ended)).status_code == 200
        assert _words(await served.state())["city"] == "none"

    run(body, tmp_path)


def test_an_exercise_is_an_exercise_in_every_object_and_takes_nothing_real(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        real = await _send(served, cap_message())
        assert real.status_code == 422
        assert "Give Exercise" in real.json()["detail"]
        sent = await _send(served, cap_message(status="Exercise"))
        assert (sent.json()["is_exercise"], sent.json()["events"][0]["is_exercise"]) == (True, True)
        await served.said(ShelterReported("S001", "open"), "e1")
        state = await served.state()
        things = [state, state["journal"], *state["areas"], *state["shelters"], *state["sources"]]
        assert len(things) == 7
        assert all(each["is_exercise"] for each in things)
        assert _words(state)["city"] == "on"

    run(body, tmp_path, is_exercise=True)


def test_an_exercise_sent_to_a_real_server_is_recorded_apart_and_not_shown(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        sent = await _send(served, cap_message(status="Exercise"))
        assert sent.json()["events"][0]["is_exercise"] is True
        assert _words(await served.state())["city"] == "none"

    run(body, tmp_path)


@pytest.mark.parametrize(
    ("headers", "data", "status", "words"),
    [
        ({"Content-Type": "text/xml"}, cap_message(), 401, "Bearer"),
        ({"Content-Type": "text/xml", "Authorization": "Bearer nope"}, cap_message(), 401, "Bearer"),
        ({"Content-Type": "text/xml", "Authorization": f"Basic {TOKEN}"}, cap_message(), 401, "Bearer"),
        ({**BEARER, "Content-Type": "application/json"}, cap_message(), 415, "application/cap+xml"),
        (BEARER, cap_message(), 415, "application/cap+xml"),
        (XML, b"x" * 1_000_001, 413, "1,000,000"),
        (XML, b"", 422, ""),
        (XML, b"<a>no alert</a>", 422, ""),
        (XML, b'<!DOCTYPE a [<!ENTITY x "y">]><alert>&x;</alert>', 422, ""),
        (XML, b"<a>" * 20_000, 422, ""),
        (XML, cap_message(identifier=""), 422, "identifier"),
    ],
)
def test_what_is_no_alert_of_one_who_may_send_it_is_refused_in_one_shape(
    tmp_path: Path, headers: dict[str, str], data: bytes, status: int, words: str
) -> None:
    async def body(served: Served) -> None:
        answer = await _send(served, data, headers)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert set(answer.json()) == {"type", "title", "status", "detail", "faults"}
        assert words in answer.json()["detail"]
        assert TOKEN not in answer.text
        assert served.live.followed.situation.seq == 0

    run(body, tmp_path)


def test_a_body_that_grows_beyond_its_bound_without_saying_so_is_cut_off(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        async def endless() -> Any:
            for _ in range(40):
                yield b"x" * 65_536

        answer = await served.client.post("/api/v1/alerts", content=endless(), headers=XML)
        assert answer.status_code == 413

    run(body, tmp_path)


def test_without_a_token_at_the_start_the_door_is_shut(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        answer = await _send(served, cap_message(), {**XML, "Authorization": "Bearer x"})
        assert (answer.status_code, "TAKECOVER_ALERT_TOKEN" in answer.json()["detail"]) == (403, True)

    run(body, tmp_path, alert_token=None)


def test_errors_of_the_frame_have_the_same_shape_and_every_answer_is_guarded(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        for method, path, status in (("GET", "/nothing", 404), ("POST", "/api/v1/state", 405)):
            answer = await served.client.request(method, path)
            assert (answer.status_code, answer.json()["status"]) == (status, status)
            assert answer.headers["content-type"] == "application/problem+json"
        for text in ("x", "-1", "", "9" * 17, "%C2%B2"):
            wrong = await served.client.get(f"/api/v1/stream?after={text}")
            assert (wrong.status_code, wrong.json()["faults"][0][:11]) == (422, "query.after")
        for path in ("/healthz", "/nothing", "/api/v1/state", "/api/v1/openapi.json"):
            headers = (await served.client.get(path)).headers
            assert headers["x-content-type-options"] == "nosniff"
            policy = headers["content-security-policy"].split("; ")
            assert {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"} < set(policy)
            assert headers["referrer-policy"] == "no-referrer"
            assert "server" not in headers

    run(body, tmp_path)


def test_the_stream_says_hello_then_each_change_and_a_client_that_comes_back_gets_what_it_missed(
    tmp_path: Path,
) -> None:
    async def body(served: Served) -> None:
        async with served.client.stream("GET", "/api/v1/stream") as answer:
            said = lines_of(answer)
            hello = await anext(said)
            assert (hello[0], hello[1]["is_exercise"]) == ("hello", False)
            await served.said(ShelterReported("S001", "filling"), "e1")
            name, change = await anext(said)
            assert (name, change["from_version"]) == ("change", hello[1]["version"])
            assert [each["status"] for each in change["shelters"]] == ["filling"]
            assert (change["areas"], change["journal"]) == ([], None)
        served.clock.turn(1)
        await served.said(ShelterReported("S001", "full"), "e2")
        back = {"Last-Event-ID": str(change["version"])}
        async with served.client.stream("GET", "/api/v1/stream", headers=back) as answer:
            said = lines_of(answer)
            assert (await anext(said))[0] == "hello"
            assert [each["status"] for each in (await anext(said))[1]["shelters"]] == ["full"]
        for unknown in ("7", "nonsense", "9" * 40):
            async with served.client.stream(
                "GET", "/api/v1/stream", headers={"Last-Event-ID": unknown}
            ) as answer:
                said = lines_of(answer)
                assert (await anext(said))[0] == "hello"
                name, told = await anext(said)
                assert (name, told["within_s"]) == ("reload", stream.RELOAD_WITHIN_S)

    run(body, tmp_path)


def test_a_stream_without_news_pings_and_ends_when_the_server_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "PING_S", 0.02)

    async def body(served: Served) -> None:
        async with served.client.stream("GET", "/api/v1/stream") as answer:
            said = lines_of(answer)
            assert [(await anext(said))[0] for _ in range(3)] == ["hello", "ping", "ping"]
            monkeypatch.setattr(stream, "PING_S", 15.0)
            served.stop.set()
            began = time.monotonic()
            assert [name for name, _ in [each async for each in said] if name != "ping"] == []
            assert time.monotonic() - began < stream.PING_S

    run(body, tmp_path)


def test_a_withheld_shelter_moves_no_stream_and_no_version(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        before = await served.client.get("/api/v1/state")
        await served.said(ShelterReported("S002", "full"), "e1", "warden:S002")
        await served.said(PeopleCounted("S002", 9), "e2", "sensor:s", "")
        after = await served.client.get("/api/v1/state")
        assert after.content == before.content
        assert after.headers["etag"] == before.headers["etag"]
        assert not await served.live.changed(served.live.public.version, 0.01)

    run(body, tmp_path)


def test_too_many_streams_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "MOST_STREAMS", 0)

    async def body(served: Served) -> None:
        answer = await served.client.get("/api/v1/stream")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")

    run(body, tmp_path)


def test_a_journal_that_cannot_be_written_refuses_clearly_and_the_state_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def body(served: Served) -> None:
        await _send(served, cap_message())

        def away(*_: object) -> None:
            raise StoreError("the disk is full")

        with monkeypatch.context() as patch:
            patch.setattr(served.live, "_append", away)
            patch.setattr(served.live._writer, "_append", away)
            answer = await _send(served, cap_message("A-2"))
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
            assert "disk" not in answer.text
            assert _words(await served.state())["city"] == "on"
        assert (await _send(served, cap_message("A-2"))).status_code == 200

    run(body, tmp_path)
    assert "the disk is full" in caplog.text


def test_many_who_report_at_once_are_all_recorded_in_their_order(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(60):
                group.create_task(served.said(PeopleCounted("S001", number), f"c{number}", "sensor:s", ""))
        assert served.live.followed.situation.seq == 60
        found = [await served.live.event(f"c{number}") for number in range(60)]
        assert [event.seq for event in found if event is not None] == list(range(1, 61))

    run(body, tmp_path)


def test_no_address_of_a_person_and_no_secret_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "uvicorn")
    caplog.set_level(logging.DEBUG, "takecover")

    async def body(served: Served) -> None:
        await _send(served, cap_message())
        await _send(served, b"<a", {**XML, "Authorization": "Bearer wrong"})
        await served.client.get("/nothing")

    run(body, tmp_path)
    ours = [each.getMessage() for each in caplog.records if each.name.startswith(("uvicorn", "takecover"))]
    assert [line for line in ours if "127.0.0.1" in line or TOKEN in line] == []


def test_the_description_names_every_way_in(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        paths = (await served.client.get("/api/v1/openapi.json")).json()["paths"]
        assert set(paths) >= {"/api/v1/state", "/api/v1/stream", "/api/v1/alerts", "/healthz"}

    run(body, tmp_path)
