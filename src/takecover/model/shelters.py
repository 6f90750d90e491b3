"""Places of cover and the doors that lead into them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from takecover.dtypes import INDEX
from takecover.model.elements import Elements
from takecover.model.inspections import Inspections
from takecover.model.network import EdgePoints

OPEN, LOCKED, UNKNOWN = "open", "locked", "unknown"
LOCKS = (OPEN, LOCKED, UNKNOWN)
"""What is known of the lock of an entrance."""


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
    locks
        One of `LOCKS`, shape (e,) text.
    hall_idx
        Hall that it leads into, of its own shelter, shape (e,) int32; -1 where into none.
    """

    entrance_ids: np.ndarray
    shelter_idx: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    snap: EdgePoints
    is_step_free: np.ndarray
    locks: np.ndarray
    hall_idx: np.ndarray

    def __len__(self) -> int:
        return len(self.entrance_ids)


@dataclass(frozen=True, eq=False)
class Halls:
    """What several entrances of one shelter share, a hall or a bank of escalators; h of them.

    Attributes
    ----------
    hall_ids
        Outside id, unique, shape (h,) text.
    shelter_idx
        Shelter that it is part of, shape (h,) int32.
    """

    hall_ids: np.ndarray
    shelter_idx: np.ndarray

    def __len__(self) -> int:
        return len(self.hall_ids)

    @classmethod
    def none(cls) -> Halls:
        """A table without rows."""
        return cls(np.empty(0, "U1"), np.empty(0, INDEX))


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
        Places as registered, at least 0, shape (s,) int64; what can be counted on says `analysis.five_numbers`.
    zone_idx
        District, shape (s,) int32; -1 where in none.
    is_withheld
        True where the public must not be shown it, shape (s,) bool.
    entrances
        The doors; a shelter without one is entered by nobody.
    halls
        What entrances share; empty where nothing is known to be shared.
    elements
        What people pass at entrances and in halls; an entrance without any has the usual ones of its kind of shelter.
    inspections
        What offices found; a shelter without a row is as the register says.
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
    halls: Halls = field(default_factory=Halls.none)
    elements: Elements = field(default_factory=Elements.none)
    inspections: Inspections = field(default_factory=Inspections.none)

    def __len__(self) -> int:
        return len(self.shelter_ids)
