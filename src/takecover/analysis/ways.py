"""The usual way into a shelter of each kind, for entrances of which nothing is known."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from takecover import parameters
from takecover.dtypes import COUNT, INDEX, NO_INDEX
from takecover.model.elements import DOOR, RAMP, STAIR, Elements
from takecover.model.shelters import Shelters


class Part(NamedTuple):
    """An element of a usual way, of which one at most leads down; its numbers are names in the table of parameters.

    Attributes
    ----------
    kind
        What it is.
    width
        Parameter of its clear width [m].
    depth
        Parameter of how far it leads down [m]; empty where it is level.
    leaves
        Parameter of how many stand side by side; empty for one.
    """

    kind: str
    width: str
    depth: str = ""
    leaves: str = ""


USUAL = {
    "metro_station": (
        Part(DOOR, "metro_door_width_m", leaves="metro_door_leaves"),
        Part(STAIR, "metro_stair_width_m", "metro_shallow_depth_m"),
    ),
    "basement": (
        Part(DOOR, "basement_door_width_m"),
        Part(STAIR, "basement_stair_width_m", "basement_depth_m"),
    ),
    "underpass": (Part(STAIR, "underpass_stair_width_m", "underpass_depth_m"),),
    "car_park": (Part(RAMP, "car_park_ramp_width_m", "car_park_depth_m"),),
    "sealed_shelter": (
        Part(DOOR, "sealed_door_width_m"),
        Part(STAIR, "sealed_stair_width_m", "sealed_depth_m"),
    ),
    "shelter": (
        Part(DOOR, "basement_door_width_m"),
        Part(STAIR, "basement_stair_width_m", "basement_depth_m"),
    ),
}
"""The usual way by kind of shelter, from the street down."""

STAIR_RAILS = 2
"""Handrails of a usual stair: one on either side."""


def usual(shelters: Shelters, entrance_idx: np.ndarray) -> Elements:
    """The usual elements of some entrances.

    Parameters
    ----------
    shelters
        Shelters with their entrances; the kind decides, and the depth that was found where one was.
    entrance_idx
        Positions of the entrances, shape (n,) of integers.

    Returns
    -------
    Elements
        The elements of one entrance after the other.
    """
    shelter_idx = shelters.entrances.shelter_idx[entrance_idx]
    kinds = shelters.kinds[shelter_idx]
    depth_m = np.full(len(shelters), np.nan)
    depth_m[shelters.inspections.shelter_idx] = np.abs(shelters.inspections.depth_m)
    every = Elements.none()
    for kind, parts in USUAL.items():
        rows = kinds == kind
        every = every.and_then(_ways(entrance_idx[rows], depth_m[shelter_idx[rows]], parts))
    return every.take(np.argsort(every.entrance_idx, kind="stable"))


def _ways(entrance_idx: np.ndarray, depth_m: np.ndarray, parts: tuple[Part, ...]) -> Elements:
    """The same parts for each of some entrances, as deep as each is known to be."""
    value = parameters.value
    n, size = len(entrance_idx), len(parts)
    usual_m = np.array([value(part.depth) if part.depth else 0.0 for part in parts])
    is_known = np.isfinite(depth_m)[:, None] & np.array([bool(part.depth) for part in parts])
    drop_m = np.where(is_known, depth_m[:, None], usual_m).ravel()
    rise = np.array([value("ramp_rise" if part.kind == RAMP else "stair_rise") for part in parts])
    return Elements(
        entrance_idx=np.repeat(entrance_idx, size).astype(INDEX),
        hall_idx=np.full(n * size, NO_INDEX, INDEX),
        kinds=np.tile([part.kind for part in parts], n),
        clear_width_m=np.tile([value(part.width) for part in parts], n),
        count=np.tile(np.array([int(value(part.leaves)) if part.leaves else 1 for part in parts], COUNT), n),
        handrails=np.tile(np.array([STAIR_RAILS * (part.kind == STAIR) for part in parts], COUNT), n),
        length_m=drop_m / np.tile(rise, n),
        drop_m=drop_m,
        is_running=np.zeros(n * size, np.bool_),
        belt_speed_m_s=np.full(n * size, np.nan),
        flow_per_s=np.full(n * size, np.nan),
    )
