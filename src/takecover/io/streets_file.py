"""The door for streets: finds out what a file is by what it holds, not by its name, and calls the reader for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from takecover.analysis.parsed import ParsedStreets
from takecover.analysis.swap import Box
from takecover.errors import InputError, TakecoverError
from takecover.io import json_text, lines, osm, unpacking
from takecover.io.files import read_bytes
from takecover.io.osm_data import OsmFile
from takecover.io.osm_pbf import PbfFile
from takecover.io.osm_xml import XmlFile
from takecover.io.overpass import OverpassFile
from takecover.progress import Progress

LARGEST_JSON_BYTES = 600_000_000
"""A larger document would not fit the memory of a small machine."""

KNOWN = ".osm.pbf, .osm, .osm.bz2, .osm.gz, an Overpass answer (.json), GeoJSON or a GeoPackage with lines"
"""What is read."""

_STAGE = "reading streets"
_SNIFFED_BYTES = 64


def read(
    path: Path, progress: Progress | None = None, *, is_private_open: bool = False, within: Box | None = None
) -> ParsedStreets:
    """Read walkable streets from a file of any known form.

    Parameters
    ----------
    path
        The file.
    progress
        Told the stage and how far it is, 0 to 1.
    is_private_open
        True to let people onto private ways.
    within
        Where the city is, for data of OpenStreetMap; ways are cut at its edge. None to take everything.

    Returns
    -------
    ParsedStreets
        The same streets in another form of OpenStreetMap data give the same table.

    Raises
    ------
    SourceError
        If the file is not there or cannot be read.
    InputError
        If it is of no known form, broken, or a bomb; the message says what to do.
    """
    tell = progress or (lambda stage, share: None)
    tell(_STAGE, 0.0)
    form = _form(path)
    if form == "geopackage":
        found = lines.streets(lines.of_geopackage(path), path, is_private_open=is_private_open)
    elif form == "json" and (document := _features(path)) is not None:
        found = lines.streets(lines.of_geojson(document, path), path, is_private_open=is_private_open)
    else:
        file = open_osm(path, lambda share: tell(_STAGE, share))
        found = osm.streets(file, str(path), is_private_open=is_private_open, within=within)
    tell(_STAGE, 1.0)
    return found


def is_osm(path: Path) -> bool:
    """True where a file holds data of OpenStreetMap; False also where it cannot be read."""
    try:
        form = _form(path)
        return form in ("pbf", "xml") or (
            form == "json" and b'"elements"' in unpacking.begins_with(path, 4096)
        )
    except TakecoverError:
        return False


def open_osm(path: Path, tell: Callable[[float], None] = lambda share: None) -> OsmFile:
    """Open a file of OpenStreetMap data, whatever its form.

    Raises
    ------
    SourceError
        If the file is not there or cannot be read.
    InputError
        If it is no such file.
    """
    form = _form(path)
    if form == "pbf":
        return PbfFile(path, tell)
    if form == "xml":
        return XmlFile(path, tell)
    if form == "json":
        return OverpassFile(path, tell)
    raise InputError(f"{path}: is no data of OpenStreetMap. Give {KNOWN}.")


def _form(path: Path) -> str:
    """``pbf``, ``xml``, ``json`` or ``geopackage``."""
    begin = unpacking.begins_with(path, _SNIFFED_BYTES)
    if b"OSMHeader" in begin[:32]:
        return "pbf"
    if begin.startswith(b"SQLite format 3\0"):
        return "geopackage"
    text = begin.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:1] in (b"{", b"["):
        return "json"
    if text[:9].lower() == b"<!doctype" or text[:5].lower() == b"<html":
        raise InputError(f"{path}: is a web page, not data. Download the file itself.")
    if text[:1] == b"<":
        return "xml"
    if begin.startswith(b"PK\x03\x04"):
        raise InputError(f"{path}: is a zip archive. Unpack it and give the file inside.")
    raise InputError(f"{path}: is of no known form. Give {KNOWN}.")


def _features(path: Path) -> dict[str, Any] | None:
    """The document, where it is GeoJSON; None where it is not, for the reader of Overpass answers to judge."""
    begin = unpacking.begins_with(path, 4096)
    if b'"elements"' in begin or (b'"Feature' not in begin and b'"features"' not in begin):
        return None
    data = read_bytes(path, LARGEST_JSON_BYTES)
    try:
        document = json_text.parse(data)
    except ValueError as error:
        raise InputError(f"{path}: is no JSON in UTF-8 ({error!s:.100}). Give GeoJSON.") from error
    if not isinstance(document, dict):
        raise InputError(f"{path}: holds no object. Give a GeoJSON FeatureCollection of lines.")
    return document
