"""Who joins which queue when, what joining it is worth, and the proof that no plan is better."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from takecover.model.costs import Costs
from takecover.model.departures import Departures
from takecover.model.plan import Certificate
from takecover.model.warning import WHOLE


@dataclass(frozen=True, eq=False)
class PlanOverTime:
    """An exact assignment over time, in k slots of time, for one cost table by entrance.

    First goals, and their prices, are in units: a person under cover whenever the strike comes is worth
    `units_per_person` of them, which is 1 where there is one warning time.

    Attributes
    ----------
    costs
        The table that it is for, r rows.
    departures
        When how many of each row leave, c cohorts.
    capacity
        Places of each shelter, shape (s,) int64.
    slot_ds
        Length of a slot [ds].
    is_late
        True where times are rounded against us, False where for us.
    units_per_person
        Units of the first goal in one person.
    entry_idx, cohort_idx
        Where people are sent: entry of the table, and cohort, shape (f,) int32 each; no pair twice.
    people
        How many, 1 or more, shape (f,) int64.
    unserved
        People of each row and cohort who are left outside, shape (r, c) int64.
    served
        People let through by each entrance and then each hall in each slot, shape (e + h, k) int64.
    price_units, price_ds
        What one person more at each queue in each slot costs all the others and themselves: units lost, and
        deciseconds, shape (e + h, k) int64 each. The way to the queue is not in it. A slot too late for any strike
        costs a whole person.
    place_units, place_ds
        The same for a place in each shelter, shape (s,) int64 each.
    certificate
        Primal and dual (units lost, deciseconds of walking, waiting and going down), recomputed independently.
    """

    costs: Costs
    departures: Departures
    capacity: np.ndarray
    slot_ds: int
    is_late: bool
    units_per_person: int
    entry_idx: np.ndarray
    cohort_idx: np.ndarray
    people: np.ndarray
    unserved: np.ndarray
    served: np.ndarray
    price_units: np.ndarray
    price_ds: np.ndarray
    place_units: np.ndarray
    place_ds: np.ndarray
    certificate: Certificate

    @property
    def sent(self) -> int:
        """People who are sent to some shelter."""
        return int(self.people.sum())

    @property
    def expected_permille(self) -> int:
        """Expected people under cover when the strike comes, in thousandths of a person."""
        lost = self.certificate.primal.people * (WHOLE // self.units_per_person)
        return int(self.departures.people.sum()) * WHOLE - lost
