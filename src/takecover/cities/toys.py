"""Toy worlds for tests of theory: regular grids whose answers follow by arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from takecover.analysis.origins import GROUPS, PERIODS
from takecover.dtypes import COUNT, INDEX, NO_INDEX
from takecover.errors import InputError
from takecover.kernels import geodesy
from takecover.model.city import City, Source, Zones
from takecover.model.demand import Demand
from takecover.model.elements import ESCALATOR, Elements
from takecover.model.network import EdgePoints, Network
from takecover.model.shelters import OPEN, Entrances, Halls, Shelters


@dataclass(frozen=True)
class Part:
    """What people pass at a toy door or in a toy hall, by what it lets through.

    Attributes
    ----------
    flow_per_s
        People whom it lets through [1/s]; None where nothing but its width is known.
    length_m
        Way through it [m], level; a corridor of 0.7 m takes a crowd a second.
    width_m
        Clear width [m] where the flow is not given.
    kind
        What it is.
    """

    flow_per_s: float | None = None
    length_m: float = 0.0
    width_m: float = 2.0
    kind: str = "corridor"


@dataclass(frozen=True)
class Door:
    """A door of a toy shelter.

    Attributes
    ----------
    node
        Node of the grid that it stands at.
    is_step_free
        True where a wheelchair gets in.
    offset_m
        Walk between the node and the door [m].
    parts
        What people pass, from the street on; the usual things where there are none.
    into_hall
        True where it leads into the shelter's hall.
    lock
        What is known of its lock.
    """

    node: int
    is_step_free: bool = True
    offset_m: float = 0.0
    parts: tuple[Part, ...] = ()
    into_hall: bool = False
    lock: str = OPEN


@dataclass(frozen=True)
class Cover:
    """A toy shelter.

    Attributes
    ----------
    doors
        Its doors; a bare number is the node of a step-free door.
    capacity
        Places.
    is_withheld
        True where the public must not be shown it.
    hall
        What people pass in the hall that some of the doors share, from the doors on.
    """

    doors: tuple[Door | int, ...]
    capacity: int
    is_withheld: bool = False
    hall: tuple[Part, ...] = ()


def grid(
    columns: int,
    rows: int,
    spacing_m: float = 100.0,
    *,
    people: Sequence[int] | None = None,
    step_free_people: Sequence[int] | None = None,
    origin_nodes: Sequence[int] | None = None,
    shelters: Sequence[Cover] = (),
    steps: Sequence[tuple[int, int]] = (),
    one_way: Sequence[tuple[int, int]] = (),
    missing: Sequence[tuple[int, int]] = (),
    zone_of_node: Sequence[int] | None = None,
    centre: tuple[float, float] = (30.5, 50.45),
) -> City:
    """A grid city: every walk is a whole number of spacings along rows and columns.

    Node ``row * columns + column`` stands in that row (from the south) and column (from the west); each segment has
    exactly the length `spacing_m`. Origins lie on nodes: fraction 0 or 1 of a segment, offset 0.

    Parameters
    ----------
    columns, rows
        Size of the grid, at least two nodes in all.
    spacing_m
        Length of every segment [m].
    people, step_free_people
        Walking and step-free people of each origin; 1 and 0 each where not given.
    origin_nodes
        Node of each origin; every node where not given.
    shelters
        The shelters, ``S001``, ``S002`` ... in this order.
    steps, one_way, missing
        Segments, as pairs of neighbouring nodes, that are stairs, that may be walked only from the first to the
        second node, and that are not there.
    zone_of_node
        District of each node, from 0; all in one where not given.
    centre
        Longitude and latitude of the south-west node [degree].

    Raises
    ------
    InputError
        If lengths do not match, or a pair names no segment.

    Examples
    --------
    >>> city = grid(3, 1, people=[1, 2, 4], shelters=[Cover((2,), capacity=5)])
    >>> city.demand.people.sum(), city.network.length_m.sum()
    (np.int64(7), np.float64(200.0))
    """
    node_count = columns * rows
    network = _network(columns, rows, spacing_m, steps, one_way, missing, centre)
    at = np.arange(node_count) if origin_nodes is None else np.asarray(origin_nodes, dtype=np.int64)
    zone_idx = np.zeros(node_count, INDEX) if zone_of_node is None else np.asarray(zone_of_node, dtype=INDEX)
    if len(zone_idx) != node_count:
        raise InputError(
            f"zone_of_node: {len(zone_idx)} given for {node_count} nodes. Give one of each node."
        )
    return City(
        name="toy-grid",
        title="Toy grid",
        title_uk="Іграшкова сітка",
        network=network,
        demand=_demand(network, at, zone_idx, people, step_free_people),
        shelters=_shelters(network, shelters, zone_idx),
        zones=_zones(int(zone_idx.max()) + 1),
        water=np.empty(0, dtype=object),
        sources=(Source("streets", "a regular grid", "Apache-2.0"),),
        notices=("A toy world for tests, not a city.",),
        notices_uk=("Іграшковий світ для тестів, а не місто.",),
        is_modelled=True,
    )


def _demand(
    network: Network,
    at: np.ndarray,
    zone_idx: np.ndarray,
    people: Sequence[int] | None,
    step_free_people: Sequence[int] | None,
) -> Demand:
    counts = [
        np.full(len(at), default, COUNT) if given is None else np.asarray(given, dtype=COUNT)
        for given, default in ((people, 1), (step_free_people, 0))
    ]
    if any(len(count) != len(at) for count in counts):
        raise InputError(f"people: not one number for each of {len(at)} origins. Give one of each origin.")
    return Demand(
        origin_ids=np.array([f"O{i + 1:05d}" for i in range(len(at))]),
        lon=network.lon[at],
        lat=network.lat[at],
        snap=_points(network, at, np.zeros(len(at))),
        zone_idx=zone_idx[at],
        groups=GROUPS,
        periods=PERIODS,
        people=np.stack(counts, axis=1)[np.newaxis],
    )


def _zones(count: int) -> Zones:
    return Zones(
        zone_ids=np.array([f"Z{i + 1}" for i in range(count)]),
        names=np.array([f"District {i + 1}" for i in range(count)]),
        names_uk=np.array([f"Район {i + 1}" for i in range(count)]),
        outlines=np.full(count, None, dtype=object),
    )


def _network(
    columns: int,
    rows: int,
    spacing_m: float,
    steps: Sequence[tuple[int, int]],
    one_way: Sequence[tuple[int, int]],
    missing: Sequence[tuple[int, int]],
    centre: tuple[float, float],
) -> Network:
    node = np.arange(columns * rows, dtype=INDEX).reshape(rows, columns)
    tail = np.concatenate([node[:, :-1].ravel(), node[:-1].ravel()])
    head = np.concatenate([node[:, 1:].ravel(), node[1:].ravel()])
    is_missing = _marks(tail, head, missing)
    tail, head = tail[~is_missing], head[~is_missing]
    if len(tail) == 0:
        raise InputError(
            f"grid: {columns} by {rows} nodes have no segment between them. Give at least two nodes."
        )
    is_oneway = _marks(tail, head, one_way)
    for first, second in one_way:
        if first > second:
            at = (tail == second) & (head == first)
            tail[at], head[at] = first, second
    row, column = np.divmod(np.arange(columns * rows), columns)
    lon, lat = geodesy.to_degrees(column * spacing_m, row * spacing_m, *centre)
    return Network(
        node_ids=np.arange(1, columns * rows + 1, dtype=np.int64),
        lon=lon,
        lat=lat,
        tail=tail,
        head=head,
        length_m=np.full(len(tail), float(spacing_m)),
        climb_m=np.full(len(tail), np.nan),
        is_steps=_marks(tail, head, steps),
        is_oneway=is_oneway,
    )


def _marks(tail: np.ndarray, head: np.ndarray, pairs: Sequence[tuple[int, int]]) -> np.ndarray:
    """True at the segments that the pairs name, whichever way round."""
    is_named = np.zeros(len(tail), dtype=bool)
    for first, second in pairs:
        at = ((tail == first) & (head == second)) | ((tail == second) & (head == first))
        if not at.any():
            raise InputError(f"grid: no segment joins the nodes {first} and {second}. Name neighbours.")
        is_named |= at
    return is_named


def _points(network: Network, nodes: np.ndarray, offset_m: np.ndarray) -> EdgePoints:
    """Points at nodes, each tied to the end of the first segment there; to none where the node is bare."""
    segment_idx = np.full(network.node_count, -1, dtype=INDEX)
    fraction = np.zeros(network.node_count)
    for end, share in ((network.head, 1.0), (network.tail, 0.0)):
        segment_idx[end[::-1]] = np.arange(network.segment_count, dtype=INDEX)[::-1]
        fraction[end] = share
    return EdgePoints(segment_idx[nodes], fraction[nodes], offset_m.astype(np.float64))


def _shelters(network: Network, covers: Sequence[Cover], zone_idx: np.ndarray) -> Shelters:
    doors = [[Door(d) if isinstance(d, int) else d for d in cover.doors] for cover in covers]
    first = np.array([own[0].node if own else 0 for own in doors], dtype=np.int64)
    ids = [f"S{i + 1:03d}" for i in range(len(covers))]
    with_hall = [i for i, cover in enumerate(covers) if cover.hall]
    return Shelters(
        shelter_ids=np.array(ids, dtype=np.str_),
        names=np.array([f"Shelter {i + 1}" for i in range(len(covers))], dtype=np.str_),
        kinds=np.full(len(covers), "shelter"),
        lon=network.lon[first],
        lat=network.lat[first],
        capacity=np.array([cover.capacity for cover in covers], dtype=COUNT),
        zone_idx=zone_idx[first],
        is_withheld=np.array([cover.is_withheld for cover in covers], dtype=bool),
        entrances=_entrances(network, ids, doors, with_hall),
        halls=Halls(
            np.array([f"{ids[i]}-hall" for i in with_hall], dtype=np.str_), np.array(with_hall, dtype=INDEX)
        ),
        elements=_elements(
            [door.parts for own in doors for door in own], [covers[i].hall for i in with_hall]
        ),
    )


def _entrances(
    network: Network, ids: Sequence[str], doors: Sequence[Sequence[Door]], with_hall: Sequence[int]
) -> Entrances:
    flat = [door for own in doors for door in own]
    of = np.repeat(np.arange(len(doors), dtype=INDEX), np.array([len(own) for own in doors], dtype=np.int64))
    at = np.array([door.node for door in flat], dtype=np.int64)
    halls = {shelter: hall for hall, shelter in enumerate(with_hall)}
    hall_idx = [
        halls.get(i, NO_INDEX) if door.into_hall else NO_INDEX
        for i, door in zip(of.tolist(), flat, strict=True)
    ]
    return Entrances(
        entrance_ids=np.array(
            [f"{ids[i]}-{k + 1}" for i, own in enumerate(doors) for k in range(len(own))], dtype=np.str_
        ),
        shelter_idx=of,
        lon=network.lon[at],
        lat=network.lat[at],
        snap=_points(network, at, np.array([door.offset_m for door in flat])),
        is_step_free=np.array([door.is_step_free for door in flat], dtype=bool),
        locks=np.array([door.lock for door in flat], dtype=np.str_),
        hall_idx=np.array(hall_idx, dtype=INDEX),
    )


def _elements(of_doors: Sequence[Sequence[Part]], of_halls: Sequence[Sequence[Part]]) -> Elements:
    """The parts of every door, then those of every hall."""
    rows = [(i, NO_INDEX, part) for i, parts in enumerate(of_doors) for part in parts]
    rows += [(NO_INDEX, h, part) for h, parts in enumerate(of_halls) for part in parts]
    parts = [part for _, _, part in rows]
    return Elements(
        entrance_idx=np.array([entrance for entrance, _, _ in rows], dtype=INDEX),
        hall_idx=np.array([hall for _, hall, _ in rows], dtype=INDEX),
        kinds=np.array([part.kind for part in parts], dtype=np.str_),
        clear_width_m=np.array([part.width_m for part in parts]),
        count=np.ones(len(rows), dtype=COUNT),
        handrails=np.zeros(len(rows), dtype=COUNT),
        length_m=np.array([part.length_m for part in parts]),
        drop_m=np.zeros(len(rows)),
        is_running=np.array([part.kind == ESCALATOR for part in parts], dtype=bool),
        belt_speed_m_s=np.full(len(rows), np.nan),
        flow_per_s=np.array([np.nan if part.flow_per_s is None else part.flow_per_s for part in parts]),
    )
