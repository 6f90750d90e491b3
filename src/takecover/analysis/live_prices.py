"""Prices during a raid: the optimum's, for the places that are left now and the people whom the model has under way.

Knows public shelters alone, and of each no more than its public band: what is withheld, and a count, change no price.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from takecover.analysis.departures import departures
from takecover.analysis.five_numbers import places
from takecover.analysis.optimum import Optimum
from takecover.analysis.reach import reach
from takecover.analysis.standing import Standing
from takecover.analysis.tally import tally
from takecover.analysis.turnout import turnout
from takecover.analysis.withhold import withhold
from takecover.dtypes import COUNT
from takecover.model.city import City
from takecover.model.plan import Certificate
from takecover.model.scenario import Scenario

OPEN, FILLING, FULL, SHUT, UNKNOWN = "open", "filling", "full", "shut", "unknown"


class Priced(NamedTuple):
    """One set of prices; they hold together or not at all.

    Attributes
    ----------
    price_people, price_ds
        Least optimal prices of the public shelters, shape (s,) int64 each: what one more place gains.
    certificate
        Of the plan that they belong to, by the ledger; its gap is (0, 0).
    """

    price_people: np.ndarray
    price_ds: np.ndarray
    certificate: Certificate


class LivePrices:
    """Prices of a city under alert, kept from tick to tick and repaired in between.

    Parameters
    ----------
    city, scenario
        What is assumed; withheld shelters are dropped before anything is computed.
    filling_share
        Share of its places that a shelter has taken at least when it is shown as filling.
    threads
        Searches made at a time.

    Attributes
    ----------
    shelter_ids
        The public shelters, in the order of all arrays.

    Notes
    -----
    What a tick models follows from the time since the onset and the public bands alone, not from what was priced
    before. So a server that starts anew prices a moment as it would have before, where the source tells when the alert
    began; where it does not, the time is counted from what this run of the server was told. A plan for the places of
    the register's hours is made once. Whoever it sends to a shelter is under way until the delay and the walk are
    over, then inside, unless the shelter is full or shut: then they are still to be placed. A walk may always take the
    whole time limit, since nobody knows when the strike comes and nobody is told to stay.

    Of its places a shelter has left: none where it is full or shut; where it is open all, and where it is unknown
    those of the register's hours, each less those whom the model has inside; and where it is filling the same as where
    it is open, but no more than the filling share leaves, for those who are inside are already in that share.
    """

    def __init__(self, city: City, scenario: Scenario, filling_share: float, *, threads: int = 2) -> None:
        shown, assumed = withhold(city, scenario)
        self.shelter_ids: tuple[str, ...] = tuple(map(str, shown.shelters.shelter_ids))
        self._costs = reach(shown, assumed, assumed.time_limit_s, threads=threads)
        period_idx = shown.demand.periods.index(assumed.period) if assumed.period else 0
        comes = turnout(shown.demand, period_idx, assumed.turnout, assumed.seed)
        self._people = comes[self._costs.origin_idx, self._costs.group_idx].astype(COUNT)
        self._delay_ds = departures(shown, assumed, self._costs, self._people).delay_ds
        self._capacity = shown.shelters.capacity.astype(COUNT)
        self._by_hours = places(shown, assumed).astype(COUNT)
        self._taken = np.ceil(self._capacity * filling_share).astype(COUNT)
        self._first = Optimum(self._costs, self._people, self._by_hours).flow()
        self._inside = np.zeros(len(self.shelter_ids), COUNT)
        self._standing: Standing | None = None
        self._left = self._by_hours

    def tick(self, bands: Mapping[str, str], since_ds: int) -> Priced:
        """Estimate anew who is under way and inside, and price that from scratch.

        Parameters
        ----------
        bands
            Public band of each shelter that anything is known of, by its id; of no other city's.
        since_ds
            Time since the alert began [ds]; 0 where none is on.

        Raises
        ------
        InternalError
            The ledger does not confirm the plan.
        """
        arrived = self._arrived(bands, since_ds)
        self._inside = tally(self._costs.shelter_idx, arrived, len(self.shelter_ids))
        under_way = self._people - tally(self._costs.row_idx, arrived, len(self._people))
        self._left = self._places(bands)
        self._standing = Standing(self._costs, under_way, self._left)
        return self._priced(self._standing)

    def change(self, bands: Mapping[str, str]) -> Priced:
        """Prices for other bands and the people of the last tick, repaired from the last optimum.

        Raises
        ------
        InternalError
            The ledger does not confirm the plan, or there was no tick before.
        """
        if self._standing is None:
            return self.tick(bands, 0)
        left = self._places(bands)
        for shelter_idx in np.flatnonzero(left != self._left).tolist():
            self._standing.change_capacity(shelter_idx, int(left[shelter_idx]))
        self._left = left
        return self._priced(self._standing)

    def _priced(self, standing: Standing) -> Priced:
        return Priced(*standing.least_prices(), standing.certificate)

    def _arrived(self, bands: Mapping[str, str], since_ds: int) -> np.ndarray:
        """People along each entry of the first plan who are inside by then, shape (a,) int64.

        Cohorts are of equal size, so of the people of an entry a whole share of them, rounded down.
        """
        lets_in = np.array(
            [bands.get(each, UNKNOWN) not in (FULL, SHUT) for each in self.shelter_ids], np.bool_
        )
        cohorts = np.searchsorted(self._delay_ds, since_ds - self._costs.walk_time_ds, side="right")
        arrived: np.ndarray = self._first * cohorts // len(self._delay_ds)
        return np.where(lets_in[self._costs.shelter_idx], arrived, COUNT(0))

    def _places(self, bands: Mapping[str, str]) -> np.ndarray:
        """Places that are left in each shelter, shape (s,) int64."""
        band = np.array([bands.get(each, UNKNOWN) for each in self.shelter_ids], "U8")
        left = np.where(band == UNKNOWN, self._by_hours, self._capacity) - self._inside
        left = np.where(band == FILLING, np.minimum(left, self._capacity - self._taken), left)
        left[(band == FULL) | (band == SHUT)] = 0
        return np.maximum(left, 0)
