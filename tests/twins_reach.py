"""The slow twin of reach: forwards from every origin, one plain dictionary at a time; and small cities to try it on."""

from __future__ import annotations

import heapq
import math
from itertools import pairwise
from typing import Any

import numpy as np

from takecover.model.city import City, Zones
from takecover.model.demand import Demand, MobilityGroup
from takecover.model.network import EdgePoints, Network
from takecover.model.scenario import Scenario
from takecover.model.shelters import Entrances, Shelters


def scenario(**changes) -> Scenario:
    """Speeds of 1 and 0.5 m/s, stairs at half speed, nothing closed."""
    fields = {
        "name": "test",
        "dated": "2026-01-01",
        "period": "",
        "time_limit_s": 600,
        "compare_limits_s": (),
        "turnout": 1.0,
        "speed_m_s": {"walking": 1.0, "step_free": 0.5},
        "steps_speed_factor": 0.5,
        "closed_shelter_ids": (),
        "norm_profile": "",
        "seed": 0,
    }
    return Scenario(**(fields | changes))


def random_city(
    seed: int, *, nodes: int = 12, segments: int = 20, origins: int = 8, shelters: int = 4, lengths_m=None
) -> City:
    """A tangle: loops, twins, no-length segments, stairs, one-ways, slopes; points at ends, alike, off the network."""
    rng = np.random.default_rng(seed)
    tail, head = rng.integers(0, nodes, (2, segments)).astype(np.int32)
    choices = np.array([0.0, 10.0, 20.0, 20.0, 33.3, 50.0]) if lengths_m is None else np.asarray(lengths_m)
    climb_m = np.where(rng.random(segments) < 0.5, np.nan, rng.choice([-3.0, 0.0, 1.0], segments))
    network = Network(
        np.arange(nodes, dtype=np.int64),
        rng.uniform(30.4, 30.6, nodes),
        rng.uniform(50.4, 50.5, nodes),
        tail,
        head,
        rng.choice(choices, segments),
        climb_m,
        rng.random(segments) < 0.2,
        rng.random(segments) < 0.2,
    )
    doors = np.sort(rng.integers(0, shelters, 2 * shelters)).astype(np.int32)
    return City(
        "tangle",
        "Tangle",
        "",
        network,
        _demand(rng, origins, segments),
        _shelters(rng, shelters, doors, segments),
        Zones(*(np.zeros(0, "U1"),) * 3, np.zeros(0, object)),
        np.zeros(0, object),
        (),
        (),
        (),
        True,
    )


def _points(rng: np.random.Generator, count: int, segments: int) -> EdgePoints:
    segment_idx = rng.integers(0, segments, count).astype(np.int32)
    segment_idx[rng.random(count) < 0.1] = -1
    return EdgePoints(
        segment_idx, rng.choice([0.0, 0.25, 0.3, 0.5, 1.0], count), rng.choice([0.0, 0.0, 5.0, 12.5], count)
    )


def _demand(rng: np.random.Generator, origins: int, segments: int) -> Demand:
    return Demand(
        np.array([f"O{i:04d}" for i in rng.permutation(origins)], dtype="U5"),
        rng.choice([30.45, 30.5, 30.55], origins),
        rng.choice([50.42, 50.45], origins),
        _points(rng, origins, segments),
        np.zeros(origins, np.int32),
        (MobilityGroup("walking", False), MobilityGroup("step_free", True)),
        ("night",),
        np.ones((1, origins, 2), np.int64),
    )


def _shelters(rng: np.random.Generator, shelters: int, doors: np.ndarray, segments: int) -> Shelters:
    entrances = Entrances(
        np.array([f"E{i:04d}" for i in range(len(doors))], dtype="U5"),
        doors,
        np.full(len(doors), 30.5),
        np.full(len(doors), 50.45),
        _points(rng, len(doors), segments),
        rng.random(len(doors)) < 0.6,
        np.full(len(doors), "unknown"),
        np.full(len(doors), -1, np.int32),
    )
    return Shelters(
        np.array([f"S{i:04d}" for i in range(shelters)], dtype="U5"),
        np.full(shelters, ""),
        np.full(shelters, "shelter"),
        np.full(shelters, 30.5),
        np.full(shelters, 50.45),
        np.full(shelters, 10, np.int64),
        np.zeros(shelters, np.int32),
        np.zeros(shelters, bool),
        entrances,
    )


def table(
    city: City, case: Scenario, limit_s: int, *, per_entrance: bool = False
) -> list[tuple[int, int, list[tuple[int, int, int]]]]:
    """Every row as (origin, group, [(walk_time_ds, shelter, entrance), ...])."""
    order = sorted(range(len(city.demand)), key=lambda i: _place(city, i))
    rows = []
    for group_idx in range(len(city.demand.groups)):
        walk = Walker(city, case, group_idx)
        for origin in order:
            entries = walk.each_door if per_entrance else walk.entries
            rows.append((origin, group_idx, entries(city.demand.snap, origin, limit_s * 1000)))
    return rows


def _place(city: City, origin: int) -> tuple[int, str]:
    return (
        hilbert_key(float(city.demand.lon[origin]), float(city.demand.lat[origin])),
        str(city.demand.origin_ids[origin]),
    )


def hilbert_key(lon: float, lat: float, levels: int = 28) -> int:
    """Position on the curve, one level at a time."""
    cells = 2**levels
    x = min(int((lon + 180) * cells / 360), cells - 1)
    y = min(int((lat + 90) * cells / 360), cells - 1)
    key, side = 0, cells // 2
    while side:
        right, upper = int(x & side > 0), int(y & side > 0)
        key += side * side * ((3 * right) ^ upper)
        if not upper:
            if right:
                x, y = cells - 1 - x, cells - 1 - y
            x, y = y, x
        side //= 2
    return key


class Walker:
    """One group on foot."""

    def __init__(self, city: City, case: Scenario, group_idx: int) -> None:
        self.city, self.case, self.group = city, case, city.demand.groups[group_idx]
        self.speed = case.speed_m_s[self.group.name]
        self.out: dict[int, list[tuple[int, int]]] = {}
        network = city.network
        for segment in range(network.segment_count):
            tail, head = int(network.tail[segment]), int(network.head[segment])
            for start, end, is_forward in ((tail, head, True), (head, tail, False)):
                walk = self.segment_ms(segment, is_forward)
                if walk is not None:
                    self.out.setdefault(start, []).append((end, up(walk)))

    def segment_ms(self, segment: int, is_forward: bool) -> float | None:
        """Walk along a whole segment, not rounded; None where there is no way."""
        network = self.city.network
        if network.is_oneway[segment] and not is_forward:
            return None
        length, climb = float(network.length_m[segment]), float(network.climb_m[segment])
        walk = length / self.speed * 1000
        if network.is_steps[segment]:
            return None if self.group.needs_step_free else walk / self.case.steps_speed_factor
        if not math.isnan(climb) and length > 0:
            slope = (climb if is_forward else -climb) / length
            walk *= math.exp(3.5 * (abs(slope + 0.05) - 0.05))
        return walk

    def part_ms(self, segment: int, begin: float, end: float) -> int | None:
        """Walk along a segment between two of its points; none of it takes no time, whatever the segment."""
        if begin == end:
            return 0
        whole = self.segment_ms(segment, end > begin)
        return None if whole is None else up(abs(end - begin) * whole)

    def doors(self) -> list[int]:
        """Entrances that this group may use."""
        entrances, shelters = self.city.shelters.entrances, self.city.shelters
        return [
            e
            for e in range(len(entrances))
            if entrances.snap.segment_idx[e] >= 0
            and shelters.shelter_ids[entrances.shelter_idx[e]] not in self.case.closed_shelter_ids
            and entrances.entrance_ids[e] not in self.case.closed_entrance_ids
            and (entrances.is_step_free[e] or not self.group.needs_step_free)
        ]

    def entries(self, points: EdgePoints, start: int, limit_ms: int) -> list[tuple[int, int, int]]:
        """(walk_time_ds, shelter, entrance) from one point, ascending."""
        best: dict[int, tuple[int, int]] = {}
        for entrance, walk_ms in self.walks_ms(points, start).items():
            shelter = int(self.city.shelters.entrances.shelter_idx[entrance])
            if walk_ms <= limit_ms:
                best[shelter] = min(best.get(shelter, (walk_ms, entrance)), (walk_ms, entrance))
        return sorted((math.ceil(ms / 100), shelter, entrance) for shelter, (ms, entrance) in best.items())

    def each_door(self, points: EdgePoints, start: int, limit_ms: int) -> list[tuple[int, int, int]]:
        """(walk_time_ds, shelter, entrance) of every door within the limit, ascending by time, then by entrance."""
        shelter_idx = self.city.shelters.entrances.shelter_idx
        found = sorted(
            (math.ceil(walk_ms / 100), entrance)
            for entrance, walk_ms in self.walks_ms(points, start).items()
            if walk_ms <= limit_ms
        )
        return [(walk_ds, int(shelter_idx[entrance]), entrance) for walk_ds, entrance in found]

    def walks_ms(self, points: EdgePoints, start: int) -> dict[int, int]:
        """Walk to every door that can be reached from one point."""
        segment, fraction = int(points.segment_idx[start]), float(points.fraction[start])
        if segment < 0:
            return {}
        offset = up(float(points.offset_m[start]) / self.speed * 1000)
        network, doors = self.city.network, self.city.shelters.entrances.snap
        ends = ((int(network.tail[segment]), 0.0), (int(network.head[segment]), 1.0))
        at = self.spread(
            [
                (offset + walk, node)
                for node, end in ends
                if (walk := self.part_ms(segment, fraction, end)) is not None
            ]
        )
        found: dict[int, int] = {}
        for door in self.doors():
            on, where = int(doors.segment_idx[door]), float(doors.fraction[door])
            ways = []
            if on == segment and (walk := self.part_ms(segment, fraction, where)) is not None:
                ways.append(offset + walk)
            for node, end in ((int(network.tail[on]), 0.0), (int(network.head[on]), 1.0)):
                walk = self.part_ms(on, end, where)
                if walk is not None and node in at:
                    ways.append(at[node] + walk)
            if ways:
                found[door] = min(ways) + up(float(doors.offset_m[door]) / self.speed * 1000)
        return found

    def spread(self, starts: list[tuple[int, int]]) -> dict[int, int]:
        """Dijkstra's search from nodes with a walk behind them."""
        at: dict[int, int] = {}
        queue = sorted(starts)
        while queue:
            walk, node = heapq.heappop(queue)
            if node in at:
                continue
            at[node] = walk
            for end, more in self.out.get(node, []):
                heapq.heappush(queue, (walk + more, end))
        return at


def up(walk_ms: float) -> int:
    """Whole milliseconds, rounded up; a float's noise is no millisecond."""
    return max(math.ceil(walk_ms - 1e-6), 0)


def split(city: City, group_idx: int, case: Scenario) -> tuple[Any, Walker]:
    """The same streets as a networkx graph in milliseconds, not rounded, with every point a node of its own."""
    import networkx as nx

    walker, network = Walker(city, case, group_idx), city.network
    points = {"origin": city.demand.snap, "door": city.shelters.entrances.snap}
    on: dict[int, list] = {}
    graph = nx.DiGraph()
    for name, snap in points.items():
        for i in range(len(snap)):
            if snap.segment_idx[i] >= 0:
                on.setdefault(int(snap.segment_idx[i]), []).append((float(snap.fraction[i]), name, i))
                offset = snap.offset_m[i] / walker.speed * 1000
                ends = ((name, i), ("street", name, i))
                graph.add_edge(*(ends if name == "origin" else ends[::-1]), ms=offset)

    def way(begin, end, ms):
        if ms is not None and ms < graph.get_edge_data(begin, end, {"ms": math.inf})["ms"]:
            graph.add_edge(begin, end, ms=ms)

    for s in range(network.segment_count):
        stations = [(0.0, int(network.tail[s])), (1.0, int(network.head[s]))]
        stations += [(f, ("street", name, i)) for f, name, i in on.get(s, [])]
        stations.sort(key=lambda station: station[0])
        for (f, begin), (g, end) in pairwise(stations):
            for a, b, is_forward in ((begin, end, True), (end, begin, False)):
                whole = walker.segment_ms(s, is_forward)
                way(a, b, 0.0 if f == g else None if whole is None else (g - f) * whole)
    return graph, walker
