"""The rules of zones, and those that hold between the tables of a city."""

from __future__ import annotations

import re

import numpy as np
import shapely

from takecover.errors import Faults
from takecover.model import rules_ages, rules_demand, rules_network, rules_shelters, rules_ways
from takecover.model import rules_arrays as shared
from takecover.model.city import City, Zones
from takecover.model.demand import Demand
from takecover.model.network import EdgePoints, Network
from takecover.model.rules_arrays import Column
from takecover.model.shelters import Shelters

CITY_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""The name of a city stands in paths and addresses."""

ZONE_COLUMNS = (
    Column("zone_ids", str),
    Column("names", str),
    Column("names_uk", str),
    Column("outlines", object),
)

NEAR_DEG = 0.1
"""What is tied to a street lies at most so far outside the box of all streets [degree of latitude, some 11 km]."""

_POLYGONS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def admit_zones(zones: Zones, faults: Faults) -> Zones | None:
    """The zones with frozen arrays; None where their shape is broken. Notes every fault."""
    checked = shared.admit_arrays(zones, "zones", ZONE_COLUMNS, faults)
    if checked is not None:
        for rule in (zones_have_ids, zone_names_are_printable, outlines_are_polygons):
            rule(checked, faults)
    return checked


def zones_have_ids(zones: Zones, faults: Faults) -> None:
    """Each zone has an id of its own."""
    shared.ids_are_names("zones.zone_ids", zones.zone_ids, faults)


def zone_names_are_printable(zones: Zones, faults: Faults) -> None:
    """Names hold no control characters, in either language."""
    shared.texts_are_printable("zones.names", zones.names, zones.zone_ids, faults)
    shared.texts_are_printable("zones.names_uk", zones.names_uk, zones.zone_ids, faults)


def outlines_are_polygons(zones: Zones, faults: Faults) -> None:
    """Outlines are valid polygons in degrees, or None."""
    polygons_are_sound("zones.outlines", zones.outlines, zones.zone_ids, faults)


def polygons_are_sound(field: str, shapes: np.ndarray, ids: np.ndarray, faults: Faults) -> None:
    """Shapes are polygons that do not cross themselves and lie on Earth; None stands for unknown."""
    kinds = np.array([_kind(s) for s in shapes], dtype=np.str_)
    is_polygon = kinds == "polygon"
    is_strange = ~is_polygon & (kinds != "")
    faults.add_rows(field, is_strange, ids, kinds, "are no polygons", "Give Polygon or MultiPolygon")
    good = shapes.copy()
    good[~is_polygon] = None
    with np.errstate(invalid="ignore"):
        is_bad = is_polygon & ~shapely.is_valid(good)
        bounds = np.abs(shapely.bounds(good))
        is_off = is_polygon & ~(
            (bounds[:, [0, 2]] <= 180).all(axis=1) & (bounds[:, [1, 3]] <= 90).all(axis=1)
        )
    reasons = shapely.is_valid_reason(good)
    faults.add_rows(field, is_bad, ids, reasons, "cross themselves or are broken", "Mend the outline")
    faults.add_rows(field, is_off, ids, kinds, "are not on Earth", "Give degrees, WGS84, longitude first")


def _kind(shape: object) -> str:
    """``polygon``, empty for None, else what it is."""
    if shape is None:
        return ""
    if isinstance(shape, shapely.Geometry):
        return "polygon" if shapely.get_type_id(shape) in _POLYGONS else shape.geom_type
    return type(shape).__name__


def admit_city(city: City, faults: Faults) -> City:
    """The city with every table frozen. Notes every fault, within tables and between them."""
    city_is_named(city, faults)
    water = shared.admit_arrays(city, "city", (Column("water", object),), faults)
    network = rules_network.admit(city.network, faults)
    demand = rules_demand.admit(city.demand, faults)
    shelters = rules_shelters.admit(city.shelters, faults)
    zones = admit_zones(city.zones, faults)
    if water is not None:
        polygons_are_sound("city.water", city.water, np.arange(len(city.water)), faults)
    sources_are_complete(city, faults)
    notices_stand_in_both_languages(city, faults)
    modelled_streets_are_said(city, faults)
    if network is None or demand is None or shelters is None or zones is None or water is None:
        return city
    found = shelters.inspections
    ids = rules_ways.ids_of(found, shelters)
    rules_ways.openings_are_of_known_periods(found, ids, demand.periods, faults)
    ages = None if city.ages is None else rules_ages.admit(city.ages, demand, faults)
    origins_point_into_city(demand, network.segment_count, len(zones), faults)
    shelters_point_into_city(shelters, network.segment_count, len(zones), faults)
    what_is_on_a_street_is_near_the_streets(network, demand, shelters, faults)
    tables = {
        "network": network,
        "demand": demand,
        "shelters": shelters,
        "zones": zones,
        "water": water.water,
        "ages": ages,
    }
    if all(getattr(city, name) is table for name, table in tables.items()):
        return city
    return City(**{**vars(city), **tables})


def city_is_named(city: City, faults: Faults) -> None:
    """The short name fits a folder, and both titles are there."""
    if not CITY_NAME.fullmatch(city.name) or len(city.name) > 60:
        remedy = "Give lower-case letters, digits and single hyphens, 60 at most"
        faults.add(f"city.name: {city.name!a:.80} fits no folder. {remedy}.")
    for field in ("title", "title_uk"):
        text = np.array([getattr(city, field)], dtype=np.str_)
        if not text[0].strip():
            faults.add(f"city.{field}: is empty. Give the name as a page shows it.")
        shared.texts_are_printable(f"city.{field}", text, text, faults)


def sources_are_complete(city: City, faults: Faults) -> None:
    """Each source says what it gave, its name and its licence; OpenStreetMap is named on every output."""
    for source in city.sources:
        for field in ("subject", "name", "licence"):
            if not getattr(source, field).strip():
                faults.add(f"city.sources: {source.name or source.subject!r} has no {field}. Give it.")
        if "ODbL" in source.licence and "OpenStreetMap" not in source.attribution:
            remedy = "Give '© OpenStreetMap contributors'"
            faults.add(f"city.sources: {source.name!r} is under ODbL and has no attribution. {remedy}.")


def notices_stand_in_both_languages(city: City, faults: Faults) -> None:
    """Each notice stands in English and in Ukrainian, and neither is empty."""
    if len(city.notices) != len(city.notices_uk):
        found = f"{len(city.notices)} in English, {len(city.notices_uk)} in Ukrainian"
        faults.add(f"city.notices: {found}. Give each in both languages, in one order.")
    for notice in (*city.notices, *city.notices_uk):
        if not notice.strip():
            faults.add("city.notices: one is empty. Take it out or write it.")


def modelled_streets_are_said(city: City, faults: Faults) -> None:
    """A city whose streets are made up says so in a notice."""
    if city.is_modelled and not city.notices:
        faults.add("city.notices: none, though the streets are modelled. Say so in a notice.")


def origins_point_into_city(demand: Demand, segment_count: int, zone_count: int, faults: Faults) -> None:
    """Origins point at segments and zones that are there."""
    ids = demand.origin_ids
    shared.indices_are_in_range("demand.zone_idx", demand.zone_idx, zone_count, ids, faults, may_be_none=True)
    _snaps_point_at_segments("demand", demand.snap, segment_count, ids, faults)


def shelters_point_into_city(shelters: Shelters, segment_count: int, zone_count: int, faults: Faults) -> None:
    """Shelters point at zones and entrances at segments that are there."""
    ids = shelters.shelter_ids
    shared.indices_are_in_range(
        "shelters.zone_idx", shelters.zone_idx, zone_count, ids, faults, may_be_none=True
    )
    doors = shelters.entrances
    _snaps_point_at_segments("entrances", doors.snap, segment_count, doors.entrance_ids, faults)


def what_is_on_a_street_is_near_the_streets(
    network: Network, demand: Demand, shelters: Shelters, faults: Faults
) -> None:
    """Origins, doors and their shelters lie near the streets: no longitudes and latitudes are exchanged."""
    doors = shelters.entrances
    is_tied = doors.snap.segment_idx >= 0
    has_door = np.isin(np.arange(len(shelters)), doors.shelter_idx[is_tied])
    for subject, table, ids, is_meant in (
        ("demand", demand, demand.origin_ids, demand.snap.segment_idx >= 0),
        ("shelters", shelters, shelters.shelter_ids, has_door),
        ("entrances", doors, doors.entrance_ids, is_tied),
    ):
        # A place that is none on Earth, or no number, is told elsewhere.
        is_place = (np.abs(table.lon) <= 180) & (np.abs(table.lat) <= 90)
        is_far = is_meant & is_place & ~_is_near(network, table.lon, table.lat)
        if is_far.any():
            found = np.array(
                [f"lon {lon:g}, lat {lat:g}" for lon, lat in zip(table.lon, table.lat, strict=True)]
            )
            remedy = "Give degrees of this city; longitude and latitude may be exchanged here or in the nodes"
            faults.add_rows(f"{subject}.lon, lat", is_far, ids, found, "lie far from all streets", remedy)


def _is_near(network: Network, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Whether points lie in the box of the streets, or `NEAR_DEG` outside at most; so do all where it is no box."""
    if not len(network.lon) or not np.isfinite(network.lon + network.lat).all():
        return np.ones(len(lon), np.bool_)
    south, north = network.lat.min() - NEAR_DEG, network.lat.max() + NEAR_DEG
    wide = NEAR_DEG / max(float(np.cos(np.radians(max(abs(south), abs(north))))), 0.01)
    west, east = network.lon.min() - wide, network.lon.max() + wide
    return np.asarray((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))


def _snaps_point_at_segments(
    subject: str, snap: EdgePoints, segment_count: int, ids: np.ndarray, faults: Faults
) -> None:
    is_bad = snap.segment_idx >= segment_count
    remedy = f"Give -1 to {segment_count - 1}"
    faults.add_rows(
        f"{subject}.snap.segment_idx", is_bad, ids, snap.segment_idx, "point at no segment", remedy
    )
