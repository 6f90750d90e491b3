"""Feeds against a server on this machine that plays each service, faults and all."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from alert_server import Script, playing
from takecover.analysis.alert_areas import CityAreas
from takecover.errors import InputError
from takecover.feeds import alerts_in_ua, oref, polite, ukrainealarm
from takecover.feeds.cap_feed import CapFeed
from takecover.feeds.folder import FolderFeed
from takecover.feeds.oref import OrefFeed
from takecover.feeds.polite import Address, UnheardError
from takecover.io import atom, cap
from takecover.model import event_rules
from takecover.model.event import Draft
from takecover.model.event_payloads import AlertIssued, AllClear
from takecover.model.feed import FeedSpec

NOW = datetime(2023, 5, 29, 23, 6, 11, tzinfo=UTC)
AREAS = CityAreas(shapely.box(30, 50, 31, 51), (), (), {"kyiv": ("city",)})
CAP = (
    '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>{id}</identifier><sender>a@b</sender>'
    "<sent>2023-05-30T02:06:11+03:00</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope>"
    "<info><category>Security</category><event>Air raid</event><urgency>Immediate</urgency>"
    "<severity>Extreme</severity><certainty>Observed</certainty><area><areaDesc>Kyiv</areaDesc></area></info></alert>"
)


@pytest.fixture
def service() -> Iterator[Script]:
    with playing() as script:
        yield script


def _spec(script: Script, kind: str, path: str = "/alerts", **changed: Any) -> FeedSpec:
    regions = {"31": ("city",), "אשקלון - דרום": ("city",)}
    return FeedSpec(kind, kind, script.address + path, 10, regions=regions, **changed)


def _asked(spec: FeedSpec, times: int = 1) -> list[tuple[Draft, ...]]:
    """What a feed gives, asked several times; an answer that is none gives its error's words as a draft-less tuple."""

    async def ask() -> list[tuple[Draft, ...]]:
        async with httpx.AsyncClient() as client:
            feed = _feed(spec, client)
            return [await feed.ask(NOW + timedelta(seconds=10 * n)) for n in range(times)]

    return asyncio.run(ask())


def _feed(spec: FeedSpec, client: httpx.AsyncClient) -> Any:
    match spec.kind:
        case "alerts_in_ua":
            return alerts_in_ua.feed(spec, client)
        case "ukrainealarm":
            return ukrainealarm.feed(spec, client)
        case "oref":
            return OrefFeed(spec, client)
        case _:
            return CapFeed(spec, client, AREAS, atom.read, cap.read)


def _in_ua(*ids: int, **changed: Any) -> bytes:
    row = {"alert_type": "air_raid", "location_uid": "31", "started_at": "2023-05-29T23:06:11.000Z"}
    return json.dumps({"alerts": [{"id": number, **row, **changed} for number in ids]}).encode()


def test_alerts_in_ua_tells_what_begins_and_what_ends_and_sends_its_token(service: Script) -> None:
    for body in (_in_ua(1), _in_ua(1, 2), _in_ua(2), _in_ua(2)):
        service.says("/alerts", body)
    first, second, third, fourth = _asked(_spec(service, "alerts_in_ua", token="secret"), 4)
    assert [type(each[0].payload) for each in (first, second, fourth)] == [AlertIssued, AlertIssued, AllClear]
    assert third == ()
    assert service.asked[0][1]["Authorization"] == "Bearer secret"


def test_an_answer_that_nothing_changed_keeps_what_was_listed(service: Script) -> None:
    service.says("/alerts", _in_ua(1), ETag='"a"', Last_Modified="Mon, 29 May 2023 23:06:11 GMT")
    service.says("/alerts", status=304)
    first, second, third = _asked(_spec(service, "alerts_in_ua"), 3)
    assert (len(first), second, third) == (1, (), ())
    assert service.asked[1][1]["If-None-Match"] == '"a"'
    assert service.asked[1][1]["If-Modified-Since"] == "Mon, 29 May 2023 23:06:11 GMT"


def test_the_history_of_a_service_is_read_whole(shared_data: Path) -> None:
    path = shared_data / "alerts" / "api" / "alerts_in_ua_history_kyiv_city_2026-06.json"
    if not path.is_file():
        pytest.skip("the sample of the service's history is not here")
    value = json.loads(path.read_bytes())
    assert alerts_in_ua.read(path.read_bytes()) == ()
    for row in value["alerts"]:
        row["finished_at"] = None
    listed = alerts_in_ua.read(json.dumps(value).encode())
    assert len(listed) == len(value["alerts"]) == 53
    assert {(each.region_id, each.threat) for each in listed} == {("31", "air")}


def test_ukrainealarm_tells_alerts_by_region_and_kind(service: Script) -> None:
    alerts = [{"type": "AIR", "lastUpdate": "2023-05-29T23:06:11Z"}, {"type": "ARTILLERY"}, {"type": "INFO"}]
    service.says(
        "/alerts", json.dumps([{"regionId": "31", "activeAlerts": alerts}, {"regionId": "9"}]).encode()
    )
    (drafts,) = _asked(_spec(service, "ukrainealarm", token="key"))
    assert [draft.payload.threat for draft in drafts if isinstance(draft.payload, AlertIssued)] == [
        "air",
        "artillery",
    ]
    assert service.asked[0][1]["Authorization"] == "key"


def _oref_now(number: str, kind: str, title: str) -> bytes:
    return (
        b"\xef\xbb\xbf"
        + json.dumps({"id": number, "cat": kind, "title": title, "data": ["אשקלון - דרום"]}).encode()
    )


def _oref_line(when: str, kind: int, title: str) -> dict[str, Any]:
    return {"alertDate": when, "category": kind, "title": title, "data": "אשקלון - דרום"}


def test_oref_goes_from_a_word_before_to_an_alert_to_its_end_in_words(service: Script) -> None:
    spec = _spec(service, "oref", "/alert/")
    service.says("/alert/Alerts.json", _oref_now("1", "10", "בדקות הקרובות צפויות להתקבל התרעות באזורך"))
    service.says("/alert/Alerts.json", _oref_now("2", "1", "ירי רקטות וטילים"))
    service.says("/alert/Alerts.json", b"\r\n")
    service.says("/alert/Alerts.json", _oref_now("3", "10", "האירוע הסתיים"))
    service.says("/alert/History/AlertsHistory.json", b"[]")
    before, alert, quiet, end = _asked(spec, 4)
    assert [draft.payload.stage for draft in (*before, *alert) if isinstance(draft.payload, AlertIssued)] == [
        "prepare",
        "enter",
    ]
    assert quiet == ()
    (ended,) = (draft.payload for draft in end)
    assert isinstance(ended, AllClear)
    assert len(ended.alert_ids) == 2


def test_oref_says_an_alert_once_though_both_lists_have_it(service: Script) -> None:
    spec = _spec(service, "oref", "/alert")
    line = _oref_line("2023-05-30 02:06:05", 1, "ירי רקטות וטילים")
    service.says("/alert/Alerts.json", _oref_now("2", "1", "ירי רקטות וטילים"))
    service.says("/alert/History/AlertsHistory.json", json.dumps([line]).encode())
    first, second = _asked(spec, 2)
    assert (len(first), len(second)) == (1, 0)


def test_oref_takes_up_at_its_first_list_what_is_recent_and_not_what_is_over(service: Script) -> None:
    old = _oref_line("2023-05-29 20:00:00", 1, "ירי רקטות וטילים")
    recent = _oref_line("2023-05-30 02:00:00", 2, "חדירת כלי טיס עוין")
    service.says("/alert/Alerts.json", b"")
    service.says("/alert/History/AlertsHistory.json", json.dumps([recent, old]).encode())
    (drafts,) = _asked(_spec(service, "oref", "/alert"))
    assert [draft.payload.threat for draft in drafts if isinstance(draft.payload, AlertIssued)] == ["drone"]


def test_oref_is_heard_while_one_of_its_lists_is_and_silent_when_none_is(service: Script) -> None:
    service.says("/alert/Alerts.json", status=503)
    service.says("/alert/History/AlertsHistory.json", b"[]")
    assert _asked(_spec(service, "oref", "/alert")) == [()]
    with pytest.raises(UnheardError, match="answered 404"):
        _asked(_spec(service, "oref", "/elsewhere"))


@pytest.mark.parametrize(
    "body", [b"[1]", b'{"id": "1"}', b'{"id":"1","cat":"1","title":"x","data":"y"}', b"{"]
)
def test_oref_refuses_a_line_that_is_none(body: bytes) -> None:
    with pytest.raises(InputError):
        oref.read_now(body)


def _atom(*entries: str) -> bytes:
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{"".join(entries)}</feed>'.encode()


def _entry(name: str, inside: str) -> str:
    return f"<entry><id>{name}</id><updated>2023-05-30T00:00:00Z</updated>{inside}</entry>"


def test_an_atom_feed_gives_messages_in_it_and_behind_its_links_each_once_the_oldest_first(
    service: Script,
) -> None:
    inline = _entry("new", f'<content type="text/xml">{CAP.format(id="new")}</content>')
    linked = _entry("old", '<link type="application/cap+xml" href="old.cap"/>')
    service.says("/cap/feed", _atom(inline, linked))
    service.says("/cap/old.cap", CAP.format(id="old").encode())
    first, second = _asked(_spec(service, "cap", "/cap/feed"), 2)
    assert [draft.payload.alert_id for draft in first if isinstance(draft.payload, AlertIssued)] == [
        "a@b,old",
        "a@b,new",
    ]
    assert second == ()


def test_a_link_to_another_machine_is_not_followed(service: Script) -> None:
    service.says("/feed", _atom(_entry("x", '<link href="http://127.0.0.2:9/inside"/>')))
    with pytest.raises(UnheardError, match="lies on another machine"):
        _asked(_spec(service, "cap", "/feed"))


def test_a_message_that_cannot_be_read_is_passed_over_after_three_tries_and_keeps_no_other_out(
    service: Script,
) -> None:
    bad = _entry("bad", "<content><alert/></content>")
    good = _entry("good", f"<content>{CAP.format(id='good')}</content>")
    service.says("/feed", _atom(good, bad))

    async def ask() -> list[str]:
        async with httpx.AsyncClient() as client:
            feed = CapFeed(_spec(service, "cap", "/feed"), client, AREAS, atom.read, cap.read)
            said = []
            for _ in range(4):
                try:
                    said.append(str(len(await feed.ask(NOW))))
                except UnheardError as error:
                    said.append(str(error))
            return said

    first, second, third, fourth = asyncio.run(ask())
    assert (first, fourth) == ("1", "0")
    assert "no CAP message" in second + third


def test_one_message_at_one_address_is_a_feed_too(service: Script) -> None:
    service.says("/alert.cap", CAP.format(id="one").encode())
    first, second = _asked(_spec(service, "cap", "/alert.cap"), 2)
    assert (len(first), len(second)) == (1, 0)


@pytest.mark.parametrize(
    ("status", "body", "headers", "message"),
    [
        (200, b"<html>sign in</html>", {}, "no list of alerts"),
        (200, b'{"alerts": 5}', {}, "no list of objects"),
        (200, b'{"alerts": [{"id": 1}]}', {}, "2 faults"),
        (200, b"[" * 100_000, {}, "no JSON"),
        (200, b"\xff\xfe", {}, "no JSON"),
        (200, b" " * (polite.LARGEST_BYTES + 1), {}, "more than 4,000,000 bytes"),
        (200, b"{}", {"Content_Length": "100"}, "cannot be reached"),
        (401, b"", {}, "its token is wrong"),
        (403, b"", {}, "its token is wrong, or it does not serve"),
        (429, b"", {"Retry_After": "30"}, "asked too often"),
        (500, b"", {}, "answered 500"),
        (302, b"", {"Location": "/elsewhere"}, "answered 302"),
        (304, b"", {}, "has told nothing yet"),
        (0, b"", {}, "cannot be reached"),
    ],
)
def test_a_faulty_answer_changes_nothing_and_says_what_is_wrong(
    service: Script, status: int, body: bytes, headers: dict[str, str], message: str
) -> None:
    service.says("/alerts", body, status, **headers)
    with pytest.raises(UnheardError, match=message) as caught:
        _asked(_spec(service, "alerts_in_ua", token="secret"))
    assert "secret" not in str(caught.value)


NAMES = (
    "id",
    "alerts",
    "alert_type",
    "location_uid",
    "started_at",
    "regionId",
    "activeAlerts",
    "type",
    "data",
    "cat",
)
NAMES += ("title", "desc", "alertDate", "lastUpdate", "rid", "category", "regionType", "notes", "updated_at")
PLAIN = (
    st.none() | st.booleans() | st.integers(-9, 10**20) | st.floats() | st.text(max_size=9) | st.just("31")
)
ANY = st.recursive(
    PLAIN,
    lambda each: st.lists(each, max_size=4) | st.dictionaries(st.sampled_from(NAMES), each, max_size=6),
    max_leaves=20,
)


@pytest.mark.parametrize("kind", ["alerts_in_ua", "ukrainealarm", "oref", "cap"])
@settings(max_examples=150, deadline=None)
@given(answer=ANY.map(json.dumps).map(str.encode) | st.binary(max_size=40))
def test_whatever_a_service_answers_is_read_or_told_as_a_fault(kind: str, answer: bytes) -> None:
    async def ask() -> tuple[Draft, ...]:
        transport = httpx.MockTransport(lambda _: httpx.Response(200, content=answer))
        async with httpx.AsyncClient(transport=transport) as client:
            return tuple(
                await _feed(FeedSpec(kind, kind, "http://a/b", 10, regions={"31": ("city",)}), client).ask(
                    NOW
                )
            )

    drafts: tuple[Draft, ...] = ()
    with contextlib.suppress(UnheardError):
        drafts = asyncio.run(ask())
    assert all(event_rules.check(each) is each for each in drafts)


def test_a_fault_between_two_lists_ends_no_alert(service: Script) -> None:
    service.says("/alerts", _in_ua(1))
    service.says("/alerts", status=500)
    service.says("/alerts", b"{}")
    service.says("/alerts", _in_ua(1))

    async def ask() -> list[int]:
        async with httpx.AsyncClient() as client:
            feed = alerts_in_ua.feed(_spec(service, "alerts_in_ua"), client)
            said = []
            for _ in range(4):
                try:
                    said.append(len(await feed.ask(NOW)))
                except UnheardError:
                    said.append(-1)
            return said

    assert asyncio.run(ask()) == [1, -1, -1, 0]


def test_a_service_that_says_nothing_is_given_up(service: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polite, "TIMEOUT_S", 0.2)
    service.says("/alerts", status=-1)
    with pytest.raises(UnheardError, match="cannot be reached"):
        _asked(_spec(service, "alerts_in_ua"))


def test_a_machine_that_is_not_there_is_told_by_its_name_without_secrets() -> None:
    spec = FeedSpec("alerts_in_ua", "x", "http://user:password@127.0.0.1:9/path?token=secret", 10)
    with pytest.raises(UnheardError) as caught:
        _asked(spec)
    assert "127.0.0.1:9" in str(caught.value)
    assert not any(word in str(caught.value) for word in ("password", "secret"))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30", 30.0),
        ("Mon, 29 May 2023 23:06:41 GMT", 30.0),
        ("Mon, 29 May 2023 23:00:00 GMT", 0.0),
        ("99999", 3600.0),
        ("soon", 0.0),
    ],
)
def test_the_time_that_a_service_asks_for_is_read_from_seconds_or_a_date(
    service: Script, text: str, seconds: float
) -> None:
    service.says("/", status=429, Retry_After=text)

    async def ask() -> None:
        async with httpx.AsyncClient() as client:
            await Address(client, service.address + "/").ask(NOW)

    with pytest.raises(UnheardError) as caught:
        asyncio.run(ask())
    assert caught.value.retry_after_s == seconds


def test_a_folder_gives_each_file_once_and_a_broken_one_is_passed_over(tmp_path: Path) -> None:
    feed = FolderFeed(FeedSpec("folder", "drop", str(tmp_path), 1), AREAS, cap.read_file)
    (tmp_path / "b.cap").write_text(CAP.format(id="b"))
    (tmp_path / "a.xml").write_text(CAP.format(id="a"))
    (tmp_path / "c.txt").write_text("not for us")
    first = asyncio.run(feed.ask(NOW))
    assert [draft.payload.alert_id for draft in first if isinstance(draft.payload, AlertIssued)] == [
        "a@b,a",
        "a@b,b",
    ]
    assert asyncio.run(feed.ask(NOW)) == ()
    (tmp_path / "d.cap").write_text("<alert")
    for _ in range(2):
        with pytest.raises(UnheardError, match=r"d\.cap"):
            asyncio.run(feed.ask(NOW))
    assert asyncio.run(feed.ask(NOW)) == ()


def test_one_file_is_a_folder_of_one_and_a_missing_one_is_told(tmp_path: Path) -> None:
    path = tmp_path / "alert.cap"
    feed = FolderFeed(FeedSpec("folder", "drop", str(path), 1), AREAS, cap.read_file)
    with pytest.raises(UnheardError, match="cannot be looked into"):
        asyncio.run(feed.ask(NOW))
    path.write_text(CAP.format(id="a"))
    assert len(asyncio.run(feed.ask(NOW))) == 1
