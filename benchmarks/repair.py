"""One shelter closed or opened: the optimum repaired, and proven again."""

from __future__ import annotations

import time
from functools import partial

import numpy as np

from benchmarks.instances import Instance, instance
from benchmarks.loads import as_text, people_of, places
from benchmarks.measurement import LIMIT_S, OURS, USUAL_RATIO, Case, Measurement, Wanted, agree, seconds_of
from takecover.analysis import assign
from takecover.analysis.reach import reach
from takecover.analysis.standing import Standing
from takecover.model.costs import Costs
from takecover.model.plan import Certificate, Plan

PART = "repair"
SEED = 7
RANDOM = 200
BIGGEST = 50
KINDS = {"random": f"{RANDOM} drawn by lot", "biggest": f"the {BIGGEST} with most places"}


def cases(wanted: Wanted) -> list[Case]:
    """One case for each size; always at the usual ratio."""
    return [Case(f"{size}, one shelter at a time", partial(_measure, size)) for size in wanted.sizes]


def repaired_and_certified(standing: Standing, shelter_idx: int, place_count: int) -> Certificate:
    """The job that is timed: change one shelter's places, restore the optimum, prove it."""
    return standing.change_capacity(shelter_idx, place_count)


def _measure(size: str) -> list[Measurement]:
    made = instance(size)
    costs = reach(made.city, made.scenario, LIMIT_S)
    people, capacity = people_of(made.city, costs), places(made.city, USUAL_RATIO)
    standing = Standing(costs, people, capacity)
    before = standing.certificate
    biggest = np.argsort(-capacity, kind="stable")[:BIGGEST]
    drawn = np.random.default_rng(SEED).choice(len(capacity), min(RANDOM, len(capacity)), replace=False)
    rows = []
    for kind, chosen in {"random": drawn, "biggest": biggest}.items():
        close_s, open_s = _close_and_open(standing, chosen, capacity)
        agree("the same shelters open again", standing.certificate.primal, before.primal)
        for step, seconds in (("close", close_s), ("open", open_s)):
            rows.append(_row(made, f"{step} one of {KINDS[kind]}", seconds, len(costs.walk_time_ds), before))
    rows.append(_anew(made, standing, (costs, people, capacity), int(biggest[0])))
    return rows


def _close_and_open(
    standing: Standing, chosen: np.ndarray, capacity: np.ndarray
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Time of closing, and of opening again, each shelter in turn [s]; one is done before to warm up."""
    repaired_and_certified(standing, int(chosen[-1]), 0)
    repaired_and_certified(standing, int(chosen[-1]), int(capacity[chosen[-1]]))
    close_s, open_s = [], []
    for shelter_idx in chosen.tolist():
        begin = time.perf_counter()
        repaired_and_certified(standing, shelter_idx, 0)
        closed = time.perf_counter()
        repaired_and_certified(standing, shelter_idx, int(capacity[shelter_idx]))
        close_s.append(closed - begin)
        open_s.append(time.perf_counter() - closed)
    return tuple(close_s), tuple(open_s)


def _anew(
    made: Instance, standing: Standing, table: tuple[Costs, np.ndarray, np.ndarray], shelter_idx: int
) -> Measurement:
    """The same change by planning anew, which must find the same."""
    costs, people, capacity = table
    now = capacity.copy()
    now[shelter_idx] = 0
    repaired = repaired_and_certified(standing, shelter_idx, 0)
    repaired_and_certified(standing, shelter_idx, int(capacity[shelter_idx]))
    plans: list[Plan] = []
    seconds = (seconds_of(lambda: plans.append(assign.assign(costs, people, now))),)
    anew = plans[0]
    agree("repair and planning anew", repaired.primal, anew.certificate.primal)
    return _row(made, "plan anew with the biggest closed", seconds, len(costs.walk_time_ds), anew.certificate)


def _row(
    made: Instance, step: str, seconds: tuple[float, ...], entries: int, found: Certificate
) -> Measurement:
    return Measurement(
        PART,
        made.name,
        made.size,
        step,
        OURS,
        seconds,
        USUAL_RATIO,
        entries,
        objective=as_text(found.primal),
        note="certificate included",
    )
