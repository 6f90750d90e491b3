"""Telling phones and other systems, against real servers on this machine, faults and all."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from phones import CONTACT, KEY, PUSH, PUSH_KEY, Phone, checked, hook_at, outward, phone_at, tell_all, until
from post_server import taking
from served import Served, run
from takecover.errors import InputError
from takecover.settings import Secret, Settings
from takecover.store.outbox import GIVEN_UP, SENT
from takecover.workflow.live import noticing
from takecover.workflow.live.outward import webhook_secret
from takecover.workflow.live.subscribing import speaking, target_of


async def _sent(served: Served, name: str = "request-1", areas: tuple[str, ...] = ("Z1",)) -> None:
    asked = await noticing.ask(served.live, "olha", name, "go_to_shelter", areas)
    await noticing.decide(served.live, "ivan", f"{name}-yes", name, asked.event_id, "approve")


def _states(served: Served, endpoint: str) -> Collection[str]:
    assert served.site.outbox is not None
    return served.site.outbox.states(target_of(endpoint)).values()


def _run(body: Any, folder: Path, **changes: Any) -> None:
    run(body, folder, push_public_key=PUSH.public_key, **changes)


def test_a_phone_is_told_once_in_its_language_and_only_it_can_read_it(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        with taking() as taken:
            taken.answers = [(201, {})]
            phone = await phone_at(served, f"{taken.address}/p/1")
            async with outward(served) as found:
                await _sent(served)
                await tell_all(found)
                await tell_all(found)
            (request,) = taken.requests
            told = phone.opened(request.body)
            assert told["headline"] == "Негайно пройдіть в укриття"
            assert (told["area_ids"], told["is_exercise"], told["status"]) == (["Z1"], False, "public")
            headers = {name.lower(): text for name, text in request.headers.items()}
            assert (headers["ttl"], headers["urgency"], headers["content-encoding"]) == (
                "7200",
                "high",
                "aes128gcm",
            )
            assert request.headers["Authorization"].startswith("vapid t=")
            assert served.site.outbox is not None
            assert served.site.outbox.states(target_of(f"{taken.address}/p/1")) == {"notice/request-1": SENT}

    _run(body, tmp_path)


def test_phones_of_other_districts_hear_nothing_and_those_of_the_whole_city_hear_all(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        with taking() as taken:
            taken.answers = [(201, {})]
            await phone_at(served, f"{taken.address}/here", ("Z1",))
            await phone_at(served, f"{taken.address}/there", ("Z2",))
            await phone_at(served, f"{taken.address}/all", ("city",))
            async with outward(served) as found:
                await _sent(served)
                await tell_all(found)
                assert sorted(each.path for each in taken.requests) == ["/all", "/here"]
                # Moved to another district: those who were told must hear that it is no longer theirs.
                asked = await noticing.update(
                    served.live, "olha", "request-2", "request-1", "go_to_shelter", ("Z2",)
                )
                served.clock.turn(1)
                await noticing.decide(
                    served.live, "ivan", "decision-2", "request-1", asked.event_id, "approve"
                )
                await tell_all(found)
                assert sorted(each.path for each in taken.requests[2:]) == ["/all", "/here", "/there"]

    _run(body, tmp_path)


def test_a_phone_that_is_gone_is_forgotten_and_one_that_refuses_is_let_be(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        assert served.site.outbox is not None
        for number, (status, left) in enumerate([(410, 0), (404, 0), (400, 1)]):
            with taking() as taken:
                taken.answers = [(status, {})]
                endpoint = f"{taken.address}/p/{number}"
                await phone_at(served, endpoint)
                async with outward(served) as found:
                    await _sent(served, f"request-{number}")
                    await tell_all(found)
                    served.clock.turn(600)
                    await tell_all(found)
                assert len(taken.requests) == 1
                assert len(served.site.outbox.subscriptions(False)) == left
        assert served.site.outbox.states(target_of(endpoint)) == {"notice/request-2": GIVEN_UP}

    _run(body, tmp_path)


def test_what_did_not_arrive_is_tried_again_later_and_later_and_arrives_once(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        with taking() as taken:
            taken.answers = [(500, {}), (0, {}), (429, {"Retry-After": "50"}), (204, {})]
            hook_at(served, f"{taken.address}/hook")
            async with outward(served) as found:
                await _sent(served)
                tried = []
                for _ in range(90):
                    await tell_all(found)
                    tried.append(len(taken.requests))
                    served.clock.turn(1)
            starts = [tried.index(number) for number in (1, 2, 3, 4)]
            assert starts[0] == 0
            assert 1 <= starts[1] <= 3
            assert 2 <= starts[2] - starts[1] <= 5
            assert 50 <= starts[3] - starts[2] <= 52
            assert tried[-1] == 4
            bodies = {request.body for request in taken.requests}
            assert len(bodies) == 1

    _run(body, tmp_path)


def test_a_webhook_is_told_of_all_in_both_languages_with_a_signature_of_now(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        with taking() as taken:
            hook_at(served, f"{taken.address}/hook")
            async with outward(served) as found:
                await _sent(served)
                await tell_all(found)
                now_s = int(served.clock().timestamp())
                asked = await noticing.cancel(served.live, "olha", "request-2", "request-1")
                served.clock.turn(1)
                await noticing.decide(
                    served.live, "ivan", "decision-2", "request-1", asked.event_id, "approve"
                )
                await tell_all(found)
            first, second = taken.requests
            told = checked(first, now_s)
            assert (told["what"], told["city"], told["is_exercise"]) == ("notice", "toy-grid", False)
            assert told["notice"] == {**told["notice"], "msg_type": "Alert", "status": "public"}
            assert told["notice"]["headline"]["en"] == "Go to shelter now"
            assert checked(second, now_s + 1)["notice"]["status"] == "cancelled"
            assert second.headers["Takecover-Message"] == "notice/request-2"

    _run(body, tmp_path)


def test_an_exercise_says_so_and_never_reaches_who_asked_for_the_real(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        with taking() as taken, taking() as real:
            phone = await phone_at(served, f"{taken.address}/p", language="en")
            hook_at(served, f"{real.address}/hook")
            async with outward(served) as found:
                await _sent(served)
                await tell_all(found)
            (request,) = taken.requests
            told = phone.opened(request.body)
            assert told["is_exercise"] is True
            assert all(
                told[part].startswith("EXERCISE. ") for part in ("headline", "description", "instruction")
            )
            assert real.requests == []

    _run(body, tmp_path, is_exercise=True)


def test_an_exercise_webhook_hears_the_exercise_with_its_mark(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        with taking() as taken:
            hook_at(served, f"{taken.address}/hook", is_exercise=True)
            async with outward(served) as found:
                await _sent(served)
                await tell_all(found)
            told = checked(taken.requests[0], int(served.clock().timestamp()))
            assert (told["is_exercise"], told["notice"]["is_exercise"]) == (True, True)
            assert told["notice"]["headline"]["uk"].startswith("НАВЧАННЯ. ")

    _run(body, tmp_path, is_exercise=True)


def test_an_address_inside_our_network_is_given_up_and_not_connected_to(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        with taking() as taken:
            hook_at(served, f"{taken.address}/hook")
            async with outward(served, own="") as found:
                await _sent(served)
                await tell_all(found)
            assert taken.requests == []
            assert served.site.outbox is not None
            assert served.site.outbox.states("hook-1") == {"notice/request-1": GIVEN_UP}

    _run(body, tmp_path)


def test_who_asks_later_is_told_nothing_old_and_what_ran_out_is_told_to_nobody(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        with taking() as taken:
            await _sent(served)
            served.clock.turn(1)
            await phone_at(served, f"{taken.address}/late")
            async with outward(served) as found:
                await tell_all(found)
                assert taken.requests == []
                taken.answers = [(503, {})]
                await _sent(served, "request-2")
                await tell_all(found)
                served.clock.turn(7_201)
                await tell_all(found)
                served.clock.turn(600)
                await tell_all(found)
            assert len(taken.requests) == 1

    _run(body, tmp_path)


def test_two_servers_tell_each_target_once_and_one_that_died_is_taken_over(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        with taking() as taken:
            hook_at(served, f"{taken.address}/hook")
            assert served.site.outbox is not None
            async with outward(served) as one, outward(served) as other:
                await _sent(served)
                await one.order()
                await other.order()
                await asyncio.gather(one.deliver(), other.deliver())
                assert len(taken.requests) == 1
                await _sent(served, "request-2")
                await one.order()
                now = served.clock()
                (died,) = served.site.outbox.claim(now, now + timedelta(seconds=120), 9, False)
                assert died.message_id == "notice/request-2"
                await tell_all(other)
                assert len(taken.requests) == 1
                served.clock.turn(121)
                await tell_all(other)
                assert len(taken.requests) == 2
                assert served.site.outbox.states("hook-1")["notice/request-2"] == SENT

    _run(body, tmp_path)


def test_a_phone_subscribes_changes_its_mind_and_ends_over_the_network(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        assert served.site.outbox is not None
        assert (await served.client.get("/api/v1/push/key")).json() == {
            "is_exercise": False,
            "public_key": PUSH.public_key,
        }
        sent = {"endpoint": "https://push.example/a", **Phone().keys(), "area_ids": ["Z1"], "language": "uk"}
        for areas in (["Z1"], ["Z2", "city"]):
            answer = await served.client.post("/api/v1/push/subscriptions", json={**sent, "area_ids": areas})
            assert (answer.status_code, answer.json()) == (200, {"is_exercise": False})
        (kept,) = served.site.outbox.subscriptions(False)
        assert (kept.area_ids, kept.endpoint) == (("Z2", "city"), "https://push.example/a")
        for _ in range(2):
            end = await served.client.post("/api/v1/push/unsubscribe", json={"endpoint": sent["endpoint"]})
            assert end.status_code == 200
        assert served.site.outbox.subscriptions(False) == []

    _run(body, tmp_path)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"endpoint": "http://push.example/a"}, "https://machine/path"),
        ({"endpoint": "https://999.999.999.999/a"}, "https://machine/path"),
        ({"endpoint": "https://xn--/"}, "https://machine/path"),
        ({"p256dh": "AAAA"}, "what the browser gave"),
        ({"area_ids": ["Z9"]}, "'Z9' is no district"),
        ({"area_ids": ["Z1", "Z1"]}, "one twice"),
        ({"lat": 50.4}, "lat"),
        ({"language": "fr"}, "language"),
    ],
)
def test_a_subscription_that_is_none_is_refused(tmp_path: Path, change: dict[str, Any], fault: str) -> None:
    async def body(served: Served) -> None:
        sent = {"endpoint": "https://push.example/a", **Phone().keys(), "area_ids": ["Z1"], "language": "uk"}
        answer = await served.client.post("/api/v1/push/subscriptions", json={**sent, **change})
        assert answer.status_code == 422
        assert fault in json.dumps(answer.json())

    _run(body, tmp_path)


def test_a_server_without_a_key_says_that_it_pushes_nothing_and_a_flood_is_slowed(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        assert (await served.client.get("/api/v1/push/key")).status_code == 404
        answers = [
            (await served.client.post("/api/v1/push/unsubscribe", json={"endpoint": "x"})).status_code
            for _ in range(2)
        ]
        assert answers == [404, 404]

    run(body, tmp_path)

    async def flood(served: Served) -> None:
        codes = [
            (await served.client.post("/api/v1/push/unsubscribe", json={"endpoint": f"x{n}"})).status_code
            for n in range(12)
        ]
        assert codes == [200] * 10 + [429] * 2

    _run(flood, tmp_path)


@pytest.mark.parametrize("endpoint", ["https://999.999.999.999/a", "https://xn--/"])
def test_an_address_that_is_none_stops_nobody_elses_notices(tmp_path: Path, endpoint: str) -> None:
    async def body(served: Served) -> None:
        assert served.site.outbox is not None
        with taking() as taken:
            await phone_at(served, endpoint)  # As if it had been kept by an earlier version.
            await phone_at(served, f"{taken.address}/p")
            found = Settings(
                Secret("x"), push_key=Secret(PUSH_KEY), push_contact=CONTACT, out_networks="127.0.0.0/8"
            )
            async with speaking(served.live, served.site.outbox, found, Random(1)):
                for number in (1, 2):
                    await _sent(served, f"request-{number}")
                    await until(lambda number=number: len(taken.requests) == number)
                await until(lambda: set(_states(served, endpoint)) == {GIVEN_UP})
            assert [each.path for each in taken.requests] == ["/p", "/p"]

    _run(body, tmp_path)


def test_what_fails_in_a_way_that_nobody_thought_of_is_given_up_and_its_address_is_not_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def body(served: Served) -> None:
        with taking() as taken:
            await phone_at(served, "https://push.example/secret")
            await phone_at(served, f"{taken.address}/p")
            async with outward(served) as found:
                real = found.outside.post

                async def post(url: str, content: bytes, headers: Any) -> Any:
                    if url.endswith("secret"):
                        raise ValueError(f"{url} is odd")
                    return await real(url, content, headers)

                monkeypatch.setattr(found.outside, "post", post)
                await _sent(served)
                await tell_all(found)
            assert len(taken.requests) == 1
            assert set(_states(served, "https://push.example/secret")) == {GIVEN_UP}
        assert "notice/request-1" in caplog.text
        assert "ValueError" in caplog.text
        assert "push.example" not in caplog.text

    _run(body, tmp_path)


def test_no_address_of_a_phone_is_logged_where_it_cannot_be_reached(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def body(served: Served) -> None:
        await phone_at(served, "https://127.0.0.1:9/inside")
        await phone_at(served, "https://push.invalid/nowhere")
        async with outward(served, own="") as found:
            await _sent(served)
            await found.order()
            await found.deliver()

    with caplog.at_level("INFO", "takecover"):
        _run(body, tmp_path)
    assert caplog.text.count("notice/request-1") == 2
    assert "127.0.0.1" not in caplog.text
    assert "push.invalid" not in caplog.text


def test_a_fault_in_the_telling_is_logged_and_the_telling_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def body(served: Served) -> None:
        with taking() as taken:
            hook_at(served, f"{taken.address}/hook")
            async with outward(served) as found:
                real, faults = found.order, [RuntimeError("odd")]

                async def order() -> None:
                    if faults:
                        raise faults.pop()
                    await real()

                monkeypatch.setattr(found, "order", order)
                running = asyncio.create_task(found.run(0.01))
                await _sent(served)
                await until(lambda: len(taken.requests) == 1)
                running.cancel()
        assert "RuntimeError: odd" in caplog.text

    _run(body, tmp_path)


def test_a_fresh_notice_goes_out_before_what_is_tried_again_and_between_two_lots(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def body(served: Served) -> None:
        monkeypatch.setattr("takecover.workflow.live.outward.AT_ONCE", 2)
        with taking() as taken:
            taken.answers = [(503, {})]
            for number in range(6):
                await phone_at(served, f"{taken.address}/p/{number}")
            async with outward(served) as found:
                await _sent(served, "request-1")
                await tell_all(found)
                assert len(taken.requests) == 6
                served.clock.turn(600)
                hook_at(served, f"{taken.address}/hook")
                real, lots = found.deliver, []

                async def deliver() -> int:
                    if not lots:
                        await _sent(served, "request-2")
                    lots.append(len(taken.requests))
                    return await real()

                monkeypatch.setattr(found, "deliver", deliver)
                running = asyncio.create_task(found.run(0.01))
                await until(lambda: len(taken.requests) >= 15)
                running.cancel()
            # Two of the old were under way when it was sent; then it goes to all seven before any other of the old.
            paths = {f"/p/{number}" for number in range(6)} | {"/hook"}
            assert {each.path for each in taken.requests[8:15]} == paths

    _run(body, tmp_path)


def test_too_many_subscriptions_are_refused_and_an_old_one_still_changes(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        await phone_at(served, "https://push.example/1")
        outbox = served.site.outbox
        assert outbox is not None
        (kept,) = outbox.subscriptions(False)
        assert outbox.put_subscription(kept, 1)
        assert not outbox.put_subscription(replace(kept, target_id="other"), 1)

    _run(body, tmp_path)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(InputError, match="Give 32 random ones"):
        webhook_secret(Secret("short"), "hook-1")


def test_the_server_tells_by_itself_while_it_runs(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        with taking() as taken:
            hook_at(served, f"{taken.address}/hook")
            found = Settings(Secret("x"), webhook_key=KEY, out_networks="127.0.0.0/8")
            assert served.site.outbox is not None
            async with speaking(served.live, served.site.outbox, found, Random(1)):
                await _sent(served)
                for _ in range(100):
                    if taken.requests:
                        break
                    await asyncio.sleep(0.05)
            assert [each.headers["Takecover-Message"] for each in taken.requests] == ["notice/request-1"]

    _run(body, tmp_path)
