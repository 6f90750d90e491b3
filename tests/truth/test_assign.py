"""The assignment against other solvers, against the definition of a price, and against its laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tables import Table, costs_of, tables
from takecover.analysis.assign import assign


def by_ortools(table: Table) -> tuple[int, int]:
    """(people outside, total walk [ds]) by OR-Tools' min-cost flow."""
    from ortools.graph.python import min_cost_flow

    solver = min_cost_flow.SimpleMinCostFlow()
    rows, shelters = len(table.people), len(table.capacity)
    outside = sum(table.people) * table.limit_ds + 1
    sink = rows + shelters
    for i, entries in enumerate(table.entries):
        solver.add_arc_with_capacity_and_unit_cost(i, sink, table.people[i], outside)
        for shelter, walk_ds in entries.items():
            solver.add_arc_with_capacity_and_unit_cost(i, rows + shelter, table.people[i], walk_ds)
    for s, places in enumerate(table.capacity):
        solver.add_arc_with_capacity_and_unit_cost(rows + s, sink, places, 0)
    for i, count in enumerate(table.people):
        solver.set_node_supply(i, count)
    solver.set_node_supply(sink, -sum(table.people))
    assert solver.solve() == solver.OPTIMAL
    return divmod(solver.optimal_cost(), outside)


def solved(table: Table) -> tuple[int, int]:
    """(people outside, total walk [ds]) by `assign`."""
    plan = assign(costs_of(table), np.array(table.people, np.int64), np.array(table.capacity, np.int64))
    assert plan.certificate.gap == (0, 0)
    return tuple(plan.certificate.primal)


@settings(max_examples=600)
@given(tables())
def test_the_objective_equals_that_of_or_tools(table: Table) -> None:
    assert solved(table) == by_ortools(table)


@settings(max_examples=200)
@given(tables())
def test_a_price_is_exactly_what_one_more_place_gains(table: Table) -> None:
    plan = assign(costs_of(table), np.array(table.people, np.int64), np.array(table.capacity, np.int64))
    before = by_ortools(table)
    for s in range(len(table.capacity)):
        more = table._replace(capacity=[c + (j == s) for j, c in enumerate(table.capacity)])
        after = by_ortools(more)
        assert (before[0] - after[0], before[1] - after[1]) == (plan.price_people[s], plan.price_ds[s])


@settings(max_examples=60)
@given(tables(people=20))
def test_the_objective_equals_that_of_highs(table: Table) -> None:
    from scipy.optimize import linprog

    pairs = [(i, s, w) for i, entries in enumerate(table.entries) for s, w in entries.items()]
    rows, shelters = len(table.people), len(table.capacity)
    outside = sum(table.people) * table.limit_ds + 1
    columns = len(pairs) + rows
    equal = np.zeros((rows, columns))
    above = np.zeros((shelters, columns))
    cost = np.zeros(columns)
    for j, (i, s, w) in enumerate(pairs):
        equal[i, j], above[s, j], cost[j] = 1, 1, w
    for i in range(rows):
        equal[i, len(pairs) + i], cost[len(pairs) + i] = 1, outside
    found = linprog(cost, A_ub=above, b_ub=table.capacity, A_eq=equal, b_eq=table.people, method="highs")
    assert divmod(round(found.fun), outside) == solved(table)


@given(tables(), st.randoms(use_true_random=False))
def test_renumbering_rows_and_shelters_leaves_objective_and_prices_equal(
    table: Table, random: object
) -> None:
    rng = np.random.default_rng(random.getrandbits(32))  # type: ignore[attr-defined]
    rows, shelters = rng.permutation(len(table.people)), rng.permutation(len(table.capacity))
    where = {int(s): j for j, s in enumerate(shelters)}
    other = Table(
        [table.people[i] for i in rows],
        [table.capacity[s] for s in shelters],
        [{where[s]: w for s, w in table.entries[i].items()} for i in rows],
        table.limit_ds,
    )
    plan = assign(costs_of(table), np.array(table.people, np.int64), np.array(table.capacity, np.int64))
    moved = assign(costs_of(other), np.array(other.people, np.int64), np.array(other.capacity, np.int64))
    assert plan.certificate == moved.certificate
    assert np.array_equal(plan.price_people[shelters], moved.price_people)
    assert np.array_equal(plan.price_ds[shelters], moved.price_ds)


@given(tables(), st.data())
def test_one_more_place_never_leaves_more_people_outside(table: Table, data: st.DataObject) -> None:
    s = data.draw(st.integers(0, len(table.capacity) - 1))
    more = table._replace(capacity=[c + (j == s) for j, c in enumerate(table.capacity)])
    assert solved(more) <= solved(table)


@given(tables(), st.data())
def test_splitting_a_row_changes_no_total(table: Table, data: st.DataObject) -> None:
    i = data.draw(st.integers(0, len(table.people) - 1))
    part = data.draw(st.integers(0, table.people[i]))
    people = [*table.people, part]
    people[i] -= part
    assert solved(
        Table(people, table.capacity, [*table.entries, dict(table.entries[i])], table.limit_ds)
    ) == solved(table)


def test_two_rows_and_two_shelters_by_arithmetic() -> None:
    # 3 people 10 ds from shelter 0 and 50 ds from shelter 1; 2 people only 20 ds from shelter 0, which holds 2.
    plan = assign(
        costs_of(Table([3, 2], [2, 9], [{0: 10, 1: 50}, {0: 20}], 100)), np.array([3, 2]), np.array([2, 9])
    )
    assert plan.flow.tolist() == [0, 3, 2]
    assert plan.certificate.primal == (0, 190)
    assert plan.price_people.tolist() == [0, 0]
    assert plan.price_ds.tolist() == [40, 0]


def test_one_place_too_few_is_priced_in_people() -> None:
    plan = assign(costs_of(Table([5], [3], [{0: 20}], 100)), np.array([5]), np.array([3]))
    assert plan.unserved.tolist() == [2]
    assert (plan.price_people.tolist(), plan.price_ds.tolist()) == ([1], [-20])


def test_a_zero_walk_is_a_legal_cost() -> None:
    plan = assign(costs_of(Table([5], [5], [{0: 0}], 100)), np.array([5]), np.array([5]))
    assert plan.certificate.primal == (0, 0)
    assert plan.under_cover == 5


@pytest.mark.parametrize("limit_ds", [100, 3_000_000_000])
def test_a_table_with_nobody_and_nothing_in_reach_is_a_result(limit_ds: int) -> None:
    plan = assign(costs_of(Table([4, 0], [1], [{}, {}], limit_ds)), np.array([4, 0]), np.array([1]))
    assert plan.certificate.primal == (4, 0)
    assert plan.price_people.tolist() == [0]
