"""Which metro station an entrance belongs to, and the entrances of a register's stations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from takecover.analysis import spelling
from takecover.analysis.parsed import ParsedDoors, ParsedShelters
from takecover.dtypes import NO_INDEX
from takecover.kernels import geodesy
from takecover.model.city import Source

STATION = "metro_station"
"""Kind of a shelter that has such entrances."""


@dataclass(frozen=True, eq=False)
class MetroEntrances:
    """Entrances of metro stations, e of them.

    Attributes
    ----------
    door_ids
        Outside id, unique, shape (e,) text.
    lon, lat
        Position [degree, WGS84], shape (e,) float64.
    names
        Name of the station, empty where unknown, shape (e,) text.
    step_free
        Whether a wheelchair gets in: YES, NO or UNKNOWN, shape (e,) int8.
    source
        Where they came from.
    """

    door_ids: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    names: np.ndarray
    step_free: np.ndarray
    source: Source

    def __len__(self) -> int:
        return len(self.door_ids)


def nearest_station(
    place: tuple[float, float],
    names: Sequence[str],
    stations: tuple[np.ndarray, np.ndarray],
    titles: Sequence[str],
    within_m: float,
) -> int:
    """The station that an entrance belongs to: the nearest that bears one of its names, else the nearest.

    Parameters
    ----------
    place
        Longitude and latitude of the entrance [degree].
    names
        Names that it goes by; empty ones say nothing.
    stations
        Longitude and latitude of the stations [degree], each shape (s,) float64; NaN where unknown.
    titles
        Name or address of each station.
    within_m
        No station farther away is taken [m].

    Returns
    -------
    int
        Its position, or -1 where none is near.
    """
    x_m, y_m = geodesy.to_plane(*stations, *place)
    away_m = np.hypot(x_m, y_m)
    near = [k for k in np.argsort(away_m, kind="stable").tolist() if away_m[k] <= within_m]
    keys = {spelling.key(name)[0] for name in names if name} - {""}
    by_name = [k for k in near if any(f" {key} " in f" {spelling.key(titles[k])[0]} " for key in keys)]
    return int((by_name or near or [NO_INDEX])[0])


def join(rows: ParsedShelters, entrances: MetroEntrances, within_m: float) -> tuple[ParsedDoors, str]:
    """The entrances that belong to the metro stations of a list, and what is to be said of that.

    Parameters
    ----------
    rows
        Shelters, longitude and latitude the right way round; the name of a station may stand in its row's address.
    entrances
        What OpenStreetMap knows.
    within_m
        Farthest that an entrance may lie from its station [m].
    """
    is_station = rows.kinds == STATION
    at = np.flatnonzero(is_station & np.isfinite(rows.lon) & np.isfinite(rows.lat))
    titles, stations = rows.names[at].tolist(), (rows.lon[at], rows.lat[at])
    places = zip(entrances.lon.tolist(), entrances.lat.tolist(), entrances.names.tolist(), strict=True)
    owner = np.array(
        [nearest_station((lon, lat), (name,), stations, titles, within_m) for lon, lat, name in places],
        dtype=np.int64,
    )
    joined = np.flatnonzero(owner != NO_INDEX)
    doors = ParsedDoors(
        entrances.door_ids[joined],
        at[owner[joined]],
        entrances.lon[joined],
        entrances.lat[joined],
        entrances.step_free[joined],
    )
    if not is_station.any():
        return doors, f"Shelters: no row is a metro station; {len(entrances):,} metro entrances are not used."
    used = len(np.unique(owner[joined]))
    return doors, (
        f"Shelters: {len(joined):,} of {len(entrances):,} metro entrances lead into {used:,} of "
        f"{int(is_station.sum()):,} rows of stations; the others are within {within_m:g} m of none."
    )
