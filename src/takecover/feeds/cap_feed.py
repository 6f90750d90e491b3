"""A feed of CAP messages: an Atom feed with messages in it or behind its links, or one message at one address."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from takecover.analysis.alert_areas import CityAreas
from takecover.analysis.cap_drafts import drafts
from takecover.errors import InputError
from takecover.feeds.polite import Address, UnheardError
from takecover.model.alert import Alert
from takecover.model.event import Draft
from takecover.model.feed import FeedEntry, FeedSpec

if TYPE_CHECKING:
    import httpx

MOST_NEW = 50
"""Messages fetched behind the links of one answer; the rest wait for the next."""

TRIES = 3
"""An entry whose message could not be had so often is passed over."""

MOST_KNOWN = 10_000
"""Entries remembered as seen."""


class CapFeed:
    """Asks for the feed and reads each message of it once.

    Parameters
    ----------
    spec
        The feed.
    client
        Makes the connections; follows no redirects.
    areas
        The city's areas.
    read_feed, read_alert
        From an answer to a feed's entries (None where it is none), and from a message to the alert.
    """

    def __init__(
        self,
        spec: FeedSpec,
        client: httpx.AsyncClient,
        areas: CityAreas,
        read_feed: Callable[[bytes], tuple[FeedEntry, ...] | None],
        read_alert: Callable[[bytes], Alert],
    ) -> None:
        self.spec = spec
        self._client = client
        self._headers = {"Authorization": f"Bearer {spec.token}"} if spec.token else {}
        self._address = Address(client, spec.address, self._headers)
        self._areas = areas
        self._read_feed = read_feed
        self._read_alert = read_alert
        self._known: OrderedDict[str, None] = OrderedDict()
        self._failed: Counter[str] = Counter()

    async def ask(self, now: datetime) -> tuple[Draft, ...]:
        """The events of the messages not seen before.

        Raises
        ------
        UnheardError
            If the feed did not come, or none of its new messages can be read.
        """
        data = await self._address.ask(now)
        if data is None:
            return ()
        try:
            entries = self._read_feed(data)
            return self._read(data, "", now) if entries is None else await self._all(entries, now)
        except InputError as error:
            self._address.forget()
            raise UnheardError(f"{self._address.host} said what cannot be read: {error}") from error

    async def _all(self, entries: tuple[FeedEntry, ...], now: datetime) -> tuple[Draft, ...]:
        """Events of the feed's new entries, oldest first."""
        found: list[Draft] = []
        faults: list[str] = []
        fresh = [entry for entry in entries if entry.key not in self._known]
        for entry in fresh[:MOST_NEW]:
            try:
                found += self._read(await self._message(entry, now), entry.key, now)
            except (InputError, UnheardError) as error:
                faults.append(str(error))
                self._failed[entry.key] += 1
                if self._failed[entry.key] >= TRIES:
                    self._remember(entry.key)
        if len(fresh) > MOST_NEW or faults:
            self._address.forget()
        if faults and not found:
            raise UnheardError(
                f"{self._address.host}: {len(faults)} messages cannot be read, the first: {faults[0]}"
            )
        return tuple(found)

    def _read(self, data: bytes, key: str, now: datetime) -> tuple[Draft, ...]:
        alert = self._read_alert(data)
        key = key or f"{alert.sender},{alert.identifier},{alert.sent.isoformat()}"
        if key in self._known:
            return ()
        self._remember(key)
        return drafts(alert, data, self._areas, self.spec, now)

    def _remember(self, key: str) -> None:
        self._failed.pop(key, None)
        self._known[key] = None
        while len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)

    async def _message(self, entry: FeedEntry, now: datetime) -> bytes:
        """The CAP message of an entry, from inside it or from behind its link, on the feed's own machine alone."""
        if entry.message:
            return entry.message
        for link in entry.links:
            url = urljoin(self.spec.address, link)
            if urlsplit(url)[:2] != urlsplit(self.spec.address)[:2]:
                raise InputError(f"an entry's message lies on another machine, {urlsplit(url).netloc[:100]}")
            data = await Address(self._client, url, self._headers).ask(now)
            if data is not None:
                return data
        raise InputError("an entry holds no CAP message and links to none")
