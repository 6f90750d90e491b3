"""Figures of a raid under load: kept as a table, and written into README.md between marks of their own."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import page, results
from benchmarks.measurement import OURS

FILE = results.FILE.with_name("live.csv")
BEGIN = "<!-- written by the measurements of a raid: begin -->"
END = "<!-- written by the measurements of a raid: end -->"
COLUMNS = ("part", "what", "how", "value", "unit", "note", "versions", "machine", "date", "commit")


@dataclass(frozen=True)
class Figure:
    """One number.

    Attributes
    ----------
    part
        The program that measured it.
    what
        What was measured.
    how
        On which way to serve.
    value, unit
        The number.
    note
        What a reader must know of it.
    """

    part: str
    what: str
    how: str
    value: float
    unit: str
    note: str = ""


def keep(figures: Iterable[Figure]) -> None:
    """Write rows; one that measures the same as an older row takes its place."""
    rows = {(row["part"], row["what"], row["how"]): row for row in read()}
    for each in figures:
        row = {
            **{"part": each.part, "what": each.what, "how": each.how},
            **{"value": f"{each.value:.6g}", "unit": each.unit, "note": each.note},
            **{"versions": results.versions(OURS), "machine": results.machine()},
            "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
            "commit": results.commit(),
        }
        rows[each.part, each.what, each.how] = row
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows.values())


def read() -> list[dict[str, str]]:
    """The rows so far; none where nothing was measured."""
    if not FILE.exists():
        return []
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def worst(part: str, what: str) -> float | None:
    """The largest figure of one thing over the ways to serve; None where it was not measured."""
    found = [float(row["value"]) for row in read() if (row["part"], row["what"]) == (part, what)]
    return max(found, default=None)


def rewrite() -> Path:
    """Write the part of the page that is of a raid."""
    lines = ["| what | how | measured | note | when | commit |", "| --- | --- | --- | --- | --- | --- |"]
    for row in read():
        measured = f"{float(row['value']):.3g} {row['unit']}"
        cells = (row["what"], row["how"], measured, row["note"], row["date"], row["commit"])
        lines.append(f"| {' | '.join(cells)} |")
    machines = "; ".join(dict.fromkeys(row["machine"] for row in read()))
    return page.rewrite(BEGIN, END, "\n".join([f"- Machine: {machines}", "", *lines, ""]))
