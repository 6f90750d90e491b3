"""What stands behind the doors of Model Kyiv, and what inspections found there: by type of station, else by lot.

Draws from a seed of its own, so that streets, people and places are the same with and without it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from takecover import parameters
from takecover.cities.model_kyiv import facts
from takecover.dtypes import COUNT, INDEX, NO_INDEX
from takecover.model.elements import DOOR, ESCALATOR, GATE, STAIR, Elements
from takecover.model.inspections import AFTER_WORK, ALWAYS, FIT, FOUND, MISSING, UNFIT, Inspections
from takecover.model.shelters import LOCKED, OPEN, Halls

BY_LOT = "Modelled: drawn by lot in the proportions of June 2023"
"""Who looked at the shelters of a city that is made up: nobody."""

HANDRAILS = {STAIR: 2, ESCALATOR: 2}
"""Handrails of a flight."""


class Step(NamedTuple):
    """An element of a station on the way down."""

    kind: str
    width_m: float
    abreast: int
    drop_m: float


def halls_of(shelter_ids: np.ndarray, kinds: np.ndarray) -> Halls:
    """One hall for each station, in the order of the shelters."""
    stations = np.flatnonzero(kinds == "metro_station")
    return Halls(np.char.add(shelter_ids[stations], "-hall"), stations.astype(INDEX))


def elements_of(shelter_ids: np.ndarray, entrance_shelter_idx: np.ndarray, halls: Halls) -> Elements:
    """The elements of every station: those of its entrances, then those of its hall.

    Parameters
    ----------
    shelter_ids
        Ids of all shelters, shape (s,) text.
    entrance_shelter_idx
        Shelter of every entrance, shape (e,).
    halls
        The halls of the stations.
    """
    builds = dict(zip(_station_ids(), _builds(), strict=True))
    depths_m = dict(zip(_station_ids(), station_depths_m(), strict=True))
    rows: list[tuple[int, int, Step]] = []
    station_of_hall = halls.shelter_idx.tolist()
    hall_of_station = {station: hall for hall, station in enumerate(station_of_hall)}
    for entrance, shelter in enumerate(entrance_shelter_idx.tolist()):
        if shelter in hall_of_station:
            steps = _entrance_steps(builds[str(shelter_ids[shelter])])
            rows += [(entrance, NO_INDEX, step) for step in steps]
    for hall, shelter in enumerate(station_of_hall):
        station = str(shelter_ids[shelter])
        rows += [(NO_INDEX, hall, step) for step in _hall_steps(builds[station], depths_m[station])]
    return _table(rows)


def _station_ids() -> list[str]:
    return [f"M-{name.replace(' ', '-')}" for name in facts.texts("stations.csv", "name").tolist()]


def _builds() -> list[str]:
    return [str(build) for build in facts.texts("stations.csv", "build")]


def station_depths_m() -> list[float]:
    """How far each station of the facts lies under the street [m]; the usual depth of its build where not known."""
    value = parameters.value
    usual_m = {
        "deep": value("metro_deep_depth_m"),
        "shallow": value("metro_shallow_depth_m"),
        "surface": 0.0,
    }
    known_m = facts.numbers("stations.csv", "depth_m").tolist()
    return [
        usual_m[build] if np.isnan(depth_m) else depth_m
        for build, depth_m in zip(_builds(), known_m, strict=True)
    ]


def _entrance_steps(build: str) -> tuple[Step, ...]:
    value = parameters.value
    doors = Step(DOOR, value("metro_door_width_m"), int(value("metro_door_leaves")), 0.0)
    depth_m = value("metro_vestibule_depth_m" if build == "deep" else "metro_hall_depth_m")
    return doors, Step(STAIR, value("metro_stair_width_m"), 1, depth_m)


def _hall_steps(build: str, depth_m: float) -> tuple[Step, ...]:
    value = parameters.value
    gates = Step(GATE, np.nan, int(value("metro_gates")), 0.0)
    if build == "deep":
        left_m = depth_m - value("metro_vestibule_depth_m")
        return gates, Step(ESCALATOR, np.nan, int(value("metro_escalators_down")), left_m)
    left_m = depth_m - value("metro_hall_depth_m")
    return gates, Step(STAIR, value("metro_stair_width_m"), int(value("metro_hall_stairs")), left_m)


def _table(rows: list[tuple[int, int, Step]]) -> Elements:
    steps = [step for _, _, step in rows]
    kinds = np.array([step.kind for step in steps], dtype=np.str_)
    drop_m = np.array([step.drop_m for step in steps])
    return Elements(
        entrance_idx=np.array([entrance for entrance, _, _ in rows], INDEX),
        hall_idx=np.array([hall for _, hall, _ in rows], INDEX),
        kinds=kinds,
        clear_width_m=np.array([step.width_m for step in steps]),
        count=np.array([step.abreast for step in steps], COUNT),
        handrails=np.array([HANDRAILS.get(step.kind, 0) for step in steps], COUNT),
        length_m=drop_m / parameters.value("stair_rise"),
        drop_m=drop_m,
        is_running=kinds == ESCALATOR,
        belt_speed_m_s=np.full(len(rows), np.nan),
        flow_per_s=np.full(len(rows), np.nan),
    )


def inspect(shelter_ids: np.ndarray, kinds: np.ndarray, rng: np.random.Generator) -> Inspections:
    """What inspections would have found: stations there, fit and open, the others by lot in known proportions.

    Parameters
    ----------
    shelter_ids, kinds
        Of all shelters, shape (s,) text.
    rng
        Draws.
    """
    count = len(kinds)
    is_station = kinds == "metro_station"
    others = np.flatnonzero(~is_station)
    value = parameters.value
    existences, states = np.full(count, FOUND, "U7"), np.full(count, FIT, "U10")
    existences[_some(others, value("missing_shelter_share"), rng)] = MISSING
    fit, repairable = (
        round(share * len(others))
        for share in (value("usable_shelter_share"), value("repairable_shelter_share"))
    )
    mixed = rng.permutation(others)
    states[mixed[fit : fit + repairable]] = AFTER_WORK
    states[mixed[fit + repairable :]] = UNFIT
    depths_m = dict(zip(_station_ids(), station_depths_m(), strict=True))
    return Inspections(
        shelter_idx=np.arange(count, dtype=INDEX),
        existences=existences,
        states=states,
        openings=np.where(is_station, ALWAYS, ""),
        protection_classes=np.where(
            is_station, "dual_use", np.where(kinds == "sealed_shelter", "sealed", "")
        ),
        depth_m=np.array([depths_m.get(str(shelter_id), np.nan) for shelter_id in shelter_ids.tolist()]),
        verified_on=np.full(count, ""),
        verified_by=np.full(count, BY_LOT),
    )


def locks_of(kinds: np.ndarray, entrance_shelter_idx: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Locks of every entrance: open at stations, locked at some other shelters, at every door of one, else open."""
    is_locked = np.zeros(len(kinds), np.bool_)
    others = np.flatnonzero(kinds != "metro_station")
    is_locked[_some(others, parameters.value("locked_shelter_share"), rng)] = True
    return np.where(is_locked[entrance_shelter_idx], LOCKED, OPEN)


def _some(rows: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """A share of the rows, drawn."""
    return rng.permutation(rows)[: round(share * len(rows))]
