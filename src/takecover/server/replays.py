"""The door for a replay: events that were, told again as an exercise, opened by a token of its own."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field

from takecover.server.asked import TheSite, body_of, check_bearer, read_json
from takecover.server.receipts import receipt
from takecover.server.shapes import Receipt
from takecover.settings import REPLAY_TOKEN
from takecover.workflow.live.replayed import MOST_EVENTS, take_replayed, why_not

router = APIRouter()
MOST_BYTES = 2_000_000


class ReplaySent(BaseModel):
    """Events as the journal writes them, without the fields that the journal adds and without words."""

    model_config = ConfigDict(extra="forbid")
    events: list[dict[str, Any]] = Field(min_length=1, max_length=MOST_EVENTS)


@router.post(
    "/api/v1/replay",
    response_model=Receipt,
    openapi_extra={
        "requestBody": {
            "content": {"application/json": {"schema": ReplaySent.model_json_schema()}},
            "required": True,
        },
        "security": [{"replayToken": []}],
    },
)
async def replay(request: Request, site: TheSite) -> Receipt:
    """Take events of a replay; acknowledged only once they are on the disk and shown.

    A server that shows the real world refuses them, and so does an exercise over a journal that holds real events.
    """
    reason = why_not(site.live)
    if reason:
        raise HTTPException(403, reason)
    check_bearer(request, site.replay_token, REPLAY_TOKEN)
    sent = read_json(ReplaySent, await body_of(request, MOST_BYTES, ("application/json",)))
    return receipt(await take_replayed(site.live, sent.events), site.live.is_exercise)
