"""Metres on the ellipsoid against pyproj's geodesics."""

import numpy as np
import pytest
from pyproj import Geod

from takecover.kernels import geodesy

GEOD = Geod(ellps="WGS84")
CITIES = [(30.52, 50.45), (17.64, 59.86), (34.78, 32.08), (0.0, 0.0), (179.9, -45.0), (20.0, 85.0)]


@pytest.mark.parametrize(("lon0", "lat0"), CITIES)
def test_distances_within_40_km_differ_from_the_geodesic_by_less_than_a_tenth_of_a_per_mille(lon0, lat0):
    rng = np.random.default_rng(7)
    azimuth, distance = rng.uniform(0, 360, (2, 2000)), rng.uniform(0, 40_000, (2, 2000))
    lon, lat, _ = GEOD.fwd(np.full((2, 2000), lon0), np.full((2, 2000), lat0), azimuth, distance)
    x_m, y_m = geodesy.to_plane(lon, lat, lon0, lat0)
    plane_m = np.hypot(x_m[1] - x_m[0], y_m[1] - y_m[0])
    true_m = np.array(GEOD.inv(lon[0], lat[0], lon[1], lat[1])[2])
    np.testing.assert_allclose(plane_m, true_m, rtol=1e-4)


@pytest.mark.parametrize(("lon0", "lat0"), CITIES)
def test_the_plane_and_back_returns_to_the_same_place(lon0, lat0):
    rng = np.random.default_rng(8)
    x_m, y_m = rng.uniform(-40_000, 40_000, (2, 500))
    lon, lat = geodesy.to_degrees(x_m, y_m, lon0, lat0)
    back_x_m, back_y_m = geodesy.to_plane(lon, lat, lon0, lat0)
    np.testing.assert_allclose(back_x_m, x_m, atol=1e-6)
    np.testing.assert_allclose(back_y_m, y_m, atol=1e-6)


def test_east_is_x_and_north_is_y():
    x_m, y_m = geodesy.to_plane(np.array([30.01, 30.0]), np.array([50.0, 50.01]), 30.0, 50.0)
    assert x_m[0] > 700
    assert abs(y_m[0]) < 0.1
    assert y_m[1] > 1100
    assert abs(x_m[1]) < 1e-6


@pytest.mark.parametrize("lat", [0.0, 32.1, 50.45, 59.86, -45.0, 80.0])
def test_a_degree_has_the_length_of_the_geodesic(lat):
    m_per_deg_lon, m_per_deg_lat = geodesy.metres_per_degree(lat)
    assert m_per_deg_lon == pytest.approx(GEOD.inv(30.0, lat, 30.001, lat)[2] * 1000, rel=1e-6)
    meridian_m = GEOD.inv(30.0, lat - 0.0005, 30.0, lat + 0.0005)[2]
    assert m_per_deg_lat == pytest.approx(meridian_m * 1000, rel=1e-6)


def test_a_point_with_no_ground_under_it_has_no_position():
    lon, lat = geodesy.to_degrees(np.array([7e6]), np.array([0.0]), 30.0, 50.0)
    assert np.isnan(lon[0])
    assert np.isnan(lat[0])
