"""An exact optimum that is found once and then kept while shelters close, open, shrink or grow.

Method: a network simplex on shelters, from the prices of ever finer samples. Rows stand in spatial order, so every
64th, 16th, 4th row is a fair sample of the city; each sample, with the people of all the rows that it stands for, is
solved exactly and hands its prices on. Each begins from a star: everybody at his best shelter for those prices, and
every shelter tied to the root by what it has too many or too few. What that costs a shelter is held near its price at
first and let go step by step, so that neighbours balance each other before anybody is moved far.
"""

from __future__ import annotations

import numpy as np

from takecover.dtypes import COUNT
from takecover.errors import InputError, InternalError
from takecover.kernels import prices, pricing, tree
from takecover.kernels.sample import sample
from takecover.model.costs import Costs

_LEVELS = ((64, (1024, 8192)), (16, (256, 2048, 16384)), (4, (128, 1024, 8192)), (1, (128, 1024, 8192)))
"""Every how many rows, and how far [ds] prices may move from the last level's before they are let go."""

_LEAST_ROWS = 16
"""A sample of fewer rows than this teaches nothing."""

_REPAIRS = (256, 1024, 4096, 16384, 65536)
"""How far [ds] the price of one changed shelter may move before it is let go."""

_REPAIR_TOLERANCES = (128, 0)
"""The same in a repair: of 36 shelters with most places one takes 53 ms at the mean, for 118 ms with 0 alone, and of 96
drawn by lot 4.9 ms for 8.3 ms (processor time, beside other work).
"""

_TOLERANCES = (256, 64, 16, 4, 0)
"""What an arc must gain [ds] to be brought in, from the first sweeps to the last."""

_QUIET = 200
"""With a tolerance above 0, sweeps go on while they pivot on more than one row of so many."""

_MOST_SWEEPS = 100_000
"""Far above every number seen (up to some 300); beyond it a promise of the method is broken."""

_MOST_PEOPLE = np.iinfo(np.int32).max
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
        self._total = int(people.sum())
        if self._total > _MOST_PEOPLE:
            raise InputError(
                f"people: {self._total:,} in all; at most {_MOST_PEOPLE:,} can be assigned. Split the city."
            )
        self.costs = costs
        self.people = people.astype(COUNT)
        self._capacity = capacity.astype(COUNT)
        shelters = len(capacity)
        shift = max(1, int(shelters - 1).bit_length())
        # One person outside costs more than every chain of moves, and twice that, so that a price shows both its parts.
        self._outside = 2 * shelters * costs.time_limit_ds + 1
        # Rows that reach nothing are outside whatever happens; without them a sample of the others is a fair one.
        self._reaching = np.flatnonzero(np.diff(costs.indptr))
        indptr = np.append(costs.indptr[self._reaching], costs.indptr[-1:])
        self._rows = tree.Rows(indptr, _keys(costs, shift), shift, (1 << shift) - 1, self._outside)
        self._floor = np.zeros(shelters, np.int64)
        self._ceiling = np.full(shelters, self._outside + 1, np.int64)
        self._tree, self._blocks = self._solve()
        nodes = len(self._tree.nodes)
        self._shipments = np.empty(nodes, np.int32), np.empty(nodes, np.int32), np.empty(nodes, np.int32)
        self._write_out()

    def _solve(self) -> tuple[tree.Tree, pricing.Blocks]:
        """From the coarsest sample to the optimum."""
        people = self.people[self._reaching].astype(np.int32)
        places = self._places(self._capacity).astype(np.int32)
        price = np.zeros(len(places), np.int64)
        for stride, widths in _LEVELS:
            if stride > 1 and len(people) < _LEAST_ROWS * stride:
                continue
            rows, counts = self._rows, people
            if stride > 1:
                indptr, key, counts = sample(rows.indptr, rows.key, people, stride)
                rows = rows._replace(indptr=indptr, key=key)
            blocks = pricing.blocks(rows, len(places))
            basis = _tree(len(places), len(counts))
            tree.plant(basis, rows, counts, places, price)
            for width in widths:
                floor = np.maximum(price - width, self._floor)
                ceiling = np.minimum(price + width, self._ceiling)
                tree.reprice(basis, rows, floor, ceiling)
                _sweep(basis, blocks, rows, floor, ceiling, _TOLERANCES[:-1])
            tree.reprice(basis, rows, self._floor, self._ceiling)
            _sweep(basis, blocks, rows, self._floor, self._ceiling, _TOLERANCES)
            price = basis.price[:-1].copy()
        watch, watcher = pricing.watchers(blocks, len(places))
        return basis._replace(is_stale=np.zeros_like(basis.is_stale), watch=watch, watcher=watcher), blocks

    def _places(self, capacity: np.ndarray) -> np.ndarray:
        """Capacity as the kernels hold it: places beyond all the people change nothing."""
        places: np.ndarray = np.minimum(capacity, self._total + 1)
        return places

    def change_capacity(self, shelter_idx: int, places: int) -> None:
        """Close, open, shrink or widen one shelter and restore the optimum exactly.

        Parameters
        ----------
        shelter_idx
            Which.
        places
            Its places from now on; 0 closes it.
        """
        change = min(places, self._total + 1) - min(int(self._capacity[shelter_idx]), self._total + 1)
        self._capacity[shelter_idx] = places
        widths = np.array((*_REPAIRS, self._outside + 1), np.int64)
        tolerances = np.array(_REPAIR_TOLERANCES, np.int64)
        _ended(
            pricing.repair(
                self._tree, self._blocks, self._rows, shelter_idx, change, widths, tolerances, _MOST_SWEEPS
            )
        )
        self._write_out()

    def _write_out(self) -> None:
        """Bring the shipments up to the tree."""
        over = tree.shipments(self._tree, len(self._capacity), self._reaching, *self._shipments)
        if over != 0:
            raise InternalError(f"assignment: {over} people are over the places of their shelters.")

    def capacity(self) -> np.ndarray:
        """Places of each shelter, shape (s,) int64; a copy."""
        return np.array(self._capacity)

    def shipments(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The plan as the tree holds it: entry, row and people of m shipments, int32; overwritten by the next change.

        An entry of -1 stands for people of a row left outside, -2 for no shipment. Rows that reach nothing are in none.
        """
        return self._shipments

    def flow(self) -> np.ndarray:
        """People along each entry, shape (a,) int64."""
        entry, _, amount = self._shipments
        flow = np.zeros(len(self.costs.walk_time_ds), COUNT)
        flow[entry[entry >= 0]] = amount[entry >= 0]
        return flow

    def unserved(self) -> np.ndarray:
        """People of each row left outside, shape (r,) int64."""
        _, row, amount = self._shipments
        unserved = self.people.copy()
        unserved[self._reaching] = 0
        np.add.at(unserved, row[row >= 0], amount[row >= 0])
        return unserved

    def prices(self) -> tuple[np.ndarray, np.ndarray]:
        """Optimal prices as they stand (not always the least), (s,) people and (s,) deciseconds."""
        return self._pairs(self._tree.price[:-1])

    def least_prices(self) -> tuple[np.ndarray, np.ndarray]:
        """The least optimal prices: exactly what one more place in each shelter gains.

        Returns
        -------
        (s,) people more under cover; (s,) deciseconds of walking saved, below 0 where the newcomer has to walk.
        """
        left = self.unserved()[self._reaching].astype(np.int32)
        return self._pairs(
            prices.lower(self._rows, self.flow().astype(np.int32), left, self._tree.price[:-1].copy())
        )

    def _pairs(self, price: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Prices in deciseconds, one person counting `outside`, as pairs."""
        people = (price + self._outside // 2) // self._outside
        return people, price - people * self._outside


def _sweep(
    basis: tree.Tree,
    blocks: pricing.Blocks,
    rows: tree.Rows,
    floor: np.ndarray,
    ceiling: np.ndarray,
    tolerances: tuple[int, ...],
) -> None:
    """Sweep until nothing prices out; with a tolerance, until little does."""
    few = (len(rows.indptr) - 1) // _QUIET
    for tolerance in tolerances:
        enough = few if tolerance else 0
        _ended(pricing.settle(basis, blocks, rows, floor, ceiling, tolerance, enough, _MOST_SWEEPS))


def _ended(is_settled: bool) -> None:
    """Refuse a tree that never came to rest."""
    if not is_settled:
        raise InternalError(f"assignment: no end after {_MOST_SWEEPS:,} sweeps.")


def _keys(costs: Costs, shift: int) -> np.ndarray:
    """Cost above shelter in one number, 32 bits wide where that holds them: half the memory to walk through."""
    kind = np.dtype(np.uint64 if costs.time_limit_ds << shift >= 1 << 32 else np.uint32)
    cost, shelter = costs.walk_time_ds.astype(kind), costs.shelter_idx.astype(kind)
    return np.bitwise_or(np.left_shift(cost, kind.type(shift)), shelter)


def _tree(shelters: int, rows: int) -> tree.Tree:
    """Room for a tree, with nobody watching prices: while most of them move, noting that costs more than looking."""
    nodes = shelters + 1 + rows
    return tree.Tree(
        nodes=np.zeros(nodes, tree.NODE),
        price=np.zeros(shelters + 1, np.int64),
        is_hot=np.ones((rows >> tree.BLOCK_BITS) + 1, np.uint8),
        is_stale=np.full((rows >> tree.BLOCK_BITS) + 1, tree.UNWATCHED, np.uint8),
        watch=np.zeros(shelters + 1, np.int32),
        watcher=np.empty(0, np.int32),
        slack=np.zeros(rows, np.int64),
        side=np.zeros(rows, np.int64),
        stack=np.zeros(nodes, np.int32),
    )
