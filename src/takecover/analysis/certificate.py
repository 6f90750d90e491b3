"""The independent check of a plan: pairs and plain arithmetic, nothing of the solver.

Weak duality: for any prices of at least (0, 0), no plan for the table costs less than the dual worked out here. A plan
that costs just that much is therefore the best there is. The check proves the plan for its cost table, not the table.
"""

from __future__ import annotations

import numpy as np

from takecover.errors import InternalError
from takecover.model.costs import Costs
from takecover.model.plan import Certificate, Pair

_BASE = 1 << 40
"""One person, in deciseconds, for comparing pairs as single numbers: far above every walk and every price."""


def certify(
    costs: Costs,
    people: np.ndarray,
    capacity: np.ndarray,
    flow: np.ndarray,
    unserved: np.ndarray,
    price_people: np.ndarray,
    price_ds: np.ndarray,
) -> Certificate:
    """Recompute what a plan costs and what no plan can undercut.

    Parameters
    ----------
    costs
        The table, r rows and a entries.
    people
        People of each row, shape (r,) int64.
    capacity
        Places of each shelter, shape (s,) int64.
    flow, unserved
        The plan: people along each entry, shape (a,); people of each row left outside, shape (r,).
    price_people, price_ds
        The prices [people], [ds], shape (s,) each.

    Returns
    -------
    Certificate
        With a gap of (0, 0).

    Raises
    ------
    InternalError
        If the plan is not one (people lost or invented, a shelter overfull, a price below zero) or not the best.
    """
    has_some = np.flatnonzero(np.diff(costs.indptr))
    begins = costs.indptr[has_some]
    served = np.zeros(len(people), np.int64)
    served[has_some] = np.add.reduceat(flow, begins) if begins.size else 0
    load = np.bincount(costs.shelter_idx, weights=flow, minlength=len(capacity)).astype(np.int64)
    if (flow < 0).any() or (unserved < 0).any() or (served + unserved != people).any():
        raise InternalError("certificate: the plan loses or invents people; it must not be used.")
    if (load > capacity).any():
        raise InternalError("certificate: the plan overfills a shelter; it must not be used.")
    if ((price_people < 0) | ((price_people == 0) & (price_ds < 0))).any():
        raise InternalError("certificate: a price is below zero; it proves nothing.")
    primal = Pair(int(unserved.sum()), int(np.dot(flow, costs.walk_time_ds.astype(np.int64))))
    offer = price_people * _BASE + price_ds
    least = np.full(len(people), _BASE, np.int64)
    if begins.size:
        offers = np.minimum.reduceat(offer[costs.shelter_idx] + costs.walk_time_ds, begins)
        least[has_some] = np.minimum(offers, _BASE)
    least_people = (least + _BASE // 2) // _BASE
    least_ds = least - least_people * _BASE
    dual = Pair(
        int(np.dot(people, least_people) - np.dot(capacity, price_people)),
        int(np.dot(people, least_ds) - np.dot(capacity, price_ds)),
    )
    certificate = Certificate(primal, dual)
    if certificate.gap != (0, 0):
        raise InternalError(
            f"certificate: the plan is not proven the best (primal {tuple(primal)}, dual {tuple(dual)}); "
            "it must not be used."
        )
    return certificate
