"""Plays a raid that was through a running server, faster or slower, and always as an exercise."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from takecover.analysis.raids import KINDS, Raid
from takecover.analysis.retelling import ACTOR, Moments, Retelling, entries_of, moments_of
from takecover.analysis.situation import NOTHING, default_rules, fold
from takecover.analysis.situation_alerts import rows
from takecover.analysis.situation_topics import ALERTS, Entry
from takecover.errors import InputError, SourceError, TakecoverError
from takecover.model.event import Draft, Event, kind_of_source, said
from takecover.model.event_fields import read_moment
from takecover.model.event_payloads import AllClear, Payload, SpanMarked
from takecover.settings import Secret
from takecover.workflow.live.recordings import Recording
from takecover.workflow.live.replayed import MOST_EVENTS as AT_ONCE

if TYPE_CHECKING:
    import httpx

SOURCE = "system:replay"
MOST_EVENTS = 200_000
"""Events of one replay; a night of a large city is some thousands."""

PATIENCE_S = 20.0
"""How long a server that does not answer is tried again."""

AGAIN_S = 1.0
END = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Score:
    """What is played.

    Attributes
    ----------
    since, until
        From when to when, in the recording's time.
    is_exercise
        True where it was an exercise then already.
    before
        What was known at the beginning.
    events
        What was recorded from then on, in order.
    """

    since: datetime
    until: datetime
    is_exercise: bool
    before: tuple[Entry, ...]
    events: tuple[Event, ...]

    def moments(self) -> Iterator[datetime]:
        """Every time that is named in it."""
        for event in self.events:
            yield event.recorded_at
            yield event.as_of
            yield from moments_of(event.payload)
        for entry in self.before:
            yield from moments_of(entry.payload)
        yield self.until


def chosen(raids: Sequence[Raid], which: str) -> Raid:
    """A raid by its number in the list, from 1, or by its local date; the last one where nothing is said.

    Raises
    ------
    InputError
        There is none, or there are several on that day.
    """
    if not raids:
        raise InputError("No alert was ever on in it, so it holds no raid. Give --from and --until.")
    if not which:
        return raids[-1]
    if which.isdecimal() and len(which) < 8:
        if not 1 <= int(which) <= len(raids):
            raise InputError(f"which: there are raids 1 to {len(raids)}, not {which}. --list shows them.")
        return raids[int(which) - 1]
    try:
        day = date.fromisoformat(which)
    except ValueError as error:
        raise InputError(f"which: {which!a:.60} is no number and no date. Give 3, or 2023-05-30.") from error
    numbers = [
        number
        for number, raid in enumerate(raids, start=1)
        if day in {each.astimezone().date() for each in (raid.began_at, raid.ended_at) if each is not None}
    ]
    if len(numbers) != 1:
        found = ", ".join(map(str, numbers)) or "none"
        raise InputError(
            f"which: of {day} there is not one raid but {found}. Give a number; --list shows them."
        )
    return raids[numbers[0] - 1]


def score(
    recording: Recording, since: datetime, until: datetime | None, is_exercise: bool | None = None
) -> Score:
    """What is to be played of a recording.

    Parameters
    ----------
    recording
        The recording.
    since, until
        From when to when it was recorded, both taken in; to the end where None.
    is_exercise
        Which of its worlds; where None, the real one if anything was said of it in that time.

    Raises
    ------
    InputError
        Nothing was recorded then, or too much.
    StoreError, SourceError
        The recording cannot be read.
    """
    found: dict[bool, list[Event]] = {False: [], True: []}
    for event in recording.between(since, until or END):
        found[event.is_exercise].append(event)
        if len(found[event.is_exercise]) > MOST_EVENTS:
            raise InputError(
                f"--until: over {MOST_EVENTS:,} events were recorded by then. Give an earlier time."
            )
    world = not found[False] if is_exercise is None else is_exercise
    if not found[world]:
        end = "the end" if until is None else until.isoformat()
        raise InputError(f"Nothing was recorded from {since.isoformat()} to {end}. Give another time.")
    until = until or found[world][-1].recorded_at
    state = recording.known_before(since).state(world)
    return Score(since, until, world, entries_of(state), tuple(found[world]))


class Server:
    """The running server that a replay is sent to.

    Parameters
    ----------
    client
        Speaks to it; knows its address.
    token
        Opens its door for replays.
    sleep
        Waits for some seconds.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        token: Secret,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._client, self._sleep = client, sleep
        self._headers = {"Authorization": f"Bearer {token.reveal()}"}

    async def send(self, drafts: Sequence[Draft]) -> datetime:
        """Hand events to the server, again while it does not answer; gives when the last was recorded.

        Raises
        ------
        InputError
            It refuses them: it shows the real world, its journal holds real events, or a rule is broken.
        SourceError
            It cannot be reached.
        """
        import httpx

        content = {"events": [said(each) for each in drafts]}
        tries = max(1, round(PATIENCE_S / AGAIN_S))
        reason = ""
        for attempt in range(tries):
            if attempt:
                await self._sleep(AGAIN_S)
            try:
                answer = await self._client.post("/api/v1/replay", json=content, headers=self._headers)
            except httpx.HTTPError as error:
                reason = f"cannot be reached ({type(error).__name__}). Start takecover serve with --exercise"
                continue
            if answer.status_code < 400:
                return read_moment(answer.json()["events"][-1]["recorded_at"])
            if answer.status_code < 500:
                raise InputError(f"{self._client.base_url}: {_detail(answer)}")
            reason = f"answered {answer.status_code}. Look at the server"
        raise SourceError(f"{self._client.base_url}: {reason}.")


def _detail(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return f"answered {answer.status_code}, which no Takecover does. Give the address of one"


@dataclass(frozen=True)
class Played:
    """How a replay went: how many events of how many, how many answers to what is not told again were left out."""

    events: int
    of: int
    left_out: int
    is_whole: bool


class Player:
    """Plays a score through a server.

    Parameters
    ----------
    server
        The server.
    speed
        Seconds of the recording for each second of now, above 0.
    now
        A clock; the server's own is asked once.
    wait
        Waits for some seconds; True as soon as the replay is to stop.
    tell
        Told the recording's time, and how many of the events are played.
    """

    def __init__(
        self,
        server: Server,
        speed: float,
        now: Callable[[], datetime],
        wait: Callable[[float], Awaitable[bool]],
        tell: Callable[[datetime, int], None],
    ) -> None:
        self._server, self._speed, self._now, self._wait, self._tell = server, speed, now, wait, tell
        self._offset = timedelta()
        self._alerts: list[Event] = []
        self._events = self._left_out = 0

    async def play(self, score: Score) -> Played:
        """Play it from what was known at its beginning to its end; then end the alerts that are on, and the exercise.

        The same is ended when the replay is stopped before, or the server refuses an event.

        Raises
        ------
        InputError, SourceError
            As `Server.send`.
        """
        began = self._now()
        run = f"{began:%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"
        mark = Draft(f"replay/{run}/begin", began, SOURCE, "", _mark(run, "begin"), is_exercise=True)
        begun = await self._server.send([mark])
        self._offset = begun - self._now()
        moments = Moments(score.since, begun, self._speed, score.moments())
        try:
            is_whole = await self._all(score, moments, Retelling(run, moments))
        except TakecoverError:
            with suppress(TakecoverError):
                await self._end(run)
            raise
        await self._end(run)
        return Played(self._events, len(score.events), self._left_out, is_whole)

    async def _all(self, score: Score, moments: Moments, retelling: Retelling) -> bool:
        """Play everything; False where it was stopped."""
        batch: list[Draft] = []
        for entry in score.before:
            self._put(batch, retelling.draft(entry))
            if len(batch) == AT_ONCE:
                await self._send(batch)
        for event in score.events:
            due = moments(event.recorded_at)
            if due > self._server_now() or len(batch) == AT_ONCE:
                await self._send(batch)
                self._tell(event.recorded_at, self._events)
                if await self._is_stopped_before(due):
                    return False
            self._put(batch, retelling.draft(event))
            self._events += 1
        await self._send(batch)
        self._tell(score.until, self._events)
        return not await self._is_stopped_before(moments(score.until))

    def _put(self, batch: list[Draft], draft: Draft | None) -> None:
        if draft is None:
            self._left_out += 1
        else:
            batch.append(draft)

    async def _send(self, batch: list[Draft]) -> None:
        if batch:
            recorded_at = await self._server.send(batch)
            of_alerts = [each for each in batch if each.payload.kind in KINDS]
            self._alerts += [
                _as_event(seq, each, recorded_at)
                for seq, each in enumerate(of_alerts, start=len(self._alerts) + 1)
            ]
            batch.clear()

    def _server_now(self) -> datetime:
        return self._now() + self._offset

    async def _is_stopped_before(self, due: datetime) -> bool:
        """Wait until a time of the server's; True as soon as the replay is to stop."""
        while (wait_s := (due - self._server_now()).total_seconds()) > 0:
            if await self._wait(wait_s):
                return True
        return await self._wait(0.0)

    async def _end(self, run: str) -> None:
        """End the alerts that are on, each by its own name, then the exercise."""
        now = self._server_now()
        state = fold(NOTHING, self._alerts, default_rules()).exercise
        on = [row for row in rows(state.trails.get(ALERTS, ())).values() if row.ended_at is None]
        ends = [
            Draft(
                f"replay/{run}/clear-{number}",
                now,
                row.source,
                ACTOR if kind_of_source(row.source) == "officer" else "",
                AllClear("Exercise", (row.alert_id,), row.threat, (row.area_id,)),
                is_exercise=True,
            )
            for number, row in enumerate(on)
        ]
        ends.append(Draft(f"replay/{run}/end", now, SOURCE, "", _mark(run, "end"), is_exercise=True))
        for first in range(0, len(ends), AT_ONCE):
            await self._server.send(ends[first : first + AT_ONCE])


def _as_event(seq: int, draft: Draft, recorded_at: datetime) -> Event:
    """What the server made of a draft, as far as alerts need it."""
    return Event(
        seq=seq,
        event_id=draft.event_id,
        recorded_at=recorded_at,
        effective_at=draft.effective_at,
        source=draft.source,
        actor_id=draft.actor_id,
        is_exercise=True,
        payload=draft.payload,
        sealed={},
        previous_hash="",
        hash="",
    )


def _mark(run: str, phase: str) -> Payload:
    return SpanMarked(f"replay-{run}", "drill", phase)
