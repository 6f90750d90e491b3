"""Turnout: whole people, every total right to one person, the lone not lost, the order of rows without effect."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from takecover.analysis.turnout import turnout
from takecover.cities import toys
from takecover.model.demand import Demand
from takecover.model.network import EdgePoints


@st.composite
def demands(draw: st.DrawFn) -> Demand:
    n = draw(st.integers(1, 25))
    column = st.lists(st.integers(0, 40), min_size=n, max_size=n)
    people = np.array([draw(column), draw(column)], dtype=np.int64).T
    zones = draw(st.lists(st.integers(-1, 3), min_size=n, max_size=n))
    steps = draw(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=n, max_size=n))
    lon, lat = (np.array([s[k] for s in steps]) * 0.001 for k in (0, 1))
    return Demand(
        origin_ids=np.array([f"O{i}" for i in range(n)]),
        lon=30.5 + lon,
        lat=50.4 + lat,
        snap=EdgePoints(np.zeros(n, np.int32), np.zeros(n), np.zeros(n)),
        zone_idx=np.array(zones, np.int32),
        groups=toys.GROUPS,
        periods=("night",),
        people=people[np.newaxis],
    )


shares = st.one_of(st.sampled_from([0.07, 0.3, 0.5, 1.0, 1 / 3]), st.floats(1e-9, 1.0))
seeds = st.integers(0, 2**32)


@given(demands(), shares, seeds)
def test_every_district_and_group_total_is_less_than_one_person_from_the_exact_share(demand, share, seed):
    came = turnout(demand, 0, share, seed)
    people, exact = demand.people[0], Fraction(str(share))
    cells = [np.ones(len(demand), bool), *(demand.zone_idx == z for z in range(-1, 4))]
    for is_in in cells:
        for groups in ([0], [1], [0, 1]):
            got, source = int(came[is_in][:, groups].sum()), int(people[is_in][:, groups].sum())
            assert abs(got - exact * source) < 1


@given(demands(), shares, seeds)
def test_nobody_is_made_up_and_nobody_is_less_than_nobody(demand, share, seed):
    came = turnout(demand, 0, share, seed)
    assert came.dtype == np.int64
    assert (came >= 0).all()
    assert (came <= demand.people[0]).all()


@given(demands(), seeds)
def test_a_share_of_one_is_the_source_number_for_number(demand, seed):
    assert turnout(demand, 0, 1.0, seed).tolist() == demand.people[0].tolist()


@settings(max_examples=50)
@given(demands(), shares, seeds, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(demand, share, seed, shuffler):
    turn = list(range(len(demand)))
    shuffler.shuffle(turn)
    turned = replace(
        demand,
        origin_ids=demand.origin_ids[turn],
        lon=demand.lon[turn],
        lat=demand.lat[turn],
        zone_idx=demand.zone_idx[turn],
        people=demand.people[:, turn],
    )
    assert turnout(turned, 0, share, seed).tolist() == turnout(demand, 0, share, seed)[turn].tolist()


@given(demands(), shares, seeds)
def test_the_same_seed_gives_the_same_people(demand, share, seed):
    assert turnout(demand, 0, share, seed).tolist() == turnout(demand, 0, share, seed).tolist()


@pytest.mark.parametrize("seed", range(5))
def test_seven_percent_of_a_thousand_lone_people_are_seventy(seed):
    demand = toys.grid(40, 25, people=[1] * 1000).demand
    came = turnout(demand, 0, 0.07, seed)
    assert came.sum() == 70
    assert came.max() == 1


def test_near_origins_make_up_for_one_another():
    # Along one street, any 100 neighbours of 1000 send their 7 people, give or take the one on the border.
    demand = toys.grid(1000, 1, people=[1] * 1000).demand
    came = turnout(demand, 0, 0.07, seed=3)[:, 0]
    windows = np.convolve(came, np.ones(100, np.int64), "valid")
    assert windows.min() >= 6
    assert windows.max() <= 8


def test_each_period_has_its_own_people():
    demand = toys.grid(2, 1, people=[1, 2]).demand
    both = np.concatenate([demand.people * 10, demand.people])
    day_and_night = replace(demand, periods=("day", "night"), people=both)
    assert turnout(day_and_night, 0, 1.0, 1)[:, 0].tolist() == [10, 20]
    assert turnout(day_and_night, 1, 1.0, 1)[:, 0].tolist() == [1, 2]
