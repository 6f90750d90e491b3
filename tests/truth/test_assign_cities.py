"""Whole cities against OR-Tools: the same objective, at scarce and at ample places."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from takecover import cities
from takecover.analysis import reach, turnout
from takecover.analysis.assign import assign
from takecover.model.city import City
from takecover.model.costs import Costs
from takecover.workflow.scenario import default


def by_ortools(costs: Costs, people: np.ndarray, capacity: np.ndarray) -> tuple[int, int]:
    """(people outside, total walk [ds]) by OR-Tools' min-cost flow on the same entries."""
    from ortools.graph.python import min_cost_flow

    rows, shelters = costs.row_count, len(capacity)
    sink, row = rows + shelters, np.arange(rows)
    outside = shelters * costs.time_limit_ds + 1
    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(
        costs.row_idx, rows + costs.shelter_idx, people[costs.row_idx], costs.walk_time_ds.astype(np.int64)
    )
    left = solver.add_arcs_with_capacity_and_unit_cost(
        row, np.full(rows, sink), people, np.full(rows, outside)
    )
    solver.add_arcs_with_capacity_and_unit_cost(
        rows + np.arange(shelters), np.full(shelters, sink), capacity, np.zeros(shelters, np.int64)
    )
    solver.set_nodes_supplies(np.append(row, sink), np.append(people, -people.sum()))
    assert solver.solve() == solver.OPTIMAL
    unserved = int(solver.flows(left).sum())
    return unserved, solver.optimal_cost() - unserved * outside


def check(city: City, time_limit_s: int, ratios: tuple[float, ...]) -> None:
    """Compare at several numbers of places for one person."""
    scenario = default(city, "2026-11-24")
    costs = reach.reach(city, scenario, time_limit_s)
    people = turnout.turnout(city.demand, 0, 1.0, 1)[costs.origin_idx, costs.group_idx]
    for ratio in ratios:
        scale = ratio * people.sum() / city.shelters.capacity.sum()
        capacity = np.round(city.shelters.capacity * scale).astype(np.int64)
        plan = assign(costs, people, capacity)
        assert plan.certificate.primal == by_ortools(costs, people, capacity)
        assert plan.certificate.gap == (0, 0)


@pytest.mark.parametrize(("size", "ratios"), [("small", (0.5, 0.9, 1.0, 1.3)), ("medium", (0.8,))])
def test_model_kyiv_costs_what_or_tools_finds(size: str, ratios: tuple[float, ...]) -> None:
    check(cities.make(f"model-kyiv-{size}"), 900, ratios)


def test_uppsala_costs_what_or_tools_finds(shared_data: Path, tmp_path: Path) -> None:
    from takecover.workflow.build_city import Order, build_city
    from takecover.workflow.load_city import load_city

    folder = shared_data / "uppsala"
    order = Order(
        name="uppsala",
        streets=folder / "highways_overpass_2023-01-12.json",
        shelters=folder / "skyddsrum_2023-02.csv",
        people="60000",
        out=tmp_path / "uppsala",
    )
    build_city(order, None)
    check(load_city(str(order.out), None), 600, (0.7, 1.0))
