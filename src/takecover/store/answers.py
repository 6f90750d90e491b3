"""The rules of events that answer earlier ones: corrections, decisions on notices, erasures by two people."""

from __future__ import annotations

from takecover.analysis.situation_topics import DEEPEST, faults_of_correction
from takecover.errors import Faults
from takecover.model.event import Draft, Event
from takecover.model.event_payloads import Correction, Erased, ErasureAsked, NoticeAsked, NoticeDecided


def named_by(draft: Draft | Event) -> str | None:
    """Id of the earlier event that this one answers; None where it answers none."""
    match draft.payload:
        case Correction() | ErasureAsked():
            return draft.payload.target_event_id
        case NoticeDecided() | Erased():
            return draft.payload.asked_event_id
    return None


def check(draft: Draft, chain: list[Event]) -> None:
    """Refuse an answer that cannot be given.

    Parameters
    ----------
    draft
        The answer.
    chain
        The event that it names, the one that this names in turn, and so on; empty where there is none of that id.

    Raises
    ------
    InputError
        With every reason.
    """
    faults = Faults(f"event '{draft.event_id}'")
    if not chain:
        faults.add(
            f"payload: names the event '{named_by(draft)}', which is not in the journal. Give one that is."
        )
        faults.raise_if_any()
    target = chain[0]
    if draft.is_exercise != target.is_exercise:
        faults.add(
            f"is_exercise: is {draft.is_exercise}, the event named is {target.is_exercise}. Keep them apart."
        )
    match draft.payload:
        case Correction():
            faults_of_correction(draft.payload, draft.source, target.payload, target.source, faults)
            if len(chain) > DEEPEST:
                faults.add(f"payload: corrections lie {len(chain)} deep. Correct the first event anew.")
        case NoticeDecided():
            _check_decision(draft, draft.payload, target, faults)
        case ErasureAsked():
            _check_request(draft.payload, target, faults)
        case Erased():
            _check_erasure(draft, draft.payload, target, faults)
    faults.raise_if_any()


def _check_decision(draft: Draft, said: NoticeDecided, target: Event, faults: Faults) -> None:
    """A notice is decided by another person than the one who asked."""
    asked = target.payload
    if not isinstance(asked, NoticeAsked) or asked.notice_id != said.notice_id:
        faults.add(
            f"payload.asked_event_id: '{target.event_id}' is no request for the notice '{said.notice_id}'."
        )
    elif target.actor_id == draft.actor_id:
        faults.add(f"actor_id: {draft.actor_id} asked for this notice. A second person has to decide.")


def _check_request(said: ErasureAsked, target: Event, faults: Faults) -> None:
    """An erasure names words that the event has."""
    missing = [name for name in said.words if name not in target.sealed]
    if missing:
        has = ", ".join(target.sealed) or "none"
        faults.add(f"payload.words: the event has no words {', '.join(missing)}; it has: {has}.")


def _check_erasure(draft: Draft, said: Erased, target: Event, faults: Faults) -> None:
    """An erasure is agreed to by another person than the one who asked, and says what was asked."""
    asked = target.payload
    if not isinstance(asked, ErasureAsked):
        faults.add(f"payload.asked_event_id: '{target.event_id}' is no request for an erasure.")
        return
    if target.actor_id == draft.actor_id:
        faults.add(f"actor_id: {draft.actor_id} asked for this erasure. A second person has to agree.")
    if said.asked_by != target.actor_id:
        faults.add(f"payload.asked_by: is {said.asked_by}; it was {target.actor_id} who asked.")
    if said.target_event_id != asked.target_event_id:
        faults.add(
            f"payload.target_event_id: is {said.target_event_id}; {asked.target_event_id} was asked for."
        )
