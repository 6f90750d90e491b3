"""Chains of segments drawn together."""

import numpy as np

from takecover.kernels.chains import contract


def _contract(pairs, forth_ms, back_ms, kept=(), limit_ms=1000, node_count=None):
    ends = np.array(pairs, np.int32).reshape(-1, 2)
    is_kept = np.zeros(int(ends.max(initial=-1)) + 1 if node_count is None else node_count, bool)
    is_kept[list(kept)] = True
    walks = (np.array(walk, np.int32) for walk in (forth_ms, back_ms))
    junction, end, end_ms, chain = contract(ends[:, 0].copy(), ends[:, 1].copy(), *walks, is_kept, limit_ms)
    return junction.tolist(), end.tolist(), end_ms.tolist(), sorted(map(tuple, chain.T.tolist()))


def test_a_street_with_bends_becomes_one_way_there_and_one_back():
    junction, end, end_ms, chain = _contract([(0, 1), (2, 1), (2, 3)], [10, 20, 30], [11, 21, 31])
    assert junction == [0, -1, -1, 1]
    assert chain == [(0, 1, 10 + 21 + 30), (1, 0, 31 + 20 + 11)]
    assert end == [0, 1, 1, 0, 0, 1]
    assert end_ms == [0, 21 + 30, 30, 11, 20 + 11, 0]


def test_a_way_shut_in_one_direction_shuts_the_chain_in_that_direction_and_what_lies_behind_it():
    _, _, end_ms, chain = _contract([(0, 1), (1, 2), (2, 3)], [10, 20, 30], [11, -1, 31])
    assert chain == [(0, 1, 60)]
    assert end_ms == [0, 50, 11, 30, -1, 0]


def test_a_chain_over_the_limit_is_no_way():
    _, _, end_ms, chain = _contract([(0, 1), (1, 2)], [600, 401], [600, 400])
    assert chain == [(1, 0, 1000)]
    assert end_ms == [0, 401, 600, 0]


def test_a_kept_node_ends_chains():
    junction, _, _, chain = _contract([(0, 1), (1, 2)], [1, 2], [3, 4], kept=[1])
    assert junction == [0, 1, 2]
    assert chain == [(0, 1, 1), (1, 0, 3), (1, 2, 2), (2, 1, 4)]


def test_a_ring_without_a_junction_has_no_ends():
    junction, end, end_ms, chain = _contract([(0, 1), (1, 2), (2, 0)], [1, 1, 1], [1, 1, 1])
    assert (junction, end, end_ms, chain) == ([-1] * 3, [-1] * 6, [-1] * 6, [])


def test_a_ring_on_a_stalk_leads_back_to_its_junction_and_is_no_way_to_anywhere_else():
    junction, end, _, chain = _contract([(0, 1), (1, 2), (2, 3), (3, 1)], [1] * 4, [1] * 4)
    assert junction == [0, 1, -1, -1]
    assert end == [0, 1, 1, 1, 1, 1, 1, 1]
    assert chain == [(0, 1, 1), (1, 0, 1)]


def test_no_streets_have_no_chains():
    assert _contract([], [], [], node_count=2) == ([0, 1], [], [], [])
