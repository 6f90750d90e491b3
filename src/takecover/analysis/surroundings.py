"""What is known around a register: streets, districts, water, homes, entrances; how far points lie from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from takecover.analysis.islands import is_off_mainland
from takecover.analysis.snap import snap
from takecover.analysis.swap import Box
from takecover.dtypes import NO_INDEX
from takecover.kernels import geodesy
from takecover.model.city import Zones
from takecover.model.network import EdgePoints, Network


@dataclass(frozen=True, eq=False)
class Points:
    """Places of one sort: homes, entrances.

    Attributes
    ----------
    lon, lat
        Position [degree], shape (n,) float64.
    names
        What they are called, empty where unknown, shape (n,) text.
    people
        People there; 0 for what is no home, shape (n,) float64.
    """

    lon: np.ndarray
    lat: np.ndarray
    names: np.ndarray
    people: np.ndarray

    def __len__(self) -> int:
        return len(self.lon)


@dataclass(frozen=True)
class Radii:
    """Distances and ages of the rules, as the table of parameters has them.

    Attributes
    ----------
    street_m, home_m, entrance_m, duplicate_m
        Farthest from a street, from a home, from an entrance; nearest that two shelters are expected to lie [m].
    verified_d
        Days for which a check of a shelter is good.
    least_area_m2
        Least floor area of one place in any norm profile [m2].
    """

    street_m: float
    home_m: float
    entrance_m: float
    duplicate_m: float
    verified_d: float
    least_area_m2: float


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What is known around a register; None where nothing is.

    Attributes
    ----------
    radii
        Distances and ages of the rules.
    today
        Day of the check, datetime64[D].
    network
        Streets.
    zones
        Districts.
    water
        Shapes of water, shape (w,) object.
    homes, entrances
        Where people live; entrances of metro stations, by the station's name.
    are_homes_exact
        False where homes are middles of areas, from which no distance is told.
    """

    radii: Radii
    today: np.datetime64
    network: Network | None = None
    zones: Zones | None = None
    water: np.ndarray | None = None
    homes: Points | None = None
    entrances: Points | None = None
    are_homes_exact: bool = True

    @cached_property
    def known(self) -> frozenset[str]:
        """Names of what is known."""
        have = {
            "streets": self.network is not None,
            "districts": self.zones is not None and len(self.zones) > 0,
            "water": self.water is not None and len(self.water) > 0,
            "homes": self.homes is not None and len(self.homes) > 0 and self.are_homes_exact,
            "stations": self.entrances is not None and len(self.entrances) > 0,
        }
        return frozenset(name for name, is_there in have.items() if is_there)

    @cached_property
    def area(self) -> Box | None:
        """The box of streets, districts, homes and entrances; None where there is none."""
        boxes = []
        if self.network is not None and self.network.node_count:
            boxes.append((self.network.lon, self.network.lat))
        for points in (self.homes, self.entrances):
            if points is not None and len(points):
                boxes.append((points.lon, points.lat))
        corners = [(lon.min(), lat.min(), lon.max(), lat.max()) for lon, lat in boxes]
        if self.zones is not None and len(self.zones):
            corners.append(tuple(shapely.total_bounds(self.zones.outlines)))
        if not corners:
            return None
        west, south, east, north = np.array(corners).T
        return Box(float(west.min()), float(south.min()), float(east.max()), float(north.max()))

    def snapped(self, lon: np.ndarray, lat: np.ndarray) -> EdgePoints | None:
        """Each point on its nearest street; NaN points lie on none. None without streets."""
        if self.network is None:
            return None
        has_point = np.isfinite(lon) & np.isfinite(lat)
        some = snap(self.network, lon[has_point], lat[has_point], self.radii.street_m)
        points = EdgePoints(
            np.full(len(lon), NO_INDEX, some.segment_idx.dtype), np.zeros(len(lon)), np.full(len(lon), np.nan)
        )
        points.segment_idx[has_point] = some.segment_idx
        points.fraction[has_point] = some.fraction
        points.offset_m[has_point] = some.offset_m
        return points

    def is_on_island(self, points: EdgePoints) -> np.ndarray:
        """True for each point tied to streets that no way joins to the rest."""
        if self.network is None:
            return np.zeros(len(points.segment_idx), dtype=np.bool_)
        return np.asarray(np.append(is_off_mainland(self.network), False)[points.segment_idx])


def zone_of(zones: Zones, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """District that each point lies in, the lowest where in two; -1 where in none, shape (n,) int64."""
    found = np.full(len(lon), NO_INDEX, np.int64)
    has_point = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    if len(zones) == 0 or has_point.size == 0:
        return found
    tree = shapely.STRtree(zones.outlines)
    point_idx, zone_idx = tree.query(shapely.points(lon[has_point], lat[has_point]), predicate="intersects")
    lowest = np.full(len(has_point), len(zones), np.int64)
    np.minimum.at(lowest, point_idx, zone_idx)
    found[has_point] = np.where(lowest == len(zones), NO_INDEX, lowest)
    return found


def plane(lon: np.ndarray, lat: np.ndarray, *others: Points) -> list[np.ndarray]:
    """Points on one plane [m]: those of a register first, shape (n, 2) each; NaN stays NaN."""
    has_point = np.isfinite(lon) & np.isfinite(lat)
    lon0 = float(lon[has_point].mean()) if has_point.any() else 0.0
    lat0 = float(lat[has_point].mean()) if has_point.any() else 0.0
    tables: Sequence[tuple[np.ndarray, np.ndarray]] = [(lon, lat), *((each.lon, each.lat) for each in others)]
    return [np.column_stack(geodesy.to_plane(x, y, lon0, lat0)) for x, y in tables]


def nearest_m(points: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Distance of each point to the nearest other one [m]; NaN where the point is not known."""
    found = np.full(len(points), np.nan)
    has_point = np.isfinite(points).all(axis=1)
    if not has_point.any() or len(others) == 0:
        return found
    tree = shapely.STRtree(shapely.points(others))
    pairs, distance = tree.query_nearest(
        shapely.points(points[has_point]), return_distance=True, all_matches=False
    )
    found[np.flatnonzero(has_point)[pairs[0]]] = distance
    return found
