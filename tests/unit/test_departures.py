"""Delays as cohorts: the mean is that of the lognormal, and every total is spread evenly, also of the lone."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import twins_reach as twins
import worlds
from takecover.analysis import departures, reach, turnout
from takecover.cities import toys

SEEDS = st.integers(0, 2**32 - 1)


def late(median_s=60.0, spread=0.5, cohorts=5, **changes):
    """A scenario whose people are late."""
    return twins.scenario(
        delay_median_s={"night": median_s},
        delay_spread={"night": spread},
        delay_cohorts=cohorts,
        **changes,
    )


@given(st.floats(1, 1200), st.floats(0.05, 1.5), st.integers(1, 30))
def test_the_mean_of_the_cohorts_is_the_mean_of_the_lognormal(median_s, spread, cohorts):
    delay_ds = departures.delays_ds(late(median_s, spread, cohorts), "night")
    mean_ds = 10 * median_s * math.exp(spread**2 / 2)
    assert len(delay_ds) == cohorts
    assert mean_ds - 1e-3 <= delay_ds.mean() < mean_ds + 1
    assert (np.diff(delay_ds) >= 0).all()
    assert delay_ds.min() >= 0


def test_half_of_many_cohorts_have_left_by_the_median():
    delay_ds = departures.delays_ds(late(180, 0.8, 60), "night")
    assert (delay_ds <= 1800).sum() == 30


def test_the_cohorts_are_the_means_between_the_quantiles_of_a_large_sample():
    draw = np.sort(np.random.default_rng(7).lognormal(math.log(180), 0.8, 1_000_000))
    twin_ds = 10 * draw.reshape(5, -1).mean(axis=1)
    assert departures.delays_ds(late(180, 0.8, 5), "night") == pytest.approx(twin_ds, rel=0.005)


def test_without_spread_all_leave_together_and_without_delay_at_once():
    assert departures.delays_ds(late(60, 0.0), "night").tolist() == [600]
    assert departures.delays_ds(late(0.0, 0.5), "night").tolist() == [0]
    assert departures.delays_ds(late(60), "day").tolist() == [0]


def of_town(case, people=None):
    """A town, its rows, and who leaves when."""
    city = worlds.town()
    costs = reach.reach(city, case, 300)
    if people is None:
        people = turnout.turnout(city.demand, 0, case.turnout, case.seed)[costs.origin_idx, costs.group_idx]
    return city, costs, people, departures.departures(city, case, costs, people)


@settings(max_examples=30)
@given(SEEDS, st.integers(1, 12), st.sampled_from([0.07, 0.3, 1.0]))
def test_nobody_is_lost_and_no_total_favours_a_cohort_by_more_than_one_person(seed, cohorts, share):
    city, costs, people, found = of_town(late(cohorts=cohorts, seed=seed, turnout=share))
    assert found.of_rows.tolist() == people.tolist()
    assert (found.people >= 0).all()
    zone_idx = city.demand.zone_idx[costs.origin_idx]
    for zone in range(4):
        for rows in [zone_idx == zone, *((zone_idx == zone) & (costs.group_idx == g) for g in (0, 1))]:
            assert np.ptp(found.people[rows].sum(axis=0)) <= 1
    assert np.ptp(found.people.sum(axis=0)) <= 1


@given(st.integers(1, 400), SEEDS, st.sampled_from([0.07, 0.3, 1.0]), st.integers(1, 7))
def test_origins_of_one_person_still_send_their_share_spread_over_the_cohorts(count, seed, share, cohorts):
    city = toys.grid(count, 1, people=[1] * count) if count > 1 else toys.grid(2, 1, people=[1, 0])
    case = late(cohorts=cohorts, seed=seed, turnout=share)
    costs = reach.reach(city, case, 10)
    came = turnout.turnout(city.demand, 0, share, seed)
    found = departures.departures(city, case, costs, came[costs.origin_idx, costs.group_idx])
    assert abs(found.people.sum() - share * count) < 1
    assert np.ptp(found.people.sum(axis=0)) <= 1
    assert found.people.max() <= 1


def test_the_seed_decides_which_cohort_the_odd_ones_are_in():
    odd = {int(np.argmax(of_town(late(seed=s))[3].people.sum(axis=0))) for s in range(20)}
    assert len(odd) > 1


def test_one_cohort_holds_everybody():
    _, _, people, found = of_town(replace(late(), delay_cohorts=1))
    assert found.people[:, 0].tolist() == people.tolist()
