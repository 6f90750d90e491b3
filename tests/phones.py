"""Phones and other systems for the tests: they ask to be told, and open and check what comes."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from random import Random
from typing import Any

import httpx
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from post_server import Posted
from served import Served
from takecover.feeds import webpush
from takecover.feeds.outside import Outside, networks
from takecover.settings import Secret
from takecover.store.outbox import Webhook
from takecover.workflow.live.outward import Outward, Voices, webhook_secret
from takecover.workflow.live.subscribing import subscribe, target_of

KEY = Secret("k" * 32)
PUSH_KEY, CONTACT = webpush.made_key(), "mailto:duty@toy.example"
PUSH = webpush.Sender(PUSH_KEY, CONTACT)


class Phone:
    """A browser that can open what is sealed for it."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = b"0123456789abcdef"

    def keys(self) -> dict[str, str]:
        return {"p256dh": webpush.packed(webpush.point_of(self.key)), "auth": webpush.packed(self.auth)}

    def opened(self, sealed: bytes) -> dict[str, Any]:
        """What was sealed, by the other side's steps of RFC 8291."""
        salt, point, text = sealed[:16], sealed[21:86], sealed[86:]
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        info = b"WebPush: info\0" + webpush.point_of(self.key) + point
        material = _derived(self.auth, info, 32, self.key.exchange(ec.ECDH(), theirs))
        key = _derived(salt, b"Content-Encoding: aes128gcm\0", 16, material)
        nonce = _derived(salt, b"Content-Encoding: nonce\0", 12, material)
        plain = AESGCM(key).decrypt(nonce, text, None)
        assert plain[-1:] == b"\x02"
        found: dict[str, Any] = json.loads(plain[:-1])
        return found


def _derived(salt: bytes, info: bytes, length: int, material: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(material)


@asynccontextmanager
async def outward(served: Served, own: str = "127.0.0.0/8") -> AsyncIterator[Outward]:
    """The telling, step by step."""
    assert served.site.outbox is not None
    async with httpx.AsyncClient(follow_redirects=False, trust_env=False) as client:
        outside = Outside(client, networks(own))
        yield Outward(served.live, served.site.outbox, outside, Voices(PUSH, KEY), Random(1))


async def phone_at(
    served: Served, endpoint: str, areas: tuple[str, ...] = ("Z1",), language: str = "uk"
) -> Phone:
    """A phone that asked, at an address of this machine."""
    phone = Phone()
    assert served.site.outbox is not None
    keys = phone.keys()
    # The address is http on this machine, which a phone's never is: it goes in below the check of addresses.
    said = (
        served.live,
        served.site.outbox,
        "https://push.example/for-now",
        keys["p256dh"],
        keys["auth"],
        areas,
        language,
    )
    await subscribe(*said)
    (kept,) = [
        each
        for each in served.site.outbox.subscriptions(served.live.is_exercise)
        if each.endpoint == "https://push.example/for-now"
    ]
    served.site.outbox.remove(kept.target_id)
    served.site.outbox.put_subscription(replace(kept, endpoint=endpoint, target_id=target_of(endpoint)), 99)
    return phone


def hook_at(served: Served, url: str, *, is_exercise: bool = False) -> None:
    """A system that is told."""
    assert served.site.outbox is not None
    served.site.outbox.put_webhook(Webhook("hook-1", url, is_exercise, served.clock()))


def checked(request: Posted, now_s: int) -> dict[str, Any]:
    """The body of a webhook's request after the check that the other side should make."""
    said = dict(part.split("=") for part in request.headers["Takecover-Signature"].split(","))
    assert int(said["t"]) == now_s
    secret = webhook_secret(KEY, "hook-1").encode()
    mac = hmac.new(secret, said["t"].encode() + b"." + request.body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(mac, said["v1"])
    found: dict[str, Any] = json.loads(request.body)
    return found


async def tell_all(found: Outward) -> None:
    """Order, and try until nothing is due."""
    await found.order()
    while await found.deliver():
        pass


async def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so, for some seconds."""
    for _ in range(400):
        if is_so():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("It did not come to be.")
