"""Whole numbers out of shares, with exact totals."""

from __future__ import annotations

import numpy as np

from takecover.dtypes import COUNT


def whole(weights: np.ndarray, total: int) -> np.ndarray:
    """Whole numbers in the proportion of the weights, each within 1 of its share, that add up to the total.

    Parameters
    ----------
    weights
        Weight of each row, at least 0 and not all 0, shape (n,) float64.
    total
        What the rows add up to.

    Notes
    -----
    Running totals are rounded and parted again, so no row is below 0, and a row of weight 0 gets none.

    Examples
    --------
    >>> whole(np.array([1.0, 1.0, 2.0]), 10).tolist()
    [2, 3, 5]
    """
    running = np.cumsum(weights, dtype=np.float64)
    return np.diff(np.rint(running / running[-1] * total).astype(COUNT), prepend=0)


def whole_by_zone(weights: np.ndarray, zone_idx: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """As `whole`, within each zone by itself.

    Parameters
    ----------
    weights
        Weight of each row, shape (n,) float64.
    zone_idx
        Zone of each row, shape (n,) int32.
    totals
        What the rows of each zone add up to, shape (z,) int64.
    """
    parts = np.zeros(len(weights), dtype=COUNT)
    for zone, total in enumerate(totals):
        rows = np.flatnonzero(zone_idx == zone)
        parts[rows] = whole(weights[rows], int(total))
    return parts
