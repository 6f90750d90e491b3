"""The rules that an event must obey, one function each, and the reading of a stored or hostile line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from takecover.errors import Faults, InputError, InternalError
from takecover.model import canonical, event_fields, event_payloads
from takecover.model.event import EVENT_ID, RANKS, Draft, Event, digest, kind_of_source
from takecover.model.event_payloads import AlertIssued, AllClear, Correction, IncidentReported, StatementMade

LONGEST_WORDS = 1_000_000
"""Characters of one field of words; a CAP message with its polygons is some tens of thousands."""

MOST_FIELDS = 20
MOST_BYTES = 1_000_000
"""Size of an event's canonical bytes."""

_SOURCE = re.compile(r"[a-z]+:[A-Za-z0-9._:/@+-]{1,150}", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)

WHO_MAY = {
    "alert": ("feed", "officer"),
    "all_clear": ("feed", "officer"),
    "feed": ("feed", "system"),
    "shelter": ("sensor", "warden", "officer"),
    "count": ("sensor", "warden", "officer"),
    "door": ("sensor", "warden", "officer"),
    "hint": ("resident",),
    "notice_asked": ("officer",),
    "notice_decided": ("officer",),
    "incident": ("warden", "officer"),
    "statement": ("officer",),
    "mark": ("officer", "system"),
    "audit": ("officer", "system"),
    "erasure_asked": ("officer",),
    "erased": ("officer",),
    "correction": ("feed", "sensor", "warden", "officer", "system"),
}
"""Kinds of source that may say each kind of event. A resident's word is a hint and never anything else."""

NAMELESS = ("feed", "sensor", "system", "resident")
"""Kinds of source that act without a person whose id is kept."""

# fmt: off
_BODY = frozenset({
    "actor_id", "effective_at", "event_id", "is_exercise", "kind", "payload", "previous_hash", "recorded_at", "sealed",
    "seq", "source", "version",
})
# fmt: on
_SAID = _BODY - {"previous_hash", "recorded_at", "sealed", "seq"}


def check(draft: Draft) -> Draft:
    """The draft as it is, when it keeps every rule.

    Raises
    ------
    InputError
        With every rule broken, by field.
    """
    faults = Faults(f"event '{draft.event_id!s:.80}'")
    _check_said(draft, faults)
    words_are_sealable(draft.words, faults)
    faults.raise_if_any()
    return draft


def _check_said(said: Draft | Event, faults: Faults) -> None:
    """Note what is wrong with what was said, be it a draft or a stored event."""
    ids_are_well_formed(said, faults)
    try:
        event_fields.write_moment(said.effective_at)
    except ValueError as error:
        faults.add(f"effective_at: {error}.")
    event_fields.check(said.payload, faults.messages)
    if not isinstance(said.is_exercise, bool):
        faults.add(f"is_exercise: {said.is_exercise!r:.40} is neither true nor false.")
    if not faults.messages:
        source_may_say_it(said, faults)
        exercise_stays_exercise(said.payload, said.is_exercise, faults)
        payload_makes_sense(said.payload, faults)


def ids_are_well_formed(said: Draft | Event, faults: Faults) -> None:
    """Event, source and actor have ids of plain characters, and the source is of a known kind."""
    if not isinstance(said.event_id, str) or not EVENT_ID.fullmatch(said.event_id):
        faults.add(
            f"event_id: {said.event_id!r:.80} is no id. Give 1 to 200 letters, digits and . _ : / @ + -"
        )
    known = isinstance(said.source, str) and _SOURCE.fullmatch(said.source)
    if not known or kind_of_source(said.source) not in RANKS:
        faults.add(
            f"source: {said.source!r:.80} is no source. Give one of {', '.join(RANKS)}, a colon and a name."
        )
    if not isinstance(said.actor_id, str) or (said.actor_id and not EVENT_ID.fullmatch(said.actor_id)):
        faults.add(
            f"actor_id: {said.actor_id!r:.80} is no id. Give an id that is no name, or nothing for a machine."
        )


def source_may_say_it(said: Draft | Event, faults: Faults) -> None:
    """Each kind of source says only what is its to say, and a person's act has an actor."""
    kind = kind_of_source(said.source)
    allowed = WHO_MAY[said.payload.kind]
    if kind not in allowed:
        faults.add(f"source: a {kind} cannot say '{said.payload.kind}'. Allowed are: {', '.join(allowed)}.")
    if not said.actor_id and kind not in NAMELESS:
        faults.add(f"actor_id: is empty, and a {kind} is a person. Give the actor's id.")


def exercise_stays_exercise(payload: Any, is_exercise: bool, faults: Faults) -> None:
    """What CAP calls an exercise is one here, and nothing that CAP calls actual is."""
    if isinstance(payload, Correction):
        payload = payload.replacement
    if isinstance(payload, AlertIssued | AllClear):
        if payload.status == "Exercise" and not is_exercise:
            faults.add("is_exercise: is false, and the message's status is Exercise. Give true.")
        if payload.status == "Actual" and is_exercise:
            faults.add("payload.status: is Actual in an exercise. Give Exercise.")


def payload_makes_sense(payload: Any, faults: Faults) -> None:
    """The rules that tie fields of one payload together."""
    if isinstance(payload, AllClear) and not payload.alert_ids:
        if not payload.area_ids:
            faults.add(
                "payload.area_ids: is empty, and so is alert_ids. Name what ends; nothing ends by itself."
            )
        if not payload.threat:
            faults.add("payload.threat: is empty, and no alert is named. Name the threat that ends.")
    if isinstance(payload, IncidentReported) and (payload.lon_e7 is None) != (payload.lat_e7 is None):
        faults.add("payload.lon_e7: longitude and latitude go together. Give both, or neither.")
    if isinstance(payload, StatementMade):
        if payload.low is None and payload.high is None:
            faults.add("payload.low: is nothing, and so is high. Give one bound at least.")
        elif payload.low is not None and payload.high is not None and payload.low > payload.high:
            faults.add(
                f"payload.low: {payload.low} is more than high, {payload.high}. Give low at most high."
            )
    if isinstance(payload, Correction):
        says_nothing = payload.replacement is None and payload.effective_at is None
        if payload.action == "replace" and says_nothing:
            faults.add(
                "payload.replacement: is nothing, and so is effective_at. Give what should have been said."
            )
        if payload.action == "retract" and not says_nothing:
            faults.add(
                "payload.replacement: is given in a retraction. Give the action replace, or leave it out."
            )
        if payload.replacement is not None:
            payload_makes_sense(payload.replacement, faults)


def words_are_sealable(words: Mapping[str, str], faults: Faults) -> None:
    """Words beside the chain are few, of stated length, and text."""
    if len(words) > MOST_FIELDS:
        faults.add(f"words: {len(words)} fields. Give at most {MOST_FIELDS}.")
    for name, text in words.items():
        if not _is_code(name):
            faults.add(f"words: {name!r:.60} is no field name. Give a lower-case word.")
        if not isinstance(text, str) or not 0 < len(text) <= LONGEST_WORDS:
            faults.add(
                f"words.{name!s:.60}: is no text of 1 to {LONGEST_WORDS:,} characters. Leave it out or cut it."
            )
        elif any("\ud800" <= char <= "\udfff" for char in text) or "\0" in text:
            faults.add(f"words.{name!s:.60}: holds a NUL or half of a surrogate pair. Give plain text.")


def _is_code(name: object) -> bool:
    return isinstance(name, str) and re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name, re.ASCII) is not None


def held_in_time(draft: Draft, now: datetime, ahead_s: float) -> None:
    """Refuse what claims to hold from a time that has not come.

    Parameters
    ----------
    draft
        What is to be recorded.
    now
        The server's time.
    ahead_s
        How far the clock of a source may run ahead of ours [s].

    Raises
    ------
    InputError
        ``effective_at`` lies further ahead.
    """
    if draft.effective_at > now + timedelta(seconds=ahead_s):
        raise InputError(
            f"event '{draft.event_id}': effective_at is {event_fields.write_moment(draft.effective_at)}, over "
            f"{ahead_s:.0f} s after the server's {event_fields.write_moment(now)}. Set the clock of the source right."
        )


def draft(plain: object) -> Draft:
    """A draft from outside, as `takecover.model.event.said` writes it: without words.

    Raises
    ------
    InputError
        With every fault: a field missing, unknown or out of range, an unknown kind or version, a rule broken.
    """
    faults = Faults("event")
    if not isinstance(plain, dict) or set(plain) != _SAID:
        keys = sorted(set(plain) ^ _SAID, key=str)[:5] if isinstance(plain, dict) else plain
        raise InputError(f"event: is none: missing or unknown is {keys!r:.200}.")
    payload = event_payloads.read(plain["kind"], plain["version"], plain["payload"], faults.messages)
    try:
        effective_at = event_fields.read_moment(plain["effective_at"])
    except ValueError as error:
        faults.add(f"effective_at: {error}.")
    faults.raise_if_any()
    ids = {name: plain[name] for name in ("event_id", "source", "actor_id", "is_exercise")}
    return check(Draft(payload=payload, effective_at=effective_at, **ids))


def event(plain: object, content: bytes, expected_hash: str | None = None) -> Event:
    """An event from outside: every rule is checked, whoever made it.

    Parameters
    ----------
    plain
        What a JSON reader made of the bytes.
    content
        The bytes.
    expected_hash
        What they should hash to; not compared where None.

    Raises
    ------
    InputError
        With every fault: a field missing, unknown or out of range, an unknown kind or version, bytes that are not
        canonical, a hash that is not that of the bytes.
    """
    faults = Faults("event")
    found = _read_body(plain, content, faults)
    if found is not None:
        faults.subject = f"event '{found.event_id!s:.80}' (seq {found.seq})"
        _check_said(found, faults)
        if canonical_of(plain) != content:
            faults.add(
                "the bytes are not the canonical ones. They were changed, or written by something else."
            )
        if expected_hash is not None and found.hash != expected_hash:
            faults.add(
                f"hash: the line says {expected_hash:.64}, its content gives {found.hash}. It was changed."
            )
    faults.raise_if_any()
    return _there(found)


def stored(plain: object, content: bytes) -> Event:
    """An event from our own store, which checked it when it was taken: only its form is read again.

    Raises
    ------
    InputError
        The content cannot be read: it was changed in the store, or written by a newer Takecover.
    """
    faults = Faults("stored event")
    found = _read_body(plain, content, faults)
    faults.raise_if_any()
    return _there(found)


def _there(found: Event | None) -> Event:
    if found is None:
        raise InternalError("an event without faults was not read.")
    return found


def canonical_of(plain: Any) -> bytes:
    """The canonical bytes of a value; empty where it has none."""
    try:
        return canonical.encode(plain)
    except ValueError:
        return b""


def _read_body(plain: object, content: bytes, faults: Faults) -> Event | None:
    """The event; None where a field of the envelope or the payload is not of its form."""
    if not isinstance(plain, dict) or set(plain) != _BODY:
        keys = sorted(set(plain) ^ _BODY, key=str)[:5] if isinstance(plain, dict) else plain
        faults.add(f"is no event: missing or unknown is {keys!r:.200}.")
        return None
    if len(content) > MOST_BYTES:
        faults.add(f"has {len(content):,} bytes. At most {MOST_BYTES:,} are allowed.")
        return None
    times = {}
    for name in ("recorded_at", "effective_at"):
        try:
            times[name] = event_fields.read_moment(plain[name])
        except ValueError as error:
            faults.add(f"{name}: {error}.")
    seq, sealed, previous = plain["seq"], plain["sealed"], plain["previous_hash"]
    if isinstance(seq, bool) or not isinstance(seq, int) or seq < 1:
        faults.add(f"seq: {seq!r:.60} is no whole number from 1.")
    if not isinstance(previous, str) or not _HASH.fullmatch(previous):
        faults.add(f"previous_hash: {previous!r:.80} is no SHA-256.")
    if not isinstance(sealed, dict) or not all(
        _is_code(k) and isinstance(v, str) and _HASH.fullmatch(v) for k, v in sealed.items()
    ):
        faults.add(f"sealed: {sealed!r:.80} is no object of SHA-256 by field.")
    payload = event_payloads.read(plain["kind"], plain["version"], plain["payload"], faults.messages)
    if faults.messages:
        return None
    return Event(
        seq=seq,
        event_id=plain["event_id"],
        **times,
        source=plain["source"],
        actor_id=plain["actor_id"],
        is_exercise=plain["is_exercise"],
        payload=payload,
        sealed=sealed,
        previous_hash=previous,
        hash=digest(content),
    )
