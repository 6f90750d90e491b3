"""What every page of the office has in common: the language, the light, who looks, and how an act is answered."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Iterable
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from takecover.errors import InputError, StoreError
from takecover.server.asked import Site
from takecover.server.office_speech import Speech
from takecover.server.pages import render
from takecover.server.signing_in import language_of
from takecover.workflow.live.accounts import Signed
from takecover.workflow.live.acting import Hand
from takecover.workflow.live.desk import Desk
from takecover.workflow.live.issuing import ExerciseError

LOG = logging.getLogger("takecover.server")
LANGUAGE, LIGHT = "takecover-language", "takecover-light"
LIGHTS = ("light", "dark")
DAY = range(7, 20)
"""Hours in which a screen that nobody set is as the browser has it; at other hours it is dark."""


def desk_of(request: Request, site: Site) -> Desk:
    """The office of the running city, made once."""
    found: Desk | None = getattr(request.app.state, "desk", None)
    if found is None:
        found = request.app.state.desk = Desk(site.live)
    return found


def speech_of(request: Request, site: Site) -> Speech:
    """The words for an answer to a request."""
    chosen = request.cookies.get(LANGUAGE)
    is_asked = "lang" in request.query_params
    language = chosen if chosen in ("en", "uk") and not is_asked else language_of(request)
    return Speech(str(language), desk_of(request, site), site.live.now())


def page(
    request: Request, site: Site, signed: Signed, template: str, status: int = 200, **values: Any
) -> HTMLResponse:
    """A page of the office.

    Parameters
    ----------
    request, site, signed
        The request, what it is asked of, and who asks.
    template
        Its file.
    status
        Of the answer.
    values
        What the page shows besides what all have.
    """
    say = speech_of(request, site)
    chosen = request.cookies.get(LIGHT)
    is_night = say.at.astimezone().hour not in DAY
    light = chosen if chosen in LIGHTS else "dark" if is_night else ""
    content = render(
        template,
        say=say,
        language=say.language,
        light=light,
        city=site.live.city,
        is_exercise=site.live.is_exercise,
        user=signed.user,
        csrf=signed.csrf,
        request_id=secrets.token_hex(12),
        is_done=request.query_params.get("done") == "yes",
        **values,
    )
    return HTMLResponse(content, status)


def areas_in(form: Iterable[str]) -> tuple[str, ...]:
    """The districts whose boxes are ticked, from the names of a form's fields."""
    return tuple(name.removeprefix("area:") for name in form if name.startswith("area:"))


def hand_of(signed: Signed, form: Any) -> Hand:
    """Whose act a form is, and which."""
    return Hand(signed.user.actor_id, form.get("request_id", ""))


async def answered(
    request: Request,
    site: Site,
    signed: Signed,
    deed: Awaitable[object],
    back: str = "/officer",
    **query: str,
) -> Response:
    """Do something, then show the page that it was done from; where it was not done, say why.

    Parameters
    ----------
    request, site, signed
        As `page`.
    deed
        What is to be done.
    back, query
        Where to go afterwards.
    """
    say = speech_of(request, site)

    def refused(status: int, faults: tuple[str, ...], own: tuple[str, ...] = ()) -> HTMLResponse:
        return page(request, site, signed, "officer_refused.html", status, faults=faults, own=own)

    try:
        await deed
    except ExerciseError:
        own = (say("links_exercise"),)
        return refused(422, own, own)
    except InputError as error:
        return refused(422, error.faults or (str(error),))
    except StoreError as error:
        LOG.warning("not recorded: %s", error)
        own = (say("unavailable"),)
        return refused(503, own, own)
    return RedirectResponse(f"{back}?{urlencode({**query, 'done': 'yes'})}", 303)
