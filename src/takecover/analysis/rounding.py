"""Controlled rounding: a table made whole so that every row, column and grand total is rounded too.

Never looks at the size of a number to favour it: the expected value of every cell is its exact value.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from takecover.dtypes import COUNT

_Line = tuple[str, int]
_LUCK_BITS = 62


def controlled(numerators: Sequence[Sequence[int]], denominator: int, rng: np.random.Generator) -> np.ndarray:
    """Round a table of fractions to whole numbers; cells, rows, columns and grand total each by less than 1.

    Parameters
    ----------
    numerators
        The table times the denominator, m rows of n whole numbers of any size.
    denominator
        What to divide by, at least 1.
    rng
        Decides which way each cycle turns.

    Returns
    -------
    np.ndarray
        Whole numbers, shape (m, n) int64. A value that is whole already, of a cell or of a total, stays.

    Notes
    -----
    The table is folded: a last column and a last row hold the totals with their sign turned, so that every line
    adds up to 0. The fractional cells are the edges of a graph whose vertices are rows and columns; no vertex has
    exactly one, so there is a cycle. Its cells are moved up and down by turns until one is whole: no line changes
    its sum, and no cell leaves the two whole numbers about it. The chance of either sense makes the expected move 0.
    Each move ends at least one cell, so there are at most (m + 1)(n + 1).

    References
    ----------
    Causey B. D., Cox L. H., Ernst L. R. (1985) Applications of transportation theory to statistical problems.
    J. Am. Stat. Assoc. 80, 903-909. Cox L. H. (1987) A constructive procedure for unbiased controlled rounding.
    J. Am. Stat. Assoc. 82, 520-524.

    Examples
    --------
    >>> controlled([[1, 1], [1, 1]], 2, np.random.default_rng(1)).sum()
    np.int64(2)
    """
    row_count, column_count = len(numerators), len(numerators[0]) if numerators else 0
    folded = [[int(value) for value in row] for row in numerators]
    folded = [[*row, -sum(row)] for row in folded]
    folded.append([-sum(column) for column in zip(*folded, strict=True)])
    rest = {
        (("row", m), ("column", n)): value % denominator
        for m, row in enumerate(folded)
        for n, value in enumerate(row)
        if value % denominator
    }
    is_up = _settle(rest, denominator, rng)
    whole = np.array([[value // denominator for value in row] for row in numerators], dtype=COUNT)
    whole = whole.reshape(row_count, column_count)
    for ((_, m), (_, n)), up in is_up.items():
        if m < row_count and n < column_count:
            whole[m, n] += up
    return whole


def _settle(
    rest: dict[tuple[_Line, _Line], int], whole: int, rng: np.random.Generator
) -> dict[tuple[_Line, _Line], int]:
    """1 for each fractional cell that goes up, 0 for each that goes down; empties `rest`."""
    settled: dict[tuple[_Line, _Line], int] = {}
    open_lines: dict[_Line, dict[_Line, None]] = {}
    for row, column in rest:
        open_lines.setdefault(row, {})[column] = None
        open_lines.setdefault(column, {})[row] = None
    while rest:
        cycle = _cycle(open_lines, next(iter(rest))[0])
        up, down = cycle[::2], cycle[1::2]
        rise = min(min(whole - rest[cell] for cell in up), min(rest[cell] for cell in down))
        fall = min(min(rest[cell] for cell in up), min(whole - rest[cell] for cell in down))
        luck = int(rng.integers(0, 1 << _LUCK_BITS))
        move = rise if luck * (rise + fall) < fall << _LUCK_BITS else -fall
        for cells, step in ((up, move), (down, -move)):
            for cell in cells:
                rest[cell] += step
                if rest[cell] in (0, whole):
                    settled[cell] = rest.pop(cell) // whole
                    row, column = cell
                    del open_lines[row][column], open_lines[column][row]
    return settled


def _cycle(open_lines: dict[_Line, dict[_Line, None]], start: _Line) -> list[tuple[_Line, _Line]]:
    """Cells of a cycle of fractional cells, each sharing a line with the next, found by walking from a line."""
    path: list[_Line] = [start]
    place = {start: 0}
    before: _Line | None = None
    while True:
        here = path[-1]
        ahead = next(line for line in open_lines[here] if line != before)
        if ahead in place:
            lines = [*path[place[ahead] :], ahead]
            return [(a, b) if a[0] == "row" else (b, a) for a, b in pairwise(lines)]
        place[ahead] = len(path)
        before = here
        path.append(ahead)
