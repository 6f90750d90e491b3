"""Which of a city's areas an alert speaks of, by its codes, its shapes or its words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from takecover.model.alert import Alert, Area, Circle
from takecover.model.city import City
from takecover.model.feed import WHOLE_CITY

_KM_PER_DEGREE = 111.32
_CIRCLE_POINTS = 48


@dataclass(frozen=True, eq=False)
class CityAreas:
    """The areas of a city that an alert can name.

    Attributes
    ----------
    outline
        The whole city [degree, WGS84].
    zone_ids
        Its districts, shape (z,) text.
    shapes
        Their outlines [degree, WGS84], z of them.
    names
        Area ids by every name, in lower case, that a message may give a district or the city.
    """

    outline: BaseGeometry
    zone_ids: tuple[str, ...]
    shapes: tuple[BaseGeometry, ...]
    names: Mapping[str, tuple[str, ...]]


def area_ids(alert: Alert, areas: CityAreas, codes: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The areas that any of an alert's blocks speaks of.

    Parameters
    ----------
    alert
        The message.
    areas
        The city's areas.
    codes
        Areas by the code that the source uses, as the feed's file says.

    Returns
    -------
    tuple of text
        Each area once, the whole city alone where it is meant; empty where all places are elsewhere. A place that
        nothing is known of counts as the whole city: an alert must not be lost over a code.
    """
    found: dict[str, None] = {}
    for area in (area for info in alert.infos for area in info.areas):
        found.update(dict.fromkeys(_of_area(area, areas, codes)))
    if not any(info.areas for info in alert.infos):
        return (WHOLE_CITY,)
    return (WHOLE_CITY,) if WHOLE_CITY in found else tuple(found)


def _of_area(area: Area, areas: CityAreas, codes: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    by_code = [area_id for _, code in area.geocodes for area_id in codes.get(code, ())]
    if by_code:
        return tuple(by_code)
    shapes = [shapely.Polygon(ring) for ring in area.polygons if len(ring) >= 4]
    shapes += [_disc(circle) for circle in area.circles]
    if shapes:
        return _touched(shapely.union_all([shapely.make_valid(shape) for shape in shapes]), areas)
    return areas.names.get(area.area_desc.strip().lower(), (WHOLE_CITY,))


def _touched(shape: BaseGeometry, areas: CityAreas) -> tuple[str, ...]:
    """Districts that a shape meets; the city where it has none, or where all of them are met."""
    if not shape.intersects(areas.outline):
        return ()
    touched = tuple(
        zone_id for zone_id, zone in zip(areas.zone_ids, areas.shapes, strict=True) if shape.intersects(zone)
    )
    return touched if 0 < len(touched) < len(areas.zone_ids) else (WHOLE_CITY,)


def _disc(circle: Circle) -> shapely.Polygon:
    """A circle on the ground as a polygon around it; of no radius, a point's worth."""
    radius_km = max(circle.radius_km, 0.001)
    angle = np.linspace(0, 2 * math.pi, _CIRCLE_POINTS, endpoint=False)
    # Drawn around the circle, so that nothing inside it is missed.
    reach = radius_km / math.cos(math.pi / _CIRCLE_POINTS) / _KM_PER_DEGREE
    lon = circle.lon + reach * np.cos(angle) / max(math.cos(math.radians(circle.lat)), 0.01)
    return shapely.Polygon(np.column_stack([lon, circle.lat + reach * np.sin(angle)]))


def areas_of(city: City) -> CityAreas:
    """The areas of a city: its districts that have outlines, by their ids and names, and the city by its titles.

    Where no district has an outline, the city is the smallest convex shape round its streets.
    """
    zones = city.zones
    names: dict[str, tuple[str, ...]] = {}
    for zone_id, *said in zip(zones.zone_ids, zones.zone_ids, zones.names, zones.names_uk, strict=True):
        names.update({str(name).strip().lower(): (str(zone_id),) for name in said if str(name).strip()})
    for title in (city.name, city.title, city.title_uk):
        if title.strip():
            names[title.strip().lower()] = (WHOLE_CITY,)
    drawn = [(str(name), shape) for name, shape in zip(zones.zone_ids, zones.outlines, strict=True) if shape]
    shapes = tuple(shape for _, shape in drawn)
    outline = (
        shapely.union_all(shapes)
        if shapes
        else shapely.MultiPoint(np.column_stack([city.network.lon, city.network.lat])).convex_hull
    )
    return CityAreas(outline, tuple(zone_id for zone_id, _ in drawn), shapes, names)
