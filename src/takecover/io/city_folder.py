"""A city as a folder of GeoParquet tables and ``city.json``, that GeoPandas, DuckDB and QGIS open as it is.

Ids stand in the files, positions in the program. ``docs/city-folder.md`` describes the format ``takecover-city/2``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from takecover.analysis.places import Unplaced
from takecover.dtypes import INDEX
from takecover.errors import Faults, InputError, SourceError
from takecover.io import ages_table, city_json, geoparquet, shelter_tables, whole
from takecover.io.city_json import Head
from takecover.io.columns import POINT, SNAP, Columns, positions, snap, snap_columns, zone_ids, zone_positions
from takecover.io.geoparquet import Field
from takecover.model import check
from takecover.model.city import City, Zones
from takecover.model.demand import Demand
from takecover.model.network import Network
from takecover.progress import Progress

FIELDS: Mapping[str, tuple[Field, ...]] = {
    "nodes": (Field("node_id", "int"), *POINT),
    "segments": (
        Field("segment_idx", "int"),
        Field("tail_id", "int"),
        Field("head_id", "int"),
        Field("length_m", "float"),
        Field("climb_m", "float", may_be_empty=True),
        Field("is_steps", "bool"),
        Field("is_oneway", "bool"),
    ),
    "origins": (Field("origin_id", "text"), *POINT, Field("zone_id", "text"), *SNAP),
    **shelter_tables.FIELDS,
    "zones": (
        Field("zone_id", "text"),
        Field("name", "text"),
        Field("name_uk", "text"),
        Field("geometry", "geometry", may_be_empty=True),
    ),
    "water": (Field("geometry", "geometry"),),
}
"""Columns of each table, without those of people, which hang on periods and groups."""


def people_column(period: str, group: str) -> str:
    """Column of the origins that holds the people of a period and a group."""
    return f"people__{period}__{group}"


def write(
    city: City,
    folder: Path,
    progress: Progress | None = None,
    *,
    unplaced: Sequence[Unplaced] = (),
    build: Mapping[str, Any] | None = None,
    more: Mapping[str, str] | None = None,
) -> None:
    """Write a city, whole or not at all; the same city gives the same bytes.

    Parameters
    ----------
    city
        A city that has passed `model.check.city`.
    folder
        Folder to appear; an older city there is replaced.
    progress
        Told the stage and how far it is, 0 to 1.
    unplaced
        Rows of the sources that are not in the city; written to ``unplaced.parquet``.
    build
        What was found when it was built, for ``city.json``.
    more
        Texts of further files by name, such as corrections made by hand.

    Raises
    ------
    InputError
        If the folder is there and not ours.
    SourceError
        If the disk refuses; nothing has changed then.
    """
    tell = progress or (lambda stage, share: None)
    writers = (_write_network, _write_demand, shelter_tables.write, _write_zones, ages_table.write)
    with whole.folder(folder, marker=city_json.NAME) as fresh:
        for done, write_part in enumerate(writers):
            tell("writing the city", done / (len(writers) + 1))
            write_part(city, fresh)
        _write_unplaced(unplaced, fresh)
        for name, text in (more or {}).items():
            (fresh / name).write_text(text, encoding="utf-8")
        (fresh / city_json.NAME).write_text(city_json.text(city, build or {}), encoding="utf-8")
    tell("writing the city", 1.0)


def _write_network(city: City, folder: Path) -> None:
    network = city.network
    points = np.column_stack([network.lon, network.lat])
    nodes = {"node_id": network.node_ids, "lon": network.lon, "lat": network.lat}
    geoparquet.write(folder / "nodes.parquet", nodes, shapely.points(points))
    segments = {
        "segment_idx": np.arange(network.segment_count, dtype=INDEX),
        "tail_id": network.node_ids[network.tail],
        "head_id": network.node_ids[network.head],
        "length_m": network.length_m,
        "climb_m": network.climb_m,
        "is_steps": network.is_steps,
        "is_oneway": network.is_oneway,
    }
    lines = shapely.linestrings(np.stack([points[network.tail], points[network.head]], axis=1))
    geoparquet.write(folder / "segments.parquet", segments, lines)


def _write_demand(city: City, folder: Path) -> None:
    demand = city.demand
    columns = {
        "origin_id": demand.origin_ids,
        "lon": demand.lon,
        "lat": demand.lat,
        "zone_id": zone_ids(city.zones, demand.zone_idx),
        **snap_columns(demand.snap),
    }
    for p, period in enumerate(demand.periods):
        for g, group in enumerate(demand.groups):
            columns[people_column(period, group.name)] = demand.people[p, :, g]
    geoparquet.write(folder / "origins.parquet", columns, shapely.points(demand.lon, demand.lat))


def _write_zones(city: City, folder: Path) -> None:
    zones = city.zones
    columns = {"zone_id": zones.zone_ids, "name": zones.names, "name_uk": zones.names_uk}
    geoparquet.write(folder / "zones.parquet", columns, zones.outlines)
    number = np.arange(len(city.water), dtype=INDEX)
    geoparquet.write(folder / "water.parquet", {"water_idx": number}, city.water)


def _write_unplaced(rows: Sequence[Unplaced], folder: Path) -> None:
    kinds = {"lon": np.float64, "lat": np.float64, "amount": np.int64, "line": np.int64}
    columns = {
        name: np.array([row[k] for row in rows], dtype=kinds.get(name, np.str_))
        for k, name in enumerate(Unplaced._fields)
    }
    has_place = np.isfinite(columns["lon"]) & np.isfinite(columns["lat"])
    points = np.full(len(rows), None, object)
    points[has_place] = shapely.points(columns["lon"][has_place], columns["lat"][has_place])
    geoparquet.write(folder / "unplaced.parquet", columns, points)


def read(folder: Path, progress: Progress | None = None) -> City:
    """Read a city; everything is checked at the door.

    Parameters
    ----------
    folder
        Folder that `write` has written.
    progress
        Told the stage and how far it is, 0 to 1.

    Raises
    ------
    SourceError
        If the folder is not there or cannot be read.
    InputError
        With every fault of every file: missing files and columns, wrong types, unknown ids, broken rules.
    """
    tell = progress or (lambda stage, share: None)
    if not folder.is_dir():
        raise SourceError(f"{folder}: is no folder that is there. Name the folder of a city.")
    faults = Faults(f"city folder {folder}")
    head = city_json.read(folder / city_json.NAME, faults)
    version = head.version if head else city_json.VERSION
    tables = {}
    for done, (name, fields) in enumerate(_fields(version).items()):
        tell("reading the city", done / (len(FIELDS) + 1))
        more = _people_fields(head) if name == "origins" and head else ()
        tables[name] = geoparquet.read(folder / f"{name}.parquet", (*fields, *more), faults)
    ages = ages_table.read(folder, head.age_classes, tables["origins"], faults) if head else None
    faults.raise_if_any()
    whole_tables = {name: table for name, table in tables.items() if table is not None}
    if head is None:
        raise InputError(f"city folder {folder}: {city_json.NAME} says nothing. Build the city again.")
    city = _city(head, shelter_tables.upgrade(whole_tables, version), faults)
    city = replace(city, ages=ages)
    try:
        city = check.city(city)
    except InputError as error:
        for message in error.faults:
            faults.add(message)
    faults.raise_if_any()
    tell("reading the city", 1.0)
    return city


def read_unplaced(folder: Path) -> tuple[Unplaced, ...]:
    """Rows of the sources that are not in a city, as `write` has written them.

    Raises
    ------
    InputError
        If the table is broken.
    """
    kinds = {"lon": "float", "lat": "float", "amount": "int", "line": "int"}
    fields = tuple(Field(name, kinds.get(name, "text"), may_be_empty=True) for name in Unplaced._fields)
    faults = Faults(f"city folder {folder}")
    table = geoparquet.read(folder / "unplaced.parquet", fields, faults)
    faults.raise_if_any()
    columns = [(table or {})[name].tolist() for name in Unplaced._fields]
    return tuple(Unplaced(*row) for row in zip(*columns, strict=True))


def read_head(folder: Path) -> Head:
    """Read what ``city.json`` says, without the tables.

    Raises
    ------
    SourceError
        If the folder is not there.
    InputError
        If the file is broken.
    """
    if not folder.is_dir():
        raise SourceError(f"{folder}: is no folder that is there. Name the folder of a city.")
    faults = Faults(f"city folder {folder}")
    head = city_json.read(folder / city_json.NAME, faults)
    faults.raise_if_any()
    if head is None:
        raise InputError(f"city folder {folder}: {city_json.NAME} says nothing. Build the city again.")
    return head


def _fields(version: int) -> Mapping[str, tuple[Field, ...]]:
    """Columns of each table as a folder of some version has them."""
    of_shelters = shelter_tables.fields(version)
    return {
        name: of_shelters.get(name, own)
        for name, own in FIELDS.items()
        if name in of_shelters or name not in shelter_tables.FIELDS
    }


def _people_fields(head: Head) -> tuple[Field, ...]:
    return tuple(Field(people_column(p, g.name), "int") for p in head.periods for g in head.groups)


def _city(head: Head, tables: Mapping[str, Columns], faults: Faults) -> City:
    """The city of the tables, ids turned into positions; notes ids that are unknown."""
    zones = tables["zones"]
    return City(
        name=head.name,
        title=head.title,
        title_uk=head.title_uk,
        network=_network(tables, faults),
        demand=_demand(head, tables, faults),
        shelters=shelter_tables.shelters(tables, faults),
        zones=Zones(zones["zone_id"], zones["name"], zones["name_uk"], zones["geometry"]),
        water=tables["water"]["geometry"],
        sources=head.sources,
        notices=head.notices,
        notices_uk=head.notices_uk,
        is_modelled=head.is_modelled,
    )


def _network(tables: Mapping[str, Columns], faults: Faults) -> Network:
    nodes, segments = tables["nodes"], tables["segments"]
    rows = segments["segment_idx"]
    if not np.array_equal(rows, np.arange(len(rows))):
        faults.add("segments.parquet: segment_idx does not count from 0 row by row. Build the city again.")
    return Network(
        node_ids=nodes["node_id"],
        lon=nodes["lon"],
        lat=nodes["lat"],
        tail=positions("segments.tail_id", segments["tail_id"], nodes["node_id"], rows, faults),
        head=positions("segments.head_id", segments["head_id"], nodes["node_id"], rows, faults),
        length_m=segments["length_m"],
        climb_m=segments["climb_m"],
        is_steps=segments["is_steps"],
        is_oneway=segments["is_oneway"],
    )


def _demand(head: Head, tables: Mapping[str, Columns], faults: Faults) -> Demand:
    origins = tables["origins"]
    ids = origins["origin_id"]
    columns = [[origins[people_column(p, g.name)] for g in head.groups] for p in head.periods]
    people = np.array(columns, dtype=np.int64).reshape(len(head.periods), len(head.groups), len(ids))
    return Demand(
        origin_ids=ids,
        lon=origins["lon"],
        lat=origins["lat"],
        snap=snap(origins),
        zone_idx=zone_positions("origins", origins, ids, tables, faults),
        groups=head.groups,
        periods=head.periods,
        people=people.transpose(0, 2, 1),
    )
