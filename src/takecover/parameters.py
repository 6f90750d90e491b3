"""The one table of numbers: unit, range, source and standing of each, and the value used by default."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from takecover import packaged
from takecover.errors import InternalError

TABLE = "parameters.csv"
COLUMNS = ("name", "unit", "default", "low", "high", "standing", "source", "description")


@dataclass(frozen=True)
class Parameter:
    """One number and where it comes from.

    Attributes
    ----------
    name
        Name in the table; ends in its unit where it has one.
    unit
        Unit; ``1`` for a share, a ratio or a pure number.
    default
        The value that is used where a scenario says nothing else.
    low, high
        Range within which a planner may reasonably move it.
    standing
        ``verified``: read at the source; ``from_memory``: quoted, to be checked against the original;
        ``assumption``: ours, no figure was found; ``derived``: computed from other rows or figures.
    source
        Reference or address.
    description
        What it is, in one sentence.
    """

    name: str
    unit: str
    default: float
    low: float
    high: float
    standing: str
    source: str
    description: str

    @property
    def is_verified(self) -> bool:
        """True where the number itself was read at its source, not remembered or assumed."""
        return self.standing == "verified"


@cache
def table() -> tuple[Parameter, ...]:
    """Every parameter, in the order of ``parameters.csv``, which is read at the first call.

    Examples
    --------
    >>> table()[0].name
    'walking_speed_m_s'
    """
    return tuple(
        Parameter(
            name=row["name"],
            unit=row["unit"],
            default=float(row["default"]),
            low=float(row["low"]),
            high=float(row["high"]),
            standing=row["standing"],
            source=row["source"],
            description=row["description"],
        )
        for row in packaged.rows(TABLE, COLUMNS)
    )


@cache
def _by_name() -> dict[str, Parameter]:
    return {parameter.name: parameter for parameter in table()}


def parameter(name: str) -> Parameter:
    """One parameter with its unit, range, standing and source.

    Raises
    ------
    InternalError
        The table has no such name; our own code asks for a number that is not there.
    """
    try:
        return _by_name()[name]
    except KeyError:
        raise InternalError(f"{TABLE} has no parameter '{name}'. It has: {', '.join(_by_name())}.") from None


def value(name: str) -> float:
    """Default of one parameter, in the unit that the table gives.

    Raises
    ------
    InternalError
        The table has no such name.

    Examples
    --------
    >>> value("walking_speed_m_s")
    1.19
    """
    return parameter(name).default
