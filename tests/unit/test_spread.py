"""Whole people: spread along streets, rounded, parted; every total is kept to the person."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from takecover.analysis import spread
from takecover.analysis.parsed import ParsedStreets
from takecover.model.city import Source


def streets(ways: list[tuple[int, str]]) -> ParsedStreets:
    """A chain of segments, each of the way and kind given."""
    count = len(ways)
    none = np.zeros(count, bool)
    return ParsedStreets(
        node_ids=np.arange(count + 1),
        lon=np.arange(count + 1) * 1e-3,
        lat=np.zeros(count + 1),
        way_ids=np.array([way for way, _ in ways]),
        tail=np.arange(count),
        head=np.arange(count) + 1,
        highway=np.array([kind for _, kind in ways]),
        is_steps=none,
        is_oneway=none,
        source=Source("streets", "a chain", "not stated"),
    )


def test_residential_segments_are_cut_into_equal_pieces_of_at_most_100_m() -> None:
    table = streets([(7, "residential"), (7, "residential"), (8, "primary"), (9, "living_street")])
    pieces = spread.pieces(table, np.array([250.0, 100.0, 500.0, 30.0]))
    assert pieces.origin_ids.tolist() == ["way-7-1", "way-7-2", "way-7-3", "way-7-4", "way-9-1"]
    assert pieces.segment_idx.tolist() == [0, 0, 0, 1, 3]
    np.testing.assert_allclose(pieces.fraction, [1 / 6, 1 / 2, 5 / 6, 1 / 2, 1 / 2])
    np.testing.assert_allclose(pieces.length_m, [250 / 3, 250 / 3, 250 / 3, 100, 30])


def test_streets_that_are_not_residential_make_no_piece() -> None:
    assert len(spread.pieces(streets([(1, "primary"), (2, "steps")]), np.array([10.0, 10.0]))) == 0


def test_where_residential_streets_are_few_people_live_along_pedestrian_ones_too() -> None:
    length_m = np.array([100.0, 50.0, 20.0])
    venice = streets([(1, "pedestrian"), (2, "square"), (3, "residential")])
    assert spread.is_pedestrian_town(venice, length_m)
    assert spread.pieces(venice, length_m).segment_idx.tolist() == [0, 2]
    length_m[2] = 30.0
    assert not spread.is_pedestrian_town(venice, length_m)
    assert spread.pieces(venice, length_m).segment_idx.tolist() == [2]


def test_people_are_shared_out_by_length() -> None:
    assert spread.along(np.array([100.0, 50.0, 50.0]), 8).tolist() == [4, 2, 2]


def test_fractions_become_whole_people_and_whole_people_stay() -> None:
    assert spread.whole(np.array([0.5, 0.5, 0.5, 0.5])).sum() == 2
    assert spread.whole(np.array([3.0, 0.0, 7.0])).tolist() == [3, 0, 7]


weights = st.lists(st.floats(0.0, 1e4), min_size=1, max_size=40).filter(lambda w: sum(w) > 0)


@given(weights, st.integers(0, 10**7))
def test_every_run_of_rows_is_right_to_one_person(lengths: list[float], people: int) -> None:
    count = spread.along(np.array(lengths), people)
    assert count.sum() == people
    assert (count >= 0).all()
    exact = np.cumsum(lengths) / np.sum(lengths) * people
    assert (np.abs(np.cumsum(count) - exact) <= 0.5 + 1e-6 * people).all()


@given(st.lists(st.integers(0, 10**5), min_size=1, max_size=40), st.floats(0.0, 1.0))
def test_a_share_is_never_more_than_the_whole_and_its_total_is_rounded_once(
    people: list[int], share: float
) -> None:
    whole = np.array(people)
    part = spread.part(whole, share)
    assert ((part >= 0) & (part <= whole)).all()
    assert part.sum() == (whole.sum() * round(share * 1e6) + 500_000) // 1_000_000


@given(st.lists(st.floats(0.0, 1e4), min_size=1, max_size=40))
def test_rounding_keeps_the_total(people: list[float]) -> None:
    count = spread.whole(np.array(people))
    assert (count >= 0).all()
    assert abs(count.sum() - sum(people)) <= 0.5 + 1e-6
