"""A process that gets a city in memory, plans it, and says on its last line how long that took and how large it grew.

Run by `processes`; measures nothing but itself, so that no other benchmark's memory is counted.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from benchmarks.loads import as_text, people_of, places, receive
from benchmarks.measurement import OURS
from benchmarks.stages import planned
from takecover.analysis.reach import reach
from takecover.model.city import City
from takecover.model.scenario import Scenario

_KB = 1024

Told = tuple[dict[str, float], int, str]
"""Seconds of each stage, entries of the cost table, and the objective; the plan itself is let go."""


def main(path: str, limit_s: int, ratio: float, runs: int, peer: str) -> None:
    """Plan so many times after a warm-up; with no runs, once and cold, as a new process does."""
    city, scenario = receive(Path(path))
    has_reset = forget_peak()
    before_mb = resident_mb("VmRSS")
    plan = ours if peer == OURS else theirs
    told = [plan(city, scenario, limit_s, ratio) for _ in range(runs + 1)]
    seconds = [took for took, _, _ in told]
    _, entries, objective = told[-1]
    answer = {
        "seconds": seconds[1:] or seconds,
        "before_mb": before_mb,
        "peak_mb": resident_mb("VmHWM"),
        "has_reset": has_reset,
        "entries": entries,
        "objective": objective,
    }
    print(json.dumps(answer))


def ours(city: City, scenario: Scenario, limit_s: int, ratio: float) -> Told:
    """Plan once."""
    run = planned(city, scenario, limit_s, ratio)
    took = {"whole": run.whole_s, "reach": run.reach_s, "assign": run.assign_s}
    return took, len(run.plan.costs.walk_time_ds), as_text(run.plan.certificate.primal)


def theirs(city: City, scenario: Scenario, limit_s: int, ratio: float) -> Told:
    """Our reach, then OR-Tools, which is imported here so that our own memory does not hold it."""
    from benchmarks.flow_peer import FlowPeer

    begin = time.perf_counter()
    costs = reach(city, scenario, limit_s)
    flow = FlowPeer(costs, people_of(city, costs), places(city, ratio))
    flow.solve()
    took = {"whole": time.perf_counter() - begin}
    return took, len(costs.walk_time_ds), as_text(flow.primal())


def forget_peak() -> bool:
    """Begin the peak anew, so that what loading took does not count; False where the kernel does not let us."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return False
    return True


def resident_mb(field: str) -> float:
    """Resident memory now (VmRSS) or at its peak (VmHWM) [MB]."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * _KB / 1e6
    raise OSError(f"{field} is not told by this system.")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
