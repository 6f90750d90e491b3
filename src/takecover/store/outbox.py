"""Who is told of notices, and what was told to whom; kept beside the journal, in the same database.

It holds no location, no name and no address of a person: a phone is the endpoint that its push service made up.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, case, delete, func, insert, select, update

from takecover.model.event_fields import read_moment, write_moment
from takecover.store.connected import connected
from takecover.store.place import Place
from takecover.store.schema import deliveries, push_subscriptions, webhooks

WAITING, SENT, GIVEN_UP = "waiting", "sent", "given_up"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A phone that asked for notices.

    Attributes
    ----------
    target_id
        SHA-256 of the endpoint.
    endpoint, p256dh, auth
        As the browser gave them.
    area_ids
        Districts that it chose, or ``city``.
    language
        In which it is told.
    is_exercise
        The world that it asked in.
    since
        From when on; it is told nothing older.
    """

    target_id: str
    endpoint: str
    p256dh: str
    auth: str
    area_ids: tuple[str, ...]
    language: str
    is_exercise: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class Webhook:
    """A system of others that is told of each notice of one world."""

    target_id: str
    url: str
    is_exercise: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message that one target is to be told, and how often that was tried."""

    target_id: str
    message_id: str
    tries: int
    due_at: datetime


class Outbox:
    """The tables of who is told what.

    Parameters
    ----------
    place
        The journal's database.

    Notes
    -----
    Every method raises StoreError where the database cannot be reached or refuses.
    """

    def __init__(self, place: Place) -> None:
        self._place = place

    def put_subscription(self, said: Subscription, most: int) -> bool:
        """Keep a subscription, in place of an earlier one of the same endpoint; False where there are too many."""
        row = {
            "target_id": said.target_id,
            "endpoint": said.endpoint,
            "p256dh": said.p256dh,
            "auth": said.auth,
            "area_ids": json.dumps(said.area_ids),
            "language": said.language,
            "is_exercise": said.is_exercise,
            "since": write_moment(said.since),
        }
        table = push_subscriptions
        with connected(self._place, self._place.writer) as connection:
            gone = connection.execute(delete(table).where(table.c.target_id == said.target_id)).rowcount
            count = connection.execute(select(func.count()).select_from(table)).scalar_one()
            if not gone and count >= most:
                return False
            connection.execute(insert(table).values(row))
        return True

    def subscriptions(self, is_exercise: bool, only: Collection[str] | None = None) -> list[Subscription]:
        """Every subscription of a world, or those of some ids, by id."""
        table = push_subscriptions
        asked = select(table).where(table.c.is_exercise == is_exercise).order_by(table.c.target_id)
        if only is not None:
            asked = asked.where(table.c.target_id.in_(only))
        with connected(self._place, self._place.reader) as connection:
            return [_subscription(row) for row in connection.execute(asked)]

    def put_webhook(self, said: Webhook) -> None:
        """Keep a webhook."""
        row = {
            "target_id": said.target_id,
            "url": said.url,
            "is_exercise": said.is_exercise,
            "since": write_moment(said.since),
        }
        with connected(self._place, self._place.writer) as connection:
            connection.execute(insert(webhooks).values(row))

    def webhooks(self) -> list[Webhook]:
        """Every webhook, oldest first."""
        with connected(self._place, self._place.reader) as connection:
            rows = connection.execute(select(webhooks).order_by(webhooks.c.since, webhooks.c.target_id))
            return [Webhook(row.target_id, row.url, row.is_exercise, read_moment(row.since)) for row in rows]

    def remove(self, target_id: str) -> bool:
        """Forget a subscription or a webhook and all that it was told; False where there is none of that id."""
        with connected(self._place, self._place.writer) as connection:
            gone = sum(
                connection.execute(delete(table).where(table.c.target_id == target_id)).rowcount
                for table in (push_subscriptions, webhooks)
            )
            connection.execute(delete(deliveries).where(deliveries.c.target_id == target_id))
        return gone > 0

    def put_deliveries(
        self, message_id: str, target_ids: Sequence[str], due_at: datetime, is_exercise: bool
    ) -> None:
        """Order that a message of a world be told to these; what is ordered or was told stays as it is."""
        with connected(self._place, self._place.writer) as connection:
            asked = select(deliveries.c.target_id).where(deliveries.c.message_id == message_id)
            known = set(connection.execute(asked).scalars())
            rows: list[dict[str, Any]] = [
                {
                    "target_id": each,
                    "message_id": message_id,
                    "is_exercise": is_exercise,
                    "state": WAITING,
                    "tries": 0,
                    "due_at": write_moment(due_at),
                }
                for each in target_ids
                if each not in known
            ]
            if rows:
                connection.execute(_insert_new(connection), rows)

    def claim(
        self, now: datetime, until: datetime, most: int, is_exercise: bool, first: Collection[str] = ()
    ) -> list[Delivery]:
        """Deliveries of a world that are due, taken so that no other process tries them before a time.

        Some messages come first; of these and of the others, what was never tried comes first, the newest of it before
        all, so that what fails again and again holds up nothing fresh.

        Parameters
        ----------
        now
            The server's time.
        until
            When they are due again, should this process end before it says what came of them.
        most
            How many at most.
        is_exercise
            The world.
        first
            Ids of the messages that come first.
        """
        table, said = deliveries, write_moment(now)
        asked = (
            select(table)
            .where(table.c.state == WAITING, table.c.due_at <= said, table.c.is_exercise == is_exercise)
            .order_by(
                table.c.message_id.not_in(first),
                table.c.tries > 0,
                case((table.c.tries == 0, table.c.due_at)).desc(),
                table.c.due_at,
                table.c.message_id,
                table.c.target_id,
            )
            .limit(most)
        )
        with connected(self._place, self._place.reader) as connection:
            if connection.execute(asked.limit(1)).first() is None:
                return []
        with connected(self._place, self._place.writer) as connection:
            found = []
            for row in connection.execute(asked).all():
                mine = (
                    update(table)
                    .where(
                        table.c.target_id == row.target_id,
                        table.c.message_id == row.message_id,
                        table.c.state == WAITING,
                        table.c.due_at == row.due_at,
                    )
                    .values(due_at=write_moment(until), tries=row.tries + 1)
                )
                if connection.execute(mine).rowcount == 1:
                    found.append(Delivery(row.target_id, row.message_id, row.tries + 1, until))
        return found

    def settle(self, outcomes: Sequence[tuple[Delivery, str, datetime]]) -> None:
        """Note what came of deliveries: their new state, and when they are due where they wait on."""
        table = deliveries
        with connected(self._place, self._place.writer) as connection:
            for delivery, state, due_at in outcomes:
                connection.execute(
                    update(table)
                    .where(table.c.target_id == delivery.target_id, table.c.message_id == delivery.message_id)
                    .values(state=state, due_at=write_moment(due_at))
                )

    def forget_before(self, at: datetime) -> None:
        """Forget deliveries that were due long ago."""
        with connected(self._place, self._place.writer) as connection:
            connection.execute(delete(deliveries).where(deliveries.c.due_at < write_moment(at)))

    def states(self, target_id: str) -> dict[str, str]:
        """What became of each message for a target, by message id."""
        asked = select(deliveries).where(deliveries.c.target_id == target_id)
        with connected(self._place, self._place.reader) as connection:
            return {row.message_id: row.state for row in connection.execute(asked)}


def _insert_new(connection: Connection) -> Any:
    """An insert that passes over what another process ordered in the same moment."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(deliveries).on_conflict_do_nothing()
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(deliveries).on_conflict_do_nothing()


def _subscription(row: Row[Any]) -> Subscription:
    return Subscription(
        row.target_id,
        row.endpoint,
        row.p256dh,
        row.auth,
        tuple(json.loads(row.area_ids)),
        row.language,
        row.is_exercise,
        read_moment(row.since),
    )
