"""Ties points to the nearest street: exact nearest segment on the plane of the city."""

from __future__ import annotations

import numpy as np
import shapely

from takecover.dtypes import INDEX, NO_INDEX
from takecover.kernels import geodesy
from takecover.model.network import EdgePoints, Network


def snap(network: Network, lon: np.ndarray, lat: np.ndarray, limit_m: float) -> EdgePoints:
    """Tie each point to the nearest point of the nearest segment.

    Parameters
    ----------
    network
        The streets.
    lon, lat
        Points [degree, WGS84], finite, shape (n,) float64.
    limit_m
        Farthest that a point may lie from its segment [m].

    Returns
    -------
    EdgePoints
        n points. Beyond the limit `segment_idx` is -1 and `fraction` 0, and `offset_m` still says how far
        the nearest segment is (infinite where the network has none).

    Notes
    -----
    Distances are straight lines on the plane that touches the middle of the network (`kernels.geodesy`). A tie goes
    to the lowest position in the table of segments. An R-tree over the segments: n log s.

    Examples
    --------
    >>> from takecover.cities import toys
    >>> streets = toys.grid(2, 1, 100.0).network
    >>> points = snap(streets, streets.lon[:1], streets.lat[:1], limit_m=50.0)
    >>> points.segment_idx.tolist(), points.fraction.round(6).tolist()
    ([0], [0.0])
    """
    count = len(lon)
    if network.segment_count == 0 or count == 0:
        return EdgePoints(np.full(count, NO_INDEX, INDEX), np.zeros(count), np.full(count, np.inf))
    lon0, lat0 = middle(network)
    nodes = np.column_stack(geodesy.to_plane(network.lon, network.lat, lon0, lat0))
    points = np.column_stack(geodesy.to_plane(lon, lat, lon0, lat0))
    nearest = _nearest(nodes, network, points)
    fraction, offset_m = _project(points, nodes[network.tail[nearest]], nodes[network.head[nearest]])
    is_near = offset_m <= limit_m
    segment_idx = np.where(is_near, nearest, NO_INDEX).astype(INDEX)
    return EdgePoints(segment_idx, np.where(is_near, fraction, 0.0), offset_m)


def middle(network: Network) -> tuple[float, float]:
    """Longitude and latitude of the middle of the network's bounding box [degree]."""
    west, east = float(network.lon.min()), float(network.lon.max())
    south, north = float(network.lat.min()), float(network.lat.max())
    return (west + east) / 2, (south + north) / 2


def _nearest(nodes: np.ndarray, network: Network, points: np.ndarray) -> np.ndarray:
    """Lowest position among the nearest segments of each point, shape (n,) int64."""
    ends = np.stack([nodes[network.tail], nodes[network.head]], axis=1)
    tree = shapely.STRtree(shapely.linestrings(ends))
    point_idx, segment_idx = tree.query_nearest(shapely.points(points), all_matches=True)
    nearest = np.full(len(points), network.segment_count, np.int64)
    np.minimum.at(nearest, point_idx, segment_idx)
    return nearest


def _project(points: np.ndarray, tails: np.ndarray, heads: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Share of the way from tail to head that lies nearest to each point, and the distance [m]."""
    along = heads - tails
    squared = np.einsum("ij,ij->i", along, along)
    dot = np.einsum("ij,ij->i", points - tails, along)
    fraction = np.clip(np.divide(dot, squared, out=np.zeros(len(points)), where=squared > 0), 0.0, 1.0)
    foot = tails + fraction[:, None] * along
    return fraction, np.hypot(points[:, 0] - foot[:, 0], points[:, 1] - foot[:, 1])
