"""A plan as tables that GeoPandas, DuckDB and QGIS read as they are: flows, shelters, origins and costs.

Times are seconds, each exactly a number of deciseconds over ten; an outside solver can redo the plan from them alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from takecover.analysis import timeline
from takecover.analysis.figures import REASONS
from takecover.analysis.reasons import Reasons
from takecover.io import geoparquet
from takecover.io.arrow import marks, numbers, packed
from takecover.io.geoparquet import GEOMETRY
from takecover.model.city import City
from takecover.model.costs import Costs
from takecover.model.plan import Plan
from takecover.model.timeline import Timeline


def flows(city: City, plan: Plan) -> pa.Table:
    """How many people go from where to which door, and their walk.

    Columns: ``origin_id, group, shelter_id, entrance_id, people, walk_time_s``, and a straight line from the origin to
    the door. One row for each origin, group and shelter with people, in the order of the cost table.
    """
    entries = np.flatnonzero(plan.flow)
    columns = _walks(city, plan.costs, entries)
    people = numbers(plan.flow[entries])
    line = _lines(city, plan.costs, entries)
    return pa.table(
        {**_first(columns, 4), "people": people, "walk_time_s": columns["walk_time_s"], GEOMETRY: line}
    )


def costs(city: City, costs: Costs) -> pa.Table:
    """Every walk within the limit: ``origin_id, group, shelter_id, entrance_id, walk_time_s``.

    The walk ends at the door: neither delay nor queue nor the way from the door to cover is in it.
    """
    return pa.table(_walks(city, costs, np.arange(len(costs.shelter_idx))))


def shelters(city: City, plan: Plan, scramble: Timeline) -> pa.Table:
    """Each shelter with what the plan makes of it.

    Columns: ``shelter_id, capacity, load, price_people, price_s`` (what one more place gains: people under cover, those
    expected, as a float, where there are several warning times; and seconds of walk saved), then name, kind,
    district, what the scramble makes of it, and the point.
    """
    table = city.shelters
    limit_ds = plan.costs.time_limit_ds
    return pa.table(
        {
            "shelter_id": _text(table.shelter_ids.tolist()),
            "capacity": numbers(plan.capacity),
            "load": numbers(plan.load),
            "price_people": numbers(plan.price_people),
            "price_s": numbers(plan.price_ds / 10),
            "name": _text(table.names.tolist()),
            "kind": _text(table.kinds.tolist()),
            "zone_id": _named(city.zones.zone_ids, table.zone_idx),
            "scramble_load": numbers(timeline.load(scramble, limit_ds, len(table))),
            "turned_away": numbers(timeline.turned_away(scramble, limit_ds, len(table))),
            "is_withheld": marks(table.is_withheld),
            GEOMETRY: _wkb(shapely.points(table.lon, table.lat)),
        }
    )


def origins(city: City, plan: Plan, reasons: Reasons) -> pa.Table:
    """Each origin and group with those who are left outside.

    Columns: ``origin_id, group, people, unserved``, then the reason (null where nobody is left outside), the district
    and the point. One row for each origin and group, in the order of the cost table, also where there is nobody.
    """
    demand, rows = city.demand, plan.costs
    reason_idx = np.select([getattr(reasons, name) > 0 for name in REASONS], range(len(REASONS)), -1)
    return pa.table(
        {
            "origin_id": _named(demand.origin_ids, rows.origin_idx),
            "group": _named(_group_names(city), rows.group_idx),
            "people": numbers(plan.people),
            "unserved": numbers(plan.unserved),
            "reason": _named(np.array(REASONS), reason_idx),
            "zone_id": _named(city.zones.zone_ids, demand.zone_idx[rows.origin_idx]),
            GEOMETRY: _wkb(shapely.points(demand.lon, demand.lat)[rows.origin_idx]),
        }
    )


def public_shelters(shelters: Sequence[Mapping[str, Any]]) -> pa.Table:
    """The shelters of a public plan: name, kind, how full, a band of places, and the point.

    Parameters
    ----------
    shelters
        As in the ``plan.json`` of a public plan.
    """
    return pa.table(
        {
            **{key: _text(s[key] for s in shelters) for key in ("shelter_id", "name", "kind", "level")},
            "places_at_least": numbers(np.array([s["places"][0] for s in shelters], np.int64)),
            "places_at_most": numbers(np.array([s["places"][1] for s in shelters], np.int64)),
            GEOMETRY: _wkb(shapely.points([s["lon"] for s in shelters], [s["lat"] for s in shelters])),
        }
    )


def write(table: pa.Table, path: Path, notes: Mapping[str, Any]) -> None:
    """Write a table as Parquet; as GeoParquet 1.1 where it has shapes.

    Parameters
    ----------
    table
        The table; shapes stand as WKB in the column ``geometry``.
    path
        File to write.
    notes
        What every output must carry, kept as JSON under ``takecover`` in the file's own metadata.
    """
    geoparquet.write_table(path, table, {"takecover": json.dumps(dict(notes), ensure_ascii=False)})


def _walks(city: City, costs: Costs, entries: np.ndarray) -> dict[str, pa.Array]:
    """The columns that say which walk an entry of the cost table is."""
    rows = costs.row_idx[entries]
    shelters = city.shelters
    return {
        "origin_id": _named(city.demand.origin_ids, costs.origin_idx[rows]),
        "group": _named(_group_names(city), costs.group_idx[rows]),
        "shelter_id": _named(shelters.shelter_ids, costs.shelter_idx[entries]),
        "entrance_id": _named(shelters.entrances.entrance_ids, costs.entrance_idx[entries]),
        "walk_time_s": numbers(costs.walk_time_ds[entries] / 10),
    }


def _lines(city: City, costs: Costs, entries: np.ndarray) -> pa.Array:
    """A straight line from the origin to the door of each entry."""
    at, door = costs.origin_idx[costs.row_idx[entries]], costs.entrance_idx[entries]
    doors = city.shelters.entrances
    ends = np.stack(
        [
            np.column_stack([city.demand.lon[at], city.demand.lat[at]]),
            np.column_stack([doors.lon[door], doors.lat[door]]),
        ],
        axis=1,
    )
    return _wkb(shapely.linestrings(ends))


def _first(columns: dict[str, pa.Array], count: int) -> dict[str, pa.Array]:
    return dict(list(columns.items())[:count])


def _group_names(city: City) -> np.ndarray:
    return np.array([group.name for group in city.demand.groups], dtype=object)


def _text(values: Iterable[Any]) -> pa.Array:
    return packed([str(value).encode() for value in values], pa.string())


def _named(names: np.ndarray, position_idx: np.ndarray) -> pa.Array:
    """The names at some positions, packed: each name is stored once; null at position -1."""
    index = numbers(np.maximum(position_idx, 0).astype(np.int32), position_idx >= 0)
    return pa.DictionaryArray.from_arrays(index, _text([*names.tolist(), ""]))


def _wkb(shapes: np.ndarray) -> pa.Array:
    return packed(shapely.to_wkb(shapes).tolist(), pa.binary())
