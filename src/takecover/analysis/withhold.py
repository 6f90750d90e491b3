"""The city as the public may see it: withheld shelters are gone before anything is computed.

A plan made from it cannot hint at a withheld shelter, for it never knew of one.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from takecover.dtypes import INDEX
from takecover.model.city import City
from takecover.model.network import EdgePoints
from takecover.model.scenario import Scenario
from takecover.model.shelters import Entrances, Shelters


def withhold(city: City, scenario: Scenario) -> tuple[City, Scenario]:
    """Drop withheld shelters, their doors, and every mention of them.

    Parameters
    ----------
    city, scenario
        What a plan would be made from.

    Returns
    -------
    city, scenario
        The same without withheld shelters.
    """
    table = city.shelters
    keep = ~table.is_withheld
    hidden = set(table.shelter_ids[~keep].tolist())
    closed = tuple(shelter_id for shelter_id in scenario.closed_shelter_ids if shelter_id not in hidden)
    hidden_doors = set(table.entrances.entrance_ids[~keep[table.entrances.shelter_idx]].tolist())
    shut = tuple(door_id for door_id in scenario.closed_entrance_ids if door_id not in hidden_doors)
    shown = replace(scenario, closed_shelter_ids=closed, closed_entrance_ids=shut)
    return replace(city, shelters=_kept(table, keep)), shown


def _kept(table: Shelters, keep: np.ndarray) -> Shelters:
    """Some of the shelters, with their doors, in the same order."""
    doors = table.entrances
    keep_door = keep[doors.shelter_idx]
    new_idx = (np.cumsum(keep) - 1).astype(INDEX)
    return Shelters(
        shelter_ids=table.shelter_ids[keep],
        names=table.names[keep],
        kinds=table.kinds[keep],
        lon=table.lon[keep],
        lat=table.lat[keep],
        capacity=table.capacity[keep],
        zone_idx=table.zone_idx[keep],
        is_withheld=table.is_withheld[keep],
        entrances=Entrances(
            entrance_ids=doors.entrance_ids[keep_door],
            shelter_idx=new_idx[doors.shelter_idx[keep_door]],
            lon=doors.lon[keep_door],
            lat=doors.lat[keep_door],
            snap=EdgePoints(
                doors.snap.segment_idx[keep_door],
                doors.snap.fraction[keep_door],
                doors.snap.offset_m[keep_door],
            ),
            is_step_free=doors.is_step_free[keep_door],
        ),
    )
