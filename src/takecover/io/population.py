"""Reads people as a command line names them: numbers and files, by period, each in the role that it can play."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from takecover.analysis.parsed import ParsedAreas, ParsedHouses, ParsedPeople, ParsedTotals, PeriodPeople
from takecover.analysis.swap import Box
from takecover.errors import Faults, InputError
from takecover.io import districts, people_buildings, people_grid, people_shapes, people_table, streets_file

MOST_PEOPLE = people_table.MOST_PEOPLE

OSM_SUFFIXES = (".pbf", ".osm", ".bz2", ".gz", ".json")
"""Endings of files that may hold data of OpenStreetMap."""

DEFAULT_PERIOD = "night"
"""The period of people of whom nothing else is said: they are where they live."""

Table = int | ParsedPeople | ParsedAreas | ParsedTotals | ParsedHouses

_PERIOD = re.compile(r"([a-z][a-z0-9]*(?:[_-][a-z0-9]+)*)=(.+)", re.DOTALL)
_ROLES = {
    int: "a number of people",
    ParsedPeople: "points with people",
    ParsedAreas: "areas with people",
    ParsedTotals: "districts with people, by name",
    ParsedHouses: "houses by footprint and floors",
}


def read(specs: Sequence[str], area: Box | None = None, scale: str | None = None) -> tuple[PeriodPeople, ...]:
    """Read people.

    Parameters
    ----------
    specs
        Each ``N``, ``FILE`` or ``FILE:column`` (of a GeoTIFF ``FILE:band``), or one of these after ``period=``. What is
        given without a period is of every period.
    area
        Where the city is, so that no more of a grid is read; None for all of it.
    scale
        What a column of points holds, one of `logarithm.SCALES`; None to find out whether it must be asked.

    Returns
    -------
    tuple of PeriodPeople
        What is known of each period, night first, then as given.

    Raises
    ------
    SourceError
        If a file cannot be read.
    InputError
        If a number or a file is broken, or files do not go together: all faults at once.

    Examples
    --------
    >>> read(["60000"])[0].totals
    60000
    """
    faults = Faults("--people")
    if not specs:
        raise InputError("--people: nothing is given. Give N, FILE or FILE:column.")
    given = [_period_of(spec.strip()) for spec in specs]
    tables: dict[str, Table] = {}
    for spec in dict.fromkeys(spec for _, spec in given):
        try:
            tables[spec] = _table(spec, area, scale)
        except InputError as error:
            head = str(error).split("\n", 1)[0].rsplit(":", 1)[0]
            is_whole = len(error.faults) == 1 and str(error) == error.faults[0]
            for message in error.faults:
                faults.add(message if is_whole else f"{head}: {message}")
    faults.raise_if_any()
    named = dict.fromkeys(period for period, _ in given if period)
    periods = sorted(named or {DEFAULT_PERIOD: None}, key=lambda period: period != DEFAULT_PERIOD)
    known = []
    for period in periods:
        chosen = {spec: tables[spec] for of, spec in given if of in ("", period)}
        part = _together(period, chosen, faults)
        if part is not None:
            known.append(part)
    faults.raise_if_any()
    return tuple(known)


def files(specs: Sequence[str]) -> list[Path]:
    """The files among what was given, without their columns."""
    found = []
    for _, spec in map(_period_of, specs):
        path = Path(spec)
        while not path.is_file() and ":" in path.name:
            path = path.with_name(path.name.rsplit(":", 1)[0])
        if path.is_file():
            found.append(path)
    return found


def file_names(specs: Sequence[str]) -> list[str]:
    """What was given, files by their names without folders, for the record of a build."""
    return [
        f"{period}={Path(spec).name}" if period else Path(spec).name
        for period, spec in map(_period_of, specs)
    ]


def _period_of(spec: str) -> tuple[str, str]:
    """The period before ``=``, empty where there is none, and the rest."""
    match = _PERIOD.fullmatch(spec)
    if match is None or Path(spec).exists():
        return "", spec
    return match[1], match[2].strip()


def _table(text: str, area: Box | None, scale: str | None) -> Table:
    """One number or file."""
    if text.lstrip("+-").isascii() and text.lstrip("+-").isdigit():
        return _number(text)
    path, column = districts.split(text)
    suffix = path.suffix.lower()
    if suffix in OSM_SUFFIXES and streets_file.is_osm(path):
        if column is not None:
            raise InputError(f"{text!a:.120}: data of OpenStreetMap have no columns. Give the file alone.")
        return people_buildings.read(path, area)
    if suffix in people_table.SUFFIXES:
        return people_table.read(path, column, scale, area)
    if suffix in people_grid.SUFFIXES:
        return people_grid.read(path, column, area)
    if suffix in people_shapes.SUFFIXES:
        return people_shapes.read(path, column, scale, area)
    known = ", ".join((*people_table.SUFFIXES, *people_grid.SUFFIXES, *people_shapes.SUFFIXES, ".osm.pbf"))
    raise InputError(
        f"{text!a:.120} is no number and no file that is known. Give N, FILE or FILE:column ({known})."
    )


def _number(text: str) -> int:
    if len(text) > 12 or not 0 < int(text) <= MOST_PEOPLE:
        raise InputError(f"{text:.40} is no number of people. Give 1 to {MOST_PEOPLE:,}.")
    return int(text)


def _together(period: str, tables: dict[str, Table], faults: Faults) -> PeriodPeople | None:
    """The role of each table in a period, or None and a fault where roles are taken twice or none has people.

    Numbers, areas and districts say how many people there are. Houses say where. Points say both: where something
    else says how many, they only say where.
    """
    totals = {spec: t for spec, t in tables.items() if isinstance(t, int | ParsedAreas | ParsedTotals)}
    houses = {spec: t for spec, t in tables.items() if isinstance(t, ParsedPeople | ParsedHouses)}
    before = len(faults.messages)
    for what, chosen in (("how many people there are", totals), ("where they live", houses)):
        if len(chosen) > 1:
            shown = "; ".join(f"{Path(spec).name}: {_ROLES[type(t)]}" for spec, t in chosen.items())
            remedy = "Give one for a period; for two periods, --people night=FILE --people day=FILE"
            faults.add(f"{period}: {len(chosen)} of what is given say {what} ({shown}). {remedy}.")
    if not totals and not any(isinstance(t, ParsedPeople) for t in houses.values()):
        shown = ", ".join(Path(spec).name for spec in houses) or "nothing"
        faults.add(
            f"{period}: {shown} says where people live, and nothing says how many. Give N or totals as well."
        )
    if len(faults.messages) > before:
        return None
    return PeriodPeople(period, next(iter(totals.values()), None), next(iter(houses.values()), None))
