"""A toy city and ways to break it, for the tests of the model's door."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import shapely

from takecover.cities import toys
from takecover.model.city import City


def toy() -> City:
    """Three nodes in a row, three origins, two shelters with a door each."""
    return toys.grid(3, 1, shelters=[toys.Cover((0,), 5), toys.Cover((2,), 7)])


def put(array: np.ndarray, at: Any, value: Any) -> np.ndarray:
    """A writable copy with one value changed; texts are given room."""
    copy = array.astype(object) if array.dtype.kind == "U" else array.copy()
    copy[at] = value
    return copy.astype(np.str_) if array.dtype.kind == "U" else copy


def network(**changes: Any) -> City:
    city = toy()
    return replace(city, network=replace(city.network, **changes))


def demand(**changes: Any) -> City:
    city = toy()
    return replace(city, demand=replace(city.demand, **changes))


def shelters(**changes: Any) -> City:
    city = toy()
    return replace(city, shelters=replace(city.shelters, **changes))


def entrances(**changes: Any) -> City:
    doors = toy().shelters.entrances
    return shelters(entrances=replace(doors, **changes))


def zones(**changes: Any) -> City:
    city = toy()
    return replace(city, zones=replace(city.zones, **changes))


def snap(table: str, **changes: Any) -> City:
    city = toy()
    if table == "demand":
        return demand(snap=replace(city.demand.snap, **changes))
    return entrances(snap=replace(city.shelters.entrances.snap, **changes))


def outlines(shape: Any) -> np.ndarray:
    array = np.empty(1, object)
    array[0] = shape
    return array


BOW_TIE = shapely.Polygon([(30, 50), (31, 51), (31, 50), (30, 51)])
FAR_OFF = shapely.box(200, 50, 201, 51)
N, D, S = toy().network, toy().demand, toy().shelters
E = S.entrances
