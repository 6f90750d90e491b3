"""Another solver, given nothing but the files of a plan, finds the same optimum."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import duckdb
import numpy as np
import pytest
from ortools.graph.python import min_cost_flow

import worlds
from takecover import cities
from takecover.workflow import plan as workflow
from takecover.workflow.outcome import Choices
from takecover.workflow.scenario import Wishes, scenario_for

OUTSIDE_DS = 10_000_000
"""More than all walks of one person could ever save: people come first."""


def solve(folder: Path, more_at: int | None = None) -> tuple[int, int]:
    """People outside and deciseconds of walk, by OR-Tools from the files alone, maybe with one more place somewhere."""
    ask = duckdb.connect().execute
    arcs = ask(
        f"""SELECT o.row, s.row, CAST(round(c.walk_time_s * 10) AS BIGINT), o.people FROM '{folder}/costs.parquet' c
            JOIN (SELECT *, row_number() OVER () - 1 AS row FROM '{folder}/origins.parquet') o
            USING (origin_id, "group")
            JOIN (SELECT *, row_number() OVER () - 1 AS row FROM '{folder}/shelters.parquet') s USING (shelter_id)"""
    ).fetchnumpy()
    row, shelter, walk_ds, most = (np.asarray(column, np.int64) for column in arcs.values())
    people = np.asarray(
        ask(f"SELECT people FROM '{folder}/origins.parquet'").fetchnumpy()["people"], np.int64
    )
    places = np.asarray(
        ask(f"SELECT capacity FROM '{folder}/shelters.parquet'").fetchnumpy()["capacity"], np.int64
    )
    if more_at is not None:
        places[more_at] += 1
    sink = len(people) + len(places)
    flow = min_cost_flow.SimpleMinCostFlow()
    rows, shelters = np.arange(len(people)), len(people) + np.arange(len(places))
    walks = flow.add_arcs_with_capacity_and_unit_cost(row, len(people) + shelter, most, walk_ds)
    outside = flow.add_arcs_with_capacity_and_unit_cost(
        rows, np.full_like(rows, sink), people, np.full_like(rows, OUTSIDE_DS)
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        shelters, np.full_like(shelters, sink), places, np.zeros_like(shelters)
    )
    flow.set_nodes_supplies(rows, people)
    flow.set_node_supply(sink, -int(people.sum()))
    assert flow.solve() == flow.OPTIMAL
    return int(flow.flows(outside).sum()), int(flow.flows(walks) @ walk_ds)


def check_prices(folder: Path, shelters: Iterable[int]) -> None:
    """Each price is what solving again with one more place gains."""
    told = duckdb.sql(f"SELECT price_people, price_s FROM '{folder}/shelters.parquet'").fetchall()
    before = solve(folder)
    for s in shelters:
        after = solve(folder, more_at=s)
        assert (before[0] - after[0], before[1] - after[1]) == (told[s][0], round(told[s][1] * 10)), s


@pytest.mark.parametrize("seed", range(4))
def test_an_outside_solver_finds_the_same_optimum_from_the_files_alone(tmp_path: Path, seed: int) -> None:
    worlds.planned(worlds.town(seed=seed), tmp_path / "plan", Choices(has_costs=True))
    certificate = json.loads((tmp_path / "plan" / "plan.json").read_text(encoding="utf-8"))["certificate"]
    assert solve(tmp_path / "plan") == tuple(certificate["primal"]) == tuple(certificate["dual"])
    check_prices(tmp_path / "plan", range(14))


def test_an_outside_solver_finds_model_kyivs_optimum_and_prices_from_the_files_alone(tmp_path: Path) -> None:
    city = cities.make("model-kyiv-small")
    scenario = scenario_for(city, Wishes(has_doors=False), "2026-11-24")
    workflow.plan(city, scenario, tmp_path / "plan", Choices(has_costs=True))
    found = json.loads((tmp_path / "plan" / "plan.json").read_text(encoding="utf-8"))
    assert solve(tmp_path / "plan") == tuple(found["certificate"]["primal"])
    assert found["unserved"] == found["certificate"]["primal"][0] > 1_000_000
    assert found["total_walk_time_s"] == found["certificate"]["primal"][1] / 10
    check_prices(tmp_path / "plan", np.random.default_rng(5).choice(len(city.shelters), 20, replace=False))


def test_an_outside_solver_finds_the_same_optimum_where_walks_end_just_before_a_limit_that_no_slot_divides(
    tmp_path: Path,
) -> None:
    """Four blocks of 60 m take 244.9 s; 40 slots of 6.1 s end at 244 s."""
    changes = {"time_limit_s": 245, "speed_m_s": {"walking": 0.98, "step_free": 0.49}}
    worlds.planned(worlds.town(), tmp_path / "plan", Choices(has_costs=True), **changes)
    certificate = json.loads((tmp_path / "plan" / "plan.json").read_text(encoding="utf-8"))["certificate"]
    assert solve(tmp_path / "plan") == tuple(certificate["primal"]) == tuple(certificate["dual"])
