"""What is told to one whose words were recorded."""

from __future__ import annotations

from collections.abc import Iterable

from takecover.model.event import Event
from takecover.model.event_fields import write_moment
from takecover.server.shapes import Receipt, Recorded


def receipt(events: Iterable[Event], is_exercise: bool) -> Receipt:
    """The receipt for some events."""
    return Receipt(
        is_exercise=is_exercise,
        events=[
            Recorded(
                event_id=event.event_id,
                seq=event.seq,
                recorded_at=write_moment(event.recorded_at),
                is_exercise=event.is_exercise,
            )
            for event in events
        ],
    )
