"""The JSON that goes over the wire, for the description of the interface; answers are made from bytes already made."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Moment = str
"""RFC 3339 in UTC, with milliseconds."""

Freshness = Literal["fresh", "old", "unknown"]
Word = Literal["on", "none", "unknown"]


class Exercised(BaseModel):
    """Everything says whether it is of an exercise."""

    model_config = ConfigDict(extra="forbid")
    is_exercise: bool


class AreaAlert(BaseModel):
    """One alert of one source in an area."""

    model_config = ConfigDict(extra="forbid")
    threat: str
    stage: Literal["prepare", "enter", "stay"]
    is_on: bool
    source: str
    as_of: Moment
    valid_until: Moment
    freshness: Freshness
    onset_at: Moment | None
    expires_at: Moment | None


class Area(Exercised):
    """What is known of alerts in a district, or in the whole city (`city`)."""

    area_id: str
    word: Word
    is_contradicted: bool
    by_source: dict[str, Word]
    alerts: list[AreaAlert]


class Shelter(Exercised):
    """A shelter as a band, since when it is known, and by which kind of source."""

    shelter_id: str
    status: Literal["open", "filling", "full", "shut", "unknown"]
    as_of: Moment
    valid_until: Moment
    freshness: Freshness
    source: str


class Source(Exercised):
    """A source of alerts, and when it was last heard."""

    source: str
    heard_at: Moment
    valid_until: Moment
    freshness: Freshness


class JournalState(Exercised):
    """Whether the server reaches its own journal; where not, all it shows is as old as `last_reached_at`."""

    is_reached: bool
    last_reached_at: Moment | None


class Spoken(BaseModel):
    """One line in every language."""

    model_config = ConfigDict(extra="forbid")
    uk: str
    en: str


class Notice(Exercised):
    """A notice to the public that two people agreed on; one that ended is shown as ended for a while."""

    notice_id: str
    message_id: str
    msg_type: Literal["Alert", "Update", "Cancel"]
    status: Literal["public", "expired", "cancelled"]
    template_id: str
    area_ids: list[str]
    severity: Literal["Extreme", "Severe", "Moderate", "Minor", "Unknown"]
    headline: Spoken
    description: Spoken
    instruction: Spoken
    sent_at: Moment
    expires_at: Moment | None


class Price(BaseModel):
    """What one more place of a shelter gains: people under cover, then walk saved [ds]; below 0 where it grows."""

    model_config = ConfigDict(extra="forbid")
    people: int
    walk_ds: int


class PriceHead(Exercised):
    """What a set of prices is for; every field is null before the first set."""

    scenario: str | None
    period: str | None
    turnout_thousandths: int | None
    time_limit_s: int | None
    set_id: str | None
    as_of: Moment | None
    tick_at: Moment | None
    is_current: bool


class PriceNews(PriceHead):
    """That there is a set of prices: `changed` adds to the set `before_id`; where it is null, fetch the whole set."""

    count: int
    address: str
    before_id: str | None
    changed: dict[str, Price] | None


class Prices(PriceHead):
    """A whole set of prices, by shelter; empty before the first set."""

    prices: dict[str, Price]


class State(Exercised):
    """The whole public state."""

    city: str
    version: int
    areas: list[Area]
    notices: list[Notice]
    prices: list[PriceNews]
    shelters: list[Shelter]
    sources: list[Source]
    journal: JournalState


class OfficeState(Exercised):
    """What the office's map shows; its version is the server's time of making it."""

    version: int
    areas: list[Area]
    shelters: list[Shelter]


class Recorded(BaseModel):
    """An event that is on the disk."""

    event_id: str
    seq: int
    recorded_at: Moment
    is_exercise: bool


class Receipt(Exercised):
    """What was recorded of what was sent; the same sent again is recorded once."""

    events: list[Recorded]


class FeedHealth(BaseModel):
    """How a feed does."""

    feed_id: str
    last_heard_at: Moment | None
    failures: int


class Health(Exercised):
    """Whether the server works, for the machine that watches it; `stopped` names parts that should run and do not."""

    status: Literal["ok", "failing"]
    is_journal_reached: bool
    stopped: list[str]
    version: int
    feeds: list[FeedHealth]
