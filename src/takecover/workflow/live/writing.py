"""The one writer: what comes in at once goes to the disk at once, in order, and is acknowledged only then.

What is urgent goes before all that waits. Of each kind what was sent first is written first.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from takecover.errors import InputError, StoreError, TakecoverError
from takecover.model.event import Draft, Event
from takecover.model.event_payloads import DoorReported, PeopleCounted, ShelterHinted, ShelterReported

MOST_AT_ONCE = 100
"""Drafts in one transaction: an alert waits for one that is under way, and 500 reports take five commits, not 500."""

MOST_WAITING = 10_000
"""Drafts of a kind that wait for the disk; more are refused, to be sent again."""

BY_THE_HUNDRED = (ShelterReported, PeopleCounted, DoorReported, ShelterHinted)
"""What hundreds send in the same minute, each of one shelter; everything else is urgent."""

STOPPED = (
    "The server is stopping, and it is not certain that this was recorded. Send it again, under the same id."
)

Outcome = Event | InputError
Order = tuple[tuple[Draft, ...], asyncio.Future[list[Outcome]]]


class _Queue:
    """Orders of one kind that wait, in the order in which they came."""

    def __init__(self) -> None:
        self.orders: deque[Order] = deque()
        self.size = 0

    def __bool__(self) -> bool:
        return bool(self.orders)

    def put(self, order: Order) -> None:
        """Let one wait."""
        self.orders.append(order)
        self.size += len(order[0])

    def next(self) -> list[Order]:
        """As many as one transaction takes, one at least."""
        batch = [self.orders.popleft()]
        size = len(batch[0][0])
        while self.orders and size + len(self.orders[0][0]) <= MOST_AT_ONCE:
            batch.append(self.orders.popleft())
            size += len(batch[-1][0])
        self.size -= size
        return batch


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
        self._urgent, self._others = _Queue(), _Queue()
        self._is_wanted = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, "takecover-writer")

    async def write(self, drafts: tuple[Draft, ...]) -> list[Outcome]:
        """An event, or what is wrong, for each draft, once it is on the disk.

        Raises
        ------
        StoreError
            The journal cannot be written, or too much waits for it.
        """
        is_flood = all(isinstance(draft.payload, BY_THE_HUNDRED) for draft in drafts)
        queue = self._others if is_flood else self._urgent
        if queue.size + len(drafts) > MOST_WAITING:
            raise StoreError(
                f"{queue.size:,} events wait for the journal. Send it again in a few seconds, under the same id."
            )
        future: asyncio.Future[list[Outcome]] = asyncio.get_running_loop().create_future()
        queue.put((drafts, future))
        self._is_wanted.set()
        return await asyncio.shield(future)

    async def run(self) -> None:
        """Write until cancelled."""
        try:
            while True:
                await self._is_wanted.wait()
                self._is_wanted.clear()
                while queue := self._urgent or self._others:
                    await self._write(queue.next())
        finally:
            for _, future in (*self._urgent.orders, *self._others.orders):
                if not future.done():
                    _fail(future, StoreError(STOPPED))
            self._thread.shutdown(wait=True)

    async def _write(self, batch: list[Order]) -> None:
        """Write some orders in one go, and answer each."""
        drafts = [draft for order, _ in batch for draft in order]
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
