"""Reports of wardens and sensors, each opened by its own link; and the warden's page."""

from __future__ import annotations

import asyncio
import math
import time
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Path, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from takecover.errors import InputError
from takecover.model.event_payloads import MOST_PEOPLE, DoorReported, PeopleCounted, ShelterReported
from takecover.server.asked import Site, TheSite, body_of, read_json
from takecover.server.bare import SCHEMAS, Answering, Bare
from takecover.server.pages import warden_page
from takecover.server.problems import MEDIA_TYPE
from takecover.server.receipts import receipt
from takecover.server.shapes import Receipt
from takecover.server.signing_in import language_of
from takecover.server.texts import WARDEN
from takecover.workflow.live import links
from takecover.workflow.live.links import Link
from takecover.workflow.live.reporting import Report, report

router = APIRouter()
PATH = "/api/v1/reports"
MOST_BYTES = 4_000


class Door(BaseModel):
    """The state of one door."""

    model_config = ConfigDict(extra="forbid", strict=True)
    entrance_id: str = Field(min_length=1, max_length=200)
    status: Literal["open", "shut"]


class ReportSent(BaseModel):
    """One report: a status, a count or a door; `effective_at` is when it was seen, `event_id` is made by the sender."""

    model_config = ConfigDict(extra="forbid")
    event_id: str = Field(pattern=r"^[A-Za-z0-9-]{8,60}$")
    effective_at: AwareDatetime
    status: Literal["open", "filling", "full", "shut"] | None = None
    people: int | None = Field(default=None, ge=0, le=MOST_PEOPLE, strict=True)
    door: Door | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> ReportSent:
        if sum(each is not None for each in (self.status, self.people, self.door)) != 1:
            raise ValueError("give one of status, people, door")
        return self

    def payload(self, shelter_id: str) -> Report:
        """What is said of a shelter."""
        if self.status is not None:
            return ShelterReported(shelter_id, self.status)
        if self.people is not None:
            return PeopleCounted(shelter_id, self.people)
        if self.door is None:
            raise InputError("Give one of status, people, door.")
        return DoorReported(shelter_id, self.door.entrance_id, self.door.status)


def operation() -> dict[str, Any]:
    """What the description of the interface says of it, the form of a report in one piece."""
    form = ReportSent.model_json_schema()
    form.pop("$defs", None)
    form["properties"]["door"] = {"anyOf": [Door.model_json_schema(), {"type": "null"}]}
    refused = {MEDIA_TYPE: {"schema": {"$ref": f"{SCHEMAS}Problem"}}}
    return {
        "summary": "Reports",
        "operationId": "reports",
        "description": "Take one report of a warden or sensor; acknowledged only once it is on the disk and shown.\n\n"
        "The same `event_id` sent again is recorded once. A phone that had no network sends its reports in order, each "
        "with the time at which the button was pressed.",
        "requestBody": {"content": {"application/json": {"schema": form}}, "required": True},
        "responses": {
            "200": {
                "description": "It is recorded.",
                "content": {"application/json": {"schema": {"$ref": f"{SCHEMAS}Receipt"}}},
            },
            "4XX": {"description": "It was not taken.", "content": refused},
            "503": {"description": "The journal cannot be written now.", "content": refused},
        },
    }


class LinkError(HTTPException):
    """Why a link opens nothing.

    Parameters
    ----------
    status
        403 where the server has no key, else 401.
    why
        Key of the reason among the words of the warden's page.
    """

    def __init__(self, status: int, why: str) -> None:
        super().__init__(status, WARDEN["en"][why], {"WWW-Authenticate": "Bearer"} if status == 401 else None)
        self.why = why


async def link_of(site: Site, token: str) -> Link:
    """The link of a token, while it is good.

    Raises
    ------
    LinkError
        The server has no key; the link is none; its season or night is over, or its night has not begun; or it was
        taken back.
    """
    if site.link_key is None:
        raise LinkError(403, "no_key")
    try:
        link = links.read(token, site.link_key)
    except InputError:
        raise LinkError(401, "not_ours") from None
    now, is_night = site.live.now(), isinstance(link.term, links.Night)
    if links.is_over(link.term, now):
        raise LinkError(401, "night_over" if is_night else "season_over")
    if links.is_early(link.term, now):
        raise LinkError(401, "night_early")
    if await site.live.event(link.revocation_id) is not None:
        raise LinkError(401, "gone")
    return link


def _language_of(request: Request) -> str:
    """``uk`` where a warden's phone speaks it, else ``en``, for machines that say nothing of it."""
    accepted = request.headers.get("accept-language", "")
    return "uk" if accepted.strip().lower().startswith("uk") else "en"


class Reports:
    """Takes reports.

    Parameters
    ----------
    site
        The running city and the key of its links.
    """

    def __init__(self, site: Site) -> None:
        self._site = site

    async def __call__(self, request: Request) -> Response:
        """Take one report; it is acknowledged only once it is on the disk and shown."""
        site = self._site
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        try:
            link = await link_of(site, token.strip() if scheme.lower() == "bearer" else "")
        except LinkError as error:
            told = WARDEN[_language_of(request)][error.why]
            raise HTTPException(error.status_code, told, error.headers) from None
        wait_s = site.report_pace.wait_s(link.link_id, time.monotonic())
        if wait_s:
            raise HTTPException(
                429,
                "Too many reports from this link. Wait, then send again.",
                {"Retry-After": str(math.ceil(wait_s))},
            )
        sent = read_json(ReportSent, await body_of(request, MOST_BYTES, ("application/json",)))
        at: datetime = sent.effective_at.astimezone(UTC)
        event = await report(site.live, link, sent.event_id, at, sent.payload(link.shelter_id))
        content = receipt([event], site.live.is_exercise).model_dump_json()
        return Response(content, media_type="application/json")


def route(site: Site) -> Bare:
    """The path of reports, before the frame: hundreds come at once, and the frame takes ten times their own work."""
    return Bare(PATH, Answering(Reports(site)), operation(), Receipt, "POST")


@router.get("/w/{token}", response_class=HTMLResponse, include_in_schema=False)
async def page(
    request: Request, site: TheSite, token: Annotated[str, Path(max_length=1_000)]
) -> HTMLResponse:
    """The warden's page: three buttons and a count."""
    language = language_of(request)
    try:
        link = await link_of(site, token)
        if link.kind != "warden":
            raise LinkError(401, "sensor")
    except LinkError as error:
        shown = warden_page(site.live, None, token, language, refusal=error.why)
        return HTMLResponse(shown, error.status_code)
    return HTMLResponse(await asyncio.to_thread(warden_page, site.live, link, token, language))
