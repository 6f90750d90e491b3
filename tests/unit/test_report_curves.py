"""The figure says what the figures say: every point, mark and shaded stretch stands where it belongs."""

from __future__ import annotations

import re
from typing import Any

import pytest

from takecover.report import curves
from takecover.report.curves import Frame

FRAME = Frame(width=1300, height=600, left=50, right=50, top=50, bottom=50)
"""A plot of 1,200 by 500 pixels: a pixel is a second, and two people where there are 1,000."""


def figures(**changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "people": 1000,
        "time_limit_s": 600,
        "under_cover": 800,
        "scramble": {"under_cover": 500},
        "comparison": [
            {"time_limit_s": 240, "best_plan_under_cover": 400},
            {"time_limit_s": 600, "best_plan_under_cover": 800},
        ],
        "curves": {"time_s": [0, 240, 600, 1200], "scramble": [0, 300, 500, 600], "plan": [0, 200, 800, 800]},
    }
    return {**found, **changes}


def points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", path)]


def test_each_curve_goes_through_its_points() -> None:
    chart = curves.draw(figures(), FRAME)
    assert points(chart.plan) == [(50, 550), (290, 450), (650, 150), (1250, 150)]
    assert points(chart.scramble) == [(50, 550), (290, 400), (650, 300), (1250, 250)]
    assert chart.people_y == 50


def test_the_stretch_in_which_the_plan_lies_below_is_shaded_and_no_other() -> None:
    chart = curves.draw(figures(), FRAME)
    assert len(chart.behind) == 1
    assert points(chart.behind[0]) == [(50, 550), (290, 400), (650, 300), (650, 150), (290, 450), (50, 550)]
    never = figures(curves={"time_s": [0, 1200], "scramble": [0, 500], "plan": [0, 500]})
    assert curves.draw(never, FRAME).behind == ()


def test_each_limit_is_marked_with_the_best_plan_for_it() -> None:
    limits = curves.draw(figures(), FRAME).limits
    assert [(limit.x, limit.minutes, limit.is_own, limit.best_y) for limit in limits] == [
        (290, "4", False, 350),
        (650, "10", True, 150),
    ]


def test_a_limit_that_is_not_compared_is_marked_too() -> None:
    limits = curves.draw(figures(time_limit_s=90), FRAME).limits
    assert (limits[0].minutes, limits[0].is_own, limits[0].best_y) == ("1.5", True, None)


def test_a_limit_beside_the_plans_own_is_not_named_over_it() -> None:
    limits = curves.draw(figures(time_limit_s=250), FRAME).limits
    assert [(limit.minutes, limit.is_named) for limit in limits] == [
        ("4", False),
        ("4.17", True),
        ("10", True),
    ]


def test_no_minute_is_written_over_the_name_of_a_limit() -> None:
    ticks = curves.draw(figures(), FRAME).x_ticks
    assert [tick.value for tick in ticks] == [0, 2, 6, 8, 12, 14, 16, 18, 20]


def test_marks_of_people_are_round_and_end_below_everybody() -> None:
    ticks = curves.draw(figures(people=3_000_000), FRAME).y_ticks
    assert [tick.value for tick in ticks] == [0, 500_000, 1_000_000, 1_500_000, 2_000_000, 2_500_000]
    assert [tick.value for tick in curves.draw(figures(people=3), FRAME).y_ticks] == [0, 1, 2]


def test_the_upper_curve_is_named_above_itself_and_the_lower_one_below() -> None:
    chart = curves.draw(figures(), FRAME)
    assert chart.plan_label_y < 150
    assert chart.scramble_label_y > 250
    ended_lower = figures(curves={"time_s": [0, 1200], "scramble": [0, 900], "plan": [0, 800]})
    chart = curves.draw(ended_lower, FRAME)
    assert chart.scramble_label_y < 100
    assert chart.plan_label_y > 150


@pytest.mark.parametrize(("limit_s", "is_left"), [(600, False), (1200, True)])
def test_the_gap_is_named_where_there_is_room(limit_s: int, is_left: bool) -> None:
    gap = curves.draw(figures(time_limit_s=limit_s), FRAME).gap
    assert gap is not None
    assert (gap.top, gap.bottom, gap.is_named_left) == (150, 300, is_left)


def test_a_gap_too_small_to_see_is_not_drawn() -> None:
    assert curves.draw(figures(scramble={"under_cover": 795}), FRAME).gap is None


def test_a_long_curve_is_drawn_with_few_points_and_every_limit() -> None:
    count = 5001
    times = [i * 0.24 for i in range(count)]
    found = figures(curves={"time_s": times, "scramble": [0] * count, "plan": [500] * count})
    found["comparison"].append({"time_limit_s": times[1234], "best_plan_under_cover": 1})
    drawn = points(curves.draw(found, FRAME).plan)
    assert len(drawn) <= curves.POINTS_AT_MOST + 3
    assert any(x == pytest.approx(50 + times[1234], abs=0.06) for x, _ in drawn)


def test_a_city_without_people_still_has_a_figure() -> None:
    empty = figures(people=0, under_cover=0, scramble={"under_cover": 0})
    empty["curves"] = {"time_s": [0, 1200], "scramble": [0, 0], "plan": [0, 0]}
    chart = curves.draw(empty, FRAME)
    assert points(chart.plan) == [(50, 550), (1250, 550)]
    assert chart.gap is None
