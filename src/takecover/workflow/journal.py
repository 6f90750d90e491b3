"""Jobs on a whole journal: export, import, verification, backup, restore, migration, and erasure by two people."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from takecover.analysis.situation import NOTHING, default_rules, fold
from takecover.errors import InputError, SourceError
from takecover.io import journal_lines, whole
from takecover.model.event import Draft, Event
from takecover.model.event_line import Chain, Record
from takecover.model.event_payloads import Erased, ErasureAsked
from takecover.store import migrate as migration
from takecover.store import situations
from takecover.store.journal import SqlJournal
from takecover.store.opening import PATIENCE_S, open_journal, place_of, server_time

BATCH = 2_000
"""Lines that one transaction takes in."""

Tell = Callable[[str, float], None]


def quiet(_stage: str, _share: float) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Carried:
    """How many lines a journal was found to have, and how many of them were new here."""

    seq: int
    new: int


def refuse_existing(path: Path) -> None:
    """Refuse to write over a file: a copy of a journal is never replaced unseen."""
    if path.exists():
        raise InputError(f"{path}: is there already. Name a new file, or move that one away.")


def _told(lines: Iterable[Record], stage: str, end: int, tell: Tell) -> Iterator[Record]:
    """The lines, telling now and then how far they are."""
    for line in lines:
        if line.seq % BATCH == 0:
            tell(stage, line.seq / end)
        yield line


@dataclass(frozen=True)
class Verified:
    """What a verification found in a journal that is whole.

    Attributes
    ----------
    seq, hash
        Of the last event.
    erased
        Fields of words that two people erased.
    withheld
        Fields of words that are not here though nobody erased them: a copy without words was restored.
    snapshot_seq
        Event of the newest snapshot, which was folded anew and is right; 0 where there is none.
    """

    seq: int
    hash: str
    erased: int
    withheld: int
    snapshot_seq: int


def export(journal: SqlJournal, path: Path, *, without_words: bool = False, tell: Tell = quiet) -> Carried:
    """Write a journal as JSON lines, up to its end at this moment, while it goes on being written to.

    Parameters
    ----------
    journal
        The journal.
    path
        File to write; it appears whole or not at all.
    without_words
        True to leave names and free words out: the chain can still be checked.
    tell
        Called with the stage and the share done.

    Raises
    ------
    InputError
        The file is there already.
    SourceError
        The disk refuses.
    """
    end = journal.head().seq
    lines: Iterable[Record] = _told(journal.records(until_seq=end), "Writing lines", end, tell)
    if without_words:
        lines = (replace(line, words={}) for line in lines)
    refuse_existing(path)
    with whole.file(path) as part, part.open("wb") as file:
        seq, _ = journal_lines.write(journal.journal_id, lines, file)
    return Carried(seq, seq)


def import_lines(journal: SqlJournal, path: Path, tell: Tell = quiet) -> Carried:
    """Take in the lines of an export: those that are here are compared, those that are new are checked and put behind.

    Run again after a fault, it goes on where it ended.

    Raises
    ------
    SourceError
        The file cannot be read.
    InputError
        A line is not whole, is of another journal, or is not the one that is here; the good lines before it are in.
    """
    try:
        size = max(1, path.stat().st_size)
        file = path.open("rb")
    except OSError as error:
        raise SourceError(
            f"{path}: cannot be read ({error.strerror}). Give the file of an export."
        ) from error
    with file:
        journal_id = journal_lines.read_header(file, path.name)
        here = _end_here(journal, journal_id)
        seq = new = 0
        batch: list[journal_lines.Line] = []
        try:
            for line in journal_lines.read(file, journal_id, path.name):
                seq = line.event.seq
                if seq <= here.seq:
                    here.compare(line.event, f"{path.name}, line {line.number}")
                    continue
                batch.append(line)
                if len(batch) == BATCH:
                    new += _put(journal, journal_id, batch)
                    tell("Taking lines in", file.tell() / size)
        finally:
            new += _put(journal, journal_id, batch)
    return Carried(seq, new)


def _put(journal: SqlJournal, journal_id: str, batch: list[journal_lines.Line]) -> int:
    count = len(batch)
    if batch:
        journal.put_records(journal_id, [line.record for line in batch], [line.event for line in batch])
        batch.clear()
    return count


class _End:
    """What is here already, to compare incoming lines with: equal at one event means equal up to it."""

    def __init__(self, journal: SqlJournal) -> None:
        head = journal.head()
        self.seq, self.hash = head.seq, head.hash
        self._hashes = (line.hash for line in journal.records(until_seq=head.seq))

    def compare(self, event: Event, where: str) -> None:
        """Refuse a line that is not the one that is here."""
        if next(self._hashes, "") != event.hash:
            raise InputError(
                f"{where}: event {event.seq} is not the one that is here. The journals went different ways; "
                "nothing after it was taken in."
            )


def _end_here(journal: SqlJournal, journal_id: str) -> _End:
    end = _End(journal)
    if end.seq and journal.journal_id != journal_id:
        raise InputError(
            f"the file is of the journal {journal_id}, here is {journal.journal_id} with {end.seq:,} events. "
            "Two journals are never joined; give an empty place."
        )
    return end


def verify(journal: SqlJournal, tell: Tell = quiet) -> Verified:
    """Check every line from the first: rules, hashes, chain, words, columns, the head, the newest snapshot.

    Raises
    ------
    InputError
        At the first line that is not whole, with everything wrong with it.
    """
    end, rules = journal.head(), default_rules()
    kept = situations.before(journal, rules, end.seq)
    chain, situation = Chain(journal.journal_id), NOTHING
    missing: set[tuple[str, str]] = set()
    erased: set[tuple[str, str]] = set()
    asked: dict[str, ErasureAsked] = {}
    lines = _told(journal.records(until_seq=end.seq), "Checking lines", end.seq, tell)
    while part := list(islice(lines, BATCH)):
        events = [_checked(chain, line) for line in part]
        for line, event in zip(part, events, strict=True):
            missing |= {(event.event_id, name) for name in event.sealed if name not in line.words}
            _note_erasure(event, asked, erased)
        if kept.seq > situation.seq:
            situation = fold(situation, (event for event in events if event.seq <= kept.seq), rules)
    if (chain.seq, chain.hash) != (end.seq, end.hash):
        raise InputError(
            f"the head says event {end.seq}, the lines end at {chain.seq}. Lines are missing at the end."
        )
    if kept != situation:
        raise InputError(
            f"the snapshot at event {kept.seq} is not what the events give. Delete it: it is made anew."
        )
    return Verified(chain.seq, chain.hash, len(missing & erased), len(missing - erased), kept.seq)


def _checked(chain: Chain, line: Record) -> Event:
    """The event of a line that is kept here; its columns say what its bytes say."""
    try:
        plain = json.loads(line.body)
    except ValueError as error:
        raise InputError(f"event {line.seq}: its bytes are no JSON. They were changed.") from error
    event = chain.take(plain, line)
    if (line.seq, line.event_id, line.kind, line.recorded_at) != (
        event.seq,
        event.event_id,
        event.payload.kind,
        plain["recorded_at"],
    ):
        raise InputError(
            f"event '{event.event_id}' (seq {event.seq}): a column of its row says other than its bytes."
        )
    return event


def _note_erasure(event: Event, asked: dict[str, ErasureAsked], erased: set[tuple[str, str]]) -> None:
    """Remember which words two people agreed to erase."""
    if isinstance(event.payload, ErasureAsked):
        asked[event.event_id] = event.payload
    elif isinstance(event.payload, Erased) and event.payload.asked_event_id in asked:
        request = asked[event.payload.asked_event_id]
        erased |= {(request.target_event_id, name) for name in request.words}


def backup(journal: SqlJournal, path: Path, tell: Tell = quiet) -> Carried:
    """Copy a journal, wherever it is kept, into a new SQLite file, while it goes on being written to.

    The copy holds everything up to this moment and can be opened as a journal itself. Each line is checked on the way.

    Raises
    ------
    InputError
        The file is there already, or a line is not whole.
    SourceError
        The disk refuses.
    """
    refuse_existing(path)
    with whole.file(path) as part:
        copy = open_journal(str(part))
        try:
            carried = _copy(journal, copy, "Copying lines", tell)
        finally:
            copy.close()
    return carried


def restore(path: Path, journal: SqlJournal, tell: Tell = quiet) -> Carried:
    """Copy a backup into an empty journal, wherever that is kept; run again after a fault, it goes on where it ended.

    Raises
    ------
    SourceError
        The backup is not there.
    InputError
        The journal holds another one, or a line of the backup is not whole.
    """
    source = open_journal(str(path), is_read_only=True)
    try:
        return _copy(source, journal, "Restoring lines", tell)
    finally:
        source.close()


def _copy(source: SqlJournal, target: SqlJournal, stage: str, tell: Tell) -> Carried:
    """Put every line of one journal into another that holds none, or a beginning of the same."""
    end, here = source.head().seq, _end_here(target, source.journal_id)
    chain, new = Chain(source.journal_id), 0
    lines = _told(source.records(until_seq=end), stage, end, tell)
    while part := list(islice(lines, BATCH)):
        events = [_checked(chain, line) for line in part]
        for event in events:
            if event.seq <= here.seq:
                here.compare(event, "backup")
        fresh = [pair for pair in zip(part, events, strict=True) if pair[1].seq > here.seq]
        if fresh:
            target.put_records(source.journal_id, [line for line, _ in fresh], [event for _, event in fresh])
        new += len(fresh)
    return Carried(chain.seq, new)


def migrate(address: str) -> str | None:
    """Bring the place of a journal to the schema of this program; gives the schema that it had.

    Raises
    ------
    StoreError
        The schema is newer than this program knows, or the database cannot be reached.
    """
    place = place_of(address, PATIENCE_S)
    try:
        place.check_durable()
        return migration.migrate(place.writer, place.name)
    finally:
        place.close()


def ask_erasure(
    journal: SqlJournal, event_id: str, words: tuple[str, ...], actor_id: str, reason: str
) -> Event:
    """One person asks that words beside an event be erased. Nothing is erased yet.

    Raises
    ------
    InputError
        There is no such event, or it has no such words.
    """
    return _answer(journal, event_id, actor_id, ErasureAsked(event_id, words, reason))


def erasure_refusal_id(request_id: str) -> str:
    """Id of the event by which a person refuses an erasure that was asked for."""
    return f"refused/{request_id}"


def agree_to_erasure(journal: SqlJournal, request_id: str, actor_id: str) -> Event:
    """Another person agrees: the words are gone from this journal; the chain stays whole.

    Raises
    ------
    InputError
        There is no such request, it was refused, or the same person made it.
    """
    if journal.event(erasure_refusal_id(request_id)) is not None:
        raise InputError(f"'{request_id}' was refused by another person. Ask anew.")
    request = journal.event(request_id)
    if request is None or not isinstance(request.payload, ErasureAsked):
        raise InputError(
            f"'{request_id}' is no request for an erasure. Give the id that the request was given."
        )
    said = Erased(request_id, request.actor_id, request.payload.target_event_id)
    return _answer(journal, request_id, actor_id, said)


def _answer(journal: SqlJournal, target_id: str, actor_id: str, payload: ErasureAsked | Erased) -> Event:
    """Record what one person at the command line says about an earlier event, in that event's own world."""
    target = journal.event(target_id)
    draft = Draft(
        event_id=f"{payload.kind}-{secrets.token_hex(8)}",
        effective_at=server_time(),
        source="officer:command-line",
        actor_id=actor_id,
        payload=payload,
        is_exercise=target is not None and target.is_exercise,
    )
    return journal.append(draft)[0]
