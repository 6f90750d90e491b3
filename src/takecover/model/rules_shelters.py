"""The rules of shelters and their entrances."""

from __future__ import annotations

from collections.abc import MutableMapping

import numpy as np

from takecover.dtypes import COUNT, INDEX
from takecover.errors import Faults
from takecover.model import rules_arrays as shared
from takecover.model import rules_ways
from takecover.model.rules_arrays import SNAP_COLUMNS, Column
from takecover.model.shelters import Entrances, Shelters

MOST_PLACES = 1_000_000
"""No shelter holds more."""

KINDS = ("metro_station", "basement", "underpass", "car_park", "sealed_shelter", "shelter")
"""What a shelter may be; ``shelter`` where the register does not say."""

COLUMNS = (
    Column("shelter_ids", str),
    Column("names", str),
    Column("kinds", str),
    Column("lon", np.float64),
    Column("lat", np.float64),
    Column("capacity", COUNT),
    Column("zone_idx", INDEX),
    Column("is_withheld", np.bool_),
)

ENTRANCE_COLUMNS = (
    Column("entrance_ids", str),
    Column("shelter_idx", INDEX),
    Column("lon", np.float64),
    Column("lat", np.float64),
    Column("is_step_free", np.bool_),
    Column("locks", str),
    Column("hall_idx", INDEX),
)


def admit(shelters: Shelters, faults: Faults) -> Shelters | None:
    """The shelters and doors with frozen arrays; None where a shape is broken. Notes every fault."""
    checked = shared.admit_arrays(shelters, "shelters", COLUMNS, faults)
    entrances = _admit_entrances(shelters.entrances, faults)
    if checked is not None:
        for rule in (shelters_have_ids, shelters_stand_in_order, texts_are_printable, kinds_are_known):
            rule(checked, faults)
        for rule in (shelters_are_on_earth, capacities_are_counts):
            rule(checked, faults)
    if entrances is not None:
        for door_rule in (entrances_have_ids, entrances_are_on_earth, entrances_meet_segments):
            door_rule(entrances, faults)
        rules_ways.locks_are_known(entrances, faults)
    ways = rules_ways.admit(shelters, faults)
    if checked is None or entrances is None or ways is None:
        return None
    tables = {"entrances": entrances, **ways}
    if any(getattr(checked, name) is not table for name, table in tables.items()):
        checked = Shelters(**{**vars(checked), **tables})
    entrances_lead_into_shelters(checked, faults)
    rules_ways.entrances_lead_into_their_own_halls(checked, faults)
    entrances_stand_in_order(entrances, faults)
    return checked


def _admit_entrances(entrances: Entrances, faults: Faults) -> Entrances | None:
    sizes: MutableMapping[str, int] = {}
    checked = shared.admit_arrays(entrances, "entrances", ENTRANCE_COLUMNS, faults, sizes)
    snap = shared.admit_arrays(entrances.snap, "entrances.snap", SNAP_COLUMNS, faults, sizes)
    if checked is None or snap is None:
        return None
    return checked if snap is entrances.snap else Entrances(**{**vars(checked), "snap": snap})


def shelters_have_ids(shelters: Shelters, faults: Faults) -> None:
    """Each shelter has an id of its own."""
    shared.ids_are_names("shelters.shelter_ids", shelters.shelter_ids, faults)


def shelters_stand_in_order(shelters: Shelters, faults: Faults) -> None:
    """Shelters ascend by id, so that a tie goes to the lower one."""
    ids = shelters.shelter_ids
    is_bad = np.zeros(len(ids), bool)
    is_bad[1:] = ids[1:] < ids[:-1]
    remedy = "Sort the shelters by id, as text"
    faults.add_rows("shelters.shelter_ids", is_bad, ids, ids, "stand after a higher id", remedy)


def texts_are_printable(shelters: Shelters, faults: Faults) -> None:
    """Names hold no control characters."""
    shared.texts_are_printable("shelters.names", shelters.names, shelters.shelter_ids, faults)


def kinds_are_known(shelters: Shelters, faults: Faults) -> None:
    """Kinds are those that the program knows."""
    is_bad = ~np.isin(shelters.kinds, KINDS)
    remedy = f"Give one of {', '.join(KINDS)}"
    faults.add_rows(
        "shelters.kinds", is_bad, shelters.shelter_ids, shelters.kinds, "are no known kind", remedy
    )


def shelters_are_on_earth(shelters: Shelters, faults: Faults) -> None:
    """Each shelter has a longitude and a latitude."""
    shared.positions_are_on_earth("shelters", shelters.lon, shelters.lat, shelters.shelter_ids, faults)


def capacities_are_counts(shelters: Shelters, faults: Faults) -> None:
    """Places are whole, from 0 to a million."""
    ids = shelters.shelter_ids
    shared.counts_are_plausible("shelters.capacity", shelters.capacity, MOST_PLACES, "places", ids, faults)


def entrances_have_ids(entrances: Entrances, faults: Faults) -> None:
    """Each entrance has an id of its own."""
    shared.ids_are_names("entrances.entrance_ids", entrances.entrance_ids, faults)


def entrances_are_on_earth(entrances: Entrances, faults: Faults) -> None:
    """Each entrance has a longitude and a latitude."""
    shared.positions_are_on_earth("entrances", entrances.lon, entrances.lat, entrances.entrance_ids, faults)


def entrances_meet_segments(entrances: Entrances, faults: Faults) -> None:
    """Each entrance lies on a segment or on none."""
    shared.snap_lies_on_segments("entrances", entrances.snap, entrances.entrance_ids, faults)


def entrances_lead_into_shelters(shelters: Shelters, faults: Faults) -> None:
    """Each entrance belongs to a shelter."""
    doors = shelters.entrances
    shared.indices_are_in_range(
        "entrances.shelter_idx", doors.shelter_idx, len(shelters), doors.entrance_ids, faults
    )


def entrances_stand_in_order(entrances: Entrances, faults: Faults) -> None:
    """Entrances ascend by shelter, then by id, so that a tie goes to the lower one."""
    shelter_idx, ids = entrances.shelter_idx, entrances.entrance_ids
    is_bad = np.zeros(len(ids), bool)
    is_same = shelter_idx[1:] == shelter_idx[:-1]
    is_bad[1:] = (shelter_idx[1:] < shelter_idx[:-1]) | (is_same & (ids[1:] < ids[:-1]))
    remedy = "Sort the entrances by shelter, then by id as text"
    faults.add_rows("entrances.entrance_ids", is_bad, ids, ids, "stand out of order", remedy)
