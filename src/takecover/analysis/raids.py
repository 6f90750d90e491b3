"""Raids in a journal: from the first alert on to the last all-clear, in each world by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from takecover.analysis.situation_alerts import AlertRow, Key, take
from takecover.analysis.situation_topics import Entry, amended, current, entry_of
from takecover.model.event import Event
from takecover.model.event_payloads import AlertIssued, AllClear, Correction

KINDS = (AlertIssued.kind, AllClear.kind, Correction.kind)
"""Kinds of events that raids are found by."""


@dataclass(frozen=True, slots=True)
class Raid:
    """A time during which an alert was on without a break.

    Attributes
    ----------
    began_at
        Since when the first alert held.
    ended_at
        When the last all-clear was recorded, or the last alert ran out; None while one is on.
    alerts
        How many alerts there were, each counted once for all its areas.
    threats, area_ids
        Of what and where, ascending.
    is_exercise
        Which world.
    """

    began_at: datetime
    ended_at: datetime | None
    alerts: int
    threats: tuple[str, ...]
    area_ids: tuple[str, ...]
    is_exercise: bool


def raids(events: Iterable[Event]) -> tuple[Raid, ...]:
    """Every raid, by when it began, with corrections counted.

    Parameters
    ----------
    events
        Of `KINDS`, in the order of the journal; others are passed over.

    Notes
    -----
    An alert that nobody ends and that names no expiry goes on, and what follows is one raid with it.
    """
    gathered = _Gathered()
    for event in events:
        gathered.take(event)
    found = [raid for is_exercise in (False, True) for raid in _Sweep(gathered, is_exercise).found]
    return tuple(sorted(found, key=lambda each: each.began_at))


class _Gathered:
    """Alerts and all-clears with what was later said against them, and when each was recorded."""

    def __init__(self) -> None:
        self.entries: dict[bool, dict[str, Entry]] = {False: {}, True: {}}
        self.recorded_at: dict[str, datetime] = {}
        self._root: dict[str, str] = {}

    def take(self, event: Event) -> None:
        """Take one event in."""
        entries = self.entries[event.is_exercise]
        if isinstance(event.payload, AlertIssued | AllClear):
            entries[event.event_id] = entry_of(event)
            self._root[event.event_id] = event.event_id
            self.recorded_at[event.event_id] = event.recorded_at
        elif isinstance(event.payload, Correction):
            root = self._root.get(event.payload.target_event_id)
            if root is not None and root in entries:
                found = amended(entries[root], event.payload.target_event_id, entry_of(event))
                entries[root] = found or entries[root]
                self._root[event.event_id] = root


class _Sweep:
    """Goes through one world's alerts in the order in which they hold."""

    def __init__(self, gathered: _Gathered, is_exercise: bool) -> None:
        self.found: list[Raid] = []
        self._is_exercise, self._recorded_at = is_exercise, gathered.recorded_at
        self._on: dict[Key, AlertRow] = {}
        self._of_raid: list[AlertRow] = []
        known = [now for each in gathered.entries[is_exercise].values() if (now := current(each)) is not None]
        for entry in sorted(known, key=lambda each: (each.as_of, each.seq)):
            self._expire(entry.as_of)
            take(self._on, entry)
            self._of_raid += [row for row in self._on.values() if row.event_id == entry.event_id]
            self._on = {key: row for key, row in self._on.items() if row.ended_at is None}
            self._close_if_over(self._recorded_at[entry.event_id])
        self._expire(None)
        if self._of_raid:
            self._close(None)

    def _expire(self, at: datetime | None) -> None:
        """End what ran out before a time; at the end of the journal, whatever names an expiry."""
        over = {
            key: row.expires_at
            for key, row in self._on.items()
            if row.expires_at is not None and (at is None or row.expires_at < at)
        }
        self._on = {key: row for key, row in self._on.items() if key not in over}
        if over:
            self._close_if_over(max(over.values()))

    def _close_if_over(self, at: datetime) -> None:
        if self._of_raid and not self._on:
            self._close(at)

    def _close(self, at: datetime | None) -> None:
        rows, self._of_raid = self._of_raid, []
        raid = Raid(
            began_at=min(row.as_of for row in rows),
            ended_at=at,
            alerts=len({(row.source, row.alert_id) for row in rows}),
            threats=tuple(sorted({row.threat for row in rows})),
            area_ids=tuple(sorted({row.area_id for row in rows})),
            is_exercise=self._is_exercise,
        )
        self.found.append(raid)
