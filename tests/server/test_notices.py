"""Notices on a real server: asked by one, agreed by another, on the state and the stream at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from served import Served, lines_of, run
from takecover.errors import InputError
from takecover.model.event import Event
from takecover.server.shapes import Notice
from takecover.workflow.live import noticing


async def _asked(served: Served, request_id: str = "request-1", **changes: Any) -> Event:
    values = {"template_id": "go_to_shelter", "area_ids": ("Z1",), **changes}
    return await noticing.ask(served.live, "olha", request_id, **values)


async def _agreed(
    served: Served, asked: Event, notice_id: str = "request-1", decision: str = "approve"
) -> Event:
    name = f"decision-{asked.seq}"
    return await noticing.decide(served.live, "ivan", name, notice_id, asked.event_id, decision)


def test_a_notice_is_public_once_a_second_person_agrees_and_ends_as_easily(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        asked = await _asked(served)
        assert (await served.state())["notices"] == []
        served.clock.turn(1)
        async with served.client.stream("GET", "/api/v1/stream") as answer:
            lines = lines_of(answer)
            assert (await anext(lines))[0] == "hello"
            await _agreed(served, asked)
            name, change = await anext(lines)
            assert name == "change"
            (told,) = change["notices"]
        assert Notice.model_validate(told).status == "public"
        assert told["headline"] == {"uk": "Негайно пройдіть в укриття", "en": "Go to shelter now"}
        assert (told["area_ids"], told["is_exercise"]) == (["Z1"], False)
        assert told["expires_at"] == "2026-11-25T04:00:00.000Z"
        assert (await served.state())["notices"] == [told]

        changed = await noticing.update(
            served.live, "ivan", "request-2", "request-1", "stay_in_shelter", ("city",)
        )
        assert (await served.state())["notices"] == [told]
        await noticing.decide(served.live, "olha", "decision-x", "request-1", changed.event_id, "approve")
        (now,) = (await served.state())["notices"]
        assert (now["msg_type"], now["message_id"], now["area_ids"]) == (
            "Update",
            "notice/request-2",
            ["city"],
        )

        ended = await noticing.cancel(served.live, "olha", "request-3", "request-1")
        await _agreed(served, ended)
        (now,) = (await served.state())["notices"]
        assert (now["status"], now["msg_type"]) == ("cancelled", "Cancel")
        with pytest.raises(InputError, match="was taken back"):
            await noticing.cancel(served.live, "olha", "request-4", "request-1")

    run(body, tmp_path)


def test_the_same_request_and_the_same_decision_sent_again_are_recorded_once(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        asked = await _asked(served)
        served.clock.turn(5)
        assert (await _asked(served)).seq == asked.seq
        decided = await _agreed(served, asked)
        served.clock.turn(5)
        assert (await _agreed(served, asked)).seq == decided.seq

    run(body, tmp_path)


def test_a_person_cannot_agree_to_what_they_asked_nor_to_what_changed_meanwhile(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        asked = await _asked(served)
        with pytest.raises(InputError, match="who asked cannot decide"):
            await noticing.decide(served.live, "olha", "decision-1", "request-1", asked.event_id, "approve")
        await noticing.update(served.live, "olha", "request-2", "request-1", "keep_away", ("Z2",))
        with pytest.raises(InputError, match="a newer request took its place"):
            await _agreed(served, asked)
        with pytest.raises(InputError, match="there is no notice"):
            await _agreed(served, asked, "request-9")
        assert (await served.state())["notices"] == []
        assert [each.status for each in noticing.views(served.live)] == ["asked"]

    run(body, tmp_path)


def test_a_request_that_ran_out_cannot_be_approved_but_rejected(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        asked = await _asked(served, expires_at=served.clock() + timedelta(seconds=60))
        served.clock.turn(61)
        with pytest.raises(InputError, match="Ask for it anew"):
            await _agreed(served, asked)
        await _agreed(served, asked, decision="reject")
        assert [each.status for each in noticing.views(served.live)] == ["rejected"]

    run(body, tmp_path)


def test_everything_wrong_with_a_request_is_said_at_once(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        with pytest.raises(InputError) as caught:
            await _asked(
                served, template_id="no", area_ids=("Z1", "Q"), expires_at=served.clock() + timedelta(days=9)
            )
        assert [fault.partition(":")[0] for fault in caught.value.faults] == [
            "template_id",
            "area_ids",
            "expires_at",
        ]
        with pytest.raises(InputError, match="area_ids: none"):
            await _asked(served, area_ids=())
        with pytest.raises(InputError, match="request_id"):
            await _asked(served, "a b")
        with pytest.raises(InputError, match="expires_at"):
            await _asked(served, expires_at=served.clock())

    run(body, tmp_path)


def test_a_notice_of_an_exercise_says_so_and_turns_expired_by_itself(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        await _agreed(served, await _asked(served, template_id="be_ready"))
        (told,) = (await served.state())["notices"]
        assert told["is_exercise"] is True
        assert told["headline"]["en"] == "EXERCISE. Be ready to go to shelter"
        assert told["instruction"]["uk"].startswith("НАВЧАННЯ. ")
        served.clock.turn(7201)
        await asyncio.sleep(0.3)
        (told,) = (await served.state())["notices"]
        assert told["status"] == "expired"

    run(body, tmp_path, is_exercise=True)
