"""Prices while people are sent in: modelled anew at most every ten seconds, repaired when a shelter's band changes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TypeVar

from takecover import parameters
from takecover.analysis.live_prices import SHUT, LivePrices
from takecover.model.scenario import Scenario
from takecover.workflow.live.live import Live
from takecover.workflow.live.price_board import Showing, price_set
from takecover.workflow.scenario import default

TICK_S = 10.0
"""The people under way are modelled anew at most so often."""

LOOK_S = 1.0
"""Without news the clock is looked at so often."""

RETRY_S = 10.0
MANY, FLOOD_S = 10, 0.5
"""Where so many bands changed while a set was computed, more will: the next set waits so long for all of them [s]."""

Found = TypeVar("Found")
LOG = logging.getLogger("takecover.prices")


class Pricer:
    """Prices a running city in one thread of its own.

    Parameters
    ----------
    live
        The running city.
    scenario
        What is assumed of who comes and when.
    thread
        Where everything is computed.
    """

    def __init__(self, live: Live, scenario: Scenario, thread: ThreadPoolExecutor) -> None:
        self._live, self._scenario, self._thread = live, scenario, thread
        self._prices: LivePrices | None = None
        self._bands: Mapping[str, str] = {}
        self._onset_at: datetime | None = None
        self._tick_at: datetime | None = None

    async def run(self, is_up: asyncio.Event) -> None:
        """Price from when the server is up until cancelled; a set that fails ends the last one and is tried again."""
        await is_up.wait()
        while not self._live.is_closing:
            version = self._live.public.version
            try:
                await self._look()
            except Exception:
                LOG.exception("Prices could not be made; the last ones are withdrawn.")
                self._withdraw()
                await asyncio.sleep(RETRY_S)
                continue
            await self._live.changed(version, LOOK_S)

    async def _look(self) -> None:
        """One step: make what is missing or no longer true."""
        prices = self._prices
        if prices is None:
            prices = self._prices = await self._computed(self._made)
        onset_at, bands, now = self._live.sent_in_since, self._live.public_bands(), self._live.now()
        if onset_at is None:
            self._onset_at = None
            self._withdraw()
            return
        self._onset_at = onset_at if self._onset_at is None else min(onset_at, self._onset_at)
        is_due = self._tick_at is None or (now - self._tick_at).total_seconds() >= TICK_S
        if not is_due and bands == self._bands:
            return
        since_ds = max(0, int((now - self._onset_at).total_seconds() * 10))
        tick_at = now if self._tick_at is None or is_due else self._tick_at

        def made() -> Showing:
            found = prices.tick(bands, since_ds) if is_due else prices.change(bands)
            told = price_set(prices.shelter_ids, found, now, tick_at)
            return self._live.prices.made(told, self._scenario)

        showing = await self._computed(made)
        self._tick_at, self._bands = tick_at, bands
        self._live.prices.show(showing)
        self._live.publish_anew()
        if len(self._live.public_bands().items() - bands.items()) >= MANY:
            await asyncio.sleep(FLOOD_S)

    def _made(self) -> LivePrices:
        """All that no word changes; and a tick and a change, so that nothing is compiled once an alert is on."""
        made = LivePrices(self._live.city, self._scenario, parameters.value("filling_share"))
        made.tick({}, 0)
        made.change(dict.fromkeys(made.shelter_ids[:1], SHUT))
        return made

    async def _computed(self, job: Callable[[], Found]) -> Found:
        return await asyncio.get_running_loop().run_in_executor(self._thread, job)

    def _withdraw(self) -> None:
        """The next set begins with a tick; what is shown is told to be over."""
        self._tick_at = None
        if self._live.prices.is_current:
            self._live.prices.end()
            self._live.publish_anew()


@asynccontextmanager
async def pricing(live: Live, is_up: asyncio.Event) -> AsyncIterator[None]:
    """Price the city for as long as the body runs, by the scenario of the table of parameters.

    Parameters
    ----------
    live
        The running city.
    is_up
        Set once requests are answered: nothing is computed before.
    """
    scenario = default(live.city, live.now().date().isoformat())
    with ThreadPoolExecutor(1, "takecover-prices") as thread:
        async with live.keeping("pricing", Pricer(live, scenario, thread).run(is_up)):
            yield
