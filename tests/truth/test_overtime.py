"""The assignment over time against arithmetic, and against another solver on the explicit time-expanded network."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from takecover.analysis.overtime import Rounding, assign_over_time
from takecover.model.doorways import UNMETERED_PER_KS
from takecover.model.warning import WarningTimes
from timeworlds import Network, World, doors, world, worlds


@settings(max_examples=300, deadline=None)
@given(worlds())
def test_the_plan_and_the_bound_cost_what_another_solver_finds(made: World) -> None:
    for rounding in ("against", "for"):
        plan = assign_over_time(*made, rounding=rounding)
        found = Network(made, is_late=rounding == "against").solve()
        assert tuple(plan.certificate.primal) == found == tuple(plan.certificate.dual)
        assert (plan.unserved.sum() + plan.sent) == made.departures.people.sum()


def _star(flow: int, people: int, warning_s: int, capacity: int = 1000) -> World:
    """Everyone at one door, which they reach at once."""
    return world([[(0, 0)]], doors([0], [flow]), [[people]], [capacity], WarningTimes.single(warning_s), 300)


@pytest.mark.parametrize(
    ("rounding", "sent"),
    [
        # Two a second for 90 s: the slot that ends at 90 s is through half a second too late.
        ("against", 120),
        # The slot that begins at 90 s counts as through by then.
        ("for", 240),
    ],
)
def test_one_door_passes_its_flow_in_the_slots_that_end_in_time(rounding: Rounding, sent: int) -> None:
    assert assign_over_time(*_star(2000, 1000, 90), rounding=rounding).sent == sent


def test_one_door_takes_no_more_than_the_shelter_has_places() -> None:
    plan = assign_over_time(*_star(2000, 1000, 900, capacity=37))
    assert plan.sent == 37
    assert plan.place_units.tolist() == [1]


def test_waiting_counts_whole_slots() -> None:
    plan = assign_over_time(*_star(100, 9, 900))
    # Three a slot: three wait for none, three for one slot of 30 s, three for two.
    assert tuple(plan.certificate.primal) == (0, 3 * 300 + 3 * 600)
    assert plan.served[0, :4].tolist() == [3, 3, 3, 0]


def test_of_two_doors_the_farther_is_used_when_the_nearer_has_a_queue() -> None:
    made = world([[(0, 0), (1, 200)]], doors([0, 0], [100, 100]), [[6]], [100], WarningTimes.single(900), 300)
    plan = assign_over_time(*made)
    # Three at the near door at once, three walk 20 s to the other, where the next slot serves them.
    assert tuple(plan.certificate.primal) == (0, 3 * 200)
    assert plan.people.tolist() == [3, 3]


def test_a_shared_escalator_holds_two_doors_to_its_own_flow() -> None:
    apart = doors([0, 0], [1000, 1000])
    shared = doors(
        [0, 0], [1000, 1000], halls=[0, 0], hall_flows=(1000,), hall_shelters=(0,), to_halls=[0, 0]
    )
    # Three slots end in time before two doors; the escalator behind them begins one slot later.
    for way, sent in ((apart, 2 * 90), (shared, 60)):
        made = world([[(0, 0)], [(1, 0)]], way, [[500], [500]], [1000], WarningTimes.single(100), 300)
        assert assign_over_time(*made).sent == sent


def test_a_door_that_nothing_holds_up_passes_all_at_once() -> None:
    plan = assign_over_time(*_star(UNMETERED_PER_KS, 5000, 1, capacity=5000))
    assert (plan.sent, plan.certificate.primal.ds) == (5000, 0)


def test_a_distribution_of_warning_times_saves_whom_each_time_lets_in() -> None:
    warning = WarningTimes(np.array([0, 45, 90], np.int64), np.array([200, 300, 500], np.int64))
    made = world([[(0, 0)]], doors([0], [1000]), [[100]], [1000], warning, 300)
    plan = assign_over_time(*made)
    # 30 are in at 31 s, worth 0.8; 30 more at 61 s, worth 0.5; nobody by the siren itself.
    assert plan.units_per_person == 10
    assert plan.sent == 60
    assert plan.expected_permille == 30 * 800 + 30 * 500


def test_when_every_strike_comes_with_the_siren_everybody_is_outside() -> None:
    warning = WarningTimes(np.array([-10, 0], np.int64), np.array([400, 600], np.int64))
    plan = assign_over_time(*world([[(0, 0)]], doors([0], [1000]), [[7]], [10], warning, 300))
    assert (plan.sent, plan.unserved.tolist(), plan.expected_permille) == (0, [[7]], 0)


def test_rows_without_entries_shut_doors_and_shelters_without_places_are_results() -> None:
    made = world(
        [[], [(0, 10)], [(1, 10)]],
        doors([0, 1], [0, 1000]),
        [[3], [4], [5]],
        [10, 0],
        WarningTimes.single(900),
        300,
    )
    assert assign_over_time(*made).unserved.tolist() == [[3], [4], [5]]


def test_whoever_leaves_later_joins_a_later_slot() -> None:
    made = world(
        [[(0, 100)]], doors([0], [1000]), [[3, 4]], [10], WarningTimes.single(900), 300, delays=(0, 600)
    )
    plan = assign_over_time(*made)
    assert plan.served[0, :5].tolist() == [0, 3, 0, 4, 0]
    assert plan.cohort_idx.tolist() == [0, 1]
