"""Alerts as rows, one for each source, area, threat and alert; an all-clear ends the rows that it names, no other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from takecover.analysis.situation_topics import Entry, current
from takecover.model.event import rank
from takecover.model.event_payloads import AlertIssued, AllClear

STATUSES_THAT_COUNT = ("Actual", "Exercise")
"""CAP's System, Test and Draft messages are recorded and never shown as alerts."""


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert of one source in one area.

    Attributes
    ----------
    source, area_id, threat, alert_id
        Whose, where, of what, and which.
    stage
        ``prepare``, ``enter`` or ``stay``.
    as_of
        Since when.
    event_id
        The event that says so.
    onset_at, expires_at
        As the message gives them.
    ended_at, ended_by
        When and by which event it ended; None and empty while it has not.
    """

    source: str
    area_id: str
    threat: str
    alert_id: str
    stage: str
    as_of: datetime
    event_id: str
    onset_at: datetime | None
    expires_at: datetime | None
    ended_at: datetime | None = None
    ended_by: str = ""


Key = tuple[str, str, str, str]


def rows(entries: Iterable[Entry], at: datetime | None = None) -> dict[Key, AlertRow]:
    """Every alert row that the entries give, ended ones too, in the order in which they hold.

    Parameters
    ----------
    entries
        Of the alerts' topic, in any order.
    at
        What holds later is left out; nothing is where None.

    Notes
    -----
    An update ends the rows of the alerts that it references, of its own source, and puts its own in. The same alert
    issued again takes its own row's place. An officer's all-clear also ends rows of feeds, a feed's only its own.
    """
    known = [now for entry in entries if (now := current(entry)) is not None]
    found: dict[Key, AlertRow] = {}
    for entry in sorted(known, key=lambda each: (each.as_of, each.seq)):
        if at is not None and entry.as_of > at:
            break
        take(found, entry)
    return found


def take(found: dict[Key, AlertRow], entry: Entry) -> None:
    """Put one more entry, as corrected, into rows that are made from those that hold before it."""
    said = entry.payload
    if isinstance(said, AlertIssued) and said.status in STATUSES_THAT_COUNT:
        _issue(found, entry, said)
    elif isinstance(said, AllClear) and said.status in STATUSES_THAT_COUNT:
        _clear(found, entry, said)


def _issue(found: dict[Key, AlertRow], entry: Entry, said: AlertIssued) -> None:
    """Put the rows of an alert in, after ending those whose place it takes."""
    if said.references:
        replaced = set(said.references)
        for key, row in found.items():
            if row.ended_at is None and row.source == entry.source and row.alert_id in replaced:
                found[key] = replace(row, ended_at=entry.as_of, ended_by=entry.event_id)
    for area_id in said.area_ids:
        key = (entry.source, area_id, said.threat, said.alert_id)
        found.pop(key, None)
        found[key] = AlertRow(
            source=entry.source,
            area_id=area_id,
            threat=said.threat,
            alert_id=said.alert_id,
            stage=said.stage,
            as_of=entry.as_of,
            event_id=entry.event_id,
            onset_at=said.onset_at,
            expires_at=said.expires_at,
        )


def _clear(found: dict[Key, AlertRow], entry: Entry, said: AllClear) -> None:
    """End the rows that an all-clear names."""
    for key, row in found.items():
        if row.ended_at is None and _is_named(row, entry, said):
            found[key] = replace(row, ended_at=entry.as_of, ended_by=entry.event_id)


def _is_named(row: AlertRow, entry: Entry, said: AllClear) -> bool:
    """True where an all-clear ends a row: its own source's or a lower one's, its threat, its areas or its alert."""
    if row.source != entry.source and rank(row.source) >= rank(entry.source):
        return False
    if said.threat and row.threat != said.threat:
        return False
    if said.alert_ids and row.alert_id not in said.alert_ids:
        return False
    return not said.area_ids or row.area_id in said.area_ids


def needed(entries: Iterable[Entry]) -> frozenset[str]:
    """Event ids without which a row that still matters would change.

    Those are the alerts that are on, the last word of each source on each area and threat, and whatever ended a row of
    these: without it the row would come back to life.
    """
    all_rows = rows(entries).values()
    last: dict[tuple[str, str, str], AlertRow] = {}
    for row in all_rows:
        held = last.get((row.source, row.area_id, row.threat))
        if held is None or row.as_of >= held.as_of:
            last[row.source, row.area_id, row.threat] = row
    keep = {row.event_id for row in last.values()} | {
        row.event_id for row in all_rows if row.ended_at is None
    }
    while True:
        enders = {row.ended_by for row in all_rows if row.ended_by and row.event_id in keep}
        if enders <= keep:
            return frozenset(keep)
        keep |= enders
