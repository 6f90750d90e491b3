"""Erasure at the office: one person asks that words beside an event go, another reads them and decides."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse

from takecover.server.asked import TheSite
from takecover.server.officer_page import answered, desk_of, hand_of, page
from takecover.server.signing_in import may, sent_form
from takecover.workflow.live import erasing
from takecover.workflow.live.accounts import Signed

router = APIRouter(include_in_schema=False)
Either = Annotated[Signed, Depends(may("ask_erasure", "decide_erasure"))]
Asker = Annotated[Signed, Depends(may("ask_erasure"))]
Decider = Annotated[Signed, Depends(may("decide_erasure"))]
WORD = "word:"
"""How the fields of the form begin that name words."""


@router.get("/officer/erasure", response_class=HTMLResponse)
async def erasure(
    request: Request,
    site: TheSite,
    signed: Either,
    event_id: Annotated[str, Query(alias="id", max_length=300)] = "",
) -> HTMLResponse:
    """What waits for a second person, and what can be asked for."""
    waiting = await erasing.waiting(site.live)
    asked = {each.target_event_id for each in waiting}
    found = await erasing.erasable(site.live, event_id.strip())
    return page(
        request,
        site,
        signed,
        "officer_erasure.html",
        waiting=waiting,
        found=[each for each in found if each.event_id not in asked],
        sought=event_id.strip(),
        reasons=erasing.REASONS,
        desk=desk_of(request, site),
    )


@router.post("/officer/erasure")
async def ask(request: Request, site: TheSite, signed: Asker) -> Response:
    """Ask that words be erased; nothing is erased yet."""
    form = await sent_form(request)
    words = tuple(name.removeprefix(WORD) for name in form if name.startswith(WORD))
    hand, event_id = hand_of(signed, form), form.get("id", "")
    deed = erasing.ask_erasure(site.live, hand, event_id, words, form.get("reason", ""))
    return await answered(request, site, signed, deed, "/officer/erasure")


@router.post("/officer/erasure/decide")
async def decide(request: Request, site: TheSite, signed: Decider) -> Response:
    """Agree to what another person asked, and the words are gone; or refuse it."""
    form = await sent_form(request)
    hand, asked = hand_of(signed, form), form.get("asked", "")
    deed = erasing.decide_erasure(site.live, hand, asked, form.get("decision", ""))
    return await answered(request, site, signed, deed, "/officer/erasure")
