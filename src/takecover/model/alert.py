"""A message of the Common Alerting Protocol (CAP) as data, in CAP's own words.

Nothing is translated or guessed here: what a message says stays as it was said, and what is wrong with it is told
beside it in `flaws`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

STATUSES = ("Actual", "Exercise", "System", "Test", "Draft")
"""What a message is; only ``Actual`` may ever be shown as a real alert."""

MSG_TYPES = ("Alert", "Update", "Cancel", "Ack", "Error")
"""What a message does."""

SCOPES = ("Public", "Restricted", "Private")
"""Whom a message is for."""

CATEGORIES = (
    "Geo",
    "Met",
    "Safety",
    "Security",
    "Rescue",
    "Fire",
    "Health",
    "Env",
    "Transport",
    "Infra",
    "CBRNE",
    "Other",
)
RESPONSE_TYPES = (
    "Shelter",
    "Evacuate",
    "Prepare",
    "Execute",
    "Avoid",
    "Monitor",
    "Assess",
    "AllClear",
    "None",
)
URGENCIES = ("Immediate", "Expected", "Future", "Past", "Unknown")
SEVERITIES = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
CERTAINTIES = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")


@dataclass(frozen=True)
class Reference:
    """An earlier message that this one speaks of.

    Attributes
    ----------
    sender, identifier
        The two names that make a message one of its kind.
    sent
        When it was sent, aware.
    """

    sender: str
    identifier: str
    sent: datetime


@dataclass(frozen=True)
class Circle:
    """A round area.

    Attributes
    ----------
    lon, lat
        Its middle [degree, WGS84].
    radius_km
        Its radius [km], 0 or more.
    """

    lon: float
    lat: float
    radius_km: float


@dataclass(frozen=True)
class Area:
    """Where an alert holds: the union of all polygons, circles and geocodes.

    Attributes
    ----------
    area_desc
        The area in words.
    polygons
        Closed rings of (lon, lat) [degree, WGS84]; CAP's order of latitude and longitude is turned round by the reader.
    circles
        Round areas.
    geocodes
        Pairs of the code list's name and the code.
    altitude_ft, ceiling_ft
        Lowest and highest height above mean sea level [ft]; None where not said.
    """

    area_desc: str
    polygons: tuple[tuple[tuple[float, float], ...], ...] = ()
    circles: tuple[Circle, ...] = ()
    geocodes: tuple[tuple[str, str], ...] = ()
    altitude_ft: float | None = None
    ceiling_ft: float | None = None


@dataclass(frozen=True)
class Resource:
    """A file that goes with an alert; it is named and never fetched.

    Attributes
    ----------
    resource_desc, mime_type
        What it is, in words and as a media type.
    size
        Size [byte]; None where not said.
    uri, deref_uri, digest
        Where it is, itself in base64, and its SHA-1; empty where not said.
    """

    resource_desc: str
    mime_type: str = ""
    size: int | None = None
    uri: str = ""
    deref_uri: str = ""
    digest: str = ""


@dataclass(frozen=True)
class Info:
    """What happens, in one language.

    Attributes
    ----------
    language
        RFC 3066 code; ``en-US`` where the message says none.
    categories, event, response_types, urgency, severity, certainty, audience, event_codes
        As in CAP.
    effective, onset, expires
        Aware times; None where not said.
    sender_name, headline, description, instruction, web, contact
        As in CAP; empty where not said.
    parameters
        Pairs of name and value that the sender and his readers agree on.
    resources, areas
        Files and areas.
    """

    event: str
    categories: tuple[str, ...] = ()
    urgency: str = "Unknown"
    severity: str = "Unknown"
    certainty: str = "Unknown"
    language: str = "en-US"
    response_types: tuple[str, ...] = ()
    audience: str = ""
    event_codes: tuple[tuple[str, str], ...] = ()
    effective: datetime | None = None
    onset: datetime | None = None
    expires: datetime | None = None
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    resources: tuple[Resource, ...] = ()
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True)
class Signature:
    """An XML signature that a message carries; it is kept on record and not verified.

    Attributes
    ----------
    algorithm
        Address of the algorithm that the message names; empty where it names none.
    value
        The signature in base64, without white space.
    """

    algorithm: str
    value: str


@dataclass(frozen=True)
class Alert:
    """One CAP message.

    Attributes
    ----------
    identifier, sender
        Together the name of the message.
    sent
        When it was sent, aware.
    status, msg_type, scope
        As in CAP.
    source, restriction, addresses, codes, note, incidents
        As in CAP; empty where not said.
    references
        The messages that it updates, cancels or answers.
    infos
        What happens, once a language or kind of event.
    version
        ``1.1`` or ``1.2``.
    signature
        The signature that it carries; None where it carries none.
    flaws
        What breaks CAP's rules in it and how it was read all the same; empty for a good message.
    """

    identifier: str
    sender: str
    sent: datetime
    status: str
    msg_type: str
    scope: str = "Public"
    source: str = ""
    restriction: str = ""
    addresses: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    note: str = ""
    references: tuple[Reference, ...] = ()
    incidents: tuple[str, ...] = ()
    infos: tuple[Info, ...] = ()
    version: str = "1.2"
    signature: Signature | None = None
    flaws: tuple[str, ...] = ()

    @property
    def reference(self) -> Reference:
        """This message as others speak of it."""
        return Reference(self.sender, self.identifier, self.sent)
