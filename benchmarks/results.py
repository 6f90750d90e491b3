"""The table of results: one row for each measurement, kept beside this module."""

from __future__ import annotations

import csv
import datetime
import os
import platform
import subprocess
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.measurement import OURS, Measurement

FILE = Path(__file__).parent / "results" / "measurements.csv"
KEY = ("part", "instance", "size", "step", "peer", "ratio")
COLUMNS = (
    *KEY,
    *("median_s", "min_s", "max_s", "p90_s", "runs", "peak_rss_mb", "entries", "objective", "note"),
    *("versions", "machine", "date", "commit"),
)
PACKAGES = {
    OURS: ("numpy", "numba"),
    "ortools": ("ortools",),
    "scipy": ("scipy",),
    "pandana": ("pandana",),
    "networkx": ("networkx",),
}

Row = dict[str, str]


def read() -> list[Row]:
    """The rows so far; none where nothing was measured."""
    if not FILE.exists():
        return []
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def forget() -> None:
    """Begin with no rows: a run of everything leaves nothing of an older one."""
    FILE.unlink(missing_ok=True)


def keep(measured: Iterable[Measurement]) -> None:
    """Write rows; one that measures the same as an older row takes its place."""
    rows = {tuple(row[name] for name in KEY): row for row in read()}
    for measurement in measured:
        row = as_row(measurement)
        rows[tuple(row[name] for name in KEY)] = row
    FILE.parent.mkdir(exist_ok=True)
    fresh = FILE.with_suffix(".new")
    with fresh.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows.values())
    fresh.replace(FILE)


def as_row(measurement: Measurement) -> Row:
    """A measurement as texts, with the machine, the date and the versions."""
    m = measurement
    return {
        "part": m.part,
        "instance": m.instance,
        "size": m.size,
        "step": m.step,
        "peer": m.peer,
        "ratio": "" if m.ratio is None else f"{m.ratio:g}",
        "median_s": f"{m.median_s:.6f}",
        "min_s": f"{min(m.seconds):.6f}",
        "max_s": f"{max(m.seconds):.6f}",
        "p90_s": "" if m.p90_s is None else f"{m.p90_s:.6f}",
        "runs": str(len(m.seconds)),
        "peak_rss_mb": "" if m.peak_rss_mb is None else f"{m.peak_rss_mb:.0f}",
        "entries": "" if m.entries is None else str(m.entries),
        "objective": m.objective,
        "note": m.note,
        "versions": versions(m.peer),
        "machine": machine(),
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": commit(),
    }


@cache
def versions(peer: str) -> str:
    """Python and the packages that do the peer's work."""
    named = [f"python {platform.python_version()}"]
    for package in PACKAGES[peer]:
        try:
            named.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            named.append(f"{package} unknown")
    return ", ".join(named)


@cache
def machine() -> str:
    """Processor, cores that this process may use, and memory."""
    model = platform.processor() or platform.machine()
    told = Path("/proc/cpuinfo")
    if told.exists():
        lines = told.read_text(encoding="utf-8").splitlines()
        model = next(
            (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), model
        )
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return f"{model}, {len(os.sched_getaffinity(0))} cores, {memory_gb:.0f} GB"


@cache
def commit() -> str:
    """The commit that was measured, with a plus where files of the program differ from it."""

    def git(*words: str) -> str:
        ended = subprocess.run(
            ["git", *words], cwd=Path(__file__).parent, capture_output=True, text=True, check=False
        )
        return ended.stdout.strip() if ended.returncode == 0 else ""

    head = git("rev-parse", "--short=12", "HEAD")
    changed = git("status", "--porcelain", "--", "../src") if head else ""
    return (head + ("+" if changed else "")) or "unknown"
