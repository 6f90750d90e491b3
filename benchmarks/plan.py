"""The whole command, from process start to written report, with doors and for places only; and what compiling adds."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

from benchmarks.measurement import OURS, Case, Measurement, Wanted, slowness_note
from benchmarks.processes import Ran, command
from takecover import cities

PART = "plan"
WAYS: dict[str, tuple[str, ...]] = {
    "takecover plan": (),
    "takecover plan --places-only": ("--places-only",),
}
SLOW_S = 8.0
"""A command that takes longer [s] is timed three times at most."""


def cases(wanted: Wanted) -> list[Case]:
    """Two cases for each size of Model Kyiv, and the first run."""
    sizes = [size for size in wanted.sizes if size in cities.SIZES]
    found = [Case(f"{size}, {way}", partial(_warm, size, way, wanted.runs)) for size in sizes for way in WAYS]
    return [*found, Case("first run", _first)] if sizes else []


def _plan(size: str, options: tuple[str, ...] = (), environment: dict[str, str] | None = None) -> Ran:
    with tempfile.TemporaryDirectory() as folder:
        words = ["plan", cities.MODEL_KYIV + size, *options, "--out", str(Path(folder) / "plan")]
        return command(words, environment)


def _warm(size: str, way: str, runs: int) -> list[Measurement]:
    """Kernels cached: the first command sees to that and is not counted."""
    first_s = _plan(size, WAYS[way]).seconds
    found = [_plan(size, WAYS[way]) for _ in range(runs if first_s < SLOW_S else min(runs, 3))]
    seconds = tuple(run.seconds for run in found)
    note = "; ".join(filter(None, ["kernels cached, city made anew", slowness_note(seconds, runs)]))
    return [_row(size, way, seconds, max(run.peak_mb for run in found), note)]


def _first() -> list[Measurement]:
    """The smallest city with an empty cache of kernels, then with that cache full: the rest is compiling."""
    size = cities.SIZES[0]
    with tempfile.TemporaryDirectory() as cache:
        environment = {"NUMBA_CACHE_DIR": cache}
        cold_s, _, cold_mb = _plan(size, environment=environment)
        warm_s = _plan(size, environment=environment).seconds
    return [
        _row(size, "takecover plan, first run", (cold_s,), cold_mb, "no kernel compiled yet; one run"),
        _row(size, "compilation in all", (cold_s - warm_s,), cold_mb, "first run less the next"),
    ]


def _row(size: str, step: str, seconds: tuple[float, ...], peak_mb: float, note: str) -> Measurement:
    return Measurement(PART, "model-kyiv", size, step, OURS, seconds, peak_rss_mb=peak_mb, note=note)
