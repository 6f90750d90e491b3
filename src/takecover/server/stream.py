"""The stream of changes (server-sent events): versions and what is new in them, never the whole state."""

from __future__ import annotations

import json
from random import Random
from typing import Any
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope, Send

from takecover.model.event_fields import write_moment
from takecover.server.bare import GUARDED, Bare, header, refuse
from takecover.server.crowd import LAST, Crowd, Listener
from takecover.server.wire import wire_of
from takecover.workflow.live.live import Live

PATH = "/api/v1/stream"

PING_S = 15.0
"""A line comes at least so often, so that silence is noticed at both ends."""

RELOAD_WITHIN_S = 10
"""Clients that must fetch the whole state spread their asking over so long."""

RETRY_MS = (1_000, 5_000)
MOST_STREAMS = 20_000
MOST_VERSION = 2**53

START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        *GUARDED,
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"transfer-encoding", b"chunked"),
        (b"x-accel-buffering", b"no"),
    ],
}

OPERATION: dict[str, Any] = {
    "summary": "Stream",
    "operationId": "stream",
    "description": "`hello` at once; `change` with the objects that are new since the version before; `ping` with the "
    "server's time.\n\n"
    "`reload` says that the changes since your version are not known: fetch the state after a wait drawn from 0 to "
    "`within_s` seconds. Open the stream first, then fetch the state: an object that comes twice is the same one.",
    "parameters": [
        {
            "name": "after",
            "in": "query",
            "required": False,
            "schema": {"type": "integer", "minimum": 0, "maximum": MOST_VERSION},
            "description": "Version that you have.",
        },
        {
            "name": "Last-Event-ID",
            "in": "header",
            "required": False,
            "schema": {"type": "string"},
            "description": "The same, as a browser sends it; it goes before `after`.",
        },
    ],
    "responses": {
        "200": {
            "description": "The stream; it ends when the server stops.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        "4XX": {
            "description": "It was not understood.",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        },
        "503": {
            "description": "Too many streams are open.",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        },
    },
}


class PublicNews:
    """The public state as news for a crowd.

    Parameters
    ----------
    live
        The running city.
    """

    def __init__(self, live: Live) -> None:
        self._live = live

    @property
    def version(self) -> int:
        return self._live.public.version

    @property
    def is_closing(self) -> bool:
        return self._live.is_closing

    async def newer(self, version: int, most_s: float | None = None) -> bool:
        return await self._live.changed(version, PING_S if most_s is None else most_s)

    def is_urgent(self, version: int) -> bool:
        return self._live.is_urgent_after(version)

    def since(self, version: int) -> bytes:
        change = self._live.changes(version)
        if change is None:
            return self.said("reload")
        return f"id: {self.version}\nevent: change\ndata: ".encode() + change + b"\n\n"

    def ping(self) -> bytes:
        return self.said("ping")

    def said(self, event: str) -> bytes:
        """A line of the server's own: where it stands, and its time."""
        data: dict[str, object] = {
            "is_exercise": self._live.is_exercise,
            "server_time": write_moment(self._live.now()),
            "version": self.version,
        }
        if event == "reload":
            data["within_s"] = RELOAD_WITHIN_S
        return f"event: {event}\ndata: {json.dumps(data)}\n\n".encode()


class StreamRoute:
    """Opens streams, each for as long as the client or the server stays.

    Parameters
    ----------
    live
        The running city.
    rng
        Chance, to spread when clients come back.
    """

    def __init__(self, live: Live, rng: Random) -> None:
        self._news, self._rng = PublicNews(live), rng
        self._crowd = Crowd(self._news)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if len(self._crowd) >= MOST_STREAMS:
            told = "Too many streams are open. Ask for the state instead."
            await refuse(scope, receive, send, 503, told, headers={"Retry-After": "30"})
            return
        try:
            after = version_of(scope)
        except ValueError as error:
            told = "The request is not of the form that is asked for."
            await refuse(scope, receive, send, 422, told, (str(error),))
            return
        await receive()
        news = self._news
        listener = Listener(send, news.version if after is None else after, wire_of(scope))
        hello = f"retry: {self._rng.randint(*RETRY_MS)}\n".encode() + news.said("hello")
        await send(START)
        await send({"type": "http.response.body", "body": hello, "more_body": True})
        if news.is_closing:
            await send(LAST)
            return
        self._crowd.add(listener)
        try:
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            self._crowd.remove(listener)


def version_of(scope: Scope) -> int | None:
    """The version that a client has; None where it has none yet, -1 where it names none of ours.

    Raises
    ------
    ValueError
        What it asks for is no version.
    """
    last = header(scope, b"last-event-id")
    if last:
        return int(last) if last.isascii() and last.isdecimal() and len(last) < 17 else -1
    for name, text in parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True):
        if name == "after":
            is_whole = text.isascii() and text.isdecimal() and len(text) < 17
            if not is_whole or int(text) > MOST_VERSION:
                raise ValueError(
                    f"query.after: is {text!a:.40}. Give a whole number from 0 to {MOST_VERSION}."
                )
            return int(text)
    return None


def route(live: Live, rng: Random) -> Bare:
    """The path of the stream."""
    return Bare(PATH, StreamRoute(live, rng), OPERATION)
