"""Asks a geocoder that speaks Nominatim's API where addresses lie: politely, remembering every answer on the disk.

It never sends the address of a withheld shelter, and nothing but addresses; what it is told to ask is for the caller.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

import takecover
from takecover.errors import InputError, SourceError
from takecover.io import json_text

SECONDS_APART = 1.0
"""Nominatim's rule of use: one request a second at most."""

TIMEOUT_S = 20.0
LARGEST_ANSWER_BYTES = 1_000_000
TRIES = 4
LONGEST_WAIT_S = 120.0
MOST_HITS = 5
BUSY = (429, 500, 502, 503, 504)
"""Answers that a later try may turn into another."""

Pause = Callable[[float], None]


class Answer(NamedTuple):
    """Where an address lies.

    Attributes
    ----------
    query
        What was asked.
    lon, lat
        The best hit [degree]; NaN where there is none.
    confidence
        The geocoder's own measure of the best hit (``importance``), 0 to 1; NaN where it gives none.
    hits
        Hits in all; more than one is a doubt.
    """

    query: str
    lon: float
    lat: float
    confidence: float
    hits: int


@dataclass(frozen=True)
class Service:
    """A geocoder.

    Attributes
    ----------
    url
        Its address, such as ``https://host/search``.
    cache
        File that remembers answers; the next run goes on from it.
    pause
        Waits for some seconds.
    """

    url: str
    cache: Path
    pause: Pause


def ask(service: Service, queries: list[str], progress: Callable[[str, float], None]) -> dict[str, Answer]:
    """Answers to all queries, remembered ones first; one request a second for the others.

    Raises
    ------
    InputError
        If the address of the service, or the file of answers, is none.
    SourceError
        If the service gives no answer after several tries. What it has answered is remembered: run again to go on.
    """
    if urlsplit(service.url).scheme not in ("http", "https") or not urlsplit(service.url).hostname:
        raise InputError(
            f"--geocoder: {service.url!a:.120} is no address. Give one such as https://host/search."
        )
    known = remembered(service.cache)
    waiting = [query for query in dict.fromkeys(queries) if query not in known]
    try:
        with service.cache.open("a", encoding="utf-8") as file:
            for done, query in enumerate(waiting):
                progress("asking the geocoder", done / len(waiting))
                if done:
                    service.pause(SECONDS_APART)
                known[query] = _asked(service, query, len(waiting) - done)
                file.write(json.dumps(_noted(known[query]), ensure_ascii=False) + "\n")
                file.flush()
                os.fsync(file.fileno())
    except OSError as error:
        if isinstance(error, SourceError):
            raise
        raise SourceError(f"{service.cache}: cannot be written ({error.strerror or error}).") from error
    return {query: known[query] for query in queries}


def remembered(cache: Path) -> dict[str, Answer]:
    """Answers of earlier runs; a line that was cut while it was written is left out and asked again."""
    if not cache.is_file():
        return {}
    found = {}
    for line in cache.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            note = json_text.parse(line.encode("utf-8"))
            query, hits = note["query"], note["hits"]
            lon, lat, confidence = (_number(note[name]) for name in ("lon", "lat", "confidence"))
        except (ValueError, KeyError, TypeError):
            continue
        if isinstance(query, str) and isinstance(hits, int) and not (abs(lon) > 180 or abs(lat) > 90):
            found[query] = Answer(query, lon, lat, confidence, hits)
    return found


def _noted(answer: Answer) -> dict[str, Any]:
    return {
        name: None if isinstance(value, float) and math.isnan(value) else value
        for name, value in answer._asdict().items()
    }


def _asked(service: Service, query: str, left: int) -> Answer:
    """One answer, tried several times."""
    mark = "&" if urlsplit(service.url).query else "?"
    address = service.url + mark + urlencode({"q": query, "format": "jsonv2", "limit": MOST_HITS})
    reason = ""
    for attempt in range(TRIES):
        try:
            return _read(_fetch(address), query)
        except HTTPError as error:
            reason = f"it answers {error.code}"
            wait = _wait_s(error.headers.get("Retry-After"), attempt)
            error.close()
            if error.code not in BUSY:
                break
        except (URLError, TimeoutError, ConnectionError) as error:
            reason, wait = (
                f"it does not answer ({getattr(error, 'reason', error)!s:.60})",
                _wait_s(None, attempt),
            )
        except ValueError as error:
            reason, wait = f"it answers what is no list of hits ({error!s:.60})", _wait_s(None, attempt)
        if attempt + 1 < TRIES:
            service.pause(wait)
    host = urlsplit(service.url).hostname
    raise SourceError(
        f"geocoder {host}: {reason}, {left:,} addresses before the end. What was answered is kept in "
        f"{service.cache.name}; run again to go on."
    )


def _fetch(address: str) -> bytes:
    agent = f"Takecover/{takecover.__version__} (shelter planning; one request a second)"
    with urlopen(Request(address, headers={"User-Agent": agent}), timeout=TIMEOUT_S) as answer:
        data: bytes = answer.read(LARGEST_ANSWER_BYTES + 1)
    if len(data) > LARGEST_ANSWER_BYTES:
        raise ValueError("it is too long")
    return data


def _wait_s(told: str | None, attempt: int) -> float:
    """Seconds to wait: as the service says, else twice as long each time."""
    if told is not None and told.strip().isascii() and told.strip().isdigit():
        return min(float(told), LONGEST_WAIT_S)
    return min(SECONDS_APART * 2.0 ** (attempt + 1), LONGEST_WAIT_S)


def _read(data: bytes, query: str) -> Answer:
    """The best hit of an answer.

    Raises
    ------
    ValueError
        If it is no list of hits with coordinates.
    """
    hits = json_text.parse(data)
    if not isinstance(hits, list):
        raise ValueError("it is no list")
    if not hits:
        return Answer(query, math.nan, math.nan, math.nan, 0)
    best = hits[0]
    if not isinstance(best, dict):
        raise ValueError("a hit is no object")
    lon, lat = (_number(best.get(name)) for name in ("lon", "lat"))
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        raise ValueError("a hit has no coordinates")
    return Answer(query, lon, lat, _number(best.get("importance")), len(hits))


def _number(value: Any) -> float:
    """A finite number, given as one or as text; NaN where it is none."""
    try:
        number = (
            float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else math.nan
        )
    except (ValueError, OverflowError):
        return math.nan
    return number if math.isfinite(number) else math.nan
