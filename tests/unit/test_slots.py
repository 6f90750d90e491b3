"""Slots of time: what is rounded against us, what for us, and what stays the same in longer ones."""

from __future__ import annotations

import numpy as np
import pytest

from takecover.analysis.queues import Queues
from takecover.analysis.slots import served_by, slots
from takecover.errors import InputError
from takecover.model.doorways import UNMETERED_PER_KS
from takecover.model.warning import WarningTimes
from timeworlds import doors, world


def test_people_let_through_are_rounded_down_against_us_and_up_for_us() -> None:
    flow, times = np.array([333]), np.array([0, 300, 600, 900])
    assert served_by(flow, times, is_late=True).tolist() == [0, 9, 19, 29]
    assert served_by(flow, times, is_late=False).tolist() == [0, 10, 20, 30]


def test_a_slot_lets_pass_the_difference_of_what_is_let_through_by_its_ends() -> None:
    late = slots(doors([0], [333]), np.array([99]), WarningTimes.single(94), 300, 1000, is_late=True)
    assert late.most.tolist() == [9, 10, 10, 99]
    assert late.through_ds.tolist() == [331, 631, 931, 0]
    soon = slots(doors([0], [333]), np.array([99]), WarningTimes.single(95), 300, 1000, is_late=False)
    assert soon.most.tolist() == [10, 10, 10, 10, 99]
    assert soon.through_ds.tolist() == [0, 300, 600, 900, 0]


def test_before_a_hall_only_whole_slots_are_lost_and_one_passing_time_of_each_queue_behind_it() -> None:
    way = doors([0], [1000], halls=[0], to_halls=[20], covers=[50], hall_flows=(500,), hall_shelters=(0,))
    made = slots(way, np.array([99]), WarningTimes.single(130), 300, 1000, is_late=True)
    # Served in slot 0, in the hall's queue by 32 s, so in its slot 2, which ends at 90 s; 1 s and 2 s are added there.
    assert made.head[0] == made.first[1] + 2
    assert made.through_ds[made.first[1] + 2] == 900 + 10 + 20 + 50


def test_what_nothing_holds_up_is_through_when_the_slot_begins() -> None:
    made = slots(
        doors([0], [UNMETERED_PER_KS]), np.array([5]), WarningTimes.single(60), 300, 10, is_late=True
    )
    assert made.through_ds.tolist() == [0, 300, 600, 0]
    assert made.most.tolist() == [11, 11, 11, 5]


def test_more_people_than_the_arithmetic_holds_are_refused() -> None:
    made = world([[(0, 0)]], doors([0], [1000]), [[2**31]], [10], WarningTimes.single(60), 300)
    with pytest.raises(InputError, match="Split the city"):
        Queues(*made, is_late=True)


def test_more_slots_than_the_arithmetic_holds_are_refused() -> None:
    warning = WarningTimes(np.array([50_000, 60_000], np.int64), np.array([1, 999], np.int64))
    made = world(
        [[(0, 30_000)]],
        doors([0] * 400, [1000] * 400),
        [[3]],
        [10] * 300_000,
        warning,
        300,
    )
    with pytest.raises(InputError, match="Give longer ones"):
        Queues(*made, is_late=True)
