"""Exact assignment beside OR-Tools on the same arcs, and the way from streets to a certified plan."""

from __future__ import annotations

from functools import partial

from benchmarks.flow_peer import FlowPeer
from benchmarks.instances import Instance, instance
from benchmarks.loads import as_text
from benchmarks.measurement import (
    LIMIT_S,
    OURS,
    Case,
    Measurement,
    Wanted,
    agree,
    seconds_of,
    slowness_note,
    timed_peer,
)
from benchmarks.stages import Planned, planned
from takecover.model.plan import Plan

PART = "assign"
PEER = "ortools"
SLOW_S = 20.0
"""A plan that takes longer [s] is made once."""


def cases(wanted: Wanted) -> list[Case]:
    """One case for each size and ratio."""
    return [
        Case(f"{size}, places {ratio:g} of people", partial(_measure, size, ratio, wanted.runs))
        for size in wanted.sizes
        for ratio in wanted.ratios
    ]


def runs_of(made: Instance, limit_s: int, ratio: float, runs: int) -> tuple[list[Planned], Plan]:
    """A warm-up and the runs (the warm-up alone where it is slow), and the plan, which every run must repeat."""
    first = planned(made.city, made.scenario, limit_s, ratio)
    if first.whole_s > SLOW_S:
        return [first], first.plan
    every = []
    for _ in range(runs if first.whole_s < 2.0 else min(runs, 3)):
        every.append(planned(made.city, made.scenario, limit_s, ratio))
        agree("two runs", first.plan.certificate, every[-1].plan.certificate)
    return every, first.plan


def _measure(size: str, ratio: float, runs: int) -> list[Measurement]:
    made = instance(size)
    ours, plan = runs_of(made, LIMIT_S, ratio, runs)
    objective = as_text(plan.certificate.primal)
    entries = len(plan.costs.walk_time_ds)

    def row(step: str, peer: str, seconds: tuple[float, ...], note: str = "") -> Measurement:
        told = "; ".join(text for text in (note, slowness_note(seconds, runs)) if text)
        return Measurement(
            PART, made.name, made.size, step, peer, seconds, ratio, entries, None, objective, told
        )

    rows = [
        row("streets to plan", OURS, tuple(run.whole_s for run in ours), "reach and assign, certified"),
        row("reach", OURS, tuple(run.reach_s for run in ours)),
        row("solve", OURS, tuple(run.solve_s for run in ours), "the optimum alone"),
        row("assign", OURS, tuple(run.assign_s for run in ours), "optimum, least prices, certificate"),
    ]
    del ours
    peer: list[FlowPeer] = []
    load_s = seconds_of(lambda: peer.append(FlowPeer(plan.costs, plan.people, plan.capacity)))
    solve_s = timed_peer(peer[0].solve, runs)
    agree(f"{made.label}, ratio {ratio:g}", plan.certificate.primal, peer[0].primal())
    rows.append(row("load", PEER, (load_s,), "arcs into the solver"))
    rows.append(row("assign", PEER, solve_s, "arcs already loaded; no certificate"))
    return rows
