"""An exercise night that travels in the package, played through the running city again and again, and faster."""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from importlib import resources
from typing import Any

import numpy as np

from takecover.errors import TakecoverError
from takecover.io.alert_history import AlertSpan
from takecover.model.alert import Alert, Area, Info, Reference
from takecover.model.city import City
from takecover.model.event import Draft
from takecover.model.event_payloads import IncidentReported, Payload, PeopleCounted, ShelterReported
from takecover.workflow.live.live import Live
from takecover.workflow.live.posting import post_alert

SENDER = "replay@takecover"
AGAIN_S = 45.0
"""The last message is sent again so often, so that the server hears that its sender is there."""

LOG = logging.getLogger("takecover.night")
FILE = "exercise_night.toml"
GOLDEN = 0.6180339887
"""Spreads any number of things evenly, one after the other, without chance."""

_DAY = datetime(2023, 5, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Said:
    """Something that is reported in the night.

    Attributes
    ----------
    at_s
        When, from the beginning of the night [s].
    source
        Whose word it is: the warden of a shelter, or the officer.
    payload
        What is said.
    """

    at_s: float
    source: str
    payload: Payload


@dataclass(frozen=True)
class Night:
    """A night for one city.

    Attributes
    ----------
    alert_s, all_clear_s, ends_s
        When the alert begins and ends, and the night is over, from its beginning [s].
    span
        The alert as it was.
    said
        What is reported, by time.
    """

    alert_s: float
    all_clear_s: float
    ends_s: float
    span: AlertSpan
    said: tuple[Said, ...]


def night_for(city: City) -> Night:
    """The packaged night, with what it says of kinds of shelters told of the shelters of a city.

    Parameters
    ----------
    city
        The city; kinds of shelters and districts that it does not have are passed over.
    """
    text = resources.files("takecover").joinpath(FILE).read_text(encoding="utf-8")
    plain = tomllib.loads(text)
    begins = _at(plain["begins"])

    def after(clock: str) -> float:
        return (_at(clock) - begins).total_seconds()

    said = [each for wave in plain["wave"] for each in _wave(wave, city, after)]
    said += [each for incident in plain["incident"] for each in _incident(incident, city, after)]
    return Night(
        alert_s=after(plain["alert"]),
        all_clear_s=after(plain["all_clear"]),
        ends_s=after(plain["ends"]),
        span=AlertSpan(_at(plain["alert"]), _at(plain["all_clear"])),
        said=tuple(sorted(said, key=lambda each: each.at_s)),
    )


def _at(clock: str) -> datetime:
    return datetime.combine(_DAY, time.fromisoformat(clock), UTC)


def _wave(wave: dict[str, Any], city: City, after: Callable[[str], float]) -> Iterator[Said]:
    """What the wardens of one wave say, each at a time of their own."""
    table = city.shelters
    chosen = np.flatnonzero(table.kinds == wave["kind"])[wave.get("first", 0) :: wave.get("every", 1)]
    begins, ends = after(wave["from"]), after(wave["to"])
    for number, i in enumerate(chosen.tolist(), start=1):
        shelter_id, share = str(table.shelter_ids[i]), number * GOLDEN % 1.0
        payload: Payload
        if "status" in wave:
            payload = ShelterReported(shelter_id, wave["status"])
        else:
            least, most = wave["people_share"]
            payload = PeopleCounted(
                shelter_id, round(int(table.capacity[i]) * (least + (most - least) * share))
            )
        yield Said(begins + (ends - begins) * share, f"warden:{shelter_id}", payload)


def _incident(incident: dict[str, Any], city: City, after: Callable[[str], float]) -> Iterator[Said]:
    """An incident in a district, from the first word of it to its end."""
    for zone_id, outline in zip(city.zones.zone_ids, city.zones.outlines, strict=True):
        if str(zone_id) == incident["zone"] and outline is not None:
            point = outline.representative_point()
            lon_e7, lat_e7 = round(point.x * 1e7), round(point.y * 1e7)
            for status in ("reported", "searching", "closed"):
                payload = IncidentReported(incident["name"], incident["what"], status, lon_e7, lat_e7)
                yield Said(after(incident[status]), "officer:exercise", payload)


def message(span: AlertSpan, is_end: bool, began: datetime, now: datetime) -> Alert:
    """The CAP message, of status Exercise, that begins or ends an alert for the whole city.

    Parameters
    ----------
    span
        The alert as it was.
    is_end
        True for its end.
    began
        When this night began to be played: two plays never share a message.
    now
        When it is sent.
    """
    name = f"{began:%Y%m%dT%H%M%S}-{span.started_at:%Y%m%dT%H%M%S}"
    if is_end:
        first = Reference(SENDER, name, now)
        return Alert(f"{name}-end", SENDER, now, "Exercise", "Cancel", references=(first,))
    info = Info(
        event="Air raid alert",
        categories=("Security",),
        urgency="Immediate",
        severity="Extreme",
        certainty="Observed",
        headline=f"EXERCISE: alert of {span.started_at:%Y-%m-%d %H:%M} UTC",
        areas=(Area("city"),),
    )
    return Alert(name, SENDER, now, "Exercise", "Alert", infos=(info,))


class Player:
    """Plays a night through a running city that shows an exercise.

    Parameters
    ----------
    live
        The running city.
    night
        The night.
    speed
        Seconds of the night for each second of now, above 0.
    sleep
        Waits for some seconds.
    """

    def __init__(
        self, live: Live, night: Night, speed: float, sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        self._live, self._night, self._speed, self._sleep = live, night, speed, sleep
        self._heard_at: datetime | None = None
        self._last: Alert | None = None
        self._began = live.now()

    async def play_for_ever(self) -> None:
        """Play one night after the other, until cancelled."""
        while True:
            await self.play()

    async def play(self) -> None:
        """Play the night once; what cannot be recorded is left out."""
        self._began = self._live.now()
        night = self._night
        due: list[tuple[float, bool | Said]] = [(night.alert_s, False), (night.all_clear_s, True)]
        due += [(each.at_s, each) for each in night.said]
        for number, (at_s, each) in enumerate(sorted(due, key=lambda pair: pair[0])):
            await self._wait(at_s)
            if isinstance(each, bool):
                self._last = message(night.span, each, self._began, self._live.now())
                await self._try(self._send(self._last))
            else:
                await self._try(self._say(each, number))
        await self._wait(night.ends_s)

    async def _wait(self, at_s: float) -> None:
        """Wait for a time of the night; meanwhile the source of alerts is heard again and again, as a real one is."""
        due = self._began + timedelta(seconds=at_s / self._speed)
        while (wait_s := (due - self._live.now()).total_seconds()) > 0:
            await self._sleep(min(wait_s, AGAIN_S))
            if self._last is not None and self._is_silent():
                await self._try(self._send(self._last))

    async def _try(self, recording: Awaitable[None]) -> None:
        try:
            await recording
        except TakecoverError as error:
            LOG.warning("left out of the exercise night: %s", error)

    def _is_silent(self) -> bool:
        return self._heard_at is None or self._live.now() - self._heard_at >= timedelta(seconds=AGAIN_S)

    async def _send(self, alert: Alert) -> None:
        from takecover.io import cap_writer

        self._heard_at = self._live.now()
        await post_alert(self._live, cap_writer.write(alert))

    async def _say(self, said: Said, number: int) -> None:
        name = f"night-{self._began:%Y%m%dT%H%M%S}"
        payload = said.payload
        if isinstance(payload, IncidentReported):
            payload = IncidentReported(
                f"{name}-{payload.incident_id}", payload.what, payload.status, payload.lon_e7, payload.lat_e7
            )
        draft = Draft(
            f"{name}/{number}", self._live.now(), said.source, "link:exercise", payload, is_exercise=True
        )
        await self._live.record_all(draft)
