"""Doors in time against published figures and by arithmetic, and a whole made city through its doors."""

from __future__ import annotations

import numpy as np
import pytest

from crowds import batches_of, doorways_of, hops_of
from takecover import cities
from takecover.analysis import crowding, departures, doorways, hydraulics, reach, scramble, timeline, turnout
from takecover.analysis.arrive import arrive
from takecover.model.elements import STAIR, Elements
from takecover.workflow import scenario

NFPA_STAIR_PER_M_MIN = 55.5
"""NFPA 130 (2014): 0.0555 people a millimetre of stair and minute, quoted from memory."""

CLEARED_S = 240
"""NFPA 130: a platform is to be clear in 4 minutes."""


def stair_per_ks(width_m: float) -> int:
    """Flow of one stair with two handrails by the hydraulic model, rounded down."""
    one = Elements.none()
    columns = {
        "entrance_idx": np.zeros(1, np.int32),
        "hall_idx": np.full(1, -1, np.int32),
        "kinds": np.array([STAIR]),
        "clear_width_m": np.array([width_m]),
        "count": np.ones(1, np.int64),
        "handrails": np.full(1, 2, np.int64),
        "length_m": np.array([10.0]),
        "drop_m": np.array([5.0]),
        "is_running": np.zeros(1, bool),
        "belt_speed_m_s": np.full(1, np.nan),
        "flow_per_s": np.full(1, np.nan),
    }
    assert set(columns) == set(vars(one))
    return int(hydraulics.flow_per_s(Elements(**columns))[0] * 1000)


def emptied_s(people: int, widths_m: list[float]) -> float:
    """When the last of a crowd at the heads of some stairs is through, shared out evenly."""
    count = len(widths_m)
    result = arrive(
        batches_of([(door, 0, (people + door) // count) for door in range(count)]),
        doorways_of([0] * count, [stair_per_ks(width_m) for width_m in widths_m]),
        np.array([people]),
        [hops_of([[] for _ in widths_m], [0] * count)],
        np.array([9000]),
    )
    assert result.people.sum() == people
    return float(result.time_ds.max()) / 10


@pytest.mark.parametrize("widths_m", [[2.4, 2.4], [1.8, 1.8, 1.8], [3.0]])
def test_a_platform_that_the_standard_clears_in_four_minutes_is_clear_in_four_minutes_here(widths_m):
    # Two rules made apart, one by the whole width and one by the width less boundary layers: within a twentieth.
    people = int(sum(widths_m) * NFPA_STAIR_PER_M_MIN * CLEARED_S / 60)
    assert emptied_s(people, widths_m) == pytest.approx(CLEARED_S, rel=0.05)


def test_two_stairs_of_2_4_m_let_810_people_in_within_three_minutes():
    # 2.22 m of effective width and 1.015 people a metre and second: 2.25 a second each.
    assert stair_per_ks(2.4) == 2253
    assert emptied_s(810, [2.4, 2.4]) == pytest.approx(180, abs=0.5)
    assert emptied_s(812, [2.4, 2.4]) > 180


@pytest.fixture(scope="module")
def kyiv():
    """Model Kyiv small through its doors, three in ten coming, for half an hour."""
    city = cities.make("model-kyiv-small")
    case = scenario.default(city, "2026-01-01")
    costs = reach.reach(city, case, 1800)
    hops = tuple(reach.between_shelters(city, case, 1800, group) for group in range(len(city.demand.groups)))
    people = turnout.turnout(city.demand, 0, 0.3, 1)[costs.origin_idx, costs.group_idx]
    left = departures.departures(city, case, costs, people)
    ways = doorways.doorways(city, case)
    ran = scramble.scramble(costs, hops, left, ways, city.shelters.capacity, timeline.moments(18_000, [2400]))
    return city, people, left, ran


def test_model_kyiv_keeps_all_its_people_at_every_moment(kyiv):
    _, people, _, ran = kyiv
    seen = timeline.whereabouts(ran, int(people.sum()))
    states = ("staying", "walking", "queueing", "entering", "in_hall", "under_cover", "stranded")
    assert (sum(getattr(seen, name) for name in states) == people.sum()).all()
    assert all((getattr(seen, name) >= 0).all() for name in states)
    assert seen.under_cover[-1] == ran.people.sum() > 0
    assert (
        seen.under_cover[timeline.at(ran, 2400)] == timeline.load(ran, 2400, ran.shelter_idx.max() + 1).sum()
    )


def test_model_kyiv_fills_no_shelter_beyond_its_places_and_nobody_is_in_before_they_left_and_walked(kyiv):
    city, people, left, ran = kyiv
    assert (timeline.load(ran, ran.horizon_ds, len(city.shelters)) <= city.shelters.capacity).all()
    assert (timeline.by_row(ran, ran.horizon_ds, len(people)) <= people).all()
    assert (ran.time_ds >= ran.batches.time_ds[ran.batch_idx]).all()
    assert ran.left[-1] + (people.sum() - ran.batches.people.sum()) == people.sum()
    by_cohort = np.bincount(ran.batches.cohort_idx, ran.batches.people, len(left.delay_ds))
    assert (by_cohort <= left.people.sum(axis=0)).all()


def test_model_kyiv_waits_at_doors_and_its_waits_are_those_of_its_rates(kyiv):
    city, _, _, ran = kyiv
    peaks, flow = ran.doors, ran.doorways.flow_per_ks
    waited = np.flatnonzero(peaks.queue > 0)
    assert len(waited) > 100
    # The last of n who wait begins n - 1 people after the first of them, where neither a full shelter nor the end of
    # the half hour ends the wait before.
    before_ds = (peaks.queue[waited] - 1) * 10_000 // flow[waited]
    is_whole = (ran.turned_full[waited, -1] == 0) & (ran.queueing[waited, -1] == 0)
    assert is_whole.sum() > 100
    assert (peaks.wait_ds[waited] >= before_ds)[is_whole].all()
    found = crowding.crowding(city.shelters, ran)
    ten = crowding.worst(found, ran, ~city.shelters.is_withheld[city.shelters.entrances.shelter_idx])
    assert len(ten) == 10
    assert (np.diff(peaks.queue[ten]) <= 0).all()
