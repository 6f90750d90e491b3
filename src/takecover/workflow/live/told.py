"""What a city tells by CAP, pushes and webhooks: alarms by hand and their ends, and notices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from takecover import parameters
from takecover.analysis.alarms import alarms, kept_alarms
from takecover.analysis.announcements import Announcement, announcements, kept
from takecover.analysis.situation_topics import ALERTS, Entry
from takecover.workflow.live.live import Live
from takecover.workflow.live.wordings import template_of


class Told:
    """The messages of a running city that may still be asked for.

    Parameters
    ----------
    live
        The city.

    Notes
    -----
    Alarms are made anew only when something new is known of alerts: a night of feeds makes many entries.
    """

    def __init__(self, live: Live) -> None:
        self._live = live
        self._trail: Sequence[Entry] | None = None
        self._alarms: tuple[Announcement, ...] = ()

    def messages(self, now: datetime) -> tuple[Announcement, ...]:
        """Every message whose wording this program has, in the order of sending."""
        state, kept_s = self._live.state, parameters.value("notice_kept_s")
        trail = state.trails.get(ALERTS, ())
        if trail is not self._trail:
            self._alarms, self._trail = alarms(trail), trail
        sent = (*kept_alarms(self._alarms, now, kept_s), *kept(announcements(state, now), now, kept_s))
        known = (each for each in sent if template_of(each) is not None)
        return tuple(sorted(known, key=lambda each: each.sent_at))
