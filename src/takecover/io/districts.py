"""Reads districts from outlines with names: in the language of the place, and in English and Ukrainian where there."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from takecover.analysis.parsed import ParsedDistricts
from takecover.errors import Faults, InputError
from takecover.io import features, osm_districts, streets_file
from takecover.io import people_words as words
from takecover.io.features import Features
from takecover.model.city import Source

MOST_DISTRICTS = 20_000
"""Statistical areas of a large city; more are houses or cells."""

LONGEST_NAME = 200
LONGEST_ID = 100

_UKRAINIAN = re.compile("[іїєґІЇЄҐ]")
_NOT_UKRAINIAN = re.compile("[ыэъёўЫЭЪЁЎ]")
_CYRILLIC = re.compile("[а-яА-Я]")


def read(spec: str) -> ParsedDistricts:
    """Read districts as a command line names them.

    Parameters
    ----------
    spec
        ``FILE`` or ``FILE:column`` with the column of names, where it is not found by its name; of data of
        OpenStreetMap, ``FILE:level`` with the level of administration, where they hold several.

    Raises
    ------
    SourceError
        If the file cannot be read.
    InputError
        If it is broken, has no rows or no names: all faults at once.
    """
    path, column = split(spec)
    source = Source("districts", path.name, "not stated")
    if streets_file.is_osm(path):
        (table, source), column = osm_districts.read(path, column), None
    else:
        table = features.read(path)
    if not 0 < len(table) <= MOST_DISTRICTS:
        raise InputError(f"{path}: has {len(table):,} rows. Give 1 to {MOST_DISTRICTS:,} districts.")
    found = words.find(tuple(table.columns))
    if column is not None:
        found["name"] = words.named(tuple(table.columns), column, path)
    if "name" not in found and "name_en" not in found:
        shown = ", ".join(table.columns)[:200]
        raise InputError(
            f"{path}: no column is recognised for names. Say which one holds them, {path.name}:COLUMN, of {shown}."
        )
    faults = Faults(str(path))
    names, names_uk = _names(table, found, faults)
    ids = _ids(table, names)
    faults.raise_if_any()
    return ParsedDistricts(
        zone_ids=ids,
        names=names,
        names_uk=names_uk,
        shapes=table.shapes,
        line=table.line,
        source=source,
        findings=(_said(found), *table.findings),
    )


def split(spec: str) -> tuple[Path, str | None]:
    """File and column of ``FILE`` or ``FILE:column``; a file that is there under the whole text goes first."""
    path = Path(spec)
    if ":" in spec and not path.exists():
        name, column = spec.rsplit(":", 1)
        return Path(name), column
    return path, None


def _names(table: Features, found: dict[str, str], faults: Faults) -> tuple[np.ndarray, np.ndarray]:
    """Names for an English page and for a Ukrainian one; a fault for rows without any."""
    local = _texts(table, found.get("name"))
    english = _texts(table, found.get("name_en"))
    ukrainian = _texts(table, found.get("name_uk"))
    if "name_uk" not in found and _is_ukrainian(local):
        ukrainian = local
    names = np.where(english != "", english, np.where(local != "", local, ukrainian))
    column = found.get("name", found.get("name_en", ""))
    faults.add_rows(column, names == "", table.line, names, "have no name", "Give each district a name")
    too_long = np.strings.str_len(names) > LONGEST_NAME
    faults.add_rows(
        column, too_long, table.line, names, "are too long", f"Give at most {LONGEST_NAME} characters"
    )
    is_odd = np.array(
        [not (a + b).isprintable() for a, b in zip(names.tolist(), ukrainian.tolist(), strict=True)]
    )
    shown = [ascii(name) for name in names.tolist()] if is_odd.any() else names
    faults.add_rows(column, is_odd, table.line, shown, "hold control characters", "Take them out")
    return names, ukrainian


def _texts(table: Features, column: str | None) -> np.ndarray:
    return np.array([""] * len(table) if column is None else table.texts(column), dtype=np.str_)


def _is_ukrainian(names: np.ndarray) -> bool:
    """True where the names are Cyrillic with letters that Ukrainian has and without those that it has not."""
    text = " ".join(names.tolist())
    return bool(_CYRILLIC.search(text) and _UKRAINIAN.search(text) and not _NOT_UKRAINIAN.search(text))


def _ids(table: Features, names: np.ndarray) -> np.ndarray:
    """Ids of the first column of ids in which no id has two names; else the names, so that one name is one district."""
    for column in words.find_all(tuple(table.columns), words.ID):
        texts = table.texts(column)
        if all(text and text.isprintable() and len(text) <= LONGEST_ID for text in texts):
            pairs = set(zip(texts, names.tolist(), strict=True))
            if len(pairs) == len(set(texts)):
                return np.array(texts, dtype=np.str_)
    return names


def _said(found: dict[str, str]) -> str:
    roles = [role for role in ("name", "name_en", "name_uk") if role in found]
    return f"Districts: {', '.join(f'{role} from the column {found[role]!a:.40}' for role in roles)}."
