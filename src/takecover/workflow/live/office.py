"""What the office sees: one picture of the city at one moment, in which every fact has an age. It decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from takecover import threats
from takecover.analysis.chronicle import Line
from takecover.analysis.situation import State
from takecover.analysis.situation_areas import (
    NONE,
    ON,
    AlertFact,
    AreaView,
    SourceWord,
    area,
)
from takecover.analysis.situation_record import (
    IncidentView,
    NoticeView,
    SpanView,
)
from takecover.analysis.situation_view import UNKNOWN, freshness
from takecover.analysis.urgency import ShelterNow
from takecover.model.event import kind_of_source
from takecover.model.feed import WHOLE_CITY
from takecover.workflow.live.live import Live

WORST = (ON, UNKNOWN, NONE)
MINUTE_S, HOUR_S, DAY_S = 60, 3_600, 86_400


@dataclass(frozen=True, slots=True)
class Age:
    """How long ago, in the one unit that says enough: ``s``, ``min``, ``h`` or ``d``."""

    value: int
    unit: str


def age_of(then: datetime, at: datetime) -> Age:
    """The age of something, rounded down; below two of a unit the smaller one is used.

    Examples
    --------
    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 25, 12, tzinfo=UTC)
    >>> age_of(noon, noon + timedelta(seconds=119)), age_of(noon, noon + timedelta(seconds=120))
    (Age(value=119, unit='s'), Age(value=2, unit='min'))
    """
    seconds = max(0, int((at - then).total_seconds()))
    for unit, length in (("d", DAY_S), ("h", HOUR_S), ("min", MINUTE_S)):
        if seconds >= 2 * length:
            return Age(seconds // length, unit)
    return Age(seconds, "s")


@dataclass(frozen=True, slots=True)
class AlertNow:
    """One alert of one source, with all its areas that nobody ended.

    Attributes
    ----------
    source, alert_id, threat, stage
        As in the journal.
    area_ids
        Where.
    is_on
        False where its age is unknown or it has expired, though nobody ended it.
    since, expires_at
        When it began and runs out.
    freshness
        Of its source's word.
    warning_s
        The time that the threat usually leaves [s]; None where the table has none.
    """

    source: str
    alert_id: str
    threat: str
    stage: str
    area_ids: tuple[str, ...]
    is_on: bool
    since: datetime
    expires_at: datetime | None
    freshness: str
    warning_s: int | None

    @property
    def key(self) -> str:
        """What tells it from every other."""
        return f"{self.source}|{self.alert_id}|{self.threat}"


@dataclass(frozen=True, slots=True)
class FeedNow:
    """One source of alerts: when it was last heard, and what its last failure was."""

    source: str
    heard_at: datetime | None
    freshness: str
    failures: int = 0
    fault: str = ""


@dataclass(frozen=True, slots=True)
class AreaNow:
    """A district or the whole city: the word that holds there, and each source's own, the city's taken in."""

    area_id: str
    word: str
    is_contradicted: bool
    by_source: Mapping[str, SourceWord]


@dataclass(frozen=True)
class Office:
    """The picture of one moment.

    Attributes
    ----------
    at
        The server's time.
    word
        ``on`` where an alert is on anywhere; ``none``; or ``unknown``.
    alerts
        Alerts that nobody ended, those that are on first.
    areas
        The whole city first, then each district.
    feeds
        Sources of alerts, the longest silent first.
    shelters
        By urgency, those that anything was said of.
    counts
        Shelters of each band, all of the city.
    unheard
        Shelters of which nothing was ever said.
    incidents
        Open ones, then closed ones, the newest first.
    waiting
        Notices that wait for a second person.
    public
        Notices that are with the public.
    spans
        Drills and raids that have begun and not ended.
    lines
        The timeline.
    own
        The last act of who looks, which they may take back; None where there is none.
    journal_read_at, journal_fault
        When the journal was last reached, and why not since.
    """

    at: datetime
    word: str
    alerts: tuple[AlertNow, ...]
    areas: tuple[AreaNow, ...]
    feeds: tuple[FeedNow, ...]
    shelters: tuple[ShelterNow, ...]
    counts: Mapping[str, int]
    unheard: int
    incidents: tuple[IncidentView, ...]
    waiting: tuple[NoticeView, ...]
    public: tuple[NoticeView, ...]
    spans: tuple[SpanView, ...]
    lines: tuple[Line, ...]
    own: Line | None
    journal_read_at: datetime
    journal_fault: str

    def age(self, then: datetime) -> Age:
        """How long ago something was."""
        return age_of(then, self.at)

    @property
    def is_contradicted(self) -> bool:
        """True where sources say different things of an area."""
        return any(each.is_contradicted for each in self.areas)


def fresh(heard_at: datetime, source: str, at: datetime, live: Live) -> str:
    """How fresh the word of a source is that was last heard at a time."""
    valid = timedelta(seconds=live.rules.valid_s[kind_of_source(source)])
    return freshness(at, heard_at + valid, heard_at + live.rules.old_factor * valid)


def areas_now(state: State, at: datetime, live: Live, heard: Mapping[str, datetime]) -> tuple[AreaNow, ...]:
    """The whole city and each district; what holds for the city holds for every district."""
    whole = area(state, WHOLE_CITY, at, live.rules, heard)
    zone_ids = map(str, live.city.zones.zone_ids)
    views = [area(state, each, at, live.rules, heard) for each in zone_ids]
    return (_area(whole, whole), *(_area(view, whole) for view in views))


def _area(view: AreaView, whole: AreaView) -> AreaNow:
    """One area; each source's worst word of the area and of the city, as the public sees it."""
    views = (view,) if view is whole else (whole, view)
    said = {each.word for each in views if each is whole or each.sources}
    by_source: dict[str, SourceWord] = {}
    for source in (word for each in views for word in each.sources):
        held = by_source.get(source.source)
        if held is None or WORST.index(source.word) < WORST.index(held.word):
            by_source[source.source] = source
    words = {word.word for word in by_source.values()}
    return AreaNow(view.area_id, _worst(said), {ON, NONE} <= words, by_source)


def _worst(words: set[str]) -> str:
    return next((word for word in WORST if word in words), NONE)


def together(areas: tuple[AreaNow, ...]) -> str:
    """The word of all areas: on where it is on anywhere, none only where it is none everywhere."""
    return _worst({each.word for each in areas})


def alerts_now(facts: tuple[AlertFact, ...]) -> tuple[AlertNow, ...]:
    """Rows of one alert as one, those that are on first, then the newest."""
    groups: dict[tuple[str, str, str], list[AlertFact]] = {}
    for fact in facts:
        row = fact.row
        if row.ended_at is None and (fact.is_on or fact.freshness != UNKNOWN):
            groups.setdefault((row.source, row.alert_id, row.threat), []).append(fact)
    found = [_alert(together) for together in groups.values()]
    return tuple(sorted(found, key=lambda each: (not each.is_on, -each.since.timestamp(), each.key)))


def _alert(facts: list[AlertFact]) -> AlertNow:
    row = facts[-1].row
    return AlertNow(
        source=row.source,
        alert_id=row.alert_id,
        threat=row.threat,
        stage=row.stage,
        area_ids=tuple(fact.row.area_id for fact in facts),
        is_on=any(fact.is_on for fact in facts),
        since=min(fact.row.as_of for fact in facts),
        expires_at=row.expires_at,
        freshness=facts[-1].freshness,
        warning_s=threats.usual_time_s(row.threat) if row.threat in threats.names() else None,
    )
