"""Reads streets of OpenStreetMap from an Overpass answer (JSON).

Every node of a walkable way becomes a node of the network: nothing is thinned out.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from takecover.analysis.parsed import ParsedStreets
from takecover.errors import Faults, InputError
from takecover.io import foot
from takecover.io.files import read_bytes
from takecover.model.city import Source

LARGEST_BYTES = 600_000_000
"""A larger answer holds more than a city and would not fit the memory of a small machine."""

MOST_FAULTS = 100
"""After so many broken elements a file is no Overpass answer, and reading stops."""

ATTRIBUTION = "© OpenStreetMap contributors"

_LARGEST_ID = 2**62

Progress = Callable[[str, float], None]


def read(path: Path, progress: Progress | None = None) -> ParsedStreets:
    """Read the walkable streets of an Overpass answer.

    Parameters
    ----------
    path
        File with the answer of ``out body`` with nodes, ``out geom``, or both.
    progress
        Told the stage and how far it is, 0 to 1.

    Returns
    -------
    ParsedStreets
        Segments between consecutive nodes of each way. A way whose node is missing is cut there, as at the edge of
        an extract; findings say how many.

    Raises
    ------
    SourceError
        If the file cannot be read.
    InputError
        If it is too large, is no JSON, or elements are broken: all faults at once.
    """
    tell = progress or (lambda stage, share: None)
    tell("reading streets", 0.0)
    answer = _parse(read_bytes(path, LARGEST_BYTES), path)
    tell("reading streets", 0.5)
    faults = Faults(str(path))
    reading = _Reading(faults)
    for number, element in enumerate(_elements(answer, faults), 1):
        if len(faults.messages) >= MOST_FAULTS:
            faults.add(f"elements: reading stopped after {number:,} of them. Give an Overpass answer.")
            break
        reading.take(element, number)
    faults.raise_if_any()
    tell("reading streets", 0.9)
    return reading.streets(_source(answer))


def _parse(data: bytes, path: Path) -> dict[str, Any]:
    """The answer as an object; NaN and infinity are refused."""
    try:
        answer = json.loads(data.decode("utf-8-sig"), parse_constant=_refuse)
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}: is not UTF-8 (byte {error.start:,}). Give an Overpass answer in JSON."
        ) from error
    except RecursionError as error:
        raise InputError(f"{path}: is nested too deeply. Give an Overpass answer in JSON.") from error
    except ValueError as error:
        raise InputError(f"{path}: is no JSON ({error}). Give an Overpass answer in JSON.") from error
    if not isinstance(answer, dict) or not isinstance(answer.get("elements"), list):
        raise InputError(f"{path}: has no list 'elements'. Give an Overpass answer in JSON.")
    return answer


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no number of JSON")


def _elements(answer: dict[str, Any], faults: Faults) -> Iterator[dict[str, Any]]:
    """Elements that are objects; notes those that are not, and a remark of the server that it gave up."""
    remark = answer.get("remark")
    if isinstance(remark, str) and "error" in remark.lower():
        faults.add(f"remark: the server broke off ({remark:.120}). Ask it again.")
    for number, element in enumerate(answer["elements"], 1):
        if isinstance(element, dict):
            yield element
        else:
            faults.add(
                f"elements: number {number:,} is {type(element).__name__}, not an object. Give an Overpass answer."
            )
            return


def _source(answer: dict[str, Any]) -> Source:
    head = answer.get("osm3s")
    stamp = head.get("timestamp_osm_base", "") if isinstance(head, dict) else ""
    dated = (
        stamp
        if isinstance(stamp, str) and len(stamp) <= 30 and stamp.isascii() and stamp.isprintable()
        else ""
    )
    return Source("streets", "OpenStreetMap", "ODbL 1.0", dated, ATTRIBUTION)


class _Reading:
    """Takes elements one by one and makes the table at the end."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.places: dict[int, tuple[float, float]] = {}
        self.ways: dict[int, tuple[list[int], dict[str, str]]] = {}
        self.shut = 0

    def take(self, element: dict[str, Any], number: int) -> None:
        """Keep a node or a walkable way; note a broken one; pass over anything else."""
        kind: Any = element.get("type")
        osm_id: Any = element.get("id")
        if kind not in ("node", "way"):
            return
        if not _is_id(osm_id):
            self.faults.add(
                f"elements: number {number:,} ({kind}) has id {osm_id!r:.40}. Give a whole number."
            )
        elif kind == "node":
            self._take_node(osm_id, element, f"node {osm_id}")
        else:
            self._take_way(osm_id, element)

    def _take_node(self, osm_id: int, place: dict[str, Any], name: str) -> None:
        lon: Any = place.get("lon")
        lat: Any = place.get("lat")
        if _is_degree(lon, 180) and _is_degree(lat, 90):
            self.places[osm_id] = (float(lon), float(lat))
        else:
            self.faults.add(f"{name}: lon {lon!r:.40}, lat {lat!r:.40} is no place. Give degrees, WGS84.")

    def _take_way(self, osm_id: int, element: dict[str, Any]) -> None:
        tags, refs = element.get("tags", {}), element.get("nodes")
        if not isinstance(tags, dict) or not all(isinstance(v, str) for v in tags.values()):
            self.faults.add(f"way {osm_id}: tags are not texts. Give an Overpass answer.")
            return
        if "highway" not in tags:
            return
        if not foot.is_walkable(tags):
            self.shut += 1
            return
        if not isinstance(refs, list) or not all(_is_id(ref) for ref in refs):
            self.faults.add(f"way {osm_id}: nodes are no list of ids. Ask Overpass for 'out body'.")
            return
        self.ways[osm_id] = (refs, tags)
        self._take_geometry(osm_id, refs, element.get("geometry"))

    def _take_geometry(self, osm_id: int, refs: list[int], geometry: Any) -> None:
        """Places of a way's nodes, where the answer gives them with the way (``out geom``)."""
        if geometry is None:
            return
        if not isinstance(geometry, list) or len(geometry) != len(refs):
            self.faults.add(
                f"way {osm_id}: geometry does not fit its {len(refs)} nodes. Give an Overpass answer."
            )
            return
        for ref, place in zip(refs, geometry, strict=True):
            if isinstance(place, dict) and ref not in self.places:
                self._take_node(ref, place, f"way {osm_id}, node {ref}")

    def streets(self, source: Source) -> ParsedStreets:
        """The table: nodes in ascending order of ids, segments by way in ascending order of ids."""
        rows: list[tuple[int, int, int, str, bool, bool]] = []
        missing = 0
        for way_id in sorted(self.ways):
            refs, tags = self.ways[way_id]
            sense, is_stair, kind = foot.direction(tags), foot.is_stair(tags), tags["highway"]
            missing += len(set(refs) - self.places.keys())
            for tail, head in _pairs(refs[::-1] if sense < 0 else refs):
                if tail in self.places and head in self.places:
                    rows.append((way_id, tail, head, kind, is_stair, sense != 0))
        used = sorted({row[1] for row in rows} | {row[2] for row in rows})
        node_ids = np.array(used, dtype=np.int64)
        places = np.array([self.places[i] for i in used], dtype=np.float64).reshape(-1, 2)
        ends = np.array([row[1:3] for row in rows], dtype=np.int64).reshape(-1, 2)
        return ParsedStreets(
            node_ids=node_ids,
            lon=places[:, 0].copy(),
            lat=places[:, 1].copy(),
            way_ids=np.array([row[0] for row in rows], dtype=np.int64),
            tail=np.searchsorted(node_ids, ends[:, 0]),
            head=np.searchsorted(node_ids, ends[:, 1]),
            highway=np.array([row[3] for row in rows], dtype=np.str_),
            is_steps=np.array([row[4] for row in rows], dtype=bool),
            is_oneway=np.array([row[5] for row in rows], dtype=bool),
            source=source,
            findings=self._findings(missing),
        )

    def _findings(self, missing: int) -> tuple[str, ...]:
        found = []
        if self.shut:
            total = self.shut + len(self.ways)
            found.append(
                f"Streets: {self.shut:,} of {total:,} ways are closed to people on foot and left out."
            )
        if missing:
            found.append(
                f"Streets: nodes of walkable ways that are not in the file: {missing:,}; the ways are cut there."
            )
        return tuple(found)


def _pairs(refs: list[int]) -> Iterator[tuple[int, int]]:
    """Consecutive nodes that differ."""
    return ((a, b) for a, b in pairwise(refs) if a != b)


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST_ID


def _is_degree(value: Any, bound: int) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= bound and math.isfinite(value)
