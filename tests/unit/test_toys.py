"""Toy grids: what the arithmetic of other tests leans on."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from takecover.cities.toys import Cover, Door, grid
from takecover.errors import InputError
from takecover.kernels import geodesy
from takecover.model import check


@given(st.integers(1, 8), st.integers(1, 8))
def test_a_grid_has_a_segment_between_all_neighbours(columns, rows):
    if columns * rows == 1:
        return
    network = grid(columns, rows).network
    assert network.node_count == columns * rows
    assert network.segment_count == columns * (rows - 1) + rows * (columns - 1)
    step = np.abs(network.head - network.tail)
    assert set(step.tolist()) <= {1, columns}


def test_positions_are_as_far_apart_as_the_lengths_say():
    network = grid(4, 3, 250.0).network
    x_m, y_m = geodesy.to_plane(network.lon, network.lat, 30.5, 50.45)
    assert network.length_m.tolist() == [250.0] * 17
    np.testing.assert_allclose(
        np.hypot(x_m[network.head] - x_m[network.tail], y_m[network.head] - y_m[network.tail]),
        250.0,
        rtol=1e-6,
    )


def test_every_origin_lies_on_its_node():
    city = grid(3, 3, people=[2**k for k in range(9)])
    network, snap = city.network, city.demand.snap
    at = np.where(snap.fraction == 0.0, network.tail[snap.segment_idx], network.head[snap.segment_idx])
    assert at.tolist() == list(range(9))
    assert set(snap.fraction.tolist()) == {0.0, 1.0}
    assert snap.offset_m.tolist() == [0.0] * 9
    assert city.demand.people[0, :, 0].tolist() == [1, 2, 4, 8, 16, 32, 64, 128, 256]


def test_origins_may_stand_at_some_nodes_only_and_need_a_step_free_way():
    demand = grid(3, 1, origin_nodes=[2, 0], people=[5, 7], step_free_people=[1, 0]).demand
    assert demand.people.tolist() == [[[5, 1], [7, 0]]]
    assert demand.lon[0] > demand.lon[1]
    assert [g.name for g in demand.groups] == ["walking", "step_free"]


def test_stairs_one_way_streets_and_gaps_stand_where_they_are_asked_for():
    network = grid(3, 2, steps=[(0, 3)], one_way=[(4, 3)], missing=[(1, 2)]).network
    ways = list(zip(network.tail.tolist(), network.head.tolist(), strict=True))
    assert (1, 2) not in ways
    assert [ways[i] for i in np.flatnonzero(network.is_steps)] == [(0, 3)]
    assert [ways[i] for i in np.flatnonzero(network.is_oneway)] == [(4, 3)]


def test_an_origin_at_a_node_without_a_street_is_tied_to_none():
    city = grid(3, 1, missing=[(1, 2)])
    assert city.demand.snap.segment_idx.tolist() == [0, 0, -1]


def test_shelters_have_their_doors_in_order():
    shelters = grid(
        4, 1, shelters=[Cover((1, Door(3, False, 12.0)), 9), Cover((), 4), Cover((0,), 2, True)]
    ).shelters
    assert shelters.shelter_ids.tolist() == ["S001", "S002", "S003"]
    assert shelters.capacity.tolist() == [9, 4, 2]
    assert shelters.is_withheld.tolist() == [False, False, True]
    assert shelters.entrances.entrance_ids.tolist() == ["S001-1", "S001-2", "S003-1"]
    assert shelters.entrances.shelter_idx.tolist() == [0, 0, 2]
    assert shelters.entrances.is_step_free.tolist() == [True, False, True]
    assert shelters.entrances.snap.offset_m.tolist() == [0.0, 12.0, 0.0]


def test_districts_follow_the_nodes():
    city = grid(2, 2, zone_of_node=[0, 0, 1, 1], shelters=[Cover((3,), 1)])
    assert city.demand.zone_idx.tolist() == [0, 0, 1, 1]
    assert city.shelters.zone_idx.tolist() == [1]
    assert city.zones.zone_ids.tolist() == ["Z1", "Z2"]


@pytest.mark.parametrize("shelters", [[], [Cover((0,), 3)], [Cover((), 3)]])
def test_a_toy_city_passes_every_check(shelters):
    city = grid(5, 4, shelters=shelters)
    assert check.city(city).name == "toy-grid"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"steps": [(0, 2)]}, "no segment joins the nodes 0 and 2"),
        ({"missing": [(0, 1), (1, 2)]}, "have no segment between them"),
        ({"people": [1]}, "not one number for each of 3 origins"),
        ({"zone_of_node": [0]}, "1 given for 3 nodes"),
    ],
)
def test_a_wrong_toy_says_what_is_wrong(wrong, words):
    with pytest.raises(InputError, match=words):
        grid(3, 1, **wrong)
