"""Makes whole people: a number spread along streets, fractions rounded, a total parted into mobility groups.

Every total is kept to the person; no random number is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from takecover.analysis.parsed import ParsedStreets
from takecover.dtypes import COUNT

RESIDENTIAL = ("residential", "living_street")
"""Kinds of street that people are spread along."""

PEDESTRIAN = "pedestrian"
"""Kind of street that people are spread along too where residential ones are few, as in Venice."""

FEW_RESIDENTIAL = 0.25
"""Residential streets are few where they are shorter than this share of the pedestrian ones."""

PIECE_M = 100.0
"""Longest piece of street that one origin stands for [m]."""

_PARTS = 1_000_000


@dataclass(frozen=True, eq=False)
class Pieces:
    """Pieces of residential street, each at its middle.

    Attributes
    ----------
    origin_ids
        ``way-<id>-<number along the way>``, unique, shape (n,) text.
    segment_idx
        Segment that the piece is a part of, shape (n,) int64.
    fraction
        Where its middle lies on the segment, 0 to 1, shape (n,) float64.
    length_m
        Its length [m], shape (n,) float64.
    """

    origin_ids: np.ndarray
    segment_idx: np.ndarray
    fraction: np.ndarray
    length_m: np.ndarray

    def __len__(self) -> int:
        return len(self.origin_ids)


def pieces(streets: ParsedStreets, length_m: np.ndarray, *, residential: bool = True) -> Pieces:
    """Cut each residential segment into equal pieces of at most 100 m.

    Parameters
    ----------
    streets
        The streets.
    length_m
        Length of each segment [m], shape (s,) float64.
    residential
        False for the other streets, without stairs, in place of the residential ones.
    """
    is_home = _is_home(streets, length_m)
    is_wanted = is_home if residential else ~is_home & ~streets.is_steps
    segment_idx = np.flatnonzero(is_wanted & (length_m > 0))
    count = np.maximum(1, np.ceil(length_m[segment_idx] / PIECE_M)).astype(np.int64)
    owner = np.repeat(np.arange(len(segment_idx)), count)
    first = np.cumsum(count) - count
    place = np.arange(len(owner)) - first[owner]
    way = streets.way_ids[segment_idx][owner]
    ids = [f"way-{w}-{k}" for w, k in zip(way.tolist(), _number_in_run(way).tolist(), strict=True)]
    return Pieces(
        np.array(ids, dtype=np.str_),
        segment_idx[owner],
        (place + 0.5) / count[owner],
        length_m[segment_idx][owner] / count[owner],
    )


def is_pedestrian_town(streets: ParsedStreets, length_m: np.ndarray) -> bool:
    """True where residential streets are few beside pedestrian ones, so that people live along both."""
    residential_m = length_m[np.isin(streets.highway, RESIDENTIAL)].sum()
    return bool(residential_m < FEW_RESIDENTIAL * length_m[streets.highway == PEDESTRIAN].sum())


def _is_home(streets: ParsedStreets, length_m: np.ndarray) -> np.ndarray:
    """True for each segment that people live along, shape (s,) bool."""
    kinds = (*RESIDENTIAL, PEDESTRIAN) if is_pedestrian_town(streets, length_m) else RESIDENTIAL
    return np.isin(streets.highway, kinds)


def along(weights: np.ndarray, people: int) -> np.ndarray:
    """Share whole people out by weight, in the order given; their sum is exact.

    Parameters
    ----------
    weights
        At least 0, some above 0, shape (n,) float64, in spatial order.
    people
        People to share out.

    Returns
    -------
    np.ndarray
        People, shape (n,) int64; each run of rows is right to one person.
    """
    return among(weights, np.zeros(len(weights), np.int64), np.array([people], COUNT))


def among(weights: np.ndarray, owner: np.ndarray, people: np.ndarray) -> np.ndarray:
    """Share the whole people of each group out to its rows by weight; the sum of each group is exact.

    Parameters
    ----------
    weights
        At least 0, some above 0 in each group, shape (n,) float64; rows of a group in spatial order.
    owner
        Group of each row, ascending, shape (n,) int64.
    people
        People of each group, shape (r,) int64; those of a group without rows are not shared out.

    Returns
    -------
    np.ndarray
        People, shape (n,) int64; each run of rows of a group is right to one person.

    Examples
    --------
    >>> among(np.array([1.0, 1.0, 5.0]), np.array([0, 0, 1]), np.array([3, 7])).tolist()
    [2, 1, 7]
    """
    is_last = np.append(owner[1:] != owner[:-1], True)
    is_first = np.insert(is_last[:-1], 0, True)
    group = np.cumsum(is_first) - 1
    # Shares add up to 1 in each group, so the sum over the groups before is their number.
    share = weights / np.bincount(group, weights)[group]
    within = np.clip(np.cumsum(share) - group, 0.0, 1.0)
    bounds = np.floor(within * people[owner] + 0.5).astype(COUNT)
    bounds[is_last] = people[owner[is_last]]
    return np.asarray(bounds - np.where(is_first, 0, np.concatenate([[0], bounds[:-1]])))


def whole(people: np.ndarray) -> np.ndarray:
    """Round people to whole ones, in the order given; the sum is that of the source, rounded.

    Parameters
    ----------
    people
        At least 0, shape (n,) float64, in spatial order. Whole ones stay as they are.
    """
    if np.array_equal(people, np.trunc(people)):
        return people.astype(COUNT)
    return np.diff(np.floor(np.cumsum(people) + 0.5).astype(COUNT), prepend=COUNT(0))


def part(people: np.ndarray, share: float) -> np.ndarray:
    """Take a share out of whole people, in the order given; the sum is that of the whole, rounded.

    Parameters
    ----------
    people
        People, shape (n,) int64, in spatial order.
    share
        0 to 1, used to a millionth.

    Returns
    -------
    np.ndarray
        People of the share, at most `people` in each row, shape (n,) int64.

    Examples
    --------
    >>> part(np.array([10, 10, 5]), 0.2).tolist()
    [2, 2, 1]
    """
    ends = np.cumsum(people) * round(share * _PARTS)
    return np.asarray(np.diff((ends + _PARTS // 2) // _PARTS, prepend=COUNT(0)))


def _number_in_run(values: np.ndarray) -> np.ndarray:
    """Number of each row, from 1, in its run of equal values."""
    is_first = np.ones(len(values), bool)
    is_first[1:] = values[1:] != values[:-1]
    starts = np.flatnonzero(is_first)
    return np.asarray(np.arange(1, len(values) + 1) - starts[np.cumsum(is_first) - 1])
