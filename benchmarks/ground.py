"""The streets and doors of the walking group, made ready for a search of all nodes."""

from __future__ import annotations

import numpy as np

from takecover.analysis.approach import Doors, Ground, take
from takecover.analysis.pace import pace
from takecover.dtypes import INDEX
from takecover.kernels.dijkstra import Streets
from takecover.model.city import City
from takecover.model.scenario import Scenario

WALKING = 0
"""Position of the walking group."""


def walked(city: City, scenario: Scenario, limit_s: int) -> tuple[Doors, Streets]:
    """All doors in one list, and the streets with the doors behind the nodes; no shelter is closed."""
    group = city.demand.groups[WALKING]
    snap = city.shelters.entrances.snap
    door = np.flatnonzero(snap.segment_idx >= 0)
    doors = Doors(take(snap, door), np.array([0, len(door)], INDEX), np.zeros(len(door), INDEX), 0)
    speed_m_s = scenario.speed_m_s[group.name]
    walks = pace(city.network, speed_m_s, scenario.steps_speed_factor, group.needs_step_free)
    return doors, Ground(city.network, walks, limit_s * 1000, doors).streets()
