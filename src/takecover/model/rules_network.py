"""The rules of a network."""

from __future__ import annotations

import numpy as np

from takecover.dtypes import INDEX
from takecover.errors import Faults
from takecover.model import rules_arrays as shared
from takecover.model.network import Network
from takecover.model.rules_arrays import Column

LONGEST_SEGMENT_M = 100_000.0
"""No straight piece of street is longer; more is a wrong unit."""

WIDEST_CITY_DEGREES = 3.0
"""Span of latitude that one city may have; beyond it the local plane is no longer true."""

COLUMNS = (
    Column("node_ids", np.int64, ("node",)),
    Column("lon", np.float64, ("node",)),
    Column("lat", np.float64, ("node",)),
    Column("tail", INDEX, ("segment",)),
    Column("head", INDEX, ("segment",)),
    Column("length_m", np.float64, ("segment",)),
    Column("climb_m", np.float64, ("segment",)),
    Column("is_steps", np.bool_, ("segment",)),
    Column("is_oneway", np.bool_, ("segment",)),
)


def admit(network: Network, faults: Faults) -> Network | None:
    """The network with frozen arrays; None where its shape is broken. Notes every fault."""
    checked = shared.admit_arrays(network, "network", COLUMNS, faults)
    if checked is not None:
        for rule in (node_ids_are_unique, nodes_are_on_earth, nodes_are_of_one_city, segments_end_at_nodes):
            rule(checked, faults)
        for rule in (lengths_are_plausible, climbs_are_finite):
            rule(checked, faults)
    return checked


def node_ids_are_unique(network: Network, faults: Faults) -> None:
    """Each node id stands once."""
    shared.ids_are_unique("network.node_ids", network.node_ids, faults)


def nodes_are_on_earth(network: Network, faults: Faults) -> None:
    """Each node has a longitude and a latitude."""
    shared.positions_are_on_earth("network", network.lon, network.lat, network.node_ids, faults)


def nodes_are_of_one_city(network: Network, faults: Faults) -> None:
    """All nodes lie within three degrees of the middle one, so that one plane serves them."""
    for name, values in (("lon", network.lon), ("lat", network.lat)):
        if not len(values) or not np.isfinite(values).all():
            continue
        scale = np.cos(np.radians(np.median(np.clip(network.lat, -90, 90)))) if name == "lon" else 1.0
        is_far = np.abs(values - np.median(values)) * scale > WIDEST_CITY_DEGREES / 2
        remedy = "Give the streets of one city, at most about 300 km across"
        faults.add_rows(
            f"network.{name}", is_far, network.node_ids, values, "lie far from the others", remedy
        )


def segments_end_at_nodes(network: Network, faults: Faults) -> None:
    """Both ends of each segment are nodes."""
    rows = np.arange(network.segment_count)
    shared.indices_are_in_range("network.tail", network.tail, network.node_count, rows, faults)
    shared.indices_are_in_range("network.head", network.head, network.node_count, rows, faults)


def lengths_are_plausible(network: Network, faults: Faults) -> None:
    """Lengths are from 0 to 100 km."""
    length_m = network.length_m
    with np.errstate(invalid="ignore"):
        is_bad = ~((length_m >= 0.0) & (length_m <= LONGEST_SEGMENT_M))
    rows = np.arange(len(length_m))
    remedy = f"Give metres from 0 to {LONGEST_SEGMENT_M:.0f}"
    faults.add_rows("network.length_m", is_bad, rows, length_m, "are no length of a street", remedy)


def climbs_are_finite(network: Network, faults: Faults) -> None:
    """Climbs are metres, or NaN where unknown."""
    rows = np.arange(len(network.climb_m))
    is_bad = np.isinf(network.climb_m)
    faults.add_rows(
        "network.climb_m", is_bad, rows, network.climb_m, "are infinite", "Give metres, NaN where unknown"
    )
