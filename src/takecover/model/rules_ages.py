"""The rules of ages: classes in order, and no more people with an age than people."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from takecover.dtypes import COUNT
from takecover.errors import Faults
from takecover.model import rules_arrays as shared
from takecover.model.ages import AgeClass, Ages
from takecover.model.demand import Demand
from takecover.model.rules_arrays import Column

OLDEST_YEARS = 150
"""No class of age reaches further."""


def admit(ages: Ages, demand: Demand, faults: Faults) -> Ages | None:
    """The ages with frozen arrays; None where their shape is broken. Notes every fault."""
    classes_are_in_order(ages.classes, faults)
    sizes = {"row": len(demand), "class": len(ages.classes)}
    checked = shared.admit_arrays(ages, "ages", (Column("people", COUNT, ("row", "class")),), faults, sizes)
    if checked is not None:
        ages_are_of_the_people(checked, demand, faults)
    return checked


def classes_are_in_order(classes: Sequence[AgeClass], faults: Faults) -> None:
    """There is a class at least, each ends no sooner than it begins, and each begins after the one before ends."""
    if not classes:
        faults.add("ages.classes: there is none. Give one at least, or no ages.")
    for one in classes:
        last = OLDEST_YEARS if one.to_years is None else one.to_years
        if not 0 <= one.from_years <= last <= OLDEST_YEARS:
            faults.add(f"ages.classes: '{one.name}' is no span of 0 to {OLDEST_YEARS} years. Mend it.")
    for before, after in pairwise(classes):
        if before.to_years is None or before.to_years >= after.from_years:
            remedy = "Give them from the youngest, without overlaps"
            faults.add(f"ages.classes: '{after.name}' does not begin after '{before.name}' ends. {remedy}.")


def ages_are_of_the_people(ages: Ages, demand: Demand, faults: Faults) -> None:
    """Counts are at least 0, and an origin has no more people with an age than people in the first period."""
    lowest = ages.people.min(axis=1, initial=0)
    faults.add_rows(
        "ages.people", lowest < 0, demand.origin_ids, lowest, "hold negative counts", "Give 0 or more"
    )
    if demand.people.shape[:2] == (len(demand.periods), len(demand)) and len(demand.periods):
        total = demand.people[0].sum(axis=1)
        known = ages.people.sum(axis=1, dtype=np.int64)
        remedy = "Give at most the people of the first period"
        faults.add_rows(
            "ages.people",
            known > total,
            demand.origin_ids,
            known,
            "hold more people with an age than people",
            remedy,
        )
