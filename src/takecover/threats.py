"""Threats by name: how much time each leaves between the siren and the strike, as a packaged, sourced table.

Times are those of single strikes and type data; how they are weighted is ours, and marked so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from takecover import packaged
from takecover.errors import InputError

TABLE = "threats.csv"
COLUMNS = ("threat", "time_s", "permille", "standing", "source")


@dataclass(frozen=True)
class Chance:
    """One of the times that a threat leaves.

    Attributes
    ----------
    time_s
        From the siren to the strike [s]; 0 or below where the siren comes with it or after it.
    permille
        Thousandths of the strikes.
    standing, source
        As in the table of parameters.
    """

    time_s: int
    permille: int
    standing: str
    source: str


@cache
def _threats() -> dict[str, tuple[Chance, ...]]:
    found: dict[str, list[Chance]] = {}
    for row in packaged.rows(TABLE, COLUMNS):
        chance = Chance(int(row["time_s"]), int(row["permille"]), row["standing"], row["source"])
        found.setdefault(row["threat"], []).append(chance)
    return {name: tuple(chances) for name, chances in found.items()}


def names() -> tuple[str, ...]:
    """Names of the threats, in the order of ``threats.csv``."""
    return tuple(_threats())


def threat(name: str) -> tuple[Chance, ...]:
    """The times that a threat leaves, shortest first.

    Raises
    ------
    InputError
        There is no such threat; the message names those that there are.

    Examples
    --------
    >>> [(chance.time_s, chance.permille) for chance in threat("cruise")]
    [(1200, 500), (3600, 500)]
    """
    try:
        return _threats()[name]
    except KeyError:
        raise InputError(f"threat: {name!a:.80} is unknown. Give one of: {', '.join(names())}.") from None


def usual_time_s(name: str) -> int:
    """The longest time that more than half of the strikes leave; the shortest above 0 where there is none [s].

    Examples
    --------
    >>> usual_time_s("ballistic"), usual_time_s("zircon")
    (240, 10)
    """
    return usual_of((chance.time_s, chance.permille) for chance in threat(name))


def usual_of(chances: Iterable[tuple[int, int]]) -> int:
    """The same of any warning times, ascending [s], each with its thousandths.

    Examples
    --------
    >>> usual_of([(-60, 500), (300, 500)])
    300
    """
    left, found = 1000, 0
    for time_s, permille in chances:
        if time_s > 0 and (not found or left > 500):
            found = time_s
        left -= permille
    return found
