"""Looks events up by their ids: whoever asks while one look is under way is served by the next, all together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping

from takecover.model.event import Event


class Looking:
    """Gathers questions, so that 500 reports at once cost a few queries and not 500 threads' turns.

    Parameters
    ----------
    look
        Gives those of some events that are there, by id. Runs in a thread, one call at a time.

    Notes
    -----
    A look begins after everyone whom it serves has asked, so that an answer is never older than its question.
    """

    def __init__(self, look: Callable[[Collection[str]], Mapping[str, Event]]) -> None:
        self._look = look
        self._turn = asyncio.Lock()
        self._event_ids: set[str] = set()
        self._next: asyncio.Task[Mapping[str, Event]] | None = None

    async def event(self, event_id: str) -> Event | None:
        """The event of an id; None where there is none.

        Raises
        ------
        StoreError
            The journal cannot be read.
        """
        if self._next is None or self._next.done():
            self._event_ids = set()
            self._next = asyncio.create_task(self._looked(self._event_ids))
        self._event_ids.add(event_id)
        return (await asyncio.shield(self._next)).get(event_id)

    async def _looked(self, event_ids: set[str]) -> Mapping[str, Event]:
        """One look; whoever asks after it began belongs to the next."""
        async with self._turn:
            self._next = None
            return await asyncio.to_thread(self._look, event_ids)
