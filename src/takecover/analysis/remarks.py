"""One remark on a row of a register, and the rule that made it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from takecover.analysis.register import Register
from takecover.analysis.surroundings import Surroundings

WRONG, DOUBTFUL, GAP = "wrong", "doubtful", "gap"
"""What a remark says of a row: mend it; look at it; something is not known."""

WHOLE_LIST = -1
"""Row of a remark that is about the list, or a district, as a whole."""


class Remark(NamedTuple):
    """One thing to mend.

    Attributes
    ----------
    row_idx
        Position of the row; `WHOLE_LIST` where it is about no single row.
    rule
        Name of the rule.
    values
        What its sentence names.
    """

    row_idx: int
    rule: str
    values: Mapping[str, Any]


Find = Callable[[Register, Surroundings], Iterator[Remark]]


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes
    ----------
    name
        Its name; its sentences stand in the report's phrases under ``check.rule.<name>``.
    weight
        WRONG, DOUBTFUL or GAP.
    role
        Role of the column that is to be mended; empty where it is the row.
    needs
        What it cannot do without: roles of columns, ``positions``, or what `Surroundings.known` names.
    find
        Finds what breaks it.
    """

    name: str
    weight: str
    role: str
    needs: tuple[str, ...]
    find: Find
