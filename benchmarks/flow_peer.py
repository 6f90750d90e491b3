"""The same assignment by OR-Tools' min-cost flow, on the same arcs."""

from __future__ import annotations

import numpy as np
from ortools.graph.python import min_cost_flow

from benchmarks.measurement import DisagreementError
from takecover.model.costs import Costs
from takecover.model.plan import Pair


class FlowPeer:
    """A table loaded into `SimpleMinCostFlow`: rows to shelters, shelters and the outside to a sink.

    Parameters
    ----------
    costs, people, capacity
        As `assign.assign` takes them.
    """

    def __init__(self, costs: Costs, people: np.ndarray, capacity: np.ndarray) -> None:
        row_count, shelter_count = len(people), len(capacity)
        self.outside_ds = shelter_count * costs.time_limit_ds + 1
        """Cost of one person outside [ds]: just above the longest chain of moves, so that people come first."""
        sink = row_count + shelter_count
        row = costs.row_idx.astype(np.int64)
        rows = np.arange(row_count, dtype=np.int64)
        shelters = np.arange(row_count, sink, dtype=np.int64)
        self._walk_ds = costs.walk_time_ds.astype(np.int64)
        self._flow = min_cost_flow.SimpleMinCostFlow()
        add = self._flow.add_arcs_with_capacity_and_unit_cost
        self._walks = add(row, row_count + costs.shelter_idx.astype(np.int64), people[row], self._walk_ds)
        self._outside = add(rows, np.full_like(rows, sink), people, np.full_like(rows, self.outside_ds))
        add(shelters, np.full_like(shelters, sink), capacity, np.zeros_like(shelters))
        self._flow.set_nodes_supplies(rows, people)
        self._flow.set_node_supply(sink, -int(people.sum()))

    def solve(self) -> None:
        """Find the optimum; the same work each time.

        Raises
        ------
        DisagreementError
            If OR-Tools finds none.
        """
        if self._flow.solve() != self._flow.OPTIMAL:
            raise DisagreementError("OR-Tools found no optimum.")

    def primal(self) -> Pair:
        """What the optimum costs."""
        outside = int(self._flow.flows(self._outside).sum())
        return Pair(outside, int(self._flow.flows(self._walks) @ self._walk_ds))
