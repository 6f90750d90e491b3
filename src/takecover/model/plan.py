"""Who goes where, what one more place is worth, and the proof that no plan is better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from takecover.model.costs import Costs


class Pair(NamedTuple):
    """An amount under two strict goals; compared people first, then time.

    Attributes
    ----------
    people
        Whole people.
    ds
        Time [ds].
    """

    people: int
    ds: int

    def __sub__(self, other: tuple[int, int]) -> Pair:
        return Pair(self.people - other[0], self.ds - other[1])


class Certificate(NamedTuple):
    """Proof of the optimum: what the plan costs, and what no plan can undercut.

    Attributes
    ----------
    primal
        (people left outside, total walk [ds]) of the plan.
    dual
        The bound from the prices: no plan for the same cost table has less.
    """

    primal: Pair
    dual: Pair

    @property
    def gap(self) -> Pair:
        """Primal less dual; (0, 0) proves the plan optimal."""
        return self.primal - self.dual


@dataclass(frozen=True, eq=False)
class Plan:
    """An exact assignment for one cost table.

    Attributes
    ----------
    costs
        The table that it is for.
    people
        People of each row, shape (r,) int64.
    capacity
        Places of each shelter as planned with (0 where closed), shape (s,) int64.
    flow
        People sent along each entry of the table, shape (a,) int64.
    unserved
        People of each row left outside, shape (r,) int64.
    load
        People in each shelter, shape (s,) int64.
    price_people, price_ds
        What exactly one more place in each shelter gains, as a pair: people more under cover, and deciseconds of
        walk saved (below 0 where the one who gets in has to walk), shape (s,) int64 each. Where there are several
        warning times, people are those expected, in thousandths: float64.
    certificate
        Primal and dual, as an independent check recomputed them.
    """

    costs: Costs
    people: np.ndarray
    capacity: np.ndarray
    flow: np.ndarray
    unserved: np.ndarray
    load: np.ndarray
    price_people: np.ndarray
    price_ds: np.ndarray
    certificate: Certificate

    @property
    def under_cover(self) -> int:
        """People under cover within the limit."""
        return int(self.people.sum() - self.unserved.sum())
