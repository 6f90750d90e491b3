"""The law of the replay: played through a real server, a span of a journal gives what was known then, at its times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from generated_raid import AREAS, BEGINS, NOTE, SHELTERS, Raid
from journal import RULES
from served import Served, run
from takecover.analysis import situation_areas, situation_record, situation_view
from takecover.analysis.situation import NOTHING, Rules, State, fold
from takecover.analysis.situation_view import Fact
from takecover.model.event import Event
from takecover.settings import Secret
from takecover.store.opening import open_journal
from takecover.workflow import journal as jobs
from takecover.workflow.live import recordings
from takecover.workflow.live.night import Player as NightPlayer
from takecover.workflow.live.night import night_for
from takecover.workflow.live.recordings import Recording
from takecover.workflow.live.replay import END, Player, Score, Server, score
from takecover.workflow.load_city import load_city

TOKEN = "a token for replays alone"
MOST_CHECKED = 40
"""Moments of one replay at which everything is compared."""

AGELESS = Rules(dict.fromkeys(RULES.valid_s, 1e8), 2.0, RULES.history_s)
"""Where a night is played faster, ages are of another length; what is said, and in which order, is the same."""

Known = tuple[datetime, datetime, State]
"""The server's time, the recording's time, and what the server knew."""


def _fact(fact: Fact | None, at: datetime, is_timed: bool) -> Any:
    if fact is None:
        return None
    ages = (at - fact.as_of, fact.valid_until - at, fact.freshness) if is_timed else ()
    return fact.value, *ages


def _seen(state: State, at: datetime, rules: Rules, is_timed: bool, shelters: Sequence[str]) -> Any:
    """Everything that a person can be shown of a state, without ids and without people's names."""

    def age(then: datetime | None) -> Any:
        return (None if then is None else at - then) if is_timed else then is not None

    found: list[Any] = []
    for each in shelters:
        view = situation_view.shelter(state, each, at, rules)
        facts = (view.status, view.people, *view.hints)
        doors = {name: _fact(door, at, is_timed) for name, door in view.doors.items()}
        found.append((each, view.shown_status, [_fact(fact, at, is_timed) for fact in facts], doors))
    for each in AREAS:
        area = situation_areas.area(state, each, at, rules)
        words = [(w.source, w.word, age(w.heard_at), w.freshness, len(w.alerts)) for w in area.sources]
        found.append((each, area.word, area.is_contradicted, words))
    for alert in situation_areas.alerts(state, at, rules):
        row = alert.row
        times = [age(each) for each in (row.as_of, row.onset_at, row.expires_at, row.ended_at)]
        found.append((row.source, row.area_id, row.threat, row.stage, alert.is_on, alert.freshness, times))
    notices: list[Any] = []
    for notice in situation_record.notices(state, at):
        asked = [(e.payload, age(e.as_of)) for e in (notice.public, notice.pending) if e is not None]
        said = [(p.step, p.template_id, p.area_ids, age(p.expires_at), a) for p, a in asked]  # type: ignore[union-attr]
        notices.append((notice.status, notice.public is None, said))
    incidents = [
        (i.report.what, i.report.status, i.report.lon_e7, age(i.first_at), age(i.as_of))
        for i in situation_record.incidents(state, at)
    ]
    statements = [
        (s.statement.quantity, s.statement.low, s.statement.high, age(s.statement.said_at), age(s.as_of))
        for s in situation_record.statements(state, at)
    ]
    own = [each for each in situation_record.spans(state, at) if not _is_of_replay(each.span_id)]
    spans = [(each.span, age(each.began_at), age(each.ended_at)) for each in own]
    return found, *(sorted(each, key=repr) for each in (notices, incidents, statements, spans))


def _is_of_replay(span_id: str) -> bool:
    return span_id.startswith("replay-") and "-span-" not in span_id


async def _played(served: Served, found: Score, speed: float) -> list[Known]:
    """Play a score through a server; what it knew half-way to each next event."""
    known: list[Known] = []
    begun, told = served.clock(), 0

    def tell(_at: datetime, played: int) -> None:
        nonlocal told
        told = played

    def note() -> None:
        """At a great speed, events that were milliseconds apart are a little later than evenly."""
        evenly = found.since + (served.clock() - begun) * speed
        times = [found.since, *(event.recorded_at for event in found.events), END]
        then = min(max(evenly, times[told]), times[told + 1] - timedelta(microseconds=1))
        assert then == evenly or (speed > 1 and abs(then - evenly) < timedelta(milliseconds=speed * 20))
        known.append((served.clock(), then, served.live.state))

    async def wait(seconds: float) -> bool:
        if seconds > 0:
            served.clock.turn(seconds / 2)
            note()
            served.clock.turn(seconds - seconds / 2)
        return False

    async def sleep(_: float) -> None:
        raise AssertionError("the server answers at once")

    player = Player(Server(served.client, Secret(TOKEN), sleep), speed, served.clock, wait, tell)
    done = await player.play(found)
    assert (done.events, done.is_whole) == (len(found.events), True)
    return known


def _check_law(
    served: Served, events: Sequence[Event], found: Score, known: list[Known], speed: float
) -> None:
    """At each of these times the server knew what was known at the recording's."""
    rules, is_timed = (RULES, True) if speed == 1 else (AGELESS, False)
    shelters = sorted({*SHELTERS, *situation_view.shelter_ids(known[-1][2])})
    for now, then, state in [*known[:: 1 + len(known) // MOST_CHECKED], known[-1]]:
        by_then = [event for event in events if event.recorded_at <= then]
        was = fold(NOTHING, by_then, RULES).state(found.is_exercise)
        assert _seen(state, now, rules, is_timed, shelters) == _seen(was, then, rules, is_timed, shelters)
    assert served.live.followed.situation.real == State()


def _check_ended_and_nameless(served: Served, path: Path) -> None:
    """Afterwards no alert is on, the exercise has ended, everything is an exercise, and nobody is named."""
    now = served.clock()
    facts = situation_areas.alerts(served.live.state, now, AGELESS)
    assert not any(fact.is_on for fact in facts)
    (own,) = [s for s in situation_record.spans(served.live.state, now) if _is_of_replay(s.span_id)]
    assert None not in (own.began_at, own.ended_at)
    played = open_journal(str(path), is_read_only=True)
    lines = list(played.records())
    assert all(b'"is_exercise":true' in line.body and not line.words for line in lines)
    text = b"".join(line.body for line in lines).decode()
    for name in ("olena", "petro", "iryna", "klychko", "link:7", NOTE, "Actual"):
        assert name not in text
    jobs.verify(played)
    played.close()


def _play_and_check(
    folder: Path, recording: Recording, events: Sequence[Event], span: tuple[datetime, datetime], speed: float
) -> None:
    async def body(served: Served) -> None:
        found = score(recording, *span)
        known = await _played(served, found, speed)
        assert known
        _check_law(served, events, found, known, speed)
        _check_ended_and_nameless(served, folder / "journal.sqlite")

    run(body, folder, within_s=300, is_exercise=True, replay_token=Secret(TOKEN))


@pytest.mark.parametrize("speed", [1.0, 10.0, 1000.0])
@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
@given(seed=st.integers(0, 2**32 - 1))
def test_a_span_of_a_journal_played_through_a_server_gives_what_was_known_then(
    speed: float, seed: int
) -> None:
    with TemporaryDirectory() as name:
        raid = Raid(Path(name) / "raid.sqlite", Random(seed))
        raid.write(90)
        events = raid.events
        since, until = events[len(events) // 3].recorded_at, events[-1].recorded_at
        with recordings.opened(str(Path(name) / "raid.sqlite"), "", speed) as recording:
            _play_and_check(Path(name), recording, events, (since, until), speed)
        raid.journal.close()


def test_lines_of_an_export_and_the_journal_itself_are_the_same_recording(tmp_path: Path) -> None:
    raid = Raid(tmp_path / "raid.sqlite", Random(7))
    raid.write(120)
    jobs.export(raid.journal, tmp_path / "raid.jsonl")
    jobs.export(raid.journal, tmp_path / "bare.jsonl", without_words=True)
    since, until = raid.events[40].recorded_at, raid.events[-10].recorded_at
    found = []
    for name in ("raid.sqlite", "raid.jsonl", "bare.jsonl"):
        with recordings.opened(str(tmp_path / name), "", 1.0) as recording:
            found.append((score(recording, since, until), list(recording.alerts())))
    assert found[0] == found[1] == found[2]
    with recordings.opened(str(tmp_path / "bare.jsonl"), "", 1.0) as recording:
        _play_and_check(tmp_path, recording, raid.events, (since, until), 1.0)


def test_a_journal_in_postgres_is_a_recording_too(tmp_path: Path, postgres: Any) -> None:
    raid = Raid(tmp_path / "raid.sqlite", Random(8))
    raid.write(60)
    address = postgres.emptied()
    there = open_journal(address)
    jobs.backup(raid.journal, tmp_path / "copy.sqlite")
    jobs.restore(tmp_path / "copy.sqlite", there)
    with recordings.opened(address, "", 1.0) as recording:
        _play_and_check(
            tmp_path,
            recording,
            raid.events,
            (BEGINS + timedelta(minutes=5), raid.events[-1].recorded_at),
            1.0,
        )
    there.close()


@pytest.mark.parametrize("speed", [1.0, 10.0])
def test_the_packaged_exercise_night_played_again_is_the_same_night(tmp_path: Path, speed: float) -> None:
    (tmp_path / "first").mkdir()

    async def first(served: Served) -> None:
        async def sleep(seconds: float) -> None:
            served.clock.turn(seconds)

        night = night_for(load_city("model-kyiv-small"))
        await NightPlayer(served.live, night, 20.0, sleep).play()

    run(first, tmp_path / "first", within_s=300, is_exercise=True)
    kept = open_journal(str(tmp_path / "first/journal.sqlite"))
    events = list(kept.read())
    kept.close()
    assert len(events) > 200
    with recordings.opened(str(tmp_path / "first/journal.sqlite"), "", speed) as recording:
        _play_and_check(tmp_path, recording, events, (events[0].recorded_at, events[-1].recorded_at), speed)
