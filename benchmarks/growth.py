"""How time and memory grow: more streets and origins up to a million nodes, and a limit of an hour."""

from __future__ import annotations

from functools import partial

from benchmarks.instances import Instance, instance, kyiv_of
from benchmarks.measurement import LIMIT_S, OURS, USUAL_RATIO, Case, Measurement, Wanted, slowness_note
from benchmarks.processes import planned_apart

PART = "growth"
HOUR_S = 3_600
STEPS = {"whole": "streets to plan", "reach": "reach", "assign": "assign"}

LARGER = {"full": ((700_000, 100_000), (1_000_000, 143_000))}
"""Nodes and origins beyond the sizes of Model Kyiv, measured where its largest is."""


def cases(wanted: Wanted) -> list[Case]:
    """One case for each size of Model Kyiv, the larger ones, and the hour."""
    sizes = [size for size in wanted.sizes if size != "porto"]
    found = [Case(f"{size}, growth", partial(_known, size, LIMIT_S, wanted.runs)) for size in sizes]
    for size in sizes:
        for nodes, origins in LARGER.get(size, ()):
            found.append(Case(f"{nodes:,} nodes", partial(_larger, nodes, origins)))
    found.extend(
        Case(f"{size}, an hour", partial(_known, size, HOUR_S, 0)) for size in sizes if size == "full"
    )
    return found


def _known(size: str, limit_s: int, runs: int) -> list[Measurement]:
    return _measure(instance(size), limit_s, runs)


def _larger(nodes: int, origins: int) -> list[Measurement]:
    return _measure(kyiv_of(nodes, origins), LIMIT_S, 1)


def _measure(made: Instance, limit_s: int, runs: int) -> list[Measurement]:
    told = planned_apart(made, limit_s, USUAL_RATIO, runs)
    rows = []
    for name, step in STEPS.items():
        seconds = tuple(run[name] for run in told["seconds"])
        note = f"limit {limit_s} s"
        if runs == 0:
            note += "; one cold run"
        elif few := slowness_note(seconds, max(runs, 2)):
            note += "; one run after a warm-up" if len(seconds) == 1 else f"; {few}"
        rows.append(
            Measurement(
                PART,
                made.name,
                made.size if limit_s == LIMIT_S else f"{made.size}, an hour",
                step,
                OURS,
                seconds,
                USUAL_RATIO,
                told["entries"],
                told["peak_mb"],
                told["objective"],
                note,
            )
        )
    return rows
