"""The searches that the benchmarks time are those of the program, and still run."""

from __future__ import annotations

import importlib
from pathlib import Path

import numpy as np
import pytest

import worlds
from takecover.analysis.reach import nearest_nodes
from takecover.dtypes import UNREACHED
from takecover.workflow.scenario import default

PARTS = (
    "arrive",
    "assign",
    "city",
    "growth",
    "journal",
    "memory",
    "nearest",
    "overtime",
    "plan",
    "reach",
    "repair",
    "reprice",
)


@pytest.fixture(autouse=True)
def _found(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(repository))


@pytest.mark.parametrize("part", PARTS)
def test_each_part_can_be_loaded(part: str) -> None:
    assert callable(importlib.import_module(f"benchmarks.{part}").cases)


def test_the_nearest_shelter_that_is_timed_is_the_one_that_the_program_finds() -> None:
    nearest = importlib.import_module("benchmarks.nearest")
    city = worlds.town()
    scenario = default(city, "2026-11-29")
    found = nearest.search(*nearest.walked(city, scenario, 900))
    walk_ms = nearest_nodes(city, scenario, 900, nearest.WALKING)
    assert np.array_equal(found, np.where(walk_ms == UNREACHED, np.inf, walk_ms))
    assert np.isfinite(found).any()
