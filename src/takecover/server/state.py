"""The public state, whole: one answer for everybody, made once for each version."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from takecover.server.asked import TheSite
from takecover.server.shapes import State

router = APIRouter()
SHARED_S = 1
"""How long a cache between may hand the same state to others [s]."""


@router.get("/api/v1/state", response_model=State, responses={304: {"description": "It is as you have it."}})
async def state(request: Request, site: TheSite) -> Response:
    """Alerts by area, and each shelter that anything was said of as a band, all with their ages.

    A shelter that is not in the list is unknown. Ask again with `If-None-Match`; better, follow the stream.
    """
    public = site.live.public
    headers = {"ETag": public.etag, "Cache-Control": f"public, max-age={SHARED_S}, must-revalidate"}
    if has_tag(request, public.etag):
        return Response(status_code=304, headers=headers)
    return Response(public.body, media_type="application/json", headers=headers)


def has_tag(request: Request, etag: str) -> bool:
    """True where the client says that it has what bears an entity tag."""
    has = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    return etag in has or "*" in has
