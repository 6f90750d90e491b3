"""Plans repaired as shelters close and open, against plans made from scratch."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tables import Table, costs_of, tables
from takecover.analysis.assign import assign
from takecover.analysis.standing import Standing
from takecover.errors import InternalError

TABLE = Table([4, 2], [3, 3], [{0: 10, 1: 30}, {1: 20}], 100)


@settings(max_examples=200)
@given(tables(), st.data())
def test_a_repaired_plan_is_as_good_as_one_made_from_scratch(table: Table, data: st.DataObject) -> None:
    people, capacity = np.array(table.people, np.int64), np.array(table.capacity, np.int64)
    standing = Standing(costs_of(table), people, capacity)
    for _ in range(data.draw(st.integers(1, 5))):
        s = data.draw(st.integers(0, len(capacity) - 1))
        capacity[s] = data.draw(st.sampled_from([0, 1, table.capacity[s], 3 * table.capacity[s] + 1]))
        certificate = standing.change_capacity(s, int(capacity[s]))
        fresh = assign(costs_of(table), people, capacity)
        assert certificate == fresh.certificate
        plan = standing.plan()
        assert np.array_equal(plan.price_people, fresh.price_people)
        assert np.array_equal(plan.price_ds, fresh.price_ds)
        assert np.array_equal(plan.capacity, capacity)


def a_standing_plan() -> Standing:
    """4 people 10 or 30 ds away from two shelters of 3 places, and 2 people 20 ds from the second."""
    return Standing(costs_of(TABLE), np.array(TABLE.people), np.array(TABLE.capacity))


def test_closing_and_opening_a_shelter_comes_back_to_the_same_cost() -> None:
    standing = a_standing_plan()
    before = standing.certificate
    assert before.primal == (0, 100)
    assert standing.change_capacity(0, 0).primal == (3, 70)
    assert standing.change_capacity(0, 3) == before


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("flow", "loses or invents people"),
        ("outside", "loses or invents people"),
        ("swap", "not proven the best"),
        ("capacity", "overfills a shelter"),
        ("price", "not proven the best"),
        ("negative price", "below zero"),
        ("negative flow", "below zero"),
    ],
)
def test_an_audit_finds_a_plan_that_was_tampered_with(
    what: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    standing = a_standing_plan()
    optimum = standing._optimum
    entry, row, amount = (part.copy() for part in optimum.shipments())
    used, unused = int(np.flatnonzero(entry >= 0)[0]), int(np.flatnonzero(entry == -2)[0])
    of_row = int(costs_of(TABLE).row_idx[entry[used]])
    if what == "flow":
        amount[used] -= 1
    elif what == "outside":
        entry[unused], row[unused], amount[unused] = -1, 1, 1
    elif what == "swap":
        amount[used] -= 1
        entry[unused], row[unused], amount[unused] = -1, of_row, 1
    elif what == "negative flow":
        entry[unused], row[unused], amount[unused] = -1, of_row, amount[used] + 1
        amount[used] = -1
    elif what == "capacity":
        optimum._capacity[1] = 2
    elif what == "price":
        optimum._tree.price[0] += 7
    else:
        optimum._tree.price[1] = -5
    monkeypatch.setattr(optimum, "shipments", lambda: (entry, row, amount))
    with pytest.raises(InternalError, match=message):
        standing._audit()
