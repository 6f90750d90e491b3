"""Who goes where: the most people under cover in time, then the least walking; exact, with prices and proof."""

from __future__ import annotations

import numpy as np

from takecover.analysis.certificate import certify
from takecover.analysis.optimum import Optimum
from takecover.model.costs import Costs
from takecover.model.plan import Plan


def assign(costs: Costs, people: np.ndarray, capacity: np.ndarray) -> Plan:
    """Place everyone so that no plan for the same table is better, and prove it.

    Two strict goals: first the most people under cover, then the least total walk. A shortage of places is a result.

    Parameters
    ----------
    costs
        Who reaches which shelter in what time, r rows and a entries.
    people
        Whole people of each row, at least 0, shape (r,) int64.
    capacity
        Places of each shelter, at least 0 (0 where closed), shape (s,) int64.

    Returns
    -------
    Plan
        Optimal, with the least optimal prices and a certificate with gap (0, 0). Which of several equally good plans
        it is follows from the order of rows and shelters alone: shelters in the order of their ids, rows in space.

    Raises
    ------
    InputError
        If there are more people than the arithmetic holds.
    InternalError
        If the independent check does not confirm the plan.

    Notes
    -----
    The method is in `optimum`. Time grows close to linearly with the number of entries; it is longest where places
    are about as many as people.

    Examples
    --------
    Three people 10 ds from shelter 0, which holds two, and 50 ds from shelter 1:

    >>> import numpy as np
    >>> from takecover.model.costs import Costs
    >>> row, both = np.array([0], np.int32), np.array([0, 1], np.int32)
    >>> costs = Costs(row, row, np.array([0, 2], np.int32), both, both, np.array([10, 50], np.int32), 100)
    >>> plan = assign(costs, np.array([3]), np.array([2, 9]))
    >>> plan.flow.tolist(), plan.price_ds.tolist()
    ([2, 1], [40, 0])
    """
    return plan_of(Optimum(costs, people, capacity))


def plan_of(optimum: Optimum) -> Plan:
    """The certified plan at which an optimum stands, with the least optimal prices.

    Parameters
    ----------
    optimum
        The optimum; it stays usable.

    Returns
    -------
    Plan
        As `assign` gives it.
    """
    flow, unserved = optimum.flow(), optimum.unserved()
    price_people, price_ds = optimum.least_prices()
    certificate = certify(
        optimum.costs, optimum.people, optimum.capacity(), flow, unserved, price_people, price_ds
    )
    load = np.bincount(optimum.costs.shelter_idx, weights=flow, minlength=len(optimum.capacity()))
    return Plan(
        costs=optimum.costs,
        people=optimum.people,
        capacity=optimum.capacity(),
        flow=flow,
        unserved=unserved,
        load=load.astype(np.int64),
        price_people=price_people,
        price_ds=price_ds,
        certificate=certificate,
    )
