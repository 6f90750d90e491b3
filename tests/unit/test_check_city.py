"""The door of the model for a city: every rule has a broken input that it refuses; what is whole passes unchanged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely

from takecover.cities import toys
from takecover.errors import InputError
from takecover.model import check
from takecover.model.city import City, Source
from takecover.model.demand import MobilityGroup


def toy() -> City:
    """Three nodes in a row, three origins, two shelters with a door each."""
    return toys.grid(3, 1, shelters=[toys.Cover((0,), 5), toys.Cover((2,), 7)])


def put(array: np.ndarray, at: Any, value: Any) -> np.ndarray:
    """A writable copy with one value changed; texts are given room."""
    copy = array.astype(object) if array.dtype.kind == "U" else array.copy()
    copy[at] = value
    return copy.astype(np.str_) if array.dtype.kind == "U" else copy


def network(**changes: Any) -> City:
    city = toy()
    return replace(city, network=replace(city.network, **changes))


def demand(**changes: Any) -> City:
    city = toy()
    return replace(city, demand=replace(city.demand, **changes))


def shelters(**changes: Any) -> City:
    city = toy()
    return replace(city, shelters=replace(city.shelters, **changes))


def entrances(**changes: Any) -> City:
    doors = toy().shelters.entrances
    return shelters(entrances=replace(doors, **changes))


def zones(**changes: Any) -> City:
    city = toy()
    return replace(city, zones=replace(city.zones, **changes))


def snap(table: str, **changes: Any) -> City:
    city = toy()
    if table == "demand":
        return demand(snap=replace(city.demand.snap, **changes))
    return entrances(snap=replace(city.shelters.entrances.snap, **changes))


def outlines(shape: Any) -> np.ndarray:
    array = np.empty(1, object)
    array[0] = shape
    return array


BOW_TIE = shapely.Polygon([(30, 50), (31, 51), (31, 50), (30, 51)])
FAR_OFF = shapely.box(200, 50, 201, 51)
N, D, S = toy().network, toy().demand, toy().shelters
E = S.entrances

BROKEN_CITIES: list[tuple[str, Callable[[], City], str]] = [
    (
        "node id twice",
        lambda: network(node_ids=put(N.node_ids, 1, 1)),
        "network.node_ids: 1 of 3 rows repeat an id",
    ),
    ("node lon NaN", lambda: network(lon=put(N.lon, 0, np.nan)), "network.lon: 1 of 3 rows are not numbers"),
    (
        "node lat infinite",
        lambda: network(lat=put(N.lat, 2, np.inf)),
        "network.lat: 1 of 3 rows are not numbers",
    ),
    (
        "node lon 181",
        lambda: network(lon=put(N.lon, 0, 181.0)),
        "network.lon: 1 of 3 rows are outside the range",
    ),
    (
        "node lat -91",
        lambda: network(lat=put(N.lat, 0, -91.0)),
        "network.lat: 1 of 3 rows are outside the range",
    ),
    (
        "node at 0, 0",
        lambda: network(lon=put(N.lon, 0, 0.0)),
        "network.lon: 1 of 3 rows lie far from the others",
    ),
    ("tail too high", lambda: network(tail=put(N.tail, 0, 3)), "network.tail: 1 of 2 rows point at no row"),
    ("head negative", lambda: network(head=put(N.head, 1, -1)), "network.head: 1 of 2 rows point at no row"),
    (
        "length negative",
        lambda: network(length_m=put(N.length_m, 0, -1.0)),
        "network.length_m: 1 of 2 rows are no length",
    ),
    (
        "length NaN",
        lambda: network(length_m=put(N.length_m, 1, np.nan)),
        "network.length_m: 1 of 2 rows are no length",
    ),
    ("length of a country", lambda: network(length_m=put(N.length_m, 1, 2e5)), "are no length of a street"),
    (
        "climb infinite",
        lambda: network(climb_m=put(N.climb_m, 0, np.inf)),
        "network.climb_m: 1 of 2 rows are infinite",
    ),
    (
        "arrays of two lengths",
        lambda: network(lat=N.lat[:2]),
        "network.lat: has 2 entries by node where others have 3",
    ),
    ("two dimensions", lambda: network(lon=N.lon[None]), "network.lon: has 2 dimensions"),
    ("one value", lambda: network(lon=np.float64(3)), "network.lon: is one value, not a column"),
    (
        "text for a number",
        lambda: network(length_m=np.array(["a", "b"])),
        "network.length_m: holds <U1, not float64",
    ),
    (
        "fractions for ids",
        lambda: network(tail=np.array([0.5, 1.0])),
        "network.tail: holds values that are not whole",
    ),
    (
        "ids beyond int32",
        lambda: network(tail=np.array([0, 2**40])),
        "network.tail: holds values that are not whole",
    ),
    (
        "numbers for booleans",
        lambda: network(is_steps=np.array([0, 2])),
        "network.is_steps: holds int64, not bool",
    ),
    (
        "origin id empty",
        lambda: demand(origin_ids=put(D.origin_ids, 0, "")),
        "demand.origin_ids: 1 of 3 rows are empty",
    ),
    ("origin id blank", lambda: demand(origin_ids=put(D.origin_ids, 0, " a")), "begin or end with a blank"),
    (
        "origin id twice",
        lambda: demand(origin_ids=put(D.origin_ids, 2, "O00001")),
        "demand.origin_ids: 1 of 3 rows repeat",
    ),
    (
        "origin id with escape",
        lambda: demand(origin_ids=put(D.origin_ids, 0, "a\x1b[2J")),
        "hold control characters",
    ),
    (
        "origin id of half a pair",
        lambda: demand(origin_ids=put(D.origin_ids, 0, "a\ud800")),
        "hold control characters",
    ),
    (
        "origin id turned round",
        lambda: demand(origin_ids=put(D.origin_ids, 0, "a\u202eb")),
        "hold control characters",
    ),
    ("origin ids too long", lambda: demand(origin_ids=put(D.origin_ids, 0, "a" * 501)), "are too long"),
    (
        "origin ids too long, as objects",
        lambda: demand(origin_ids=np.array(["a" * 501, "b", "c"], object)),
        "text of 501",
    ),
    (
        "origin ids of numbers",
        lambda: demand(origin_ids=np.array([1, 2, 3])),
        "demand.origin_ids: holds 1, which is no text",
    ),
    (
        "origin ids with None",
        lambda: demand(origin_ids=np.array(["a", None, "c"], object)),
        "holds None, which is no text",
    ),
    ("origin lat NaN", lambda: demand(lat=put(D.lat, 0, np.nan)), "demand.lat: 1 of 3 rows are not numbers"),
    (
        "people negative",
        lambda: demand(people=put(D.people, (0, 1, 0), -4)),
        "demand.people: 1 of 3 rows are negative",
    ),
    (
        "people too many",
        lambda: demand(people=put(D.people, (0, 1, 0), 10**9)),
        "demand.people: 1 of 3 rows are beyond belief",
    ),
    (
        "people too many in all",
        lambda: demand(people=np.full((1, 3, 2), 6 * 10**7)),
        "in all. Give at most 100,000,000",
    ),
    (
        "people of one group",
        lambda: demand(people=D.people[:, :, :1]),
        "demand.people: has 1 entries by group where others have 2",
    ),
    (
        "people of two periods",
        lambda: demand(people=np.repeat(D.people, 2, 0)),
        "has 2 entries by period where others have 1",
    ),
    ("no group", lambda: demand(groups=(), people=D.people[:, :, :0]), "demand.groups: there is none"),
    ("no period", lambda: demand(periods=(), people=D.people[:0]), "demand.periods: there is none"),
    (
        "group named with a space",
        lambda: demand(groups=(MobilityGroup("a b", False), D.groups[1])),
        "are no short names",
    ),
    (
        "period named with two marks",
        lambda: demand(periods=("a__b",)),
        "demand.periods: 1 of 1 rows are no short names",
    ),
    (
        "two groups of one name",
        lambda: demand(groups=(D.groups[0], D.groups[0])),
        "demand.groups: 1 of 2 rows repeat an id",
    ),
    (
        "origin in no zone that is",
        lambda: demand(zone_idx=put(D.zone_idx, 0, 1)),
        "demand.zone_idx: 1 of 3 rows point at no row",
    ),
    (
        "origin snapped to -2",
        lambda: snap("demand", segment_idx=put(D.snap.segment_idx, 0, -2)),
        "are below -1",
    ),
    (
        "origin snapped beyond",
        lambda: snap("demand", segment_idx=put(D.snap.segment_idx, 0, 2)),
        "point at no segment",
    ),
    (
        "fraction 1.1",
        lambda: snap("demand", fraction=put(D.snap.fraction, 0, 1.1)),
        "demand.snap.fraction: 1 of 3 rows are off",
    ),
    (
        "fraction NaN",
        lambda: snap("demand", fraction=put(D.snap.fraction, 0, np.nan)),
        "demand.snap.fraction",
    ),
    (
        "offset negative",
        lambda: snap("demand", offset_m=put(D.snap.offset_m, 0, -1.0)),
        "demand.snap.offset_m: 1 of 3 rows",
    ),
    (
        "snap too short",
        lambda: snap("demand", fraction=D.snap.fraction[:1]),
        "demand.snap.fraction: has 1 entries",
    ),
    (
        "shelter id twice",
        lambda: shelters(shelter_ids=np.array(["S001", "S001"])),
        "shelters.shelter_ids: 1 of 2 rows repeat",
    ),
    (
        "shelters out of order",
        lambda: shelters(shelter_ids=np.array(["b", "a"])),
        "shelters.shelter_ids: 1 of 2 rows stand after",
    ),
    (
        "shelter id empty",
        lambda: shelters(shelter_ids=np.array(["", "a"])),
        "shelters.shelter_ids: 1 of 2 rows are empty",
    ),
    (
        "shelter name with newline",
        lambda: shelters(names=np.array(["a\nb", "c"])),
        "shelters.names: 1 of 2 rows hold control",
    ),
    (
        "shelter of strange kind",
        lambda: shelters(kinds=np.array(["tent", "shelter"])),
        "shelters.kinds: 1 of 2 rows are no known",
    ),
    (
        "capacity negative",
        lambda: shelters(capacity=np.array([5, -15])),
        "1 of 2 rows are negative (first: id='S002', -15 places)",
    ),
    (
        "capacity of a million and one",
        lambda: shelters(capacity=np.array([5, 1_000_001])),
        "shelters.capacity: 1 of 2 rows are beyond",
    ),
    (
        "shelter lon infinite",
        lambda: shelters(lon=put(S.lon, 0, -np.inf)),
        "shelters.lon: 1 of 2 rows are not numbers",
    ),
    (
        "shelter in no zone that is",
        lambda: shelters(zone_idx=put(S.zone_idx, 0, 7)),
        "shelters.zone_idx: 1 of 2 rows point at",
    ),
    (
        "entrance id twice",
        lambda: entrances(entrance_ids=np.array(["a", "a"])),
        "entrances.entrance_ids: 1 of 2 rows repeat",
    ),
    (
        "entrance of no shelter",
        lambda: entrances(shelter_idx=put(E.shelter_idx, 1, 2)),
        "entrances.shelter_idx: 1 of 2 rows point",
    ),
    (
        "entrances out of order",
        lambda: entrances(shelter_idx=put(E.shelter_idx, 0, 1), entrance_ids=np.array(["b", "a"])),
        "entrances.entrance_ids: 1 of 2 rows stand out of order",
    ),
    (
        "entrance lat 95",
        lambda: entrances(lat=put(E.lat, 0, 95.0)),
        "entrances.lat: 1 of 2 rows are outside the range",
    ),
    (
        "entrance snapped beyond",
        lambda: snap("doors", segment_idx=put(E.snap.segment_idx, 0, 9)),
        "entrances.snap.segment_idx",
    ),
    ("zone id empty", lambda: zones(zone_ids=np.array([""])), "zones.zone_ids: 1 of 1 rows are empty"),
    (
        "zone name with zero byte",
        lambda: zones(names=np.array(["a\x00b"])),
        "zones.names: 1 of 1 rows hold control",
    ),
    (
        "zone name in Ukrainian with tab",
        lambda: zones(names_uk=np.array(["a\tb"])),
        "zones.names_uk: 1 of 1 rows hold",
    ),
    (
        "zone outline a point",
        lambda: zones(outlines=outlines(shapely.Point(1, 1))),
        "zones.outlines: 1 of 1 rows are no polygons",
    ),
    (
        "zone outline a text",
        lambda: zones(outlines=outlines("POLYGON")),
        "zones.outlines: 1 of 1 rows are no polygons",
    ),
    (
        "zone outline a bow tie",
        lambda: zones(outlines=outlines(BOW_TIE)),
        "zones.outlines: 1 of 1 rows cross themselves",
    ),
    (
        "zone outline off Earth",
        lambda: zones(outlines=outlines(FAR_OFF)),
        "zones.outlines: 1 of 1 rows are not on Earth",
    ),
    (
        "water a bow tie",
        lambda: replace(toy(), water=outlines(BOW_TIE)),
        "city.water: 1 of 1 rows cross themselves",
    ),
    ("name a path", lambda: replace(toy(), name="../etc"), "city.name: '../etc' fits no folder"),
    ("title empty", lambda: replace(toy(), title=" "), "city.title: is empty"),
    (
        "title in Ukrainian with escape",
        lambda: replace(toy(), title_uk="a\x1b"),
        "city.title_uk: 1 of 1 rows hold control",
    ),
    (
        "source without licence",
        lambda: replace(toy(), sources=(Source("streets", "a", ""),)),
        "city.sources: 'a' has no licence",
    ),
    (
        "OpenStreetMap unnamed",
        lambda: replace(toy(), sources=(Source("streets", "osm", "ODbL 1.0"),)),
        "under ODbL and has no attribution",
    ),
    (
        "notice in one language",
        lambda: replace(toy(), notices=("a", "b")),
        "city.notices: 2 in English, 1 in Ukrainian",
    ),
    ("notice empty", lambda: replace(toy(), notices=("",)), "city.notices: one is empty"),
    (
        "modelled without a word",
        lambda: replace(toy(), notices=(), notices_uk=()),
        "though the streets are modelled",
    ),
]


@pytest.mark.parametrize(
    ("broken", "said"), [case[1:] for case in BROKEN_CITIES], ids=[c[0] for c in BROKEN_CITIES]
)
def test_a_city_that_breaks_a_rule_is_refused_in_words(broken: Callable[[], City], said: str) -> None:
    with pytest.raises(InputError) as caught:
        check.city(broken())
    assert said in str(caught.value)


def test_what_is_whole_passes_and_passes_again_as_the_same_object() -> None:
    city = check.city(toy())
    assert check.city(city) is city
    assert check.network(city.network) is city.network
    assert check.demand(city.demand) is city.demand
    assert check.shelters(city.shelters) is city.shelters
    assert check.zones(city.zones) is city.zones


def test_behind_the_door_no_array_can_be_written() -> None:
    city = check.city(toy())
    with pytest.raises(ValueError, match="read-only"):
        city.network.length_m[0] = 0.0
    with pytest.raises(ValueError, match="read-only"):
        city.shelters.entrances.snap.fraction[0] = 0.5


def test_the_door_gives_arrays_their_right_type_and_layout() -> None:
    loose = network(tail=N.tail.astype(np.int64), length_m=np.array([100, 100]), lon=np.repeat(N.lon, 2)[::2])
    city = check.city(loose)
    assert city.network.tail.dtype == np.int32
    assert city.network.length_m.tolist() == [100.0, 100.0]
    assert city.network.lon.flags.c_contiguous
    named = check.city(demand(origin_ids=np.array(["a", "bb", "ccc"], dtype=object)))
    assert named.demand.origin_ids.dtype.kind == "U"


def test_every_fault_of_every_table_is_named_at_once() -> None:
    city = toy()
    broken = replace(
        city,
        name="No Name",
        network=replace(city.network, length_m=np.array([-1.0, 100.0])),
        demand=replace(city.demand, lat=put(D.lat, 0, np.nan)),
        shelters=replace(city.shelters, capacity=np.array([-1, 7])),
        zones=replace(city.zones, zone_ids=np.array([""])),
    )
    with pytest.raises(InputError) as caught:
        check.city(broken)
    fields = [message.split(":", 1)[0] for message in caught.value.faults]
    assert fields == ["city.name", "network.length_m", "demand.lat", "shelters.capacity", "zones.zone_ids"]


def test_an_unsnapped_point_may_be_any_distance_away() -> None:
    city = snap("demand", segment_idx=np.array([-1, 0, 0]), offset_m=np.array([np.inf, 0.0, 0.0]))
    assert check.city(city).demand.snap.segment_idx.tolist() == [-1, 0, 0]
