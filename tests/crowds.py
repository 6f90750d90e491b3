"""Crowds, doors and walks between them, written down in numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from takecover.model.doorways import Doorways
from takecover.model.hops import Hops
from takecover.model.timeline import Batches


def hops_of(rows: list[list[tuple[int, int]]], doors: list[int], limit_ds: int = 10_000) -> Hops:
    """Walks from each door from its (walk_time_ds, door)."""
    flat = [hop for row in rows for hop in sorted(row)]
    entrance_idx = np.array([door for _, door in flat], np.int32)
    return Hops(
        np.cumsum([0, *(len(row) for row in rows)]).astype(np.int32),
        np.array(doors, np.int32)[entrance_idx],
        entrance_idx,
        np.array([walk_ds for walk_ds, _ in flat], np.int32),
        limit_ds,
    )


def batches_of(parties: list[tuple[int, int, int]], groups: list[int] | None = None) -> Batches:
    """From (door, time_ds, people) of each; every one is a row of its own and leaves at the siren."""
    columns = np.array(parties, np.int64).reshape(-1, 3)
    own = np.arange(len(parties), dtype=np.int32)
    return Batches(
        own,
        np.zeros_like(own),
        np.array(groups or [0] * len(parties), np.int32),
        columns[:, 0].astype(np.int32),
        np.zeros_like(own),
        columns[:, 1].astype(np.int32),
        columns[:, 2],
    )


def doorways_of(
    shelters: list[int],
    flows: list[int],
    halls: list[int] | None = None,
    hall_flows: list[int] | None = None,
    to_hall_ds: list[int] | list[list[int]] | None = None,
    to_cover_ds: list[int] | list[list[int]] | None = None,
) -> Doorways:
    """Doors, with halls where given; times behind them of one group, or of each."""
    count = len(shelters)
    hall_idx = np.array(halls or [-1] * count, np.int32)
    hall_shelter = np.zeros(len(hall_flows or []), np.int32)
    hall_shelter[hall_idx[hall_idx >= 0]] = np.array(shelters, np.int32)[hall_idx >= 0]
    return Doorways(
        np.array(shelters, np.int32),
        np.array(flows, np.int64),
        hall_idx,
        np.atleast_2d(np.array(to_hall_ds or [0] * count, np.int32)),
        np.atleast_2d(np.array(to_cover_ds or [0] * count, np.int32)),
        np.array(hall_flows or [], np.int64),
        hall_shelter,
    )


NOWHERE = hops_of([[]], [0])
"""One door and nowhere to go on to."""


def alone(places: int) -> dict[str, Any]:
    """One shelter and nowhere to go on to, for a minute and a half."""
    nowhere = hops_of([[], []], [0, 0])
    return {"capacity": np.array([places]), "hops_by_group": [nowhere], "moment_ds": np.array([900])}
