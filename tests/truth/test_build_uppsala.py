"""Uppsala, as the files are: streets of OpenStreetMap, a national list with swapped coordinates, a bare number."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from takecover.analysis.build import BuildReport
from takecover.io import city_folder
from takecover.model.city import City
from takecover.workflow.build_city import Order, build_city

STREETS = "highways_overpass_2023-01-12.json"
SHELTERS = "skyddsrum_2023-02.csv"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cities") / "uppsala"


@pytest.fixture(scope="module")
def built(shared_data: Path, folder: Path) -> tuple[City, BuildReport]:
    files = shared_data / "uppsala"
    return build_city(Order("uppsala", files / STREETS, files / SHELTERS, "60000", folder))


def test_the_swap_is_found_and_put_right(built: tuple[City, BuildReport], shared_data: Path) -> None:
    city, report = built
    with (shared_data / "uppsala" / SHELTERS).open(encoding="utf-8") as file:
        rows = {row["skyddsrumsnr"]: row for row in csv.DictReader(file)}
    assert report.is_swapped
    assert "0 lie in the area of the streets as given" in report.findings[0]
    for k, shelter_id in enumerate(city.shelters.shelter_ids.tolist()):
        assert city.shelters.lon[k] == float(rows[shelter_id]["latitude"])
        assert city.shelters.lat[k] == float(rows[shelter_id]["longitude"])
        assert city.shelters.capacity[k] == int(rows[shelter_id]["antalplatser"])


def test_every_row_of_the_list_is_placed_or_listed(built: tuple[City, BuildReport]) -> None:
    city, report = built
    placed = set(city.shelters.shelter_ids.tolist())
    listed = {row.row_id for row in report.unplaced}
    assert len(placed) + len(listed) == 8000
    assert not placed & listed
    everything = int(city.shelters.capacity.sum()) + sum(row.amount for row in report.unplaced)
    assert everything == 766_078


def test_in_the_box_of_the_streets_lie_686_shelters_with_77549_places(
    built: tuple[City, BuildReport],
) -> None:
    city, report = built
    west, east = city.network.lon.min(), city.network.lon.max()
    south, north = city.network.lat.min(), city.network.lat.max()
    inside = [row.amount for row in report.unplaced if west <= row.lon <= east and south <= row.lat <= north]
    shelters = city.shelters
    is_inside = (
        (shelters.lon >= west) & (shelters.lon <= east) & (shelters.lat >= south) & (shelters.lat <= north)
    )
    assert (
        abs(len(inside) + is_inside.sum() - 686) <= 4
    )  # the source's box counts ways that are closed to people
    assert abs(sum(inside) + shelters.capacity[is_inside].sum() - 77_549) <= 600


def test_segments_equal_those_of_the_file_by_hand(built: tuple[City, BuildReport], shared_data: Path) -> None:
    elements = json.loads((shared_data / "uppsala" / STREETS).read_bytes())["elements"]
    elements = [e for e in elements if e.get("tags", {}).get("construction") != "yes"]
    ways = [e for e in elements if e["type"] == "way" and e["tags"].get("access") not in ("no", "delivery")]
    again = [
        e
        for e in elements
        if e["type"] == "way"
        and e["tags"].get("access") in ("no", "delivery")
        and e["tags"].get("foot") in ("yes", "designated", "permissive")
    ]
    pairs = sorted(
        tuple(sorted(pair))
        for way in (*ways, *again)
        for pair in zip(way["nodes"], way["nodes"][1:], strict=False)
    )
    network = built[0].network
    ends = np.sort(np.column_stack([network.node_ids[network.tail], network.node_ids[network.head]]), axis=1)
    assert sorted(map(tuple, ends.tolist())) == pairs


def test_sixty_thousand_people_live_along_residential_streets(built: tuple[City, BuildReport]) -> None:
    city, report = built
    assert city.demand.people.sum() == 60_000
    assert city.demand.people[0, :, 1].sum() == report.counts["people_step_free"] == 2_400
    assert "60,000 people are spread evenly along residential streets" in city.notices[0]


def test_the_folder_holds_what_was_built_and_the_attribution(
    built: tuple[City, BuildReport], folder: Path
) -> None:
    city = city_folder.read(folder)
    assert city.attributions == ("© OpenStreetMap contributors",)
    assert city.sources[0].dated == "2023-01-12T02:35:39Z"
    assert np.array_equal(city.demand.people, built[0].demand.people)
    assert np.array_equal(city.network.length_m, built[0].network.length_m)
    assert city_folder.read_head(folder).build["counts"] == dict(built[1].counts)
