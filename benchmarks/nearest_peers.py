"""Other programs on the arrays of our own search: every edge, every door, walks in whole milliseconds.

Each peer has `prepare` (arrays to its own form) and a query that gives the walk of every node [ms], infinite where no
door is within the limit.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import networkx
import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from benchmarks.measurement import AbsentError
from takecover.kernels.dijkstra import Streets

CATEGORY = "shelters"

HAIR_MS = 0.01
"""Added to each walk for pandana, which cuts seconds to whole milliseconds: 0.29 s must not become 289 ms."""


def scipy_prepare(streets: Streets) -> csr_matrix:
    """The edges as a matrix: from where they lead to where they come from."""
    count = len(streets.indptr) - 1
    walk_ms = streets.pair[:, 1].astype(np.float64)
    return csr_matrix((walk_ms, streets.pair[:, 0].copy(), streets.indptr), (count, count))


def scipy_query(graph: csr_matrix, door_count: int, limit_ms: int) -> np.ndarray:
    """One search from all doors."""
    node_count = graph.shape[0] - door_count
    doors = np.arange(node_count, graph.shape[0])
    walk_ms: np.ndarray = dijkstra(graph, indices=doors, limit=limit_ms, min_only=True)[:node_count]
    return walk_ms


def scipy_every_door(streets: Streets, door_count: int, at_a_time: int) -> int:
    """Sum of all walks between a node and a door within the limit [ms], one search from each door."""
    graph = scipy_prepare(streets)
    first = graph.shape[0] - door_count
    total = 0
    for begin in range(first, graph.shape[0], at_a_time):
        doors = np.arange(begin, min(begin + at_a_time, graph.shape[0]))
        walk_ms = dijkstra(graph, indices=doors, limit=streets.limit_ms)
        total += int(walk_ms[np.isfinite(walk_ms)].sum())
    return total


def networkx_prepare(streets: Streets) -> networkx.DiGraph:
    """The edges as a directed graph; of parallel ones the shortest."""
    lead_to = np.repeat(np.arange(len(streets.indptr) - 1), np.diff(streets.indptr))
    order = np.argsort(-streets.pair[:, 1], kind="stable")
    columns = lead_to[order], *streets.pair[order].T
    graph = networkx.DiGraph()
    graph.add_nodes_from(range(len(streets.indptr) - 1))
    graph.add_weighted_edges_from(zip(*(column.tolist() for column in columns), strict=True))
    return graph


def networkx_query(graph: networkx.DiGraph, door_count: int, limit_ms: int) -> np.ndarray:
    """One search from all doors."""
    total = graph.number_of_nodes()
    node_count = total - door_count
    found = networkx.multi_source_dijkstra_path_length(
        graph, set(range(node_count, total)), cutoff=limit_ms, weight="weight"
    )
    walk_ms = np.full(total, np.inf)
    walk_ms[np.fromiter(found.keys(), np.int64, len(found))] = np.fromiter(
        found.values(), np.float64, len(found)
    )
    return walk_ms[:node_count]


def pandana_prepare(streets: Streets, door_count: int) -> Any:
    """Its network, contracted, with the shelters set; its `precompute` does not serve this query and is not called.

    Nodes stand in a row at x = 0, 1, 2 ..., so that it ties each shelter to its own door and to nothing else. Walks
    are given in seconds: it holds thousandths in 32 bits, which walks in milliseconds overflow while it contracts.

    Raises
    ------
    AbsentError
        If pandana is not installed.
    """
    try:
        import pandana
    except ImportError:
        raise AbsentError("pandana is not installed") from None
    import pandas as pd

    count = len(streets.indptr) - 1
    x = pd.Series(np.arange(count, dtype=np.float64))
    lead_to = pd.Series(np.repeat(np.arange(count), np.diff(streets.indptr)))
    come_from = pd.Series(streets.pair[:, 0].astype(np.int64))
    walks = pd.DataFrame({"walk_s": (streets.pair[:, 1] + HAIR_MS) / 1000})
    with _hushed():
        network = pandana.Network(x, x * 0.0, come_from, lead_to, walks, twoway=False)
    doors = x.iloc[count - door_count :]
    network.set_pois(CATEGORY, streets.limit_ms / 1000, 1, doors, doors * 0.0)
    return network


def pandana_query(network: Any, door_count: int, limit_ms: int) -> np.ndarray:
    """The nearest shelter of every node."""
    found = network.nearest_pois(limit_ms / 1000, CATEGORY, num_pois=1, max_distance=np.inf)
    walk_ms: np.ndarray = np.rint(found[1].to_numpy()[: len(found) - door_count] * 1000)
    return walk_ms


@contextmanager
def _hushed() -> Iterator[None]:
    """Keep what compiled code prints off the screen."""
    screen, nothing = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    try:
        yield
    finally:
        os.dup2(screen, 1)
        os.close(screen)
        os.close(nothing)
