"""A line of the journal as it is kept or carried: its exact bytes, and the words beside it with their salts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from takecover.errors import Faults
from takecover.model import event_rules
from takecover.model.event import SALT_BYTES, Event, genesis, seal


@dataclass(frozen=True, slots=True)
class Sealed:
    """Words beside an event, with the salt that their hash in the chain was made with."""

    salt: bytes
    text: str


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the journal.

    Attributes
    ----------
    seq, event_id, kind, recorded_at
        As the place where it is kept has them to search by.
    body
        The event's canonical bytes.
    hash
        What they are said to hash to.
    words
        By field, what was not erased.
    """

    seq: int
    event_id: str
    kind: str
    recorded_at: str
    body: bytes
    hash: str
    words: Mapping[str, Sealed]


class Chain:
    """Checks line after line that each is whole and follows the one before.

    Parameters
    ----------
    journal_id
        Of the journal.
    """

    def __init__(self, journal_id: str) -> None:
        self.last: Event | None = None
        self._genesis = genesis(journal_id)

    @property
    def seq(self) -> int:
        """Of the last line seen."""
        return 0 if self.last is None else self.last.seq

    @property
    def hash(self) -> str:
        """What the next line has to be chained to."""
        return self._genesis if self.last is None else self.last.hash

    def take(self, plain: object, line: Record) -> Event:
        """The event of the next line.

        Parameters
        ----------
        plain
            What a JSON reader made of its body.
        line
            The line.

        Raises
        ------
        InputError
            With everything wrong: a rule of events broken, a hash that is not that of the bytes, a line that does not
            follow, a time that goes back, words that are not those that were sealed.
        """
        event = event_rules.event(plain, line.body, line.hash)
        faults = Faults(f"event '{event.event_id}' (seq {event.seq})")
        if event.seq != self.seq + 1:
            faults.add(f"seq: is {event.seq}, expected {self.seq + 1}. A line is missing, or was put in.")
        elif event.previous_hash != self.hash:
            faults.add(
                f"previous_hash: is {event.previous_hash}, expected {self.hash}. The line before is another."
            )
        if self.last is not None and event.recorded_at < self.last.recorded_at:
            faults.add("recorded_at: lies before that of the event before.")
        words_are_those_sealed(event, line.words, faults)
        faults.raise_if_any()
        self.last = event
        return event


def words_are_those_sealed(event: Event, words: Mapping[str, Sealed], faults: Faults) -> None:
    """Words that are there are the ones that the chain bound; words that are not there may have been erased."""
    event_rules.words_are_sealable({name: each.text for name, each in words.items()}, faults)
    for name, each in words.items():
        if name not in event.sealed:
            faults.add(f"words.{name:.60}: are beside the event, and the chain knows nothing of them.")
        elif len(each.salt) != SALT_BYTES or seal(each.salt, each.text) != event.sealed[name]:
            faults.add(f"words.{name:.60}: are not those that were sealed. They were changed.")
