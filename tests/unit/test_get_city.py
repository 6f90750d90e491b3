"""``takecover city get`` against servers that play Overpass, Geofabrik, WorldPop and Kontur."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from faultserver import Service, hangs_up, refuses, says, serving
from osmfile import node, way, write
from takecover.cli_city import city_app
from takecover.errors import InputError, SourceError
from takecover.feeds.answers import Manners
from takecover.feeds.courier import Courier
from takecover.io import fetch_record
from takecover.workflow import fetched
from takecover.workflow.get_city import Request, Services, get_city

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
NODES = [node(i, 30.0 + i / 1000, 50.0) for i in range(1, 6)]
STREETS = [*NODES, way(9, [1, 2, 3, 4, 5], highway="residential")]


def boundary(relation_id: int, name: str, west: float = 29.9, **tags: str) -> dict[str, Any]:
    bounds = {"minlat": 49.9, "minlon": west, "maxlat": 50.1, "maxlon": west + 0.2}
    return {
        "type": "relation",
        "id": relation_id,
        "bounds": bounds,
        "tags": {"name": name, "admin_level": "4", **tags},
    }


def answer(*elements: dict[str, Any]) -> bytes:
    return json.dumps(
        {"osm3s": {"timestamp_osm_base": "2026-11-24T10:00:00Z"}, "elements": elements}
    ).encode()


COUNTRY = {"type": "relation", "id": 1, "tags": {"ISO3166-1": "UA", "ISO3166-1:alpha3": "UKR"}}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with serving() as found:
        found.answers = {
            "out tags bb": answer(boundary(421866, "Київ", **{"name:en": "Kyiv"})),
            "is_in": answer(COUNTRY),
            "out body": answer(*STREETS),
        }
        pbf = write(tmp_path / "extract.osm.pbf", [*STREETS, node(7, 40, 50), way(8, [5, 7], highway="path")])
        _add_geofabrik(found, pbf.read_bytes())
        found.files["/rest/data/pop/cic2020_UNadj_100m?iso3=UKR"] = json.dumps(
            {
                "data": [
                    {"popyear": "2019", "files": [f"{found.url}/old.tif"]},
                    {"popyear": "2020", "files": [f"{found.url}/note.txt", f"{found.url}/ukr.tif"]},
                    {"popyear": "2021", "files": ["somewhere.tif"]},
                    {"popyear": "2022"},
                ]
            }
        ).encode()
        found.files["/ukr.tif"] = b"II*\0" + b"\1" * 500
        found.files["/kontur_datasets/kontur_population_UA_20231101.gpkg.gz"] = gzip.compress(
            b"SQLite format 3\0"
        )
        yield found


def _add_geofabrik(service: Service, pbf: bytes) -> None:
    def region(name: str, size: float) -> dict[str, Any]:
        ring = [
            [30 - size, 50 - size],
            [30 + size, 50 - size],
            [30 + size, 50 + size],
            [30 - size, 50 + size],
        ]
        outline = {"type": "MultiPolygon", "coordinates": [[[*ring, ring[0]]]]}
        urls = {"pbf": f"{service.url}/{name}-latest.osm.pbf"}
        return {"type": "Feature", "properties": {"id": name, "urls": urls}, "geometry": outline}

    broken = {"type": "Feature", "properties": {}, "geometry": None}
    regions = [region("europe", 20), region("ukraine", 5), region("elsewhere", 0.05), broken]
    service.files["/index-v1.json"] = json.dumps({"features": regions}).encode()
    service.files["/ukraine-latest.osm.pbf"] = pbf
    sums = f"{hashlib.md5(pbf).hexdigest()}  ukraine-latest.osm.pbf\n"
    service.files["/ukraine-latest.osm.pbf.md5"] = sums.encode()


@pytest.fixture
def courier() -> Iterator[Courier]:
    made = Courier(Manners(timeout_s=5.0), sleep=lambda seconds: None)
    yield made
    made.close()


def request(service: Service, out: Path, **changes: Any) -> Request:
    url = service.url
    services = Services(f"{url}/api/interpreter", url, url, url)
    return Request(**{"name": "Kyiv", "out": out / "files", "services": services, **changes})


def get(
    service: Service, courier: Courier, out: Path, now: datetime = NOW, **changes: Any
) -> fetch_record.FetchRecord:
    return get_city(request(service, out, **changes), None, courier, now)


def test_streets_and_people_are_fetched_with_their_sources(
    service: Service, courier: Courier, tmp_path: Path
) -> None:
    record = get(service, courier, tmp_path)
    folder = tmp_path / "files"
    assert sorted(path.name for path in folder.iterdir()) == ["fetched.json", "people.tif", "streets.json"]
    assert fetch_record.read(folder) == record
    assert record.bbox == pytest.approx((29.89, 49.89, 30.11, 50.11))
    streets, people = record.files
    assert (people.source.name, people.source.licence, people.source.dated) == (
        "WorldPop, cic2020_UNadj_100m",
        "CC BY 4.0",
        "2020",
    )
    assert people.url == f"{service.url}/ukr.tif"
    assert people.fetched_at == "2026-11-25T12:00:00Z"
    assert people.sha256 == hashlib.sha256(service.files["/ukr.tif"]).hexdigest()
    assert streets.source.attribution == "© OpenStreetMap contributors"
    assert "[bbox:49.89000,29.89000,50.11000,30.11000]" in streets.query
    assert 'way["highway"];' in streets.query
    assert service.at_once == 1


def test_the_smallest_extract_that_holds_the_city_is_taken_and_its_checksum_kept(
    service: Service, courier: Courier, tmp_path: Path
) -> None:
    record = get(service, courier, tmp_path, streets_from="geofabrik", people_from="kontur")
    streets, people = record.files
    assert streets.url == f"{service.url}/ukraine-latest.osm.pbf"
    assert (streets.file, people.file) == ("streets.osm.pbf", "people.gpkg")
    assert (tmp_path / "files" / "people.gpkg").read_bytes() == b"SQLite format 3\0"
    assert not (tmp_path / "files" / "people.gpkg.gz").exists()
    assert (people.source.dated, people.source.licence) == ("2023-11-01", "CC BY 4.0")
    sums = service.files["/ukraine-latest.osm.pbf.md5"]
    service.files["/ukraine-latest.osm.pbf.md5"] = b"0" * 32
    with pytest.raises(SourceError, match="came twice with another checksum"):
        get(service, courier, tmp_path / "other", streets_from="geofabrik")
    for wrong in (b"", b"<html>", b"g" * 32):
        service.files["/ukraine-latest.osm.pbf.md5"] = wrong
        with pytest.raises(SourceError, match="holds no checksum"):
            get(service, courier, tmp_path / "other", streets_from="geofabrik")
    assert sums


def test_a_city_is_built_of_what_was_fetched_and_names_whom_it_has_it_from(
    service: Service, courier: Courier, tmp_path: Path
) -> None:
    get(service, courier, tmp_path, streets_from="geofabrik", people_from="none")
    shelters = tmp_path / "shelters.csv"
    shelters.write_text("id,places,lat,lon\na,10,50.0,30.002\n")
    streets = tmp_path / "files" / "streets.osm.pbf"
    sources = ("--streets", streets, "--shelters", shelters, "--people", "50")
    words = ("build", "kyiv", *sources, "--out", tmp_path / "city")
    result = CliRunner().invoke(city_app, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    document = json.loads((tmp_path / "city" / "city.json").read_text(encoding="utf-8"))
    assert document["sources"][0]["name"] == "OpenStreetMap, extract of Geofabrik"
    assert document["attributions"] == ["© OpenStreetMap contributors"]
    assert "1 nodes lie outside the area of the city; the ways are cut there" in str(
        document["build"]["findings"]
    )


def test_a_file_that_has_changed_since_is_nobodys(service: Service, courier: Courier, tmp_path: Path) -> None:
    get(service, courier, tmp_path)
    file = tmp_path / "files" / "streets.json"
    assert fetched.area(file) is not None
    size = file.stat().st_size
    file.write_bytes(b"{" + b" " * (size - 1))
    assert fetched.area(file) is None
    assert fetched.area(tmp_path / "files" / "none.json") is None
    assert fetched.area(tmp_path / "extract.osm.pbf") is None


def test_what_is_fresh_is_not_fetched_again(service: Service, courier: Courier, tmp_path: Path) -> None:
    first = get(service, courier, tmp_path)
    asked = len(service.seen)
    assert get(service, courier, tmp_path, NOW + timedelta(hours=20)) == first
    paths = [path for _, path, _ in service.seen[asked:]]
    assert "/ukr.tif" not in paths
    assert len([q for q in service.queries if "out body" in q]) == 1
    later = get(service, courier, tmp_path, NOW + timedelta(hours=30))
    assert later.files[0].fetched_at == "2026-11-26T18:00:00Z"


def test_what_came_before_a_service_failed_is_kept(
    service: Service, courier: Courier, tmp_path: Path
) -> None:
    tiff = service.files.pop("/ukr.tif")
    with pytest.raises(SourceError, match="answers 404"):
        get(service, courier, tmp_path)
    service.files["/ukr.tif"] = tiff
    record = get(service, courier, tmp_path)
    assert [file.file for file in record.files] == ["streets.json", "people.tif"]
    assert len([q for q in service.queries if "out body" in q]) == 1


def test_faults_of_the_network_are_outlived(service: Service, courier: Courier, tmp_path: Path) -> None:
    service.faults = [refuses(429, Retry_After="3"), hangs_up, refuses(504)]
    assert len(get(service, courier, tmp_path).files) == 2


def test_several_places_of_a_name_are_listed(service: Service, courier: Courier, tmp_path: Path) -> None:
    service.answers["out tags bb"] = answer(
        boundary(1, "Київ"), boundary(2, "Київ", 33.0), boundary(2, "Київ", 33.0)
    )
    with pytest.raises(
        InputError, match=r"2 places are called 'Kyiv'. Say which: --relation 1 \(Київ, level 4"
    ):
        get(service, courier, tmp_path)
    service.answers = {"relation(2)": answer(boundary(2, "Київ", 33.0)), **service.answers}
    assert get(service, courier, tmp_path, relation_id=2).bbox[0] == pytest.approx(32.99)


def test_a_name_cannot_break_out_of_the_query(service: Service, courier: Courier, tmp_path: Path) -> None:
    get(service, courier, tmp_path, name='a"];out;\\')
    assert '["name"="a\\"];out;\\\\"]' in service.queries[0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"streets_from": "bing"}, "--streets-from: 'bing' is not known"),
        ({"people_from": "bing"}, "--people-from: 'bing' is not known"),
        ({"bbox": (1.0, 2.0, 1.0, 3.0)}, "is no area"),
        ({"bbox": (float("nan"), 2.0, 1.0, 3.0)}, "is no area"),
        ({"bbox": (1.0, 2.0, 4.0, 3.0)}, "the area is 3.00 by 1.00 degrees, more than 1.5"),
        ({"bbox": (100.0, 2.0, 101.0, 3.0), "streets_from": "geofabrik"}, "no extract of Geofabrik holds"),
        ({"country": "ZZZ", "people_from": "kontur"}, "is not two letters"),
        ({"services": "20231301x", "people_from": "kontur"}, "is no date"),
    ],
)
def test_what_cannot_be_fetched_is_refused_in_words(
    service: Service, courier: Courier, tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    if "services" in changes:
        url = service.url
        changes = {
            **changes,
            "services": Services(f"{url}/api", url, url, url, kontur_edition=changes["services"]),
        }
    with pytest.raises(InputError) as caught:
        get(service, courier, tmp_path, **changes)
    assert said in str(caught.value)


def test_no_place_and_no_country_are_said(service: Service, courier: Courier, tmp_path: Path) -> None:
    service.answers["is_in"] = answer({"type": "relation", "tags": {"ISO3166-1:alpha3": 7}}, {"type": "node"})
    with pytest.raises(InputError, match="the country of the city is not known"):
        get(service, courier, tmp_path)
    service.answers["out tags bb"] = answer({"type": "relation", "id": 1, "tags": {}})
    with pytest.raises(InputError, match="no place is called 'Kyiv'"):
        get(service, courier, tmp_path)
    with pytest.raises(InputError, match="--relation: 5 is no relation with an extent"):
        get(service, courier, tmp_path, relation_id=5)


@pytest.mark.parametrize("content", [b"<html>busy</html>", b"[]", b'{"elements": 1}', b"{", b"\xff"])
def test_a_service_that_is_none_is_told(
    service: Service, courier: Courier, tmp_path: Path, content: bytes
) -> None:
    service.faults = [says(content)]
    with pytest.raises(SourceError, match=r"is no Overpass service|without a list"):
        get(service, courier, tmp_path)
    service.files["/index-v1.json"] = content
    with pytest.raises(SourceError, match="is no index of Geofabrik"):
        get(service, courier, tmp_path, streets_from="geofabrik")
    service.files["/rest/data/pop/cic2020_UNadj_100m?iso3=UKR"] = content
    with pytest.raises(SourceError, match="is no list of WorldPop"):
        get(service, courier, tmp_path)


def test_worldpop_without_the_country_is_said(service: Service, courier: Courier, tmp_path: Path) -> None:
    service.files["/rest/data/pop/cic2020_UNadj_100m?iso3=UKR"] = b'{"data": []}'
    with pytest.raises(InputError, match="WorldPop has no grid of UKR"):
        get(service, courier, tmp_path)


def test_a_broken_package_of_kontur_is_not_kept(service: Service, courier: Courier, tmp_path: Path) -> None:
    name = "/kontur_datasets/kontur_population_UA_20231101.gpkg.gz"
    service.files[name] = gzip.compress(np.random.default_rng(1).bytes(5000))[:2000]
    with pytest.raises(SourceError, match="It was fetched broken"):
        get(service, courier, tmp_path, people_from="kontur")
    assert [path.name for path in (tmp_path / "files").iterdir() if path.name.startswith("people")] == []


def test_a_folder_of_something_else_is_left_alone(service: Service, courier: Courier, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "letter.txt").write_text("mine")
    with pytest.raises(InputError, match="holds other files"):
        get(service, courier, tmp_path)
    (tmp_path / "taken").write_text("")
    with pytest.raises(SourceError, match="cannot be written"):
        get(service, courier, tmp_path / "taken")


@pytest.mark.parametrize(
    "content",
    ["{", "[]", '{"format": "takecover-fetch/2"}', '{"format": "takecover-fetch/1", "bbox": [1, 2, 3]}'],
)
def test_a_broken_record_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "fetched.json").write_text(content)
    with pytest.raises(InputError, match="is no record of a fetch"):
        fetch_record.read(tmp_path)


def test_the_command_says_what_it_has_and_what_comes_next(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("takecover.feeds.courier.Courier._wait_until_due", lambda courier: None)
    url = service.url
    words = (
        "get",
        "Kyiv",
        "--out",
        tmp_path / "files",
        "--overpass-url",
        f"{url}/api/",
        "--worldpop-url",
        f"{url}/",
    )
    result = CliRunner().invoke(city_app, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    assert "streets.json" in result.stdout
    assert "WorldPop, cic2020_UNadj_100m, CC BY 4.0" in result.stdout
    assert f"--streets {tmp_path / 'files' / 'streets.json'} --people" in result.stdout
    result = CliRunner().invoke(city_app, ["get", "Kyiv", "--out", str(tmp_path / "x"), "--bbox", "1,2,3"])
    assert result.exit_code == 3
    assert "--bbox: '1,2,3' is no area" in result.stderr
