"""What the officer's page asks for by script: the stream that says that something is new, the state, and the map."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import StreamingResponse

from takecover.model.event_fields import write_moment
from takecover.server.asked import Site, TheSite
from takecover.server.map_data import given_out
from takecover.server.officer import Seer
from takecover.server.officer_page import desk_of
from takecover.server.shapes import OfficeState
from takecover.server.signing_in import signed_of

router = APIRouter()
LOOK_S = 0.5
PING_S = 5.0
"""A line comes at least so often, so that a screen notices silence soon."""

SIGNED_S = 60.0
"""So often it is asked anew whether who looks may still look."""


@router.get("/api/v1/office/state", responses={200: {"model": OfficeState}}, response_class=Response)
async def state(request: Request, site: TheSite, signed: Seer) -> Response:
    """Areas and shelters as the public state has them, withheld shelters too; for who is logged in alone."""
    content = await asyncio.to_thread(desk_of(request, site).state)
    return Response(content, media_type="application/json", headers={"Cache-Control": "no-store"})


@router.get(
    "/api/v1/office/map/city.json",
    responses={200: {"content": {"application/json": {}}}},
    response_class=Response,
)
async def index(request: Request, site: TheSite, signed: Seer) -> Response:
    """As the public map's, with the withheld shelters."""
    content = await asyncio.to_thread(desk_of(request, site).map.index)
    return Response(content, media_type="application/json", headers={"Cache-Control": "no-store"})


@router.get(
    "/api/v1/office/map/{name}",
    responses={200: {"content": {"application/geo+json": {}}}},
    response_class=Response,
)
async def layer(
    request: Request, site: TheSite, signed: Seer, name: Annotated[str, Path(max_length=100)]
) -> Response:
    """One layer as GeoJSON, by the name that the office's `city.json` gives."""
    return await given_out(request, desk_of(request, site).map, name, "no-store")


@router.get(
    "/api/v1/office/stream",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def stream(request: Request, site: TheSite, signed: Seer) -> StreamingResponse:
    """`hello` at once, `reload` whenever anything is new in the journal or in an age, `ping` with the server's time.

    It tells that something is new, never what: the page asks for that with the rights that its user has then.
    """
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_parts(request, site), media_type="text/event-stream", headers=headers)


async def _parts(request: Request, site: Site) -> AsyncIterator[bytes]:
    """The stream, until the server stops or who looks may look no more."""
    live = site.live
    loop = asyncio.get_running_loop()
    seen, version = _seen(site), _version(site)
    yield b"retry: 2000\n" + _said("hello", site, version)
    spoke_s = signed_s = loop.time()
    while not live.is_closing:
        await asyncio.sleep(LOOK_S)
        if loop.time() - signed_s >= SIGNED_S:
            signed_s = loop.time()
            if await signed_of(request, site) is None:
                return
        if _seen(site) != seen:
            seen, version, spoke_s = _seen(site), _version(site), loop.time()
            yield _said("reload", site, version)
        elif loop.time() - spoke_s >= PING_S:
            spoke_s = loop.time()
            yield _said("ping", site, version)


def _seen(site: Site) -> tuple[int, int]:
    """What grows whenever anything is new."""
    return site.live.followed.situation.seq, site.live.public.version


def _version(site: Site) -> int:
    return int(site.live.now().timestamp() * 1000)


def _said(event: str, site: Site, version: int) -> bytes:
    live = site.live
    data = {
        "is_exercise": live.is_exercise,
        "server_time": write_moment(live.now()),
        "version": version,
        "within_s": 0,
    }
    return f"event: {event}\ndata: {json.dumps(data)}\n\n".encode()
