"""No crowd that goes through the doors is ever above the bound, whoever sends whom where."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crowds import hops_of
from takecover.analysis.arrive import arrive, batches_of
from takecover.analysis.bound import bound
from takecover.analysis.overtime import assign_over_time
from takecover.model.timeline import Batches, Timeline
from timeworlds import GROUPS, World, worlds

HORIZON_DS = 4000
"""Everyone in such a world has been at a door long before."""


def through_the_doors(made: World, batches: Batches) -> Timeline:
    """A crowd of which nobody goes on to another door."""
    doors = made.doorways.shelter_idx.tolist()
    nowhere = hops_of([[] for _ in doors], doors)
    return arrive(batches, made.doorways, made.capacity, [nowhere] * GROUPS, np.array([HORIZON_DS]))


@st.composite
def crowded(draw: st.DrawFn) -> tuple[World, Timeline]:
    """A world, and what becomes of everyone if each party goes to any door that it reaches."""
    made = draw(worlds())
    assume((np.diff(made.doorways.shelter_idx) >= 0).all())
    parties: list[tuple[int, int, int]] = []
    for row, cohort in np.argwhere(made.departures.people > 0).tolist():
        left = int(made.departures.people[row, cohort])
        reached = range(made.costs.indptr[row], made.costs.indptr[row + 1])
        while left and reached:
            going = draw(st.integers(1, left))
            parties.append((draw(st.sampled_from(reached)), cohort, going))
            left -= going
    entry, cohort_idx, people = np.array(sorted(parties), np.int64).reshape(-1, 3).T
    delay_ds = made.departures.delay_ds
    return made, through_the_doors(made, batches_of(made.costs, entry, cohort_idx, people, delay_ds))


@settings(max_examples=150, deadline=None)
@given(crowded())
def test_no_crowd_is_above_the_bound_at_any_time(found: tuple[World, Timeline]) -> None:
    made, ran = found
    times_s = np.arange(0, 200, 7)
    most = bound(made.costs, made.doorways, made.departures, made.capacity, times_s, made.slot_ds)
    inside = [int(ran.people[ran.time_ds <= time_s * 10].sum()) for time_s in times_s.tolist()]
    assert (np.array(inside) <= most).all()


@settings(max_examples=150, deadline=None)
@given(worlds())
def test_what_a_plan_promises_is_kept_when_all_go_through_the_doors_first_come_first_in(made: World) -> None:
    assume((np.diff(made.doorways.shelter_idx) >= 0).all())
    plan = assign_over_time(*made)
    sent = batches_of(made.costs, plan.entry_idx, plan.cohort_idx, plan.people, made.departures.delay_ds)
    ran = through_the_doors(made, sent)
    assert int(made.warning.value(ran.time_ds) @ ran.people) >= plan.expected_permille
