"""Tells in which national grid a register gives its points, and turns them into degrees.

It never settles a doubt in silence: where two grids fit, it says which and asks.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from takecover.analysis.swap import Box
from takecover.errors import InputError

WGS84 = 4326

GRIDS = (
    3006,  # SWEREF 99 TM
    *range(25831, 25838),  # ETRS89 / UTM 31N to 37N: Norway, Denmark, Estonia, Ukraine
    3301,  # Estonia
    2180, 2176, 2177, 2178, 2179,  # Poland 1992 and 2000
    2039, 28193,  # Israel, new and old
    *range(5562, 5566), *range(6381, 6388),  # Ukraine: UCS-2000, Gauss-Krüger zones and 3-degree zones
)  # fmt: skip
"""EPSG codes that are tried."""

COUNTRIES = {
    "uk": Box(22.1, 44.2, 40.3, 52.5),
    "sv": Box(10.5, 55.2, 24.3, 69.2),
    "nb": Box(4.0, 57.8, 31.3, 71.4),
    "da": Box(8.0, 54.5, 15.3, 57.9),
    "pl": Box(14.0, 48.9, 24.3, 55.0),
    "et": Box(21.6, 57.4, 28.3, 59.9),
    "he": Box(34.1, 29.3, 36.0, 33.5),
    "he_latn": Box(34.1, 29.3, 36.0, 33.5),
}
"""Where a register in a language lies, when nothing else says so; degrees rounded outwards."""

FEWEST_SHARE = 0.9
"""With nothing but a country to go by, so many of the points must lie in it."""

SAME_DEGREES = 1e-5
"""Grids that put the points nearer to each other than this, a metre, are one: SWEREF 99 TM is UTM zone 33."""

CLEAR_SHARE = 0.01
"""Of points that the chosen grid puts into place, another grid may put at most this share there."""


class Fit(NamedTuple):
    """A grid and an order of its columns, and how many points it puts into place."""

    epsg: int
    is_turned: bool
    inside: int


def name(epsg: int) -> str:
    """What a coordinate system is called."""
    from pyproj import CRS

    return f"EPSG:{epsg} ({CRS.from_epsg(epsg).name})"


def admit(epsg: int) -> int:
    """The code of a coordinate system of places that there is.

    Raises
    ------
    InputError
        If there is none.
    """
    if not is_known(epsg):
        raise InputError(f"--crs {epsg}: there is no such EPSG code. Give one such as 3006 or 25832.")
    return epsg


def is_known(epsg: int) -> bool:
    """True for the code of a system of degrees or of a grid; False for one of heights alone, and for none."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        system = CRS.from_epsg(epsg)
    except CRSError:
        return False
    return bool(system.is_geographic or system.is_projected)


def to_degrees(epsg: int, east: np.ndarray, north: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude [degree, WGS84]; NaN where a point has none."""
    from pyproj import Transformer

    lon, lat = Transformer.from_crs(epsg, WGS84, always_xy=True).transform(east, north)
    is_whole = np.isfinite(lon) & np.isfinite(lat)
    return np.where(is_whole, lon, np.nan), np.where(is_whole, lat, np.nan)


def is_projected(x: np.ndarray, y: np.ndarray) -> bool:
    """True where most points cannot be degrees."""
    has_point = np.isfinite(x) & np.isfinite(y)
    beyond = has_point & ((np.abs(x) > 180) | (np.abs(y) > 180))
    return bool(beyond.sum() * 2 > has_point.sum())


def guess(x: np.ndarray, y: np.ndarray, area: Box | None, language: str) -> tuple[Fit, ...]:
    """Grids that fit, the best first; more than one is a doubt.

    Parameters
    ----------
    x, y
        Columns that the register calls longitude and latitude [m], shape (n,).
    area
        Where the city is; None where nothing says so.
    language
        Language of the header; its country counts where there is no area.
    """
    has_point = np.isfinite(x) & np.isfinite(y)
    fits: list[Fit] = []
    seen: list[tuple[float, float]] = []
    for epsg in GRIDS:
        for is_turned in (False, True):
            east, north = (y, x) if is_turned else (x, y)
            lon, lat = to_degrees(epsg, east[has_point], north[has_point])
            inside = int(_where_it_should(epsg, lon, lat, area, language).sum())
            here = (float(np.nanmean(lon)), float(np.nanmean(lat))) if np.isfinite(lon).any() else (0.0, 0.0)
            if inside and not any(np.hypot(here[0] - a, here[1] - b) < SAME_DEGREES for a, b in seen):
                fits.append(Fit(epsg, is_turned, inside))
                seen.append(here)
    fits.sort(key=lambda fit: -fit.inside)
    least = max(1, round(FEWEST_SHARE * int(has_point.sum()))) if area is None else 1
    if not fits or fits[0].inside < least:
        return ()
    return tuple(fit for fit in fits if fit.inside > CLEAR_SHARE * fits[0].inside)


def _where_it_should(
    epsg: int, lon: np.ndarray, lat: np.ndarray, area: Box | None, language: str
) -> np.ndarray:
    """True for each point in the city; without one, in the country of the language and where the grid is used."""
    from pyproj import CRS

    if area is not None:
        return area.holds(lon, lat)
    use = CRS.from_epsg(epsg).area_of_use
    is_in = Box(*use.bounds).holds(lon, lat) if use is not None else np.ones(len(lon), dtype=np.bool_)
    country = COUNTRIES.get(language)
    return np.asarray(is_in & country.holds(lon, lat)) if country is not None else is_in


def settle(
    x: np.ndarray, y: np.ndarray, area: Box | None, language: str, told: int | None
) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """Degrees of a register's points, and what is to be said of them.

    Parameters
    ----------
    x, y, area, language
        As in `guess`.
    told
        EPSG code that the person or the file states; None to find out.

    Raises
    ------
    InputError
        If the points are in a grid and none, or more than one, fits.
    """
    if told == WGS84 or (told is None and not is_projected(x, y)):
        return x, y, ()
    if told is not None:
        lon, lat = to_degrees(told, x, y)
        if area is not None and area.holds(*to_degrees(told, y, x)).sum() > area.holds(lon, lat).sum():
            lon, lat = to_degrees(told, y, x)
            return (
                lon,
                lat,
                (f"Shelters: points are in {name(told)}, north before east; turned into degrees.",),
            )
        return lon, lat, (f"Shelters: points are in {name(told)}; turned into degrees.",)
    fits = guess(x, y, area, language)
    if not fits:
        raise InputError(
            "shelters: the points are no degrees, and no grid that Takecover knows puts them into place. "
            "Give --crs with the EPSG code of their grid."
        )
    if len({fit.epsg for fit in fits}) > 1:
        shown = ", ".join(f"{fit.epsg}" for fit in fits[:4])
        raise InputError(
            f"shelters: the points are no degrees, and more than one grid fits: {shown}. Give --crs with the right one."
        )
    best = fits[0]
    lon, lat = to_degrees(best.epsg, *((y, x) if best.is_turned else (x, y)))
    turned = ", north before east" if best.is_turned else ""
    if len(fits) > 1:
        turned += " (the other order fits too: look where they lie)"
    return (
        lon,
        lat,
        (f"Shelters: points look like {name(best.epsg)}{turned}: {_put(best, x)}; turned into degrees.",),
    )


def _put(fit: Fit, x: np.ndarray) -> str:
    return f"so {fit.inside:,} of {int(np.isfinite(x).sum()):,} lie where they should"
