"""How people get onto the streets and off them: points on segments turned into what the search reads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from takecover.analysis.pace import Pace, whole_ms
from takecover.dtypes import INDEX
from takecover.kernels.chains import contract
from takecover.kernels.dijkstra import Stops, Streets, compress
from takecover.model.network import EdgePoints, Network


def take(points: EdgePoints, idx: np.ndarray) -> EdgePoints:
    """Points at some positions, in their order.

    Parameters
    ----------
    points
        Points on segments, n of them.
    idx
        Positions, shape (k,) of integers.
    """
    return EdgePoints(points.segment_idx[idx], points.fraction[idx], points.offset_m[idx])


@dataclass(frozen=True, eq=False)
class Doors:
    """Doors that people may walk to, by shelter, or all in a single list.

    Attributes
    ----------
    points
        Where each door meets the network, d points, none too far from it.
    indptr
        Where the doors of each shelter begin, shape (s + 1,) int32.
    number
        Tells a door from the others of its shelter; of doors with equal walks the lowest counts, shape (d,) int32.
    bits
        Bits that hold the highest number.
    """

    points: EdgePoints
    indptr: np.ndarray
    number: np.ndarray
    bits: int

    def merged(self) -> Doors:
        """All doors in a single list, where none is told from another."""
        ends = np.array([0, len(self.number)], INDEX)
        return Doors(self.points, ends, np.zeros_like(self.number), 0)


@dataclass(frozen=True, eq=False)
class Ground:
    """What a group walks on within a limit, and the doors that it walks to.

    Attributes
    ----------
    network
        Streets.
    pace
        Walks of the group along them.
    limit_ms
        Longest walk [ms].
    doors
        Where to.
    """

    network: Network
    pace: Pace
    limit_ms: int
    doors: Doors

    def streets(self) -> Streets:
        """Every way that is open and short enough, by the node or door that it leads to; doors follow the nodes."""
        forth_ms, back_ms = self._segments_ms()
        tail, head = self.network.tail, self.network.head
        door_end, to_door_ms = self._ends(self.doors.points, self.pace.forth_ms, self.pace.back_ms)
        return self._streets(
            self.network.node_count,
            np.concatenate([tail, head, door_end]),
            np.concatenate([head, tail]),
            np.concatenate([forth_ms, back_ms, to_door_ms]),
        )

    def ways(self, starts: EdgePoints) -> tuple[Streets, Stops]:
        """The same with bends left out, and the rows by the junctions and the doors next to them.

        Parameters
        ----------
        starts
            Where each row starts, r points.

        Notes
        -----
        Where six nodes in ten are bends, this halves the search: 125 ms for 248 ms of one processor, 4,300 shelters
        and 360,000 nodes; drawing the chains together takes 19 ms of it back.
        """
        network, points = self.network, self.doors.points
        tail, head = network.tail.astype(INDEX), network.head.astype(INDEX)
        has_door = np.zeros(network.node_count, np.bool_)
        has_door[tail[points.segment_idx]] = has_door[head[points.segment_idx]] = True
        junction, end, end_ms, chain = contract(tail, head, *self._segments_ms(), has_door, self.limit_ms)
        junction_count = int(junction.max(initial=-1)) + 1
        door_end, to_door_ms = self._ends(points, self.pace.forth_ms, self.pace.back_ms)
        come_from, lead_to, walk_ms = chain
        streets = self._streets(
            junction_count,
            np.concatenate([come_from, junction[door_end]]),
            lead_to,
            np.concatenate([walk_ms, to_door_ms]),
        )
        return streets, self._stops(starts, end, end_ms, junction_count)

    def _segments_ms(self) -> tuple[np.ndarray, np.ndarray]:
        return whole_ms(self.pace.forth_ms, self.limit_ms), whole_ms(self.pace.back_ms, self.limit_ms)

    def _streets(
        self, node_count: int, come_from: np.ndarray, lead_to: np.ndarray, walk_ms: np.ndarray
    ) -> Streets:
        """Ways grouped by where they lead; the last lead to the doors, from all their tails, then all their heads."""
        door = np.arange(node_count, node_count + len(self.doors.points), dtype=INDEX)
        lead_to = np.concatenate([lead_to, door, door], dtype=INDEX)
        indptr, pair = compress(lead_to, come_from.astype(INDEX, copy=False), walk_ms, node_count + len(door))
        return Streets(indptr, pair, self.limit_ms, self.doors.bits)

    def _stops(self, starts: EdgePoints, end: np.ndarray, end_ms: np.ndarray, node_count: int) -> Stops:
        """Rows by the ends of the chains that they start on, and by the doors on their segments."""
        _, first_ms = self._ends(starts, self.pace.back_ms, self.pace.forth_ms)
        segment_idx = np.maximum(starts.segment_idx, 0)
        side = np.concatenate([2 * segment_idx, 2 * segment_idx + 1])
        walk_ms = first_ms + end_ms[side]
        walk_ms[(first_ms < 0) | (end_ms[side] < 0) | (walk_ms > self.limit_ms)] = -1
        row, door, to_door_ms = self._straight(starts)
        every = np.arange(len(starts), dtype=INDEX)
        start_from = np.concatenate([end[side], door + node_count], dtype=INDEX)
        rows = np.concatenate([every, every, row], dtype=INDEX)
        key_count = node_count + len(self.doors.points)
        return Stops(*compress(start_from, rows, np.concatenate([walk_ms, to_door_ms]), key_count))

    def _straight(self, starts: EdgePoints) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Walks along one segment from rows to doors that both lie on: row, door, walk [ms] or -1."""
        points = self.doors.points
        has_door = np.zeros(self.network.segment_count, np.bool_)
        has_door[points.segment_idx] = True
        known = np.flatnonzero(starts.segment_idx >= 0)
        near = known[has_door[starts.segment_idx[known]]]
        near = near[np.argsort(starts.segment_idx[near], kind="stable")]
        begin = np.searchsorted(starts.segment_idx[near], points.segment_idx, side="left")
        count = np.searchsorted(starts.segment_idx[near], points.segment_idx, side="right") - begin
        door = np.repeat(np.arange(len(count)), count)
        row = near[np.arange(len(door)) - np.repeat(np.cumsum(count) - count - begin, count)]
        ahead = points.fraction[door] - starts.fraction[row]
        segment_idx = starts.segment_idx[row]
        along_ms = np.where(ahead >= 0, self.pace.forth_ms[segment_idx], self.pace.back_ms[segment_idx])
        walk_ms = self._sum(
            _part(np.abs(ahead), along_ms),
            self.pace.straight_ms(starts.offset_m[row]),
            self.pace.straight_ms(points.offset_m[door]),
        )
        return row, door, walk_ms

    def _ends(
        self, points: EdgePoints, tail_ms: np.ndarray, head_ms: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Walks between points and the two ends of their segments, all tails first: node, walk [ms] or -1.

        `tail_ms` and `head_ms` are the walks along whole segments on the side of each end, shape (s,).
        """
        known = points.segment_idx >= 0
        segment_idx = np.where(known, points.segment_idx, 0)
        offset_ms = np.where(known, self.pace.straight_ms(points.offset_m), np.inf)
        walk_ms = [
            self._sum(_part(share, whole[segment_idx]), offset_ms)
            for share, whole in ((points.fraction, tail_ms), (1 - points.fraction, head_ms))
        ]
        nodes = [self.network.tail[segment_idx], self.network.head[segment_idx]]
        return np.concatenate(nodes, dtype=INDEX), np.concatenate(walk_ms)

    def _sum(self, *walks_ms: np.ndarray) -> np.ndarray:
        """Walks one after the other, each rounded up [ms]; -1 where one or the whole is over the limit."""
        parts = [whole_ms(walk_ms, self.limit_ms).astype(np.int64) for walk_ms in walks_ms]
        total = np.sum(parts, axis=0)
        is_over = np.any([part < 0 for part in parts], axis=0) | (total > self.limit_ms)
        return np.where(is_over, -1, total).astype(INDEX)


def _part(share: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Part of a walk; none of it takes no time, even where there is no way along the whole."""
    walk_ms = np.zeros(len(share))
    some = np.flatnonzero(share > 0)
    walk_ms[some] = share[some] * whole[some]
    return walk_ms
