"""The assignment over time beside OR-Tools on the explicit network, the bound, and one door shut or opened."""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from ortools.graph.python import min_cost_flow

from benchmarks.instances import Instance, instance, split
from benchmarks.loads import as_text, people_of, places
from benchmarks.measurement import (
    LIMIT_S,
    OURS,
    USUAL_RATIO,
    Case,
    DisagreementError,
    Measurement,
    Wanted,
    agree,
    seconds_of,
    slowness_note,
    timed,
    timed_peer,
)
from takecover.analysis.bound import bound
from takecover.analysis.departures import departures
from takecover.analysis.doorways import doorways
from takecover.analysis.overtime import assign_over_time
from takecover.analysis.queues import Queues
from takecover.analysis.reach import reach
from takecover.analysis.vigil import Vigil
from takecover.model.costs import Costs
from takecover.model.departures import Departures
from takecover.model.doorways import Doorways
from takecover.model.plan import Pair
from takecover.model.plan_over_time import PlanOverTime
from takecover.model.warning import WarningTimes

PART = "overtime"
PEER = "ortools"
SLOT_DS = 300
SEED = 7
DOORS = 100
TIMES = 60
SPLIT = ", groups split"


@dataclass(frozen=True, eq=False)
class Table:
    """What is assigned."""

    costs: Costs
    doorways: Doorways
    departures: Departures
    capacity: np.ndarray
    warning: WarningTimes

    @property
    def args(self) -> tuple[Costs, Doorways, Departures, np.ndarray, WarningTimes, int]:
        """As `assign_over_time` takes them."""
        return self.costs, self.doorways, self.departures, self.capacity, self.warning, SLOT_DS


def cases(wanted: Wanted) -> list[Case]:
    """One queue per shelter and one per entrance, of two groups and of four, for each size."""
    kinds = (("shelter", _by_shelter), ("entrance", _by_entrance), (f"entrance{SPLIT}", _by_entrance_split))
    return [
        Case(f"{size}, one queue per {kind}", partial(measure, size, wanted.runs))
        for size in wanted.sizes
        for kind, measure in kinds
    ]


def table_by_shelter(made: Instance) -> Table:
    """One group that holds everybody, who leave at once; the doors of a shelter as one."""
    way = doorways(made.city, made.scenario)
    whole = reach(made.city, made.scenario, LIMIT_S)
    rows = int((whole.group_idx == 0).sum())
    end = int(whole.indptr[rows])
    shelter = whole.shelter_idx[:end]
    costs = replace(
        whole,
        origin_idx=whole.origin_idx[:rows],
        group_idx=whole.group_idx[:rows],
        indptr=whole.indptr[: rows + 1],
        shelter_idx=shelter,
        entrance_idx=shelter,
        walk_time_ds=whole.walk_time_ds[:end],
        is_per_entrance=True,
    )
    capacity = places(made.city, USUAL_RATIO)
    count = len(capacity)
    flow = np.zeros(count, np.int64)
    np.add.at(flow, way.shelter_idx, way.flow_per_ks)
    zero, none = np.zeros(count, np.int32), np.zeros(0, np.int32)
    at = np.arange(count, dtype=np.int32)
    people = made.city.demand.people[0][costs.origin_idx].sum(axis=1)
    return Table(
        costs,
        Doorways(at, flow, zero - 1, zero[None], zero[None], none.astype(np.int64), none),
        Departures(np.zeros(1, np.int64), people[:, None]),
        capacity,
        WarningTimes.single(LIMIT_S),
    )


def table_by_entrance(made: Instance) -> Table:
    """Every group, every entrance with its hall, the cohorts of the scenario's delay."""
    costs = reach(made.city, made.scenario, LIMIT_S, per_entrance=True)
    leaving = departures(made.city, made.scenario, costs, people_of(made.city, costs))
    way, capacity = doorways(made.city, made.scenario), places(made.city, USUAL_RATIO)
    return Table(costs, way, leaving, capacity, WarningTimes.single(LIMIT_S))


class ExplicitPeer:
    """The time-expanded network of an assignment loaded into OR-Tools' `SimpleMinCostFlow`."""

    def __init__(self, queues: Queues) -> None:
        rows, slots, people = queues.explicit()
        place_count, row_count = len(slots.head), len(people)
        self._unit = queues.slots.slot_ds + 2 * (len(queues.capacity) + 1) * LIMIT_S * 10
        row = np.arange(row_count) + place_count
        sink = place_count + row_count
        of = np.repeat(row, np.diff(rows.indptr))
        self._flow = min_cost_flow.SimpleMinCostFlow()
        add = self._flow.add_arcs_with_capacity_and_unit_cost
        cost = queues.slots.lost * self._unit + queues.slots.inside_ds
        is_slot, waits = slots.head >= 0, np.flatnonzero(slots.wait >= 0)
        at = np.arange(place_count)
        total = np.full(len(waits), int(people.sum()))
        self._parts = [
            (
                add(of, rows.slot.astype(np.int64), people[of - place_count], rows.cost.astype(np.int64)),
                rows.cost,
            ),
            (
                add(at[is_slot], slots.head[is_slot].astype(np.int64), slots.most[is_slot], cost[is_slot]),
                queues.slots.inside_ds[is_slot],
            ),
            (add(waits, waits + 1, total, slots.wait[waits]), slots.wait[waits]),
        ]
        self._outside = add(
            row, np.full(row_count, sink), people, np.full(row_count, queues.whole * self._unit)
        )
        free = np.zeros((~is_slot).sum(), np.int64)
        add(at[~is_slot], free + sink, slots.most[~is_slot], free)
        self._flow.set_nodes_supplies(row, people)
        self._flow.set_node_supply(sink, -int(people.sum()))
        self._beyond = int(queues.departures.people.sum() - people.sum())

    def solve(self) -> None:
        """Find the optimum; the same work each time."""
        if self._flow.solve() != self._flow.OPTIMAL:
            raise DisagreementError("OR-Tools found no optimum.")

    def primal(self) -> Pair:
        """What the optimum costs, for one warning time."""
        time_ds = sum(int(self._flow.flows(arcs) @ cost.astype(np.int64)) for arcs, cost in self._parts)
        return Pair(int(self._flow.flows(self._outside).sum()) + self._beyond, time_ds)


def _by_shelter(size: str, runs: int) -> list[Measurement]:
    made = instance(size)
    table = table_by_shelter(made)
    plan, rows = _planned(made, table, "one queue per shelter", runs)
    peer: list[ExplicitPeer] = []
    load_s = seconds_of(lambda: peer.append(ExplicitPeer(Queues(*table.args, is_late=True))))
    solve_s = timed_peer(peer[0].solve, runs)
    agree(made.label, plan.certificate.primal, peer[0].primal())
    step = "solve, one queue per shelter"
    rows.append(
        _row(made, table, step, PEER, solve_s, plan, f"arcs already loaded, which took {load_s:.1f} s")
    )
    times = np.linspace(LIMIT_S / TIMES, LIMIT_S, TIMES).astype(np.int64)
    most: list[np.ndarray] = []
    way = table.costs, table.doorways, table.departures, table.capacity
    taken = timed(lambda: most.append(bound(*way, times, SLOT_DS)), runs)
    note = f"{plan.sent:,} in the plan, {most[0][-1]:,} in the bound at {LIMIT_S} s"
    return [
        *rows,
        _row(made, table, f"bound, {TIMES} times", OURS, taken, plan, note),
        *_repaired(made, table),
    ]


def _by_entrance(size: str, runs: int) -> list[Measurement]:
    return _bracketed(instance(size), "one queue per entrance", runs)


def _by_entrance_split(size: str, runs: int) -> list[Measurement]:
    return _bracketed(split(instance(size)), f"one queue per entrance{SPLIT}", runs)


def _bracketed(made: Instance, kind: str, runs: int) -> list[Measurement]:
    """The plan against us, and what it would be for us."""
    table = table_by_entrance(made)
    plan, rows = _planned(made, table, kind, runs)
    soon = assign_over_time(*table.args, rounding="for")
    peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
    note = f"{plan.sent:,} against us, {soon.sent:,} for us; the process has been {peak_gb:.2f} GB at most"
    rows[-1] = replace(rows[-1], note=f"{rows[-1].note}; {note}")
    return rows


def _planned(made: Instance, table: Table, kind: str, runs: int) -> tuple[PlanOverTime, list[Measurement]]:
    """The optimum alone, and the certified plan."""
    solve_s = timed(lambda: Queues(*table.args, is_late=True), runs)
    plans: list[PlanOverTime] = []
    plan_s = timed(lambda: plans.append(assign_over_time(*table.args)), runs)
    cohorts = len(table.departures.delay_ds)
    note = (
        f"{cohorts} cohorts, {len(set(table.costs.group_idx.tolist()))} groups, slots of {SLOT_DS / 10:g} s"
    )
    told = "; ".join(text for text in (note, slowness_note(solve_s, runs)) if text)
    return plans[0], [
        _row(made, table, f"solve, {kind}", OURS, solve_s, plans[0], told),
        _row(made, table, f"plan, {kind}", OURS, plan_s, plans[0], f"{note}; certificate included"),
    ]


def _repaired(made: Instance, table: Table) -> list[Measurement]:
    """Doors drawn by lot, each shut and opened again, the plan proven each time."""
    vigil = Vigil(*table.args)
    before = vigil.plan
    count = len(table.doorways)
    drawn = np.random.default_rng(SEED).choice(count, min(DOORS, count), replace=False)
    shut_s, open_s = [], []
    for entrance_idx in drawn[:, None]:
        begin = time.perf_counter()
        vigil.shut(entrance_idx)
        shut = time.perf_counter()
        vigil.open(entrance_idx)
        shut_s.append(shut - begin)
        open_s.append(time.perf_counter() - shut)
    agree("the same doors open again", vigil.plan.certificate.primal, before.certificate.primal)
    return [
        _row(
            made,
            table,
            f"{step} one of {DOORS} doors drawn by lot",
            OURS,
            tuple(taken),
            before,
            "certificate included",
        )
        for step, taken in (("shut", shut_s), ("open", open_s))
    ]


def _row(
    made: Instance,
    table: Table,
    step: str,
    peer: str,
    seconds: tuple[float, ...],
    plan: PlanOverTime,
    note: str,
) -> Measurement:
    return Measurement(
        PART,
        made.name,
        made.size,
        step,
        peer,
        seconds,
        USUAL_RATIO,
        len(table.costs.walk_time_ds),
        objective=as_text(plan.certificate.primal),
        note=note,
    )
