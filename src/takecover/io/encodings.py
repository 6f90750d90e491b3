"""Tells in which encoding a text file is, by how well its letters fit the languages that registers come in.

It never guesses past broken UTF-8: a file that is UTF-8 in some lines and not in others is refused, with the lines.
"""

from __future__ import annotations

import codecs
import re
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from takecover.errors import InputError

SAMPLE_BYTES = 200_000
"""So much of a file is weighed; the whole of it is then decoded strictly."""

MIXED_SHARE = 0.2
"""Of the lines with other than ASCII, at least this share in good UTF-8 makes the file UTF-8, and the rest broken."""

FREQUENT = {
    "uk": "оанивітерслкудмпзяьбгйчхжцюєїфшґщ",
    "he": "יולארהתמשבנעדפחקכםטצזגןסץףך",
    "nordic": "åäöøæéü",
    "pl": "ąęłóśżćńź",
    "et": "äõüöšž",
}
"""Small letters beyond ASCII of each language, the most frequent first; counted roughly by us from registers."""

CANDIDATES = (
    ("cp1251", ("uk",)),
    ("koi8_u", ("uk",)),
    ("cp1125", ("uk",)),
    ("mac_cyrillic", ("uk",)),
    ("cp1255", ("he",)),
    ("cp862", ("he",)),
    ("cp1252", ("nordic", "et")),
    ("cp865", ("nordic",)),
    ("mac_roman", ("nordic",)),
    ("cp1257", ("et", "pl", "nordic")),
    ("cp1250", ("pl",)),
    ("iso8859_2", ("pl",)),
    ("iso8859_15", ("et", "nordic")),
    ("cp852", ("pl",)),
)
"""Encodings of one byte a letter, the likelier first, with the languages that were written in them."""

_MARKS = frozenset("«»„“”‘’–—…№°§ ²³·½©®\u00a0\u00ad")
_WORD = re.compile(r"[^\W\d_]+")


class Decoded(NamedTuple):
    """A text and how it was read.

    Attributes
    ----------
    text
        The text, without a byte-order mark.
    encoding
        Name of the encoding.
    is_guessed
        True where nothing in the file says so, and the letters were weighed.
    """

    text: str
    encoding: str
    is_guessed: bool


def decode(data: bytes, subject: str) -> Decoded:
    """Decode a text file.

    Parameters
    ----------
    data
        The whole file.
    subject
        What the file is called, at the head of an error.

    Raises
    ------
    InputError
        If it is no text, is cut within a letter, or mixes encodings; the message names the first bad lines.

    Examples
    --------
    >>> decode("адреса;місткість".encode("cp1251"), "list")
    Decoded(text='адреса;місткість', encoding='cp1251', is_guessed=True)
    """
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            bare = data.removeprefix(codecs.BOM_UTF8)
            return Decoded(_strict(bare, name, subject), name, False)
    if (wide := _without_mark(data)) is not None:
        return Decoded(_strict(data, wide, subject), wide, True)
    if b"\x00" in data:
        raise InputError(f"{subject}: holds zero bytes: no text. Save the table as CSV in UTF-8.")
    try:
        return Decoded(data.decode("utf-8"), "utf-8", False)
    except UnicodeDecodeError:
        _refuse_mixture(data, subject)
    return _guess(data, subject)


def _strict(data: bytes, encoding: str, subject: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{subject}: line {line} is not {encoding.upper()}, as its first bytes say. "
            "Save the table as CSV in UTF-8."
        ) from error
    if "\x00" in text:
        raise InputError(f"{subject}: holds zero bytes: no text. Save the table as CSV in UTF-8.")
    return text


def _without_mark(data: bytes) -> str | None:
    """UTF-16 without a byte-order mark: every other byte is one of a few, and zero in ASCII."""
    sample = data[:2000]
    if len(sample) < 4 or b"\x00" not in sample or len(data) % 2:
        return None
    even, odd = sample[::2], sample[1::2]
    for high, low, name in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if 0 in high and 0 not in low and len(set(high)) * 4 <= len(high):
            return name
    return None


def _refuse_mixture(data: bytes, subject: str) -> None:
    """Raise where some lines are good UTF-8 beyond ASCII and others are not."""
    good, bad = 0, []
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
            good += 1
        except UnicodeDecodeError:
            bad.append(number)
    if good and good >= MIXED_SHARE * (good + len(bad)):
        shown = ", ".join(f"{number:,}" for number in bad[:5])
        raise InputError(
            f"{subject}: {good:,} lines are UTF-8 and {len(bad):,} are not (first: line {shown}): broken, or two "
            "encodings in one file. Save the table anew as CSV in UTF-8."
        )


def _guess(data: bytes, subject: str) -> Decoded:
    """The encoding in which the letters fit best."""
    sample = b"\n".join(line for line in data[:SAMPLE_BYTES].split(b"\n") if not line.isascii())
    weighed = []
    for rank, (name, languages) in enumerate(CANDIDATES):
        try:
            data.decode(name)
            text = sample.decode(name, errors="replace")
        except UnicodeDecodeError:
            continue
        weighed.append((max(_fit(text, language) for language in languages), -rank, name))
    if not weighed or max(weighed)[0] <= 0:
        line = next(n for n, each in enumerate(data.split(b"\n"), start=1) if not each.isascii())
        raise InputError(
            f"{subject}: line {line} is in no encoding that Takecover knows. Save the table as CSV in UTF-8."
        )
    name = max(weighed)[2]
    return Decoded(data.decode(name), name, True)


@cache
def _weights(language: str) -> dict[str, float]:
    """How much each letter speaks for a language, 0.4 to 1."""
    letters = FREQUENT[language]
    weights = {letter: 1.0 - 0.6 * k / len(letters) for k, letter in enumerate(letters)}
    return weights | {letter.upper(): weight for letter, weight in weights.items()}


def _fit(text: str, language: str) -> float:
    """How well letters beyond ASCII fit a language: 1 at most; below 0 where most do not belong."""
    weights = _weights(language)
    beyond = [c for c in text if not c.isascii() and c not in _MARKS]
    if not beyond:
        return 0.0
    marks = sum(1 for c in text if not c.isascii() and c in _MARKS)
    fit = sum(weights.get(c, -1.0) for c in beyond)
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    odd = sum(1 for word in words if _is_odd(word, is_own_script=language in ("uk", "he")))
    return fit / (len(beyond) + 0.5 * marks) - (odd / len(words) if words else 0.0)


def _is_odd(word: str, *, is_own_script: bool) -> bool:
    """True where nobody writes so: a capital after a small letter, or two scripts in one word."""
    has_two = is_own_script and any(c.isascii() for c in word)
    return has_two or any(a.islower() and b.isupper() for a, b in pairwise(word))
