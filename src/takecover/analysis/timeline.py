"""What a timeline tells: where everyone is at each moment, and what a shelter has seen by a time.

Counts whole people; nothing here is decided.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from takecover.analysis.tally import tally
from takecover.errors import InternalError
from takecover.model.timeline import Timeline

STEP_DS = 100
"""Usual time between two moments [ds]."""


@dataclass(frozen=True, eq=False)
class Whereabouts:
    """Where the people of a timeline are at each of its k moments; the seven add up to all of them.

    Attributes
    ----------
    moment_ds
        The moments [ds], shape (k,) int64.
    staying
        Not yet left, or never to leave because no door is in reach, shape (k,) int64.
    walking
        On the way to a door, shape (k,) int64.
    queueing
        Before a door, in the open, shape (k,) int64.
    entering
        Passing a door, or on the way down behind it but in no line, shape (k,) int64.
    in_hall
        In line before a hall or an escalator, inside, shape (k,) int64.
    under_cover
        Where protection begins, shape (k,) int64.
    stranded
        Turned away, with no other door in reach before the horizon, shape (k,) int64.
    turned_full, turned_locked
        Turned away so far because no place was left, or because a door was shut; once at each door, so that they are
        not part of the sum, shape (k,) int64 both.
    """

    moment_ds: np.ndarray
    staying: np.ndarray
    walking: np.ndarray
    queueing: np.ndarray
    entering: np.ndarray
    in_hall: np.ndarray
    under_cover: np.ndarray
    stranded: np.ndarray
    turned_full: np.ndarray
    turned_locked: np.ndarray


def moments(horizon_ds: int, also_ds: Iterable[int] = (), step_ds: int = STEP_DS) -> np.ndarray:
    """Moments at equal steps from 0 to the horizon, and some more.

    Parameters
    ----------
    horizon_ds
        The last of them [ds].
    also_ds
        Further moments, such as time limits [ds]; none after the horizon.
    step_ds
        Time between two [ds], above 0.

    Returns
    -------
    np.ndarray
        Ascending, each once, shape (k,) int64 [ds].

    Examples
    --------
    >>> moments(50, [25], step_ds=20).tolist()
    [0, 20, 25, 40, 50]
    """
    every = np.arange(0, horizon_ds + 1, step_ds, dtype=np.int64)
    return np.unique(np.concatenate([every, np.array([*also_ds, horizon_ds], np.int64)]))


def at(timeline: Timeline, time_ds: int) -> int:
    """Position of a time among the moments of a timeline.

    Raises
    ------
    InternalError
        If nothing was counted at it.
    """
    position = int(np.searchsorted(timeline.moment_ds, time_ds))
    if position == len(timeline.moment_ds) or timeline.moment_ds[position] != time_ds:
        raise InternalError(f"timeline: nothing was counted at {time_ds} ds. Make it one of the moments.")
    return position


def load(timeline: Timeline, time_ds: int, shelter_count: int) -> np.ndarray:
    """People under cover in each shelter by any time up to the horizon, shape (s,) int64."""
    is_in = timeline.time_ds <= time_ds
    return tally(timeline.shelter_idx[is_in], timeline.people[is_in], shelter_count)


def by_row(timeline: Timeline, time_ds: int, row_count: int) -> np.ndarray:
    """People under cover of each row by any time up to the horizon, shape (r,) int64."""
    is_in = timeline.time_ds <= time_ds
    return tally(timeline.row_idx[is_in], timeline.people[is_in], row_count)


def turned_away(timeline: Timeline, time_ds: int, shelter_count: int) -> np.ndarray:
    """People turned away at each shelter's doors by a moment, once at each door, shape (s,) int64."""
    at_doors = timeline.turned_away[:, at(timeline, time_ds)]
    return tally(timeline.doorways.shelter_idx, at_doors, shelter_count)


def met(timeline: Timeline, time_ds: int) -> int:
    """People who were turned away at least once by any time up to the horizon."""
    return int(timeline.met[(timeline.met_ds >= 0) & (timeline.met_ds <= time_ds)].sum())


def whereabouts(timeline: Timeline, people: int) -> Whereabouts:
    """Where everyone is at each moment.

    Parameters
    ----------
    timeline
        What became of those who set out.
    people
        All who were to, also those with no door in reach.
    """
    full, locked = timeline.turned_full.sum(axis=0), timeline.turned_locked.sum(axis=0)
    arrived, begun, covered = (
        count.sum(axis=0) for count in (timeline.arrived, timeline.begun, timeline.covered)
    )
    in_hall = timeline.in_hall.sum(axis=0)
    return Whereabouts(
        moment_ds=timeline.moment_ds,
        staying=people - timeline.left,
        walking=timeline.left - arrived + full + locked - timeline.stranded,
        queueing=arrived - full - locked - begun,
        entering=begun - covered - in_hall,
        in_hall=in_hall,
        under_cover=covered,
        stranded=timeline.stranded,
        turned_full=full,
        turned_locked=locked,
    )
