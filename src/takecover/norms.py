"""Norm profiles: what a country's rules ask of its shelters, as named and dated tables.

A profile is shown beside a plan's figures; nothing is computed from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from takecover import packaged
from takecover.errors import InputError

TABLE = "norms.csv"
COLUMNS = ("profile", "dated", "key", "value", "unit", "standing", "source")


@dataclass(frozen=True)
class Norm:
    """One line of a profile.

    Attributes
    ----------
    key
        What is ruled, such as ``gathering_radius``.
    value
        Its value as text.
    unit
        Unit of the value.
    standing
        ``verified``, ``from_memory``, ``assumption`` or ``derived``, as in the table of parameters.
    source
        Reference or address.
    """

    key: str
    value: str
    unit: str
    standing: str
    source: str

    @property
    def is_verified(self) -> bool:
        """True where the value was read at its source."""
        return self.standing == "verified"


@dataclass(frozen=True)
class Profile:
    """The norms of one country as of one date.

    Attributes
    ----------
    name
        Short name, such as ``ukraine``.
    title
        What it is called.
    dated
        ISO 8601 date of the rules or of their description.
    norms
        The lines, in the order of the table.
    """

    name: str
    title: str
    dated: str
    norms: tuple[Norm, ...]


@cache
def _profiles() -> dict[str, Profile]:
    by_name: dict[str, list[dict[str, str]]] = {}
    for row in packaged.rows(TABLE, COLUMNS):
        by_name.setdefault(row["profile"], []).append(row)
    return {name: _profile(name, rows) for name, rows in by_name.items()}


def _profile(name: str, rows: list[dict[str, str]]) -> Profile:
    titles = [row["value"] for row in rows if row["key"] == "title"]
    norms = tuple(
        Norm(row["key"], row["value"], row["unit"], row["standing"], row["source"])
        for row in rows
        if row["key"] != "title"
    )
    return Profile(name, titles[0], rows[0]["dated"], norms)


def names() -> tuple[str, ...]:
    """Names of the profiles, in the order of ``norms.csv``."""
    return tuple(_profiles())


def profile(name: str) -> Profile:
    """One profile by its name.

    Raises
    ------
    InputError
        There is no such profile; the message names those that there are.

    Examples
    --------
    >>> profile("finland").norms[0].value
    '250'
    """
    try:
        return _profiles()[name]
    except KeyError:
        raise InputError(f"norm_profile: '{name}' is unknown. Give one of: {', '.join(names())}.") from None
