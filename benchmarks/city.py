"""The whole command that builds a city: Porto and its surroundings, from a packed extract to a folder and its check."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks import porto
from benchmarks.measurement import OURS, AbsentError, Case, Measurement, Wanted, slowness_note
from benchmarks.processes import Ran, command

PART = "city"
SHELTERS = Path(__file__).parents[1] / "docs" / "samples" / "porto-places.csv"
PEOPLE = 1_000_000
SLOW_S = 8.0
"""A command that takes longer [s] is timed three times at most."""


def cases(wanted: Wanted) -> list[Case]:
    """One case, where Porto is asked for."""
    is_asked = porto.NAME in wanted.sizes
    return [Case("porto, takecover city build", partial(_measure, wanted.runs))] if is_asked else []


def _build() -> Ran:
    """One build."""
    with tempfile.TemporaryDirectory() as folder:
        words = ["city", "build", porto.NAME, "--streets", str(porto.FILE), "--shelters", str(SHELTERS)]
        return command([*words, "--people", str(PEOPLE), "--out", str(Path(folder) / porto.NAME)])


def _measure(runs: int) -> list[Measurement]:
    """The first build reads the file into the system's cache, and is not counted."""
    if not porto.FILE.exists():
        raise AbsentError(f"{porto.FILE.name} is not at ../shared/data/porto")
    first_s = _build().seconds
    found = [_build() for _ in range(runs if first_s < SLOW_S else min(runs, 3))]
    seconds = tuple(run.seconds for run in found)
    processor_s = median(run.processor_s for run in found)
    what = f"streets of 2015, three places, checked; {processor_s:.0f} s of processor time"
    note = "; ".join(filter(None, [what, slowness_note(seconds, runs)]))
    row = Measurement(
        PART,
        porto.NAME,
        "whole",
        "takecover city build",
        OURS,
        seconds,
        peak_rss_mb=max(run.peak_mb for run in found),
        note=note,
    )
    return [row]
