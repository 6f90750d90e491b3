"""Joins two tables of shelters into one, with their doors and all that hangs on them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from takecover.dtypes import INDEX, NO_INDEX
from takecover.model.elements import Elements
from takecover.model.inspections import Inspections
from takecover.model.network import EdgePoints
from takecover.model.shelters import Entrances, Halls, Shelters

PARTS = ("entrances", "halls", "elements", "inspections")

Rows = TypeVar("Rows", Elements, Inspections, Halls)


def joined(one: Shelters, other: Shelters) -> Shelters:
    """Both tables as one, ascending by id; no id stands in both."""
    doors, halls = len(one.entrances), len(one.halls)
    order = np.argsort(np.concatenate([one.shelter_ids, other.shelter_ids]), kind="stable")
    place = np.empty(len(order), INDEX)
    place[order] = np.arange(len(order), dtype=INDEX)
    own = {
        name: np.concatenate([column, getattr(other, name)])[order]
        for name, column in vars(one).items()
        if name not in PARTS
    }
    entrances, door_place = _joined_doors(one, other, place)
    later = _concatenated(
        other.elements,
        entrance_idx=_moved(other.elements.entrance_idx, doors),
        hall_idx=_moved(other.elements.hall_idx, halls),
    )
    elements = _both(one.elements, later)
    found = _both(
        one.inspections,
        _concatenated(other.inspections, shelter_idx=other.inspections.shelter_idx + len(one)),
    )
    found = replace(found, shelter_idx=place[found.shelter_idx])
    both_halls = _both(one.halls, _concatenated(other.halls, shelter_idx=other.halls.shelter_idx + len(one)))
    return Shelters(
        **own,
        entrances=entrances,
        halls=replace(both_halls, shelter_idx=place[both_halls.shelter_idx]),
        elements=replace(
            elements, entrance_idx=np.append(door_place, NO_INDEX).astype(INDEX)[elements.entrance_idx]
        ),
        inspections=found.take(np.argsort(found.shelter_idx, kind="stable")),
    )


def _joined_doors(one: Shelters, other: Shelters, place: np.ndarray) -> tuple[Entrances, np.ndarray]:
    """Doors of both in the order of (shelter, id), and the new place of each."""
    a, b = one.entrances, other.entrances
    columns: dict[str, Any] = {
        name: np.concatenate([column, getattr(b, name)]) for name, column in vars(a).items() if name != "snap"
    }
    columns["shelter_idx"] = place[np.concatenate([a.shelter_idx, b.shelter_idx + len(one)])]
    columns["hall_idx"] = np.concatenate([a.hall_idx, _moved(b.hall_idx, len(one.halls))])
    snap = [np.concatenate([column, getattr(b.snap, name)]) for name, column in vars(a.snap).items()]
    order = np.lexsort((columns["entrance_ids"], columns["shelter_idx"]))
    door_place = np.empty(len(order), INDEX)
    door_place[order] = np.arange(len(order), dtype=INDEX)
    ordered = {name: column[order] for name, column in columns.items()}
    return Entrances(**ordered, snap=EdgePoints(*(column[order] for column in snap))), door_place


def _moved(positions: np.ndarray, by: int) -> np.ndarray:
    """Positions in a table that `by` rows now stand before; -1 stays."""
    return np.where(positions >= 0, positions + by, NO_INDEX).astype(INDEX)


def _concatenated(rows: Rows, **columns: np.ndarray) -> Rows:
    return replace(rows, **{name: column.astype(INDEX) for name, column in columns.items()})


def _both(one: Rows, other: Rows) -> Rows:
    """The rows of both."""
    columns: dict[str, Any] = {
        name: np.concatenate([column, getattr(other, name)]) for name, column in vars(one).items()
    }
    return type(one)(**columns)
