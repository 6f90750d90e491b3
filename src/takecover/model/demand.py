"""Who needs cover, and where they are when the siren sounds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from takecover.model.network import EdgePoints


@dataclass(frozen=True)
class MobilityGroup:
    """People who move alike.

    Attributes
    ----------
    name
        Outside name, such as ``walking``.
    needs_step_free
        True where a stair is no way for them.
    """

    name: str
    needs_step_free: bool


@dataclass(frozen=True, eq=False)
class Demand:
    """People by origin, mobility group and period.

    Attributes
    ----------
    origin_ids
        Outside id of each origin (a building, a block), unique, shape (n,) text.
    lon, lat
        Position [degree, WGS84], shape (n,) float64.
    snap
        Where each origin meets the network, n points.
    zone_idx
        District of each origin, shape (n,) int32; -1 where in none.
    groups
        The g mobility groups.
    periods
        The p periods, such as ``night``.
    people
        Whole people, at least 0, shape (p, n, g) int64.
    """

    origin_ids: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    snap: EdgePoints
    zone_idx: np.ndarray
    groups: tuple[MobilityGroup, ...]
    periods: tuple[str, ...]
    people: np.ndarray

    def __len__(self) -> int:
        return len(self.origin_ids)
