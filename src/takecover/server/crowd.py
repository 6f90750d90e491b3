"""Everybody who listens to a stream, served by one task: a change is made once and written to all.

A listener has no task that wakes for a change; one that cannot take what is written waits apart and holds up nobody.
What is urgent is written at once; other changes wait for each other for a second, so that many make one.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine, Generator
from operator import attrgetter
from typing import Any, NamedTuple, Protocol

from starlette.types import Message, Send

from takecover.server.wire import Wire, chunk

LOG = logging.getLogger("takecover.stream")

AT_ONCE = 100
"""Listeners that are written to before others have their turn: some milliseconds."""

LONGEST_S, REST = 1.0, 10
"""Changes that are not urgent gather for ten times as long as writing to everybody takes, and at most for a second."""

LEFT_OUT = "A listener could not be written to and is left out; the others go on."
ENDED = "The news could not be made; all streams are ended, so that their readers ask anew and do not wait for nothing."
LAST: Message = {"type": "http.response.body", "body": b"", "more_body": False}


class News(Protocol):
    """What a crowd listens to."""

    @property
    def version(self) -> int:
        """The newest version."""

    @property
    def is_closing(self) -> bool:
        """True once the streams are to end."""

    async def newer(self, version: int, most_s: float | None = None) -> bool:
        """Wait for a version after one; False where none came for so long, or that a sign of life is due."""

    def is_urgent(self, version: int) -> bool:
        """True where something new since a version must not wait."""

    def since(self, version: int) -> bytes:
        """Everything new since a version, as it goes over the wire."""

    def ping(self) -> bytes:
        """A sign of life."""


class _Part(NamedTuple):
    """Something to be written, in both forms that it takes."""

    message: Message
    chunk: bytes


class Listener:
    """One who listens.

    Attributes
    ----------
    send
        Writes to it.
    version
        The newest that was written to it.
    wire
        Its connection, written to directly while nothing waits in it; None where only `send` leads there.
    is_slow
        True while what was written to it has not gone off.
    """

    __slots__ = ("is_slow", "send", "version", "wire")

    def __init__(self, send: Send, version: int, wire: Wire | None = None) -> None:
        self.send, self.version, self.wire, self.is_slow = send, version, wire, False


class Crowd:
    """Those who listen to one source of news.

    Parameters
    ----------
    news
        What they listen to.
    """

    def __init__(self, news: News) -> None:
        self._news = news
        self._listeners: set[Listener] = set()
        self._slow: set[asyncio.Task[None]] = set()
        self._task: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._listeners)

    def add(self, listener: Listener) -> None:
        """Write to a listener from now on, what it has not got yet first."""
        self._listeners.add(listener)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._serve(self._news.version))
        if listener.version != self._news.version:
            self._write(listener, {})

    def remove(self, listener: Listener) -> None:
        """Write to it no more."""
        self._listeners.discard(listener)

    async def _serve(self, at: int) -> None:
        """Write to everybody until nobody is left or the streams are to end; they end, too, where it cannot go on."""
        try:
            await self._tell(at)
        except Exception:
            LOG.exception(ENDED)
        for listener in tuple(self._listeners):
            if not listener.is_slow:
                self.remove(listener)
                self._hand(listener, _Part(LAST, b""))

    async def _tell(self, at: int) -> None:
        """Write every change after a version to everybody."""
        due_s = 0.0
        while self._listeners and not self._news.is_closing:
            has_news = await self._news.newer(at)
            if has_news:
                await self._gather(at, due_s)
            if self._news.is_closing:
                break
            at, began_s = self._news.version, time.monotonic()
            made: dict[int, tuple[_Part, int]] = {}
            life = None if has_news else _part(self._news.ping())
            for number, listener in enumerate(sorted(self._listeners, key=attrgetter("version")), 1):
                if life is not None and not listener.is_slow:
                    self._hand(listener, life)
                elif not listener.is_slow:
                    self._write(listener, made)
                if number % AT_ONCE == 0:
                    await asyncio.sleep(0)
                    if self._news.is_urgent(at):
                        break  # and begin anew, with those who have not been written to
            due_s = began_s + min(LONGEST_S, REST * (time.monotonic() - began_s))

    async def _gather(self, at: int, due_s: float) -> None:
        """Let changes come together until it is time again, or until one is urgent."""
        while not self._news.is_closing and not self._news.is_urgent(at):
            left_s = due_s - time.monotonic()
            if left_s <= 0:
                return
            await self._news.newer(self._news.version, left_s)

    def _write(self, listener: Listener, made: dict[int, tuple[_Part, int]]) -> None:
        """Write what is new to one; those who have the same version get the same bytes."""
        found = made.get(listener.version)
        if found is None:
            found = made[listener.version] = _part(self._news.since(listener.version)), self._news.version
        part, version = found
        if version != listener.version:
            listener.version = version
            self._hand(listener, part)

    def _hand(self, listener: Listener, part: _Part) -> None:
        """Write without waiting: the call runs here as far as it goes, and on in a task where it must wait."""
        if part.chunk and listener.wire is not None and listener.wire.write(part.chunk):
            return
        writing: Coroutine[Any, Any, None] = listener.send(part.message)  # type: ignore[assignment]
        try:
            waits_for = writing.send(None)
        except StopIteration:
            return
        except OSError:
            self.remove(listener)
            return
        except Exception:
            LOG.exception(LEFT_OUT)
            self.remove(listener)
            return
        listener.is_slow = True
        task = asyncio.create_task(self._catch_up(listener, _Rest(writing, waits_for)))
        self._slow.add(task)
        task.add_done_callback(self._slow.discard)

    async def _catch_up(self, listener: Listener, rest: _Rest) -> None:
        """Wait until it takes again, then give it everything since, in one piece."""
        try:
            await rest
            while listener in self._listeners and listener.version != self._news.version:
                content = self._news.since(listener.version)
                listener.version = self._news.version
                await listener.send(_part(content).message)
            if self._news.is_closing and listener in self._listeners:
                self.remove(listener)
                await listener.send(LAST)
        except OSError:
            self.remove(listener)
        except Exception:
            LOG.exception(LEFT_OUT)
            self.remove(listener)
        finally:
            listener.is_slow = False


class _Rest:
    """What is left of a call that was begun by hand and has to wait for something."""

    def __init__(self, begun: Coroutine[Any, Any, None], waits_for: Any) -> None:
        self._begun, self._waits_for = begun, waits_for

    def __await__(self) -> Generator[Any, Any, None]:
        yield self._waits_for
        yield from self._begun.__await__()


def _part(content: bytes) -> _Part:
    return _Part({"type": "http.response.body", "body": content, "more_body": True}, chunk(content))
