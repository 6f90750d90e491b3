"""Notices and alarms by hand as a CAP feed: made once for each version of the state, the same from every process."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from takecover.analysis.announcements import EXERCISE, Announcement, wording
from takecover.analysis.cap_notices import cap_alert, spoken_of
from takecover.model.notice import Template
from takecover.workflow.live.live import Live
from takecover.workflow.live.told import Told
from takecover.workflow.live.wordings import template_of

if TYPE_CHECKING:
    from takecover.io import atom_writer

FEED = "/cap/feed.atom"
BEGAN = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Feed:
    """What the city tells, as CAP.

    Attributes
    ----------
    body
        The Atom feed.
    etag
        Its entity tag.
    messages
        CAP messages by their names.
    """

    body: bytes
    etag: str
    messages: Mapping[str, bytes]


class CapOut:
    """Writes the feed of a running city.

    Parameters
    ----------
    live
        The city.
    sender
        CAP's sender; one that does not exist where nothing is given, and then says so by its ending.
    """

    def __init__(self, live: Live, sender: str = "") -> None:
        self._live, self._told = live, Told(live)
        self._sender = sender or f"{live.city.name}@takecover.invalid"
        self._spoken = spoken_of(live.city, live.areas, self._sender, live.is_exercise)
        self._version = -1
        self._feed = Feed(b"", "", {})

    def feed(self) -> Feed:
        """The feed as it is now."""
        version = self._live.public.version
        if version != self._version:
            self._feed, self._version = self._made(), version
        return self._feed

    def _made(self) -> Feed:
        from takecover.io import atom_writer, cap_writer

        live, now = self._live, self._live.now()
        known = [
            (each, template)
            for each in self._told.messages(now)
            if (template := template_of(each)) is not None and self._has_areas(each)
        ]
        messages = {
            each.message_id: cap_writer.write(cap_alert(each, template, self._spoken))
            for each, template in known
        }
        entries = [self._entry(each, template) for each, template in reversed(known)]
        title = f"{live.city.title_uk or live.city.title} / {live.city.title}"
        if live.is_exercise:
            title = f"{EXERCISE['uk']} / {EXERCISE['en']}. {title}"
        body = atom_writer.write(self._sender, title, FEED, BEGAN, entries)
        return Feed(body, f'"{hashlib.sha256(body).hexdigest()[:32]}"', messages)

    def _has_areas(self, said: Announcement) -> bool:
        """False for a message of another map of the city, which cannot be drawn on this one."""
        named = (*said.area_ids, *said.ended_area_ids)
        return all((area_id, "uk") in self._spoken.areas for area_id in named)

    def _entry(self, said: Announcement, template: Template) -> atom_writer.Entry:
        from takecover.io import atom_writer

        words = {language: wording(template, language, self._live.is_exercise) for language in ("uk", "en")}
        before = {"Cancel": "Скасовано / Taken back: ", "Update": "Оновлено / Updated: "}.get(
            "" if said.is_alarm and said.msg_type == "Cancel" else said.msg_type, ""
        )
        return atom_writer.Entry(
            name=said.message_id,
            title=f"{before}{words['uk'].headline} / {words['en'].headline}",
            summary=f"{words['uk'].description} / {words['en'].description}",
            updated=said.sent_at.replace(microsecond=0),
            link=f"/cap/{said.message_id}.xml",
        )
