"""What a replay sends to the server, taken in: into an exercise whose journal holds nothing real, and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

from takecover.analysis.retelling import NOT_RETOLD
from takecover.errors import Faults, InputError
from takecover.model import event_rules
from takecover.model.event import Draft, Event
from takecover.workflow.live.live import Live

BEGINS = "replay/"
"""What the id of every event of a replay begins with, for ever."""

MOST_EVENTS = 500
"""Of one request."""


def why_not(live: Live) -> str:
    """Why nothing can be replayed into a server; empty where it can."""
    if not live.is_exercise:
        return "This server shows the real world, and a replay is an exercise. Start one with --exercise."
    if live.holds_real:
        return (
            "The journal of this server holds events of the real world. Start the exercise with a journal of its own: "
            "--journal exercise.sqlite."
        )
    return ""


async def take_replayed(live: Live, said: Sequence[object]) -> list[Event]:
    """Record what a replay says, in its order; the same sent again is recorded once.

    Parameters
    ----------
    live
        The running city, of which `why_not` says nothing.
    said
        Each event as plain JSON, without words.

    Raises
    ------
    InputError
        With everything wrong; none was recorded where one breaks a rule that can be told without the journal.
    StoreError
        The journal cannot be written.
    """
    faults, drafts = Faults("replay"), []
    for number, plain in enumerate(said):
        try:
            drafts.append(_draft(plain))
        except InputError as error:
            for fault in error.faults:
                faults.add(f"events.{number}: {fault}")
    faults.raise_if_any()
    return await live.record_all(*drafts)


def _draft(plain: object) -> Draft:
    draft = event_rules.draft(plain)
    if not draft.is_exercise or not draft.event_id.startswith(BEGINS):
        raise InputError(
            f"is no event of a replay. Give is_exercise true, and an id that begins with {BEGINS}"
        )
    if isinstance(draft.payload, NOT_RETOLD):
        raise InputError(
            f"kind: {draft.payload.kind} is an act on the system, and is not replayed. Leave it out."
        )
    return draft
