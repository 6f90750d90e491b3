"""Who joins which queue when: the most people under cover when the strike comes, then the least time; exact, proven."""

from __future__ import annotations

from typing import Literal

import numpy as np

from takecover.analysis.queues import Queues
from takecover.analysis.witness import certify
from takecover.model.costs import Costs
from takecover.model.departures import Departures
from takecover.model.doorways import Doorways
from takecover.model.plan_over_time import PlanOverTime
from takecover.model.warning import WarningTimes

Rounding = Literal["against", "for"]
"""Whether slots are rounded against us, as for a plan, or for us, as for a bound."""


def assign_over_time(
    costs: Costs,
    doorways: Doorways,
    departures: Departures,
    capacity: np.ndarray,
    warning: WarningTimes,
    slot_ds: int,
    *,
    rounding: Rounding = "against",
) -> PlanOverTime:
    """Send everyone so that no plan in the same slots is better, and prove it.

    Two strict goals: first the most expected people under cover when the strike comes, then the least time in all that
    those who are sent walk, wait and go down. A shortage of places or of time is a result.

    Parameters
    ----------
    costs
        Who reaches which entrance in what time, r rows and a entries.
    doorways
        What the e entrances and h halls let through.
    departures
        When how many of each row leave, c cohorts.
    capacity
        Places of each shelter, at least 0 (0 where closed), shape (s,) int64.
    warning
        When the strike may come.
    slot_ds
        Length of a slot [ds].
    rounding
        Against us (the plan can be carried out no later than it says) or for us (no plan does better).

    Returns
    -------
    PlanOverTime
        Optimal, with optimal prices and a certificate with gap (0, 0).

    Raises
    ------
    InputError
        If there are more people, or more slots, than the arithmetic holds.
    InternalError
        If the independent check does not confirm the plan.

    Notes
    -----
    The method is in `queues`. Which of several equally good plans it is follows from the order of rows, entrances and
    shelters alone.

    Examples
    --------
    Three people who leave at once, 10 s from a door that lets one person pass in 10 s, and 25 s to the strike:

    >>> import numpy as np
    >>> zero, none = np.zeros(1, np.int32), np.zeros(0, np.int64)
    >>> costs = Costs(zero, zero, np.array([0, 1], np.int32), zero, zero, np.array([100], np.int32), 900)
    >>> doorways = Doorways(zero, np.array([100]), zero - 1, zero[None], zero[None], none, none)
    >>> leaving = Departures(np.array([0]), np.array([[3]]))
    >>> table = costs, doorways, leaving, np.array([9]), WarningTimes.single(25)
    >>> [assign_over_time(*table, 50, rounding=way).sent for way in ("against", "for")]
    [0, 2]
    """
    queues = Queues(costs, doorways, departures, capacity, warning, slot_ds, is_late=rounding == "against")
    return plan_of(queues)


def plan_of(queues: Queues) -> PlanOverTime:
    """The certified plan at which an optimum over time stands.

    Parameters
    ----------
    queues
        The optimum; it stays usable.

    Returns
    -------
    PlanOverTime
        As `assign_over_time` gives it.
    """
    z = queues.slots
    shelters = len(queues.capacity)
    sent = queues.sent()
    units, ds = queues.prices()
    served = by_queue(queues, sent.served, 0)
    price = by_queue(queues, units, queues.whole), by_queue(queues, ds, 0)
    place = units[-shelters:].copy(), ds[-shelters:].copy()
    flow = sent.entry, sent.cohort, sent.people
    certificate = certify(
        queues.costs,
        queues.doorways,
        queues.departures,
        queues.capacity,
        queues.warning,
        z.slot_ds,
        z.is_late,
        flow,
        served,
        price,
        place,
    )
    return PlanOverTime(
        costs=queues.costs,
        departures=queues.departures,
        capacity=queues.capacity,
        slot_ds=z.slot_ds,
        is_late=z.is_late,
        units_per_person=queues.whole,
        entry_idx=sent.entry,
        cohort_idx=sent.cohort,
        people=sent.people,
        unserved=sent.outside,
        served=served,
        price_units=price[0],
        price_ds=price[1],
        place_units=place[0],
        place_ds=place[1],
        certificate=certificate,
    )


def by_queue(queues: Queues, of_places: np.ndarray, otherwise: int) -> np.ndarray:
    """What places have, by queue and slot.

    Parameters
    ----------
    queues
        An optimum, q queues of at most k slots.
    of_places
        Of each of its places, shape (m,) int64.
    otherwise
        What stands where a queue has fewer slots than the longest.

    Returns
    -------
    np.ndarray
        Shape (q, k) int64.
    """
    first, count = queues.slots.first, queues.slots.count
    table = np.full((len(first), max(int(count.max(initial=0)), 1)), otherwise, np.int64)
    at = np.arange(table.shape[1])
    is_slot = at[None, :] < count[:, None]
    table[is_slot] = of_places[(first[:, None] + at[None, :])[is_slot]]
    return table
