"""Areas stack to everybody, and the slider goes through what plan.json holds."""

from __future__ import annotations

import itertools
import re
from typing import Any

from takecover.report import whereabouts
from takecover.report.axes import Frame

FRAME = Frame(width=700, height=600, left=50, right=50, top=50, bottom=50)
"""A plot of 600 by 500 pixels."""

NAMES = ("staying", "walking", "queueing", "entering", "in_hall", "under_cover", "stranded")


def crowd(*moments: tuple[int, ...]) -> dict[str, list[int]]:
    """Counts of a crowd, from one row of seven for each moment."""
    return {name: [moment[i] for moment in moments] for i, name in enumerate(NAMES)}


def figures() -> dict[str, Any]:
    return {
        "people": 100,
        "time_limit_s": 350,
        "whereabouts": {
            "time_s": [0.0, 300.0, 600.0],
            "plan": crowd((100, 0, 0, 0, 0, 0, 0), (10, 20, 30, 5, 5, 30, 0), (10, 0, 10, 0, 0, 80, 0)),
            "scramble": crowd((100, 0, 0, 0, 0, 0, 0), (0, 40, 20, 0, 0, 40, 0), (0, 0, 40, 0, 0, 50, 10)),
        },
        "fill": {"time_s": [0.0, 200.0, 400.0, 600.0], "plan": ["0"] * 4, "scramble": ["0"] * 4},
    }


def points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", path)]


def test_bands_stand_on_each_other_and_fill_the_figure_to_everybody() -> None:
    chart = whereabouts.draw(figures(), "plan", FRAME)
    edges = [points(band.path) for band in chart.bands]
    assert [band.name for band in chart.bands] == ["under_cover", "inside", "queueing", "walking", "staying"]
    assert edges[0] == [(50, 550), (350, 400), (650, 150), (650, 550), (350, 550), (50, 550)]
    for below, above in itertools.pairwise(edges):
        assert below[:3] == above[3:][::-1]
    assert [y for _, y in edges[-1][:3]] == [50, 50, 50]


def test_who_has_nowhere_left_to_go_is_told_apart() -> None:
    chart = whereabouts.draw(figures(), "scramble", FRAME)
    assert chart.bands[-1].name == "stranded"
    assert (chart.limit_x, chart.minutes) == (400, "5.83")


def test_the_slider_opens_at_the_last_moment_before_the_limit_with_the_last_picture() -> None:
    found = whereabouts.moments(figures())
    assert (found.start, found.pictures) == (1, (0, 1, 3))
    rows = {row.name: (row.plan[1], row.scramble[1]) for row in found.rows}
    assert rows == {
        "under_cover": (30, 40),
        "inside": (10, 0),
        "queueing": (30, 20),
        "walking": (20, 40),
        "staying": (10, 0),
        "stranded": (0, 0),
    }


def test_a_city_without_people_still_has_a_figure() -> None:
    empty = figures()
    empty["people"] = 0
    empty["whereabouts"]["plan"] = crowd(*[(0,) * 7] * 3)
    assert whereabouts.draw(empty, "plan", FRAME).bands == ()
