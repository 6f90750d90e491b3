"""The fields of a payload: what each may hold, how it is written as plain JSON, how it is read back.

A field says its form once; building a payload, hashing it and reading a hostile line all go by that form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, get_args, get_type_hints

from takecover.model.canonical import Plain

LONGEST_ID = 200
MOST_IDS = 2_000
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Form:
    """How one field is checked, written and read.

    Attributes
    ----------
    read
        From the plain value to the field's; raises ValueError with what is wrong and what is allowed.
    write
        From the field's value to the plain one.
    """

    read: Callable[[object], Any]
    write: Callable[[Any], Plain]


def _as_it_is(value: Any) -> Plain:
    return value  # type: ignore[no-any-return]


def outside_id(*, may_be_empty: bool = False) -> Form:
    """An outside name of a thing: printable text of at most `LONGEST_ID` characters."""
    return Form(lambda value: _read_id(value, may_be_empty), _as_it_is)


def outside_ids(*, at_least: int = 0) -> Form:
    """Several outside names, each once, in the order given."""

    def read(value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not at_least <= len(value) <= MOST_IDS:
            raise ValueError(f"is no list of {at_least} to {MOST_IDS} ids")
        found = tuple(_read_id(each, False) for each in value)
        if len(set(found)) != len(found):
            raise ValueError("names an id twice; give each once")
        return found

    return Form(read, list)


def choice(*allowed: str) -> Form:
    """One word of a closed list."""

    def read(value: object) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise ValueError(f"{value!r:.60} is none of: {', '.join(allowed)}")
        return value

    return Form(read, _as_it_is)


def code(*, may_be_empty: bool = False) -> Form:
    """A lower-case word of an open list, such as a kind of threat."""

    def read(value: object) -> str:
        if value == "" and may_be_empty:
            return ""
        if not isinstance(value, str) or not _CODE.fullmatch(value):
            raise ValueError(f"{value!r:.60} is no lower-case word of at most 40 letters, digits and _")
        return value

    return Form(read, _as_it_is)


def whole(low: int, high: int, *, may_be_none: bool = False) -> Form:
    """A whole number from low to high; None where nothing is known, if that is allowed."""

    def read(value: object) -> int | None:
        if value is None and may_be_none:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"{value!r:.60} is no whole number from {low} to {high}")
        return value

    return Form(read, _as_it_is)


def moment(*, may_be_none: bool = False) -> Form:
    """A time, aware; kept to the millisecond, in UTC."""

    def read(value: object) -> datetime | None:
        return None if value is None and may_be_none else read_moment(value)

    def write(value: datetime | None) -> Plain:
        return None if value is None and may_be_none else write_moment(value)

    return Form(read, write)


def read_moment(value: object) -> datetime:
    """A time from its one spelling, ``2026-11-25T02:00:00.000Z``.

    Raises
    ------
    ValueError
        Another spelling, or no time.
    """
    if isinstance(value, str) and len(value) == 24 and value.endswith("Z"):
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            found = None
        if found is not None and write_moment(found) == value:
            return found
    raise ValueError(f"{value!r:.60} is no time such as '2026-11-25T02:00:00.000Z'")


def write_moment(value: object) -> str:
    """The one spelling of a time: UTC, to the millisecond, cut off, not rounded.

    Raises
    ------
    ValueError
        The value is no aware time, or lies before the year 1970.
    """
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError(f"{value!r:.60} is no time with a zone; give an aware datetime")
    if value.tzinfo is not UTC:
        value = value.astimezone(UTC)
    if value.year < 1970:
        raise ValueError(f"{value!r:.60} lies before the year 1970")
    return value.isoformat(timespec="milliseconds")[:23] + "Z"


def _read_id(value: object, may_be_empty: bool) -> str:
    """An outside name."""
    is_text = isinstance(value, str) and len(value) <= LONGEST_ID and value.isprintable()
    if is_text and str(value).strip() == value and (value or may_be_empty):
        return str(value)
    raise ValueError(f"{value!r:.60} is no id: 1 to {LONGEST_ID} printable characters, no space at its ends")


Id = Annotated[str, outside_id()]
MaybeId = Annotated[str, outside_id(may_be_empty=True)]
Ids = Annotated[tuple[str, ...], outside_ids()]
SomeIds = Annotated[tuple[str, ...], outside_ids(at_least=1)]
Code = Annotated[str, code()]
MaybeMoment = Annotated[datetime | None, moment(may_be_none=True)]


@cache
def forms(kind: Any) -> tuple[tuple[str, Form], ...]:
    """Name and form of every field of a payload class, by its annotations."""
    hints = get_type_hints(kind, include_extras=True)
    return tuple(
        (name, form) for name, hint in hints.items() for form in get_args(hint) if isinstance(form, Form)
    )


def write(payload: Any) -> dict[str, Plain]:
    """A payload as plain JSON, every field of it.

    Raises
    ------
    ValueError
        A time without a zone.
    """
    return {name: form.write(getattr(payload, name)) for name, form in forms(payload.__class__)}


def read(kind: Any, plain: object, faults: list[str]) -> Any:
    """A payload from plain JSON; None where anything is wrong, every fault noted by its field."""
    if not isinstance(plain, Mapping):
        faults.append(f"payload: {plain!r:.60} is no object")
        return None
    wanted = forms(kind)
    before = len(faults)
    values = {}
    for name, form in wanted:
        if name not in plain:
            faults.append(f"payload.{name}: is missing")
            continue
        try:
            values[name] = form.read(plain[name])
        except ValueError as error:
            faults.append(f"payload.{name}: {error}")
    if len(plain) > len(values):
        known = {name for name, _ in wanted}
        faults.extend(f"payload.{name!s:.60}: is unknown" for name in plain if name not in known)
    return kind(**values) if len(faults) == before else None


def check(payload: Any, faults: list[str]) -> None:
    """Note every field of a payload built in the program that its form does not allow."""
    for name, form in forms(payload.__class__):
        try:
            form.read(form.write(getattr(payload, name)))
        except (ValueError, TypeError, AttributeError) as error:
            faults.append(f"payload.{name}: {error}")
