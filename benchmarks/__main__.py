"""Runs the benchmarks: ``python -m benchmarks [part ...] [--sizes ...] [--ratios ...] [--runs N]``."""

from __future__ import annotations

import argparse
import gc
import sys
import time
from types import ModuleType

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from benchmarks import (
    arrive,
    assign,
    city,
    growth,
    journal,
    memory,
    nearest,
    overtime,
    plan,
    reach,
    repair,
    reprice,
    results,
    tables,
)
from benchmarks.instances import SIZES, instance
from benchmarks.measurement import LIMIT_S, RATIOS, USUAL_RATIO, AbsentError, Measurement, Wanted
from benchmarks.stages import planned

PARTS: dict[str, tuple[ModuleType, tuple[str, ...]]] = {
    "nearest": (nearest, SIZES[:3]),
    "reach": (reach, SIZES),
    "assign": (assign, SIZES),
    "repair": (repair, ("full",)),
    "reprice": (reprice, ("full",)),
    "arrive": (arrive, SIZES[:3]),
    "overtime": (overtime, SIZES[:3]),
    "growth": (growth, SIZES[:3]),
    "plan": (plan, SIZES[:3]),
    "memory": (memory, ("full",)),
    "city": (city, SIZES[-1:]),
    "journal": (journal, ("full",)),
}
"""Each part with the sizes that it is run for where none are named."""


def main() -> int:
    """Measure, show and keep; what is not here is passed over and named."""
    asked = _parsed()
    console = Console()
    if asked.parts == ["tables"]:
        console.print(f"Wrote {tables.rewrite().name} from {results.FILE.name}.")
        return 0
    if not asked.parts and asked.sizes is None and asked.ratios == RATIOS:
        results.forget()
    for name in asked.parts or PARTS:
        module, usual = PARTS[name]
        wanted = Wanted(asked.sizes or usual, asked.ratios, asked.runs)
        _run(name, module, wanted, console)
    console.print(f"Wrote {tables.rewrite().name} from {results.FILE.name}.")
    return 0


def _parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks", description="Time Takecover beside its peers.")
    parser.add_argument(
        "parts", nargs="*", help=f"{', '.join(PARTS)}; or tables alone, which writes README.md"
    )
    parser.add_argument("--sizes", type=_sizes, default=None, help=f"some of {','.join(SIZES)}")
    parser.add_argument("--ratios", type=_ratios, default=RATIOS, help="places over people: 0.8,1.2")
    parser.add_argument("--runs", type=int, default=5, help="timed runs of each measurement (default: 5)")
    asked = parser.parse_args()
    unknown = [part for part in asked.parts if part not in PARTS]
    if unknown and asked.parts != ["tables"]:
        parser.error(f"unknown part '{unknown[0]}'; give some of {', '.join(PARTS)}")
    if asked.runs < 1:
        parser.error("--runs: give 1 or more")
    return asked


def _sizes(text: str) -> tuple[str, ...]:
    named = tuple(text.split(","))
    for size in named:
        if size not in SIZES:
            raise argparse.ArgumentTypeError(f"'{size}' is none of {', '.join(SIZES)}")
    return named


def _ratios(text: str) -> tuple[float, ...]:
    return tuple(float(word) for word in text.split(","))


def _run(name: str, module: ModuleType, wanted: Wanted, console: Console) -> None:
    """Run one part; every row is kept as soon as it is there."""
    begin = time.perf_counter()
    shown: list[Measurement] = []
    passed: list[str] = []
    columns = SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, TimeElapsedColumn(), console=console) as bar:
        cases = module.cases(wanted)
        task = bar.add_task(f"{name}: warming up", total=len(cases))
        _warm_up()
        for case in cases:
            bar.update(task, description=f"{name}: {case.label}")
            try:
                rows = case.measure()
            except AbsentError as error:
                passed.append(f"{case.label}: passed over, {error}.")
            else:
                results.keep(rows)
                shown.extend(rows)
            gc.collect()
            bar.advance(task)
    console.print(_table(name, shown, time.perf_counter() - begin))
    for line in passed:
        console.print(line)


def _warm_up() -> None:
    """Compile or load every kernel once, so that no first timing holds it."""
    small = instance("small")
    planned(small.city, small.scenario, LIMIT_S, USUAL_RATIO)


def _table(name: str, rows: list[Measurement], took_s: float) -> Table:
    """What was measured, narrow enough for 80 columns; notes are in the results and on the page."""
    table = Table(title=f"{name} ({took_s:.0f} s)", title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("city", "step", "by"):
        table.add_column(heading, no_wrap=heading == "city")
    for heading in ("ratio", "median s", "most s", "runs", "MB"):
        table.add_column(heading, justify="right", no_wrap=True)
    for m in rows:
        table.add_row(
            *(f"{m.instance} {m.size}", m.step, m.peer, "" if m.ratio is None else f"{m.ratio:g}"),
            *(f"{m.median_s:.4f}", f"{max(m.seconds):.4f}", str(len(m.seconds))),
            "" if m.peak_rss_mb is None else f"{m.peak_rss_mb:.0f}",
        )
    return table


if __name__ == "__main__":
    sys.exit(main())
