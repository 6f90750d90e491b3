"""Districts from boundaries in OpenStreetMap: one level, rings with holes, what is cut off is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from osmfile import node, relation, way, write
from takecover.errors import InputError
from takecover.io import districts

CORNERS = [node(k, 30 + x, 50 + y) for k, (x, y) in enumerate([(0, 0), (4, 0), (4, 4), (0, 4)], 1)]
HOLE = [node(k, 30 + x, 50 + y) for k, (x, y) in enumerate([(1, 1), (3, 1), (3, 3), (1, 3)], 11)]
LINES = [way(1, [1, 2, 3]), way(2, [3, 4, 1]), way(3, [11, 12, 13, 14, 11])]


def boundary(osm_id: int, *members: tuple[str, int, str], level: str = "7", **tags: str) -> dict[str, Any]:
    tags = {"type": "boundary", "boundary": "administrative", "admin_level": level, **tags}
    return relation(osm_id, members, **tags)


RINGED = boundary(
    20, ("way", 2, "outer"), ("way", 1, "outer"), ("way", 3, "inner"), name="Поділ і Центр", name__en="Podil"
)
WITHIN = boundary(21, ("way", 3, "outer"), name="Острів")
CUT = boundary(22, ("way", 1, "outer"), ("way", 99, "outer"), name="Cut")


@pytest.mark.parametrize("name", ["city.json", "city.osm.pbf", "city.osm"])
def test_a_boundary_is_an_area_with_its_holes_and_names(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, [*CORNERS, *HOLE, *LINES, WITHIN, RINGED])
    found = districts.read(str(path))
    assert found.zone_ids.tolist() == ["relation/20", "relation/21"]
    assert found.names.tolist() == ["Podil", "Острів"]
    assert found.names_uk.tolist() == ["Поділ і Центр", "Острів"]
    assert [shape.area for shape in found.shapes] == [pytest.approx(12), pytest.approx(4)]
    assert (found.source.name, found.source.attribution) == ("OpenStreetMap", "© OpenStreetMap contributors")
    assert "boundaries of level 7 in OpenStreetMap" in str(found.findings)


def test_two_rings_are_one_district_and_the_level_is_the_persons_to_say(tmp_path: Path) -> None:
    twice = boundary(30, ("way", 3, "outer"), ("way", 4, ""), level="8", name="Two parts")
    far = [node(k, 40 + x, 50 + y) for k, (x, y) in enumerate([(0, 0), (1, 0), (0, 1)], 21)]
    path = write(
        tmp_path / "city.json", [*CORNERS, *HOLE, *far, *LINES, way(4, [21, 22, 23, 21]), RINGED, twice]
    )
    with pytest.raises(
        InputError, match=r"boundaries of several levels. Say which, city.json:LEVEL, of 7 \(1\)"
    ):
        districts.read(str(path))
    found = districts.read(f"{path}:8")
    assert (found.names.tolist(), found.shapes[0].area) == (["Two parts"], pytest.approx(4.5))


def test_what_an_extract_cuts_off_is_left_out_and_told(tmp_path: Path) -> None:
    path = write(tmp_path / "city.json", [*CORNERS, *HOLE, *LINES, RINGED, CUT])
    found = districts.read(str(path))
    assert found.names.tolist() == ["Podil"]
    assert "1 boundaries are cut off in this file or do not close, and left out" in str(found.findings)


OPEN = way(5, [11, 12, 13])
NO_NODES = way(6, [91, 92, 93, 91])
FAR = [node(k, 40 + x, 50 + y) for k, (x, y) in enumerate([(0, 0), (1, 0), (0, 1)], 21)]
FAR_RING = way(7, [21, 22, 23, 21])
OUTER = (("way", 2, "outer"), ("way", 1, "outer"))


@pytest.mark.parametrize("inner", [3, 5, 6, 7, 99])
def test_a_hole_that_is_not_whole_is_told_and_its_boundary_kept(tmp_path: Path, inner: int) -> None:
    holed = boundary(20, *OUTER, ("way", inner, "inner"), name="Podil")
    path = write(tmp_path / "city.json", [*CORNERS, *HOLE, *FAR, *LINES, OPEN, NO_NODES, FAR_RING, holed])
    found = districts.read(str(path))
    is_whole = inner == 3
    assert found.shapes[0].area == pytest.approx(12 if is_whole else 16)
    said = "Districts: 1 boundaries have a hole that is not whole in this file; the hole is counted to them."
    assert (said in found.findings) is not is_whole


@pytest.mark.parametrize("more", [5, 6, 99])
def test_a_boundary_of_which_one_outer_line_closes_no_ring_is_left_out_and_told(
    tmp_path: Path, more: int
) -> None:
    half = boundary(22, *OUTER, ("way", more, "outer"), name="Half")
    path = write(tmp_path / "city.json", [*CORNERS, *HOLE, *LINES, OPEN, NO_NODES, WITHIN, half])
    found = districts.read(str(path))
    assert found.names.tolist() == ["Острів"]
    assert "Districts: 1 boundaries are cut off in this file or do not close, and left out." in found.findings


def test_a_line_that_a_boundary_names_twice_is_one_line(tmp_path: Path) -> None:
    twice = boundary(20, *OUTER, *OUTER, name="Podil")
    found = districts.read(str(write(tmp_path / "city.json", [*CORNERS, *LINES, *HOLE, twice])))
    assert found.shapes[0].area == pytest.approx(16)


@pytest.mark.parametrize(
    ("elements", "spec", "said"),
    [
        ([CUT], "", "none of its 1 boundaries is whole"),
        ([boundary(5, ("node", 1, ""), name="No line")], "", "none of its 1 boundaries is whole"),
        ([boundary(5, ("way", 8, "outer"), name="No nodes"), way(8, [91, 92, 93, 91])], "", "is whole"),
        ([], "", "holds no administrative boundary"),
        ([boundary(5, ("way", 3, "outer"), level="high", name="A")], "", "holds no administrative boundary"),
        ([boundary(5, ("way", 3, "outer"), level="²", name="A")], "", "holds no administrative boundary"),
        ([boundary(5, ("way", 3, "outer"), level="٧", name="A")], "", "holds no administrative boundary"),
        ([boundary(5, ("way", 3, "outer"), level="9" * 5000, name="A")], "", "no administrative boundary"),
        ([RINGED, boundary(5, ("way", 3, "outer"), level="²")], ":9", "LEVEL, of 7 (1)."),
        ([RINGED], ":9", "holds no boundary of level '9'. Say which, city.json:LEVEL, of 7 (1)"),
        ([boundary(5, ("way", 3, "outer"))], "", "no column is recognised for names"),
        ([WITHIN, boundary(5, ("way", 3, "outer"))], "", "have no name"),
        ([boundary(5, ("way", 3, "outer"), name="A\u202e")], "", "hold control characters"),
    ],
)
def test_boundaries_that_are_no_districts_are_refused_in_words(
    tmp_path: Path, elements: list[dict[str, Any]], spec: str, said: str
) -> None:
    path = write(tmp_path / "city.json", [*CORNERS, *HOLE, *LINES, *elements])
    with pytest.raises(InputError) as caught:
        districts.read(f"{path}{spec}")
    assert said in str(caught.value)
