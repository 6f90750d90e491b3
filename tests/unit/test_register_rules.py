"""Every rule of the check has a row that breaks it and one that does not, and says what it could not check."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from takecover.analysis import inspection, rules_places
from takecover.analysis.register import Register
from takecover.analysis.remarks import WHOLE_LIST
from takecover.analysis.surroundings import Points, Radii, Surroundings
from takecover.cities import toys
from takecover.io import registry
from takecover.model.city import Zones

RADII = Radii(
    street_m=100.0, home_m=500.0, entrance_m=250.0, duplicate_m=30.0, verified_d=365.0, least_area_m2=0.4
)
TODAY = np.datetime64("2026-11-25")


def read(path: Path, header: str, *rows: str) -> Register:
    target = path / "list.csv"
    target.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return registry.read(target)


def broken(register: Register, rule: str, **around: Any) -> list[int]:
    """Rows that a rule remarks on."""
    found = inspection.inspect(register, Surroundings(RADII, TODAY, **around))
    assert rule in found.checked, found.unchecked.get(rule)
    return [remark.row_idx for remark in found.remarks if remark.rule == rule]


SAME = [f"{k};77" for k in range(12)]
ROWS: list[tuple[str, str, list[str], list[int]]] = [
    ("broken_cell", "id;places;lat;lon", ["1;5;59;17", "2;many;59;17", "3;5;59;17"], [1]),
    ("broken_cell", "id;places;lat;lon", ["1;5;59;17", "2;5;nan;17", "3;5;59;17"], [1]),
    ("broken_cell", "id;places;lat;lon", ["1;5;59;17", "2;5;59;inf", "3;5;59;17"], [1]),
    ("id_broken", "id;places", ["1;5", "2;5", "2;6", "4;5", "5;5"], [2]),
    ("id_broken", "id;places", ["1;5", ";5", "3;5", "4;5"], [1]),
    ("personal_data", "address;ramp", ["a 1;no", "b 2;063-619-36-01", "c 3;yes"], [1]),
    ("personal_data", "address;places", ["a 1, x@y.ua;5", "b 2;5"], [0]),
    ("formula", "address;note", ["a 1;x", "b 2;=1+1", "c 3;+cmd", "d 4;-5", "e 5;@SUM(A1)"], [1, 2, 4]),
    ("answer_unclear", "address;ramp", ["a 1;no", "b 2;perhaps"], [1]),
    ("capacity_missing", "id;places", ["1;5", "2;"], [1]),
    ("capacity_zero", "id;places", ["1;5", "2;0"], [1]),
    ("capacity_large", "id;places", ["1;10000", "2;10001"], [1]),
    ("capacity_repeated", "id;places", [*SAME, "99;5"], list(range(12))),
    ("capacity_beyond_area", "id;places;area", ["1;100;40", "2;101;40", "3;9;"], [1]),
    ("area_unlikely", "id;places;area", ["1;10;40", "2;10;501", "3;1;0.5"], [1, 2]),
    ("never_verified", "id;verified", ["1;2026-01-01", "2;"], [1]),
    ("verified_long_ago", "id;verified", ["1;2025-11-25", "2;2025-11-24", "3;"], [1]),
    ("verified_in_future", "id;verified", ["1;2026-11-25", "2;2026-11-26"], [1]),
    ("closed_at_night", "id;hours", ["1;24/7", "2;10:00-18:00", "3;"], [1]),
    ("hours_missing", "id;hours", ["1;24/7", "2;"], [1]),
    ("not_step_free", "id;ramp", ["1;yes", "2;no", "3;"], [1]),
    ("step_free_missing", "id;ramp", ["1;yes", "2;"], [1]),
    ("ramp_contradicted", "id;type;ramp", ["1;Basement with ramp;yes", "2;Basement with ramp;no"], [1]),
    ("not_there", "id;status", ["1;Built", "2;Planned", "3;Request"], [1, 2]),
    ("not_usable", "id;status", ["1;Ready", "2;Not ready", "3;Planned"], [1]),
    ("status_missing", "id;status", ["1;Ready", "2;"], [1]),
    ("kind_unknown", "id;type", ["1;Basement", "2;Tent", "3;"], [1]),
    ("address_missing", "id;address", ["1;a 1", "2;"], [1]),
    ("address_vague", "id;address", ["1;Way in", "2;Way in", "3;way  IN", "4;Nova 1"], [0, 1, 2]),
    ("no_entrance", "id;entrances", ["1;2", "2;0", "3;"], [1]),
    ("no_position", "id;lat;lon", ["1;59;17", "2;;"], [1]),
    ("district_missing", "id;district", ["1;North", "2;"], [1]),
    ("duplicate_place", "address;type", ["вул. Нова, 1-А;Підвал", "Nova St 1a;Підвал", "вул. Нова, 2;Підвал"], [1]),
    ("duplicate_place", "address;type", ["Антоновича, 18;Підвал", "Антоновіча 18;Підвал"], [1]),
    ("duplicate_place", "address;former address;type", ["Нова, 1;;Підвал", "Липова, 9;Нова, 1;Підвал"], [1]),
    ("duplicate_place", "address;type", ["Нова, 1;Підвал", "Нова, 1;Підземний перехід"], []),
    ("duplicate_place", "address;places", ["Нова, 1;50", "Нова, 1;60"], []),
    ("duplicate_place", "address;lat;lon", ["Нова, 1;50.40;30.5", "Нова, 1;50.45;30.5"], []),
    ("duplicate_place", "address;district", ["Нова, 1;Поділ", "Нова, 1;Печерськ"], []),
    ("near_in_space", "name;lat;lon", ["Hall;50.40;30.5", "Hall;50.4001;30.5", "Hall;50.41;30.5"], [1]),
    ("near_in_space", "name;lat;lon", ["Hall;50.40;30.5", "Tower;50.4001;30.5"], []),
    ("same_point", "address;lat;lon", ["a 1;50.4;30.5", "b 2;50.4;30.5", "a 1;50.4;30.5"], [1]),
    ("one_holder", "id;district;owner", [*(f"{k};N;me" for k in range(5)), *(f"s{k};S;{k}" for k in range(5))], [-1]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "header", "rows", "wanted"), ROWS, ids=[f"{k}-{r[0]}" for k, r in enumerate(ROWS)]
)
def test_a_rule_remarks_on_the_rows_that_break_it(
    tmp_path: Path, rule: str, header: str, rows: list[str], wanted: list[int]
) -> None:
    assert broken(read(tmp_path, header, *rows), rule) == wanted


GRID = toys.grid(3, 3, 100.0)
LON, LAT = GRID.network.lon, GRID.network.lat
MIDDLE = f"{LAT.mean()};{LON.mean()}"
SQUARE = shapely.box(LON.min() - 0.01, LAT.min() - 0.01, LON.mean(), LAT.max() + 0.01)
OTHER = shapely.box(LON.mean(), LAT.min() - 0.01, LON.max() + 0.01, LAT.max() + 0.01)
ZONES = Zones(
    np.array(["W", "E"]), np.array(["West", "East"]), np.array(["Захід", "Схід"]), np.array([SQUARE, OTHER])
)


def points(lon: float, lat: float, name: str = "") -> Points:
    return Points(np.array([lon]), np.array([lat]), np.array([name]), np.array([10.0]))


def test_a_row_far_from_every_street_is_remarked_on(tmp_path: Path) -> None:
    in_a_court = f"{LAT[0] + 0.00045};{LON[0] + 0.0007}"
    rows = read(tmp_path, "id;lat;lon", f"a;{MIDDLE}", f"b;{in_a_court}", f"c;{LAT.max() + 1};{LON[0]}")
    tight = Surroundings(dataclasses.replace(RADII, street_m=40.0), TODAY, network=GRID.network)
    found = inspection.inspect(rows, tight)
    far = [
        (each.row_idx, round(each.values["distance"])) for each in found.remarks if each.rule == "off_street"
    ]
    assert far == [(1, 50)]
    assert broken(rows, "off_street", network=GRID.network) == []
    assert broken(rows, "on_island", network=GRID.network) == []


def test_a_row_outside_every_district_is_remarked_on(tmp_path: Path) -> None:
    rows = read(tmp_path, "id;lat;lon", f"a;{MIDDLE}", f"b;{LAT.max() + 1};{LON.mean()}")
    assert broken(rows, "outside_city", zones=ZONES) == [1]
    assert broken(rows, "outside_city", network=GRID.network) == [1]


def test_a_row_in_the_water_is_remarked_on(tmp_path: Path) -> None:
    rows = read(tmp_path, "id;lat;lon", f"a;{MIDDLE}", f"b;{LAT.max() + 1};{LON.mean()}")
    water = np.array([shapely.box(LON.min() - 1, LAT.max() + 0.5, LON.max() + 1, LAT.max() + 2)])
    assert broken(rows, "in_water", water=water) == [1]


def test_a_row_far_from_every_home_is_remarked_on(tmp_path: Path) -> None:
    rows = read(tmp_path, "id;lat;lon", f"a;{MIDDLE}", f"b;{LAT.mean()};{LON.max() + 0.009}")
    homes = points(float(LON.mean()), float(LAT.mean()))
    assert broken(rows, "far_from_homes", homes=homes, zones=ZONES) == [1]


def test_a_row_on_streets_that_nothing_joins_is_remarked_on(tmp_path: Path) -> None:
    network = GRID.network
    ends = [network.node_count - 2, network.node_count - 1]
    cut = ~(np.isin(network.tail, ends) ^ np.isin(network.head, ends))
    loose = dataclasses.replace(
        network,
        **{
            n: getattr(network, n)[cut]
            for n in ("tail", "head", "length_m", "climb_m", "is_steps", "is_oneway")
        },
    )
    rows = read(tmp_path, "id;lat;lon", f"a;{LAT[0]};{LON[0]}", f"b;{LAT[ends[1]]};{LON[ends[1]]}")
    assert broken(rows, "on_island", network=loose) == [1]


def test_districts_are_held_against_their_outlines_in_either_language(tmp_path: Path) -> None:
    west = f"{LAT.mean()};{LON.min()}"
    rows = read(
        tmp_path,
        "id;district;lat;lon",
        f"a;West district;{west}",
        f"b;Схід;{west}",
        f"c;North;{west}",
        f"d;Захід;{west}",
    )
    assert broken(rows, "district_differs", zones=ZONES) == [1]
    assert broken(rows, "district_unknown", zones=ZONES) == [2]
    rows = read(tmp_path, "id;district;lat;lon", f"a;West;{west}")
    found = inspection.inspect(rows, Surroundings(RADII, TODAY, zones=ZONES))
    empty = [remark for remark in found.remarks if remark.rule == "district_empty"]
    assert [(remark.row_idx, remark.values["district"]) for remark in empty] == [(WHOLE_LIST, "East")]


def test_a_metro_row_that_leads_to_no_known_entrance_is_remarked_on(tmp_path: Path) -> None:
    doors = points(30.5, 50.45, "Академмістечко")
    rows = read(
        tmp_path,
        "address;type;lat;lon",
        'Вхід в станцію метро "Академмістечко";Станція метро;;',
        "Вхід до станції метро;Станція метро;;",
        "Вхід;Станція метро;50.4501;30.5001",
        "Вхід;Підвал;;",
    )
    assert broken(rows, "station_without_entrance", entrances=doors) == [1]
    assert broken(rows, "station_missing", entrances=doors) == []
    assert broken(rows, "station_missing", entrances=points(30.5, 50.45, "Теремки")) == [WHOLE_LIST]


def test_every_rule_has_a_failing_case_here() -> None:
    tested = {case[0] for case in ROWS} | {
        "off_street", "on_island", "outside_city", "in_water", "far_from_homes", "district_differs", "district_unknown",
        "district_empty", "station_without_entrance", "station_missing",
    }  # fmt: skip
    assert {rule.name for rule in inspection.RULES} == tested
    assert len(inspection.RULES) == len({rule.name for rule in inspection.RULES})


def test_what_is_missing_is_said_for_each_rule_that_waits_for_it(tmp_path: Path) -> None:
    found = inspection.inspect(read(tmp_path, "id;address", "1;a 1"), Surroundings(RADII, TODAY))
    assert found.unchecked["off_street"] == ("positions", "streets")
    assert found.unchecked["capacity_beyond_area"] == ("capacity", "area_m2")
    assert set(found.checked) | set(found.unchecked) == {rule.name for rule in inspection.RULES}
    assert not set(found.checked) & set(found.unchecked)


def test_completeness_is_the_mean_of_what_rows_say(tmp_path: Path) -> None:
    rows = read(
        tmp_path,
        "address;district;places;lat;lon",
        "a 1;North;5;59;17",
        "b 2;North;;;",
        "c 3;South;5;59.5;17",
    )
    found = inspection.inspect(rows, Surroundings(RADII, TODAY))
    by_name = {each.district: each for each in found.districts}
    assert dict(zip(inspection.FIELDS, by_name["North"].shares, strict=True)) == {
        "position": 0.5, "address": 1.0, "capacity": 0.5, "kind": 0.0, "step_free": 0.0, "hours": 0.0, "status": 0.0,
        "verified_on": 0.0,
    }  # fmt: skip
    assert (by_name["North"].score, by_name["South"].score, found.whole.rows) == (0.25, 0.375, 3)
    assert [each.district for each in found.districts] == ["North", "South"]


def test_people_of_a_district_are_those_who_live_in_its_outline(tmp_path: Path) -> None:
    rows = read(tmp_path, "id;district", "1;Захід", "2;Схід")
    homes = points(float(LON.min()), float(LAT.mean()))
    found = inspection.inspect(rows, Surroundings(RADII, TODAY, zones=ZONES, homes=homes))
    assert {each.district: each.people for each in found.districts} == {"Захід": 10, "Схід": 0}


def test_a_district_is_the_same_with_and_without_its_generic_word() -> None:
    assert rules_places.zone_keys("Солом’янський район") == rules_places.zone_keys("Солом'янський")
