"""Tables as a reader hands them over: what a file says, before it is placed on a network and checked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from takecover.model.ages import AgeClass
from takecover.model.city import Source

UNKNOWN, NO, YES = -1, 0, 1
"""What a file says of a question that has a third answer."""


@dataclass(frozen=True, eq=False)
class ParsedStreets:
    """Walkable streets: n nodes, and s straight segments between consecutive nodes of a way.

    Attributes
    ----------
    node_ids
        Outside id, unique, shape (n,) int64.
    lon, lat
        Position [degree, WGS84], shape (n,) float64.
    way_ids
        Way that each segment is a part of; its segments stand together and in its order, shape (s,) int64.
    tail, head
        Positions of the nodes at its ends, shape (s,) int64.
    highway
        Kind of street in OSM's words, shape (s,) text.
    is_steps, is_oneway
        As in `model.network.Network`, shape (s,) bool.
    source
        Where it came from.
    findings
        What the reader left out and why, as sentences.
    is_off_ground
        True on bridges and in tunnels, shape (s,) bool; None where the file does not say.
    height_m
        Height of the ground at each node [m], NaN where unknown, shape (n,) float64; None where no heights were given.
    height_source
        Where the heights came from; None where none were given.
    """

    node_ids: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    way_ids: np.ndarray
    tail: np.ndarray
    head: np.ndarray
    highway: np.ndarray
    is_steps: np.ndarray
    is_oneway: np.ndarray
    source: Source
    findings: tuple[str, ...] = ()
    is_off_ground: np.ndarray | None = None
    height_m: np.ndarray | None = None
    height_source: Source | None = None

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where the streets and, if given, the heights came from."""
        return (self.source,) if self.height_source is None else (self.source, self.height_source)


@dataclass(frozen=True, eq=False)
class ParsedDoors:
    """Entrances of shelters, d of them.

    Attributes
    ----------
    door_ids
        Outside id, unique, shape (d,) text.
    row_idx
        Row of the shelter list that the door leads into, shape (d,) int64.
    lon, lat
        Position [degree, WGS84], shape (d,) float64.
    step_free
        Whether a wheelchair gets in: YES, NO or UNKNOWN, shape (d,) int8.
    """

    door_ids: np.ndarray
    row_idx: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    step_free: np.ndarray


@dataclass(frozen=True, eq=False)
class ParsedShelters:
    """Rows of a shelter list, in its order.

    Attributes
    ----------
    shelter_ids
        Outside id, unique, shape (r,) text.
    names
        Name or address, empty where unknown, shape (r,) text.
    kinds
        One of `model.rules_shelters.KINDS`, shape (r,) text.
    lon, lat
        Position as the file gives it [degree]; NaN where it gives none, shape (r,) float64.
    capacity
        Places, shape (r,) int64.
    step_free
        Whether a wheelchair gets in: YES, NO or UNKNOWN, shape (r,) int8.
    is_withheld
        True where the public must not be shown it, shape (r,) bool.
    line
        Line of the file, from 1, shape (r,) int64.
    source
        Where it came from.
    findings
        What the reader saw and did not use, as sentences.
    doors
        Entrances, where the source has them; a shelter without one is entered at its own point.
    """

    shelter_ids: np.ndarray
    names: np.ndarray
    kinds: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    capacity: np.ndarray
    step_free: np.ndarray
    is_withheld: np.ndarray
    line: np.ndarray
    source: Source
    findings: tuple[str, ...] = ()
    doors: ParsedDoors | None = None

    def __len__(self) -> int:
        return len(self.shelter_ids)


@dataclass(frozen=True, eq=False)
class ParsedPeople:
    """People at points, in the order of the file.

    Attributes
    ----------
    origin_ids
        Outside id, unique, shape (r,) text.
    lon, lat
        Position [degree, WGS84], shape (r,) float64.
    people
        People, at least 0, not whole in many sources, shape (r,) float64.
    line
        Line of the file, from 1, shape (r,) int64.
    source
        Where it came from.
    findings
        What the reader saw and did not use, as sentences.
    """

    origin_ids: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    people: np.ndarray
    line: np.ndarray
    source: Source
    findings: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.origin_ids)


@dataclass(frozen=True, eq=False)
class ParsedAreas:
    """People of areas: statistical areas, cells of a grid, hexagons.

    Attributes
    ----------
    area_ids
        Outside id, unique, shape (r,) text.
    shapes
        Valid Polygon or MultiPolygon [degree, WGS84], shape (r,) object.
    people
        People, at least 0, not whole in many sources, shape (r,) float64.
    ages
        People by class of age, shape (r, a) float64; all 0 where an area says nothing.
    age_classes
        The a classes, from the youngest; none where the source has no ages.
    is_cell
        True where areas are cells that are in a city or out of it as a whole, by their middle.
    line
        Row of the file, from 1, shape (r,) int64.
    source
        Where it came from.
    findings
        What the reader saw and did not use, as sentences.
    """

    area_ids: np.ndarray
    shapes: np.ndarray
    people: np.ndarray
    ages: np.ndarray
    age_classes: tuple[AgeClass, ...]
    is_cell: bool
    line: np.ndarray
    source: Source
    findings: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.area_ids)


@dataclass(frozen=True, eq=False)
class ParsedTotals:
    """People of districts by name, without outlines.

    Attributes
    ----------
    names
        Names as the file has them, shape (r,) text.
    people, ages, age_classes, line, source, findings
        As in `ParsedAreas`.
    """

    names: np.ndarray
    people: np.ndarray
    ages: np.ndarray
    age_classes: tuple[AgeClass, ...]
    line: np.ndarray
    source: Source
    findings: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.names)


@dataclass(frozen=True, eq=False)
class ParsedHouses:
    """Houses of which the size is known and not the people.

    Attributes
    ----------
    house_ids
        Outside id, unique, shape (r,) text.
    lon, lat
        A point inside [degree, WGS84], shape (r,) float64.
    floor_area_m2
        Footprint times floors [m2], at least 0, shape (r,) float64.
    source
        Where it came from.
    findings
        What the reader saw and did not use, as sentences.
    """

    house_ids: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    floor_area_m2: np.ndarray
    source: Source
    findings: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.house_ids)


@dataclass(frozen=True)
class PeriodPeople:
    """Everything that is known of people in one period.

    Attributes
    ----------
    period
        Its name, such as ``night``.
    totals
        How many there are: a number, areas, or districts by name; None where `houses` say it.
    houses
        Where they are: points with people, or houses by size; None where they are spread along streets. Points
        beside `totals` are a measure of size only.
    """

    period: str
    totals: int | ParsedAreas | ParsedTotals | None
    houses: ParsedPeople | ParsedHouses | None


@dataclass(frozen=True, eq=False)
class ParsedDistricts:
    """Districts of a city, one row for each outline of the file.

    Attributes
    ----------
    zone_ids
        Outside id; rows of one id are parts of one district, shape (r,) text.
    names
        Name in English where the file has it, else in the language of the place, shape (r,) text.
    names_uk
        Name in Ukrainian, empty where the file has none, shape (r,) text.
    shapes
        Outline [degree, WGS84] as the file has it, or None, shape (r,) object.
    line
        Row of the file, from 1, shape (r,) int64.
    source
        Where it came from.
    findings
        What the reader saw and did not use, as sentences.
    """

    zone_ids: np.ndarray
    names: np.ndarray
    names_uk: np.ndarray
    shapes: np.ndarray
    line: np.ndarray
    source: Source
    findings: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.zone_ids)
