"""Walk times against networkx on the same streets, in lengths that nobody rounded."""

from __future__ import annotations

import math
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest

import twins_reach as twins
from takecover.analysis.reach import nearest_nodes, reach
from takecover.dtypes import UNREACHED


def _split(city, group_idx, case):
    """The same streets as a networkx graph in milliseconds, not rounded, with every point a node of its own."""
    walker, network = twins.Walker(city, case, group_idx), city.network
    points = {"origin": city.demand.snap, "door": city.shelters.entrances.snap}
    on: dict[int, list] = {}
    graph = nx.DiGraph()
    for name, snap in points.items():
        for i in range(len(snap)):
            if snap.segment_idx[i] >= 0:
                on.setdefault(int(snap.segment_idx[i]), []).append((float(snap.fraction[i]), name, i))
                offset = snap.offset_m[i] / walker.speed * 1000
                ends = ((name, i), ("street", name, i))
                graph.add_edge(*(ends if name == "origin" else ends[::-1]), ms=offset)

    def way(begin, end, ms):
        if ms is not None and ms < graph.get_edge_data(begin, end, {"ms": math.inf})["ms"]:
            graph.add_edge(begin, end, ms=ms)

    for s in range(network.segment_count):
        stations = [(0.0, int(network.tail[s])), (1.0, int(network.head[s]))]
        stations += [(f, ("street", name, i)) for f, name, i in on.get(s, [])]
        stations.sort(key=lambda station: station[0])
        for (f, begin), (g, end) in pairwise(stations):
            for a, b, is_forward in ((begin, end, True), (end, begin, False)):
                whole = walker.segment_ms(s, is_forward)
                way(a, b, 0.0 if f == g else None if whole is None else (g - f) * whole)
    return graph, walker


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
    graph, walker = _split(city, group_idx, case)
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
    graph, walker = _split(city, 0, case)
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
