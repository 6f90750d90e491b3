"""What holds for every optimum over time, at fixed slots: more never harms, and no plan beats the bound."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from takecover.analysis.bound import bound
from takecover.analysis.overtime import assign_over_time
from takecover.analysis.vigil import Vigil
from takecover.model.warning import WarningTimes
from timeworlds import World, doors, world, worlds

LAW = settings(max_examples=40, deadline=None)
ROUNDINGS = ("against", "for")


def lost(made: World, rounding: str) -> int:
    """Units of the first goal that the optimum loses."""
    return assign_over_time(
        *made, rounding="against" if rounding == "against" else "for"
    ).certificate.primal.people


@LAW
@given(worlds(), st.data())
def test_a_door_wider_by_whole_people_in_a_slot_never_leaves_more_people_outside(
    made: World, data: st.DataObject
) -> None:
    assume(made.slot_ds != 300)
    flow = made.doorways.flow_per_ks.copy()
    which = data.draw(st.integers(0, len(flow) - 1))
    flow[which] += data.draw(st.integers(1, 5)) * 10_000 // made.slot_ds
    wider = made._replace(doorways=replace(made.doorways, flow_per_ks=flow))
    for rounding in ROUNDINGS:
        assert lost(wider, rounding) <= lost(made, rounding)


@LAW
@given(worlds(), st.data())
def test_a_door_wider_by_any_amount_leaves_one_person_more_outside_at_most(
    made: World, data: st.DataObject
) -> None:
    flow = made.doorways.flow_per_ks.copy()
    which = data.draw(st.integers(0, len(flow) - 1))
    alone = replace(
        made.doorways, hall_idx=np.full(len(flow), -1, np.int32), to_hall_ds=0 * made.doorways.to_hall_ds
    )
    flow[which] += data.draw(st.integers(1, 500))
    made = made._replace(doorways=alone, warning=WarningTimes.single(int(made.warning.time_s[-1])))
    wider = made._replace(doorways=replace(alone, flow_per_ks=flow))
    for rounding in ROUNDINGS:
        assert lost(wider, rounding) <= lost(made, rounding) + 1


@LAW
@given(worlds(), st.data())
def test_leaving_earlier_never_leaves_more_people_outside(made: World, data: st.DataObject) -> None:
    leaving = made.departures
    sooner = np.sort(
        leaving.delay_ds - np.array([data.draw(st.integers(0, d)) for d in leaving.delay_ds.tolist()])
    )
    earlier = made._replace(departures=replace(leaving, delay_ds=sooner))
    for rounding in ROUNDINGS:
        assert lost(earlier, rounding) <= lost(made, rounding)


@LAW
@given(worlds(), st.data())
def test_one_more_entrance_never_leaves_more_people_outside(made: World, data: st.DataObject) -> None:
    which = data.draw(st.integers(0, len(made.doorways) - 1))
    flow = made.doorways.flow_per_ks.copy()
    flow[which] = 0
    without = made._replace(doorways=replace(made.doorways, flow_per_ks=flow))
    for rounding in ROUNDINGS:
        assert lost(made, rounding) <= lost(without, rounding)


@LAW
@given(worlds())
def test_the_plan_is_never_above_the_bound_at_any_time(made: World) -> None:
    times = np.arange(0, 150, 10)
    table = made.costs, made.doorways, made.departures, made.capacity
    most = bound(*table, times, made.slot_ds)
    assert (np.diff(most) >= 0).all()
    for time_s, people in zip(times.tolist(), most.tolist(), strict=True):
        alone = assign_over_time(*table, WarningTimes.single(time_s), made.slot_ds, rounding="for")
        assert alone.sent == people
        assert assign_over_time(*table, WarningTimes.single(time_s), made.slot_ds).sent <= people


@LAW
@given(worlds(), st.data())
def test_a_repaired_plan_is_as_good_as_one_made_from_scratch(made: World, data: st.DataObject) -> None:
    rounding = data.draw(st.sampled_from(ROUNDINGS))
    vigil = Vigil(*made, rounding="against" if rounding == "against" else "for")
    flow = made.doorways.flow_per_ks.copy()
    for _ in range(4):
        which = data.draw(st.integers(0, len(flow) - 1))
        if data.draw(st.booleans()):
            flow[which] = 0
            plan = vigil.shut(np.array([which]))
        else:
            flow[which] = made.doorways.flow_per_ks[which]
            plan = vigil.open(np.array([which]))
        anew = made._replace(doorways=replace(made.doorways, flow_per_ks=flow.copy()))
        again = assign_over_time(*anew, rounding="against" if rounding == "against" else "for")
        assert plan.certificate.primal == again.certificate.primal


def test_once_a_slow_door_before_a_hall_is_shut_nobody_there_is_late_for_it_any_more() -> None:
    # One person in 100 s by the slow door: all who leave the hall count as late by that while it is open.
    way = doors([0, 0], [10, 100], halls=[0, 0], hall_flows=(100,), hall_shelters=(0,), to_halls=[0, 0])
    made = world([[(0, 0), (1, 0)]], way, [[1]], [1], WarningTimes.single(40), 100)
    vigil = Vigil(*made)
    assert vigil.plan.sent == 0
    assert vigil.shut(np.array([0])).sent == 1
    assert vigil.shut(np.array([1])).sent == 0
    assert vigil.open(np.array([1])).sent == 1
    assert vigil.open(np.array([0])).sent == 0


def test_a_hall_reached_by_rounding_counts_in_the_bound_as_in_the_plan_rounded_for_us() -> None:
    way = doors([0], [30], halls=[0], hall_flows=(30,), hall_shelters=(0,), to_halls=[1])
    made = world([[(0, 0)]], way, [[1]], [1], WarningTimes.single(0), 50)
    table = made.costs, made.doorways, made.departures, made.capacity
    # The hall is a tenth of a second behind the door, which rounds to none.
    assert assign_over_time(*made, rounding="for").sent == 1
    assert bound(*table, np.array([0]), made.slot_ds).tolist() == [1]
