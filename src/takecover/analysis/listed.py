"""A city's own shelters as a register, for a check without the city's list."""

from __future__ import annotations

import numpy as np

from takecover.analysis.parsed import NO, UNKNOWN, YES, ParsedShelters
from takecover.analysis.register import GIVEN, Register
from takecover.model.city import City, Source
from takecover.model.inspections import ALWAYS, FIT, FOUND, MISSING

COLUMNS = ("shelter_id", "name", "kind", "capacity", "lat", "lon", "district", "step_free")
"""Columns that a city always has."""

_COLUMN_OF = {"existences": "status", "states": "status", "openings": "hours", "verified_on": "verified_on"}
"""Column of a register that says what a column of inspections does."""


def register_of(city: City) -> Register:
    """The shelters of a city as rows of a register, in their order."""
    shelters = city.shelters
    count = len(shelters)
    district = np.append(city.zones.names, "")[shelters.zone_idx].astype(np.str_)
    found = _of_inspections(city)
    nothing = np.full(count, "", dtype=np.str_)
    unknown = np.full(count, np.nan)
    entrances = np.bincount(shelters.entrances.shelter_idx, minlength=count).astype(np.int64)
    return Register(
        shelters=ParsedShelters(
            shelter_ids=shelters.shelter_ids,
            names=shelters.names,
            kinds=shelters.kinds,
            lon=shelters.lon,
            lat=shelters.lat,
            capacity=shelters.capacity,
            step_free=_step_free(city),
            is_withheld=shelters.is_withheld,
            line=np.arange(1, count + 1, dtype=np.int64),
            source=Source("shelters", "the city itself", "not stated"),
        ),
        addresses=shelters.names.astype(np.str_),
        former_addresses=nothing,
        districts=district,
        kinds_said=shelters.kinds,
        buildings=nothing,
        protection_classes=nothing,
        capacity_from=np.full(count, GIVEN, dtype=np.int8),
        area_m2=unknown,
        depth_m=unknown,
        entrance_count=entrances,
        names_ramp=np.zeros(count, dtype=np.bool_),
        is_kind_known=np.ones(count, dtype=np.bool_),
        holder_idx=np.full(count, -1, dtype=np.int32),
        notes=(),
        columns={name: name for name in (*COLUMNS, "address", "entrances", *_more_columns(city))},
        personal_columns=(),
        language="en",
        unit="row",
        epsg=None,
        **found,
    )


def _of_inspections(city: City) -> dict[str, np.ndarray]:
    """What offices found, as a register says it."""
    existences, states, openings, verified = (
        city.shelters.inspections.of_every_shelter(name, len(city.shelters)) for name in _COLUMN_OF
    )
    return {
        "hours": np.where(openings == ALWAYS, "", openings).astype(np.str_),
        "verified_on": np.where(verified == "", "NaT", verified).astype("datetime64[D]"),
        "exists": np.select([existences == FOUND, existences == MISSING], [YES, NO], UNKNOWN).astype(np.int8),
        "is_usable": np.select([states == FIT, states != ""], [YES, NO], UNKNOWN).astype(np.int8),
        "is_always_open": np.select([openings == ALWAYS, openings != ""], [YES, NO], UNKNOWN).astype(np.int8),
    }


def _more_columns(city: City) -> tuple[str, ...]:
    """Columns that some office has filled."""
    found = city.shelters.inspections
    return tuple(
        dict.fromkeys(role for name, role in _COLUMN_OF.items() if (getattr(found, name) != "").any())
    )


def _step_free(city: City) -> np.ndarray:
    """YES where one door at least is step-free."""
    doors = city.shelters.entrances
    has_one = np.zeros(len(city.shelters), dtype=np.bool_)
    has_one[doors.shelter_idx[doors.is_step_free]] = True
    return np.where(has_one, YES, NO).astype(np.int8)
