"""Says what the office sees in one language: ages, times of day, areas, sources, and each line of the timeline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from takecover.analysis.chronicle import Line
from takecover.analysis.situation_record import NoticeView
from takecover.analysis.situation_topics import Entry
from takecover.model.event import kind_of_source
from takecover.model.event_payloads import AlertIssued, AllClear
from takecover.model.feed import WHOLE_CITY
from takecover.server.office_texts import OFFICE
from takecover.workflow.live.desk import Desk
from takecover.workflow.live.office import age_of
from takecover.workflow.live.wordings import templates


@dataclass(frozen=True)
class Speech:
    """The words for one page.

    Attributes
    ----------
    language
        ``en`` or ``uk``.
    desk
        Names of the city's places.
    at
        The server's time when the page was made.
    """

    language: str
    desk: Desk
    at: datetime

    def __call__(self, key: str) -> str:
        """A text by its key; a code of an open list that has none stands as it is."""
        found = OFFICE[self.language].get(key)
        return key.rpartition(".")[2].replace("_", " ") if found is None else found

    def age(self, then: datetime) -> str:
        """How old something is: `4 min`."""
        age = age_of(then, self.at)
        return f"{age.value} {self(age.unit)}"

    def ago(self, then: datetime) -> str:
        """How long ago something was: `4 min ago`."""
        return f"{self.age(then)} {self('ago')}"

    def clock(self, then: datetime) -> str:
        """Time of day where the server stands, with the day where it is another."""
        here, today = then.astimezone(), self.at.astimezone()
        return f"{here:%H:%M}" if here.date() == today.date() else f"{here:%d.%m %H:%M}"

    def full_clock(self, then: datetime) -> str:
        """Day and time with seconds and the name of the time zone."""
        return f"{then.astimezone():%Y-%m-%d %H:%M:%S %Z}"

    def span(self, seconds: int) -> str:
        """A length of time: `4 min`."""
        return f"{seconds // 60} {self('min')}" if seconds >= 120 else f"{seconds} {self('s')}"

    def area(self, area_id: str) -> str:
        """Name of a district, or the whole city."""
        if area_id == WHOLE_CITY:
            return self("area.city")
        name, name_uk = self.desk.zones.get(area_id, ("", ""))
        return (name_uk or name or area_id) if self.language == "uk" else (name or area_id)

    def areas(self, area_ids: tuple[str, ...]) -> str:
        """Several areas in one line."""
        return ", ".join(map(self.area, area_ids))

    def shelter(self, shelter_id: str) -> str:
        """What people call a shelter."""
        return self.desk.names.get(shelter_id, shelter_id)

    def zone(self, shelter_id: str) -> str:
        """District of a shelter; empty where it is in none."""
        zone_id = self.desk.zone_of.get(shelter_id, "")
        return self.area(zone_id) if zone_id else ""

    def who(self, source: str, actor_id: str = "") -> str:
        """Who said something: a feed by its name, an officer by id, others by their kind."""
        kind, _, name = source.partition(":")
        if kind == "feed":
            return name
        said = self(f"kind.{kind}")
        return (
            f"{said} {actor_id.removeprefix('user:').removeprefix('replay:')}"
            if kind == "officer" and actor_id
            else said
        )

    def line(self, line: Line) -> str:
        """One line of the timeline."""
        said: Any = line.payload
        words = {"kind": said.kind}
        match said.kind:
            case "alert" | "all_clear":
                words |= {"threat": self(f"threat.{said.threat}"), "areas": self._areas_of(said)}
            case "shelter" | "count" | "door" | "hint":
                words["shelter"] = self.shelter(said.shelter_id)
                words["status"] = self(f"status.{getattr(said, 'status', '')}").lower()
                words["people"] = str(getattr(said, "people", ""))
                words["door"] = getattr(said, "entrance_id", "")
            case "notice_asked":
                words["step"] = self(f"step.{said.step}")
            case "notice_decided":
                words["decision"] = self(f"decision.{said.decision}")
            case "incident":
                words |= {"what": self(f"what.{said.what}"), "status": self(f"work.{said.status}").lower()}
            case "mark":
                words |= {"span": self(f"mark.{said.span}"), "phase": self(f"phase.{said.phase}")}
        kind = said.kind
        if isinstance(said, AllClear) and not said.threat:
            kind = "all_clear_ids"
        texts = OFFICE[self.language]
        return texts.get(f"line.{kind}", texts["line.other"]).format(**words)

    def notice(self, notice: NoticeView, request: Entry) -> str:
        """A request for a notice in one line: its headline and where; or that it is to be taken back."""
        said: Any = request.payload
        if said.step == "cancel":
            before = notice.public
            is_there = before is not None and before is not request
            return (
                f"{self('notice_cancelling')}: {self.notice(notice, before) if before and is_there else ''}"
            )
        template = templates().get(said.template_id)
        headline = said.template_id if template is None else template.wordings[self.language].headline
        return f"{headline} ({self.areas(said.area_ids)})"

    def _areas_of(self, said: AlertIssued | AllClear) -> str:
        return self.areas(said.area_ids) or self("area.city")

    def tone(self, line: Line) -> str:
        """Which mark a line of the timeline has."""
        said: Any = line.payload
        if said.kind in ("alert", "all_clear"):
            return "on" if said.kind == "alert" else "none"
        return str(said.status) if said.kind in ("shelter", "door") else kind_of_source(line.source)
