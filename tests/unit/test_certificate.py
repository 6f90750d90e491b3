"""The certificate refuses whatever is not a plan, and whatever is not the best."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tables import Table, costs_of, tables
from takecover.analysis.assign import assign
from takecover.analysis.certificate import certify
from takecover.errors import InternalError

TABLE = Table([4, 2], [3, 3], [{0: 10, 1: 30}, {1: 20}], 100)
GOOD = {
    "flow": np.array([3, 1, 2]),
    "unserved": np.array([0, 0]),
    "price_people": np.array([0, 0]),
    "price_ds": np.array([20, 0]),
}


def certified(**changes: np.ndarray) -> tuple[tuple[int, int], tuple[int, int]]:
    """Primal and dual of the good plan with some parts exchanged."""
    found = certify(costs_of(TABLE), np.array(TABLE.people), np.array(TABLE.capacity), **{**GOOD, **changes})
    return found.primal, found.dual


def test_a_good_plan_is_certified() -> None:
    assert certified() == ((0, 100), (0, 100))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"flow": np.array([3, 1, 1])}, "loses or invents people"),
        ({"flow": np.array([5, -1, 2])}, "loses or invents people"),
        ({"flow": np.array([4, 0, 2])}, "overfills a shelter"),
        ({"flow": np.array([2, 1, 2]), "unserved": np.array([1, 0])}, "not proven the best"),
        ({"flow": np.array([3, 1, 2]), "price_ds": np.array([21, 0])}, "not proven the best"),
        ({"price_ds": np.array([20, -1])}, "below zero"),
        ({"price_people": np.array([0, -1])}, "below zero"),
        ({"price_people": np.array([1, 0])}, "not proven the best"),
    ],
)
def test_what_is_no_plan_or_not_the_best_is_refused(changes: dict[str, np.ndarray], message: str) -> None:
    with pytest.raises(InternalError, match=message):
        certified(**changes)


@given(tables(), st.data())
def test_no_plan_with_somebody_moved_for_the_worse_is_certified(table: Table, data: st.DataObject) -> None:
    costs, people, capacity = costs_of(table), np.array(table.people), np.array(table.capacity)
    plan = assign(costs, people, capacity)
    used = np.flatnonzero(plan.flow)
    if used.size == 0:
        return
    k = int(data.draw(st.sampled_from(used.tolist())))
    flow, unserved = plan.flow.copy(), plan.unserved.copy()
    flow[k] -= 1
    unserved[costs.row_idx[k]] += 1
    with pytest.raises(InternalError, match="not proven the best"):
        certify(costs, people, capacity, flow, unserved, plan.price_people, plan.price_ds)
