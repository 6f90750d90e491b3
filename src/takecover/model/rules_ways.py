"""The rules of what stands behind an entrance: halls, elements, locks, and what inspections found."""

from __future__ import annotations

import datetime
import re

import numpy as np

from takecover.dtypes import COUNT, INDEX, NO_INDEX
from takecover.errors import Faults
from takecover.model import rules_arrays as shared
from takecover.model.elements import KINDS, Elements
from takecover.model.inspections import (
    ALWAYS,
    EXISTENCES,
    NEVER,
    PROTECTION_CLASSES,
    STATES,
    Inspections,
)
from takecover.model.rules_arrays import Column
from takecover.model.shelters import LOCKS, Entrances, Halls, Shelters

NARROWEST_M, WIDEST_M = 0.5, 50.0
"""Between these lies every clear width that people walk through [m]."""

MOST_SIDE_BY_SIDE = 200
"""No entrance has more doors, gates or stairs of a kind side by side."""

LONGEST_M, DEEPEST_M = 2_000.0, 300.0
"""No element is longer, and none leads farther down or up [m]."""

FASTEST_BELT_M_S, GREATEST_FLOW_PER_S = 1.5, 500.0
"""No escalator is faster, and nothing was ever measured to let more people through."""

NO_OFFICE = re.compile(r"@|\d[\d\s().+-]{5,}\d")
"""An address of electronic mail or a telephone number: an office has neither in its name."""

HALL_COLUMNS = (Column("hall_ids", str), Column("shelter_idx", INDEX))

ELEMENT_COLUMNS = (
    Column("entrance_idx", INDEX),
    Column("hall_idx", INDEX),
    Column("kinds", str),
    Column("clear_width_m", np.float64),
    Column("count", COUNT),
    Column("handrails", COUNT),
    Column("length_m", np.float64),
    Column("drop_m", np.float64),
    Column("is_running", np.bool_),
    Column("belt_speed_m_s", np.float64),
    Column("flow_per_s", np.float64),
)

INSPECTION_COLUMNS = (
    Column("shelter_idx", INDEX),
    Column("existences", str),
    Column("states", str),
    Column("openings", str),
    Column("protection_classes", str),
    Column("depth_m", np.float64),
    Column("verified_on", str),
    Column("verified_by", str),
)


def admit(shelters: Shelters, faults: Faults) -> dict[str, object] | None:
    """Halls, elements and inspections with frozen arrays; None where a shape is broken. Notes every fault."""
    halls = shared.admit_arrays(shelters.halls, "halls", HALL_COLUMNS, faults)
    elements = shared.admit_arrays(shelters.elements, "elements", ELEMENT_COLUMNS, faults)
    found = shared.admit_arrays(shelters.inspections, "inspections", INSPECTION_COLUMNS, faults)
    if halls is not None:
        halls_have_ids_and_shelters(halls, len(shelters), faults)
    if elements is not None:
        for rule in (kinds_are_known, each_has_one_owner, those_of_an_owner_stand_together):
            rule(elements, faults)
        for rule in (counts_are_few, numbers_are_plausible):
            rule(elements, faults)
        owners_are_known(elements, len(shelters.entrances), len(shelters.halls), faults)
    if found is not None:
        ids = ids_of(found, shelters)
        for look_rule in (words_are_known, shelters_stand_once, looks_are_dated, offices_are_no_persons):
            look_rule(found, ids, faults)
        depths_are_plausible(found, ids, faults)
        shared.indices_are_in_range("inspections.shelter_idx", found.shelter_idx, len(shelters), ids, faults)
    if halls is None or elements is None or found is None:
        return None
    return {"halls": halls, "elements": elements, "inspections": found}


def locks_are_known(entrances: Entrances, faults: Faults) -> None:
    """A lock is open, locked or unknown."""
    locks, ids = entrances.locks, entrances.entrance_ids
    is_bad = ~np.isin(locks, LOCKS)
    faults.add_rows(
        "entrances.locks", is_bad, ids, locks, "are unknown words", f"Give one of {', '.join(LOCKS)}"
    )


def entrances_lead_into_their_own_halls(shelters: Shelters, faults: Faults) -> None:
    """A hall behind an entrance is there and is part of the same shelter."""
    doors, halls = shelters.entrances, shelters.halls
    ids, hall_idx = doors.entrance_ids, doors.hall_idx
    shared.indices_are_in_range("entrances.hall_idx", hall_idx, len(halls), ids, faults, may_be_none=True)
    is_in = (hall_idx >= 0) & (hall_idx < len(halls))
    is_bad = np.zeros(len(doors), bool)
    is_bad[is_in] = halls.shelter_idx[hall_idx[is_in]] != doors.shelter_idx[is_in]
    remedy = "Give a hall of the entrance's own shelter"
    faults.add_rows("entrances.hall_idx", is_bad, ids, hall_idx, "lead into another shelter's hall", remedy)


def halls_have_ids_and_shelters(halls: Halls, shelter_count: int, faults: Faults) -> None:
    """Each hall has an id of its own and is part of a shelter."""
    shared.ids_are_names("halls.hall_ids", halls.hall_ids, faults)
    shared.indices_are_in_range("halls.shelter_idx", halls.shelter_idx, shelter_count, halls.hall_ids, faults)


def kinds_are_known(elements: Elements, faults: Faults) -> None:
    """Elements are of the kinds that the program knows."""
    rows, is_bad = np.arange(len(elements)), ~np.isin(elements.kinds, KINDS)
    remedy = f"Give one of {', '.join(KINDS)}"
    faults.add_rows("elements.kinds", is_bad, rows, elements.kinds, "are no known kind", remedy)


def each_has_one_owner(elements: Elements, faults: Faults) -> None:
    """An element is part of an entrance or of a hall, not of both and not of neither."""
    rows = np.arange(len(elements))
    is_bad = (elements.entrance_idx >= 0) == (elements.hall_idx >= 0)
    remedy = f"Give one of the two, and {NO_INDEX} for the other"
    faults.add_rows("elements.entrance_idx", is_bad, rows, elements.entrance_idx, "have no one owner", remedy)


def owners_are_known(elements: Elements, entrance_count: int, hall_count: int, faults: Faults) -> None:
    """Elements point at entrances and halls that are there."""
    rows = np.arange(len(elements))
    for field, idx, count in (
        ("elements.entrance_idx", elements.entrance_idx, entrance_count),
        ("elements.hall_idx", elements.hall_idx, hall_count),
    ):
        shared.indices_are_in_range(field, idx, count, rows, faults, may_be_none=True)


def those_of_an_owner_stand_together(elements: Elements, faults: Faults) -> None:
    """Elements ascend by hall, then by entrance, so that those of one stand in the order in which people pass them."""
    hall, entrance = elements.hall_idx, elements.entrance_idx
    is_bad = np.zeros(len(elements), bool)
    is_bad[1:] = (hall[1:] < hall[:-1]) | ((hall[1:] == hall[:-1]) & (entrance[1:] < entrance[:-1]))
    remedy = "Sort the elements by hall, then by entrance, each from the street down"
    faults.add_rows("elements.entrance_idx", is_bad, np.arange(len(is_bad)), entrance, "stand apart", remedy)


def counts_are_few(elements: Elements, faults: Faults) -> None:
    """So many stand side by side as a person can count, and a flight has two sides for handrails."""
    rows = np.arange(len(elements))
    for name, least, most in (("count", 1, MOST_SIDE_BY_SIDE), ("handrails", 0, 2)):
        count = getattr(elements, name)
        is_bad = (count < least) | (count > most)
        faults.add_rows(
            f"elements.{name}", is_bad, rows, count, "are out of range", f"Give {least} to {most}"
        )


def numbers_are_plausible(elements: Elements, faults: Faults) -> None:
    """Widths, lengths, drops, speeds and flows are those of a building; NaN where one may be unknown."""
    for name, least, most, may_be_unknown in (
        ("clear_width_m", NARROWEST_M, WIDEST_M, True),
        ("length_m", 0.0, LONGEST_M, False),
        ("drop_m", -DEEPEST_M, DEEPEST_M, False),
        ("belt_speed_m_s", 0.1, FASTEST_BELT_M_S, True),
        ("flow_per_s", 0.0, GREATEST_FLOW_PER_S, True),
    ):
        values = getattr(elements, name)
        is_good = (values >= least) & (values <= most) | (np.isnan(values) & may_be_unknown)
        gap = ", NaN where unknown" if may_be_unknown else ""
        remedy = f"Give {least:g} to {most:g}{gap}"
        rows = np.arange(len(values))
        faults.add_rows(f"elements.{name}", ~is_good, rows, values, "are out of range", remedy)


def ids_of(found: Inspections, shelters: Shelters) -> np.ndarray:
    """Id of the shelter of each inspection, for messages; its position where there is no such shelter."""
    names = shelters.shelter_ids.tolist()
    return np.array(
        [names[i] if 0 <= i < len(names) else str(i) for i in found.shelter_idx.tolist()], dtype=np.str_
    )


def words_are_known(found: Inspections, ids: np.ndarray, faults: Faults) -> None:
    """What was found is said in the words that the program knows."""
    for name, known in (
        ("existences", EXISTENCES),
        ("states", STATES),
        ("protection_classes", PROTECTION_CLASSES),
    ):
        words = getattr(found, name)
        is_bad = ~np.isin(words, known)
        remedy = f"Give one of {', '.join(filter(None, known))}, or leave it empty"
        faults.add_rows(f"inspections.{name}", is_bad, ids, words, "are unknown words", remedy)


def shelters_stand_once(found: Inspections, ids: np.ndarray, faults: Faults) -> None:
    """Inspections ascend by shelter, and each shelter has one."""
    idx = found.shelter_idx
    is_bad = np.zeros(len(idx), bool)
    is_bad[1:] = idx[1:] <= idx[:-1]
    remedy = "Give each shelter its last inspection, sorted by shelter"
    faults.add_rows("inspections.shelter_idx", is_bad, ids, idx, "stand out of order or twice", remedy)


def looks_are_dated(found: Inspections, ids: np.ndarray, faults: Faults) -> None:
    """A date of an inspection is a date, or empty."""
    dates = found.verified_on
    is_bad = np.array([not _is_date(text) for text in dates.tolist()], bool)
    remedy = "Give YYYY-MM-DD, or leave it empty"
    faults.add_rows("inspections.verified_on", is_bad, ids, dates, "are no dates", remedy)


def _is_date(text: str) -> bool:
    if not text:
        return True
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def offices_are_no_persons(found: Inspections, ids: np.ndarray, faults: Faults) -> None:
    """Who looked is an office: without a telephone number or an address, and without control characters."""
    names = found.verified_by
    shared.texts_are_printable("inspections.verified_by", names, ids, faults)
    is_bad = np.array([NO_OFFICE.search(name) is not None for name in names.tolist()], bool)
    hidden = np.where(is_bad, "a number or an address", names)
    remedy = "Name the office alone, never a person"
    faults.add_rows("inspections.verified_by", is_bad, ids, hidden, "hold a way to reach somebody", remedy)


def depths_are_plausible(found: Inspections, ids: np.ndarray, faults: Faults) -> None:
    """A floor lies no deeper than the deepest station, and above ground by no more than a hill."""
    depth_m = found.depth_m
    is_bad = ~(np.isnan(depth_m) | (np.abs(depth_m) <= DEEPEST_M))
    remedy = f"Give {-DEEPEST_M:g} to {DEEPEST_M:g} m, NaN where unknown"
    faults.add_rows("inspections.depth_m", is_bad, ids, depth_m, "are no depth", remedy)


def openings_are_of_known_periods(
    found: Inspections, ids: np.ndarray, periods: tuple[str, ...], faults: Faults
) -> None:
    """Opening is at every hour, at none, in periods of the city, or not known."""
    known = {ALWAYS, NEVER, ""}
    is_bad = np.array(
        [text not in known and not set(text.split(" ")) <= set(periods) for text in found.openings.tolist()],
        bool,
    )
    remedy = f"Give {ALWAYS}, {NEVER}, or some of: {', '.join(periods)}"
    faults.add_rows("inspections.openings", is_bad, ids, found.openings, "are no hours of the city", remedy)
