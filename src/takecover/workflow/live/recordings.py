"""What can be replayed: a journal where it is kept, the lines of an export, or a history of alerts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import takewhile
from pathlib import Path
from typing import Protocol

from takecover.analysis.raids import KINDS
from takecover.analysis.situation import NOTHING, Situation, default_rules, fold
from takecover.errors import SourceError
from takecover.io import alert_history, journal_lines
from takecover.io.alert_history import AlertSpan
from takecover.model.event import Event
from takecover.model.event_payloads import AlertIssued, AllClear, FeedHeard, Payload
from takecover.model.feed import WHOLE_CITY
from takecover.store import situations
from takecover.store.journal import SqlJournal
from takecover.store.opening import open_journal

MILLISECOND = timedelta(milliseconds=1)
HEARD_EVERY_S = 45.0
"""The source of a history is heard this often, as a living one is."""

HISTORY = "feed:history"
_SQLITE, _LINES = b"SQLite format 3\0", b'{"format":"takecover-journal/'


class Recording(Protocol):
    """Events of a time that was, in their order."""

    def alerts(self) -> Iterator[Event]:
        """All that raids are found by."""

    def known_before(self, at: datetime) -> Situation:
        """What was known just before a time, of what was recorded by then."""

    def between(self, since: datetime, until: datetime) -> Iterator[Event]:
        """What was recorded from a time to another, both taken in."""


class KeptJournal:
    """A journal where it is kept; it may go on being written to."""

    def __init__(self, journal: SqlJournal) -> None:
        self._journal = journal

    def alerts(self) -> Iterator[Event]:
        """All that raids are found by."""
        return self._journal.of_kinds(*KINDS)

    def known_before(self, at: datetime) -> Situation:
        """What was known just before a time."""
        return situations.as_recorded(self._journal, at - MILLISECOND, default_rules())

    def between(self, since: datetime, until: datetime) -> Iterator[Event]:
        """What was recorded from a time to another."""
        first = self._journal.last_recorded_by(since - MILLISECOND)
        return self._journal.read(first, until_seq=self._journal.last_recorded_by(until))


class Lines:
    """The events of an export or another list, gone through anew for each question.

    Parameters
    ----------
    events
        Gives all of them from the first.
    """

    def __init__(self, events: Callable[[], Iterator[Event]]) -> None:
        self._events = events

    def alerts(self) -> Iterator[Event]:
        """All that raids are found by."""
        return (event for event in self._events() if event.payload.kind in KINDS)

    def known_before(self, at: datetime) -> Situation:
        """What was known just before a time."""
        earlier = takewhile(lambda event: event.recorded_at < at, self._events())
        return fold(NOTHING, earlier, default_rules())

    def between(self, since: datetime, until: datetime) -> Iterator[Event]:
        """What was recorded from a time to another."""
        earlier = takewhile(lambda event: event.recorded_at <= until, self._events())
        return (event for event in earlier if event.recorded_at >= since)


class History:
    """A history of alerts, told as the events of one source that is heard all the time.

    Parameters
    ----------
    spans
        The alerts, for the whole city, by their start.
    heard_every
        How often the source is heard, in the history's time.
    """

    def __init__(self, spans: Sequence[AlertSpan], heard_every: timedelta) -> None:
        self._spans, self._heard_every = spans, heard_every

    def alerts(self) -> Iterator[Event]:
        """All that raids are found by."""
        return iter(_numbered([each for span in self._spans for each in _told(span)]))

    def known_before(self, at: datetime) -> Situation:
        """What was known just before a time: the alerts that were on."""
        said = [each for span in self._spans for each in _told(span)]
        return fold(NOTHING, _numbered([each for each in said if each[0] < at]), default_rules())

    def between(self, since: datetime, until: datetime) -> Iterator[Event]:
        """What was recorded from a time to another."""
        said = [each for span in self._spans for each in _told(span)]
        found = [each for each in said if since <= each[0] <= until]
        at, end = since, min(until, max((each[0] for each in said), default=since))
        while found and at <= end:
            found.append((at, FeedHeard("heard", at)))
            at += self._heard_every
        before = sum(each[0] < since for each in said)
        return iter(_numbered(found, after=before))


def _told(span: AlertSpan) -> tuple[tuple[datetime, Payload], tuple[datetime, Payload]]:
    """An alert and its end, as the events that they would have been."""
    alert_id = f"{span.started_at:%Y%m%dT%H%M%S}"
    alert = AlertIssued(alert_id, "Actual", "air", "enter", (WHOLE_CITY,), (), None, None)
    end = AllClear("Actual", (alert_id,), "air", (WHOLE_CITY,))
    return (span.started_at, alert), (span.finished_at, end)


def _numbered(said: list[tuple[datetime, Payload]], after: int = 0) -> list[Event]:
    ordered = sorted(said, key=lambda each: each[0])
    return [
        Event(number, f"history/{number}", at, at, HISTORY, "", False, payload, {}, "", "")
        for number, (at, payload) in enumerate(ordered, start=after + 1)
    ]


@contextmanager
def opened(what: str, region: str, speed: float) -> Iterator[Recording]:
    """What a person names, opened to be read; closed after the body.

    Parameters
    ----------
    what
        Address of a journal, or a file: a SQLite journal, an export as JSON lines, a history of alerts as CSV.
    region
        Region of a history that has several.
    speed
        Of the replay, so that the source of a history is heard often enough.

    Raises
    ------
    InputError
        It is none of these, or broken.
    SourceError
        It cannot be read.
    StoreError
        The database cannot be reached.
    """
    head = b"" if "://" in what else _head(Path(what))
    if "://" in what or head.startswith(_SQLITE):
        journal = open_journal(what, is_read_only=True)
        try:
            yield KeptJournal(journal)
        finally:
            journal.close()
    elif head.startswith(_LINES):
        yield Lines(lambda: _lines(Path(what)))
    else:
        spans = alert_history.read(Path(what), region)
        yield History(spans, timedelta(seconds=HEARD_EVERY_S * speed))


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(64)
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror}). Give a file that can.") from error


def _lines(path: Path) -> Iterator[Event]:
    with path.open("rb") as file:
        journal_id = journal_lines.read_header(file, path.name)
        for line in journal_lines.read(file, journal_id, path.name):
            yield line.event
