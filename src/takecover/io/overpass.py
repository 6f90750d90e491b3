"""Reads an answer of the Overpass API in JSON."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from takecover.errors import Faults, InputError
from takecover.io import json_text
from takecover.io.files import read_bytes
from takecover.io.osm_data import LARGEST_ID, Member, Node, Places, Relation, Way, places_of

LARGEST_BYTES = 600_000_000
"""A larger answer holds more than a city and would not fit the memory of a small machine."""

MOST_FAULTS = 100
"""After so many broken elements a file is no Overpass answer, and reading stops."""

Element = dict[str, Any]


class OverpassFile:
    """An answer of ``out body`` with nodes, ``out geom``, or both.

    Parameters
    ----------
    path
        The file.
    tell
        Told how far the reading is, 0 to 1.

    Raises
    ------
    SourceError
        If the file cannot be read.
    InputError
        If it is too large or is no such answer. Broken elements are gathered for `check`.
    """

    def __init__(self, path: Path, tell: Callable[[float], None] = lambda share: None) -> None:
        tell(0.0)
        answer = _parse(read_bytes(path, LARGEST_BYTES), path)
        tell(0.5)
        self._faults = Faults(str(path))
        self._ids, self._lon, self._lat = array("q"), array("d"), array("d")
        self._located: set[int] = set()
        self._tagged: list[tuple[str, int, Element]] = []
        self.dated = _stamp(answer)
        for number, element in enumerate(_elements(answer, self._faults), 1):
            if len(self._faults.messages) >= MOST_FAULTS:
                self._faults.add(
                    f"elements: reading stopped after {number:,} of them. Give an Overpass answer."
                )
                break
            self._take(element, number)
        tell(1.0)

    def check(self) -> None:
        """Raise one `InputError` with every broken element found so far."""
        self._faults.raise_if_any()

    def tagged(self, kinds: frozenset[str], keys: Sequence[str]) -> Iterator[Node | Way | Relation]:
        """Elements of these kinds that have one of the keys."""
        for kind, osm_id, element in self._tagged:
            if kind in kinds and any(key in element["tags"] for key in keys):
                if kind == "node":
                    yield Node(osm_id, element["tags"], float(element["lon"]), float(element["lat"]))
                elif kind == "way" and (way := self._way(osm_id, element)) is not None:
                    yield way
                elif kind == "relation" and (relation := self._relation(osm_id, element)) is not None:
                    yield relation

    def ways(self, way_ids: frozenset[int]) -> Iterator[Way]:
        """Ways by id."""
        for kind, osm_id, element in self._tagged:
            if kind == "way" and osm_id in way_ids and (way := self._way(osm_id, element)) is not None:
                yield way

    def places(self, node_ids: np.ndarray) -> Places:
        """Positions of those of the nodes that the answer has."""
        every = places_of(self._ids, self._lon, self._lat)
        is_wanted = np.isin(every.node_ids, node_ids)
        return Places(every.node_ids[is_wanted], every.lon[is_wanted], every.lat[is_wanted])

    def _take(self, element: Element, number: int) -> None:
        """Keep a node, way or relation; note a broken one; pass over anything else."""
        kind: Any = element.get("type")
        osm_id: Any = element.get("id")
        if kind not in ("node", "way", "relation"):
            return
        if not _is_id(osm_id):
            self._faults.add(
                f"elements: number {number:,} ({kind}) has id {osm_id!r:.40}. Give a whole number."
            )
            return
        tags = element.setdefault("tags", {})
        if not isinstance(tags, dict) or not all(isinstance(v, str) for v in tags.values()):
            self._faults.add(f"{kind} {osm_id}: tags are not texts. Give an Overpass answer.")
        elif kind != "node" or (self._take_node(osm_id, element, f"node {osm_id}") and tags):
            self._tagged.append((kind, osm_id, element))

    def _take_node(self, osm_id: int, place: Element, name: str) -> bool:
        lon: Any = place.get("lon")
        lat: Any = place.get("lat")
        if not _is_degree(lon, 180) or not _is_degree(lat, 90):
            self._faults.add(f"{name}: lon {lon!r:.40}, lat {lat!r:.40} is no place. Give degrees, WGS84.")
            return False
        self._located.add(osm_id)
        self._ids.append(osm_id)
        self._lon.append(lon)
        self._lat.append(lat)
        return True

    def _way(self, osm_id: int, element: Element) -> Way | None:
        """The way, and the positions of its nodes where the answer gives them with it (``out geom``)."""
        refs, geometry = element.get("nodes"), element.pop("geometry", None)
        if not isinstance(refs, list) or not all(_is_id(ref) for ref in refs):
            self._faults.add(f"way {osm_id}: nodes are no list of ids. Ask Overpass for 'out body'.")
            return None
        if geometry is not None and (not isinstance(geometry, list) or len(geometry) != len(refs)):
            self._faults.add(
                f"way {osm_id}: geometry does not fit its {len(refs)} nodes. Give an Overpass answer."
            )
            return None
        for ref, place in zip(refs, geometry or (), strict=False):
            if isinstance(place, dict) and ref not in self._located:
                self._take_node(ref, place, f"way {osm_id}, node {ref}")
        return Way(osm_id, element["tags"], refs)

    def _relation(self, osm_id: int, element: Element) -> Relation | None:
        members = element.get("members")
        if not isinstance(members, list) or not all(
            isinstance(m, dict) and _is_id(m.get("ref")) for m in members
        ):
            self._faults.add(f"relation {osm_id}: members are no list of ids. Ask Overpass for 'out body'.")
            return None
        parts = [Member(str(m.get("type")), m["ref"], str(m.get("role", ""))) for m in members]
        return Relation(osm_id, element["tags"], parts)


def _parse(data: bytes, path: Path) -> dict[str, Any]:
    """The answer as an object; NaN and infinity are refused."""
    try:
        answer = json_text.parse(data, parse_constant=_refuse)
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}: is not UTF-8 (byte {error.start:,}). Give an Overpass answer in JSON."
        ) from error
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


def _stamp(answer: dict[str, Any]) -> str:
    """Date of the data, where the answer gives a plain one."""
    head = answer.get("osm3s")
    stamp = head.get("timestamp_osm_base", "") if isinstance(head, dict) else ""
    is_plain = isinstance(stamp, str) and len(stamp) <= 30 and stamp.isascii() and stamp.isprintable()
    return stamp if is_plain else ""


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST_ID


def _is_degree(value: Any, bound: int) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= bound and math.isfinite(value)
