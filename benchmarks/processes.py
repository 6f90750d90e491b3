"""Starts processes that measure themselves or a command, and reads what they say."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.instances import Instance
from benchmarks.loads import hand_over
from benchmarks.measurement import OURS, DisagreementError

ROOT = Path(__file__).parents[1]


def planned_apart(made: Instance, limit_s: int, ratio: float, runs: int, peer: str = OURS) -> dict[str, Any]:
    """What `child` says of a city that it got in memory; with no runs it plans once, unwarmed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "city.pickle"
        hand_over(made.city, made.scenario, path)
        return _told("benchmarks.child", [str(path), str(limit_s), str(ratio), str(runs), peer], {})


class Ran(NamedTuple):
    """A command from process start to end: wall time and processor time [s], and its peak [MB]."""

    seconds: float
    processor_s: float
    peak_mb: float


def command(words: list[str], environment: dict[str, str] | None = None) -> Ran:
    """Run a Takecover command in a process of its own.

    Raises
    ------
    DisagreementError
        If it does not end well.
    """
    program = [sys.executable, "-c", "from takecover.cli import main; main()", *words]
    told = _told("benchmarks.launch", program, environment or {})
    if told["code"] != 0:
        raise DisagreementError(f"takecover {' '.join(words)} ended with {told['code']}.")
    return Ran(told["seconds"], told["processor_s"], told["peak_mb"])


def _told(module: str, words: list[str], environment: dict[str, str]) -> dict[str, Any]:
    ended = subprocess.run(
        [sys.executable, "-m", module, *words],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode != 0:
        raise DisagreementError(f"{module} ended with {ended.returncode}:\n{ended.stderr[-2000:]}")
    told: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return told
