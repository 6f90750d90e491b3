"""How large a process grows from streets in memory to a certified plan."""

from __future__ import annotations

from functools import partial

from benchmarks.assign import PEER
from benchmarks.instances import instance
from benchmarks.measurement import LIMIT_S, OURS, USUAL_RATIO, Case, Measurement, Wanted
from benchmarks.processes import planned_apart

PART = "memory"


def cases(wanted: Wanted) -> list[Case]:
    """One case for each size and program."""
    return [
        Case(f"{size}, {peer}", partial(_measure, size, peer))
        for size in wanted.sizes
        for peer in (OURS, PEER)
    ]


def _measure(size: str, peer: str) -> list[Measurement]:
    made = instance(size)
    planned_apart(
        instance("small"), LIMIT_S, USUAL_RATIO, 0, peer
    )  # so that no kernel is compiled in the one that counts
    told = planned_apart(made, LIMIT_S, USUAL_RATIO, 0, peer)
    what = "" if told["has_reset"] else "; loading the city counts as well"
    how = "" if peer == OURS else "reach by Takecover, then OR-Tools; "
    return [
        Measurement(
            PART,
            made.name,
            made.size,
            "streets to plan",
            peer,
            tuple(run["whole"] for run in told["seconds"]),
            USUAL_RATIO,
            told["entries"],
            told["peak_mb"],
            told["objective"],
            f"{how}one cold run in a new process, {told['before_mb']:.0f} MB before it{what}",
        )
    ]
