"""What is sent to the server by others, turned into events."""

from __future__ import annotations

import asyncio

from takecover.analysis.cap_drafts import drafts
from takecover.model.event import Draft, Event
from takecover.model.event_fields import write_moment
from takecover.model.event_payloads import FeedHeard
from takecover.model.feed import FeedSpec
from takecover.workflow.live.listening import POST
from takecover.workflow.live.live import Live

MOST_BYTES = 1_000_000
"""Of one CAP message; the largest that a national service sends are a tenth of that."""


async def post_alert(live: Live, data: bytes) -> list[Event]:
    """Record a CAP message, and that its sender was heard.

    Raises
    ------
    InputError
        It is no CAP message, or breaks a rule of the journal.
    StoreError
        The journal cannot be written.
    """
    from takecover.io import cap

    now = live.now()
    spec = FeedSpec("cap", POST, "", 0.0, is_exercise=live.is_exercise)
    alert = cap.read(data)
    said = drafts(alert, data, live.areas, spec, now)
    again: list[Event] = []
    fresh: list[Draft] = []
    known = await asyncio.gather(*(live.event(draft.event_id) for draft in said))
    for draft, there in zip(said, known, strict=True):
        if there is not None and there.payload == draft.payload:
            again.append(there)
        else:
            fresh.append(draft)
    heard = Draft(
        f"{POST}/heard@{write_moment(now)}/{len(again)}",
        now,
        spec.source,
        "",
        FeedHeard("heard", now),
        is_exercise=live.is_exercise,
    )
    *events, _ = await live.record_all(*fresh, heard)
    return [*again, *events]
