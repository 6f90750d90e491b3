"""The map is true to scale, counts everyone left outside once, and stays small."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
import shapely
from PIL import Image

from takecover.cities import toys
from takecover.model.city import City, Zones
from takecover.model.plan import Plan
from takecover.report import citymap


def block() -> City:
    """A square of 2.4 by 2.4 km, an origin at each of 81 nodes 300 m apart, two shelters."""
    return toys.grid(
        9,
        9,
        300.0,
        people=[10] * 81,
        shelters=[toys.Cover((0,), capacity=30), toys.Cover((80,), capacity=120)],
    )


def plan_of(city: City, unserved: list[int], load: list[int]) -> Plan:
    """As much of a plan as a map shows."""
    return cast(
        Plan,
        SimpleNamespace(
            costs=SimpleNamespace(origin_idx=np.arange(len(city.demand))),
            unserved=np.array(unserved),
            load=np.array(load),
            capacity=city.shelters.capacity,
        ),
    )


def draw(unserved: list[int] | None = None, load: list[int] | None = None) -> citymap.CityMap:
    return citymap.draw(block(), plan_of(block(), unserved or [0] * 81, load or [30, 60]))


def picture(uri: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(uri.removeprefix("data:image/png;base64,"))))


def test_the_scale_is_the_same_in_both_directions_and_north_is_up() -> None:
    spots = {spot.title.split(":")[0]: spot for spot in draw().spots}
    south_west, north_east = spots["Shelter 1"], spots["Shelter 2"]
    assert north_east.x - south_west.x == pytest.approx(south_west.y - north_east.y, rel=1e-3)
    assert north_east.x > south_west.x


def test_the_scale_bar_is_as_long_as_it_says() -> None:
    drawn = draw()
    spots = {spot.title.split(":")[0]: spot for spot in drawn.spots}
    units_per_m = (spots["Shelter 2"].x - spots["Shelter 1"].x) / 2400
    assert drawn.scale_m == 500
    assert drawn.scale_percent / 100 * citymap.WIDTH == pytest.approx(500 * units_per_m, rel=1e-3)


def test_a_shelter_shows_its_load_places_and_state_and_the_largest_is_drawn_first() -> None:
    assert [(spot.title, spot.state) for spot in draw().spots] == [
        ("Shelter 2: 60 / 120", "room"),
        ("Shelter 1: 30 / 30", "full"),
    ]
    assert draw(load=[0, 120]).spots[1].state == "idle"
    assert draw().spots[0].radius > draw().spots[1].radius


def test_a_shelter_without_a_name_shows_its_id() -> None:
    city = block()
    city = replace(city, shelters=replace(city.shelters, names=np.array(["", "Big"])))
    assert citymap.draw(city, plan_of(city, [0] * 81, [30, 1234])).spots[1].title == "S001: 30 / 30"


def test_each_square_with_people_outside_is_in_exactly_one_class() -> None:
    cells = draw(unserved=[0, 1, 7, 20, 300, *[0] * 76]).cells
    assert sum(len(re.findall("M", cell.path)) for cell in cells) == 4
    assert [cell.low for cell in cells] == sorted({cell.low for cell in cells})
    assert cells[0].low == 1
    assert [cell.high for cell in cells[:-1]] == [cell.low - 1 for cell in cells[1:]]
    assert cells[-1].high is None


def test_a_city_with_nobody_outside_has_no_squares() -> None:
    assert draw().cells == ()


def test_the_streets_are_a_small_picture_with_a_clear_ground() -> None:
    image = picture(draw().streets_uri)
    assert image.width == citymap.STREETS_PX
    alpha = np.asarray(image.convert("RGBA"))[:, :, 3]
    assert (alpha == 0).mean() > 0.9
    assert alpha.max() == citymap.DARKEST
    assert len(draw().streets_uri) < 60_000


def test_no_streets_are_drawn_where_there_are_none() -> None:
    alpha = np.asarray(picture(draw().streets_uri).convert("RGBA"))[:, :, 3]
    share = int(alpha.shape[0] * citymap.PADDING / 2)
    assert alpha[:share].max() == 0
    assert alpha[:, :share].max() == 0


def test_districts_are_named_inside_their_outlines_and_water_is_drawn() -> None:
    city = block()
    outline = shapely.box(30.5, 50.45, 30.51, 50.46)
    zones = Zones(
        np.array(["a", "b"]), np.array(["East", "Nowhere"]), np.array(["", ""]), np.array([outline, None])
    )
    drawn = citymap.draw(
        replace(city, zones=zones, water=np.array([outline])), plan_of(city, [0] * 81, [0, 0])
    )
    assert [(label.name, label.name_uk) for label in drawn.labels] == [("East", "East")]
    assert 0 < drawn.labels[0].x_percent < 50
    assert 50 < drawn.labels[0].y_percent < 100
    assert drawn.water == drawn.outlines
    assert drawn.water.startswith("M")
    assert drawn.water.endswith("Z")


def test_a_city_in_one_line_still_has_a_map_with_height() -> None:
    city = toys.grid(5, 1, 100.0, shelters=[toys.Cover((0,), capacity=5)])
    drawn = citymap.draw(city, plan_of(city, [0] * 5, [0]))
    assert drawn.height == pytest.approx(citymap.WIDTH / 3, abs=2)


def test_the_public_map_shows_no_people_and_all_shelters_in_one_size() -> None:
    drawn = citymap.draw_public(block(), ["full", "plenty"])
    assert drawn.cells == ()
    assert [(spot.title, spot.state) for spot in drawn.spots] == [
        ("Shelter 1", "full"),
        ("Shelter 2", "plenty"),
    ]
    assert drawn.spots[0].radius == drawn.spots[1].radius


def test_the_same_city_gives_the_same_map() -> None:
    unserved: Any = list(range(81))
    assert draw(unserved) == draw(unserved)
