"""What each phone does with a broadcast: it goes where walk and price together are little, and never stays at home."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from takecover.analysis.arrive import batches_of
from takecover.analysis.scramble import to_the_nearest
from takecover.dtypes import COUNT, INDEX, TIME_DS
from takecover.kernels import logit
from takecover.model.broadcast import Broadcast
from takecover.model.costs import Costs
from takecover.model.departures import Departures
from takecover.model.doorways import Doorways
from takecover.model.timeline import Batches
from takecover.model.warning import WHOLE, WarningTimes


class Led(NamedTuple):
    """A crowd of which some follow a broadcast.

    Attributes
    ----------
    batches
        Who goes where, b batches.
    is_led
        True for those who follow, shape (b,) bool.
    """

    batches: Batches
    is_led: np.ndarray


class Options(NamedTuple):
    """The open doors that those who leave together choose from: rows cohort by cohort, in compressed rows.

    Attributes
    ----------
    indptr
        Where the options of each row and cohort begin, shape (c r + 1,) int64.
    entry
        Entry of the cost table, shape (m,) int32.
    entrance_idx
        Door at its end, shape (m,) int32.
    cost_ds
        Walk, and the hardship of being under cover so late [ds], shape (m,) int32.
    """

    indptr: np.ndarray
    entry: np.ndarray
    entrance_idx: np.ndarray
    cost_ds: np.ndarray

    @property
    def longest(self) -> int:
        """Options of the row that has most."""
        return int(np.diff(self.indptr).max(initial=0))


HARDSHIP = 2
"""Longest warning times that certainly being outside counts in a phone's choice."""


def hardship_ds(warning: WarningTimes) -> int:
    """What certainly being outside when the strike comes counts in a phone's choice [ds]."""
    return HARDSHIP * int(warning.time_s[-1]) * 10


def options(
    costs: Costs, doorways: Doorways, delay_ds: np.ndarray, warning: WarningTimes, hardship_ds: int
) -> Options:
    """The doors in reach, but for those known to be shut, and what each costs before its price.

    Parameters
    ----------
    costs
        Who can reach which door, r rows.
    doorways
        How long it takes each group from each door to cover.
    delay_ds
        When each of c cohorts leaves [ds], shape (c,) int64.
    warning
        When the strike may come.
    hardship_ds
        What certainly being outside when it comes counts [ds].

    Returns
    -------
    Options
        None only for a row that reaches no open door at all.
    """
    open_entry = np.flatnonzero(~doorways.is_shut[costs.entrance_idx]).astype(INDEX)
    entrance_idx = costs.entrance_idx[open_entry]
    ends = np.searchsorted(open_entry, costs.indptr[1:])
    walk_ds = costs.walk_time_ds[open_entry].astype(np.int64)
    group_idx = costs.group_idx[costs.row_idx[open_entry]]
    inside_ds = walk_ds + doorways.behind_ds[group_idx, entrance_idx]
    cost_ds = [
        walk_ds + (WHOLE - warning.value(inside_ds + leave_ds)) * hardship_ds // WHOLE
        for leave_ds in delay_ds.tolist()
    ]
    cohorts = len(delay_ds)
    offset = np.repeat(np.arange(cohorts) * len(open_entry), costs.row_count)
    return Options(
        indptr=np.append(0, np.tile(ends, cohorts) + offset),
        entry=np.tile(open_entry, cohorts),
        entrance_idx=np.tile(entrance_idx, cohorts),
        cost_ds=np.concatenate(cost_ds).astype(TIME_DS),
    )


def guide(
    costs: Costs,
    doorways: Doorways,
    departures: Departures,
    broadcast: Broadcast,
    followers: Departures | None = None,
    choice: Options | None = None,
) -> Led:
    """Send those who follow to doors by the broadcast, and the rest to the nearest.

    Parameters
    ----------
    costs
        Who can reach which door, r rows.
    doorways
        What the doors lead through.
    departures
        Everyone, and when they leave, c cohorts.
    broadcast
        Prices of the doors.
    followers
        Those of them who follow; everyone where None.
    choice
        What there is to choose from, as `options` gives it for this broadcast and these cohorts; found where None.

    Returns
    -------
    Led
        Who goes where, by (row, cohort, entrance). Whoever has an open door in reach is sent to one, however late or
        full the model thinks it is.
    """
    follow = departures if followers is None else followers
    if choice is None:
        choice = options(costs, doorways, departures.delay_ds, broadcast.warning, broadcast.hardship_ds)
    chosen = np.empty(len(choice.entry), COUNT)
    people = np.ascontiguousarray(follow.people.T).ravel()
    logit.split(
        choice.indptr,
        choice.cost_ds,
        choice.entrance_idx,
        people,
        broadcast.price_ds.astype(np.float64),
        float(broadcast.spread_ds),
        np.empty(choice.longest),
        chosen,
    )
    taken = np.flatnonzero(chosen)
    cohort = (np.searchsorted(choice.indptr, taken, side="right") - 1) // costs.row_count
    led = batches_of(costs, choice.entry[taken], cohort, chosen[taken], departures.delay_ds)
    if followers is None:
        return Led(led, np.ones(len(led), np.bool_))
    rest = Departures(departures.delay_ds, departures.people - follow.people)
    return together(led, to_the_nearest(costs, rest))


def part(departures: Departures, share: float, seed: int) -> Departures:
    """A share of everyone, as even over rows and cohorts as whole people can be.

    Parameters
    ----------
    departures
        Everyone.
    share
        From 0 to 1; taken to the thousandth.
    seed
        Another seed takes other people.

    Returns
    -------
    Departures
        In any run of rows their number is the share of all to within one person.
    """
    thousandths, first = round(share * 1000), seed % 1000
    taken = (np.append(0, np.cumsum(departures.people.ravel())) * thousandths + first) // 1000
    return Departures(departures.delay_ds, np.diff(taken).reshape(departures.people.shape))


def together(led: Batches, rest: Batches) -> Led:
    """Both crowds as one; at equal place those who are led stand first."""
    columns = {name: np.concatenate([column, getattr(rest, name)]) for name, column in vars(led).items()}
    is_led = np.arange(len(led) + len(rest)) < len(led)
    order = np.lexsort((~is_led, columns["entrance_idx"], columns["cohort_idx"], columns["row_idx"]))
    return Led(Batches(**{name: column[order] for name, column in columns.items()}), is_led[order])
