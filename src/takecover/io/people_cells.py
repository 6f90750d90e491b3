"""Reads people of H3 cells from a table with a column of cell ids."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely

from takecover.analysis.parsed import ParsedAreas
from takecover.analysis.swap import Box
from takecover.errors import Faults, InputError
from takecover.io import csv_table
from takecover.io.csv_table import CsvTable
from takecover.model.city import Source

_CELL = re.compile(r"8[0-9a-f]{14}")
LOOKED_AT = 50
"""Rows that must look like cells for a column to be one."""


def find_column(table: CsvTable, columns: Sequence[str]) -> str | None:
    """The first of some columns whose texts look like H3 cells, or None."""
    for name in columns:
        at = table.header.index(name)
        if are_cells([row[at] for row in table.rows[:LOOKED_AT]]):
            return name
    return None


def are_cells(texts: Sequence[str]) -> bool:
    """True where more than half of some texts look like H3 cells."""
    return 2 * sum(_CELL.fullmatch(text.strip().casefold()) is not None for text in texts) > len(texts)


def cut(cells: ParsedAreas, area: Box | None) -> ParsedAreas:
    """The cells whose middle lies in the city; what is cut off is told. All of them where `area` is None."""
    if area is None or not len(cells):
        return cells
    middle = shapely.get_coordinates(shapely.centroid(cells.shapes))
    is_in = area.holds(middle[:, 0], middle[:, 1])
    if is_in.all():
        return cells
    inside, outside = float(cells.people[is_in].sum()), float(cells.people[~is_in].sum())
    said = (
        f"People: cells are in the city or out of it by their middle: {inside:,.0f} people in {int(is_in.sum()):,} "
        f"cells are in, {outside:,.0f} in {int((~is_in).sum()):,} are outside the area of the streets."
    )
    return replace(
        cells,
        area_ids=cells.area_ids[is_in],
        shapes=cells.shapes[is_in],
        people=cells.people[is_in],
        ages=cells.ages[is_in],
        line=cells.line[is_in],
        findings=(*cells.findings, said),
    )


def read(table: CsvTable, cell_column: str, people_column: str, area: Box | None) -> ParsedAreas:
    """Read cells with people.

    Parameters
    ----------
    table
        The table.
    cell_column, people_column
        Its columns of H3 cells (hexadecimal) and of people.
    area
        Where the city is; None for all cells.

    Raises
    ------
    InputError
        If cells are none, stand twice or contain each other, or people are no numbers: all at once, with their lines.
    """
    faults = Faults(str(table.path))
    people = table.parse(people_column, csv_table.amount, 0.0, faults, "Give people from 0")
    cells = [text.casefold() for text in csv_table.unique_ids(table, cell_column, faults)]
    _check_cells(cells, table, cell_column, faults)
    csv_table.sort_by_line(faults)
    faults.raise_if_any()
    found = ParsedAreas(
        area_ids=np.array(cells, dtype=np.str_),
        shapes=_outlines(cells, table),
        people=np.array(people, dtype=np.float64),
        ages=np.zeros((len(cells), 0)),
        age_classes=(),
        is_cell=True,
        line=np.array(table.lines, dtype=np.int64),
        source=Source("people", table.path.name, "not stated"),
        findings=(_said(cells, cell_column, people_column),),
    )
    return cut(found, area)


def _check_cells(cells: Sequence[str], table: CsvTable, column: str, faults: Faults) -> None:
    """Note what is no cell, and cells that lie within others."""
    import h3

    lines = dict(zip(cells, table.lines, strict=True))
    good = [cell for cell in cells if h3.is_valid_cell(cell)]
    for cell in dict.fromkeys(cells):
        if cell and not h3.is_valid_cell(cell):
            faults.add(
                f"line {lines[cell]}, {column}: {cell!a:.60} is no H3 cell. Give its 15 hexadecimal digits."
            )
    levels = sorted({h3.get_resolution(cell) for cell in good})
    for cell in good:
        for level in levels[: levels.index(h3.get_resolution(cell))]:
            parent = h3.cell_to_parent(cell, level)
            if parent in lines:
                remedy = "Give each place once, in cells of one size"
                faults.add(
                    f"line {lines[cell]}, {column}: {cell} lies in {parent} of line {lines[parent]}. {remedy}."
                )


def _outlines(cells: Sequence[str], table: CsvTable) -> np.ndarray:
    """Hexagons [degree]; the few that span the date line are refused."""
    import h3

    rings = [[(lon, lat) for lat, lon in h3.cell_to_boundary(cell)] for cell in cells]
    shapes = np.array([shapely.Polygon(ring) for ring in rings], dtype=object)
    bounds = shapely.bounds(shapes)
    is_wide = bounds[:, 2] - bounds[:, 0] > 180
    if is_wide.any():
        first = int(np.flatnonzero(is_wide)[0])
        raise InputError(
            f"{table.path}: line {table.lines[first]}: {cells[first]} lies across the date line. Take it out."
        )
    return shapes


def _said(cells: Sequence[str], cell_column: str, people_column: str) -> str:
    import h3

    sizes = ", ".join(str(level) for level in sorted({h3.get_resolution(cell) for cell in cells}))
    columns = f"{cell_column!a:.40} and {people_column!a:.40}"
    return f"People: {len(cells):,} H3 cells of size {sizes}, from the columns {columns}."
