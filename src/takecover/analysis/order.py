"""Spatial order: a row that is near in the table is near on the ground, which keeps searches in the cache.

Keys hang on the position alone, never on the other points, so adding a row moves no other.
"""

from __future__ import annotations

from functools import cache

import numpy as np

_BITS_A_LOOKUP = 4
_LOOKUPS = 7
_CELLS = 1 << (_BITS_A_LOOKUP * _LOOKUPS)


def hilbert(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Position of each point along a Hilbert curve laid over the world.

    Parameters
    ----------
    lon, lat
        Position [degree, WGS84], shape (n,) float64.

    Returns
    -------
    np.ndarray
        Keys, shape (n,) int64, at least 0. Points within about 0.15 m of each other may share one.

    Notes
    -----
    A cell is 360 degrees / 2**28 on both sides. Four levels of the curve are read from a table at a time:
    100,000 keys in 7 ms, against 53 ms with one level at a time.

    References
    ----------
    Hilbert D. (1891) Ueber die stetige Abbildung einer Linie auf ein Flaechenstueck. Math. Annalen 38.

    Examples
    --------
    >>> hilbert(np.array([-180.0, 180.0]), np.array([-90.0, -90.0])).tolist()
    [0, 72057594037927935]
    """
    x = _cell(lon, 180.0)
    y = _cell(lat, 90.0)
    digits, next_turn = _table()
    key = np.zeros(len(x), np.int64)
    turn = np.zeros(len(x), np.intp)
    mask = (1 << _BITS_A_LOOKUP) - 1
    for shift in range(_BITS_A_LOOKUP * (_LOOKUPS - 1), -1, -_BITS_A_LOOKUP):
        bits = (((x >> shift) & mask) << _BITS_A_LOOKUP) | ((y >> shift) & mask)
        look = (turn << 2 * _BITS_A_LOOKUP) | bits
        key = (key << 2 * _BITS_A_LOOKUP) | digits[look]
        turn = next_turn[look]
    return key


def spatial(lon: np.ndarray, lat: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """Order of points along the Hilbert curve; points of one key stand in the order of their ids.

    Parameters
    ----------
    lon, lat
        Position [degree, WGS84], shape (n,) float64.
    ids
        Outside id of each point, unique, shape (n,).

    Returns
    -------
    np.ndarray
        Positions of the points, first to last on the curve, shape (n,) int64. The same points in
        another row order give the same order of ids.
    """
    key = hilbert(lon, lat)
    order = np.argsort(key, kind="stable")
    is_tied = key[order[1:]] == key[order[:-1]]
    if is_tied.any():
        # Ids are compared only where keys tie: comparing text ids for all rows costs more than the keys.
        tied = np.flatnonzero(np.append(is_tied, False) | np.insert(is_tied, 0, False))
        rows = order[tied]
        order[tied] = rows[np.lexsort((np.asarray(ids)[rows], key[rows]))]
    return order.astype(np.int64, copy=False)


def _cell(degrees: np.ndarray, most: float) -> np.ndarray:
    cells = np.floor((np.asarray(degrees, np.float64) + most) * (_CELLS / 360.0))
    return np.clip(cells, 0, _CELLS - 1).astype(np.int64)


@cache
def _table() -> tuple[np.ndarray, np.ndarray]:
    """Digits of the curve and the turn after them, for each turn and four bits of x and of y.

    The curve in a quarter is the whole curve mirrored in its diagonal, turned half about, both or neither:
    a turn of two bits (mirrored 1, half about 2), which add without carry as quarters nest.
    """
    size = 1 << 2 * _BITS_A_LOOKUP
    look = np.arange(4 * size)
    turn = look // size
    digits = np.zeros(len(look), np.int64)
    for level in range(_BITS_A_LOOKUP - 1, -1, -1):
        x = ((look >> (_BITS_A_LOOKUP + level)) & 1) ^ (turn >> 1)
        y = ((look >> level) & 1) ^ (turn >> 1)
        is_mirrored = (turn & 1) == 1
        x, y = np.where(is_mirrored, y, x), np.where(is_mirrored, x, y)
        digits = (digits << 2) | ((3 * x) ^ y)
        turn = turn ^ np.where(y == 0, 1 + 2 * x, 0)
    return digits, turn
