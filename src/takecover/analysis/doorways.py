"""How fast each entrance lets people in, and how long each mobility group takes from there to cover."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from takecover import parameters
from takecover.analysis import five_numbers, hydraulics, ways
from takecover.dtypes import COUNT, TIME_DS
from takecover.errors import Faults
from takecover.model import rules_scenario
from takecover.model.city import City
from takecover.model.doorways import UNMETERED_PER_KS, Doorways
from takecover.model.elements import Elements
from takecover.model.scenario import OPEN, Scenario
from takecover.model.shelters import LOCKED, Shelters

_DS_A_S = 10
_KS = 1000
_FLOAT_NOISE = 1e-6


def doorways(city: City, scenario: Scenario) -> Doorways:
    """Work out the flow and the times of every entrance.

    Parameters
    ----------
    city
        Shelters with their entrances.
    scenario
        Shelters and entrances that are closed, what is counted on, whether escalators run, and how fast each group is.

    Returns
    -------
    Doorways
        One row of every entrance. The least flow of its elements rules; an entrance without elements has the usual
        ones of its kind of shelter. Shut are, with their entrances, the shelters that the scenario does not count on;
        locked entrances where it counts on what is open.

    Raises
    ------
    InputError
        If a closed shelter or entrance is none of the city's, or a group has no speed.

    Notes
    -----
    People queue before the first element and walk through all of them in a crowd, at the speed of the greatest flow,
    or at their own where they are slower. They count as under cover from the depth `cover_depth_m` on, or at the end of
    the way where it is less deep, but never before the last queue. Times are rounded up to a decisecond, flows down to
    a person in 1,000 s. Where a stair lies behind a step-free entrance, those who need one have a ramp or a lift that
    the elements do not tell of; it takes them what the stair takes the crowd.
    """
    shelters = city.shelters
    is_shut = _is_shut(city, scenario)
    doors, halls = shelters.entrances, shelters.halls
    elements = known_or_usual(shelters)
    flow_per_s = hydraulics.flow_per_s(elements, escalators_run=scenario.escalators_run)
    passing_s = _passing_s(city, scenario, elements)
    to_hall_s, to_cover_s = _times_s(elements, passing_s, doors.hall_idx, len(halls))
    needs_step_free = np.array([group.needs_step_free for group in city.demand.groups])
    lets_in = doors.is_step_free | ~needs_step_free[:, None]
    least_per_ks = _least_per_ks(flow_per_s, elements.entrance_idx, len(doors))
    return Doorways(
        shelter_idx=doors.shelter_idx,
        flow_per_ks=np.where(is_shut, 0, least_per_ks),
        hall_idx=doors.hall_idx,
        to_hall_ds=_whole_ds(_of_those_let_in(to_hall_s, lets_in)),
        to_cover_ds=_whole_ds(_of_those_let_in(to_cover_s, lets_in)),
        hall_flow_per_ks=_least_per_ks(flow_per_s, elements.hall_idx, len(halls)),
        hall_shelter_idx=halls.shelter_idx,
    )


def _is_shut(city: City, scenario: Scenario) -> np.ndarray:
    """Entrances that nobody gets through in the scenario, alone or with their shelter, shape (e,) bool."""
    faults = Faults("scenario")
    doors, shelter_ids = city.shelters.entrances, city.shelters.shelter_ids
    is_closed = _named("closed_shelter_ids", scenario.closed_shelter_ids, shelter_ids, faults)
    is_shut = _named("closed_entrance_ids", scenario.closed_entrance_ids, doors.entrance_ids, faults)
    faults.raise_if_any()
    if scenario.count_on == OPEN:
        is_shut |= doors.locks == LOCKED
    is_empty = (five_numbers.places(city, scenario) == 0) & (city.shelters.capacity > 0)
    return np.asarray(is_shut | (is_closed | is_empty)[doors.shelter_idx])


def _named(field: str, asked: Sequence[str], ids: np.ndarray, faults: Faults) -> np.ndarray:
    """True at the ids that are asked for; a fault where one is unknown."""
    unknown = sorted(set(asked) - set(ids.tolist()))
    if unknown:
        faults.add(
            f"{field}: {len(unknown)} are unknown (first: '{unknown[0]}'). Give ids of the city's own."
        )
    return np.isin(ids, np.array(asked, dtype=str))


def known_or_usual(shelters: Shelters) -> Elements:
    """The elements that are known, and the usual ones of entrances and the shelters' depths where none are."""
    known = shelters.elements
    is_bare = np.ones(len(shelters.entrances), np.bool_)
    is_bare[known.entrance_idx[known.entrance_idx >= 0]] = False
    every = known.and_then(ways.usual(shelters, np.flatnonzero(is_bare)))
    return every.take(np.lexsort((every.entrance_idx, every.hall_idx)))


def _least_per_ks(flow_per_s: np.ndarray, owner_idx: np.ndarray, count: int) -> np.ndarray:
    """The least flow of the elements of each owner, rounded down [people per 1,000 s], shape (count,) int64."""
    least: np.ndarray = np.full(count, UNMETERED_PER_KS, COUNT)
    whole = np.floor(flow_per_s * _KS + _FLOAT_NOISE)
    is_owned = owner_idx >= 0
    np.minimum.at(least, owner_idx[is_owned], np.minimum(whole, UNMETERED_PER_KS).astype(COUNT)[is_owned])
    return least


def _passing_s(city: City, scenario: Scenario, elements: Elements) -> np.ndarray:
    """How long the way through each element takes each group [s], shape (g, k) float64."""
    faults = Faults("scenario")
    rules_scenario.each_group_has_a_speed(scenario, city, faults)
    faults.raise_if_any()
    times_s = []
    for group in city.demand.groups:
        level_m_s = scenario.speed_m_s[group.name]
        stairs_m_s = math.inf if group.needs_step_free else level_m_s * scenario.steps_factor(group.name)
        times_s.append(
            hydraulics.passing_s(
                elements,
                escalators_run=scenario.escalators_run,
                level_m_s=level_m_s,
                stairs_m_s=stairs_m_s,
            )
        )
    return np.array(times_s)


def _of_those_let_in(time_s: np.ndarray, lets_in: np.ndarray) -> np.ndarray:
    """The times, and the least of those whom a door lets in for each group that it does not, shape (g, e) float64.

    So nobody who never comes makes a door slower than it is, nor faster.
    """
    least_s = np.where(lets_in, time_s, np.inf).min(axis=0)
    least_s = np.where(lets_in.any(axis=0), least_s, time_s.min(axis=0))
    return np.where(lets_in, time_s, least_s)


def _times_s(
    elements: Elements, passing_s: np.ndarray, hall_idx: np.ndarray, hall_count: int
) -> tuple[np.ndarray, np.ndarray]:
    """To the hall, 0 where there is none, and from the last queue to cover [s], shape (g, e) float64 each."""
    cover_m = parameters.value("cover_depth_m")
    has_hall = hall_idx >= 0
    own, of_hall = (
        _Ways(owner_idx, count, elements.drop_m, passing_s)
        for owner_idx, count in ((elements.entrance_idx, len(hall_idx)), (elements.hall_idx, hall_count))
    )
    until_s = own.until_s(np.arange(len(hall_idx)), np.full(len(hall_idx), cover_m))
    behind_m = cover_m - own.depth_m[has_hall]
    until_s[:, has_hall] = of_hall.until_s(hall_idx[has_hall], behind_m)
    return np.where(has_hall, own.whole_s, 0.0), until_s


class _Ways:
    """The elements of each owner one behind the other, and how long each group takes down to some depth."""

    def __init__(self, owner_idx: np.ndarray, count: int, drop_m: np.ndarray, passing_s: np.ndarray) -> None:
        rows = np.flatnonzero(owner_idx >= 0)
        owner = owner_idx[rows]
        rank = np.arange(len(rows)) - np.searchsorted(owner, owner, side="left")
        longest = int(rank.max(initial=-1)) + 1
        self.drop_m, self.passing_s = np.zeros((count, longest)), np.zeros((len(passing_s), count, longest))
        self.drop_m[owner, rank], self.passing_s[:, owner, rank] = drop_m[rows], passing_s[:, rows]
        self.depth_m, self.whole_s = self.drop_m.sum(axis=1), self.passing_s.sum(axis=2)

    def until_s(self, owner: np.ndarray, depth_m: np.ndarray) -> np.ndarray:
        """Time to walk down to some depth, or to the end of a way that ends before [s], shape (g, n of `owner`)."""
        until_s, at_m = np.zeros((len(self.passing_s), len(owner))), np.zeros(len(owner))
        for rank, drop_m in enumerate(self.drop_m[owner].T):
            left_m = np.maximum(depth_m - at_m, 0.0)
            share = np.where(drop_m > left_m, left_m / np.where(drop_m > 0, drop_m, 1.0), 1.0)
            until_s += np.where(at_m < depth_m, share, 0.0) * self.passing_s[:, owner, rank]
            at_m += drop_m
        return until_s


def _whole_ds(time_s: np.ndarray) -> np.ndarray:
    """Times rounded up [ds], shape of `time_s` int32."""
    return np.ceil(time_s * _DS_A_S - _FLOAT_NOISE).astype(TIME_DS)
