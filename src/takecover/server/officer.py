"""The officer's screen, the part of it that changes, and its print."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from takecover.server.asked import Site, TheSite
from takecover.server.officer_page import LANGUAGE, LIGHT, LIGHTS, desk_of, page
from takecover.server.signing_in import may, signed_of
from takecover.workflow.live.accounts import Signed

router = APIRouter()
Seer = Annotated[Signed, Depends(may("see"))]
Sought = Annotated[str, Query(max_length=100)]

YEAR_S = 31_536_000


@router.get("/officer", response_class=HTMLResponse, include_in_schema=False)
async def screen(request: Request, site: TheSite, signed: Seer, q: Sought = "") -> HTMLResponse:
    """The whole screen."""
    return await asyncio.to_thread(_shown, request, site, signed, "officer.html", q)


@router.get("/officer/now", response_class=HTMLResponse, include_in_schema=False)
async def now(request: Request, site: TheSite, q: Sought = "") -> Response:
    """The part of the screen that changes, for a page that is open; who is logged out is led to the door."""
    signed = await signed_of(request, site)
    if signed is None or not signed.user.may("see"):
        return Response(headers={"HX-Redirect": "/login"})
    return await asyncio.to_thread(_shown, request, site, signed, "officer_now.html", q)


@router.get("/officer/print", response_class=HTMLResponse, include_in_schema=False)
async def on_paper(request: Request, site: TheSite, signed: Seer, q: Sought = "") -> HTMLResponse:
    """The screen for paper, without anything that is pressed."""
    return await asyncio.to_thread(_shown, request, site, signed, "officer_print.html", q)


def _shown(request: Request, site: Site, signed: Signed, template: str, sought: str) -> HTMLResponse:
    desk = desk_of(request, site)
    office = desk.office(signed.user.actor_id)
    shelters = desk.matching(sought, office.shelters)
    return page(request, site, signed, template, office=office, desk=desk, shelters=shelters, sought=sought)


@router.get("/officer/view", include_in_schema=False)
async def view(signed: Seer, language: str = "", light: str = "") -> Response:
    """Remember the language and the light of who looks, in their own browser."""
    answer = RedirectResponse("/officer", 303)
    for name, chosen, allowed in ((LANGUAGE, language, ("en", "uk")), (LIGHT, light, LIGHTS)):
        if chosen in allowed:
            answer.set_cookie(name, chosen, max_age=YEAR_S, path="/officer", samesite="strict", httponly=True)
    return answer


def not_there(what: str) -> HTTPException:
    """What is answered where a page of the office asks for something that is not there."""
    return HTTPException(404, f"There is no such {what}.")
