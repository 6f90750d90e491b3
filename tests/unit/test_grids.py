"""Points in a national grid are recognised by where the city is, and a doubt is said and never settled in silence."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Transformer

from takecover.analysis.swap import Box
from takecover.errors import InputError
from takecover.io import grids

CITIES = {
    "Kyiv": (30.5, 50.45, "uk", (5564, 6384, 25836)),
    "Uppsala": (17.65, 59.85, "sv", (3006,)),
    "Oslo": (10.75, 59.9, "nb", (25832, 25833)),
    "Copenhagen": (12.5, 55.7, "da", (25832,)),
    "Warsaw": (21.0, 52.2, "pl", (2180, 2178)),
    "Tallinn": (24.7, 59.4, "et", (3301, 25835)),
    "Beer Sheva": (34.8, 31.25, "he", (2039, 28193)),
}
CASES = [(city, epsg) for city, (_, _, _, codes) in CITIES.items() for epsg in codes]


def points(city: str) -> tuple[np.ndarray, np.ndarray, Box, str]:
    lon, lat, language, _ = CITIES[city]
    area = Box(lon - 0.1, lat - 0.1, lon + 0.1, lat + 0.1)
    return lon + np.linspace(-0.05, 0.05, 20), lat + np.linspace(-0.03, 0.03, 20), area, language


@pytest.mark.parametrize("is_turned", [False, True])
@pytest.mark.parametrize(("city", "epsg"), CASES)
def test_the_grid_of_a_city_is_recognised_in_either_order_and_said(
    city: str, epsg: int, is_turned: bool
) -> None:
    lon, lat, area, language = points(city)
    east, north = Transformer.from_crs(4326, epsg, always_xy=True).transform(lon, lat)
    x, y = (north, east) if is_turned else (east, north)
    found_lon, found_lat, said = grids.settle(x, y, area, language, None)
    assert np.abs(found_lon - lon).max() < 1e-5
    assert np.abs(found_lat - lat).max() < 1e-5
    assert "turned into degrees" in said[0]
    assert ("north before east" in said[0]) == is_turned


@pytest.mark.parametrize("is_turned", [False, True])
def test_a_told_grid_needs_no_guess(is_turned: bool) -> None:
    lon, lat, area, language = points("Kyiv")
    east, north = Transformer.from_crs(4326, 25836, always_xy=True).transform(lon, lat)
    x, y = (north, east) if is_turned else (east, north)
    found, _, said = grids.settle(x, y, area, language, 25836)
    assert np.abs(found - lon).max() < 1e-5
    assert said[0].startswith("Shelters: points are in EPSG:25836 (ETRS89 / UTM zone 36N)")


def test_degrees_are_left_alone() -> None:
    lon, lat, area, language = points("Kyiv")
    x, y, said = grids.settle(lon, lat, area, language, None)
    assert (x is lon, y is lat, said) == (True, True, ())


def test_without_a_city_two_grids_are_a_doubt_that_is_asked_about() -> None:
    lon, lat, _, language = points("Oslo")
    east, north = Transformer.from_crs(4326, 25832, always_xy=True).transform(lon, lat)
    with pytest.raises(InputError, match=r"more than one grid fits: .*25832.*Give --crs with the right one"):
        grids.settle(east, north, None, language, None)


def test_points_of_no_grid_are_refused() -> None:
    with pytest.raises(InputError, match="no grid that Takecover knows puts them into place"):
        grids.settle(np.array([5e7, 6e7]), np.array([5e7, 6e7]), points("Kyiv")[2], "uk", None)


def test_a_code_that_there_is_not_is_refused() -> None:
    assert grids.admit(3006) == 3006
    with pytest.raises(InputError, match="--crs 99999: there is no such EPSG code"):
        grids.admit(99999)


def test_rows_without_a_point_stay_without_one() -> None:
    lon, lat, area, language = points("Uppsala")
    east, north = Transformer.from_crs(4326, 3006, always_xy=True).transform(lon, lat)
    east[3] = north[3] = np.nan
    found, _, _ = grids.settle(east, north, area, language, None)
    assert np.isnan(found).tolist() == [k == 3 for k in range(20)]
