"""Venice, as the file is: no cars, bridges with steps, and islands that no way joins."""

from __future__ import annotations

import json
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
import shapely

from takecover.analysis import islands
from takecover.analysis.build import BuildReport
from takecover.model.city import City
from takecover.workflow.build_city import Order, build_city

STREETS = "highways_overpass_2023-01-08.json"


@pytest.fixture(scope="module")
def built(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[City, BuildReport]:
    """Fifty thousand people, and shelters at 40 points drawn by a seed."""
    folder = tmp_path_factory.mktemp("venice")
    draw = np.random.default_rng(1)
    rows = [f"s{k},100,{draw.uniform(45.427, 45.46):.6f},{draw.uniform(12.31, 12.36):.6f}" for k in range(40)]
    (folder / "shelters.csv").write_text("\n".join(["id,places,lat,lon", *rows]))
    order = Order(
        "venice", shared_data / "venice" / STREETS, folder / "shelters.csv", "50000", folder / "city"
    )
    return build_city(order)


def test_people_live_along_pedestrian_streets_and_every_output_says_so(
    built: tuple[City, BuildReport],
) -> None:
    city, _ = built
    assert city.demand.people.sum() == 50_000
    assert (
        "Where people live is not known: 50,000 people are spread evenly along residential and pedestrian streets."
        in city.notices
    )
    assert len(city.demand) > 1000


def test_islands_are_those_of_networkx_and_told_with_who_is_on_them(built: tuple[City, BuildReport]) -> None:
    city, report = built
    graph = nx.Graph(zip(city.network.tail.tolist(), city.network.head.tolist(), strict=True))
    pieces = sorted((len(piece) for piece in nx.connected_components(graph)), reverse=True)
    assert islands.sizes(city.network) == pieces
    assert report.counts["islands"] == len(pieces) - 1 > 50
    assert report.counts["people_on_islands"] > 100
    found = "\n".join(report.findings)
    assert (
        f"Streets: {len(pieces) - 1} pieces with {sum(pieces[1:]):,} nodes are joined to the rest by no way"
        in found
    )
    assert "live on streets that no way joins to the rest" in found


def test_ways_that_cross_on_a_bridge_do_not_meet(built: tuple[City, BuildReport], shared_data: Path) -> None:
    elements = json.loads((shared_data / "venice" / STREETS).read_bytes())["elements"]
    network = built[0].network
    assert sum(e["tags"].get("bridge") == "yes" for e in elements if e["type"] == "way") > 1000
    assert int(network.is_steps.sum()) > 1000
    places = np.column_stack([network.lon, network.lat])
    lines = shapely.linestrings(np.stack([places[network.tail], places[network.head]], axis=1))
    one, other = shapely.STRtree(lines).query(lines, predicate="crosses")
    assert len(one) > 10
    ends = [{int(network.tail[s]), int(network.head[s])} for s in range(network.segment_count)]
    assert not any(ends[a] & ends[b] for a, b in zip(one.tolist(), other.tolist(), strict=True))
