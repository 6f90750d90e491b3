"""A file with a line of two gigabytes is refused by every reader, in words, before it fills the memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from takecover.errors import InputError
from takecover.io import (
    city_folder,
    corrections,
    districts,
    elevation,
    population,
    registry,
    station_entrances,
    streets_file,
)

LENGTH_BYTES = 2_000_000_001
MOST_HELD_BYTES = 100_000_000


def people(path: Path) -> Any:
    return population.read([str(path)])


def heights(path: Path) -> Any:
    return elevation.sample(path, np.zeros(1), np.zeros(1))


def folder(read: Callable[[Path], Any]) -> Callable[[Path], Any]:
    return lambda path: read(path.parent)


CASES = [
    ("list.csv", b"id,lat,lon,capacity\n1,", registry.read),
    ("list.xlsx", b"PK\x03\x04", registry.read),
    ("list.geojson", b'{"type": "FeatureCollection", "features": [', registry.read),
    ("list.gpkg", b"SQLite format 3\0", registry.read),
    ("people.csv", b"lon,lat,people\n1,", people),
    ("people.geojson", b'{"type": "FeatureCollection", "features": [', people),
    ("people.gpkg", b"SQLite format 3\0", people),
    ("people.tif", b"II*\0", people),
    ("people.osm.pbf", b"\0\0\0\x0d\x0a\x09OSMHeader", people),
    ("streets.osm", b"<osm>", streets_file.read),
    ("streets.osm.pbf", b"\0\0\0\x0d\x0a\x09OSMHeader", streets_file.read),
    ("streets.json", b'{"elements": [', streets_file.read),
    ("streets.geojson", b'{"type": "FeatureCollection", "features": [', streets_file.read),
    ("streets.gpkg", b"SQLite format 3\0", streets_file.read),
    (
        "districts.geojson",
        b'{"type": "FeatureCollection", "features": [',
        lambda path: districts.read(str(path)),
    ),
    ("heights.tif", b"II*\0", heights),
    ("entrances.json", b"[", station_entrances.read),
    ("corrections.csv", b"shelter_id,field,value\n1,", folder(corrections.read)),
    ("city.json", b'{"format": "takecover-city/2", "name": "', folder(city_folder.read)),
]


@pytest.mark.parametrize(("name", "begin", "read"), CASES, ids=[case[0] for case in CASES])
def test_a_line_of_two_gigabytes_is_refused_in_little_memory(
    tmp_path: Path, name: str, begin: bytes, read: Callable[[Path], Any]
) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        file.write(begin)
        file.truncate(LENGTH_BYTES)
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match=name.replace(".", r"\.")):
            read(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MOST_HELD_BYTES
