"""Where everyone is over time: stacked areas for each crowd, and the numbers that the slider shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from takecover.report import axes
from takecover.report.axes import Frame, Scale, Tick

CROWDS = ("plan", "scramble")
"""The two crowds that are shown side by side."""

BANDS = {
    "under_cover": ("under_cover",),
    "inside": ("entering", "in_hall"),
    "queueing": ("queueing",),
    "walking": ("walking",),
    "staying": ("staying",),
    "stranded": ("stranded",),
}
"""What is told apart, from the bottom of the figure to its top, and the counts of ``plan.json`` that it sums."""

DESK = Frame(width=560, height=330, left=84, right=14, top=24, bottom=48)
PHONE = Frame(width=360, height=270, left=84, right=12, top=24, bottom=46)


@dataclass(frozen=True)
class Band:
    """The area of those who are in one place."""

    name: str
    path: str


@dataclass(frozen=True)
class Chart:
    """The stacked areas of one crowd; the limit is that of the plan."""

    frame: Frame
    bands: tuple[Band, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    limit_x: float
    minutes: str


@dataclass(frozen=True)
class Row:
    """People in one place over time, by crowd."""

    name: str
    plan: tuple[int, ...]
    scramble: tuple[int, ...]


@dataclass(frozen=True)
class Moments:
    """What the slider goes through.

    Attributes
    ----------
    time_s
        Its positions [s].
    pictures
        Which picture of the shelters is the last at each position.
    start
        The position at which it opens: the last that is no later than the plan's time limit.
    rows
        People in each place at each position, in the order of `BANDS`.
    """

    time_s: tuple[float, ...]
    pictures: tuple[int, ...]
    start: int
    rows: tuple[Row, ...]


def moments(figures: Mapping[str, Any]) -> Moments:
    """What the slider goes through.

    Parameters
    ----------
    figures
        The figures of a plan, as in ``plan.json``.
    """
    time_s = np.asarray(figures["whereabouts"]["time_s"], np.float64)
    pictures = np.searchsorted(np.asarray(figures["fill"]["time_s"]), time_s, side="right") - 1
    of_plan, of_scramble = (_counts(figures, crowd) for crowd in CROWDS)
    return Moments(
        time_s=tuple(time_s.tolist()),
        pictures=tuple(pictures.tolist()),
        start=int(np.searchsorted(time_s, figures["time_limit_s"], side="right") - 1),
        rows=tuple(
            Row(name, tuple(of_plan[name].tolist()), tuple(of_scramble[name].tolist())) for name in BANDS
        ),
    )


def draw(figures: Mapping[str, Any], crowd: str, frame: Frame) -> Chart:
    """Lay out the figure of one crowd.

    Parameters
    ----------
    figures
        The figures of a plan, as in ``plan.json``.
    crowd
        One of `CROWDS`.
    frame
        Size and margins.
    """
    time_s = np.asarray(figures["whereabouts"]["time_s"], np.float64)
    limit_s = figures["time_limit_s"]
    scale = Scale(frame, float(time_s[-1]), float(figures["people"]))
    x, lower = scale.x(time_s), np.zeros(len(time_s))
    bands = []
    for name, people in _counts(figures, crowd).items():
        upper = lower + people
        if people.any():
            bands.append(Band(name, axes.area(x, scale.y(upper), scale.y(lower))))
        lower = upper
    return Chart(
        frame=frame,
        bands=tuple(bands),
        x_ticks=axes.minute_ticks(scale, [limit_s]),
        y_ticks=tuple(Tick(float(scale.y(v)), v) for v in axes.round_values(scale.most)),
        limit_x=float(scale.x(limit_s)),
        minutes=f"{limit_s / 60:.3g}",
    )


def _counts(figures: Mapping[str, Any], crowd: str) -> dict[str, np.ndarray]:
    """People in each place at each moment, shape (k,) int64 each."""
    counts = figures["whereabouts"][crowd]
    return {
        band: np.sum([np.asarray(counts[name], np.int64) for name in names], axis=0)
        for band, names in BANDS.items()
    }
