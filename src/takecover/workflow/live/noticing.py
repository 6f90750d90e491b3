"""Notices to the public: one person asks, another agrees; to change or take one back goes the same way."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from takecover import parameters
from takecover.analysis.situation_record import NoticeView, notices
from takecover.errors import Faults, InputError
from takecover.model.event import Draft, Event
from takecover.model.event_fields import write_moment
from takecover.model.event_payloads import NoticeAsked, NoticeDecided
from takecover.model.feed import WHOLE_CITY
from takecover.workflow.live.live import Live
from takecover.workflow.live.wordings import templates

SOURCE = "officer:web"
_REQUEST = re.compile(r"[A-Za-z0-9-]{8,60}", re.ASCII)


async def ask(
    live: Live,
    actor_id: str,
    request_id: str,
    template_id: str,
    area_ids: tuple[str, ...],
    expires_at: datetime | None = None,
) -> Event:
    """Ask that a notice be sent; nothing is public before another person agrees.

    Parameters
    ----------
    live
        The running city.
    actor_id
        Who asks; who may is checked before.
    request_id
        Made by the page, 8 to 60 letters, digits and hyphens; the same sent again is recorded once. It becomes the
        notice's id.
    template_id
        Which wording.
    area_ids
        Districts, or ``city``.
    expires_at
        Until when it holds, aware; the parameter ``notice_valid_s`` from now where None.

    Raises
    ------
    InputError
        With everything wrong: no such wording or area, an expiry in the past or too far off.
    StoreError
        The journal cannot be written.
    """
    return await _ask(live, actor_id, request_id, request_id, "send", template_id, area_ids, expires_at)


async def update(
    live: Live,
    actor_id: str,
    request_id: str,
    notice_id: str,
    template_id: str,
    area_ids: tuple[str, ...],
    expires_at: datetime | None = None,
) -> Event:
    """Ask that a notice say something else; until another person agrees, the public sees what it saw.

    Raises
    ------
    InputError
        As `ask`; or there is no such notice, or it was taken back.
    StoreError
        The journal cannot be written.
    """
    return await _ask(live, actor_id, request_id, notice_id, "update", template_id, area_ids, expires_at)


async def cancel(live: Live, actor_id: str, request_id: str, notice_id: str) -> Event:
    """Ask that a notice be taken back.

    Raises
    ------
    InputError
        There is no such notice, or it was taken back.
    StoreError
        The journal cannot be written.
    """
    return await _ask(live, actor_id, request_id, notice_id, "cancel", "", (), None)


async def decide(
    live: Live, actor_id: str, request_id: str, notice_id: str, asked_event_id: str, decision: str
) -> Event:
    """Agree to what another person asked, or refuse it; agreed, it goes out at once.

    Parameters
    ----------
    live, actor_id, request_id
        As `ask`.
    notice_id, asked_event_id
        The notice, and the request that was read: a newer one makes this decision void.
    decision
        ``approve`` or ``reject``.

    Raises
    ------
    InputError
        The request is not there, is decided, or a newer one took its place; the person asked for it; it ran out.
    StoreError
        The journal cannot be written.
    """
    said = NoticeDecided(notice_id, asked_event_id, decision)
    event_id = f"notice-decision/{_checked(request_id)}"
    there = await live.event(event_id)
    if there is not None and there.payload == said and there.actor_id == actor_id:
        return there
    pending = _view(live, notice_id).pending
    if pending is None or pending.event_id != asked_event_id:
        raise InputError("asked_event_id: this is decided, or a newer request took its place. Look again.")
    if pending.actor_id == actor_id:
        raise InputError("actor_id: the person who asked cannot decide. Let another person look at it.")
    asked, now = pending.payload, live.now()
    if (
        decision == "approve"
        and isinstance(asked, NoticeAsked)
        and asked.expires_at
        and asked.expires_at <= now
    ):
        raise InputError(f"expires_at: it was to end at {write_moment(asked.expires_at)}. Ask for it anew.")
    return await _record(live, event_id, actor_id, said)


def views(live: Live) -> tuple[NoticeView, ...]:
    """Every notice, with what of it is public and what waits for a second person."""
    return notices(live.state, live.now())


async def _ask(
    live: Live,
    actor_id: str,
    request_id: str,
    notice_id: str,
    step: str,
    template_id: str,
    area_ids: tuple[str, ...],
    expires_at: datetime | None,
) -> Event:
    event_id = f"notice/{_checked(request_id)}"
    there = await live.event(event_id)
    if there is not None and there.actor_id == actor_id and isinstance(there.payload, NoticeAsked):
        was = there.payload
        if (was.notice_id, was.step, was.template_id, was.area_ids) == (
            notice_id,
            step,
            template_id,
            area_ids,
        ):
            return there
    if step != "send" and _view(live, notice_id).status == "cancelled":
        raise InputError(f"notice_id: {notice_id!a:.60} was taken back. Ask for a new one.")
    if step != "cancel":
        now = live.now()
        expires_at = expires_at or now + timedelta(seconds=parameters.value("notice_valid_s"))
        _check_asked(live, template_id, area_ids, expires_at, now)
    return await _record(
        live, event_id, actor_id, NoticeAsked(notice_id, step, template_id, area_ids, expires_at)
    )


def _check_asked(
    live: Live, template_id: str, area_ids: tuple[str, ...], expires_at: datetime, now: datetime
) -> None:
    faults = Faults("notice")
    if template_id not in templates():
        faults.add(f"template_id: {template_id!a:.60} is none of {', '.join(templates())}.")
    known = {WHOLE_CITY, *map(str, live.city.zones.zone_ids)}
    unknown = [each for each in area_ids if each not in known]
    if unknown:
        faults.add(
            f"area_ids: {unknown[0]!a:.60} is no district. Give districts of the city, or '{WHOLE_CITY}'."
        )
    if not area_ids:
        faults.add(f"area_ids: none. Give districts, or '{WHOLE_CITY}'.")
    last = now + timedelta(seconds=parameters.value("notice_longest_s"))
    if not now < expires_at <= last:
        faults.add(
            f"expires_at: {write_moment(expires_at)}. Give a time after now and by {write_moment(last)}."
        )
    faults.raise_if_any()


def _view(live: Live, notice_id: str) -> NoticeView:
    found = [each for each in views(live) if each.notice_id == notice_id]
    if not found:
        raise InputError(f"notice_id: there is no notice {notice_id!a:.60}. Look again.")
    return found[0]


def _checked(request_id: str) -> str:
    if not _REQUEST.fullmatch(request_id):
        raise InputError(f"request_id: {request_id!a:.70} is none. Give 8 to 60 letters, digits and hyphens.")
    return request_id


async def _record(live: Live, event_id: str, actor_id: str, said: NoticeAsked | NoticeDecided) -> Event:
    draft = Draft(event_id, live.now(), SOURCE, actor_id, said, is_exercise=live.is_exercise)
    (event,) = await live.record_all(draft)
    return event
