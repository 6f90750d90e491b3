"""Listens to a feed for as long as the program runs, and keeps when it was last heard.

A feed that falls silent is told as silent. It never says that all is clear.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Protocol

from takecover.errors import SourceError, StoreError
from takecover.feeds.polite import UnheardError
from takecover.model.event import Draft
from takecover.model.event_fields import write_moment
from takecover.model.event_payloads import FeedHeard
from takecover.model.feed import FeedSpec

MOST_BACKOFF_S = 60.0
"""However often it failed, a feed is asked again within so long, unless it asks for more."""

SAYS_AGAIN = timedelta(seconds=60)
"""While it is heard, the journal is told so this often."""


class Feed(Protocol):
    """Something that can be asked for alerts."""

    spec: FeedSpec

    async def ask(self, now: datetime) -> tuple[Draft, ...]:
        """The events that are new; raises `UnheardError` where nothing came."""


@dataclass(frozen=True)
class Health:
    """How a feed does.

    Attributes
    ----------
    feed_id
        Which feed.
    last_heard_at
        When it last answered; None where it never has.
    failures
        Failures since then.
    last_fault
        What was wrong the last time; empty where nothing was.
    """

    feed_id: str
    last_heard_at: datetime | None = None
    failures: int = 0
    last_fault: str = ""

    def heard(self, now: datetime) -> Health:
        """After an answer."""
        return Health(self.feed_id, now)

    def failed(self, fault: str) -> Health:
        """After a failure."""
        return replace(self, failures=self.failures + 1, last_fault=fault)


def wait_s(period_s: float, failures: int, retry_after_s: float, share: float) -> float:
    """Time until the next question [s].

    Parameters
    ----------
    period_s
        Usual time between two.
    failures
        Failures in a row; each doubles the time, up to `MOST_BACKOFF_S` or the period, whichever is more.
    retry_after_s
        What the service asks for; it is kept.
    share
        A number from 0 to 1: up to a tenth is added, so that many programs do not ask at once.
    """
    backed_off = (
        period_s if failures == 0 else min(period_s * 2 ** min(failures, 16), max(MOST_BACKOFF_S, period_s))
    )
    return max(backed_off * (1 + share / 10), retry_after_s)


async def listen(
    feed: Feed,
    record: Callable[[tuple[Draft, ...]], Awaitable[None]],
    show: Callable[[Health], None],
    clock: Callable[[], datetime],
    sleep: Callable[[float], Awaitable[None]],
    rng: Random,
) -> None:
    """Ask again and again; ends only when it is cancelled.

    Parameters
    ----------
    feed
        What to ask.
    record
        Takes the events. Where it raises `StoreError` they are kept and handed in again, so it must take the same event
        twice as once.
    show
        Told how the feed does after each question.
    clock, sleep, rng
        Time, waiting and chance, handed in.
    """
    health = Health(feed.spec.feed_id)
    said_at: datetime | None = None
    pending: tuple[Draft, ...] = ()
    while True:
        retry_after_s = 0.0
        try:
            pending += await feed.ask(clock())
            is_back = health.failures > 0 or health.last_heard_at is None
            health = health.heard(clock())
            if is_back or said_at is None or clock() - said_at >= SAYS_AGAIN:
                pending += (_word(feed.spec, "heard", health, clock()),)
                said_at = clock()
        except SourceError as error:
            retry_after_s = error.retry_after_s if isinstance(error, UnheardError) else 0.0
            health = health.failed(str(error))
            if health.failures == 1:
                pending += (_word(feed.spec, "failing", health, clock()),)
        if pending:
            with contextlib.suppress(StoreError):
                await record(pending)
                pending = ()
        show(health)
        await sleep(wait_s(feed.spec.period_s, health.failures, retry_after_s, rng.random()))


def _word(spec: FeedSpec, status: str, health: Health, now: datetime) -> Draft:
    payload = FeedHeard(status, health.last_heard_at)
    event_id = f"{spec.feed_id}/{status}@{write_moment(now)}"
    words = {"fault": health.last_fault} if health.last_fault else {}
    return Draft(event_id, now, spec.source, "", payload, is_exercise=spec.is_exercise, words=words)
