"""The heap gives numbers back in order."""

from __future__ import annotations

import heapq

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from takecover.kernels import heap

keys = st.lists(st.integers(-(2**62), 2**62), max_size=40)


@settings(deadline=None)
@given(keys)
def test_the_least_is_taken_first_until_nothing_is_left(numbers):
    room, size = np.array(sorted(numbers), np.int64), len(numbers)
    taken = []
    while size > 0:
        taken.append(int(room[0]))
        size = heap.pop(room, size)
    assert taken == sorted(numbers)


@settings(deadline=None)
@given(keys.filter(len), keys)
def test_replacing_the_least_is_taking_it_and_adding_another(numbers, others):
    room, twin = np.array(sorted(numbers), np.int64), sorted(numbers)
    for other in others:
        assert int(room[0]) == heapq.heapreplace(twin, other)
        heap.replace(room, len(room), other)
    assert sorted(room.tolist()) == sorted(twin)
