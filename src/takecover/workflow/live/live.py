"""A city under alert: what comes in is recorded, folded in, then published; ages turn by themselves."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from functools import partial
from typing import Any

from takecover import parameters
from takecover.analysis.alert_areas import CityAreas, areas_of
from takecover.analysis.public_state import places_of
from takecover.analysis.situation import State, default_rules
from takecover.errors import InputError
from takecover.feeds.listen import Health
from takecover.model.city import City
from takecover.model.event import Draft, Event
from takecover.store.follower import Followed, Follower
from takecover.store.protocol import Journal
from takecover.workflow.live.looking import Looking
from takecover.workflow.live.price_board import PriceBoard
from takecover.workflow.live.publishing import PublicState, Publisher
from takecover.workflow.live.wordings import notices_group
from takecover.workflow.live.writing import Outcome, Writer

LOG = logging.getLogger("takecover.live")

TICK_S = 1.0
"""How often ages are looked at, and the longest that another process's event waits."""


class Live:
    """One city, one journal, one world; records and follows only while it is `working`.

    Attributes
    ----------
    city
        The city.
    areas
        Its areas as alerts may name them.
    is_exercise
        The world that is shown; fixed at the start.
    health
        How each feed does, by its id.
    rules
        How long words are fresh.
    prices
        The newest prices, as everyone sees them.
    """

    def __init__(
        self,
        city: City,
        journal: Journal,
        now: Callable[[], datetime],
        is_exercise: bool,
        tick_s: float = TICK_S,
    ) -> None:
        self.city, self.is_exercise, self.now = city, is_exercise, now
        self.areas: CityAreas = areas_of(city)
        self.health: dict[str, Health] = {}
        self.is_closing = False
        self.rules = rules = default_rules()
        self._journal, self._tick_s = journal, tick_s
        self._follower = Follower(journal, rules, now)
        self._places = places_of(city, parameters.value("filling_share"))
        self.prices = PriceBoard(is_exercise)
        groups = (notices_group(is_exercise), self.prices.group())
        self._publisher = Publisher(city.name, self._places, rules, is_exercise, groups)
        self._looking = Looking(journal.events)
        self._writer = Writer(self._append, self._publish)
        self._parts: dict[str, asyncio.Task[None]] = {}
        self._changed = asyncio.Event()
        self._publish()

        doors = city.shelters.entrances
        self._entrance_ids: dict[str, set[str]] = {str(each): set() for each in city.shelters.shelter_ids}
        for entrance_id, at in zip(doors.entrance_ids, doors.shelter_idx, strict=True):
            self._entrance_ids[str(city.shelters.shelter_ids[at])].add(str(entrance_id))
        self._names = dict(zip(self._entrance_ids, map(str, city.shelters.names), strict=True))

    def has_shelter(self, shelter_id: str) -> bool:
        """True where the city has a shelter of that id, withheld ones included."""
        return shelter_id in self._entrance_ids

    def shows_shelter(self, shelter_id: str) -> bool:
        """True where the public may know of a shelter of that id."""
        return shelter_id in self._places.capacity

    def has_entrance(self, shelter_id: str, entrance_id: str) -> bool:
        """True where a shelter has a door of that id."""
        return entrance_id in self._entrance_ids.get(shelter_id, ())

    def entrance_ids(self, shelter_id: str) -> tuple[str, ...]:
        """Doors of a shelter, ascending."""
        return tuple(sorted(self._entrance_ids.get(shelter_id, ())))

    def shelter_name(self, shelter_id: str) -> str:
        """What people call a shelter; its id where nothing."""
        return self._names.get(shelter_id) or shelter_id

    @property
    def public(self) -> PublicState:
        """What everyone sees now."""
        return self._publisher.public

    @property
    def sent_in_since(self) -> datetime | None:
        """Since when people are publicly told to enter or stay, anywhere in the city; None where they are not."""
        return self._publisher.sent_in_since()

    def public_bands(self) -> dict[str, str]:
        """The band of each shelter, as it is shown to everyone."""
        return self._publisher.bands()

    def publish_anew(self) -> None:
        """Publish although the journal says nothing new: something that is shown beside it is another."""
        self._publish(is_forced=True)

    @property
    def followed(self) -> Followed:
        """What is known of the journal, and how old that is."""
        return self._follower.latest

    @property
    def state(self) -> State:
        """The state of the world that is shown."""
        return self.followed.situation.state(self.is_exercise)

    @property
    def holds_real(self) -> bool:
        """True where the journal says anything of the real world, whichever world is shown."""
        return bool(self.followed.situation.real.trails)

    @property
    def is_whole(self) -> bool:
        """True while the journal is reached and nothing of the server has stopped."""
        return not self.followed.failure and not self.stopped

    @property
    def stopped(self) -> tuple[str, ...]:
        """Parts of the server that have ended although it goes on."""
        return tuple(part for part, task in self._parts.items() if task.done() and not self.is_closing)

    async def record(self, *drafts: Draft) -> list[Outcome]:
        """Record each draft that keeps the rules: on the disk, then in the state, then published, then told.

        Returns
        -------
        list
            For each draft its event, or what is wrong with it.

        Raises
        ------
        InputError
            The server shows an exercise, and a draft is of the real world.
        StoreError
            It is not certain that anything was recorded; the same drafts may be sent again.
        """
        if self.is_exercise and not all(draft.is_exercise for draft in drafts):
            raise InputError(
                "This server shows an exercise and records nothing real. Mark it as an exercise."
            )
        return await self._writer.write(drafts)

    async def record_all(self, *drafts: Draft) -> list[Event]:
        """As `record`, for one who needs all of them.

        Raises
        ------
        InputError
            With everything wrong; the drafts that were right are recorded all the same.
        StoreError
            As `record`.
        """
        found = await self.record(*drafts)
        faults = [fault for each in found if isinstance(each, InputError) for fault in each.faults]
        if faults:
            raise InputError("\n".join(faults), faults)
        return [each for each in found if isinstance(each, Event)]

    async def event(self, event_id: str) -> Event | None:
        """An event that is in the journal; None where none of that id is.

        Raises
        ------
        StoreError
            The journal cannot be read.
        """
        return await self._looking.event(event_id)

    async def words(self, event_ids: Collection[str]) -> dict[str, dict[str, str]]:
        """Words beside events, by event id and field; what was erased is not there.

        Raises
        ------
        StoreError
            The journal cannot be read.
        """
        return await asyncio.to_thread(self._journal.words, event_ids)

    async def of_kinds(self, *kinds: str) -> list[Event]:
        """Events of some kinds in the whole journal, of both worlds, in order; it takes as long as the journal is.

        Raises
        ------
        StoreError
            The journal cannot be read.
        """
        return await asyncio.to_thread(lambda: list(self._journal.of_kinds(*kinds)))

    def changes(self, from_version: int) -> bytes | None:
        """What changed since a version, as JSON; None where the whole state has to be fetched."""
        return self._publisher.changes(from_version)

    def is_urgent_after(self, version: int) -> bool:
        """True where more than shelters and prices is new since a version, such as an alert or a notice."""
        return self._publisher.urgent_version > version

    async def changed(self, after_version: int, timeout_s: float) -> bool:
        """Wait for a version after one; False when the time is up, or the server is stopping."""
        event = self._changed
        if self.public.version == after_version and not self.is_closing:
            with suppress(TimeoutError):
                await asyncio.wait_for(event.wait(), timeout_s)
        return self.public.version != after_version

    def close(self) -> None:
        """Tell everyone who waits that the server is stopping."""
        self.is_closing = True
        self._wake()

    def _append(self, drafts: Sequence[Draft]) -> list[Outcome]:
        found = self._journal.append_each(drafts)
        self._follower.refresh()
        return found

    def _publish(self, *, is_forced: bool = False) -> None:
        if self._publisher.publish(self.followed, self.now(), is_forced=is_forced):
            self._wake()

    def _wake(self) -> None:
        """One event for everybody; the next who waits gets a new one."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def _follow(self, thread: ThreadPoolExecutor) -> None:
        """Take in what other processes recorded, and let ages turn."""
        loop = asyncio.get_running_loop()
        while True:
            await loop.run_in_executor(thread, self._follower.wait, self._tick_s)
            self._publish()

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Write and follow for as long as the body runs."""
        with ThreadPoolExecutor(1, "takecover-follower") as thread:
            async with (
                self.keeping("writing", self._writer.run()),
                self.keeping("following", self._follow(thread)),
            ):
                try:
                    yield
                finally:
                    self.close()

    @asynccontextmanager
    async def keeping(self, part: str, job: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
        """Run a part of the server for as long as the body runs; should it end before, that is told and logged.

        Parameters
        ----------
        part
            What the machine that watches the server is told of it.
        job
            Runs until it is cancelled, or until the server closes.
        """
        task = self._parts[part] = asyncio.create_task(job)
        task.add_done_callback(partial(_say_why, part))
        try:
            yield
        finally:
            del self._parts[part]
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


def _say_why(part: str, task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        LOG.error("%s has stopped.", part, exc_info=error)
