"""Everybody who listens to a stream, served by one task: a change is made once and written to all.

A listener has no task that wakes for a change; one that cannot take what is written waits apart and holds up nobody.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Generator
from typing import Any, Protocol

from starlette.types import Message, Send

LOG = logging.getLogger("takecover.stream")

AT_ONCE = 100
"""Listeners that are written to before others have their turn: some milliseconds."""

LEFT_OUT = "A listener could not be written to and is left out; the others go on."
LAST: Message = {"type": "http.response.body", "body": b"", "more_body": False}


class News(Protocol):
    """What a crowd listens to."""

    @property
    def version(self) -> int:
        """The newest version."""

    @property
    def is_closing(self) -> bool:
        """True once the streams are to end."""

    async def newer(self, version: int) -> bool:
        """Wait for a version after one; False where none came for so long that a sign of life is due."""

    def since(self, version: int) -> bytes:
        """Everything new since a version, as it goes over the wire."""

    def ping(self) -> bytes:
        """A sign of life."""


class Listener:
    """One who listens.

    Attributes
    ----------
    send
        Writes to it.
    version
        The newest that was written to it.
    is_slow
        True while what was written to it has not gone off.
    """

    __slots__ = ("is_slow", "send", "version")

    def __init__(self, send: Send, version: int) -> None:
        self.send, self.version, self.is_slow = send, version, False


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
        """Write every change after a version to everybody, until nobody is left or the streams are to end."""
        while self._listeners and not self._news.is_closing:
            has_news = await self._news.newer(at)
            if self._news.is_closing:
                break
            at = self._news.version
            made: dict[int, tuple[Message, int]] = {}
            life = None if has_news else _part(self._news.ping())
            for number, listener in enumerate(tuple(self._listeners), 1):
                if life is not None and not listener.is_slow:
                    self._hand(listener, life)
                elif not listener.is_slow:
                    self._write(listener, made)
                if number % AT_ONCE == 0:
                    await asyncio.sleep(0)
        for listener in tuple(self._listeners):
            if not listener.is_slow:
                self.remove(listener)
                self._hand(listener, LAST)

    def _write(self, listener: Listener, made: dict[int, tuple[Message, int]]) -> None:
        """Write what is new to one; those who have the same version get the same bytes."""
        found = made.get(listener.version)
        if found is None:
            found = made[listener.version] = _part(self._news.since(listener.version)), self._news.version
        message, version = found
        if version != listener.version:
            listener.version = version
            self._hand(listener, message)

    def _hand(self, listener: Listener, message: Message) -> None:
        """Write without waiting: the call runs here as far as it goes, and on in a task where it must wait."""
        writing: Coroutine[Any, Any, None] = listener.send(message)  # type: ignore[assignment]
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
                await listener.send(_part(content))
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


def _part(content: bytes) -> Message:
    return {"type": "http.response.body", "body": content, "more_body": True}
