"""A plan over time that stands while doors shut and open: repaired exactly, and proven anew, at each change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from takecover.analysis.overtime import Rounding, plan_of
from takecover.analysis.queues import Queues
from takecover.analysis.slots import passing_ds
from takecover.dtypes import INDEX
from takecover.model.costs import Costs
from takecover.model.departures import Departures
from takecover.model.doorways import Doorways
from takecover.model.plan_over_time import PlanOverTime
from takecover.model.warning import WarningTimes


class Vigil:
    """An optimal plan over time under doors that shut and open again.

    Parameters
    ----------
    costs, doorways, departures, capacity, warning, slot_ds, rounding
        As `overtime.assign_over_time` takes them; a door that may open later has its flow.

    Notes
    -----
    A repair begins from the last optimum, so it costs about as much as the change is large, not as the city is. Only
    where the slowest door before a hall shuts or opens, everybody there is late by another time, and the optimum is
    found from the start. The check is made anew each time and trusts nothing.

    Examples
    --------
    >>> import numpy as np
    >>> one, two, none = np.zeros(1, np.int32), np.array([0, 1], np.int32), np.zeros(0, np.int64)
    >>> costs = Costs(one, one, np.array([0, 2], np.int32), two, two, np.array([100, 400], np.int32), 900)
    >>> at_once = np.zeros((1, 2), np.int32)
    >>> doorways = Doorways(two, np.array([1000, 1000]), two * 0 - 1, at_once, at_once, none, none)
    >>> leaving = Departures(np.array([0]), np.array([[3]]))
    >>> vigil = Vigil(costs, doorways, leaving, np.array([9, 9]), WarningTimes.single(900), 300)
    >>> vigil.plan.certificate.primal, vigil.shut(np.array([0])).certificate.primal
    (Pair(people=0, ds=300), Pair(people=0, ds=1200))
    """

    def __init__(
        self,
        costs: Costs,
        doorways: Doorways,
        departures: Departures,
        capacity: np.ndarray,
        warning: WarningTimes,
        slot_ds: int,
        *,
        rounding: Rounding = "against",
    ) -> None:
        self._usual = self._standing = doorways
        self._is_shut = np.zeros(len(doorways), np.bool_)
        self._is_late = rounding == "against"
        self._queues = Queues(costs, doorways, departures, capacity, warning, slot_ds, is_late=self._is_late)
        self.plan: PlanOverTime = plan_of(self._queues)

    def shut(self, entrance_idx: np.ndarray) -> PlanOverTime:
        """Shut some doors; all of a shelter's shut the shelter.

        Parameters
        ----------
        entrance_idx
            Which, shape (k,).

        Returns
        -------
        PlanOverTime
            The best plan for the doors that are open now, proven.

        Raises
        ------
        InternalError
            If the independent check does not confirm it.
        """
        return self._change(entrance_idx, is_open=False)

    def open(self, entrance_idx: np.ndarray) -> PlanOverTime:
        """Open some doors again; the rest as for `shut`."""
        return self._change(entrance_idx, is_open=True)

    def _change(self, entrance_idx: np.ndarray, *, is_open: bool) -> PlanOverTime:
        """Shut or open, repair, prove."""
        self._is_shut[entrance_idx] = not is_open
        way = replace(self._usual, flow_per_ks=np.where(self._is_shut, 0, self._usual.flow_per_ks))
        if self._has_slots_for(way):
            z = self._queues.slots
            slot = np.concatenate(
                [np.arange(z.first[j], z.first[j] + z.count[j]) for j in np.unique(entrance_idx)]
            ).astype(INDEX)
            self._queues.change_service(slot, np.full(len(slot), is_open))
            self._queues.doorways = way
        else:
            self._begin_anew(way)
        self.plan = plan_of(self._queues)
        return self.plan

    def _has_slots_for(self, way: Doorways) -> bool:
        """Whether the standing queues have slots for all open doors, and everyone behind halls is as late as there."""
        open_before, late, late_before = (
            self._standing.flow_per_ks > 0,
            *(passing_ds(doors, self._is_late)[len(way) :] for doors in (way, self._standing)),
        )
        return bool((open_before | (way.flow_per_ks == 0)).all() and (late == late_before).all())

    def _begin_anew(self, way: Doorways) -> None:
        """Lay out the queues for these doors and find the optimum from the start."""
        q = self._queues
        self._queues = Queues(
            q.costs, way, q.departures, q.capacity, q.warning, q.slots.slot_ds, is_late=self._is_late
        )
        self._standing = way
