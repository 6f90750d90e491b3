"""An exact optimum that is found once and then kept while shelters close, open, shrink or grow.

Method: multilevel exact successive shortest paths on prices. Rows stand in spatial order, so every 1,024th, 256th, ...
4th row is a fair sample of the city; each sample, with the people of all the rows it stands for, is solved exactly and
hands its prices to the next finer one. At the finest, all rows, only local imbalances are left to mend.
"""

from __future__ import annotations

import numpy as np

from takecover.dtypes import COUNT, INDEX
from takecover.errors import InputError
from takecover.kernels import deficit, excess, prices, transport
from takecover.kernels.sample import sample
from takecover.model.costs import Costs

_STRIDES = (1024, 256, 64, 16, 4, 1)
"""Every how many rows, from the coarsest sample to all of them."""

_LEAST_ROWS = 16
"""A sample with fewer rows than this teaches nothing."""

_MOST = np.iinfo(np.int32).max
"""People that the arithmetic of the kernels holds in all."""


class Optimum:
    """The best assignment for a cost table, kept under changes of capacity.

    Parameters
    ----------
    costs
        The table, r rows and a entries.
    people
        Whole people of each row, shape (r,) int64.
    capacity
        Places of each shelter, shape (s,) int64.

    Raises
    ------
    InputError
        If there are more than 2,147,483,647 people.
    """

    def __init__(self, costs: Costs, people: np.ndarray, capacity: np.ndarray) -> None:
        total = int(people.sum())
        if total > _MOST:
            raise InputError(f"people: {total:,} in all; at most {_MOST:,} can be assigned. Split the city.")
        self.costs = costs
        self.people = people.astype(COUNT)
        self._total = total
        self._capacity = capacity.astype(COUNT)
        shelter_count = len(capacity)
        self._shift = max(1, int(shelter_count - 1).bit_length())
        self.outside = 2 * shelter_count * costs.time_limit_ds + 1
        """Cost of one person outside [ds]: above every chain of moves, and twice, so that a price shows both parts."""
        self._search = _search(shelter_count, len(costs.walk_time_ds))
        self._table, self._state = self._solve()

    def _solve(self) -> tuple[transport.Table, transport.State]:
        """From the coarsest sample to the optimum."""
        key = _keys(self.costs, self._shift)
        people = self.people.astype(np.int32)
        price = np.zeros(len(self._capacity), np.int64)
        for stride in _STRIDES:
            if stride > 1 and len(people) < _LEAST_ROWS * stride:
                continue
            rows = (self.costs.indptr, key, people)
            indptr, keys, counts = rows if stride == 1 else sample(*rows, stride)
            table = _table(indptr, keys, len(price), self._shift)
            state = _state(table, counts, self._places(self._capacity), price)
            transport.settle(table, state, self.outside)
            self._mend(table, state)
        return table, state

    def _places(self, capacity: np.ndarray) -> np.ndarray:
        """Capacity as the kernels hold it: places beyond all the people change nothing."""
        places: np.ndarray = np.minimum(capacity, self._total + 1).astype(np.int32)
        return places

    def _mend(self, table: transport.Table, state: transport.State) -> None:
        """Restore the optimum where the invariant holds."""
        excess.push(table, state, self._search, self.outside)
        deficit.pull(table, state, self._search, self.outside)

    def change_capacity(self, shelter_idx: int, places: int) -> None:
        """Close, open, shrink or widen one shelter and restore the optimum exactly.

        Parameters
        ----------
        shelter_idx
            Which.
        places
            Its places from now on; 0 closes it.
        """
        self._capacity[shelter_idx] = places
        self._state.capacity[shelter_idx] = min(places, self._total + 1)
        self._mend(self._table, self._state)

    def capacity(self) -> np.ndarray:
        """Places of each shelter, shape (s,) int64; a copy."""
        return np.array(self._capacity)

    def flow(self) -> np.ndarray:
        """People along each entry, shape (a,) int64; a copy."""
        return self._state.flow.astype(COUNT)

    def unserved(self) -> np.ndarray:
        """People of each row left outside, shape (r,) int64; a copy."""
        return self._state.outside.astype(COUNT)

    def standing_flow(self) -> tuple[np.ndarray, np.ndarray]:
        """The flow itself, for an audit: people along each entry (a,), outside of each row (n,); int32, not copied."""
        return self._state.flow, self._state.outside

    def prices(self) -> tuple[np.ndarray, np.ndarray]:
        """Optimal prices as they stand (not always the least), (s,) people and (s,) deciseconds."""
        return self._pairs(self._state.price)

    def least_prices(self) -> tuple[np.ndarray, np.ndarray]:
        """The least optimal prices: exactly what one more place in each shelter gains.

        Returns
        -------
        (s,) people more under cover; (s,) deciseconds of walking saved, below 0 where the newcomer has to walk.
        """
        prices.lower(self._table, self._state, self._search, self.outside)
        return self._pairs(self._state.price)

    def _pairs(self, price: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Prices in deciseconds, one person counting `outside`, as pairs."""
        people = (price + self.outside // 2) // self.outside
        return people, price - people * self.outside


def _keys(costs: Costs, shift: int) -> np.ndarray:
    """Cost above shelter in one number, as narrow as it goes: half the memory is a quarter of the time."""
    kind = np.dtype(np.uint64 if costs.time_limit_ds << shift >= 1 << 32 else np.uint32)
    cost, shelter = costs.walk_time_ds.astype(kind), costs.shelter_idx.astype(kind)
    return np.bitwise_or(np.left_shift(cost, kind.type(shift)), shelter)


def _table(indptr: np.ndarray, key: np.ndarray, shelter_count: int, shift: int) -> transport.Table:
    """The kernels' table from its rows."""
    mask = (1 << shift) - 1
    return transport.Table(
        indptr, key, *transport.invert(indptr, key, shelter_count, shift, mask), shift, mask
    )


def _state(
    table: transport.Table, people: np.ndarray, capacity: np.ndarray, price: np.ndarray
) -> transport.State:
    """An empty state: nobody anywhere."""
    rows, entries, shelters = len(people), len(table.key), len(capacity)
    return transport.State(
        people=people,
        outside=np.zeros(rows, np.int32),
        capacity=capacity,
        load=np.zeros(shelters, np.int32),
        price=price,
        flow=np.zeros(entries, np.int32),
        member=np.empty(entries, np.int32),
        member_row=np.empty(entries, np.int32),
        members=np.zeros(shelters, np.int32),
        place=np.empty(entries, np.int32),
        used=np.zeros(rows, np.int32),
        xor=np.zeros(rows, np.int32),
        home=np.full(rows, transport.ONLY_OUTSIDE, np.int64),
    )


def _search(shelter_count: int, entry_count: int) -> transport.Search:
    """Room for one search; a key enters the queue at most once for each entry."""
    return transport.Search(
        distance=np.full(shelter_count, transport.FAR, np.int64),
        is_done=np.zeros(shelter_count, np.bool_),
        via=np.full(shelter_count, -1, INDEX),
        via_to=np.full(shelter_count, -1, INDEX),
        touched=np.empty(shelter_count, INDEX),
        scanned=np.empty(shelter_count, INDEX),
        queue=np.empty(entry_count + shelter_count + 1, np.int64),
    )
