"""The map's files: made of the city alone, without withheld shelters, kept for ever by their names."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np

from served import Served, run
from takecover.analysis.map_layers import street_lines
from takecover.cities import toys
from takecover.workflow.live.mapping import CityMap
from toy_folder import toy


def test_every_layer_that_the_list_names_is_there_and_may_be_kept_for_ever(tmp_path: Path) -> None:
    async def body(served: Served) -> None:
        city = (await served.client.get("/api/v1/map/city.json")).json()
        assert sorted(city["layers"]) == ["districts", "shelters", "streets", "water"]
        assert city["attributions"] == ["© OpenStreetMap contributors"]
        for address in city["layers"].values():
            packed = await served.client.get(address, headers={"Accept-Encoding": "gzip"})
            plain = await served.client.get(address, headers={"Accept-Encoding": "identity"})
            refused = await served.client.get(address, headers={"Accept-Encoding": "gzip;q=0"})
            assert (packed.headers["content-encoding"], "content-encoding" in refused.headers) == (
                "gzip",
                False,
            )
            assert "content-encoding" not in plain.headers
            assert packed.json() == plain.json()
            assert plain.headers["content-type"] == "application/geo+json"
            assert plain.headers["cache-control"] == "public, max-age=31536000, immutable"
            assert plain.headers["vary"] == "Accept-Encoding"
        missing = await served.client.get("/api/v1/map/streets-000000000000.geojson")
        assert (missing.status_code, missing.headers["content-type"]) == (404, "application/problem+json")

    run(body, tmp_path)


def test_a_withheld_shelter_is_on_the_offices_map_and_on_no_public_one() -> None:
    ids = {}
    for has_withheld in (False, True):
        city_map = CityMap(toy(), "/m", has_withheld)
        address = json.loads(city_map.index())["layers"]["shelters"]
        found = city_map.file(address.removeprefix("/m/"))
        assert found is not None
        assert gzip.decompress(found.packed) == found.plain
        ids[has_withheld] = [each["properties"]["shelter_id"] for each in json.loads(found.plain)["features"]]
    city = toy()
    withheld = [str(each) for each in city.shelters.shelter_ids[city.shelters.is_withheld]]
    assert len(withheld) == 1
    assert sorted(ids[True]) == sorted([*ids[False], *withheld])
    assert not set(withheld) & set(ids[False])


def test_streets_are_joined_where_only_two_meet_and_none_is_lost() -> None:
    lines = street_lines(toys.grid(4, 1, people=[1] * 4, shelters=[]).network)
    assert [len(line) for line in lines] == [2]
    city = toy().network
    drawn = {tuple(point) for line in street_lines(city) for point in line.tolist()}
    ends = np.unique(np.concatenate([city.tail, city.head]))
    corners = np.column_stack([city.lon, city.lat])[ends].round(5)
    assert drawn <= {tuple(point) for point in corners.tolist()}
    assert len(street_lines(city)) >= 1
