"""What wardens and sensors report of their shelter, turned into events."""

from __future__ import annotations

from datetime import datetime, timedelta

from takecover import parameters
from takecover.errors import InputError
from takecover.model.event import Draft, Event
from takecover.model.event_fields import write_moment
from takecover.model.event_payloads import (
    Audited,
    DoorReported,
    PeopleCounted,
    ShelterHinted,
    ShelterReported,
)
from takecover.store.protocol import Journal
from takecover.workflow.live.links import Link
from takecover.workflow.live.live import Live

Report = ShelterReported | PeopleCounted | DoorReported


async def report(live: Live, link: Link, event_id: str, effective_at: datetime, said: Report) -> Event:
    """Record what was reported by a link.

    Parameters
    ----------
    live
        The running city.
    link
        The link that it came by; the report is of its shelter whatever it says.
    event_id
        Made by the phone or sensor; sent again, it is recorded once. Two links never share one.
    effective_at
        When the button was pressed, aware.
    said
        What was reported.

    Raises
    ------
    InputError
        The city has no such shelter or door, the report is too old or from the future, or the id was used for another.
    StoreError
        The journal cannot be written.
    """
    now = live.now()
    oldest = now - timedelta(seconds=parameters.value("queued_report_s"))
    if effective_at < oldest:
        raise InputError(
            f"effective_at: is {effective_at.isoformat()}, and reports from before {write_moment(oldest)} tell "
            "nothing about now. Report what you see."
        )
    if not live.has_shelter(link.shelter_id):
        raise InputError("The shelter of this link is not in the city that is served. Ask the duty officer.")
    if isinstance(said, DoorReported) and not live.has_entrance(link.shelter_id, said.entrance_id):
        raise InputError(
            f"entrance_id: the shelter has no door {said.entrance_id!a:.60}. Give one of its own."
        )
    draft = Draft(
        f"{link.link_id}/{event_id}",
        effective_at,
        link.source,
        link.link_id,
        said,
        is_exercise=live.is_exercise,
    )
    (event,) = await live.record_all(draft)
    return event


async def hint(live: Live, event_id: str, shelter_id: str, status: str) -> None:
    """Record a resident's hint, from the time at which the server has it: nobody vouches for an earlier one.

    Raises
    ------
    InputError
        The public knows of no such shelter; one that is withheld is answered like one that is not there.
    StoreError
        The journal cannot be written.
    """
    if not live.shows_shelter(shelter_id):
        raise InputError(
            f"shelter_id: there is no such shelter as {shelter_id!a:.60}. Give one of the city's."
        )
    name, said = f"hint/{event_id}", ShelterHinted(shelter_id, status)
    there = await live.event(name)
    if there is not None and there.payload == said:
        return
    await live.record_all(Draft(name, live.now(), "resident:web", "", said, is_exercise=live.is_exercise))


def revoke(journal: Journal, link: Link, actor_id: str, now: datetime) -> Event:
    """Take a link back, at once and on every server of the journal; done twice, it is recorded once.

    Raises
    ------
    InputError
        The actor's id is none.
    StoreError
        The journal cannot be written.
    """
    there = journal.event(link.revocation_id)
    if there is not None:
        return there
    said = Audited("link_revoked", link.link_id)
    (event,) = journal.append(Draft(link.revocation_id, now, "officer:console", actor_id, said))
    return event
