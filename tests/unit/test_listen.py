"""Listening: asking again, backing off, keeping what could not be recorded, and telling silence as silence."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takecover.errors import StoreError
from takecover.feeds.listen import Health, listen, wait_s
from takecover.feeds.polite import UnheardError
from takecover.model.event import Draft
from takecover.model.event_payloads import AllClear, FeedHeard
from takecover.model.feed import FeedSpec

NOW = datetime(2023, 5, 29, 23, 6, 11, tzinfo=UTC)
SPEC = FeedSpec("folder", "kmva", "", 10)
CLEAR = Draft("e1", NOW, SPEC.source, "", AllClear("Actual", ("a",), "", ()))


@dataclass
class Night:
    """A clock that waiting moves, a feed that says what it is told to, and a store that can be down."""

    says: list[tuple[Draft, ...] | UnheardError]
    store_is_down_until: int = 0
    now: datetime = NOW
    recorded: list[Draft] = field(default_factory=list)
    shown: list[Health] = field(default_factory=list)
    waits_s: list[float] = field(default_factory=list)
    spec: FeedSpec = SPEC

    async def ask(self, now: datetime) -> tuple[Draft, ...]:
        said = self.says.pop(0)
        if isinstance(said, UnheardError):
            raise said
        return said

    async def record(self, drafts: tuple[Draft, ...]) -> None:
        if len(self.waits_s) < self.store_is_down_until:
            raise StoreError("down")
        self.recorded += drafts

    async def sleep(self, seconds: float) -> None:
        self.waits_s.append(seconds)
        self.now += timedelta(seconds=seconds)
        if not self.says:
            raise asyncio.CancelledError

    def run(self) -> Night:
        with pytest.raises(asyncio.CancelledError):
            asyncio.run(listen(self, self.record, self.shown.append, lambda: self.now, self.sleep, Random(1)))
        return self

    def heard(self) -> list[str]:
        return [draft.payload.status for draft in self.recorded if isinstance(draft.payload, FeedHeard)]


def test_a_feed_that_answers_is_told_as_heard_at_once_and_then_each_minute() -> None:
    night = Night([()] * 14).run()
    assert night.heard() == ["heard", "heard", "heard"]
    assert all(health.failures == 0 for health in night.shown)


def test_a_silence_is_told_once_and_so_is_its_end_and_no_alert_ends_by_it() -> None:
    silent = UnheardError("no answer")
    night = Night([(), silent, silent, silent, ()]).run()
    assert night.heard() == ["heard", "failing", "heard"]
    assert not any(isinstance(draft.payload, AllClear) for draft in night.recorded)
    assert [health.failures for health in night.shown] == [0, 1, 2, 3, 0]
    assert night.shown[3].last_heard_at == NOW
    assert night.shown[3].last_fault == "no answer"


def test_what_the_store_could_not_take_is_kept_and_handed_in_again() -> None:
    night = Night([(CLEAR,), (), ()], store_is_down_until=2).run()
    assert [draft.event_id for draft in night.recorded].count("e1") == 1


def test_a_feed_that_fails_is_asked_less_and_less_often_up_to_a_minute() -> None:
    night = Night([UnheardError("no answer")] * 6).run()
    assert all(
        limit <= wait <= limit * 1.1
        for wait, limit in zip(night.waits_s, (20, 40, 60, 60, 60, 60), strict=True)
    )


def test_a_service_that_asks_for_time_is_given_it() -> None:
    assert Night([UnheardError("too often", retry_after_s=300)]).run().waits_s == [300]


@given(st.floats(1, 600), st.integers(0, 40), st.floats(0, 3600), st.floats(0, 1))
def test_nobody_is_asked_sooner_than_its_period_or_its_own_word(
    period_s: float, failures: int, retry_after_s: float, share: float
) -> None:
    found = wait_s(period_s, failures, retry_after_s, share)
    assert found >= max(period_s, retry_after_s)
    assert found <= max(period_s * 1.1, 66, retry_after_s)
