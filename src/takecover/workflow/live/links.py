"""Signed links of wardens and sensors: each names one shelter, its season or night, and nothing of a person.

No list of links is kept. A link is good while its signature fits, its season or night lasts, and the journal has no
word that it was taken back.
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
from datetime import UTC, date, datetime
from pathlib import Path

from takecover import parameters
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


@dataclass(frozen=True, slots=True)
class Night:
    """Hours for which a link is good: from ``begins_at`` on, and before ``ends_at``; whole minutes of UTC."""

    begins_at: datetime
    ends_at: datetime


Term = date | Night
"""How long a link is good: to the end of a day, in UTC, which is the last of its season; or for one night."""


def night(begins_at: datetime, ends_at: datetime) -> Night:
    """The hours of one night.

    Parameters
    ----------
    begins_at, ends_at
        Aware; seconds are cut off.

    Raises
    ------
    InputError
        It ends before it begins, or is longer than a night and a day may be (``link_night_s``).
    """
    first, last = (each.astimezone(UTC).replace(second=0, microsecond=0) for each in (begins_at, ends_at))
    most_s = parameters.value("link_night_s")
    if not 0 < (last - first).total_seconds() <= most_s:
        raise InputError(
            f"night: from {_minute(first)} until {_minute(last)}. Give an end after the beginning, and "
            f"{most_s / 3600:g} hours at most."
        )
    return Night(first, last)


def term_text(term: Term) -> str:
    """A season by its last day, a night as ISO 8601 has it: `2026-11-29T18:00Z/2026-11-30T06:00Z`."""
    if isinstance(term, Night):
        return f"{_minute(term.begins_at)}/{_minute(term.ends_at)}"
    return term.isoformat()


def last_day(term: Term) -> date:
    """The day, in UTC, on which it ends."""
    return term.ends_at.date() if isinstance(term, Night) else term


def is_over(term: Term, now: datetime) -> bool:
    """True once a season or night has ended."""
    return now >= term.ends_at if isinstance(term, Night) else now.astimezone(UTC).date() > term


def is_early(term: Term, now: datetime) -> bool:
    """True before a night has begun."""
    return isinstance(term, Night) and now < term.begins_at


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%MZ}"


def _term(text: str) -> Term:
    first, slash, last = text.partition("/")
    return (
        Night(datetime.fromisoformat(first), datetime.fromisoformat(last))
        if slash
        else date.fromisoformat(text)
    )


@dataclass(frozen=True)
class Link:
    """What a link stands for.

    Attributes
    ----------
    kind
        ``warden`` or ``sensor``.
    shelter_id
        The one shelter that it speaks of.
    term
        How long it is good.
    issue
        From 1; a link that takes the place of one that was taken back has a higher one.
    name
        Which sensor; empty for a warden.
    """

    kind: str
    shelter_id: str
    term: Term
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
        said = [self.kind, self.shelter_id, term_text(self.term), self.issue, self.name]
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
    kind, shelter_id, term, issue, name = json.loads(content)
    return Link(kind, shelter_id, _term(term), issue, name)


def link(kind: str, shelter_id: str, term: Term, issue: int = 1, name: str = "") -> Link:
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
    return Link(kind, shelter_id, term, issue, name)


def for_shelters(city: City, term: Term, issue: int, only: tuple[str, ...] = ()) -> list[Link]:
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
    return [link("warden", each, term, issue) for each in known if not only or each in only]


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
