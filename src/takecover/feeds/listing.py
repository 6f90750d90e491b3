"""A service that gives the list of all alerts in force."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from takecover.analysis import alert_lists
from takecover.analysis.alert_lists import Listed
from takecover.analysis.situation_alerts import AlertRow
from takecover.errors import InputError
from takecover.feeds.polite import Address, UnheardError
from takecover.model.event import Draft
from takecover.model.feed import FeedSpec


class ListingFeed:
    """Asks for the list and says what changed since the last one.

    Parameters
    ----------
    spec
        The feed.
    address
        Where its list is.
    read
        From the answer to the list; raises `InputError` where it is none.
    rows
        Alert rows of the journal, so that what was in force before a restart still is.
    """

    def __init__(
        self,
        spec: FeedSpec,
        address: Address,
        read: Callable[[bytes], tuple[Listed, ...]],
        rows: Iterable[AlertRow] = (),
    ) -> None:
        self.spec = spec
        self._address = address
        self._read = read
        self._held = alert_lists.remembered(rows, spec)
        self._listed: tuple[Listed, ...] | None = None

    async def ask(self, now: datetime) -> tuple[Draft, ...]:
        """The events that the list of now makes.

        Raises
        ------
        UnheardError
            If no list came; nothing is changed by that.
        """
        data = await self._address.ask(now)
        if data is not None:
            try:
                self._listed = self._read(data)
            except InputError as error:
                self._address.forget()
                raise UnheardError(f"{self._address.host} said what is no list of alerts: {error}") from error
        if self._listed is None:
            self._address.forget()
            raise UnheardError(f"{self._address.host} said that nothing changed, but has told nothing yet.")
        self._held, drafts = alert_lists.changes(self._held, self._listed, self.spec, now)
        return drafts
