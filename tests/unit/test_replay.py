"""A replay: a history read row by row, its alerts in order and in time, and sent as an exercise to one that is one."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from served import TOKEN, Served, run
from takecover.analysis.situation_alerts import rows
from takecover.analysis.situation_topics import ALERTS
from takecover.cli import app
from takecover.errors import InputError, SourceError
from takecover.io import alert_history, cap, cap_writer
from takecover.io.alert_history import AlertSpan
from takecover.model.alert import Alert
from takecover.settings import Secret
from takecover.workflow.live.replay import Server, Step, play, steps

NIGHT = datetime(2023, 5, 29, 22, 0, tzinfo=UTC)
RAID = AlertSpan(datetime(2023, 5, 29, 23, 6, 11, tzinfo=UTC), datetime(2023, 5, 30, 1, 46, 50, tzinfo=UTC))
OFFICIAL = "oblast,raion,hromada,level,started_at,finished_at,source\n"
VOLUNTEER = "region,started_at,finished_at,naive\n"
ROW = "2023-05-29 23:06:11+00:00,2023-05-30 01:46:50+00:00"


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


def test_the_night_of_30_may_2023_is_in_both_histories_of_kyiv(shared_data: Path) -> None:
    for layout in ("official", "volunteer"):
        spans = alert_history.read(shared_data / "kyiv" / f"air_raid_alerts_kyiv_city_{layout}.csv")
        first, last = steps(spans, NIGHT, NIGHT + timedelta(hours=4))[:2]
        assert abs(first.at - RAID.started_at) < timedelta(minutes=5)
        assert (first.is_end, last.is_end) == (False, True)


def test_a_time_without_an_alert_is_refused() -> None:
    with pytest.raises(InputError, match="No alert began from 2023-05-28"):
        steps((RAID,), NIGHT - timedelta(days=1), NIGHT)


def test_each_message_comes_in_its_time_and_the_last_is_said_again_while_nothing_new_comes() -> None:
    time = [NIGHT]
    sent: list[tuple[float, Alert]] = []
    told: list[Step] = []

    async def sleep(seconds: float) -> None:
        time[0] += timedelta(seconds=seconds)

    async def send(alert: Alert) -> None:
        sent.append(((time[0] - NIGHT).total_seconds(), alert))

    played = steps((RAID,), NIGHT, RAID.finished_at)
    asyncio.run(play(played, 100.0, send, lambda: time[0], sleep, told.append))
    assert [at for at, _ in sent] == [0.0, 45.0, 90.0, 96.39]
    assert [alert.msg_type for _, alert in sent] == ["Alert", "Alert", "Alert", "Cancel"]
    assert {alert.status for _, alert in sent} == {"Exercise"}
    assert told == list(played)
    assert [cap.read(cap_writer.write(alert)).flaws for _, alert in sent] == [()] * 4


def test_a_night_played_through_a_real_server_is_on_and_then_over(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        server = Server(served.client, Secret(TOKEN))
        await server.check_exercise()
        words: list[str] = []

        async def send(alert: Alert) -> None:
            await server.send(alert)
            words.append((await served.state())["areas"][0]["word"])

        async def sleep(seconds: float) -> None:
            served.clock.turn(seconds)

        played = steps((RAID,), NIGHT, RAID.finished_at)
        await play(played, 100.0, send, served.clock, sleep, lambda _: None)
        assert words == ["on", "on", "on", "none"]
        assert len(rows(served.live.state.trails[ALERTS])) == 1
        assert served.live.followed.situation.real.trails == {}

    run(body, tmp_path, is_exercise=True)


def test_a_real_server_no_server_and_a_wrong_token_are_refused(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        with pytest.raises(InputError, match="shows the real world"):
            await Server(served.client, Secret(TOKEN)).check_exercise()
        (step, _) = steps((RAID,), NIGHT, RAID.finished_at)
        with pytest.raises(InputError, match="Give the token"):
            await Server(served.client, Secret("no")).send(step.message(NIGHT, NIGHT))
        async with httpx.AsyncClient(base_url="http://127.0.0.1:9") as nobody:
            with pytest.raises(SourceError, match="is no running Takecover"):
                await Server(nobody, Secret(TOKEN)).check_exercise()
            with pytest.raises(SourceError, match="cannot be reached"):
                await Server(nobody, Secret(TOKEN)).send(step.message(NIGHT, NIGHT))

    run(body, tmp_path)


def test_the_command_says_what_it_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _file(tmp_path, f"{VOLUNTEER}Kyiv City,{ROW},False\n")
    words = [
        "replay",
        str(path),
        "--from",
        "2023-05-29T22:00",
        "--until",
        "2023-05-30T02:00",
        "--to",
        "http://127.0.0.1:9",
    ]
    monkeypatch.delenv("TAKECOVER_ALERT_TOKEN", raising=False)
    done = CliRunner().invoke(app, words)
    assert (done.exit_code, "TAKECOVER_ALERT_TOKEN: is not set" in done.stderr) == (3, True)
    monkeypatch.setenv("TAKECOVER_ALERT_TOKEN", TOKEN)
    done = CliRunner().invoke(app, words)
    assert (done.exit_code, "is no running Takecover" in done.stderr) == (4, True)
