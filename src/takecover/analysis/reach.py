"""Who can be at which shelter in time: walks from every origin, and from every door, to the shelters around.

Walks are searched backwards from the doors, in whole milliseconds, and rounded up to deciseconds once.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from queue import SimpleQueue

import numpy as np

from takecover.analysis import order
from takecover.analysis.approach import Doors, Ground, take
from takecover.analysis.pace import pace
from takecover.dtypes import INDEX, NO_INDEX, TIME_DS, UNREACHED
from takecover.errors import Faults
from takecover.kernels import dijkstra
from takecover.kernels.dijkstra import Room, Stops, Streets
from takecover.kernels.transpose import arrange, transpose
from takecover.model import rules_scenario
from takecover.model.city import City
from takecover.model.costs import Costs
from takecover.model.hops import Hops
from takecover.model.network import EdgePoints
from takecover.model.scenario import OPEN, Scenario
from takecover.model.shelters import LOCKED, Shelters

_CHUNKS_A_THREAD = 8
_ENTRIES_AT_A_TIME = 1 << 17
_DS_A_S = 10
_MS_A_DS = 100
_MS_A_S = 1000


def reach(
    city: City,
    scenario: Scenario,
    time_limit_s: int,
    *,
    threads: int = 2,
    per_entrance: bool = False,
) -> Costs:
    """Find every shelter, or every entrance, that each origin and group can walk to within the limit.

    Parameters
    ----------
    city
        Streets, origins and shelters.
    scenario
        Speeds, and the shelters and entrances that are closed.
    time_limit_s
        Longest walk [s], above 0.
    threads
        Searches made at a time; the answer is the same bit for bit.
    per_entrance
        True for an entry of every entrance, False for one of each shelter by its nearest, which is not a locked one
        where another is open and the scenario counts on what is open.

    Returns
    -------
    Costs
        One row of every origin and group, group by group, in spatial order, also where it has no entries.

    Raises
    ------
    InputError
        If a group has no speed, or a closed shelter or entrance is none of the city's.

    Notes
    -----
    A walk is the sum of its parts, each rounded up to a millisecond: to the street, along it to the next node, along
    whole segments, along the last one, and to the door. The sum is rounded up to a decisecond. Of doors with equal
    walks the lowest counts. People who stand on a door's own segment may also walk straight to it.
    Dijkstra's search is bounded by the limit, so time grows with the shelters times the streets within it.

    References
    ----------
    Dijkstra E. W. (1959) A note on two problems in connexion with graphs. Numerische Mathematik 1.
    Dial R. B. (1969) Algorithm 360: shortest-path forest with topological ordering. Comm. ACM 12.
    """
    rows = order.spatial(city.demand.lon, city.demand.lat, city.demand.origin_ids)
    group_count, row_count = len(city.demand.groups), len(rows)
    with ThreadPoolExecutor(threads) as pool:
        grounds = list(
            pool.map(
                lambda g: _ground(city, scenario, time_limit_s, g, per_entrance=per_entrance),
                range(group_count),
            )
        )
    table = _table(grounds, take(city.demand.snap, rows), city.shelters, threads, per_entrance=per_entrance)
    return Costs(
        np.tile(rows.astype(INDEX), group_count),
        np.repeat(np.arange(group_count, dtype=INDEX), row_count),
        *table,
        time_limit_s * _DS_A_S,
        per_entrance,
    )


def nearest_walk_ds(
    city: City, scenario: Scenario, time_limit_s: int, group_idx: int, *, ignore_step_free: bool = False
) -> np.ndarray:
    """Find how far each origin is from its nearest shelter, in one search.

    Parameters
    ----------
    city
        Streets, origins and shelters.
    scenario
        Speeds, and the shelters and entrances that are closed.
    time_limit_s
        Longest walk [s], above 0.
    group_idx
        Mobility group.
    ignore_step_free
        True to let the group use stairs and every door, at its own speed.

    Returns
    -------
    np.ndarray
        Walk [ds], rounded up, shape (n,) int32; `UNREACHED` where no shelter is within the limit.

    Raises
    ------
    InputError
        If the group has no speed, or a closed shelter or entrance is none of the city's.
    """
    ground = _ground(city, scenario, time_limit_s, group_idx, ignore_step_free=ignore_step_free)
    ground = replace(ground, doors=ground.doors.merged())
    streets, stops = ground.ways(city.demand.snap)
    room = dijkstra.room([streets], len(city.demand))
    _, row, walk_ms = _search(0, 1, np.zeros(1, INDEX), ground.doors, streets, stops, room)
    walk_ds = np.full(len(city.demand), UNREACHED, TIME_DS)
    walk_ds[row] = -(-walk_ms // _MS_A_DS)
    return walk_ds


def nearest_nodes(city: City, scenario: Scenario, time_limit_s: int, group_idx: int) -> np.ndarray:
    """Find how far each node of the network is from its nearest shelter, in one search.

    Parameters
    ----------
    city
        Streets and shelters.
    scenario
        Speeds, and the shelters and entrances that are closed.
    time_limit_s
        Longest walk [s], above 0.
    group_idx
        Mobility group.

    Returns
    -------
    np.ndarray
        Walk [ms], shape (n,) int32; `UNREACHED` where no shelter is within the limit.

    Raises
    ------
    InputError
        If the group has no speed, or a closed shelter or entrance is none of the city's.
    """
    ground = _ground(city, scenario, time_limit_s, group_idx)
    doors = ground.doors.merged()
    streets = replace(ground, doors=doors).streets()
    room = dijkstra.room([streets], 0)
    dijkstra.settle(0, len(doors.number), doors.number, streets, room)
    walk_ms = room.place["label"][: city.network.node_count]
    return np.where(walk_ms > ground.limit_ms, UNREACHED, walk_ms).astype(TIME_DS)


def between_shelters(
    city: City, scenario: Scenario, time_limit_s: int, group_idx: int, *, threads: int = 2
) -> Hops:
    """Find where people who stand at a full shelter can go on to within the limit.

    Parameters
    ----------
    city
        Streets and shelters.
    scenario
        Speeds, and the shelters and entrances that are closed.
    time_limit_s
        Longest walk [s], above 0.
    group_idx
        Mobility group.
    threads
        Searches made at a time; the answer is the same bit for bit.

    Returns
    -------
    Hops
        Walks from every entrance to every other open shelter.

    Raises
    ------
    InputError
        If the group has no speed, or a closed shelter or entrance is none of the city's.
    """
    entrances = city.shelters.entrances
    ground = _ground(city, scenario, time_limit_s, group_idx)
    is_door = _is_door(city.shelters, scenario, _needs_step_free(city, group_idx))
    starts = replace(
        entrances.snap, segment_idx=np.where(is_door, entrances.snap.segment_idx, INDEX(NO_INDEX))
    )
    indptr, shelter_idx, entrance_idx, walk_time_ds = _table([ground], starts, city.shelters, threads)
    is_other = shelter_idx != np.repeat(entrances.shelter_idx, np.diff(indptr))
    ends = np.concatenate([[0], np.cumsum(is_other)])[indptr].astype(INDEX)
    return Hops(
        ends, shelter_idx[is_other], entrance_idx[is_other], walk_time_ds[is_other], time_limit_s * _DS_A_S
    )


def _needs_step_free(city: City, group_idx: int) -> bool:
    return city.demand.groups[group_idx].needs_step_free


def _ground(
    city: City,
    scenario: Scenario,
    time_limit_s: int,
    group_idx: int,
    *,
    ignore_step_free: bool = False,
    per_entrance: bool = False,
) -> Ground:
    """What one group walks on, and the doors that it may use."""
    group = city.demand.groups[group_idx]
    _check(city, scenario)
    needs_step_free = group.needs_step_free and not ignore_step_free
    is_door = _is_door(city.shelters, scenario, needs_step_free)
    if not per_entrance:
        is_door = _without_needless_locks(city.shelters, scenario, is_door)
    return Ground(
        city.network,
        pace(
            city.network,
            scenario.speed_m_s[group.name],
            scenario.steps_factor(group.name),
            needs_step_free,
        ),
        time_limit_s * _MS_A_S,
        _each_door(city.shelters, is_door) if per_entrance else _doors(city.shelters, is_door),
    )


def _check(city: City, scenario: Scenario) -> None:
    """The rules of a scenario that a search stands on, for those who come past the door of the model."""
    faults = Faults("scenario")
    for rule in (
        rules_scenario.each_group_has_a_speed,
        rules_scenario.closed_shelters_are_known,
        rules_scenario.closed_entrances_are_known,
    ):
        rule(scenario, city, faults)
    faults.raise_if_any()


def _is_door(shelters: Shelters, scenario: Scenario, needs_step_free: bool) -> np.ndarray:
    """Open entrances on the network into open shelters, step-free where need be, shape (e,) bool."""
    entrances = shelters.entrances
    is_open = ~np.isin(shelters.shelter_ids, np.array(scenario.closed_shelter_ids, dtype=str))
    is_door: np.ndarray = (entrances.snap.segment_idx >= 0) & is_open[entrances.shelter_idx]
    is_door &= ~np.isin(entrances.entrance_ids, np.array(scenario.closed_entrance_ids, dtype=str))
    return is_door & entrances.is_step_free if needs_step_free else is_door


def _without_needless_locks(shelters: Shelters, scenario: Scenario, is_door: np.ndarray) -> np.ndarray:
    """The doors without those that are locked where another one of the shelter is not, shape (e,) bool.

    A shelter that is locked altogether stays: people run there, and find it locked.
    """
    if scenario.count_on != OPEN:
        return is_door
    entrances = shelters.entrances
    is_free = is_door & (entrances.locks != LOCKED)
    has_free = np.zeros(len(shelters), np.bool_)
    has_free[entrances.shelter_idx[is_free]] = True
    return np.asarray(is_free | (is_door & ~has_free[entrances.shelter_idx]))


def _doors(shelters: Shelters, is_door: np.ndarray) -> Doors:
    """The doors by shelter, numbered by their place among all entrances of the shelter."""
    door = np.flatnonzero(is_door)
    shelter_idx = shelters.entrances.shelter_idx[door]
    first = _first_entrance(shelters)
    most = int(np.diff(first, append=len(is_door)).max(initial=1))
    return Doors(
        points=take(shelters.entrances.snap, door),
        indptr=np.searchsorted(shelter_idx, np.arange(len(shelters) + 1)).astype(INDEX),
        number=(door - first[shelter_idx]).astype(INDEX),
        bits=(most - 1).bit_length(),
    )


def _each_door(shelters: Shelters, is_door: np.ndarray) -> Doors:
    """The doors by entrance: one list for each entrance, with the one door or none."""
    door = np.flatnonzero(is_door)
    return Doors(
        points=take(shelters.entrances.snap, door),
        indptr=np.searchsorted(door, np.arange(len(is_door) + 1)).astype(INDEX),
        number=np.zeros(len(door), INDEX),
        bits=0,
    )


def _first_entrance(shelters: Shelters) -> np.ndarray:
    """Where the entrances of each shelter begin, shape (s,) int32."""
    return np.searchsorted(shelters.entrances.shelter_idx, np.arange(len(shelters))).astype(INDEX)


def _table(
    grounds: Sequence[Ground],
    starts: EdgePoints,
    shelters: Shelters,
    threads: int,
    *,
    per_entrance: bool = False,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Walks from every start over one ground after the other: indptr, shelter, entrance, walk [ds]."""
    every = np.arange(len(shelters.entrances), dtype=INDEX)
    first_entrance = every if per_entrance else _first_entrance(shelters)
    turn = _turns(shelters, first_entrance)
    cuts = np.linspace(0, len(turn), _CHUNKS_A_THREAD * threads + 1).astype(int).tolist()
    chunks = [(g, begin, end) for g in range(len(grounds)) for begin, end in pairwise(cuts)]
    rooms: SimpleQueue[Room] = SimpleQueue()
    with ThreadPoolExecutor(threads) as pool:
        ways = list(pool.map(lambda ground: ground.ways(starts), grounds))
        for _ in range(threads):
            rooms.put(dijkstra.room([streets for streets, _ in ways], len(starts)))

        def search(chunk: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
            ground_idx, begin, end = chunk
            streets, stops = ways[ground_idx]
            room = rooms.get()
            count, row, label = _search(begin, end, turn, grounds[ground_idx].doors, streets, stops, room)
            rooms.put(room)
            return count, row + INDEX(ground_idx * len(starts)), label

        parts = list(pool.map(search, chunks))
        count, row, label = (np.concatenate(column) for column in zip(*parts, strict=True))
        first = np.tile(first_entrance[turn], len(grounds))
        indptr, key = transpose(count, row, label, first, len(starts) * len(grounds), grounds[0].doors.bits)
        shelter_idx, entrance_idx, walk_time_ds = (np.empty(len(key), INDEX) for _ in range(3))
        of_entrance = shelters.entrances.shelter_idx.copy()

        def order_rows(rows: tuple[int, int]) -> None:
            arrange(*rows, indptr, key, of_entrance, shelter_idx, entrance_idx, walk_time_ds)

        cuts = np.linspace(0, len(indptr) - 1, threads + 1).astype(int).tolist()
        list(pool.map(order_rows, pairwise(cuts)))
    return indptr, shelter_idx, entrance_idx, walk_time_ds


def _turns(shelters: Shelters, first_entrance: np.ndarray) -> np.ndarray:
    """In which order to search from the lists of doors: neighbours one after the other, (lists,) int32.

    They walk over the same streets, which are then at hand in the cache: searches took 1.2 times as long by id.
    """
    every = np.arange(len(first_entrance), dtype=INDEX)
    if not len(shelters.entrances):
        return every
    begin = np.minimum(first_entrance, len(shelters.entrances) - 1)
    return order.spatial(shelters.entrances.lon[begin], shelters.entrances.lat[begin], every).astype(INDEX)


def _search(
    begin: int, end: int, turn: np.ndarray, doors: Doors, streets: Streets, stops: Stops, room: Room
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Entries of the shelters whose turn is from begin to end - 1: count of each, row, label."""
    count = np.zeros(len(doors.indptr) - 1, INDEX)
    row = np.empty(max(_ENTRIES_AT_A_TIME, 2 * len(room.best)), INDEX)
    label = np.empty(len(row), room.best.dtype)
    rows, labels = [row[:0]], [label[:0]]
    at = begin
    while at < end:
        at, filled = dijkstra.search(
            at, end, turn, doors.indptr, doors.number, streets, stops, room, count, row, label
        )
        rows.append(row[:filled].copy())
        labels.append(label[:filled].copy())
    return count[begin:end], np.concatenate(rows), np.concatenate(labels)
