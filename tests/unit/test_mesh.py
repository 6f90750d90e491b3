"""The seeded street mesh: blocks, the streets between them, components."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from takecover.cities.model_kyiv import mesh
from takecover.cities.model_kyiv.mesh import SIZE, Mesh, Warp


def plain() -> Warp:
    return Warp(1.0, 0.0, np.zeros((0, 5)))


def triangle_and_pair() -> Mesh:
    x_m, y_m = np.array([0.0, 100.0, 0.0, 500.0, 600.0]), np.array([0.0, 0.0, 100.0, 0.0, 0.0])
    return Mesh(x_m, y_m, np.array([0, 1, 2, 3], np.int32), np.array([1, 2, 0, 4], np.int32))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_blocks_tile_the_square(seed):
    blocks = mesh.cut_blocks(plain(), lambda x_m, y_m: np.full(x_m.shape, SIZE**2 / 50), (seed,))
    west, south, east, north = blocks.T
    assert ((east > west) & (north > south)).all()
    assert int(((east - west) * (north - south)).sum()) == SIZE**2
    drawn = np.zeros((64, 64), int)
    for w, s, e, n in blocks * 64 // SIZE:
        drawn[s:n, w:e] += 1
    assert drawn.max() == 1


def test_blocks_are_small_where_they_are_wanted_small():
    blocks = mesh.cut_blocks(plain(), lambda x_m, y_m: np.where(x_m < 0, 1e5, 1e7), (5,))
    west, south, east, north = blocks.T
    area = (east - west) * (north - south)
    is_west = (west + east) / 2 < SIZE / 2
    assert np.median(area[~is_west]) > 20 * np.median(area[is_west])
    assert area[is_west & (east < SIZE / 2)].max() <= 2e5


def test_a_finer_mesh_is_cut_along_the_same_first_streets():
    coarse, fine = (mesh.cut_blocks(plain(), lambda x, y, a=a: np.full(x.shape, a), (1,)) for a in (4e8, 1e6))
    assert set(np.unique(coarse[:, 2])) <= set(np.unique(fine[:, 2]))
    assert len(fine) > 100 * len(coarse)


def test_streets_are_the_sides_of_blocks_cut_at_every_corner():
    # A wide block above two narrow ones: the lower side of the wide one is cut where the narrow ones meet.
    blocks = np.array([[0, 2, 4, 4], [0, 0, 1, 2], [1, 0, 4, 2]])
    across, along, tail, head = mesh.trace_streets(blocks)
    points = list(zip(across.tolist(), along.tolist(), strict=True))
    assert sorted(points) == [(0, 0), (0, 2), (0, 4), (1, 0), (1, 2), (4, 0), (4, 2), (4, 4)]
    ways = {frozenset((points[a], points[b])) for a, b in zip(tail, head, strict=True)}
    expected = [
        *(((0, 0), (1, 0)), ((1, 0), (4, 0)), ((0, 2), (1, 2)), ((1, 2), (4, 2)), ((0, 4), (4, 4))),
        *(((0, 0), (0, 2)), ((0, 2), (0, 4)), ((1, 0), (1, 2)), ((4, 0), (4, 2)), ((4, 2), (4, 4))),
    ]
    assert ways == {frozenset(way) for way in expected}
    assert len(tail) == 10


@given(
    st.integers(1, 40).flatmap(
        lambda n: st.tuples(
            st.just(n), st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=60)
        )
    )
)
def test_components_are_those_of_networkx(case):
    count, ways = case
    ends = np.array(ways, dtype=np.int32).reshape(-1, 2)
    label = mesh.components(count, ends[:, 0], ends[:, 1])
    graph = nx.Graph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from(ways)
    for part in nx.connected_components(graph):
        assert {int(label[node]) for node in part} == {min(part)}


def test_the_largest_component_is_found_and_kept_whole():
    is_kept = mesh.in_largest_component(triangle_and_pair())
    assert is_kept.tolist() == [True, True, True, False, False]
    kept = triangle_and_pair().keep(is_kept, np.ones(4, dtype=bool))
    assert kept.x_m.tolist() == [0.0, 100.0, 0.0]
    assert kept.tail.tolist() == [0, 1, 2]
    assert kept.head.tolist() == [1, 2, 0]


@pytest.mark.parametrize("seed", range(5))
def test_the_warp_never_folds_the_plane(seed):
    warp = Warp.from_seed(np.random.default_rng(seed), 1.5, -0.2)
    across, along = np.meshgrid(np.arange(0.0, SIZE, 64.0), np.arange(0.0, SIZE, 64.0))
    x_m, y_m = warp.to_plane(across, along)
    turn = (
        np.diff(x_m, axis=1)[:-1] * np.diff(y_m, axis=0)[:, :-1]
        - np.diff(y_m, axis=1)[:-1] * np.diff(x_m, axis=0)[:, :-1]
    )
    assert turn.min() > 0.2 * (64 * 1.5) ** 2


def test_a_bend_parts_a_way_and_keeps_its_ends():
    bent = mesh.bend(triangle_and_pair(), np.random.default_rng(1), 2, np.array([True] * 4), 0.1)
    assert len(bent.x_m) == 7
    assert len(bent.tail) == 6
    graph = nx.Graph(zip(bent.tail.tolist(), bent.head.tolist(), strict=True))
    assert [graph.degree(node) for node in (5, 6)] == [2, 2]
    x_m, y_m = bent.ends()
    assert np.hypot(np.diff(x_m), np.diff(y_m)).sum() == pytest.approx(300.0 + np.hypot(100.0, 100.0))


def test_no_bend_changes_nothing():
    bent = mesh.bend(triangle_and_pair(), np.random.default_rng(1), 0, np.zeros(4, bool), 0.1)
    assert bent.tail.tolist() == [0, 1, 2, 3]
    assert len(bent.x_m) == 5


def test_a_shake_moves_no_junction_farther_than_its_share_of_the_shortest_way():
    before = triangle_and_pair()
    after = mesh.shake(before, np.random.default_rng(3), 0.1)
    moved_m = np.hypot(after.x_m - before.x_m, after.y_m - before.y_m)
    assert (moved_m <= 10.0).all()
    assert moved_m.max() > 1.0
