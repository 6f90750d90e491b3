"""CAP out on a real server: valid by the standard's schema, each message at its address, heard by our own reader."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from lxml import etree

from served import Served, run
from takecover.analysis.alert_areas import area_ids, areas_of
from takecover.errors import InputError
from takecover.feeds.cap_feed import CapFeed
from takecover.io import atom, cap
from takecover.model.feed import FeedSpec
from takecover.settings import CAP_SENDER, read
from takecover.workflow.live import noticing
from takecover.workflow.live.wordings import templates
from toy_folder import toy

ATOM = "{http://www.w3.org/2005/Atom}"


async def _sent(served: Served, name: str, template_id: str, areas: tuple[str, ...] = ("Z1",)) -> None:
    asked = await noticing.ask(served.live, "olha", name, template_id, areas)
    await noticing.decide(served.live, "ivan", f"{name}-yes", name, asked.event_id, "approve")


async def _message(served: Served, name: str) -> httpx.Response:
    return await served.client.get(f"/cap/notice/{name}.xml")


def test_every_wording_goes_out_as_a_message_without_a_flaw(
    tmp_path: Path, cap_schema: etree.XMLSchema
) -> None:
    async def body(served: Served) -> None:
        for number, template_id in enumerate(templates()):
            name = f"request-{number}"
            await _sent(served, name, template_id, ("Z1", "city"))
            answer = await _message(served, name)
            assert answer.headers["content-type"].startswith("application/cap+xml")
            cap_schema.assertValid(etree.fromstring(answer.content))
            alert = cap.read(answer.content)
            assert alert.flaws == ()
            assert (alert.identifier, alert.status, alert.msg_type) == (f"notice/{name}", "Actual", "Alert")
            assert [info.language for info in alert.infos] == ["uk-UA", "en-GB"]
            assert [len(info.areas) for info in alert.infos] == [2, 2]
            assert all(area.polygons for info in alert.infos for area in info.areas)
            assert (alert.infos[1].expires, alert.infos[1].categories) == (
                served.clock().replace(hour=4, second=1),
                (templates()[template_id].category,),
            )

    run(body, tmp_path, cap_sender="duty@toy.example")


def test_change_and_cancellation_name_all_that_they_replace(
    tmp_path: Path, cap_schema: etree.XMLSchema
) -> None:
    async def body(served: Served) -> None:
        await _sent(served, "request-1", "be_ready")
        served.clock.turn(60)
        changed = await noticing.update(
            served.live, "olha", "request-2", "request-1", "go_to_shelter", ("city",)
        )
        await noticing.decide(served.live, "ivan", "decision-2", "request-1", changed.event_id, "approve")
        served.clock.turn(60)
        ended = await noticing.cancel(served.live, "ivan", "request-3", "request-1")
        await noticing.decide(served.live, "olha", "decision-3", "request-1", ended.event_id, "approve")
        found = []
        for name in ("request-1", "request-2", "request-3"):
            answer = await _message(served, name)
            cap_schema.assertValid(etree.fromstring(answer.content))
            found.append(cap.read(answer.content))
        first, second, third = found
        assert all(each.sender == "duty@toy.example" and each.flaws == () for each in found)
        assert [each.msg_type for each in found] == ["Alert", "Update", "Cancel"]
        assert (second.references, third.references) == (
            (first.reference,),
            (first.reference, second.reference),
        )
        assert third.infos == ()
        assert "not an all-clear" in third.note
        feed = etree.fromstring((await served.client.get("/cap/feed.atom")).content)
        links = [link.get("href") for link in feed.iterfind(f"{ATOM}entry/{ATOM}link")]
        assert links == [f"/cap/notice/request-{number}.xml" for number in (3, 2, 1)]
        assert feed.findtext(f"{ATOM}updated") == "2026-11-25T02:02:00+00:00"

    run(body, tmp_path, cap_sender="duty@toy.example")


def test_the_feed_is_asked_for_again_without_cost_and_is_whole_when_it_holds_nothing(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        empty = await served.client.get("/cap/feed.atom")
        assert atom.read(empty.content) == ()
        assert (
            etree.fromstring(empty.content).findtext(f"{ATOM}author/{ATOM}name")
            == "toy-grid@takecover.invalid"
        )
        tag = {"If-None-Match": empty.headers["etag"]}
        assert (await served.client.get("/cap/feed.atom", headers=tag)).status_code == 304
        await _sent(served, "request-1", "keep_away")
        assert (await served.client.get("/cap/feed.atom", headers=tag)).status_code == 200
        missing = await _message(served, "request-9")
        assert (missing.status_code, missing.headers["content-type"]) == (404, "application/problem+json")

    run(body, tmp_path)


def test_what_is_only_asked_for_or_refused_is_nowhere(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        asked = await noticing.ask(served.live, "olha", "request-1", "keep_away", ("city",))
        assert (await _message(served, "request-1")).status_code == 404
        await noticing.decide(served.live, "ivan", "decision-1", "request-1", asked.event_id, "reject")
        assert (await _message(served, "request-1")).status_code == 404
        assert atom.read((await served.client.get("/cap/feed.atom")).content) == ()

    run(body, tmp_path)


def test_an_exercise_is_of_status_exercise_and_says_so_to_every_reader(
    tmp_path: Path, cap_schema: etree.XMLSchema
) -> None:
    async def body(served: Served) -> None:
        await _sent(served, "request-1", "go_to_shelter")
        answer = await _message(served, "request-1")
        cap_schema.assertValid(etree.fromstring(answer.content))
        alert = cap.read(answer.content)
        assert (alert.status, alert.note) == ("Exercise", "НАВЧАННЯ / EXERCISE.")
        assert [info.headline.split(".")[0] for info in alert.infos] == ["НАВЧАННЯ", "EXERCISE"]
        feed = etree.fromstring((await served.client.get("/cap/feed.atom")).content)
        assert feed.findtext(f"{ATOM}title", "").startswith("НАВЧАННЯ / EXERCISE. ")
        assert feed.findtext(f"{ATOM}entry/{ATOM}title", "").startswith("НАВЧАННЯ. ")

    run(body, tmp_path, is_exercise=True)


def test_an_ended_notice_can_be_asked_for_a_day_more_and_then_goes(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        await _sent(served, "request-1", "keep_away")
        served.clock.turn(7200 + 86_400 - 1)
        await asyncio.sleep(0.3)
        assert (await _message(served, "request-1")).status_code == 200
        served.clock.turn(2)
        await asyncio.sleep(0.3)
        assert (await _message(served, "request-1")).status_code == 404
        assert (await served.state())["notices"] == []

    run(body, tmp_path)


def test_another_takecover_hears_the_feed_and_knows_the_districts(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        await _sent(served, "request-1", "go_to_shelter", ("Z2",))
        alert = cap.read((await _message(served, "request-1")).content)
        codes = {name: (name,) for name in ("Z1", "Z2", "city")}
        assert area_ids(alert, areas_of(toy()), codes) == ("Z2",)
        spec = FeedSpec("cap", "neighbour", str(served.client.base_url) + "/cap/feed.atom", 1.0)
        async with httpx.AsyncClient() as client:
            reader = CapFeed(spec, client, areas_of(toy()), atom.read, _kept(seen := []))
            drafts = await reader.ask(served.clock())
        assert [each.identifier for each in seen] == ["notice/request-1"]
        assert {area for each in drafts for area in each.payload.area_ids} == {"Z2"}  # type: ignore[union-attr]

    run(body, tmp_path)


def _kept(seen: list[cap.Alert]) -> Callable[[bytes], cap.Alert]:
    def read_alert(data: bytes) -> cap.Alert:
        seen.append(cap.read(data))
        return seen[-1]

    return read_alert


@pytest.mark.parametrize("name", ["two words", "a,b", "a<b", "a&b"])
def test_a_sender_that_no_message_could_refer_to_is_refused(name: str) -> None:
    with pytest.raises(InputError, match=CAP_SENDER):
        read({CAP_SENDER: name})
    assert read({CAP_SENDER: "duty@city.example"}).cap_sender == "duty@city.example"
