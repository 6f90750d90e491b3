"""Tells phones and other systems of alarms by hand, then of notices, and again where it did not arrive."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from random import Random

from takecover import parameters
from takecover.analysis.alarms import told_at
from takecover.analysis.announcements import Announcement, newest, public_alarm, public_notice
from takecover.analysis.cap_notices import area_names
from takecover.analysis.public_state import Object
from takecover.errors import InputError, InternalError, SourceError, StoreError, TakecoverError
from takecover.feeds import webpush
from takecover.feeds.outside import Answer, Outside
from takecover.model import canonical
from takecover.model.feed import WHOLE_CITY
from takecover.settings import Secret
from takecover.store.outbox import GIVEN_UP, SENT, WAITING, Delivery, Outbox, Subscription, Webhook
from takecover.workflow.live.live import Live
from takecover.workflow.live.told import Told
from takecover.workflow.live.wordings import template_of

LOG = logging.getLogger("takecover.outward")

AT_ONCE = 100
"""Posts that are under way together."""

LEASE_S = 120.0
"""A delivery whose process ended is tried again by another after so long."""

FIRST_WAIT_S, LONGEST_WAIT_S = 2.0, 300.0
MOST_NAMES = 20
"""Districts that a push names in words: all of it has to fit into 3,900 bytes."""

TRIES_UNSEEN = 10
"""A message that is not in our state after so many looks is over."""

GONE = (404, 410)
AGAIN = (408, 425, 429)
DOMAIN = "takecover-webhook/1:"
LEAST_KEY = 32


@dataclass(frozen=True)
class Voices:
    """By what we speak.

    Attributes
    ----------
    push
        Who pushes; None where no key is set up.
    webhook_key
        What the keys of webhooks are made from; None where there are none.
    """

    push: webpush.Sender | None = None
    webhook_key: Secret | None = None


def webhook_secret(key: Secret, target_id: str) -> str:
    """What signs the messages to one webhook; the other side keeps it, we make it anew each time.

    Raises
    ------
    InputError
        The key is too short.
    """
    text = key.reveal()
    if len(text) < LEAST_KEY:
        raise InputError(
            f"TAKECOVER_WEBHOOK_KEY: has {len(text)} characters. Give {LEAST_KEY} random ones or more."
        )
    return webpush.packed(hmac.digest(text.encode(), f"{DOMAIN}{target_id}".encode(), "sha256"))


def signature(secret: str, body: bytes, now_s: int) -> str:
    """The header by which the other side knows that a message is ours, and of when."""
    mac = hmac.new(secret.encode(), f"{now_s}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={now_s},v1={mac}"


def webhook_headers(secret: str, message_id: str, body: bytes, now_s: int) -> dict[str, str]:
    """What a message to a webhook carries beside its body."""
    return {
        "Content-Type": "application/json",
        "Takecover-Message": message_id,
        "Takecover-Signature": signature(secret, body, now_s),
        "User-Agent": "takecover",
    }


@dataclass
class Outward:
    """Tells those who asked, for as long as it runs.

    Attributes
    ----------
    live
        The running city.
    outbox
        Who asked, and what they were told.
    outside
        Posts.
    voices
        By what we speak.
    rng
        Chance, so that retries spread.
    """

    live: Live
    outbox: Outbox
    outside: Outside
    voices: Voices
    rng: Random
    _ordered: set[str] = field(default_factory=set)

    @cached_property
    def _told(self) -> Told:
        return Told(self.live)

    @cached_property
    def _names(self) -> Mapping[tuple[str, str], str]:
        return area_names(self.live.city)

    async def run(self, pause_s: float = 1.0) -> None:
        """Tell until cancelled; a database that is away is tried again."""
        while True:
            version = self.live.public.version
            try:
                await self.order()
                while await self.deliver():
                    await self.order()
            except StoreError as error:
                LOG.warning("notices wait: %s", error)
            except Exception:
                LOG.exception("Telling failed; it goes on.")
                await asyncio.sleep(pause_s)
            await self.live.changed(version, pause_s)
            if self.live.is_closing:
                return

    async def order(self) -> None:
        """Order each new message for everyone whom it concerns, alarms first."""
        live, now = self.live, self.live.now()
        since = now - 2 * timedelta(seconds=parameters.value("notice_longest_s"))
        # What was told before that is forgotten below, and an alarm can be on for longer: it is not told anew.
        sent = [
            each
            for each in sorted(self._told.messages(now), key=lambda each: not each.is_alarm)
            if each.message_id not in self._ordered and each.sent_at >= since
        ]
        if not sent:
            return
        phones = (
            await asyncio.to_thread(self.outbox.subscriptions, live.is_exercise) if self.voices.push else []
        )
        hooks = await asyncio.to_thread(self.outbox.webhooks) if self.voices.webhook_key else []
        for said in sent:
            places = {area_id for each in (said, *said.earlier) for area_id in each.area_ids}
            targets = [
                each.target_id for each in phones if _concerns(each, places) and each.since <= said.sent_at
            ]
            targets += [
                each.target_id
                for each in hooks
                if each.is_exercise == live.is_exercise and each.since <= said.sent_at
            ]
            await asyncio.to_thread(
                self.outbox.put_deliveries, said.message_id, targets, now, live.is_exercise
            )
            self._ordered.add(said.message_id)
        await asyncio.to_thread(self.outbox.forget_before, since)

    async def deliver(self) -> int:
        """Try what is due; how much that was."""
        now, is_exercise = self.live.now(), self.live.is_exercise
        until = now + timedelta(seconds=LEASE_S)
        messages = {each.message_id: each for each in self._told.messages(now)}
        first = [each.message_id for each in messages.values() if each.is_alarm]
        due = await asyncio.to_thread(self.outbox.claim, now, until, AT_ONCE, is_exercise, first)
        if not due:
            return 0
        last = {each.message_id for each in newest(tuple(messages.values()))}
        ids = {each.target_id for each in due}
        found = await asyncio.to_thread(self.outbox.subscriptions, is_exercise, ids)
        phones = {each.target_id: each for each in found}
        hooks = {each.target_id: each for each in await asyncio.to_thread(self.outbox.webhooks)}
        turns: dict[str, list[Delivery]] = {}
        for each in due:
            turns.setdefault(each.target_id, []).append(each)

        async def told_in_turn(mine: list[Delivery]) -> list[tuple[Delivery, str, datetime]]:
            mine.sort(key=lambda each: _turn(messages.get(each.message_id)))
            return [await self._try(each, messages, last, phones, hooks) for each in mine]

        tried = await asyncio.gather(*map(told_in_turn, turns.values()))
        await asyncio.to_thread(self.outbox.settle, [outcome for outcomes in tried for outcome in outcomes])
        return len(due)

    async def _try(
        self,
        delivery: Delivery,
        messages: Mapping[str, Announcement],
        last: set[str],
        phones: Mapping[str, Subscription],
        hooks: Mapping[str, Webhook],
    ) -> tuple[Delivery, str, datetime]:
        """One try, and what came of it."""
        now = self.live.now()
        said = messages.get(delivery.message_id)
        phone, hook = phones.get(delivery.target_id), hooks.get(delivery.target_id)
        if said is None and delivery.tries < TRIES_UNSEEN:
            # Another process ordered it; this one has not read so far in the journal yet.
            return delivery, WAITING, now + timedelta(seconds=FIRST_WAIT_S)
        # Of a notice a system hears each message; of an alarm the newest alone, or a siren could sound after its end.
        is_replaced = delivery.message_id not in last and (
            phone is not None or (said is not None and said.is_alarm)
        )
        if said is None or said.status(now) == "expired" or is_replaced or (phone is None and hook is None):
            return delivery, GIVEN_UP, now
        try:
            answer = await (self._push(said, phone, now) if phone else self._hook(said, hook, now))
        except InputError as error:
            LOG.warning("%s: not told. %s", said.message_id, _why(error, hook))
            return delivery, GIVEN_UP, now
        except SourceError as error:
            LOG.info("%s: not told yet. %s", said.message_id, _why(error, hook))
            answer = Answer(503)
        except Exception as error:
            hidden = InternalError(f"{type(error).__name__}, in whose words an address could be.")
            LOG.exception(
                "%s: given up for one.", said.message_id, exc_info=hidden.with_traceback(error.__traceback__)
            )
            return delivery, GIVEN_UP, now
        if answer.status < 300:
            return delivery, SENT, now
        if phone is not None and answer.status in GONE:
            await asyncio.to_thread(self.outbox.remove, phone.target_id)
            return delivery, GIVEN_UP, now
        if phone is not None and answer.status < 500 and answer.status not in AGAIN:
            return delivery, GIVEN_UP, now
        wait_s = min(FIRST_WAIT_S * 2 ** (delivery.tries - 1), LONGEST_WAIT_S) * self.rng.uniform(0.5, 1.0)
        return delivery, WAITING, now + timedelta(seconds=max(wait_s, answer.retry_after_s))

    async def _push(self, said: Announcement, phone: Subscription, now: datetime) -> Answer:
        from cryptography.hazmat.primitives.asymmetric import ec

        if self.voices.push is None:
            raise InputError("push: the server has no key for it any more.")
        said = told_at(said, phone.area_ids)
        body = push_body(said, phone.language, now, self.live.is_exercise, self._names)
        sealed = webpush.seal(
            body,
            webpush.keys(phone.p256dh, phone.auth),
            secrets.token_bytes(16),
            ec.generate_private_key(ec.SECP256R1()),
        )
        ttl_s = parameters.value("notice_valid_s")
        if said.msg_type != "Cancel" and said.expires_at is not None:
            ttl_s = (said.expires_at - now).total_seconds()
        now_s = int(now.timestamp())
        headers = webpush.headers(self.voices.push, phone.endpoint, now_s, int(ttl_s), said.notice_id)
        return await self.outside.post(phone.endpoint, sealed, headers)

    async def _hook(self, said: Announcement, hook: Webhook | None, now: datetime) -> Answer:
        if hook is None or self.voices.webhook_key is None:
            raise InputError("webhook: the server has no key for it any more.")
        what = "alarm" if said.is_alarm else "notice"
        message = plain_message(said, now, self.live.is_exercise)
        body = webhook_body(self.live.city.name, what, self.live.is_exercise, message)
        secret = webhook_secret(self.voices.webhook_key, hook.target_id)
        headers = webhook_headers(secret, said.message_id, body, int(now.timestamp()))
        return await self.outside.post(hook.url, body, headers)


def _why(error: TakecoverError, hook: Webhook | None) -> str:
    """What is logged of a failure: of a webhook all; of a phone the kind alone, for the words can hold its address."""
    return f"A phone: {type(error).__name__}." if hook is None else f"{hook.target_id}: {error}"


def _turn(said: Announcement | None) -> tuple[bool, float]:
    """By what one target is told: alarms first and each as it was said, or an all-clear could follow the next alarm."""
    return (True, 0.0) if said is None else (not said.is_alarm, said.sent_at.timestamp())


def _concerns(phone: Subscription, places: set[str]) -> bool:
    return WHOLE_CITY in places or WHOLE_CITY in phone.area_ids or not places.isdisjoint(phone.area_ids)


def plain_message(said: Announcement, now: datetime, is_exercise: bool) -> Object:
    """A message as the outside is told it.

    Raises
    ------
    InputError
        This program does not have its wording.
    """
    template = template_of(said)
    if template is None:
        raise InputError(f"template_id: {said.template_id!a:.60} is no wording of this version.")
    return (public_alarm if said.is_alarm else public_notice)(said, template, now, is_exercise)


def push_body(
    said: Announcement,
    language: str,
    now: datetime,
    is_exercise: bool,
    names: Mapping[tuple[str, str], str],
) -> bytes:
    """What a phone is told: the words of one language, the districts and their names, and whether it is an exercise."""
    message = plain_message(said, now, is_exercise)
    for part in ("headline", "description", "instruction"):
        spoken = message[part]
        message[part] = spoken[language] if isinstance(spoken, dict) else spoken
    message["language"] = language
    message["area_names"] = [
        names.get((area_id, language), area_id) for area_id in said.area_ids[:MOST_NAMES]
    ]
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode("utf-8")


def webhook_body(city: str, what: str, is_exercise: bool, message: canonical.Plain) -> bytes:
    """What another system is told; a test holds no message."""
    name = "alarm" if what == "alarm" else "notice"
    return canonical.encode({"city": city, "what": what, "is_exercise": is_exercise, name: message})
