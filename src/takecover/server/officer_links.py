"""Links of wardens at the office: the sheet for a season, and taking one back."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse

from takecover.errors import InputError
from takecover.server.asked import TheSite
from takecover.server.officer_page import answered, hand_of, page
from takecover.server.sheet import sheet
from takecover.server.signing_in import may, sent_form
from takecover.workflow.live import acting
from takecover.workflow.live.accounts import Signed

router = APIRouter(include_in_schema=False)
Issuer = Annotated[Signed, Depends(may("issue_links"))]


@router.get("/officer/links", response_class=HTMLResponse)
async def links(request: Request, site: TheSite, signed: Issuer) -> HTMLResponse:
    """The page to make links and to take them back."""
    address = str(request.base_url).rstrip("/")
    return page(
        request, site, signed, "officer_links.html", has_key=site.link_key is not None, address=address
    )


@router.post("/officer/links/sheet", response_class=HTMLResponse)
async def make_sheet(request: Request, site: TheSite, signed: Issuer) -> Response:
    """The sheet, to be printed; it is kept nowhere, and that it was made stands in the journal."""
    form = await sent_form(request)
    made: list[str] = []

    async def make() -> None:
        if site.link_key is None:
            raise InputError("links: this server was started without a key for links.")
        until, issue = _day(form.get("until", "")), _issue(form.get("issue", ""))
        address = _address(form.get("address", ""))
        only = (form["only"].strip(),) if form.get("only", "").strip() else ()
        found = await acting.issue_links(site.live, hand_of(signed, form), until, issue, only)
        made.append(sheet(site.live.city, found, address, site.link_key, until))

    answer = await answered(request, site, signed, make(), "/officer/links")
    return HTMLResponse(made[0]) if made else answer


@router.post("/officer/links/revoke")
async def revoke(request: Request, site: TheSite, signed: Issuer) -> Response:
    """Take a link back."""
    form = await sent_form(request)

    async def take() -> None:
        until, issue = _day(form.get("until", "")), _issue(form.get("issue", ""))
        await acting.revoke_link(site.live, hand_of(signed, form), form.get("id", "").strip(), until, issue)

    return await answered(request, site, signed, take(), "/officer/links")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"until: {text!a:.40} is no day. Give one such as 2027-04-30.") from None


def _issue(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 0 < len(text) < 6:
        raise InputError(f"issue: {text!a:.40} is no number. Give 1 or more.")
    return int(text)


def _address(text: str) -> str:
    parts = urlsplit(text.strip())
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise InputError(f"address: {text!a:.60} is none. Give one such as https://shelters.city.example.")
    return text.strip().rstrip("/")
