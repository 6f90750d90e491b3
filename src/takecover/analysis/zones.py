"""Makes districts of outlines: parts joined, slips mended, overlaps and holes told; finds what lies in which."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
import shapely

from takecover.analysis import polygons
from takecover.analysis.parsed import ParsedAreas, ParsedDistricts, ParsedTotals
from takecover.dtypes import INDEX, NO_INDEX
from takecover.errors import Faults
from takecover.kernels import geodesy
from takecover.model.city import Zones

SMALL_HOLE_M2 = 10_000.0
"""A hole that no other district fills is closed where it is smaller than this: it is a slip of the pen."""

SHOWN = 5
"""Districts that a sentence names before it only counts."""

GENERIC_WORDS = frozenset(
    (
        "р",
        "н",
        "раион",
        "raion",
        "rayon",
        "district",
        "borough",
        "ward",
        "stadsdel",
        "bydel",
        "dzielnica",
        "linnaosa",
        "rova",
        "רובע",
        "שכונת",
    )
)
"""Words that one list writes with a district's name and another leaves out, accents taken off."""

NONE = Zones(np.zeros(0, np.str_), np.zeros(0, np.str_), np.zeros(0, np.str_), np.zeros(0, object))
"""No districts."""


def zones(districts: ParsedDistricts) -> tuple[Zones, tuple[str, ...]]:
    """Make districts, by id, and say what was wrong with their outlines.

    Rows of one id are joined. Outlines that cross themselves are mended where `polygons.mend` calls it safe. Holes
    smaller than a hectare that no other district fills are closed.

    Raises
    ------
    InputError
        If an outline is missing, is no polygon or is beyond mending: all at once, each with its row.
    """
    mended = polygons.mend(districts.shapes)
    faults = Faults(districts.source.name)
    for i in np.flatnonzero(mended.faults != ""):
        name = f"row {districts.line[i]}, {str(districts.names[i])[:60]!r}"
        faults.add(f"{name}: the outline {mended.faults[i]}. Draw it again, or take the row out.")
    faults.raise_if_any()
    ids, first, part = np.unique(districts.zone_ids, return_index=True, return_inverse=True)
    shapes = np.array([_joined(mended.shapes[part == k]) for k in range(len(ids))], dtype=object)
    shapes, closed, open_holes = _close_small_holes(shapes)
    names = _told_apart(districts.names[first], ids)
    found = Zones(ids, names, districts.names_uk[first], shapes)
    return found, (
        *_of_parts(len(districts), len(ids)),
        *_named("cross themselves and were mended", districts.names[mended.is_mended]),
        *_of_holes(closed, open_holes),
        *_of_overlaps(found),
        *districts.findings,
    )


def locate(zones: Zones, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """District of each point, the first by id where outlines overlap, -1 where in none, shape (n,) int32."""
    return polygons.locate(zones.outlines, lon, lat).astype(INDEX)


def used(zones: Zones, zone_idx: np.ndarray) -> tuple[Zones, np.ndarray]:
    """The districts that some positions name, and the new position for each old one, -1 for -1.

    Parameters
    ----------
    zones
        Districts.
    zone_idx
        Positions among them, -1 for none, shape (n,) int32.

    Returns
    -------
    Zones, np.ndarray
        The districts in their order, and shape (z + 1,) int32: the last row serves position -1.
    """
    kept = np.unique(zone_idx[zone_idx >= 0])
    position = np.full(len(zones) + 1, NO_INDEX, INDEX)
    position[kept] = np.arange(len(kept), dtype=INDEX)
    names = zones.names[kept], zones.names_uk[kept]
    return Zones(zones.zone_ids[kept], *names, zones.outlines[kept]), position


def join(totals: ParsedTotals, zones: Zones) -> ParsedAreas:
    """Give the people of districts by name the outlines of the districts.

    Names are compared in small letters without accents, apostrophes and words like *district*; a row may also have
    the id or the Ukrainian name.

    Raises
    ------
    InputError
        If a name fits no district or two rows are of one district: all at once.
    """
    faults = Faults(totals.source.name)
    position: dict[str, int] = {}
    for names in (zones.zone_ids, zones.names_uk, zones.names):
        position.update({plain(name): k for k, name in enumerate(names.tolist()) if plain(name)})
    if not len(zones):
        faults.add("people by name of district and no districts. Give their outlines: --districts FILE.")
    at = np.array([position.get(plain(name), -1) for name in totals.names.tolist()], dtype=np.int64)
    seen: dict[int, int] = {}
    for k, (name, line) in enumerate(zip(totals.names.tolist(), totals.line.tolist(), strict=True)):
        if at[k] < 0 and len(zones):
            known = ", ".join(zones.names[:SHOWN].tolist())
            faults.add(f"row {line}: {name!r:.60} is no district. Give a name of theirs ({known} ...).")
        elif seen.setdefault(int(at[k]), line) != line:
            faults.add(
                f"row {line}: {name!r:.60} stands on row {seen[int(at[k])]} too. Give one row for each."
            )
    faults.raise_if_any()
    without = zones.names[np.setdiff1d(np.arange(len(zones)), at)]
    return ParsedAreas(
        area_ids=zones.zone_ids[at],
        shapes=zones.outlines[at],
        people=totals.people,
        ages=totals.ages,
        age_classes=totals.age_classes,
        is_cell=False,
        line=totals.line,
        source=totals.source,
        findings=_named("have no number of people in the table: taken as 0", without),
    )


def plain(name: str) -> str:
    """A district's name for comparison.

    Examples
    --------
    >>> plain("Солом’янський район") == plain("Солом'янський")
    True
    """
    letters = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(c for c in letters if not unicodedata.combining(c) and c not in "'’ʼ`´‘\"")
    words = re.sub(r"[\W_]+", " ", bare).split()
    return " ".join(word for word in words if word not in GENERIC_WORDS) or " ".join(words)


def _joined(parts: np.ndarray) -> shapely.Geometry:
    return parts[0] if len(parts) == 1 else shapely.union_all(parts)


def _told_apart(names: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """Names with the id behind those that stand more than once."""
    values, counts = np.unique(names, return_counts=True)
    twice = set(values[counts > 1].tolist())
    told = [
        f"{n} {i}" if n in twice and n != i else n for n, i in zip(names.tolist(), ids.tolist(), strict=True)
    ]
    return np.array(told, dtype=np.str_)


def _close_small_holes(shapes: np.ndarray) -> tuple[np.ndarray, int, int]:
    """Outlines without their small empty holes, how many were closed, and how many are left empty."""
    closed = left = 0
    result = shapes.copy()
    tree = shapely.STRtree(shapes)
    for k in np.flatnonzero(_hole_counts(shapes)):
        keep = []
        for part in shapely.get_parts(shapes[k]):
            rings = []
            for ring in shapely.get_rings(part)[1:]:
                hole = shapely.polygons(ring)
                is_filled = any(j != k for j in tree.query(shapely.point_on_surface(hole), "intersects"))
                is_small = _area_m2(hole) < SMALL_HOLE_M2
                closed += not is_filled and is_small
                left += not is_filled and not is_small
                if is_filled or not is_small:
                    rings.append(ring)
            keep.append(shapely.Polygon(shapely.get_exterior_ring(part), rings))
        result[k] = keep[0] if len(keep) == 1 else shapely.multipolygons(keep)
    return result, closed, left


def _hole_counts(shapes: np.ndarray) -> np.ndarray:
    parts, owner = shapely.get_parts(shapes, return_index=True)
    return np.bincount(owner, shapely.get_num_interior_rings(parts), minlength=len(shapes))


def _area_m2(shape: shapely.Geometry) -> float:
    lon_m, lat_m = geodesy.metres_per_degree(float(shapely.bounds(shape)[1]))
    return float(shapely.area(shape) * lon_m * lat_m)


def _of_parts(rows: int, districts: int) -> tuple[str, ...]:
    if rows == districts:
        return ()
    return (f"Districts: {rows:,} rows are parts of {districts:,} districts: rows of one id were joined.",)


def _named(what: str, names: Sequence[str] | np.ndarray) -> tuple[str, ...]:
    """One sentence of districts that have something in common; none where there is none."""
    if len(names) == 0:
        return ()
    shown = ", ".join(str(name)[:60] for name in names[:SHOWN]) + (" ..." if len(names) > SHOWN else "")
    return (f"Districts: {len(names):,} {what} ({shown}).",)


def _of_holes(closed: int, left: int) -> tuple[str, ...]:
    said = []
    if closed:
        said.append(f"Districts: holes under 1 ha that no other district fills were closed: {closed:,}.")
    if left:
        said.append(
            f"Districts: holes that no other district fills: {left:,}. Who is there is in no district."
        )
    return tuple(said)


def _of_overlaps(zones: Zones) -> tuple[str, ...]:
    pairs = [f"{zones.names[a]} and {zones.names[b]}" for a, b in polygons.overlaps(zones.outlines)]
    if not pairs:
        return ()
    shown = ", ".join(pairs[:SHOWN]) + (" ..." if len(pairs) > SHOWN else "")
    return (
        f"Districts: these overlap by more than 1 % of the smaller: {shown} ({len(pairs):,} in all). "
        "What lies in two is counted in the first by id.",
    )
