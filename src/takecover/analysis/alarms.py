"""Alarms that an officer gave by hand, as messages: the alarm, what is left of it where a part ends, and its all-clear.

Never an alert that a feed brought: its own sender tells of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from takecover.analysis.announcements import Announcement
from takecover.analysis.situation_alerts import AlertRow, rows
from takecover.analysis.situation_topics import Entry
from takecover.model.event import kind_of_source
from takecover.model.event_payloads import AlertIssued
from takecover.model.feed import WHOLE_CITY

OVER, OVER_HERE = "over", "over_here"
"""How an alarm ends: as the last alert of its places, or while another goes on there."""


class _Step(NamedTuple):
    """A moment at which an alarm may have changed."""

    seq: int
    as_of: datetime
    event_id: str


def alarms(trail: Sequence[Entry]) -> tuple[Announcement, ...]:
    """Every message about alarms by hand, in the order of sending.

    Parameters
    ----------
    trail
        Everything remembered of alerts, by seq, of one world.

    Returns
    -------
    tuple of Announcement
        For each alarm an ``Alert``; an ``Update`` for the places that are left where some of them end; a ``Cancel``
        where all have ended; and an ``Alert`` anew where an all-clear was taken back.

    Notes
    -----
    Each message is made from what was recorded up to its own event, so that it never changes. Its name is a hash of the
    event's: the event's own name tells who acted. An all-clear looks at every other alert that is on in the places that
    it ends, also at one that has not been heard of for long: where there is any, it is none that sends people out.
    """
    given = {
        entry.payload.alert_id: entry.payload
        for entry in trail
        if isinstance(entry.payload, AlertIssued) and kind_of_source(entry.source) == "officer"
    }
    if not given:
        return ()
    sent: list[Announcement] = []
    last: dict[str, Announcement] = {}
    for step in _steps(trail):
        known = tuple(rows(_until(trail, step.seq)).values())
        for alert_id, said in given.items():
            before = last.get(alert_id)
            message = _message(said, step, known, before)
            if message is not None:
                last[alert_id] = message
                sent.append(message)
    return tuple(sorted(sent, key=lambda each: each.sent_at))


def _steps(trail: Iterable[Entry]) -> list[_Step]:
    """Words of officers and all that was said against them: a feed neither gives an alarm by hand nor ends one."""

    def of(entry: Entry) -> Iterator[_Step]:
        yield _Step(entry.seq, entry.as_of, entry.event_id)
        for later in entry.amendments:
            yield from of(later)

    return sorted(step for entry in trail if kind_of_source(entry.source) == "officer" for step in of(entry))


def _until(trail: Iterable[Entry], seq: int) -> list[Entry]:
    """The entries as they were known up to an event."""
    return [
        replace(entry, amendments=tuple(_until(entry.amendments, seq))) if entry.amendments else entry
        for entry in trail
        if entry.seq <= seq
    ]


def _message(
    said: AlertIssued, step: _Step, known: Sequence[AlertRow], before: Announcement | None
) -> Announcement | None:
    """What a step has to say of one alarm; None where nothing of it changed."""
    mine = [row for row in known if row.alert_id == said.alert_id and kind_of_source(row.source) == "officer"]
    left = tuple(area_id for area_id in said.area_ids if any(_is_on(row, area_id, step) for row in mine))
    is_over = before is None or before.msg_type == "Cancel"
    were_on = () if is_over or before is None else before.area_ids
    if left == were_on or (is_over and not left):
        return None
    ended = tuple(area_id for area_id in were_on if area_id not in left)
    others = [row for row in known if row not in mine]
    goes_on = any(
        _is_on(row, row.area_id, step) and (WHOLE_CITY in (row.area_id, area_id) or row.area_id == area_id)
        for row in others
        for area_id in ended
    )
    over = f"alarm.{said.threat}.{OVER_HERE if goes_on else OVER}"
    return Announcement(
        message_id=f"alarm/{_hash(said.alert_id, step.event_id)}",
        notice_id=f"alarm-{_hash(said.alert_id)}",
        msg_type="Alert" if is_over else "Update" if left else "Cancel",
        template_id=f"alarm.{said.threat}.{said.stage}" if left else over,
        area_ids=left or ended,
        sent_at=step.as_of,
        expires_at=said.expires_at,
        earlier=() if is_over or before is None else (*before.earlier, before),
        threat=said.threat,
        ended_area_ids=ended,
        over_template_id=over if ended else "",
    )


def _is_on(row: AlertRow, area_id: str, step: _Step) -> bool:
    is_over = row.ended_at is not None or (row.expires_at is not None and row.expires_at <= step.as_of)
    return row.area_id == area_id and not is_over


def _hash(*names: str) -> str:
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:24]


def kept_alarms(sent: Sequence[Announcement], at: datetime, kept_s: float) -> tuple[Announcement, ...]:
    """The messages of alarms that are on, and of those that ended lately.

    Parameters
    ----------
    sent
        As `alarms` gives them.
    at
        The time asked about; what was sent later is left out.
    kept_s
        How long the messages of an alarm are kept after its end [s].
    """
    out = [each for each in sent if each.sent_at <= at]
    last = {each.notice_id: each for each in out}
    since = at - timedelta(seconds=kept_s)
    return tuple(
        each
        for each in out
        if last[each.notice_id].msg_type != "Cancel" or last[each.notice_id].sent_at >= since
    )


def told_at(said: Announcement, area_ids: Iterable[str]) -> Announcement:
    """A message as it is for one who listens for some places: where all of theirs have ended, the all-clear."""
    places = set(area_ids)
    if not said.ended_area_ids or said.msg_type != "Update":
        return said
    if places & {WHOLE_CITY, *said.area_ids} or WHOLE_CITY in said.area_ids:
        return said
    return replace(said, msg_type="Cancel", template_id=said.over_template_id, area_ids=said.ended_area_ids)
