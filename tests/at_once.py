"""The scramble when all leave at the siren and no door holds anyone up: what it was before doors had a width."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from takecover.analysis import timeline
from takecover.analysis.arrive import unhindered
from takecover.analysis.scramble import scramble
from takecover.model.costs import Costs
from takecover.model.departures import Departures
from takecover.model.hops import Hops
from takecover.model.timeline import Timeline


def raid(
    costs: Costs,
    hops_by_group: Sequence[Hops],
    people: np.ndarray,
    capacity: np.ndarray,
    horizon_ds: int,
    time_limit_ds: int | None = None,
) -> Timeline:
    """The scramble of some rows, counted at the limit too; the shelter of each door is read from the tables."""
    shelter_idx = np.zeros(max(len(hops.indptr) for hops in hops_by_group) - 1, np.int32)
    for table in (costs, *hops_by_group):
        shelter_idx[table.entrance_idx] = table.shelter_idx
    return scramble(
        costs,
        hops_by_group,
        Departures(np.zeros(1, np.int64), np.asarray(people, np.int64)[:, np.newaxis]),
        unhindered(np.maximum.accumulate(shelter_idx)),
        np.asarray(capacity, np.int64),
        timeline.moments(horizon_ds, [] if time_limit_ds is None else [time_limit_ds]),
    )
