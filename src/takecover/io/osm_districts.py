"""Reads the outlines of districts from data of OpenStreetMap: administrative boundaries of one level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import shapely

from takecover.analysis import administration, plazas
from takecover.errors import InputError
from takecover.io import streets_file
from takecover.io.features import Features
from takecover.io.osm_data import ATTRIBUTION, OsmFile, Relation, Way
from takecover.model.city import Source

MOST_BOUNDARIES = 20_000
"""Boundaries of all levels in one file; an extract of a country has fewer."""

NAME_TAGS = {"name": "name", "name_en": "name:en", "name_uk": "name:uk"}
"""Tag of each column of names."""

_LEVELS_SHOWN = 12


def read(path: Path, level: str | None) -> tuple[Features, Source]:
    """Read the boundaries of a level as a table with an id and names in three languages.

    Parameters
    ----------
    path
        The file, in any form.
    level
        ``admin_level``, as OpenStreetMap writes it; None where the file holds one level only.

    Returns
    -------
    Features, Source
        Rows in ascending order of ids, each an area with its holes; a boundary with an outer line that closes no ring
        in this file, as at the edge of an extract, is left out and told; one with such a hole is kept whole and told.

    Raises
    ------
    SourceError
        If the file cannot be read.
    InputError
        If it is broken, holds no whole boundary, or several levels and none is named.

    References
    ----------
    https://wiki.openstreetmap.org/wiki/Tag:boundary=administrative
    """
    file = streets_file.open_osm(path)
    every = _boundaries(file, path)
    wanted = [each for each in every if each.tags["admin_level"] == _level(every, level, path)]
    outlines = _outlines(file, wanted)
    kept = [(each, outline) for each, outline in zip(wanted, outlines, strict=True) if outline is not None]
    if not kept:
        raise InputError(
            f"{path}: none of its {len(wanted):,} boundaries is whole. Give an extract that holds the districts."
        )
    told = [
        f"Districts: administrative boundaries of level {kept[0][0].tags['admin_level']} in OpenStreetMap."
    ]
    if cut := len(wanted) - len(kept):
        told.append(f"Districts: {cut:,} boundaries are cut off in this file or do not close, and left out.")
    if holed := sum(not outline.are_holes_whole for _, outline in kept):
        told.append(
            f"Districts: {holed:,} boundaries have a hole that is not whole in this file; the hole is counted to them."
        )
    columns = {"id": np.array([f"relation/{each.osm_id}" for each, _ in kept], dtype=np.str_)}
    for column, tag in NAME_TAGS.items():
        texts = [each.tags.get(tag, "") for each, _ in kept]
        if any(texts):
            columns[column] = np.array(texts, dtype=np.str_)
    source = Source("districts", "OpenStreetMap", "ODbL 1.0", file.dated, ATTRIBUTION)
    return Features(path, columns, _objects([outline.shape for _, outline in kept]), tuple(told)), source


def _boundaries(file: OsmFile, path: Path) -> list[Relation]:
    """Relations of administrative boundaries with a level, in ascending order of ids."""
    found = []
    for each in file.tagged(frozenset({"relation"}), ("boundary",)):
        is_area = each.tags.get("boundary") == "administrative"
        is_area = is_area and administration.level(each.tags.get("admin_level", "")) is not None
        if is_area and isinstance(each, Relation):
            found.append(each)
            if len(found) > MOST_BOUNDARIES:
                raise InputError(
                    f"{path}: holds more than {MOST_BOUNDARIES:,} boundaries. Give a smaller extract."
                )
    file.check()
    if not found:
        raise InputError(f"{path}: holds no administrative boundary. Give an extract or a file of outlines.")
    return sorted(found, key=lambda each: each.osm_id)


def _level(every: Sequence[Relation], level: str | None, path: Path) -> str:
    counts = Counter(each.tags["admin_level"] for each in every)
    if level is not None and level in counts:
        return level
    if level is None and len(counts) == 1:
        return next(iter(counts))
    shown = sorted(counts.items(), key=lambda each: (int(each[0]), each[0]))[:_LEVELS_SHOWN]
    listed = ", ".join(f"{each} ({count:,})" for each, count in shown)
    said = "boundaries of several levels" if level is None else f"no boundary of level {level!a:.20}"
    raise InputError(f"{path}: holds {said}. Say which, {path.name}:LEVEL, of {listed}.")


class _Outline(NamedTuple):
    """An area, and whether every hole of it is there."""

    shape: shapely.Geometry
    are_holes_whole: bool


def _outlines(file: OsmFile, wanted: Sequence[Relation]) -> list[_Outline | None]:
    """The area of each boundary; None where one of its outer lines closes no ring."""
    way_ids = frozenset(m.ref for each in wanted for m in each.members if m.kind == "way")
    ways = {way.osm_id: way for way in file.ways(way_ids)}
    file.check()
    refs = np.unique(np.array([ref for way in ways.values() for ref in way.refs], dtype=np.int64))
    places = file.places(refs)
    file.check()
    at = {
        ref: (lon, lat)
        for ref, lon, lat in zip(
            places.node_ids.tolist(), places.lon.tolist(), places.lat.tolist(), strict=True
        )
    }
    return [_outline(each, ways, at) for each in wanted]


def _outline(each: Relation, ways: dict[int, Way], at: dict[int, tuple[float, float]]) -> _Outline | None:
    """One area of outer rings, each with the inner ones that lie in it."""
    outer, is_whole = _rings(each, ways, at, is_inner=False)
    if not is_whole:
        return None
    inner, are_holes_whole = _rings(each, ways, at, is_inner=True)
    left = list(range(len(inner)))
    parts = []
    for ring in outer:
        shell = shapely.Polygon(ring)
        own = [k for k in left if shapely.contains_xy(shell, inner[k][:, 0], inner[k][:, 1]).any()]
        left = [k for k in left if k not in own]
        parts.append(shapely.Polygon(ring, [inner[k] for k in own]))
    shape = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
    return _Outline(shape, are_holes_whole and not left)


def _rings(
    each: Relation, ways: dict[int, Way], at: dict[int, tuple[float, float]], *, is_inner: bool
) -> tuple[list[np.ndarray], bool]:
    """Outer or inner rings as positions, each of shape (p, 2), and whether every line of them is in one.

    True without any ring for inner lines only: a boundary without holes is whole, one without an outline is not.
    """
    refs = dict.fromkeys(m.ref for m in each.members if m.kind == "way" and (m.role == "inner") == is_inner)
    lines = [ways[ref].refs for ref in refs if ref in ways]
    joined = plazas.rings(lines)
    placed = [ring for ring in joined if all(ref in at for ref in ring)]
    is_whole = (
        len(lines) == len(refs)
        and len(placed) == len(joined)
        and sum(len(ring) - 1 for ring in joined) == sum(max(len(line) - 1, 0) for line in lines)
        and (is_inner or bool(joined))
    )
    return [np.array([at[ref] for ref in ring]) for ring in placed], is_whole


def _objects(shapes: Sequence[shapely.Geometry]) -> np.ndarray:
    found = np.empty(len(shapes), dtype=object)
    found[:] = shapes
    return found
