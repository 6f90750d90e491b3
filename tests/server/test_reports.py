"""Reports by signed links: taken once, in order, of their own shelter alone, until taken back."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from served import Served, run
from takecover.errors import InputError
from takecover.server.pace import Pace
from takecover.server.pages import static_files
from takecover.settings import Secret
from takecover.workflow.live import links
from takecover.workflow.live.links import Link
from takecover.workflow.live.reporting import revoke

KEY = Secret("k" * 40)
UNTIL = date(2027, 4, 30)
WARDEN = links.link("warden", "S001", UNTIL)
SENSOR = links.link("sensor", "S001", UNTIL, name="door-1")


def _body(**changes: Any) -> dict[str, Any]:
    return {"event_id": "phone-0001", "effective_at": "2026-11-25T02:00:00Z", **changes}


async def _report(served: Served, body: object, link: Link | str = WARDEN) -> httpx.Response:
    token = link if isinstance(link, str) else link.token(KEY)
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    return await served.client.post("/api/v1/reports", content=content, headers=headers)


async def _status(served: Served) -> str:
    return "".join(each["status"] for each in (await served.state())["shelters"])


def test_a_report_is_shown_once_it_is_acknowledged_and_counts_once_when_it_is_sent_again(
    tmp_path: Path,
) -> None:
    async def body(served: Served) -> None:
        first = await _report(served, _body(status="open"))
        again = await _report(served, _body(status="open"))
        assert (first.status_code, again.json()) == (200, first.json())
        assert (await _status(served), served.live.followed.situation.seq) == ("open", 1)
        assert (await _report(served, _body(event_id="phone-0002", people=5))).status_code == 200
        assert await _status(served) == "full"
        event = await served.live.event(first.json()["events"][0]["event_id"])
        assert event is not None
        assert (event.source, event.actor_id) == ("warden:S001", WARDEN.link_id)

    run(body, tmp_path, link_key=KEY)


def test_doors_that_a_sensor_reports_shut_the_shelter_and_a_warden_opens_it_again(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        for number in (1, 2):
            door = {"entrance_id": f"S001-{number}", "status": "shut"}
            answer = await _report(served, _body(event_id=f"sensor-000{number}", door=door), SENSOR)
            assert answer.status_code == 200
        assert await _status(served) == "shut"
        served.clock.turn(60)
        later = _body(status="open", effective_at="2026-11-25T02:01:00Z")
        assert (await _report(served, later)).status_code == 200
        assert await _status(served) == "open"

    run(body, tmp_path, link_key=KEY)


def test_a_queue_from_a_phone_without_a_network_keeps_the_times_at_which_buttons_were_pressed(
    tmp_path: Path,
) -> None:
    async def body(served: Served) -> None:
        for number, (minute, status) in enumerate((("00", "open"), ("20", "full"), ("40", "shut"))):
            sent = _body(
                event_id=f"phone-100{number}", status=status, effective_at=f"2026-11-25T01:{minute}:00Z"
            )
            assert (await _report(served, sent)).status_code == 200
        (shelter,) = (await served.state())["shelters"]
        assert (shelter["status"], shelter["as_of"]) == ("shut", "2026-11-25T01:40:00.000Z")

    run(body, tmp_path, link_key=KEY)


def test_a_link_speaks_in_the_exercise_of_the_exercise_alone(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        answer = await _report(served, _body(status="full"))
        assert answer.json()["events"][0]["is_exercise"] is True
        assert served.live.followed.situation.real.trails == {}

    run(body, tmp_path, link_key=KEY, is_exercise=True)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (_body(), "give one of status, people, door"),
        (_body(status="open", people=1), "give one of status, people, door"),
        (_body(status="closed"), "status"),
        (_body(people=-1), "people"),
        (_body(people=10_000_001), "people"),
        (_body(people="7"), "people"),
        (_body(people=1.5), "people"),
        (_body(people=True), "people"),
        (_body(status="open", event_id="short"), "event_id"),
        (_body(status="open", event_id="../../../x"), "event_id"),
        (_body(status="open", effective_at="2026-11-25T02:00:00"), "effective_at"),
        (_body(status="open", effective_at="2026-11-25T02:03:00Z"), "effective_at"),
        (_body(status="open", effective_at="2026-11-24T13:59:59Z"), "tell nothing about now"),
        (_body(status="open", shelter_id="S002"), "shelter_id"),
        (_body(status="open", lon=30.5), "lon"),
        (_body(door={"entrance_id": "S002-1", "status": "shut"}), "has no door"),
        (_body(door={"entrance_id": "S001-1"}), "door.status"),
        ([], "body"),
        (b"{", "body"),
        (b"\xff", "body"),
        (b"[" * 3_000, "body"),
    ],
)
def test_a_report_of_another_form_is_refused_with_the_field_and_leaves_nothing(
    tmp_path: Path, sent: object, words: str
) -> None:
    async def body(served: Served) -> None:
        answer = await _report(served, sent)
        assert answer.status_code == 422
        assert words in " ".join(answer.json()["faults"])
        assert served.live.followed.situation.seq == 0

    run(body, tmp_path, link_key=KEY)


def test_an_id_that_is_used_again_for_another_word_is_refused_and_two_links_never_share_one(
    tmp_path: Path,
) -> None:
    async def body(served: Served) -> None:
        assert (await _report(served, _body(status="open"))).status_code == 200
        other = await _report(served, _body(status="shut"))
        assert (other.status_code, "another content" in other.json()["detail"]) == (422, True)
        assert (await _report(served, _body(status="shut"), SENSOR)).status_code == 200

    run(body, tmp_path, link_key=KEY)


def test_no_link_a_foreign_one_one_out_of_season_and_one_taken_back_are_refused(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        token = WARDEN.token(KEY)
        for bad in (
            "",
            "x",
            "a.b",
            token[:-1],
            token + "A",
            "." + token,
            WARDEN.token(Secret("j" * 40)),
            "x" * 2000,
        ):
            answer = await _report(served, _body(status="open"), bad or "none")
            assert answer.status_code == 401
            assert "not one of this server's" in answer.json()["detail"]
        over = links.link("warden", "S001", date(2026, 11, 24))
        assert "season" in (await _report(served, _body(status="open"), over)).json()["detail"]
        await asyncio.to_thread(revoke, served.live._journal, WARDEN, "user:3", served.clock())
        await asyncio.to_thread(revoke, served.live._journal, WARDEN, "user:4", served.clock())
        assert "taken back" in (await _report(served, _body(status="open"))).json()["detail"]
        page = await served.client.get(f"/w/{token}")
        assert (page.status_code, token in page.text) == (401, False)
        new = links.link("warden", "S001", UNTIL, issue=2)
        assert (await _report(served, _body(status="open"), new)).status_code == 200
        gone = links.link("warden", "S999", UNTIL)
        assert (await _report(served, _body(status="open"), gone)).status_code == 422

    run(body, tmp_path, link_key=KEY)


def test_without_a_key_there_are_no_links(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        assert (await _report(served, _body(status="open"))).status_code == 403
        assert (await served.client.get(f"/w/{WARDEN.token(KEY)}")).status_code == 403

    run(body, tmp_path)


def test_one_link_that_floods_is_slowed_and_others_are_not(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        for number in range(2):
            assert (await _report(served, _body(event_id=f"flood-000{number}", people=1))).status_code == 200
        slowed = await _report(served, _body(event_id="flood-0009", people=1))
        assert (slowed.status_code, slowed.headers["retry-after"]) == (429, "60")
        assert (await _report(served, _body(people=1), SENSOR)).status_code == 200

    run(body, tmp_path, link_key=KEY, report_pace=Pace(at_once=2, per_minute=1))


def test_a_pace_gives_back_steadily_and_forgets_whom_it_has_not_seen_longest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pace = Pace(at_once=2, per_minute=60)
    assert [pace.wait_s("a", now_s) for now_s in (0.0, 0.0, 0.0, 0.5, 1.0)] == [0.0, 0.0, 1.0, 0.5, 0.0]
    assert pace.wait_s("a", -5.0) == 1.0
    monkeypatch.setattr("takecover.server.pace.MOST_KEYS", 1)
    pace.wait_s("b", 1.0)
    assert pace.wait_s("a", 1.0) == 0.0


@given(st.sampled_from(links.KINDS), st.text(min_size=1, max_size=60), st.dates(), st.integers(1, 99))
def test_a_link_is_read_back_as_it_was_made_and_no_changed_letter_passes(
    kind: str, shelter_id: str, until: date, issue: int
) -> None:
    made = links.link(kind, shelter_id, until, issue, "s-1" if kind == "sensor" else "")
    token = made.token(KEY)
    assert links.read(token, KEY) == made
    at = len(token) // 3
    changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
    with pytest.raises(InputError):
        links.read(changed, KEY)


@given(st.text(max_size=200))
def test_no_text_that_was_not_signed_is_a_link(text: str) -> None:
    with pytest.raises(InputError, match="not one of this server's"):
        links.read(text, KEY)


def test_a_short_key_and_a_nameless_sensor_are_refused() -> None:
    with pytest.raises(InputError, match=r"has 5 characters\. Give 32"):
        WARDEN.token(Secret("short"))
    for name in ("", "Door 1", "x" * 31):
        with pytest.raises(InputError, match="is no name of a sensor"):
            links.link("sensor", "S001", UNTIL, name=name)
    with pytest.raises(InputError, match="issue: is 0"):
        links.link("warden", "S001", UNTIL, issue=0)


def test_the_page_has_what_it_needs_from_this_server_alone_and_escapes_what_it_shows(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        page = await served.client.get(f"/w/{WARDEN.token(KEY)}", headers={"Accept-Language": "en-GB"})
        assert page.status_code == 200
        assert ("http://" in page.text, "https://" in page.text, "<style" in page.text) == (
            False,
            False,
            False,
        )
        assert page.headers["cache-control"] == "no-store"
        for name, (kind, content) in static_files().items():
            found = await served.client.get(f"/static/{name}")
            assert (found.content, found.headers["content-type"]) == (content, kind)
            assert "immutable" in found.headers["cache-control"]
            assert (f"/static/{name}" in page.text) == name.startswith("warden-")
        assert (await served.client.get("/static/warden.js")).status_code == 404
        assert 'lang="uk"' in (await served.client.get(f"/w/{WARDEN.token(KEY)}")).text
        assert (await served.client.get(f"/w/{SENSOR.token(KEY)}")).status_code == 401

    run(body, tmp_path, link_key=KEY)


def test_a_phone_sends_once_and_in_order_what_was_pressed_without_a_network(
    tmp_path: Path, browser_path: str
) -> None:
    from playwright.async_api import async_playwright

    async def body(served: Served) -> None:
        async with async_playwright() as play:
            browser = await play.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
            context = await browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
            page = await context.new_page()
            wrong: list[str] = []
            page.on("pageerror", lambda error: wrong.append(str(error)))
            served.clock.time = datetime.now(UTC) + timedelta(seconds=30)
            await page.goto(f"{served.client.base_url}/w/{WARDEN.token(KEY)}")
            await context.set_offline(True)
            await page.get_by_role("button", name="Open").click()
            await page.get_by_role("button", name="Full").click()
            await page.get_by_label("People inside").fill("5")
            await page.get_by_role("button", name="Send the count").click()
            await page.get_by_text("Waiting for the network").wait_for()
            assert served.live.followed.situation.seq == 0
            await context.set_offline(False)
            await page.get_by_text("Last sent: People inside: 5").wait_for()
            assert await page.locator("#waiting").is_hidden()
            said = [each.payload for each in served.live._journal.read()]
            assert [getattr(each, "status", getattr(each, "people", None)) for each in said] == [
                "open",
                "full",
                5,
            ]
            assert await page.evaluate("localStorage.getItem(localStorage.key(0))") == "[]"
            assert wrong == []
            await browser.close()

    run(body, tmp_path, link_key=KEY)
