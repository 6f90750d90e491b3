"""Erasure at the office: one asks, another reads and decides, and then the words are gone from the disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from office import Seat, at_the_office, seat
from served import Served
from takecover.analysis.situation_record import incidents
from takecover.model.event_payloads import Audited, Erased, ErasureAsked
from takecover.server.office_texts import OFFICE

NOTE = "Petrenko lives on the third floor"
PAGE = "/officer/erasure"


async def _noted(found: Served, at: Seat) -> str:
    """Id of the event of an incident with a note."""
    fields = {"what": "debris", "status": "reported", "lon": "", "lat": "", "note": NOTE}
    assert (await at.does("/officer/incident", fields)).status_code == 303
    (known,) = incidents(found.live.state, found.clock())
    return found.live.state.trails[f"incident:{known.incident_id}"][0].event_id


def _said(found: Served, *kinds: type) -> list[tuple[str, str]]:
    events = [e for e in found.live._journal.read() if isinstance(e.payload, kinds)]
    return [(e.payload.kind, e.actor_id) for e in events if "logged" not in str(e.payload)]


async def _asked(found: Served, at: Seat) -> dict[str, str]:
    """The officer asks that the note go; what the page of the second one hides."""
    event_id = await _noted(found, at)
    form = {**await at.form(PAGE), "id": event_id, "word:note": "on", "reason": "name"}
    for _ in range(2):
        assert (await at.send(PAGE, form)).status_code == 303
    ((request_id, _),) = [
        (e.event_id, e) for e in found.live._journal.read() if isinstance(e.payload, ErasureAsked)
    ]
    return {"asked": request_id}


def test_words_are_erased_once_a_second_person_has_read_them_and_agreed(tmp_path: Path) -> None:
    async def body(found: Served, first: Seat) -> None:
        asked = await _asked(found, first)
        own = (await first.get(PAGE)).text
        assert OFFICE["en"]["notice_own"] in own
        assert OFFICE["en"]["erasure_approve"] not in own
        assert any(NOTE.encode() in file.read_bytes() for file in tmp_path.glob("journal.sqlite*"))
        async with seat(found, "duty-2") as second:
            page = (await second.get(PAGE)).text
            assert NOTE in page
            assert OFFICE["en"]["reason.name"] in page
            form = {**await second.form(PAGE), **asked, "decision": "approve"}
            for _ in range(2):
                assert (await second.send(PAGE + "/decide", form)).status_code == 303
            assert OFFICE["en"]["erasure_none_waits"] in (await second.get(PAGE)).text
        assert _said(found, ErasureAsked, Erased) == [
            ("erasure_asked", "user:duty-1"),
            ("erased", "user:duty-2"),
        ]
        files = list(tmp_path.glob("journal.sqlite*"))
        assert files
        assert not any(NOTE.encode() in file.read_bytes() for file in files)
        assert NOTE not in (await first.get(PAGE)).text

    at_the_office(tmp_path, body)


def test_an_erasure_that_is_refused_leaves_the_words_and_can_be_asked_for_anew(tmp_path: Path) -> None:
    async def body(found: Served, first: Seat) -> None:
        asked = await _asked(found, first)
        async with seat(found, "duty-2") as second:
            form = {**await second.form(PAGE), **asked, "decision": "reject"}
            for _ in range(2):
                assert (await second.send(PAGE + "/decide", form)).status_code == 303
            assert _said(found, Audited)[-1] == ("audit", "user:duty-2")
            late = {**form, "request_id": "another-request", "decision": "approve"}
            assert (await second.send(PAGE + "/decide", late)).status_code == 422
            assert _said(found, Erased) == []
            page = (await second.get(PAGE)).text
            assert OFFICE["en"]["erasure_none_waits"] in page
        assert NOTE in (await first.get(PAGE)).text

    at_the_office(tmp_path, body)


def test_nobody_erases_alone_and_who_may_neither_ask_nor_decide_sees_no_page(tmp_path: Path) -> None:
    async def body(found: Served, first: Seat) -> None:
        asked = {**await _asked(found, first), "decision": "approve"}
        assert (await first.send(PAGE + "/decide", {**await first.form(PAGE), **asked})).status_code == 403
        assert (await first.send(PAGE + "/decide", asked)).status_code == 403
        async with seat(found, "duty-2") as second:
            assert (
                await second.send(PAGE + "/decide", {**asked, "request_id": "no-csrf-here"})
            ).status_code == 403
            form = {**await second.form(PAGE), "id": "x", "word:note": "on", "reason": "name"}
            assert (await second.send(PAGE, form)).status_code == 403
        async with seat(found, "looker") as looker:
            assert (await looker.get(PAGE)).status_code == 403
            assert "/officer/erasure" not in (await looker.get("/officer")).text
        assert _said(found, Erased) == []

    at_the_office(tmp_path, body)


@pytest.mark.parametrize(
    "wrong", [{"reason": "because"}, {"word:note": None}, {"word:other": "on"}, {"id": "never"}]
)
def test_what_cannot_be_erased_is_refused_and_nothing_is_asked(tmp_path: Path, wrong: dict[str, str]) -> None:
    async def body(found: Served, at: Seat) -> None:
        event_id = await _noted(found, at)
        form = {**await at.form(PAGE), "id": event_id, "word:note": "on", "reason": "name", **wrong}
        sent = {name: value for name, value in form.items() if value is not None}
        assert (await at.send(PAGE, sent)).status_code == 422
        assert _said(found, ErasureAsked) == []

    at_the_office(tmp_path, body)


def test_the_words_beside_any_event_are_found_by_its_id_and_those_of_the_other_world_are_not(
    tmp_path: Path,
) -> None:
    async def body(found: Served, at: Seat) -> None:
        event_id = await _noted(found, at)
        assert NOTE in (await at.get(PAGE, id=event_id)).text
        assert OFFICE["en"]["erasure_nothing"] in (await at.get(PAGE, id="never")).text
        sent = {**await at.form(PAGE), "id": event_id, "word:note": "on", "reason": "name"}
        object.__setattr__(found.live, "is_exercise", True)
        assert NOTE not in (await at.get(PAGE, id=event_id)).text
        assert (await at.send(PAGE, sent)).status_code == 422

    at_the_office(tmp_path, body)
