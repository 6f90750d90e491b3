"""The tables of a city folder that tell of shelters: where, what is behind their doors, and what was found there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import shapely

from takecover.errors import Faults
from takecover.io import geoparquet
from takecover.io.columns import (
    POINT,
    SNAP,
    Columns,
    ids_at,
    positions,
    snap,
    snap_columns,
    zone_ids,
    zone_positions,
)
from takecover.io.geoparquet import Field
from takecover.model.city import City
from takecover.model.elements import Elements
from takecover.model.inspections import Inspections
from takecover.model.shelters import UNKNOWN, Entrances, Halls, Shelters

FIELDS: Mapping[str, tuple[Field, ...]] = {
    "shelters": (
        Field("shelter_id", "text"),
        Field("name", "text"),
        Field("kind", "text"),
        *POINT,
        Field("capacity", "int"),
        Field("zone_id", "text"),
        Field("is_withheld", "bool"),
    ),
    "entrances": (
        Field("entrance_id", "text"),
        Field("shelter_id", "text"),
        *POINT,
        *SNAP,
        Field("is_step_free", "bool"),
        Field("lock", "text"),
        Field("hall_id", "text"),
    ),
    "halls": (Field("hall_id", "text"), Field("shelter_id", "text")),
    "elements": (
        Field("entrance_id", "text"),
        Field("hall_id", "text"),
        Field("kind", "text"),
        Field("clear_width_m", "float", may_be_empty=True),
        Field("count", "int"),
        Field("handrails", "int"),
        Field("length_m", "float"),
        Field("drop_m", "float"),
        Field("is_running", "bool"),
        Field("belt_speed_m_s", "float", may_be_empty=True),
        Field("flow_per_s", "float", may_be_empty=True),
    ),
    "inspections": (
        Field("shelter_id", "text"),
        Field("existence", "text"),
        Field("state", "text"),
        Field("opening", "text"),
        Field("protection_class", "text"),
        Field("depth_m", "float", may_be_empty=True),
        Field("verified_on", "text"),
        Field("verified_by", "text"),
    ),
}
"""Columns of each table."""

_ELEMENT_COLUMNS = tuple(field.name for field in FIELDS["elements"][3:])
_INSPECTION_COLUMNS = {
    "existence": "existences",
    "state": "states",
    "opening": "openings",
    "protection_class": "protection_classes",
    "depth_m": "depth_m",
    "verified_on": "verified_on",
    "verified_by": "verified_by",
}

_ADDED_IN_2 = {"lock": UNKNOWN, "hall_id": ""}
"""Columns of the entrances that folders of the first version do not have, and what stands in them then."""

_NEW_IN_2 = ("halls", "elements", "inspections")


def fields(version: int) -> Mapping[str, tuple[Field, ...]]:
    """Columns of each table as a folder of some version has them."""
    if version >= 2:
        return FIELDS
    kept = {name: own for name, own in FIELDS.items() if name not in _NEW_IN_2}
    kept["entrances"] = tuple(field for field in FIELDS["entrances"] if field.name not in _ADDED_IN_2)
    return kept


def upgrade(tables: Mapping[str, Columns], version: int) -> dict[str, Columns]:
    """Tables of a folder of some version in the form of today: what older ones do not tell is not known."""
    upgraded = dict(tables)
    if version < 2:
        count = len(tables["entrances"]["entrance_id"])
        unknown = {name: np.full(count, text, object) for name, text in _ADDED_IN_2.items()}
        upgraded["entrances"] = {**tables["entrances"], **unknown}
        kinds = {"text": object, "int": np.int64, "float": np.float64, "bool": np.bool_}
        for name in _NEW_IN_2:
            upgraded[name] = {field.name: np.empty(0, kinds[field.kind]) for field in FIELDS[name]}
    return upgraded


def write(city: City, folder: Path) -> None:
    """Write all tables that tell of shelters."""
    parts: tuple[Callable[[City, Path], None], ...] = (
        _write_shelters,
        _write_entrances,
        _write_ways,
        _write_inspections,
    )
    for write_part in parts:
        write_part(city, folder)


def _write_shelters(city: City, folder: Path) -> None:
    shelters = city.shelters
    columns = {
        "shelter_id": shelters.shelter_ids,
        "name": shelters.names,
        "kind": shelters.kinds,
        "lon": shelters.lon,
        "lat": shelters.lat,
        "capacity": shelters.capacity,
        "zone_id": zone_ids(city.zones, shelters.zone_idx),
        "is_withheld": shelters.is_withheld,
    }
    geoparquet.write(folder / "shelters.parquet", columns, shapely.points(shelters.lon, shelters.lat))


def _write_entrances(city: City, folder: Path) -> None:
    shelters, doors = city.shelters, city.shelters.entrances
    columns = {
        "entrance_id": doors.entrance_ids,
        "shelter_id": shelters.shelter_ids[doors.shelter_idx],
        "lon": doors.lon,
        "lat": doors.lat,
        **snap_columns(doors.snap),
        "is_step_free": doors.is_step_free,
        "lock": doors.locks,
        "hall_id": ids_at(shelters.halls.hall_ids, doors.hall_idx),
    }
    geoparquet.write(folder / "entrances.parquet", columns, shapely.points(doors.lon, doors.lat))


def _write_ways(city: City, folder: Path) -> None:
    shelters, halls, elements = city.shelters, city.shelters.halls, city.shelters.elements
    columns = {"hall_id": halls.hall_ids, "shelter_id": shelters.shelter_ids[halls.shelter_idx]}
    geoparquet.write_columns(folder / "halls.parquet", columns)
    columns = {
        "entrance_id": ids_at(shelters.entrances.entrance_ids, elements.entrance_idx),
        "hall_id": ids_at(halls.hall_ids, elements.hall_idx),
        "kind": elements.kinds,
        **{name: getattr(elements, name) for name in _ELEMENT_COLUMNS},
    }
    geoparquet.write_columns(folder / "elements.parquet", columns)


def _write_inspections(city: City, folder: Path) -> None:
    found = city.shelters.inspections
    columns = {"shelter_id": city.shelters.shelter_ids[found.shelter_idx]}
    columns |= {column: getattr(found, name) for column, name in _INSPECTION_COLUMNS.items()}
    geoparquet.write_columns(folder / "inspections.parquet", columns)


def shelters(tables: Mapping[str, Columns], faults: Faults) -> Shelters:
    """The shelters of the tables, ids turned into positions; notes ids that are unknown."""
    rows, halls = tables["shelters"], tables["halls"]
    ids = rows["shelter_id"]
    return Shelters(
        shelter_ids=ids,
        names=rows["name"],
        kinds=rows["kind"],
        lon=rows["lon"],
        lat=rows["lat"],
        capacity=rows["capacity"],
        zone_idx=zone_positions("shelters", rows, ids, tables, faults),
        is_withheld=rows["is_withheld"],
        entrances=_entrances(tables, faults),
        halls=Halls(
            halls["hall_id"],
            positions("halls.shelter_id", halls["shelter_id"], ids, halls["hall_id"], faults),
        ),
        elements=_elements(tables, faults),
        inspections=_inspections(tables, faults),
    )


def _entrances(tables: Mapping[str, Columns], faults: Faults) -> Entrances:
    doors, shelter_ids, hall_ids = (
        tables["entrances"],
        tables["shelters"]["shelter_id"],
        tables["halls"]["hall_id"],
    )
    ids = doors["entrance_id"]
    return Entrances(
        entrance_ids=ids,
        shelter_idx=positions("entrances.shelter_id", doors["shelter_id"], shelter_ids, ids, faults),
        lon=doors["lon"],
        lat=doors["lat"],
        snap=snap(doors),
        is_step_free=doors["is_step_free"],
        locks=doors["lock"],
        hall_idx=positions("entrances.hall_id", doors["hall_id"], hall_ids, ids, faults, nothing=""),
    )


def _elements(tables: Mapping[str, Columns], faults: Faults) -> Elements:
    table = tables["elements"]
    rows = np.arange(len(table["kind"]))
    entrance_idx, hall_idx = (
        positions(f"elements.{name}", table[name], tables[owner][name], rows, faults, nothing="")
        for name, owner in (("entrance_id", "entrances"), ("hall_id", "halls"))
    )
    own = {name: table[name] for name in _ELEMENT_COLUMNS}
    return Elements(entrance_idx=entrance_idx, hall_idx=hall_idx, kinds=table["kind"], **own)


def _inspections(tables: Mapping[str, Columns], faults: Faults) -> Inspections:
    table, known = tables["inspections"], tables["shelters"]["shelter_id"]
    ids = table["shelter_id"]
    own = {name: table[column] for column, name in _INSPECTION_COLUMNS.items()}
    return Inspections(shelter_idx=positions("inspections.shelter_id", ids, known, ids, faults), **own)
