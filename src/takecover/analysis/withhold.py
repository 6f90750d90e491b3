"""The city as the public may see it: withheld shelters are gone before anything is computed.

A plan made from it cannot hint at a withheld shelter, for it never knew of one.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from takecover.dtypes import INDEX, NO_INDEX
from takecover.model.city import City
from takecover.model.network import EdgePoints
from takecover.model.scenario import Scenario
from takecover.model.shelters import Entrances, Halls, Shelters


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
    return replace(city, shelters=kept(table, keep)), shown


def kept(table: Shelters, keep: np.ndarray) -> Shelters:
    """Some of the shelters, with their doors and all that hangs on them, in the same order."""
    doors, halls, elements, found = table.entrances, table.halls, table.elements, table.inspections
    keep_door, keep_hall = keep[doors.shelter_idx], keep[halls.shelter_idx]
    shelter_idx, door_idx, hall_idx = (_renumbered(kept) for kept in (keep, keep_door, keep_hall))
    of_door, of_hall = elements.entrance_idx, elements.hall_idx
    keep_element = np.append(keep_door, False)[of_door] | np.append(keep_hall, False)[of_hall]
    elements, found = elements.take(keep_element), found.take(keep[found.shelter_idx])
    own = {
        name: column[keep]
        for name, column in vars(table).items()
        if name not in ("entrances", "halls", "elements", "inspections")
    }
    return Shelters(
        **own,
        entrances=_kept_doors(doors, keep_door, shelter_idx, hall_idx),
        halls=Halls(halls.hall_ids[keep_hall], shelter_idx[halls.shelter_idx[keep_hall]]),
        elements=replace(
            elements, entrance_idx=door_idx[elements.entrance_idx], hall_idx=hall_idx[elements.hall_idx]
        ),
        inspections=replace(found, shelter_idx=shelter_idx[found.shelter_idx]),
    )


def _kept_doors(
    doors: Entrances, keep: np.ndarray, shelter_idx: np.ndarray, hall_idx: np.ndarray
) -> Entrances:
    """Some of the doors, pointing at the new places of shelters and halls."""
    own = {name: column[keep] for name, column in vars(doors).items() if name != "snap"}
    snap = EdgePoints(*(column[keep] for column in vars(doors.snap).values()))
    own["shelter_idx"], own["hall_idx"] = shelter_idx[own["shelter_idx"]], hall_idx[own["hall_idx"]]
    return Entrances(**own, snap=snap)


def _renumbered(keep: np.ndarray) -> np.ndarray:
    """New position of each row that is kept; -1 for none, also at the position -1."""
    return np.append(np.where(keep, np.cumsum(keep) - 1, NO_INDEX), NO_INDEX).astype(INDEX)
