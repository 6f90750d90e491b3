"""Which ways are walked: OSM's access rules for people on foot."""

from __future__ import annotations

import pytest

from takecover.io import foot


@pytest.mark.parametrize(
    ("tags", "is_walkable"),
    [
        ({"highway": "footway"}, True),
        ({"highway": "steps"}, True),
        ({"highway": "residential"}, True),
        ({"highway": "primary"}, True),
        ({"highway": "cycleway"}, True),
        ({"highway": "cycleway", "foot": "no"}, False),
        ({"highway": "motorway"}, False),
        ({"highway": "motorway", "foot": "yes"}, True),
        ({"highway": "trunk"}, False),
        ({"highway": "trunk", "sidewalk": "both"}, True),
        ({"highway": "trunk", "sidewalk": "no"}, False),
        ({"highway": "primary", "motorroad": "yes"}, False),
        ({"highway": "primary", "motorroad": "yes", "foot": "designated"}, True),
        ({"highway": "construction"}, False),
        ({"highway": "proposed", "foot": "yes"}, False),
        ({"highway": "service", "access": "private"}, False),
        ({"highway": "service", "access": "private", "foot": "permissive"}, True),
        ({"highway": "service", "access": "no"}, False),
        ({"highway": "service", "access": "customers"}, True),
        ({"highway": "service", "access": "delivery"}, False),
        ({"highway": "service", "access": "of a kind nobody knows"}, True),
        ({"highway": "footway", "foot": "private"}, False),
        ({"highway": "secondary", "foot": "use_sidepath"}, False),
        ({"waterway": "river"}, False),
        ({}, False),
    ],
)
def test_a_way_is_walked_where_foot_then_access_then_its_kind_let_people_in(
    tags: dict[str, str], is_walkable: bool
) -> None:
    assert foot.is_walkable(tags) is is_walkable


@pytest.mark.parametrize(
    ("tags", "direction"),
    [
        ({"highway": "residential", "oneway": "yes"}, 0),
        ({"highway": "footway", "oneway:foot": "yes"}, 1),
        ({"highway": "footway", "oneway:foot": "-1"}, -1),
        ({"highway": "footway", "oneway:foot": "no", "conveying": "forward"}, 0),
        ({"highway": "steps", "conveying": "forward"}, 1),
        ({"highway": "steps", "conveying": "backward"}, -1),
        ({"highway": "steps", "conveying": "reversible"}, 0),
        ({"highway": "steps", "conveying": "yes"}, 0),
    ],
)
def test_people_walk_one_way_only_where_it_is_said_of_people(tags: dict[str, str], direction: int) -> None:
    assert foot.direction(tags) == direction


def test_a_stair_with_a_ramp_is_no_stair() -> None:
    assert foot.is_stair({"highway": "steps"})
    assert not foot.is_stair({"highway": "steps", "ramp:wheelchair": "yes"})
    assert not foot.is_stair({"highway": "footway"})
