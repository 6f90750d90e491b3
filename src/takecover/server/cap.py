"""Alarms by hand and notices as CAP 1.2: an Atom feed, and each message at its own address."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response

from takecover.server.asked import TheSite
from takecover.server.state import has_tag

router = APIRouter()
CACHES = {"Cache-Control": "public, max-age=5, must-revalidate"}


@router.get(
    "/cap/feed.atom",
    response_class=Response,
    responses={
        200: {"content": {"application/atom+xml": {"schema": {"type": "string"}}}},
        304: {"description": "It is as you have it."},
    },
)
async def feed(request: Request, site: TheSite) -> Response:
    """Alarms by hand and notices of the last while, newest first, each entry with the address of its CAP message."""
    found = site.cap_out.feed()
    headers = {"ETag": found.etag, **CACHES}
    if has_tag(request, found.etag):
        return Response(status_code=304, headers=headers)
    return Response(found.body, media_type="application/atom+xml", headers=headers)


@router.get(
    "/cap/{message_id:path}.xml",
    response_class=Response,
    responses={200: {"content": {"application/cap+xml": {"schema": {"type": "string"}}}}},
)
async def message(message_id: str, site: TheSite) -> Response:
    """One CAP 1.2 message; it never changes, and is here for as long as the feed names it."""
    found = site.cap_out.feed().messages.get(message_id)
    if found is None:
        raise HTTPException(404, "There is no such message, or no longer. Look at /cap/feed.atom.")
    return Response(found, media_type="application/cap+xml", headers=CACHES)
