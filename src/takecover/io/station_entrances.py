"""Reads entrances of metro stations as OpenStreetMap has them: its data in any form, a list of nodes, or GeoJSON."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from takecover.analysis.parsed import NO, UNKNOWN, YES
from takecover.analysis.station_doors import MetroEntrances
from takecover.errors import Faults, InputError
from takecover.io import json_text, streets_file
from takecover.io.files import read_bytes
from takecover.io.osm_data import ATTRIBUTION, Node, Tags
from takecover.model.city import Source

LARGEST_BYTES = 20_000_000
NAMES = ("name:uk", "name", "station", "railway:station")
MOST_FAULTS = 50
STEP_FREE = {"yes": YES, "designated": YES, "no": NO}
"""What ``wheelchair`` says; anything else leaves it unknown."""


def read(path: Path) -> MetroEntrances:
    """Read the nodes tagged ``railway=subway_entrance``, with the name of their station.

    Raises
    ------
    SourceError
        If the file cannot be read.
    InputError
        If it holds no such node, or one without a finite position: all faults at once.
    """
    if streets_file.is_osm(path):
        file = streets_file.open_osm(path)
        elements = list(file.tagged(frozenset({"node"}), ("railway",)))
        file.check()
        nodes = [e for e in elements if isinstance(e, Node) and is_entrance(e.tags)]
    else:
        nodes = _listed(path)
    if not nodes:
        raise InputError(
            f"{path}: holds no node with railway=subway_entrance. Give data of OpenStreetMap with their tags."
        )
    nodes = sorted({node.osm_id: node for node in nodes}.values())
    return MetroEntrances(
        np.array([f"node/{node.osm_id}" for node in nodes], dtype=np.str_),
        np.array([node.lon for node in nodes], dtype=np.float64),
        np.array([node.lat for node in nodes], dtype=np.float64),
        np.array([_name(node.tags) for node in nodes], dtype=np.str_),
        np.array([step_free(node.tags) for node in nodes], dtype=np.int8),
        Source("entrances", "OpenStreetMap", "ODbL 1.0", "", ATTRIBUTION),
    )


def is_entrance(tags: Tags) -> bool:
    """Whether tags are those of a metro station's entrance."""
    return tags.get("railway") == "subway_entrance"


def step_free(tags: Tags) -> int:
    """Whether a wheelchair gets in: YES, NO or UNKNOWN."""
    return STEP_FREE.get(tags.get("wheelchair", ""), UNKNOWN)


def _name(tags: Tags) -> str:
    name = next((str(tags[key]) for key in NAMES if isinstance(tags.get(key), str)), "")
    return name[:200] if name.isprintable() else ""


def _listed(path: Path) -> list[Node]:
    """Entrances of a bare list of nodes, or of GeoJSON; a node without an id is called by its number."""
    try:
        document = json_text.parse(read_bytes(path, LARGEST_BYTES))
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path}: is no JSON in UTF-8 ({error!s:.80}). Give an Overpass answer.") from error
    faults = Faults(str(path))
    found = []
    for number, node in enumerate(_nodes(document), start=1):
        tags = node.get("tags", node.get("properties"))
        if not isinstance(tags, Mapping) or not is_entrance(tags):
            continue
        lon, lat = _position(node)
        if math.isnan(lon):
            faults.add(f"node {number}: has no finite lon and lat. Give both in degrees.")
        said = node.get("id")
        osm_id = said if isinstance(said, int) and not isinstance(said, bool) else number
        texts = {str(key): value for key, value in tags.items() if isinstance(value, str)}
        found.append(Node(osm_id, texts, lon, lat))
        if len(faults.messages) >= MOST_FAULTS:
            break
    faults.raise_if_any()
    return found


def _nodes(document: Any) -> list[Mapping[str, Any]]:
    if isinstance(document, Mapping):
        document = document.get("features")
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
