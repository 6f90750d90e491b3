"""What a map of a city is drawn from: streets as few long lines, water and districts as plain outlines, shelters."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from takecover.model.city import City
from takecover.model.network import Network

DECIMALS = 5
"""Decimals of a degree that are given: about a metre."""

SIMPLER_BY_DEG = 2e-5
"""How far a drawn line may be from the true one [degree]: about two metres."""


def street_lines(network: Network) -> list[np.ndarray]:
    """The streets as lines, each joined over every node at which only two segments meet.

    Parameters
    ----------
    network
        The walkable network.

    Returns
    -------
    list
        Lines as [degree] (points, 2), lon before lat; together they run along every segment of some length.
    """
    if not network.segment_count:
        return []
    place = np.column_stack([network.lon, network.lat])
    ends = np.stack([place[network.tail], place[network.head]], axis=1)
    ends = ends[(ends[:, 0] != ends[:, 1]).any(axis=1)]
    joined = shapely.line_merge(shapely.multilinestrings(shapely.linestrings(ends)))
    return _coordinates(shapely.simplify(shapely.get_parts(joined), SIMPLER_BY_DEG, preserve_topology=False))


def _coordinates(lines: np.ndarray) -> list[np.ndarray]:
    coordinates, line_idx = shapely.get_coordinates(lines, return_index=True)
    starts = np.searchsorted(line_idx, np.arange(1, len(lines)))
    return np.split(coordinates.round(DECIMALS), starts)


def outline(shape: Any) -> list[list[np.ndarray]]:
    """A shape as polygons, each a list of rings [degree] (points, 2); none where the shape is None or empty.

    Parameters
    ----------
    shape
        Polygon or MultiPolygon [degree, WGS84], or None.
    """
    if shape is None:
        return []
    polygons = [
        part for part in shapely.get_parts(shapely.simplify(shape, SIMPLER_BY_DEG)) if not part.is_empty
    ]
    return [
        [shapely.get_coordinates(ring).round(DECIMALS) for ring in (polygon.exterior, *polygon.interiors)]
        for polygon in polygons
        if polygon.geom_type == "Polygon"
    ]


def shown_shelters(city: City, has_withheld: bool) -> np.ndarray:
    """Positions of the shelters that a map may show.

    Parameters
    ----------
    city
        The city.
    has_withheld
        True for the office, which sees withheld ones too.
    """
    return np.flatnonzero(np.ones(len(city.shelters), bool) if has_withheld else ~city.shelters.is_withheld)


def bbox(city: City) -> tuple[float, float, float, float]:
    """West, south, east, north of the streets [degree]; of nothing where there are none."""
    lon, lat = city.network.lon, city.network.lat
    if not len(lon):
        return (0.0, 0.0, 0.0, 0.0)
    west, south, east, north = (
        float(v.round(DECIMALS)) for v in (lon.min(), lat.min(), lon.max(), lat.max())
    )
    return west, south, east, north
