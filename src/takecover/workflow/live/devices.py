"""Browsers in which a user has logged in before: a flood of tries by strangers does not shut them out.

A browser keeps a random text for each user and what ties it to that user's password. Nothing is kept here: no list and
no network address. A new password ends all of them; it opens nothing by itself.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from takecover.model.user import User

_DOMAIN = b"takecover-device/1:"
LONGEST = 200


def new_device(user: User) -> str:
    """What a browser keeps after its user has logged in."""
    nonce = secrets.token_urlsafe(18)
    return f"{nonce}.{_mac(user, nonce)}"


def is_device_of(user: User, text: str) -> bool:
    """True where the text was given to a browser of this user, under the password of now."""
    nonce, _, mac = text[:LONGEST].partition(".")
    return hmac.compare_digest(_mac(user, nonce).encode(), mac.encode("utf-8", "replace"))


def device_cookie(user_id: str) -> str:
    """Name of the cookie in which a browser keeps it: one for each user, for a desk is shared; it says no id."""
    return f"takecover-known-{hashlib.sha256(user_id.encode('utf-8', 'replace')).hexdigest()[:16]}"


def _mac(user: User, nonce: str) -> str:
    said = _DOMAIN + f"{user.user_id}:{nonce}".encode("utf-8", "replace")
    return hmac.digest(user.password_hash.encode("utf-8"), said, "sha256").hex()
