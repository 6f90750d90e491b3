"""What an event can say, one frozen class for each kind, each with a version.

A place is of a shelter, a door or an incident, never of a person. Names and free words are in no payload: they go
beside the chain (`takecover.model.event.Draft.words`), where two people can erase them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from takecover.model import event_fields as fields
from takecover.model.canonical import Plain
from takecover.model.event_fields import Code, Id, Ids, MaybeId, MaybeMoment, SomeIds

CAP_STATUSES = ("Actual", "Exercise", "System", "Test", "Draft")
STAGES = ("prepare", "enter", "stay")
SHELTER_STATUSES = ("open", "filling", "full", "shut")
"""From the best to the worst."""
DOOR_STATUSES = ("open", "shut")
MOST_PEOPLE = 10_000_000


@dataclass(frozen=True, slots=True)
class AlertIssued:
    """An alert for some areas, of one threat, at one stage; the raw message goes beside it as the words ``message``.

    A CAP message with several infos makes several of these, with one ``alert_id``. An update names in ``references``
    the alerts whose place it takes, wholly.
    """

    kind: ClassVar[str] = "alert"
    version: ClassVar[int] = 1
    alert_id: Id
    status: Annotated[str, fields.choice(*CAP_STATUSES)]
    threat: Code
    stage: Annotated[str, fields.choice(*STAGES)]
    area_ids: SomeIds
    references: Ids
    onset_at: MaybeMoment
    expires_at: MaybeMoment


@dataclass(frozen=True, slots=True)
class AllClear:
    """The end of what it names: alerts by their ids, or every alert of one threat in the areas given.

    Where both are given, the named alerts end in the areas given and go on elsewhere. The threat may be empty where
    alerts are named: they end for every threat that they are of.
    """

    kind: ClassVar[str] = "all_clear"
    version: ClassVar[int] = 1
    status: Annotated[str, fields.choice(*CAP_STATUSES)]
    alert_ids: Ids
    threat: Annotated[str, fields.code(may_be_empty=True)]
    area_ids: Ids


@dataclass(frozen=True, slots=True)
class FeedHeard:
    """Whether a source of alerts is heard, and when it was last heard. Its silence says nothing about alerts."""

    kind: ClassVar[str] = "feed"
    version: ClassVar[int] = 1
    status: Annotated[str, fields.choice("heard", "failing", "stopped")]
    last_heard_at: MaybeMoment


@dataclass(frozen=True, slots=True)
class ShelterReported:
    """The state of a shelter, as someone at it or above it says."""

    kind: ClassVar[str] = "shelter"
    version: ClassVar[int] = 1
    shelter_id: Id
    status: Annotated[str, fields.choice(*SHELTER_STATUSES)]


@dataclass(frozen=True, slots=True)
class PeopleCounted:
    """How many people are in a shelter."""

    kind: ClassVar[str] = "count"
    version: ClassVar[int] = 1
    shelter_id: Id
    people: Annotated[int, fields.whole(0, MOST_PEOPLE)]


@dataclass(frozen=True, slots=True)
class DoorReported:
    """The state of one entrance of a shelter."""

    kind: ClassVar[str] = "door"
    version: ClassVar[int] = 1
    shelter_id: Id
    entrance_id: Id
    status: Annotated[str, fields.choice(*DOOR_STATUSES)]


@dataclass(frozen=True, slots=True)
class ShelterHinted:
    """A resident's word that a shelter is shut or full: shown as a hint, never as its state."""

    kind: ClassVar[str] = "hint"
    version: ClassVar[int] = 1
    shelter_id: Id
    status: Annotated[str, fields.choice("full", "shut")]


@dataclass(frozen=True, slots=True)
class NoticeAsked:
    """One person asks that a notice be sent, changed or taken back. Nothing is public yet."""

    kind: ClassVar[str] = "notice_asked"
    version: ClassVar[int] = 1
    notice_id: Id
    step: Annotated[str, fields.choice("send", "update", "cancel")]
    template_id: MaybeId
    area_ids: Ids
    expires_at: MaybeMoment


@dataclass(frozen=True, slots=True)
class NoticeDecided:
    """Another person's yes or no to what was asked. The same person's yes counts for nothing."""

    kind: ClassVar[str] = "notice_decided"
    version: ClassVar[int] = 1
    notice_id: Id
    asked_event_id: Id
    decision: Annotated[str, fields.choice("approve", "reject")]


@dataclass(frozen=True, slots=True)
class IncidentReported:
    """A strike, fire or collapse, and how far the work on it is; place in ten-millionths of a degree, or none."""

    kind: ClassVar[str] = "incident"
    version: ClassVar[int] = 1
    incident_id: Id
    what: Code
    status: Annotated[str, fields.choice("reported", "searching", "closed")]
    lon_e7: Annotated[int | None, fields.whole(-1_800_000_000, 1_800_000_000, may_be_none=True)]
    lat_e7: Annotated[int | None, fields.whole(-900_000_000, 900_000_000, may_be_none=True)]


@dataclass(frozen=True, slots=True)
class StatementMade:
    """What a named body said about one quantity: a claim, never a total.

    ``low`` and ``high`` bound it; an open bound is None ("at least 1" is low 1, high None). ``incident_id`` is empty
    where the claim is of the whole raid.
    """

    kind: ClassVar[str] = "statement"
    version: ClassVar[int] = 1
    statement_id: Id
    incident_id: MaybeId
    said_by: Id
    said_at: MaybeMoment
    quantity: Code
    scope_id: MaybeId
    low: Annotated[int | None, fields.whole(0, MOST_PEOPLE, may_be_none=True)]
    high: Annotated[int | None, fields.whole(0, MOST_PEOPLE, may_be_none=True)]
    supersedes: Ids


@dataclass(frozen=True, slots=True)
class SpanMarked:
    """Where a drill or a raid begins or ends in the journal."""

    kind: ClassVar[str] = "mark"
    version: ClassVar[int] = 1
    span_id: Id
    span: Annotated[str, fields.choice("drill", "raid")]
    phase: Annotated[str, fields.choice("begin", "end")]


@dataclass(frozen=True, slots=True)
class Audited:
    """Something that a user did to the system itself: a login, a role given, a link taken back."""

    kind: ClassVar[str] = "audit"
    version: ClassVar[int] = 1
    action: Code
    subject_id: MaybeId


@dataclass(frozen=True, slots=True)
class ErasureAsked:
    """One person asks that words beside an event be erased; ``words`` names them."""

    kind: ClassVar[str] = "erasure_asked"
    version: ClassVar[int] = 1
    target_event_id: Id
    words: SomeIds
    reason: Code


@dataclass(frozen=True, slots=True)
class Erased:
    """Another person agreed: the words are gone, their salted hashes stay in the chain."""

    kind: ClassVar[str] = "erased"
    version: ClassVar[int] = 1
    asked_event_id: Id
    asked_by: Id
    target_event_id: Id


def _write_replacement(payload: Any) -> Plain:
    return (
        None
        if payload is None
        else {"kind": payload.kind, "version": payload.version, "payload": write(payload)}
    )


def _read_replacement(plain: object) -> Any:
    if plain is None:
        return None
    if not isinstance(plain, Mapping) or set(plain) != {"kind", "version", "payload"}:
        raise ValueError("is no object with kind, version and payload")
    faults: list[str] = []
    found = read(plain["kind"], plain["version"], plain["payload"], faults)
    if faults:
        raise ValueError("; ".join(faults))
    if found.kind in UNCORRECTABLE:
        raise ValueError(f"is of the kind {found.kind}, which is not replaced; retract it and say it anew")
    return found


@dataclass(frozen=True, slots=True)
class Correction:
    """An earlier event was wrong: it is taken back, or it should have said this, or have held from that time.

    The earlier event stays in the journal. A correction is taken back by a correction that retracts it.
    """

    kind: ClassVar[str] = "correction"
    version: ClassVar[int] = 1
    target_event_id: Id
    action: Annotated[str, fields.choice("retract", "replace")]
    replacement: Annotated[Any, fields.Form(_read_replacement, _write_replacement)]
    effective_at: MaybeMoment


Payload = (
    AlertIssued
    | AllClear
    | FeedHeard
    | ShelterReported
    | PeopleCounted
    | DoorReported
    | ShelterHinted
    | NoticeAsked
    | NoticeDecided
    | IncidentReported
    | StatementMade
    | SpanMarked
    | Audited
    | ErasureAsked
    | Erased
    | Correction
)

PAYLOADS: dict[str, type[Payload]] = {each.kind: each for each in Payload.__args__}
"""Every kind of payload by its name in the journal."""

UNCORRECTABLE = frozenset(
    {"correction", "audit", "erasure_asked", "erased", "notice_asked", "notice_decided"}
)
"""Kinds whose words are acts; an act can be answered by another, never rewritten."""

Upgrade = Callable[[dict[str, Plain]], dict[str, Plain]]

UPGRADES: dict[tuple[str, int], Upgrade] = {}
"""For a kind and an old version: how its payload becomes one of the next version. The stored bytes stay as they are."""


def write(payload: Payload) -> dict[str, Plain]:
    """A payload as plain JSON, every field of it."""
    return fields.write(payload)


def read(
    kind: object,
    version: object,
    plain: object,
    faults: list[str],
    upgrades: Mapping[tuple[str, int], Upgrade] = UPGRADES,
) -> Any:
    """A payload of any version that was ever written, as the newest; None where anything is wrong.

    Parameters
    ----------
    kind, version, plain
        As they stand in the event.
    faults
        Takes a message for each thing wrong.
    upgrades
        How payloads of old versions become newer ones.
    """
    found = PAYLOADS.get(kind) if isinstance(kind, str) else None
    if found is None:
        faults.append(f"kind: {kind!r:.60} is unknown; this program knows: {', '.join(PAYLOADS)}")
        return None
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        faults.append(f"version: {version!r:.60} is no whole number from 1")
        return None
    if version > found.version:
        faults.append(
            f"version: {version} of {kind} is newer than {found.version}, the newest that this program reads; "
            "use a newer Takecover"
        )
        return None
    while version < found.version and isinstance(plain, dict):
        plain = upgrades[found.kind, version](plain)
        version += 1
    return fields.read(found, plain, faults)
