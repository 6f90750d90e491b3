"""People under cover as a curve of time, exact at every decisecond, and where one curve lies below another."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from takecover.analysis.tally import tally

GRID_DS = 100
"""Step of the curves that are shown [ds]; what is counted is counted on the exact curve."""


class Below(NamedTuple):
    """A stretch of time in which one curve lies below another.

    Attributes
    ----------
    from_ds
        First moment at which it does [ds].
    to_ds
        First moment at which it does no more, or the end of the curves [ds].
    largest
        Most people by which it does.
    at_ds
        First moment at which it is that many [ds].
    """

    from_ds: int
    to_ds: int
    largest: int
    at_ds: int


def under_cover(time_ds: np.ndarray, people: np.ndarray, horizon_ds: int) -> np.ndarray:
    """People under cover at each decisecond.

    Parameters
    ----------
    time_ds
        When parties get in [ds], shape (k,), in any order.
    people
        People of each, shape (k,) int64.
    horizon_ds
        End of the curve [ds]; who comes later is left out.

    Returns
    -------
    np.ndarray
        People who are in by that moment, itself included, never falling, shape (horizon_ds + 1,) int64.

    Examples
    --------
    >>> under_cover(np.array([2, 0, 9]), np.array([4, 1, 8]), horizon_ds=3).tolist()
    [1, 1, 5, 5]
    """
    is_in = time_ds <= horizon_ds
    return np.cumsum(tally(time_ds[is_in], people[is_in], horizon_ds + 1))


def grid_ds(horizon_ds: int) -> np.ndarray:
    """Moments at which a curve is shown, from 0 to the horizon, both included, shape (m,) int64 [ds]."""
    steps = np.arange(0, horizon_ds + 1, GRID_DS)
    return steps if steps[-1] == horizon_ds else np.append(steps, horizon_ds)


def below(lower: np.ndarray, upper: np.ndarray) -> tuple[Below, ...]:
    """Stretches of time in which a curve lies below another, first to last; empty where it never does.

    Parameters
    ----------
    lower, upper
        People under cover at each decisecond, shape (h + 1,) int64 both.

    Examples
    --------
    >>> below(np.array([0, 1, 9, 9]), np.array([0, 5, 9, 10]))
    (Below(from_ds=1, to_ds=2, largest=4, at_ds=1), Below(from_ds=3, to_ds=3, largest=1, at_ds=3))
    """
    short = upper - lower
    turns = np.flatnonzero(np.diff(np.concatenate([[False], short > 0, [False]])))
    found = []
    for start, end in turns.reshape(-1, 2).tolist():
        at = start + int(short[start:end].argmax())
        found.append(Below(start, min(end, len(short) - 1), int(short[at]), at))
    return tuple(found)
