"""Web Push: a phone asks to be told of notices for the districts that it chooses, and takes that back."""

from __future__ import annotations

import math
import time
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field

from takecover.server.asked import Site, TheSite, body_of, read_json, sender_of
from takecover.server.shapes import Exercised
from takecover.store.outbox import Outbox
from takecover.workflow.live.subscribing import subscribe, unsubscribe

router = APIRouter()
MOST_BYTES = 10_000
Endpoint = Annotated[str, Field(min_length=1, max_length=1_000)]


class PushKey(Exercised):
    """What a browser subscribes with."""

    public_key: str


class SubscriptionSent(BaseModel):
    """A browser's subscription, the districts that its user chose (or `city`), and a language."""

    model_config = ConfigDict(extra="forbid")
    endpoint: Endpoint
    p256dh: str = Field(max_length=100)
    auth: str = Field(max_length=40)
    area_ids: list[str] = Field(min_length=1, max_length=200)
    language: Literal["uk", "en"]


class EndpointSent(BaseModel):
    """The subscription that ends."""

    model_config = ConfigDict(extra="forbid")
    endpoint: Endpoint


class Kept(Exercised):
    """It is done."""


def _body(form: type[BaseModel]) -> dict[str, object]:
    content = {"application/json": {"schema": form.model_json_schema()}}
    return {"requestBody": {"content": content, "required": True}}


def _opened(request: Request, site: Site) -> Outbox:
    """The outbox, where push is set up and the sender does not ask too often."""
    if site.outbox is None or site.push_public_key is None:
        raise HTTPException(404, "This server pushes nothing. Follow the stream instead.")
    wait_s = site.push_pace.wait_s(sender_of(request, site), time.monotonic())
    if wait_s:
        raise HTTPException(429, "Too many requests.", {"Retry-After": str(math.ceil(wait_s))})
    return site.outbox


@router.get("/api/v1/push/key", response_model=PushKey)
async def key(site: TheSite) -> PushKey:
    """The public key for `applicationServerKey`; 404 where this server pushes nothing."""
    if site.push_public_key is None:
        raise HTTPException(404, "This server pushes nothing. Follow the stream instead.")
    return PushKey(is_exercise=site.live.is_exercise, public_key=site.push_public_key)


@router.post("/api/v1/push/subscriptions", response_model=Kept, openapi_extra=_body(SubscriptionSent))
async def subscriptions(request: Request, site: TheSite) -> Kept:
    """Be told of notices for some districts; sent again, it takes the place of what was chosen before.

    Choose coarsely: districts, not places. Nothing else of the phone is kept, and nothing of the request is logged.
    """
    outbox = _opened(request, site)
    sent = read_json(SubscriptionSent, await body_of(request, MOST_BYTES, ("application/json",)))
    areas = tuple(sent.area_ids)
    await subscribe(site.live, outbox, sent.endpoint, sent.p256dh, sent.auth, areas, sent.language)
    return Kept(is_exercise=site.live.is_exercise)


@router.post("/api/v1/push/unsubscribe", response_model=Kept, openapi_extra=_body(EndpointSent))
async def end(request: Request, site: TheSite) -> Kept:
    """Be told nothing more. Who knows the endpoint may end it; one that is not known is no fault."""
    outbox = _opened(request, site)
    sent = read_json(EndpointSent, await body_of(request, MOST_BYTES, ("application/json",)))
    await unsubscribe(outbox, sent.endpoint)
    return Kept(is_exercise=site.live.is_exercise)
