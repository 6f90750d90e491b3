"""How many of the people come, in whole people, so that every district and group total stays right.

Never loses the lone: origins of one person each still send, together, their share.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from takecover.analysis import order, rounding
from takecover.analysis.tally import tally
from takecover.dtypes import COUNT
from takecover.model.demand import Demand


def turnout(demand: Demand, period_idx: int, share: float, seed: int) -> np.ndarray:
    """Take a share of the people of each origin and group, as whole people.

    The grand total and the totals of every district, every group, and every group in a district are each less than
    one person from the exact share. Nobody is made up: no origin sends more people than it has.

    Parameters
    ----------
    demand
        Who is where.
    period_idx
        Position of the period.
    share
        Share of the people who come, above 0 and at most 1, taken as the decimal number that it prints as.
    seed
        Seed of the rounding.

    Returns
    -------
    np.ndarray
        People, shape (n, g) int64. For a share of 1 the source itself, number for number.

    Notes
    -----
    First the table of district by group totals is made whole (`rounding.controlled`). Then the people of each cell
    stand in a queue, origin after origin along the Hilbert curve, and every N / K-th of them goes, from a seeded
    first one on: near origins make up for one another. Whole-number arithmetic throughout; right up to three
    thousand million people in a cell. The order of the rows does not matter, only positions and ids do.

    Examples
    --------
    >>> from takecover.cities import toys
    >>> int(turnout(toys.grid(10, 10, people=[1] * 100).demand, 0, 0.07, seed=1).sum())
    7
    """
    people = demand.people[period_idx]
    zone_count = int(demand.zone_idx.max(initial=-1)) + 2
    # Those in no district stand first, as a district of their own.
    zone_idx = demand.zone_idx.astype(np.int64) + 1
    exact = Fraction(str(float(share)))
    rng = np.random.default_rng(seed)
    totals = np.stack([tally(zone_idx, column, zone_count) for column in people.T], axis=1)
    goal = rounding.controlled(
        [[count * exact.numerator for count in row] for row in totals.tolist()], exact.denominator, rng
    )
    first = rng.integers(0, np.maximum(totals, 1), dtype=COUNT)
    rows = order.spatial(demand.lon, demand.lat, demand.origin_ids)
    rows = rows[np.argsort(zone_idx[rows], kind="stable")]
    gone: np.ndarray = np.empty_like(people)
    gone[rows] = _every_kth(people[rows], zone_idx[rows], totals, goal, first)
    return gone


def _every_kth(
    people: np.ndarray, zone_idx: np.ndarray, totals: np.ndarray, goal: np.ndarray, first: np.ndarray
) -> np.ndarray:
    """People of each row who go, the rows of a district standing together in the order of the queue."""
    before = np.cumsum(totals, axis=0) - totals
    up_to = np.cumsum(people, axis=0) - before[zone_idx]
    size = np.maximum(totals, 1)[zone_idx]
    start = first[zone_idx]
    pace = goal[zone_idx]
    gone: np.ndarray = (up_to * pace + start) // size - ((up_to - people) * pace + start) // size
    return gone
