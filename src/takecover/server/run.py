"""Runs the application until it is told to stop; streams end first, so that stopping takes no minute."""

from __future__ import annotations

import asyncio
import gc
import resource
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from takecover.errors import SourceError
from takecover.server.wire import Protocol

STOPS_WITHIN_S = 5
"""Requests that are under way at the end get so long."""

BACKLOG = 2048

NEW_OBJECTS = 10_000
"""New objects after which garbage is looked for among them, and each ten times more seldom among the older."""


@dataclass(frozen=True)
class Tls:
    """Files with the certificate (and those that vouch for it) and its key, in PEM."""

    certificate: Path
    key: Path


class _Server(uvicorn.Server):
    """Says that it is up, says that it stops before it waits for those who are connected, and leaves signals alone."""

    def __init__(
        self, config: uvicorn.Config, on_up: Callable[[], None], on_stop: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._on_up, self._on_stop = on_up, on_stop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_up()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._on_stop()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Whoever starts us takes the signals, so that the journal is closed too."""
        yield


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0 takes a free one.

    Raises
    ------
    SourceError
        The address is not this machine's, or the port is taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sets TCP_NODELAY only where the protocol is named; without it an answer in two parts may wait 40 ms
    # for an acknowledgement of the first: half of 2,000 reads a second took 45 ms, and take 1 ms.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        listening.close()
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise SourceError(
            f"{host}, port {port}: cannot be listened on ({reason}). Give another --port."
        ) from error
    return listening


def raise_descriptors() -> None:
    """Take as many open connections as this machine allows a process, often far more than it gives unasked."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def keep_what_is_there() -> None:
    """Leave what is there now out of every later search for garbage.

    A search among the objects of a server that is up takes 0.11 s, with 10,000 streams 0.25 s, in which nobody is
    answered. Without them it takes 0.03 s; those of streams are looked through once in a million new objects.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)


async def serve(
    app: FastAPI,
    listening: socket.socket,
    stop: asyncio.Event,
    on_up: Callable[[], None],
    on_stop: Callable[[], None],
    tls: Tls | None = None,
) -> None:
    """Serve until it is told to stop.

    Parameters
    ----------
    app
        The application.
    listening
        Where it listens.
    stop
        Set to stop.
    on_up, on_stop
        Called when the first request can be answered, and before the last connections are ended.
    tls
        Certificate and key; plain HTTP where None.

    Raises
    ------
    SourceError
        The certificate or the key cannot be read, or they do not belong together.

    Notes
    -----
    There is no log of requests: it would hold people's network addresses.
    """
    config = uvicorn.Config(
        app,
        http=Protocol,
        ws="none",
        lifespan="off",
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=STOPS_WITHIN_S,
        backlog=BACKLOG,
        ssl_certfile=None if tls is None else tls.certificate,
        ssl_keyfile=None if tls is None else tls.key,
    )
    if tls is not None:
        try:
            config.load()
        except OSError as error:
            raise SourceError(
                f"{tls.certificate}, {tls.key}: no certificate with its key ({error.strerror or error}). "
                "Give both as PEM files."
            ) from error
    server = _Server(config, on_up, on_stop)

    async def wait() -> None:
        await stop.wait()
        server.should_exit = True

    waiting = asyncio.create_task(wait())
    try:
        await server.serve(sockets=[listening])
    finally:
        waiting.cancel()
