"""The officer's screen over HTTP: who may see and do what, and that each act stands once in the journal."""

from __future__ import annotations

from pathlib import Path

import pytest

from office import HTML, Seat, at_the_office, seat
from served import Served, lines_of
from takecover import threats
from takecover.analysis.situation_areas import area
from takecover.analysis.situation_record import incidents, notices, spans
from takecover.analysis.situation_view import shelter
from takecover.model.event_payloads import IncidentReported, PeopleCounted, ShelterHinted, ShelterReported
from takecover.server.office_texts import OFFICE

OPEN_ID, WITHHELD = "S001", "S002"


def status(found: Served, shelter_id: str = OPEN_ID) -> object:
    said = shelter(found.live.state, shelter_id, found.clock(), found.live.rules).status
    return None if said is None else said.value


PAGES = (
    "/officer",
    "/officer/now",
    "/officer/print",
    "/officer/alarm",
    "/officer/clear",
    "/officer/incident",
    "/officer/notice",
    "/officer/mark",
    "/officer/links",
    "/officer/erasure",
    f"/officer/shelter?id={OPEN_ID}",
)


def test_every_page_opens_for_the_officer_in_both_languages(tmp_path: Path) -> None:
    async def body(found: Served, at: Seat) -> None:
        for path in PAGES:
            for language in ("en", "uk"):
                answer = await at.client.get(path, headers={**HTML, "Accept-Language": language})
                assert answer.status_code == 200, path
                assert "script-src 'self'" in answer.headers["content-security-policy"]
                assert answer.headers["cache-control"] == "no-store"
        for address in ("/api/v1/office/state", "/api/v1/office/map/city.json"):
            assert (await at.get(address)).status_code == 200

    at_the_office(tmp_path, body)


def test_who_is_not_logged_in_is_led_to_the_door_and_told_nothing(tmp_path: Path) -> None:
    async def body(found: Served, at: Seat) -> None:
        for path in PAGES:
            answer = await found.client.get(path, headers=HTML)
            assert answer.status_code == 303 or answer.headers.get("hx-redirect") == "/login", path
            assert found.live.shelter_name(WITHHELD) not in answer.text
        for path in ("/api/v1/office/state", "/api/v1/office/map/city.json", "/api/v1/office/stream"):
            assert (await found.client.get(path)).status_code == 401

    at_the_office(tmp_path, body)


def test_one_who_may_only_look_sees_no_button_and_may_press_none(tmp_path: Path) -> None:
    async def body(found: Served, at: Seat) -> None:
        page = (await at.get("/officer")).text
        assert "/officer/alarm" not in page
        assert "/officer/incident" not in page
        for path in ("/officer/alarm", "/officer/clear", "/officer/mark", "/officer/links"):
            assert (await at.get(path)).status_code == 403
        csrf = page.split('name="csrf" value="')[1].split('"')[0]
        for path in (
            "alarm",
            "clear",
            "shelter",
            "incident",
            "notice",
            "notice/decide",
            "event",
            "mark",
            "links/sheet",
            "links/revoke",
            "erasure",
            "erasure/decide",
        ):
            sent = await at.send(f"/officer/{path}", {"csrf": csrf, "request_id": "x" * 24})
            assert sent.status_code == 403, path
        assert found.live.state.trails == {}

    at_the_office(tmp_path, body, "looker")


def test_the_second_officer_gives_no_alarm_and_no_all_clear_and_sees_no_button_for_them(
    tmp_path: Path,
) -> None:
    async def body(found: Served, at: Seat) -> None:
        page = (await at.get("/officer")).text
        assert "/officer/alarm" not in page
        assert "/officer/links" not in page
        assert "/officer/mark" in page
        form = await at.form("/officer/mark")
        area = {"area:city": "on", "confirmed": "yes"}
        for path, fields in (
            ("alarm", {"threat": "drone", "stage": "enter", **area}),
            ("clear", {"alert_id": "A-1", "threat": "drone", **area}),
            ("links/sheet", {"term": "season", "until": "2027-04-30", "issue": "1"}),
        ):
            assert (await at.get(f"/officer/{path.partition('/')[0]}")).status_code == 403
            assert (await at.send(f"/officer/{path}", {**form, **fields})).status_code == 403
        assert found.live.state.trails == {}

    at_the_office(tmp_path, body, "duty-2")


def test_a_form_without_its_token_changes_nothing(tmp_path: Path) -> None:
    async def body(found: Served, at: Seat) -> None:
        fields = {"id": OPEN_ID, "status": "shut", "request_id": "x" * 24}
        assert (await at.send("/officer/shelter", fields)).status_code == 403
        assert (await at.send("/officer/shelter", {**fields, "csrf": "guess"})).status_code == 403
        assert status(found) is None

    at_the_office(tmp_path, body)


def test_a_state_a_count_and_a_door_are_recorded_once_however_often_they_are_sent(tmp_path: Path) -> None:
    async def body(found: Served, at: Seat) -> None:
        page = f"/officer/shelter?id={OPEN_ID}"
        form = {**await at.form(page), "id": OPEN_ID, "status": "full"}
        for _ in range(3):
            found.clock.turn(1)
            assert (await at.send("/officer/shelter", form)).status_code == 303
        assert status(found) == "full"
        assert len(found.live.state.trails[f"shelter:{OPEN_ID}"]) == 1
        (door, *_) = found.live.entrance_ids(OPEN_ID)
        for fields in ({"people": "4"}, {"entrance_id": door, "door": "shut"}):
            await at.send("/officer/shelter", {**await at.form(page), "id": OPEN_ID, **fields})
        view = shelter(found.live.state, OPEN_ID, found.clock(), found.live.rules)
        assert view.people is not None
        assert (view.people.value, view.doors[door].value) == (4, "shut")
        entry = found.live.state.trails[f"shelter:{OPEN_ID}"][0]
        assert (entry.source, entry.actor_id) == ("officer:web", "user:duty-1")

    at_the_office(tmp_path, body)


@pytest.mark.parametrize(
    "fields",
    [
        {"id": "S999", "status": "open"},
        {"id": OPEN_ID, "status": "ajar"},
        {"id": OPEN_ID, "people": "many"},
        {"id": OPEN_ID, "people": "-1"},
        {"id": OPEN_ID, "entrance_id": "nowhere", "door": "shut"},
    ],
)
def test_what_cannot_be_recorded_is_refused_with_its_reason_on_a_page(
    tmp_path: Path, fields: dict[str, str]
) -> None:
    async def body(found: Served, at: Seat) -> None:
        form = await at.form(f"/officer/shelter?id={OPEN_ID}")
        answer = await at.send("/officer/shelter", {**form, **fields})
        assert answer.status_code == 422
        assert OFFICE["en"]["refused"] in answer.text
        assert found.live.state.trails == {}

    at_the_office(tmp_path, body)


def test_an_alarm_asks_once_more_unless_the_button_was_held_and_only_its_own_all_clear_ends_it(
    tmp_path: Path,
) -> None:
    async def body(found: Served, at: Seat) -> None:
        def word() -> str:
            return area(found.live.state, "city", found.clock(), found.live.rules).word

        fields = {"threat": "drone", "stage": "enter", "area:city": "on"}
        form = await at.form("/officer/alarm")
        asked = await at.send("/officer/alarm", {**form, **fields})
        assert asked.status_code == 200
        assert OFFICE["en"]["confirm_title"] in asked.text
        assert (word(), found.live.state.trails) == ("unknown", {})
        for _ in range(2):
            sent = await at.send("/officer/alarm", {**form, **fields, "confirmed": "yes"})
            assert sent.status_code == 303
        assert word() == "on"
        second = {**await at.form("/officer/alarm"), **fields, "threat": "cruise", "confirmed": "yes"}
        await at.send("/officer/alarm", second)
        first, *_ = found.live.state.trails["alerts"]
        cleared = {"alert_id": first.event_id, "threat": "drone", "area:city": "on"}
        form = await at.form("/officer/clear")
        assert OFFICE["en"]["confirm_title"] in (await at.send("/officer/clear", {**form, **cleared})).text
        assert (await at.send("/officer/clear", {**form, **cleared, "confirmed": "yes"})).status_code == 303
        assert word() == "on"
        page = (await at.get("/officer")).text
        assert "Cruise missiles" in page.split("<h1>")[1].split("</h1>")[0]
        refused = await at.send("/officer/alarm", {**form, "threat": "drone", "confirmed": "yes"})
        assert refused.status_code == 422

    at_the_office(tmp_path, body)


def test_in_an_exercise_every_page_says_so_and_an_alarm_is_of_the_exercise_alone(tmp_path: Path) -> None:
    async def body(found: Served, at: Seat) -> None:
        for path in PAGES:
            if path != "/officer/now":
                assert OFFICE["en"]["exercise"] in (await at.get(path)).text, path
        fields = {"threat": "drone", "stage": "enter", "area:city": "on", "confirmed": "yes"}
        await at.does("/officer/alarm", fields)
        situation = found.live.followed.situation
        assert [each.payload.status for each in situation.exercise.trails["alerts"]] == ["Exercise"]  # type: ignore[union-attr]
        assert situation.real.trails == {}
        assert (await at.get("/api/v1/office/state")).json()["is_exercise"] is True

    at_the_office(tmp_path, body, is_exercise=True)


def test_a_notice_goes_out_only_when_another_person_has_agreed(tmp_path: Path) -> None:
    async def body(found: Served, first: Seat) -> None:
        def seen() -> str:
            return notices(found.live.state, found.clock())[0].status

        await first.does("/officer/notice", {"template": "go_to_shelter", "area:city": "on"})
        (entry,) = found.live.state.trails[f"notice:{notices(found.live.state, found.clock())[0].notice_id}"]
        page = "/officer/notice"
        query = {"id": notices(found.live.state, found.clock())[0].notice_id}
        own = (await first.get(page, **query)).text
        assert OFFICE["en"]["notice_own"] in own
        decided = {**query, "asked": entry.event_id, "decision": "approve"}
        refused = await first.send("/officer/notice/decide", {**await first.form(page, **query), **decided})
        assert (refused.status_code, seen()) == (422, "asked")
        async with seat(found, "duty-2") as second:
            assert OFFICE["en"]["decide"] in (await second.get("/officer")).text
            await second.send("/officer/notice/decide", {**await second.form(page, **query), **decided})
            assert seen() == "public"
            await second.does(page, {**query, "step": "cancel"}, page, **query)
            assert seen() == "public"
        pending = notices(found.live.state, found.clock())[0].pending
        assert pending is not None
        agreed = {**query, "asked": pending.event_id, "decision": "approve"}
        await first.send("/officer/notice/decide", {**await first.form(page, **query), **agreed})
        assert seen() == "cancelled"

    at_the_office(tmp_path, body)


def test_an_incident_is_reported_followed_and_closed_with_its_note_beside_the_chain(tmp_path: Path) -> None:
    async def body(found: Served, at: Seat) -> None:
        fields = {
            "what": "debris",
            "status": "reported",
            "lon": "30,5",
            "lat": "50.45",
            "note": "<b>Roof</b>",
        }
        assert (await at.does("/officer/incident", fields)).status_code == 303
        (known,) = incidents(found.live.state, found.clock())
        assert known.report == IncidentReported(known.incident_id, "debris", "reported", 305000000, 504500000)
        page = (await at.get("/officer/incident", id=known.incident_id)).text
        assert "&lt;b&gt;Roof&lt;/b&gt;" in page
        closed = {"id": known.incident_id, "what": "debris", "status": "closed", "lon": "", "lat": ""}
        await at.does("/officer/incident", closed)
        assert incidents(found.live.state, found.clock())[0].report.status == "closed"
        for wrong in ({"lon": "200", "lat": "1"}, {"lon": "1", "lat": ""}, {"lon": "x", "lat": "1"}):
            assert (await at.does("/officer/incident", {**fields, **wrong})).status_code == 422
        assert (await at.get("/officer/incident", id="never")).status_code == 404

    at_the_office(tmp_path, body)


def test_the_last_own_act_is_offered_and_taken_back_and_a_word_is_put_right(tmp_path: Path) -> None:
    async def body(found: Served, at: Seat) -> None:
        page = f"/officer/shelter?id={OPEN_ID}"
        await at.send("/officer/shelter", {**await at.form(page), "id": OPEN_ID, "status": "shut"})
        (entry,) = found.live.state.trails[f"shelter:{OPEN_ID}"]
        assert OFFICE["en"]["undo"] in (await at.get("/officer")).text
        put_right = {"id": entry.event_id, "status": "filling"}
        await at.does("/officer/event", put_right, id=entry.event_id)
        assert status(found) == "filling"
        await at.does("/officer/event", {"id": entry.event_id, "action": "retract"}, id=entry.event_id)
        assert status(found) is None
        assert OFFICE["en"]["undo"] not in (await at.get("/officer")).text
        assert OFFICE["en"]["taken_back"] in (await at.get(page)).text
        again = await at.send(
            "/officer/event",
            {**await at.form(page), "id": entry.event_id, "action": "retract"},
        )
        assert again.status_code == 422
        assert (await at.get("/officer/event", id="never")).status_code == 404

    at_the_office(tmp_path, body)


def test_a_drill_is_marked_from_its_beginning_to_its_end_once_however_often_it_is_sent(
    tmp_path: Path,
) -> None:
    async def body(found: Served, at: Seat) -> None:
        form = {**await at.form("/officer/mark"), "span": "drill", "phase": "begin"}
        for _ in range(3):
            assert (await at.send("/officer/mark", form)).status_code == 303
            found.clock.turn(20)
        (begun,) = spans(found.live.state, found.clock())
        assert (begun.span, begun.ended_at) == ("drill", None)
        await at.does("/officer/mark", {"id": begun.span_id, "span": "drill", "phase": "end"})
        (ended,) = spans(found.live.state, found.clock())
        assert ended.ended_at == found.clock()

    at_the_office(tmp_path, body)


@pytest.mark.parametrize("act", [{"action": "retract"}, {"status": "filling"}])
def test_a_correction_that_is_sent_again_is_recorded_once_and_not_refused(
    tmp_path: Path, act: dict[str, str]
) -> None:
    async def body(found: Served, at: Seat) -> None:
        page = f"/officer/shelter?id={OPEN_ID}"
        await at.send("/officer/shelter", {**await at.form(page), "id": OPEN_ID, "status": "shut"})
        (entry,) = found.live.state.trails[f"shelter:{OPEN_ID}"]
        form = {**await at.form("/officer/event", id=entry.event_id), "id": entry.event_id, **act}
        assert (await at.send("/officer/event", form)).status_code == 303
        if "status" in act:
            last = {"id": entry.event_id, "action": "retract"}
            await at.does("/officer/event", last, id=entry.event_id)
        before = found.live.followed.situation.seq
        for _ in range(2):
            found.clock.turn(1)
            assert (await at.send("/officer/event", form)).status_code == 303
        assert found.live.followed.situation.seq == before
        other = await at.send("/officer/event", {**form, "request_id": "another-request"})
        assert other.status_code == 422

    at_the_office(tmp_path, body)


def test_the_screen_tells_the_most_urgent_first_with_withheld_shelters_hints_and_counts(
    tmp_path: Path,
) -> None:
    async def body(found: Served, at: Seat) -> None:
        await found.said(ShelterReported(OPEN_ID, "open"), "e1")
        await found.said(PeopleCounted(OPEN_ID, 2), "e2")
        found.clock.turn(1)
        await found.said(ShelterHinted(OPEN_ID, "shut"), "e3", "resident:web", "")
        await found.said(ShelterReported(WITHHELD, "shut"), "e4")
        page = (await at.get("/officer/now")).text
        table = page[page.index("<table>") : page.index("</table>")]
        assert table.index(f"id={WITHHELD}") < table.index(f"id={OPEN_ID}")
        assert OFFICE["en"]["withheld"] in table
        assert OFFICE["en"]["urgency.hinted"] in table
        state = (await at.get("/api/v1/office/state")).json()
        assert {each["shelter_id"]: each["status"] for each in state["shelters"]} == {
            OPEN_ID: "open",
            WITHHELD: "shut",
        }
        found_one = (await at.get("/officer/now", q=WITHHELD)).text
        assert f"id={OPEN_ID}" not in found_one[found_one.index("<table>") : found_one.index("</table>")]
        assert OFFICE["en"]["no_match"] in (await at.get("/officer/now", q="nowhere at all")).text
        assert "<script>alert" not in (await at.get("/officer", q="<script>alert(1)</script>")).text

    at_the_office(tmp_path, body)


def test_an_alert_is_shown_with_the_time_that_its_threat_usually_leaves(tmp_path: Path) -> None:
    async def body(found: Served, at: Seat) -> None:
        alarm = {"threat": "ballistic", "stage": "enter", "area:city": "on", "confirmed": "yes"}
        assert (await at.does("/officer/alarm", alarm)).status_code == 303
        usual_s = threats.usual_time_s("ballistic")
        said = f"{usual_s // 60} min" if usual_s >= 120 else f"{usual_s} s"
        assert f"{OFFICE['en']['usual']} {said}" in (await at.get("/officer/now")).text

    at_the_office(tmp_path, body)


def test_silence_is_unknown_in_large_words_and_never_an_all_clear(tmp_path: Path) -> None:
    async def body(found: Served, at: Seat) -> None:
        page = (await at.get("/officer/now")).text
        assert 'class="state word-unknown"' in page
        assert OFFICE["en"]["word.unknown.why"] in page

    at_the_office(tmp_path, body)


def test_the_offices_stream_tells_of_what_the_public_does_not_see(tmp_path: Path) -> None:
    async def body(found: Served, at: Seat) -> None:
        async with at.client.stream("GET", "/api/v1/office/stream") as answer:
            lines = lines_of(answer)
            assert (await anext(lines))[0] == "hello"
            await found.said(ShelterReported(WITHHELD, "shut"), "e1")
            name, data = await anext(lines)
            assert (name, data["within_s"], data["is_exercise"]) == ("reload", 0, False)
            assert "shut" not in str(data)

    at_the_office(tmp_path, body)


def test_language_and_light_are_remembered_in_the_browser_alone(tmp_path: Path) -> None:
    async def body(found: Served, at: Seat) -> None:
        for name, chosen in (("language", "uk"), ("light", "light")):
            answer = await at.get("/officer/view", **{name: chosen})
            assert answer.status_code == 303
        page = (await at.get("/officer")).text
        assert '<html lang="uk" data-light="light">' in page
        assert (await at.get("/officer/view", language="xx", light="pink")).headers.get("set-cookie") is None

    at_the_office(tmp_path, body)


def test_both_languages_have_the_same_words_to_say() -> None:
    assert OFFICE["en"].keys() == OFFICE["uk"].keys()
    assert all(
        OFFICE["uk"][key] != text for key, text in OFFICE["en"].items() if len(text) > 12 and "{" not in text
    )
