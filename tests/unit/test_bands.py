"""Bands: every count is in exactly one, bands meet, and none tells a count within a few people."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takecover.analysis import bands
from takecover.analysis.bands import Band


@pytest.mark.parametrize(
    ("count", "band"),
    [
        (0, (0, 99)),
        (99, (0, 99)),
        (100, (100, 499)),
        (499, (100, 499)),
        (500, (500, 999)),
        (1_000, (1_000, 1_999)),
        (2_000, (2_000, 4_999)),
        (9_999, (5_000, 9_999)),
        (10_000, (10_000, 19_999)),
        (2_999_999, (2_000_000, 4_999_999)),
        (5_000_000, (5_000_000, 9_999_999)),
    ],
)
def test_people_fall_into_bands_of_one_two_and_five(count, band):
    assert bands.people(count) == Band(*band)


@given(st.integers(0, 10**9))
def test_every_count_is_in_its_band_and_the_next_band_begins_right_after(count):
    band = bands.people(count)
    assert band.low <= count <= band.high
    assert bands.people(band.low) == bands.people(band.high) == band
    assert bands.people(band.high + 1).low == band.high + 1
    assert band.high - band.low >= 99


@pytest.mark.parametrize(
    ("part", "whole", "band"),
    [
        (0, 7, (0, 9)),
        (0, 0, (0, 9)),
        (99, 1000, (0, 9)),
        (1, 10, (10, 19)),
        (899, 1000, (80, 89)),
        (9, 10, (90, 100)),
        (7, 7, (90, 100)),
    ],
)
def test_shares_fall_into_tenths(part, whole, band):
    assert bands.percent(part, whole) == Band(*band)


@pytest.mark.parametrize(
    ("load", "capacity", "level"),
    [
        (0, 1000, "plenty"),
        (699, 1000, "plenty"),
        (700, 1000, "filling"),
        (949, 1000, "filling"),
        (950, 1000, "full"),
        (1000, 1000, "full"),
    ],
)
def test_a_shelter_is_filling_from_seventy_and_full_from_ninety_five_percent(load, capacity, level):
    assert bands.level(load, capacity) == level


def test_a_shelter_without_places_is_full():
    assert bands.level(0, 0) == "full"
