"""Reads single cells of a register: numbers as clerks write them, coordinates, dates; finds phones and mail addresses.

Each parser raises `ValueError` that says what the text is, as `Sheet.parse` wants it.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Sequence

_PHONE = re.compile(
    r"(?<!\w)(?:\+\d|0\d)(?:[\s().-]{0,2}\d){7,}"
    r"|(?<![\w-])\d{3}-\d{2}-\d{2}(?![\w-])"
    r"|(?<!\w)\(0\d{1,3}\)[\s-]*\d{2,3}(?:[\s-]?\d{2}){2,3}"
)
_MAIL = re.compile(r"\S+@\S+\.\w{2,}")
_ABOUT = r"(?:бл\.?|близько|приблизно|до|ca\.?|circa|około|about|approx\.?|~|≈)?"
_UNIT = (
    r"(?:осіб|особи|особа|ос\.?|чол\.?|чоловік|місць|місця|людей|places?|people|persons?|pers\.?|platser|plasser|pladser"
    r"|miejsc|osób|os\.?|kohta|inimest|מקומות|איש|(?:кв\.?\s*)?м(?:2|²|\.кв\.?)?|m2|m²|m|kvm|sq\.?\s*m)?"
)
_QUANTITY = re.compile(
    rf"{_ABOUT}\s*([+-]?[\d\s.,'\u00a0\u202f]*\d(?:[eE][+-]?\d{{1,3}})?)\s*{_UNIT}", re.IGNORECASE
)
_GROUPED = re.compile(r"([+-]?\d{1,3})((?:[\s'\u00a0\u202f.,]\d{3})+)([.,]\d{1,2})?", re.ASCII)
_PLAIN = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_DEGREES = re.compile(
    r"([NSEW]?)\s*(\d{1,3})\s*°\s*(?:(\d{1,2})\s*['′’]\s*)?(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:\"|″|”|'')\s*)?([NSEW]?)",
    re.IGNORECASE,
)
_DATES = (
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?", re.ASCII), (1, 2, 3)),
    (re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})(?:\s.*)?(?: ?р\.?)?", re.ASCII), (3, 2, 1)),
)

LARGEST_COORDINATE = 1e8
"""No grid of a country has larger numbers [m]."""

EARLIEST_YEAR, LATEST_YEAR = 1900, 2200


def has_contact(text: str) -> bool:
    """True where a cell holds a phone number or a mail address.

    Examples
    --------
    >>> [has_contact(t) for t in ("(096) 4177503", "290-90-70", "a.b@c.ua", "Vul. 12-14, 01001", "2023-02-15")]
    [True, True, True, False, False]
    """
    return bool(_PHONE.search(text) or _MAIL.search(text))


def without_contact(text: str) -> str:
    """The text on one line, of at most 200 printable characters, without phone numbers and mail addresses."""
    printable = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(_MAIL.sub("", _PHONE.sub("", printable)).split()).strip(" ,;:")[:200]


def quantity(text: str) -> float:
    """An amount from 0 up as clerks write it: ``1 200``, ``1,200 places``, ``бл. 45,5 м2``.

    A mark before exactly three digits parts thousands; any other one is a decimal mark.

    Raises
    ------
    ValueError
        If it is none.

    Examples
    --------
    >>> quantity("1 200 осіб"), quantity("1,200"), quantity("45,5 м2"), quantity("75.0")
    (1200.0, 1200.0, 45.5, 75.0)
    """
    if not text:
        raise ValueError("is empty")
    match = _QUANTITY.fullmatch(text.strip()) if len(text) <= 60 else None
    if match is None:
        raise ValueError("is no number")
    value = _number(match[1].strip())
    if value < 0:
        raise ValueError("is negative")
    if value > 1e9:
        raise ValueError("is beyond belief")
    return value


def places(text: str) -> int:
    """Places of a shelter: a whole number from 0 to a million.

    Raises
    ------
    ValueError
        If it is none.
    """
    value = quantity(text)
    if value != int(value):
        raise ValueError("is not whole")
    if value > 1_000_000:
        raise ValueError("is beyond belief")
    return int(value)


def _number(text: str) -> float:
    grouped = _GROUPED.fullmatch(text)
    if grouped is not None:
        marks = set(re.sub(r"\d", "", grouped[2]))
        tail = grouped[3] or ""
        if len(marks) == 1 and (not tail or tail[0] not in marks):
            return float(grouped[1] + re.sub(r"\D", "", grouped[2]) + tail.replace(",", "."))
    if _PLAIN.fullmatch(text) is None:
        raise ValueError("is no number")
    return float(text.replace(",", "."))


def coordinate(text: str) -> float:
    """A coordinate: degrees, degrees with minutes and seconds, or metres of a grid; NaN where the cell is empty.

    Raises
    ------
    ValueError
        If it is none.

    Examples
    --------
    >>> coordinate("59,85"), coordinate("50°27'00\\"N"), coordinate("6 640 000.5")
    (59.85, 50.45, 6640000.5)
    """
    if not text:
        return math.nan
    if len(text) > 60:
        raise ValueError("is no number")
    if (sexagesimal := _DEGREES.fullmatch(text.strip())) is not None:
        minutes = float(sexagesimal[3] or 0) + float((sexagesimal[4] or "0").replace(",", ".")) / 60
        value = int(sexagesimal[2]) + minutes / 60
        return -value if (sexagesimal[1] + sexagesimal[5]).upper()[:1] in ("S", "W") else value
    bare = re.sub(r"(?<=\d)[ \u00a0\u202f](?=\d{3})", "", text)
    if _PLAIN.fullmatch(bare) is None:
        raise ValueError("is no number")
    value = float(bare.replace(",", "."))
    if abs(value) > LARGEST_COORDINATE:
        raise ValueError("is beyond belief")
    return value


def date(text: str) -> datetime.date | None:
    """A date: ``2026-03-01``, ``01.03.2026``, ``2026``; None where the cell is empty. A year is its first day.

    Raises
    ------
    ValueError
        If it is none.
    """
    if not text:
        return None
    if re.fullmatch(r"\d{4}", text, re.ASCII):
        return _day(int(text), 1, 1)
    for pattern, (year, month, day) in _DATES:
        if (match := pattern.fullmatch(text)) is not None:
            return _day(int(match[year]), int(match[month]), int(match[day]))
    raise ValueError("is no date")


def _day(year: int, month: int, day: int) -> datetime.date:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise ValueError("is no date")
    try:
        return datetime.date(year, month, day)
    except ValueError:
        raise ValueError("is no date") from None


def is_formula(text: str) -> bool:
    """True where a spreadsheet would run the cell.

    Examples
    --------
    >>> [is_formula(t) for t in ("=1+1", "+380", "-", "-5", "@SUM(A1)", "a=b")]
    [True, True, False, False, True, False]
    """
    bare = text.lstrip(" ")
    if not bare or bare[0] not in "=+-@\t\r":
        return False
    return bare[0] in "=@\t\r" or (len(bare) > 1 and _PLAIN.fullmatch(bare.strip()) is None) or bare[0] == "+"


def disarmed(text: str) -> str:
    """The cell with an apostrophe before what a spreadsheet would run."""
    return f"'{text}" if is_formula(text) else text


def codes(texts: Sequence[str]) -> list[int]:
    """A number for each different text, -1 for an empty one; the texts themselves are left behind."""
    known: dict[str, int] = {}
    return [-1 if not text else known.setdefault(text, len(known)) for text in texts]
