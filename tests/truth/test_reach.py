"""Walk times against a slow twin, arithmetic on grids, and laws."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import twins_reach as twins
from takecover.analysis.reach import between_shelters, nearest_nodes, nearest_walk_ds, reach
from takecover.cities import toys
from takecover.dtypes import UNREACHED
from takecover.errors import InputError
from takecover.kernels import dijkstra
from takecover.model import check
from takecover.model.network import EdgePoints, Network

SEEDS = st.integers(0, 2**32 - 1)
ARRAYS = ("origin_idx", "group_idx", "indptr", "shelter_idx", "entrance_idx", "walk_time_ds")


def rows_of(costs):
    """The table as the twin writes it."""
    return [
        (
            int(costs.origin_idx[r]),
            int(costs.group_idx[r]),
            [
                (int(costs.walk_time_ds[a]), int(costs.shelter_idx[a]), int(costs.entrance_idx[a]))
                for a in range(costs.indptr[r], costs.indptr[r + 1])
            ],
        )
        for r in range(costs.row_count)
    ]


def walks(costs):
    """Walk [ds] by (origin, group, shelter)."""
    pairs = zip(
        costs.origin_idx[costs.row_idx], costs.group_idx[costs.row_idx], costs.shelter_idx, strict=True
    )
    return dict(
        zip(((int(o), int(g), int(s)) for o, g, s in pairs), costs.walk_time_ds.tolist(), strict=True)
    )


# The twin


@settings(max_examples=150)
@given(
    SEEDS, st.integers(1, 30), st.integers(0, 40), st.integers(0, 12), st.integers(0, 6), st.integers(1, 300)
)
def test_every_entry_is_that_of_the_slow_twin(seed, nodes, segments, origins, shelters, limit_s):
    segments = max(segments, 1)
    city = twins.random_city(seed, nodes=nodes, segments=segments, origins=origins, shelters=max(shelters, 1))
    case = twins.scenario(closed_shelter_ids=("S0000",) if seed % 3 == 0 else ())
    costs = reach(city, case, limit_s, threads=1)
    assert rows_of(costs) == twins.table(city, case, limit_s)
    assert costs.time_limit_ds == limit_s * 10
    assert all(getattr(costs, name).dtype == np.int32 for name in ARRAYS)


@settings(max_examples=100)
@given(
    SEEDS, st.integers(1, 30), st.integers(0, 40), st.integers(0, 12), st.integers(0, 6), st.integers(1, 300)
)
def test_every_entry_by_entrance_is_that_of_the_slow_twin(seed, nodes, segments, origins, shelters, limit_s):
    segments = max(segments, 1)
    city = twins.random_city(seed, nodes=nodes, segments=segments, origins=origins, shelters=max(shelters, 1))
    case = twins.scenario(
        closed_shelter_ids=("S0000",) if seed % 3 == 0 else (),
        closed_entrance_ids=("E0001",) if seed % 2 == 0 else (),
    )
    costs = reach(city, case, limit_s, threads=1 + seed % 2, per_entrance=True)
    assert rows_of(check.costs(costs)) == twins.table(city, case, limit_s, per_entrance=True)
    assert costs.is_per_entrance


@settings(max_examples=60)
@given(SEEDS, st.integers(1, 300))
def test_the_nearest_entrance_of_each_shelter_is_its_entry_in_the_table_by_shelter(seed, limit_s):
    city = twins.random_city(seed, nodes=20, segments=40, shelters=3)
    case = twins.scenario(closed_entrance_ids=("E0002",) if seed % 2 == 0 else ())
    by_door = rows_of(reach(city, case, limit_s, per_entrance=True))
    by_shelter = rows_of(reach(city, case, limit_s))
    for (_, _, doors), (_, _, shelters) in zip(by_door, by_shelter, strict=True):
        nearest = {}
        for walk_ds, shelter, _ in doors:
            nearest.setdefault(shelter, walk_ds)
        assert nearest == {shelter: walk_ds for walk_ds, shelter, _ in shelters}
        assert {(w, s, e) for w, s, e in shelters} <= set(doors)


def test_a_locked_door_is_left_out_where_another_of_its_shelter_is_open_and_open_places_count():
    locked = toys.Door(0, lock="locked")
    city = toys.grid(4, 1, shelters=[toys.Cover((locked, 3), 10), toys.Cover((locked,), 10)])
    counted = twins.scenario(count_on="open")
    assert rows_of(reach(city, counted, 300))[0][2] == [(0, 1, 2), (3000, 0, 1)]
    assert rows_of(reach(city, twins.scenario(), 300))[0][2] == [(0, 0, 0), (0, 1, 2)]
    assert rows_of(reach(city, counted, 300, per_entrance=True))[0][2] == [(0, 0, 0), (0, 1, 2), (3000, 0, 1)]


def test_a_table_by_entrance_stays_one_when_it_is_cut():
    city = toys.grid(4, 1, shelters=[toys.Cover((0, 3), 10)])
    costs = reach(city, twins.scenario(), 300, per_entrance=True)
    walking = costs.within(2000)
    assert walking.is_per_entrance
    assert rows_of(walking)[1][2] == [(1000, 0, 0), (2000, 0, 1)]


@settings(max_examples=60)
@given(SEEDS, st.integers(0, 1), st.integers(1, 300))
def test_walks_between_doors_are_those_of_the_slow_twin(seed, group_idx, limit_s):
    city = twins.random_city(seed)
    case = twins.scenario(closed_shelter_ids=("S0001",) if seed % 3 == 0 else ())
    hops = between_shelters(city, case, limit_s, group_idx, threads=1)
    walker = twins.Walker(city, case, group_idx)
    entrances = city.shelters.entrances
    for entrance in range(len(entrances)):
        usable = entrance in walker.doors()
        twin = walker.entries(entrances.snap, entrance, limit_s * 1000) if usable else []
        begin, end = hops.indptr[entrance], hops.indptr[entrance + 1]
        found = zip(
            *(
                column[begin:end].tolist()
                for column in (hops.walk_time_ds, hops.shelter_idx, hops.entrance_idx)
            ),
            strict=True,
        )
        assert list(found) == [entry for entry in twin if entry[1] != entrances.shelter_idx[entrance]]


@settings(max_examples=60)
@given(SEEDS, st.integers(0, 1), st.integers(1, 300))
def test_the_nearest_shelter_is_the_first_entry_of_the_row(seed, group_idx, limit_s):
    city, case = twins.random_city(seed), twins.scenario()
    nearest = nearest_walk_ds(city, case, limit_s, group_idx)
    for origin, group, entries in twins.table(city, case, limit_s):
        if group == group_idx:
            assert nearest[origin] == (entries[0][0] if entries else UNREACHED)


@settings(max_examples=40)
@given(SEEDS)
def test_without_the_need_for_step_free_ways_only_the_speed_is_the_groups_own(seed):
    city = twins.random_city(seed)
    slow = twins.scenario(speed_m_s={"walking": 0.5, "step_free": 0.5})
    free = nearest_walk_ds(city, slow, 300, 1, ignore_step_free=True)
    np.testing.assert_array_equal(free, nearest_walk_ds(city, slow, 300, 0))
    assert np.all(free <= nearest_walk_ds(city, slow, 300, 1))


# Widths and threads


@settings(max_examples=30)
@given(SEEDS, st.integers(2, 4))
def test_one_thread_and_many_give_the_same_bits(seed, threads):
    city, case = twins.random_city(seed, shelters=9), twins.scenario()
    one, many = (reach(city, case, 200, threads=count) for count in (1, threads))
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(one, name), getattr(many, name))
    one, many = (between_shelters(city, case, 200, 0, threads=count) for count in (1, threads))
    for name in ARRAYS[2:]:
        np.testing.assert_array_equal(getattr(one, name), getattr(many, name))


@pytest.mark.parametrize(("doors", "width"), [(8, np.int32), (700, np.int64)])
def test_an_hour_and_many_doors_widen_the_labels_and_never_overflow(doors, width):
    city = toys.grid(40, 1, 100.0, shelters=[toys.Cover((toys.Door(39),) * doors, 10), toys.Cover((0,), 10)])
    case = twins.scenario(speed_m_s={"walking": 1.0, "step_free": 1.0})
    costs = reach(city, case, 3600, threads=1)
    found = walks(costs)
    assert found[0, 0, 1] == 0
    assert found[3, 0, 0] == 36_000
    assert (2, 0, 0) not in found
    assert np.all(costs.entrance_idx[costs.shelter_idx == 0] == 0)
    streets = dijkstra.Streets(
        np.zeros(2, np.int32), np.zeros((0, 2), np.int32), 3_600_000, (doors - 1).bit_length()
    )
    assert dijkstra.room([streets], 1).place["label"].dtype == width


def test_a_segment_too_long_for_any_limit_is_no_way_and_no_overflow():
    city = toys.grid(2, 1, shelters=[toys.Cover((1,), 10)])
    city = replace(city, network=replace(city.network, length_m=np.array([1e12])))
    costs = reach(city, twins.scenario(), 36_000, threads=1)
    assert walks(costs) == {(1, 0, 0): 0, (1, 1, 0): 0}


# Arithmetic


@pytest.mark.parametrize("limit_s", [199, 200, 500, 900])
def test_on_a_grid_the_walk_is_rows_and_columns_apart(limit_s):
    columns, rows, shelters = 7, 5, (0, 17, 34)
    city = toys.grid(columns, rows, 100.0, shelters=[toys.Cover((node,), 10) for node in shelters])
    found = walks(reach(city, twins.scenario(), limit_s))
    expected = {}
    for node in range(columns * rows):
        for shelter, door in enumerate(shelters):
            apart = abs(node % columns - door % columns) + abs(node // columns - door // columns)
            for group, ds in ((0, 1000 * apart), (1, 2000 * apart)):
                if ds <= limit_s * 10:
                    expected[node, group, shelter] = ds
    assert found == expected


def test_a_stair_is_slow_for_some_and_no_way_for_others():
    city = toys.grid(2, 2, 100.0, shelters=[toys.Cover((1,), 10)], steps=[(0, 1)], origin_nodes=[0])
    case = twins.scenario(speed_m_s={"walking": 1.0, "step_free": 1.0}, steps_speed_factor=0.4)
    assert walks(reach(city, case, 600)) == {(0, 0, 0): 2500, (0, 1, 0): 3000}


def test_a_one_way_street_is_walked_one_way():
    covers = [toys.Cover((0,), 10), toys.Cover((2,), 10)]
    city = toys.grid(3, 1, 100.0, shelters=covers, one_way=[(0, 1), (1, 2)], origin_nodes=[1])
    assert walks(reach(city, twins.scenario(), 900)) == {(0, 0, 1): 1000, (0, 1, 1): 2000}


def test_the_way_between_street_and_door_is_walked_at_the_groups_speed():
    city = toys.grid(
        2, 1, 100.0, shelters=[toys.Cover((toys.Door(1, offset_m=12.34),), 10)], origin_nodes=[0]
    )
    assert walks(reach(city, twins.scenario(), 900)) == {(0, 0, 0): 1124, (0, 1, 0): 2247}


def test_of_doors_equally_far_the_lowest_is_taken():
    city = toys.grid(3, 1, 100.0, shelters=[toys.Cover((2, 0), 10), toys.Cover((0, 2), 10)], origin_nodes=[1])
    costs = reach(city, twins.scenario(), 900)
    assert costs.entrance_idx[: costs.indptr[1]].tolist() == [0, 2]


def test_neighbours_on_a_street_do_not_walk_round_by_its_ends():
    city = toys.grid(2, 1, 100.0, shelters=[toys.Cover((0,), 10)], origin_nodes=[0])
    for begin, end, is_oneway, expected in (
        (0.3, 0.8, True, 500),
        (0.8, 0.3, False, 500),
        (0.8, 0.3, True, None),
    ):
        network = replace(city.network, is_oneway=np.array([is_oneway]))
        start, door = (EdgePoints(np.zeros(1, np.int32), np.array([f]), np.zeros(1)) for f in (begin, end))
        near = replace(
            city,
            network=network,
            demand=replace(city.demand, snap=start),
            shelters=replace(city.shelters, entrances=replace(city.shelters.entrances, snap=door)),
        )
        assert walks(reach(near, twins.scenario(), 900)).get((0, 0, 0)) == expected


def test_uphill_takes_toblers_ratio_and_downhill_less():
    city = toys.grid(2, 1, 100.0, shelters=[toys.Cover((0,), 10), toys.Cover((1,), 10)])
    city = replace(city, network=replace(city.network, climb_m=np.array([5.0])))
    found = walks(reach(city, twins.scenario(), 900))
    up_ds = math.ceil(1000 * math.exp(3.5 * 0.05))
    down_ds = math.ceil(1000 * math.exp(-3.5 * 0.05))
    tail_first = (0, 1) if city.network.tail[0] == 0 else (1, 0)
    assert found[tail_first[0], 0, tail_first[1]] == up_ds
    assert found[tail_first[1], 0, tail_first[0]] == down_ds


# Laws


@settings(max_examples=60)
@given(SEEDS)
def test_one_more_street_never_makes_any_walk_longer(seed):
    city, case = twins.random_city(seed), twins.scenario()
    rng = np.random.default_rng(seed)
    network = city.network
    more = replace(
        network,
        tail=np.append(network.tail, np.int32(rng.integers(network.node_count))),
        head=np.append(network.head, np.int32(rng.integers(network.node_count))),
        length_m=np.append(network.length_m, 15.0),
        climb_m=np.append(network.climb_m, np.nan),
        is_steps=np.append(network.is_steps, False),
        is_oneway=np.append(network.is_oneway, False),
    )
    before, after = (walks(reach(replace(city, network=n), case, 200, threads=1)) for n in (network, more))
    assert all(after[pair] <= walk_ds for pair, walk_ds in before.items())


@settings(max_examples=60)
@given(SEEDS, st.integers(1, 200), st.integers(0, 200))
def test_a_longer_limit_only_adds_entries(seed, limit_s, longer_s):
    city, case = twins.random_city(seed), twins.scenario()
    short, long = (reach(city, case, s, threads=1) for s in (limit_s, limit_s + longer_s))
    cut = long.within(limit_s * 10)
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(short, name), getattr(cut, name))


@settings(max_examples=60)
@given(SEEDS)
def test_renumbering_nodes_segments_and_origins_changes_no_walk(seed):
    city, case = twins.random_city(seed), twins.scenario()
    rng = np.random.default_rng(seed)
    network, demand = city.network, city.demand
    nodes, segments, origins = (
        rng.permutation(k).astype(np.int32) for k in (network.node_count, network.segment_count, len(demand))
    )
    new_node, new_segment = np.argsort(nodes).astype(np.int32), np.argsort(segments).astype(np.int32)

    def moved(snap):
        known = snap.segment_idx >= 0
        return replace(snap, segment_idx=np.where(known, new_segment[snap.segment_idx], np.int32(-1)))

    start = demand.snap
    other = replace(
        city,
        network=Network(
            network.node_ids[nodes],
            network.lon[nodes],
            network.lat[nodes],
            new_node[network.tail[segments]],
            new_node[network.head[segments]],
            network.length_m[segments],
            network.climb_m[segments],
            network.is_steps[segments],
            network.is_oneway[segments],
        ),
        demand=replace(
            demand,
            origin_ids=demand.origin_ids[origins],
            lon=demand.lon[origins],
            lat=demand.lat[origins],
            snap=moved(
                EdgePoints(start.segment_idx[origins], start.fraction[origins], start.offset_m[origins])
            ),
        ),
        shelters=replace(
            city.shelters,
            entrances=replace(city.shelters.entrances, snap=moved(city.shelters.entrances.snap)),
        ),
    )
    first, second = reach(city, case, 200, threads=1), reach(other, case, 200, threads=1)
    np.testing.assert_array_equal(
        demand.origin_ids[first.origin_idx], other.demand.origin_ids[second.origin_idx]
    )
    for name in ARRAYS[1:]:
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))


# The door


def test_a_group_without_a_speed_and_an_unknown_closed_shelter_are_told_at_once():
    city = toys.grid(2, 1, shelters=[toys.Cover((0,), 10)])
    case = twins.scenario(speed_m_s={"step_free": 1.0}, closed_shelter_ids=("S001", "S999", "S998"))
    with pytest.raises(InputError) as caught:
        reach(city, case, 600)
    assert caught.value.faults == (
        "scenario.speed_m_s: has no speed for group 'walking'. Give one in m/s.",
        f"scenario.closed_shelter_ids: 'S998' is no shelter of {city.name}. Give its id.",
        f"scenario.closed_shelter_ids: 'S999' is no shelter of {city.name}. Give its id.",
    )


def test_a_city_without_a_shelter_has_rows_and_no_entries():
    city = toys.grid(3, 2)
    costs = reach(city, twins.scenario(), 600)
    assert costs.row_count == 12
    assert costs.indptr.tolist() == [0] * 13
    assert np.all(nearest_walk_ds(city, twins.scenario(), 600, 0) == UNREACHED)
    assert np.all(nearest_nodes(city, twins.scenario(), 600, 0) == UNREACHED)
    assert between_shelters(city, twins.scenario(), 600, 0).indptr.tolist() == [0]
