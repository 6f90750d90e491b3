"""Everything between the streets and the figures: who can reach which door, the plans, and what becomes of everyone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np

from takecover.analysis import (
    arrive,
    departures,
    doorways,
    five_numbers,
    gains,
    headline,
    measure,
    minutes,
    reach,
    reasons,
    timeline,
    trials,
    turnout,
    warning,
)
from takecover.analysis import figures_time as fig
from takecover.analysis.figures import Figures
from takecover.analysis.minutes import Crowds, Minutes
from takecover.analysis.reasons import Reasons
from takecover.analysis.setting import Setting, suited_slot_ds
from takecover.analysis.trials import Chosen, Trial
from takecover.dtypes import COUNT
from takecover.model.city import City
from takecover.model.departures import Departures
from takecover.model.plan import Plan
from takecover.model.scenario import Scenario
from takecover.model.timeline import Timeline
from takecover.model.warning import WarningTimes
from takecover.workflow.stages import Stages

_DS_A_S = 10

BOUNDS = 12
"""Times at which the bound is found, besides the compared limits."""

Jobs = Callable[[Plan, Timeline, Reasons], Sequence[Callable[[], None]]]
"""Gives what can be done once the plan, the scramble and the reasons stand, and needs nothing else."""


@dataclass(frozen=True, eq=False)
class Reckoning:
    """What was worked out.

    Attributes
    ----------
    plan
        The plan as it stands at the scenario's time limit.
    scramble
        Everyone to the nearest, through the same doors, up to the horizon.
    reasons
        Why people are left outside.
    figures
        What a report shows.
    """

    plan: Plan
    scramble: Timeline
    reasons: Reasons
    figures: Figures


def reckon(
    city: City, scenario: Scenario, stages: Stages, *, threads: int = 2, jobs: Jobs | None = None
) -> Reckoning:
    """Work out a plan and everything that is told of it.

    Parameters
    ----------
    city, scenario
        What to plan, checked.
    stages
        Times the stages.
    threads
        Threads that work at a time; the answer is the same.
    jobs
        What else to do on the way; all of it is done at the end.

    Notes
    -----
    Everything that does not wait for another answer is handed to the threads as soon as it can begin, so a stage may
    find its work done already: the full city took 30 s when each stage waited for the one before.
    """
    limits_s = sorted({scenario.time_limit_s, *scenario.compare_limits_s})
    setting = _setting(city, scenario, limits_s, stages, threads)
    with stages.stage("turnout", "Counting who sets out"):
        shares = sorted({*scenario.compare_turnouts, scenario.turnout})
        crowds = {share: _crowd(city, scenario, setting, share) for share in shares}
    with _workers(threads) as pool:
        with stages.stage("assign", "Sending everyone to a door in time, with the proof"):
            tried = pool.map(lambda share: trials.trial(setting, crowds[share], share), reversed(shares))
            bounds = _bounds(pool, scenario, setting, crowds)
            found = dict(sorted(zip(reversed(shares), tried, strict=True)))
            own = found[scenario.turnout]
            best = pool.submit(_best, setting, own)
            followed = trials.followed(setting, found, scenario.turnout, pool.map)
            gained = gains.gains(own.plan, setting.doorways, setting.warning)
            plan = headline.headline(own.plan, own.led, setting.limit_ds, gained)
            why = reasons.reasons(city, scenario, plan, own.departures, own.led)
            others = [pool.submit(job) for job in (jobs(plan, own.scrambled, why) if jobs else ())]
        with stages.stage("bound", "Finding what no plan can exceed"):
            bound = {share: people.result() for share, people in bounds.items()}
            bracket = replace(best.result(), bound=bound[scenario.turnout][scenario.time_limit_s])
        with stages.stage("crowds", "Letting other crowds come, and some of them follow"):
            sent = trials.chosen(found, followed)
            guidance = trials.guidance(setting, found, sent, scenario.seed, pool.map)
            told = _told(city, scenario, setting, found, sent, bracket, bound, guidance)
        with stages.stage("measure", "Counting who is left out, and why"):
            numbers = five_numbers.five_numbers(
                city, scenario, setting.doorways, setting.costs, own.departures.of_rows
            )
            everyone = Crowds(own.led, own.scrambled, sent.guided)
            figures = measure.measure(city, scenario, plan, everyone, why, numbers, told)
            for job in others:
                job.result()
    return Reckoning(plan, own.scrambled, why, figures)


@contextmanager
def _workers(threads: int) -> Iterator[ThreadPoolExecutor]:
    """Threads that begin nothing more once something has failed."""
    with ThreadPoolExecutor(max_workers=threads) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _setting(city: City, scenario: Scenario, limits_s: list[int], stages: Stages, threads: int) -> Setting:
    """What every crowd of the scenario has in common."""
    times = warning.warning(scenario) if scenario.has_doors else WarningTimes.single(scenario.time_limit_s)
    horizon_s = max(limits_s[-1], int(times.time_s[-1]))
    with stages.stage("reach", "Finding every walk to a door"):
        costs = reach.reach(city, scenario, horizon_s, threads=threads, per_entrance=True)
        hops = tuple(
            reach.between_shelters(city, scenario, horizon_s, group_idx, threads=threads)
            for group_idx in range(len(city.demand.groups))
        )
    doors = (
        doorways.doorways(city, scenario)
        if scenario.has_doors
        else arrive.unhindered(city.shelters.entrances.shelter_idx, len(city.demand.groups))
    )
    return Setting(
        costs=costs,
        hops_by_group=hops,
        doorways=doors,
        capacity=five_numbers.places(city, scenario),
        warning=times,
        slot_ds=suited_slot_ds(scenario.slot_s * _DS_A_S, times, len(doors)),
        limit_ds=scenario.time_limit_s * _DS_A_S,
        moment_ds=timeline.moments(horizon_s * _DS_A_S, [limit_s * _DS_A_S for limit_s in limits_s]),
    )


def _crowd(city: City, scenario: Scenario, setting: Setting, share: float) -> Departures:
    """Everyone who comes at a turnout, by when they leave; all at once where doors do not count."""
    period_idx = city.demand.periods.index(scenario.period) if scenario.period else 0
    gone = turnout.turnout(city.demand, period_idx, share, scenario.seed)
    people = gone[setting.costs.origin_idx, setting.costs.group_idx]
    if not scenario.has_doors:
        return Departures(np.zeros(1, COUNT), people[:, np.newaxis])
    return departures.departures(city, scenario, setting.costs, people)


def _best(setting: Setting, own: Trial) -> fig.BracketFigures:
    """What the best plan for just the time limit promises, and what comes of it; nothing of the bound yet."""
    at = setting.at(setting.limit_ds // _DS_A_S)
    is_own = np.array_equal(setting.warning.time_s, at.warning.time_s)
    plan = own.plan if is_own else at.plan(own.departures)
    arrived = at.inside(own.led if is_own else at.led(plan))
    return fig.BracketFigures(
        promised=plan.sent,
        arrived=arrived,
        bound=0,
        fifo_lost=max(plan.sent - arrived, 0),
        with_rest=at.inside(at.with_rest(plan)),
    )


def _bounds(
    pool: ThreadPoolExecutor, scenario: Scenario, setting: Setting, crowds: Mapping[float, Departures]
) -> dict[float, Future[dict[int, int]]]:
    """What no plan exceeds by times [s]: many of them for the plan's own turnout, for the others its limit alone."""
    limits_s = {scenario.time_limit_s, *scenario.compare_limits_s}
    horizon_s = int(setting.moment_ds[-1]) // _DS_A_S
    even = np.linspace(0, horizon_s, BOUNDS + 1)[1:].astype(np.int64)
    times_s = np.unique(np.concatenate([even, np.array(sorted(limits_s), np.int64)]))
    limit_s = np.array([scenario.time_limit_s], np.int64)

    def bound(share: float, at_s: np.ndarray) -> dict[int, int]:
        return dict(
            zip(at_s.tolist(), setting.sharp_bound(crowds[share], at_s, limits_s).tolist(), strict=True)
        )

    first = {scenario.turnout: times_s}
    asked = first | {share: limit_s for share in crowds if share not in first}
    return {share: pool.submit(bound, share, at_s) for share, at_s in asked.items()}


def _told(
    city: City,
    scenario: Scenario,
    setting: Setting,
    found: Mapping[float, Trial],
    sent: Chosen,
    bracket: fig.BracketFigures,
    bound: Mapping[float, Mapping[int, int]],
    guidance: fig.GuidanceFigures,
) -> Minutes:
    """What is told of the minutes."""
    own = found[scenario.turnout]
    crowds = Crowds(own.led, own.scrambled, sent.guided)
    return Minutes(
        warning=minutes.warning(scenario, setting.warning),
        delay=minutes.delay(scenario, scenario.period or city.demand.periods[0], own.departures.delay_ds),
        expected=fig.ExpectedFigures(
            *(setting.expected(each) for each in (crowds.scramble, crowds.guided, crowds.plan))
        ),
        bracket=bracket,
        bound_time_s=tuple(map(float, bound[scenario.turnout])),
        bound=tuple(bound[scenario.turnout].values()),
        whereabouts=minutes.whereabouts(crowds, own.departures),
        fill=minutes.fill(crowds, setting.capacity),
        doors=fig.WorstDoorFigures(minutes.doors(city, own.led), minutes.doors(city, own.scrambled)),
        turnouts=trials.turnouts(
            setting, found, sent, {share: people[scenario.time_limit_s] for share, people in bound.items()}
        ),
        guidance=guidance,
        units_per_person=own.plan.units_per_person,
        slot_s=own.plan.slot_ds / _DS_A_S,
    )
