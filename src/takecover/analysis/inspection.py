"""Checks a register by every rule that what is known allows; says which rules it could not check, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from takecover.analysis import rules_places, rules_rows
from takecover.analysis.parsed import UNKNOWN
from takecover.analysis.register import UNSAID, Register
from takecover.analysis.remarks import GAP, WHOLE_LIST, Remark, Rule
from takecover.analysis.surroundings import Surroundings, zone_of

RULES: tuple[Rule, ...] = (*rules_rows.RULES, *rules_places.RULES)
"""Every rule, once."""

FIELDS = ("position", "address", "capacity", "kind", "step_free", "hours", "status", "verified_on")
"""What a row should say; each counts alike in the score."""


class Completeness(NamedTuple):
    """How much the rows of one district say.

    Attributes
    ----------
    district
        Its name; empty for rows of none.
    rows, places
        Rows and stated places.
    people
        People who live there; -1 where not known.
    shares
        For each of `FIELDS`, the share of rows that say it, 0 to 1.
    score
        Mean of the shares, 0 to 1.
    wrong
        Rows with a remark that says that something is wrong.
    """

    district: str
    rows: int
    places: int
    people: int
    shares: tuple[float, ...]
    score: float
    wrong: int


@dataclass(frozen=True, eq=False)
class Inspection:
    """What a check found.

    Attributes
    ----------
    remarks
        Remarks by row, then in the order of the rules; those on the whole list last.
    checked
        Rules that were checked, with how many remarks each made.
    unchecked
        Rules that were not, with what was missing.
    districts
        Completeness of each district, the least complete first.
    whole
        Completeness of the list.
    """

    remarks: tuple[Remark, ...]
    checked: Mapping[str, int]
    unchecked: Mapping[str, tuple[str, ...]]
    districts: tuple[Completeness, ...]
    whole: Completeness

    def of_row(self) -> dict[int, list[Remark]]:
        """Remarks of each row that has one."""
        found: dict[int, list[Remark]] = {}
        for remark in self.remarks:
            if remark.row_idx != WHOLE_LIST:
                found.setdefault(remark.row_idx, []).append(remark)
        return found


def rule(name: str) -> Rule:
    """The rule of a name."""
    return next(each for each in RULES if each.name == name)


def inspect(register: Register, around: Surroundings) -> Inspection:
    """Check a register.

    Parameters
    ----------
    register
        The rows, points in degrees.
    around
        What is known of the city.

    Returns
    -------
    Inspection
        A rule that lacks a column or a source is never passed over in silence.
    """
    have = {*register.columns, *around.known}
    if np.isfinite(register.shelters.lon).any():
        have.add("positions")
    if around.area is not None:
        have.add("area")
    found: list[tuple[int, int, Remark]] = []
    checked, unchecked = {}, {}
    for order, each in enumerate(RULES):
        missing = tuple(need for need in each.needs if need not in have)
        if missing:
            unchecked[each.name] = missing
            continue
        remarks = list(each.find(register, around))
        checked[each.name] = len(remarks)
        found.extend(
            (remark.row_idx if remark.row_idx != WHOLE_LIST else len(register), order, remark)
            for remark in remarks
        )
    ordered = tuple(remark for _, _, remark in sorted(found, key=lambda each: each[:2]))
    wrong = {r.row_idx for r in ordered if rule(r.rule).weight == "wrong"}
    districts = _districts(register, around)
    parts = [
        _completeness(name, np.flatnonzero(districts == name), register, wrong, _people(name, around))
        for name in sorted(set(districts.tolist()))
    ]
    whole = _completeness("", np.arange(len(register)), register, wrong, _people_of_all(around))
    return Inspection(
        ordered, checked, unchecked, tuple(sorted(parts, key=lambda c: (c.score, c.district))), whole
    )


def _districts(register: Register, around: Surroundings) -> np.ndarray:
    """District of each row: the one that it says, or else the one that it lies in."""
    said = register.districts.astype(object)
    if around.zones is None or len(around.zones) == 0:
        return said
    here = zone_of(around.zones, register.shelters.lon, register.shelters.lat)
    names = np.append(around.zones.names.astype(object), "")
    return np.where(said == "", names[here], said)


def _people(district: str, around: Surroundings) -> int:
    """People of the district of that name; -1 where not known."""
    if around.zones is None or around.homes is None or not district:
        return -1
    pairs = zip(around.zones.names.tolist(), around.zones.names_uk.tolist(), strict=True)
    wanted = rules_places.zone_keys(district)
    at = [
        k for k, pair in enumerate(pairs) if wanted in {rules_places.zone_keys(name) for name in pair if name}
    ]
    if not at:
        return -1
    lies_in = zone_of(around.zones, around.homes.lon, around.homes.lat)
    return round(float(around.homes.people[lies_in == at[0]].sum()))


def _people_of_all(around: Surroundings) -> int:
    return -1 if around.homes is None else round(float(around.homes.people.sum()))


def _completeness(
    name: str, rows: np.ndarray, register: Register, wrong: set[int], people: int
) -> Completeness:
    says = {
        "position": np.isfinite(register.shelters.lon),
        "address": register.addresses != "",
        "capacity": register.capacity_from != UNSAID,
        "kind": register.is_kind_known,
        "step_free": register.shelters.step_free != UNKNOWN,
        "hours": register.is_always_open != UNKNOWN,
        "status": (register.exists != UNKNOWN) | (register.is_usable != UNKNOWN),
        "verified_on": ~np.isnat(register.verified_on),
    }
    shares = tuple(float(says[field][rows].mean()) if rows.size else 0.0 for field in FIELDS)
    return Completeness(
        district=name,
        rows=len(rows),
        places=int(register.shelters.capacity[rows].sum()),
        people=people,
        shares=shares,
        score=sum(shares) / len(shares),
        wrong=len(wrong & set(rows.tolist())),
    )


def weights(inspection: Inspection) -> dict[str, int]:
    """Rows by the heaviest remark that each has: wrong, doubtful, gap; rows without one are left out."""
    order = ("wrong", "doubtful", GAP)
    heaviest = [
        min((rule(remark.rule).weight for remark in remarks), key=order.index)
        for remarks in inspection.of_row().values()
    ]
    counts = Counter(heaviest)
    return {weight: counts[weight] for weight in order}
