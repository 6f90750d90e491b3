"""What a request brings: the running city, a body within bounds, a secret that fits."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, TypeVar

from fastapi import Depends, HTTPException, Request
from pydantic import BaseModel, ValidationError

from takecover.errors import InputError
from takecover.server.pace import Pace
from takecover.settings import Secret
from takecover.store.outbox import Outbox
from takecover.workflow.live.accounts import Accounts
from takecover.workflow.live.cap_out import CapOut
from takecover.workflow.live.live import Live
from takecover.workflow.live.mapping import CityMap

LONGEST_BODY_S = 20.0
"""A body that drips for longer is given up."""


Sent = TypeVar("Sent", bound=BaseModel)


@dataclass(frozen=True)
class Site:
    """What the routes work with.

    Attributes
    ----------
    live
        The running city.
    alert_token
        What opens the door for posted alerts; None where it is shut.
    replay_token
        What opens an exercise for a replay; None where it is shut.
    link_key
        What signs the links of wardens and sensors; None where there are none.
    cap_sender
        Who speaks in the CAP messages that go out; empty where nobody said.
    outbox
        Where subscriptions are kept; None where nothing is pushed.
    push_public_key
        What browsers subscribe with; None where nothing is pushed.
    report_pace
        How often one link may report: a night's queue at once, then once in two seconds.
    hint_pace, all_hints_pace
        How often one sender, and all of them together, may send a hint.
    public_pages
        The public page by language, each with the version of the state that it shows.
    push_pace
        How often one sender may subscribe or end a subscription.
    login_pace, all_logins_pace
        How often one account, and all together, may be tried from browsers in which that user never logged in.
    known_pace
        How often an account may be tried from one browser in which its user logged in before.
    slowed_pace
        How often the journal is told that tries of one account, or of all, were slowed, so that a flood of them does
        not fill it.
    accounts
        Who may log in; None where nobody may.
    hashing
        How many passwords are checked at once: each takes 64 MB and a core.
    run_secret
        Random bytes of this run, so that what senders are told apart by says nothing of them.
    """

    live: Live
    alert_token: Secret | None = None
    link_key: Secret | None = None
    cap_sender: str = ""
    outbox: Outbox | None = None
    push_public_key: str | None = None
    replay_token: Secret | None = None
    report_pace: Pace = field(default_factory=lambda: Pace(at_once=60, per_minute=30))
    accounts: Accounts | None = None
    hint_pace: Pace = field(default_factory=lambda: Pace(at_once=5, per_minute=2))
    all_hints_pace: Pace = field(default_factory=lambda: Pace(at_once=200, per_minute=300))
    public_pages: dict[str, tuple[int, str]] = field(default_factory=dict)
    push_pace: Pace = field(default_factory=lambda: Pace(at_once=10, per_minute=6))
    login_pace: Pace = field(default_factory=lambda: Pace(at_once=5, per_minute=1))
    all_logins_pace: Pace = field(default_factory=lambda: Pace(at_once=50, per_minute=60))
    known_pace: Pace = field(default_factory=lambda: Pace(at_once=5, per_minute=1))
    slowed_pace: Pace = field(default_factory=lambda: Pace(at_once=1, per_minute=0.2))
    hashing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))
    run_secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    @cached_property
    def cap_out(self) -> CapOut:
        """The feed of CAP messages that go out."""
        return CapOut(self.live, self.cap_sender)

    @cached_property
    def public_map(self) -> CityMap:
        """The map that everybody sees."""
        return CityMap(self.live.city, "/api/v1/map")


async def site_of(request: Request) -> Site:
    """What the application was made with; a coroutine, for the frame gives a function a thread at each request."""
    site: Site = request.app.state.site
    return site


TheSite = Annotated[Site, Depends(site_of)]


def sender_of(request: Request, site: Site) -> str:
    """What tells senders apart, to slow a flood: a hash with a secret of this one run, kept in memory alone.

    The address itself is kept nowhere.
    """
    address = request.client.host if request.client is not None else ""
    return hashlib.sha256(site.run_secret + address.encode("utf-8")).hexdigest()


async def body_of(request: Request, most_bytes: int, kinds: tuple[str, ...]) -> bytes:
    """The body of a request, refused before it is read where it is too large or of another kind.

    Parameters
    ----------
    request
        The request.
    most_bytes
        Bytes that it may have.
    kinds
        Media types that are taken.

    Raises
    ------
    HTTPException
        415 of another kind, 413 too large, 408 too slow.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in kinds:
        raise HTTPException(415, f"Content-Type is {kind[:60]!a}. Send one of: {', '.join(kinds)}.")
    too_large = HTTPException(413, f"The body has more than {most_bytes:,} bytes. Send less at a time.")
    stated = request.headers.get("content-length", "")
    if stated.isdecimal() and int(stated[:20]) > most_bytes:
        raise too_large
    parts, size = [], 0
    try:
        async with asyncio.timeout(LONGEST_BODY_S):
            async for part in request.stream():
                parts.append(part)
                size += len(part)
                if size > most_bytes:
                    raise too_large
    except TimeoutError:
        raise HTTPException(408, f"The body took over {LONGEST_BODY_S:.0f} s. Send it again.") from None
    return b"".join(parts)


def read_json(form: type[Sent], data: bytes) -> Sent:
    """A body of a form.

    Raises
    ------
    InputError
        It is not of that form: all faults at once, by field.
    """
    try:
        return form.model_validate_json(data)
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, each['loc'])) or 'body'}: {each['msg']}." for each in error.errors()]
        raise InputError("What was sent is not of the form that is asked for.", faults) from None


def check_bearer(request: Request, secret: Secret | None, name: str) -> None:
    """Refuse a request that does not bear the secret.

    Raises
    ------
    HTTPException
        403 where no secret is set up, 401 where another one or none is given.
    """
    if secret is None:
        raise HTTPException(403, f"This door is shut: the server was started without {name}.")
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    fits = hmac.compare_digest(given.strip().encode("utf-8"), secret.reveal().encode("utf-8"))
    if scheme.lower() != "bearer" or not fits:
        raise HTTPException(
            401, "Give the token as: Authorization: Bearer ...", {"WWW-Authenticate": "Bearer"}
        )
