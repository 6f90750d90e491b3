"""Reads people from shapes: areas with totals, houses by footprint and floors, or points; the columns tell which."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely

from takecover.analysis import logarithm, polygons
from takecover.analysis.parsed import ParsedAreas, ParsedHouses, ParsedPeople
from takecover.analysis.swap import Box
from takecover.errors import Faults, InputError
from takecover.io import features, people_buildings, people_cells, people_table
from takecover.io import people_words as words
from takecover.io.features import Features
from takecover.kernels import geodesy
from takecover.model.city import Source

SUFFIXES = features.SUFFIXES

LONGEST_ID = 100
MOST_FLOORS = 200
"""No house has more."""


def read(
    path: Path, column: str | None, scale: str | None, area: Box | None = None
) -> ParsedAreas | ParsedHouses | ParsedPeople:
    """Read a file of shapes.

    Points with people are points. Outlines with people are areas, or, where the file also has a column of floors or
    of kinds of building, houses with people. Outlines without people are houses, and need such a column.

    Parameters
    ----------
    path
        File of `SUFFIXES`.
    column
        Column of people; None to find it by its name.
    scale
        As in `people_table.read`, for points and houses with people.
    area
        Where the city is, to cut H3 cells; None for all of them.

    Raises
    ------
    SourceError
        If the file cannot be read.
    InputError
        If columns are missing, outlines are beyond mending or numbers are broken: all at once, each with its row.
    """
    table = features.read(path)
    if not len(table):
        raise InputError(f"{path}: has no rows. Give areas, houses or points.")
    found = words.find(tuple(table.columns))
    if column is not None:
        found["people"] = words.named(tuple(table.columns), column, path)
    kinds = shapely.get_dimensions(table.shapes)
    if (kinds == 0).all():
        return _points(table, found, scale)
    if (kinds == 1).any():
        first = int(np.flatnonzero(kinds == 1)[0]) + 1
        raise InputError(f"{path}: row {first} is a line. Give areas, houses or points.")
    is_of_houses = "floors" in found or "building" in found
    if "people" not in found and not is_of_houses:
        shown = ", ".join(table.columns)[:200]
        raise InputError(
            f"{path}: no column is recognised for people or floors. Say which one holds people, "
            f"{path.name}:COLUMN, of {shown}."
        )
    faults = Faults(str(path))
    ids = _row_ids(table)
    shapes, said = _outlines(table, ids, faults)
    if "people" not in found:
        return _houses(table, found, ids, shapes, said, faults)
    if is_of_houses:
        return _peopled(table, found, ids, shapes, said, scale, faults)
    areas = _areas(table, found, ids, shapes, said, faults)
    return people_cells.cut(areas, area) if areas.is_cell else areas


def _row_ids(table: Features) -> np.ndarray:
    """Ids of the first column of ids in which each row has its own; else ``row-<number>``."""
    for column in words.find_all(tuple(table.columns), words.ID):
        texts = table.texts(column)
        is_good = all(0 < len(text) <= LONGEST_ID and text.isprintable() for text in texts)
        if is_good and len(set(texts)) == len(texts):
            return np.array(texts, dtype=np.str_)
    return np.array([f"row-{k}" for k in table.line.tolist()], dtype=np.str_)


def _outlines(table: Features, ids: np.ndarray, faults: Faults) -> tuple[np.ndarray, tuple[str, ...]]:
    """Outlines, mended where it is safe, and what is to be said of them."""
    mended = polygons.mend(table.shapes)
    for what in np.unique(mended.faults[mended.faults != ""]).tolist():
        rows = np.flatnonzero(mended.faults == what)
        faults.add(
            f"{len(rows):,} of {len(table):,} rows: the outline {what} (first: row {rows[0] + 1}, "
            f"id {str(ids[rows[0]])!a:.60}). Draw it again, or take the row out."
        )
    if not mended.is_mended.any():
        return mended.shapes, ()
    return mended.shapes, (
        f"{table.path.name}: {int(mended.is_mended.sum()):,} outlines crossed themselves; mended.",
    )


def _areas(
    table: Features,
    found: dict[str, str],
    ids: np.ndarray,
    shapes: np.ndarray,
    said: tuple[str, ...],
    faults: Faults,
) -> ParsedAreas:
    people = table.numbers(found["people"], faults)
    classes = words.find_ages(tuple(table.columns))
    columns = [table.numbers(name, faults) for _, name in classes]
    ages = np.nan_to_num(np.array(columns, dtype=np.float64).reshape(len(classes), len(table)).T)
    _check_sum(people, found["people"], faults)
    faults.raise_if_any()
    missing = np.isnan(people)
    people = np.nan_to_num(people)
    findings = [
        f"People: {len(table):,} areas, from the column {found['people']!a:.40}.",
        *table.findings,
        *said,
    ]
    if missing.any():
        findings.append(f"People: {int(missing.sum()):,} areas have no number of people; taken as 0.")
    known = ages.sum(axis=1)
    differs = (known > 0) & (known != people)
    if classes:
        span = f"{classes[0][0].name} to {classes[-1][0].name}"
        findings.append(f"People: {len(classes)} classes of age were read ({span}).")
    if differs.any():
        off = float(np.abs(known - people)[differs].sum())
        findings.append(
            f"People: in {int(differs.sum()):,} areas the ages do not add up to the people (by {off:,.0f} in all); "
            "they are taken as shares."
        )
    is_cell = people_cells.are_cells(ids[: people_cells.LOOKED_AT].tolist())
    kept = people > 0
    lapping = [] if is_cell else polygons.overlaps(shapes[kept])
    if lapping:
        first = " and ".join(str(i) for i in ids[kept][list(lapping[0])])
        findings.append(
            f"People: areas overlap by more than 1 % of the smaller (pairs: {len(lapping):,}, first: {first}); what "
            "lies in two is taken for the first."
        )
    return ParsedAreas(
        area_ids=ids,
        shapes=shapes,
        people=people,
        ages=ages,
        age_classes=tuple(one for one, _ in classes),
        is_cell=is_cell,
        line=table.line,
        source=Source("people", table.path.name, "not stated"),
        findings=tuple(findings),
    )


def _check_sum(people: np.ndarray, column: str, faults: Faults) -> None:
    total = float(np.nansum(people))
    if people_table.MOST_PEOPLE < total < np.inf:
        faults.add(f"{column}: {total:,.0f} people in all. Give at most {people_table.MOST_PEOPLE:,}.")


def _houses(
    table: Features,
    found: dict[str, str],
    ids: np.ndarray,
    shapes: np.ndarray,
    said: tuple[str, ...],
    faults: Faults,
) -> ParsedHouses:
    """Houses with the area of their floors; one floor where none is given."""
    floors = np.full(len(table), np.nan)
    if "floors" in found:
        floors = table.numbers(found["floors"], faults)
        too_many = floors > MOST_FLOORS
        shown = table.columns[found["floors"]]
        faults.add_rows(
            found["floors"], too_many, ids, shown, "are beyond belief", "Give floors above ground"
        )
    faults.raise_if_any()
    is_unknown = np.isnan(floors) | (floors == 0)
    middle = shapely.get_coordinates(shapely.point_on_surface(shapes))
    lon_m, lat_m = geodesy.metres_per_degree(middle[:, 1])
    footprint_m2 = shapely.area(shapes) * lon_m * lat_m
    home = _homes(table, found)
    findings = [f"People: {len(home):,} houses by footprint and floors.", *table.findings, *said]
    if others := len(table) - len(home):
        findings.append(
            f"People: {others:,} buildings are no homes by the column {found['building']!a:.40}; left out."
        )
    if unknown := int(is_unknown[home].sum()):
        findings.append(f"People: the floors of {unknown:,} houses are not known; taken as 1.")
    return ParsedHouses(
        house_ids=ids[home],
        lon=middle[home, 0],
        lat=middle[home, 1],
        floor_area_m2=np.asarray(footprint_m2 * np.where(is_unknown, 1.0, floors))[home],
        source=Source("people", table.path.name, "not stated"),
        findings=tuple(findings),
    )


def _homes(table: Features, found: dict[str, str]) -> np.ndarray:
    """Rows of homes, where a column says it in OpenStreetMap's words; all rows where none does."""
    kinds = table.texts(found["building"]) if "building" in found else []
    is_home = np.array([people_buildings.is_home({"building": kind}) for kind in kinds], bool)
    return np.flatnonzero(is_home) if is_home.any() else np.arange(len(table))


def _points(table: Features, found: dict[str, str], scale: str | None) -> ParsedPeople:
    if "people" not in found:
        shown = ", ".join(table.columns)[:200]
        raise InputError(
            f"{table.path}: no column is recognised for people. Say which one holds them, "
            f"{table.path.name}:COLUMN, of {shown}."
        )
    faults = Faults(str(table.path))
    ids = _row_ids(table)
    if (shapely.get_type_id(table.shapes) != shapely.GeometryType.POINT).any() or shapely.is_empty(
        table.shapes
    ).any():
        faults.add("some rows are several points or none. Give one point for each row.")
        faults.raise_if_any()
    return _people_at(table, found, ids, shapely.get_coordinates(table.shapes), scale, (), faults)


def _peopled(
    table: Features,
    found: dict[str, str],
    ids: np.ndarray,
    shapes: np.ndarray,
    said: tuple[str, ...],
    scale: str | None,
    faults: Faults,
) -> ParsedPeople:
    faults.raise_if_any()
    return _people_at(
        table, found, ids, shapely.get_coordinates(shapely.point_on_surface(shapes)), scale, said, faults
    )


def _people_at(
    table: Features,
    found: dict[str, str],
    ids: np.ndarray,
    places: np.ndarray,
    scale: str | None,
    said: tuple[str, ...],
    faults: Faults,
) -> ParsedPeople:
    """People at points, a logarithm undone where one was told."""
    name = found["people"]
    values = table.numbers(name, faults, least=-logarithm.LARGEST if scale in (None, "log10", "ln") else 0.0)
    is_unknown = np.isnan(values)
    lon, lat = places[:, 0], places[:, 1]
    with np.errstate(invalid="ignore"):
        is_off = ~((np.abs(lon) <= 180) & (np.abs(lat) <= 90))
    faults.add_rows("geometry", is_off, ids, lon, "are not on Earth", "Give degrees, WGS84, longitude first")
    people, findings = people_table.unscaled(values[~is_unknown], scale, name, faults)
    whole = np.zeros(len(table))
    whole[~is_unknown] = people
    faults.add_rows(name, whole < 0, ids, table.columns[name], "are negative", people_table.REMEDY)
    faults.add_rows(name, ~(whole <= 1e9), ids, table.columns[name], "are beyond belief", people_table.REMEDY)
    _check_sum(whole, name, faults)
    faults.raise_if_any()
    if is_unknown.any():
        findings = (
            *findings,
            f"People: {int(is_unknown.sum()):,} points have no number of people; taken as 0.",
        )
    return ParsedPeople(
        origin_ids=ids,
        lon=lon,
        lat=lat,
        people=whole,
        line=table.line,
        source=Source("people", table.path.name, "not stated"),
        findings=(*table.findings, *said, *findings),
    )
