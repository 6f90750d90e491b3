"""The door of the model for a city: every rule has a broken input that it refuses; what is whole passes unchanged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import shapely

from broken import (
    BOW_TIE,
    FAR_OFF,
    D,
    E,
    N,
    S,
    demand,
    entrances,
    network,
    outlines,
    put,
    shelters,
    snap,
    toy,
    zones,
)
from takecover.errors import InputError
from takecover.model import check
from takecover.model.city import City, Source

BROKEN: list[tuple[str, Callable[[], City], str]] = [
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
        "shelters with longitude and latitude exchanged",
        lambda: shelters(lon=S.lat + 40, lat=S.lon),
        "shelters.lon, lat: 2 of 2 rows lie far from all streets (first: id='S001', lon ",
    ),
    (
        "a door in another city",
        lambda: entrances(lat=put(E.lat, 1, float(E.lat[1]) + 0.5)),
        "entrances.lon, lat: 1 of 2 rows lie far from all streets",
    ),
    (
        "nodes with longitude and latitude exchanged",
        lambda: network(lon=N.lat + 40, lat=N.lon),
        "demand.lon, lat: 3 of 3 rows lie far from all streets",
    ),
    (
        "modelled without a word",
        lambda: replace(toy(), notices=(), notices_uk=()),
        "though the streets are modelled",
    ),
]


@pytest.mark.parametrize(("broken", "said"), [case[1:] for case in BROKEN], ids=[c[0] for c in BROKEN])
def test_a_city_that_breaks_another_rule_is_refused_in_words(broken: Callable[[], City], said: str) -> None:
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
