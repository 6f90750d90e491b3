"""Prices during a raid: exact for the modelled state, however it was reached, and blind to the withheld."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from takecover.analysis.assign import assign
from takecover.analysis.live_prices import LivePrices
from takecover.dtypes import INDEX
from takecover.model.inspections import Inspections
from worlds import SCENARIO, row, town

BANDS = ("open", "filling", "full", "shut", "unknown")
LATE = replace(SCENARIO, delay_median_s={"night": 60.0}, delay_spread={"night": 0.5}, delay_cohorts=2)
TOWN = town()
KEPT = LivePrices(TOWN, LATE, 0.75)
said = st.dictionaries(st.sampled_from(KEPT.shelter_ids), st.sampled_from(BANDS))


@settings(max_examples=60, deadline=None)
@given(said, st.lists(said, max_size=4), st.integers(0, 6000))
def test_repaired_prices_are_those_of_solving_anew(
    first: dict[str, str], later: list[dict[str, str]], since_ds: int
) -> None:
    KEPT.tick(first, since_ds)
    for bands in later:
        repaired = KEPT.change(bands)
        assert KEPT._standing is not None
        anew = assign(KEPT._costs, KEPT._standing._optimum.people, KEPT._left)
        assert repaired.certificate == anew.certificate
        assert repaired.certificate.gap == (0, 0)
        assert np.array_equal(repaired.price_people, anew.price_people)
        assert np.array_equal(repaired.price_ds, anew.price_ds)


def test_the_row_has_the_prices_that_follow_by_arithmetic() -> None:
    """Five of seven in reach get in; one more place brings in a person who walks 200 s."""
    found = LivePrices(row(), SCENARIO, 0.75).tick({}, 0)
    assert (found.price_people.tolist(), found.price_ds.tolist()) == ([1], [-2000])
    assert found.certificate.primal == (26, 6000)


def test_who_is_inside_by_the_model_takes_a_place_and_is_not_priced_again() -> None:
    """At 150 s the origins of 1 and 2 have arrived; of the other 28, 2 places let two of the third in."""
    found = LivePrices(row(), SCENARIO, 0.75).tick({}, 1500)
    assert found.certificate.primal == (26, 4000)


def test_a_full_shelter_has_no_place_and_those_sent_to_it_are_still_to_be_placed() -> None:
    prices = LivePrices(row(), SCENARIO, 0.75)
    shelter_id = prices.shelter_ids[0]
    assert prices.tick({shelter_id: "full"}, 1500).certificate.primal == (31, 0)
    assert prices.change({shelter_id: "filling"}).certificate.primal == (30, 0)


def test_a_shelter_of_which_nothing_is_known_is_priced_by_the_hours_of_the_register() -> None:
    """At this hour the register has it shut, and nobody gets in; once someone says that it is open, five do."""
    open_by_day = Inspections(
        shelter_idx=np.array([0], INDEX),
        existences=np.array(["found"]),
        states=np.array(["fit"]),
        openings=np.array(["day"]),
        protection_classes=np.array([""]),
        depth_m=np.array([np.nan]),
        verified_on=np.array([""]),
        verified_by=np.array([""]),
    )
    city = row()
    city = replace(city, shelters=replace(city.shelters, inspections=open_by_day))
    prices = LivePrices(city, replace(SCENARIO, count_on="open"), 0.75)
    shelter_id = prices.shelter_ids[0]
    assert prices.tick({}, 0).certificate.primal == (31, 0)
    assert prices.tick({shelter_id: "unknown"}, 0).certificate.primal == (31, 0)
    assert prices.tick({shelter_id: "open"}, 0).certificate.primal == (26, 6000)


def test_a_withheld_shelter_changes_no_price() -> None:
    hidden = TOWN.shelters.is_withheld
    other = replace(
        TOWN, shelters=replace(TOWN.shelters, capacity=np.where(hidden, 9999, TOWN.shelters.capacity))
    )
    ours, theirs = (LivePrices(each, LATE, 0.75) for each in (TOWN, other))
    assert hidden.sum() == 3
    assert ours.shelter_ids == theirs.shelter_ids
    gone = {str(each): "shut" for each in TOWN.shelters.shelter_ids[hidden]}
    a, b = ours.tick({}, 900), theirs.tick(gone, 900)
    assert np.array_equal(a.price_people, b.price_people)
    assert np.array_equal(a.price_ds, b.price_ds)
