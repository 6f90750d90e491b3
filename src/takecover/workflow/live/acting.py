"""What an officer does, turned into events: each act once, however often its form is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from takecover.analysis.chronicle import found, is_correctable
from takecover.errors import InputError
from takecover.model.event import Draft, Event
from takecover.model.event_payloads import (
    AlertIssued,
    AllClear,
    Correction,
    DoorReported,
    IncidentReported,
    Payload,
    PeopleCounted,
    ShelterReported,
    SpanMarked,
)
from takecover.model.feed import WHOLE_CITY
from takecover.workflow.live.live import Live

SOURCE = "officer:web"
THREATS = ("air", "drone", "cruise", "ballistic", "rocket", "artillery", "chemical", "radiological")
INCIDENTS = ("strike", "debris", "fire", "collapse", "gas", "other")
LONGEST_NOTE = 2_000
_REQUEST = re.compile(r"[A-Za-z0-9-]{8,60}", re.ASCII)
_DEGREE = 10_000_000


@dataclass(frozen=True, slots=True)
class Hand:
    """Whose act it is, and which.

    Attributes
    ----------
    actor_id
        The person, as the journal calls them.
    request_id
        Made by the page: 8 to 60 letters, digits and hyphens. The same sent again is recorded once.
    """

    actor_id: str
    request_id: str

    @property
    def event_id(self) -> str:
        """Id of the event that the act becomes.

        Raises
        ------
        InputError
            The request's id is none.
        """
        if not _REQUEST.fullmatch(self.request_id):
            raise InputError("request_id: is none. Load the page again.")
        return f"act/{self.actor_id}/{self.request_id}"


async def act(live: Live, hand: Hand, said: Payload, words: Mapping[str, str] | None = None) -> Event:
    """Record an act; one that is there with the same content is the one that is there.

    Raises
    ------
    InputError
        It breaks a rule of the journal, or the id was used for another act.
    StoreError
        The journal cannot be written.
    """
    there = await live.event(hand.event_id)
    if there is not None and there.payload == said:
        return there
    draft = Draft(
        hand.event_id,
        live.now(),
        SOURCE,
        hand.actor_id,
        said,
        is_exercise=live.is_exercise,
        words=words or {},
    )
    (event,) = await live.record_all(draft)
    return event


async def say_status(live: Live, hand: Hand, shelter_id: str, status: str) -> Event:
    """Say that a shelter is open, filling, full or shut; an officer's word reverses every other.

    Raises
    ------
    InputError
        There is no such shelter or status.
    StoreError
        The journal cannot be written.
    """
    return await act(live, hand, ShelterReported(known_shelter(live, shelter_id), status))


async def say_people(live: Live, hand: Hand, shelter_id: str, people: str) -> Event:
    """Say how many are in a shelter.

    Raises
    ------
    InputError
        There is no such shelter, or that is no number.
    StoreError
        The journal cannot be written.
    """
    return await act(live, hand, PeopleCounted(known_shelter(live, shelter_id), _whole("people", people)))


async def say_door(live: Live, hand: Hand, shelter_id: str, entrance_id: str, status: str) -> Event:
    """Say that a door is open or shut.

    Raises
    ------
    InputError
        There is no such shelter or door.
    StoreError
        The journal cannot be written.
    """
    if not live.has_entrance(shelter_id, entrance_id):
        raise InputError(
            f"entrance_id: {shelter_id!a:.60} has no door {entrance_id!a:.60}. Give one of its own."
        )
    return await act(live, hand, DoorReported(shelter_id, entrance_id, status))


async def alarm(live: Live, hand: Hand, threat: str, stage: str, area_ids: tuple[str, ...]) -> Event:
    """Give an alarm by hand, for when no feed says what the officer knows. It is on until somebody ends it.

    Raises
    ------
    InputError
        No area, one that is not the city's, or an unknown threat or stage.
    StoreError
        The journal cannot be written.
    """
    if threat not in THREATS:
        raise InputError(f"threat: {threat!a:.60} is none of {', '.join(THREATS)}. Choose one.")
    areas = _areas(live, area_ids)
    said = AlertIssued(hand.event_id, cap_status(live), threat, stage, areas, (), None, None)
    return await act(live, hand, said)


async def all_clear(live: Live, hand: Hand, alert_id: str, threat: str, area_ids: tuple[str, ...]) -> Event:
    """End one alert, of one threat, in the areas that are named; every other goes on.

    Raises
    ------
    InputError
        No area, or no alert.
    StoreError
        The journal cannot be written.
    """
    if not alert_id or not threat:
        raise InputError("alert_id: none. Choose the alert that ends; nothing ends by itself.")
    _areas(live, area_ids)
    return await act(live, hand, AllClear(cap_status(live), (alert_id,), threat, area_ids))


async def say_incident(
    live: Live,
    hand: Hand,
    incident_id: str,
    what: str,
    status: str,
    place: tuple[str, str],
    note: str,
) -> Event:
    """Report an incident, or how far the work on it is.

    Parameters
    ----------
    live, hand
        The running city, and whose act it is.
    incident_id
        Which; a new one where empty.
    what
        One of `INCIDENTS`.
    status
        ``reported``, ``searching`` or ``closed``.
    place
        Longitude and latitude as typed [degree]; both empty where nothing is known.
    note
        Words beside the event, which two people can erase; may be empty.

    Raises
    ------
    InputError
        With what is wrong.
    StoreError
        The journal cannot be written.
    """
    if what not in INCIDENTS:
        raise InputError(f"what: {what!a:.60} is none of {', '.join(INCIDENTS)}. Choose one.")
    if len(note) > LONGEST_NOTE:
        raise InputError(f"note: has {len(note):,} characters. Give {LONGEST_NOTE:,} at most.")
    lon_e7, lat_e7 = (
        _degree(name, text, most) for name, text, most in zip(("lon", "lat"), place, (180, 90), strict=True)
    )
    said = IncidentReported(incident_id or f"incident-{hand.request_id}", what, status, lon_e7, lat_e7)
    return await act(live, hand, said, {"note": note.strip()} if note.strip() else None)


async def mark(live: Live, hand: Hand, span_id: str, span: str, phase: str) -> Event:
    """Mark where a drill or a raid begins or ends; a new one is named by the act that begins it.

    Raises
    ------
    InputError
        The span or phase is none.
    StoreError
        The journal cannot be written.
    """
    return await act(live, hand, SpanMarked(span_id or f"{span}-{hand.request_id}", span, phase))


async def take_back(live: Live, hand: Hand, event_id: str) -> Event:
    """Take an event back; it stays in the journal, marked as taken back.

    Raises
    ------
    InputError
        It is not known, was taken back, or is one that is answered and not taken back.
    StoreError
        The journal cannot be written.
    """
    said = Correction(event_id, "retract", None, None)
    there = await live.event(hand.event_id)
    if there is not None and there.payload == said:
        return there
    _correctable(live, event_id)
    return await act(live, hand, said)


async def replace_word(live: Live, hand: Hand, event_id: str, status: str, people: str) -> Event:
    """Put right what an event said of a shelter: another status, or another count, from the same time.

    Raises
    ------
    InputError
        It is no such event, or the new word is none.
    StoreError
        The journal cannot be written.
    """
    there = await live.event(hand.event_id)
    if there is not None and isinstance(there.payload, Correction) and there.payload.replacement is not None:
        new = _put_right(there.payload.replacement, status, people)
        if there.payload == Correction(event_id, "replace", new, None):
            return there
    new = _put_right(_correctable(live, event_id), status, people)
    return await act(live, hand, Correction(event_id, "replace", new, None))


def _put_right(said: Payload, status: str, people: str) -> Payload:
    """What an event should have said of its shelter."""
    if isinstance(said, ShelterReported):
        return ShelterReported(said.shelter_id, status)
    if isinstance(said, DoorReported):
        return DoorReported(said.shelter_id, said.entrance_id, status)
    if isinstance(said, PeopleCounted):
        return PeopleCounted(said.shelter_id, _whole("people", people))
    raise InputError("event_id: only what was said of a shelter is put right. Take it back, and say it anew.")


def cap_status(live: Live) -> str:
    """CAP's word for the world that is shown."""
    return "Exercise" if live.is_exercise else "Actual"


def known_shelter(live: Live, shelter_id: str) -> str:
    """The shelter, where the city has it.

    Raises
    ------
    InputError
        There is none of that id.
    """
    if not live.has_shelter(shelter_id):
        raise InputError(f"shelter_id: there is no shelter {shelter_id!a:.60}. Give one of the city's.")
    return shelter_id


def _areas(live: Live, area_ids: tuple[str, ...]) -> tuple[str, ...]:
    """The areas that were chosen; the whole city alone where it is among them."""
    known = {WHOLE_CITY, *map(str, live.city.zones.zone_ids)}
    unknown = [each for each in area_ids if each not in known]
    if unknown or not area_ids:
        raise InputError(
            f"area: {unknown[0] if unknown else 'none'!a:.60}. Choose districts, or the whole city."
        )
    return (WHOLE_CITY,) if WHOLE_CITY in area_ids else area_ids


def _correctable(live: Live, event_id: str) -> Payload:
    line = found(live.state, event_id)
    if line is None or not is_correctable(line):
        raise InputError(
            "event_id: this is not taken back: it is not known, was taken back, or is ended by another act."
        )
    return line.payload


def _whole(name: str, text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,7}", text.strip(), re.ASCII):
        raise InputError(f"{name}: {text!a:.40} is no whole number. Give 0 or more.")
    return int(text)


def _degree(name: str, text: str, most: int) -> int | None:
    if not text.strip():
        return None
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        value = float("nan")
    if not -most <= value <= most:
        raise InputError(
            f"{name}: {text!a:.40} is none. Give degrees from {-most} to {most}, such as 30.5238."
        )
    return round(value * _DEGREE)
