"""The independent check of a plan over time: the queues once more, in plain arithmetic, and nothing of the solver.

Weak duality: for any prices of at least (0, 0), no plan for the same table, queues and slots costs less than the dual
worked out here. A plan that costs just that much is therefore the best there is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from takecover.errors import InternalError
from takecover.model.costs import Costs
from takecover.model.departures import Departures
from takecover.model.doorways import UNMETERED_PER_KS, Doorways
from takecover.model.plan import Certificate, Pair
from takecover.model.warning import WarningTimes

_BASE = 1 << 40
"""One unit, in deciseconds, for comparing pairs as single numbers: far above every time and every price."""


@dataclass(frozen=True, eq=False)
class _Grid:
    """Queues (entrances, then halls) by slots: what a slot lets pass (q, k), what is lost by it (q, k), the way behind
    (q,), the queue behind (q,; -1 for the shelter) and in which slot one joins it (q, k), which slots count (q, k),
    which of them each group may join at an entrance (g, e, k), and for which one waits in the one before (q, k - 1).
    """

    most: np.ndarray
    lost: np.ndarray
    inside_ds: np.ndarray
    next_queue: np.ndarray
    next_slot: np.ndarray
    is_worth: np.ndarray
    can_join: np.ndarray
    can_wait: np.ndarray
    whole: int


def certify(
    costs: Costs,
    doorways: Doorways,
    departures: Departures,
    capacity: np.ndarray,
    warning: WarningTimes,
    slot_ds: int,
    is_late: bool,
    flow: tuple[np.ndarray, np.ndarray, np.ndarray],
    served: np.ndarray,
    queue_price: tuple[np.ndarray, np.ndarray],
    place_price: tuple[np.ndarray, np.ndarray],
) -> Certificate:
    """Recompute what a plan over time costs and what no plan can undercut.

    Parameters
    ----------
    costs, doorways, departures, capacity, warning, slot_ds, is_late
        What the plan is for.
    flow
        Entries of the table, cohorts and people sent, shape (f,) each.
    served
        People let through by each queue in each slot, shape (q, k).
    queue_price, place_price
        Units and deciseconds, shape (q, k) and (s,) each.

    Returns
    -------
    Certificate
        With a gap of (0, 0).

    Raises
    ------
    InternalError
        If the plan is not one (people lost or invented, more served than there are or than pass, a shelter overfull, a
        price below zero) or not the best.
    """
    grid = _grid(doorways, warning, slot_ds, is_late, served.shape[1])
    entry, cohort, people = flow
    sent = np.zeros_like(departures.people)
    np.add.at(sent, (costs.row_idx[entry], cohort), people)
    outside = departures.people - sent
    arrival = costs.walk_time_ds[entry] + departures.delay_ds[cohort]
    slot = -(-arrival // slot_ds) if is_late else arrival // slot_ds
    group, entrance = costs.group_idx[costs.row_idx[entry]], costs.entrance_idx[entry]
    last = served.shape[1] - 1
    if (slot > last).any() or not grid.can_join[group, entrance, np.minimum(slot, last)].all():
        raise InternalError("witness: somebody joins a queue after the last slot; the plan must not be used.")
    joined = np.zeros(served.shape, np.int64)
    np.add.at(joined, (entrance, slot), people)
    through = (grid.next_queue >= 0)[:, None] & (served > 0)
    np.add.at(
        joined,
        (np.broadcast_to(grid.next_queue[:, None], served.shape)[through], grid.next_slot[through]),
        served[through],
    )
    waiting = np.cumsum(joined - served, axis=1)
    shelter = np.concatenate([doorways.shelter_idx, doorways.hall_shelter_idx])
    is_last = grid.next_queue < 0
    load = np.zeros(len(capacity), np.int64)
    np.add.at(load, shelter[is_last], served[is_last].sum(axis=1))
    if (people < 0).any() or (outside < 0).any() or (waiting < 0).any() or waiting[:, -1:].any():
        raise InternalError("witness: the plan loses or invents people; it must not be used.")
    if waiting[:, :-1][~grid.can_wait].any() or served[~grid.is_worth].any():
        raise InternalError("witness: somebody waits for a slot that is too late; the plan must not be used.")
    if (served < 0).any() or (served > grid.most).any() or (load > capacity).any():
        raise InternalError("witness: more people pass than a door, a hall or a shelter takes.")
    primal = Pair(
        int(outside.sum()) * grid.whole + int((served * grid.lost).sum()),
        int(np.dot(people, costs.walk_time_ds[entry].astype(np.int64)))
        + int(waiting.sum()) * slot_ds
        + int(np.dot(served.sum(axis=1), grid.inside_ds)),
    )
    dual = _dual(costs, departures, capacity, grid, shelter, (slot_ds, is_late), queue_price, place_price)
    certificate = Certificate(primal, dual)
    if certificate.gap != (0, 0):
        raise InternalError(
            f"witness: the plan is not proven the best (primal {tuple(primal)}, dual {tuple(dual)}); "
            "it must not be used."
        )
    return certificate


def most_inside(
    costs: Costs,
    doorways: Doorways,
    departures: Departures,
    capacity: np.ndarray,
    until_s: int,
    slot_ds: int,
    queue_price: np.ndarray,
    place_price: np.ndarray,
) -> int:
    """People whom no plan has under cover by a time, as prices prove, whoever made them; slots rounded for us.

    Parameters
    ----------
    costs, doorways, departures, capacity, slot_ds
        As for `certify`.
    until_s
        The time from the siren [s].
    queue_price, place_price
        People, shape (q, k) and (s,); tight where they are optimal for this time.

    Raises
    ------
    InternalError
        If a price of a place is below zero, or waiting is worth more than it costs.
    """
    grid = _grid(doorways, WarningTimes.single(until_s), slot_ds, False, queue_price.shape[1])
    shelter = np.concatenate([doorways.shelter_idx, doorways.hall_shelter_idx])
    prices = (queue_price, np.zeros_like(queue_price)), (place_price, np.zeros_like(place_price))
    dual = _dual(costs, departures, capacity, grid, shelter, (slot_ds, False), *prices)
    return int(departures.people.sum()) - dual.people


def _grid(doorways: Doorways, warning: WarningTimes, slot_ds: int, is_late: bool, slot_count: int) -> _Grid:
    """The queues in slots, worked out from the doorways alone."""
    flow = np.concatenate([doorways.flow_per_ks, doorways.hall_flow_per_ks])[:, None]
    entrances, halls = len(doorways), len(doorways.hall_flow_per_ks)
    hall = np.append(doorways.hall_idx, np.full(halls, -1, np.int32))
    to_hall = doorways.to_hall_ds.max(axis=0) if is_late else doorways.to_hall_ds.min(axis=0)
    inside = np.where(hall >= 0, np.append(to_hall, np.zeros(halls, np.int32)), 0)
    to_cover = doorways.to_cover_ds.max(axis=0) if is_late else doorways.to_cover_ds.min(axis=0)
    own = doorways.to_cover_ds if is_late else np.broadcast_to(to_cover, doorways.to_cover_ds.shape)
    cover = np.append(to_cover, np.zeros(halls, np.int32)).astype(np.int64)
    for h in range(halls):
        of_hall = doorways.to_cover_ds[:, doorways.hall_idx == h]
        if of_hall.size:
            cover[entrances + h] = of_hall.max() if is_late else of_hall.min()
    inside = np.where(hall >= 0, inside, cover).astype(np.int64)
    begins = np.arange(slot_count)[None, :] * slot_ds
    ends = begins + slot_ds
    if is_late:
        most = flow * ends // 10_000 - flow * begins // 10_000
        leaves = np.where(flow >= UNMETERED_PER_KS, begins, ends)
    else:
        most = -(-flow * ends // 10_000) - -(-flow * begins // 10_000)
        leaves = np.broadcast_to(begins, most.shape)
    late = _late(doorways, flow[:, 0]) if is_late else np.zeros(len(flow), np.int64)
    done = leaves + (inside + late)[:, None]
    next_slot = -(-done // slot_ds) if is_late else done // slot_ds
    last_ds = int(warning.time_s[-1]) * 10
    thousandths = np.where(
        hall[:, None] >= 0, 0, warning.weight.sum() - warning.value(np.minimum(done, last_ds))
    )
    unit = int(np.gcd.reduce(warning.weight))
    is_worth = (flow > 0) & (done <= last_ds)
    # The last slots before a door without a hall are for those alone who are quick enough, and nobody waits for them.
    can_join = own[:, :, None] - cover[:entrances, None] + done[:entrances] <= last_ds
    can_join &= flow[:entrances] > 0
    can_wait = is_worth[:, 1:].copy()
    is_worth[:entrances] = can_join.any(axis=0)
    is_worth[entrances:] &= np.isin(np.arange(halls), doorways.hall_idx)[:, None]
    behind = np.where(hall >= 0, entrances + hall, -1)
    for j in np.flatnonzero(hall >= 0):
        fits = next_slot[j] < slot_count
        is_worth[j] = (flow[j] > 0) & fits & is_worth[behind[j], np.minimum(next_slot[j], slot_count - 1)]
        can_join[:, j], can_wait[j] = is_worth[j], is_worth[j, 1:]
    whole = int(warning.weight.sum()) // unit
    return _Grid(most, thousandths // unit, inside, behind, next_slot, is_worth, can_join, can_wait, whole)


def _late(doorways: Doorways, flow: np.ndarray) -> np.ndarray:
    """Passing times added where a queue leads to cover: its own, and the longest of the doors before a hall [ds]."""
    passing = np.where((flow > 0) & (flow < UNMETERED_PER_KS), -(-10_000 // np.maximum(flow, 1)), 0)
    of_doors = passing[: len(doorways)]
    for h in range(len(doorways.hall_flow_per_ks)):
        passing[len(doorways) + h] += of_doors[doorways.hall_idx == h].max(initial=0)
    of_doors[doorways.hall_idx >= 0] = 0
    return passing


def _dual(
    costs: Costs,
    departures: Departures,
    capacity: np.ndarray,
    grid: _Grid,
    shelter: np.ndarray,
    slotting: tuple[int, bool],
    queue_price: tuple[np.ndarray, np.ndarray],
    place_price: tuple[np.ndarray, np.ndarray],
) -> Pair:
    """What no plan can undercut, by the prices."""
    slot_ds, is_late = slotting
    whole = grid.whole * _BASE
    price = np.where(grid.is_worth, queue_price[0] * _BASE + queue_price[1], whole)
    place = place_price[0] * _BASE + place_price[1]
    if (place < 0).any() or (price[:, :-1] > price[:, 1:] + slot_ds)[grid.can_wait].any():
        raise InternalError("witness: a price is below zero, or waiting is worth more than it costs.")
    behind = np.broadcast_to(place[shelter][:, None], price.shape).copy()
    halls = np.flatnonzero(grid.next_queue >= 0)
    reached = np.minimum(grid.next_slot[halls], price.shape[1] - 1)
    behind[halls] = price[grid.next_queue[halls][:, None], reached]
    rent = np.maximum(price - behind - grid.lost * _BASE - grid.inside_ds[:, None], 0) * grid.is_worth
    of_doors = _sum(rent, grid.most * grid.is_worth)
    of_places = _sum(place, capacity)
    units, ds = -of_doors[0] - of_places[0], -of_doors[1] - of_places[1]
    has_some = np.flatnonzero(np.diff(costs.indptr))
    begins = costs.indptr[has_some]
    # By group, entrance and slot, with one slot more for all that is too late: one look for each entry and cohort.
    groups, entrances, last = grid.can_join.shape
    joined = np.full((groups, entrances, last + 1), whole)
    joined[:, :, :last] = np.where(grid.can_join, price[:entrances], whole)
    first = (costs.group_idx[costs.row_idx] * entrances + costs.entrance_idx).astype(np.int64) * (last + 1)
    for cohort, delay in enumerate(departures.delay_ds.tolist()):
        least = np.full(len(departures.people), whole, np.int64)
        if begins.size:
            arrival = costs.walk_time_ds + delay
            slot = -(-arrival // slot_ds) if is_late else arrival // slot_ds
            offer = joined.ravel()[first + np.minimum(slot, last)] + costs.walk_time_ds
            least[has_some] = np.minimum(np.minimum.reduceat(offer, begins), whole)
        more = _sum(least, departures.people[:, cohort])
        units, ds = units + more[0], ds + more[1]
    return Pair(units, ds)


def _sum(price: np.ndarray, amount: np.ndarray) -> tuple[int, int]:
    """Units and deciseconds of amounts at prices held as one number."""
    units = (price + _BASE // 2) // _BASE
    return int((units * amount).sum()), int(((price - units * _BASE) * amount).sum())
