"""Links of wardens at the office: made for a season or a night, and taken back, in the real world alone."""

from __future__ import annotations

from datetime import timedelta

from takecover import parameters
from takecover.errors import InputError
from takecover.model.event import Draft, Event
from takecover.model.event_payloads import Audited
from takecover.workflow.live.acting import SOURCE, Hand, act, known_shelter
from takecover.workflow.live.links import Link, Term, for_shelters, is_over, last_day, link, term_text
from takecover.workflow.live.live import Live


class ExerciseError(InputError):
    """Links open real doors, whatever the server that makes them shows."""

    def __init__(self) -> None:
        super().__init__(
            "links: this server shows an exercise, and a link that it made or took back would be a real warden's. "
            "Do it at the real server."
        )


async def issue_links(live: Live, hand: Hand, term: Term, issue: int, only: tuple[str, ...]) -> list[Link]:
    """Links for the wardens of all shelters or of some; that they were made stands in the journal, they do not.

    Raises
    ------
    ExerciseError
        The server shows an exercise.
    InputError
        The season or night is over or too far off, or a shelter is not the city's.
    StoreError
        The journal cannot be written.
    """
    _check_real(live)
    now = live.now()
    latest = now.date() + timedelta(seconds=parameters.value("link_season_s"))
    if is_over(term, now) or last_day(term) > latest:
        raise InputError(
            f"until: {term_text(term)}. Give a time that is not over, and at the latest {latest.isoformat()}."
        )
    made = for_shelters(live.city, term, issue, only)
    subject = made[0].link_id if len(made) == 1 else f"links:{term_text(term)}/{issue}"
    await act(live, hand, Audited("links_issued", subject))
    return made


async def revoke_link(live: Live, hand: Hand, shelter_id: str, term: Term, issue: int) -> Event:
    """Take a warden's link back, at once and on every server of the journal; done twice, it is recorded once.

    Raises
    ------
    ExerciseError
        The server shows an exercise.
    InputError
        There is no such shelter.
    StoreError
        The journal cannot be written.
    """
    _check_real(live)
    gone = link("warden", known_shelter(live, shelter_id), term, issue)
    there = await live.event(gone.revocation_id)
    if there is not None:
        return there
    said = Audited("link_revoked", gone.link_id)
    (event,) = await live.record_all(Draft(gone.revocation_id, live.now(), SOURCE, hand.actor_id, said))
    return event


def _check_real(live: Live) -> None:
    if live.is_exercise:
        raise ExerciseError
