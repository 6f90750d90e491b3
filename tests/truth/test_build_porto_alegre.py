"""Porto Alegre, as the files are: an extract in .osm.pbf, a map of heights, hills and 1,000 walks checked elsewhere."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pytest

import twins_reach as twins
from takecover.analysis.reach import reach
from takecover.model.city import City
from takecover.workflow.build_city import Order, build_city

LIMIT_S = 1200
WALKS = 1000


@pytest.fixture(scope="module")
def city(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> City:
    """The streets with their climbs, people along them, and shelters at 60 points drawn by a seed."""
    folder = tmp_path_factory.mktemp("porto-alegre")
    draw = np.random.default_rng(4)
    rows = [
        f"s{k},{int(draw.integers(50, 500))},{draw.uniform(-30.09, -30.0):.6f},{draw.uniform(-51.24, -51.15):.6f}"
        for k in range(60)
    ]
    shelters = folder / "shelters.csv"
    shelters.write_text("\n".join(["id,places,lat,lon", *rows]))
    files = shared_data / "porto-alegre"
    order = Order(
        "porto-alegre",
        files / "poa_osm.pbf",
        shelters,
        "800000",
        folder / "city",
        elevation=files / "poa_elevation.tif",
        snap_limit_m=300.0,
    )
    return build_city(order)[0]


def test_streets_climb_the_hills_and_bridges_do_not_fall_into_the_valley(city: City) -> None:
    network = city.network
    is_known = np.isfinite(network.climb_m)
    assert is_known.mean() > 0.95
    slope = np.abs(network.climb_m[is_known]) / np.maximum(network.length_m[is_known], 1)
    assert 0.01 < np.average(slope, weights=network.length_m[is_known]) < 0.08
    assert np.quantile(slope, 0.999) < 1.0
    assert [source.subject for source in city.sources][:2] == ["streets", "heights"]


def test_a_thousand_walks_are_those_of_networkx_within_a_millisecond_a_segment(city: City) -> None:
    case = twins.scenario(speed_m_s={"walking": 1.19, "step_free": 0.69})
    costs = reach(city, case, LIMIT_S)
    walking = costs.group_idx[costs.row_idx] == 0
    pairs = zip(
        costs.origin_idx[costs.row_idx][walking].tolist(), costs.shelter_idx[walking].tolist(), strict=True
    )
    found = dict(zip(pairs, costs.walk_time_ds[walking].tolist(), strict=True))
    graph, walker = twins.split(city, 0, case)
    doors = list(walker.doors())
    compared = 0
    for origin in np.random.default_rng(2026).permutation(sorted({o for o, _ in found})).tolist():
        far, ways = nx.single_source_dijkstra(graph, ("origin", origin), weight="ms", cutoff=LIMIT_S * 1000)
        for door in doors:
            shelter = int(city.shelters.entrances.shelter_idx[door])
            walk_ds = found.get((origin, shelter))
            if ("door", door) not in far:
                assert walk_ds is None
            elif walk_ds is None:
                assert far["door", door] > LIMIT_S * 1000 - len(ways["door", door])
            else:
                assert (
                    far["door", door] - 1e-3
                    <= walk_ds * 100
                    <= far["door", door] + len(ways["door", door]) + 100
                )
                compared += 1
        if compared >= WALKS:
            break
    assert compared >= WALKS
