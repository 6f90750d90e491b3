"""How fast each entrance lets people in, and how long they take from there to cover."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from takecover import parameters
from takecover.analysis import hydraulics, ways
from takecover.dtypes import COUNT, INDEX, NO_INDEX, TIME_DS
from takecover.errors import Faults
from takecover.model.city import City
from takecover.model.doorways import UNMETERED_PER_KS, Doorways
from takecover.model.elements import Elements
from takecover.model.scenario import Scenario
from takecover.model.shelters import Shelters

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
        Shelters and entrances that are closed, and whether escalators run.

    Returns
    -------
    Doorways
        One row of every entrance. The least flow of its elements rules; an entrance without elements has the usual
        ones of its kind of shelter.

    Raises
    ------
    InputError
        If a closed shelter or entrance is none of the city's.

    Notes
    -----
    People queue before the first element and walk through all of them in a crowd, at the speed of the greatest flow.
    They count as under cover from the depth `cover_depth_m` on, or at the end of the way where it is less deep, but
    never before the last queue. Times are rounded up to a decisecond, flows down to a person in 1,000 s.
    """
    shelters = city.shelters
    is_shut = _is_shut(shelters, scenario)
    elements = _elements(shelters)
    count = len(shelters.entrances)
    flow_per_s = hydraulics.flow_per_s(elements, escalators_run=scenario.escalators_run)
    passing_s = hydraulics.passing_s(elements, escalators_run=scenario.escalators_run)
    least_per_ks = _least_per_ks(flow_per_s, elements.entrance_idx, count)
    return Doorways(
        shelter_idx=shelters.entrances.shelter_idx,
        flow_per_ks=np.where(is_shut, 0, least_per_ks),
        hall_idx=np.full(count, NO_INDEX, INDEX),
        to_hall_ds=np.zeros(count, TIME_DS),
        to_cover_ds=_whole_ds(_until_cover_s(passing_s, elements, count)),
        hall_flow_per_ks=np.empty(0, COUNT),
        hall_shelter_idx=np.empty(0, INDEX),
    )


def _is_shut(shelters: Shelters, scenario: Scenario) -> np.ndarray:
    """Entrances that the scenario closes, alone or with their shelter, shape (e,) bool."""
    faults = Faults("scenario")
    doors = shelters.entrances
    is_closed = _named("closed_shelter_ids", scenario.closed_shelter_ids, shelters.shelter_ids, faults)
    is_shut = _named("closed_entrance_ids", scenario.closed_entrance_ids, doors.entrance_ids, faults)
    faults.raise_if_any()
    return np.asarray(is_shut | is_closed[doors.shelter_idx])


def _named(field: str, asked: Sequence[str], ids: np.ndarray, faults: Faults) -> np.ndarray:
    """True at the ids that are asked for; a fault where one is unknown."""
    unknown = sorted(set(asked) - set(ids.tolist()))
    if unknown:
        faults.add(
            f"{field}: {len(unknown)} are unknown (first: '{unknown[0]}'). Give ids of the city's own."
        )
    return np.isin(ids, np.array(asked, dtype=str))


def _elements(shelters: Shelters) -> Elements:
    """The elements of every entrance: the usual ones of its kind of shelter."""
    return ways.usual(shelters, np.arange(len(shelters.entrances)))


def _least_per_ks(flow_per_s: np.ndarray, owner_idx: np.ndarray, count: int) -> np.ndarray:
    """The least flow of the elements of each owner, rounded down [people per 1,000 s], shape (count,) int64."""
    least: np.ndarray = np.full(count, UNMETERED_PER_KS, COUNT)
    whole = np.floor(flow_per_s * _KS + _FLOAT_NOISE)
    np.minimum.at(least, owner_idx, np.minimum(whole, UNMETERED_PER_KS).astype(COUNT))
    return least


def _until_cover_s(passing_s: np.ndarray, elements: Elements, count: int) -> np.ndarray:
    """From the head of the first element of each owner to cover [s], shape (count,) float64."""
    cover_m = parameters.value("cover_depth_m")
    until_s, depth_m = np.zeros(count), np.zeros(count)
    for rank in range(int(np.bincount(elements.entrance_idx).max(initial=0))):
        row = _ranked(elements.entrance_idx, rank)
        owner, drop_m = elements.entrance_idx[row], elements.drop_m[row]
        still_m = np.maximum(cover_m - depth_m[owner], 0.0)
        share = np.where(drop_m > still_m, still_m / np.where(drop_m > 0, drop_m, 1.0), 1.0)
        is_outside = depth_m[owner] < cover_m
        until_s[owner] += np.where(is_outside, share, 0.0) * passing_s[row]
        depth_m[owner] += drop_m
    return until_s


def _ranked(owner_idx: np.ndarray, rank: int) -> np.ndarray:
    """Rows that are the element of this rank, from 0, of their owner; the rows of an owner stand together."""
    first = np.searchsorted(owner_idx, owner_idx, side="left")
    return np.flatnonzero(np.arange(len(owner_idx)) - first == rank)


def _whole_ds(time_s: np.ndarray) -> np.ndarray:
    """Times rounded up [ds], shape of `time_s` int32."""
    return np.ceil(time_s * _DS_A_S - _FLOAT_NOISE).astype(TIME_DS)
