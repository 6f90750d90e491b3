"""The scramble when all leave at the siren and no door holds anyone up: what it was before doors had a width."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from takecover.analysis import figures_time as fig
from takecover.analysis import minutes as told
from takecover.analysis import timeline
from takecover.analysis.arrive import arrive, batches_of, unhindered
from takecover.analysis.minutes import Crowds, Minutes
from takecover.analysis.scramble import scramble
from takecover.model.costs import Costs
from takecover.model.departures import Departures
from takecover.model.hops import Hops
from takecover.model.plan import Plan
from takecover.model.scenario import Scenario
from takecover.model.timeline import Timeline
from takecover.model.warning import WarningTimes


def raid(
    costs: Costs,
    hops_by_group: Sequence[Hops],
    people: np.ndarray,
    capacity: np.ndarray,
    horizon_ds: int,
    time_limit_ds: int | None = None,
) -> Timeline:
    """The scramble of some rows, counted at the limit too; the shelter of each door is read from the tables."""
    shelter_idx = np.zeros(max(len(hops.indptr) for hops in hops_by_group) - 1, np.int32)
    for table in (costs, *hops_by_group):
        shelter_idx[table.entrance_idx] = table.shelter_idx
    return scramble(
        costs,
        hops_by_group,
        Departures(np.zeros(1, np.int64), np.asarray(people, np.int64)[:, np.newaxis]),
        unhindered(np.maximum.accumulate(shelter_idx), len(hops_by_group)),
        np.asarray(capacity, np.int64),
        timeline.moments(horizon_ds, [] if time_limit_ds is None else [time_limit_ds]),
    )


def leaving(people: np.ndarray) -> Departures:
    """People of each row, who all leave with the siren."""
    return Departures(np.zeros(1, np.int64), np.asarray(people, np.int64)[:, np.newaxis])


def led(plan: Plan, hops_by_group: Sequence[Hops], horizon_ds: int) -> Timeline:
    """The people of a plan, going as it says; counted every 10 s."""
    entry = np.flatnonzero(plan.flow)
    people = batches_of(
        plan.costs, entry, np.zeros(len(entry), np.int32), plan.flow[entry], np.zeros(1, np.int64)
    )
    shelter_idx = np.zeros(max(len(hops.indptr) for hops in hops_by_group) - 1, np.int32)
    for table in (plan.costs, *hops_by_group):
        shelter_idx[table.entrance_idx] = table.shelter_idx
    moment_ds = timeline.moments(horizon_ds, [plan.costs.time_limit_ds])
    roomy = np.full(len(plan.capacity), int(plan.flow.sum()) + 1)
    doors = unhindered(np.maximum.accumulate(shelter_idx), len(hops_by_group))
    return arrive(people, doors, roomy, hops_by_group, moment_ds)


def minutes(plan: Plan, crowds: Crowds, scenario: Scenario, bounds: dict[int, int]) -> Minutes:
    """What is told of the minutes of a plan of places alone, with the given bounds by time [s]."""
    times = WarningTimes.single(scenario.time_limit_s)
    inside = plan.under_cover
    cell = fig.CellFigures(1.0, 1.0, inside, 0, 0.0, 0)
    return Minutes(
        warning=told.warning(scenario, times),
        delay=told.delay(scenario, scenario.period, np.zeros(1, np.int64)),
        expected=fig.ExpectedFigures(0.0, 0.0, float(inside)),
        bracket=fig.BracketFigures(inside, inside, inside, 0, inside),
        bound_time_s=tuple(float(time_s) for time_s in bounds),
        bound=tuple(bounds.values()),
        whereabouts=told.whereabouts(crowds, leaving(plan.people)),
        fill=told.fill(crowds, plan.capacity),
        doors=fig.WorstDoorFigures((), ()),
        turnouts=(fig.TurnoutFigures(1.0, int(plan.people.sum()), 0, inside, inside, inside),),
        guidance=fig.GuidanceFigures("shelter", 2, 60.0, 1.0, 0.0, (cell,), ()),
        units_per_person=1,
        slot_s=30.0,
    )
