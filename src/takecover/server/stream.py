"""The stream of changes (server-sent events): versions and what is new in them, never the whole state."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from random import Random
from typing import Annotated

from fastapi import APIRouter, Header, HTTPException, Query, Request
from fastapi.responses import StreamingResponse

from takecover.model.event_fields import write_moment
from takecover.server.asked import TheSite
from takecover.workflow.live.live import Live

router = APIRouter()

PING_S = 15.0
"""A line comes at least so often, so that silence is noticed at both ends."""

RELOAD_WITHIN_S = 10
"""Clients that must fetch the whole state spread their asking over so long."""

RETRY_MS = (1_000, 5_000)
MOST_STREAMS = 20_000


@router.get(
    "/api/v1/stream",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def stream(
    request: Request,
    site: TheSite,
    after: Annotated[int | None, Query(ge=0, le=2**53, description="Version that you have.")] = None,
    last_event_id: Annotated[str | None, Header()] = None,
) -> StreamingResponse:
    """`hello` at once; `change` with the objects that are new since the version before; `ping` with the server's time.

    `reload` says that the changes since your version are not known: fetch the state after a wait drawn from 0 to
    `within_s` seconds. Open the stream first, then fetch the state: an object that comes twice is the same one.
    """
    count = getattr(request.app.state, "streams", 0)
    if count >= MOST_STREAMS:
        raise HTTPException(
            503, "Too many streams are open. Ask for the state instead.", {"Retry-After": "30"}
        )
    if last_event_id is not None:
        after = int(last_event_id) if last_event_id.isdecimal() and len(last_event_id) < 17 else -1
    rng: Random = request.app.state.rng

    async def counted() -> AsyncIterator[bytes]:
        request.app.state.streams = getattr(request.app.state, "streams", 0) + 1
        try:
            async for part in parts(site.live, after, rng.randint(*RETRY_MS)):
                yield part
        finally:
            request.app.state.streams -= 1

    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(counted(), media_type="text/event-stream", headers=headers)


async def parts(live: Live, after: int | None, retry_ms: int) -> AsyncIterator[bytes]:
    """The stream, line by line, for a client that has a version; ends when the server stops.

    Parameters
    ----------
    live
        The running city.
    after
        Version that the client has; None where it has none yet.
    retry_ms
        How long it shall wait before it comes back [ms].
    """
    version = live.public.version
    yield f"retry: {retry_ms}\n".encode() + _said("hello", live, version)
    if after is not None and after != version:
        change = live.changes(after)
        yield _said("reload", live, version) if change is None else _change(change, version)
    while not live.is_closing:
        if not await live.changed(version, PING_S):
            if not live.is_closing:
                yield _said("ping", live, version)
            continue
        change, before, version = live.changes(version), version, live.public.version
        if change is not None:
            yield _change(change, version)
        elif before != version:
            yield _said("reload", live, version)


def _change(change: bytes, version: int) -> bytes:
    return f"id: {version}\nevent: change\ndata: ".encode() + change + b"\n\n"


def _said(event: str, live: Live, version: int) -> bytes:
    """A line of the server's own: where it stands, and its time."""
    data: dict[str, object] = {
        "is_exercise": live.is_exercise,
        "server_time": write_moment(live.now()),
        "version": version,
    }
    if event == "reload":
        data["within_s"] = RELOAD_WITHIN_S
    return f"event: {event}\ndata: {json.dumps(data)}\n\n".encode()
