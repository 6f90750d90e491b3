"""Pieces of the network that no way joins."""

from __future__ import annotations

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from takecover.analysis import islands
from takecover.cities import toys
from takecover.model.network import Network


def test_one_piece_has_one_label() -> None:
    assert islands.label(toys.grid(3, 2).network).tolist() == [0] * 6


def test_a_missing_street_makes_two_pieces_and_the_smaller_is_off_the_mainland() -> None:
    network = toys.grid(5, 1, missing=[(2, 3)]).network
    assert islands.sizes(network) == [3, 2]
    assert islands.label(network).tolist() == [0, 0, 0, 3, 3]
    assert islands.is_off_mainland(network).tolist() == [False, False, True]


def test_a_one_way_street_still_joins() -> None:
    network = toys.grid(3, 1, one_way=[(1, 0)]).network
    assert not islands.is_off_mainland(network).any()


@given(st.integers(1, 30), st.lists(st.tuples(st.integers(0, 29), st.integers(0, 29)), max_size=60))
def test_pieces_equal_those_of_networkx(count: int, pairs: list[tuple[int, int]]) -> None:
    ends = np.array([(a % count, b % count) for a, b in pairs], np.int32).reshape(-1, 2)
    nothing = np.zeros(len(ends))
    ids = np.arange(count)
    network = Network(
        ids, ids * 0.0, ids * 0.0, ends[:, 0], ends[:, 1], nothing, nothing, nothing > 0, nothing > 0
    )
    graph = nx.Graph(ends.tolist())
    graph.add_nodes_from(range(count))
    expected = np.empty(count, int)
    for piece in nx.connected_components(graph):
        expected[list(piece)] = min(piece)
    assert islands.label(network).tolist() == expected.tolist()
