"""People of real files, spread by real outlines: every total is the file's own, counted again by other means."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import h3
import numpy as np
import pytest
import shapely

from takecover.analysis import polygons, zones
from takecover.analysis.origins import join
from takecover.analysis.parsed import ParsedAreas, ParsedStreets, PeriodPeople
from takecover.analysis.people import place
from takecover.analysis.settle import Ground, Settled, settle
from takecover.analysis.streets import area as area_of
from takecover.analysis.streets import network
from takecover.io import districts, population, streets_file
from takecover.model.city import Source

PORTO_ALEGRE, KYIV = "porto-alegre", "kyiv"
NEGEV = Path("shelter-lists") / "negev_israel_statistical_areas_population.geojson"


def lattice(west: float, south: float, east: float, north: float, steps: int = 60) -> Ground:
    """Residential streets along parallels, where a sample has none: only what people do without them is looked at."""
    lon = np.tile(np.linspace(west, east, steps), steps)
    lat = np.repeat(np.linspace(south, north, steps), steps)
    tail = np.flatnonzero(np.arange(steps * steps) % steps < steps - 1)
    none = np.zeros(len(tail), bool)
    streets = ParsedStreets(
        node_ids=np.arange(steps * steps),
        lon=lon,
        lat=lat,
        way_ids=tail // steps,
        tail=tail,
        head=tail + 1,
        highway=np.full(len(tail), "residential"),
        is_steps=none,
        is_oneway=none,
        source=Source("streets", "a lattice", "not stated"),
    )
    made, position = network(streets)
    return Ground(streets, made, position, area_of(streets, 100.0), 100.0)


@pytest.fixture(scope="module")
def porto_alegre(shared_data: Path) -> tuple[Settled, dict[str, int]]:
    streets = streets_file.read(shared_data / PORTO_ALEGRE / "poa_osm.pbf")
    made, position = network(streets)
    ground = Ground(streets, made, position, area_of(streets, 100.0), 100.0)
    (known,) = population.read([str(shared_data / PORTO_ALEGRE / "poa_hexgrid.csv")], ground.area)
    with (shared_data / PORTO_ALEGRE / "poa_hexgrid.csv").open(encoding="utf-8") as file:
        by_hand = {row["id"]: int(row["population"]) for row in csv.DictReader(file)}
    return settle(known, ground), by_hand


def test_every_hexagon_of_porto_alegre_keeps_its_people(porto_alegre: tuple[Settled, dict[str, int]]) -> None:
    settled, by_hand = porto_alegre
    assert settled.people.sum() == sum(by_hand.values()) == 812_935
    assert settled.unplaced == ()
    found: Counter[str] = Counter()
    for lon, lat, people in zip(settled.lon, settled.lat, settled.people.tolist(), strict=True):
        found[h3.latlng_to_cell(lat, lon, 9)] += people
    assert dict(found) == {cell: people for cell, people in by_hand.items() if people}


def test_people_of_porto_alegre_live_along_streets(porto_alegre: tuple[Settled, dict[str, int]]) -> None:
    settled, _ = porto_alegre
    is_on_street = settled.snap.offset_m == 0
    assert settled.people[is_on_street].sum() / settled.people.sum() > 0.999
    assert settled.counts["areas_without_sites"] < 20


def kyivs_ground(shared_data: Path) -> tuple[Ground, zones.Zones]:
    found, _ = zones.zones(districts.read(str(shared_data / KYIV / "districts_osm.geojson")))
    return lattice(*shapely.total_bounds(found.outlines)), found


def test_kyivs_districts_keep_their_totals_over_the_buildings(shared_data: Path) -> None:
    ground, found = kyivs_ground(shared_data)
    files = [
        str(shared_data / KYIV / name)
        for name in ("population_by_district.csv", "population_by_building.csv")
    ]
    known = population.read(files, ground.area, "log10")
    placed, said = place(known, ground, found, 0.04)
    assert placed.demand.people.sum() == 2_887_259
    assert (placed.unplaced, said) == ((), ())
    at = zones.locate(found, placed.demand.lon, placed.demand.lat)
    with (shared_data / KYIV / "population_by_district.csv").open(encoding="utf-8") as file:
        by_hand = {zones.plain(row["district"]): int(row["population"]) for row in csv.DictReader(file)}
    people = placed.demand.people[0].sum(axis=1)
    assert {
        zones.plain(n): int(people[at == k].sum()) for k, n in enumerate(found.names_uk.tolist())
    } == by_hand
    assert placed.counts["houses_in_no_area"] == 445


def test_kyivs_buildings_alone_are_their_logarithms_undone(shared_data: Path) -> None:
    ground, found = kyivs_ground(shared_data)
    known = population.read([str(shared_data / KYIV / "population_by_building.csv")], ground.area, "log10")
    settled = settle(known[0], ground)
    with (shared_data / KYIV / "population_by_building.csv").open(encoding="utf-8-sig") as file:
        by_hand = sum(10 ** float(row["Metric population"]) for row in csv.DictReader(file))
    assert settled.people.sum() == round(by_hand) == 2_884_039
    is_out = zones.locate(found, settled.lon, settled.lat) < 0
    assert 0.02 < settled.people[is_out].sum() / settled.people.sum() < 0.03


def test_the_negevs_people_and_ages_are_the_files_own(shared_data: Path) -> None:
    with (shared_data / NEGEV).open(encoding="utf-8") as file:
        rows = [feature["properties"] for feature in json.load(file)["features"]]
    (known,) = population.read([str(shared_data / NEGEV)])
    assert isinstance(known.totals, ParsedAreas)
    settled = settle(known, lattice(34.3, 30.2, 35.5, 31.5, 80))
    placed = join(["night"], [settled], 0.04)
    assert placed.demand.people.sum() == 541_285
    assert placed.ages is not None
    assert (placed.ages.people.sum(axis=1) <= placed.demand.people[0].sum(axis=1)).all()
    owner = polygons.locate(known.totals.shapes, placed.demand.lon, placed.demand.lat)
    compared = 0
    for k, row in enumerate(rows):
        classes = [int(row[name] or 0) for name in row if name.startswith("age_")]
        if row["Pop_Total"] and sum(classes) == row["Pop_Total"]:
            assert placed.ages.people[owner == k].sum(axis=0).tolist() == classes, row["YISHUV_STAT11"]
            compared += 1
    assert compared == 103


def test_the_two_files_of_one_place_are_told_apart_by_their_columns(shared_data: Path) -> None:
    known: tuple[PeriodPeople, ...] = population.read(
        [str(shared_data / KYIV / "population_by_building.csv"), "2900000"], scale="log10"
    )
    assert known[0].totals == 2_900_000
    assert known[0].houses is not None
