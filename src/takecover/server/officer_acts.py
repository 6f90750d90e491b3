"""What an officer does, one page for each act: it shows what is, takes one form, and goes back to the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse

from takecover.model.event_payloads import DOOR_STATUSES, SHELTER_STATUSES, STAGES
from takecover.server import built
from takecover.server.asked import Site, TheSite
from takecover.server.officer import Seer, not_there
from takecover.server.officer_page import answered, areas_in, desk_of, hand_of, page
from takecover.server.signing_in import may, sent_form
from takecover.workflow.live import acting
from takecover.workflow.live.accounts import Signed
from takecover.workflow.live.acting import Hand

router = APIRouter(include_in_schema=False)
Reporter = Annotated[Signed, Depends(may("report"))]
Alarmer = Annotated[Signed, Depends(may("alarm"))]
Corrector = Annotated[Signed, Depends(may("correct"))]
Form = Mapping[str, str]
Named = Annotated[str, Query(alias="id", max_length=300)]


@router.get("/officer/shelter", response_class=HTMLResponse)
async def shelter(request: Request, site: TheSite, signed: Seer, shelter_id: Named) -> HTMLResponse:
    """One shelter: its state, what was said of it, and the buttons."""
    desk = desk_of(request, site)
    now = desk.shelter(shelter_id)
    if now is None:
        raise not_there("shelter")
    history = desk.history(tuple(f"{kind}:{shelter_id}" for kind in ("shelter", "count", "door", "hint")))
    return page(
        request,
        site,
        signed,
        "officer_shelter.html",
        desk=desk,
        now=now,
        history=history,
        statuses=SHELTER_STATUSES,
        doors=site.live.entrance_ids(shelter_id),
        door_statuses=DOOR_STATUSES,
    )


@router.post("/officer/shelter")
async def say_of_shelter(request: Request, site: TheSite, signed: Reporter) -> Response:
    """Record a state, a count or a door."""
    form = await sent_form(request)
    hand, shelter_id = hand_of(signed, form), form.get("id", "")
    if "entrance_id" in form:
        deed = acting.say_door(site.live, hand, shelter_id, form["entrance_id"], form.get("door", ""))
    elif "people" in form:
        deed = acting.say_people(site.live, hand, shelter_id, form["people"])
    else:
        deed = acting.say_status(site.live, hand, shelter_id, form.get("status", ""))
    return await answered(request, site, signed, deed, "/officer/shelter", id=shelter_id)


@router.get("/officer/alarm", response_class=HTMLResponse)
async def alarm(request: Request, site: TheSite, signed: Alarmer, plain: str = "") -> HTMLResponse:
    """The page to give an alarm by hand; a plain one has no button to hold, and asks on a second page."""
    desk = desk_of(request, site)
    return page(
        request,
        site,
        signed,
        "officer_alarm.html",
        threats=acting.THREATS,
        stages=STAGES,
        desk=desk,
        is_plain=is_plain(plain),
    )


def is_plain(plain: str) -> bool:
    """True where no script can let a button be held: the page then asks a second time."""
    return plain == "yes" or not built.is_built()


@router.post("/officer/alarm")
async def give_alarm(request: Request, site: TheSite, signed: Alarmer) -> Response:
    """Give the alarm; a form that does not say that its sender is sure is asked about first."""

    def give(hand: Hand, form: Form) -> Awaitable[object]:
        areas = areas_in(form)
        return acting.alarm(site.live, hand, form.get("threat", ""), form.get("stage", ""), areas)

    return await _done_when_sure(request, site, signed, "alarm", give)


@router.get("/officer/clear", response_class=HTMLResponse)
async def clear(request: Request, site: TheSite, signed: Alarmer, plain: str = "") -> HTMLResponse:
    """The page to end alerts, one by one; plain as that of the alarm."""
    office = await asyncio.to_thread(desk_of(request, site).office, signed.user.actor_id)
    return page(request, site, signed, "officer_clear.html", office=office, is_plain=is_plain(plain))


@router.post("/officer/clear")
async def give_clear(request: Request, site: TheSite, signed: Alarmer) -> Response:
    """End one alert, after the same question as an alarm."""

    def give(hand: Hand, form: Form) -> Awaitable[object]:
        areas = areas_in(form)
        return acting.all_clear(site.live, hand, form.get("alert_id", ""), form.get("threat", ""), areas)

    return await _done_when_sure(request, site, signed, "clear", give)


async def _done_when_sure(
    request: Request, site: Site, signed: Signed, act: str, give: Callable[[Hand, Form], Awaitable[object]]
) -> Response:
    """Do what a form asks for where it says that its sender is sure; else ask whether they are.

    Parameters
    ----------
    request, site, signed
        As `page`.
    act
        The page that it came from: ``alarm`` or ``clear``.
    give
        Does it.
    """
    form = await sent_form(request)
    if form.get("confirmed") != "yes":
        return page(
            request, site, signed, "officer_confirm.html", form=form, act=act, area_ids=areas_in(form)
        )
    return await answered(request, site, signed, give(hand_of(signed, form), form))


@router.get("/officer/incident", response_class=HTMLResponse)
async def incident(
    request: Request, site: TheSite, signed: Seer, incident_id: Annotated[str, Query(alias="id")] = ""
) -> HTMLResponse:
    """One incident, or a new one."""
    desk = desk_of(request, site)
    office = await asyncio.to_thread(desk.office, signed.user.actor_id)
    found = next((each for each in office.incidents if each.incident_id == incident_id), None)
    if incident_id and found is None:
        raise not_there("incident")
    history = desk.history((f"incident:{incident_id}",)) if incident_id else ()
    notes = await site.live.words([line.event_id for line in history]) if history else {}
    return page(
        request,
        site,
        signed,
        "officer_incident.html",
        found=found,
        history=history,
        notes=notes,
        kinds=acting.INCIDENTS,
    )


@router.post("/officer/incident")
async def say_incident(request: Request, site: TheSite, signed: Reporter) -> Response:
    """Record an incident, or how far the work on it is."""
    form = await sent_form(request)
    deed = acting.say_incident(
        site.live,
        hand_of(signed, form),
        form.get("id", ""),
        form.get("what", ""),
        form.get("status", ""),
        (form.get("lon", ""), form.get("lat", "")),
        form.get("note", ""),
    )
    return await answered(request, site, signed, deed)


@router.get("/officer/mark", response_class=HTMLResponse)
async def mark(request: Request, site: TheSite, signed: Corrector) -> HTMLResponse:
    """The page to mark a drill or a raid."""
    office = await asyncio.to_thread(desk_of(request, site).office, signed.user.actor_id)
    return page(request, site, signed, "officer_mark.html", office=office)


@router.post("/officer/mark")
async def set_mark(request: Request, site: TheSite, signed: Corrector) -> Response:
    """Mark where a drill or a raid begins or ends."""
    form = await sent_form(request)
    hand = hand_of(signed, form)
    deed = acting.mark(site.live, hand, form.get("id", ""), form.get("span", ""), form.get("phase", ""))
    return await answered(request, site, signed, deed, "/officer/mark")


@router.get("/officer/event", response_class=HTMLResponse)
async def event(request: Request, site: TheSite, signed: Corrector, event_id: Named) -> HTMLResponse:
    """One event, to be put right or taken back."""
    desk = desk_of(request, site)
    line = desk.line(event_id)
    if line is None:
        raise not_there("event")
    statuses = {"shelter": SHELTER_STATUSES, "door": DOOR_STATUSES}.get(line.payload.kind, ())
    return page(
        request,
        site,
        signed,
        "officer_event.html",
        line=line,
        may_correct=desk.may_correct(line),
        statuses=statuses,
    )


@router.post("/officer/event")
async def correct(request: Request, site: TheSite, signed: Corrector) -> Response:
    """Take an event back, or put it right."""
    form = await sent_form(request)
    hand, event_id = hand_of(signed, form), form.get("id", "")
    if form.get("action") == "retract":
        deed = acting.take_back(site.live, hand, event_id)
    else:
        deed = acting.replace_word(site.live, hand, event_id, form.get("status", ""), form.get("people", ""))
    return await answered(request, site, signed, deed, "/officer/event", id=event_id)
