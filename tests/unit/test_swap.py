"""Latitude and longitude the wrong way round: found by where the streets are, put right only beyond doubt."""

from __future__ import annotations

import numpy as np
import pytest

from takecover.analysis.swap import Box, judge

UPPSALA = Box(17.60, 59.83, 17.68, 59.88)
CAIRO = Box(29.9, 29.8, 31.9, 30.3)


def points(*pairs: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    array = np.array(pairs, float).reshape(-1, 2)
    return array[:, 0], array[:, 1]


def test_a_list_in_order_is_not_suspected() -> None:
    verdict = judge(*points(*[(17.65, 59.85)] * 12), UPPSALA)
    assert (verdict.inside_as_given, verdict.inside_swapped) == (12, 0)
    assert not verdict.is_suspected
    assert not verdict.is_beyond_doubt


def test_a_national_list_that_is_swapped_is_beyond_doubt_by_ten_rows_in_place() -> None:
    elsewhere = [(59.35, 17.97)] * 500
    assert judge(*points(*elsewhere, *[(59.85, 17.65)] * 10), UPPSALA).is_beyond_doubt
    assert not judge(*points(*elsewhere, *[(59.85, 17.65)] * 9), UPPSALA).is_beyond_doubt


def test_a_short_list_is_beyond_doubt_when_half_of_it_is_in_place() -> None:
    assert judge(*points((59.85, 17.65), (59.35, 17.97)), UPPSALA).is_beyond_doubt
    assert not judge(*points((59.85, 17.65), (59.35, 17.97), (59.36, 17.98)), UPPSALA).is_beyond_doubt


@pytest.mark.parametrize(("right", "is_beyond_doubt"), [(1, True), (2, False)])
def test_more_than_one_row_in_a_hundred_in_place_as_given_leaves_doubt(
    right: int, is_beyond_doubt: bool
) -> None:
    verdict = judge(*points(*[(59.85, 17.65)] * 100, *[(17.65, 59.85)] * right), UPPSALA)
    assert verdict.is_suspected
    assert verdict.is_beyond_doubt is is_beyond_doubt


def test_near_the_diagonal_where_a_place_can_be_inside_both_ways_there_is_always_doubt() -> None:
    assert CAIRO.meets_its_mirror()
    verdict = judge(*points(*[(29.85, 31.5)] * 50), CAIRO)
    assert verdict.is_suspected
    assert not verdict.is_beyond_doubt


def test_rows_without_a_position_say_nothing() -> None:
    verdict = judge(*points((np.nan, np.nan), (59.85, np.nan)), UPPSALA)
    assert (verdict.rows, verdict.inside_as_given, verdict.inside_swapped) == (0, 0, 0)
    assert not verdict.is_beyond_doubt
