"""Published transportation problems with known optima."""

from __future__ import annotations

import numpy as np
import pytest

from tables import Table, costs_of
from takecover.analysis.assign import assign

PUBLISHED = {
    # Hillier F.S., Lieberman G.J., Introduction to Operations Research: P & T Company, canneries to warehouses.
    "p_and_t": (
        [75, 125, 100],
        [80, 65, 70, 85],
        [[464, 513, 654, 867], [352, 416, 690, 791], [995, 682, 388, 685]],
        152_535,
    ),
    # Winston W.L., Operations Research: Applications and Algorithms: Powerco, plants to cities.
    "powerco": (
        [35, 50, 40],
        [45, 20, 30, 30],
        [[8, 6, 10, 9], [9, 12, 13, 7], [14, 9, 16, 5]],
        1_020,
    ),
    # Dantzig G.B. (1963), Linear Programming and Extensions, ch. 3-3: two canneries, three markets, in tenths of a
    # thousand miles. Freight at $90 a thousand miles and thousand cases makes of 1,707.5 the known 153.675.
    "dantzig": (
        [325, 300, 275],
        [350, 600],
        [[25, 25], [17, 18], [18, 14]],
        17_075,
    ),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_problem_costs_its_known_optimum(name: str) -> None:
    people, capacity, walks, optimum = PUBLISHED[name]
    table = Table(people, capacity, [dict(enumerate(row)) for row in walks], 1000)
    plan = assign(costs_of(table), np.array(people, np.int64), np.array(capacity, np.int64))
    assert plan.certificate.primal == (0, optimum)
    assert plan.under_cover == sum(people) <= sum(capacity)
    assert all(load <= places for load, places in zip(plan.load, capacity, strict=True))


@pytest.mark.parametrize(("size", "each"), [(60, 1), (150, 1), (60, 7)])
def test_the_instances_of_machol_and_wien_cost_their_known_optimum(size: int, each: int) -> None:
    """Machol R.E., Wien M. (1976), A hard assignment problem, Operations Research 24(1):190-192: the cost of i to j is
    i times j, so the best gives the i-th the i-th from the end, n (n + 1) (n + 2) / 6 in all.
    """
    number = range(1, size + 1)
    table = Table(
        [each] * size, [each] * size, [{j: i * (j + 1) for j in range(size)} for i in number], size * size
    )
    plan = assign(costs_of(table), np.array(table.people, np.int64), np.array(table.capacity, np.int64))
    assert plan.certificate.primal == (0, each * size * (size + 1) * (size + 2) // 6)
    assert plan.flow.reshape(size, size)[0].tolist() == [0] * (size - 1) + [each]
