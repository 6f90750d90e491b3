"""What is asked of a plan, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from takecover.analysis.difference import Difference
from takecover.model.city import City
from takecover.model.scenario import Scenario
from takecover.workflow.reckoning import Reckoning


@dataclass(frozen=True)
class Choices:
    """How a plan is made and shown.

    Attributes
    ----------
    lang
        Language that the report opens in.
    is_public
        True to leave withheld shelters out and give bands in place of counts.
    has_costs
        True to write every walk too, so that another solver can redo the plan.
    compare
        Another plan's folder to set beside this one.
    threads
        Searches made at a time; the answer is the same.
    """

    lang: str = "en"
    is_public: bool = False
    has_costs: bool = False
    compare: Path | None = None
    threads: int = 2


@dataclass(frozen=True, eq=False)
class Outcome:
    """Everything that was worked out.

    Attributes
    ----------
    city, scenario
        What the plan was made from; without withheld shelters where it is for the public.
    found
        Everything that was worked out.
    document
        What ``plan.json`` holds.
    difference
        The other plan beside this one; None where none was named.
    """

    city: City
    scenario: Scenario
    found: Reckoning
    document: Mapping[str, Any]
    difference: Difference | None
