"""Plays alerts that were through a running server, faster or slower, and always as an exercise."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from takecover.errors import InputError, SourceError
from takecover.io.alert_history import AlertSpan
from takecover.model.alert import Alert, Area, Info, Reference
from takecover.settings import Secret

if TYPE_CHECKING:
    import httpx

SENDER = "replay@takecover"
AGAIN_S = 45.0
"""The last message is sent again so often, so that the server hears that its sender is there."""


@dataclass(frozen=True)
class Step:
    """One message of a replay.

    Attributes
    ----------
    at
        When it was, in its own night.
    span
        The alert that it begins or ends.
    is_end
        True where it ends it.
    """

    at: datetime
    span: AlertSpan
    is_end: bool

    def message(self, began: datetime, now: datetime) -> Alert:
        """The CAP message, of status Exercise, for the whole city.

        Parameters
        ----------
        began
            When this replay began: two replays never share a message.
        now
            When it is sent.
        """
        name = f"{began:%Y%m%dT%H%M%S}-{self.span.started_at:%Y%m%dT%H%M%S}"
        if self.is_end:
            first = Reference(SENDER, name, now)
            return Alert(f"{name}-end", SENDER, now, "Exercise", "Cancel", references=(first,))
        info = Info(
            event="Air raid alert",
            categories=("Security",),
            urgency="Immediate",
            severity="Extreme",
            certainty="Observed",
            headline=f"EXERCISE: alert of {self.span.started_at:%Y-%m-%d %H:%M} UTC",
            areas=(Area("city"),),
        )
        return Alert(name, SENDER, now, "Exercise", "Alert", infos=(info,))


def steps(spans: Sequence[AlertSpan], since: datetime, until: datetime) -> tuple[Step, ...]:
    """What is played of a history: every alert that began in a span of time, with its end.

    Raises
    ------
    InputError
        None began then.
    """
    shown = [span for span in spans if since <= span.started_at <= until]
    if not shown:
        raise InputError(
            f"No alert began from {since:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M}. Give another time."
        )
    found = [Step(span.started_at, span, False) for span in shown]
    found += [Step(span.finished_at, span, True) for span in shown]
    return tuple(sorted(found, key=lambda step: (step.at, step.is_end)))


async def play(
    played: Sequence[Step],
    speed: float,
    send: Callable[[Alert], Awaitable[None]],
    now: Callable[[], datetime],
    sleep: Callable[[float], Awaitable[None]],
    tell: Callable[[Step], None],
) -> None:
    """Send each message when its time has come, the first at once.

    Parameters
    ----------
    played
        In their order, one or more.
    speed
        Seconds of the night for each second of now, above 0.
    send
        Hands a message to the server.
    now, sleep
        Clock and waiting, handed in.
    tell
        Told each step after it was sent.
    """
    began = now()
    last: Alert | None = None
    for step in played:
        due = began + timedelta(seconds=(step.at - played[0].at).total_seconds() / speed)
        while (wait_s := (due - now()).total_seconds()) > 0:
            await sleep(min(wait_s, AGAIN_S))
            if wait_s > AGAIN_S and last is not None:
                await send(last)
        last = step.message(began, now())
        await send(last)
        tell(step)


class Server:
    """The running server that a replay is sent to.

    Parameters
    ----------
    client
        Speaks to it; knows its address.
    token
        Opens its door for alerts.
    """

    def __init__(self, client: httpx.AsyncClient, token: Secret) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {token.reveal()}", "Content-Type": "application/cap+xml"}

    async def check_exercise(self) -> None:
        """Refuse a server that shows the real world.

        Raises
        ------
        InputError
            It does.
        SourceError
            It does not answer as a server of ours.
        """
        import httpx

        try:
            is_exercise = (await self._client.get("/healthz")).json()["is_exercise"]
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise SourceError(
                f"{self._client.base_url}: is no running Takecover ({type(error).__name__}). Start takecover serve."
            ) from error
        if is_exercise is not True:
            raise InputError(
                f"{self._client.base_url}: shows the real world. Start the server with --exercise."
            )

    async def send(self, alert: Alert) -> None:
        """Hand a message to the server.

        Raises
        ------
        InputError
            It refuses the message.
        SourceError
            It cannot be reached.
        """
        import httpx

        from takecover.io import cap_writer

        try:
            answer = await self._client.post(
                "/api/v1/alerts", content=cap_writer.write(alert), headers=self._headers
            )
        except httpx.HTTPError as error:
            raise SourceError(
                f"{self._client.base_url}: cannot be reached ({type(error).__name__})."
            ) from error
        if answer.status_code >= 500:
            raise SourceError(f"{self._client.base_url}: answered {answer.status_code}. Look at the server.")
        if answer.status_code >= 400:
            raise InputError(f"{self._client.base_url}: {answer.json()['detail']}")
