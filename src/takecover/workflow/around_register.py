"""Gathers what is known around a list of shelters: from a built city, or from loose files."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import shapely

from takecover import norms, parameters
from takecover.analysis import people as people_of
from takecover.analysis import streets, zones
from takecover.analysis.parsed import ParsedAreas, ParsedPeople, ParsedTotals, PeriodPeople
from takecover.analysis.station_doors import MetroEntrances
from takecover.analysis.surroundings import Points, Radii, Surroundings
from takecover.io import districts, population, station_entrances, streets_file
from takecover.model import check
from takecover.model.city import City, Source
from takecover.progress import Progress
from takecover.workflow import fetched
from takecover.workflow.read_register import AREA_KEY

SECONDS_A_DAY = 86_400.0


class Loose(NamedTuple):
    """Files around a list; None or empty where there is none.

    Attributes
    ----------
    streets, entrances
        Streets, and entrances of metro stations.
    districts, people
        As in `workflow.build_city.Order`.
    people_scale
        What a column of people at points holds.
    """

    streets: Path | None
    districts: str
    people: Sequence[str]
    people_scale: str | None
    entrances: Path | None


class Around(NamedTuple):
    """What is known around a list, how it was read, and where it came from.

    Attributes
    ----------
    surroundings
        What the rules are checked with.
    said
        How loose files were read, as sentences.
    sources
        Where it came from.
    """

    surroundings: Surroundings
    said: tuple[str, ...]
    sources: tuple[Source, ...]


def around_city(city: City, today: datetime.date, entrances: MetroEntrances | None = None) -> Surroundings:
    """What a built city knows around its list."""
    demand = city.demand
    people = demand.people[0].sum(axis=1)
    lives = people > 0
    homes = Points(
        demand.lon[lives], demand.lat[lives], demand.origin_ids[lives], people[lives].astype(np.float64)
    )
    return Surroundings(
        radii=_radii(),
        today=np.datetime64(today),
        network=city.network,
        zones=city.zones,
        water=city.water,
        homes=homes,
        entrances=_stations(entrances),
    )


def around_files(files: Loose, today: datetime.date, progress: Progress | None) -> Around:
    """What loose files say around a list, how they were read, and where they came from.

    Raises
    ------
    SourceError
        If a file cannot be read.
    InputError
        If a file is broken.
    """
    network = None
    said: list[str] = []
    sources: list[Source] = []
    paths = population.files(files.people)
    if files.streets is not None:
        read = streets_file.read(files.streets, progress)
        network = check.network(streets.network(read)[0])
        said += read.findings
        sources += read.sources
        paths.append(files.streets)
    outlines = None
    if files.districts:
        areas = districts.read(files.districts)
        outlines, of_outlines = zones.zones(areas)
        said += of_outlines
        sources.append(areas.source)
        paths.append(districts.split(files.districts)[0])
    known = population.read(files.people, None, files.people_scale) if files.people else ()
    sources += people_of.sources(known)
    entrances = None if files.entrances is None else station_entrances.read(files.entrances)
    sources += [] if entrances is None else [entrances.source]
    homes = _homes(known[0]) if known else None
    said += people_of.findings(known)
    for part in known:
        if isinstance(part.totals, ParsedTotals) and outlines is not None:
            said += zones.join(part.totals, outlines).findings
    said = list(dict.fromkeys(said))
    if homes is not None and outlines is not None:
        is_out = zones.locate(outlines, homes.lon, homes.lat) < 0
        said.append(
            f"People: {homes.people.sum():,.0f} in {len(homes):,} places; {int(is_out.sum()):,} of them, with "
            f"{homes.people[is_out].sum():,.0f} people, lie in no district."
        )
    around = Surroundings(
        radii=_radii(),
        today=np.datetime64(today),
        network=network,
        zones=outlines,
        homes=homes,
        entrances=_stations(entrances),
        are_homes_exact=not _are_areas(known[0]) if known else True,
    )
    return Around(around, tuple(said), fetched.named(sources, paths))


def _stations(found: MetroEntrances | None) -> Points | None:
    """Entrances of metro stations by the name of their station."""
    return None if found is None else Points(found.lon, found.lat, found.names, np.zeros(len(found)))


def _are_areas(people: PeriodPeople) -> bool:
    """True where people are known by area only, and the areas are larger than cells of a grid."""
    return people.houses is None and isinstance(people.totals, ParsedAreas) and not people.totals.is_cell


def _homes(people: PeriodPeople) -> Points | None:
    """Where people live, as far as the source says it in points or areas."""
    for source in (people.houses, people.totals):
        if isinstance(source, ParsedPeople):
            return Points(source.lon, source.lat, source.origin_ids, source.people)
        if isinstance(source, ParsedAreas):
            middle = shapely.get_coordinates(shapely.point_on_surface(source.shapes))
            return Points(middle[:, 0], middle[:, 1], source.area_ids, source.people)
    return None


def _radii() -> Radii:
    areas = [
        float(norm.value)
        for name in norms.names()
        for norm in norms.profile(name).norms
        if norm.key.startswith(AREA_KEY) and norm.unit == "m2"
    ]
    return Radii(
        street_m=parameters.value("snap_limit_m"),
        home_m=parameters.value("home_distance_m"),
        entrance_m=parameters.value("entrance_search_radius_m"),
        duplicate_m=parameters.value("duplicate_radius_m"),
        verified_d=parameters.value("verified_age_limit_s") / SECONDS_A_DAY,
        least_area_m2=min(areas),
    )
