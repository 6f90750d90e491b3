"""Reads a city's list of shelters and puts its points into degrees, as a person says or as the points show."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from takecover import norms
from takecover.analysis.register import DERIVED, UNSAID, Register
from takecover.analysis.swap import Box, judge
from takecover.errors import Faults, InputError
from takecover.io import geocoder, grids, osm_shelters, registry, streets_file
from takecover.io.geocoder import Pause
from takecover.progress import Progress

MOST_ASSUMED = 100_000
"""No more places are assumed for a shelter."""

AREA_KEY = "area_per_person"
"""Line of a norm profile that turns a floor area into places."""


@dataclass(frozen=True)
class Listing:
    """What a person says of a list of shelters.

    Attributes
    ----------
    columns
        Column of a role, where it is not recognised.
    epsg
        Coordinate system of its points; found out where None.
    norm_profile
        Country whose floor area per person makes places where a row states none; no places are made where None.
    sheet
        Sheet of a workbook, or layer of a GeoPackage.
    assumed_places
        Places of a shelter whose row states none; none are assumed where None.
    geocoder
        Address of a geocoder for rows without coordinates; none is asked where empty.
    geocoder_place
        What follows every address: ``Kyiv, Ukraine``.
    geocoder_cache
        File that remembers its answers.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    epsg: int | None = None
    norm_profile: str | None = None
    sheet: str | None = None
    assumed_places: int | None = None
    geocoder: str = ""
    geocoder_place: str = ""
    geocoder_cache: Path = Path("geocoded.jsonl")


def read_register(path: Path, listing: Listing) -> Register:
    """Read the list as the person says.

    Raises
    ------
    SourceError
        If the file cannot be read.
    InputError
        If it is broken, or what the person says of it does not fit it.
    """
    if streets_file.is_osm(path):
        return _with_assumed_places(osm_shelters.register(path), listing)
    how = registry.Reading(listing.columns, _area_per_person_m2(listing.norm_profile), listing.sheet)
    return _with_assumed_places(registry.read(path, how), listing)


def _with_assumed_places(register: Register, listing: Listing) -> Register:
    """The register with as many places as the person says wherever none are stated."""
    assumed = listing.assumed_places
    if assumed is None:
        return register
    if not 0 < assumed <= MOST_ASSUMED:
        raise InputError(
            f"--places-where-unknown: {assumed} is no number of places. Give 1 to {MOST_ASSUMED:,}."
        )
    is_unsaid = register.capacity_from == UNSAID
    rows = register.shelters
    told = f"Shelters: places of {int(is_unsaid.sum()):,} are not known; {assumed:,} are assumed for each, as told."
    rows = replace(
        rows, capacity=np.where(is_unsaid, assumed, rows.capacity), findings=(*rows.findings, told)
    )
    return replace(
        register, shelters=rows, capacity_from=np.where(is_unsaid, DERIVED, register.capacity_from)
    )


def settled(
    register: Register, area: Box | None, listing: Listing, progress: Progress | None = None
) -> tuple[Register, tuple[str, ...]]:
    """The register with its points in degrees, and what is to be said of it.

    Parameters
    ----------
    register
        As it was read.
    area
        Where the city is; None where nothing says so.
    listing
        What the person says.
    progress
        Told how far the geocoder is, where one is asked.

    Raises
    ------
    InputError
        If the points are in a grid, and it is not clear in which.
    """
    rows = register.shelters
    told = grids.admit(listing.epsg) if listing.epsg is not None else register.epsg
    lon, lat, said = grids.settle(rows.lon, rows.lat, area, register.language, told)
    is_degree = (np.abs(lon) <= 180) & (np.abs(lat) <= 180)
    if stray := int((np.isfinite(lon) & ~is_degree).sum()):
        said = (
            *said,
            f"Shelters: {stray:,} rows have coordinates that are no degrees, unlike the others; not placed.",
        )
    placed = replace(rows, lon=np.where(is_degree, lon, np.nan), lat=np.where(is_degree, lat, np.nan))
    register = replace(register, shelters=placed)
    return geocoded(register, area, listing, said, progress) if listing.geocoder else (register, said)


def geocoded(
    register: Register,
    area: Box | None,
    listing: Listing,
    said: tuple[str, ...],
    progress: Progress | None = None,
    pause: Pause = time.sleep,
) -> tuple[Register, tuple[str, ...]]:
    """The register with rows placed by their address that have no coordinates; withheld ones are never asked about.

    Raises
    ------
    SourceError
        If the geocoder gives no answer; what it has answered is kept.
    """
    rows = register.shelters
    is_asked = np.isnan(rows.lon) & (register.addresses != "") & ~rows.is_withheld
    wanted = np.flatnonzero(is_asked).tolist()
    queries = [
        ", ".join(filter(None, (str(register.addresses[row]), listing.geocoder_place))) for row in wanted
    ]
    service = geocoder.Service(listing.geocoder, listing.geocoder_cache, pause)
    answers = geocoder.ask(service, queries, progress or (lambda stage, share: None))
    lon, lat = rows.lon.copy(), rows.lat.copy()
    is_turned = area is not None and judge(rows.lon, rows.lat, area).is_beyond_doubt
    for row, query in zip(wanted, queries, strict=True):
        here = (answers[query].lon, answers[query].lat)
        lon[row], lat[row] = here[::-1] if is_turned else here
    found = [answers[query] for query in queries if answers[query].hits]
    several = sum(answer.hits > 1 for answer in found)
    told = (
        f"Shelters: {len(found):,} of {len(queries):,} rows without coordinates were placed by their address "
        f"({several:,} of them with several hits, the best taken); confidences are in {listing.geocoder_cache.name}."
    )
    return replace(register, shelters=replace(rows, lon=lon, lat=lat)), (*said, told)


def refuse_bare(register: Register) -> None:
    """Refuse a list of which no row says where it is, or none states its places: a city is built of both.

    Raises
    ------
    InputError
        As said, with what to do; both at once.
    """
    faults = Faults("shelters")
    rows = f"none of {len(register):,} rows"
    if np.isnan(register.shelters.lon).all():
        missing = [role for role in ("lon", "lat") if role not in register.columns]
        unread = (
            f"no column is read as {' and '.join(missing)}"
            if missing
            else "their cells hold none that can be read"
        )
        faults.add(
            f"{rows} has a position: {unread}. Name their columns (--map lon=COLUMN, --map lat=COLUMN), or give "
            "--geocoder URL to place rows by their address."
        )
    if (register.capacity_from == UNSAID).all():
        faults.add(
            f"{rows} states its places. Name their column (--map capacity=COLUMN), "
            "or give --norms COUNTRY to make places of floor areas, or --places-where-unknown N; "
            "takecover city check works without places."
        )
    faults.raise_if_any()


def box_around(lon: np.ndarray, lat: np.ndarray) -> Box | None:
    """The box around some points [degree]; None where there is none."""
    is_known = np.isfinite(lon) & np.isfinite(lat)
    if not is_known.any():
        return None
    lon, lat = lon[is_known], lat[is_known]
    return Box(float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max()))


def _area_per_person_m2(profile: str | None) -> float | None:
    if profile is None:
        return None
    for norm in norms.profile(profile).norms:
        if norm.key == AREA_KEY:
            return float(norm.value)
    with_areas = [name for name in norms.names() if any(n.key == AREA_KEY for n in norms.profile(name).norms)]
    raise InputError(f"--norms {profile}: has no floor area per person. Give one of {', '.join(with_areas)}.")
