"""Who is told what, kept on both databases: ordered once, taken by one, tried again where that one died."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from journal import NIGHT, at
from takecover.errors import StoreError
from takecover.store.journal import SqlJournal
from takecover.store.outbox import GIVEN_UP, SENT, WAITING, Outbox, Subscription, Webhook


def phone(name: str, *, is_exercise: bool = False) -> Subscription:
    """A phone that chose two districts."""
    endpoint = f"https://push.example/{name}"
    return Subscription(name, endpoint, "P", "A", ("Z1", "Z2"), "uk", is_exercise, NIGHT)


def test_subscriptions_and_webhooks_come_back_as_they_were_given(journal: SqlJournal) -> None:
    outbox = Outbox(journal.place)
    for each in (phone("b"), phone("a"), phone("drill", is_exercise=True)):
        assert outbox.put_subscription(each, 9)
    outbox.put_webhook(Webhook("h2", "https://x.example/2", True, at(1)))
    outbox.put_webhook(Webhook("h1", "https://x.example/1", False, at(0)))
    assert outbox.subscriptions(False) == [phone("a"), phone("b")]
    assert outbox.subscriptions(True) == [phone("drill", is_exercise=True)]
    assert outbox.subscriptions(False, {"b", "drill"}) == [phone("b")]
    assert [each.target_id for each in outbox.webhooks()] == ["h1", "h2"]
    assert outbox.remove("a")
    assert not outbox.remove("a")
    assert outbox.remove("h2")
    assert [each.target_id for each in outbox.subscriptions(False)] == ["b"]


def test_what_was_ordered_or_told_is_not_ordered_again(journal: SqlJournal) -> None:
    outbox = Outbox(journal.place)
    outbox.put_deliveries("m1", ["a", "b"], at(0), False)
    (first, second) = outbox.claim(at(0), at(2), 9, False)
    outbox.settle([(first, SENT, at(0)), (second, WAITING, at(5))])
    outbox.put_deliveries("m1", ["a", "b", "c"], at(1), False)
    assert (outbox.states("a"), outbox.states("b"), outbox.states("c")) == (
        {"m1": SENT},
        {"m1": WAITING},
        {"m1": WAITING},
    )
    assert [(each.target_id, each.tries) for each in outbox.claim(at(1), at(3), 9, False)] == [("c", 1)]
    assert [(each.target_id, each.tries) for each in outbox.claim(at(5), at(9), 9, False)] == [
        ("c", 2),
        ("b", 2),
    ]
    outbox.settle([(second, GIVEN_UP, at(5))])
    assert outbox.states("b") == {"m1": GIVEN_UP}


def test_the_worlds_are_taken_apart(journal: SqlJournal) -> None:
    outbox = Outbox(journal.place)
    outbox.put_deliveries("real", ["a"], at(0), False)
    outbox.put_deliveries("drill", ["a"], at(0), True)
    assert [each.message_id for each in outbox.claim(at(0), at(2), 9, True)] == ["drill"]
    assert [each.message_id for each in outbox.claim(at(0), at(2), 9, False)] == ["real"]


def test_many_who_claim_at_once_never_take_the_same(journal: SqlJournal) -> None:
    outbox = Outbox(journal.place)
    outbox.put_deliveries("m1", [f"t{number:03}" for number in range(60)], at(0), False)
    with ThreadPoolExecutor(4) as pool:
        found = [
            each.target_id
            for taken in pool.map(lambda _: outbox.claim(at(0), at(2), 20, False), range(8))
            for each in taken
        ]
    assert sorted(found) == sorted(set(found))
    rest = [each.target_id for _ in range(4) for each in outbox.claim(at(0), at(2), 20, False)]
    assert sorted(found + rest) == [f"t{number:03}" for number in range(60)]


def test_what_is_long_over_is_forgotten_and_a_removed_target_leaves_nothing(journal: SqlJournal) -> None:
    outbox = Outbox(journal.place)
    outbox.put_subscription(phone("a"), 9)
    outbox.put_deliveries("old", ["a"], at(0), False)
    outbox.put_deliveries("new", ["a"], at(60), False)
    outbox.forget_before(at(0) + timedelta(seconds=1))
    assert outbox.states("a") == {"new": WAITING}
    outbox.remove("a")
    assert outbox.states("a") == {}


def test_a_table_that_is_away_is_told_without_what_was_to_be_kept(journal: SqlJournal) -> None:
    with journal.place.writer.begin() as connection:
        connection.execute(text("DROP TABLE push_subscriptions"))
    with pytest.raises(StoreError, match="Try again later") as caught:
        Outbox(journal.place).put_subscription(phone("secret"), 9)
    assert "secret" not in str(caught.value)
