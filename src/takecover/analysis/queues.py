"""The exact optimum over time: who joins which queue when, found once and then kept while doors shut and open.

Method: a network simplex on the slots of the queues and the shelters behind them, from the prices of ever finer samples
of rows in ever shorter slots. Each sample begins from everybody's best slot at the last prices; what is then too much
or too little somewhere is tied to the root at about its price, and let go step by step.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from takecover.analysis.slots import Slots, merge, slots, unit_of
from takecover.dtypes import COUNT, INDEX
from takecover.errors import InputError, InternalError
from takecover.kernels import queuepricing, queuerows, queuetree
from takecover.model.costs import Costs
from takecover.model.departures import Departures
from takecover.model.doorways import Doorways
from takecover.model.warning import WarningTimes

_LEVELS = (
    (67, 1000, (1024, 8192)),
    (17, 8, (256, 2048, 16384)),
    (5, 2, (512, 4096)),
    (1, 1, (512, 4096)),
)
"""Every how many rows, how many slots in one, and how far [ds] prices may move before they are let go.

Two widths where there were three (128, 1024, 8192), with the first two of the tolerances below, at full size: 311,000
changes of price for 416,000 and 3.3 s of processor time for 4.0 with a queue per shelter, 340,000 for 471,000 and 3.7 s
for 4.7 with one per entrance. One width of 2,048 is better for the former (3.1 s) and worse for the latter (4.2 s).
"""

_LEAST_ROWS = 16
"""A sample of fewer rows than this teaches nothing."""

_REPAIRS = (256, 1024, 4096, 16384)
"""How far [ds] the cost of a service is moved at a time when a door shuts or opens, before it is moved all the way."""

_TOLERANCES = (4096, 1024, 256, 64, 16, 4, 0)
"""What an arc must gain [ds] to be brought in, from the first sweeps to the last."""

_QUIET = 200
"""With a tolerance above 0, sweeps go on while they pivot on more than one row of so many."""

_MOST_SWEEPS = 100_000
"""Far above every number seen; beyond it a promise of the method is broken."""

_MOST_PEOPLE = np.iinfo(np.int32).max
"""People that the arithmetic of the kernels holds in all."""

_ROOM = 1 << 61
"""What no price may reach, so that sums of two never overflow."""


class Sent(NamedTuple):
    """Who is sent where: entry of the cost table, cohort (f,) int32 and people (f,) int64; people left outside (r, c)
    int64; people served in each place's slot (m,) int64.
    """

    entry: np.ndarray
    cohort: np.ndarray
    people: np.ndarray
    outside: np.ndarray
    served: np.ndarray


def unit_ds(z: Slots, time_limit_ds: int) -> int:
    """One unit of the first goal [ds]: more than every chain of moves saves or costs, and twice that, so that a price
    shows both its parts.
    """
    longest = time_limit_ds + z.slot_ds + int(z.inside_ds.max(initial=0))
    return 4 * (len(z.head) + 2) * longest + 1


def places_of(z: Slots, unit: int, *, is_timed: bool = True) -> queuetree.Places:
    """The slots as the kernels hold them, at so many deciseconds for a unit of the first goal."""
    slot_count = int(np.count_nonzero(z.head >= 0))
    home = np.arange(len(z.head), dtype=INDEX)
    home[:slot_count] = np.repeat(home[slot_count:], (z.end - z.begin)[slot_count:])
    return queuetree.Places(
        head=z.head,
        most=z.most,
        cost=z.lost * unit + z.inside_ds * is_timed,
        wait=np.where(z.has_next, z.slot_ds * is_timed, -1),
        begin=z.begin,
        end=z.end,
        is_direct=(z.head >= slot_count).astype(np.uint8),
        home=home,
    )


class Queues:
    """The best assignment over time.

    Parameters
    ----------
    costs
        The table by entrance, r rows and a entries.
    doorways
        The e entrances and h halls.
    departures
        When how many of each row leave, c cohorts.
    capacity
        Places of each shelter, shape (s,) int64.
    warning
        When the strike may come.
    slot_ds
        Length of a slot [ds].
    is_late
        Whether times are rounded against us.
    counted_until_ds
        Where given, only people count, not their time, and of the slots that lead to cover only those serve whose
        people are through by then; more are opened by `change_service`.

    Raises
    ------
    InputError
        If there are more people, or more slots, than the arithmetic holds.
    """

    def __init__(
        self,
        costs: Costs,
        doorways: Doorways,
        departures: Departures,
        capacity: np.ndarray,
        warning: WarningTimes,
        slot_ds: int,
        *,
        is_late: bool,
        counted_until_ds: int | None = None,
    ) -> None:
        if costs.group_idx.max(initial=-1) >= len(doorways.to_cover_ds):
            raise InternalError(
                "assignment over time: a row is of a group whose times behind doors are not known."
            )
        total = int(departures.people.sum())
        if total > _MOST_PEOPLE:
            raise InputError(
                f"people: {total:,} in all; at most {_MOST_PEOPLE:,} can be assigned. Split the city."
            )
        self.costs, self.doorways, self.departures = costs, doorways, departures
        self.capacity, self.warning = capacity.astype(COUNT), warning
        self.slots = slots(doorways, capacity, warning, slot_ds, total, is_late=is_late)
        self.whole = int(warning.weight.sum()) // unit_of(warning)
        is_timed = counted_until_ds is None
        self._weigh(is_timed)
        entrances = len(doorways)
        self._of_entrances = self.slots.first[:entrances], self.slots.count[:entrances]
        indptr, cost, slot, self._row, self._cohort = queuerows.enter(
            costs.indptr,
            costs.walk_time_ds,
            costs.entrance_idx,
            costs.group_idx,
            departures.people,
            departures.delay_ds,
            self._of_entrances[0],
            self.slots.joins,
            slot_ds,
            is_late,
        )
        cost *= is_timed
        self._entries = queuetree.Entries(indptr, cost, slot, self.outside)
        self._people = departures.people[self._row, self._cohort]
        self._places = places_of(self.slots, self.unit, is_timed=is_timed)
        if counted_until_ds is not None:
            is_later = (self._places.is_direct == 1) & (self.slots.through_ds > counted_until_ds)
            self._places.cost[is_later] = self.outside + 1
        self._basis, self._looks = self._solve()

    def _weigh(self, is_timed: bool) -> None:
        """Set what one unit of the first goal and one person outside cost [ds]."""
        z = self.slots
        self.unit = unit_ds(z, self.costs.time_limit_ds) if is_timed else 1
        self.outside = self.whole * self.unit
        if (len(self.capacity) + 2) * self.outside > _ROOM:
            raise InputError(
                f"slot: {len(z.head):,} slots of {z.slot_ds / 10:g} s are more than the arithmetic holds. "
                "Give longer ones."
            )

    def _solve(self) -> tuple[queuetree.Basis, queuepricing.Looks]:
        """From the coarsest sample to the optimum."""
        shelters = len(self.capacity)
        price, begun = np.zeros(0, np.int64), False
        for stride, every, widths in _LEVELS:
            if stride > 1 and len(self._people) < _LEAST_ROWS * stride:
                continue
            places, rows, people = self._places, self._entries, self._people
            merged = np.arange(len(places.head), dtype=INDEX)
            if stride > 1:
                merged, places = merge(places, self.slots.first, every, shelters)
                indptr, cost, slot, people = queuerows.sample(
                    rows.indptr, rows.cost, rows.slot, people, stride, merged
                )
                rows = queuetree.Entries(indptr, cost, slot, self.outside)
            start = places.cost.copy()
            if begun:
                start[merged] = price
            basis = _basis(len(places.head), len(people))
            looks = queuepricing.looks(places, rows, len(places.head) - shelters)
            queuetree.plant(basis, places, rows, people, start)
            for width in widths:
                floor, ceiling = self._bounds(places)
                floor, ceiling = np.maximum(start - width, floor), np.minimum(start + width, ceiling)
                queuetree.reprice(basis, places, rows, floor, ceiling)
                self._settle(basis, places, looks, rows, (floor, ceiling), _TOLERANCES[:-1])
            queuetree.reprice(basis, places, rows, *self._bounds(places))
            self._settle(basis, places, looks, rows, self._bounds(places), _TOLERANCES)
            price, begun = basis.price[:-1][merged], True
        return basis, looks

    def _bounds(self, places: queuetree.Places) -> tuple[np.ndarray, np.ndarray]:
        """What SPARE and OVER cost in the end: places may stay empty, a queue that is filled up would pay for it."""
        return np.where(places.head < 0, 0, -1), np.full(len(places.head), self.outside + 1)

    def _settle(
        self,
        basis: queuetree.Basis,
        places: queuetree.Places,
        looks: queuepricing.Looks,
        rows: queuetree.Entries,
        bounds: tuple[np.ndarray, np.ndarray],
        tolerances: tuple[int, ...],
    ) -> None:
        """Sweep until nothing prices out; with a tolerance, until little does."""
        few = (len(rows.indptr) - 1) // _QUIET
        for tolerance in tolerances:
            looks.block[:] = -1
            looks.place[:] = -1
            _sweep(basis, places, looks, rows, bounds, tolerance, few if tolerance else 0)

    def explicit(self) -> tuple[queuetree.Entries, queuetree.Places, np.ndarray]:
        """The explicit network as the kernels hold it: entries, places, and the people of each row over time."""
        return self._entries, self._places, self._people

    def change_service(self, slot: np.ndarray, is_open: np.ndarray) -> None:
        """Stop or resume service in some slots and restore the optimum exactly.

        Parameters
        ----------
        slot
            Which, shape (k,) int32.
        is_open
            Whether they serve from now on, shape (k,) bool.
        """
        places, z = self._places, self.slots
        usual = z.lost[slot] * self.unit + (z.inside_ds[slot] if self.unit > 1 else 0)
        ends = np.where(is_open, usual, self.outside + 1)
        begins = places.cost[slot]
        steps = [
            begins + np.clip(ends - begins, -width, width) for width in (_REPAIRS if self.unit > 1 else ())
        ]
        bounds = self._bounds(places)
        for costs in (*steps, ends):
            queuepricing.recost(self._basis, places, len(places.head), slot, costs.astype(np.int64))
            _sweep(self._basis, places, self._looks, self._entries, bounds, 0, 0)

    def inside(self) -> int:
        """People who are sent somewhere."""
        rows = self._basis.nodes[len(self._places.head) + 1 :]
        return int(self._people.sum()) - int(rows["flow"][rows["arc"] == queuetree.OUTSIDE].sum())

    def sent(self) -> Sent:
        """The optimum, written out.

        Raises
        ------
        InternalError
            If the tree holds people who are nowhere.
        """
        t, g = self._basis, self._places
        m = len(g.head)
        arc, flow = t.nodes["arc"][:m], t.nodes["flow"][:m]
        of_rows = t.nodes[m + 1 :]
        is_tied = (arc == queuetree.OVER) | ((arc == queuetree.SPARE) & (g.head >= 0))
        if flow[is_tied].any():
            raise InternalError("assignment over time: people are over the places of their queues.")
        below = np.flatnonzero(arc >= 0)
        row = np.concatenate([np.arange(len(self._people)), t.nodes["parent"][below] - m - 1])
        slot = np.concatenate([of_rows["parent"], below]).astype(INDEX)
        amount = np.concatenate([of_rows["flow"] * (of_rows["arc"] >= 0), flow[below]])
        used = amount > 0
        row, slot, amount = row[used], slot[used], amount[used]
        entry = queuerows.origin_entries(
            self._row[row], slot, self.costs.indptr, self.costs.entrance_idx, *self._of_entrances
        )
        outside = self.departures.people.copy()
        np.subtract.at(outside, (self._row[row], self._cohort[row]), amount)
        served = np.where((g.head >= 0) & (t.is_full[:m] == 1), g.most, 0)
        side = queuetree.SIDE - arc
        serving = (side >= 0) & (side % 2 == 0)
        served[side[serving] // 2] = flow[serving]
        return Sent(entry, self._cohort[row], amount, outside, served)

    def prices(self) -> tuple[np.ndarray, np.ndarray]:
        """Optimal prices of all places as they stand, (m,) units of the first goal and (m,) deciseconds."""
        price = self._basis.price[:-1]
        units = (price + self.unit // 2) // self.unit
        return units, price - units * self.unit


def _sweep(
    basis: queuetree.Basis,
    places: queuetree.Places,
    looks: queuepricing.Looks,
    rows: queuetree.Entries,
    bounds: tuple[np.ndarray, np.ndarray],
    tolerance: int,
    enough: int,
) -> None:
    """Sweep until a sweep makes at most `enough` pivots; refuse a tree that never comes to rest."""
    for _ in range(_MOST_SWEEPS):
        if queuepricing.sweep(basis, places, looks, rows, *bounds, tolerance) <= enough:
            return
    raise InternalError(f"assignment over time: no end after {_MOST_SWEEPS:,} sweeps.")


def _basis(places: int, rows: int) -> queuetree.Basis:
    """Room for a tree."""
    nodes = places + 1 + rows
    return queuetree.Basis(
        nodes=np.zeros(nodes, queuetree.NODE),
        kin=np.zeros(nodes, queuetree.KIN),
        price=np.zeros(places + 1, np.int64),
        tie=np.zeros(places + 1, np.uint8),
        is_full=np.zeros(places + 1, np.uint8),
        stack=np.zeros(nodes, np.int32),
        trail=np.zeros(nodes, np.int32),
        seen=np.zeros(nodes, np.int32),
        clock=np.zeros(2, np.int64),
        moved=np.zeros(places, np.int64),
    )
