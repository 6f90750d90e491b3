"""Every walk to a shelter within the limit: the cost table, on one thread and on two, beside scipy."""

from __future__ import annotations

from functools import partial

import numpy as np

from benchmarks import nearest_peers
from benchmarks.ground import walked
from benchmarks.instances import Instance, instance
from benchmarks.measurement import (
    LIMIT_S,
    OURS,
    Case,
    Measurement,
    Wanted,
    agree,
    slowness_note,
    timed,
    timed_peer,
)
from takecover.analysis.reach import reach
from takecover.kernels import dijkstra

PART = "reach"
DOORS_AT_A_TIME = 100
"""scipy gives a dense row of every node for each door; so many fit into memory."""


def cases(wanted: Wanted) -> list[Case]:
    """Two cases for each size: the table, and all nodes from every door beside scipy."""
    tables = [Case(f"{size}, cost table", partial(_table, size, wanted.runs)) for size in wanted.sizes]
    doors = [Case(f"{size}, every door", partial(_doors, size, wanted.runs)) for size in wanted.sizes]
    return [case for pair in zip(tables, doors, strict=True) for case in pair]


def _table(size: str, runs: int) -> list[Measurement]:
    made = instance(size)
    rows = []
    for threads in (1, 2):
        seconds = timed(partial(reach, made.city, made.scenario, LIMIT_S, threads=threads), runs)
        table = reach(made.city, made.scenario, LIMIT_S, threads=threads)
        step = "cost table, one thread" if threads == 1 else "cost table, two threads"
        rows.append(
            Measurement(
                PART,
                made.name,
                made.size,
                step,
                OURS,
                seconds,
                entries=len(table.walk_time_ds),
                objective=f"{table.walk_time_ds.sum(dtype=np.int64)}",
                note=slowness_note(seconds, runs) or "both groups",
            )
        )
    agree("one thread and two", rows[0].objective, rows[1].objective)
    return rows


def _doors(size: str, runs: int) -> list[Measurement]:
    """Ours and scipy's bounded searches from every door of the walking group, one thread each."""
    made = instance(size)
    doors, streets = walked(made.city, made.scenario, LIMIT_S)
    door_count = len(doors.number)
    room = dijkstra.room([streets], 0)
    far = np.int64(streets.limit_ms) + 1
    sums = np.zeros(2, np.int64)

    def ours() -> None:
        sums[0] = 0
        for door in range(door_count):
            reached = room.touched[: dijkstra.settle(door, door + 1, doors.number, streets, room)]
            sums[0] += room.place["label"][reached].sum(dtype=np.int64)
            room.place["label"][reached] = far

    def scipy() -> None:
        sums[1] = nearest_peers.scipy_every_door(streets, door_count, DOORS_AT_A_TIME)

    our_s, scipy_s = timed(ours, runs), timed_peer(scipy, runs)
    agree(f"{made.label}, sum of all walks", int(sums[0]), int(sums[1]))
    return [_door_row(made, OURS, our_s, runs, sums[0]), _door_row(made, "scipy", scipy_s, runs, sums[1])]


def _door_row(
    made: Instance, peer: str, seconds: tuple[float, ...], runs: int, total_ms: np.int64
) -> Measurement:
    return Measurement(
        PART,
        made.name,
        made.size,
        "all nodes from every door, one thread",
        peer,
        seconds,
        objective=f"{total_ms}",
        note=slowness_note(seconds, runs),
    )
