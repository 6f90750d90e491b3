"""What an office found when it looked at a shelter: whether it is there, fit, and open, and when that was."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from takecover.dtypes import INDEX

FOUND, MISSING = "found", "missing"
EXISTENCES = (FOUND, MISSING, "")
"""Whether the shelter is there; empty where nobody looked."""

FIT, AFTER_WORK, UNFIT = "fit", "after_work", "unfit"
STATES = (FIT, AFTER_WORK, UNFIT, "")
"""Whether people can be let in; ``after_work``: not before something is mended. Empty where nobody looked."""

ALWAYS, NEVER = "always", "never"
"""Opening at every hour and at none; else the names of periods with blanks between them, or empty where not known."""

PROTECTION_CLASSES = ("sealed", "anti_radiation", "dual_use", "simplest", "")
"""Classes of the Ukrainian norm; empty where not known."""


@dataclass(frozen=True, eq=False)
class Inspections:
    """k shelters that are known better than the register alone tells, one row each, by shelter.

    Attributes
    ----------
    shelter_idx
        Shelter, ascending, each once, shape (k,) int32.
    existences
        One of `EXISTENCES`, shape (k,) text.
    states
        One of `STATES`, shape (k,) text.
    openings
        `ALWAYS`, `NEVER`, or the periods in which it is open, ``day night``; empty where not known, shape (k,) text.
    protection_classes
        One of `PROTECTION_CLASSES`, shape (k,) text.
    depth_m
        How far its floor lies under the street [m], shape (k,) float64; NaN where unknown.
    verified_on
        ISO 8601 date of the look; empty where unknown, shape (k,) text.
    verified_by
        The office that looked, never a person; empty where unknown, shape (k,) text.
    """

    shelter_idx: np.ndarray
    existences: np.ndarray
    states: np.ndarray
    openings: np.ndarray
    protection_classes: np.ndarray
    depth_m: np.ndarray
    verified_on: np.ndarray
    verified_by: np.ndarray

    def __len__(self) -> int:
        return len(self.shelter_idx)

    @classmethod
    def none(cls) -> Inspections:
        """A table without rows: nobody has looked."""
        text = np.empty(0, "U10")
        return cls(
            shelter_idx=np.empty(0, INDEX),
            existences=text,
            states=text.copy(),
            openings=text.copy(),
            protection_classes=text.copy(),
            depth_m=np.empty(0, np.float64),
            verified_on=text.copy(),
            verified_by=text.copy(),
        )

    def take(self, rows: np.ndarray) -> Inspections:
        """Some of the rows, by position or mask, in their order."""
        return Inspections(**{name: column[rows] for name, column in vars(self).items()})

    def of_every_shelter(self, name: str, count: int) -> np.ndarray:
        """One text column spread over all shelters, empty where nobody looked, shape (count,) text."""
        column = getattr(self, name)
        spread = np.zeros(count, column.dtype if column.dtype.itemsize else "U1")
        spread[self.shelter_idx] = column
        return spread
