"""How dense it gets before each door, where a surge meets a stair, and which doors are the worst.

A warning is a reason to look at a place, never a measurement: the ground before a door is an assumption by kind.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from takecover import parameters
from takecover.analysis import doorways
from takecover.dtypes import COUNT
from takecover.model.doorways import UNMETERED_PER_KS, Doorways
from takecover.model.elements import ESCALATOR, STAIR
from takecover.model.shelters import Shelters
from takecover.model.timeline import Timeline

FORECOURTS = {
    "metro_station": "metro_forecourt_m2",
    "basement": "basement_forecourt_m2",
    "underpass": "underpass_forecourt_m2",
    "car_park": "car_park_forecourt_m2",
    "sealed_shelter": "basement_forecourt_m2",
    "shelter": "basement_forecourt_m2",
}
"""Parameter of the ground before one entrance, by kind of shelter."""

LEVELS = ("free", "slowed", "alarm", "dangerous", "critical")
"""What a density means, from the least on; each begins at its parameter in `THRESHOLDS`."""

THRESHOLDS = (
    "density_slowed_per_m2",
    "density_alarm_per_m2",
    "density_dangerous_per_m2",
    "density_critical_per_m2",
)
"""Parameters at which the levels after the first begin."""

WORST = 10
"""Doors that a report names."""

_DS_A_S = 10
_DS_FLOW = 10_000


@dataclass(frozen=True, eq=False)
class Crowding:
    """How it is before each of e doors at its worst.

    Attributes
    ----------
    area_m2
        Ground on which people stand before the door, by kind of shelter [m2], shape (e,) float64.
    density_per_m2
        Longest queue over that ground [1/m2], shape (e,) float64. More than people can stand on it means that they
        stand in the street.
    level
        Position in `LEVELS` of that density, shape (e,) int64.
    ground_m2
        Ground that the longest queue would need to stand without pressing [m2], shape (e,) float64.
    surge
        Most people who came within a minute, over those whom the door lets in within it, shape (e,) float64; 0 where
        nothing meters or the door is shut.
    is_surge
        True where that is above the limit and people go down a stair or an escalator, shape (e,) bool.
    is_single
        True where it is the only open door of its shelter and somebody came, shape (e,) bool.
    """

    area_m2: np.ndarray
    density_per_m2: np.ndarray
    level: np.ndarray
    ground_m2: np.ndarray
    surge: np.ndarray
    is_surge: np.ndarray
    is_single: np.ndarray

    @property
    def is_warned(self) -> np.ndarray:
        """True where a report warns: alarm density or more, or a surge at a stair head, shape (e,) bool."""
        return np.asarray((self.level >= LEVELS.index("alarm")) | self.is_surge)


def crowding(shelters: Shelters, timeline: Timeline) -> Crowding:
    """Find how dense it gets before each door, and what to warn of.

    Parameters
    ----------
    shelters
        Shelters with their entrances; the kind decides the ground, and whether a stair leads down.
    timeline
        What became of everyone.

    Returns
    -------
    Crowding
        One row of every entrance.

    Notes
    -----
    At Bethnal Green in 1943 people had gone in at an even pace; a sudden surge on the one dark stair killed 173. So a
    surge and a single entrance are flagged apart from the density. Arrivals are counted at the moments of the timeline,
    so a surge is seen as far as those lie a minute or less apart.

    References
    ----------
    Fruin J. J. (1971) Pedestrian Planning and Design. Still G. K. (2014) Introduction to Crowd Science.
    """
    value = parameters.value
    shelter_idx, queue = timeline.doorways.shelter_idx, timeline.doors.queue
    area_m2 = forecourts_m2(shelters)
    density_per_m2 = queue / area_m2
    surge = _surge(timeline)
    is_open = ~timeline.doorways.is_shut
    open_doors = np.bincount(shelter_idx[is_open], minlength=len(shelters))
    return Crowding(
        area_m2=area_m2,
        density_per_m2=density_per_m2,
        level=levels(density_per_m2),
        ground_m2=queue / value("density_slowed_per_m2"),
        surge=surge,
        is_surge=(surge > value("surge_limit")) & _leads_down(shelters),
        is_single=is_open & (open_doors[shelter_idx] == 1) & (timeline.arrived[:, -1] > 0),
    )


def levels(density_per_m2: np.ndarray) -> np.ndarray:
    """Position in `LEVELS` of densities [1/m2], of the same shape, int64.

    Examples
    --------
    >>> levels(np.array([0.0, 2.0, 4.5, 7.1])).tolist()
    [0, 1, 2, 4]
    """
    at = [parameters.value(name) for name in THRESHOLDS]
    return np.searchsorted(at, density_per_m2, side="right").astype(COUNT)


def forecourts_m2(shelters: Shelters) -> np.ndarray:
    """Ground before each entrance by kind of shelter [m2], shape (e,) float64."""
    by_kind = {kind: parameters.value(name) for kind, name in FORECOURTS.items()}
    kinds = shelters.kinds[shelters.entrances.shelter_idx]
    return np.array([by_kind.get(kind, by_kind["shelter"]) for kind in kinds.tolist()], np.float64)


def density_over_time(shelters: Shelters, timeline: Timeline) -> np.ndarray:
    """People who stand before each door on a square metre of its ground, at each moment, shape (e, k) float64."""
    return np.asarray(timeline.queueing / forecourts_m2(shelters)[:, np.newaxis])


def worst(crowding: Crowding, timeline: Timeline, is_shown: np.ndarray, count: int = WORST) -> np.ndarray:
    """The doors with the longest queues, then the longest waits, then the lowest ids.

    Parameters
    ----------
    crowding, timeline
        What was found.
    is_shown
        Doors that may be named, such as those of no withheld shelter, shape (e,) bool.
    count
        How many at most.

    Returns
    -------
    np.ndarray
        Positions of entrances, the worst first, shape (at most `count`,) int64; none where nobody waited.
    """
    peaks = timeline.doors
    order = np.lexsort((np.arange(len(peaks.queue)), -peaks.wait_ds, -peaks.queue))
    is_named = is_shown & ((peaks.queue > 0) | crowding.is_warned)
    return np.asarray(order[is_named[order]][:count])


def _surge(timeline: Timeline) -> np.ndarray:
    """Most people who came within the span that surges are sought in, over those whom the door lets in."""
    span_ds = int(parameters.value("surge_span_s")) * _DS_A_S
    moment_ds = timeline.moment_ds
    before = np.searchsorted(moment_ds, moment_ds - span_ds, side="right") - 1
    came = timeline.arrived - np.where(before >= 0, timeline.arrived[:, before], 0)
    let_in = _let_in(timeline.doorways, span_ds)
    return np.asarray(np.divide(came.max(axis=1), let_in, out=np.zeros(len(let_in)), where=let_in > 0))


def _let_in(through: Doorways, span_ds: int) -> np.ndarray:
    """People whom each door lets in within a span; 0 where nothing meters or the door is shut, shape (e,) float64."""
    is_metered = ~through.is_shut & (through.flow_per_ks < UNMETERED_PER_KS)
    return np.where(is_metered, through.flow_per_ks * span_ds / _DS_FLOW, 0.0)


def _leads_down(shelters: Shelters) -> np.ndarray:
    """True where people go down a stair or an escalator, shape (e,) bool."""
    elements = doorways.known_or_usual(shelters)
    is_down = np.isin(elements.kinds, (STAIR, ESCALATOR)) & (elements.drop_m > 0)
    return np.asarray(np.isin(np.arange(len(shelters.entrances)), elements.entrance_idx[is_down]))
