"""What the figures have in common: frames, scales, marks on axes, paths, and labels that keep clear of each other."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

LIMIT_ROOM = 30.0
"""Room that the name of a time limit takes on the axis [px]; no other mark is written within it."""


@dataclass(frozen=True)
class Frame:
    """Size of the picture and of the margins around the plot [px]."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int

    @property
    def floor(self) -> int:
        """Where the lower edge of the plot is [px]."""
        return self.height - self.bottom

    @property
    def end(self) -> int:
        """Where the right edge of the plot is [px]."""
        return self.width - self.right


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: where it stands [px] and what it says."""

    at: float
    value: float


@dataclass(frozen=True)
class Scale:
    """Both quantities of a figure to pixels; each axis begins at 0."""

    frame: Frame
    last: float
    most: float

    def x(self, value: Any) -> Any:
        """Pixels from the left edge of the picture."""
        room = self.frame.end - self.frame.left
        return self.frame.left + room * (np.asarray(value) / (self.last or 1.0))

    def y(self, value: Any) -> Any:
        """Pixels from its upper edge."""
        room = self.frame.floor - self.frame.top
        return self.frame.floor - room * (np.asarray(value) / (self.most or 1.0))


def path(x: np.ndarray, y: np.ndarray) -> str:
    """A line through points, as the ``d`` of an SVG path."""
    return "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(x, y, strict=True))


def area(x: np.ndarray, upper: np.ndarray, lower: np.ndarray) -> str:
    """The closed path between two lines over the same points."""
    return path(np.concatenate([x, x[::-1]]), np.concatenate([upper, lower[::-1]])) + "Z"


def minute_ticks(scale: Scale, taken_s: Iterable[float]) -> tuple[Tick, ...]:
    """Whole minutes along an axis in seconds, without those where the name of a time limit is written."""
    taken_x = scale.x(np.array(sorted(taken_s)))
    step_min = next(s for s in (1, 2, 5, 10, 20, 30, 60, 120, math.inf) if scale.last / 60 / s <= 12)
    seconds = np.arange(0, scale.last + 1, step_min * 60)
    return tuple(
        Tick(float(x), float(s / 60))
        for x, s in zip(scale.x(seconds), seconds, strict=True)
        if np.abs(taken_x - x).min(initial=math.inf) >= LIMIT_ROOM
    )


def round_values(most: float) -> list[float]:
    """Round whole numbers from 0, three to eight of them, that end below the most."""
    if most <= 0:
        return [0.0]
    size = 10.0 ** math.floor(math.log10(most))
    step = next(size * share for share in (0.1, 0.2, 0.25, 0.5, 1.0, 2.0) if most / (size * share) <= 7)
    step = max(step, 1.0)
    return [step * i for i in range(int(most * 0.97 // step) + 1)]


def apart(wanted: Sequence[float], least: float, floor: float) -> list[float]:
    """Heights of labels near those wanted, in their order, each at least so far from the next and none below the floor.

    Examples
    --------
    >>> apart([100.0, 102.0, 40.0], 18.0, 110.0)
    [92.0, 110.0, 40.0]
    """
    found = list(wanted)
    order = sorted(range(len(found)), key=lambda i: found[i])
    for above, below in itertools.pairwise(order):
        found[below] = max(found[below], found[above] + least)
    lowest = floor
    for label in reversed(order):
        found[label] = min(found[label], lowest)
        lowest = found[label] - least
    return found
