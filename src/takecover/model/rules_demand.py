"""The rules of the demand: origins, groups, periods, people."""

from __future__ import annotations

import re
from collections.abc import MutableMapping, Sequence

import numpy as np

from takecover.dtypes import COUNT, INDEX
from takecover.errors import Faults
from takecover.model import rules_arrays as shared
from takecover.model.demand import Demand
from takecover.model.rules_arrays import SNAP_COLUMNS, Column

MOST_PEOPLE = 100_000_000
"""No origin and no city has more people."""

SHORT_NAME = re.compile(r"[a-z][a-z0-9]*([_-][a-z0-9]+)*")
"""Names of groups and periods stand in column names: ``people__night__step_free``."""

COLUMNS = (
    Column("origin_ids", str),
    Column("lon", np.float64),
    Column("lat", np.float64),
    Column("zone_idx", INDEX),
    Column("people", COUNT, ("period", "row", "group")),
)


def admit(demand: Demand, faults: Faults) -> Demand | None:
    """The demand with frozen arrays; None where its shape is broken. Notes every fault."""
    names_are_short("demand.groups", [g.name for g in demand.groups], faults)
    names_are_short("demand.periods", demand.periods, faults)
    sizes: MutableMapping[str, int] = {"group": len(demand.groups), "period": len(demand.periods)}
    checked = shared.admit_arrays(demand, "demand", COLUMNS, faults, sizes)
    snap = shared.admit_arrays(demand.snap, "demand.snap", SNAP_COLUMNS, faults, sizes)
    if checked is None or snap is None:
        return None
    if snap is not demand.snap:
        checked = Demand(**{**vars(checked), "snap": snap})
    for rule in (origins_have_ids, origins_are_on_earth, origins_meet_segments, people_are_counts):
        rule(checked, faults)
    return checked


def names_are_short(field: str, names: Sequence[str], faults: Faults) -> None:
    """There is a name at least, each stands once, and each is lower-case Latin letters, digits and single marks."""
    if not names:
        faults.add(f"{field}: there is none. Give one at least.")
        return
    array = np.array([str(n) for n in names])
    is_bad = np.array([not SHORT_NAME.fullmatch(n) or len(n) > 40 for n in array.tolist()])
    remedy = "Give lower-case letters and digits, parted by single _ or -"
    faults.add_rows(field, is_bad, array, array, "are no short names", remedy)
    shared.ids_are_unique(field, array, faults)


def origins_have_ids(demand: Demand, faults: Faults) -> None:
    """Each origin has an id of its own."""
    shared.ids_are_names("demand.origin_ids", demand.origin_ids, faults)


def origins_are_on_earth(demand: Demand, faults: Faults) -> None:
    """Each origin has a longitude and a latitude."""
    shared.positions_are_on_earth("demand", demand.lon, demand.lat, demand.origin_ids, faults)


def origins_meet_segments(demand: Demand, faults: Faults) -> None:
    """Each origin lies on a segment or on none."""
    shared.snap_lies_on_segments("demand", demand.snap, demand.origin_ids, faults)


def people_are_counts(demand: Demand, faults: Faults) -> None:
    """People are whole, from 0 to what a city holds, by origin and in all."""
    lowest = demand.people.min(axis=(0, 2), initial=0)
    highest = demand.people.max(axis=(0, 2), initial=0)
    worst = np.where(lowest < 0, lowest, highest)
    shared.counts_are_plausible("demand.people", worst, MOST_PEOPLE, "people", demand.origin_ids, faults)
    total = int(demand.people.sum(axis=(1, 2), dtype=np.float64).max(initial=0))
    if total > MOST_PEOPLE >= int(highest.max(initial=0)):
        faults.add(f"demand.people: {total:,} in all. Give at most {MOST_PEOPLE:,} people in a period.")
