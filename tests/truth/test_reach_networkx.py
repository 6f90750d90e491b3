"""Walk times against networkx on the same streets, in lengths that nobody rounded."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pytest

import twins_reach as twins
from takecover.analysis.reach import nearest_nodes, reach
from takecover.dtypes import UNREACHED


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("group_idx", [0, 1])
def test_walks_are_those_of_networkx_within_a_millisecond_a_segment(seed, group_idx):
    city = twins.random_city(
        seed, nodes=400, segments=800, origins=200, shelters=40, lengths_m=np.linspace(3.0, 250.0, 997)
    )
    case, limit_s = twins.scenario(speed_m_s={"walking": 1.19, "step_free": 0.69}), 1500
    costs = reach(city, case, limit_s)
    of_group = costs.group_idx[costs.row_idx] == group_idx
    pairs = zip(
        costs.origin_idx[costs.row_idx][of_group].tolist(), costs.shelter_idx[of_group].tolist(), strict=True
    )
    found = dict(zip(pairs, costs.walk_time_ds[of_group].tolist(), strict=True))
    graph, walker = twins.split(city, group_idx, case)
    compared = 0
    for origin in np.flatnonzero(city.demand.snap.segment_idx >= 0).tolist():
        far, ways = nx.single_source_dijkstra(graph, ("origin", origin), weight="ms")
        best: dict[int, tuple[float, int]] = {}
        for door in walker.doors():
            if ("door", door) in far:
                shelter = int(city.shelters.entrances.shelter_idx[door])
                walk = (far["door", door], len(ways["door", door]))
                best[shelter] = min(best.get(shelter, walk), walk)
        for shelter, (walk_ms, steps) in best.items():
            walk_ds = found.get((origin, shelter))
            if walk_ds is None:
                assert walk_ms > limit_s * 1000 - steps
            else:
                assert walk_ms - 1e-3 <= walk_ds * 100 <= walk_ms + steps + 100
                compared += 1
        assert {s for o, s in found if o == origin} <= set(best)
    assert compared >= 500


@pytest.mark.parametrize("seed", [4, 5])
def test_the_walk_from_every_node_is_that_of_networkx(seed):
    city = twins.random_city(
        seed, nodes=500, segments=900, origins=1, shelters=12, lengths_m=np.linspace(3.0, 250.0, 997)
    )
    case = twins.scenario()
    graph, walker = twins.split(city, 0, case)
    back = graph.reverse()
    for door in walker.doors():
        back.add_edge("out", ("door", door), ms=0.0)
    far = nx.single_source_dijkstra_path_length(back, "out", weight="ms")
    walk_ms = nearest_nodes(city, case, 900, 0)
    reached = 0
    for node in range(city.network.node_count):
        if walk_ms[node] == UNREACHED:
            assert far.get(node, math.inf) > 900_000 - 500
        else:
            assert far[node] - 1e-3 <= walk_ms[node] <= far[node] + 100
            reached += 1
    assert reached > 250
