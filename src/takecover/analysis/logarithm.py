"""Tells whether a column that should hold people holds their logarithms, and undoes one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LARGEST = 9.0
"""No logarithm of a number of people in one place is larger, to either base."""

FEW_ROWS = 10
"""Of fewer rows nothing can be said."""

LEAST_MEDIAN = 0.5
"""Cells of a fine grid hold fractions of people, mostly far below this; logarithms of houses do not."""

SCALES = ("log10", "ln", "plain")
"""What a column can be said to hold: logarithms to base 10, natural ones, or the people themselves."""


@dataclass(frozen=True)
class Suspicion:
    """What a column would sum up to, one way or another.

    Attributes
    ----------
    as_given, as_log10, as_ln
        People in all, where the values are people, logarithms to base 10, or natural logarithms.
    """

    as_given: float
    as_log10: float
    as_ln: float


def suspect(values: np.ndarray) -> Suspicion | None:
    """What the sums would be where the values look like logarithms; None where they look like people.

    They look so when there are at least 10, none is above 9, the middle one is at least 0.5, and at least half are
    not whole: people in a place are whole or, in a grid, have a long tail. It is only a suspicion: a person answers.

    Parameters
    ----------
    values
        The column, finite, shape (n,) float64.

    Examples
    --------
    >>> suspect(np.array([120.0, 3.0, 45.0])) is None
    True
    """
    if len(values) < FEW_ROWS or values.max() > LARGEST or np.median(values) < LEAST_MEDIAN:
        return None
    if 2 * np.count_nonzero(values != np.trunc(values)) < len(values):
        return None
    return Suspicion(float(values.sum()), float((10.0**values).sum()), float(np.exp(values).sum()))


def undo(values: np.ndarray, scale: str) -> np.ndarray:
    """People of a column in one of `SCALES`; infinite where a logarithm is beyond any number."""
    with np.errstate(over="ignore"):
        if scale == "log10":
            return np.asarray(np.power(10.0, values))
        return np.asarray(np.exp(values)) if scale == "ln" else values
