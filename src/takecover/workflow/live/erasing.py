"""Words beside events at the office: what can be erased, what is asked for, and the answer of a second person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from takecover.analysis.situation import State
from takecover.errors import InputError
from takecover.model.event import Draft, Event
from takecover.model.event_payloads import Audited, Erased, ErasureAsked
from takecover.workflow.journal import erasure_refusal_id
from takecover.workflow.live.acting import SOURCE, Hand, act
from takecover.workflow.live.live import Live

REASONS = ("request", "name", "mistake", "expired")
"""Why words are erased: somebody asked for it, a person is named, a slip, or no longer needed."""

MOST_SHOWN = 30
WORDED = ("incident:", "statement:")
"""Topics in which people write words of their own; words of a feed are found by their event's id."""


@dataclass(frozen=True, slots=True)
class Worded:
    """An event with words beside it.

    Attributes
    ----------
    event_id
        Which.
    words
        Text of each field that is not erased.
    """

    event_id: str
    words: dict[str, str]


@dataclass(frozen=True, slots=True)
class Waiting:
    """An erasure that somebody asked for and nobody has decided.

    Attributes
    ----------
    request_id, actor_id, asked_at, reason
        The request.
    target_event_id
        The event whose words are to go.
    words
        Text of each field that is to go, as it is now.
    """

    request_id: str
    actor_id: str
    asked_at: datetime
    reason: str
    target_event_id: str
    words: dict[str, str]


async def ask_erasure(live: Live, hand: Hand, event_id: str, words: tuple[str, ...], reason: str) -> Event:
    """Ask that words beside an event be erased; nothing is erased before another person agrees.

    Raises
    ------
    InputError
        No field is named, there are no such words beside the event (any more), it is of the other world, or the
        reason is none of `REASONS`.
    StoreError
        The journal cannot be written.
    """
    if reason not in REASONS:
        raise InputError(f"reason: {reason!a:.40} is none of {', '.join(REASONS)}. Choose one.")
    said = ErasureAsked(event_id, words, reason)
    there = await live.event(hand.event_id)
    if there is not None and there.payload == said:
        return there
    beside = (await live.words([event_id])).get(event_id, {})
    missing = [name for name in words if name not in beside]
    if missing or not words:
        raise InputError(
            f"words: {missing[0] if missing else 'none'!a:.60} is not beside this event. "
            f"Choose of: {', '.join(beside) or 'nothing, all is erased or there never was any'}."
        )
    return await act(live, hand, said)


async def decide_erasure(live: Live, hand: Hand, request_id: str, decision: str) -> Event:
    """Agree to an erasure that another person asked for, and the words are gone; or refuse it, and they stay.

    Raises
    ------
    InputError
        There is no such request, it was decided, the same person made it, or the decision is none.
    StoreError
        The journal cannot be written.
    """
    answer_id = hand.event_id if decision == "approve" else erasure_refusal_id(request_id)
    there = await live.event(answer_id)
    if there is not None and there.actor_id == hand.actor_id and _names(there, request_id):
        return there
    request = next((each for each in await requests(live) if each.event_id == request_id), None)
    if request is None or not isinstance(request.payload, ErasureAsked):
        raise InputError(f"asked: {request_id!a:.80} is no request that waits. Load the page again.")
    if request.actor_id == hand.actor_id:
        raise InputError("asked: you asked for this erasure. Another person decides it.")
    if decision == "approve":
        said = Erased(request_id, request.actor_id, request.payload.target_event_id)
        return await act(live, hand, said)
    if decision != "reject":
        raise InputError(f"decision: {decision!a:.40} is none. Agree or refuse.")
    draft = Draft(
        answer_id,
        live.now(),
        SOURCE,
        hand.actor_id,
        Audited("erasure_refused", request_id),
        is_exercise=live.is_exercise,
    )
    (event,) = await live.record_all(draft)
    return event


def _names(answer: Event, request_id: str) -> bool:
    """True where an event is an answer to a request: a form that was sent again."""
    said = answer.payload
    if isinstance(said, Erased):
        return said.asked_event_id == request_id
    return isinstance(said, Audited) and said.subject_id == request_id


async def requests(live: Live) -> tuple[Event, ...]:
    """Requests of the world that is shown that nobody has decided, the oldest first.

    Raises
    ------
    StoreError
        The journal cannot be read.
    """
    asked: dict[str, Event] = {}
    for event in await live.of_kinds(ErasureAsked.kind, Erased.kind):
        if isinstance(event.payload, Erased):
            asked.pop(event.payload.asked_event_id, None)
        elif event.is_exercise == live.is_exercise:
            asked[event.event_id] = event
    return tuple([each for each in asked.values() if await _is_open(live, each.event_id)])


async def _is_open(live: Live, request_id: str) -> bool:
    return await live.event(erasure_refusal_id(request_id)) is None


async def waiting(live: Live) -> tuple[Waiting, ...]:
    """Requests that nobody has decided, with the words that are to go.

    Raises
    ------
    StoreError
        The journal cannot be read.
    """
    found = []
    for event in await requests(live):
        said = event.payload
        if isinstance(said, ErasureAsked):
            beside = (await live.words([said.target_event_id])).get(said.target_event_id, {})
            words = {name: beside[name] for name in said.words if name in beside}
            found.append(
                Waiting(
                    event.event_id,
                    event.actor_id,
                    event.recorded_at,
                    said.reason,
                    said.target_event_id,
                    words,
                )
            )
    return tuple(found)


async def erasable(live: Live, event_id: str = "") -> tuple[Worded, ...]:
    """Events with words that people wrote, the newest first; or the one that is named, whatever it is.

    Raises
    ------
    StoreError
        The journal cannot be read.
    """
    if event_id:
        event = await live.event(event_id)
        ids = [event_id] if event is not None and event.is_exercise == live.is_exercise else []
    else:
        ids = list(_worded(live.state))
    words = await live.words(ids)
    return tuple(Worded(each, words[each]) for each in ids if words.get(each))[:MOST_SHOWN]


def _worded(state: State) -> Iterable[str]:
    entries = [entry for topic, trail in state.trails.items() if topic.startswith(WORDED) for entry in trail]
    return (entry.event_id for entry in sorted(entries, key=lambda entry: -entry.seq))
