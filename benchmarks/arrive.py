"""Everyone through the doors in time: the scramble of a whole city, queues, turned away and all."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from functools import partial

import numpy as np

from benchmarks.child import forget_peak, resident_mb
from benchmarks.instances import Instance, instance
from benchmarks.loads import people_of, places
from benchmarks.measurement import OURS, Case, Measurement, Wanted, slowness_note, timed
from takecover.analysis import departures, doorways, reach, timeline
from takecover.analysis.arrive import arrive
from takecover.analysis.scramble import to_the_nearest
from takecover.model.doorways import Doorways
from takecover.model.hops import Hops
from takecover.model.timeline import Batches, Timeline

PART = "arrive"
HORIZON_S = 1800
"""Half an hour: the last cohort of the delay has left and walked."""


@dataclass(frozen=True, eq=False)
class Crowd:
    """What is let through the doors."""

    batches: Batches
    doorways: Doorways
    capacity: np.ndarray
    hops: tuple[Hops, ...]

    def arrive(self) -> Timeline:
        """The job that is timed: batches in memory to who is under cover when, counted every ten seconds."""
        return arrive(self.batches, self.doorways, self.capacity, self.hops, timeline.moments(HORIZON_S * 10))


def crowd(made: Instance, ratio: float) -> Crowd:
    """Everybody of a city on the way to the nearest door, in the cohorts of the delay."""
    costs = reach.reach(made.city, made.scenario, HORIZON_S)
    hops = tuple(
        reach.between_shelters(made.city, made.scenario, HORIZON_S, group)
        for group in range(len(made.city.demand.groups))
    )
    left = departures.departures(made.city, made.scenario, costs, people_of(made.city, costs))
    return Crowd(
        to_the_nearest(costs, left),
        doorways.doorways(made.city, made.scenario),
        places(made.city, ratio),
        hops,
    )


def cases(wanted: Wanted) -> list[Case]:
    """One case for each size and ratio of places to people."""
    return [
        Case(f"{size}, places {ratio:g}", partial(_measure, size, ratio, wanted.runs))
        for size in wanted.sizes
        for ratio in wanted.ratios
    ]


def _measure(size: str, ratio: float, runs: int) -> list[Measurement]:
    made = instance(size)
    through = crowd(made, ratio)
    seconds = timed(through.arrive, runs)
    before_mb = resident_mb("VmRSS")
    has_reset = forget_peak()
    begin = time.process_time()
    seen = through.arrive()
    busy_s = time.process_time() - begin
    grew_mb = resident_mb("VmHWM") - before_mb
    people, visits = int(through.batches.people.sum()), int(seen.arrived[:, -1].sum())
    told = [
        f"{people:,} people in {len(through.batches):,} batches",
        f"{visits:,} comings to {len(through.doorways):,} doors",
        f"{busy_s:.2f} s of processor time",
        f"grows by {grew_mb:.0f} MB" if has_reset else "",
        _load_note(),
        slowness_note(seconds, runs),
    ]
    return [
        Measurement(
            PART,
            made.name,
            made.size,
            "everyone through the doors",
            OURS,
            seconds,
            ratio,
            objective=f"{seen.people.sum()}:{seen.stranded[-1]}",
            note="; ".join(filter(None, told)),
        )
    ]


def _load_note() -> str:
    """Says so where others kept the machine busy, so that wall time is no measure."""
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    return f"others at work: load {load:.0f} on {cores} cores" if load > cores else ""
