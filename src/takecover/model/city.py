"""A city: streets, people, shelters, districts, and where each of them came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from takecover.model.ages import Ages
from takecover.model.demand import Demand
from takecover.model.network import Network
from takecover.model.shelters import Shelters


@dataclass(frozen=True)
class Source:
    """Where data came from.

    Attributes
    ----------
    subject
        What it gave: ``streets``, ``heights``, ``shelters``, ``entrances``, ``people``, ``districts``, ``water``.
    name
        The source, as it wants to be named.
    licence
        Its licence; ``not stated`` where none is.
    dated
        Date of the data, ISO 8601; empty where unknown.
    attribution
        The line that every output must carry; empty where none is asked for.
    """

    subject: str
    name: str
    licence: str
    dated: str = ""
    attribution: str = ""


def attributions(sources: Sequence[Source]) -> tuple[str, ...]:
    """Each line that an output made from the sources must carry, once, in their order."""
    return tuple(dict.fromkeys(s.attribution for s in sources if s.attribution))


@dataclass(frozen=True, eq=False)
class Zones:
    """Districts, by which figures are given.

    Attributes
    ----------
    zone_ids
        Outside id, unique, shape (z,) text.
    names
        Name, shape (z,) text.
    names_uk
        Name in Ukrainian, empty where unknown, shape (z,) text.
    outlines
        Polygon or MultiPolygon [degree, WGS84] or None where unknown, shape (z,) object.
    """

    zone_ids: np.ndarray
    names: np.ndarray
    names_uk: np.ndarray
    outlines: np.ndarray

    def __len__(self) -> int:
        return len(self.zone_ids)


@dataclass(frozen=True, eq=False)
class City:
    """Everything that a plan is made from.

    Attributes
    ----------
    name
        Short name, fit for a folder: ``uppsala``, ``model-kyiv-small``.
    title, title_uk
        Name for a page, in English and Ukrainian.
    network, demand, shelters, zones
        The tables.
    water
        Polygons for maps [degree, WGS84], shape (w,) object; empty where unknown.
    sources
        Where the data came from; their attributions stand on every output.
    notices, notices_uk
        Sentences that every output must carry ("streets are modelled ..."), English and Ukrainian, side by side.
    is_modelled
        True where the streets are made up: nothing of it is fit for a real raid.
    ages
        How old the people of each origin are; None where no source says so.
    """

    name: str
    title: str
    title_uk: str
    network: Network
    demand: Demand
    shelters: Shelters
    zones: Zones
    water: np.ndarray
    sources: tuple[Source, ...]
    notices: tuple[str, ...]
    notices_uk: tuple[str, ...]
    is_modelled: bool
    ages: Ages | None = None

    @property
    def attributions(self) -> tuple[str, ...]:
        """Each line that an output must carry, once, in the order of the sources."""
        return attributions(self.sources)
