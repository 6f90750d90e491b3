"""Makes the network of parsed streets: in spatial order, whatever the order of the file."""

from __future__ import annotations

import numpy as np

from takecover.analysis.climb import climbs
from takecover.analysis.order import spatial
from takecover.analysis.parsed import ParsedStreets
from takecover.analysis.swap import Box
from takecover.dtypes import INDEX
from takecover.errors import InputError
from takecover.kernels import geodesy
from takecover.model.network import Network


def network(streets: ParsedStreets) -> tuple[Network, np.ndarray]:
    """Order nodes in space and segments by their ends, and measure the segments.

    Parameters
    ----------
    streets
        Parsed streets.

    Returns
    -------
    Network
        The network; climbs are unknown where the heights of both ends are not known.
    np.ndarray
        Its segment for each segment of the parsed table, shape (s,) int64.

    Raises
    ------
    InputError
        If there is no walkable street.
    """
    refuse_none(streets)
    order = spatial(streets.lon, streets.lat, streets.node_ids)
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    tail, head = place[streets.tail], place[streets.head]
    sequence = np.lexsort((tail, streets.way_ids, np.maximum(tail, head), np.minimum(tail, head)))
    position = np.empty(len(sequence), np.int64)
    position[sequence] = np.arange(len(sequence))
    length_m = lengths(streets)
    ordered = Network(
        node_ids=streets.node_ids[order],
        lon=streets.lon[order],
        lat=streets.lat[order],
        tail=tail[sequence].astype(INDEX),
        head=head[sequence].astype(INDEX),
        length_m=length_m[sequence],
        climb_m=climbs(streets, length_m)[sequence],
        is_steps=streets.is_steps[sequence],
        is_oneway=streets.is_oneway[sequence],
    )
    return ordered, position


def refuse_none(streets: ParsedStreets) -> None:
    """Refuse streets of which there are none.

    Raises
    ------
    InputError
        As said.
    """
    if len(streets.tail) == 0:
        raise InputError("streets: no walkable street found. Give a file that holds streets of the city.")


def lengths(streets: ParsedStreets) -> np.ndarray:
    """Length of each segment [m], shape (s,) float64: straight, by the scale of a degree at its middle."""
    lon_m, lat_m = geodesy.metres_per_degree((streets.lat[streets.tail] + streets.lat[streets.head]) / 2)
    east = (streets.lon[streets.head] - streets.lon[streets.tail]) * lon_m
    north = (streets.lat[streets.head] - streets.lat[streets.tail]) * lat_m
    return np.asarray(np.hypot(east, north))


def area(network: Network | ParsedStreets, margin_m: float) -> Box:
    """Bounding box of the nodes, widened by a margin [m]."""
    west, east = float(network.lon.min()), float(network.lon.max())
    south, north = float(network.lat.min()), float(network.lat.max())
    lon_m, lat_m = geodesy.metres_per_degree((south + north) / 2)
    return Box(
        west - float(margin_m / lon_m),
        south - float(margin_m / lat_m),
        east + float(margin_m / lon_m),
        north + float(margin_m / lat_m),
    )
