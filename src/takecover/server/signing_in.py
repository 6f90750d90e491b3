"""Logging in and out, and the question that every page of the office asks first: who is this, and may they?"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import math
import time
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import parse_qsl, urlsplit

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from takecover.model.user import MOST_PASSWORD, USER_ID
from takecover.server.asked import Site, TheSite, body_of
from takecover.server.office_texts import OFFICE
from takecover.server.pace import Pace
from takecover.server.pages import render
from takecover.server.texts import LOGIN
from takecover.workflow.live.accounts import Accounts, Signed
from takecover.workflow.live.devices import device_cookie, is_device_of, new_device

router = APIRouter()

COOKIE = "takecover"
SECURE_COOKIE = "__Host-takecover"
DEVICE_S = 15_552_000
"""A browser is known for 180 days after somebody logged in there."""

MOST_FORM_BYTES = 20_000
MOST_FIELDS = 60
FORM = "application/x-www-form-urlencoded"


def accounts_of(site: Site) -> Accounts:
    """The users of a server.

    Raises
    ------
    HTTPException
        403 where it was started without any.
    """
    if site.accounts is None:
        raise HTTPException(403, "This server was started without users.")
    return site.accounts


def chosen_language(request: Request) -> str | None:
    """The language that the address names; None where it names none of ours."""
    asked = request.query_params.get("lang")
    return asked if asked in LOGIN else None


def language_of(request: Request) -> str:
    """``en`` or ``uk``: what was asked for, else what the browser prefers, else Ukrainian."""
    asked = request.query_params.get("lang") or request.headers.get("accept-language", "")
    return "en" if asked.strip().lower().startswith("en") else "uk"


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form that was sent; of a field that comes twice the last.

    Raises
    ------
    HTTPException
        As `body_of`; 422 where it is no form.
    """
    body = await body_of(request, MOST_FORM_BYTES, (FORM,))
    try:
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        raise HTTPException(422, "What was sent is no form.") from None


def is_over_tls(request: Request) -> bool:
    """True where the browser speaks TLS, with us or with a proxy that says so.

    Who makes the header up gets a cookie that their own browser does not send; nothing else hangs on it.
    """
    return "https" in (request.url.scheme, request.headers.get("x-forwarded-proto", ""))


async def signed_of(request: Request, site: Site) -> Signed | None:
    """Who is logged in; None where nobody is."""
    token = request.cookies.get(SECURE_COOKIE if is_over_tls(request) else COOKIE)
    if site.accounts is None or not token or len(token) > 100:
        return None
    return await asyncio.to_thread(site.accounts.signed, token)


def may(*rights: str) -> Callable[[Request, TheSite], Awaitable[Signed]]:
    """A dependency that lets through who is logged in and has one of some rights, and gives who it is.

    Whatever changes anything (every method but GET and HEAD) must come from a page of this server and carry the
    session's token, in the header ``X-CSRF-Token`` or the form field ``csrf``.
    """

    async def check(request: Request, site: TheSite) -> Signed:
        signed = await signed_of(request, site)
        if signed is None:
            wants_page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
            if wants_page and not request.headers.get("hx-request"):
                raise HTTPException(303, "Log in first.", {"Location": "/login"})
            raise HTTPException(401, "Log in first.", {"WWW-Authenticate": "Session"})
        if request.method not in ("GET", "HEAD"):
            await check_csrf(request, signed)
        if not any(map(signed.user.may, rights)):
            raise HTTPException(403, f"The role {signed.user.role or 'none'!a} may not do this.")
        return signed

    return check


async def check_csrf(request: Request, signed: Signed) -> None:
    """Refuse what another site made a browser send.

    Raises
    ------
    HTTPException
        403.
    """
    check_origin(request)
    given = request.headers.get("x-csrf-token", "")
    if not given and request.headers.get("content-type", "").partition(";")[0].strip().lower() == FORM:
        request.state.form = await form_of(request)
        given = request.state.form.get("csrf", "")
    if not hmac.compare_digest(given.encode("utf-8"), signed.csrf.encode("utf-8")):
        raise HTTPException(403, "The page is too old, or was not this server's. Load it again.")


def check_origin(request: Request) -> None:
    """Refuse a request that a browser says comes from a page of another site.

    Raises
    ------
    HTTPException
        403.
    """
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    is_ours = origin is None or urlsplit(origin).netloc == request.headers.get("host", "")
    if site not in ("same-origin", "none") or not is_ours:
        raise HTTPException(403, "This was sent by a page of another site.")


async def sent_form(request: Request) -> Mapping[str, str]:
    """The form of a request that has passed `may`."""
    found: Mapping[str, str] | None = getattr(request.state, "form", None)
    return await form_of(request) if found is None else found


def _page(request: Request, site: Site, fault: str = "", status: int = 200) -> HTMLResponse:
    language = language_of(request)
    text = LOGIN[language]
    page = render(
        "login.html",
        language=language,
        is_chosen=chosen_language(request) is not None,
        text=text,
        fault=text[fault] if fault else "",
        office=OFFICE[language],
        city=site.live.city,
        is_exercise=site.live.is_exercise,
    )
    return HTMLResponse(page, status)


@router.get("/login", response_class=HTMLResponse, include_in_schema=False)
async def login_page(request: Request, site: TheSite) -> Response:
    """The page to log in; who is logged in goes on to the office."""
    accounts_of(site)
    if await signed_of(request, site) is not None:
        return RedirectResponse("/officer", 303)
    return _page(request, site)


@router.post("/login", response_class=HTMLResponse, include_in_schema=False)
async def log_in(request: Request, site: TheSite) -> Response:
    """Begin a session; many wrong passwords make an account, and all browsers that are not known, wait."""
    accounts = accounts_of(site)
    check_origin(request)
    form = await form_of(request)
    user_id, password = form.get("user_id", ""), form.get("password", "")
    if not USER_ID.fullmatch(user_id):
        user_id = ""
    pace, key, wait_s = await _paced(request, site, accounts, user_id)
    if wait_s:
        slowed = _page(request, site, "slow", 429)
        slowed.headers["Retry-After"] = str(math.ceil(wait_s))
        return slowed
    token = None
    if len(password) <= MOST_PASSWORD:
        async with site.hashing:
            token = await asyncio.to_thread(accounts.log_in, user_id, password)
    user = None if token is None else await asyncio.to_thread(accounts.user, user_id)
    if token is None or user is None:
        return _page(request, site, "wrong", 401)
    pace.forget(key)
    chosen = chosen_language(request)
    answer = RedirectResponse("/officer" if chosen is None else f"/officer/view?language={chosen}", 303)
    is_secure = is_over_tls(request)
    _keep(answer, SECURE_COOKIE if is_secure else COOKIE, token, None, is_secure=is_secure)
    _keep(answer, _device(user_id, is_secure=is_secure), new_device(user), DEVICE_S, is_secure=is_secure)
    return answer


async def _paced(request: Request, site: Site, accounts: Accounts, user_id: str) -> tuple[Pace, str, float]:
    """How long a try has to wait [s], with the pace and the key that counted it; what is slowed is recorded.

    A browser in which this user has logged in before is counted by itself: strangers who try, however many, make each
    other wait, and not it.
    """
    now_s = time.monotonic()
    user = await asyncio.to_thread(accounts.user, user_id) if user_id else None
    device = request.cookies.get(_device(user_id, is_secure=is_over_tls(request)), "")
    name = _key(site, user_id)
    if user is not None and is_device_of(user, device):
        pace, key = site.known_pace, _key(site, device)
    else:
        pace, key = site.login_pace, name
    wait_s = pace.wait_s(key, now_s)
    if wait_s:
        if user is not None and not site.slowed_pace.wait_s(name, now_s):
            await asyncio.to_thread(accounts.note_slowed, user_id)
    elif pace is site.login_pace:
        wait_s = site.all_logins_pace.wait_s("all", now_s)
        if wait_s and not site.slowed_pace.wait_s("all", now_s):
            await asyncio.to_thread(accounts.note_slowed, "")
    return pace, key, wait_s


def _key(site: Site, text: str) -> str:
    """What is counted in place of a text, which stays in no memory."""
    return hashlib.sha256(site.run_secret + text.encode("utf-8", "replace")).hexdigest()


def _device(user_id: str, *, is_secure: bool) -> str:
    return f"__Host-{device_cookie(user_id)}" if is_secure else device_cookie(user_id)


def _keep(answer: Response, name: str, value: str, most_s: int | None, *, is_secure: bool) -> None:
    """Give a browser a cookie that no script reads and no other site sends."""
    answer.set_cookie(
        name, value, max_age=most_s, secure=is_secure, httponly=True, samesite="strict", path="/"
    )


async def _signed_here(request: Request, site: TheSite) -> Signed:
    signed = await signed_of(request, site)
    if signed is None:
        raise HTTPException(303, "Nobody is logged in.", {"Location": "/login"})
    await check_csrf(request, signed)
    return signed


@router.post("/logout", include_in_schema=False)
async def log_out(request: Request, site: TheSite) -> Response:
    """End the session."""
    signed = await _signed_here(request, site)
    await asyncio.to_thread(accounts_of(site).log_out, signed)
    answer = RedirectResponse("/login", 303)
    for name in (COOKIE, SECURE_COOKIE):
        answer.delete_cookie(name, path="/", secure=name == SECURE_COOKIE, httponly=True, samesite="strict")
    return answer
