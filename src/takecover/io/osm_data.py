"""What every file of OpenStreetMap data holds, whatever its form: nodes, ways and relations with tags."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from takecover.errors import InputError

ATTRIBUTION = "© OpenStreetMap contributors"

LARGEST_ID = 2**62
"""Ids are whole numbers nearer to 0 than this."""

MOST_REFS = 60_000_000
"""Nodes of ways that are held at a time; a file with more wanted ones holds more than a city or a country."""

Tags = Mapping[str, str]
_READINGS = 3


class Node(NamedTuple):
    """A point with tags [degree, WGS84]."""

    osm_id: int
    tags: Tags
    lon: float
    lat: float


class Way(NamedTuple):
    """A line through nodes."""

    osm_id: int
    tags: Tags
    refs: Sequence[int]


class Member(NamedTuple):
    """A part of a relation: ``node``, ``way`` or ``relation``, its id, and its role."""

    kind: str
    ref: int
    role: str


class Relation(NamedTuple):
    """A set of other elements."""

    osm_id: int
    tags: Tags
    members: Sequence[Member]


class Places(NamedTuple):
    """Positions of nodes.

    Attributes
    ----------
    node_ids
        Ids, ascending, each once, shape (n,) int64.
    lon, lat
        Position [degree, WGS84], shape (n,) float64.
    """

    node_ids: np.ndarray
    lon: np.ndarray
    lat: np.ndarray


class OsmFile(Protocol):
    """A file that can be read several times, each time for something else."""

    @property
    def dated(self) -> str:
        """Date of the data, ISO 8601; empty where the file says none. Known once something has been read."""

    def tagged(self, kinds: frozenset[str], keys: Sequence[str]) -> Iterator[Node | Way | Relation]:
        """Elements of these kinds (``node``, ``way``, ``relation``) that have one of the keys."""

    def ways(self, way_ids: frozenset[int]) -> Iterator[Way]:
        """Ways by id, in any order; those that the file lacks are passed over."""

    def places(self, node_ids: np.ndarray) -> Places:
        """Positions of those of the nodes that the file has."""

    def check(self) -> None:
        """Raise one `InputError` with every broken element found so far."""


def places_of(
    node_ids: Sequence[int] | np.ndarray, lon: Sequence[float] | np.ndarray, lat: Sequence[float] | np.ndarray
) -> Places:
    """Positions in ascending order of ids; where an id stands twice, the last one counts."""
    ids = np.asarray(node_ids, dtype=np.int64)[::-1]
    unique, first = np.unique(ids, return_index=True)
    return Places(
        unique,
        np.asarray(lon, dtype=np.float64)[::-1][first],
        np.asarray(lat, dtype=np.float64)[::-1][first],
    )


def done_share(reading: int, share: float) -> float:
    """How far all readings of a file are, where this is the n-th of some three, 0 to 1."""
    return min(1.0, (reading - 1 + share) / _READINGS)


def refuse_too_many(subject: str) -> InputError:
    """What is said of a file that holds more than can be held."""
    return InputError(
        f"{subject}: holds more than {MOST_REFS:,} nodes of streets. Give an extract that holds the city."
    )
