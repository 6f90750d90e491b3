"""Finds cover in data of OpenStreetMap: metro stations with their entrances, bomb shelters, and other shelters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from takecover import parameters
from takecover.analysis.parsed import UNKNOWN, ParsedDoors, ParsedShelters
from takecover.analysis.register import GIVEN, UNSAID, Register
from takecover.analysis.station_doors import STATION, nearest_station
from takecover.errors import InputError
from takecover.io import streets_file
from takecover.io.osm_data import ATTRIBUTION, Node, OsmFile, Relation, Tags, Way
from takecover.io.station_entrances import NAMES, is_entrance, step_free
from takecover.model.city import Source

KEYS = ("railway", "public_transport", "military", "amenity", "building", "bunker_type")

UNIT = "element"
"""What a row of such a register is called."""

NO_COVER = frozenset(
    {
        "public_transport",
        "weather_shelter",
        "picnic_shelter",
        "gazebo",
        "sun_shelter",
        "lean_to",
        "field_shelter",
        "pavilion",
    }
)
"""Values of ``shelter_type`` that keep off rain or sun, and nothing else."""

ABOVE_GROUND = frozenset({"surface", "overground", "elevated"})
"""Values of ``location`` of a station that is no cover."""


@dataclass
class Door:
    """An entrance: its id in OpenStreetMap, place [degree, WGS84], and whether a wheelchair gets in."""

    door_id: str
    lon: float
    lat: float
    step_free: int


@dataclass
class Cover:
    """A place of cover.

    Attributes
    ----------
    cover_id
        ``node/1``, ``way/2``, ``relation/3``.
    name, kind
        Its name, empty where it has none; one of `model.rules_shelters.KINDS`.
    lon, lat
        Its place [degree, WGS84].
    places
        As ``capacity`` says; None where it does not: none is made up.
    step_free
        YES, NO or UNKNOWN.
    doors
        Its entrances; empty where none is known.
    """

    cover_id: str
    name: str
    kind: str
    lon: float
    lat: float
    places: int | None
    step_free: int
    doors: list[Door] = field(default_factory=list)


@dataclass(frozen=True)
class Found:
    """Cover found, by id, and what was seen and not used, as sentences."""

    covers: tuple[Cover, ...]
    findings: tuple[str, ...]


def read(path: Path, tell: Callable[[float], None] = lambda share: None) -> Found:
    """Read cover from a file of OpenStreetMap data.

    Parameters
    ----------
    path
        The file, in any form.
    tell
        Told how far the reading is, 0 to 1.

    Returns
    -------
    Found
        Stations of the metro (``railway=station`` with ``station=subway`` or ``subway=yes``) with their entrances;
        ``military=bunker`` or ``building=bunker`` with ``bunker_type=bomb_shelter``; ``amenity=shelter`` whose
        ``shelter_type`` may be cover.

    Raises
    ------
    SourceError
        If the file cannot be read.
    InputError
        If it is no data of OpenStreetMap or broken.

    Notes
    -----
    An entrance belongs to the station that a relation holds it with; else to the nearest station of its name
    (``name``, ``station``), else to the nearest, within ``entrance_search_radius_m``.

    References
    ----------
    https://wiki.openstreetmap.org/wiki/Tag:railway=subway_entrance,
    https://wiki.openstreetmap.org/wiki/Key:bunker_type, https://wiki.openstreetmap.org/wiki/Key:shelter_type
    """
    file = streets_file.open_osm(path, tell)
    elements = list(file.tagged(frozenset({"node", "way", "relation"}), KEYS))
    file.check()
    places = _middles(file, elements)
    file.check()
    covers = [c for e in elements if (c := _cover(e, places)) is not None]
    stations = sorted((c for c in covers if c.kind == STATION), key=lambda c: c.cover_id)
    entrances = [e for e in elements if isinstance(e, Node) and is_entrance(e.tags)]
    groups = _groups(e for e in elements if isinstance(e, Relation))
    alone = sum(not _join(entrance, stations, groups) for entrance in entrances)
    return Found(tuple(sorted(covers, key=lambda c: c.cover_id)), _findings(covers, stations, alone))


def register(path: Path) -> Register:
    """Cover of OpenStreetMap as a register: places are 0 where no capacity is stated, and said to be unknown.

    Raises
    ------
    SourceError, InputError
        As `read` does; also where the file holds no cover.
    """
    found = read(path)
    covers = found.covers
    if not covers:
        raise InputError(f"{path}: holds no station, bomb shelter or shelter. Give a list of shelters.")
    count = len(covers)
    texts, unknown = np.full(count, "", dtype=np.str_), np.full(count, UNKNOWN, np.int8)
    rows = ParsedShelters(
        shelter_ids=np.array([c.cover_id for c in covers], dtype=np.str_),
        names=np.array([c.name for c in covers], dtype=np.str_),
        kinds=np.array([c.kind for c in covers], dtype=np.str_),
        lon=np.array([c.lon for c in covers]),
        lat=np.array([c.lat for c in covers]),
        capacity=np.array([c.places or 0 for c in covers], dtype=np.int64),
        step_free=np.array([c.step_free for c in covers], dtype=np.int8),
        is_withheld=np.zeros(count, bool),
        line=np.arange(1, count + 1, dtype=np.int64),
        source=Source("shelters", "OpenStreetMap", "ODbL 1.0", "", ATTRIBUTION),
        findings=tuple(f"Shelters: {text}" for text in found.findings),
        doors=_doors(covers),
    )
    return Register(
        shelters=rows,
        addresses=texts,
        former_addresses=texts,
        districts=texts,
        kinds_said=rows.kinds,
        buildings=texts,
        hours=texts,
        protection_classes=texts,
        capacity_from=np.array([UNSAID if c.places is None else GIVEN for c in covers], dtype=np.int8),
        area_m2=np.full(count, np.nan),
        depth_m=np.full(count, np.nan),
        verified_on=np.full(count, "NaT", dtype="datetime64[D]"),
        exists=unknown,
        is_usable=unknown,
        is_always_open=unknown,
        entrance_count=np.array([len(c.doors) or -1 for c in covers], dtype=np.int64),
        names_ramp=np.zeros(count, bool),
        is_kind_known=np.ones(count, bool),
        holder_idx=np.full(count, -1, np.int32),
        notes=(),
        columns={},
        personal_columns=(),
        language="en",
        unit=UNIT,
        epsg=4326,
    )


def _doors(covers: Sequence[Cover]) -> ParsedDoors:
    """The entrances of all of them."""
    doors = [(door, row) for row, cover in enumerate(covers) for door in cover.doors]
    return ParsedDoors(
        np.array([door.door_id for door, _ in doors], dtype=np.str_),
        np.array([row for _, row in doors], dtype=np.int64),
        np.array([door.lon for door, _ in doors], dtype=np.float64),
        np.array([door.lat for door, _ in doors], dtype=np.float64),
        np.array([door.step_free for door, _ in doors], dtype=np.int8),
    )


def _middles(file: OsmFile, elements: Sequence[Node | Way | Relation]) -> dict[int, tuple[float, float]]:
    """Middle of the nodes of each way that may be cover."""
    ways = {e.osm_id: e for e in elements if isinstance(e, Way) and _kind(e.tags)}
    refs = np.array([ref for way in ways.values() for ref in way.refs], dtype=np.int64)
    known = file.places(np.unique(refs))
    at = dict(
        zip(known.node_ids.tolist(), zip(known.lon.tolist(), known.lat.tolist(), strict=True), strict=True)
    )
    found = {}
    for way_id, way in ways.items():
        points = np.array([at[ref] for ref in set(way.refs) if ref in at])
        if len(points):
            found[way_id] = (float(points[:, 0].mean()), float(points[:, 1].mean()))
    return found


def _kind(said: Tags) -> str:
    """Kind of cover that tags tell; empty where they tell none."""
    if said.get("railway") == "station":
        is_metro = said.get("station") == "subway" or said.get("subway") == "yes"
        return STATION if is_metro and said.get("location") not in ABOVE_GROUND else ""
    if "bunker" in (said.get("military"), said.get("building")):
        return "sealed_shelter" if said.get("bunker_type") == "bomb_shelter" else ""
    if said.get("amenity") == "shelter" and said.get("shelter_type", "") not in NO_COVER:
        return "shelter"
    return ""


def _cover(element: Node | Way | Relation, middles: dict[int, tuple[float, float]]) -> Cover | None:
    tags = element.tags
    kind = _kind(tags)
    if not kind or isinstance(element, Relation):
        return None
    place = (element.lon, element.lat) if isinstance(element, Node) else middles.get(element.osm_id)
    if place is None:
        return None
    said = tags.get("capacity", tags.get("capacity:persons", ""))
    places = int(said) if said.isascii() and said.isdigit() and len(said) < 9 else None
    sort = "node" if isinstance(element, Node) else "way"
    cover_id, name = f"{sort}/{element.osm_id}", tags.get("name", "")
    return Cover(cover_id, name, kind, *place, places, step_free(tags))


def _groups(relations: Iterator[Relation]) -> dict[int, list[tuple[str, int]]]:
    """For each node of a station's relation, the other members."""
    found: dict[int, list[tuple[str, int]]] = {}
    for relation in relations:
        if relation.tags.get("public_transport") in ("stop_area", "stop_area_group"):
            members = [(m.kind, m.ref) for m in relation.members]
            for kind, ref in members:
                if kind == "node":
                    found.setdefault(ref, []).extend(members)
    return found


def _join(entrance: Node, stations: Sequence[Cover], groups: dict[int, list[tuple[str, int]]]) -> bool:
    """Give the entrance to its station; False where it has none."""
    together = {f"{kind}/{ref}" for kind, ref in groups.get(entrance.osm_id, ())}
    best = next((k for k, s in enumerate(stations) if s.cover_id in together), None)
    if best is None:
        at = (np.array([s.lon for s in stations]), np.array([s.lat for s in stations]))
        names = [entrance.tags.get(key, "") for key in NAMES]
        titles = [s.name for s in stations]
        best = nearest_station((entrance.lon, entrance.lat), names, at, titles, _farthest_m())
    if best < 0:
        return False
    door = Door(f"node/{entrance.osm_id}", entrance.lon, entrance.lat, step_free(entrance.tags))
    stations[best].doors.append(door)
    return True


def _farthest_m() -> float:
    return parameters.value("entrance_search_radius_m")


def _findings(covers: Sequence[Cover], stations: Sequence[Cover], alone: int) -> tuple[str, ...]:
    told = [
        f"{len(covers):,} places of cover are in OpenStreetMap, {len(stations):,} of them stations of the metro."
    ]
    if stations:
        told.append("Which stations lie below ground is seldom said there; strike out those that do not.")
    if unknown := sum(c.places is None for c in covers):
        told.append(
            f"{unknown:,} of them have no capacity there; their places are left empty, none is made up."
        )
    if without := sum(not s.doors for s in stations):
        told.append(f"{without:,} stations have no entrance; they are entered at their own point.")
    if alone:
        told.append(
            f"{alone:,} metro entrances are at no station within {_farthest_m():g} m and are left out."
        )
    return tuple(told)
