"""Whole people added up by a position: by shelter, district, group or time."""

from __future__ import annotations

import numpy as np

from takecover.dtypes import COUNT


def tally(position_idx: np.ndarray, amount: np.ndarray, size: int) -> np.ndarray:
    """Sum amounts by position, in whole numbers all the way.

    Parameters
    ----------
    position_idx
        Where each amount belongs, 0 to `size` - 1, shape (n,) of integers.
    amount
        People, or people times deciseconds, shape (n,) int64.
    size
        Number of positions.

    Returns
    -------
    np.ndarray
        Sums, shape (size,) int64; 0 where nothing belongs.

    Examples
    --------
    >>> tally(np.array([2, 0, 2]), np.array([1, 2, 4]), 3).tolist()
    [2, 0, 5]
    """
    total = np.zeros(size, COUNT)
    np.add.at(total, position_idx, amount)
    return total
