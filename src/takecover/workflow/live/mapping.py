"""The map of a running city as files that browsers may keep: each is made once, on demand, and named by its content."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np

from takecover.analysis.map_layers import DECIMALS, bbox, outline, shown_shelters, street_lines
from takecover.model.city import City

LAYERS = ("streets", "water", "districts", "shelters")


@dataclass(frozen=True)
class MapFile:
    """One file of the map.

    Attributes
    ----------
    name
        Its name, with a hash of what is in it.
    packed
        Its content, compressed by gzip.
    """

    name: str
    packed: bytes

    @property
    def plain(self) -> bytes:
        """Its content for one who cannot unpack."""
        return gzip.decompress(self.packed)


class CityMap:
    """The map of one city: public, or with its withheld shelters for the office.

    Parameters
    ----------
    city
        The city.
    base
        Address under which the files are given out.
    has_withheld
        True for the office alone.
    """

    def __init__(self, city: City, base: str, has_withheld: bool = False) -> None:
        self._city, self._base, self._has_withheld = city, base, has_withheld
        self._files: dict[str, MapFile] = {}
        self._index: bytes | None = None
        self._making = Lock()

    def index(self) -> bytes:
        """What a page has to know first, as JSON: title, extent, names of districts, attributions and the files."""
        with self._making:
            if self._index is None:
                self._index = _json(self._described())
            return self._index

    def file(self, name: str) -> MapFile | None:
        """A file by its name; None where there is none of that name."""
        self.index()
        return self._files.get(name)

    def _described(self) -> dict[str, Any]:
        city = self._city
        makers: dict[str, Callable[[City], list[dict[str, Any]]]] = {
            "streets": _streets,
            "water": _water,
            "districts": _districts,
            "shelters": self._shelters,
        }
        return {
            "name": city.name,
            "title": city.title,
            "title_uk": city.title_uk,
            "is_modelled": city.is_modelled,
            "notices": list(city.notices),
            "notices_uk": list(city.notices_uk),
            "attributions": list(city.attributions),
            "bbox": list(bbox(city)),
            "districts": _names(city),
            "layers": {layer: self._made(layer, makers[layer](city)) for layer in LAYERS},
        }

    def _made(self, layer: str, features: list[dict[str, Any]]) -> str:
        """Keep a layer as a file; its address."""
        content = _json({"type": "FeatureCollection", "features": features})
        name = f"{layer}-{hashlib.sha256(content).hexdigest()[:12]}.geojson"
        self._files[name] = MapFile(name, gzip.compress(content, 6, mtime=0))
        return f"{self._base}/{name}"

    def _shelters(self, city: City) -> list[dict[str, Any]]:
        table = city.shelters
        return [
            _feature(
                "Point",
                [round(float(table.lon[i]), DECIMALS), round(float(table.lat[i]), DECIMALS)],
                shelter_id=str(table.shelter_ids[i]),
                name=str(table.names[i]),
                kind=str(table.kinds[i]),
            )
            for i in shown_shelters(city, self._has_withheld).tolist()
        ]


def _streets(city: City) -> list[dict[str, Any]]:
    return [_feature("MultiLineString", [_plain(line) for line in street_lines(city.network)])]


def _water(city: City) -> list[dict[str, Any]]:
    return [_feature("MultiPolygon", _rings(shape)) for shape in city.water]


def _districts(city: City) -> list[dict[str, Any]]:
    zones = city.zones
    return [
        _feature("MultiPolygon", _rings(shape), area_id=str(zone_id))
        for zone_id, shape in zip(zones.zone_ids, zones.outlines, strict=True)
        if shape is not None
    ]


def _names(city: City) -> list[dict[str, Any]]:
    """Each district that has an outline, with a point in it where its name may stand."""
    zones, found = city.zones, []
    for i, shape in enumerate(zones.outlines):
        if shape is not None:
            point = shape.representative_point()
            found.append(
                {
                    "area_id": str(zones.zone_ids[i]),
                    "name": str(zones.names[i]),
                    "name_uk": str(zones.names_uk[i]),
                    "lon": round(point.x, DECIMALS),
                    "lat": round(point.y, DECIMALS),
                }
            )
    return found


def _feature(shape: str, coordinates: list[Any], **properties: str) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": shape, "coordinates": coordinates},
    }


def _rings(shape: Any) -> list[list[list[list[float]]]]:
    return [[_plain(ring) for ring in polygon] for polygon in outline(shape)]


def _plain(points: np.ndarray) -> list[list[float]]:
    plain: list[list[float]] = points.tolist()
    return plain


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
