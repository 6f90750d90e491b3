"""Columns that several tables of a city folder share: places, ties to streets, and ids in place of positions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from takecover.dtypes import INDEX, NO_INDEX
from takecover.errors import Faults
from takecover.io.geoparquet import Field
from takecover.model.city import Zones
from takecover.model.network import EdgePoints

Columns = dict[str, np.ndarray]

POINT = (Field("lon", "float"), Field("lat", "float"))
SNAP = (Field("segment_idx", "int"), Field("segment_fraction", "float"), Field("offset_m", "float"))


def ids_at(ids: np.ndarray, idx: np.ndarray) -> np.ndarray:
    """Outside id at each position, empty at -1, shape of `idx`."""
    return np.asarray(np.append(ids, "")[idx])


def zone_ids(zones: Zones, zone_idx: np.ndarray) -> np.ndarray:
    """Outside id of each zone; empty where in none."""
    return ids_at(zones.zone_ids, zone_idx)


def snap_columns(snap: EdgePoints) -> Columns:
    """Ties to segments as columns of a table."""
    return {"segment_idx": snap.segment_idx, "segment_fraction": snap.fraction, "offset_m": snap.offset_m}


def snap(table: Columns) -> EdgePoints:
    """Columns of a table as ties to segments."""
    return EdgePoints(table["segment_idx"], table["segment_fraction"], table["offset_m"])


def zone_positions(
    subject: str, table: Columns, ids: np.ndarray, tables: Mapping[str, Columns], faults: Faults
) -> np.ndarray:
    """Position of the zone of each row; -1 where in none; a fault where one is unknown."""
    known = tables["zones"]["zone_id"]
    return positions(f"{subject}.zone_id", table["zone_id"], known, ids, faults, nothing="")


def positions(
    field: str, wanted: np.ndarray, known: np.ndarray, rows: np.ndarray, faults: Faults, nothing: Any = None
) -> np.ndarray:
    """Position of each id among the known ones; -1 for `nothing`; a fault for an unknown one."""
    found = np.full(len(wanted), NO_INDEX, np.int64)
    if len(known):
        order = np.argsort(known, kind="stable")
        at = np.minimum(np.searchsorted(known, wanted, sorter=order), len(known) - 1)
        found = np.where(known[order[at]] == wanted, order[at], NO_INDEX)
    is_unknown = (found == NO_INDEX) & (wanted != nothing if nothing is not None else True)
    table = field.split(".", 1)[0]
    faults.add_rows(
        field, is_unknown, rows, wanted, "are unknown", f"Mend {table}.parquet or build the city again"
    )
    return np.where(is_unknown & (nothing is None), 0, found).astype(INDEX)
