"""Web Push: what is told is sealed for one phone (RFC 8291), by a server that proves who it is (RFC 8292).

The service that carries it sees neither the words nor for which districts they are.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from takecover.errors import InputError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

RECORD_BYTES = 4096
MOST_BYTES = 3_900
"""Of a payload, so that the sealed message keeps within the 4,096 bytes that every service takes."""

TOKEN_S = 12 * 3600
"""How long one proof of who we are holds; a day is the most allowed [s]."""

_CONTACT = re.compile(r"(mailto:[^@\s]+@[^@\s]+|https://\S+)", re.ASCII)


@dataclass(frozen=True)
class Keys:
    """The key of a subscription, made by the browser.

    Attributes
    ----------
    p256dh
        Public point, 65 bytes.
    auth
        Secret that the browser shares with us, 16 bytes.
    """

    p256dh: bytes
    auth: bytes


def keys(p256dh: str, auth: str) -> Keys:
    """Keys from base64url as browsers write them.

    Raises
    ------
    InputError
        One is none, or the point lies not on the curve.
    """
    from cryptography.hazmat.primitives.asymmetric import ec

    point, secret = unpacked(p256dh), unpacked(auth)
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        is_point = len(point) == 65
    except ValueError:
        is_point = False
    if not is_point or len(secret) != 16:
        raise InputError("keys: are none of a push subscription. Send what the browser gave.")
    return Keys(point, secret)


def seal(payload: bytes, to: Keys, salt: bytes, ours: EllipticCurvePrivateKey) -> bytes:
    """The body of a push message: the payload, sealed for one browser.

    Parameters
    ----------
    payload
        What is told, at most `MOST_BYTES`.
    to
        Keys of the subscription.
    salt
        16 random bytes.
    ours
        A private key made for this one message.

    Raises
    ------
    InputError
        The payload is too long.

    References
    ----------
    RFC 8291, Message Encryption for Web Push (2017); RFC 8188, Encrypted Content-Encoding for HTTP (2017).
    """
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    if len(payload) > MOST_BYTES:
        raise InputError(f"push: has {len(payload):,} bytes; at most {MOST_BYTES:,} can be sent.")
    curve, sha = ec.SECP256R1(), hashes.SHA256()
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(curve, to.p256dh)
    our_point = point_of(ours)
    shared = ours.exchange(ec.ECDH(), theirs)
    key_info = b"WebPush: info\0" + to.p256dh + our_point
    material = HKDF(algorithm=sha, length=32, salt=to.auth, info=key_info).derive(shared)
    key = HKDF(algorithm=sha, length=16, salt=salt, info=b"Content-Encoding: aes128gcm\0").derive(material)
    nonce = HKDF(algorithm=sha, length=12, salt=salt, info=b"Content-Encoding: nonce\0").derive(material)
    sealed = AESGCM(key).encrypt(nonce, payload + b"\x02", None)
    head = salt + RECORD_BYTES.to_bytes(4, "big") + bytes([len(our_point)]) + our_point
    return head + sealed


class Sender:
    """Who pushes.

    Parameters
    ----------
    private_key
        Our lasting key, 32 bytes in base64url, as `made_key` gives it.
    contact
        Where a push service finds us: ``mailto:`` or ``https://``.

    Raises
    ------
    InputError
        The key or the contact is none.
    """

    def __init__(self, private_key: str, contact: str) -> None:
        from cryptography.hazmat.primitives.asymmetric import ec

        number = int.from_bytes(unpacked(private_key), "big")
        try:
            self._key = ec.derive_private_key(number, ec.SECP256R1())
            is_key = len(unpacked(private_key)) == 32
        except ValueError:
            is_key = False
        if not is_key:
            raise InputError("push key: is none. Make one with: takecover push-keys")
        if not _CONTACT.fullmatch(contact):
            raise InputError(
                f"TAKECOVER_PUSH_CONTACT: {contact!a:.80} is no contact. Give mailto:duty@city.example."
            )
        self._contact = contact

    @property
    def public_key(self) -> str:
        """What browsers subscribe with, in base64url."""
        return packed(point_of(self._key))

    def authorization(self, endpoint: str, now_s: int) -> str:
        """The header that proves to a push service who we are.

        Parameters
        ----------
        endpoint
            Where is pushed to; the proof is good for its machine alone.
        now_s
            Seconds since 1970.
        """
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

        parts = urlsplit(endpoint)
        claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": now_s + TOKEN_S, "sub": self._contact}
        body = ".".join(
            packed(json.dumps(each, separators=(",", ":")).encode())
            for each in ({"typ": "JWT", "alg": "ES256"}, claims)
        )
        r, s = decode_dss_signature(self._key.sign(body.encode(), ec.ECDSA(hashes.SHA256())))
        signature = packed(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
        return f"vapid t={body}.{signature}, k={self.public_key}"


def headers(sender: Sender, endpoint: str, now_s: int, ttl_s: int, topic: str) -> dict[str, str]:
    """What a push request carries beside its body.

    Parameters
    ----------
    sender, endpoint, now_s
        As `Sender.authorization`.
    ttl_s
        How long the service keeps it for a phone that is off [s].
    topic
        A newer message of the same topic takes the place of one that was not handed over yet.
    """
    return {
        "Authorization": sender.authorization(endpoint, now_s),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(max(0, ttl_s)),
        "Topic": packed(hashlib.sha256(topic.encode()).digest())[:32],
        "Urgency": "high",
    }


def made_key() -> str:
    """A new private key in base64url."""
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    return packed(key.private_numbers().private_value.to_bytes(32, "big"))


def point_of(key: EllipticCurvePrivateKey) -> bytes:
    """The public point of a private key, uncompressed, 65 bytes."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def packed(data: bytes) -> str:
    """Bytes in base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unpacked(text: str) -> bytes:
    """Bytes of base64url; nothing where it is none."""
    text = text.rstrip("=")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
