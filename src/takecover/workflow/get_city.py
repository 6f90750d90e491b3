"""Fetches what a city is built from: streets and districts of OpenStreetMap, people of WorldPop or Kontur."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from takecover.analysis import administration
from takecover.errors import InputError, SourceError
from takecover.feeds import geofabrik, kontur, overpass, worldpop
from takecover.feeds.courier import Courier, Wanted
from takecover.io import fetch_record, unpacking
from takecover.io.fetch_record import FetchedFile, FetchRecord
from takecover.io.osm_data import ATTRIBUTION
from takecover.model.city import Source
from takecover.progress import Progress

Bbox = tuple[float, float, float, float]

FRESH = timedelta(days=1)
"""What was fetched so lately is not fetched again."""

MARGIN_DEGREES = 0.01
"""Streets are fetched so far beyond the boundary, some 1 km: the nearest shelter may lie across it."""

STREETS_FROM = ("overpass", "geofabrik")
PEOPLE_FROM = ("worldpop", "kontur", "none")
DISTRICTS_FROM = ("overpass", "none")


@dataclass(frozen=True)
class Services:
    """Addresses of the services, and which set or edition of theirs."""

    overpass_url: str = overpass.URL
    geofabrik_url: str = geofabrik.URL
    worldpop_url: str = worldpop.URL
    kontur_url: str = kontur.URL
    worldpop_set: str = worldpop.SET
    kontur_edition: str = kontur.EDITION


@dataclass(frozen=True)
class Request:
    """What to fetch.

    Attributes
    ----------
    name
        The city's name, as OpenStreetMap writes it in English, Ukrainian or its own language.
    out
        Folder for the files.
    streets_from, people_from, districts_from
        Services for the streets, the people and the districts; ``none`` for no people or districts.
    district_level
        Level of administration of the districts in OpenStreetMap; the first below the city's own where empty.
    bbox
        Area [degree], west, south, east, north; found by the name where None.
    relation_id
        Boundary in OpenStreetMap; found by the name where None.
    country
        ISO 3166 code, of two letters for Kontur, of three for WorldPop; found by the place where empty.
    services
        Addresses.
    """

    name: str
    out: Path
    streets_from: str = STREETS_FROM[0]
    people_from: str = PEOPLE_FROM[0]
    districts_from: str = DISTRICTS_FROM[0]
    district_level: str = ""
    bbox: Bbox | None = None
    relation_id: int | None = None
    country: str = ""
    services: Services = field(default_factory=Services)


class _Place(NamedTuple):
    """Where the city is [degree], and its boundary; None where only a box is known."""

    bbox: Bbox
    area: overpass.Area | None


@dataclass(frozen=True)
class _File:
    """An order, the file's name in the folder, and what it is."""

    wanted: Wanted
    name: str
    source: Source


def get_city(
    request: Request,
    progress: Progress | None = None,
    courier: Courier | None = None,
    now: datetime | None = None,
) -> FetchRecord:
    """Fetch the files of a city into a folder, and write down where they came from.

    Parameters
    ----------
    request
        What to fetch.
    progress
        Told the stage and how far it is, 0 to 1.
    courier
        Asks the services; a patient one where None.
    now
        The time, aware; that of the machine where None.

    Returns
    -------
    FetchRecord
        As ``fetched.json`` holds it. What was fetched within a day is not fetched again; a download that was cut off
        goes on the next time.

    Raises
    ------
    InputError
        If no place or several places have the name, or a service has nothing of this place.
    SourceError
        If a service fails, or the folder cannot be written.
    """
    tell = progress or (lambda stage, share: None)
    time = now or datetime.now(UTC)
    _check(request)
    own = courier or Courier()
    try:
        tell("finding the city", 0.0)
        place = _place(request, own)
        record = _older(request, place.bbox)
        fetch_record.write(record, request.out)
        for make, stage in (
            (_streets, "fetching streets"),
            (_districts, "fetching districts"),
            (_people, "fetching people"),
        ):
            file = make(request, own, place)
            if file is not None:
                record = _keep(record, file, request.out, own, time, partial(tell, stage))
    finally:
        if courier is None:
            own.close()
    return record


def _check(request: Request) -> None:
    for option, value, known in (
        ("--streets-from", request.streets_from, STREETS_FROM),
        ("--people-from", request.people_from, PEOPLE_FROM),
        ("--districts-from", request.districts_from, DISTRICTS_FROM),
    ):
        if value not in known:
            raise InputError(f"{option}: {value!a:.40} is not known. Give {', '.join(known)}.")
    level = request.district_level
    if level and administration.level(level) is None:
        raise InputError(f"--district-level: {level!a:.40} is no level of administration. Give 2 to 11.")
    if request.bbox is not None:
        west, south, east, north = request.bbox
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise InputError(f"--bbox: {request.bbox} is no area. Give WEST,SOUTH,EAST,NORTH in degrees.")
    try:
        request.out.mkdir(parents=True, exist_ok=True)
        is_foreign = any(request.out.iterdir()) and not (request.out / fetch_record.NAME).exists()
    except OSError as error:
        raise SourceError(f"{request.out}: cannot be written ({error.strerror or error}).") from error
    if is_foreign:
        raise InputError(f"{request.out}: holds other files. Give a new or empty folder.")


def _place(request: Request, courier: Courier) -> _Place:
    """Where the city is, with a margin."""
    if request.bbox is not None:
        return _Place(request.bbox, None)
    url = request.services.overpass_url
    if request.relation_id is not None:
        area = overpass.find_relation(courier, url, request.relation_id)
        return _Place(_widened(area.bbox), area)
    found = overpass.find(courier, url, request.name)
    if len(found) == 1:
        return _Place(_widened(found[0].bbox), found[0])
    if not found:
        raise InputError(
            f"no place is called {request.name!r:.80} in OpenStreetMap. Write it as is done there, or give --bbox."
        )
    listed = "; ".join(
        f"--relation {area.relation_id} ({area.name:.60}, level {area.level or 'unknown'}, {_extent(area.bbox)})"
        for area in found[:10]
    )
    raise InputError(f"{len(found)} places are called {request.name!r:.80}. Say which: {listed}.")


def _extent(bbox: Bbox) -> str:
    return f"{bbox[2] - bbox[0]:.2f} by {bbox[3] - bbox[1]:.2f} degrees"


def _widened(bbox: Bbox) -> Bbox:
    west, south, east, north = bbox
    return (
        max(-180.0, west - MARGIN_DEGREES),
        max(-90.0, south - MARGIN_DEGREES),
        min(180.0, east + MARGIN_DEGREES),
        min(90.0, north + MARGIN_DEGREES),
    )


def _older(request: Request, bbox: Bbox) -> FetchRecord:
    """The record of the folder where it is of the same place; an empty one otherwise."""
    older = fetch_record.read(request.out)
    if older is not None and older.bbox == bbox:
        return replace(older, name=request.name)
    return FetchRecord(request.name, bbox, ())


def _streets(request: Request, courier: Courier, place: _Place) -> _File:
    if request.streets_from == "geofabrik":
        wanted = geofabrik.extract(courier, request.services.geofabrik_url, place.bbox)
        source = Source("streets", "OpenStreetMap, extract of Geofabrik", "ODbL 1.0", "", ATTRIBUTION)
        return _File(wanted, "streets.osm.pbf", source)
    source = Source("streets", "OpenStreetMap by Overpass", "ODbL 1.0", "", ATTRIBUTION)
    return _File(overpass.streets(request.services.overpass_url, place.bbox), "streets.json", source)


def _districts(request: Request, courier: Courier, place: _Place) -> _File | None:
    if request.districts_from == "none":
        return None
    url = request.services.overpass_url
    found = overpass.districts(courier, url, place.area, place.bbox, request.district_level)
    if not found:
        return None
    source = Source("districts", "OpenStreetMap by Overpass", "ODbL 1.0", "", ATTRIBUTION)
    return _File(overpass.outlines(url, found), "districts.json", source)


def _people(request: Request, courier: Courier, place: _Place) -> _File | None:
    bbox = place.bbox
    if request.people_from == "none":
        return None
    services = request.services
    alpha2 = alpha3 = request.country
    if not request.country:
        lon, lat = (bbox[0] + bbox[2]) / 2, (bbox[1] + bbox[3]) / 2
        alpha2, alpha3 = overpass.country(courier, services.overpass_url, lon, lat)
    if not alpha3:
        raise InputError("the country of the city is not known. Give --country, or --people-from none.")
    if request.people_from == "kontur":
        edition = services.kontur_edition
        line = "People: Kontur Population Dataset, CC BY 4.0"
        source = Source("people", "Kontur Population", kontur.LICENCE, _dated(edition), line)
        return _File(kontur.hexagons(services.kontur_url, alpha2, edition), "people.gpkg.gz", source)
    grid = worldpop.grid(courier, services.worldpop_url, alpha3, services.worldpop_set)
    line = "People: WorldPop (worldpop.org), CC BY 4.0"
    source = Source("people", f"WorldPop, {services.worldpop_set}", worldpop.LICENCE, grid.year, line)
    return _File(grid.wanted, "people.tif", source)


def _dated(edition: str) -> str:
    return f"{edition[:4]}-{edition[4:6]}-{edition[6:]}"


def _keep(
    record: FetchRecord,
    file: _File,
    folder: Path,
    courier: Courier,
    now: datetime,
    tell: Callable[[float], None],
) -> FetchRecord:
    """Fetch a file unless it is there and fresh; the record with it, written at once."""
    name = file.name.removesuffix(".gz")
    query = file.wanted.form.get("data", "")
    for entry in record.files:
        is_same = (entry.file, entry.url, entry.query) == (name, file.wanted.url, query)
        if is_same and (folder / name).is_file() and _is_fresh(entry, now):
            return record
    path = folder / file.name
    found = courier.fetch(file.wanted, path, tell)
    size_bytes, sha256 = found
    if file.name != name:
        _unpack(path, folder / name)
        size_bytes, sha256 = (folder / name).stat().st_size, fetch_record.checksum(folder / name)
    when = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    entry = FetchedFile(name, file.wanted.url, query, when, size_bytes, sha256, file.source)
    others = tuple(other for other in record.files if other.source.subject != file.source.subject)
    record = replace(record, files=(*others, entry))
    fetch_record.write(record, folder)
    return record


def _is_fresh(entry: FetchedFile, now: datetime) -> bool:
    try:
        age = now - datetime.fromisoformat(entry.fetched_at)
    except ValueError:
        return False
    return timedelta(0) <= age < FRESH


def _unpack(packed: Path, path: Path) -> None:
    """Unpack a file beside itself, whole or not at all, and delete the packed one."""
    fresh = path.with_name(f"{path.name}.new")
    try:
        with fresh.open("wb") as file:
            for piece in unpacking.pieces(packed):
                file.write(piece)
        fresh.replace(path)
        packed.unlink()
    except InputError as error:
        packed.unlink(missing_ok=True)
        raise SourceError(f"{error} It was fetched broken.") from error
    except OSError as error:
        if isinstance(error, SourceError):
            raise
        raise SourceError(f"{path}: cannot be written ({error.strerror or error}).") from error
    finally:
        fresh.unlink(missing_ok=True)
