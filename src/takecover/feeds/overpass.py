"""Asks the Overpass API for a city's area, its country and its streets."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, TypeGuard

from takecover.analysis import administration
from takecover.errors import InputError, SourceError
from takecover.feeds.courier import Courier, Wanted

URL = "https://overpass-api.de/api/interpreter"
"""The public service; a city's own works as well."""

MOST_BYTES = 500_000_000
LARGEST_LIST_BYTES = 5_000_000

WIDEST_DEGREES = 1.5
"""Largest side of an area that is asked for; a city is smaller, and a larger one is a load on a free service."""

Bbox = tuple[float, float, float, float]

_EDGE_DEGREES = 0.001
"""The box of a district may reach so far beyond that of its city, some 100 m: borders are drawn twice."""

_NAMES = ("name", "name:en", "name:uk", "official_name")
_STREETS = (
    'way["highway"]',
    'way["place"="square"]',
    'way["railway"="platform"]',
    'way["public_transport"="platform"]',
    'way["man_made"="pier"]',
    'relation["type"="multipolygon"]["highway"]',
    'relation["type"="multipolygon"]["place"="square"]',
)
_COVER = (
    'nwr["railway"="station"]',
    'node["railway"="subway_entrance"]',
    'nwr["military"="bunker"]',
    'nwr["amenity"="shelter"]',
    'relation["public_transport"="stop_area"]',
)


class Area(NamedTuple):
    """A place that OpenStreetMap knows.

    Attributes
    ----------
    relation_id
        Its relation.
    name
        What it is called, with its English name where it has one.
    level
        Its level of administration, 4 to 10; empty where it has none.
    bbox
        West, south, east, north [degree].
    """

    relation_id: int
    name: str
    level: str
    bbox: tuple[float, float, float, float]


class Country(NamedTuple):
    """ISO 3166 codes of a country, of two and of three letters; empty where not known."""

    alpha2: str
    alpha3: str


def find(courier: Courier, url: str, name: str) -> tuple[Area, ...]:
    """Find the boundaries of places of a name, exactly as it is written, in one of several languages.

    Raises
    ------
    SourceError
        If the service cannot be reached or answers with something else.
    """
    text = name.replace("\\", "\\\\").replace('"', '\\"')
    rules = "".join(f'relation["boundary"="administrative"]["{key}"="{text}"];' for key in _NAMES)
    return tuple(_areas(_ask(courier, url, f"[out:json][timeout:60];({rules});out tags bb;")))


def find_relation(courier: Courier, url: str, relation_id: int) -> Area:
    """The boundary of an id.

    Raises
    ------
    InputError
        If there is none.
    SourceError
        If the service cannot be reached or answers with something else.
    """
    found = tuple(_areas(_ask(courier, url, f"[out:json][timeout:60];relation({relation_id});out tags bb;")))
    if not found:
        raise InputError(
            f"--relation: {relation_id} is no relation with an extent. Give that of a city's boundary."
        )
    return found[0]


def districts(courier: Courier, url: str, area: Area | None, bbox: Bbox, level: str) -> tuple[Area, ...]:
    """The districts of a city: of the level that is said, else of the first level below its own that has two.

    Parameters
    ----------
    courier, url
        Who asks, and the service.
    area
        The boundary of the city; None where only its box is known, and then the level must be said.
    bbox
        West, south, east, north [degree].
    level
        ``admin_level``; empty to find it.

    Returns
    -------
    tuple of Area
        In ascending order of ids; none where nothing is known.

    Raises
    ------
    SourceError
        If the service cannot be reached or answers with something else.
    """
    rule = '["boundary"="administrative"]' + (f'["admin_level"="{level}"]' if level else '["admin_level"]')
    if area is not None:
        within = f"relation({area.relation_id});map_to_area->.a;relation(area.a){rule};"
    elif level:
        west, south, east, north = bbox
        within = f"relation({south:.5f},{west:.5f},{north:.5f},{east:.5f}){rule};"
    else:
        return ()
    found = sorted(set(_areas(_ask(courier, url, f"[out:json][timeout:180];{within}out tags bb;"))))
    if area is None:
        return tuple(found)
    inside = _inside(found, area)
    return inside if level else _below(inside, area)


def _inside(found: Sequence[Area], area: Area) -> tuple[Area, ...]:
    """Of what touches an area, what lies in it."""
    west, south, east, north = area.bbox
    return tuple(
        each
        for each in found
        if each.relation_id != area.relation_id
        and each.bbox[0] >= west - _EDGE_DEGREES
        and each.bbox[1] >= south - _EDGE_DEGREES
        and each.bbox[2] <= east + _EDGE_DEGREES
        and each.bbox[3] <= north + _EDGE_DEGREES
    )


def _below(inside: Sequence[Area], area: Area) -> tuple[Area, ...]:
    """Of what lies in an area, the first level below its own that has two."""
    by_level: dict[int, list[Area]] = {}
    for each in inside:
        if (number := administration.level(each.level)) is not None:
            by_level.setdefault(number, []).append(each)
    own = administration.level(area.level) or 0
    return next(
        (tuple(same) for number, same in sorted(by_level.items()) if number > own and len(same) > 1), ()
    )


def outlines(url: str, areas: Sequence[Area]) -> Wanted:
    """The order for the boundaries of some areas."""
    ids = ",".join(str(area.relation_id) for area in areas)
    query = f"[out:json][timeout:300][maxsize:{MOST_BYTES}];relation(id:{ids});(._;>;);out body;"
    return Wanted(url, (b"{",), MOST_BYTES, {"data": query})


def country(courier: Courier, url: str, lon: float, lat: float) -> Country:
    """The country of a place.

    Raises
    ------
    SourceError
        If the service cannot be reached or answers with something else.
    """
    query = (
        f"[out:json][timeout:60];is_in({lat:.5f},{lon:.5f})->.a;"
        'relation(pivot.a)["boundary"="administrative"]["admin_level"="2"];out tags;'
    )
    for element in _ask(courier, url, query):
        tags = element.get("tags")
        if isinstance(tags, dict):
            codes = [tags.get("ISO3166-1:alpha2") or tags.get("ISO3166-1"), tags.get("ISO3166-1:alpha3")]
            if all(isinstance(c, str) and c.isascii() and c.isalpha() for c in codes):
                return Country(str(codes[0]).upper(), str(codes[1]).upper())
    return Country("", "")


def streets(url: str, bbox: tuple[float, float, float, float]) -> Wanted:
    """The order for the streets, squares, stations and shelters of an area.

    Raises
    ------
    InputError
        If the area is wider than a free service should be asked for.
    """
    west, south, east, north = bbox
    if max(east - west, north - south) > WIDEST_DEGREES:
        raise InputError(
            f"the area is {east - west:.2f} by {north - south:.2f} degrees, more than {WIDEST_DEGREES:g}. "
            "Give --bbox of the city, or --streets-from geofabrik."
        )
    rules = "".join(f"{rule};" for rule in (*_STREETS, *_COVER))
    query = (
        f"[out:json][timeout:600][maxsize:{2 * MOST_BYTES}]"
        f"[bbox:{south:.5f},{west:.5f},{north:.5f},{east:.5f}];({rules});(._;>;);out body;"
    )
    return Wanted(url, (b"{",), MOST_BYTES, {"data": query})


def _ask(courier: Courier, url: str, query: str) -> list[dict[str, Any]]:
    """Elements of a small answer."""
    data = courier.text(url, LARGEST_LIST_BYTES, {"data": query})
    try:
        elements = json.loads(data)["elements"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SourceError(f"{url}: is no Overpass service ({error!s:.80}). Check the address.") from error
    if not isinstance(elements, list):
        raise SourceError(f"{url}: answers without a list of elements. Check the address.")
    return [element for element in elements if isinstance(element, dict)]


def _areas(elements: list[dict[str, Any]]) -> Iterator[Area]:
    seen = set()
    for element in elements:
        tags, relation_id, bbox = element.get("tags", {}), element.get("id"), _box(element.get("bounds"))
        if bbox is None or not isinstance(tags, dict) or not _is_id(relation_id) or relation_id in seen:
            continue
        seen.add(relation_id)
        names = dict.fromkeys(str(tags[key]) for key in ("name", "name:en") if tags.get(key))
        yield Area(relation_id, " / ".join(names), str(tags.get("admin_level", "")), bbox)


def _box(bounds: Any) -> Bbox | None:
    """West, south, east, north [degree]; None where they are no box on earth."""
    if not isinstance(bounds, dict):
        return None
    sides: list[Any] = [bounds.get(key) for key in ("minlon", "minlat", "maxlon", "maxlat")]
    if not all(isinstance(side, int | float) and not isinstance(side, bool) for side in sides):
        return None
    west, south, east, north = sides
    is_on_earth = -180 <= west <= east <= 180 and -90 <= south <= north <= 90
    return (float(west), float(south), float(east), float(north)) if is_on_earth else None


def _is_id(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**62
