"""How much time there is between the siren and the strike: one time, or several with their weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

WHOLE = 1000
"""The weights of all times together: they are thousandths."""


@dataclass(frozen=True, eq=False)
class WarningTimes:
    """A distribution of the time from the siren to the strike, in fixed whole units.

    Attributes
    ----------
    time_s
        From the siren to the strike [s], ascending, each once; 0 or below where the siren comes with the strike or
        after it, shape (k,) int64.
    weight
        Thousandths of all strikes that leave this time, 1 or more, together `WHOLE`, shape (k,) int64.
    """

    time_s: np.ndarray
    weight: np.ndarray

    @classmethod
    def single(cls, time_s: int) -> WarningTimes:
        """The one time that every strike leaves [s]."""
        return cls(np.array([time_s], np.int64), np.array([WHOLE], np.int64))

    def value(self, at_ds: np.ndarray) -> np.ndarray:
        """What being under cover from some time on is worth.

        Parameters
        ----------
        at_ds
            From the siren to being under cover [ds], of any shape.

        Returns
        -------
        np.ndarray
            Thousandths of the strikes that come then or later, int64, of the same shape.
        """
        left = np.append(np.cumsum(self.weight[::-1])[::-1], 0)
        return np.asarray(left[np.searchsorted(self.time_s * 10, at_ds, side="left")])
