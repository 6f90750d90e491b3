"""Reads and writes ``city.json``: what a city is called, where it came from, and what every output must say."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import takecover
from takecover.errors import Faults, InputError
from takecover.io import json_text
from takecover.io.files import read_bytes
from takecover.model.ages import AgeClass
from takecover.model.city import City, Source
from takecover.model.demand import MobilityGroup

NAME = "city.json"
FORMAT, VERSION = "takecover-city", 2
LARGEST_BYTES = 5_000_000

MIGRATIONS: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: dict}
"""For each older version, what makes a document of the next one. The second brought tables alone, nothing here."""

Kind = TypeVar("Kind", str, bool, list[Any])


@dataclass(frozen=True)
class Head:
    """What ``city.json`` says, checked; ``version`` is that of the folder, however old."""

    version: int
    name: str
    title: str
    title_uk: str
    is_modelled: bool
    groups: tuple[MobilityGroup, ...]
    periods: tuple[str, ...]
    age_classes: tuple[AgeClass, ...]
    sources: tuple[Source, ...]
    notices: tuple[str, ...]
    notices_uk: tuple[str, ...]
    build: Mapping[str, Any]


def text(city: City, build: Mapping[str, Any]) -> str:
    """The document of a city.

    Parameters
    ----------
    city
        The city.
    build
        What was found when it was built: counts, findings and choices; empty where it was made.
    """
    document = {
        "format": f"{FORMAT}/{VERSION}",
        "takecover_version": takecover.__version__,
        "name": city.name,
        "title": city.title,
        "title_uk": city.title_uk,
        "is_modelled": city.is_modelled,
        "attributions": list(city.attributions),
        "notices": list(city.notices),
        "notices_uk": list(city.notices_uk),
        "groups": [vars(group) for group in city.demand.groups],
        "periods": list(city.demand.periods),
        "age_classes": [] if city.ages is None else [vars(one) for one in city.ages.classes],
        "sources": [vars(source) for source in city.sources],
        "build": dict(build),
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def read(path: Path, faults: Faults) -> Head | None:
    """Read ``city.json``; notes everything that is wrong with it.

    Raises
    ------
    SourceError
        If the file is there and cannot be read.
    """
    document = _document(path, faults)
    if document is None:
        return None
    before = len(faults.messages)
    head = Head(
        version=int(document["format"].rpartition("/")[2]),
        name=_take(document, "name", str, faults),
        title=_take(document, "title", str, faults),
        title_uk=_take(document, "title_uk", str, faults),
        is_modelled=_take(document, "is_modelled", bool, faults),
        groups=_groups(document, faults),
        periods=_texts(document, "periods", faults),
        age_classes=_age_classes(document, faults),
        sources=_sources(document, faults),
        notices=_texts(document, "notices", faults),
        notices_uk=_texts(document, "notices_uk", faults),
        build=build if isinstance(build := document.get("build"), dict) else {},
    )
    return head if len(faults.messages) == before else None


def _document(path: Path, faults: Faults) -> dict[str, Any] | None:
    """The object of the file in the form of today, or None and a fault."""
    remedy = "Build the city again"
    if not path.is_file():
        faults.add(f"{NAME}: is not there. Name a folder that 'takecover city build' has written.")
        return None
    try:
        document = json_text.parse(read_bytes(path, LARGEST_BYTES))
    except ValueError as error:
        if isinstance(error, InputError):
            faults.add(str(error))
        else:
            faults.add(f"{NAME}: is no JSON in UTF-8 ({error!s:.120}). {remedy}.")
        return None
    if not isinstance(document, dict):
        faults.add(f"{NAME}: holds no object. {remedy}.")
        return None
    found = document.get("format")
    match = re.fullmatch(rf"{FORMAT}/([1-9]\d{{0,3}})", found, re.ASCII) if isinstance(found, str) else None
    if match is None:
        faults.add(f"{NAME}: format is {found!r:.60}, not '{FORMAT}/{VERSION}'. Name a folder of a city.")
        return None
    return _migrate(document, int(match[1]), faults)


def _migrate(document: dict[str, Any], version: int, faults: Faults) -> dict[str, Any] | None:
    """The document in the form of today."""
    if version > VERSION:
        known = f"this program reads up to {FORMAT}/{VERSION}"
        faults.add(
            f"{NAME}: format is '{FORMAT}/{version}', {known}. Use a newer Takecover, or build the city again."
        )
        return None
    for step in range(version, VERSION):
        document = MIGRATIONS[step](document)
    return document


def _take(document: Mapping[str, Any], key: str, kind: type[Kind], faults: Faults, where: str = "") -> Kind:
    """The value of a key in its type, or an empty one and a fault."""
    value = document.get(key)
    if not isinstance(value, kind):
        words = {str: "a text", bool: "true or false", list: "a list"}[kind]
        faults.add(f"{NAME}: {where}{key} is {value!r:.60}. Give {words}.")
        return kind()
    return value


def _texts(document: Mapping[str, Any], key: str, faults: Faults) -> tuple[str, ...]:
    values: list[Any] = _take(document, key, list, faults)
    for value in values:
        if not isinstance(value, str):
            faults.add(f"{NAME}: {key} holds {value!r:.60}. Give texts.")
    return tuple(value for value in values if isinstance(value, str))


def _objects(document: Mapping[str, Any], key: str, faults: Faults) -> list[dict[str, Any]]:
    values: list[Any] = _take(document, key, list, faults)
    for value in values:
        if not isinstance(value, dict):
            faults.add(f"{NAME}: {key} holds {value!r:.60}. Give objects.")
    return [value for value in values if isinstance(value, dict)]


def _groups(document: Mapping[str, Any], faults: Faults) -> tuple[MobilityGroup, ...]:
    return tuple(
        MobilityGroup(
            _take(group, "name", str, faults, "groups: "),
            _take(group, "needs_step_free", bool, faults, "groups: "),
        )
        for group in _objects(document, "groups", faults)
    )


def _age_classes(document: Mapping[str, Any], faults: Faults) -> tuple[AgeClass, ...]:
    """The classes of age; none where the document does not speak of them, as those of older programs do not."""
    if "age_classes" not in document:
        return ()
    classes = []
    for one in _objects(document, "age_classes", faults):
        first, last = one.get("from_years"), one.get("to_years")
        if (
            type(first) is int
            and (last is None or type(last) is int)
            and 0 <= first <= 999
            and (last is None or 0 <= last <= 999)
        ):
            classes.append(AgeClass(first, last))
        else:
            faults.add(
                f"{NAME}: age_classes holds {one!r:.60}. Give from_years and to_years (null for no end)."
            )
    return tuple(classes)


def _sources(document: Mapping[str, Any], faults: Faults) -> tuple[Source, ...]:
    keys = ("subject", "name", "licence", "dated", "attribution")
    return tuple(
        Source(*(_take(source, key, str, faults, "sources: ") for key in keys))
        for source in _objects(document, "sources", faults)
    )
