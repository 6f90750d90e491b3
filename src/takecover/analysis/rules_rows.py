"""The rules that look at one row of a register alone: cells, places, hours, checks, doors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from takecover.analysis import spelling
from takecover.analysis.parsed import NO, UNKNOWN
from takecover.analysis.register import GIVEN, UNSAID, Register
from takecover.analysis.remarks import DOUBTFUL, GAP, WRONG, Remark, Rule
from takecover.analysis.surroundings import Surroundings

LARGEST_USUAL = 10_000
"""More places than the largest metro stations are said to hold: look at the number."""

FEWEST_REPEATS = 10
REPEATED_SHARE = 0.05
"""A number of places that so many rows, and such a share of them, state alike looks like a stand-in."""

VAGUE_REPEATS = 3
"""An address without a number that so many rows state leads nowhere."""

LEAST_AREA_M2, MOST_AREA_PER_PLACE_M2 = 1.0, 50.0
"""A floor below this, or with more room a place than this, is a slip of the pen."""


def of_notes(rule: str) -> Rule:
    """The rule that passes on what the reader noted of cells."""

    def find(register: Register, around: Surroundings) -> Iterator[Remark]:
        for note in register.notes:
            if note.rule == rule:
                yield Remark(
                    note.row_idx, rule, {"column": note.column, "found": note.found, "reason": note.reason}
                )

    return Rule(rule, DOUBTFUL if rule == "answer_unclear" else WRONG, "", (), find)


def capacity_missing(register: Register, around: Surroundings) -> Iterator[Remark]:
    """The row states no places."""
    for row in np.flatnonzero(register.capacity_from == UNSAID).tolist():
        yield Remark(row, "capacity_missing", {})


def capacity_zero(register: Register, around: Surroundings) -> Iterator[Remark]:
    """The row states 0 places."""
    for row in np.flatnonzero((register.capacity_from == GIVEN) & (register.shelters.capacity == 0)).tolist():
        yield Remark(row, "capacity_zero", {})


def capacity_large(register: Register, around: Surroundings) -> Iterator[Remark]:
    """The row states more places than any known shelter holds."""
    for row in np.flatnonzero(register.shelters.capacity > LARGEST_USUAL).tolist():
        yield Remark(row, "capacity_large", {"places": int(register.shelters.capacity[row])})


def capacity_repeated(register: Register, around: Surroundings) -> Iterator[Remark]:
    """The same number of places stands in so many rows that it looks like a stand-in."""
    given = register.capacity_from == GIVEN
    counts = Counter(register.shelters.capacity[given].tolist())
    least = max(FEWEST_REPEATS, REPEATED_SHARE * int(given.sum()))
    for places, count in counts.items():
        if places > 0 and count >= least:
            for row in np.flatnonzero(given & (register.shelters.capacity == places)).tolist():
                yield Remark(row, "capacity_repeated", {"places": places, "rows": count})


def capacity_beyond_area(register: Register, around: Surroundings) -> Iterator[Remark]:
    """More places than the densest norm of any country puts on the floor."""
    least_m2 = around.radii.least_area_m2
    room = register.area_m2 / least_m2
    is_bad = (register.capacity_from == GIVEN) & (register.shelters.capacity > np.floor(room + 1e-9))
    for row in np.flatnonzero(is_bad & np.isfinite(room)).tolist():
        yield Remark(
            row,
            "capacity_beyond_area",
            {
                "places": int(register.shelters.capacity[row]),
                "area": float(register.area_m2[row]),
                "norm": least_m2,
            },
        )


def area_unlikely(register: Register, around: Surroundings) -> Iterator[Remark]:
    """A floor of next to nothing, or with a hall for each place."""
    places = register.shelters.capacity
    with np.errstate(invalid="ignore"):
        is_roomy = (places > 0) & (register.area_m2 > MOST_AREA_PER_PLACE_M2 * places)
        is_bad = (register.area_m2 < LEAST_AREA_M2) | is_roomy
    for row in np.flatnonzero(is_bad).tolist():
        yield Remark(row, "area_unlikely", {"area": float(register.area_m2[row]), "places": int(places[row])})


def never_verified(register: Register, around: Surroundings) -> Iterator[Remark]:
    """No day of a check is stated."""
    for row in np.flatnonzero(np.isnat(register.verified_on)).tolist():
        yield Remark(row, "never_verified", {})


def verified_long_ago(register: Register, around: Surroundings) -> Iterator[Remark]:
    """The last check is older than it is good for."""
    age = (around.today - register.verified_on).astype("timedelta64[D]").astype(np.float64)
    age[np.isnat(register.verified_on)] = np.nan
    with np.errstate(invalid="ignore"):
        is_old = age > around.radii.verified_d
    for row in np.flatnonzero(is_old).tolist():
        yield Remark(row, "verified_long_ago", {"day": str(register.verified_on[row]), "days": int(age[row])})


def verified_in_future(register: Register, around: Surroundings) -> Iterator[Remark]:
    """The last check is later than today."""
    for row in np.flatnonzero(register.verified_on > around.today).tolist():
        yield Remark(row, "verified_in_future", {"day": str(register.verified_on[row])})


def closed_at_night(register: Register, around: Surroundings) -> Iterator[Remark]:
    """It is not open at every hour."""
    for row in np.flatnonzero(register.is_always_open == NO).tolist():
        yield Remark(row, "closed_at_night", {"hours": str(register.hours[row])})


def hours_missing(register: Register, around: Surroundings) -> Iterator[Remark]:
    """When it is open is not stated."""
    for row in np.flatnonzero(register.is_always_open == UNKNOWN).tolist():
        yield Remark(row, "hours_missing", {})


def not_step_free(register: Register, around: Surroundings) -> Iterator[Remark]:
    """There is no step-free way in."""
    for row in np.flatnonzero(register.shelters.step_free == NO).tolist():
        yield Remark(row, "not_step_free", {})


def step_free_missing(register: Register, around: Surroundings) -> Iterator[Remark]:
    """Whether there is a step-free way in is not stated."""
    for row in np.flatnonzero(register.shelters.step_free == UNKNOWN).tolist():
        yield Remark(row, "step_free_missing", {})


def ramp_contradicted(register: Register, around: Surroundings) -> Iterator[Remark]:
    """The kind names a ramp, and the column of ramps denies it."""
    for row in np.flatnonzero((register.shelters.step_free == NO) & register.names_ramp).tolist():
        yield Remark(row, "ramp_contradicted", {"kind": str(register.kinds_said[row])})


def not_there(register: Register, around: Surroundings) -> Iterator[Remark]:
    """It is planned, being built, or gone."""
    for row in np.flatnonzero(register.exists == NO).tolist():
        yield Remark(row, "not_there", {})


def not_usable(register: Register, around: Surroundings) -> Iterator[Remark]:
    """It is there and cannot be used."""
    for row in np.flatnonzero((register.is_usable == NO) & (register.exists != NO)).tolist():
        yield Remark(row, "not_usable", {})


def status_missing(register: Register, around: Surroundings) -> Iterator[Remark]:
    """Whether it is there and can be used is not stated."""
    for row in np.flatnonzero((register.is_usable == UNKNOWN) & (register.exists == UNKNOWN)).tolist():
        yield Remark(row, "status_missing", {})


def kind_unknown(register: Register, around: Surroundings) -> Iterator[Remark]:
    """The words of its kind are not known."""
    for row in np.flatnonzero(~register.is_kind_known & (register.kinds_said != "")).tolist():
        yield Remark(row, "kind_unknown", {"kind": str(register.kinds_said[row])})


def address_missing(register: Register, around: Surroundings) -> Iterator[Remark]:
    """It has no address."""
    for row in np.flatnonzero(register.addresses == "").tolist():
        yield Remark(row, "address_missing", {})


def address_vague(register: Register, around: Surroundings) -> Iterator[Remark]:
    """Its address has no number and stands in several rows, so that nobody finds it by it."""
    keys = [spelling.key(text) for text in register.addresses.tolist()]
    counts = Counter(words for words, number in keys if words and not number)
    for row, (words, number) in enumerate(keys):
        if words and not number and counts[words] >= VAGUE_REPEATS:
            yield Remark(
                row, "address_vague", {"address": str(register.addresses[row]), "rows": counts[words]}
            )


def no_entrance(register: Register, around: Surroundings) -> Iterator[Remark]:
    """The register itself says that it has no entrance."""
    for row in np.flatnonzero(register.entrance_count == 0).tolist():
        yield Remark(row, "no_entrance", {})


RULES = (
    of_notes("broken_cell"),
    of_notes("id_broken"),
    of_notes("personal_data"),
    of_notes("formula"),
    of_notes("answer_unclear"),
    Rule("capacity_missing", GAP, "capacity", ("capacity",), capacity_missing),
    Rule("capacity_zero", WRONG, "capacity", ("capacity",), capacity_zero),
    Rule("capacity_large", DOUBTFUL, "capacity", ("capacity",), capacity_large),
    Rule("capacity_repeated", DOUBTFUL, "capacity", ("capacity",), capacity_repeated),
    Rule("capacity_beyond_area", WRONG, "capacity", ("capacity", "area_m2"), capacity_beyond_area),
    Rule("area_unlikely", DOUBTFUL, "area_m2", ("area_m2",), area_unlikely),
    Rule("never_verified", GAP, "verified_on", ("verified_on",), never_verified),
    Rule("verified_long_ago", DOUBTFUL, "verified_on", ("verified_on",), verified_long_ago),
    Rule("verified_in_future", WRONG, "verified_on", ("verified_on",), verified_in_future),
    Rule("closed_at_night", DOUBTFUL, "hours", ("hours",), closed_at_night),
    Rule("hours_missing", GAP, "hours", ("hours",), hours_missing),
    Rule("not_step_free", DOUBTFUL, "step_free", ("step_free",), not_step_free),
    Rule("step_free_missing", GAP, "step_free", ("step_free",), step_free_missing),
    Rule("ramp_contradicted", WRONG, "step_free", ("step_free", "kind"), ramp_contradicted),
    Rule("not_there", WRONG, "status", ("status",), not_there),
    Rule("not_usable", WRONG, "status", ("status",), not_usable),
    Rule("status_missing", GAP, "status", ("status",), status_missing),
    Rule("kind_unknown", DOUBTFUL, "kind", ("kind",), kind_unknown),
    Rule("address_missing", GAP, "address", ("address",), address_missing),
    Rule("address_vague", WRONG, "address", ("address",), address_vague),
    Rule("no_entrance", WRONG, "entrances", ("entrances",), no_entrance),
)
"""Every rule of rows, in the order in which a report tells them."""
