"""Notices at the office: one person asks, another reads what will be said and decides; who asked never does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse

from takecover.analysis.announcements import wording
from takecover.model.notice import LANGUAGES, Wording
from takecover.server.asked import Site, TheSite
from takecover.server.officer import Seer, not_there
from takecover.server.officer_page import answered, areas_in, desk_of, page
from takecover.server.signing_in import may, sent_form
from takecover.workflow.live import noticing
from takecover.workflow.live.accounts import Signed
from takecover.workflow.live.wordings import templates

router = APIRouter(include_in_schema=False)
Asker = Annotated[Signed, Depends(may("ask_notice"))]
Decider = Annotated[Signed, Depends(may("decide_notice"))]


@router.get("/officer/notice", response_class=HTMLResponse)
async def notice(
    request: Request,
    site: TheSite,
    signed: Seer,
    notice_id: Annotated[str, Query(alias="id", max_length=200)] = "",
) -> HTMLResponse:
    """One notice, as it is with the public and as it is asked for; or a new one."""
    found = next((each for each in noticing.views(site.live) if each.notice_id == notice_id), None)
    if notice_id and found is None:
        raise not_there("notice")
    pending = None if found is None else found.pending
    return page(
        request,
        site,
        signed,
        "officer_notice.html",
        found=found,
        desk=desk_of(request, site),
        languages=LANGUAGES,
        wordings=_wordings(site),
        may_decide=pending is not None and pending.actor_id != signed.user.actor_id,
    )


@router.post("/officer/notice")
async def ask(request: Request, site: TheSite, signed: Asker) -> Response:
    """Ask that a notice be sent, changed or taken back; nothing is public yet."""
    form = await sent_form(request)
    actor_id, request_id = signed.user.actor_id, form.get("request_id", "")
    notice_id, template_id = form.get("id", ""), form.get("template", "")
    areas = areas_in(form)
    if form.get("step") == "cancel":
        deed = noticing.cancel(site.live, actor_id, request_id, notice_id)
    elif notice_id:
        deed = noticing.update(site.live, actor_id, request_id, notice_id, template_id, areas)
    else:
        deed = noticing.ask(site.live, actor_id, request_id, template_id, areas)
    return await answered(request, site, signed, deed)


@router.post("/officer/notice/decide")
async def decide(request: Request, site: TheSite, signed: Decider) -> Response:
    """Agree to what another person asked, or refuse it."""
    form = await sent_form(request)
    deed = noticing.decide(
        site.live,
        signed.user.actor_id,
        form.get("request_id", ""),
        form.get("id", ""),
        form.get("asked", ""),
        form.get("decision", ""),
    )
    return await answered(request, site, signed, deed)


def _wordings(site: Site) -> Mapping[str, Mapping[str, Wording]]:
    """Every wording by its name and language, as it goes out in the world that is shown."""
    return {
        name: {language: wording(template, language, site.live.is_exercise) for language in LANGUAGES}
        for name, template in templates().items()
    }
