"""Israel's Home Front Command (Pikud HaOref): short-lived alerts by place, with a word before and a word after.

An alert is on its list for some ten seconds only, so its going away means nothing: it ends when the service says in
words that the event is over. The list of now and that of the last day number their kinds differently, and both are
asked. The numbers of updates have changed their meaning before, so an update is understood by its words alone.

References
----------
What integrators found: https://github.com/amitfin/oref_alert/issues/216 and 195,
https://github.com/eladnava/pikud-haoref-api/pull/35
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from takecover.analysis.situation_alerts import AlertRow
from takecover.errors import Faults, InputError
from takecover.feeds import json_list
from takecover.feeds.polite import Address, UnheardError
from takecover.model.event import Draft, event_id_of
from takecover.model.event_fields import write_moment
from takecover.model.event_payloads import AlertIssued, AllClear
from takecover.model.feed import FeedSpec

if TYPE_CHECKING:
    import httpx

HISTORY = "History/AlertsHistory.json"
NOW = "Alerts.json"

THREATS_NOW = {
    "1": "rocket",
    "3": "earthquake",
    "4": "radiological",
    "5": "tsunami",
    "6": "drone",
    "7": "hazardous",
}
THREATS_HISTORY = {
    "1": "rocket",
    "2": "drone",
    "3": "chemical",
    "7": "earthquake",
    "8": "earthquake",
    "9": "chemical",
}

ENDED_WORDS = ("הסתיים", "ניתן לצאת")
"""The event is over; one may go out."""

SOON_WORDS = ("בדקות הקרובות",)
"""Alerts are expected in the next minutes."""

LOOKS_BACK = timedelta(minutes=30)
"""What the history told longer ago than this, when it is first read, is over or will be said again."""

REPEATS_FOR = timedelta(minutes=3)
"""An alert of the same threat and place within so long is the same one said again."""


@dataclass(frozen=True)
class Said:
    """One line of the service: for each place, an alert, a word before it, or its end.

    Attributes
    ----------
    key
        What tells it from every other line.
    places
        The service's names of places.
    threat
        Kind of threat; empty in an update that names none.
    stage
        ``prepare``, ``enter``, or ``end``.
    message
        Its words.
    at
        When it was said; None where the list does not tell.
    """

    key: str
    places: tuple[str, ...]
    threat: str
    stage: str
    message: str
    at: datetime | None = None


class OrefFeed:
    """Asks both lists and says what is new in them."""

    def __init__(self, spec: FeedSpec, client: httpx.AsyncClient, rows: Iterable[AlertRow] = ()) -> None:
        self.spec = spec
        headers = {"X-Requested-With": "XMLHttpRequest", "Referer": "https://www.oref.org.il/"}
        base = spec.address.rstrip("/")
        self._now = Address(client, f"{base}/{NOW}", headers)
        self._history = Address(client, f"{base}/{HISTORY}", headers)
        self._known: set[str] | None = None
        self._last: dict[tuple[str, str, str], tuple[datetime, str]] = {
            (row.area_id, row.threat, row.stage): (row.as_of, row.alert_id)
            for row in rows
            if row.source == spec.source and row.ended_at is None
        }

    async def ask(self, now: datetime) -> tuple[Draft, ...]:
        """The events of what is new in either list.

        Raises
        ------
        UnheardError
            If neither list came; what one of them says is used where the other is silent.
        """
        said: list[Said] = []
        silent: list[UnheardError] = []
        for address, read in ((self._now, read_now), (self._history, read_history)):
            try:
                data = await address.ask(now)
                said += read(data) if data is not None else ()
            except UnheardError as error:
                silent.append(error)
            except InputError as error:
                address.forget()
                silent.append(UnheardError(f"{address.host} said what is no list of alerts: {error}"))
        if len(silent) == 2:
            raise silent[0]
        return self._new(said, now)

    def _new(self, said: list[Said], now: datetime) -> tuple[Draft, ...]:
        """Events of the lines not seen before; of the history that the first list brings, its last part only."""
        if self._known is None:
            self._known = {each.key for each in said if each.at is not None and now - each.at > LOOKS_BACK}
        drafts = []
        for each in said:
            area_ids = tuple(
                dict.fromkeys(
                    area_id for place in each.places for area_id in self.spec.regions.get(place, ())
                )
            )
            if each.key in self._known or not area_ids:
                continue
            self._known.add(each.key)
            draft = (
                self._ended(each, area_ids, now) if each.stage == "end" else self._issued(each, area_ids, now)
            )
            if draft is not None:
                drafts.append(draft)
        return tuple(drafts)

    def _issued(self, said: Said, area_ids: tuple[str, ...], now: datetime) -> Draft | None:
        fresh = tuple(
            area_id
            for area_id in area_ids
            if now - self._last.get((area_id, said.threat, said.stage), (_LONG_AGO, ""))[0] > REPEATS_FOR
        )
        if not fresh:
            return None
        alert_id = f"{said.key[:150]}@{write_moment(now)}"
        for area_id in fresh:
            self._last[area_id, said.threat, said.stage] = now, alert_id
        payload = AlertIssued(
            alert_id=alert_id,
            status="Exercise" if self.spec.is_exercise else "Actual",
            threat=said.threat,
            stage=said.stage,
            area_ids=fresh,
            references=(),
            onset_at=None,
            expires_at=None,
        )
        return self._draft(alert_id, payload, said, now)

    def _ended(self, said: Said, area_ids: tuple[str, ...], now: datetime) -> Draft | None:
        """The end of every alert of ours in these places, whatever its threat: the service ends events, not threats."""
        ended = {key: kept for key, kept in self._last.items() if key[0] in area_ids}
        if not ended:
            return None
        for key in ended:
            del self._last[key]
        alert_ids = tuple(dict.fromkeys(alert_id for _, alert_id in ended.values()))
        status = "Exercise" if self.spec.is_exercise else "Actual"
        payload = AllClear(status=status, alert_ids=alert_ids, threat="", area_ids=area_ids)
        return self._draft(f"{said.key[:150]}@{write_moment(now)}", payload, said, now)

    def _draft(self, name: str, payload: AlertIssued | AllClear, said: Said, now: datetime) -> Draft:
        return Draft(
            event_id_of(f"{self.spec.feed_id}/{name}"),
            now,
            self.spec.source,
            "",
            payload,
            is_exercise=self.spec.is_exercise,
            words={"message": said.message},
        )


def read_now(data: bytes) -> tuple[Said, ...]:
    """The line of now; none where the answer is empty, as it is while nothing is said.

    Raises
    ------
    InputError
        If it is no such line: all faults at once.
    """
    if not data.decode("utf-8-sig", "replace").strip():
        return ()
    row = json_list.loads(data)
    if not isinstance(row, dict):
        raise InputError("it is no object with an alert.")
    faults = Faults("Alerts.json")
    number = json_list.text(row, "id", "alert", faults)
    kind = json_list.text(row, "cat", "alert", faults)
    title = json_list.text(row, "title", "alert", faults)
    places = row.get("data")
    if not isinstance(places, list) or not all(isinstance(place, str) for place in places):
        faults.add("alert.data: is no list of places")
        places = []
    faults.raise_if_any()
    stage = _stage(title)
    threat = THREATS_NOW.get(kind, "other")
    return (Said(f"now:{number}", tuple(places[: json_list.MOST_ALERTS]), threat, stage, title),)


def read_history(data: bytes) -> tuple[Said, ...]:
    """The lines of the last day, oldest first.

    Raises
    ------
    InputError
        If it is no such list: all faults at once.
    """
    faults = Faults("AlertsHistory.json")
    found = []
    for number, row in enumerate(json_list.rows(json_list.loads(data), "the history")):
        found.append(_line(row, f"[{number}]", faults))
    faults.raise_if_any()
    return tuple(reversed(found))


def _line(row: Mapping[str, Any], place: str, faults: Faults) -> Said:
    where = json_list.text(row, "data", place, faults)
    when = json_list.text(row, "alertDate", place, faults)
    kind = json_list.text(row, "category", place, faults)
    title = json_list.text(row, "title" if "title" in row else "category_desc", place, faults)
    key = f"{when}/{kind}/{where}/{title}"
    return Said(
        key, (where,), THREATS_HISTORY.get(kind, "other"), _stage(title), title, _time(when, place, faults)
    )


def _time(when: str, place: str, faults: Faults) -> datetime | None:
    """A time of the history, which is Israel's own."""
    try:
        return datetime.fromisoformat(when).replace(tzinfo=ZoneInfo("Asia/Jerusalem"))
    except ValueError:
        faults.add(f"{place}.alertDate: {when[:40]!r} is no time")
        return None


def _stage(title: str) -> str:
    """What a line does, by its words."""
    if any(word in title for word in ENDED_WORDS):
        return "end"
    return "prepare" if any(word in title for word in SOON_WORDS) else "enter"


_LONG_AGO = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
