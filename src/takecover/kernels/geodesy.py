"""Metres on WGS84: the scale of a degree, and the plane that touches the ground at a city's middle."""

from __future__ import annotations

import numpy as np

SEMI_MAJOR_M = 6_378_137.0
FLATTENING = 1 / 298.257223563
ECCENTRICITY_SQUARED = FLATTENING * (2 - FLATTENING)


def metres_per_degree(lat: float | np.ndarray) -> tuple[float | np.ndarray, float | np.ndarray]:
    """Length of one degree along the parallel and along the meridian.

    Parameters
    ----------
    lat
        Latitude [degree, WGS84], any shape.

    Returns
    -------
    m_per_deg_lon, m_per_deg_lat
        Metres in a degree of longitude and of latitude, shape of `lat`.

    Examples
    --------
    >>> [round(float(metres)) for metres in metres_per_degree(50.45)]
    [71024, 111238]
    """
    phi = np.radians(lat)
    curve = 1 - ECCENTRICITY_SQUARED * np.sin(phi) ** 2
    across = SEMI_MAJOR_M / np.sqrt(curve)
    along = SEMI_MAJOR_M * (1 - ECCENTRICITY_SQUARED) / curve**1.5
    return np.radians(1.0) * across * np.cos(phi), np.radians(1.0) * along


def to_plane(
    lon: float | np.ndarray, lat: float | np.ndarray, lon0: float, lat0: float
) -> tuple[np.ndarray, np.ndarray]:
    """Place points on the plane that touches the ellipsoid at (lon0, lat0).

    Parameters
    ----------
    lon, lat
        Position [degree, WGS84], any one shape.
    lon0, lat0
        Where the plane touches [degree, WGS84].

    Returns
    -------
    x_m, y_m
        East and north of the touching point [m], shape of `lon`.

    Notes
    -----
    Each point is moved straight up or down onto the plane, so that a length at distance d from the middle is
    short by at most d**2 / 2 R**2: 0.002 % at 40 km. Not for more than a city.
    """
    x, y, z = _axes(lon, lat)
    x0, y0, z0 = _axes(lon0, lat0)
    (ex, ey, ez), (nx, ny, nz), _ = _frame(lon0, lat0)
    dx, dy, dz = x - x0, y - y0, z - z0
    return ex * dx + ey * dy + ez * dz, nx * dx + ny * dy + nz * dz


def to_degrees(
    x_m: float | np.ndarray, y_m: float | np.ndarray, lon0: float, lat0: float
) -> tuple[np.ndarray, np.ndarray]:
    """Undo `to_plane`: the point of the ellipsoid straight under a point of the plane.

    Parameters
    ----------
    x_m, y_m
        East and north of the touching point [m], any one shape.
    lon0, lat0
        Where the plane touches [degree, WGS84].

    Returns
    -------
    lon, lat
        Position [degree, WGS84], shape of `x_m`; NaN where no ground lies under the point.
    """
    x_m, y_m = np.asarray(x_m, np.float64), np.asarray(y_m, np.float64)
    x0, y0, z0 = _axes(lon0, lat0)
    (ex, ey, ez), (nx, ny, nz), (ux, uy, uz) = _frame(lon0, lat0)
    x, y, z = (p + e * x_m + n * y_m for p, e, n in ((x0, ex, nx), (y0, ey, ny), (z0, ez, nz)))
    # How far up w until the point meets the ellipsoid: a w**2 + 2 b w + c = 0, the root near 0.
    stretch = 1 / (1 - ECCENTRICITY_SQUARED)
    a = ux * ux + uy * uy + stretch * uz * uz
    b = ux * x + uy * y + stretch * uz * z
    c = x * x + y * y + stretch * z * z - SEMI_MAJOR_M**2
    with np.errstate(invalid="ignore"):
        up = -c / (b + np.sqrt(b * b - a * c))
    x, y, z = x + ux * up, y + uy * up, z + uz * up
    return np.degrees(np.arctan2(y, x)), np.degrees(np.arctan2(z * stretch, np.hypot(x, y)))


def _axes(lon: float | np.ndarray, lat: float | np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Earth-centred coordinates [m] of points on the ellipsoid."""
    phi, lam = np.radians(np.asarray(lat, np.float64)), np.radians(np.asarray(lon, np.float64))
    sin_phi, cos_phi = np.sin(phi), np.cos(phi)
    across = SEMI_MAJOR_M / np.sqrt(1 - ECCENTRICITY_SQUARED * sin_phi**2)
    return (
        across * cos_phi * np.cos(lam),
        across * cos_phi * np.sin(lam),
        across * (1 - ECCENTRICITY_SQUARED) * sin_phi,
    )


def _frame(lon0: float, lat0: float) -> tuple[tuple[float, float, float], ...]:
    """East, north and up at a point, as earth-centred unit vectors."""
    phi, lam = np.radians(lat0), np.radians(lon0)
    sin_phi, cos_phi = float(np.sin(phi)), float(np.cos(phi))
    sin_lam, cos_lam = float(np.sin(lam)), float(np.cos(lam))
    return (
        (-sin_lam, cos_lam, 0.0),
        (-sin_phi * cos_lam, -sin_phi * sin_lam, cos_phi),
        (cos_phi * cos_lam, cos_phi * sin_lam, sin_phi),
    )
