"""A seeded street mesh: land is cut into ever smaller blocks, and what parts the blocks are the streets.

Knows nothing of a real city: where blocks are small, and which land is built on, the caller says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from takecover.dtypes import INDEX

SIZE = 1 << 15
"""Side of the whole square in lattice units."""

LEAST_SIDE = 12
"""No block is cut whose longer side is less than this [lattice units]."""

Field = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True, eq=False)
class Mesh:
    """Junctions and the straight ways between them.

    Attributes
    ----------
    x_m, y_m
        Junctions, shape (n,) float64.
    tail, head
        Ends of each way, shape (s,) int32.
    """

    x_m: np.ndarray
    y_m: np.ndarray
    tail: np.ndarray
    head: np.ndarray

    def ends(self) -> tuple[np.ndarray, np.ndarray]:
        """x and y of both ends of each way [m], shape (s, 2) each."""
        return (
            np.stack([self.x_m[self.tail], self.x_m[self.head]], axis=1),
            np.stack([self.y_m[self.tail], self.y_m[self.head]], axis=1),
        )

    def keep(self, is_node_kept: np.ndarray, is_way_kept: np.ndarray) -> Mesh:
        """The same mesh with some junctions only, and some of the ways between them."""
        new_idx = np.cumsum(is_node_kept, dtype=INDEX) - 1
        ways = np.flatnonzero(is_way_kept & is_node_kept[self.tail] & is_node_kept[self.head])
        return Mesh(
            self.x_m[is_node_kept],
            self.y_m[is_node_kept],
            new_idx[self.tail[ways]].astype(INDEX),
            new_idx[self.head[ways]].astype(INDEX),
        )


@dataclass(frozen=True)
class Warp:
    """A smooth bend of the plane, so that no two parts of the city keep one grid's direction.

    Attributes
    ----------
    unit_m
        Length of a lattice unit [m].
    angle
        Turn of the whole lattice [radian].
    waves
        Amplitude [m], wave numbers along x and y [1/m], phase, and direction of push [radian], shape (w, 5).
    """

    unit_m: float
    angle: float
    waves: np.ndarray

    @classmethod
    def from_seed(cls, rng: np.random.Generator, unit_m: float, angle: float) -> Warp:
        """Three long waves and four short ones; gentle enough that the plane never folds."""
        length_m = np.concatenate([rng.uniform(9_000, 14_000, 3), rng.uniform(2_800, 4_500, 4)])
        height_m = np.concatenate([rng.uniform(250, 380, 3), rng.uniform(30, 60, 4)])
        course, phase, push = rng.uniform(0, 2 * np.pi, (3, 7))
        number = 2 * np.pi / length_m
        return cls(
            unit_m,
            angle,
            np.stack([height_m, number * np.cos(course), number * np.sin(course), phase, push], axis=1),
        )

    def to_plane(self, across: np.ndarray, along: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Plane position [m] of lattice positions; the middle of the lattice lies at (0, 0) before the bend."""
        u_m, v_m = (across - SIZE / 2) * self.unit_m, (along - SIZE / 2) * self.unit_m
        flat_x_m = u_m * np.cos(self.angle) - v_m * np.sin(self.angle)
        flat_y_m = u_m * np.sin(self.angle) + v_m * np.cos(self.angle)
        x_m, y_m = flat_x_m.copy(), flat_y_m.copy()
        for height_m, number_x, number_y, phase, push in self.waves:
            swing_m = height_m * np.sin(number_x * flat_x_m + number_y * flat_y_m + phase)
            x_m += swing_m * np.cos(push)
            y_m += swing_m * np.sin(push)
        return x_m, y_m


def cut_blocks(warp: Warp, block_area_m2: Field, seed: tuple[int, ...]) -> np.ndarray:
    """Cut the square into blocks, each across its longer side, until each is small enough for where it lies.

    Parameters
    ----------
    warp
        Lays the lattice on the plane.
    block_area_m2
        Area [m2] above which a block at (x_m, y_m) is cut again; halved to doubled at random.
    seed
        Draws of each round hang on it and on the round alone, so that a coarser and a finer mesh cut the land
        along the same first streets.

    Returns
    -------
    np.ndarray
        West, south, east and north side of each block [lattice units], shape (k, 4) int64; they tile the square.
    """
    blocks = np.array([[0, 0, SIZE, SIZE]], dtype=np.int64)
    done = []
    for turn in range(64):
        if not len(blocks):
            break
        rng = np.random.default_rng((*seed, turn))
        west, south, east, north = blocks.T
        side = np.maximum(east - west, north - south)
        x_m, y_m = warp.to_plane((west + east) / 2, (south + north) / 2)
        area_m2 = (east - west) * (north - south) * warp.unit_m**2
        luck, ratio, toss = rng.random((3, len(blocks)))
        is_cut = (area_m2 > block_area_m2(x_m, y_m) * 2.0 ** (2.0 * luck - 1.0)) & (side >= LEAST_SIDE)
        done.append(blocks[~is_cut])
        blocks = _cut(blocks[is_cut], ratio[is_cut], toss[is_cut])
    return np.concatenate([*done, blocks])


def _cut(blocks: np.ndarray, ratio: np.ndarray, toss: np.ndarray) -> np.ndarray:
    """Both parts of each block; the cut lies on a lattice line that neighbours would choose as well."""
    west, south, east, north = blocks.T
    is_wide = (east - west) * (0.9 + 0.2 * toss) > north - south
    low, high = np.where(is_wide, west, south), np.where(is_wide, east, north)
    step = 2 ** np.floor(np.log2((high - low) / 3)).astype(np.int64)
    at = np.rint((low + (0.38 + 0.24 * ratio) * (high - low)) / step).astype(np.int64) * step
    first, second = blocks.copy(), blocks.copy()
    rows = np.arange(len(blocks))
    first[rows, np.where(is_wide, 2, 3)] = at
    second[rows, np.where(is_wide, 0, 1)] = at
    return np.stack([first, second], axis=1).reshape(-1, 4)


def trace_streets(blocks: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The sides of the blocks, each piece once, cut wherever a corner of another block touches them.

    Parameters
    ----------
    blocks
        Blocks that tile a square [lattice units], shape (k, 4) int64.

    Returns
    -------
    across, along, tail, head
        Lattice position of each junction, shape (n,) int64, and the ends of each piece, shape (s,) int32.
    """
    west, south, east, north = blocks.T
    stride = SIZE + 1
    corners = np.concatenate(
        [south * stride + west, south * stride + east, north * stride + west, north * stride + east]
    )
    key, corner_idx = np.unique(corners, return_inverse=True)
    along, across = np.divmod(key, stride)
    south_west, south_east, north_west, north_east = corner_idx.reshape(4, -1)
    rows = _link(np.arange(len(key)), (south_west, north_west), (south_east, north_east))
    columns = _link(np.lexsort((along, across)), (south_west, south_east), (north_west, north_east))
    tail, head = (np.concatenate(pair).astype(INDEX) for pair in zip(rows, columns, strict=True))
    return across, along, tail, head


def _link(
    order: np.ndarray, starts: tuple[np.ndarray, ...], ends: tuple[np.ndarray, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of junctions that follow each other on a line and are joined by the side of a block.

    `order` holds the junctions line by line; a side begins and ends at junctions of one line.
    """
    count = len(order)
    place = np.empty(count, dtype=np.int64)
    place[order] = np.arange(count)
    opened = np.bincount(place[np.concatenate(starts)], minlength=count)
    closed = np.bincount(place[np.concatenate(ends)], minlength=count)
    is_joined = np.flatnonzero(np.cumsum(opened - closed) > 0)
    return order[is_joined], order[is_joined + 1]


def components(node_count: int, tail: np.ndarray, head: np.ndarray) -> np.ndarray:
    """Lowest node of the component of each node, shape (node_count,) int64.

    Notes
    -----
    Each round hooks every component onto its lowest neighbour and shortens the paths; a street mesh of 200,000
    junctions takes about ten rounds.
    """
    label = np.arange(node_count)
    while len(tail):
        lower, higher = np.minimum(label[tail], label[head]), np.maximum(label[tail], label[head])
        is_open = lower != higher
        tail, head = tail[is_open], head[is_open]
        np.minimum.at(label, higher[is_open], lower[is_open])
        while (label != (shorter := label[label])).any():
            label = shorter
    return label


def in_largest_component(mesh: Mesh) -> np.ndarray:
    """True at the junctions of the component that has the most of them, shape (n,) bool."""
    label = components(len(mesh.x_m), mesh.tail, mesh.head)
    is_in: np.ndarray = label == np.argmax(np.bincount(label))
    return is_in


def shake(mesh: Mesh, rng: np.random.Generator, share: float) -> Mesh:
    """Move each junction by up to a share of the shortest way at it."""
    x_m, y_m = mesh.ends()
    length_m = np.hypot(x_m[:, 1] - x_m[:, 0], y_m[:, 1] - y_m[:, 0])
    shortest_m = np.full(len(mesh.x_m), np.inf)
    np.minimum.at(shortest_m, mesh.tail, length_m)
    np.minimum.at(shortest_m, mesh.head, length_m)
    turn, reach = rng.random((2, len(mesh.x_m)))
    move_m = share * np.sqrt(reach) * np.where(np.isfinite(shortest_m), shortest_m, 0.0)
    return Mesh(
        mesh.x_m + move_m * np.cos(2 * np.pi * turn),
        mesh.y_m + move_m * np.sin(2 * np.pi * turn),
        mesh.tail,
        mesh.head,
    )


def bend(mesh: Mesh, rng: np.random.Generator, count: int, is_straight: np.ndarray, share: float) -> Mesh:
    """Put a new node into the middle of some ways, longer ones rather than short, each a little to the side.

    Parameters
    ----------
    mesh
        The mesh; its nodes keep their positions in the table.
    rng
        Draws the ways and the bends.
    count
        New nodes, at most one in each way.
    is_straight
        True for ways that may be parted but not bent, shape (s,) bool.
    share
        Greatest bend over the length of the way.
    """
    x_m, y_m = mesh.ends()
    length_m = np.hypot(x_m[:, 1] - x_m[:, 0], y_m[:, 1] - y_m[:, 0])
    luck, side = rng.random((2, len(length_m)))
    ways = (
        np.sort(np.argpartition(-length_m * luck, count - 1)[:count]) if count else np.empty(0, dtype=np.intp)
    )
    swing = np.where(is_straight, 0.0, share * (2.0 * side - 1.0))[ways]
    x0, x1, y0, y1 = x_m[ways, 0], x_m[ways, 1], y_m[ways, 0], y_m[ways, 1]
    new_idx = np.arange(len(ways), dtype=INDEX) + len(mesh.x_m)
    head = mesh.head.copy()
    head[ways] = new_idx
    return Mesh(
        np.concatenate([mesh.x_m, (x0 + x1) / 2 - swing * (y1 - y0)]),
        np.concatenate([mesh.y_m, (y0 + y1) / 2 + swing * (x1 - x0)]),
        np.concatenate([mesh.tail, new_idx]),
        np.concatenate([head, mesh.head[ways]]),
    )
