"""A plan that stands while shelters close and open: repaired exactly, and audited anew, at each change."""

from __future__ import annotations

import numpy as np

from takecover.analysis.assign import plan_of
from takecover.analysis.optimum import Optimum
from takecover.dtypes import COUNT, INDEX
from takecover.errors import InternalError
from takecover.kernels import ledger
from takecover.model.costs import Costs
from takecover.model.plan import Certificate, Pair, Plan

_FAULTS = {
    ledger.PEOPLE_LOST: "the plan loses or invents people",
    ledger.OVERFULL: "the plan overfills a shelter",
    ledger.NEGATIVE: "a flow or a price is below zero",
    ledger.UNPROVEN: "the plan is not proven the best",
}


class Standing:
    """An optimal plan under changes of capacity, with a certificate after every one.

    Parameters
    ----------
    costs, people, capacity
        As for `Optimum`.

    Raises
    ------
    InputError
        If there are more people than the arithmetic holds.
    InternalError
        If an audit does not confirm the plan.

    Notes
    -----
    A repair begins from the last optimum, so it costs about as much as the change is large, not as the city is. The
    audit compares shipments and prices with those that it saw last, finds by itself what changed, and shares no code
    with the solver.

    Examples
    --------
    >>> row, both = np.array([0], np.int32), np.array([0, 1], np.int32)
    >>> costs = Costs(row, row, np.array([0, 2], np.int32), both, both, np.array([10, 50], np.int32), 100)
    >>> standing = Standing(costs, np.array([3]), np.array([2, 9]))
    >>> standing.certificate.primal
    Pair(people=0, ds=70)
    >>> standing.change_capacity(0, 0).primal
    Pair(people=0, ds=150)
    """

    def __init__(self, costs: Costs, people: np.ndarray, capacity: np.ndarray) -> None:
        self._optimum = Optimum(costs, people, capacity)
        self._ledger = _ledger(costs, self._optimum.people, len(capacity), len(self._optimum.shipments()[0]))
        self.certificate = self._audit()

    def change_capacity(self, shelter_idx: int, places: int) -> Certificate:
        """Close, open, shrink or widen one shelter; the plan is the best again, and proven.

        Parameters
        ----------
        shelter_idx
            Which.
        places
            Its places from now on; 0 closes it.

        Returns
        -------
        Certificate
            Of the repaired plan, with gap (0, 0).

        Raises
        ------
        InternalError
            If the audit does not confirm it.
        """
        self._optimum.change_capacity(shelter_idx, places)
        self.certificate = self._audit()
        return self.certificate

    def prices(self) -> tuple[np.ndarray, np.ndarray]:
        """Optimal prices as they stand, not always the least, (s,) people and (s,) deciseconds."""
        return self._optimum.prices()

    def least_prices(self) -> tuple[np.ndarray, np.ndarray]:
        """The least optimal prices, (s,) people and (s,) deciseconds: what one more place gains."""
        return self._optimum.least_prices()

    def plan(self) -> Plan:
        """The plan as it stands, with the least prices, certified from scratch."""
        return plan_of(self._optimum)

    def _audit(self) -> Certificate:
        """Audit what has changed since the last audit."""
        price_people, price_ds = self._optimum.prices()
        code, *sums = ledger.audit(
            self._ledger,
            *self._optimum.shipments(),
            price_people * ledger.BASE + price_ds,
            self._optimum.capacity(),
        )
        if code != ledger.GOOD:
            raise InternalError(f"audit: {_FAULTS[code]}; it must not be used.")
        return Certificate(Pair(sums[0], sums[1]), Pair(sums[2], sums[3]))


def _ledger(costs: Costs, people: np.ndarray, shelter_count: int, shipment_count: int) -> ledger.Ledger:
    """A ledger that has seen nothing: no shipment, and every price (0, 0); whoever reaches nothing is outside."""
    rows = len(people)
    row = costs.row_idx
    order = np.argsort(costs.shelter_idx, kind="stable")
    by_shelter = np.zeros(shelter_count + 1, INDEX)
    np.cumsum(np.bincount(costs.shelter_idx, minlength=shelter_count), out=by_shelter[1:])
    least = np.full(rows, ledger.BASE, np.int64)
    has_some = np.diff(costs.indptr) > 0
    least[has_some] = costs.walk_time_ds[costs.indptr[:-1][has_some]]
    left = int(people[~has_some].sum())
    return ledger.Ledger(
        indptr=costs.indptr,
        row=row,
        shelter=costs.shelter_idx,
        cost=costs.walk_time_ds,
        by_shelter=by_shelter,
        row_of=row[order],
        people=people,
        entry=np.full(shipment_count, -2, np.int32),
        of_row=np.full(shipment_count, -1, np.int32),
        amount=np.zeros(shipment_count, np.int32),
        outside=np.where(has_some, 0, people),
        offer=np.zeros(shelter_count, np.int64),
        least=least,
        served=np.zeros(rows, COUNT),
        load=np.zeros(shelter_count, COUNT),
        is_stale=np.zeros(rows, np.bool_),
        stale=np.empty(rows, INDEX),
        sums=np.array([left, 0, left, np.dot(people[has_some], least[has_some])], np.int64),
    )
