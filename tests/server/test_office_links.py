"""Links of wardens at the office: for a season or a night, taken back, and never made or ended by an exercise."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from office import Seat, at_the_office, seat
from served import Served
from takecover.model.event_payloads import Audited
from takecover.server.office_texts import OFFICE
from takecover.server.texts import WARDEN

OPEN_ID = "S001"
SEASON = {"term": "season", "until": "2027-04-30", "issue": "1"}
SHEET = {**SEASON, "only": OPEN_ID, "address": "https://shelters.test"}


def _audits(found: Served) -> list[str]:
    return [e.payload.action for e in found.live._journal.read() if isinstance(e.payload, Audited)]


def _path(sheet: str) -> str:
    return sheet.split("https://shelters.test")[1].split("<")[0]


def test_links_are_made_on_a_sheet_and_taken_back_and_the_journal_holds_none_of_them(tmp_path: Path) -> None:
    async def body(found: Served, at: Seat) -> None:
        form = {**await at.form("/officer/links"), **SHEET}
        sheet = await at.send("/officer/links/sheet", form)
        assert (sheet.status_code, "2027-04-30" in sheet.text) == (200, True)
        assert (await at.send("/officer/links/sheet", form)).text == sheet.text
        path = _path(sheet.text)
        assert (await found.client.get(path)).status_code == 200
        token = path.removeprefix("/w/").encode()
        files = sorted(tmp_path.glob("journal.sqlite*"))
        assert len(files) > 1
        assert any(b"links_issued" in file.read_bytes() for file in files)
        assert not any(token in file.read_bytes() for file in files)
        for _ in range(2):
            await at.does("/officer/links/revoke", {**SEASON, "id": OPEN_ID}, "/officer/links")
        assert (await found.client.get(path)).status_code == 401
        assert _audits(found)[-2:] == ["links_issued", "link_revoked"]
        for wrong in (
            {"until": "2020-01-01"},
            {"until": "2030-01-01"},
            {"until": "soon"},
            {"issue": "0"},
            {"only": "S999"},
            {"address": "javascript:1"},
        ):
            refused = await at.does("/officer/links/sheet", {**SHEET, **wrong}, "/officer/links")
            assert refused.status_code == 422, wrong

    at_the_office(tmp_path, body)


def test_a_link_of_one_night_is_good_for_that_night_alone_and_its_page_says_why_not(tmp_path: Path) -> None:
    async def body(found: Served, at: Seat) -> None:
        begins, ends = (found.clock().astimezone() + timedelta(hours=hours) for hours in (10, 20))
        hours = {"term": "night", "begins": f"{begins:%Y-%m-%dT%H:%M}", "ends": f"{ends:%Y-%m-%dT%H:%M}"}
        sheet = (await at.does("/officer/links/sheet", {**SHEET, **hours}, "/officer/links")).text
        assert f"{begins:%Y-%m-%d %H:%M}" in sheet
        assert f"{ends:%Y-%m-%d %H:%M}" in sheet
        path = _path(sheet)
        said = {"event_id": "event-0001", "effective_at": found.clock().isoformat(), "status": "open"}
        bearer = {"Authorization": f"Bearer {path.removeprefix('/w/')}"}
        for turn_s, status, why in ((0, 401, "night_early"), (36_000, 200, ""), (36_000, 401, "night_over")):
            found.clock.turn(turn_s)
            for language in ("en", "uk"):
                spoken = {"Accept-Language": language}
                page = await found.client.get(path, headers=spoken)
                assert page.status_code == status
                sent = await found.client.post(
                    "/api/v1/reports",
                    json={**said, "effective_at": found.clock().isoformat(), "event_id": f"event-{turn_s}"},
                    headers={**bearer, **spoken},
                )
                assert sent.status_code == status, sent.text
                if why:
                    assert WARDEN[language][why] in page.text
                    assert sent.json()["detail"] == WARDEN[language][why]
                else:
                    assert f"{ends:%Y-%m-%d %H:%M}" in page.text
        async with seat(found, "duty-1") as later:
            late = await later.does("/officer/links/sheet", {**SHEET, **hours}, "/officer/links")
        assert late.status_code == 422

    at_the_office(tmp_path, body)


def test_a_link_of_one_night_is_taken_back_by_its_hours(tmp_path: Path) -> None:
    async def body(found: Served, at: Seat) -> None:
        begins, ends = (found.clock().astimezone() + timedelta(hours=hours) for hours in (-1, 9))
        hours = {"term": "night", "begins": f"{begins:%Y-%m-%dT%H:%M}", "ends": f"{ends:%Y-%m-%dT%H:%M}"}
        path = _path((await at.does("/officer/links/sheet", {**SHEET, **hours}, "/officer/links")).text)
        assert (await found.client.get(path)).status_code == 200
        gone = {**hours, "issue": "1", "id": OPEN_ID}
        await at.does("/officer/links/revoke", gone, "/officer/links")
        assert WARDEN["en"]["gone"] in (await found.client.get(path, headers={"Accept-Language": "en"})).text

    at_the_office(tmp_path, body)


@pytest.mark.parametrize(
    ("begins", "ends"),
    [("", ""), ("2026-11-25T08:00", "2026-11-25T07:00"), ("2026-11-25T18:00", "2026-11-28T18:00")],
)
def test_hours_that_are_no_night_are_refused(tmp_path: Path, begins: str, ends: str) -> None:
    async def body(found: Served, at: Seat) -> None:
        wrong = {**SHEET, "term": "night", "begins": begins, "ends": ends}
        assert (await at.does("/officer/links/sheet", wrong, "/officer/links")).status_code == 422
        assert "links_issued" not in _audits(found)

    at_the_office(tmp_path, body)


def test_an_exercise_makes_and_takes_back_no_link_and_says_so_in_both_languages(tmp_path: Path) -> None:
    async def body(found: Served, at: Seat) -> None:
        form = await at.form("/officer/alarm")
        for language in ("en", "uk"):
            said = OFFICE[language]["links_exercise"]
            headers = {"Accept-Language": language, "Accept": "text/html"}
            assert said in (await at.client.get("/officer/links", headers=headers)).text
            for path, fields in (("sheet", SHEET), ("revoke", {**SEASON, "id": OPEN_ID})):
                sent = {**form, "request_id": "a-request-of-mine", **fields}
                answer = await at.client.post(f"/officer/links/{path}", data=sent, headers=headers)
                assert (answer.status_code, said in answer.text) == (422, True)
        assert not {"links_issued", "link_revoked"} & set(_audits(found))

    at_the_office(tmp_path, body, is_exercise=True)
