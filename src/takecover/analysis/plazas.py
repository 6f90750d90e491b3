"""Lets people walk straight across squares and other areas, not only round their edges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely

from takecover.kernels import geodesy

KIND = "square"
"""What a walk across an area is called among the kinds of street."""

MOST_POINTS = 64
"""Most points of one area that are joined with each other; with more, every n-th counts."""

SLACK_M = 0.05
"""A walk may touch the edge: rounded coordinates bend a straight edge by this much [m]."""

_SHORTEST_RING = 4


@dataclass(frozen=True, eq=False)
class Plaza:
    """An area that people walk across.

    Attributes
    ----------
    way_id
        Way or, below 0, relation that draws it.
    outer, inner
        Its edges and those of its holes: positions of nodes, the first and last the same, each shape (k,) int64.
    """

    way_id: int
    outer: tuple[np.ndarray, ...]
    inner: tuple[np.ndarray, ...]


@dataclass(frozen=True, eq=False)
class Across:
    """Straight walks across areas.

    Attributes
    ----------
    way_ids
        Area that each is a part of, shape (k,) int64.
    tail, head
        Positions of the nodes at its ends, shape (k,) int64.
    findings
        What could not be walked across, as sentences.
    """

    way_ids: np.ndarray
    tail: np.ndarray
    head: np.ndarray
    findings: tuple[str, ...]


def rings(parts: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    """Join lines end to end into rings; lines that close no ring are left out.

    Examples
    --------
    >>> rings([(1, 2, 3), (5, 4, 3), (5, 1), (8, 9)])
    ((1, 2, 3, 4, 5, 1),)
    """
    closed = [tuple(part) for part in parts if len(part) >= _SHORTEST_RING and part[0] == part[-1]]
    loose = [tuple(part) for part in parts if len(part) > 1 and part[0] != part[-1]]
    by_end: dict[int, list[int]] = {}
    for number, part in enumerate(loose):
        for end in (part[0], part[-1]):
            by_end.setdefault(end, []).append(number)
    is_used = [False] * len(loose)
    for number, part in enumerate(loose):
        if is_used[number]:
            continue
        is_used[number] = True
        chain = list(part)
        while chain[0] != chain[-1]:
            follower = next((k for k in by_end[chain[-1]] if not is_used[k]), None)
            if follower is None:
                break
            is_used[follower] = True
            more = loose[follower] if loose[follower][0] == chain[-1] else loose[follower][::-1]
            chain.extend(more[1:])
        if chain[0] == chain[-1] and len(chain) >= _SHORTEST_RING:
            closed.append(tuple(chain))
    return tuple(closed)


def across(areas: Sequence[Plaza], lon: np.ndarray, lat: np.ndarray, *, is_junction: np.ndarray) -> Across:
    """Join the points of each area that see each other.

    Parameters
    ----------
    areas
        The areas.
    lon, lat
        Nodes [degree, WGS84], shape (n,) float64.
    is_junction
        True where more than the edge of an area meets at a node, shape (n,) bool.

    Returns
    -------
    Across
        For each area, straight lines inside it between any two of its junctions, and between them and the corners
        around which the shortest walks bend. Neighbours along the edge are joined by the edge itself.

    Notes
    -----
    Shortest walks in a polygon with holes bend at its reflex corners only, so the lines hold every shortest walk
    between junctions. At most `MOST_POINTS` points of an area are joined: the lines grow with their square.

    References
    ----------
    Lozano-Pérez T., Wesley M. A. (1979) An algorithm for planning collision-free paths among polyhedral obstacles.
    Comm. ACM 22.
    """
    pairs: list[np.ndarray] = []
    way_ids: list[int] = []
    broken = 0
    for area in areas:
        found = _walks(area, lon, lat, is_junction)
        if found is None:
            broken += 1
        elif len(found):
            pairs.append(found)
            way_ids.extend([area.way_id] * len(found))
    told = f"Streets: {broken:,} squares have a broken outline and are walked round, not across."
    ends = np.concatenate(pairs) if pairs else np.zeros((0, 2), np.int64)
    return Across(np.array(way_ids, dtype=np.int64), ends[:, 0], ends[:, 1], (told,) if broken else ())


def _walks(area: Plaza, lon: np.ndarray, lat: np.ndarray, is_junction: np.ndarray) -> np.ndarray | None:
    """Pairs of nodes that see each other across the area, shape (k, 2) int64; None where it has no true outline."""
    rings_ = [*area.outer, *area.inner]
    nodes = np.unique(np.concatenate(rings_))
    middle = float(lon[nodes].mean()), float(lat[nodes].mean())
    x_m, y_m = geodesy.to_plane(lon[nodes], lat[nodes], *middle)
    place = dict(zip(nodes.tolist(), np.column_stack([x_m, y_m]).tolist(), strict=True))
    shape = _shape(area, place)
    if shape is None:
        return None
    doors = nodes[is_junction[nodes]]
    corners = np.setdiff1d(_corners(area, place), doors)
    points = np.concatenate([_thinned(doors, MOST_POINTS), _thinned(corners, MOST_POINTS - len(doors))])
    one, other = np.triu_indices(len(points), 1)
    pairs = np.sort(np.column_stack([points[one], points[other]]), axis=1)
    edges = {(min(a, b), max(a, b)) for ring in rings_ for a, b in pairwise(ring.tolist())}
    pairs = pairs[[(a, b) not in edges for a, b in pairs.tolist()]].reshape(-1, 2)
    lines = shapely.linestrings([[place[a], place[b]] for a, b in pairs.tolist()]) if len(pairs) else []
    room = shapely.buffer(shape, SLACK_M)
    shapely.prepare(room)
    return pairs[shapely.covers(room, lines)] if len(pairs) else pairs


def _shape(area: Plaza, place: dict[int, list[float]]) -> shapely.Geometry | None:
    """The area as a polygon on the plane; None where an edge crosses itself or nothing is left."""
    outer = [shapely.Polygon([place[i] for i in ring.tolist()]) for ring in area.outer]
    inner = [shapely.Polygon([place[i] for i in ring.tolist()]) for ring in area.inner]
    if not all(ring.is_valid for ring in (*outer, *inner)):
        return None
    shape = shapely.difference(shapely.union_all(outer), shapely.union_all(inner))
    return None if shape.is_empty else shape


def _corners(area: Plaza, place: dict[int, list[float]]) -> np.ndarray:
    """Nodes of the edges around which a walk inside may bend."""
    found = []
    for ring, is_hole in [*((r, False) for r in area.outer), *((r, True) for r in area.inner)]:
        points = np.array([place[i] for i in ring[:-1].tolist()])
        before, after = points - np.roll(points, 1, axis=0), np.roll(points, -1, axis=0) - points
        turn = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
        is_ccw = (
            np.sum(points[:, 0] * np.roll(points[:, 1], -1) - np.roll(points[:, 0], -1) * points[:, 1]) > 0
        )
        found.append(ring[:-1][turn < 0 if is_ccw != is_hole else turn > 0])
    return np.unique(np.concatenate(found))


def _thinned(nodes: np.ndarray, most: int) -> np.ndarray:
    """At most so many of the nodes, evenly."""
    if len(nodes) <= max(most, 0):
        return nodes
    return nodes[np.linspace(0, len(nodes) - 1, max(most, 0)).round().astype(np.int64)]
