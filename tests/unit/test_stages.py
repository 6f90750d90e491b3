"""The stages of a job are timed and told, and a first compilation is said once."""

from __future__ import annotations

import importlib
import sys

import numba
import pytest

from takecover.workflow import compiling
from takecover.workflow.stages import Stages


def test_stages_are_told_with_how_much_is_done() -> None:
    told: list[tuple[str, float]] = []
    stages = Stages({"walk": 0.75, "write": 0.25}, lambda words, done: told.append((words, done)))
    with stages.stage("walk", "Walking"):
        pass
    with stages.stage("write", "Writing"):
        pass
    assert told == [("Walking", 0.0), ("Walking", 0.75), ("Writing", 0.75), ("Writing", 1.0)]


def test_a_stage_that_is_entered_twice_adds_up_and_the_total_holds_all() -> None:
    stages = Stages({"walk": 0.5}, None)
    for _ in range(2):
        with stages.stage("walk", "Walking"):
            sum(range(200_000))
    spent = stages.runtime_s()
    assert list(spent) == ["walk", "total"]
    assert 0 < spent["walk"] <= spent["total"]


def test_a_stage_that_fails_is_not_done() -> None:
    told: list[float] = []
    stages = Stages({"walk": 1.0}, lambda _, done: told.append(done))
    with pytest.raises(ValueError, match="lost"), stages.stage("walk", "Walking"):
        raise ValueError("lost")
    assert told == [0.0]


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="with the JIT off nothing is compiled")
def test_compiling_is_said_once_and_only_when_something_is_compiled() -> None:
    said: list[str] = []

    @numba.njit
    def first(number: int) -> int:
        return number + 1

    @numba.njit
    def second(number: int) -> int:
        return number + 2

    with compiling.announced(said.append):
        assert said == []
        assert first(1) + second(1) == 5
    assert said == [compiling.WORDS]
    with compiling.announced(said.append):
        assert first(2) == 3
    assert said == [compiling.WORDS]


def test_who_needs_scipy_afterwards_gets_it_whole() -> None:
    with compiling.announced(lambda words: None):
        pass
    assert sys.modules.get("scipy.linalg.cython_blas", sys) is not None
    assert importlib.import_module("scipy.linalg.cython_blas").__name__ == "scipy.linalg.cython_blas"
