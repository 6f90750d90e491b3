"""H3 cells with people: read by their ids, refused where they are none or contain each other."""

from __future__ import annotations

from pathlib import Path

import h3
import numpy as np
import pytest
import shapely

from takecover.analysis.parsed import ParsedAreas
from takecover.analysis.swap import Box
from takecover.errors import InputError
from takecover.io import population

CELL = h3.latlng_to_cell(50.45, 30.52, 9)
RING = sorted(h3.grid_disk(CELL, 1))


def read(path: Path, text: str) -> ParsedAreas:
    file = path / "cells.csv"
    file.write_text(text, encoding="utf-8")
    (known,) = population.read([str(file)])
    assert isinstance(known.totals, ParsedAreas)
    return known.totals


@pytest.mark.parametrize("name", ["h3", "id", "hex_id", "index", "Комірка"])
def test_a_column_of_cells_is_known_by_what_it_holds(tmp_path: Path, name: str) -> None:
    cells = read(tmp_path, f"{name},people\n" + "\n".join(f"{cell},{k}" for k, cell in enumerate(RING)))
    assert cells.area_ids.tolist() == RING
    assert cells.people.tolist() == list(range(7))
    assert cells.is_cell
    for cell, shape in zip(RING, cells.shapes, strict=True):
        lat, lon = h3.cell_to_latlng(cell)
        assert shapely.contains_xy(shape, lon, lat)
    assert shapely.area(shapely.union_all(cells.shapes)) == pytest.approx(shapely.area(cells.shapes).sum())


def test_cells_win_over_the_coordinates_of_their_middles(tmp_path: Path) -> None:
    cells = read(tmp_path, f"id,lon,lat,population\n{CELL.upper()},30.52,50.45,12.5\n")
    assert (cells.area_ids.tolist(), cells.people.tolist()) == ([CELL], [12.5])


BROKEN = [
    (
        "a cell of the wrong base",
        f"{CELL},1\n8ffffffffffffff,2",
        "line 3, h3: '8ffffffffffffff' is no H3 cell",
    ),
    (
        "a word",
        f"{CELL},1\n{RING[1]},1\nkyiv,2",
        "line 4, h3: 'kyiv' is no H3 cell. Give its 15 hexadecimal digits",
    ),
    ("empty", f"{CELL},1\n{RING[1]},1\n,2", "line 4, h3: '' is no id"),
    ("twice", f"{CELL},1\n{CELL},2", f"line 3, h3: '{CELL}' is also on line 2"),
    ("within another", f"{CELL},1\n{h3.cell_to_parent(CELL, 7)},2", f"line 2, h3: {CELL} lies in"),
    ("people negative", f"{CELL},-3", "line 2, people: '-3' is negative"),
    ("people NaN", f"{CELL},nan", "line 2, people: 'nan' is no number"),
]


@pytest.mark.parametrize(("rows", "said"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_broken_cell_is_refused_with_its_line(tmp_path: Path, rows: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, f"h3,people\n{rows}\n")
    assert said in str(caught.value)


def test_a_cell_over_the_date_line_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="lies across the date line"):
        read(tmp_path, f"h3,people\n{h3.latlng_to_cell(10.0, 180.0, 3)},1\n")


def test_all_faults_are_told_in_the_order_of_the_lines(tmp_path: Path) -> None:
    rows = [f"{RING[0]},x", f"{RING[1]},1", "nowhere,1", f"{RING[1]},1"]
    with pytest.raises(InputError) as caught:
        read(tmp_path, "h3,people\n" + "\n".join(rows))
    assert [fault.split(": ")[1].split(",")[0] for fault in caught.value.faults] == [
        "line 2",
        "line 4",
        "line 5",
    ]
    assert np.unique(caught.value.faults).size == 3


def test_cells_outside_the_city_are_cut_and_told(tmp_path: Path) -> None:
    far = h3.latlng_to_cell(49.0, 30.52, 9)
    file = tmp_path / "cells.csv"
    file.write_text(f"h3,people\n{CELL},7\n{far},11\n")
    (known,) = population.read([str(file)], Box(30.4, 50.3, 30.6, 50.6))
    assert isinstance(known.totals, ParsedAreas)
    assert known.totals.area_ids.tolist() == [CELL]
    assert "7 people in 1 cells are in, 11 in 1 are outside" in known.totals.findings[-1]
