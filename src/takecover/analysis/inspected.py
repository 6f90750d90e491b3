"""Carries into the city what a register says of each shelter beyond its places: there, fit, open, how deep."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from takecover.analysis.parsed import NO, UNKNOWN, YES
from takecover.analysis.register import Register
from takecover.dtypes import INDEX
from takecover.model import check
from takecover.model.city import City
from takecover.model.inspections import ALWAYS, FIT, FOUND, MISSING, NEVER, UNFIT, Inspections

NIGHT = "night"
"""Period in which a shelter that is not open at every hour is taken to be shut."""


def inspected(city: City, register: Register) -> City:
    """The city with a row of inspection for each shelter of which the register says anything.

    Parameters
    ----------
    city
        Built of this register.
    register
        The rows; matched by id.
    """
    row_of = {shelter_id: row for row, shelter_id in enumerate(register.shelters.shelter_ids.tolist())}
    rows = np.array([row_of.get(i, -1) for i in city.shelters.shelter_ids.tolist()], dtype=np.int64)
    at = np.flatnonzero(rows >= 0)
    rows = rows[at]
    by_day = " ".join(period for period in city.demand.periods if period != NIGHT) or NEVER
    existence = np.array([""] * 3, dtype="<U8")
    existence[[YES, NO, UNKNOWN]] = FOUND, MISSING, ""
    state = np.array([""] * 3, dtype="<U10")
    state[[YES, NO, UNKNOWN]] = FIT, UNFIT, ""
    opening = np.array([""] * 3, dtype=f"<U{max(len(by_day), 6)}")
    opening[[YES, NO, UNKNOWN]] = ALWAYS, by_day, ""
    table = Inspections(
        shelter_idx=at.astype(INDEX),
        existences=existence[register.exists[rows]],
        states=state[register.is_usable[rows]],
        openings=opening[register.is_always_open[rows]],
        protection_classes=register.protection_classes[rows],
        depth_m=register.depth_m[rows],
        verified_on=np.array(
            ["" if np.isnat(day) else str(day) for day in register.verified_on[rows]], dtype="<U10"
        ),
        verified_by=np.full(len(rows), "", dtype="<U1"),
    )
    says = (table.existences != "") | (table.states != "") | (table.openings != "")
    says |= (table.protection_classes != "") | np.isfinite(table.depth_m) | (table.verified_on != "")
    return check.city(replace(city, shelters=replace(city.shelters, inspections=table.take(says))))
