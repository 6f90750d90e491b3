"""The figure says what the figures say: every point, mark and shaded stretch stands where it belongs."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest

from takecover import threats
from takecover.report import curves
from takecover.report.axes import Frame

FRAME = Frame(width=1300, height=600, left=50, right=50, top=50, bottom=50)
"""A plot of 1,200 by 500 pixels: a pixel is a second, and two people where there are 1,000."""


def figures(**changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "people": 1000,
        "time_limit_s": 600,
        "under_cover": 800,
        "scramble": {"under_cover": 500},
        "comparison": [{"time_limit_s": 240}, {"time_limit_s": 600}],
        "curves": crowds([0, 240, 600, 1200], [0, 300, 500, 600], [0, 200, 800, 800]),
    }
    return {**found, **changes}


def crowds(time_s: list[float], scramble: list[int], plan: list[int], **changes: Any) -> dict[str, Any]:
    """Curves in which everyone by the broadcast is where the plan is, and the bound is never reached."""
    return {
        "time_s": time_s,
        "scramble": scramble,
        "guided": plan,
        "plan": plan,
        "bound_time_s": [time_s[0], time_s[-1]],
        "bound": [0, max(*scramble, *plan)],
        **changes,
    }


def points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", path)]


def lines(chart: curves.Chart) -> dict[str, list[tuple[float, float]]]:
    return {line.name: points(line.path) for line in chart.lines}


def test_each_curve_goes_through_its_points() -> None:
    chart = curves.draw(figures(), FRAME)
    assert lines(chart) == {
        "bound": [(50, 550), (1250, 150)],
        "plan": [(50, 550), (290, 450), (650, 150), (1250, 150)],
        "guided": [(50, 550), (290, 450), (650, 150), (1250, 150)],
        "scramble": [(50, 550), (290, 400), (650, 300), (1250, 250)],
    }
    assert chart.bound_points == ((50, 550), (1250, 150))
    assert chart.is_everyone_shown


def test_the_axis_ends_above_the_curves_where_these_stay_far_below_everybody() -> None:
    chart = curves.draw(figures(people=4000), FRAME)
    assert not chart.is_everyone_shown
    assert lines(chart)["plan"][-1] == (1250, 150)  # 800 of 800 times the headroom of 1.25


def test_the_stretch_in_which_the_plan_lies_below_is_shaded_and_no_other() -> None:
    chart = curves.draw(figures(), FRAME)
    assert len(chart.behind) == 1
    assert points(chart.behind[0]) == [(50, 550), (290, 400), (650, 300), (650, 150), (290, 450), (50, 550)]
    never = figures(curves=crowds([0, 1200], [0, 500], [0, 500]))
    assert curves.draw(never, FRAME).behind == ()


def test_each_limit_is_marked() -> None:
    limits = curves.draw(figures(), FRAME).limits
    assert [(limit.x, limit.minutes, limit.is_own) for limit in limits] == [
        (290, "4", False),
        (650, "10", True),
    ]


def test_a_limit_that_is_not_compared_is_marked_too() -> None:
    limits = curves.draw(figures(time_limit_s=90), FRAME).limits
    assert (limits[0].minutes, limits[0].is_own) == ("1.5", True)


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
    many = figures(people=3_000_000, curves=crowds([0, 1200], [0, 2_000_000], [0, 2_000_000]))
    ticks = curves.draw(many, FRAME).y_ticks
    assert [tick.value for tick in ticks] == [0, 500_000, 1_000_000, 1_500_000, 2_000_000, 2_500_000]
    assert [tick.value for tick in curves.draw(figures(people=3), FRAME).y_ticks] == [0, 1, 2]


def test_the_names_of_curves_that_end_together_keep_clear_of_each_other() -> None:
    labels = sorted(line.label_y for line in curves.draw(figures(), FRAME).lines)
    assert min(b - a for a, b in itertools.pairwise(labels)) >= curves.LABEL_HEIGHT


def test_threats_are_marked_at_their_usual_warning_times_within_the_axis() -> None:
    marks = curves.draw(figures(), FRAME).marks
    assert [(mark.name, mark.x) for mark in marks] == [
        (name, 50 + threats.usual_time_s(name))
        for name in ("zircon", "artillery", "rocket", "ballistic", "cruise")
    ]
    assert "drone" in dict(curves.marked())  # slower than the axis is long


def test_names_of_threats_do_not_run_into_each_other() -> None:
    for frame in (curves.DESK, curves.PHONE):
        marks = curves.draw(figures(), frame).marks
        near = [mark for mark in marks if not mark.is_left][:3]
        assert len({mark.label_y for mark in near}) == 3
        assert all(mark.label_y < frame.top for mark in marks)


@pytest.mark.parametrize(("limit_s", "is_left"), [(240, False), (600, False), (1200, True)])
def test_the_gap_is_named_where_there_is_room(limit_s: int, is_left: bool) -> None:
    gap = curves.draw(figures(time_limit_s=limit_s), FRAME).gap
    assert gap is not None
    assert (gap.top, gap.bottom, gap.is_named_left) == (150, 300, is_left)


def test_a_gap_too_small_to_see_is_not_drawn() -> None:
    assert curves.draw(figures(scramble={"under_cover": 795}), FRAME).gap is None


def test_the_largest_gap_to_the_bound_is_found_against_the_last_point_of_the_plan() -> None:
    found = crowds(
        [0, 240, 600, 1200],
        [0, 300, 500, 600],
        [0, 200, 800, 800],
        bound_time_s=[0, 300, 600, 900],
        bound=[0, 700, 850, 1000],
    )
    slack = curves.draw(figures(curves=found), FRAME).slack
    assert (slack.people, slack.at_s) == (500, 300)  # 700 that any plan might have, less the 200 of 240 s
    assert (slack.x, slack.top, slack.bottom) == (350, 200, 450)


def test_a_long_curve_is_drawn_with_few_points_and_every_limit() -> None:
    count = 5001
    times = [i * 0.24 for i in range(count)]
    found = figures(curves=crowds(times, [0] * count, [500] * count))
    found["comparison"].append({"time_limit_s": times[1234]})
    drawn = lines(curves.draw(found, FRAME))["plan"]
    assert len(drawn) <= curves.POINTS_AT_MOST + 3
    assert any(x == pytest.approx(50 + times[1234], abs=0.06) for x, _ in drawn)


def test_a_city_without_people_still_has_a_figure() -> None:
    empty = figures(people=0, under_cover=0, scramble={"under_cover": 0})
    empty["curves"] = crowds([0, 1200], [0, 0], [0, 0])
    chart = curves.draw(empty, FRAME)
    assert lines(chart)["plan"] == [(50, 550), (1250, 550)]
    assert chart.gap is None
