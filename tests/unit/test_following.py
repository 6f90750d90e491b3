"""What following gains is said as it is, also to those who do not follow."""

from __future__ import annotations

from typing import Any

import pytest

from takecover.report import following
from takecover.report.axes import Frame

FRAME = Frame(width=1100, height=600, left=50, right=50, top=50, bottom=50)
"""A plot of 1,000 by 500 pixels."""


def row(share: float, led: int, others: int) -> dict[str, Any]:
    """Of 100 people a share follows; so many of either part are under cover."""
    followers = round(100 * share)
    return {
        "share": share,
        "under_cover": led + others,
        "followers": followers,
        "followers_under_cover": led,
        "rest": 100 - followers,
        "rest_under_cover": others,
    }


def test_each_line_shows_the_share_of_its_part_and_only_where_somebody_is_in_it() -> None:
    chart = following.draw([row(0.0, 0, 40), row(0.5, 35, 20), row(1.0, 80, 0)], FRAME)
    points = {line.name: line.points for line in chart.lines}
    assert list(points) == ["all", "followers", "rest"]
    assert [x for x, _ in points["all"]] == [50, 550, 1050]
    assert [x for x, _ in points["followers"]] == [550, 1050]
    assert [x for x, _ in points["rest"]] == [50, 550]
    assert points["all"][2] == points["followers"][1]
    assert points["rest"][0][1] == points["rest"][1][1]  # 40 of 100 and 20 of 50
    assert [tick.value for tick in chart.y_ticks] == [0, 20, 40, 60, 80]


def test_the_gain_is_told_against_nobody_following() -> None:
    found = following.verdict([row(0.0, 0, 40), row(0.3, 20, 30), row(1.0, 80, 0)])
    assert (found.share, found.gain, found.most) == (0.3, 10, 40)
    assert found.rest_change == 0
    assert found.rest_at == 0


def test_a_loss_of_those_who_do_not_follow_is_told_where_it_is_largest() -> None:
    found = following.verdict([row(0.0, 0, 40), row(0.3, 30, 21), row(0.5, 40, 19), row(1.0, 80, 0)])
    assert found.rest_change == pytest.approx(0.3 - 0.4)
    assert found.rest_at == 0.3


def test_a_city_without_people_still_has_a_figure_and_a_verdict() -> None:
    nobody = {**row(0.0, 0, 0), "rest": 0}
    assert following.draw([nobody], FRAME).lines == ()
    assert following.verdict([nobody, {**nobody, "share": 1.0}]).gain == 0
