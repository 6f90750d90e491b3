"""The city's notices as a CAP feed: made once for each version of the public state, the same from every process."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from takecover import parameters
from takecover.analysis.announcements import EXERCISE, Announcement, announcements, kept, wording
from takecover.analysis.cap_notices import cap_alert, spoken_of
from takecover.workflow.live.live import Live
from takecover.workflow.live.wordings import templates

if TYPE_CHECKING:
    from takecover.io import atom_writer

FEED = "/cap/feed.atom"
BEGAN = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Feed:
    """What of the city's notices can be had as CAP.

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
        self._live = live
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
        sent = kept(announcements(live.state, now), now, parameters.value("notice_kept_s"))
        known = [each for each in sent if each.template_id in templates() and self._has_areas(each)]
        messages = {
            each.message_id: cap_writer.write(cap_alert(each, templates()[each.template_id], self._spoken))
            for each in known
        }
        entries = [self._entry(each) for each in reversed(known)]
        title = f"{live.city.title_uk or live.city.title} / {live.city.title}"
        if live.is_exercise:
            title = f"{EXERCISE['uk']} / {EXERCISE['en']}. {title}"
        body = atom_writer.write(self._sender, title, FEED, BEGAN, entries)
        return Feed(body, f'"{hashlib.sha256(body).hexdigest()[:32]}"', messages)

    def _has_areas(self, said: Announcement) -> bool:
        """False for a message of another map of the city, which cannot be drawn on this one."""
        return all((area_id, "uk") in self._spoken.areas for area_id in said.area_ids)

    def _entry(self, said: Announcement) -> atom_writer.Entry:
        from takecover.io import atom_writer

        template = templates()[said.template_id]
        words = {language: wording(template, language, self._live.is_exercise) for language in ("uk", "en")}
        before = {"Cancel": "Скасовано / Taken back: ", "Update": "Оновлено / Updated: "}.get(
            said.msg_type, ""
        )
        return atom_writer.Entry(
            name=said.message_id,
            title=f"{before}{words['uk'].headline} / {words['en'].headline}",
            summary=f"{words['uk'].description} / {words['en'].description}",
            updated=said.sent_at.replace(microsecond=0),
            link=f"/cap/{said.message_id}.xml",
        )
