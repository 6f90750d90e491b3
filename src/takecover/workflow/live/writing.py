"""The one writer: what comes in at once goes to the disk at once, in order, and is acknowledged only then."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from takecover.errors import InputError, StoreError, TakecoverError
from takecover.model.event import Draft, Event

MOST_AT_ONCE = 500
"""Drafts in one transaction."""

MOST_WAITING = 10_000
"""Drafts that wait for the disk; more are refused, to be sent again."""

STOPPED = (
    "The server is stopping, and it is not certain that this was recorded. Send it again, under the same id."
)

Outcome = Event | InputError


class Writer:
    """Gathers drafts and hands them on in one thread.

    Parameters
    ----------
    append
        Writes drafts durably and folds them in; gives an event or what is wrong for each. Runs in the writer's thread.
    done
        Called in the loop after each write, before anyone is told.
    """

    def __init__(self, append: Callable[[Sequence[Draft]], list[Outcome]], done: Callable[[], None]) -> None:
        self._append, self._done = append, done
        self._waiting: deque[tuple[tuple[Draft, ...], asyncio.Future[list[Outcome]]]] = deque()
        self._size = 0
        self._is_wanted = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, "takecover-writer")

    async def write(self, drafts: tuple[Draft, ...]) -> list[Outcome]:
        """An event, or what is wrong, for each draft, once it is on the disk.

        Raises
        ------
        StoreError
            The journal cannot be written, or too much waits for it.
        """
        if self._size + len(drafts) > MOST_WAITING:
            raise StoreError(
                f"{self._size:,} events wait for the journal. Send it again in a few seconds, under the same id."
            )
        future: asyncio.Future[list[Outcome]] = asyncio.get_running_loop().create_future()
        self._waiting.append((drafts, future))
        self._size += len(drafts)
        self._is_wanted.set()
        return await asyncio.shield(future)

    async def run(self) -> None:
        """Write until cancelled."""
        try:
            while True:
                await self._is_wanted.wait()
                self._is_wanted.clear()
                while self._waiting:
                    await self._write(self._next())
        finally:
            for _, future in self._waiting:
                if not future.done():
                    _fail(future, StoreError(STOPPED))
            self._thread.shutdown(wait=True)

    def _next(self) -> list[tuple[tuple[Draft, ...], asyncio.Future[list[Outcome]]]]:
        batch = [self._waiting.popleft()]
        size = len(batch[0][0])
        while self._waiting and size + len(self._waiting[0][0]) <= MOST_AT_ONCE:
            batch.append(self._waiting.popleft())
            size += len(batch[-1][0])
        return batch

    async def _write(self, batch: list[tuple[tuple[Draft, ...], asyncio.Future[list[Outcome]]]]) -> None:
        """Write some orders in one go, and answer each."""
        drafts = [draft for order, _ in batch for draft in order]
        self._size -= len(drafts)
        failure: TakecoverError = StoreError(STOPPED)
        found: list[Outcome] | None = None
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._thread, self._append, drafts)
            self._done()
        except TakecoverError as error:
            failure = error
        finally:
            at = 0
            for order, future in batch:
                if future.done():
                    pass
                elif found is None:
                    _fail(future, failure)
                else:
                    future.set_result(found[at : at + len(order)])
                at += len(order)


def _fail(future: asyncio.Future[list[Outcome]], error: TakecoverError) -> None:
    """Tell whoever waits; one who has gone is no error that a log should hold."""
    future.set_exception(error)
    future.exception()
