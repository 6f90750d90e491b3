"""Choices among doors by weights that fall exponentially with walk and price: expected loads, and whole people."""

from __future__ import annotations

import math

import numba
import numpy as np


@numba.njit(cache=True, nogil=True)
def _weigh(
    begin: int,
    end: int,
    cost_ds: np.ndarray,
    owner: np.ndarray,
    price_ds: np.ndarray,
    spread_ds: float,
    weight: np.ndarray,
) -> float:
    """Weight of each option of a row, the best at 1, into the first places of `weight`; returns their sum."""
    least = math.inf
    for k in range(begin, end):
        price = cost_ds[k] + price_ds[owner[k]]
        weight[k - begin] = price
        least = min(least, price)
    total = 0.0
    for k in range(end - begin):
        weight[k] = math.exp((least - weight[k]) / spread_ds)
        total += weight[k]
    return total


@numba.njit(cache=True, nogil=True)
def pull(
    indptr: np.ndarray,
    cost_ds: np.ndarray,
    owner: np.ndarray,
    people: np.ndarray,
    price_ds: np.ndarray,
    spread_ds: float,
    weight: np.ndarray,
    load: np.ndarray,
) -> None:
    """Add up whom each owner of doors attracts.

    Options in rows (n + 1,) int64; cost [ds] and owner of each (m,) int32; people of each row (n,) int64; price of each
    owner [ds] (s,) float64; scratch: weight, as long as the longest row, float64; filled: load (s,) float64.
    """
    load[:] = 0.0
    for row in range(len(indptr) - 1):
        begin, end = indptr[row], indptr[row + 1]
        if people[row] == 0 or begin == end:
            continue
        total = _weigh(begin, end, cost_ds, owner, price_ds, spread_ds, weight)
        # Divided before anything is added up, several at a time: a tenth less time.
        for k in range(end - begin):
            weight[k] = people[row] * weight[k] / total
        for k in range(begin, end):
            load[owner[k]] += weight[k - begin]


@numba.njit(cache=True, nogil=True)
def split(
    indptr: np.ndarray,
    cost_ds: np.ndarray,
    owner: np.ndarray,
    people: np.ndarray,
    price_ds: np.ndarray,
    spread_ds: float,
    weight: np.ndarray,
    chosen: np.ndarray,
) -> None:
    """Send whole people of each row to its options, every run of options to within one person of its share.

    As `pull`; filled: chosen, people of each option (m,) int64. Rounding begins elsewhere in each row, by the golden
    ratio, so that lone people spread over the city's doors as their shares say.
    """
    chosen[:] = 0
    for row in range(len(indptr) - 1):
        begin, end = indptr[row], indptr[row + 1]
        if people[row] == 0 or begin == end:
            continue
        total = _weigh(begin, end, cost_ds, owner, price_ds, spread_ds, weight)
        luck = (row * 0.6180339887498949) % 1.0
        before, up_to = 0, luck
        for k in range(begin, end - 1):
            up_to += people[row] * weight[k - begin] / total
            whole = min(math.floor(up_to), people[row])
            chosen[k] = whole - before
            before = whole
        chosen[end - 1] = people[row] - before
