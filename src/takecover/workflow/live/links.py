"""Signed links of wardens and sensors: each names one shelter, a season's end and nothing of a person.

No list of links is kept. A link is good while its signature fits, its season lasts, and the journal has no word that it
was taken back.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from takecover.errors import InputError, SourceError
from takecover.model.city import City
from takecover.model.event import EVENT_ID
from takecover.settings import Secret

KINDS = ("warden", "sensor")
LEAST_KEY = 32
"""Characters of a key; shorter ones could be guessed."""

LONGEST = 1_000
_MAC_BYTES = 16
_DOMAIN = b"takecover-link/1:"
_NAME = re.compile(r"[a-z0-9-]{0,30}", re.ASCII)


@dataclass(frozen=True)
class Link:
    """What a link stands for.

    Attributes
    ----------
    kind
        ``warden`` or ``sensor``.
    shelter_id
        The one shelter that it speaks of.
    until
        Last day of its season, in UTC.
    issue
        From 1; a link that takes the place of one that was taken back has a higher one.
    name
        Which sensor; empty for a warden.
    """

    kind: str
    shelter_id: str
    until: date
    issue: int = 1
    name: str = ""

    @property
    def link_id(self) -> str:
        """Name of the link in the journal; the link cannot be made from it."""
        return f"link:{hashlib.sha256(self._content()).hexdigest()[:16]}"

    @property
    def source(self) -> str:
        """The source that its events name: the shelter, or the link itself where that id has other characters."""
        is_plain = EVENT_ID.fullmatch(self.shelter_id) and len(self.shelter_id) <= 100
        where = self.shelter_id if is_plain else self.link_id.replace(":", "-")
        return f"{self.kind}:{where}" + (f"/{self.name}" if self.name else "")

    @property
    def revocation_id(self) -> str:
        """Id of the event that takes the link back."""
        return f"revoked/{self.link_id}"

    def _content(self) -> bytes:
        said = [self.kind, self.shelter_id, self.until.isoformat(), self.issue, self.name]
        return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode("utf-8")

    def token(self, key: Secret) -> str:
        """The link as text: what it says and the signature.

        Raises
        ------
        InputError
            The key is too short.
        """
        content = self._content()
        return f"{_text(content)}.{_text(_mac(content, key))}"


def read(token: str, key: Secret) -> Link:
    """The link of a text.

    Raises
    ------
    InputError
        It is none, or its signature does not fit; the message holds nothing of it.
    """
    wrong = InputError("This link is not one of this server's. Ask the duty officer for a new one.")
    body, _, signature = token.partition(".")
    if len(token) > LONGEST:
        raise wrong
    try:
        content, mac = _bytes(body), _bytes(signature)
    except (binascii.Error, ValueError):
        raise wrong from None
    if not hmac.compare_digest(mac, _mac(content, key)) or _text(content) != body:
        raise wrong
    kind, shelter_id, until, issue, name = json.loads(content)
    return Link(kind, shelter_id, date.fromisoformat(until), issue, name)


def link(kind: str, shelter_id: str, until: date, issue: int = 1, name: str = "") -> Link:
    """A link for a shelter.

    Raises
    ------
    InputError
        The issue is less than 1, or a sensor has no name of lower-case letters, digits and hyphens.
    """
    if issue < 1:
        raise InputError(f"issue: is {issue}. Give 1 or more.")
    if not _NAME.fullmatch(name) or (kind == "sensor") != bool(name):
        raise InputError(
            f"name: {name!a:.60} is no name of a sensor. Give 1 to 30 letters a to z, digits, hyphens."
        )
    return Link(kind, shelter_id, until, issue, name)


def for_shelters(city: City, until: date, issue: int, only: tuple[str, ...] = ()) -> list[Link]:
    """A warden's link for each shelter of a city, or for those that are named.

    Raises
    ------
    InputError
        A shelter that is named is not in the city.
    """
    known = [str(each) for each in city.shelters.shelter_ids]
    missing = [each for each in only if each not in known]
    if missing:
        raise InputError(
            f"shelter: {missing[0]!a:.60} is not in {city.name}. Give an id of its list of shelters."
        )
    return [link("warden", each, until, issue) for each in known if not only or each in only]


def write_sheet(path: Path, page: str) -> None:
    """Write a page that opens doors so that only its owner can read it.

    Raises
    ------
    SourceError
        It cannot be written.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(handle, "w", encoding="utf-8") as file:
            file.write(page)
    except OSError as error:
        raise SourceError(f"{path}: cannot be written ({error.strerror}). Give another path.") from error


def _mac(content: bytes, key: Secret) -> bytes:
    text = key.reveal()
    if len(text) < LEAST_KEY:
        raise InputError(
            f"TAKECOVER_LINK_KEY: has {len(text)} characters. Give {LEAST_KEY} random ones or more."
        )
    return hmac.digest(text.encode("utf-8"), _DOMAIN + content, "sha256")[:_MAC_BYTES]


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
