"""Sets next month's register against a city: what is new, gone or changed; corrections made by hand are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from takecover.analysis import never_placed, places, spelling
from takecover.analysis.never_placed import GONE_REASON
from takecover.analysis.parsed import ParsedShelters
from takecover.analysis.places import Unplaced
from takecover.analysis.register import Register
from takecover.analysis.shelter_rows import joined
from takecover.analysis.streets import area as area_of
from takecover.analysis.surroundings import plane, zone_of
from takecover.analysis.withhold import kept
from takecover.dtypes import INDEX
from takecover.kernels import geodesy
from takecover.model import check
from takecover.model.city import City
from takecover.model.shelters import Shelters

NEW, GONE, CHANGED, CORRECTION = "new", "gone", "changed", "correction"
FIELDS = ("name", "kind", "capacity", "lon", "lat")
"""What a correction may set."""

MOVED_M = 1.0
"""A shelter that lies farther from where it lay has moved; rounding of coordinates is nearer."""


class Correction(NamedTuple):
    """One cell that a person has put right.

    Attributes
    ----------
    shelter_id, field
        The cell.
    register_said
        What the register said then.
    value
        What is true.
    why, dated
        Who is to believe it, and since when (ISO 8601).
    """

    shelter_id: str
    field: str
    register_said: str
    value: str
    why: str
    dated: str


class Change(NamedTuple):
    """One thing that is other than it was.

    Attributes
    ----------
    shelter_id, name
        The shelter, by the id that it has in the city.
    what
        NEW, GONE, CHANGED or CORRECTION.
    field
        Which of `FIELDS`; empty where it is the row.
    was, now
        Before and after.
    why
        How it was matched, or which of register and correction wins, and why.
    """

    shelter_id: str
    name: str
    what: str
    field: str
    was: str
    now: str
    why: str


@dataclass(frozen=True, eq=False)
class Update:
    """What an update comes to.

    Attributes
    ----------
    city
        The city with the new register.
    changes
        By shelter.
    corrections
        Those that still stand.
    unplaced
        Shelters that are not in the city: rows of the new register that could not be placed, and those that are gone,
        of the city or of those that could not be placed before, now or in an earlier update.
    waiting
        Rows that could not be placed now and could not be before: no news.
    """

    city: City
    changes: tuple[Change, ...]
    corrections: tuple[Correction, ...]
    unplaced: tuple[Unplaced, ...]
    waiting: int


def update(
    city: City,
    register: Register,
    corrections: Sequence[Correction],
    radius_m: float,
    street_m: float,
    before: Sequence[Unplaced] = (),
) -> Update:
    """Match, correct, place and join.

    Parameters
    ----------
    city
        The city as it stands.
    register
        The new rows, points in degrees.
    corrections
        Made by hand, in the order in which they were made.
    radius_m
        Rows of one name nearer than this are one shelter [m].
    street_m
        Farthest from a street [m].
    before
        Shelters that were not in the city before the update.

    Notes
    -----
    A row is matched by its id; where the register has none, by name or address and place. A correction stands until
    the register says the same. Where the register changes to a third value the correction still wins, for somebody
    has looked, and both are told. A matched shelter that has not moved keeps its doors, elements and inspections.
    """
    old_of, how = match(city, register.shelters, radius_m)
    rows, told, standing = _corrected(city, register.shelters, old_of, corrections)
    row_of = _that_stay(city.shelters, rows, old_of)
    is_other = ~np.isin(np.arange(len(rows)), row_of)
    placed = places.place(_some(rows, is_other), city.network, area_of(city.network, street_m), street_m)
    unplaced = {row.row_id for row in placed.unplaced}
    is_new = old_of < 0
    outside = never_placed.follow(before, _some(rows, is_new), register.shelters.shelter_ids[is_new])
    waiting = set(rows.shelter_ids[is_new][sorted(outside.waiting_idx)].tolist()) & unplaced
    changes = _changes(city, rows, old_of, how, unplaced)
    changes = [change for change in changes if change.what != NEW or change.shelter_id not in waiting]
    shelters = _joined(city, rows, row_of, placed.shelters)
    gone = tuple(
        _gone(city, i) for i in sorted(set(range(len(city.shelters))) - set(old_of[old_of >= 0].tolist()))
    )
    changes.extend(
        Change(row.row_id, row.name, GONE, "", text_of(row.amount), "", "had not been placed")
        for row in outside.vanished
    )
    order = {GONE: 0, NEW: 1, CHANGED: 2, CORRECTION: 3}
    all_changes = sorted((*changes, *told), key=lambda c: (order[c.what], c.shelter_id, c.field))
    return Update(
        check.city(replace(city, shelters=shelters)),
        tuple(all_changes),
        standing,
        (*placed.unplaced, *gone, *outside.vanished, *outside.still_gone),
        len(waiting),
    )


def match(city: City, rows: ParsedShelters, radius_m: float) -> tuple[np.ndarray, list[str]]:
    """Shelter of the city that each row is, -1 where it is new, shape (r,); and how it was found."""
    known = {shelter_id: i for i, shelter_id in enumerate(city.shelters.shelter_ids.tolist())}
    found = np.full(len(rows), -1, np.int64)
    how = [""] * len(rows)
    taken: set[int] = set()
    for row, shelter_id in enumerate(rows.shelter_ids.tolist()):
        if shelter_id in known and not never_placed.is_of_line(shelter_id):
            found[row], how[row] = known[shelter_id], "by id"
            taken.add(known[shelter_id])
    by_name: dict[tuple[str, str], list[int]] = {}
    for i, name in enumerate(city.shelters.names.tolist()):
        by_name.setdefault(spelling.key(name), []).append(i)
    lon0, lat0 = float(city.shelters.lon.mean()), float(city.shelters.lat.mean())
    own, here = _on_plane(city.shelters, lon0, lat0), _on_plane(rows, lon0, lat0)
    for row, name in enumerate(rows.names.tolist()):
        free = (
            [i for i in by_name.get(spelling.key(name), []) if i not in taken]
            if found[row] < 0 and name
            else []
        )
        apart = [float(np.hypot(*(own[i] - here[row]))) for i in free]
        near = [(d, i) for d, i in zip(apart, free, strict=True) if not d > radius_m]
        if near:
            found[row], how[row] = min(near)[1], "by name and place"
            taken.add(min(near)[1])
    return found, how


def _on_plane(rows: ParsedShelters | Shelters, lon0: float, lat0: float) -> np.ndarray:
    return np.column_stack(geodesy.to_plane(rows.lon, rows.lat, lon0, lat0))


def _corrected(
    city: City, rows: ParsedShelters, old_of: np.ndarray, corrections: Sequence[Correction]
) -> tuple[ParsedShelters, list[Change], tuple[Correction, ...]]:
    """The rows under the ids of the city, corrections put in; what is told of each; those that still stand."""
    ids = rows.shelter_ids.astype(object)
    ids[old_of >= 0] = city.shelters.shelter_ids[old_of[old_of >= 0]]
    ids = _told_apart(ids, old_of)
    columns: Mapping[str, np.ndarray] = {
        "name": rows.names.astype(object), "kind": rows.kinds.astype(object), "capacity": rows.capacity.copy(),
        "lon": rows.lon.copy(), "lat": rows.lat.copy(),
    }  # fmt: skip
    row_of = {shelter_id: row for row, shelter_id in enumerate(ids.tolist())}
    told, standing = [], []
    for each in corrections:
        row = row_of.get(each.shelter_id)
        if row is None:
            standing.append(each)
            told.append(
                Change(
                    each.shelter_id,
                    "",
                    CORRECTION,
                    each.field,
                    "",
                    each.value,
                    "kept; no row of the register",
                )
            )
            continue
        says = text_of(columns[each.field][row])
        if says == each.value:
            why = "the register now says the same; the correction is done"
        else:
            standing.append(each)
            columns[each.field][row] = _value(each)
            is_as_then = says == each.register_said
            why = (
                "kept: the register says what it said then"
                if is_as_then
                else f"kept: the register now says {says}; look"
            )
        told.append(
            Change(each.shelter_id, str(rows.names[row]), CORRECTION, each.field, says, each.value, why)
        )
    corrected = replace(
        rows,
        shelter_ids=ids.astype(np.str_),
        names=columns["name"].astype(np.str_),
        kinds=columns["kind"].astype(np.str_),
        capacity=columns["capacity"],
        lon=columns["lon"],
        lat=columns["lat"],
    )
    return corrected, told, tuple(standing)


def _told_apart(ids: np.ndarray, old_of: np.ndarray) -> np.ndarray:
    """Ids in which no new row bears the id of another."""
    taken = set(ids[old_of >= 0].tolist())
    for row in np.flatnonzero(old_of < 0).tolist():
        name, number = str(ids[row]), 2
        while str(ids[row]) in taken:
            ids[row] = f"{name}~{number}"
            number += 1
        taken.add(str(ids[row]))
    return ids


def text_of(value: object) -> str:
    """A value as a correction writes it: a whole number plain, a degree to a millionth.

    Examples
    --------
    >>> text_of(np.int64(120)), text_of(30.5), text_of("Hall")
    ('120', '30.500000', 'Hall')
    """
    return f"{value:.6f}" if isinstance(value, float) else str(value)


def _value(each: Correction) -> object:
    if each.field == "capacity":
        return int(each.value)
    return float(each.value) if each.field in ("lon", "lat") else each.value


def _that_stay(old: Shelters, rows: ParsedShelters, old_of: np.ndarray) -> np.ndarray:
    """Row of each shelter of the city that has not moved; -1 for the others, shape (s,) int64."""
    row_of = np.full(len(old), -1, np.int64)
    for row in np.flatnonzero(old_of >= 0).tolist():
        i = int(old_of[row])
        apart = plane(np.array([old.lon[i], rows.lon[row]]), np.array([old.lat[i], rows.lat[row]]))[0]
        if float(np.hypot(*(apart[0] - apart[1]))) <= MOVED_M:
            row_of[i] = row
    return row_of


def _some(rows: ParsedShelters, is_wanted: np.ndarray) -> ParsedShelters:
    """Some of the rows, in their order."""
    columns = {
        name: column[is_wanted] for name, column in vars(rows).items() if isinstance(column, np.ndarray)
    }
    return replace(rows, **columns)


def _changes(
    city: City, rows: ParsedShelters, old_of: np.ndarray, how: Sequence[str], unplaced: set[str]
) -> list[Change]:
    """What is new, gone and changed."""
    old = city.shelters
    found: list[Change] = []
    for row, i in enumerate(old_of.tolist()):
        shelter_id, name = str(rows.shelter_ids[row]), str(rows.names[row])
        lost = "not placed" if shelter_id in unplaced else ""
        if i < 0:
            found.append(Change(shelter_id, name, NEW, "", "", text_of(rows.capacity[row]), lost))
            continue
        for field, was, now in _pairs(old, i, rows, row):
            found.append(Change(shelter_id, name, CHANGED, field, was, now, lost or how[row]))
    for i in sorted(set(range(len(old))) - set(old_of.tolist())):
        found.append(
            Change(str(old.shelter_ids[i]), str(old.names[i]), GONE, "", text_of(old.capacity[i]), "", "")
        )
    return found


def _pairs(old: Shelters, i: int, rows: ParsedShelters, row: int) -> list[tuple[str, str, str]]:
    """Fields that differ: before and after."""
    pairs = (
        ("name", old.names[i], rows.names[row]),
        ("kind", old.kinds[i], rows.kinds[row]),
        ("capacity", old.capacity[i], rows.capacity[row]),
        ("lon", old.lon[i], rows.lon[row]),
        ("lat", old.lat[i], rows.lat[row]),
    )
    texts = [(field, text_of(was), text_of(now)) for field, was, now in pairs]
    return [each for each in texts if each[1] != each[2]]


def _joined(city: City, rows: ParsedShelters, row_of: np.ndarray, placed: Shelters) -> Shelters:
    """Shelters that stay, with their doors and what the register now says, and the others as placed anew."""
    stays = row_of >= 0
    now = row_of[stays]
    says = {name: getattr(rows, name)[now] for name in ("names", "kinds", "capacity", "is_withheld")}
    zone_idx = zone_of(city.zones, placed.lon, placed.lat).astype(INDEX)
    return joined(replace(kept(city.shelters, stays), **says), replace(placed, zone_idx=zone_idx))


def _gone(city: City, i: int) -> Unplaced:
    old = city.shelters
    return Unplaced(
        "shelter",
        str(old.shelter_ids[i]),
        str(old.names[i]),
        float(old.lon[i]),
        float(old.lat[i]),
        int(old.capacity[i]),
        0,
        GONE_REASON,
        "is no longer in the register",
    )
