"""Published standards of stations: how long a platform takes to empty, and what a metre of stair lets through."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import twins_reach as twins
from takecover.analysis import arrive, reach, timeline
from takecover.analysis.doorways import doorways
from takecover.cities import toys
from takecover.dtypes import COUNT
from takecover.model.departures import Departures

STANDARD_S = 240
"""NFPA 130: a platform is to be clear after four minutes."""

STAIR_PER_MM_MIN = 0.0555
"""NFPA 130: people down or up a stair in a minute, by millimetre of width (from memory)."""

METRO_STAIR_PER_M_H = {"down": 3500, "mixed": 3200}
"""SNiP 32-02-2003: people on a stair in an hour, by metre of width (from memory)."""


def platform(people: int, stairs: int, width_m: float):
    """Everyone at the foot of some stairs with two handrails."""
    parts = (toys.Part(kind="stair", width_m=width_m),)
    city = toys.grid(2, 1, people=[people, 0], shelters=[toys.Cover((toys.Door(0, parts=parts),), people)])
    elements = replace(
        city.shelters.elements, handrails=np.array([2], COUNT), count=np.array([stairs], COUNT)
    )
    return replace(city, shelters=replace(city.shelters, elements=elements))


def cleared(people: int, stairs: int, width_m: float) -> int:
    """People who are through the stairs when the standard's time is over."""
    city = platform(people, stairs, width_m)
    case = twins.scenario()
    costs = reach.reach(city, case, STANDARD_S)
    at_once = Departures(
        np.zeros(1, COUNT), city.demand.people[0][costs.origin_idx, costs.group_idx][:, None]
    )
    entries = np.flatnonzero(np.isin(costs.row_idx, np.flatnonzero(at_once.of_rows)))
    row = costs.row_idx[entries]
    batches = arrive.batches_of(
        costs, entries, np.zeros(len(entries), np.int32), at_once.people[row, 0], at_once.delay_ds
    )
    hops = tuple(reach.between_shelters(city, case, STANDARD_S, group) for group in range(2))
    ran = arrive.arrive(
        batches,
        doorways(city, case),
        city.shelters.capacity,
        hops,
        timeline.moments(STANDARD_S * 10, [STANDARD_S * 10]),
    )
    return int(timeline.load(ran, STANDARD_S * 10, 1)[0])


@pytest.mark.parametrize(("stairs", "width_m"), [(1, 2.4), (2, 2.4), (2, 3.0), (3, 1.8), (4, 2.4)])
def test_a_platform_that_the_standard_says_is_clear_in_four_minutes_is_clear(stairs, width_m):
    load = int(STAIR_PER_MM_MIN * width_m * 1000 * stairs * STANDARD_S / 60)
    inside = cleared(load, stairs, width_m)
    # A stair of 1.8 m loses a larger part of its width to the strips along its handrails.
    assert inside >= 0.98 * load
    assert inside <= load


def test_a_platform_that_holds_twice_as_many_is_half_clear():
    load = int(2 * STAIR_PER_MM_MIN * 2400 * 2 * STANDARD_S / 60)
    assert cleared(load, 2, 2.4) == pytest.approx(load / 2, rel=0.02)


def test_a_metre_of_stair_passes_what_the_metro_norm_says_within_a_tenth():
    flow = doorways(platform(1, 1, 2.4), twins.scenario()).flow_per_ks[0] / 1000
    for per_m_h in METRO_STAIR_PER_M_H.values():
        assert flow / 2.4 * 3600 == pytest.approx(per_m_h, rel=0.1)


def test_a_stopped_escalator_passes_no_more_than_the_standard_allows():
    parts = (toys.Part(kind="escalator", width_m=1.0),)
    city = toys.grid(2, 1, shelters=[toys.Cover((toys.Door(0, parts=parts),), 10)])
    per_min = doorways(city, twins.scenario(escalators_run=False)).flow_per_ks[0] * 60 / 1000
    assert 0.75 * STAIR_PER_MM_MIN * 1000 <= per_min <= STAIR_PER_MM_MIN * 1000
