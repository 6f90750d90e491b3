"""A small city with a little of everything that a folder can hold."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import shapely

from takecover.analysis.places import Unplaced
from takecover.cities import toys
from takecover.model import check
from takecover.model.city import City, Source
from takecover.model.inspections import Inspections

LEFT_OUT = (
    Unplaced(
        "shelter", "S9", "Ängen", 17.5, 59.9, 30, 4, "outside_area", "lies outside the area of the streets"
    ),
    Unplaced("shelter", "S8", "", math.nan, math.nan, 5, 7, "no_position", "has no position"),
)


def toy() -> City:
    """A grid with a stair, a one-way street, two districts, one with an outline, and water."""
    city = toys.grid(
        3,
        2,
        people=[1, 2, 4, 8, 16, 32],
        step_free_people=[0, 1, 0, 0, 0, 2],
        shelters=[
            toys.Cover(
                (
                    toys.Door(0, parts=(toys.Part(1.5), toys.Part(length_m=7.0)), into_hall=True),
                    toys.Door(1, is_step_free=False, lock="locked"),
                ),
                5,
                hall=(toys.Part(kind="escalator", length_m=30.0),),
            ),
            toys.Cover((), 9, is_withheld=True),
        ],
        steps=[(0, 1)],
        one_way=[(4, 3)],
        zone_of_node=[0, 0, 0, 1, 1, 1],
    )
    outlines = np.array([shapely.box(30.4, 50.4, 30.6, 50.5), None], object)
    demand = replace(city.demand, zone_idx=np.array([0, 0, 0, 1, 1, -1], np.int32))
    sources = (Source("streets", "OpenStreetMap", "ODbL 1.0", "2026-01-01", "© OpenStreetMap contributors"),)
    water = np.array([shapely.box(30.5, 50.41, 30.51, 50.42)], object)
    zones = replace(city.zones, outlines=outlines)
    shelters = replace(city.shelters, inspections=inspections())
    return check.city(
        replace(city, demand=demand, shelters=shelters, zones=zones, water=water, sources=sources)
    )


def inspections() -> Inspections:
    """The second shelter was looked at."""
    return Inspections(
        shelter_idx=np.array([1], np.int32),
        existences=np.array(["found"]),
        states=np.array(["after_work"]),
        openings=np.array(["night"]),
        protection_classes=np.array(["simplest"]),
        depth_m=np.array([np.nan]),
        verified_on=np.array(["2023-06-05"]),
        verified_by=np.array(["Комісія міста"]),
    )


WITH_SHAPES = ("nodes", "segments", "origins", "shelters", "entrances", "zones", "water", "unplaced")
TABLES = (*WITH_SHAPES, "halls", "elements", "inspections")


def edit(key: str, value: Any) -> Callable[[str], str]:
    return lambda text: json.dumps({**json.loads(text), key: value})
