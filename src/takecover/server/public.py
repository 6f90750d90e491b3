"""The page that everyone may open: alerts and shelters as the public state has them, whole even without a script."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from takecover.server import built
from takecover.server.asked import Site, TheSite
from takecover.server.pages import render
from takecover.server.public_texts import PUBLIC, PUSH
from takecover.workflow.live.live import Live

router = APIRouter()
STATUSES = ("shut", "full", "filling", "open", "unknown")
"""From what people most need to know on."""

MOST_ROWS = 60
"""Shelters that are listed; all are on the map."""


@dataclass(frozen=True)
class Area:
    """One area of the page: the whole city, or a district."""

    area_id: str
    name: str
    word: str
    as_of: str


@dataclass(frozen=True)
class Shelter:
    """One shelter of the page."""

    shelter_id: str
    name: str
    status: str
    freshness: str
    as_of: str


@router.get("/", response_class=HTMLResponse, include_in_schema=False)
async def page(request: Request, site: TheSite) -> HTMLResponse:
    """The public page; one for everybody who reads the same language, made once for each version of the state."""
    asked = request.query_params.get("lang") or request.headers.get("accept-language", "")
    language = "en" if asked.strip().lower().startswith("en") else "uk"
    headers = {"Cache-Control": "no-cache", "Vary": "Accept-Language"}
    return HTMLResponse(_page(site, language), headers=headers)


def _page(site: Site, language: str) -> str:
    version = site.live.public.version
    kept = site.public_pages.get(language)
    if kept is None or kept[0] != version:
        kept = version, public_page(site.live, language, pushes=site.push_public_key is not None)
        site.public_pages[language] = kept
    return kept[1]


def public_page(live: Live, language: str, *, pushes: bool = False) -> str:
    """The page as HTML.

    Parameters
    ----------
    live
        The running city.
    language
        ``en`` or ``uk``.
    pushes
        True where the server can push to phones.
    """
    city, state = live.city, json.loads(live.public.body)
    is_english = language == "en"
    shelters = sorted(
        (_shelter(live, each) for each in state["shelters"]),
        key=lambda each: (STATUSES.index(each.status), each.name, each.shelter_id),
    )
    return render(
        "public.html",
        language=language,
        text=PUBLIC[language],
        push=PUSH[language],
        pushes=pushes,
        title=city.title if is_english else city.title_uk or city.title,
        notices=city.notices if is_english else city.notices_uk or city.notices,
        attributions=city.attributions,
        told=sorted(state["notices"], key=lambda each: each["sent_at"], reverse=True),
        areas=_areas(live, state, is_english),
        statuses=STATUSES[:-1],
        shelters=shelters[:MOST_ROWS],
        has_more=len(shelters) > MOST_ROWS,
        counts={status: sum(each.status == status for each in shelters) for status in STATUSES},
        is_modelled=city.is_modelled,
        is_exercise=live.is_exercise,
        is_built=built.is_built(),
        is_reached=state["journal"]["is_reached"],
    )


def _areas(live: Live, state: dict[str, Any], is_english: bool) -> list[Area]:
    """The city first, then its districts; `on` is as old as its newest alert, another word as its last source."""
    zones = live.city.zones
    names = zip(map(str, zones.zone_ids), map(str, zones.names), map(str, zones.names_uk), strict=True)
    named = {zone_id: name if is_english else name_uk or name for zone_id, name, name_uk in names}
    heard = max((each["heard_at"] for each in state["sources"]), default="")
    found = []
    for area in state["areas"]:
        since = max((alert["as_of"] for alert in area["alerts"] if alert["is_on"]), default=heard)
        as_of = since if area["word"] == "on" else heard
        found.append(Area(area["area_id"], named.get(area["area_id"], ""), area["word"], as_of))
    return found


def _shelter(live: Live, row: dict[str, Any]) -> Shelter:
    name = live.shelter_name(row["shelter_id"])
    return Shelter(row["shelter_id"], name, row["status"], row["freshness"], row["as_of"])
