"""Events for the tests: short to write, whole as the store would make them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from takecover.analysis import situation_areas
from takecover.analysis.situation import NOTHING, Rules, Situation, fold
from takecover.model import event as events
from takecover.model import event_rules
from takecover.model.event import Draft, Event
from takecover.model.event_payloads import AlertIssued, AllClear, Correction, Payload, ShelterReported

NIGHT = datetime(2023, 5, 30, 0, 0, tzinfo=UTC)
JOURNAL_ID = "test-journal"
RULES = Rules(
    valid_s={"officer": 7200, "warden": 1800, "sensor": 900, "resident": 900, "feed": 120, "system": 120},
    old_factor=2.0,
    history_s=172_800,
)


DUTY = {"source": "officer:duty", "actor_id": "user:1"}
FEED = {"source": "feed:a", "actor_id": ""}


def at(minutes: float) -> datetime:
    """So many minutes into the night."""
    return NIGHT + timedelta(minutes=minutes)


def draft(
    event_id: str,
    payload: Payload,
    minutes: float = 0,
    source: str = "warden:A",
    actor_id: str = "link:1",
    *,
    is_exercise: bool = False,
    words: Mapping[str, str] | None = None,
) -> Draft:
    """A draft that holds from so many minutes into the night."""
    return Draft(event_id, at(minutes), source, actor_id, payload, is_exercise, words or {})


def chained(drafts: Iterable[Draft], recorded: Iterable[datetime] | None = None) -> list[Event]:
    """The events that a journal would hold after these drafts, recorded when they hold unless told otherwise."""
    drafts = list(drafts)
    times = [each.effective_at for each in drafts] if recorded is None else list(recorded)
    found: list[Event] = []
    head, now = events.genesis(JOURNAL_ID), times[0] if times else NIGHT
    for seq, (each, time) in enumerate(zip(drafts, times, strict=True), start=1):
        now = max(now, time)
        sealed = {name: events.seal(bytes(32), text) for name, text in each.words.items()}
        content = events.body(event_rules.check(each), seq, now, sealed, head)
        found.append(event_rules.event(json.loads(content), content))
        head = found[-1].hash
    return found


def alert(
    alert_id: str = "A1", areas: tuple[str, ...] = ("kyiv",), threat: str = "drone", **changes: object
) -> AlertIssued:
    """An actual alert at the stage enter."""
    values = {
        "alert_id": alert_id,
        "status": "Actual",
        "threat": threat,
        "stage": "enter",
        "area_ids": areas,
        "references": (),
        "onset_at": None,
        "expires_at": None,
    }
    return AlertIssued(**{**values, **changes})  # type: ignore[arg-type]


def all_clear(
    areas: tuple[str, ...] = ("kyiv",), threat: str = "drone", alert_ids: tuple[str, ...] = ()
) -> AllClear:
    """An actual all-clear."""
    return AllClear("Actual", alert_ids, threat, areas)


def shelter(status: str, shelter_id: str = "S1") -> ShelterReported:
    """A word on a shelter."""
    return ShelterReported(shelter_id, status)


def retract(target_id: str) -> Correction:
    """A correction that takes an event back."""
    return Correction(target_id, "retract", None, None)


def replaced(
    target_id: str, payload: Payload | None = None, effective_at: datetime | None = None
) -> Correction:
    """A correction that says what should have been said."""
    return Correction(target_id, "replace", payload, effective_at)


def folded(*drafts: Draft, recorded: list[datetime] | None = None) -> Situation:
    """What is known after these drafts."""
    return fold(NOTHING, chained(drafts, recorded), RULES)


def word(situation: Situation, minutes: float, area_id: str = "kyiv", **heard: float) -> str:
    """What is known of alerts in an area."""
    when = {f"feed:{name}": at(time) for name, time in heard.items()}
    return situation_areas.area(situation.real, area_id, at(minutes), RULES, when).word
