"""Finds the smallest extract of OpenStreetMap at Geofabrik that holds a city."""

from __future__ import annotations

import json
from typing import Any

from takecover.errors import InputError, SourceError
from takecover.feeds.courier import Courier, Wanted

URL = "https://download.geofabrik.de"

MOST_BYTES = 8_000_000_000
LARGEST_INDEX_BYTES = 50_000_000

Box = tuple[float, float, float, float]


def extract(courier: Courier, url: str, bbox: Box) -> Wanted:
    """The order for the smallest extract that holds an area, with its checksum.

    Parameters
    ----------
    courier
        Asks the service.
    url
        Address of the service.
    bbox
        West, south, east, north [degree].

    Raises
    ------
    SourceError
        If the service cannot be reached or answers with something else.
    InputError
        If no extract holds the area.
    """
    from shapely import Geometry, box
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    wanted = box(*bbox)
    found: list[tuple[float, str]] = []
    for feature in _features(courier, f"{url}/index-v1.json"):
        try:
            outline: Geometry = shape(feature["geometry"])
            pbf = feature["properties"]["urls"]["pbf"]
            if isinstance(pbf, str) and outline.covers(wanted):
                found.append((float(outline.area), pbf))
        except (KeyError, TypeError, ValueError, AttributeError, ShapelyError):
            continue
    if not found:
        raise InputError(
            "no extract of Geofabrik holds the whole area. Give --bbox, or --streets-from overpass."
        )
    pbf = min(found)[1]
    sums = courier.text(f"{pbf}.md5", 10_000).decode("ascii", "replace").split()
    if not sums or len(sums[0]) != 32 or not set(sums[0].lower()) <= set("0123456789abcdef"):
        raise SourceError(f"{pbf}.md5: holds no checksum. Try again later.")
    return Wanted(pbf, (b"\0\0\0",), MOST_BYTES, md5=sums[0].lower())


def _features(courier: Courier, url: str) -> list[dict[str, Any]]:
    try:
        features = json.loads(courier.text(url, LARGEST_INDEX_BYTES))["features"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SourceError(f"{url}: is no index of Geofabrik ({error!s:.80}). Check the address.") from error
    if not isinstance(features, list):
        raise SourceError(f"{url}: is no index of Geofabrik. Check the address.")
    return [feature for feature in features if isinstance(feature, dict)]
