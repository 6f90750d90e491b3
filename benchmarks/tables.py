"""Writes the figures of README.md from the table of results, so that no number there is typed by hand."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from benchmarks import page, results
from benchmarks.measurement import OURS
from benchmarks.results import Row
from benchmarks.targets import TARGETS

BEGIN = "<!-- written by `python -m benchmarks tables`: begin -->"
END = "<!-- written by `python -m benchmarks tables`: end -->"

TITLES = {
    "nearest": "Nearest shelter of every node",
    "reach": "Every walk to a shelter within 900 s",
    "assign": "Exact assignment, and streets in memory to certified plan",
    "repair": "One shelter closed or opened",
    "reprice": "One shelter shuts in a raid: from the report to new prices on the stream",
    "arrive": "Everyone through the doors in time: the scramble for half an hour, counted every ten seconds",
    "overtime": "The assignment over time, its bound, and one door shut or opened",
    "growth": "Growth, and a limit of an hour",
    "plan": "The whole command",
    "memory": "Memory, streets in memory to certified plan",
    "city": "A city from its files",
    "journal": "A year's journal opened",
}
OPTIONAL = {"ratio": "ratio", "entries": "entries", "p90_s": "p90", "peak_rss_mb": "peak MB", "note": "note"}


def rewrite() -> Path:
    """Write the part of the page that is of the table of results."""
    return page.rewrite(BEGIN, END, figures(results.read()))


def figures(rows: list[Row]) -> str:
    """Targets, where a peer wins, and every row."""
    sections = [_origin(rows), "## Targets\n", _markdown(_target_lines(rows)), *_peers(rows)]
    for part, title in TITLES.items():
        own = [row for row in rows if row["part"] == part]
        if part == "assign" and own:
            sections += [f"## {title}\n", _markdown(_assign_lines(own)), _every_row(own)]
        elif own:
            sections += [f"## {title}\n", _markdown(_lines(own))]
    return "\n".join(sections)


def _origin(rows: list[Row]) -> str:
    """Machine, commit and versions that the figures come from."""
    lines = []
    for name, column in (("Machine", "machine"), ("Commit", "commit"), ("Versions", "versions")):
        lines.append(f"- {name}: {'; '.join(dict.fromkeys(row[column] for row in rows))}")
    dates = sorted(row["date"] for row in rows)
    if dates:
        lines.append(f"- Measured: {dates[0]} to {dates[-1]}")
    if any(row["commit"].endswith("+") for row in rows):
        lines.append("- A plus behind the commit: the program had changes that were not committed yet.")
    return "\n".join(lines) + "\n"


def _target_lines(rows: list[Row]) -> list[list[str]]:
    return [["target", "bound", "measured", "verdict"], *(target.line(rows) for target in TARGETS)]


def _peers(rows: list[Row]) -> list[str]:
    """Every job that a peer does faster or in less memory than we do, and the smallest lead where none does."""
    pairs = list(_pairs(rows))
    wins = []
    for ours, theirs in pairs:
        where = f"{theirs['peer']}, {theirs['part']}, {ours['instance']} {ours['size']}, {ours['step']}"
        where += f", ratio {ours['ratio']}" if ours["ratio"] else ""
        if float(theirs["median_s"]) < float(ours["median_s"]):
            times = float(ours["median_s"]) / float(theirs["median_s"])
            wins.append(
                f"- {where}: {_seconds(theirs['median_s'])} against our {_seconds(ours['median_s'])}, "
                f"{times:.1f} times as fast."
            )
        if ours["peak_rss_mb"] and float(theirs["peak_rss_mb"]) < float(ours["peak_rss_mb"]):
            wins.append(f"- {where}: {theirs['peak_rss_mb']} MB against our {ours['peak_rss_mb']} MB.")
    if not pairs:
        return []
    if not wins:
        ours, theirs = min(pairs, key=lambda pair: float(pair[1]["median_s"]) / float(pair[0]["median_s"]))
        lead = float(theirs["median_s"]) / float(ours["median_s"])
        wins = [
            f"In none of {len(pairs)} comparisons. The smallest lead is {lead:.1f} times, over {theirs['peer']} "
            f"({ours['part']}, {ours['instance']} {ours['size']}, {ours['step']} {ours['ratio']})."
        ]
    return ["## Where a peer wins\n", "\n".join(wins) + "\n"]


def _pairs(rows: list[Row]) -> Iterable[tuple[Row, Row]]:
    """Our row and a peer's of the same job."""
    names = [name for name in results.KEY if name != "peer"]
    ours = {tuple(row[name] for name in names): row for row in rows if row["peer"] == OURS}
    for row in rows:
        key = tuple(row[name] for name in names)
        if row["peer"] != OURS and key in ours:
            yield ours[key], row


def _assign_lines(rows: list[Row]) -> list[list[str]]:
    """One line for each city and ratio: ours, OR-Tools', and how many times as fast."""
    by = {(row["instance"], row["size"], row["ratio"], row["step"], row["peer"]): row for row in rows}
    head = ["city", "ratio", "entries", "streets to plan", "reach", "solve", "assign", "OR-Tools", "lead"]
    lines = [head]
    for instance, size, ratio in dict.fromkeys((r["instance"], r["size"], r["ratio"]) for r in rows):
        cells = [
            by.get((instance, size, ratio, step, peer))
            for step, peer in (
                *((step, OURS) for step in ("streets to plan", "reach", "solve", "assign")),
                ("assign", "ortools"),
            )
        ]
        known = [row for row in cells if row]
        lead = ""
        if cells[3] and cells[4]:
            lead = f"{float(cells[4]['median_s']) / float(cells[3]['median_s']):.1f}"
        entries = f"{int(known[0]['entries']):,}" if known else ""
        times = [_seconds(row["median_s"]) if row else "" for row in cells]
        lines.append([f"{instance} {size}", ratio, entries, *times, lead])
    return lines


def _every_row(rows: list[Row]) -> str:
    """The rows behind the table above, folded away."""
    return f"<details><summary>Every row of it</summary>\n\n{_markdown(_lines(rows))}\n</details>\n"


def _lines(rows: list[Row]) -> list[list[str]]:
    optional = [name for name in OPTIONAL if any(row[name] for row in rows)]
    lines = [
        ["city", "step", "by", "median", "least", "most", "runs", *(OPTIONAL[name] for name in optional)]
    ]
    for row in rows:
        times = [_seconds(row[name]) for name in ("median_s", "min_s", "max_s")]
        more = [_cell(name, row[name]) for name in optional]
        lines.append(
            [f"{row['instance']} {row['size']}", row["step"], row["peer"], *times, row["runs"], *more]
        )
    return lines


def _cell(name: str, text: str) -> str:
    if not text:
        return ""
    return _seconds(text) if name == "p90_s" else f"{int(text):,}" if name == "entries" else text


def _seconds(text: str) -> str:
    """Three figures, in the unit that suits."""
    seconds = float(text)
    return f"{seconds * 1000:.3g} ms" if abs(seconds) < 0.9995 else f"{seconds:.3g} s"


def _markdown(lines: list[list[str]]) -> str:
    head, *body = lines
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, ["---"] * len(head), *body]) + "\n"
