"""The words that registers use in nine languages: for columns, for kinds of shelter, for answers; one table each.

Hebrew stands twice, in its own letters and transliterated (``he_latn``). The tables lie beside this module.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources

from takecover.errors import InputError, InternalError
from takecover.io.csv_table import plain

LANGUAGES = ("en", "uk", "he", "he_latn", "sv", "nb", "da", "pl", "et")

PERSONAL = ("holder", "contact")
"""Roles of columns with personal data: told, never read into a city or a report."""

COORDINATES = ("lon", "lat")

PROTECTION = ("anti_radiation", "dual_use", "simplest", "sealed")
"""Classes of protection that cells may name, those that several words tell first."""

WORDS_KEPT = 4096
"""Cells of a column repeat: so many different ones are remembered, 30 times faster on a register of 8,000 rows."""


@cache
def _table(name: str) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Rows of a packaged table: key, language, words."""
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    rows = []
    for row in list(csv.reader(text.splitlines(), strict=True))[1:]:
        if len(row) != 3 or row[1] not in LANGUAGES or not all(row):
            raise InternalError(f"{name}: {row} is no key, language and words.")
        rows.append((row[0], row[1], tuple(row[2].split("|"))))
    return tuple(rows)


@cache
def roles() -> tuple[str, ...]:
    """What a column can be for, in the order of the table."""
    return tuple(dict.fromkeys(role for role, _, _ in _table("register_words.csv")))


@cache
def _names() -> dict[str, list[tuple[str, str, int]]]:
    """For each plain name: the roles, languages and ranks that it stands for."""
    names: dict[str, list[tuple[str, str, int]]] = {}
    for role, language, words in _table("register_words.csv"):
        for rank, word in enumerate(words):
            if "*" not in word:
                names.setdefault(plain(word) or word, []).append((role, language, rank))
    return names


@cache
def _parts() -> tuple[tuple[str, str, str], ...]:
    """Parts of long names: part, role, language."""
    return tuple(
        (plain(word), role, language)
        for role, language, words in _table("register_words.csv")
        for word in words
        if "*" in word
    )


def meanings(name: str) -> list[tuple[str, str, int]]:
    """What a column can be for: role, language and rank (0 the best), by its whole name or a part of it."""
    word = plain(name) or name.strip()
    found = _names().get(word, [])
    return found or [(role, language, 50) for part, role, language in _parts() if part in word]


def score(names: Sequence[str]) -> int:
    """How many of some names are known as columns."""
    return sum(1 for name in names if name and meanings(name))


def find_columns(
    header: Sequence[str], told: Mapping[str, str] | None = None
) -> tuple[dict[str, str], tuple[str, ...], str]:
    """The column of each role, the columns with personal data, and the language of the header.

    Parameters
    ----------
    header
        Names of the file's columns.
    told
        Column of a role as the person says it; goes before what is recognised.

    Returns
    -------
    columns, personal, language
        Roles without a column are left out. A name known in the header's own language (the one of most columns) goes
        before one of another language, then the earlier name of the table, then the earlier column.

    Raises
    ------
    InputError
        If a role or a column that the person names is not there.
    """
    told = told or {}
    _refuse(header, told)
    spoken = Counter(language for name in header for language in {each[1] for each in meanings(name)})
    language = max(LANGUAGES, key=lambda each: (spoken[each], -LANGUAGES.index(each)))
    best: dict[str, tuple[tuple[int, int, int], str]] = {}
    personal = []
    for at, name in enumerate(header):
        for role, said_in, rank in meanings(name) if name not in told.values() else ():
            key = (int(said_in != language), rank, at)
            if role not in best or key < best[role][0]:
                best[role] = key, name
            if role in PERSONAL and name not in personal:
                personal.append(name)
    columns = {role: name for role, (_, name) in best.items()} | dict(told)
    columns = _each_once(header, columns, told)
    return columns, tuple(name for name in personal if name not in told.values()), language


def _each_once(header: Sequence[str], columns: Mapping[str, str], told: Mapping[str, str]) -> dict[str, str]:
    """A column serves one role: one that was told, or else the role that comes first in the table."""
    taken = set(told.values())
    kept = dict(told)
    for role in roles():
        if role in columns and role not in told and columns[role] not in taken:
            kept[role] = columns[role]
            taken.add(columns[role])
    return kept


def _refuse(header: Sequence[str], told: Mapping[str, str]) -> None:
    for role, name in told.items():
        if role not in roles():
            raise InputError(f"--map {role}={name}: there is no such role. Give one of {', '.join(roles())}.")
        if name not in header:
            shown = ", ".join(each for each in header if each)
            raise InputError(f"--map {role}: there is no column {name!a:.60}. Name one of {shown:.400}.")


def spoken(text: str) -> str:
    """A cell as words are compared: small letters, single blanks, straight apostrophes."""
    straight = text.replace("\u2019", "'").replace("\u02bc", "'").replace("\xa0", " ")
    return " ".join(straight.casefold().split())


@cache
def _answers() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for answer, _, words in _table("answer_words.csv"):
        found.setdefault(answer, set()).update(words)
    return {answer: frozenset(words) for answer, words in found.items()}


@lru_cache(maxsize=WORDS_KEPT)
def says(text: str, answer: str) -> bool:
    """True where a cell says an answer of ``answer_words.csv``, such as ``yes`` or ``nothing``.

    Examples
    --------
    >>> says("Відсутній", "no"), says("<Null>", "nothing"), says("Ja", "yes")
    (True, True, True)
    """
    return spoken(text) in _answers()[answer]


@lru_cache(maxsize=WORDS_KEPT)
def mentions(text: str, answer: str) -> bool:
    """True where words of an answer stand in a longer cell."""
    words = f" {plain(text).replace('_', ' ')} "
    return any(f" {plain(word).replace('_', ' ')} " in words for word in _answers()[answer] if plain(word))


def says_ramp(text: str) -> bool:
    """True where the words of a kind name a ramp: ``Підземний паркінг з пандусом``.

    Examples
    --------
    >>> says_ramp("Підвал з пандусом"), says_ramp("Підвал")
    (True, False)
    """
    return mentions(text, "ramp")


def protection_of(text: str) -> str:
    """The class of protection that a cell names, by the words of the Ukrainian norm; empty where it names none.

    Examples
    --------
    >>> protection_of("Споруди подвійного призначення"), protection_of("Підвал")
    ('dual_use', '')
    """
    return next((name for name in PROTECTION if text and mentions(text, name)), "")


def is_nothing(text: str) -> bool:
    """True where a cell is empty or says that nothing is known."""
    return not text.strip() or says(text, "nothing")


@cache
def _kinds() -> tuple[tuple[str, str], ...]:
    """Words of kinds in the order of the table: the more telling kind first."""
    return tuple(
        (f" {plain(word).replace('_', ' ')}", kind)
        for kind, _, words in _table("kind_words.csv")
        for word in words
    )


@lru_cache(maxsize=WORDS_KEPT)
def kind_of(text: str) -> str | None:
    """The kind of shelter that a cell names, by its first word that is known; None where none is.

    Examples
    --------
    >>> kind_of("Підземний паркінг з пандусом"), kind_of("Вхід в станцію метро"), kind_of("tent")
    ('car_park', 'metro_station', None)
    """
    words = f" {plain(text).replace('_', ' ')}"
    for word, kind in _kinds():
        if word in words:
            return kind
    return None
