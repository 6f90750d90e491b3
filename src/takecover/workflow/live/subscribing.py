"""Phones that ask to be told of notices, systems that are told of them, and the telling while the server runs."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from random import Random

from takecover.errors import Faults, InputError, StoreError
from takecover.feeds import webpush
from takecover.feeds.outside import Outside, check_url, networks
from takecover.model.event import Draft
from takecover.model.event_payloads import Audited
from takecover.model.feed import WHOLE_CITY
from takecover.model.notice import LANGUAGES
from takecover.settings import Settings
from takecover.store.journal import SqlJournal
from takecover.store.outbox import Outbox, Subscription, Webhook
from takecover.workflow.live.live import Live
from takecover.workflow.live.outward import (
    Outward,
    Voices,
    webhook_body,
    webhook_headers,
    webhook_secret,
)

MOST_SUBSCRIPTIONS = 500_000
"""More are refused: the table is open to everyone."""


def voices_of(found: Settings) -> Voices:
    """By what a server speaks, from its settings.

    Raises
    ------
    InputError
        A key or the contact is none.
    """
    push = None
    if found.push_key is not None:
        push = webpush.Sender(found.push_key.reveal(), found.push_contact)
    if found.webhook_key is not None:
        webhook_secret(found.webhook_key, "")
    return Voices(push, found.webhook_key)


@asynccontextmanager
async def speaking(live: Live, outbox: Outbox, found: Settings, rng: Random) -> AsyncIterator[None]:
    """Tell phones and other systems of notices while the body runs; nothing runs where no key is set up.

    Raises
    ------
    InputError
        As `voices_of`; or the networks are none.
    """
    import httpx

    voices, own = voices_of(found), networks(found.out_networks)
    if voices == Voices():
        yield
        return
    limits = httpx.Limits(max_connections=100, max_keepalive_connections=20)
    async with httpx.AsyncClient(follow_redirects=False, trust_env=False, limits=limits) as client:
        outward = Outward(live, outbox, Outside(client, own), voices, rng)
        async with live.keeping("telling", outward.run()):
            yield


async def subscribe(
    live: Live,
    outbox: Outbox,
    endpoint: str,
    p256dh: str,
    auth: str,
    area_ids: tuple[str, ...],
    language: str,
) -> None:
    """Keep a phone's wish to be told of notices for some districts, in place of an earlier wish of its own.

    Raises
    ------
    InputError
        With everything wrong: the endpoint, the keys, a district that is none, or a language.
    StoreError
        The database cannot be written, or there are too many subscriptions.
    """
    faults = Faults("subscription")
    for check in (lambda: check_url(endpoint), lambda: webpush.keys(p256dh, auth)):
        try:
            check()
        except InputError as error:
            faults.add(str(error))
    known = {WHOLE_CITY, *map(str, live.city.zones.zone_ids)}
    unknown = [each for each in area_ids if each not in known]
    if unknown or not area_ids or len(set(area_ids)) != len(area_ids):
        wrong = f"{unknown[0]!a:.60} is no district" if unknown else "none, or one twice"
        faults.add(f"area_ids: {wrong}. Give districts of the city, or '{WHOLE_CITY}'.")
    if language not in LANGUAGES:
        faults.add(f"language: {language!a:.20} is none of {', '.join(LANGUAGES)}.")
    faults.raise_if_any()
    said = Subscription(
        target_of(endpoint), endpoint, p256dh, auth, area_ids, language, live.is_exercise, live.now()
    )
    if not await asyncio.to_thread(outbox.put_subscription, said, MOST_SUBSCRIPTIONS):
        raise StoreError("There are too many subscriptions. Follow the stream instead.")


async def unsubscribe(outbox: Outbox, endpoint: str) -> None:
    """Forget a phone; one that is not known is no fault.

    Raises
    ------
    StoreError
        The database cannot be written.
    """
    await asyncio.to_thread(outbox.remove, target_of(endpoint))


def target_of(endpoint: str) -> str:
    """Id of a subscription."""
    return hashlib.sha256(endpoint.encode("utf-8", "replace")).hexdigest()


def add_webhook(
    journal: SqlJournal, found: Settings, url: str, is_exercise: bool, actor_id: str, now: datetime
) -> tuple[Webhook, str]:
    """Tell one more system of notices from now on; who added it stands in the journal, its address does not.

    Returns
    -------
    tuple
        The webhook, and the key by which it knows our messages.

    Raises
    ------
    InputError
        The address is none, the actor's id is none, or no webhook key is set up.
    StoreError
        The database cannot be written.
    """
    check_url(url, networks(found.out_networks))
    target_id = f"hook-{secrets.token_hex(8)}"
    secret = _secret(found, target_id)
    _audit(journal, "webhook_added", target_id, actor_id, now)
    hook = Webhook(target_id, url, is_exercise, now)
    Outbox(journal.place).put_webhook(hook)
    return hook, secret


def remove_webhook(journal: SqlJournal, target_id: str, actor_id: str, now: datetime) -> None:
    """Tell a system nothing more.

    Raises
    ------
    InputError
        There is no such webhook, or the actor's id is none.
    StoreError
        The database cannot be written.
    """
    outbox = Outbox(journal.place)
    _webhook(outbox, target_id)
    _audit(journal, "webhook_removed", target_id, actor_id, now)
    outbox.remove(target_id)


def try_webhook(journal: SqlJournal, found: Settings, target_id: str, now: datetime) -> int:
    """Send a signed message that says that it is a test, once; the status that comes back.

    Raises
    ------
    InputError
        There is no such webhook, or it leads to where nothing may be posted.
    SourceError
        It cannot be reached.
    """
    hook = _webhook(Outbox(journal.place), target_id)
    body = webhook_body("", "test", hook.is_exercise, None)
    headers = webhook_headers(_secret(found, target_id), "test", body, int(now.timestamp()))

    async def post() -> int:
        import httpx

        async with httpx.AsyncClient(follow_redirects=False, trust_env=False) as client:
            outside = Outside(client, networks(found.out_networks))
            return (await outside.post(hook.url, body, headers)).status

    return asyncio.run(post())


def _webhook(outbox: Outbox, target_id: str) -> Webhook:
    for each in outbox.webhooks():
        if each.target_id == target_id:
            return each
    raise InputError(f"webhook: there is no {target_id!a:.60}. See: takecover webhook list")


def _secret(found: Settings, target_id: str) -> str:
    if found.webhook_key is None:
        raise InputError(
            "TAKECOVER_WEBHOOK_KEY: is not set. Put 32 or more random characters into a file, and name it in "
            "TAKECOVER_WEBHOOK_KEY_FILE; the server needs the same."
        )
    return webhook_secret(found.webhook_key, target_id)


def _audit(journal: SqlJournal, action: str, target_id: str, actor_id: str, now: datetime) -> None:
    said = Audited(action, target_id)
    # A webhook can come back under its id, from a copy of the database, and is then removed again: two acts.
    event_id = f"{action}/{target_id}/{secrets.token_hex(8)}"
    journal.append(Draft(event_id, now, "officer:console", actor_id, said))
