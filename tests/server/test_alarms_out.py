"""An alarm by hand on its way out: as CAP, to phones and to other systems, before every notice, and its all-clear."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
from lxml import etree

from phones import CONTACT, KEY, PUSH, PUSH_KEY, checked, hook_at, outward, phone_at, tell_all, until
from post_server import taking
from served import BEARER, Served, cap_message, run
from takecover.analysis.alert_areas import areas_of
from takecover.feeds.cap_feed import CapFeed
from takecover.io import atom, cap
from takecover.model.event_payloads import STAGES, AlertIssued, AllClear
from takecover.model.feed import FeedSpec
from takecover.settings import Secret, Settings
from takecover.workflow.live import acting, noticing
from takecover.workflow.live.acting import Hand
from takecover.workflow.live.subscribing import speaking
from toy_folder import toy

ATOM = "{http://www.w3.org/2005/Atom}"


def _run(body: Any, folder: Path, **changes: Any) -> None:
    run(body, folder, push_public_key=PUSH.public_key, cap_sender="duty@toy.example", **changes)


async def _alarm(
    served: Served,
    name: str = "alarm-number-1",
    areas: tuple[str, ...] = ("Z1", "Z2"),
    threat: str = "drone",
    stage: str = "enter",
) -> str:
    """An alarm by hand; the name of it at the office."""
    event = await acting.alarm(served.live, Hand("user:3", name), threat, stage, areas)
    return event.event_id


async def _clear(
    served: Served, alert_id: str, name: str, areas: tuple[str, ...] = ("Z1", "Z2"), threat: str = "drone"
) -> str:
    served.clock.turn(60)
    event = await acting.all_clear(served.live, Hand("user:3", name), alert_id, threat, areas)
    return event.event_id


async def _notice(served: Served, name: str = "request-1") -> None:
    asked = await noticing.ask(served.live, "olha", name, "go_to_shelter", ("Z1",))
    await noticing.decide(served.live, "ivan", f"{name}-yes", name, asked.event_id, "approve")


async def _messages(served: Served, schema: etree.XMLSchema) -> list[cap.Alert]:
    """Every message of the feed, oldest first, each valid by the standard's schema and without a flaw."""
    feed = etree.fromstring((await served.client.get("/cap/feed.atom")).content)
    found = []
    for link in reversed([each.get("href", "") for each in feed.iterfind(f"{ATOM}entry/{ATOM}link")]):
        answer = await served.client.get(link)
        assert answer.headers["content-type"].startswith("application/cap+xml")
        schema.assertValid(etree.fromstring(answer.content))
        found.append(cap.read(answer.content))
        assert found[-1].flaws == ()
    return found


def test_every_alarm_that_can_be_given_and_its_end_is_a_valid_message(
    tmp_path: Path, cap_schema: etree.XMLSchema
) -> None:
    async def body(served: Served) -> None:
        for threat in acting.THREATS:
            for stage in STAGES:
                alert_id = await _alarm(served, f"{threat}-{stage}", ("Z1",), threat, stage)
                await _clear(served, alert_id, f"{threat}-{stage}-over", ("Z1",), threat)
        found = await _messages(served, cap_schema)
        assert [each.msg_type for each in found] == ["Alert", "Cancel"] * 24
        assert {each.status for each in found} == {"Actual"}
        for alarm, end in zip(found[::2], found[1::2], strict=True):
            assert end.references == (alarm.reference,)
            assert [info.language for info in alarm.infos] == ["uk-UA", "en-GB"]
            assert all(info.expires is None for info in alarm.infos)
            assert {info.response_types for info in end.infos} == {("AllClear",)}
            assert {info.urgency for info in end.infos} == {"Past"}
            assert "not an all-clear" not in end.note
        categories = {info.categories for each in found for info in each.infos}
        assert categories == {("Security",), ("CBRNE",)}

    _run(body, tmp_path)


def test_what_is_left_of_an_alarm_is_an_update_and_names_what_it_replaces(
    tmp_path: Path, cap_schema: etree.XMLSchema
) -> None:
    async def body(served: Served) -> None:
        alert_id = await _alarm(served)
        await _clear(served, alert_id, "over-there", ("Z2",))
        last = await _clear(served, alert_id, "over-here", ("Z1",))
        served.clock.turn(60)
        await acting.take_back(served.live, Hand("user:3", "was-a-slip"), last)
        first, update, end, again = await _messages(served, cap_schema)
        assert (update.msg_type, update.references) == ("Update", (first.reference,))
        codes = [code for info in update.infos for area in info.areas for _, code in area.geocodes]
        assert codes == ["Z1", "Z1"]
        assert update.note.startswith("Відбій: ")
        assert "The alarm is over in: " in update.note
        assert (end.msg_type, end.references) == ("Cancel", (first.reference, update.reference))
        assert (again.msg_type, again.references) == ("Alert", ())
        text = (await served.client.get("/cap/feed.atom")).text
        assert "user:3" not in text
        assert "act/" not in text

    _run(body, tmp_path)


def test_an_exercise_alarm_says_so_in_every_message_and_line(
    tmp_path: Path, cap_schema: etree.XMLSchema
) -> None:
    async def body(served: Served) -> None:
        alert_id = await _alarm(served)
        await _clear(served, alert_id, "over-there", ("Z2",))
        await _clear(served, alert_id, "over-here", ("Z1",))
        for each in await _messages(served, cap_schema):
            assert each.status == "Exercise"
            assert each.note.startswith("НАВЧАННЯ / EXERCISE.")
            for info, word in zip(each.infos, ("НАВЧАННЯ. ", "EXERCISE. "), strict=True):
                lines = (info.event, info.headline, info.description, info.instruction)
                assert all(line.startswith(word) for line in lines)
        with taking() as taken, taking() as real:
            phone = await phone_at(served, f"{taken.address}/p", language="en")
            hook_at(served, f"{real.address}/hook")
            served.clock.turn(1)
            async with outward(served) as found:
                await _alarm(served, "alarm-number-2")
                await tell_all(found)
            told = [phone.opened(each.body) for each in taken.requests]
            assert all(each["is_exercise"] is True for each in told)
            # The first was said in the moment in which the phone asked; what was said last comes last.
            assert [each["headline"] for each in told] == [
                "EXERCISE. All-clear",
                "EXERCISE. Alarm: go to shelter now",
            ]
            assert real.requests == []

    _run(body, tmp_path, is_exercise=True)


def test_another_takecover_hears_the_alarm_and_its_end(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        alert_id = await _alarm(served, areas=("Z2",))
        spec = FeedSpec("cap", "neighbour", str(served.client.base_url) + "/cap/feed.atom", 1.0)
        async with httpx.AsyncClient() as client:
            reader = CapFeed(spec, client, areas_of(toy()), atom.read, cap.read)
            (given,) = [each.payload for each in await reader.ask(served.clock())]
            assert isinstance(given, AlertIssued)
            assert (given.threat, given.stage, given.area_ids) == ("drone", "enter", ("Z2",))
            await _clear(served, alert_id, "over-there", ("Z2",))
            ends = [each.payload for each in await reader.ask(served.clock())]
        assert [each.alert_ids for each in ends if isinstance(each, AllClear)] == [(given.alert_id,)]

    _run(body, tmp_path)


def test_an_alert_of_a_feed_is_not_sent_on_and_an_all_clear_under_it_sends_nobody_out(
    tmp_path: Path, cap_schema: etree.XMLSchema
) -> None:
    async def body(served: Served) -> None:
        headers = {**BEARER, "Content-Type": "application/cap+xml"}
        answer = await served.client.post("/api/v1/alerts", content=cap_message(), headers=headers)
        assert answer.status_code == 200
        assert await _messages(served, cap_schema) == []
        alert_id = await _alarm(served)
        await _clear(served, alert_id, "over-there")
        _, end = await _messages(served, cap_schema)
        assert end.msg_type == "Cancel"
        assert {info.response_types for info in end.infos} == {("Shelter",)}
        assert end.infos[1].headline == "Not an all-clear yet: another alarm is on"

    _run(body, tmp_path)


def test_phones_and_systems_hear_the_alarm_and_its_end_in_their_words(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        with taking() as taken:
            here = await phone_at(served, f"{taken.address}/here", ("Z1",), "en")
            there = await phone_at(served, f"{taken.address}/there", ("Z2",))
            hook_at(served, f"{taken.address}/hook")

            async def told() -> dict[str, Any]:
                await tell_all(found)
                requests = {each.path: each for each in taken.requests}
                taken.requests.clear()
                now_s = int(served.clock().timestamp())
                return {
                    path: checked(request, now_s)
                    if path == "/hook"
                    else (here if path == "/here" else there).opened(request.body)
                    for path, request in requests.items()
                }

            async with outward(served) as found:
                alert_id = await _alarm(served)
                first = await told()
                assert first["/here"]["headline"] == "Alarm: go to shelter now"
                assert first["/there"]["headline"] == "Тривога: негайно пройдіть в укриття"
                assert (first["/here"]["threat"], first["/here"]["stage"]) == ("drone", "enter")
                assert first["/here"]["area_names"] == ["District 1", "District 2"]
                assert (first["/hook"]["what"], "notice" in first["/hook"]) == ("alarm", False)
                assert first["/hook"]["alarm"]["headline"]["en"] == "Alarm: go to shelter now"
                await _clear(served, alert_id, "over-there", ("Z2",))
                second = await told()
                assert (second["/here"]["msg_type"], second["/here"]["area_ids"]) == ("Update", ["Z1"])
                assert (second["/there"]["headline"], second["/there"]["area_ids"]) == (
                    "Відбій тривоги",
                    ["Z2"],
                )
                assert second["/there"]["status"] == "cancelled"
                assert second["/hook"]["alarm"]["ended_area_ids"] == ["Z2"]
                await _clear(served, alert_id, "over-here", ("Z1",))
                third = await told()
                assert third["/here"]["headline"] == "All-clear"
                assert third["/hook"]["alarm"]["status"] == "cancelled"
                assert await told() == {}

    _run(body, tmp_path)


def test_an_alarm_goes_out_before_every_notice_also_before_those_that_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def body(served: Served) -> None:
        monkeypatch.setattr("takecover.workflow.live.outward.AT_ONCE", 1)
        with taking() as taken:
            hook_at(served, f"{taken.address}/hook")
            async with outward(served) as found:
                for number in (1, 2):
                    await _notice(served, f"request-{number}")
                await found.order()
                served.clock.turn(1)
                await _notice(served, "request-3")
                await _alarm(served)
                await tell_all(found)
            names = [each.headers["Takecover-Message"].partition("/")[0] for each in taken.requests]
            assert names == ["alarm", "notice", "notice", "notice"]

    _run(body, tmp_path)


def test_a_system_that_missed_an_alarm_hears_its_end_and_never_the_alarm_after_it(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        with taking() as taken:
            taken.answers = [(503, {}), (204, {})]
            hook_at(served, f"{taken.address}/hook")
            async with outward(served) as found:
                alert_id = await _alarm(served)
                await tell_all(found)
                await _clear(served, alert_id, "over-there")
                await tell_all(found)
                served.clock.turn(600)
                await tell_all(found)
            told = [json.loads(each.body)["alarm"]["msg_type"] for each in taken.requests]
            assert told == ["Alert", "Cancel"]

    _run(body, tmp_path)


def test_an_alarm_that_is_on_for_days_is_not_told_anew_by_a_server_that_starts_anew(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        with taking() as taken:
            hook_at(served, f"{taken.address}/hook")
            await _alarm(served)
            for days in range(4):
                async with outward(served) as found:
                    await tell_all(found)
                served.clock.turn(86_400)
                assert len(taken.requests) == 1, days
            (entry,) = [each.identifier for each in [cap.read(await _only(served))]]
            assert entry.startswith("alarm/")

    _run(body, tmp_path)


async def _only(served: Served) -> bytes:
    await asyncio.sleep(0.3)
    feed = etree.fromstring((await served.client.get("/cap/feed.atom")).content)
    (link,) = [each.get("href", "") for each in feed.iterfind(f"{ATOM}entry/{ATOM}link")]
    return (await served.client.get(link)).content


def test_the_running_server_tells_of_an_alarm_by_itself(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        with taking() as taken:
            phone = await phone_at(served, f"{taken.address}/p")
            found = Settings(
                Secret("x"),
                push_key=Secret(PUSH_KEY),
                push_contact=CONTACT,
                webhook_key=KEY,
                out_networks="127.0.0.0/8",
            )
            assert served.site.outbox is not None
            async with speaking(served.live, served.site.outbox, found, Random(1)):
                await _alarm(served)
                await until(lambda: len(taken.requests) == 1)
            assert phone.opened(taken.requests[0].body)["threat"] == "drone"

    _run(body, tmp_path)
