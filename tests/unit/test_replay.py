"""A replay: what can be replayed, which raid is meant, who is let in, and how it ends."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from generated_raid import Raid as Generated
from journal import NIGHT as BEGIN
from journal import alert, all_clear, at, chained, draft, retract, shelter
from served import Served, run
from takecover.analysis.raids import Raid, raids
from takecover.analysis.retelling import Moments
from takecover.analysis.situation_alerts import rows
from takecover.analysis.situation_record import spans
from takecover.analysis.situation_topics import ALERTS
from takecover.cli import app
from takecover.errors import InputError, SourceError
from takecover.io import alert_history
from takecover.io.alert_history import AlertSpan
from takecover.model.event import Draft, said
from takecover.model.event_payloads import Audited, PeopleCounted
from takecover.settings import Secret
from takecover.store.opening import open_journal
from takecover.workflow.live import recordings
from takecover.workflow.live.recordings import History, Lines
from takecover.workflow.live.replay import Player, Server, chosen, score

NIGHT = datetime(2023, 5, 29, 22, 0, tzinfo=UTC)
RAID = AlertSpan(datetime(2023, 5, 29, 23, 6, 11, tzinfo=UTC), datetime(2023, 5, 30, 1, 46, 50, tzinfo=UTC))
OFFICIAL = "oblast,raion,hromada,level,started_at,finished_at,source\n"
VOLUNTEER = "region,started_at,finished_at,naive\n"
ROW = "2023-05-29 23:06:11+00:00,2023-05-30 01:46:50+00:00"
TOKEN = "a token for replays alone"
DOORS = {"is_exercise": True, "replay_token": Secret(TOKEN)}
BEARER = {"Authorization": f"Bearer {TOKEN}"}


def _file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "history.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "text",
    [
        f"{OFFICIAL}Kyiv City,,,oblast,{ROW},official\n",
        f"\ufeff{OFFICIAL}Kyiv City,Bucha,,raion,{ROW},official\nKyiv City,,,oblast,{ROW},official\n",
        f"{VOLUNTEER}Kyiv City,{ROW},False\n",
    ],
)
def test_both_layouts_give_the_alerts_of_the_whole_region(tmp_path: Path, text: str) -> None:
    assert alert_history.read(_file(tmp_path, text)) == (RAID,)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is no history of alerts"),
        ("a,b\n1,2\n", "is no history of alerts"),
        (
            f"{VOLUNTEER}Kyiv City,yesterday,2023-05-30 01:46:50+00:00,False\n",
            "line 2: started_at is 'yesterday'",
        ),
        (f"{VOLUNTEER}Kyiv City,2023-05-29 23:06:11,,False\n", "line 2: finished_at is ''"),
        (f"{VOLUNTEER}Kyiv City,2023-05-30 01:46:50Z,2023-05-29 01:46:50Z,\n", "finished_at is before"),
        (f"{VOLUNTEER}A,{ROW},\nB,{ROW},\n", "not one of its 2: A, B"),
        (VOLUNTEER, "not one of its 0: none"),
    ],
)
def test_what_is_no_history_is_refused_with_its_row(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        alert_history.read(_file(tmp_path, text))
    assert words in str(caught.value)


def test_the_night_of_30_may_2023_is_a_raid_in_both_histories_of_kyiv(shared_data: Path) -> None:
    for layout in ("official", "volunteer"):
        path = shared_data / "kyiv" / f"air_raid_alerts_kyiv_city_{layout}.csv"
        with recordings.opened(str(path), "", 10.0) as recording:
            near = [
                raid
                for raid in raids(recording.alerts())
                if abs(raid.began_at - RAID.started_at) < timedelta(minutes=5)
            ]
        assert len(near) == 1
        assert near[0].ended_at is not None
        assert abs(near[0].ended_at - RAID.finished_at) < timedelta(minutes=5)


def _events(*said: tuple[Any, float]) -> Lines:
    """Events of one feed, each so many minutes into the night."""
    made = chained(
        [draft(f"e{n}", payload, minutes, "feed:a", "") for n, (payload, minutes) in enumerate(said)]
    )
    return Lines(lambda: iter(made))


def test_a_raid_is_from_the_first_alert_on_to_the_last_all_clear() -> None:
    recording = _events(
        (alert("A", ("north",)), 1),
        (alert("B", ("south",), "ballistic"), 5),
        (all_clear(("north",)), 8),
        (all_clear(("south",), "ballistic"), 9),
        (alert("C", ("north",), expires_at=at(40)), 20),
        (alert("D", ("south",), status="Test"), 45),
        (alert("E", ("south",)), 60),
    )
    first, second, third = raids(recording.alerts())
    assert first == Raid(at(1), at(9), 2, ("ballistic", "drone"), ("north", "south"), False)
    assert (second.began_at, second.ended_at, second.area_ids) == (at(20), at(40), ("north",))
    assert (third.began_at, third.ended_at) == (at(60), None)


def test_an_alert_that_was_taken_back_is_no_raid_and_an_update_goes_on_with_one() -> None:
    taken_back = chained(
        [draft("e0", alert(), 1, "feed:a", ""), draft("e1", retract("e0"), 2, "officer:web", "user:1")]
    )
    assert raids(taken_back) == ()
    update = _events((alert("A"), 1), (alert("B", references=("A",)), 5), (all_clear(alert_ids=("B",)), 9))
    (raid,) = raids(update.alerts())
    assert (raid.began_at, raid.ended_at, raid.alerts) == (at(1), at(9), 2)


def test_a_raid_is_named_by_nothing_its_number_or_its_local_date() -> None:
    found = [Raid(at(day * 1440 + 720), at(day * 1440 + 730), 1, (), (), False) for day in (0, 1, 1, 2)]
    assert chosen(found, "") == found[-1]
    assert chosen(found, "2") == found[1]
    assert chosen(found, f"{found[0].began_at.astimezone():%Y-%m-%d}") == found[0]
    for which, words in (
        ("0", "raids 1 to 4"),
        ("5", "raids 1 to 4"),
        ("may", "no number and no date"),
        ("2020-01-01", "not one raid but none"),
        (f"{found[1].began_at.astimezone():%Y-%m-%d}", "not one raid but 2, 3"),
    ):
        with pytest.raises(InputError, match=words):
            chosen(found, which)
    with pytest.raises(InputError, match="holds no raid"):
        chosen([], "")


def test_a_time_in_which_nothing_was_recorded_is_refused() -> None:
    recording = _events((alert(), 1))
    with pytest.raises(InputError, match="Nothing was recorded from"):
        score(recording, at(2), at(3))
    with pytest.raises(InputError, match="to the end"):
        score(recording, at(2), None)


def test_two_moments_that_differ_stay_in_their_order_however_fast_it_goes() -> None:
    then = [BEGIN + timedelta(milliseconds=ms) for ms in (0, 1, 2, 3, 500, 90_000)]
    moments = Moments(BEGIN, NIGHT, 1000.0, then)
    now = [(moments(each) - NIGHT) / timedelta(milliseconds=1) for each in then]
    assert now == [0, 1, 2, 3, 4, 90]
    assert moments(BEGIN - timedelta(minutes=7)) == NIGHT - timedelta(minutes=7)


async def _played(
    served: Served, recording: Any, until: datetime, speed: float, stops_after: int = 10**6
) -> Any:
    """Play a recording of the night; the city's word before each wait, and how it went."""
    words: list[str] = []

    async def wait(seconds: float) -> bool:
        if seconds > 0:
            words.append((await served.state())["areas"][0]["word"])
            served.clock.turn(seconds)
        return len(words) >= stops_after

    player = Player(Server(served.client, Secret(TOKEN)), speed, served.clock, wait, lambda _at, _n: None)
    return words, await player.play(score(recording, NIGHT, until))


def test_a_history_played_through_a_real_server_is_on_and_then_over(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        history = History((RAID,), timedelta(seconds=4500))
        words, done = await _played(served, history, RAID.finished_at + timedelta(minutes=1), 100.0)
        assert words[0] in ("unknown", "none")
        assert set(words[1:-1]) == {"on"}
        assert (words[-1], done.is_whole) == ("none", True)
        assert len(rows(served.live.state.trails[ALERTS])) == 1
        assert served.live.followed.situation.real.trails == {}

    run(body, tmp_path, **DOORS)


def test_a_replay_that_is_stopped_ends_its_alerts_and_the_exercise(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        recording = _night(
            (alert("A", ("city",)), 5), (alert("B", ("city",), "ballistic"), 10), (shelter("open"), 60)
        )
        words, done = await _played(served, recording, NIGHT + timedelta(hours=2), 10.0, stops_after=3)
        assert (words[-1], done.is_whole, done.events) == ("on", False, 2)
        assert (await served.state())["areas"][0]["word"] == "none"
        (span,) = spans(served.live.state, served.clock())
        assert (span.span, span.ended_at) == ("drill", served.clock())

    run(body, tmp_path, **DOORS)


def _night(*said: tuple[Any, float]) -> Lines:
    """As `_events`, from `NIGHT` on, by an officer."""
    times = [NIGHT + timedelta(minutes=minutes) for _, minutes in said]
    drafts = [
        Draft(f"e{n}", when, "officer:web", "user:1", payload)
        for n, ((payload, _), when) in enumerate(zip(said, times, strict=True))
    ]
    return Lines(lambda: iter(chained(drafts)))


def _sent(**changes: Any) -> dict[str, Any]:
    """One event as a replay sends it."""
    made = Draft("replay/x/1", BEGIN, "warden:S001", "replay:1", PeopleCounted("S001", 7), is_exercise=True)
    return {**said(made), **changes}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"is_exercise": False}, "is no event of a replay"),
        ({"event_id": "act/1"}, "is no event of a replay"),
        (
            {"kind": "audit", "payload": {"action": "login", "subject_id": ""}, "source": "system:x"},
            "act on the system",
        ),
        ({"kind": "rocket"}, "kind: 'rocket' is unknown"),
        ({"effective_at": "soon"}, "effective_at: 'soon' is no time"),
        ({"words": {"note": "a name"}}, "missing or unknown is ['words']"),
        ({"payload": {"shelter_id": "S001", "people": -1}}, "payload.people: -1 is no whole number"),
        ({"source": "resident:web"}, "a resident cannot say 'count'"),
    ],
)
def test_what_is_no_event_of_a_replay_is_refused_and_nothing_is_recorded(
    tmp_path: Path, changes: dict[str, Any], words: str
) -> None:
    async def body(served: Served) -> None:
        content = {
            "events": [
                _sent(),
                _sent(event_id="replay/x/2", **changes) if "event_id" not in changes else _sent(**changes),
            ]
        }
        answer = await served.client.post("/api/v1/replay", json=content, headers=BEARER)
        assert answer.status_code == 422
        assert words in " ".join(answer.json()["faults"])
        assert served.live.followed.situation.seq == 0

    run(body, tmp_path, **DOORS)


def test_the_same_sent_again_is_recorded_once(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        for _ in range(2):
            answer = await served.client.post("/api/v1/replay", json={"events": [_sent()]}, headers=BEARER)
            assert (answer.status_code, answer.json()["events"][0]["seq"]) == (200, 1)
        assert served.live.followed.situation.seq == 1

    run(body, tmp_path, **DOORS)


def _refusal(folder: Path, before: Callable[[Served], Awaitable[None]] | None = None, **doors: Any) -> str:
    """What a person is told whose replay a server refuses; nothing of the replay is recorded."""
    told: list[str] = []

    async def body(served: Served) -> None:
        if before is not None:
            await before(served)
        seq = served.live.followed.situation.seq
        with pytest.raises(InputError) as caught:
            await _played(served, _night((alert(), 5)), NIGHT + timedelta(hours=1), 10.0)
        told.append(str(caught.value))
        assert served.live.followed.situation.seq == seq

    run(body, folder, **doors)
    return told[0]


def test_a_server_of_the_real_world_refuses_a_replay(tmp_path: Path) -> None:
    assert "shows the real world" in _refusal(tmp_path, replay_token=Secret(TOKEN))


def test_an_exercise_over_a_journal_with_real_events_refuses_a_replay(tmp_path: Path) -> None:
    journal = open_journal(str(tmp_path / "journal.sqlite"), now=lambda: BEGIN)
    journal.append(Draft("e1", BEGIN, "officer:console", "user:1", Audited("user_added", "user:2")))
    journal.close()

    async def only_users(served: Served) -> None:
        await _played(served, _night((alert(), 5)), NIGHT + timedelta(hours=1), 1000.0)

    run(only_users, tmp_path, **DOORS)
    journal = open_journal(str(tmp_path / "journal.sqlite"), now=lambda: BEGIN)
    journal.append(draft("e2", shelter("open")))
    journal.close()
    assert "holds events of the real world" in _refusal(tmp_path, **DOORS)


def test_a_server_without_the_token_or_with_another_refuses_a_replay(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    assert "TAKECOVER_REPLAY_TOKEN" in _refusal(tmp_path / "a", is_exercise=True)
    (tmp_path / "b").mkdir()
    assert "Give the token" in _refusal(tmp_path / "b", is_exercise=True, replay_token=Secret("another"))


def test_a_server_that_is_away_is_tried_for_a_while(tmp_path: Path) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def body() -> None:
        async with httpx.AsyncClient(base_url="http://127.0.0.1:9") as nobody:
            drafts = [draft("replay/x/1", shelter("open"), is_exercise=True)]
            with pytest.raises(SourceError, match="cannot be reached"):
                await Server(nobody, Secret(TOKEN), sleep).send(drafts)

    asyncio.run(body())
    assert sum(slept) == 19.0


def test_the_command_lists_raids_and_says_what_it_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(_file(tmp_path, f"{VOLUNTEER}Kyiv City,{ROW},False\n"))
    monkeypatch.delenv("TAKECOVER_REPLAY_TOKEN", raising=False)

    def said_by(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["replay", *words])
        return done.exit_code, done.output

    code, output = said_by(path, "--list")
    began = RAID.started_at.astimezone()
    assert code == 0
    assert output.split()[:3] == ["1", f"{began:%Y-%m-%d}", f"{began:%H:%M}"]
    code, output = said_by(path)
    assert (code, "--exercise" in output) == (2, True)
    code, output = said_by(path, "--exercise")
    assert (code, "TAKECOVER_REPLAY_TOKEN: is not set" in output) == (3, True)
    monkeypatch.setenv("TAKECOVER_REPLAY_TOKEN", TOKEN)
    for words, expected, text in (
        ((path, "--from", "2023-05-29T22:00"), 2, "both"),
        ((path, "--from", "late", "--until", "later"), 3, "--from: 'late' is no time"),
        ((path, "7"), 3, "raids 1 to 1"),
        ((str(tmp_path / "none.csv"),), 4, "cannot be read"),
    ):
        code, output = said_by(*words, "--exercise")
        assert (code, text in output) == (expected, True), output


def test_ctrl_c_ends_the_command_and_the_exercise_cleanly(tmp_path: Path) -> None:
    """A real journal, a real process, a real server: stopped in the middle, it says so and leaves no alert on."""
    raid = Generated(tmp_path / "raid.sqlite", Random(3))
    raid.write(60)
    raid.journal.close()
    since, until = (raid.events[n].recorded_at.isoformat() for n in (0, -1))

    async def body(served: Served) -> None:
        words = [
            "--from",
            since,
            "--until",
            until,
            "--speed",
            "5",
            "--to",
            str(served.client.base_url),
            "--exercise",
        ]
        served.clock.time = datetime.now(UTC)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", "from takecover.cli import main; main()", "replay", "raid"),
            *("--journal", str(tmp_path / "raid.sqlite"), *words),
            env={**os.environ, "TAKECOVER_REPLAY_TOKEN": TOKEN},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        while served.live.followed.situation.seq < 3 and process.returncode is None:
            await asyncio.sleep(0.05)
            served.clock.turn(0.05)
        assert process.returncode is None
        process.send_signal(signal.SIGINT)
        output, errors = await process.communicate()
        assert (process.returncode, errors) == (0, b"")
        assert b"Stopped: " in output
        now = served.clock()
        assert [each.ended_at is None for each in spans(served.live.state, now) if each.span == "drill"] == [
            False
        ]
        assert all(row.ended_at for row in rows(served.live.state.trails.get(ALERTS, ())).values())

    run(body, tmp_path, within_s=120, **DOORS)
