"""How far every node of the network is from its nearest shelter, beside scipy, pandana and networkx."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from benchmarks import nearest_peers as peers
from benchmarks.ground import WALKING, walked
from benchmarks.instances import Instance, instance
from benchmarks.measurement import (
    LIMIT_S,
    OURS,
    Case,
    DisagreementError,
    Measurement,
    Wanted,
    seconds_of,
    slowness_note,
    timed,
    timed_peer,
)
from takecover.analysis.approach import Doors
from takecover.analysis.reach import nearest_nodes
from takecover.dtypes import UNREACHED
from takecover.kernels import dijkstra
from takecover.kernels.dijkstra import Streets

PART = "nearest"

Prepare = Callable[[Streets, int], Any]
Query = Callable[[Any, int, int], np.ndarray]

PEERS: dict[str, tuple[Prepare, Query]] = {
    "scipy": (lambda streets, door_count: peers.scipy_prepare(streets), peers.scipy_query),
    "networkx": (lambda streets, door_count: peers.networkx_prepare(streets), peers.networkx_query),
    "pandana": (peers.pandana_prepare, peers.pandana_query),
}

ROUNDING_MS = {"pandana": 2}
"""How far a program's walks may be from ours [ms]; where none is given, not at all."""


def cases(wanted: Wanted) -> list[Case]:
    """One case for each size and program."""
    return [
        Case(f"{size}, {name}", partial(_measure, size, name, wanted.runs))
        for size in wanted.sizes
        for name in (OURS, *PEERS)
    ]


def _measure(size: str, name: str, runs: int) -> list[Measurement]:
    made = instance(size)
    return _ours(made, runs) if name == OURS else _peer(made, name, runs)


def search(doors: Doors, streets: Streets) -> np.ndarray:
    """Walk of every node [ms], infinite where no door is within the limit; makes its own room, as scipy does."""
    room = dijkstra.room([streets], 0)
    dijkstra.settle(0, len(doors.number), doors.number, streets, room)
    walk_ms = room.place["label"][: len(streets.indptr) - 1 - len(doors.number)]
    return np.where(walk_ms > streets.limit_ms, np.inf, walk_ms)


def _ours(made: Instance, runs: int) -> list[Measurement]:
    city, scenario = made.city, made.scenario
    doors, streets = walked(city, scenario, LIMIT_S)
    found = search(doors, streets)
    whole = nearest_nodes(city, scenario, LIMIT_S, WALKING)
    _agree(made, "nearest_nodes", found, np.where(whole == UNREACHED, np.inf, whole))
    jobs: dict[str, Callable[[], object]] = {
        "prepare": lambda: walked(city, scenario, LIMIT_S),
        "query": lambda: search(doors, streets),
        "prepare and query": lambda: nearest_nodes(city, scenario, LIMIT_S, WALKING),
    }
    return [_row(made, step, OURS, timed(job, runs), runs, found) for step, job in jobs.items()]


def _peer(made: Instance, name: str, runs: int) -> list[Measurement]:
    prepare, query = PEERS[name]
    doors, streets = walked(made.city, made.scenario, LIMIT_S)
    door_count = len(doors.number)
    ready: list[Any] = []
    prepare_s = seconds_of(lambda: ready.append(prepare(streets, door_count)))
    is_slow = prepare_s > 2.0
    seconds = (prepare_s,) if is_slow else timed(lambda: prepare(streets, door_count), runs)
    answers: list[np.ndarray] = []
    query_s = timed_peer(lambda: answers.append(query(ready[0], door_count, streets.limit_ms)), runs)
    answer = answers[-1]
    _agree(made, name, search(doors, streets), answer)
    return [
        _row(made, "take over our arrays", name, seconds, runs, answer),
        _row(made, "query", name, query_s, runs, answer),
    ]


def _row(
    made: Instance, step: str, peer: str, seconds: tuple[float, ...], runs: int, walk_ms: np.ndarray
) -> Measurement:
    is_reached = np.isfinite(walk_ms)
    return Measurement(
        PART,
        made.name,
        made.size,
        step,
        peer,
        seconds,
        objective=f"{is_reached.sum()}:{round(walk_ms[is_reached].sum())}",
        note=slowness_note(seconds, runs),
    )


def _agree(made: Instance, name: str, ours: np.ndarray, theirs: np.ndarray) -> None:
    """Refuse to go on where walks differ by more than the program's own rounding.

    Raises
    ------
    DisagreementError
        If they do.
    """
    limit_ms = LIMIT_S * 1000
    apart_ms = np.abs(np.minimum(ours, limit_ms) - np.minimum(theirs, limit_ms))
    is_unlike = apart_ms > ROUNDING_MS.get(name, 0)
    if is_unlike.any():
        at = int(apart_ms.argmax())
        raise DisagreementError(
            f"{made.label}, {name}: {is_unlike.sum():,} nodes differ (most: {at}, {ours[at]} and {theirs[at]} ms)."
        )
