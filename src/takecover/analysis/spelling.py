"""Makes one spelling of names and addresses that are written in two: by script, by abbreviation, by case."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LETTERS = dict(zip("абвгґдезийіїклмнопрстуфыэё", "abvhgdezyiiiklmnoprstufyee", strict=True))
_LETTERS |= {
    "є": "ie",
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ю": "iu",
    "я": "ia",
}
_LETTERS |= dict(zip("בגדהוזחטיכךלמםנןסקרתפף", "bgdhvzhtykklmmnnskrtpp", strict=True))
_LETTERS |= {"צ": "ts", "ץ": "ts", "ש": "sh", "ø": "o", "æ": "ae", "ł": "l", "ß": "ss", "đ": "d"}
_LETTERS |= dict.fromkeys("'’ʼ`ьъאע", "")
"""Latin letters for each other one: Ukrainian after the Cabinet's table of 2010, word beginnings aside."""

_GENERIC = frozenset(
    [
        "vul",
        "vulytsia",
        "ul",
        "ulytsia",
        "street",
        "st",
        "str",
        "prosp",
        "prospekt",
        "pr",
        "prkt",
        "avenue",
        "ave",
        "prov",
        "provulok",
        "lane",
        "bulv",
        "bulvar",
        "blvd",
        "bul",
        "pl",
        "ploshcha",
        "square",
        "shose",
        "sh",
        "nab",
        "naberezhna",
        "bud",
        "budynok",
        "b",
        "no",
        "n",
        "m",
        "kyiv",
        "misto",
        "city",
        "gatan",
        "gata",
        "gt",
        "vei",
        "veien",
        "vej",
        "gade",
        "tn",
        "tanav",
        "ulica",
        "pst",
        "mnt",
        "house",
        "korp",
        "korpus",
    ]
)
"""Words that one list writes before or after a name and another leaves out."""

_HOUSE = re.compile(r"\d+(?:[\s\-/]*[a-z](?![a-z]))?(?:[/\-]\d+[a-z]?)?")


@lru_cache(maxsize=65_536)
def latin(text: str) -> str:
    """The text in small Latin letters without accents.

    Examples
    --------
    >>> latin("Юрія Іллєнка"), latin("Grünerløkka")
    ('iuriia illienka', 'grunerlokka')
    """
    small = unicodedata.normalize("NFC", text.casefold())
    spelt = "".join(_LETTERS.get(c, c) for c in small)
    return "".join(c for c in unicodedata.normalize("NFKD", spelt) if not unicodedata.combining(c))


@lru_cache(maxsize=65_536)
def key(text: str) -> tuple[str, str]:
    """A name or address as its telling words, and its house number; empty where it has none.

    Examples
    --------
    >>> key("вул. Антоновича, 18-А"), key("Antonovycha St 18a")
    (('antonovycha', '18a'), ('antonovycha', '18a'))
    """
    plain = latin(text)
    numbers = [re.sub(r"[\s\-]", "", match.group()) for match in _HOUSE.finditer(plain)]
    words = [word for word in re.findall(r"[^\W\d_]+", _HOUSE.sub(" ", plain)) if word not in _GENERIC]
    return " ".join(words), "-".join(numbers)


def is_near(one: str, other: str) -> bool:
    """True where two long spellings differ by one letter put in, left out or changed.

    Examples
    --------
    >>> is_near("antonovycha", "antonovicha"), is_near("lva", "lvi")
    (True, False)
    """
    if one == other:
        return True
    if min(len(one), len(other)) < 6 or abs(len(one) - len(other)) > 1:
        return False
    head = 0
    while head < min(len(one), len(other)) and one[head] == other[head]:
        head += 1
    tail = 0
    while tail < min(len(one), len(other)) - head and one[-1 - tail] == other[-1 - tail]:
        tail += 1
    return max(len(one), len(other)) - head - tail <= 1
