"""The streets of Model Kyiv: the seeded mesh on the ground, cut by the river, joined by the bridges."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from takecover.analysis import order, snap
from takecover.cities.model_kyiv import facts
from takecover.cities.model_kyiv import mesh as meshes
from takecover.cities.model_kyiv.mesh import Mesh, Warp
from takecover.cities.model_kyiv.terrain import Terrain, to_degrees, to_plane
from takecover.dtypes import INDEX
from takecover.errors import InternalError
from takecover.model.network import EdgePoints, Network

LATTICE_UNIT_M = 1.7
"""Length of a lattice unit [m]; the lattice then covers the whole city."""

LATTICE_ANGLE = -0.21
"""Turn of the lattice against north [radian]."""

JUNCTION_SHARE = 0.57
"""Share of the nodes that are junctions; the others only bend or part a way."""

JUNCTIONS_PER_BLOCK = 2.0
"""Junctions of the finished mesh for each area above which a block is cut; found by trial."""

REMOVED_SHARE = 0.13
"""Share of the ways that are taken out again."""

SHAKE_SHARE = 0.13
"""Farthest that a junction is moved, over the shortest way at it."""

BEND_SHARE = 0.09
"""Greatest bend of a way over its length."""

SHORE_MARGIN_M = 2.0
"""Ways that come nearer to the water than this are taken out: positions are rounded later."""

BEND_MARGIN_M = 60.0
"""Ways that come nearer to the water than this are not bent."""

BRIDGE_STEP_M = 120.0
"""Greatest distance between the nodes of a bridge [m]."""

FARTHEST_SHORE_M = 2_000.0
"""Farthest that a bridge's end may be from the junction that it is tied to [m]."""

STEEP = 0.11
"""Slope from which a way may be a stair."""

STEPS_SHARE = 0.4
"""Share of the steep ways that are stairs."""

LONGEST_STEPS_M = 150.0
"""No stair is longer [m]."""


@dataclass(frozen=True, eq=False)
class Streets:
    """The network and what doors and houses may stand at.

    Attributes
    ----------
    network
        Nodes in spatial order.
    is_frontage
        True at segments that are neither bridge nor stair, shape (s,) bool.
    """

    network: Network
    is_frontage: np.ndarray

    @property
    def middle(self) -> tuple[np.ndarray, np.ndarray]:
        """Middle of each segment on the plane [m]."""
        x_m, y_m = to_plane(self.network.lon, self.network.lat)
        ends = self.network.tail, self.network.head
        return (x_m[ends[0]] + x_m[ends[1]]) / 2, (y_m[ends[0]] + y_m[ends[1]]) / 2


def build(terrain: Terrain, node_count: int, seed: int) -> Streets:
    """Make streets with exactly so many nodes, all joined.

    Parameters
    ----------
    terrain
        The ground.
    node_count
        Nodes of the network.
    seed
        Seed of every draw.
    """
    land = _land(terrain, node_count, seed)
    joined, bridge_from_idx = _add_bridges(land, terrain)
    is_bridge_node = np.arange(len(joined.x_m)) >= bridge_from_idx
    is_kept = meshes.in_largest_component(joined)
    joined = joined.keep(is_kept, np.ones(len(joined.tail), dtype=bool))
    is_bridge_node = is_bridge_node[is_kept]
    missing = node_count - len(joined.x_m)
    if not 0 <= missing <= len(joined.tail):
        raise InternalError(
            f"Model Kyiv: {len(joined.x_m)} junctions do not make {node_count} nodes. Report this."
        )
    is_straight = terrain.crosses_water(*joined.ends(), margin_m=BEND_MARGIN_M)
    bent = meshes.bend(joined, np.random.default_rng((seed, 3)), missing, is_straight, BEND_SHARE)
    is_bridge_node = np.concatenate([is_bridge_node, np.zeros(missing, dtype=bool)])
    return _streets(bent, is_bridge_node, terrain, seed)


def nearest(streets: Streets, lon: np.ndarray, lat: np.ndarray) -> EdgePoints:
    """Tie points to the nearest segment that is neither bridge nor stair, however far it is.

    Parameters
    ----------
    streets
        The streets.
    lon, lat
        Points [degree], shape (n,) float64.
    """
    frontage = np.flatnonzero(streets.is_frontage).astype(INDEX)
    network = streets.network
    some = replace(
        network,
        tail=network.tail[frontage],
        head=network.head[frontage],
        length_m=network.length_m[frontage],
        climb_m=network.climb_m[frontage],
        is_steps=network.is_steps[frontage],
        is_oneway=network.is_oneway[frontage],
    )
    points = snap.snap(some, lon, lat, np.inf)
    return EdgePoints(frontage[points.segment_idx], points.fraction, points.offset_m)


def _land(terrain: Terrain, node_count: int, seed: int) -> Mesh:
    """The mesh on dry land only, some ways taken out."""
    warp = Warp.from_seed(np.random.default_rng((seed, 1)), LATTICE_UNIT_M, LATTICE_ANGLE)
    probe = np.arange(-20_000.0, 20_000.0, 250.0) + 125.0
    probe_x_m, probe_y_m = (axis.ravel() for axis in np.meshgrid(probe, probe))
    is_dry = terrain.is_dry_city(probe_x_m, probe_y_m)
    served_m2 = terrain.streets(probe_x_m[is_dry], probe_y_m[is_dry]).sum() * 250.0**2
    densest_block_m2 = served_m2 * JUNCTIONS_PER_BLOCK / (node_count * JUNCTION_SHARE)
    blocks = meshes.cut_blocks(warp, lambda x_m, y_m: densest_block_m2 / terrain.streets(x_m, y_m), (seed, 2))
    across, along, tail, head = meshes.trace_streets(blocks)
    rng = np.random.default_rng((seed, 4))
    whole = meshes.shake(Mesh(*warp.to_plane(across, along), tail, head), rng, SHAKE_SHARE)
    dry = whole.keep(terrain.is_dry_city(whole.x_m, whole.y_m), np.ones(len(tail), dtype=bool))
    is_kept = (rng.random(len(dry.tail)) >= REMOVED_SHARE) & ~terrain.crosses_water(
        *dry.ends(), SHORE_MARGIN_M
    )
    return dry.keep(np.ones(len(dry.x_m), dtype=bool), is_kept)


def _add_bridges(land: Mesh, terrain: Terrain) -> tuple[Mesh, int]:
    """The mesh with every footbridge, each end tied to the nearest junction on its own shore.

    Returns
    -------
    Mesh, int
        The mesh, and the position from which on its nodes are those of bridges.
    """
    x_m, y_m, tails, heads = [land.x_m], [land.y_m], [land.tail], [land.head]
    first_idx = len(land.x_m)
    node_count = first_idx
    for ends in facts.footbridges():
        end_x_m, end_y_m = to_plane(ends[:, 0], ends[:, 1])
        pieces = int(np.ceil(np.hypot(*np.diff([end_x_m, end_y_m], axis=1)[:, 0]) / BRIDGE_STEP_M))
        way = np.linspace(0.0, 1.0, pieces + 1)
        x_m.append(end_x_m[0] + way * (end_x_m[1] - end_x_m[0]))
        y_m.append(end_y_m[0] + way * (end_y_m[1] - end_y_m[0]))
        chain = np.arange(node_count, node_count + pieces + 1)
        shores = [_junction_ashore(land, terrain, x, y) for x, y in zip(end_x_m, end_y_m, strict=True)]
        tails.append(np.concatenate([chain[:-1], chain[[0, -1]]]).astype(INDEX))
        heads.append(np.concatenate([chain[1:], shores]).astype(INDEX))
        node_count += pieces + 1
    joined = Mesh(np.concatenate(x_m), np.concatenate(y_m), np.concatenate(tails), np.concatenate(heads))
    return joined, first_idx


def _junction_ashore(land: Mesh, terrain: Terrain, x_m: float, y_m: float) -> int:
    """The nearest junction that is reached from the end of a bridge without crossing water."""
    away_m = np.hypot(land.x_m - x_m, land.y_m - y_m)
    near = np.flatnonzero(away_m <= FARTHEST_SHORE_M)
    near = near[np.argsort(away_m[near], kind="stable")[:50]]
    ways_x_m = np.stack([np.full(len(near), x_m), land.x_m[near]], axis=1)
    ways_y_m = np.stack([np.full(len(near), y_m), land.y_m[near]], axis=1)
    ashore = near[~terrain.crosses_water(ways_x_m, ways_y_m)]
    if not len(ashore):
        raise InternalError(
            f"Model Kyiv: a bridge ends at ({x_m:.0f}, {y_m:.0f}) m, off every shore. Report this."
        )
    return int(ashore[0])


def _streets(mesh: Mesh, is_bridge_node: np.ndarray, terrain: Terrain, seed: int) -> Streets:
    """The network in spatial order, with heights and stairs."""
    lon, lat = to_degrees(mesh.x_m, mesh.y_m)
    rank = order.spatial(lon, lat, np.arange(len(lon)))
    place = np.empty(len(rank), dtype=INDEX)
    place[rank] = np.arange(len(rank), dtype=INDEX)
    lon, lat, is_bridge_node = lon[rank], lat[rank], is_bridge_node[rank]
    x_m, y_m = to_plane(lon, lat)
    low = np.minimum(place[mesh.tail], place[mesh.head])
    high = np.maximum(place[mesh.tail], place[mesh.head])
    sort = np.lexsort((high, low))
    tail, head = low[sort], high[sort]
    is_bridge = is_bridge_node[tail] | is_bridge_node[head]
    length_m = np.round(np.hypot(x_m[head] - x_m[tail], y_m[head] - y_m[tail]), 2)
    height_m = terrain.height_m(x_m, y_m)
    climb_m = np.where(is_bridge, 0.0, np.round(height_m[head] - height_m[tail], 1))
    is_steep = (np.abs(climb_m) > STEEP * length_m) & (length_m <= LONGEST_STEPS_M)
    is_steps = is_steep & (np.random.default_rng((seed, 5)).random(len(tail)) < STEPS_SHARE)
    network = Network(
        node_ids=np.arange(1, len(lon) + 1, dtype=np.int64),
        lon=lon,
        lat=lat,
        tail=tail,
        head=head,
        length_m=length_m,
        climb_m=climb_m,
        is_steps=is_steps,
        is_oneway=np.zeros(len(tail), dtype=bool),
    )
    return Streets(network, ~is_bridge & ~is_steps)
