"""The figure of what it gains when a part of the people follow what is broadcast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from takecover.report import axes
from takecover.report.axes import Frame, Scale, Tick

PARTS = ("all", "followers", "rest")
"""Whose share is drawn, in the order of the key."""

STEP_PERCENT = 20
"""Marks along the axis of those who follow."""

LABEL_HEIGHT = 18.0
"""Room that one line of text takes [px]."""

TOLD_SHARE = 0.3
"""The share of followers that the sentence tells of."""

DESK = Frame(width=720, height=330, left=64, right=120, top=30, bottom=52)
PHONE = Frame(width=360, height=290, left=56, right=16, top=30, bottom=48)


@dataclass(frozen=True)
class Line:
    """The share under cover of one part of the people."""

    name: str
    path: str
    points: tuple[tuple[float, float], ...]
    label_y: float


@dataclass(frozen=True)
class Chart:
    """Shares under cover over the share of the people who follow; lengths in pixels."""

    frame: Frame
    lines: tuple[Line, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]


@dataclass(frozen=True)
class Verdict:
    """What following does.

    Attributes
    ----------
    share
        Share of the people who follow that `gain` is told for.
    gain, most
        More people under cover than if nobody followed, there and where all follow.
    rest_change
        Lowest share of those who do not follow that is under cover, less their share where nobody follows.
    rest_at
        Share of the people who follow at that.
    """

    share: float
    gain: int
    most: int
    rest_change: float
    rest_at: float


def draw(followed: Sequence[Mapping[str, Any]], frame: Frame) -> Chart:
    """Lay out the figure.

    Parameters
    ----------
    followed
        Rows of ``guidance.followed`` in ``plan.json``, by share ascending.
    frame
        Size and margins.
    """
    found = {part: _shares(followed, part) for part in PARTS}
    most = max((share for line in found.values() for _, share in line), default=0.0)
    scale = Scale(frame, 1.0, min(1.0, 1.15 * most) or 1.0)
    ends = [float(scale.y(found[part][-1][1])) + 5.0 if found[part] else 0.0 for part in PARTS]
    labels_y = axes.apart(ends, LABEL_HEIGHT, frame.floor)
    return Chart(
        frame=frame,
        lines=tuple(
            _line(scale, part, found[part], label_y)
            for part, label_y in zip(PARTS, labels_y, strict=True)
            if found[part]
        ),
        x_ticks=tuple(
            Tick(float(scale.x(percent / 100)), percent) for percent in range(0, 101, STEP_PERCENT)
        ),
        y_ticks=tuple(
            Tick(float(scale.y(percent / 100)), percent) for percent in axes.round_values(scale.most * 100)
        ),
    )


def verdict(followed: Sequence[Mapping[str, Any]]) -> Verdict:
    """What following gains, and whether those who do not follow lose by it.

    Parameters
    ----------
    followed
        Rows of ``guidance.followed`` in ``plan.json``, by share ascending, the first of nobody.
    """
    nobody = followed[0]["under_cover"]
    told = next(row for row in followed if row["share"] >= TOLD_SHARE)
    rest = _shares(followed, "rest") or [(0.0, 0.0)]
    at, lowest = min(rest, key=lambda point: point[1])
    return Verdict(
        share=told["share"],
        gain=told["under_cover"] - nobody,
        most=followed[-1]["under_cover"] - nobody,
        rest_change=lowest - rest[0][1],
        rest_at=at,
    )


def _shares(followed: Sequence[Mapping[str, Any]], part: str) -> list[tuple[float, float]]:
    """Share who follow and share under cover of one part, where there is anybody in it."""
    found = []
    for row in followed:
        people = row["followers"] + row["rest"] if part == "all" else row[part]
        inside = row["under_cover"] if part == "all" else row[f"{part}_under_cover"]
        if people:
            found.append((row["share"], inside / people))
    return found


def _line(scale: Scale, name: str, shares: Sequence[tuple[float, float]], label_y: float) -> Line:
    x, y = (scale.x([a for a, _ in shares]), scale.y([b for _, b in shares]))
    points = tuple(zip(np.asarray(x).tolist(), np.asarray(y).tolist(), strict=True))
    return Line(name, axes.path(x, y), points, label_y)
