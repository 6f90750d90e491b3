"""Towns of a thousand rows at every number of places: what small tables never reach, the long chains of moves."""

from __future__ import annotations

import numpy as np
import pytest

from takecover.analysis.assign import assign
from takecover.analysis.standing import Standing
from takecover.model.costs import Costs

LIMIT_DS = 3000


def town(seed: int, rows: int = 1500, shelters: int = 120) -> tuple[Costs, np.ndarray, np.ndarray]:
    """Rows and shelters at random in a square, walks along straight lines; people and places unlike each other."""
    rng = np.random.default_rng(seed)
    homes, covers = rng.uniform(0, 10_000, (rows, 2)), rng.uniform(0, 10_000, (shelters, 2))
    homes = homes[np.lexsort((homes[:, 1], homes[:, 0] // 600))]
    walks = np.ceil(np.hypot(*(homes[:, None] - covers[None]).transpose(2, 0, 1))).astype(np.int32)
    order = np.argsort(walks, axis=1, kind="stable")
    sorted_walks = np.take_along_axis(walks, order, axis=1)
    reached = sorted_walks <= LIMIT_DS
    row = np.arange(rows, dtype=np.int32)
    shelter = order[reached].astype(np.int32)
    costs = Costs(
        row,
        np.zeros(rows, np.int32),
        np.append(0, np.cumsum(reached.sum(axis=1))).astype(np.int32),
        shelter,
        shelter,
        sorted_walks[reached],
        LIMIT_DS,
    )
    return costs, np.ceil(rng.lognormal(3, 0.8, rows)).astype(np.int64), rng.lognormal(0, 1, shelters)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("ratio", [0.3, 0.8, 0.95, 1.0, 1.05, 1.2, 2.0])
def test_every_regime_is_certified(seed: int, ratio: float) -> None:
    costs, people, weights = town(seed)
    capacity = np.round(weights * ratio * people.sum() / weights.sum()).astype(np.int64)
    plan = assign(costs, people, capacity)
    assert plan.certificate.gap == (0, 0)
    assert plan.load.sum() + plan.unserved.sum() == people.sum()


def test_a_town_whose_shelters_close_one_after_another_stays_certified() -> None:
    costs, people, weights = town(7)
    capacity = np.round(weights * people.sum() / weights.sum()).astype(np.int64)
    standing = Standing(costs, people, capacity)
    before = standing.certificate
    closed = np.random.default_rng(3).permutation(len(capacity))[:40]
    outside = [standing.change_capacity(int(s), 0).primal.people for s in closed]
    assert outside == sorted(outside)
    for s in closed:
        standing.change_capacity(int(s), int(capacity[s]))
    assert standing.certificate == before
