"""The figure with the curves of people under cover: where every line, mark and label of it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from takecover import threats
from takecover.report import axes, texts
from takecover.report.axes import Frame, Scale, Tick

CROWDS = ("bound", "plan", "guided", "scramble")
"""The four lines, in the order of the key."""

POINTS_AT_MOST = 300
"""Points of one curve; more cannot be seen."""

NEAR_ALL, HEADROOM = 0.6, 1.25
"""The axis ends at everybody where a curve reaches that share of them, else that much above the highest curve."""

LABEL_HEIGHT = 18.0
"""Room that one line of text takes [px]."""

LETTER_WIDTH, MARK_GAP = 7.4, 10.0
"""Room that a letter takes, and between two names of threats [px]."""

MARK_ROWS, MARK_TOP, MARK_ROW = 4, 30, 15
"""Rows for the names of threats, base line of the first, and height of each [px]."""

DESK = Frame(width=720, height=450, left=84, right=112, top=88, bottom=52)
PHONE = Frame(width=360, height=390, left=84, right=12, top=88, bottom=48)


@dataclass(frozen=True)
class Line:
    """A curve, and the base line of its name at its right end."""

    name: str
    path: str
    label_y: float


@dataclass(frozen=True)
class Limit:
    """A time limit marked across the plot; not named where its name would run into that of the plan's own."""

    x: float
    minutes: str
    is_own: bool
    is_named: bool


@dataclass(frozen=True)
class Mark:
    """The usual warning time of a threat: its line, and its name to the right of it, or to the left near the end."""

    name: str
    time_s: int
    x: float
    label_y: float
    is_left: bool


@dataclass(frozen=True)
class Gap:
    """A gap between two curves, from top to bottom; named on its left where there is no room on its right."""

    x: float
    top: float
    bottom: float
    is_named_left: bool


@dataclass(frozen=True)
class Slack:
    """Where the plan lies farthest below the bound: people, when [s], and where on the picture [px]."""

    people: int
    at_s: float
    x: float
    top: float
    bottom: float


@dataclass(frozen=True)
class Chart:
    """Everything that the template draws; lengths in pixels of the picture.

    Attributes
    ----------
    frame
        Size and margins.
    lines
        The curves, in the order of `CROWDS`.
    bound_points
        Where the bound was worked out.
    behind
        Paths of the areas in which the plan's curve lies below the scramble's.
    x_ticks, y_ticks
        Marks at minutes and at people.
    limits
        The compared time limits.
    marks
        The threats that leave more than no time and no more than the axis shows, shortest first.
    is_everyone_shown
        True where the upper edge is everybody; False where the curves stay so far below that it is not.
    gap
        The gain over the scramble at the plan's own limit; None where it is too small to be drawn.
    slack
        The largest gap between plan and bound.
    """

    frame: Frame
    lines: tuple[Line, ...]
    bound_points: tuple[tuple[float, float], ...]
    behind: tuple[str, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    limits: tuple[Limit, ...]
    marks: tuple[Mark, ...]
    is_everyone_shown: bool
    gap: Gap | None
    slack: Slack


def draw(figures: Mapping[str, Any], frame: Frame) -> Chart:
    """Lay out the figure.

    Parameters
    ----------
    figures
        The figures of a plan, as in ``plan.json``.
    frame
        Size and margins.
    """
    found = {name: np.asarray(values, np.float64) for name, values in figures["curves"].items()}
    time_s, bound_time_s = found["time_s"], found["bound_time_s"]
    people, most = float(figures["people"]), float(max(found[name].max() for name in CROWDS))
    scale = Scale(frame, float(time_s[-1]), people if most >= NEAR_ALL * people else most * HEADROOM)
    compared_s = {row["time_limit_s"] for row in figures["comparison"]} | {figures["time_limit_s"]}
    x, plan_y, scramble_y = scale.x(time_s), scale.y(found["plan"]), scale.y(found["scramble"])
    return Chart(
        frame=frame,
        lines=_lines(scale, found, compared_s),
        bound_points=tuple(
            zip(scale.x(bound_time_s).tolist(), scale.y(found["bound"]).tolist(), strict=True)
        ),
        behind=_areas(x, plan_y, scramble_y, found["scramble"] > found["plan"]),
        x_ticks=axes.minute_ticks(scale, compared_s),
        y_ticks=tuple(Tick(float(scale.y(v)), v) for v in axes.round_values(scale.most)),
        limits=_limits(scale, figures["time_limit_s"], compared_s),
        marks=_marks(scale),
        is_everyone_shown=scale.most == people,
        gap=_gap(scale, figures),
        slack=_slack(scale, found),
    )


def marked() -> list[tuple[str, int]]:
    """Threats that usually leave some time, with that time [s], shortest first."""
    found = [(name, threats.usual_time_s(name)) for name in threats.names()]
    return sorted(((name, time_s) for name, time_s in found if time_s > 0), key=lambda mark: mark[1])


def _lines(scale: Scale, found: Mapping[str, np.ndarray], compared_s: set[int]) -> tuple[Line, ...]:
    """The four curves with their names, which keep clear of each other."""
    kept = _thin(found["time_s"], sorted(compared_s))
    ends = [float(scale.y(found[name][-1])) + 5.0 for name in CROWDS]
    labels_y = axes.apart(ends, LABEL_HEIGHT, scale.frame.floor)
    lines = []
    for name, label_y in zip(CROWDS, labels_y, strict=True):
        time_s, people = found["time_s"], found[name]
        if name == "bound":
            time_s = found["bound_time_s"]
        else:
            time_s, people = time_s[kept], people[kept]
        lines.append(Line(name, axes.path(scale.x(time_s), scale.y(people)), label_y))
    return tuple(lines)


def _thin(time_s: np.ndarray, keep_s: Sequence[int]) -> np.ndarray:
    """Positions of the points to draw: evenly few, and every one at a time limit."""
    count = min(len(time_s), POINTS_AT_MOST)
    even = np.linspace(0, len(time_s) - 1, count).round().astype(np.int64)
    return np.unique(np.concatenate([even, np.flatnonzero(np.isin(time_s, keep_s))]))


def _areas(x: np.ndarray, lower: np.ndarray, upper: np.ndarray, is_inside: np.ndarray) -> tuple[str, ...]:
    """Closed paths between two curves over each run of points that is marked."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], is_inside, [False]]).astype(np.int8)))
    runs = [slice(max(begin - 1, 0), end + 1) for begin, end in edges.reshape(-1, 2).tolist()]
    return tuple(axes.area(x[run], upper[run], lower[run]) for run in runs)


def _limits(scale: Scale, own_s: int, compared_s: set[int]) -> tuple[Limit, ...]:
    """The compared limits and the plan's own."""
    return tuple(
        Limit(
            x=float(scale.x(limit_s)),
            is_named=limit_s == own_s or abs(float(scale.x(limit_s) - scale.x(own_s))) >= axes.LIMIT_ROOM,
            minutes=f"{limit_s / 60:.3g}",
            is_own=limit_s == own_s,
        )
        for limit_s in sorted(compared_s)
        if limit_s <= scale.last
    )


def _marks(scale: Scale) -> tuple[Mark, ...]:
    """Warning times within the axis; each name stands in the first row in which it has room."""
    taken = [0.0] * MARK_ROWS
    found = []
    for name, time_s in marked():
        if time_s > scale.last:
            continue
        x = float(scale.x(time_s))
        width = LETTER_WIDTH * max(len(texts.say(f"threat.{name}", lang)) for lang in texts.LANGUAGES)
        is_left = x + width + MARK_GAP > scale.frame.width
        begin = x - width if is_left else x
        row = next((row for row, until in enumerate(taken) if begin >= until), MARK_ROWS - 1)
        taken[row] = begin + width + MARK_GAP
        found.append(Mark(name, time_s, x, MARK_TOP + MARK_ROW * row, is_left))
    return tuple(found)


def _gap(scale: Scale, figures: Mapping[str, Any]) -> Gap | None:
    """Where the gain at the plan's own limit is drawn."""
    top = float(scale.y(figures["under_cover"]))
    bottom = float(scale.y(figures["scramble"]["under_cover"]))
    if bottom - top < LABEL_HEIGHT:
        return None
    x = float(scale.x(figures["time_limit_s"]))
    return Gap(x, top, bottom, is_named_left=x > scale.frame.width * 0.65)


def _slack(scale: Scale, found: Mapping[str, np.ndarray]) -> Slack:
    """The largest gap between plan and bound, at the times at which the bound was worked out; the first of equals."""
    at = np.searchsorted(found["time_s"], found["bound_time_s"], side="right") - 1
    plan = found["plan"][at]
    most = int((found["bound"] - plan).argmax())
    return Slack(
        people=int(found["bound"][most] - plan[most]),
        at_s=float(found["bound_time_s"][most]),
        x=float(scale.x(found["bound_time_s"][most])),
        top=float(scale.y(found["bound"][most])),
        bottom=float(scale.y(plan[most])),
    )
