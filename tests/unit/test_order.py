"""The spatial order: a true Hilbert curve, the same whatever the row order."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from takecover.analysis import order

CELL_DEG = 360 / 2**28
POINTS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=40, unique=True)


def _grid(side: int, lon0: float = 30.0, lat0: float = 50.0) -> tuple[np.ndarray, np.ndarray]:
    # An aligned square of cells, at their middles.
    x0 = (int((lon0 + 180) / CELL_DEG) // side) * side
    y0 = (int((lat0 + 90) / CELL_DEG) // side) * side
    y, x = np.divmod(np.arange(side * side), side)
    return (x0 + x + 0.5) * CELL_DEG - 180, (y0 + y + 0.5) * CELL_DEG - 90


def test_a_square_of_cells_is_walked_without_a_jump_and_each_once():
    lon, lat = _grid(64)
    key = order.hilbert(lon, lat)
    assert np.ptp(key) == 64 * 64 - 1
    walk = np.argsort(key)
    steps = np.abs(np.diff(lon[walk])) + np.abs(np.diff(lat[walk]))
    np.testing.assert_allclose(steps, CELL_DEG, atol=1e-9)


def test_the_curve_runs_from_the_south_west_to_the_south_east_corner_of_the_world():
    key = order.hilbert(np.array([-180.0, -90.0, 90.0, 180.0]), np.array([-90.0, 80.0, 80.0, -90.0]))
    assert key.dtype == np.int64
    assert key[0] == 0
    assert key[3] == 2**56 - 1
    assert np.all(np.diff(key) > 0)


def test_points_of_one_place_stand_in_the_order_of_their_ids():
    lon, lat = np.full(4, 30.5), np.full(4, 50.4)
    assert order.spatial(lon, lat, np.array(["b", "d", "a", "c"])).tolist() == [2, 0, 3, 1]


def test_no_points_have_an_empty_order():
    none = np.zeros(0)
    assert order.spatial(none, none, np.zeros(0, "U1")).tolist() == []


@given(POINTS, st.randoms(use_true_random=False))
def test_the_order_of_ids_is_the_same_whatever_the_row_order(points, random):
    lon = np.array([30 + 1e-6 * p[0] for p in points])
    lat = np.array([50 + 1e-6 * p[1] for p in points])
    ids = np.array([f"o{i:03d}" for i in range(len(points))])
    shuffled = list(range(len(points)))
    random.shuffle(shuffled)
    first = ids[order.spatial(lon, lat, ids)]
    second = ids[shuffled][order.spatial(lon[shuffled], lat[shuffled], ids[shuffled])]
    assert first.tolist() == second.tolist()
