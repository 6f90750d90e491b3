"""Turns lists of the alerts in force, as services give them, into events: what is new, what has ended.

A list that did not come ends nothing. An alert that is missing from a list that did come ends only when the next list
lacks it too: services have given empty lists by mistake.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from takecover.analysis.situation_alerts import AlertRow
from takecover.model.event import Draft, event_id_of
from takecover.model.event_fields import write_moment
from takecover.model.event_payloads import AlertIssued, AllClear
from takecover.model.feed import FeedSpec

MISSES_TO_END = 2
"""Lists in a row that must lack an alert before it has ended."""


@dataclass(frozen=True)
class Listed:
    """One alert of a list.

    Attributes
    ----------
    key
        What it is told apart by from one list to the next; the service's own id, or its region and kind.
    region_id
        The service's name of its region.
    threat
        Kind of threat, as in the journal.
    stage
        ``prepare``, ``enter`` or ``stay``.
    began_at
        Since when, as the service says; None where it does not.
    message
        The service's own words, kept beside the journal.
    """

    key: str
    region_id: str
    threat: str
    stage: str = "enter"
    began_at: datetime | None = None
    message: str = ""


@dataclass(frozen=True)
class Held:
    """An alert that was in force at the last list.

    Attributes
    ----------
    alert_id
        Its name in the journal.
    area_ids, threat, stage
        As they were recorded.
    missed
        Lists in a row that lacked it.
    """

    alert_id: str
    area_ids: tuple[str, ...]
    threat: str
    stage: str
    missed: int = 0


def changes(
    held: Mapping[str, Held], listed: Iterable[Listed], spec: FeedSpec, now: datetime
) -> tuple[dict[str, Held], tuple[Draft, ...]]:
    """What a new list changes.

    Parameters
    ----------
    held
        Alerts in force by their keys, as the call before gave them or `remembered` does.
    listed
        The whole list; a region that the feed does not name is passed over.
    spec
        The feed.
    now
        The server's time, aware.

    Returns
    -------
    held, drafts
        What is in force now, and the events that say what changed, ends last.
    """
    found: dict[str, Held] = {}
    issued, ended = [], []
    for alert in listed:
        area_ids = spec.regions.get(alert.region_id, ())
        if not area_ids or alert.key in found:
            continue
        before = held.get(alert.key)
        is_same = before is not None and (before.threat, before.stage, before.area_ids) == (
            alert.threat,
            alert.stage,
            area_ids,
        )
        if before is not None and is_same:
            found[alert.key] = replace(before, missed=0)
            continue
        found[alert.key] = Held(_alert_id(alert.key, now), area_ids, alert.threat, alert.stage)
        issued.append(_issued(found[alert.key], before, alert, spec, now))
    for key, before in held.items():
        if key in found:
            continue
        if before.missed + 1 < MISSES_TO_END:
            found[key] = replace(before, missed=before.missed + 1)
        else:
            ended.append(_ended(before, spec, now))
    return found, (*issued, *ended)


def remembered(rows: Iterable[AlertRow], spec: FeedSpec) -> dict[str, Held]:
    """What a feed's alerts were when the program stopped, from the journal's state.

    Parameters
    ----------
    rows
        Rows of alerts, of any source.
    spec
        The feed; rows of others are passed over.
    """
    found: dict[str, Held] = {}
    for row in rows:
        if row.source != spec.source or row.ended_at is not None:
            continue
        key = row.alert_id.rpartition("@")[0]
        before = found.get(key)
        area_ids = (row.area_id,) if before is None else (*before.area_ids, row.area_id)
        found[key] = Held(row.alert_id, area_ids, row.threat, row.stage)
    return {key: replace(each, area_ids=_in_order(each.area_ids, spec)) for key, each in found.items()}


def _in_order(area_ids: tuple[str, ...], spec: FeedSpec) -> tuple[str, ...]:
    """The areas as the feed's own table lists them, so that they are seen to be the same."""
    for each in spec.regions.values():
        if set(each) == set(area_ids):
            return each
    return area_ids


def _alert_id(key: str, now: datetime) -> str:
    """A name that is new each time an alert begins, so that one that comes back is not taken for the one that ended."""
    return f"{key}@{write_moment(now)}"


def _issued(held: Held, before: Held | None, alert: Listed, spec: FeedSpec, now: datetime) -> Draft:
    payload = AlertIssued(
        alert_id=held.alert_id,
        status="Exercise" if spec.is_exercise else "Actual",
        threat=alert.threat,
        stage=alert.stage,
        area_ids=held.area_ids,
        references=() if before is None else (before.alert_id,),
        onset_at=alert.began_at,
        expires_at=None,
    )
    words = {"message": alert.message} if alert.message else {}
    return Draft(
        event_id_of(f"{spec.feed_id}/{held.alert_id}"),
        now,
        spec.source,
        "",
        payload,
        is_exercise=spec.is_exercise,
        words=words,
    )


def _ended(before: Held, spec: FeedSpec, now: datetime) -> Draft:
    payload = AllClear(
        status="Exercise" if spec.is_exercise else "Actual",
        alert_ids=(before.alert_id,),
        threat=before.threat,
        area_ids=before.area_ids,
    )
    event_id = event_id_of(f"{spec.feed_id}/{before.alert_id}/end")
    return Draft(event_id, now, spec.source, "", payload, is_exercise=spec.is_exercise)
