"""What the program is meant to reach, and whether the results show that it does."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks import live_figures
from benchmarks.measurement import OURS
from benchmarks.reprice import STEP
from benchmarks.results import Row

NOT_MEASURED = "not measured"


@dataclass(frozen=True)
class Target:
    """A bound on one figure.

    Attributes
    ----------
    what
        The figure, as a reader knows it.
    bound
        Its bound.
    is_most
        True where the bound is the most that it may be, False where the least.
    unit
        Unit, for the page.
    figure
        Works it out from the rows; None where they do not hold it.
    """

    what: str
    bound: float
    is_most: bool
    unit: str
    figure: Callable[[list[Row]], float | None]

    def line(self, rows: list[Row]) -> list[str]:
        """What, bound, figure, and met or by how much missed."""
        found = self.figure(rows)
        bound = f"{'at most' if self.is_most else 'at least'} {self.bound:,.10g}{self.unit}"
        if found is None:
            return [self.what, bound, "", NOT_MEASURED]
        is_met = found <= self.bound if self.is_most else found >= self.bound
        over, under = (found, self.bound) if self.is_most else (self.bound, found)
        factor = over / under if under else math.inf
        verdict = (
            "met"
            if is_met
            else f"**missed by {factor - 1:.0%}**"
            if factor < 2
            else f"**missed {factor:.1f} times**"
        )
        return [
            self.what,
            bound,
            f"{found:.3g}{self.unit}" if found < 1000 else f"{found:,.0f}{self.unit}",
            verdict,
        ]


def found(
    rows: list[Row], part: str, size: str, step: str, peer: str = OURS, ratio: str | None = None
) -> Iterator[Row]:
    """Rows of Model Kyiv that fit."""
    for row in rows:
        fits = (row["part"], row["size"], row["step"], row["peer"]) == (part, size, step, peer)
        if fits and row["instance"] == "model-kyiv" and ratio in (None, row["ratio"]):
            yield row


def _value(
    part: str, size: str, step: str, ratio: str | None = None, column: str = "median_s", scale: float = 1.0
) -> Callable[[list[Row]], float | None]:
    """The largest of a column over the rows that fit."""

    def figure(rows: list[Row]) -> float | None:
        values = [float(row[column]) * scale for row in found(rows, part, size, step, OURS, ratio)]
        return max(values, default=None)

    return figure


def _least_lead(part: str, size: str, step: str, peer: str) -> Callable[[list[Row]], float | None]:
    """The smallest lead over a peer at any ratio: its time over ours."""

    def figure(rows: list[Row]) -> float | None:
        theirs = {row["ratio"]: float(row["median_s"]) for row in found(rows, part, size, step, peer)}
        leads = [
            theirs[row["ratio"]] / float(row["median_s"])
            for row in found(rows, part, size, step)
            if row["ratio"] in theirs
        ]
        return min(leads, default=None)

    return figure


def _repair(column: str, scale: float) -> Callable[[list[Row]], float | None]:
    """The worse of closing and opening."""

    def figure(rows: list[Row]) -> float | None:
        steps = (f"{step} one of 200 drawn by lot" for step in ("close", "open"))
        values = [_value("repair", "full", step, None, column, scale)(rows) for step in steps]
        return max((value for value in values if value is not None), default=None)

    return figure


def growth_exponent(rows: list[Row]) -> float | None:
    """Power of the candidate entries with which the time grows from `full` to a million nodes; 1 is linear."""
    ends = [next(found(rows, "growth", size, "streets to plan"), None) for size in ("full", "1000000")]
    if ends[0] is None or ends[1] is None:
        return None
    (small_s, small), (large_s, large) = (
        (float(row["median_s"]), int(row["entries"])) for row in ends if row
    )
    return math.log(large_s / small_s) / math.log(large / small)


def _raid(part: str, what: str) -> Callable[[list[Row]], float | None]:
    """A figure of a raid, in the worse of the two ways to serve; it stands in a table of its own."""
    return lambda _rows: live_figures.worst(part, what)


def _year_opened(rows: list[Row]) -> float | None:
    """The slower of both databases; None until both are measured."""
    opened = {row["step"]: float(row["median_s"]) for row in rows if row["part"] == "journal"}
    both = [opened[step] for step in ("opening, SQLite", "opening, PostgreSQL") if step in opened]
    return max(both) if len(both) == 2 else None


PLACES = "takecover plan --places-only"
_STREAMS = "10,000 streams, an alert"
TARGETS = (
    Target(
        "Candidate entries at full", 1.2e6, False, "", _value("assign", "full", "assign", column="entries")
    ),
    Target(
        "Streets in memory to certified plan, full, places 0.8 of people",
        0.6,
        True,
        " s",
        _value("assign", "full", "streets to plan", "0.8"),
    ),
    Target("The same at the worst ratio", 1.5, True, " s", _value("assign", "full", "streets to plan")),
    Target(
        "Assignment with certificate against OR-Tools, full, at the worst ratio",
        5.0,
        False,
        " times as fast",
        _least_lead("assign", "full", "assign", "ortools"),
    ),
    Target(
        "Peak memory, streets to plan, full",
        500.0,
        True,
        " MB",
        _value("memory", "full", "streets to plan", column="peak_rss_mb"),
    ),
    Target(
        "Growth from full to 1,000,000 nodes: power of the candidate entries (1 is linear; 1.2 counts as close)",
        1.2,
        True,
        "",
        growth_exponent,
    ),
    Target("One shelter closed or opened, full: median", 2.0, True, " ms", _repair("median_s", 1000.0)),
    Target("One shelter closed or opened, full: worst of 200", 100.0, True, " ms", _repair("max_s", 1000.0)),
    Target(
        "Everyone through the doors in time, full, at the worst ratio",
        3.0,
        True,
        " s",
        _value("arrive", "full", "everyone through the doors"),
    ),
    Target(
        "Assignment over time, full, one group, one queue per shelter, slots of 30 s",
        2.0,
        True,
        " s",
        _value("overtime", "full", "solve, one queue per shelter"),
    ),
    Target(
        "The same against OR-Tools on the explicit network",
        5.0,
        False,
        " times as fast",
        _least_lead("overtime", "full", "solve, one queue per shelter", "ortools"),
    ),
    Target(
        "Plan over time with certificate, full, four groups, five cohorts, every entrance, slots of 30 s",
        20.0,
        True,
        " s",
        _value("overtime", "full", "plan, one queue per entrance, groups split"),
    ),
    Target("The bound for 60 times, full", 10.0, True, " s", _value("overtime", "full", "bound, 60 times")),
    Target(
        "One door shut, full: plan over time with certificate, median",
        100.0,
        True,
        " ms",
        _value("overtime", "full", "shut one of 100 doors drawn by lot", scale=1000.0),
    ),
    Target(
        "Nearest shelter of all nodes against scipy, full (query)",
        2.0,
        False,
        " times as fast",
        _least_lead("nearest", "full", "query", "scipy"),
    ),
    Target("`takecover plan` small", 10.0, True, " s", _value("plan", "small", "takecover plan")),
    Target(f"`{PLACES}` small", 4.0, True, " s", _value("plan", "small", PLACES)),
    Target(f"`{PLACES}` full", 25.0, True, " s", _value("plan", "full", PLACES)),
    Target(
        "In a raid: an alert to the last of 10,000 streams",
        2.0,
        True,
        " s",
        _raid("stream", f"{_STREAMS} alone: the last client"),
    ),
    Target(
        "The same while 500 wardens report",
        2.0,
        True,
        " s",
        _raid("stream", f"{_STREAMS} while 500 wardens report: the last client"),
    ),
    Target(
        "2,000 public reads a second: p99", 50.0, True, " ms", _raid("reads", "2,000 reads a second: p99")
    ),
    Target(
        "2,000 public reads a second: errors", 0.0, True, "", _raid("reads", "2,000 reads a second: errors")
    ),
    Target(
        "A shelter shuts in a raid, full: median to new prices",
        50.0,
        True,
        " ms",
        _value("reprice", "full", STEP, scale=1e3),
    ),
    Target(
        "A shelter shuts in a raid, full: worst of 200",
        250.0,
        True,
        " ms",
        _value("reprice", "full", STEP, column="max_s", scale=1e3),
    ),
    Target("A year's journal, 2 million events, opened: the slower database", 5.0, True, " s", _year_opened),
    Target("First-run compilation in all", 25.0, True, " s", _value("plan", "small", "compilation in all")),
)
