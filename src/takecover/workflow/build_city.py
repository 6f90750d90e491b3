"""Builds a city from the files that a city has, and writes it as a folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from takecover import parameters
from takecover.analysis import notices
from takecover.analysis import streets as streets_of
from takecover.analysis.build import BuildReport, Choices, build
from takecover.analysis.inspected import inspected
from takecover.errors import Faults, InputError
from takecover.io import city_folder, districts, population, station_entrances, streets_file, whole
from takecover.model.city import City
from takecover.progress import Progress
from takecover.workflow import check_register, fetched
from takecover.workflow.load_city import load_city
from takecover.workflow.read_register import (
    Listing,
    box_around,
    read_register,
    refuse_bare,
    settled,
)
from takecover.workflow.read_streets import read_streets

WIDEST_SNAP_M = 2000.0
"""No shelter is tied to a street farther away than this."""


@dataclass(frozen=True)
class Order:
    """What to build a city from.

    Attributes
    ----------
    name
        Short name, fit for a folder.
    streets
        Streets, in any form that `io.streets_file` reads.
    shelters
        List of shelters (CSV).
    people
        A number, ``FILE`` or ``FILE:column``, each perhaps after ``period=``; several where totals are to be spread
        over houses (`io.population`).
    out
        Folder to appear.
    title, title_uk
        Name for a page; made from the short name where empty.
    is_swapped
        Whether the list has latitude and longitude swapped; None to find out.
    snap_limit_m
        Farthest from a street [m]; the parameter ``snap_limit_m`` where None.
    is_private_open
        True to let people onto private ways.
    listing
        What the person says of the list of shelters.
    people_scale
        What a column of people at points holds: ``plain``, ``log10`` or ``ln``; None to find out whether to ask.
    districts
        Outlines of districts, ``FILE`` or ``FILE:name_column``; empty where there are none.
    elevation
        GeoTIFF with heights of the ground, for how far streets climb; None where there is none.
    entrances
        Data of OpenStreetMap with the entrances of metro stations, for the list's stations; None where there are none.
    """

    name: str
    streets: Path
    shelters: Path
    people: str | Sequence[str]
    out: Path
    title: str = ""
    title_uk: str = ""
    is_swapped: bool | None = None
    snap_limit_m: float | None = None
    is_private_open: bool = False
    listing: Listing = field(default_factory=Listing)
    people_scale: str | None = None
    districts: str = ""
    elevation: Path | None = None
    entrances: Path | None = None


def build_city(order: Order, progress: Progress | None = None) -> tuple[City, BuildReport]:
    """Read, place, check and write a city.

    Parameters
    ----------
    order
        What to build it from.
    progress
        Told the stage and how far it is, 0 to 1.

    Raises
    ------
    SourceError
        If a file cannot be read or the folder not be written.
    InputError
        If a file is broken, with the faults of all files at once; nothing is written then.
    """
    choices = _choices(order)
    whole.refuse(check_folder(order.out), check_register.MARKER)
    faults = Faults(f"city {order.name}")
    streets = _gather(
        lambda: read_streets(order.streets, progress, order.elevation, is_private_open=order.is_private_open),
        faults,
    )
    register = _gather(lambda: read_register(order.shelters, order.listing), faults)
    area = None if streets is None else streets_of.area(streets, choices.snap_limit_m)
    specs = (order.people,) if isinstance(order.people, str) else order.people
    people = _gather(lambda: population.read(specs, area, order.people_scale), faults)
    outlines = _gather(lambda: districts.read(order.districts), faults) if order.districts else None
    path = order.entrances
    entrances = None if path is None else _gather(lambda: station_entrances.read(path), faults)
    faults.raise_if_any()
    register, found = settled(register, box_around(streets.lon, streets.lat), order.listing, progress)
    refuse_bare(register)
    city, report = build(
        streets, register.shelters, people, choices, progress, districts=outlines, entrances=entrances
    )
    of_districts = (districts.split(order.districts)[0],) if order.districts else ()
    files = (order.streets, *population.files(specs), *of_districts)
    city = replace(city, sources=fetched.named(city.sources, files))
    city = inspected(city, register)
    city = _with_assumption(city, order.listing)
    report = replace(report, findings=(*found, *report.findings))
    record = {
        "files": {
            "streets": order.streets.name,
            "shelters": order.shelters.name,
            "people": population.file_names(specs),
            "districts": of_districts[0].name if of_districts else "",
            "elevation": order.elevation.name if order.elevation else "",
            "entrances": path.name if path else "",
        },
        "snap_limit_m": choices.snap_limit_m,
        "step_free_share": choices.step_free_share,
        "is_swapped": report.is_swapped,
        "is_private_open": order.is_private_open,
        "counts": dict(report.counts),
        "findings": list(report.findings),
    }
    city_folder.write(city, order.out, progress, unplaced=report.unplaced, build=record)
    if is_checked(order.shelters):
        check_register.check_built(
            city, register, order.shelters, report, check_folder(order.out), order.listing, entrances
        )
    return city, report


def _with_assumption(city: City, listing: Listing) -> City:
    """The city with a notice where places were assumed."""
    if listing.assumed_places is None:
        return city
    notice = notices.places_are_assumed(listing.assumed_places)
    return replace(city, notices=(*city.notices, notice.en), notices_uk=(*city.notices_uk, notice.uk))


def is_checked(shelters: Path) -> bool:
    """True where a build checks its shelters: a map is nobody's list to send back."""
    return not streets_file.is_osm(shelters)


def check_folder(out: Path) -> Path:
    """Folder of the check of a city that is built: beside it, for the list's own columns must not be in it."""
    return out.with_name(f"{out.name}-check")


def make_city(name: str, out: Path, progress: Progress | None = None) -> City:
    """Write a city that the project makes, as a folder.

    Raises
    ------
    InputError
        If there is no such city.
    SourceError
        If the folder cannot be written.
    """
    city = load_city(name, progress)
    city_folder.write(city, out, progress)
    return city


def _gather(reader: Callable[[], Any], faults: Faults) -> Any:
    """What a reader reads; its faults are noted, so that those of the next file are found too."""
    try:
        return reader()
    except InputError as error:
        if len(error.faults) == 1 and str(error) == error.faults[0]:
            faults.add(str(error))
        else:
            subject = str(error).split("\n", 1)[0].rsplit(":", 1)[0]
            for message in error.faults:
                faults.add(f"{subject}: {message}")
        return None


def _choices(order: Order) -> Choices:
    """What the person decides, with the table's numbers where nothing is said."""
    limit_m = parameters.value("snap_limit_m") if order.snap_limit_m is None else order.snap_limit_m
    if not 0 < limit_m <= WIDEST_SNAP_M:
        raise InputError(
            f"--snap-limit-m: {limit_m:g} m is out of range. Give above 0 and at most {WIDEST_SNAP_M:g}."
        )
    spoken = order.name.replace("-", " ").title()
    title = order.title.strip() or spoken
    return Choices(
        name=order.name,
        title=title,
        title_uk=order.title_uk.strip() or title,
        snap_limit_m=limit_m,
        step_free_share=parameters.value("step_free_share"),
        entrance_radius_m=parameters.value("entrance_search_radius_m"),
        least_floor_m2=parameters.value("least_floor_area_per_person_m2"),
        is_swapped=order.is_swapped,
    )
