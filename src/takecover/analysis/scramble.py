"""What happens with no plan: everyone runs to the nearest shelter, is turned away where it is full, and runs on.

The yardstick of every plan; it decides nothing and is no forecast of how people behave.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from takecover.analysis.arrive import arrive, batches_of
from takecover.errors import InternalError
from takecover.model.costs import Costs
from takecover.model.departures import Departures
from takecover.model.doorways import Doorways
from takecover.model.hops import Hops
from takecover.model.timeline import Batches, Timeline


def scramble(
    costs: Costs,
    hops_by_group: Sequence[Hops],
    departures: Departures,
    doorways: Doorways,
    capacity: np.ndarray,
    moment_ds: np.ndarray,
) -> Timeline:
    """Let everyone run to the nearest door of their row, and on to the next nearest wherever they are turned away.

    Nobody knows of a full shelter, a shut door or a queue before standing there; see `arrive` for the rest.

    Parameters
    ----------
    costs
        Who can reach which door; only the first entry of each row counts.
    hops_by_group
        Walks from each door to others, one table for each mobility group.
    departures
        People of each row, and when they leave.
    doorways
        What they have to get through.
    capacity
        Places of each shelter, shape (s,) int64.
    moment_ds
        When to count [ds], ascending; the last is the horizon, after which nobody arrives, shape (k,).

    Returns
    -------
    Timeline
        What became of everyone who has a door in reach.

    Raises
    ------
    InternalError
        If a table ends before the horizon, so that walks within it would be missed.
    """
    if costs.time_limit_ds < moment_ds[-1]:
        raise InternalError(
            f"scramble: a table of walks ends at {costs.time_limit_ds} ds, before the horizon of {moment_ds[-1]} ds."
        )
    return arrive(to_the_nearest(costs, departures), doorways, capacity, hops_by_group, moment_ds)


def to_the_nearest(costs: Costs, departures: Departures) -> Batches:
    """Everyone on the way to the nearest door of their row, by (row, cohort); who has none in reach stays at home.

    Parameters
    ----------
    costs
        Who can reach which door.
    departures
        People of each row, and when they leave.
    """
    row, cohort_idx = np.nonzero(departures.people * (np.diff(costs.indptr) > 0)[:, np.newaxis])
    return batches_of(
        costs, costs.indptr[row], cohort_idx, departures.people[row, cohort_idx], departures.delay_ds
    )
