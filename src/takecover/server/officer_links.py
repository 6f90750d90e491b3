"""Links of wardens at the office: the sheet for a season or a night, and taking one back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse

from takecover.errors import InputError
from takecover.server.asked import TheSite
from takecover.server.officer_page import answered, hand_of, page
from takecover.server.sheet import sheet
from takecover.server.signing_in import may, sent_form
from takecover.workflow.live import issuing
from takecover.workflow.live.accounts import Signed
from takecover.workflow.live.links import Term, night

router = APIRouter(include_in_schema=False)
Issuer = Annotated[Signed, Depends(may("issue_links"))]
DUSK, DAWN = 18, 8
"""Hours of day between which the page offers a night."""


@router.get("/officer/links", response_class=HTMLResponse)
async def links(request: Request, site: TheSite, signed: Issuer) -> HTMLResponse:
    """The page to make links and to take them back."""
    today = site.live.now().astimezone().replace(minute=0, second=0, microsecond=0, tzinfo=None)
    dusk, dawn = today.replace(hour=DUSK), (today + timedelta(days=1)).replace(hour=DAWN)
    return page(
        request,
        site,
        signed,
        "officer_links.html",
        has_key=site.link_key is not None,
        address=str(request.base_url).rstrip("/"),
        begins=f"{dusk:%Y-%m-%dT%H:%M}",
        ends=f"{dawn:%Y-%m-%dT%H:%M}",
    )


@router.post("/officer/links/sheet", response_class=HTMLResponse)
async def make_sheet(request: Request, site: TheSite, signed: Issuer) -> Response:
    """The sheet, to be printed; it is kept nowhere, and that it was made stands in the journal."""
    form = await sent_form(request)
    made: list[str] = []

    async def make() -> None:
        if site.link_key is None:
            raise InputError("links: this server was started without a key for links.")
        term, issue = _term(form), _issue(form.get("issue", ""))
        address = _address(form.get("address", ""))
        only = (form["only"].strip(),) if form.get("only", "").strip() else ()
        found = await issuing.issue_links(site.live, hand_of(signed, form), term, issue, only)
        made.append(sheet(site.live.city, found, address, site.link_key, term, is_file=False))

    answer = await answered(request, site, signed, make(), "/officer/links")
    return HTMLResponse(made[0]) if made else answer


@router.post("/officer/links/revoke")
async def revoke(request: Request, site: TheSite, signed: Issuer) -> Response:
    """Take a link back."""
    form = await sent_form(request)

    async def take() -> None:
        term, issue = _term(form), _issue(form.get("issue", ""))
        await issuing.revoke_link(site.live, hand_of(signed, form), form.get("id", "").strip(), term, issue)

    return await answered(request, site, signed, take(), "/officer/links")


def _term(form: Mapping[str, str]) -> Term:
    """The season or the night that a form chooses; its times of day are those where the server stands."""
    if form.get("term") == "night":
        begins, ends = (_moment(name, form.get(name, "")) for name in ("begins", "ends"))
        return night(begins, ends)
    text = form.get("until", "")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"until: {text!a:.40} is no day. Give one such as 2027-04-30.") from None


def _moment(name: str, text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M").astimezone()
    except (ValueError, OverflowError):
        raise InputError(f"{name}: {text!a:.40} is no time. Give one such as 2026-11-29T18:00.") from None


def _issue(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 0 < len(text) < 6:
        raise InputError(f"issue: {text!a:.40} is no number. Give 1 or more.")
    return int(text)


def _address(text: str) -> str:
    parts = urlsplit(text.strip())
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise InputError(f"address: {text!a:.60} is none. Give one such as https://shelters.city.example.")
    return text.strip().rstrip("/")
