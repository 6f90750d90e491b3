"""The desk of a running city's office: draws its picture of now, and knows the names of its places."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property

from takecover import parameters
from takecover.analysis.chronicle import Line, chronicle, found, is_correctable, last_own, of_topics
from takecover.analysis.public_state import PublicPlaces, places_of, public_areas, public_shelter
from takecover.analysis.situation import State
from takecover.analysis.situation_areas import (
    alerts,
    last_heard,
)
from takecover.analysis.situation_record import (
    incidents,
    notices,
    spans,
)
from takecover.analysis.situation_view import UNKNOWN, shelter, shelter_ids
from takecover.analysis.urgency import URGENCIES, ShelterNow, by_urgency, counted, now
from takecover.model import canonical
from takecover.model.canonical import Plain
from takecover.workflow.live.live import Live
from takecover.workflow.live.mapping import CityMap
from takecover.workflow.live.office import (
    FeedNow,
    Office,
    alerts_now,
    areas_now,
    fresh,
    together,
)

MOST_LINES = 16
MOST_SHELTERS = 60
MS_PER_S = 1_000


class Desk:
    """The office of one running city, with the names of its places.

    Parameters
    ----------
    live
        The running city.
    """

    def __init__(self, live: Live) -> None:
        self.live = live
        city = live.city
        self.zones = {
            str(zone_id): (str(name), str(name_uk))
            for zone_id, name, name_uk in zip(
                city.zones.zone_ids, city.zones.names, city.zones.names_uk, strict=True
            )
        }
        table = city.shelters
        self.names = {str(each): live.shelter_name(str(each)) for each in table.shelter_ids}
        self._zone_ids = [*self.zones, ""]
        self.zone_of = {
            str(each): self._zone_ids[idx]
            for each, idx in zip(table.shelter_ids, table.zone_idx, strict=True)
        }
        self.withheld = frozenset(map(str, table.shelter_ids[table.is_withheld]))

    @cached_property
    def places(self) -> PublicPlaces:
        """All shelters of the city, withheld ones too."""
        return places_of(self.live.city, parameters.value("filling_share"), with_withheld=True)

    @cached_property
    def map(self) -> CityMap:
        """The map with its withheld shelters."""
        return CityMap(self.live.city, "/api/v1/office/map", has_withheld=True)

    def state(self) -> bytes:
        """Areas and all shelters that anything was said of, in the form of the public state, as canonical JSON."""
        live, at = self.live, self.live.now()
        areas = public_areas(live.state, self.places, at, live.rules, live.is_exercise)
        views = [shelter(live.state, each, at, live.rules) for each in shelter_ids(live.state)]
        shown = [public_shelter(view, self.places, at, live.is_exercise) for view in views]
        shelters: list[Plain] = [each.plain for each in shown if each is not None]
        version = int(at.timestamp() * MS_PER_S)
        return canonical.encode(
            {
                "version": version,
                "is_exercise": live.is_exercise,
                "areas": areas.plain["areas"],
                "shelters": shelters,
            }
        )

    def office(self, actor_id: str) -> Office:
        """The picture of now, for one who looks."""
        live, at = self.live, self.live.now()
        state, heard = live.state, self._heard()
        shelters = by_urgency(state, self.places, at, live.rules)
        areas = areas_now(state, at, live, heard)
        seen = notices(state, at)
        since = at - timedelta(seconds=parameters.value("undo_within_s"))
        return Office(
            at=at,
            word=together(areas),
            alerts=alerts_now(alerts(state, at, live.rules, heard)),
            areas=areas,
            feeds=self._feeds(state, at, heard),
            shelters=shelters,
            counts=counted(shelters, self.places),
            unheard=len(self.places.capacity) - len(shelters),
            incidents=tuple(
                sorted(
                    incidents(state, at),
                    key=lambda each: (each.report.status == "closed", -each.as_of.timestamp()),
                )
            ),
            waiting=tuple(each for each in seen if each.pending is not None),
            public=tuple(each for each in seen if each.status == "public"),
            spans=tuple(each for each in spans(state, at) if each.ended_at is None),
            lines=chronicle(state, MOST_LINES),
            own=last_own(state, actor_id, since),
            journal_read_at=live.followed.read_at,
            journal_fault=live.followed.failure,
        )

    def shelter(self, shelter_id: str) -> ShelterNow | None:
        """One shelter now; None where the city has none of that id."""
        if shelter_id not in self.places.capacity:
            return None
        live = self.live
        return now(shelter(live.state, shelter_id, live.now(), live.rules), self.places)

    def matching(self, text: str, urgent: tuple[ShelterNow, ...]) -> list[ShelterNow]:
        """Shelters whose name, id or district holds a text, by urgency; the most urgent where it is empty.

        Parameters
        ----------
        text
            What is looked for.
        urgent
            Those of which anything was said.
        """
        wanted = text.strip().casefold()
        if not wanted:
            return [each for each in urgent if each.urgency != "unheard"][:MOST_SHELTERS]
        there = {each.shelter_id: each for each in urgent}
        ids = [each for each in self.names if wanted in self._sought(each)]
        hits = [there.get(each) or self.shelter(each) for each in ids[: 10 * MOST_SHELTERS]]
        known = [each for each in hits if each is not None]
        return sorted(known, key=lambda each: (URGENCIES.index(each.urgency), -each.capacity))[:MOST_SHELTERS]

    def _sought(self, shelter_id: str) -> str:
        zone = self.zones.get(self.zone_of[shelter_id], ("", ""))
        return " ".join((shelter_id, self.names[shelter_id], *zone)).casefold()

    def history(self, topics: tuple[str, ...]) -> tuple[Line, ...]:
        """What was said of some topics, the newest first."""
        return of_topics(self.live.state, topics, MOST_LINES)

    def line(self, event_id: str) -> Line | None:
        """One event that the state remembers."""
        return found(self.live.state, event_id)

    def may_correct(self, line: Line) -> bool:
        """True where the office may take an event back."""
        return is_correctable(line)

    def _heard(self) -> dict[str, datetime]:
        return {
            f"feed:{each.feed_id}": each.last_heard_at
            for each in self.live.health.values()
            if each.last_heard_at is not None
        }

    def _feeds(self, state: State, at: datetime, heard: Mapping[str, datetime]) -> tuple[FeedNow, ...]:
        when = last_heard(state, at, heard)
        found = []
        for source in sorted({*when, *(f"feed:{each}" for each in self.live.health)}):
            health = self.live.health.get(source.partition(":")[2])
            heard_at = when.get(source)
            found.append(
                FeedNow(
                    source,
                    heard_at,
                    UNKNOWN if heard_at is None else fresh(heard_at, source, at, self.live),
                    0 if health is None else health.failures,
                    "" if health is None else health.last_fault,
                )
            )
        return tuple(sorted(found, key=lambda each: (each.heard_at is not None, each.heard_at or at)))
