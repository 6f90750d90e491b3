"""The public state, whole: one answer for everybody, made once for each version."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from takecover.server.accepting import takes_gzip
from takecover.server.bare import GUARDED, SCHEMAS, Bare, header
from takecover.server.shapes import State
from takecover.workflow.live.live import Live
from takecover.workflow.live.publishing import PublicState

PATH = "/api/v1/state"
SHARED_S = 1
"""How long a cache between may hand the same state to others [s]."""

LEVEL = 5
"""Of compression: a tenth of the bytes in a millisecond for each 100 kB."""

PACKED = "-gzip"
"""Ends the tag of the packed state: the same state, other bytes."""

OPERATION: dict[str, Any] = {
    "summary": "State",
    "operationId": "state",
    "description": "Alerts by area, and each shelter that anything was said of as a band, all with their ages.\n\n"
    "A shelter that is not in the list is unknown. Ask again with `If-None-Match`; better, follow the stream.",
    "parameters": [
        {
            "name": "If-None-Match",
            "in": "header",
            "required": False,
            "schema": {"type": "string"},
            "description": "Entity tags that you have.",
        }
    ],
    "responses": {
        "200": {
            "description": "The state.",
            "content": {"application/json": {"schema": {"$ref": f"{SCHEMAS}State"}}},
        },
        "304": {"description": "It is as you have it."},
    },
}


class StateRoute:
    """Hands out the newest state, plain or packed.

    Parameters
    ----------
    newest
        Gives the newest bytes.
    """

    def __init__(self, newest: Callable[[], PublicState]) -> None:
        self._newest = newest
        self._public: PublicState | None = None
        self._plain: dict[str, Any] = {}
        self._packed: dict[str, Any] = {}
        self._tags: frozenset[str] = frozenset()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        public = self._newest()
        if public is not self._public:
            self._take(public)
        told = self._packed if takes_gzip(header(scope, b"accept-encoding")) else self._plain
        is_known = _has_any(header(scope, b"if-none-match"), self._tags)
        await send(told["known" if is_known else "start"])
        await send(told["nothing" if is_known else "body"])

    def _take(self, public: PublicState) -> None:
        """Make the messages of a new state, which everybody gets."""
        packed = gzip.compress(public.body, LEVEL, mtime=0)
        packed_tag = f'{public.etag[:-1]}{PACKED}"'
        self._plain = _messages(public.body, public.etag)
        self._packed = _messages(packed, packed_tag, (b"content-encoding", b"gzip"))
        self._tags = frozenset((public.etag, packed_tag))
        self._public = public


def _messages(body: bytes, tag: str, *more: tuple[bytes, bytes]) -> dict[str, Any]:
    """The four messages that may be sent of a state."""
    headers = [
        *GUARDED,
        (b"etag", tag.encode()),
        (b"cache-control", f"public, max-age={SHARED_S}, must-revalidate".encode()),
        (b"vary", b"Accept-Encoding"),
    ]
    full = [
        *headers,
        *more,
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    return {
        "start": {"type": "http.response.start", "status": 200, "headers": full},
        "body": {"type": "http.response.body", "body": body},
        "known": {"type": "http.response.start", "status": 304, "headers": headers},
        "nothing": {"type": "http.response.body", "body": b""},
    }


def route(live: Live) -> Bare:
    """The path of the state."""
    return Bare(PATH, StateRoute(lambda: live.public), OPERATION, State)


def has_tag(request: Request, etag: str) -> bool:
    """True where the client says that it has what bears an entity tag."""
    return _has_any(request.headers.get("if-none-match", ""), frozenset((etag,)))


def _has_any(told: str, etags: frozenset[str]) -> bool:
    has = {tag.strip().removeprefix("W/") for tag in told.split(",")} if told else set()
    return "*" in has or not etags.isdisjoint(has)
