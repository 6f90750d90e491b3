"""A city of parsed tables: placed, checked, and everything that does not fit kept with its reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from takecover.analysis.build import Choices, build
from takecover.analysis.parsed import (
    NO,
    UNKNOWN,
    YES,
    ParsedDistricts,
    ParsedPeople,
    ParsedShelters,
    ParsedStreets,
)
from takecover.analysis.streets import lengths, network
from takecover.errors import InputError
from takecover.model.city import Source

LON, LAT = 17.65, 59.85
STEP = 0.002
"""Some 112 m of longitude and 223 m of latitude."""

CHOICES = Choices(
    "toy",
    "Toy",
    "Іграшка",
    snap_limit_m=100.0,
    step_free_share=0.25,
    entrance_radius_m=300.0,
    least_floor_m2=5.0,
)


def streets() -> ParsedStreets:
    """Four nodes in a row from west to east and, not joined to them, two in the north."""
    return ParsedStreets(
        node_ids=np.array([1, 2, 3, 4, 5, 6]),
        lon=LON + STEP * np.array([0, 1, 2, 3, 0, 1]),
        lat=LAT + STEP * np.array([0, 0, 0, 0, 3, 3]),
        way_ids=np.array([10, 10, 11, 12]),
        tail=np.array([0, 1, 2, 4]),
        head=np.array([1, 2, 3, 5]),
        highway=np.array(["residential", "residential", "steps", "living_street"]),
        is_steps=np.array([False, False, True, False]),
        is_oneway=np.zeros(4, bool),
        source=Source("streets", "OpenStreetMap", "ODbL 1.0", "2026-01-01", "© OpenStreetMap contributors"),
    )


def shelters(places: list[tuple[float, float]], **changes: Any) -> ParsedShelters:
    """Rows at these east and north steps, of 10, 20, 30 ... places."""
    count = len(places)
    array = np.array(places, float).reshape(-1, 2)
    table = ParsedShelters(
        shelter_ids=np.array([f"s{k}" for k in range(count)]),
        names=np.full(count, "Cellar"),
        kinds=np.full(count, "basement"),
        lon=LON + STEP * array[:, 0],
        lat=LAT + STEP * array[:, 1],
        capacity=10 * np.arange(1, count + 1),
        step_free=np.full(count, UNKNOWN, np.int8),
        is_withheld=np.zeros(count, bool),
        line=np.arange(2, count + 2),
        source=Source("shelters", "list.csv", "not stated"),
    )
    return replace(table, **changes)


def points(places: list[tuple[float, float]], people: list[float]) -> ParsedPeople:
    array = np.array(places, float).reshape(-1, 2)
    return ParsedPeople(
        origin_ids=np.array([f"p{k}" for k in range(len(places))]),
        lon=LON + STEP * array[:, 0],
        lat=LAT + STEP * array[:, 1],
        people=np.array(people),
        line=np.arange(2, len(places) + 2),
        source=Source("people", "people.csv", "not stated"),
    )


def test_segments_are_as_long_as_on_the_ground() -> None:
    pyproj = pytest.importorskip("pyproj")
    table = streets()
    ends = (table.lon[table.tail], table.lat[table.tail], table.lon[table.head], table.lat[table.head])
    _, _, expected = pyproj.Geod(ellps="WGS84").inv(*ends)
    np.testing.assert_allclose(lengths(table), expected, rtol=1e-6)


def test_the_network_keeps_every_node_and_says_where_each_segment_went() -> None:
    table = streets()
    ordered, position = network(table)
    assert sorted(ordered.node_ids.tolist()) == [1, 2, 3, 4, 5, 6]
    assert np.array_equal(ordered.node_ids[ordered.tail[position]], table.node_ids[table.tail])
    assert np.array_equal(ordered.node_ids[ordered.head[position]], table.node_ids[table.head])
    assert ordered.is_steps[position].tolist() == [False, False, True, False]
    assert np.isnan(ordered.climb_m).all()


@given(st.permutations(range(6)), st.permutations(range(4)))
def test_rows_in_another_order_give_the_same_network(nodes: list[int], segments: list[int]) -> None:
    table = streets()
    place = np.argsort(nodes)
    shuffled = replace(
        table,
        node_ids=table.node_ids[nodes],
        lon=table.lon[nodes],
        lat=table.lat[nodes],
        way_ids=table.way_ids[segments],
        tail=place[table.tail[segments]],
        head=place[table.head[segments]],
        is_steps=table.is_steps[segments],
        is_oneway=table.is_oneway[segments],
    )
    one, _ = network(table)
    other, _ = network(shuffled)
    for name, array in vars(one).items():
        np.testing.assert_array_equal(array, getattr(other, name))


def test_shelters_stand_by_id_each_with_a_door_at_its_own_point() -> None:
    rows = shelters([(1, 0), (0, 0)], shelter_ids=np.array(["b", "a"]))
    city, report = build(streets(), rows, 100, CHOICES)
    assert city.shelters.shelter_ids.tolist() == ["a", "b"]
    assert city.shelters.capacity.tolist() == [20, 10]
    assert city.shelters.entrances.entrance_ids.tolist() == ["a/1", "b/1"]
    assert city.shelters.entrances.lon.tolist() == city.shelters.lon.tolist()
    assert (city.shelters.entrances.snap.offset_m < 0.01).all()
    assert report.unplaced == ()


def test_rows_that_do_not_fit_are_kept_with_the_reason() -> None:
    rows = shelters([(0, 0), (90, 0), (1, 1), (np.nan, 0)])
    _, report = build(streets(), rows, 100, CHOICES)
    assert [(row.row_id, row.reason, row.amount, row.line) for row in report.unplaced] == [
        ("s1", "outside_area", 20, 3),
        ("s2", "off_street", 30, 4),
        ("s3", "no_position", 40, 5),
    ]
    assert report.unplaced[1].detail == "lies 223 m from the nearest street"
    found = "\n".join(report.findings)
    assert "1 of 4 rows lie outside the area" in found
    assert "1 with 30 places lie more than 100 m from every street" in found
    assert "1 of 4 rows have no position" in found


def test_every_row_of_the_list_is_placed_or_listed() -> None:
    rows = shelters([(k / 3, k % 5) for k in range(30)])
    city, report = build(streets(), rows, 100, CHOICES)
    assert len(city.shelters) + len(report.unplaced) == 30
    assert city.shelters.capacity.sum() + sum(row.amount for row in report.unplaced) == rows.capacity.sum()


def swapped(rows: ParsedShelters) -> ParsedShelters:
    return replace(rows, lon=rows.lat, lat=rows.lon)


def test_swapped_coordinates_are_found_put_right_and_said() -> None:
    right, _ = build(streets(), shelters([(0, 0), (1, 0)]), 100, CHOICES)
    city, report = build(streets(), swapped(shelters([(0, 0), (1, 0)])), 100, CHOICES)
    assert report.is_swapped
    assert city.shelters.lon.tolist() == right.shelters.lon.tolist()
    assert "Put right (beyond doubt)" in report.findings[0]
    assert any("were swapped in the shelter list" in notice for notice in city.notices)
    assert any("переплутано" in notice for notice in city.notices_uk)


def test_in_doubt_coordinates_stay_as_they_are_and_the_doubt_is_said() -> None:
    both = shelters([(0, 0), (1, 0), (2, 0)])
    rows = replace(
        both, lon=np.array([both.lon[0], *both.lat[1:]]), lat=np.array([both.lat[0], *both.lon[1:]])
    )
    city, report = build(streets(), rows, 100, CHOICES)
    assert not report.is_swapped
    assert city.shelters.shelter_ids.tolist() == ["s0"]
    assert "build with --swap-lat-lon" in report.findings[0]
    told, report = build(streets(), rows, 100, replace(CHOICES, is_swapped=True))
    assert told.shelters.shelter_ids.tolist() == ["s1", "s2"]
    assert "Put right (as told)" in report.findings[0]


def test_told_not_to_swap_nothing_is_swapped() -> None:
    with pytest.raises(
        InputError, match="2 do with latitude and longitude exchanged: build with --swap-lat-lon"
    ):
        build(streets(), swapped(shelters([(0, 0), (1, 0)])), 100, replace(CHOICES, is_swapped=False))


def test_a_wheelchair_is_kept_out_only_where_the_list_says_so() -> None:
    answers = np.array([YES, NO, UNKNOWN], np.int8)
    city, report = build(streets(), shelters([(0, 0), (1, 0), (2, 0)], step_free=answers), 100, CHOICES)
    assert city.shelters.entrances.is_step_free.tolist() == [True, False, True]
    assert report.counts["shelters_step_free_unknown"] == 1
    assert any("not known for 1 of 3 and taken as yes" in notice for notice in city.notices)


@pytest.mark.parametrize("is_swapped", [False, True])
def test_what_every_output_says_counts_no_withheld_shelter(is_swapped: bool) -> None:
    """Notices stand on public output, where a withheld shelter may change no byte."""
    at = [(0, 0), (1, 0), (2, 2), (2, 0), (2, 1), (3, 0)]
    hidden = np.array([False, False, False, True, True, True])
    told = {}
    for name, rows in (
        ("with", shelters(at, is_withheld=hidden)),
        ("without", shelters(at[:3], is_withheld=hidden[:3])),
    ):
        list_ = swapped(rows) if is_swapped else rows
        city, report = build(streets(), list_, 100, replace(CHOICES, is_swapped=is_swapped))
        told[name] = (city.notices, city.notices_uk)
        assert report.counts["shelters_off_street"] == {"with": 2, "without": 1}[name]
    assert told["with"] == told["without"]
    assert any(notice.startswith("1 shelters with 30 places lie more than") for notice in told["with"][0])


@pytest.mark.parametrize("people", [1, 7, 1000, 99_999])
def test_a_number_of_people_is_spread_to_the_person_and_the_city_says_so(people: int) -> None:
    city, report = build(streets(), shelters([(0, 0)]), people, CHOICES)
    assert city.demand.people.sum() == people
    assert report.counts["people_step_free"] == (people + 2) // 4
    assert "spread evenly along residential streets" in city.notices[0]
    assert "розподілено вздовж житлових вулиць" in city.notices_uk[0]
    assert not city.network.is_steps[city.demand.snap.segment_idx].any()


def test_spread_people_live_on_their_street() -> None:
    city, _ = build(streets(), shelters([(0, 0)]), 1000, CHOICES)
    snap, table = city.demand.snap, city.network
    tail, head = table.tail[snap.segment_idx], table.head[snap.segment_idx]
    np.testing.assert_allclose(
        city.demand.lon, table.lon[tail] + snap.fraction * (table.lon[head] - table.lon[tail])
    )
    assert (snap.offset_m == 0).all()


def test_people_at_points_are_whole_and_those_outside_are_listed() -> None:
    rows = points([(0, 0), (1, 0), (1, 1), (90, 0)], [10.4, 10.4, 5.4, 77.0])
    city, report = build(streets(), shelters([(0, 0)]), rows, CHOICES)
    assert city.demand.people.sum() == 26
    assert (
        report.counts["people_off_street"]
        == city.demand.people[0, city.demand.snap.segment_idx < 0].sum()
        > 0
    )
    assert [(row.subject, row.row_id, row.amount) for row in report.unplaced] == [("origin", "p3", 77)]
    assert any("counted as out of reach" in notice for notice in city.notices)


def test_streets_that_nothing_joins_are_reported_with_those_who_are_on_them() -> None:
    rows = points([(0, 0), (0, 3)], [10.0, 4.0])
    _, report = build(streets(), shelters([(0, 0), (1, 3)]), rows, CHOICES)
    assert (report.counts["shelters_on_islands"], report.counts["places_on_islands"]) == (1, 20)
    assert report.counts["people_on_islands"] == 4


def test_sources_and_attribution_are_carried() -> None:
    city, _ = build(streets(), shelters([(0, 0)]), 10, CHOICES)
    assert [source.subject for source in city.sources] == ["streets", "shelters", "people"]
    assert city.attributions == ("© OpenStreetMap contributors",)
    assert not city.is_modelled


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"people": 0}, "people: 0 is no number of people"),
        ({"people": points([(0, 0)], [0.0])}, "people: none of 1 rows has people in the area"),
        ({"shelters": shelters([(50, 50)])}, "shelters: none of 1 rows lies at a street of this city"),
        ({"streets": replace(streets(), highway=np.full(4, "primary"))}, "people: no street is residential"),
        ({"choices": replace(CHOICES, name="No Name")}, "city.name: 'No Name' fits no folder"),
        (
            {"shelters": shelters([(0, 0)], capacity=np.array([-1]))},
            "shelters.capacity: 1 of 1 rows are negative",
        ),
    ],
)
def test_what_makes_no_city_is_refused_in_words(changes: dict[str, Any], said: str) -> None:
    given = {
        "streets": streets(),
        "shelters": shelters([(0, 0)]),
        "people": 10,
        "choices": CHOICES,
        **changes,
    }
    with pytest.raises(InputError) as caught:
        build(**given)
    assert said in str(caught.value)


def test_no_street_is_no_city() -> None:
    nothing = np.zeros(0, np.int64)
    bare = replace(streets(), tail=nothing, head=nothing, way_ids=nothing)
    with pytest.raises(InputError, match="no walkable street found"):
        build(bare, shelters([(0, 0)]), 10, CHOICES)


@given(st.permutations(range(4)))
def test_shelters_and_people_in_another_order_give_the_same_city(order: list[int]) -> None:
    doors = shelters([(0, 0), (1, 0), (2, 0.1), (0, 3)])
    homes = points([(0, 0), (0.5, 0.1), (2, 0), (1, 3)], [3.5, 4.25, 7.0, 1.5])
    shuffled_doors = replace(
        doors, **{n: a[order] for n, a in vars(doors).items() if isinstance(a, np.ndarray)}
    )
    shuffled_homes = replace(
        homes, **{n: a[order] for n, a in vars(homes).items() if isinstance(a, np.ndarray)}
    )
    one, _ = build(streets(), doors, homes, CHOICES)
    other, _ = build(streets(), shuffled_doors, shuffled_homes, CHOICES)
    for table in ("demand", "shelters"):
        for name, array in vars(getattr(one, table)).items():
            if isinstance(array, np.ndarray):
                np.testing.assert_array_equal(array, getattr(getattr(other, table), name))
    np.testing.assert_array_equal(one.demand.snap.segment_idx, other.demand.snap.segment_idx)


def strips(*bounds: tuple[float, float]) -> ParsedDistricts:
    """Districts from one east step to another, as high as the toy town."""
    shapes = np.array(
        [shapely.box(LON + STEP * w, LAT - STEP, LON + STEP * e, LAT + STEP * 4) for w, e in bounds], object
    )
    names = np.array([f"d{k}" for k in range(len(bounds))])
    none = np.full(len(bounds), "")
    line = np.arange(1, len(bounds) + 1)
    return ParsedDistricts(names, names, none, shapes, line, Source("districts", "strips", "not stated"))


def test_origins_and_shelters_get_their_district_and_the_rest_is_counted() -> None:
    city, report = build(
        streets(),
        shelters([(0.0, 0.0), (1.0, 0.0), (2.5, 0.0)]),
        points([(0.1, 0.0), (1.2, 0.0), (2.9, 0.0)], [1, 2, 4]),
        CHOICES,
        districts=strips((-0.5, 0.5), (0.5, 1.5), (7, 8)),
    )
    assert city.zones.zone_ids.tolist() == ["d0", "d1"]
    assert [city.zones.zone_ids[k] if k >= 0 else "" for k in city.shelters.zone_idx] == ["d0", "d1", ""]
    people = city.demand.people[0].sum(axis=1)
    assert [int(people[city.demand.zone_idx == k].sum()) for k in (0, 1, -1)] == [1, 2, 4]
    assert report.counts["people_in_no_district"] == 4
    assert (report.counts["shelters_in_no_district"], report.counts["places_in_no_district"]) == (1, 30)
    assert "Districts: 1 of 3 hold neither people nor shelters of this city; left out." in report.findings


def test_a_district_of_withheld_shelters_alone_is_no_district_of_the_city() -> None:
    table = shelters([(0.0, 0.0), (2.5, 0.0)], is_withheld=np.array([False, True]))
    town = points([(0.1, 0.0)], [1])
    city, _ = build(streets(), table, town, CHOICES, districts=strips((-0.5, 0.5), (2, 3)))
    assert city.zones.zone_ids.tolist() == ["d0"]
    assert city.shelters.zone_idx.tolist() == [0, -1]
