"""What is to be known of a source of alerts before it can be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

KINDS = ("alerts_in_ua", "ukrainealarm", "oref", "cap", "folder")
"""Services that can be asked."""

WHOLE_CITY = "city"
"""The area that means every district."""


@dataclass(frozen=True)
class FeedSpec:
    """One source of alerts.

    Attributes
    ----------
    kind
        One of `KINDS`.
    feed_id
        What it is called in the journal, after ``feed:``.
    address
        Address of the service, or path of the folder.
    period_s
        Time between two questions [s].
    regions
        The city's areas by the service's own name of a region; what is not named here does not concern the city.
    token
        What opens the service; empty where nothing does. Never shown, never logged.
    is_exercise
        True for a source whose alerts are an exercise whatever they say.
    """

    kind: str
    feed_id: str
    address: str
    period_s: float
    regions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    token: str = field(default="", repr=False)
    is_exercise: bool = False

    @property
    def source(self) -> str:
        """The source that its events name."""
        return f"feed:{self.feed_id}"


@dataclass(frozen=True)
class FeedEntry:
    """One entry of an Atom feed.

    Attributes
    ----------
    key
        What tells it from every other and from its own next version.
    message
        The CAP message inside it; empty where there is none.
    links
        Addresses of its CAP message elsewhere, as they stand there.
    """

    key: str
    message: bytes = b""
    links: tuple[str, ...] = ()
