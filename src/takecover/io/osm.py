"""Makes streets of OpenStreetMap data, by one set of rules for every form of file.

Every node of a walkable way becomes a node of the network: nothing is thinned out, and ways meet at shared nodes only.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from takecover.analysis import plazas
from takecover.analysis.parsed import ParsedStreets
from takecover.analysis.plazas import Plaza
from takecover.analysis.swap import Box
from takecover.io import foot
from takecover.io.osm_data import (
    ATTRIBUTION,
    MOST_REFS,
    OsmFile,
    Places,
    Relation,
    Tags,
    Way,
    refuse_too_many,
)
from takecover.model.city import Source

_MULTIPOLYGON = "multipolygon"


@dataclass
class _Ways:
    """Walkable ways: their nodes one after the other, and what holds for each."""

    ids: list[int] = field(default_factory=list)
    refs: array[int] = field(default_factory=lambda: array("q"))
    ends: list[int] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    flags: list[tuple[bool, bool, bool]] = field(default_factory=list)

    def add(self, way_id: int, tags: Tags, refs: Sequence[int]) -> None:
        """Keep a way, turned the way that people walk it where that is one way."""
        sense = foot.direction(tags)
        self.ids.append(way_id)
        self.refs.extend(reversed(refs) if sense < 0 else refs)
        self.ends.append(len(self.refs))
        self.kinds.append(foot.kind(tags))
        self.flags.append((foot.is_stair(tags), sense != 0, foot.is_off_ground(tags)))


class _Gathering:
    """What is walkable in a file, before positions are known."""

    def __init__(self, subject: str, is_private_open: bool) -> None:
        self.subject = subject
        self.is_private_open = is_private_open
        self.ways = _Ways()
        self.plazas: list[tuple[int, list[Sequence[int]], list[Sequence[int]]]] = []
        self.relations: list[Relation] = []
        self.shut = self.private = 0

    def take(self, element: Way | Relation) -> None:
        """Keep what people may walk; count what they may not."""
        tags = element.tags
        if isinstance(element, Relation):
            if tags.get("type") == _MULTIPOLYGON and self._lets_in(tags):
                self.relations.append(element)
            return
        if "highway" not in tags and foot.kind(tags) == "":
            return
        if not self._lets_in(tags):
            self.shut += "highway" in tags
            self.private += foot.is_walkable(tags, is_private_open=True)
            return
        refs = element.refs
        is_closed = len(refs) > 3 and refs[0] == refs[-1]
        if "highway" not in tags and foot.kind(tags) == "square" and not is_closed:
            return
        self.ways.add(element.osm_id, tags, refs)
        if foot.is_area(tags, is_closed=is_closed):
            self.plazas.append((element.osm_id, [refs], []))
        if len(self.ways.refs) > MOST_REFS:
            raise refuse_too_many(self.subject)

    def _lets_in(self, tags: Tags) -> bool:
        return foot.is_walkable(tags, is_private_open=self.is_private_open)

    def close(self, parts: dict[int, Way]) -> None:
        """Make areas of the multipolygons: their edges are walked, and the ways that they are made of."""
        for relation in sorted(self.relations):
            rings: dict[str, list[Sequence[int]]] = {"outer": [], "inner": []}
            for member in relation.members:
                if member.kind == "way" and member.ref in parts:
                    rings["inner" if member.role == "inner" else "outer"].append(parts[member.ref].refs)
            outer, inner = plazas.rings(rings["outer"]), plazas.rings(rings["inner"])
            for ring in (*outer, *inner):
                self.ways.add(-relation.osm_id, relation.tags, ring)
            if outer:
                self.plazas.append((-relation.osm_id, list(outer), list(inner)))


def streets(
    file: OsmFile, subject: str, *, is_private_open: bool = False, within: Box | None = None
) -> ParsedStreets:
    """Read the walkable streets of OpenStreetMap data.

    Parameters
    ----------
    file
        The data, in whatever form.
    subject
        What the file is called in an error.
    is_private_open
        True to let people onto private ways.
    within
        Where the city is; ways are cut at its edge. None to take everything.

    Returns
    -------
    ParsedStreets
        Nodes in ascending order of ids; segments between consecutive nodes of each way, ways in ascending order of
        ids, then straight walks across squares and other areas between their corners and the ways that lead into
        them. A way whose node is missing is cut there, as at the edge of an extract; findings say how many.

    Raises
    ------
    SourceError
        If the file cannot be read.
    InputError
        If it is broken, with all faults at once, or holds more than can be held.

    Notes
    -----
    The data are read two or three times, each time for something else, so that only what is walkable is held.
    """
    found = _Gathering(subject, is_private_open)
    for element in file.tagged(frozenset({"way", "relation"}), foot.KEYS):
        if isinstance(element, Way | Relation):
            found.take(element)
    file.check()
    wanted = frozenset(m.ref for relation in found.relations for m in relation.members if m.kind == "way")
    found.close({way.osm_id: way for way in file.ways(wanted)} if wanted else {})
    file.check()
    refs = np.array(found.ways.refs, dtype=np.int64)
    places = file.places(np.unique(refs))
    file.check()
    missing = len(np.unique(refs)) - len(places.node_ids)
    places, beyond = _within(places, within)
    source = Source("streets", "OpenStreetMap", "ODbL 1.0", file.dated, ATTRIBUTION)
    return _table(found, refs, places, source, _findings(found, missing, beyond))


def _within(places: Places, box: Box | None) -> tuple[Places, int]:
    """The positions inside the box, and how many are not."""
    if box is None:
        return places, 0
    is_inside = box.holds(places.lon, places.lat)
    kept = Places(places.node_ids[is_inside], places.lon[is_inside], places.lat[is_inside])
    return kept, int((~is_inside).sum())


def _table(
    found: _Gathering, refs: np.ndarray, places: Places, source: Source, findings: tuple[str, ...]
) -> ParsedStreets:
    """The streets as arrays, with the walks across areas at the end."""
    ways = found.ways
    ends = np.array(ways.ends, dtype=np.int64)
    way_of_ref = np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))
    first = (
        np.flatnonzero((way_of_ref[:-1] == way_of_ref[1:]) & (refs[:-1] != refs[1:])) if len(refs) else refs
    )
    is_there = np.isin(refs, places.node_ids)
    first = first[is_there[first] & is_there[first + 1]]
    owner = way_of_ref[first]
    order = np.lexsort((first, np.array(ways.ids, dtype=np.int64)[owner]))
    first, owner = first[order], owner[order]
    node_ids = np.unique(np.concatenate([refs[first], refs[first + 1]]))
    at = np.searchsorted(places.node_ids, node_ids)
    lon, lat = places.lon[at], places.lat[at]
    tail, head = np.searchsorted(node_ids, refs[first]), np.searchsorted(node_ids, refs[first + 1])
    neighbours = np.unique(np.sort(np.column_stack([tail, head]), axis=1), axis=0)
    is_junction = np.bincount(neighbours.ravel(), minlength=len(node_ids)) > 2
    across = plazas.across(_located(found.plazas, node_ids), lon, lat, is_junction=is_junction)
    count = len(across.way_ids)
    flags = np.array(ways.flags, dtype=bool).reshape(-1, 3)[owner]
    nothing = np.zeros(count, bool)
    return ParsedStreets(
        node_ids=node_ids,
        lon=lon,
        lat=lat,
        way_ids=np.concatenate([np.array(ways.ids, dtype=np.int64)[owner], across.way_ids]),
        tail=np.concatenate([tail, across.tail]),
        head=np.concatenate([head, across.head]),
        highway=np.concatenate([np.array(ways.kinds, dtype=np.str_)[owner], np.full(count, plazas.KIND)]),
        is_steps=np.concatenate([flags[:, 0], nothing]),
        is_oneway=np.concatenate([flags[:, 1], nothing]),
        is_off_ground=np.concatenate([flags[:, 2], nothing]),
        source=source,
        findings=(*findings, *across.findings),
    )


def _located(
    areas: Sequence[tuple[int, list[Sequence[int]], list[Sequence[int]]]], node_ids: np.ndarray
) -> list[Plaza]:
    """Areas whose every node is there, their rings as positions of nodes."""
    whole = []
    for way_id, outer, inner in sorted(areas, key=lambda area: area[0]):
        rings = [np.array(ring, dtype=np.int64) for ring in (*outer, *inner)]
        at = [np.minimum(np.searchsorted(node_ids, ring), len(node_ids) - 1) for ring in rings]
        if len(node_ids) and all(
            np.array_equal(node_ids[a], ring) for a, ring in zip(at, rings, strict=True)
        ):
            whole.append(Plaza(way_id, tuple(at[: len(outer)]), tuple(at[len(outer) :])))
    return whole


def _findings(found: _Gathering, missing: int, beyond: int) -> tuple[str, ...]:
    told = []
    total = found.shut + len(found.ways.ids)
    if found.shut:
        private = f"; {found.private:,} of them are private" if found.private else ""
        told.append(
            f"Streets: {found.shut:,} of {total:,} ways are closed to people on foot and left out{private}."
        )
    if missing:
        told.append(
            f"Streets: nodes of walkable ways that are not in the file: {missing:,}; the ways are cut there."
        )
    if beyond:
        told.append(f"Streets: {beyond:,} nodes lie outside the area of the city; the ways are cut there.")
    if lifts := sum(kind == "elevator" for kind in found.ways.kinds):
        taken = "1 lift is" if lifts == 1 else f"{lifts:,} lifts are"
        told.append(f"Streets: {taken} taken as working; in an alert many do not.")
    return tuple(told)
