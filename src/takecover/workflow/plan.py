"""Plan a city: from a city and a scenario to a certified plan, its figures, and a folder that shows them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import takecover
from takecover.analysis import difference, groups, publish, withhold
from takecover.analysis.figures import Figures
from takecover.io import whole
from takecover.model import check
from takecover.model.city import City
from takecover.model.scenario import Scenario
from takecover.progress import Progress
from takecover.workflow import plan_folder, reckoning
from takecover.workflow.outcome import Choices, Outcome
from takecover.workflow.stages import Stages

SHARES = {
    "reach": 0.1,
    "turnout": 0.02,
    "assign": 0.4,
    "bound": 0.1,
    "crowds": 0.2,
    "measure": 0.03,
    "report": 0.15,
}
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
    with whole.folder(out, plan_folder.MARKER) as folder:
        parts = plan_folder.Parts(city, scenario, folder, choices)
        found = reckoning.reckon(city, scenario, stages, threads=choices.threads, jobs=parts.jobs)
        figures = found.figures
        document = publish.publish(figures) if choices.is_public else _internal(figures, stages)
        names = (str(choices.compare), "this plan")
        beside = difference.difference(other, document, names) if other else None
        outcome = Outcome(city, scenario, found, document, beside)
        with stages.stage("report", "Writing the report"):
            plan_folder.write(outcome, folder, choices, parts)
    return outcome


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
