"""Every word of the report, in English and Ukrainian, and how numbers and times are written in each."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources
from typing import Any

from markupsafe import Markup, escape

from takecover.errors import InternalError

LANGUAGES = ("en", "uk")
"""The languages of the report; the first is the default."""

FILES = ("phrases.toml", "phrases_time.toml", "phrases_check.toml")
"""Where the words stand; no key stands in two."""

NO_BREAK = "\u00a0"
THIN = "\u202f"
MINUS = "\u2212"

_THOUSANDS = {"en": ",", "uk": THIN}
_DECIMAL = {"en": ".", "uk": ","}
_UNITS = {"en": ("h", "min", "s"), "uk": ("год", "хв", "с")}


@cache
def phrases() -> dict[str, dict[str, str]]:
    """Each phrase by its key, in every language; read at the first call."""
    found: dict[str, dict[str, str]] = {}
    for name in FILES:
        text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
        found |= tomllib.loads(text)
    return found


def say(key: str, lang: str, **values: Any) -> Markup:
    """One phrase in one language, with its values filled in and escaped.

    Parameters
    ----------
    key
        Name of the phrase in ``phrases.toml``.
    lang
        ``en`` or ``uk``.
    **values
        What its braces name. A brace may say how: ``{n:number}``, ``{n:signed}``, ``{n:people}`` (a number with the
        right form of the word), ``{share:percent}``, ``{limit_s:time}``. Text is escaped; `Markup` is not.

    Raises
    ------
    InternalError
        If the phrase is missing, or a value that it names is.

    Examples
    --------
    >>> str(say("curves.everyone", "en", people=1234))
    'everyone: 1,234'
    """
    try:
        phrase = phrases()[key][lang]
        return Markup(_Fill(lang).vformat(phrase, (), values))
    except KeyError as error:
        raise InternalError(f"phrases.toml: '{key}' in '{lang}' lacks {error}.") from None


class _Fill(string.Formatter):
    """Fills the braces of a phrase by the rules of one language."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def format_field(self, value: Any, format_spec: str) -> str:
        """One value as text, escaped."""
        return str(escape(show(value, format_spec, self.lang)))


def show(value: Any, how: str, lang: str) -> Any:
    """One value as a person of that language writes it.

    Parameters
    ----------
    value
        A number, a duration [s], a share, or text.
    how
        ``number``, ``tenths``, ``signed``, ``percent``, ``share``, ``time``, ``clock``, ``hours``, ``band``,
        ``percents``; a counted noun (``people``, ``places``, ``shelters``); or empty, which leaves text as it is.
    lang
        ``en`` or ``uk``.
    """
    if how in _WRITERS:
        return _WRITERS[how](value, lang)
    if how:
        return f"{number(value, lang)}{NO_BREAK}{noun(value, how, lang)}"
    return value


def number(value: float, lang: str, decimals: int = 0) -> str:
    """A number with its thousands set apart: ``1,234.5`` and ``1 234,5``.

    Examples
    --------
    >>> number(-1234567, "en")
    '−1,234,567'
    """
    text = f"{abs(value):,.{decimals}f}"
    whole, _, rest = text.partition(".")
    whole = whole.replace(",", _THOUSANDS[lang])
    is_negative = value < 0 and any(digit not in "0,." for digit in text)
    return (MINUS if is_negative else "") + whole + (_DECIMAL[lang] + rest if rest else "")


def tenths(value: float, lang: str) -> str:
    """A number to the tenth: ``1,234.5``."""
    return number(value, lang, 1)


def signed(value: int, lang: str) -> str:
    """A difference with its sign: ``+1,234``."""
    return ("+" if value > 0 else "") + number(value, lang)


def percent(share: float, lang: str) -> str:
    """A share as a percentage; one decimal below 10 % and above 90 %, and never 0 % or 100 % for what is not.

    Examples
    --------
    >>> percent(0.99999, "en"), percent(0.5, "en"), percent(1, "en"), percent(-0.0017, "en")
    ('>99.9\\xa0%', '50\\xa0%', '100\\xa0%', '−0.2\\xa0%')
    """
    points = share * 100
    if points < 0:
        less = number(points, lang, 0 if points <= -10 else 1)
        return f"{less if less.startswith(MINUS) else 0}{NO_BREAK}%"
    if 0 < points < 0.1:
        text = "<" + number(0.1, lang, 1)
    elif 99.9 < points < 100:
        text = ">" + number(99.9, lang, 1)
    else:
        decimals = 0 if 10 <= points <= 90 or points in (0, 100) else 1
        text = number(points, lang, decimals)
    return f"{text}{NO_BREAK}%"


def share(part: float, lang: str) -> str:
    """A share that was given or chosen, as a percentage with no more digits than it has.

    Examples
    --------
    >>> share(0.07, "en"), share(0.075, "uk")
    ('7\\xa0%', '7,5\\xa0%')
    """
    points = round(part * 100, 1)
    return f"{number(points, lang, 0 if points == round(points) else 1)}{NO_BREAK}%"


def duration(seconds: float, lang: str) -> str:
    """A length of time with its units: ``10 min``, ``3 min 42 s``, ``1 h 5 min``.

    Examples
    --------
    >>> duration(222.4, "en"), duration(-30, "uk"), duration(0, "en")
    ('3\\xa0min 42\\xa0s', '−30\\xa0с', '0\\xa0s')
    """
    left = round(abs(seconds))
    parts: list[str] = []
    for unit, size in zip(_UNITS[lang], (3600, 60, 1), strict=True):
        count, left = divmod(left, size)
        if count or (size == 1 and not parts):
            parts.append(f"{number(count, lang)}{NO_BREAK}{unit}")
    return (MINUS if seconds < 0 else "") + " ".join(parts[:2])


def clock(seconds: float, lang: str) -> str:
    """A moment after the siren: ``3:05`` minutes and seconds, the same in both languages."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{number(minutes, lang)}:{rest:02d}"


def hours(seconds: float, lang: str) -> str:
    """Walking summed over people, in hours."""
    return f"{number(seconds / 3600, lang)}{NO_BREAK}{_UNITS[lang][0]}"


def band(low_and_high: Sequence[int | None], lang: str) -> str:
    """A range of counts: ``20–49``; ``100+`` where it has no upper end."""
    low, high = low_and_high
    if low is not None and high is not None:
        return f"{number(low, lang)}–{number(high, lang)}"
    return f"{number(low or 0, lang)}+"


def percents(low_and_high: Sequence[int], lang: str) -> str:
    """A range of percentages: ``60–69 %``."""
    return f"{band(low_and_high, lang)}{NO_BREAK}%"


def noun(count: int, kind: str, lang: str) -> str:
    """The form of a counted noun that goes with the count: 1 person, 2 people; 1 особа, 2 особи, 5 осіб."""
    forms = phrases()[f"noun.{kind}"][lang].split("|")
    if lang == "en":
        return forms[0] if abs(count) == 1 else forms[1]
    ones, tens = abs(count) % 10, abs(count) % 100
    if ones == 1 and tens != 11:
        return forms[0]
    if ones in (2, 3, 4) and tens not in (12, 13, 14):
        return forms[1]
    return forms[2]


def degrees(value: float, lang: str) -> str:
    """A coordinate to a metre."""
    return number(value, lang, 5)


_WRITERS: dict[str, Callable[[Any, str], str]] = {
    "number": number,
    "tenths": tenths,
    "degrees": degrees,
    "signed": signed,
    "percent": percent,
    "share": share,
    "time": duration,
    "clock": clock,
    "hours": hours,
    "band": band,
    "percents": percents,
}
