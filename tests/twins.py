"""Slow, readable twins of the kernels; they share no code with them."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import Any


@dataclass
class ScrambleTwin:
    """What `scramble` gives up to the horizon, as lists of plain numbers."""

    arrivals: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    load: list[int] = field(default_factory=list)
    unserved: list[int] = field(default_factory=list)
    turned_away: list[int] = field(default_factory=list)
    met_full: list[int] = field(default_factory=list)


def scramble(
    costs: Any, hops_by_group: Any, people: Any, capacity: Any, horizon_ds: int, time_limit_ds: int
) -> ScrambleTwin:
    """Follow every party from door to door with a set of the shelters that it has been to.

    An arrival is (time_ds, row, shelter, entrance, people), as is each of `arrivals`.
    """
    result = ScrambleTwin(
        load=[0] * len(capacity),
        unserved=[int(count) for count in people],
        turned_away=[0] * len(capacity),
        met_full=[0] * len(people),
    )
    been: list[set[int]] = [set() for _ in people]
    queue: list[tuple[int, int, int, int]] = []
    for row in range(len(people)):
        begin, end = int(costs.indptr[row]), int(costs.indptr[row + 1])
        if begin < end and result.unserved[row] > 0 and int(costs.walk_time_ds[begin]) <= horizon_ds:
            shelter, entrance = int(costs.shelter_idx[begin]), int(costs.entrance_idx[begin])
            heapq.heappush(queue, (int(costs.walk_time_ds[begin]), row, shelter, entrance))
    while queue:
        time_ds, row, shelter, entrance = heapq.heappop(queue)
        entering = min(int(capacity[shelter]) - result.load[shelter], result.unserved[row])
        if entering > 0:
            result.load[shelter] += entering
            result.unserved[row] -= entering
            result.arrivals.append((time_ds, row, shelter, entrance, entering))
        rest = result.unserved[row]
        if rest == 0:
            continue
        if time_ds <= time_limit_ds:
            result.turned_away[shelter] += rest
            result.met_full[row] = max(result.met_full[row], rest)
        been[row].add(shelter)
        hops = hops_by_group[int(costs.group_idx[row])]
        onward = [
            (int(hops.walk_time_ds[hop]), int(hops.shelter_idx[hop]), int(hops.entrance_idx[hop]))
            for hop in range(int(hops.indptr[entrance]), int(hops.indptr[entrance + 1]))
            if int(hops.shelter_idx[hop]) not in been[row]
        ]
        if onward and time_ds + min(onward)[0] <= horizon_ds:
            walk_ds, shelter, entrance = min(onward)
            heapq.heappush(queue, (time_ds + walk_ds, row, shelter, entrance))
    return result
