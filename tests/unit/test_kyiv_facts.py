"""The facts of Model Kyiv, against each other and against the real extracts."""

from __future__ import annotations

import csv

import numpy as np
import pytest
import shapely

from takecover import packaged
from takecover.cities.model_kyiv import facts
from takecover.cities.model_kyiv.terrain import Terrain, flatten, to_plane
from takecover.kernels import geodesy

SURFACE = {"Dnipro", "Hidropark", "Livoberezhna", "Darnytsia", "Chernihivska", "Lisova"}
DISTRICT_OF = {
    **{
        "Teremky": "HOL",
        "Vydubychi": "HOL",
        "Arsenalna": "PEC",
        "Pecherska": "PEC",
        "Poshtova Ploshcha": "POD",
    },
    **{"Kontraktova Ploshcha": "POD", "Zoloti Vorota": "SHE", "Dorohozhychi": "SHE", "Obolon": "OBO"},
    **{
        "Heroiv Dnipra": "OBO",
        "Akademmistechko": "SVI",
        "Zhytomyrska": "SVI",
        "Politekhnichnyi Instytut": "SOL",
    },
    **{"Livoberezhna": "DNI", "Hidropark": "DNI", "Darnytsia": "DNI", "Lisova": "DES", "Pozniaky": "DAR"},
    **{"Slavutych": "DAR", "Chervonyi Khutir": "DAR"},
}
AREA_KM2 = {
    **{"HOL": 156, "OBO": 110, "PEC": 20, "POD": 34, "SVI": 101},
    **{"SOL": 40, "SHE": 27, "DAR": 134, "DES": 148, "DNI": 67},
}


@pytest.fixture(scope="module")
def terrain() -> Terrain:
    return Terrain.from_facts(1)


def test_there_are_52_stations_and_the_46_below_ground_are_shelters():
    names, is_shelter = facts.texts("stations.csv", "name"), facts.marks("stations.csv", "is_shelter")
    assert len(set(names.tolist())) == 52
    assert int(is_shelter.sum()) == 46
    assert set(names[~is_shelter].tolist()) == SURFACE
    assert np.unique(facts.texts("stations.csv", "line"), return_counts=True)[1].tolist() == [18, 18, 16]


def test_ten_districts_hold_2887259_people_and_4353_shelters():
    assert len(facts.rows("districts.csv")) == 10
    assert int(facts.counts("districts.csv", "people").sum()) == 2_887_259
    assert int(facts.counts("districts.csv", "shelters").sum()) == 4_353


def test_kinds_and_stations_make_all_shelters():
    assert int(facts.counts("kinds.csv", "shelters").sum()) + 46 == 4_353


def test_every_number_that_is_not_a_fact_says_how_far_it_can_be_trusted():
    for table in ("bridges.csv", "kinds.csv"):
        assert set(facts.texts(table, "standing").tolist()) <= set(packaged.STANDINGS)


def test_outlines_share_borders_without_gap_or_overlap():
    outlines = [flatten(outline) for outline in facts.district_outlines()]
    assert all(outline.is_valid for outline in outlines)
    city = shapely.union_all(outlines)
    assert isinstance(city, shapely.Polygon)
    assert len(city.interiors) == 0
    assert sum(outline.area for outline in outlines) == pytest.approx(city.area, rel=1e-9)


def test_sketched_districts_are_about_as_large_as_the_real_ones(terrain):
    zone_ids = facts.texts("districts.csv", "zone_id").tolist()
    for zone_id, outline in zip(zone_ids, terrain.districts, strict=True):
        assert outline.area / 1e6 == pytest.approx(AREA_KM2[zone_id], rel=0.2), zone_id


def test_stations_stand_in_their_districts_and_out_of_the_water(terrain):
    names = facts.texts("stations.csv", "name").tolist()
    x_m, y_m = to_plane(facts.numbers("stations.csv", "lon"), facts.numbers("stations.csv", "lat"))
    found = facts.texts("districts.csv", "zone_id")[terrain.district_of(x_m, y_m)].tolist()
    assert {name: zone for name, zone in zip(names, found, strict=True) if name in DISTRICT_OF} == DISTRICT_OF
    assert terrain.is_dry_city(x_m, y_m).all()


def test_the_river_has_two_islands_and_hidropark_station_is_on_one():
    water = facts.water()
    assert water.is_valid
    islands = [shapely.Polygon(ring) for ring in water.interiors]
    assert [island.contains(shapely.Point(30.577, 50.446)) for island in islands] == [False, True]


def test_every_bridge_begins_and_ends_ashore_and_crosses_the_water(terrain):
    ends = np.array(
        [
            [
                [float(row["west_lon"]), float(row["west_lat"])],
                [float(row["east_lon"]), float(row["east_lat"])],
            ]
            for row in facts.rows("bridges.csv")
        ]
    )
    assert len(ends) == 10
    x_m, y_m = to_plane(ends[:, :, 0], ends[:, :, 1])
    assert terrain.is_dry_city(x_m.ravel(), y_m.ravel()).all()
    assert terrain.crosses_water(x_m, y_m).all()


def test_nobody_walks_over_the_darnytskyi_bridge():
    assert [row["bridge"] for row in facts.rows("bridges.csv") if row["has_footway"] == "no"] == [
        "darnytskyi"
    ]
    assert facts.footbridges().shape == (9, 2, 2)


def test_the_right_bank_is_high_and_the_left_bank_low(terrain):
    place = {
        "Zoloti Vorota": 90.0,
        "Pecherska": 90.0,
        "Kontraktova Ploshcha": 0.0,
        "Obolon": 0.0,
        "Pozniaky": 0.0,
    }
    rows = [facts.texts("stations.csv", "name").tolist().index(name) for name in place]
    x_m, y_m = to_plane(
        facts.numbers("stations.csv", "lon")[rows], facts.numbers("stations.csv", "lat")[rows]
    )
    np.testing.assert_allclose(terrain.height_m(x_m, y_m), list(place.values()), atol=25.0)


def test_more_people_and_streets_are_in_the_old_town_than_in_the_woods(terrain):
    x_m, y_m = to_plane(np.array([30.515, 30.78, 30.551]), np.array([50.448, 50.49, 50.47]))
    people, streets = terrain.people_per_ha(x_m, y_m), terrain.streets(x_m, y_m)
    assert people[0] > 50 * people[1]
    assert streets[0] > 20 * streets[1]
    assert people[2] == 0.02


def test_every_station_is_within_150_m_of_the_extract(shared_data):
    with (shared_data / "kyiv" / "metro_stations.csv").open(encoding="utf-8") as lines:
        real = {row["name"]: row for row in csv.DictReader(lines)}
    assert len(real) == 52
    for row in facts.rows("stations.csv"):
        found = real[row["name_uk"]]
        x_m, y_m = geodesy.to_plane(
            float(row["lon"]), float(row["lat"]), float(found["lon"]), float(found["lat"])
        )
        assert np.hypot(x_m, y_m) < 150.0, row["name"]
        assert (found["above_ground"] == "no") == (row["is_shelter"] == "yes"), row["name"]
        assert found["line"].startswith(row["line"]), row["name"]
