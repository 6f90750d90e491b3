"""How far each street climbs, of heights of the ground; bridges and tunnels run evenly from end to end."""

from __future__ import annotations

import numpy as np

from takecover.analysis.islands import pieces
from takecover.analysis.parsed import ParsedStreets

MOST_JOINED = 1500
"""Most inner nodes of one bridge or tunnel that are levelled; a larger web of tunnels stays on the ground."""

_SHORTEST_M = 0.1


def climbs(streets: ParsedStreets, length_m: np.ndarray) -> np.ndarray:
    """Height of head over tail of each segment.

    Parameters
    ----------
    streets
        The streets, with heights of the ground at their nodes.
    length_m
        Length of each segment [m], shape (s,) float64.

    Returns
    -------
    np.ndarray
        Climb [m], NaN where unknown, shape (s,) float64.

    Notes
    -----
    The ground below a bridge or above a tunnel is not where people walk. Nodes that only bridges and tunnels meet at
    get the height at which every climb is in proportion to its length, given the heights where the bridge or tunnel
    touches the ground: on a single line, the straight slope between its ends. A web that touches no ground is level.
    """
    if streets.height_m is None:
        return np.full(len(streets.tail), np.nan)
    height_m = streets.height_m
    if streets.is_off_ground is not None and streets.is_off_ground.any():
        height_m = _levelled(streets, length_m, streets.is_off_ground, height_m)
    return np.asarray(height_m[streets.head] - height_m[streets.tail])


def steep(streets: ParsedStreets, length_m: np.ndarray) -> int:
    """Number of segments that rise or fall more than they are long: the heights are wrong there, or too coarse."""
    with np.errstate(invalid="ignore"):
        return int((np.abs(climbs(streets, length_m)) > np.maximum(length_m, _SHORTEST_M)).sum())


def _levelled(
    streets: ParsedStreets, length_m: np.ndarray, is_off_ground: np.ndarray, height_m: np.ndarray
) -> np.ndarray:
    """Heights at which people walk, shape (n,) float64."""
    count = len(height_m)
    ends = np.column_stack([streets.tail, streets.head])
    is_grounded = np.zeros(count, bool)
    is_grounded[ends[~is_off_ground].ravel()] = True
    is_inner = np.zeros(count, bool)
    is_inner[ends[is_off_ground].ravel()] = True
    is_inner &= ~is_grounded
    aloft = np.flatnonzero(is_off_ground & is_inner[ends].any(axis=1))
    # Two bridges that share a foot on the ground are two: only inner nodes join.
    inner_ways = aloft[is_inner[ends[aloft]].all(axis=1)]
    piece = pieces(ends[inner_ways, 0], ends[inner_ways, 1], count)
    found = height_m.copy()
    owner = np.where(is_inner[ends[aloft, 0]], piece[ends[aloft, 0]], piece[ends[aloft, 1]])
    order = np.argsort(owner, kind="stable")
    for group in np.split(aloft[order], np.flatnonzero(np.diff(owner[order])) + 1):
        if len(group):
            _level(found, ends[group], length_m[group], is_inner)
    return found


def _level(height_m: np.ndarray, ends: np.ndarray, length_m: np.ndarray, is_inner: np.ndarray) -> None:
    """Set the heights of the inner nodes of one bridge or tunnel."""
    nodes, at = np.unique(ends, return_inverse=True)
    at = at.reshape(ends.shape)
    is_free = is_inner[nodes]
    is_known = ~is_free & np.isfinite(height_m[nodes])
    if is_free.sum() > MOST_JOINED:
        return
    if not is_known.any():
        height_m[nodes[is_free]] = (
            np.nanmean(height_m[nodes]) if np.isfinite(height_m[nodes]).any() else np.nan
        )
        return
    pull = 1.0 / np.maximum(length_m, _SHORTEST_M)
    matrix = np.zeros((len(nodes), len(nodes)))
    for a, b in ((at[:, 0], at[:, 1]), (at[:, 1], at[:, 0])):
        # An end of unknown height pulls at nothing.
        is_pulling = is_free[b] | is_known[b]
        np.add.at(matrix, (a[is_pulling], a[is_pulling]), pull[is_pulling])
        np.add.at(matrix, (a[is_pulling], b[is_pulling]), -pull[is_pulling])
    free, known = np.flatnonzero(is_free), np.flatnonzero(is_known)
    pulled = -matrix[np.ix_(free, known)] @ height_m[nodes[known]]
    height_m[nodes[free]] = np.linalg.solve(matrix[np.ix_(free, free)], pulled)
