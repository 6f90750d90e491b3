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
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_problem_costs_its_known_optimum(name: str) -> None:
    people, capacity, walks, optimum = PUBLISHED[name]
    table = Table(people, capacity, [dict(enumerate(row)) for row in walks], 1000)
    plan = assign(costs_of(table), np.array(people, np.int64), np.array(capacity, np.int64))
    assert plan.certificate.primal == (0, optimum)
    assert plan.load.tolist() == capacity
