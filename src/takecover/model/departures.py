"""When people leave after the siren: cohorts of the delay, and how many of each row are in each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Departures:
    """People of r rows (an origin and a group) in c cohorts, who leave together.

    Attributes
    ----------
    delay_ds
        From the siren to leaving [ds], 0 or more, ascending, shape (c,) int64.
    people
        Whole people of each row and cohort, shape (r, c) int64.
    """

    delay_ds: np.ndarray
    people: np.ndarray

    @property
    def of_rows(self) -> np.ndarray:
        """People of each row, whenever they leave, shape (r,) int64."""
        return np.asarray(self.people.sum(axis=1))
