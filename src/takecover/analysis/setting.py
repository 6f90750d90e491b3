"""One city under one scenario, ready for any crowd: its plan, and what becomes of it by each rule of behaviour."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from threading import Lock

import numpy as np

from takecover.analysis.arrive import arrive, batches_of
from takecover.analysis.bound import bound
from takecover.analysis.broadcast import broadcast
from takecover.analysis.guide import Led, Options, guide, hardship_ds, options, together
from takecover.analysis.overtime import assign_over_time
from takecover.analysis.scramble import scramble, to_the_nearest
from takecover.model.broadcast import Broadcast
from takecover.model.costs import Costs
from takecover.model.departures import Departures
from takecover.model.doorways import Doorways
from takecover.model.hops import Hops
from takecover.model.plan_over_time import PlanOverTime
from takecover.model.timeline import Batches, Timeline
from takecover.model.warning import WHOLE, WarningTimes

SLOTS, SHORTEST_SLOT_DS = 40, 10
"""Slots that the time until the last strike is cut into at least, and the shortest of them [ds]."""

SLOTS_OF_DOORS = 100_000
"""With fewer slots of all doors together than this a plan takes about a second."""

SQUARE_S2 = 24_000
"""Square of the time until the last strike over the slot [s] below which slots are no longer than they need to be."""


SHORTER = 5
"""So many times shorter slots make a bound so much lower that it is worked out in them as well."""


def suited_slot_ds(most_ds: int, warning: WarningTimes, doors: int) -> int:
    """The longest slot that is allowed, or a shorter one where that costs little.

    A plan in slots of 30 s has nothing to promise in 15, and what slots round away is lost to the plan: on small Model
    Kyiv slots of 6 s brought 84,849 people under cover in 240 s, and of 1 s 93,353.

    Parameters
    ----------
    most_ds
        Longest slot [ds].
    warning
        When the strike may come.
    doors
        How many there are.

    Notes
    -----
    Pairs of people and doors in reach grow as the square of the time, so shorter slots for shorter times cost no more.

    Examples
    --------
    >>> [suited_slot_ds(300, WarningTimes.single(time_s), 5000) for time_s in (1200, 600, 240, 15)]
    [300, 150, 24, 10]
    >>> suited_slot_ds(300, WarningTimes.single(1200), 20)
    10
    """
    last_s = max(int(warning.time_s[-1]), 0)
    few = last_s * 10 * doors // SLOTS_OF_DOORS
    suited_ds = min(last_s * 10 // SLOTS, last_s * last_s * 10 // SQUARE_S2, few)
    return min(most_ds, max(suited_ds, SHORTEST_SLOT_DS))


@dataclass(frozen=True, eq=False)
class Setting:
    """What every crowd has in common.

    Attributes
    ----------
    costs
        Who reaches which entrance, r rows.
    hops_by_group
        Walks from door to door, one table for each mobility group.
    doorways
        What the doors let through.
    capacity
        Places that count, shape (s,) int64.
    warning
        When the strike may come.
    slot_ds
        Length of a slot of the reckoning over time [ds].
    limit_ds
        Time limit that figures are told for [ds].
    moment_ds
        When to count [ds]; the last is the horizon, shape (k,) int64.
    """

    costs: Costs
    hops_by_group: tuple[Hops, ...]
    doorways: Doorways
    capacity: np.ndarray
    warning: WarningTimes
    slot_ds: int
    limit_ds: int
    moment_ds: np.ndarray
    _choices: dict[bytes, Options] = field(init=False, default_factory=dict, repr=False)
    _choosing: Lock = field(init=False, default_factory=Lock, repr=False)

    def at(self, limit_s: int) -> Setting:
        """The same with a single warning time and time limit [s], and slots no coarser than suit it."""
        warning = WarningTimes.single(limit_s)
        slot_ds = suited_slot_ds(self.slot_ds, warning, len(self.doorways))
        return replace(self, warning=warning, limit_ds=limit_s * 10, slot_ds=slot_ds)

    def plan(self, departures: Departures) -> PlanOverTime:
        """The best plan for a crowd, proven, with times rounded against us.

        Where doors hold nobody up there are no queues, and one slot as long as the time to the strike counts every walk
        to the decisecond; slots that do not divide that time would lose whoever arrives in its last seconds.
        """
        is_queueless = self.doorways.holds_nobody_up and len(self.warning.time_s) == 1
        slot_ds = max(int(self.warning.time_s[-1]) * 10, 1) if is_queueless else self.slot_ds
        return assign_over_time(self.costs, self.doorways, departures, self.capacity, self.warning, slot_ds)

    def bound(self, departures: Departures, times_s: np.ndarray) -> np.ndarray:
        """The most people that any plan could have under cover by each time [s], shape of `times_s` int64.

        Where doors hold nobody up, one slot that ends just after the time counts every arrival exactly, so that some
        plan reaches the bound; and thirteen times take 0.3 s on the small city, where slots of 15 s took 0.9.
        """
        table = self.costs, self.doorways, departures, self.capacity
        if self.doorways.holds_nobody_up:
            alone = [bound(*table, np.array([time_s]), time_s * 10 + 1) for time_s in times_s.tolist()]
            return np.concatenate(alone)
        return bound(*table, times_s, self.slot_ds, proven_s=self.limit_ds // 10)

    def sharp_bound(self, departures: Departures, times_s: np.ndarray, limits_s: Iterable[int]) -> np.ndarray:
        """The same, with some of the times worked out anew in the shorter slots that suit them, where those tell.

        Parameters
        ----------
        departures
            Everyone.
        times_s
            Times from the siren [s], ascending, shape (t,) int64.
        limits_s
            Those that are told in figures; they count where they are among the times.

        Notes
        -----
        What nobody can exceed later, nobody can exceed before: a lower figure holds for every earlier time too.
        """
        most = self.bound(departures, times_s)
        if self.doorways.holds_nobody_up:
            return most
        for at in np.flatnonzero(np.isin(times_s, list(limits_s))).tolist():
            alone = self.at(int(times_s[at]))
            if alone.slot_ds * SHORTER <= self.slot_ds:
                most[at] = min(most[at], alone.bound(departures, times_s[at : at + 1])[0])
        return np.asarray(np.minimum.accumulate(most[::-1])[::-1])

    def led(self, plan: PlanOverTime) -> Timeline:
        """Those whom a plan sends, going as it says."""
        delay_ds = plan.departures.delay_ds
        return self.arrived(batches_of(plan.costs, plan.entry_idx, plan.cohort_idx, plan.people, delay_ds))

    def scrambled(self, departures: Departures) -> Timeline:
        """Everyone to the nearest."""
        return scramble(
            self.costs, self.hops_by_group, departures, self.doorways, self.capacity, self.moment_ds
        )

    def broadcast(self, plan: PlanOverTime, turnout: float) -> Broadcast:
        """What would be broadcast for a plan."""
        choice = self._choice(plan.departures)
        return broadcast(plan, self.doorways, self.warning, turnout, choice=choice)

    def guide(self, departures: Departures, sent: Broadcast, followers: Departures | None = None) -> Led:
        """Everyone on their way, those who follow by the broadcast."""
        return guide(self.costs, self.doorways, departures, sent, followers, self._choice(departures))

    def guided(self, departures: Departures, sent: Broadcast) -> Timeline:
        """Everyone by the broadcast."""
        return self.arrived(self.guide(departures, sent).batches)

    def _choice(self, departures: Departures) -> Options:
        """What phones choose from; found once for all who leave alike, 1.5 s of a plan of the full city."""
        delay_ds = departures.delay_ds
        with self._choosing:
            key = delay_ds.tobytes()
            if key not in self._choices:
                hardship = hardship_ds(self.warning)
                self._choices[key] = options(self.costs, self.doorways, delay_ds, self.warning, hardship)
            return self._choices[key]

    def arrived(self, batches: Batches) -> Timeline:
        """Any crowd through the doors."""
        return arrive(batches, self.doorways, self.capacity, self.hops_by_group, self.moment_ds)

    def with_rest(self, plan: PlanOverTime) -> Timeline:
        """Those whom a plan sends as it says, and all others to the nearest."""
        delay_ds = plan.departures.delay_ds
        sent = batches_of(plan.costs, plan.entry_idx, plan.cohort_idx, plan.people, delay_ds)
        return self.arrived(
            together(sent, to_the_nearest(plan.costs, Departures(delay_ds, plan.unserved))).batches
        )

    def expected(self, crowd: Timeline) -> float:
        """Expected people of a crowd who are under cover when the strike comes."""
        return int(self.warning.value(crowd.time_ds) @ crowd.people) / WHOLE

    def inside(self, crowd: Timeline) -> int:
        """People of a crowd who are under cover by the time limit."""
        return int(crowd.people[crowd.time_ds <= self.limit_ds].sum())
