"""The walkable network: nodes, the straight segments between them, and points that lie on segments."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from takecover.dtypes import INDEX


@dataclass(frozen=True, eq=False)
class Csr:
    """Directed edges in compressed rows, by tail.

    Attributes
    ----------
    indptr
        Where the edges of each tail begin, shape (n + 1,) int32.
    head
        Node at the far end of each edge, shape (m,) int32.
    segment_idx
        Segment that each edge runs along, shape (m,) int32.
    is_forward
        True where the edge runs from the segment's tail to its head, shape (m,) bool.
    """

    indptr: np.ndarray
    head: np.ndarray
    segment_idx: np.ndarray
    is_forward: np.ndarray


@dataclass(frozen=True, eq=False)
class EdgePoints:
    """Points off the network, each tied to the nearest point of a segment.

    Attributes
    ----------
    segment_idx
        Segment, shape (n,) int32; -1 where the point is too far from any.
    fraction
        How far along the segment from its tail, 0 to 1, shape (n,) float64.
    offset_m
        Straight walk between the point and the segment [m], shape (n,) float64.
    """

    segment_idx: np.ndarray
    fraction: np.ndarray
    offset_m: np.ndarray

    def __len__(self) -> int:
        return len(self.segment_idx)


@dataclass(frozen=True, eq=False)
class Network:
    """A walkable network of n nodes and s segments.

    Any order of nodes is right; nodes that are near each other in space should be near each other
    in the table (`analysis.order`), which makes searches several times faster.

    Attributes
    ----------
    node_ids
        Outside id of each node, unique, shape (n,) int64.
    lon, lat
        Position [degree, WGS84], shape (n,) float64.
    tail, head
        Nodes at the two ends of each segment, shape (s,) int32.
    length_m
        Length [m], at least 0, shape (s,) float64.
    climb_m
        Height of head over tail [m], shape (s,) float64; NaN where unknown, walked as level.
    is_steps
        True where the segment is a stair: no way for step-free groups, shape (s,) bool.
    is_oneway
        True where people may walk only from tail to head, shape (s,) bool.
    """

    node_ids: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    tail: np.ndarray
    head: np.ndarray
    length_m: np.ndarray
    climb_m: np.ndarray
    is_steps: np.ndarray
    is_oneway: np.ndarray

    @property
    def node_count(self) -> int:
        """Number of nodes."""
        return len(self.node_ids)

    @property
    def segment_count(self) -> int:
        """Number of segments."""
        return len(self.tail)

    @cached_property
    def csr(self) -> Csr:
        """Both directions of every segment (one where it is one-way), by tail, then by segment."""
        back = np.flatnonzero(~self.is_oneway).astype(INDEX)
        forth = np.arange(self.segment_count, dtype=INDEX)
        tails = np.concatenate([self.tail, self.head[back]])
        heads = np.concatenate([self.head, self.tail[back]])
        segment_idx = np.concatenate([forth, back])
        is_forward = np.arange(len(tails)) < self.segment_count
        order = np.argsort(tails, kind="stable")
        indptr = np.zeros(self.node_count + 1, INDEX)
        np.cumsum(np.bincount(tails, minlength=self.node_count), out=indptr[1:])
        return Csr(indptr, heads[order], segment_idx[order], is_forward[order])
