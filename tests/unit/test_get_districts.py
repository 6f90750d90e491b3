"""Districts fetched with a city: the level below its own, by id, kept with their source, with faults on the way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from faultserver import Service, hangs_up, refuses, says, serving
from osmfile import node, relation, way
from takecover.cli_city import city_app
from takecover.errors import InputError, SourceError
from takecover.feeds.answers import Manners
from takecover.feeds.courier import Courier
from takecover.io import districts, fetch_record
from takecover.workflow.get_city import Request, Services, get_city


def listed(relation_id: int, level: str, west: float, south: float, side: float = 0.1) -> dict[str, Any]:
    bounds = {"minlat": south, "minlon": west, "maxlat": south + side, "maxlon": west + side}
    return {
        "type": "relation",
        "id": relation_id,
        "bounds": bounds,
        "tags": {"name": f"D{relation_id}", "admin_level": level},
    }


CITY = listed(1, "6", 29.9, 49.9, 0.2)
WEST, EAST = listed(11, "9", 29.9, 49.9), listed(12, "9", 30.0, 49.9)
OTHERS = [
    CITY,
    listed(2, "4", 29.0, 49.0, 2.0),
    listed(3, "8", 29.95, 49.95, 0.01),
    listed(13, "9", 30.1, 49.9),
    listed(21, "10", 29.9, 49.9, 0.01),
    listed(22, "10", 29.95, 49.9, 0.01),
]


def square(first: int, west: float) -> list[dict[str, Any]]:
    corners = [(west, 49.9), (west + 0.1, 49.9), (west + 0.1, 50.1), (west, 50.1)]
    ring = [*range(first, first + 4), first]
    nodes = [node(first + k, lon, lat) for k, (lon, lat) in enumerate(corners)]
    tags = {"type": "boundary", "boundary": "administrative", "admin_level": "9", "name": f"D{first}"}
    return [*nodes, way(first, ring), relation(first, [("way", first, "outer")], **tags)]


STREETS = [
    *(node(k, 29.95 + k / 50, 50.0) for k in range(1, 6)),
    way(9, [1, 2, 3, 4, 5], highway="residential"),
]


def answer(*elements: dict[str, Any]) -> bytes:
    return json.dumps({"elements": elements}).encode()


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as found:
        found.answers = {
            "relation(id:": answer(*square(100, 29.9), *square(200, 30.0)),
            "map_to_area": answer(WEST, EAST, *OTHERS),
            "relation(49.9": answer(WEST, EAST),
            "out tags bb": answer(CITY),
            "out body": answer(*STREETS),
        }
        yield found


@pytest.fixture
def courier() -> Iterator[Courier]:
    made = Courier(Manners(timeout_s=5.0), sleep=lambda seconds: None)
    yield made
    made.close()


def get(service: Service, courier: Courier, out: Path, **changes: Any) -> fetch_record.FetchRecord:
    services = Services(f"{service.url}/api", service.url, service.url, service.url)
    request = Request("Town", out, people_from="none", services=services, **changes)
    return get_city(request, None, courier)


def test_the_first_level_below_the_city_that_has_two_districts_is_fetched(
    service: Service, courier: Courier, tmp_path: Path
) -> None:
    record = get(service, courier, tmp_path / "files")
    assert [(file.file, file.source.subject) for file in record.files] == [
        ("streets.json", "streets"),
        ("districts.json", "districts"),
    ]
    assert "relation(id:11,12);(._;>;);out body;" in record.files[1].query
    assert record.files[1].source.attribution == "© OpenStreetMap contributors"
    assert districts.read(str(tmp_path / "files" / "districts.json")).names.tolist() == ["D100", "D200"]


def test_a_level_may_be_said_and_a_box_needs_one(service: Service, courier: Courier, tmp_path: Path) -> None:
    get(service, courier, tmp_path / "said", district_level="9")
    assert '["admin_level"="9"]' in service.queries[1] + service.queries[2]
    bbox = (29.9, 49.9, 30.1, 50.1)
    box = get(service, courier, tmp_path / "box", bbox=bbox, district_level="9")
    assert "relation(id:11,12)" in box.files[1].query
    assert [file.file for file in get(service, courier, tmp_path / "none", bbox=bbox).files] == [
        "streets.json"
    ]
    asked = len(service.queries)
    get(service, courier, tmp_path / "left", districts_from="none")
    assert not any("map_to_area" in query for query in service.queries[asked:])


HUGE = {**WEST, "id": 7, "bounds": {**WEST["bounds"], "minlon": 10**400}}
BEYOND = {**EAST, "id": 8, "bounds": {**EAST["bounds"], "maxlat": 91}}
TURNED = {**EAST, "id": 9, "bounds": {**EAST["bounds"], "maxlat": 49.0}}
TRUE = {**EAST, "id": 10, "bounds": {**EAST["bounds"], "maxlat": True}}
NO_LEVEL = [listed(k, level, 29.9, 49.9) for k, level in enumerate(("²", "٧", "9" * 5000), 30)]


@pytest.mark.parametrize(
    "found",
    [
        [],
        [CITY],
        [CITY, WEST],
        [listed(5, "", 29.9, 49.9), {"type": "node"}],
        [WEST, HUGE, BEYOND, TURNED, TRUE],
        [WEST, *NO_LEVEL],
    ],
)
def test_a_city_without_districts_is_fetched_without_them(
    service: Service, courier: Courier, tmp_path: Path, found: list[dict[str, Any]]
) -> None:
    service.answers["map_to_area"] = answer(*found)
    assert [file.file for file in get(service, courier, tmp_path / "files").files] == ["streets.json"]


@pytest.mark.parametrize("side", [10**400, 91, 49.0, True, float("inf")])
def test_a_city_whose_box_is_no_box_on_earth_is_not_found(
    service: Service, courier: Courier, tmp_path: Path, side: object
) -> None:
    service.answers["out tags bb"] = answer({**CITY, "bounds": {**CITY["bounds"], "maxlat": side}})
    with pytest.raises(InputError, match="is no relation with an extent"):
        get(service, courier, tmp_path / "files", relation_id=1)


def test_the_level_of_a_city_that_is_no_level_asks_for_nothing_of_it(
    service: Service, courier: Courier, tmp_path: Path
) -> None:
    service.answers["out tags bb"] = answer({**CITY, "tags": {"name": "Town", "admin_level": "9" * 5000}})
    files = [file.file for file in get(service, courier, tmp_path / "files").files]
    assert files == ["streets.json", "districts.json"]


def test_with_a_level_said_districts_are_kept_by_it_and_not_by_what_lies_below_the_city(
    service: Service, courier: Courier, tmp_path: Path
) -> None:
    only = listed(31, "6", 29.95, 49.95, 0.01)
    service.answers["map_to_area"] = answer(CITY, only, listed(32, "6", 31.0, 49.9))
    record = get(service, courier, tmp_path / "said", district_level="6")
    assert "relation(id:31);(._;>;);out body;" in record.files[1].query


def test_a_city_of_thousands_of_districts_can_be_read_again(
    service: Service, courier: Courier, tmp_path: Path
) -> None:
    found = [listed(10_000_000 + k, "9", 29.9, 49.9, 0.001) for k in range(2600)]
    service.answers["map_to_area"] = answer(CITY, *found)
    record = get(service, courier, tmp_path / "files")
    assert len(record.files[1].query) > 20_000
    assert fetch_record.read(tmp_path / "files") == record
    assert get(service, courier, tmp_path / "files") == record


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"district_level": '9"];out;'}, "is no level of administration"),
        ({"district_level": "123"}, "is no level of administration"),
        ({"districts_from": "bing"}, "--districts-from: 'bing' is not known"),
    ],
)
def test_a_wrong_order_of_districts_is_refused(
    service: Service, courier: Courier, tmp_path: Path, changes: dict[str, str], said: str
) -> None:
    with pytest.raises(InputError) as caught:
        get(service, courier, tmp_path / "files", **changes)
    assert said in str(caught.value)
    assert service.queries == []


def test_faults_of_the_network_are_outlived_and_what_came_before_is_kept(
    service: Service, courier: Courier, tmp_path: Path
) -> None:
    outlines = service.answers.pop("relation(id:")
    service.answers = {"relation(id:": b"<html>busy</html>", **service.answers}
    with pytest.raises(SourceError):
        get(service, courier, tmp_path / "files")
    service.answers["relation(id:"] = outlines
    service.faults = [refuses(429, Retry_After="1"), hangs_up, refuses(504)]
    record = get(service, courier, tmp_path / "files")
    assert [file.file for file in record.files] == ["streets.json", "districts.json"]
    assert sum("highway" in query for query in service.queries) == 1
    service.faults = [says(b"{}")]
    with pytest.raises(SourceError, match="is no Overpass service"):
        get(service, courier, tmp_path / "other")


def test_a_city_is_built_with_its_fetched_districts_and_says_what_to_type(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("takecover.feeds.courier.Courier._wait_until_due", lambda courier: None)
    files = tmp_path / "files"
    run = CliRunner()
    words = ("get", "Town", "--out", files, "--overpass-url", f"{service.url}/api", "--people-from", "none")
    fetched = run.invoke(city_app, [str(word) for word in words])
    assert fetched.exit_code == 0, fetched.output
    assert f"--districts {files / 'districts.json'}" in fetched.stdout
    (tmp_path / "list.csv").write_text("id,places,lat,lon\na,10,50.0,29.99\n")
    words = ("build", "town", "--streets", files / "streets.json", "--districts", files / "districts.json",
             "--shelters", tmp_path / "list.csv", "--people", "50", "--out", tmp_path / "city")  # fmt: skip
    built = run.invoke(city_app, [str(word) for word in words])
    assert built.exit_code == 0, built.output
    head = json.loads((tmp_path / "city" / "city.json").read_text(encoding="utf-8"))
    named = {source["subject"]: source["name"] for source in head["sources"]}
    assert named["districts"] == "OpenStreetMap by Overpass"
    service.answers["map_to_area"] = answer()
    words = (
        "get",
        "Town",
        "--out",
        tmp_path / "bare",
        "--overpass-url",
        f"{service.url}/api",
        "--people-from",
        "none",
    )
    bare = run.invoke(city_app, [str(word) for word in words])
    assert "none were found below the city's level" in bare.stdout
