"""Reads the tables that travel inside the package; the only file access of the pure core."""

from __future__ import annotations

import csv
from importlib import resources

from takecover.errors import InternalError

STANDINGS = ("verified", "from_memory", "assumption", "derived")
"""How far a number can be trusted: read at its source; quoted from memory; assumed by us; computed."""


def rows(name: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of one packaged CSV table, as text, in the order of the file.

    Parameters
    ----------
    name
        File name inside the package, such as ``parameters.csv``.
    columns
        The columns that the table must have, in this order.

    Raises
    ------
    InternalError
        As `parse`.
    """
    return parse(name, resources.files("takecover").joinpath(name).read_text(encoding="utf-8"), columns)


def parse(name: str, text: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of a CSV table with a column ``standing``, checked for its form.

    Raises
    ------
    InternalError
        The columns are others, a row has a field too many, too few or an empty one, or a standing is unknown: the
        package itself is at fault.
    """
    reader = csv.DictReader(text.splitlines(), strict=True)
    if tuple(reader.fieldnames or ()) != columns:
        raise InternalError(f"{name}: columns are {list(reader.fieldnames or ())}, expected {list(columns)}.")
    table = list(reader)
    for number, row in enumerate(table, start=2):
        if None in row or not all(row.values()):
            raise InternalError(f"{name}: line {number} does not have exactly {len(columns)} filled fields.")
        if row["standing"] not in STANDINGS:
            raise InternalError(
                f"{name}: line {number}: standing '{row['standing']}' is none of {list(STANDINGS)}."
            )
    return table
