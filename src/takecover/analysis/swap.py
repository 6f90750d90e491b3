"""Tells whether a list has its latitudes and longitudes the wrong way round, by where the streets are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FEW_ROWS = 10
"""This many rows in place are no accident."""

STRAY_SHARE = 0.01
"""Of rows that are in place when swapped, at most this share may be in place as given."""


@dataclass(frozen=True)
class Box:
    """An area between two meridians and two parallels [degree]."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """True for each point within, edges included; NaN is without."""
        with np.errstate(invalid="ignore"):
            return np.asarray(
                (lon >= self.west) & (lon <= self.east) & (lat >= self.south) & (lat <= self.north)
            )

    def meets_its_mirror(self) -> bool:
        """True where a place and its swapped place can both lie within."""
        return self.west <= self.north and self.south <= self.east


@dataclass(frozen=True)
class Verdict:
    """How a list lies to the streets, as given and swapped.

    Attributes
    ----------
    rows
        Rows that have a position.
    inside_as_given, inside_swapped
        Rows in the area of the streets, as given and with latitude and longitude swapped.
    is_suspected
        True where more rows lie inside swapped than as given.
    is_beyond_doubt
        True where the rule of `judge` holds.
    """

    rows: int
    inside_as_given: int
    inside_swapped: int
    is_suspected: bool
    is_beyond_doubt: bool


def judge(lon: np.ndarray, lat: np.ndarray, area: Box) -> Verdict:
    """Compare a list with the area of the streets, as given and swapped.

    A swap is **beyond doubt** when all of this holds:

    1. the area does not meet its own mirror image, so that no place is inside both ways;
    2. as given, at most 1 row lies inside for every 100 that lie inside swapped;
    3. swapped, at least 10 rows lie inside, or at least half of all rows that have a position.

    Rows that are outside both ways say nothing: a national list holds mostly other cities.

    Parameters
    ----------
    lon, lat
        The columns under these names as the file has them [degree]; NaN where empty, shape (n,) float64.
    area
        Bounding box of the streets, widened by the limit of snapping.

    Examples
    --------
    >>> area = Box(17.6, 59.8, 17.7, 59.9)
    >>> judge(np.array([59.85, 59.86]), np.array([17.65, 17.66]), area).is_beyond_doubt
    True
    """
    rows = int((np.isfinite(lon) & np.isfinite(lat)).sum())
    given = int(area.holds(lon, lat).sum())
    swapped = int(area.holds(lat, lon).sum())
    is_many = swapped >= FEW_ROWS or 2 * swapped >= rows > 0
    is_clear = given <= STRAY_SHARE * swapped and not area.meets_its_mirror()
    return Verdict(rows, given, swapped, swapped > given, is_many and is_clear and swapped > 0)
