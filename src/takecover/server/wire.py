"""A connection that a route may write to itself: for a crowd, to which the way through ASGI is too long."""

from __future__ import annotations

import asyncio

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

EXTENSION = "takecover.wire"


class Wire:
    """One connection whose answer has begun and is sent in chunks.

    Parameters
    ----------
    transport
        Of the connection.
    """

    __slots__ = ("_transport",)

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def write(self, content: bytes) -> bool:
        """Write where nothing waits to be written before it; False, and nothing is written, where something does.

        Parameters
        ----------
        content
            As it goes over the connection, in its chunk.
        """
        transport = self._transport
        if transport.is_closing() or transport.get_write_buffer_size():
            return False
        transport.write(content)
        return True


class Protocol(HttpToolsProtocol):
    """HTTP/1.1 that hands each request its connection, as an extension of ASGI."""

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self.scope["extensions"] = {EXTENSION: {"wire": Wire(self.transport)}}


def wire_of(scope: Scope) -> Wire | None:
    """The connection of a request; None where the server does not hand it out."""
    found: Wire | None = scope.get("extensions", {}).get(EXTENSION, {}).get("wire")
    return found


def chunk(content: bytes) -> bytes:
    """Some content as one chunk of HTTP/1.1, for whoever writes past the server (RFC 9112, section 7.1)."""
    return b"%x\r\n%s\r\n" % (len(content), content)
