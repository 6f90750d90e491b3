"""What is broadcast is one set of prices, and everything that is told of those who follow it is told of that one."""

from __future__ import annotations

from dataclasses import replace

import pytest

import worlds
from takecover.analysis.figures import Figures
from takecover.workflow import reckoning
from takecover.workflow.plan import SHARES
from takecover.workflow.scenario import default
from takecover.workflow.stages import Stages

OWN = 1.0
"""Share of the people who come, for whose plan other prices would be best than those that are broadcast."""


@pytest.fixture(scope="module")
def found() -> Figures:
    city = worlds.town(seed=1, shelters=4)
    scenario = replace(default(city, "2026-11-29"), turnout=OWN)
    return reckoning.reckon(city, scenario, Stages(SHARES, None)).figures


def test_the_broadcast_is_that_whose_worst_loss_is_least(found: Figures) -> None:
    worst = {
        priced: max(cell.lost_share for cell in found.guidance.cells if cell.priced_for == priced)
        for priced in (0.07, 0.3, 1.0)
    }
    assert found.guidance.priced_for == min(worst, key=lambda priced: worst[priced]) != OWN


def test_what_is_told_of_those_who_follow_is_told_of_what_is_broadcast(found: Figures) -> None:
    cells = {(cell.priced_for, cell.comes): cell.under_cover for cell in found.guidance.cells}
    sent = found.guidance.priced_for
    assert cells[OWN, OWN] != cells[sent, OWN] == round(found.expected.guided)
    by_turnout = {row.turnout: row.guided for row in found.turnouts}
    assert by_turnout[OWN] == found.guidance.followed[-1].under_cover
    assert by_turnout[OWN] == found.curves.guided[found.curves.time_s.index(found.time_limit_s)]
