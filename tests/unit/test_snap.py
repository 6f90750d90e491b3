"""Points are tied to the nearest street, exactly, and ties go to the lowest position."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from takecover.analysis.snap import middle, snap
from takecover.cities import toys
from takecover.kernels import geodesy
from takecover.model.network import EdgePoints, Network


def grid() -> Network:
    return toys.grid(3, 2, 100.0).network


def at(network: Network, x_m: float, y_m: float) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude of a point east and north of the south-west node."""
    lon, lat = geodesy.to_degrees(np.array([x_m]), np.array([y_m]), network.lon[0], network.lat[0])
    return lon, lat


def test_a_point_beside_a_street_meets_it_at_right_angles() -> None:
    points = snap(grid(), *at(grid(), 30.0, -12.0), limit_m=50.0)
    assert points.segment_idx.tolist() == [0]
    assert points.fraction[0] == pytest.approx(0.3, abs=1e-4)
    assert points.offset_m[0] == pytest.approx(12.0, abs=1e-3)


def test_a_point_beyond_the_end_meets_the_node() -> None:
    points = snap(grid(), *at(grid(), -30.0, -40.0), limit_m=60.0)
    assert points.fraction.tolist() == [0.0]
    assert points.offset_m[0] == pytest.approx(50.0, abs=1e-3)


def test_a_point_at_a_crossing_takes_the_lowest_segment() -> None:
    network = grid()
    points = snap(network, network.lon[1:2], network.lat[1:2], limit_m=1.0)
    touching = np.flatnonzero((network.tail == 1) | (network.head == 1))
    assert points.segment_idx.tolist() == [touching.min()]
    assert points.offset_m[0] == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize(("limit_m", "segment"), [(11.9, -1), (12.1, 0)])
def test_beyond_the_limit_a_point_is_tied_to_nothing_but_keeps_its_distance(
    limit_m: float, segment: int
) -> None:
    points = snap(grid(), *at(grid(), 30.0, -12.0), limit_m=limit_m)
    assert points.segment_idx.tolist() == [segment]
    assert points.offset_m[0] == pytest.approx(12.0, abs=1e-3)


def test_a_segment_of_no_length_is_a_point() -> None:
    network = replace(grid(), tail=np.array([0], np.int32), head=np.array([0], np.int32))
    points = snap(network, *at(network, 3.0, 4.0), limit_m=10.0)
    assert (points.segment_idx[0], points.fraction[0]) == (0, 0.0)
    assert points.offset_m[0] == pytest.approx(5.0, abs=1e-3)


def test_where_there_is_no_street_nothing_is_near() -> None:
    nothing = np.zeros(0, np.int32)
    network = replace(grid(), tail=nothing, head=nothing)
    points = snap(network, network.lon, network.lat, limit_m=100.0)
    assert points.segment_idx.tolist() == [-1] * 6
    assert np.isinf(points.offset_m).all()


def test_no_point_is_no_work() -> None:
    assert len(snap(grid(), np.zeros(0), np.zeros(0), limit_m=1.0)) == 0


def test_the_middle_is_that_of_the_box() -> None:
    network = grid()
    lon, lat = middle(network)
    assert lon == (network.lon.min() + network.lon.max()) / 2
    assert lat == (network.lat.min() + network.lat.max()) / 2


def nearest_by_hand(network: Network, lon: float, lat: float) -> tuple[int, float]:
    """Lowest nearest segment and its distance, one segment after the other."""
    lon0, lat0 = middle(network)
    x, y = (float(v) for v in geodesy.to_plane(lon, lat, lon0, lat0))
    nodes_x, nodes_y = geodesy.to_plane(network.lon, network.lat, lon0, lat0)
    best = (-1, np.inf)
    for segment, (tail, head) in enumerate(zip(network.tail, network.head, strict=True)):
        ax, ay, bx, by = nodes_x[tail], nodes_y[tail], nodes_x[head], nodes_y[head]
        share = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)
        share = min(1.0, max(0.0, share))
        distance = np.hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay))
        if distance < best[1]:
            best = (segment, float(distance))
    return best


@given(st.lists(st.tuples(st.floats(-150, 350), st.floats(-150, 250)), min_size=1, max_size=8))
def test_no_other_segment_is_nearer(places: list[tuple[float, float]]) -> None:
    network = grid()
    places_m = np.array(places)
    lon, lat = geodesy.to_degrees(places_m[:, 0], places_m[:, 1], network.lon[0], network.lat[0])
    found: EdgePoints = snap(network, lon, lat, limit_m=1e6)
    for k in range(len(lon)):
        _, distance_m = nearest_by_hand(network, lon[k], lat[k])
        assert found.offset_m[k] == pytest.approx(distance_m, abs=1e-6)
