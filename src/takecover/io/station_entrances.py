"""Reads entrances of metro stations as OpenStreetMap has them: an Overpass answer, a list of nodes, or GeoJSON."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from takecover.analysis.surroundings import Points
from takecover.errors import Faults, InputError
from takecover.io.files import read_bytes

LARGEST_BYTES = 20_000_000
NAMES = ("name:uk", "name", "station")
MOST_FAULTS = 50


def read(path: Path) -> Points:
    """Read the nodes tagged ``railway=subway_entrance``, with the name of their station.

    Raises
    ------
    SourceError
        If the file cannot be read.
    InputError
        If it holds no such node, or one without a finite position: all faults at once.
    """
    try:
        document = json.loads(read_bytes(path, LARGEST_BYTES).decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path}: is no JSON in UTF-8 ({error!s:.80}). Give an Overpass answer.") from error
    faults = Faults(str(path))
    found = []
    for number, node in enumerate(_nodes(document), start=1):
        tags = node.get("tags", node.get("properties"))
        if not isinstance(tags, Mapping) or tags.get("railway") != "subway_entrance":
            continue
        lon, lat = _position(node)
        if math.isnan(lon):
            faults.add(f"node {number}: has no finite lon and lat. Give both in degrees.")
        name = next((str(tags[key]) for key in NAMES if isinstance(tags.get(key), str)), "")
        found.append((lon, lat, name[:200] if name.isprintable() else ""))
        if len(faults.messages) >= MOST_FAULTS:
            break
    if not found:
        faults.add("holds no node with railway=subway_entrance. Give an Overpass answer with their tags.")
    faults.raise_if_any()
    lon_lat = np.array([each[:2] for each in found], dtype=np.float64)
    names = np.array([each[2] for each in found], dtype=np.str_)
    return Points(lon_lat[:, 0], lon_lat[:, 1], names, np.zeros(len(found)))


def _nodes(document: Any) -> list[Mapping[str, Any]]:
    if isinstance(document, Mapping):
        document = document.get("elements", document.get("features"))
    return [node for node in document if isinstance(node, Mapping)] if isinstance(document, list) else []


def _position(node: Mapping[str, Any]) -> tuple[float, float]:
    """Longitude and latitude; NaN where there is no such pair on earth."""
    geometry = node.get("geometry")
    if isinstance(geometry, Mapping) and isinstance(geometry.get("coordinates"), list):
        pair = geometry["coordinates"][:2]
    else:
        pair = [node.get("lon"), node.get("lat")]
    if len(pair) != 2 or not all(isinstance(v, int | float) and not isinstance(v, bool) for v in pair):
        return math.nan, math.nan
    try:
        lon, lat = float(pair[0]), float(pair[1])
    except OverflowError:
        return math.nan, math.nan
    is_on_earth = math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90
    return (lon, lat) if is_on_earth else (math.nan, math.nan)
