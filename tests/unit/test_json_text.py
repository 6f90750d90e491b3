"""JSON from outside: half of a character is refused by every reader, for no page and no file could be written of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from takecover.errors import InputError
from takecover.io import (
    city_folder,
    fetch_record,
    json_text,
    registry,
    station_entrances,
    streets_file,
)
from takecover.workflow import plan_folder
from toy_folder import toy

HALF = "Hall \ud800"
POINT = {"type": "Point", "coordinates": [30.5, 50.4]}
LINE = {"type": "LineString", "coordinates": [[30.5, 50.4], [30.6, 50.4]]}
NODE = {
    "type": "node",
    "id": 1,
    "lon": 30.5,
    "lat": 50.4,
    "tags": {"railway": "subway_entrance", "name": HALF},
}


def collection(geometry: dict[str, Any]) -> dict[str, Any]:
    feature = {"type": "Feature", "properties": {"name": HALF, "highway": "footway"}, "geometry": geometry}
    return {"type": "FeatureCollection", "features": [feature]}


READERS: dict[str, tuple[str, Any, Callable[[Path], object]]] = {
    "a list of shelters": ("list.geojson", collection(POINT), registry.read),
    "entrances": ("doors.json", [NODE], station_entrances.read),
    "an Overpass answer": ("streets.json", {"elements": [NODE]}, streets_file.read),
    "streets as lines": ("streets.geojson", collection(LINE), streets_file.read),
    "a plan": ("plan.json", {"format": HALF}, plan_folder.read),
    "a record of a fetch": ("fetched.json", {"format": HALF}, lambda path: fetch_record.read(path.parent)),
}


@pytest.mark.parametrize("name", READERS)
def test_half_of_a_character_is_refused_by_every_reader(tmp_path: Path, name: str) -> None:
    file, document, read = READERS[name]
    (tmp_path / file).write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(InputError, match="half of a character"):
        read(tmp_path / file)


def test_half_of_a_character_in_a_citys_head_is_refused(tmp_path: Path) -> None:
    city_folder.write(toy(), tmp_path / "toy")
    head = tmp_path / "toy" / "city.json"
    head.write_text(json.dumps({**json.loads(head.read_text(encoding="utf-8")), "title": HALF}))
    with pytest.raises(InputError, match="half of a character"):
        city_folder.read(tmp_path / "toy")


def test_whole_characters_pass_however_they_are_written() -> None:
    assert json_text.parse(b'\xef\xbb\xbf["\\ud83d\\ude80", "\\\\ud800", "\xd0\x96"]') == [
        "🚀",
        "\\ud800",
        "Ж",
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'["\\uDC00\\ud800"]', "half of a character"),
        (b'{"\\ud800": 1}', "half of a character"),
        (b'["\xff"]', "can't decode byte"),
        (b"[" * 100_000, "nested too deeply"),
        (b"9" * 5000, "Exceeds the limit"),
    ],
)
def test_what_is_no_json_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        json_text.parse(data)
