"""Climbs of streets, of heights of the ground: bridges and tunnels run evenly between their ends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from takecover.analysis import climb
from takecover.analysis.parsed import ParsedStreets
from takecover.analysis.streets import lengths, network
from takecover.model.city import Source

METRES = 1 / 111_320
"""A metre of longitude at the equator [degree]."""


def street(
    places_m: list[float], ends: list[tuple[int, int]], off_ground: list[int], heights: list[float]
) -> ParsedStreets:
    """Nodes along the equator, segments between them, which of those are off the ground, and heights."""
    pairs = np.array(ends)
    is_off = np.zeros(len(ends), bool)
    is_off[off_ground] = True
    return ParsedStreets(
        node_ids=np.arange(len(places_m)) + 1,
        lon=np.array(places_m) * METRES,
        lat=np.zeros(len(places_m)),
        way_ids=np.ones(len(ends), np.int64),
        tail=pairs[:, 0],
        head=pairs[:, 1],
        highway=np.full(len(ends), "footway"),
        is_steps=np.zeros(len(ends), bool),
        is_oneway=np.zeros(len(ends), bool),
        source=Source("streets", "toy", "not stated"),
        is_off_ground=is_off,
        height_m=np.array(heights, float),
    )


def climbs(table: ParsedStreets) -> list[float]:
    return climb.climbs(table, lengths(table)).round(3).tolist()


LINE = [(0, 1), (1, 2), (2, 3), (3, 4)]


def test_a_street_climbs_as_the_ground_does() -> None:
    table = street([0, 10, 20, 30, 40], LINE, [], [5, 6, 8, 7, 7])
    assert climbs(table) == [1, 2, -1, 0]
    ordered, position = network(table)
    turn = np.where(ordered.node_ids[ordered.tail[position]] == table.node_ids[table.tail], 1, -1)
    assert (ordered.climb_m[position] * turn).tolist() == [1, 2, -1, 0]


def test_without_heights_climbs_are_unknown() -> None:
    table = replace(street([0, 10, 20, 30, 40], LINE, [], [0] * 5), height_m=None)
    assert np.isnan(climb.climbs(table, lengths(table))).all()


def test_a_bridge_over_a_valley_runs_evenly_from_bank_to_bank() -> None:
    """Between the banks at 10 m and 16 m the ground falls to -40 m; the spans are 10, 20 and 30 m long."""
    table = street([0, 10, 20, 40, 70, 80], [*LINE, (4, 5)], [1, 2, 3], [10, 10, -40, -40, 16, 16])
    assert climbs(table) == pytest.approx([0, 1, 2, 3, 0], abs=0.01)


def test_a_tunnel_that_forks_keeps_to_proportion() -> None:
    """Three arms of 10 m meet below a hill of 99 m; their mouths are at 0, 3 and 6 m, so they meet at 3 m."""
    ends = [(0, 3), (1, 3), (2, 3), (0, 4), (1, 4), (2, 4)]
    table = street([0, 20, 10, 10, 40], ends, [0, 1, 2], [0, 3, 6, 99, 0])
    table = replace(
        table, lat=np.array([0, 0, 10 * METRES, 0, 0]), lon=np.array([0, 20, 10, 10, 40]) * METRES
    )
    assert climbs(table)[:3] == pytest.approx([3, 0, -3], abs=0.05)


def test_two_bridges_that_meet_on_the_ground_are_two() -> None:
    ends = [*LINE, (2, 5), (0, 6), (4, 7)]
    table = street([0, 10, 20, 30, 40, 20, -5, 45], ends, [0, 1, 2, 3], [0, -9, 10, -9, 0, 10, 0, 0])
    assert climbs(table) == pytest.approx([5, 5, -5, -5, 0, 0, 0], abs=0.01)


def test_a_bridge_that_ends_in_the_air_is_level_from_its_one_end() -> None:
    assert climbs(street([0, 10, 20, 30], LINE[:3], [1, 2], [4, 6, -30, -80])) == [2, 0, 0]


def test_a_web_of_tunnels_without_a_mouth_is_level() -> None:
    assert climbs(street([0, 10, 20], [(0, 1), (1, 2)], [0, 1], [1, 50, 3])) == [0, 0]


def test_an_unknown_mouth_pulls_at_nothing() -> None:
    table = street([0, 10, 20, 30, 40], LINE, [1, 2], [7, 7, 99, np.nan, 1])
    assert climbs(table)[:2] == [0, 0]
    assert np.isnan(climbs(table)[2:]).all()


def test_a_web_too_large_to_solve_stays_on_the_ground(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(climb, "MOST_JOINED", 0)
    assert climbs(street([0, 10, 20, 30, 40], LINE, [1, 2], [0, 0, 5, 0, 0])) == [0, 5, -5, 0]
