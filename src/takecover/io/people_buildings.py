"""Reads houses from data of OpenStreetMap: which of its buildings are homes, their footprints and their floors."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from takecover.analysis import plazas
from takecover.analysis.parsed import ParsedHouses
from takecover.analysis.swap import Box
from takecover.errors import InputError
from takecover.io import streets_file
from takecover.io.osm_data import (
    ATTRIBUTION,
    MOST_REFS,
    OsmFile,
    Relation,
    Tags,
    Way,
    refuse_too_many,
)
from takecover.kernels import geodesy
from takecover.model.city import Source

HOMES = frozenset(
    {
        "apartments",
        "bungalow",
        "cabin",
        "detached",
        "dormitory",
        "farm",
        "ger",
        "house",
        "houseboat",
        "hut",
        "residential",
        "semidetached_house",
        "static_caravan",
        "stilt_house",
        "terrace",
        "tree_house",
    }
)
"""Values of ``building`` that people live in."""

UNSAID = "yes"
"""A building of which nobody has said what it is."""

OTHER_USES = (
    "aeroway",
    "amenity",
    "craft",
    "healthcare",
    "industrial",
    "leisure",
    "man_made",
    "military",
    "office",
    "power",
    "public_transport",
    "railway",
    "shop",
    "tourism",
)
"""A building of which nobody has said what it is, with one of these keys, is taken for no home."""

FLOORS = "building:levels"
MOST_FLOORS = 200
"""No house has more."""


@dataclass
class _Houses:
    """Homes, the rings of their footprints one after the other, and what was left out."""

    ids: list[str] = field(default_factory=list)
    floors: list[float] = field(default_factory=list)
    refs: array[int] = field(default_factory=lambda: array("q"))
    ends: list[int] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    signs: list[int] = field(default_factory=list)
    unsaid: int = 0
    others: int = 0

    def add(
        self, name: str, tags: Tags, outer: Sequence[Sequence[int]], inner: Sequence[Sequence[int]]
    ) -> None:
        """Keep a home."""
        self.unsaid += tags["building"] == UNSAID
        for rings, sign in ((outer, 1), (inner, -1)):
            for ring in rings:
                self.refs.extend(ring)
                self.ends.append(len(self.refs))
                self.owners.append(len(self.ids))
                self.signs.append(sign)
        self.ids.append(name)
        self.floors.append(_floors(tags))


def read(path: Path, area: Box | None = None) -> ParsedHouses:
    """Read homes by footprint and floors.

    Parameters
    ----------
    path
        Data of OpenStreetMap in any form.
    area
        Where the city is, to leave out what is elsewhere; None for all of it.

    Returns
    -------
    ParsedHouses
        In the order of their ids. One floor where ``building:levels`` says none; findings say how many.

    Raises
    ------
    SourceError
        If the file cannot be read.
    InputError
        If it is broken, or holds no home.

    References
    ----------
    https://wiki.openstreetmap.org/wiki/Key:building, https://wiki.openstreetmap.org/wiki/Key:building:levels
    """
    file = streets_file.open_osm(path)
    found = _gather(file, path)
    file.check()
    lon, lat, floor_area_m2, is_whole = _measured(file, found)
    file.check()
    is_kept = is_whole & (floor_area_m2 > 0)
    if area is not None:
        is_kept &= area.holds(lon, lat)
    if not is_kept.any():
        raise InputError(
            f"{path}: holds no home (building=residential and the like) in the area of the streets. "
            "Give an extract with buildings."
        )
    ids = np.array(found.ids, dtype=np.str_)
    rows = np.flatnonzero(is_kept)
    rows = rows[np.argsort(ids[rows], kind="stable")]
    return ParsedHouses(
        house_ids=ids[rows],
        lon=lon[rows],
        lat=lat[rows],
        floor_area_m2=floor_area_m2[rows],
        source=Source("people", "OpenStreetMap", "ODbL 1.0", file.dated, ATTRIBUTION),
        findings=_findings(found, rows),
    )


def _gather(file: OsmFile, path: Path) -> _Houses:
    """The homes of a file, before positions are known."""
    found = _Houses()
    relations: list[Relation] = []
    for element in file.tagged(frozenset({"way", "relation"}), ("building",)):
        tags = element.tags
        if not is_home(tags):
            found.others += 1
        elif isinstance(element, Relation):
            relations.append(element)
        elif isinstance(element, Way) and len(element.refs) > 3 and element.refs[0] == element.refs[-1]:
            found.add(f"way/{element.osm_id}", tags, (element.refs,), ())
        if len(found.refs) > MOST_REFS:
            raise refuse_too_many(str(path))
    wanted = frozenset(m.ref for relation in relations for m in relation.members if m.kind == "way")
    parts = {way.osm_id: way.refs for way in file.ways(wanted)} if wanted else {}
    for relation in relations:
        sides: dict[bool, list[Sequence[int]]] = {True: [], False: []}
        for member in relation.members:
            if member.kind == "way" and member.ref in parts:
                sides[member.role != "inner"].append(parts[member.ref])
        if outer := plazas.rings(sides[True]):
            found.add(f"relation/{relation.osm_id}", relation.tags, outer, plazas.rings(sides[False]))
    return found


def is_home(tags: Tags) -> bool:
    """Whether people live in a building with these tags, as far as they tell.

    Examples
    --------
    >>> is_home({"building": "apartments"}), is_home({"building": "yes"}), is_home({"building": "garages"})
    (True, True, False)
    """
    kind = tags.get("building", "")
    return kind in HOMES or (kind == UNSAID and not any(key in tags for key in OTHER_USES))


def _floors(tags: Tags) -> float:
    """Floors above ground; NaN where the tag says no number."""
    text = tags.get(FLOORS, "").replace(",", ".")
    if not text.isascii() or len(text) > 8 or not text.replace(".", "", 1).isdigit():
        return np.nan
    floors = float(text)
    return floors if 0 < floors <= MOST_FLOORS else np.nan


def _measured(file: OsmFile, found: _Houses) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Middle of the corners [degree], area of the floors [m2], and whether every corner is in the file, by house."""
    count = len(found.ids)
    refs = np.array(found.refs, dtype=np.int64)
    if not len(refs):
        return np.zeros(count), np.zeros(count), np.zeros(count), np.zeros(count, bool)
    places = file.places(np.unique(refs))
    at = np.searchsorted(places.node_ids, refs)
    is_there = at < len(places.node_ids)
    is_there[is_there] = places.node_ids[at[is_there]] == refs[is_there]
    lon, lat = np.zeros(len(refs)), np.zeros(len(refs))
    lon[is_there], lat[is_there] = places.lon[at[is_there]], places.lat[at[is_there]]
    ends = np.array(found.ends, dtype=np.int64)
    begins = np.concatenate([[0], ends[:-1]])
    owners = np.array(found.owners, dtype=np.int64)
    of_ref = np.repeat(np.arange(len(ends)), ends - begins)
    of_house = owners[of_ref]
    corners = np.bincount(of_house, minlength=count)
    is_whole = np.bincount(of_house, ~is_there, minlength=count) == 0
    lon_m, lat_m = geodesy.metres_per_degree(lat[begins][of_ref])
    x_m, y_m = (lon - lon[begins][of_ref]) * lon_m, (lat - lat[begins][of_ref]) * lat_m
    cross = x_m * np.roll(y_m, -1) - np.roll(x_m, -1) * y_m
    cross[ends - 1] = 0.0
    ring_m2 = np.abs(np.add.reduceat(cross, begins)) / 2 * np.array(found.signs)
    footprint_m2 = np.bincount(owners, ring_m2, minlength=count)
    floors = np.nan_to_num(np.array(found.floors), nan=1.0)
    mean_lon = np.bincount(of_house, lon, minlength=count) / corners
    mean_lat = np.bincount(of_house, lat, minlength=count) / corners
    return mean_lon, mean_lat, footprint_m2 * floors, is_whole


def _findings(found: _Houses, rows: np.ndarray) -> tuple[str, ...]:
    told = [
        f"People: {len(rows):,} buildings of OpenStreetMap are homes; {found.others:,} are others, left out."
    ]
    if found.unsaid:
        told.append(f"People: of {found.unsaid:,} buildings nobody has said what they are; taken for homes.")
    if unknown := int(np.isnan(np.array(found.floors)[rows]).sum()):
        told.append(f"People: the floors of {unknown:,} houses are not known; taken as 1.")
    if elsewhere := len(found.ids) - len(rows):
        told.append(
            f"People: {elsewhere:,} homes lie outside the area of the streets or are cut at its edge."
        )
    return tuple(told)
