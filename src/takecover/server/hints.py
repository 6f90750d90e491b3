"""Hints of residents: a word to the office that a door is shut or a shelter full, never a state."""

from __future__ import annotations

import math
import time
from typing import Literal

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field

from takecover.server.asked import TheSite, body_of, read_json, sender_of
from takecover.server.shapes import Exercised
from takecover.workflow.live.reporting import hint

router = APIRouter()
MOST_BYTES = 1_000


class HintSent(BaseModel):
    """What a resident sees at a shelter; `event_id` is made by the sender."""

    model_config = ConfigDict(extra="forbid")
    event_id: str = Field(pattern=r"^[A-Za-z0-9-]{8,60}$")
    shelter_id: str = Field(min_length=1, max_length=200)
    status: Literal["full", "shut"]


class Thanks(Exercised):
    """The hint is with the office."""


@router.post(
    "/api/v1/hints",
    response_model=Thanks,
    status_code=202,
    openapi_extra={
        "requestBody": {
            "content": {"application/json": {"schema": HintSent.model_json_schema()}},
            "required": True,
        }
    },
)
async def hints(request: Request, site: TheSite) -> Thanks:
    """Take a hint. It changes no state, however many come: the office sees the newest, each with its age.

    One sender, and all of them together, may send so many a minute; more are told to wait.
    """
    sender = sender_of(request, site)
    now_s = time.monotonic()
    wait_s = site.hint_pace.wait_s(sender, now_s) or site.all_hints_pace.wait_s("all", now_s)
    if wait_s:
        headers = {"Retry-After": str(math.ceil(wait_s))}
        raise HTTPException(429, "Too many hints. The office has those that came before.", headers)
    sent = read_json(HintSent, await body_of(request, MOST_BYTES, ("application/json",)))
    await hint(site.live, sent.event_id, sent.shelter_id, sent.status)
    return Thanks(is_exercise=site.live.is_exercise)
