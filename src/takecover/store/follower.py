"""A reader's standing view: the last situation that was read, and how old it is, also while the database is away."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from takecover.analysis.situation import Rules, Situation, fold
from takecover.errors import StoreError
from takecover.store.protocol import Journal
from takecover.store.situations import SNAPSHOT_EVERY, keep, open_situation


@dataclass(frozen=True, slots=True)
class Followed:
    """A situation, and when the journal was last seen to say so.

    Attributes
    ----------
    situation
        By the events read so far.
    read_at
        When the journal was last reached, by the server's clock.
    failure
        Why it could not be reached since; empty where it was.
    """

    situation: Situation
    read_at: datetime
    failure: str

    def age(self, now: datetime) -> timedelta:
        """How long ago the journal was last reached."""
        return now - self.read_at


class Follower:
    """Follows a journal, event after event; never goes back, never forgets what it knew.

    Parameters
    ----------
    journal
        The journal; it has to be reached once, here.
    rules
        Of the fold.
    now
        The server's clock.
    is_writer
        True where snapshots may be made.

    Raises
    ------
    StoreError
        The journal cannot be reached, or is damaged.
    """

    def __init__(
        self, journal: Journal, rules: Rules, now: Callable[[], datetime], *, is_writer: bool = True
    ) -> None:
        self._journal, self._rules, self._now, self._is_writer = journal, rules, now, is_writer
        self._following = threading.Lock()
        situation = open_situation(journal, rules, is_writer=is_writer)
        self._kept_seq = situation.seq
        self.latest = Followed(situation, now(), "")

    def refresh(self) -> Followed:
        """Read what came since; while the journal is away, the last that was known, with its age and the reason."""
        with self._following:
            asked_at = self._now()
            try:
                situation = fold(
                    self.latest.situation, self._journal.read(self.latest.situation.seq), self._rules
                )
                if self._is_writer and situation.seq - self._kept_seq >= SNAPSHOT_EVERY:
                    keep(self._journal, situation, self._rules)
                    self._kept_seq = situation.seq
            except StoreError as error:
                self.latest = Followed(self.latest.situation, self.latest.read_at, str(error))
            else:
                self.latest = Followed(situation, asked_at, "")
            return self.latest

    def wait(self, timeout_s: float) -> Followed:
        """Wait for something new, at most so long, then as `refresh`."""
        try:
            self._journal.wait(self.latest.situation.seq, timeout_s)
        except StoreError:
            threading.Event().wait(min(timeout_s, 0.2))
        return self.refresh()
