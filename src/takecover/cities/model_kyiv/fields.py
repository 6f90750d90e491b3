"""How dense streets and people are, place by place: quarters from the facts, their edges made ragged by a seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from takecover.cities.model_kyiv import facts

CELL_M = 80.0
"""Side of a cell of the tables that densities are read from [m]."""

REACH_M = 30_000.0
"""Half the side of the square that the tables cover [m]."""

HALO = 1.6
"""Radius of a quarter's sparse surroundings over its own."""

HALO_SHARE = 0.25
"""Density of the surroundings over that of the quarter."""

RAGGED_M = 130.0
"""Height of each of the waves that make edges ragged [m]."""

WAVES = 5


@dataclass(frozen=True, eq=False)
class Field:
    """A density that is read from a table of square cells.

    Attributes
    ----------
    cells
        Value of each cell, south to north and west to east, shape (n, n) float64.
    """

    cells: np.ndarray

    def __call__(self, x_m: np.ndarray, y_m: np.ndarray) -> np.ndarray:
        """Value at each point [m from the city's middle]; the nearest cell's beyond the table."""
        column, row = (
            np.clip((axis_m + REACH_M) // CELL_M, 0, len(self.cells) - 1).astype(np.intp)
            for axis_m in (x_m, y_m)
        )
        value: np.ndarray = self.cells[row, column]
        return value

    def less(self, shape: shapely.Geometry, value: float) -> Field:
        """The same field with one value throughout a shape on the plane."""
        x_m, y_m = np.meshgrid(_middle_m(), _middle_m())
        west, south, east, north = shape.bounds
        inside = np.nonzero((x_m >= west) & (x_m <= east) & (y_m >= south) & (y_m <= north))
        cells = self.cells.copy()
        is_in = shapely.contains_xy(shape, x_m[inside], y_m[inside])
        cells[inside] = np.where(is_in, value, cells[inside])
        return Field(cells)


def _middle_m() -> np.ndarray:
    """Middle of each row or column of cells [m], shape (n,)."""
    return np.arange(-REACH_M, REACH_M, CELL_M) + CELL_M / 2


def ragged(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Middle of each cell [m], pushed about by a few waves, shape (n, n) each."""
    middle_m = _middle_m()
    x_m, y_m = np.meshgrid(middle_m, middle_m)
    pushed_x_m, pushed_y_m = x_m.copy(), y_m.copy()
    for _ in range(WAVES):
        course, phase, push = rng.uniform(0.0, 2.0 * np.pi, 3)
        number = 2.0 * np.pi / rng.uniform(900.0, 2_600.0)
        # A wave along one course is a sum over columns and rows, so its sines are taken of n numbers, not n * n.
        along_x = np.exp(1j * number * np.cos(course) * middle_m)
        along_y = np.exp(1j * (number * np.sin(course) * middle_m + phase))
        swing_m = RAGGED_M * (along_y[:, np.newaxis] * along_x[np.newaxis, :]).imag
        pushed_x_m += swing_m * np.cos(push)
        pushed_y_m += swing_m * np.sin(push)
    return pushed_x_m, pushed_y_m


def densest(
    cells_x_m: np.ndarray,
    cells_y_m: np.ndarray,
    quarter_x_m: np.ndarray,
    quarter_y_m: np.ndarray,
    columns: dict[str, float],
) -> dict[str, Field]:
    """The greatest density that a quarter has in each cell.

    Parameters
    ----------
    cells_x_m, cells_y_m
        Where each cell is taken to lie [m], shape (n, n).
    quarter_x_m, quarter_y_m
        Middle of each quarter of quarters.csv [m], shape (q,).
    columns
        Columns of quarters.csv, and the least density of each.

    Returns
    -------
    dict
        A field of each column.
    """
    cells = {column: np.full(cells_x_m.shape, least) for column, least in columns.items()}
    peaks = {column: facts.numbers("quarters.csv", column) for column in columns}
    radii_m = facts.numbers("quarters.csv", "radius_m")
    for quarter, (x0, y0, radius_m) in enumerate(zip(quarter_x_m, quarter_y_m, radii_m, strict=True)):
        half_m = 1.7 * HALO * radius_m + WAVES * RAGGED_M
        west, east = (int((x0 + end_m + REACH_M) // CELL_M) for end_m in (-half_m, half_m))
        south, north = (int((y0 + end_m + REACH_M) // CELL_M) for end_m in (-half_m, half_m))
        window = np.s_[max(south, 0) : north + 1, max(west, 0) : east + 1]
        away = ((cells_x_m[window] - x0) ** 2 + (cells_y_m[window] - y0) ** 2) / radius_m**2
        shape = np.maximum(np.exp(-away * away), HALO_SHARE * np.exp(-((away / HALO**2) ** 2)))
        for column, peak in peaks.items():
            np.maximum(cells[column][window], peak[quarter] * shape, out=cells[column][window])
    return {column: Field(values) for column, values in cells.items()}
