"""Reads the file that names a city's sources of alerts (TOML); tokens stand elsewhere, in files or the environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from takecover.errors import Faults
from takecover.io import toml_file
from takecover.io.files import read_bytes
from takecover.model.feed import KINDS, FeedSpec

LARGEST_BYTES = 1_000_000
EXAMPLE = '[[feed]] and, on lines of their own, kind = "oref", id = "sirens", address = "https://..."'
LONGEST_PERIOD_S = 3600.0

LEAST_PERIODS_S: Mapping[str, float] = {
    "alerts_in_ua": 5.0,
    "ukrainealarm": 5.0,
    "oref": 2.0,
    "cap": 5.0,
    "folder": 1.0,
}
"""No service of a kind is asked more often [s]: alerts.in.ua shuts its door at more than twelve questions a minute."""

USUAL_PERIODS_S: Mapping[str, float] = {
    "alerts_in_ua": 10.0,
    "ukrainealarm": 10.0,
    "oref": 2.0,
    "cap": 15.0,
    "folder": 2.0,
}

_KNOWN = {"kind", "id", "address", "period_s", "regions", "token_file", "token_env", "is_exercise"}


def read(path: Path, environment: Mapping[str, str]) -> tuple[FeedSpec, ...]:
    """The feeds that a file names.

    Parameters
    ----------
    path
        The file: a table ``[[feed]]`` for each, with ``kind``, ``id``, ``address`` and, where wanted, ``period_s``,
        ``regions`` (the service's region = list of the city's areas), ``token_file`` or ``token_env``, ``is_exercise``.
    environment
        Where ``token_env`` is looked up.

    Returns
    -------
    tuple of FeedSpec
        In the order of the file.

    Raises
    ------
    SourceError
        If the file cannot be read.
    InputError
        If it is no TOML, or a feed is at fault: all faults at once; no message holds a token.
    """
    value = toml_file.read(path, LARGEST_BYTES, EXAMPLE)
    faults = Faults(str(path))
    for name in value:
        if name != "feed":
            faults.add(f"'{name}' is unknown. Name each source under [[feed]].")
    tables = value.get("feed", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        faults.add("feed: is no list. Begin each source with [[feed]].")
        tables = []
    found = [
        _Table(table, f"feed {number}", faults).spec(path, environment)
        for number, table in enumerate(tables, 1)
    ]
    ids = [spec.feed_id for spec in found]
    for feed_id in sorted({each for each in ids if ids.count(each) > 1}):
        faults.add(f"id: '{feed_id}' is given to several feeds. Give each its own.")
    faults.raise_if_any()
    return tuple(found)


class _Table:
    """Reads one table and notes its faults."""

    def __init__(self, table: Mapping[str, Any], place: str, faults: Faults) -> None:
        self._table = table
        self._place = place
        self._faults = faults

    def spec(self, path: Path, environment: Mapping[str, str]) -> FeedSpec:
        """The feed that the table describes."""
        for name in sorted(set(self._table) - _KNOWN):
            self._fault(name, "is unknown", f"Leave it out, or give one of {', '.join(sorted(_KNOWN))}")
        kind = self._value("kind", str, "", lambda text: text in KINDS, f"one of {', '.join(KINDS)}")
        return FeedSpec(
            kind=kind,
            feed_id=self._value("id", str, "", _is_id, "1 to 60 letters, digits and hyphens"),
            address=self._value(
                "address", str, "", lambda text: _is_address(kind, text), "an http(s) address, or a path"
            ),
            period_s=self._period_s(kind),
            regions=self._regions(),
            token=self._token(path, environment),
            is_exercise=self._value("is_exercise", bool, False, lambda _: True, "true or false"),
        )

    def _period_s(self, kind: str) -> float:
        least_s = LEAST_PERIODS_S.get(kind, 1.0)
        return float(
            self._value(
                "period_s",
                (int, float),
                USUAL_PERIODS_S.get(kind, 10.0),
                lambda value: least_s <= value <= LONGEST_PERIOD_S,
                f"seconds from {least_s:g} to {LONGEST_PERIOD_S:g}",
            )
        )

    def _regions(self) -> dict[str, tuple[str, ...]]:
        regions = self._value("regions", dict, {}, lambda _: True, "a table of regions")
        found = {}
        for name, areas in regions.items():
            if isinstance(areas, list) and areas and all(isinstance(area, str) and area for area in areas):
                found[name] = tuple(areas)
            else:
                self._fault(f"regions.{name}", "is no list of areas", 'Give one such as ["city"]')
        return found

    def _token(self, path: Path, environment: Mapping[str, str]) -> str:
        file = self._value("token_file", str, "", bool, "a path")
        name = self._value("token_env", str, "", bool, "the name of a variable")
        if name and name not in environment:
            self._fault("token_env", f"'{name}' is not in the environment", "Set it")
        if not file:
            return environment.get(name, "").strip()
        try:
            return read_bytes(path.parent / file, 10_000).decode("utf-8").strip()
        except (OSError, ValueError) as error:
            self._fault(
                "token_file",
                f"cannot be read ({type(error).__name__})",
                "Give a file that holds the token alone",
            )
            return ""

    def _value(self, name: str, kind: Any, usual: Any, is_good: Callable[[Any], bool], allowed: str) -> Any:
        """A value of the table; the usual one where it is missing, a fault where it must not be or is none."""
        if name not in self._table:
            if name in {"kind", "id", "address"}:
                self._fault(name, "is missing", f"Give {allowed}")
            return usual
        value = self._table[name]
        is_kind = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
        if not is_kind or not is_good(value):
            self._fault(name, f"{str(value)[:80]!r} is not allowed", f"Give {allowed}")
            return usual
        return value

    def _fault(self, name: str, what: str, remedy: str) -> None:
        self._faults.add(f"{self._place}.{name}: {what}. {remedy}.")


def _is_id(text: str) -> bool:
    return 0 < len(text) <= 60 and text.isascii() and text.replace("-", "").isalnum()


def _is_address(kind: str, text: str) -> bool:
    if kind == "folder":
        return bool(text)
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
