"""Plan a city: from a city and a scenario to a certified plan, its figures, and a folder that shows them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

import takecover
from takecover.analysis import (
    arrive,
    assign,
    difference,
    doorways,
    five_numbers,
    groups,
    measure,
    publish,
    reach,
    reasons,
    scramble,
    timeline,
    turnout,
    withhold,
)
from takecover.analysis.figures import Figures
from takecover.analysis.reasons import Reasons
from takecover.dtypes import COUNT
from takecover.model import check
from takecover.model.city import City
from takecover.model.departures import Departures
from takecover.model.plan import Plan
from takecover.model.scenario import Scenario
from takecover.model.timeline import Timeline
from takecover.progress import Progress
from takecover.workflow import plan_folder
from takecover.workflow.outcome import Choices, Outcome
from takecover.workflow.stages import Stages

SHARES = {"reach": 0.25, "turnout": 0.05, "assign": 0.2, "scramble": 0.1, "measure": 0.1, "report": 0.3}
"""Usual share of each stage in the whole time."""


def plan(
    city: City,
    scenario: Scenario,
    out: Path,
    choices: Choices | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Plan a city and write the folder that shows it.

    Parameters
    ----------
    city, scenario
        What to plan; the scenario is checked against the city.
    out
        Folder to write, whole or not at all.
    choices
        How it is made and shown.
    progress
        Told of each stage.

    Returns
    -------
    Outcome
        Everything that was worked out; every plan in it is certified.

    Raises
    ------
    InputError
        If the scenario does not fit the city, the other plan is none, or `out` is not ours to replace.
    SourceError
        If a file cannot be read or written.
    InternalError
        If a plan is not proven the best for its cost table.
    """
    choices = choices or Choices()
    stages = Stages(SHARES, progress)
    other = plan_folder.read(choices.compare) if choices.compare else None
    check.scenario(scenario, city)
    plan_folder.refuse(out)
    city = groups.split(city, scenario)
    if choices.is_public:
        city, scenario = withhold.withhold(city, scenario)
    found = work_out(city, scenario, stages, threads=choices.threads)
    document = publish.publish(found[-1]) if choices.is_public else _internal(found[-1], stages)
    names = (str(choices.compare), "this plan")
    beside = difference.difference(other, document, names) if other else None
    outcome = Outcome(city, scenario, *found, document, beside)
    with stages.stage("report", "Writing the report"):
        plan_folder.write(outcome, out, choices)
    return outcome


def work_out(
    city: City, scenario: Scenario, stages: Stages, *, threads: int = 2
) -> tuple[Plan, Timeline, Reasons, Figures]:
    """Everything between the streets and the figures.

    Parameters
    ----------
    city, scenario
        What to plan, checked.
    stages
        Times the stages.
    threads
        Searches made at a time.

    Returns
    -------
    plan, scramble, reasons, figures
        What was found.
    """
    limits_s = sorted({scenario.time_limit_s, *scenario.compare_limits_s})
    with stages.stage("reach", "Finding every walk to a shelter"):
        costs = reach.reach(city, scenario, limits_s[-1], threads=threads)
    with stages.stage("turnout", "Counting who sets out"):
        period_idx = city.demand.periods.index(scenario.period) if scenario.period else 0
        gone = turnout.turnout(city.demand, period_idx, scenario.turnout, scenario.seed)
        people = gone[costs.origin_idx, costs.group_idx]
        capacity = five_numbers.places(city, scenario)
    plans = {}
    with stages.stage("assign", "Placing everyone, with the proof"):
        for limit_s in limits_s:
            plans[limit_s] = assign.assign(costs.within(limit_s * 10), people, capacity)
    with stages.stage("scramble", "Letting everyone run to the nearest"):
        hops = tuple(
            reach.between_shelters(city, scenario, limits_s[-1], group_idx, threads=threads)
            for group_idx in range(len(city.demand.groups))
        )
        at_once = Departures(np.zeros(1, COUNT), people[:, np.newaxis])
        unhindered = arrive.unhindered(city.shelters.entrances.shelter_idx)
        moment_ds = timeline.moments(limits_s[-1] * 10, [limit_s * 10 for limit_s in limits_s])
        ran = scramble.scramble(costs, hops, at_once, unhindered, capacity, moment_ds)
    with stages.stage("measure", "Counting who is left out, and why"):
        own = plans[scenario.time_limit_s]
        why = reasons.reasons(city, scenario, own)
        ways = doorways.doorways(city, scenario)
        numbers = five_numbers.five_numbers(city, scenario, ways, costs, people)
        figures = measure.measure(city, scenario, own, ran, plans, why, numbers)
    return own, ran, why, figures


def _internal(figures: Figures, stages: Stages) -> dict[str, Any]:
    """What ``plan.json`` holds for planners."""
    plain = figures.as_dict()
    return {
        "takecover_version": takecover.__version__,
        "format": plain.pop("format"),
        "marking": "internal",
        **plain,
        "runtime_s": stages.runtime_s(),
    }
