"""The figure with both curves: where every line and label of it stands."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

POINTS_AT_MOST = 300
"""Points of one curve; more cannot be seen."""

LABEL_HEIGHT = 18.0
"""Room that one line of text takes [px]."""


LIMIT_ROOM = 30.0
"""Room that the name of a time limit takes on the axis [px]; no other mark is written within it."""


LABEL_WIDTH = 180.0
"""Room that the name of a curve takes at its right end [px]."""


@dataclass(frozen=True)
class Frame:
    """Size of the picture and of the margins around the plot [px]."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int


DESK = Frame(width=720, height=400, left=84, right=20, top=34, bottom=52)
PHONE = Frame(width=360, height=330, left=70, right=10, top=34, bottom=48)


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: where it stands [px] and what it says."""

    at: float
    value: float


@dataclass(frozen=True)
class Limit:
    """A time limit marked across the plot, and the best plan made for exactly that time.

    It is not named where its name would run into that of the plan's own limit.
    """

    x: float
    minutes: str
    is_own: bool
    is_named: bool
    best_y: float | None


@dataclass(frozen=True)
class Gap:
    """A gap between the curves, from top to bottom; named on its left where there is no room on its right."""

    x: float
    top: float
    bottom: float
    is_named_left: bool


@dataclass(frozen=True)
class Chart:
    """Everything that the template draws; lengths in pixels of the picture.

    Attributes
    ----------
    frame
        Size and margins.
    plan, scramble
        Paths of the two curves.
    behind
        Paths of the areas in which the plan's curve lies below the scramble's.
    x_ticks, y_ticks
        Marks at minutes and at people.
    limits
        The compared time limits.
    people_y
        Where everybody would be under cover.
    plan_label_y, scramble_label_y
        Base lines of the labels at the right end.
    gap
        The gap at the plan's own limit; None where it is too small to be drawn.
    """

    frame: Frame
    plan: str
    scramble: str
    behind: tuple[str, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    limits: tuple[Limit, ...]
    people_y: float
    plan_label_y: float
    scramble_label_y: float
    gap: Gap | None


def draw(figures: Mapping[str, Any], frame: Frame) -> Chart:
    """Lay out the figure.

    Parameters
    ----------
    figures
        The figures of a plan, as in ``plan.json``.
    frame
        Size and margins.
    """
    time_s = np.asarray(figures["curves"]["time_s"], np.float64)
    plan = np.asarray(figures["curves"]["plan"], np.float64)
    scramble = np.asarray(figures["curves"]["scramble"], np.float64)
    scale = _Scale(frame, float(time_s[-1]), float(figures["people"]))
    kept = _thin(time_s, [row["time_limit_s"] for row in figures["comparison"]])
    x, plan_y, scramble_y = scale.x(time_s), scale.y(plan), scale.y(scramble)
    named = x >= x[-1] - LABEL_WIDTH
    is_plan_upper = plan[-1] >= scramble[-1]
    upper, lower = (plan_y, scramble_y) if is_plan_upper else (scramble_y, plan_y)
    over, under = float(upper[named].min()) - 10.0, float(lower[named].max()) + LABEL_HEIGHT
    return Chart(
        frame=frame,
        plan=_path(x[kept], plan_y[kept]),
        scramble=_path(x[kept], scramble_y[kept]),
        behind=_areas(x, plan_y, scramble_y, scramble > plan),
        x_ticks=_minute_ticks(scale, figures),
        y_ticks=tuple(Tick(float(scale.y(v)), v) for v in _round_values(scale.most)),
        limits=_limits(scale, figures),
        people_y=float(scale.y(float(figures["people"]))),
        plan_label_y=over if is_plan_upper else under,
        scramble_label_y=under if is_plan_upper else over,
        gap=_gap(scale, figures),
    )


@dataclass(frozen=True)
class _Scale:
    """Seconds and people to pixels."""

    frame: Frame
    last_s: float
    most: float

    def x(self, time_s: Any) -> Any:
        room = self.frame.width - self.frame.left - self.frame.right
        return self.frame.left + room * (np.asarray(time_s) / max(self.last_s, 1.0))

    def y(self, people: Any) -> Any:
        room = self.frame.height - self.frame.top - self.frame.bottom
        return self.frame.height - self.frame.bottom - room * (np.asarray(people) / max(self.most, 1.0))


def _thin(time_s: np.ndarray, keep_s: Sequence[int]) -> np.ndarray:
    """Positions of the points to draw: evenly few, and every one at a time limit."""
    count = min(len(time_s), POINTS_AT_MOST)
    even = np.linspace(0, len(time_s) - 1, count).round().astype(np.int64)
    return np.unique(np.concatenate([even, np.flatnonzero(np.isin(time_s, keep_s))]))


def _path(x: np.ndarray, y: np.ndarray) -> str:
    """A line through points, as the ``d`` of an SVG path."""
    return "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(x, y, strict=True))


def _areas(x: np.ndarray, lower: np.ndarray, upper: np.ndarray, is_inside: np.ndarray) -> tuple[str, ...]:
    """Closed paths between two curves over each run of points that is marked."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], is_inside, [False]]).astype(np.int8)))
    paths = []
    for begin, end in edges.reshape(-1, 2):
        run = slice(max(begin - 1, 0), end + 1)
        paths.append(
            _path(np.concatenate([x[run], x[run][::-1]]), np.concatenate([upper[run], lower[run][::-1]]))
            + "Z"
        )
    return tuple(paths)


def _minute_ticks(scale: _Scale, figures: Mapping[str, Any]) -> tuple[Tick, ...]:
    """Whole minutes along the axis, without those where the name of a time limit is written."""
    taken = {row["time_limit_s"] for row in figures["comparison"]} | {figures["time_limit_s"]}
    taken_x = scale.x(np.array(sorted(taken)))
    step_min = next(s for s in (1, 2, 5, 10, 20, 30, 60, 120, math.inf) if scale.last_s / 60 / s <= 12)
    seconds = np.arange(0, scale.last_s + 1, step_min * 60)
    return tuple(
        Tick(float(x), float(s / 60))
        for x, s in zip(scale.x(seconds), seconds, strict=True)
        if np.abs(taken_x - x).min() >= LIMIT_ROOM
    )


def _round_values(most: float) -> list[float]:
    """Round numbers from 0, four to eight of them, that end below the most."""
    if most <= 0:
        return [0.0]
    size = 10.0 ** math.floor(math.log10(most))
    step = next(size * share for share in (0.1, 0.2, 0.25, 0.5, 1.0, 2.0) if most / (size * share) <= 7)
    step = max(step, 1.0)
    return [step * i for i in range(int(most * 0.97 // step) + 1)]


def _limits(scale: _Scale, figures: Mapping[str, Any]) -> tuple[Limit, ...]:
    """The compared limits and the plan's own."""
    best = {row["time_limit_s"]: row["best_plan_under_cover"] for row in figures["comparison"]}
    own = figures["time_limit_s"]
    return tuple(
        Limit(
            x=float(scale.x(limit_s)),
            is_named=limit_s == own or abs(float(scale.x(limit_s) - scale.x(own))) >= LIMIT_ROOM,
            minutes=f"{limit_s / 60:.3g}",
            is_own=limit_s == own,
            best_y=None if best.get(limit_s) is None else float(scale.y(best[limit_s])),
        )
        for limit_s in sorted({*best, own})
        if limit_s <= scale.last_s
    )


def _gap(scale: _Scale, figures: Mapping[str, Any]) -> Gap | None:
    """Where the gain at the plan's own limit is drawn."""
    top = float(scale.y(figures["under_cover"]))
    bottom = float(scale.y(figures["scramble"]["under_cover"]))
    if bottom - top < LABEL_HEIGHT:
        return None
    x = float(scale.x(figures["time_limit_s"]))
    return Gap(x, top, bottom, is_named_left=x > scale.frame.width * 0.65)
