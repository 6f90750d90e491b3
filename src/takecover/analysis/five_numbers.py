"""What is left of the registered places: registered, there, usable, open at this hour, enterable in time.

A shelter is as the register says until somebody has looked; what nobody looked at is counted, and counted apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from takecover.analysis import departures
from takecover.dtypes import COUNT, UNREACHED
from takecover.model.city import City
from takecover.model.costs import Costs
from takecover.model.doorways import Doorways
from takecover.model.inspections import AFTER_WORK, ALWAYS, MISSING, UNFIT
from takecover.model.scenario import COUNTS, EXISTS, OPEN, REGISTERED, USABLE, Scenario
from takecover.model.shelters import LOCKED, UNKNOWN, Shelters

IN_TIME = "in_time"
STEPS = (*COUNTS, IN_TIME)
"""The five numbers, each a part of the one before."""

_DS_A_S = 10
_DS_KS = 10_000


@dataclass(frozen=True, eq=False)
class FiveNumbers:
    """Places of each shelter that are left at each step, shape (s,) int64 each; none is more than the one before.

    Attributes
    ----------
    registered
        As the register says.
    exists
        Of shelters that were not found missing.
    usable
        Of those that were not found unfit, or fit only after some work.
    open
        Of those that are open in the period, by a door that is not locked and that the scenario does not close.
    in_time
        How many of these the doors can let in before the time limit.
    unverified
        Places among those that are open of which one step at least nobody has looked at.
    """

    registered: np.ndarray
    exists: np.ndarray
    usable: np.ndarray
    open: np.ndarray
    in_time: np.ndarray
    unverified: np.ndarray


def places(city: City, scenario: Scenario) -> np.ndarray:
    """The places that a plan may fill.

    Parameters
    ----------
    city
        The shelters.
    scenario
        What is counted on; its closed shelters have no places, whatever it counts on.

    Returns
    -------
    np.ndarray
        Places of each shelter, shape (s,) int64.
    """
    shelters = city.shelters
    is_closed = np.isin(shelters.shelter_ids, np.array(scenario.closed_shelter_ids, dtype=str))
    is_left = _left(city, scenario)[scenario.count_on] & ~is_closed
    return np.where(is_left, shelters.capacity, COUNT(0))


def five_numbers(
    city: City, scenario: Scenario, doorways: Doorways, costs: Costs, people: np.ndarray
) -> FiveNumbers:
    """Follow the places of every shelter from the register to the door in time.

    Parameters
    ----------
    city, scenario
        The shelters, the period, the time limit and what is closed.
    doorways
        Flows and times of the entrances in the same scenario.
    costs
        Walks; of those who come, the first at each entrance begins to fill it.
    people
        Who comes, shape (r,) int64.

    Returns
    -------
    FiveNumbers
        The places that are left at each step.

    Notes
    -----
    An entrance lets people in from the moment when the first can be there, by the mean delay of the first cohort and
    the shortest walk, until the moment from which the way to cover is longer than what is left of the time, for the
    fastest group. A hall
    lets in no more than its own flow does from the first arrival on. So `in_time` is what the doors could do if a
    queue stood there from the first on. That is no proven bound of a plan's load: the first cohort leaves at its mean
    delay, though some of it leave sooner, and a plan may count on places that are not open. An entrance that is the
    nearest of nobody is taken to be reached when its shelter is.
    """
    left = _left(city, scenario)
    capacity = city.shelters.capacity
    counted = {step: np.where(left[step], capacity, COUNT(0)) for step in COUNTS}
    first_ds = _first_ds(city, scenario, costs, people)
    able = _able(doorways, first_ds, scenario.time_limit_s * _DS_A_S, len(capacity))
    return FiveNumbers(
        **counted,
        in_time=np.minimum(counted[OPEN], able),
        unverified=np.where(_is_unverified(city.shelters), counted[OPEN], COUNT(0)),
    )


def _left(city: City, scenario: Scenario) -> dict[str, np.ndarray]:
    """Shelters that are left at each step, shape (s,) bool each."""
    shelters = city.shelters
    found, count = shelters.inspections, len(shelters)
    exists = found.of_every_shelter("existences", count) != MISSING
    usable = exists & ~np.isin(found.of_every_shelter("states", count), (UNFIT, AFTER_WORK))
    return {
        REGISTERED: np.ones(count, np.bool_),
        EXISTS: exists,
        USABLE: usable,
        OPEN: usable & _is_open(city, scenario),
    }


def _is_open(city: City, scenario: Scenario) -> np.ndarray:
    """Shelters that are open in the period by at least one door, as far as is known, shape (s,) bool."""
    shelters, period = city.shelters, scenario.period or city.demand.periods[0]
    doors = shelters.entrances
    hours = shelters.inspections.of_every_shelter("openings", len(shelters)).tolist()
    is_open = np.array([not text or text == ALWAYS or period in text.split(" ") for text in hours], np.bool_)
    is_open &= ~np.isin(shelters.shelter_ids, np.array(scenario.closed_shelter_ids, dtype=str))
    is_way = (doors.locks != LOCKED) & ~np.isin(
        doors.entrance_ids, np.array(scenario.closed_entrance_ids, dtype=str)
    )
    has_way = np.zeros(len(shelters), np.bool_)
    has_way[doors.shelter_idx[is_way]] = True
    return np.asarray(is_open & has_way)


def _is_unverified(shelters: Shelters) -> np.ndarray:
    """Shelters of which nobody knows existence, state, or whether a door is open, shape (s,) bool."""
    found, count = shelters.inspections, len(shelters)
    doors = shelters.entrances
    is_known = np.ones(count, np.bool_)
    for name in ("existences", "states"):
        is_known &= found.of_every_shelter(name, count) != ""
    has_known_door = np.zeros(count, np.bool_)
    has_known_door[doors.shelter_idx[doors.locks != UNKNOWN]] = True
    return np.asarray(~(is_known & has_known_door))


def _first_ds(city: City, scenario: Scenario, costs: Costs, people: np.ndarray) -> np.ndarray:
    """When the first can be at each entrance [ds], shape (e,) int64; `UNREACHED` where nobody can."""
    doors = city.shelters.entrances
    comes = people[costs.row_idx] > 0
    first_ds = np.full(len(doors), UNREACHED, COUNT)
    np.minimum.at(first_ds, costs.entrance_idx[comes], costs.walk_time_ds[comes].astype(COUNT))
    of_shelter_ds = np.full(len(city.shelters), UNREACHED, COUNT)
    np.minimum.at(of_shelter_ds, doors.shelter_idx, first_ds)
    first_ds = np.where(first_ds == UNREACHED, of_shelter_ds[doors.shelter_idx], first_ds)
    delay_ds = departures.delays_ds(scenario, scenario.period or city.demand.periods[0])[0]
    return np.where(first_ds == UNREACHED, first_ds, first_ds + delay_ds)


def _able(doorways: Doorways, first_ds: np.ndarray, limit_ds: int, shelter_count: int) -> np.ndarray:
    """People whom the doors of each shelter can let in between the first arrival and the limit, shape (s,) int64."""
    has_hall = doorways.hall_idx >= 0
    at_cover_ds = first_ds + doorways.behind_ds.min(axis=0)
    own = _passed(doorways.flow_per_ks, limit_ds - at_cover_ds)
    able = np.zeros(shelter_count, COUNT)
    np.add.at(able, doorways.shelter_idx[~has_hall], own[~has_hall])
    hall_count = len(doorways.hall_flow_per_ks)
    into_hall, least_ds = np.zeros(hall_count, COUNT), np.full(hall_count, UNREACHED, COUNT)
    np.add.at(into_hall, doorways.hall_idx[has_hall], own[has_hall])
    np.minimum.at(least_ds, doorways.hall_idx[has_hall], at_cover_ds[has_hall])
    of_hall = np.minimum(into_hall, _passed(doorways.hall_flow_per_ks, limit_ds - least_ds))
    np.add.at(able, doorways.hall_shelter_idx, of_hall)
    return able


def _passed(flow_per_ks: np.ndarray, time_ds: np.ndarray) -> np.ndarray:
    """People whom a flow lets through in some time, none in less than no time, shape of both int64."""
    return np.asarray(flow_per_ks * np.maximum(time_ds, 0) // _DS_KS)
