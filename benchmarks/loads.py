"""What a plan is worked out from: people and places of a city, and a city handed to another process.

Imports no more than that takes, because the processes that use it tell how much memory they take.
"""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np

from takecover.model.city import City
from takecover.model.costs import Costs
from takecover.model.plan import Pair
from takecover.model.scenario import Scenario


def as_text(primal: Pair) -> str:
    """An objective for the table: people outside, total walk [ds]."""
    return f"{primal.people}:{primal.ds}"


def people_of(city: City, costs: Costs) -> np.ndarray:
    """People of each row of a table, everybody coming, shape (r,) int64."""
    count: np.ndarray = city.demand.people[0][costs.origin_idx, costs.group_idx]
    return count


def places(city: City, ratio: float) -> np.ndarray:
    """Places scaled so that they are about `ratio` of the people, none below one, shape (s,) int64."""
    own = city.shelters.capacity
    scale = ratio * city.demand.people[0].sum() / own.sum()
    scaled: np.ndarray = np.maximum(1, np.rint(own * scale)).astype(np.int64)
    return scaled


def hand_over(city: City, scenario: Scenario, path: Path) -> None:
    """Write what a plan is worked out from, so that another process begins with it in memory."""
    bare = replace(
        city,
        zones=replace(city.zones, outlines=np.full(len(city.zones), None, dtype=object)),
        water=np.empty(0, dtype=object),
    )
    path.write_bytes(pickle.dumps((bare, scenario), protocol=5))


def receive(path: Path) -> tuple[City, Scenario]:
    """What `hand_over` wrote; the file must be of this run."""
    with path.open("rb") as file:
        received: tuple[City, Scenario] = pickle.load(file)
    return received
