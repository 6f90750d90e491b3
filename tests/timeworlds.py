"""Small worlds over time, drawn by hypothesis, and the explicit time-expanded network that other solvers are given."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st
from ortools.graph.python import min_cost_flow

from takecover.model.costs import Costs
from takecover.model.departures import Departures
from takecover.model.doorways import UNMETERED_PER_KS, Doorways
from takecover.model.warning import WarningTimes

GROUPS = 2
"""Mobility groups of a world that is drawn."""

UNIT = 10**9
"""One unit of the first goal [ds]: more than all times in such a world together."""


class World(NamedTuple):
    """What `assign_over_time` takes."""

    costs: Costs
    doorways: Doorways
    departures: Departures
    capacity: np.ndarray
    warning: WarningTimes
    slot_ds: int


def world(
    walks: list[list[tuple[int, int]]],
    doors: Doorways,
    people: list[list[int]],
    capacity: list[int],
    warning: WarningTimes,
    slot_ds: int,
    delays: tuple[int, ...] = (0,),
    groups: list[int] | None = None,
) -> World:
    """A world from (entrance, walk [ds]) of each row, all of one group unless given."""
    ordered = [sorted(row, key=lambda entry: (entry[1], entry[0])) for row in walks]
    entrance = np.array([j for row in ordered for j, _ in row], np.int32)
    costs = Costs(
        np.arange(len(walks), dtype=np.int32),
        np.array(groups or [0] * len(walks), np.int32),
        np.cumsum([0, *(len(row) for row in ordered)]).astype(np.int32),
        doors.shelter_idx[entrance],
        entrance,
        np.array([walk for row in ordered for _, walk in row], np.int32),
        max((walk for row in ordered for _, walk in row), default=0),
        is_per_entrance=True,
    )
    leaving = Departures(
        np.array(delays, np.int64), np.array(people, np.int64).reshape(len(walks), len(delays))
    )
    return World(costs, doors, leaving, np.array(capacity, np.int64), warning, slot_ds)


def doors(
    shelters: list[int],
    flows: list[int],
    *,
    covers: list[int] | list[list[int]] | None = None,
    halls: list[int] | None = None,
    to_halls: list[int] | list[list[int]] | None = None,
    hall_flows: tuple[int, ...] = (),
    hall_shelters: tuple[int, ...] = (),
) -> Doorways:
    """Entrances with their flows [people per 1,000 s]; times behind them of one group, or of each."""
    none = [0] * len(shelters)
    return Doorways(
        shelter_idx=np.array(shelters, np.int32),
        flow_per_ks=np.array(flows, np.int64),
        hall_idx=np.array(halls or [-1] * len(shelters), np.int32),
        to_hall_ds=np.atleast_2d(np.array(to_halls or none, np.int32)),
        to_cover_ds=np.atleast_2d(np.array(covers or none, np.int32)),
        hall_flow_per_ks=np.array(hall_flows, np.int64),
        hall_shelter_idx=np.array(hall_shelters, np.int32),
    )


@st.composite
def warnings(draw: st.DrawFn) -> WarningTimes:
    """One time, or up to four with weights, some at or before the siren."""
    if draw(st.booleans()):
        return WarningTimes.single(draw(st.integers(1, 140)))
    times = sorted(draw(st.sets(st.integers(-20, 140), min_size=2, max_size=4)))
    cuts = sorted(draw(st.sets(st.integers(1, 999), min_size=len(times) - 1, max_size=len(times) - 1)))
    return WarningTimes(np.array(times, np.int64), np.diff([0, *cuts, 1000]).astype(np.int64))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Up to four shelters, eight entrances, some with a hall or shut; up to eight rows, two groups, three cohorts."""
    shelters = draw(st.integers(1, 4))
    of = list(range(shelters)) + draw(st.lists(st.integers(0, shelters - 1), max_size=4))
    flows = st.sampled_from([0, 30, 100, 333, 500, 2000, UNMETERED_PER_KS])
    with_hall = draw(st.lists(st.integers(0, shelters - 1), unique=True, max_size=2))
    hall = [with_hall.index(s) if s in with_hall and draw(st.booleans()) else -1 for s in of]
    ways = st.lists(st.integers(0, 200), min_size=len(of), max_size=len(of))
    doorways = doors(
        of,
        [draw(flows) for _ in of],
        covers=[draw(ways) for _ in range(GROUPS)],
        halls=hall,
        to_halls=[
            [way if h >= 0 else 0 for way, h in zip(draw(ways), hall, strict=True)] for _ in range(GROUPS)
        ],
        hall_flows=tuple(draw(flows) for _ in with_hall),
        hall_shelters=tuple(with_hall),
    )
    walk = st.tuples(st.integers(0, len(of) - 1), st.integers(0, 900))
    walks = draw(st.lists(st.lists(walk, unique_by=lambda entry: entry[0]), min_size=1, max_size=8))
    delays = tuple(sorted(draw(st.sets(st.integers(0, 500), min_size=1, max_size=3))))
    people = [[draw(st.integers(0, 14)) for _ in delays] for _ in walks]
    capacity = [draw(st.integers(0, 40)) for _ in range(shelters)]
    groups = [draw(st.integers(0, GROUPS - 1)) for _ in walks]
    slot_ds = draw(st.sampled_from([50, 100, 300]))
    return world(walks, doorways, people, capacity, draw(warnings()), slot_ds, delays, groups)


class Network:
    """The explicit time-expanded network of a world, one arc for everything that somebody can do."""

    def __init__(self, made: World, *, is_late: bool) -> None:
        self._made, self._is_late = made, is_late
        self._slot_ds = made.slot_ds
        self._end_ds = int(made.warning.time_s[-1]) * 10
        self._slots = max(self._end_ds, 0) // made.slot_ds + 2
        self._node: dict[tuple[str, int, int], int] = {}
        self._arcs: list[tuple[int, int, int, int]] = []
        self.whole = 1000 // int(np.gcd.reduce(made.warning.weight))
        self._supply: dict[int, int] = {}
        self._doors()
        self._halls()
        self._rows()
        for s, places in enumerate(made.capacity.tolist()):
            self._arc(("shelter", s, 0), ("sink", 0, 0), places, 0)

    def solve(self) -> tuple[int, int]:
        """Units lost and deciseconds of the optimum, by OR-Tools."""
        flow = min_cost_flow.SimpleMinCostFlow()
        tail, head, most, cost = np.array(self._arcs, np.int64).T
        flow.add_arcs_with_capacity_and_unit_cost(tail, head, most, cost)
        for node, people in self._supply.items():
            flow.set_node_supply(node, people)
        flow.set_node_supply(self._at(("sink", 0, 0)), -sum(self._supply.values()))
        assert flow.solve() == flow.OPTIMAL
        return divmod(int(flow.optimal_cost()), UNIT)

    def _at(self, name: tuple[str, int, int]) -> int:
        return self._node.setdefault(name, len(self._node))

    def _arc(self, tail: tuple[str, int, int], head: tuple[str, int, int], most: int, cost: int) -> None:
        self._arcs.append((self._at(tail), self._at(head), min(most, 10**6), cost))

    def _whole_slots(self, ds: int) -> int:
        return -(-ds // self._slot_ds) if self._is_late else ds // self._slot_ds

    def _passed(self, flow: int, ds: int) -> int:
        return flow * ds // 10_000 if self._is_late else -(-flow * ds // 10_000)

    def _most(self, flow: int, k: int) -> int:
        return self._passed(flow, (k + 1) * self._slot_ds) - self._passed(flow, k * self._slot_ds)

    def _leaves(self, flow: int, k: int) -> int:
        """When somebody served in a slot is through, but for one passing time."""
        return (k + (self._is_late and flow != UNMETERED_PER_KS)) * self._slot_ds

    def _late(self, flow: int) -> int:
        """One passing time."""
        return -(-10_000 // flow) if self._is_late and 0 < flow < UNMETERED_PER_KS else 0

    def _value(self, ds: int) -> int:
        """Units that being under cover from then on is worth."""
        times = zip(self._made.warning.time_s.tolist(), self._made.warning.weight.tolist(), strict=True)
        return sum(weight for time, weight in times if time * 10 >= ds) * self.whole // 1000

    def _done(self, flow: int, k: int, cover_ds: int) -> int:
        """When somebody served in a slot by a queue that leads to cover is there."""
        return self._leaves(flow, k) + self._late(flow) + cover_ds

    def _queue(
        self, kind: str, which: int, flow: int, covers: np.ndarray, shelter: int, late: int = 0
    ) -> None:
        """Arcs from the slots of a queue to a shelter, in time for one group at least."""
        cover_ds = self._way(covers)
        quickest_ds = int(covers.min()) if kind == "door" else cover_ds
        for k in range(self._slots):
            if self._done(flow, k, quickest_ds) + late <= self._end_ds:
                done = min(self._done(flow, k, cover_ds) + late, self._end_ds)
                cost = (self.whole - self._value(done)) * UNIT + cover_ds
                self._arc((kind, which, k), ("shelter", shelter, 0), self._most(flow, k), cost)

    def _wait(self, kind: str, which: int, slots: int) -> None:
        for k in range(slots - 1):
            self._arc((kind, which, k), (kind, which, k + 1), 10**6, self._slot_ds)

    def _in_time(self, j: int, cover_ds: int) -> int:
        """How many slots of a door without a hall are in time for those who go down in so long."""
        flow = int(self._made.doorways.flow_per_ks[j])
        return sum(self._done(flow, k, cover_ds) <= self._end_ds for k in range(self._slots))

    def _way(self, of_groups: np.ndarray) -> int:
        """Time behind a queue: of the slowest group against us, of the fastest for us."""
        return int(of_groups.max() if self._is_late else of_groups.min())

    def _doors(self) -> None:
        d = self._made.doorways
        for j, flow in enumerate(d.flow_per_ks.tolist()):
            if flow == 0:
                continue
            if d.hall_idx[j] < 0:
                self._wait("door", j, self._in_time(j, self._way(d.to_cover_ds[:, j])))
                self._queue("door", j, flow, d.to_cover_ds[:, j], int(d.shelter_idx[j]))
                continue
            self._wait("door", j, self._slots)
            to_hall_ds = self._way(d.to_hall_ds[:, j])
            for k in range(self._slots):
                joins = self._whole_slots(self._leaves(flow, k) + to_hall_ds)
                if joins < self._slots:
                    hall = ("hall", int(d.hall_idx[j]), joins)
                    self._arc(("door", j, k), hall, self._most(flow, k), to_hall_ds)

    def _halls(self) -> None:
        d = self._made.doorways
        for h, flow in enumerate(d.hall_flow_per_ks.tolist()):
            covers = d.to_cover_ds[:, d.hall_idx == h]
            if flow > 0 and covers.size:
                self._wait("hall", h, self._slots)
                late = max(self._late(int(d.flow_per_ks[j])) for j in range(len(d)) if d.hall_idx[j] == h)
                self._queue("hall", h, flow, covers, int(d.hall_shelter_idx[h]), late)

    def _rows(self) -> None:
        costs, leaving = self._made.costs, self._made.departures
        for i, c in np.argwhere(leaving.people > 0).tolist():
            row, people = ("row", i, c), int(leaving.people[i, c])
            self._supply[self._at(row)] = people
            self._arc(row, ("sink", 0, 0), people, self.whole * UNIT)
            for k in range(costs.indptr[i], costs.indptr[i + 1]):
                walk = int(costs.walk_time_ds[k])
                joins, j = self._whole_slots(int(leaving.delay_ds[c]) + walk), int(costs.entrance_idx[k])
                cover_ds = int(self._made.doorways.to_cover_ds[costs.group_idx[i], j])
                is_too_slow = (
                    self._is_late
                    and self._made.doorways.hall_idx[j] < 0
                    and joins >= self._in_time(j, cover_ds)
                )
                if joins < self._slots and not is_too_slow:
                    self._arc(row, ("door", j, joins), people, walk)
