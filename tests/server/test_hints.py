"""Hints of residents: with the office, never a state, slowed before they flood, and no way to find what is withheld."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from served import Served, run
from takecover.analysis.situation import default_rules
from takecover.analysis.situation_view import shelter
from takecover.server.pace import Pace


async def _hint(served: Served, number: int = 1, **changes: Any) -> httpx.Response:
    sent = {"event_id": f"resident-{number:04d}", "shelter_id": "S001", "status": "shut", **changes}
    return await served.client.post("/api/v1/hints", json=sent)


def test_a_flood_of_hints_reaches_the_office_and_changes_no_public_byte(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        before = await served.client.get("/api/v1/state")
        for number in range(32):
            answer = await _hint(served, number)
            assert (answer.status_code, answer.json()) == (202, {"is_exercise": False})
        assert (await served.client.get("/api/v1/state")).content == before.content
        view = shelter(served.live.state, "S001", served.clock(), default_rules())
        assert (view.shown_status, len(view.hints), view.hints[0].value) == ("unknown", 20, "shut")

    run(body, tmp_path, hint_pace=Pace(at_once=100, per_minute=1))


def test_a_hint_sent_twice_is_one_also_when_time_has_passed(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        await _hint(served)
        served.clock.turn(30)
        assert (await _hint(served)).status_code == 202
        assert served.live.followed.situation.seq == 1

    run(body, tmp_path)


def test_one_who_floods_is_slowed_and_so_are_all_together_and_no_address_is_kept(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        found = [(await _hint(served, number)).status_code for number in range(4)]
        assert found == [202, 202, 202, 429]
        assert all("127.0.0.1" not in key for key in served.site.hint_pace._left)

    run(body, tmp_path, hint_pace=Pace(at_once=3, per_minute=1))

    async def together(served: Served) -> None:
        found = [(await _hint(served, number)).status_code for number in range(2)]
        assert found == [202, 429]

    (tmp_path / "other").mkdir()
    run(together, tmp_path / "other", all_hints_pace=Pace(at_once=1, per_minute=1))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"shelter_id": "S999"}, "no such shelter"),
        ({"shelter_id": "S002"}, "no such shelter"),
        ({"status": "open"}, "status"),
        ({"event_id": "x"}, "event_id"),
        ({"lon": 30.5}, "lon"),
    ],
)
def test_a_hint_of_another_form_or_of_a_shelter_that_is_not_public_is_refused(
    tmp_path: Path, changes: dict[str, Any], words: str
) -> None:
    async def body(served: Served) -> None:
        answer = await _hint(served, **changes)
        assert (answer.status_code, words in " ".join(answer.json()["faults"])) == (422, True)
        assert served.live.followed.situation.seq == 0

    run(body, tmp_path)
