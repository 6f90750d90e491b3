"""Streets of OpenStreetMap data: the same from every form of file, and what is walked across, joined or left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from osmfile import Element, everything, node, relation, way, write
from takecover.analysis.parsed import ParsedStreets
from takecover.analysis.swap import Box
from takecover.errors import InputError
from takecover.io import osm_data, streets_file

FORMS = ("streets.json", "streets.osm", "streets.osm.bz2", "streets.osm.gz", "streets.osm.pbf")

SQUARE = (
    *(node(i, lon, lat) for i, lon, lat in ((1, 0, 0), (2, 0.002, 0), (3, 0.002, 0.002), (4, 0, 0.002))),
    node(5, -0.001, 0),
    node(6, 0.003, 0.002),
    way(50, [5, 1], highway="footway"),
    way(60, [3, 6], highway="residential"),
)
"""A square of some 220 m with a way to one corner and another to the one across."""


def read(folder: Path, *elements: Element, name: str = "streets.json", **choices: Any) -> ParsedStreets:
    return streets_file.read(write(folder / name, elements), **choices)


def joined(streets: ParsedStreets) -> set[tuple[int, int]]:
    """Ids of the nodes at the ends of each segment, the lower one first."""
    ends = streets.node_ids[np.column_stack([streets.tail, streets.head])]
    return {(min(a, b), max(a, b)) for a, b in ends.tolist()}


def assert_same(one: ParsedStreets, other: ParsedStreets) -> None:
    for name, column in vars(one).items():
        if isinstance(column, np.ndarray):
            np.testing.assert_array_equal(column, getattr(other, name), err_msg=name)
    assert one.findings == other.findings


@pytest.mark.parametrize("name", FORMS)
def test_small_data_are_the_same_streets_in_every_form(tmp_path: Path, name: str) -> None:
    elements = (
        *SQUARE,
        way(70, [1, 2, 3, 4, 1], highway="pedestrian", area="yes"),
        way(71, [2, 99], highway="footway"),
        way(72, [2, 6], highway="steps", conveying="backward", bridge="yes"),
        relation(80, [("way", 60, "")], type="route"),
    )
    streets = read(tmp_path, *elements, name=name)
    assert_same(streets, read(tmp_path, *elements))
    assert joined(streets) == {(1, 5), (3, 6), (1, 2), (2, 3), (3, 4), (1, 4), (1, 3), (2, 6)}
    assert streets.findings == (
        "Streets: nodes of walkable ways that are not in the file: 1; the ways are cut there.",
    )


@pytest.fixture(scope="module")
def porto_alegre(shared_data: Path) -> tuple[ParsedStreets, list[Element]]:
    extract = shared_data / "porto-alegre" / "poa_osm.pbf"
    return streets_file.read(extract), everything(extract)


@pytest.mark.parametrize("name", FORMS[:3])
def test_porto_alegre_is_the_same_city_in_every_form(
    porto_alegre: tuple[ParsedStreets, list[Element]], tmp_path: Path, name: str
) -> None:
    streets, elements = porto_alegre
    assert len(streets.tail) > 45_000
    assert_same(streets, read(tmp_path, *elements, name=name))


def test_a_square_is_walked_across(tmp_path: Path) -> None:
    outline = way(70, [1, 2, 3, 4, 1], highway="pedestrian", area="yes")
    streets = read(tmp_path, *SQUARE, outline)
    assert (1, 3) in joined(streets)
    assert (2, 4) not in joined(streets)
    assert streets.way_ids[-1] == 70
    assert streets.highway[-1] == "square"


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "pedestrian"},
        {"highway": "pedestrian", "area": "no"},
        {"highway": "pedestrian", "area": "yes", "foot": "no"},
        {"highway": "steps", "area": "yes"},
        {"leisure": "park", "area": "yes"},
    ],
)
def test_what_is_no_area_is_not_walked_across(tmp_path: Path, tags: dict[str, str]) -> None:
    assert (1, 3) not in joined(read(tmp_path, *SQUARE, way(70, [1, 2, 3, 4, 1], **tags)))


@pytest.mark.parametrize(
    "tags", [{"place": "square"}, {"railway": "platform"}, {"public_transport": "platform"}]
)
def test_squares_and_platforms_are_areas_without_being_called_so(
    tmp_path: Path, tags: dict[str, str]
) -> None:
    assert (1, 3) in joined(read(tmp_path, *SQUARE, way(70, [1, 2, 3, 4, 1], **tags)))


def test_a_line_of_a_square_that_does_not_close_is_no_way(tmp_path: Path) -> None:
    streets = read(tmp_path, *SQUARE, way(70, [1, 2, 3, 4], place="square"))
    assert joined(streets) == {(1, 5), (3, 6)}


HOLE = (
    node(11, 0.0008, 0.0008),
    node(12, 0.0012, 0.0008),
    node(13, 0.0012, 0.0012),
    node(14, 0.0008, 0.0012),
)
"""A fountain in the middle of the square."""


def test_a_hole_in_a_square_is_walked_round(tmp_path: Path) -> None:
    rings = (way(70, [1, 2, 3]), way(71, [1, 4, 3]), way(72, [11, 12, 13, 14, 11]))
    members = [("way", 70, "outer"), ("way", 71, "outer"), ("way", 72, "inner")]
    area = relation(9, members, type="multipolygon", highway="pedestrian")
    streets = read(tmp_path, *SQUARE, *HOLE, *rings, area, name="streets.osm.pbf")
    found = joined(streets)
    assert (1, 3) not in found
    assert {(1, 12), (3, 12), (1, 14), (3, 14)} <= found
    assert {(11, 12), (12, 13), (13, 14), (11, 14), (1, 2), (3, 4)} <= found
    assert set(streets.way_ids.tolist()) == {-9, 50, 60}


def test_a_broken_outline_is_walked_round_and_said(tmp_path: Path) -> None:
    streets = read(tmp_path, *SQUARE, way(70, [1, 3, 2, 4, 1], highway="pedestrian", area="yes"))
    assert streets.findings == ("Streets: 1 squares have a broken outline and are walked round, not across.",)


def test_the_walks_across_one_area_are_bounded(tmp_path: Path) -> None:
    count = 300
    angle = 2 * np.pi * np.arange(count) / count
    ring = [node(i + 1, 0.01 * np.cos(a), 0.01 * np.sin(a)) for i, a in enumerate(angle.tolist())]
    ways = [
        e
        for i, a in enumerate(angle.tolist())
        for e in (
            node(1000 + i, 0.02 * np.cos(a), 0.02 * np.sin(a)),
            way(2000 + i, [i + 1, 1000 + i], highway="path"),
        )
    ]
    outline = way(1, [*range(1, count + 1), 1], highway="pedestrian", area="yes")
    streets = read(tmp_path, *ring, *ways, outline)
    assert 1900 <= (streets.way_ids == 1).sum() - count <= 64 * 63 // 2


def test_a_ferry_is_no_way_for_people_on_foot_whatever_else_it_is_tagged(tmp_path: Path) -> None:
    shores = (node(1, 0, 0), node(2, 0.001, 0), node(3, 0.002, 0))
    ferry = way(2, [2, 3], route="ferry", foot="yes")
    streets = read(tmp_path, *shores, way(1, [1, 2], highway="footway"), ferry)
    assert joined(streets) == {(1, 2)}


def test_ways_that_cross_on_different_layers_do_not_meet(tmp_path: Path) -> None:
    cross = (node(1, 0, 0), node(2, 0.002, 0), node(3, 0.001, -0.001), node(4, 0.001, 0.001))
    bridge = way(2, [3, 4], highway="footway", bridge="yes", layer="1")
    streets = read(tmp_path, *cross, way(1, [1, 2], highway="primary"), bridge)
    assert joined(streets) == {(1, 2), (3, 4)}
    assert streets.is_off_ground is not None
    assert streets.is_off_ground.tolist() == [False, True]


def test_a_lift_joins_floors_without_a_step(tmp_path: Path) -> None:
    ways = (
        way(1, [5, 1], highway="footway", level="0"),
        way(2, [1, 2], highway="corridor", level="-1"),
        way(3, [2, 3], highway="elevator"),
    )
    streets = read(tmp_path, *SQUARE[:5], node(1, 0, 0, highway="elevator"), *ways)
    assert joined(streets) == {(1, 5), (1, 2), (2, 3)}
    assert not streets.is_steps.any()
    assert "1 lift is taken as working; in an alert many do not." in streets.findings[0]


def test_private_ways_are_walked_where_the_person_says_so(tmp_path: Path) -> None:
    yard = way(1, [1, 2], highway="service", access="private")
    kept_out = read(tmp_path, *SQUARE, yard)
    assert (1, 2) not in joined(kept_out)
    assert kept_out.findings[0].endswith("are closed to people on foot and left out; 1 of them are private.")
    assert (1, 2) in joined(read(tmp_path, *SQUARE, yard, is_private_open=True))


def test_streets_are_cut_at_the_edge_of_the_area(tmp_path: Path) -> None:
    streets = read(tmp_path, *SQUARE, within=Box(-0.01, -0.01, 0.0025, 0.01))
    assert joined(streets) == {(1, 5)}
    assert streets.findings == ("Streets: 1 nodes lie outside the area of the city; the ways are cut there.",)


@pytest.mark.parametrize("name", ["streets.json", "streets.osm", "streets.osm.pbf"])
def test_a_file_with_more_than_can_be_held_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("takecover.io.osm.MOST_REFS", 3)
    with pytest.raises(InputError, match="holds more than 60,000,000 nodes of streets"):
        read(tmp_path, *SQUARE, name=name)


def test_of_a_node_that_stands_twice_the_last_place_counts() -> None:
    places = osm_data.places_of([7, 3, 7], [1.0, 2.0, 3.0], [4.0, 5.0, 6.0])
    assert places.node_ids.tolist() == [3, 7]
    assert places.lon.tolist() == [2.0, 3.0]
    assert places.lat.tolist() == [5.0, 6.0]
