"""Pages made on the server, and the files that they load, which browsers may keep for ever by their hashed names."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

from fastapi import APIRouter, HTTPException, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from takecover.server import built
from takecover.server.built import KINDS
from takecover.server.texts import WARDEN
from takecover.workflow.live.links import Link, Night, Term
from takecover.workflow.live.live import Live

router = APIRouter()

SCRIPTS = ("public.js", "office.js", "warden.js")
"""Scripts of the pages, which are built from web/."""


@cache
def static_files() -> dict[str, tuple[str, bytes]]:
    """Media type and content of each file by its hashed name."""
    found = {}
    for file in resources.files("takecover.server").joinpath("static").iterdir():
        stem, dot, suffix = file.name.rpartition(".")
        if dot + suffix in KINDS:
            content = file.read_bytes()
            name = f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}.{suffix}"
            found[name] = KINDS[dot + suffix], content
    return {**found, **built.files()}


@cache
def _addresses() -> dict[str, str]:
    """Address of each file that a page names, by its plain name; a script that is not built has an empty one."""
    plain = {
        f"{name.rpartition('-')[0]}.{name.rpartition('.')[2]}": f"/static/{name}"
        for name in static_files()
        if name not in built.files()
    }
    scripts = {name: f"/static/{file}" for name, file in built.entries().items()}
    return {**dict.fromkeys(SCRIPTS, ""), **plain, **scripts}


def own_style(name: str) -> str:
    """A style sheet as text, for a page that has to stand alone."""
    return resources.files("takecover.server").joinpath("static", name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("takecover.server", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, **values: Any) -> str:
    """A page; every value is escaped."""
    return _environment().get_template(template).render(static=_addresses(), **values)


def good_until(term: Term) -> str:
    """How long a link is good, where the server stands: the last day of a season, or when a night ends."""
    return _here(term.ends_at) if isinstance(term, Night) else term.isoformat()


def good_from(term: Term) -> str:
    """When a night begins, as `good_until`; empty for a season, whose links are good at once."""
    return _here(term.begins_at) if isinstance(term, Night) else ""


def _here(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M %Z}"


def warden_page(live: Live, link: Link | None, token: str, language: str, refusal: str = "") -> str:
    """The warden's page, or why there is none.

    Parameters
    ----------
    live
        The running city.
    link
        The link that it was asked for by; None where that is no good.
    token
        The link's text, which the page sends with each report.
    language
        ``en`` or ``uk``.
    refusal
        What is wrong with the link: a key of the page's words.
    """
    return render(
        "warden.html",
        language=language,
        text=WARDEN[language],
        city=live.city.title_uk if language == "uk" and live.city.title_uk else live.city.title,
        shelter="" if link is None else live.shelter_name(link.shelter_id),
        shelter_id="" if link is None else link.shelter_id,
        link_id="" if link is None else link.link_id,
        until="" if link is None else good_until(link.term),
        token=token if link is not None else "",
        refusal=refusal,
        is_exercise=live.is_exercise,
    )


@router.get("/static/{name}", include_in_schema=False)
def static(name: str) -> Response:
    """A file that a page loads."""
    found = static_files().get(name)
    if found is None:
        raise HTTPException(404, "There is no such file.")
    kind, content = found
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(content, media_type=kind, headers=headers)


@router.get("/w/worker.js", include_in_schema=False)
def worker() -> Response:
    """The service worker of the warden's page, which lets that page open without a network."""
    return _worker("worker.js")


@router.get("/push/worker.js", include_in_schema=False)
def push_worker() -> Response:
    """The service worker that shows what is pushed; below its own path there is no page, so it controls none."""
    return _worker("pushed.js")


def _worker(name: str) -> Response:
    """A worker is asked for anew each time, so that a phone has no old one."""
    found = built.files().get(built.entries().get(name, ""))
    if found is None:
        raise HTTPException(404, built.NOT_BUILT)
    return Response(found[1], media_type=found[0], headers={"Cache-Control": "no-cache"})
