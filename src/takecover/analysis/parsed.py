"""Tables as a reader hands them over: what a file says, before it is placed on a network and checked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from takecover.model.city import Source

UNKNOWN, NO, YES = -1, 0, 1
"""What a file says of a question that has a third answer."""


@dataclass(frozen=True, eq=False)
class ParsedStreets:
    """Walkable streets: n nodes, and s straight segments between consecutive nodes of a way.

    Attributes
    ----------
    node_ids
        Outside id, unique, shape (n,) int64.
    lon, lat
        Position [degree, WGS84], shape (n,) float64.
    way_ids
        Way that each segment is a part of; its segments stand together and in its order, shape (s,) int64.
    tail, head
        Positions of the nodes at its ends, shape (s,) int64.
    highway
        Kind of street in OSM's words, shape (s,) text.
    is_steps, is_oneway
        As in `model.network.Network`, shape (s,) bool.
    source
        Where it came from.
    findings
        What the reader left out and why, as sentences.
    is_off_ground
        True on bridges and in tunnels, shape (s,) bool; None where the file does not say.
    height_m
        Height of the ground at each node [m], NaN where unknown, shape (n,) float64; None where no heights were given.
    """

    node_ids: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    way_ids: np.ndarray
    tail: np.ndarray
    head: np.ndarray
    highway: np.ndarray
    is_steps: np.ndarray
    is_oneway: np.ndarray
    source: Source
    findings: tuple[str, ...] = ()
    is_off_ground: np.ndarray | None = None
    height_m: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class ParsedShelters:
    """Rows of a shelter list, in its order.

    Attributes
    ----------
    shelter_ids
        Outside id, unique, shape (r,) text.
    names
        Name or address, empty where unknown, shape (r,) text.
    kinds
        One of `model.rules_shelters.KINDS`, shape (r,) text.
    lon, lat
        Position as the file gives it [degree]; NaN where it gives none, shape (r,) float64.
    capacity
        Places, shape (r,) int64.
    step_free
        Whether a wheelchair gets in: YES, NO or UNKNOWN, shape (r,) int8.
    is_withheld
        True where the public must not be shown it, shape (r,) bool.
    line
        Line of the file, from 1, shape (r,) int64.
    source
        Where it came from.
    findings
        What the reader saw and did not use, as sentences.
    """

    shelter_ids: np.ndarray
    names: np.ndarray
    kinds: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    capacity: np.ndarray
    step_free: np.ndarray
    is_withheld: np.ndarray
    line: np.ndarray
    source: Source
    findings: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.shelter_ids)


@dataclass(frozen=True, eq=False)
class ParsedPeople:
    """People at points, in the order of the file.

    Attributes
    ----------
    origin_ids
        Outside id, unique, shape (r,) text.
    lon, lat
        Position [degree, WGS84], shape (r,) float64.
    people
        People, at least 0, not whole in many sources, shape (r,) float64.
    line
        Line of the file, from 1, shape (r,) int64.
    source
        Where it came from.
    findings
        What the reader saw and did not use, as sentences.
    """

    origin_ids: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    people: np.ndarray
    line: np.ndarray
    source: Source
    findings: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.origin_ids)
