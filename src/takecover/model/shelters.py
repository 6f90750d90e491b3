"""Places of cover and the doors that lead into them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from takecover.model.network import EdgePoints


@dataclass(frozen=True, eq=False)
class Entrances:
    """Doors, each of one shelter, in the order of (shelter_idx, entrance_id).

    Attributes
    ----------
    entrance_ids
        Outside id, unique, shape (e,) text.
    shelter_idx
        Shelter that the door leads into, ascending, shape (e,) int32.
    lon, lat
        Position [degree, WGS84], shape (e,) float64.
    snap
        Where each door meets the network, e points.
    is_step_free
        True where a wheelchair gets in, shape (e,) bool.
    """

    entrance_ids: np.ndarray
    shelter_idx: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    snap: EdgePoints
    is_step_free: np.ndarray

    def __len__(self) -> int:
        return len(self.entrance_ids)


@dataclass(frozen=True, eq=False)
class Shelters:
    """Shelters in ascending order of their ids, so that a tie between two goes to the lower id.

    Attributes
    ----------
    shelter_ids
        Outside id, unique, ascending as text, shape (s,) text.
    names
        What people call it; empty where unknown, shape (s,) text.
    kinds
        ``metro_station``, ``basement``, ``underpass``, ``car_park``, ``sealed_shelter``, ``shelter``, shape (s,) text.
    lon, lat
        Position [degree, WGS84], shape (s,) float64.
    capacity
        Places, at least 0, shape (s,) int64.
    zone_idx
        District, shape (s,) int32; -1 where in none.
    is_withheld
        True where the public must not be shown it, shape (s,) bool.
    entrances
        The doors; a shelter without one is entered by nobody.
    """

    shelter_ids: np.ndarray
    names: np.ndarray
    kinds: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    capacity: np.ndarray
    zone_idx: np.ndarray
    is_withheld: np.ndarray
    entrances: Entrances

    def __len__(self) -> int:
        return len(self.shelter_ids)
