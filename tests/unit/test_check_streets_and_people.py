"""The door of the model for streets and people: every rule has a broken input that it refuses."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from broken import (
    D,
    N,
    demand,
    network,
    put,
    snap,
)
from takecover.errors import InputError
from takecover.model import check
from takecover.model.city import City
from takecover.model.demand import MobilityGroup

BROKEN: list[tuple[str, Callable[[], City], str]] = [
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
]


@pytest.mark.parametrize(("broken", "said"), [case[1:] for case in BROKEN], ids=[c[0] for c in BROKEN])
def test_a_city_whose_streets_or_people_break_a_rule_is_refused_in_words(
    broken: Callable[[], City], said: str
) -> None:
    with pytest.raises(InputError) as caught:
        check.city(broken())
    assert said in str(caught.value)
