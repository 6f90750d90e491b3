"""Finds the city that a person names: a folder, or a city that the project makes."""

from __future__ import annotations

from pathlib import Path

from takecover import cities
from takecover.errors import InputError
from takecover.model import check
from takecover.model.city import City
from takecover.progress import Progress


def load_city(named: str, progress: Progress | None = None) -> City:
    """The city of a folder, or a made city by its name; a folder of that name goes first.

    Parameters
    ----------
    named
        Path of a city folder, or one of `cities.names`.
    progress
        Told the stage and how far it is, 0 to 1.

    Raises
    ------
    SourceError
        If the folder cannot be read.
    InputError
        If there is no such city, or its files are broken: all faults at once.
    """
    folder = Path(named)
    if named.strip() and folder.is_dir():
        from takecover.io import city_folder

        return city_folder.read(folder, progress)
    if named in cities.names():
        return check.city(cities.make(named, progress))
    known = ", ".join(cities.names())
    raise InputError(
        f"{named!a:.120}: is no folder and no city that Takecover makes. Give a folder or one of {known}."
    )


def build_findings(named: str) -> tuple[str, ...]:
    """What was found when the city of a folder was built; nothing for a made city.

    Raises
    ------
    SourceError
        If the folder cannot be read.
    InputError
        If its ``city.json`` is broken.
    """
    folder = Path(named)
    if not folder.is_dir():
        return ()
    from takecover.io import city_folder

    found = city_folder.read_head(folder).build.get("findings", [])
    return tuple(line for line in found if isinstance(line, str)) if isinstance(found, list) else ()
