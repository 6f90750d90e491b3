"""Polygons as cities give them: mended where that is safe, compared with each other, and points found in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from takecover.dtypes import NO_INDEX

SAFE_SHARE = 0.01
"""A mended outline may differ from the given one by this share of its area; where it differs more, a person decides."""

OVERLAP_SHARE = 0.01
"""Two areas overlap where they share more than this of the smaller; less is the width of a pen."""

_POLYGONS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


@dataclass(frozen=True, eq=False)
class Mended:
    """Outlines after mending.

    Attributes
    ----------
    shapes
        Valid Polygon or MultiPolygon; the given shape where it is beyond mending, shape (n,) object.
    is_mended
        True where the outline crossed itself and was put right, shape (n,) bool.
    faults
        What is wrong, in words, where it is beyond mending; empty elsewhere, shape (n,) text.
    """

    shapes: np.ndarray
    is_mended: np.ndarray
    faults: np.ndarray


def mend(shapes: np.ndarray) -> Mended:
    """Make outlines valid where the area stays what it was.

    Parameters
    ----------
    shapes
        Geometries [degree] or None, shape (n,) object.

    Notes
    -----
    An outline that crosses itself encloses an area only by convention. Where the valid outline encloses the area
    that the given one has by the shoelace formula, to 1 %, the crossing is a slip at the edge and the valid one is
    taken. Where it does not (a figure of eight), nobody but its author knows what was meant.

    Examples
    --------
    >>> bow_tie = shapely.from_wkt("POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))")
    >>> mend(np.array([bow_tie], object)).faults.tolist()
    ['crosses itself so that nobody can tell what is inside']
    """
    good = np.array(shapes, dtype=object)
    faults = np.full(len(good), "", dtype="<U80")
    is_none = shapely.is_missing(good) | shapely.is_empty(good)
    kind = shapely.get_type_id(good)
    faults[~is_none & ~np.isin(kind, _POLYGONS)] = "is no polygon"
    faults[is_none] = "has no shape"
    points, owner = shapely.get_coordinates(good, return_index=True)
    with np.errstate(invalid="ignore"):
        is_off = ~((np.abs(points[:, 0]) <= 180) & (np.abs(points[:, 1]) <= 90))
    is_on_earth = np.bincount(owner, is_off, minlength=len(good)) == 0
    faults[(faults == "") & ~is_on_earth] = "is not on Earth"
    bad = np.flatnonzero(faults == "")
    bad = bad[~shapely.is_valid(good[bad])]
    valid = np.array([_polygons_of(shape) for shape in shapely.make_valid(good[bad])], dtype=object)
    with np.errstate(invalid="ignore"):
        before, after = shapely.area(good[bad]), shapely.area(valid)
        is_safe = (after > 0) & (np.abs(after - before) <= SAFE_SHARE * after)
    faults[bad[~is_safe]] = "crosses itself so that nobody can tell what is inside"
    good[bad[is_safe]] = valid[is_safe]
    is_mended = np.zeros(len(good), bool)
    is_mended[bad[is_safe]] = True
    return Mended(good, is_mended, faults)


def _polygons_of(shape: shapely.Geometry) -> shapely.Geometry:
    """What of a shape has an area, as one Polygon or MultiPolygon."""
    if shapely.get_type_id(shape) in _POLYGONS:
        return shape
    parts = shapely.get_parts(shapely.get_parts([shape]))
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])


def overlaps(shapes: np.ndarray) -> list[tuple[int, int]]:
    """Pairs of valid polygons that share more than 1 % of the smaller, each pair once, in order."""
    tree = shapely.STRtree(shapes)
    one, other = tree.query(shapes, predicate="intersects")
    is_first = one < other
    one, other = one[is_first], other[is_first]
    shared = shapely.area(shapely.intersection(shapes[one], shapes[other]))
    least = np.minimum(shapely.area(shapes[one]), shapely.area(shapes[other]))
    is_much = shared > OVERLAP_SHARE * least
    return sorted(zip(one[is_much].tolist(), other[is_much].tolist(), strict=True))


def locate(shapes: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Which polygon each point lies in; the first of the table where in several, -1 where in none.

    Parameters
    ----------
    shapes
        Valid polygons [degree] or None, shape (r,) object.
    lon, lat
        Points [degree], shape (n,) float64.

    Returns
    -------
    np.ndarray
        Positions, shape (n,) int64. A point on an edge is inside.
    """
    found = np.full(len(lon), len(shapes), np.int64)
    if len(lon) and len(shapes):
        shape_idx, point_idx = shapely.STRtree(shapely.points(lon, lat)).query(shapes, predicate="intersects")
        np.minimum.at(found, point_idx, shape_idx)
    return np.where(found == len(shapes), NO_INDEX, found)
