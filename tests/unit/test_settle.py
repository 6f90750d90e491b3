"""Settling: what comes in goes out, to the person, however totals, houses, streets and the edge of the city lie."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from takecover.analysis import spread
from takecover.analysis.parsed import ParsedAreas, ParsedHouses, ParsedPeople, ParsedStreets, PeriodPeople
from takecover.analysis.settle import Ground, Settled, settle
from takecover.analysis.streets import area as area_of
from takecover.analysis.streets import network
from takecover.errors import InputError
from takecover.model.ages import AgeClass
from takecover.model.city import Source

SOURCE = Source("people", "a table", "not stated")
AGES = (AgeClass(0, 14), AgeClass(15, None))


def ground(kind: str = "residential") -> Ground:
    """A street of 4 km from west to east at 50 N, in 40 segments, and a primary road that leads on for 1 km."""
    count = 51
    streets = ParsedStreets(
        node_ids=np.arange(count),
        lon=30 + np.arange(count) * 0.0014,
        lat=np.full(count, 50.0),
        way_ids=np.where(np.arange(count - 1) < 40, 1, 2),
        tail=np.arange(count - 1),
        head=np.arange(1, count),
        highway=np.where(np.arange(count - 1) < 40, kind, "primary"),
        is_steps=np.zeros(count - 1, bool),
        is_oneway=np.zeros(count - 1, bool),
        source=Source("streets", "a street", "not stated"),
    )
    made, position = network(streets)
    return Ground(streets, made, position, area_of(streets, 100.0), 100.0)


GROUND = ground()


def areas(bounds: list[tuple[float, float]], people: list[float], *, is_cell: bool = False) -> ParsedAreas:
    """Boxes over the street, from one longitude to another."""
    shapes = np.array([shapely.box(30 + w, 49.9995, 30 + e, 50.0005) for w, e in bounds], dtype=object)
    count = len(bounds)
    return ParsedAreas(
        area_ids=np.array([f"a{k}" for k in range(count)]),
        shapes=shapes,
        people=np.array(people, float),
        ages=np.array([[p * 0.25, p * 0.75] for p in people]).reshape(count, 2),
        age_classes=AGES,
        is_cell=is_cell,
        line=np.arange(2, count + 2),
        source=SOURCE,
    )


def houses(lon: list[float], size: list[float]) -> ParsedHouses:
    ids = np.array([f"h{k}" for k in range(len(lon))])
    return ParsedHouses(ids, 30 + np.array(lon), np.full(len(lon), 50.0001), np.array(size, float), SOURCE)


def points(lon: list[float], people: list[float]) -> ParsedPeople:
    ids = np.array([f"p{k}" for k in range(len(lon))])
    line = np.arange(2, len(lon) + 2)
    return ParsedPeople(
        ids, 30 + np.array(lon), np.full(len(lon), 50.0001), np.array(people, float), line, SOURCE
    )


def by_owner(settled: Settled, table: ParsedAreas) -> list[int]:
    """People whose origin lies in each area."""
    return [
        int(settled.people[shapely.intersects_xy(shape, settled.lon, settled.lat)].sum())
        for shape in table.shapes
    ]


def test_people_of_areas_go_along_the_residential_streets_inside() -> None:
    table = areas([(0.0001, 0.0139), (0.0141, 0.0279)], [100, 37])
    settled = settle(PeriodPeople("night", table, None), GROUND)
    assert by_owner(settled, table) == [100, 37]
    assert all(i.startswith("way-1-") for i in settled.origin_ids.tolist())
    assert (settled.snap.offset_m == 0).all()
    assert settled.ages.sum(axis=0).tolist() == [25 + 9, 75 + 28]
    assert (settled.ages.sum(axis=1) == settled.people).all()
    assert settled.unplaced == ()


def test_where_no_street_is_residential_any_street_does_and_else_the_middle() -> None:
    table = areas([(0.058, 0.069), (0.0142, 0.0143)], [10, 5])
    table.shapes[1] = shapely.box(30.0142, 50.0006, 30.0143, 50.0007)
    settled = settle(PeriodPeople("night", table, None), GROUND)
    assert by_owner(settled, table) == [10, 5]
    assert settled.counts["areas_without_sites"] == 1
    assert settled.counts["people_at_middles"] == 5
    assert "area-a1" in settled.origin_ids.tolist()


def test_people_of_areas_go_to_the_houses_inside_by_size() -> None:
    table = areas([(0.0, 0.02), (0.02, 0.04)], [40, 10])
    settled = settle(PeriodPeople("night", table, houses([0.001, 0.002, 0.03, 0.05], [3, 1, 9, 9])), GROUND)
    assert dict(zip(settled.origin_ids.tolist(), settled.people.tolist(), strict=True)) == {
        "h0": 30,
        "h1": 10,
        "h2": 10,
    }
    assert settled.counts["houses_in_no_area"] == 1


def test_points_with_people_beside_totals_are_a_measure_of_size() -> None:
    table = areas([(0.0, 0.02)], [90])
    settled = settle(PeriodPeople("night", table, points([0.001, 0.002], [1, 2])), GROUND)
    assert sorted(settled.people.tolist()) == [30, 60]


def test_a_number_goes_over_houses_in_the_area_of_the_streets() -> None:
    settled = settle(PeriodPeople("night", 100, houses([0.001, 0.002, 5.0], [3, 1, 99])), GROUND)
    assert sorted(settled.people.tolist()) == [25, 75]


def test_the_edge_of_the_streets_cuts_an_area_by_its_ground_and_the_rest_is_listed() -> None:
    east = GROUND.area.east - 30
    table = areas([(east - 0.01, east + 0.01)], [100])
    settled = settle(PeriodPeople("night", table, None), GROUND)
    assert settled.people.sum() == 50
    (row,) = settled.unplaced
    assert (row.row_id, row.amount, row.line) == ("a0", 50, 2)
    assert row.detail == "50% of it lies outside the area of the streets"
    assert settled.counts["areas_cut"] == 1


def test_the_edge_cuts_an_area_by_its_houses_where_they_are_known() -> None:
    east = GROUND.area.east - 30
    table = areas([(east - 0.01, east + 0.01)], [100])
    settled = settle(PeriodPeople("night", table, houses([east - 0.005, east + 0.005], [3, 1])), GROUND)
    assert settled.people.tolist() == [75]
    assert settled.unplaced[0].amount == 25


def test_cells_are_in_or_out_as_a_whole() -> None:
    east = GROUND.area.east - 30
    table = areas([(east - 0.0101, east + 0.01), (east - 0.01, east + 0.0101)], [8, 9], is_cell=True)
    settled = settle(PeriodPeople("night", table, None), GROUND)
    assert settled.people.sum() == 8
    assert [(row.row_id, row.amount) for row in settled.unplaced] == [("a1", 9)]


def test_an_area_with_people_and_no_street_in_reach_is_kept_and_out_of_reach() -> None:
    table = areas([(0.0, 0.02)], [6])
    table.shapes[0] = shapely.box(30.0, 50.0004, 30.02, 50.0005)
    settled = settle(PeriodPeople("night", table, None), replace(GROUND, limit_m=10.0))
    assert settled.people.sum() == 6
    assert settled.snap.segment_idx.tolist() == [-1]


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (PeriodPeople("night", 0, None), "0 is no number of people"),
        (PeriodPeople("night", None, houses([0.0], [1])), "houses by size and no number of people"),
        (PeriodPeople("night", 5, houses([9.0], [1])), "no house is in their area"),
        (PeriodPeople("night", areas([(9.0, 9.1)], [5]), None), "none of 1 areas has people in the area"),
        (PeriodPeople("night", None, points([9.0], [5])), "none of 1 rows has people in the area"),
    ],
)
def test_nobody_in_the_city_is_refused(known: PeriodPeople, said: str) -> None:
    with pytest.raises(InputError, match=said):
        settle(known, GROUND)


spans = st.lists(
    st.tuples(st.floats(-0.02, 0.09), st.floats(0.0005, 0.03), st.floats(0, 500)), min_size=1, max_size=8
)
stones = st.none() | st.lists(st.tuples(st.floats(-0.02, 0.09), st.floats(0, 100)), min_size=1, max_size=12)


@given(spans, stones, st.booleans())
def test_totals_in_and_out_are_equal_to_the_person(
    items: list[tuple[float, float, float]], sizes: list[tuple[float, float]] | None, is_cell: bool
) -> None:
    table = areas([(w, w + width) for w, width, _ in items], [p for *_, p in items], is_cell=is_cell)
    where = None if sizes is None else houses([x for x, _ in sizes], [s for _, s in sizes])
    try:
        settled = settle(PeriodPeople("night", table, where), GROUND)
    except InputError:
        return
    listed = sum(row.amount for row in settled.unplaced)
    assert int(settled.people.sum()) + listed == int(np.floor(table.people.sum() + 0.5))
    assert (settled.people > 0).all()
    assert len(set(settled.origin_ids.tolist())) == len(settled.origin_ids)
    assert ((settled.ages >= 0).all(axis=1) & (settled.ages.sum(axis=1) <= settled.people)).all()


@given(st.lists(st.floats(0, 300), min_size=1, max_size=30), st.floats(-0.05, 0.05))
def test_points_in_and_out_are_equal_to_the_person(people: list[float], shift: float) -> None:
    table = points([shift + 0.002 * k for k in range(len(people))], people)
    try:
        settled = settle(PeriodPeople("night", None, table), GROUND)
    except InputError:
        return
    total = int(settled.people.sum()) + sum(row.amount for row in settled.unplaced)
    assert total == int(np.floor(np.sum(people) + 0.5))


groups = st.lists(
    st.tuples(
        st.lists(st.floats(0, 100), min_size=1, max_size=6).filter(lambda w: sum(w) > 0),
        st.integers(0, 10**6),
    ),
    min_size=1,
    max_size=6,
)


@given(groups)
def test_each_group_gets_its_people_and_each_row_its_share(items: list[tuple[list[float], int]]) -> None:
    owner = np.array([k for k, (weights, _) in enumerate(items) for _ in weights])
    weights = np.array([w for row, _ in items for w in row])
    people = np.array([p for _, p in items])
    count = spread.among(weights, owner, people)
    assert (count >= 0).all()
    for k, (row, total) in enumerate(items):
        mine = count[owner == k]
        assert mine.sum() == total
        exact = np.cumsum(row) / np.sum(row) * total
        assert (np.abs(np.cumsum(mine) - exact) <= 0.5 + 1e-6 * total).all()


def test_the_same_rows_in_another_order_settle_the_same() -> None:
    table = areas([(0.0, 0.013), (0.013, 0.03), (0.03, 0.05)], [10.4, 20.3, 30.7])
    turned = [2, 0, 1]
    again = replace(
        table,
        area_ids=table.area_ids[turned],
        shapes=table.shapes[turned],
        people=table.people[turned],
        ages=table.ages[turned],
        line=table.line[turned],
    )
    one, other = (settle(PeriodPeople("night", t, None), GROUND) for t in (table, again))
    assert np.array_equal(one.origin_ids, other.origin_ids)
    assert np.array_equal(one.people, other.people)
    assert np.array_equal(one.ages, other.ages)
