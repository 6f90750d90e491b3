"""The ground of Model Kyiv on a plane in metres: districts, water, heights, and how dense streets and people are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from takecover.cities.model_kyiv import facts, fields
from takecover.dtypes import INDEX, NO_INDEX
from takecover.kernels import geodesy

CENTRE = (30.52, 50.45)
"""Where the plane touches the ground [degree]: the middle of the city."""

PLATEAU_HEIGHT_M = 90.0
"""Height of the right bank's plateau over the river [m]; sketched."""

SLOPE_WIDTH_M = 550.0
"""Width of the slope between plateau and river plain [m]; sketched."""

LEAST_STREETS = 0.02
"""Density of ways in woods and meadows, over that of the Old Town."""

LEAST_PEOPLE_PER_HA = 0.2
"""People where no quarter is [1/ha]."""

ISLAND_PEOPLE_PER_HA = 0.02
"""People on the islands of the Dnipro, which are parks [1/ha]."""


def to_plane(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """East and north of the city's middle [m]."""
    return geodesy.to_plane(lon, lat, *CENTRE)


def to_degrees(x_m: np.ndarray, y_m: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude [degree], rounded to six decimals: a tenth of a metre."""
    lon, lat = geodesy.to_degrees(x_m, y_m, *CENTRE)
    return np.round(lon, 6), np.round(lat, 6)


def flatten(shape: shapely.Geometry) -> shapely.Geometry:
    """A shape in degrees, on the plane."""
    return shapely.transform(shape, lambda points: np.stack(to_plane(points[:, 0], points[:, 1]), axis=1))


@dataclass(frozen=True, eq=False)
class Terrain:
    """The ground, as the fact tables tell it; every shape on the plane [m].

    Attributes
    ----------
    districts
        The ten districts, shape (10,) Polygon.
    water
        The Dnipro without its islands.
    plateau
        The high ground.
    streets
        Density of streets over that of the Old Town.
    people_per_ha
        Sketched density of people [1/ha]; districts are scaled to their totals later.
    """

    districts: np.ndarray
    water: shapely.Polygon
    plateau: shapely.Polygon
    streets: fields.Field
    people_per_ha: fields.Field

    @classmethod
    def from_facts(cls, seed: int) -> Terrain:
        """Read the fact tables and lay them on the plane; the seed makes the edges of quarters ragged."""
        districts = np.array([flatten(outline) for outline in facts.district_outlines()], dtype=object)
        quarters = to_plane(facts.numbers("quarters.csv", "lon"), facts.numbers("quarters.csv", "lat"))
        least = {"streets": LEAST_STREETS, "people_per_ha": LEAST_PEOPLE_PER_HA}
        density = fields.densest(*fields.ragged(np.random.default_rng((seed, 0))), *quarters, least)
        water = flatten(facts.water())
        islands = shapely.MultiPolygon([shapely.Polygon(shore) for shore in water.interiors])
        people_per_ha = density["people_per_ha"].less(islands, ISLAND_PEOPLE_PER_HA)
        return cls(districts, water, flatten(facts.plateau()), density["streets"], people_per_ha)

    @cached_property
    def dry_city(self) -> shapely.Geometry:
        """The city's ten districts less the water."""
        dry = shapely.union_all(self.districts).difference(self.water)
        shapely.prepare(dry)
        return dry

    def is_dry_city(self, x_m: np.ndarray, y_m: np.ndarray) -> np.ndarray:
        """True at points in a district and not in the water, shape (n,) bool."""
        is_in: np.ndarray = shapely.contains_xy(self.dry_city, x_m, y_m)
        return is_in

    def crosses_water(self, x_m: np.ndarray, y_m: np.ndarray, margin_m: float = 0.0) -> np.ndarray:
        """True where the straight way between two points comes nearer to the water than the margin.

        Parameters
        ----------
        x_m, y_m
            Both ends of each way [m], shape (n, 2).
        margin_m
            Distance that is too near [m].
        """
        crosses = np.zeros(len(x_m), dtype=bool)
        longest_m = float(np.hypot(x_m[:, 1] - x_m[:, 0], y_m[:, 1] - y_m[:, 0]).max(initial=0.0))
        # A way that begins farther off than the longest is long cannot cross; that spares nine of ten.
        vicinity = self.water.buffer(longest_m + margin_m + 1.0)
        water = self.water.buffer(margin_m) if margin_m else self.water
        shapely.prepare([vicinity, water])
        near = np.flatnonzero(shapely.contains_xy(vicinity, x_m[:, 0], y_m[:, 0]))
        ways = shapely.linestrings(np.stack([x_m[near], y_m[near]], axis=2))
        crosses[near] = shapely.intersects(water, ways)
        return crosses

    def district_of(self, x_m: np.ndarray, y_m: np.ndarray) -> np.ndarray:
        """District that each point lies in, or the nearest one, shape (n,) int32."""
        zone_idx = np.full(len(x_m), NO_INDEX, dtype=INDEX)
        for zone, outline in enumerate(self.districts):
            shapely.prepare(outline)
            zone_idx[shapely.contains_xy(outline, x_m, y_m)] = zone
        outside = np.flatnonzero(zone_idx == NO_INDEX)
        points = shapely.points(x_m[outside], y_m[outside])
        zone_idx[outside] = shapely.STRtree(self.districts).nearest(points)
        return zone_idx

    def height_m(self, x_m: np.ndarray, y_m: np.ndarray) -> np.ndarray:
        """Height over the river [m], to a tenth: 90 on the plateau, 0 on the plain, a smooth slope between."""
        foot = self.plateau.buffer(SLOPE_WIDTH_M)
        shapely.prepare([self.plateau, foot])
        height_m = np.where(shapely.contains_xy(self.plateau, x_m, y_m), PLATEAU_HEIGHT_M, 0.0)
        slope = np.flatnonzero((height_m == 0.0) & shapely.contains_xy(foot, x_m, y_m))
        away = shapely.distance(shapely.points(x_m[slope], y_m[slope]), self.plateau)
        fall = np.clip(away / SLOPE_WIDTH_M, 0.0, 1.0)
        height_m[slope] = np.round(PLATEAU_HEIGHT_M * (1.0 - fall * fall * (3.0 - 2.0 * fall)), 1)
        return height_m
