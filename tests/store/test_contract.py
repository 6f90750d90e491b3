"""What a journal promises, wherever it is kept: the same tests on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from clusters import Cluster
from journal import at, draft, replaced, retract, shelter
from takecover.errors import InputError, StoreError
from takecover.model.event import genesis
from takecover.model.event_payloads import Erased, ErasureAsked, NoticeAsked, NoticeDecided, PeopleCounted
from takecover.store.journal import SqlJournal
from takecover.store.opening import open_journal
from takecover.workflow.journal import verify

DUTY = {"source": "officer:duty", "actor_id": "user:1"}
SECOND = {"source": "officer:duty", "actor_id": "user:2"}


def ids(journal: SqlJournal) -> list[str]:
    return [event.event_id for event in journal.read()]


def test_an_empty_journal_has_a_name_of_its_own_and_no_end(journal: SqlJournal) -> None:
    head = journal.head()
    assert (head.seq, head.hash, head.recorded_at) == (0, genesis(journal.journal_id), None)
    assert list(journal.read()) == []
    assert len(journal.journal_id) == 32


def test_what_is_appended_is_read_back_numbered_and_chained(journal: SqlJournal) -> None:
    given = journal.append(draft("e-1", shelter("open")), draft("e-2", shelter("shut"), 1))
    found = list(journal.read())
    assert found == list(given)
    assert [event.seq for event in found] == [1, 2]
    assert found[0].previous_hash == genesis(journal.journal_id)
    assert found[1].previous_hash == found[0].hash
    assert journal.head().hash == found[1].hash
    assert journal.event("e-2") == found[1]
    assert journal.event("e-9") is None
    assert journal.events(["e-9", "e-2"]) == {"e-2": found[1]}


def test_a_second_opening_finds_the_same_journal(journal: SqlJournal, address: str) -> None:
    journal.append(draft("e-1", shelter("open")))
    other = open_journal(address)
    assert (other.journal_id, other.head(), ids(other)) == (journal.journal_id, journal.head(), ["e-1"])
    other.close()


def test_the_same_event_sent_again_is_recorded_once(journal: SqlJournal) -> None:
    first = journal.append(draft("e-1", shelter("open"), words={"note": "by the gate"}))
    again = journal.append(draft("e-1", shelter("open"), words={"note": "by the gate"}))
    assert again == first
    assert journal.head().seq == 1
    twice = journal.append(draft("e-2", shelter("full")), draft("e-2", shelter("full")))
    assert [event.seq for event in twice] == [2, 2]


@pytest.mark.parametrize(
    "other",
    [
        draft("e-1", shelter("shut"), words={"note": "x"}),
        draft("e-1", shelter("open"), 1, words={"note": "x"}),
        draft("e-1", shelter("open"), words={"note": "y"}),
        draft("e-1", shelter("open")),
        draft("e-1", shelter("open"), actor_id="link:2", words={"note": "x"}),
    ],
)
def test_an_id_that_is_there_with_another_content_is_refused(journal: SqlJournal, other: object) -> None:
    journal.append(draft("e-1", shelter("open"), words={"note": "x"}))
    with pytest.raises(InputError, match="is in the journal with another content"):
        journal.append(other)  # type: ignore[arg-type]
    assert journal.head().seq == 1


def test_all_of_an_append_is_recorded_or_nothing(journal: SqlJournal) -> None:
    with pytest.raises(InputError, match="'ajar' is none of"):
        journal.append(draft("e-1", shelter("open")), draft("e-2", shelter("ajar")))
    assert journal.head().seq == 0


def test_each_for_itself_those_that_keep_the_rules_are_recorded(journal: SqlJournal) -> None:
    found = journal.append_each(
        [draft("e-1", shelter("open")), draft("e-2", shelter("ajar")), draft("e-3", retract("e-1"))]
    )
    assert [type(each).__name__ for each in found] == ["Event", "InputError", "Event"]
    assert ids(journal) == ["e-1", "e-3"]


def test_recorded_times_are_the_servers_and_never_go_back(address: str) -> None:
    times = iter([at(10), at(5), at(12)])
    journal = open_journal(address, now=lambda: next(times))
    found = [journal.append(draft(f"e-{n}", shelter("open"), 1))[0] for n in range(3)]
    assert [event.recorded_at for event in found] == [at(10), at(10), at(12)]
    assert [journal.last_recorded_by(at(n)) for n in (9, 10, 11.9, 12, 99)] == [0, 2, 2, 3, 3]
    journal.close()


def test_a_word_from_the_future_is_refused_beyond_what_clocks_differ(address: str) -> None:
    journal = open_journal(address, now=lambda: at(0))
    journal.append(draft("e-1", shelter("open"), 2))
    with pytest.raises(InputError, match="Set the clock of the source right"):
        journal.append(draft("e-2", shelter("open"), 2.1))
    journal.close()


def test_words_stay_beside_the_chain_and_are_not_in_the_event(journal: SqlJournal) -> None:
    (event,) = journal.append(
        draft("e-1", shelter("shut"), words={"note": "Ключ у Оксани", "name": "Oksana"})
    )
    assert journal.words(["e-1", "e-9"]) == {"e-1": {"note": "Ключ у Оксани", "name": "Oksana"}}
    (line,) = journal.records()
    assert b"Oksana" not in line.body
    assert "Оксан".encode() not in line.body
    assert sorted(event.sealed) == ["name", "note"]


def test_two_people_erase_words_and_the_chain_stays_whole(journal: SqlJournal) -> None:
    journal.append(draft("e-1", shelter("shut"), words={"note": "N", "name": "Oksana"}))
    journal.append(draft("r-1", ErasureAsked("e-1", ("name",), "request"), **DUTY))
    assert journal.words(["e-1"])["e-1"]["name"] == "Oksana"
    with pytest.raises(InputError, match="A second person has to agree"):
        journal.append(draft("x-1", Erased("r-1", "user:1", "e-1"), **DUTY))
    assert journal.words(["e-1"])["e-1"]["name"] == "Oksana"
    journal.append(draft("x-1", Erased("r-1", "user:1", "e-1"), **SECOND))
    assert journal.words(["e-1"]) == {"e-1": {"note": "N"}}
    assert [(event.payload.kind, event.actor_id) for event in journal.read(1)] == [
        ("erasure_asked", "user:1"),
        ("erased", "user:2"),
    ]
    assert (verify(journal).erased, verify(journal).withheld) == (1, 0)
    # The phone that sent it sends it again: it is the same event, and the words stay gone.
    journal.append(draft("e-1", shelter("shut"), words={"note": "N", "name": "Oksana"}))
    assert journal.words(["e-1"]) == {"e-1": {"note": "N"}}


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (ErasureAsked("e-9", ("name",), "request"), "which is not in the journal"),
        (ErasureAsked("e-1", ("phone",), "request"), "has no words phone; it has: name"),
        (Erased("e-1", "user:1", "e-1"), "is no request for an erasure"),
        (Erased("r-1", "user:3", "e-1"), "is user:3; it was user:1 who asked"),
        (Erased("r-1", "user:1", "e-2"), "is e-2; e-1 was asked for"),
        (NoticeDecided("N1", "r-1", "approve"), "is no request for the notice 'N1'"),
        (NoticeDecided("N2", "n-1", "approve"), "is no request for the notice 'N2'"),
        (replaced("e-1", shelter("open", "S2")), "Retract the event, and say the other anew"),
        (replaced("e-1", PeopleCounted("S1", 1)), "Give the same kind"),
        (retract("n-1"), "is an act and is not rewritten"),
        (retract("e-9"), "which is not in the journal"),
    ],
)
def test_an_answer_that_cannot_be_given_is_refused(
    journal: SqlJournal, payload: object, message: str
) -> None:
    journal.append(
        draft("e-1", shelter("shut"), words={"name": "Oksana"}),
        draft("r-1", ErasureAsked("e-1", ("name",), "request"), **DUTY),
        draft("n-1", NoticeAsked("N1", "send", "", (), None), **DUTY),
    )
    with pytest.raises(InputError) as caught:
        journal.append(draft("z-1", payload, **SECOND))  # type: ignore[arg-type]
    assert message in str(caught.value)
    assert journal.head().seq == 3


def test_nobody_decides_what_they_asked_for_and_no_sensor_corrects_a_warden(journal: SqlJournal) -> None:
    journal.append(
        draft("n-1", NoticeAsked("N1", "send", "", (), None), **DUTY), draft("e-1", shelter("shut"))
    )
    with pytest.raises(InputError, match="A second person has to decide"):
        journal.append(draft("d-1", NoticeDecided("N1", "n-1", "approve"), **DUTY))
    with pytest.raises(InputError, match="ranks below warden:A"):
        journal.append(draft("c-1", retract("e-1"), source="sensor:a", actor_id=""))
    with pytest.raises(InputError, match="Keep them apart"):
        journal.append(draft("c-1", retract("e-1"), is_exercise=True))


def test_corrections_lie_no_deeper_than_the_fold_looks(journal: SqlJournal) -> None:
    journal.append(draft("e-1", shelter("shut")))
    journal.append(*[draft(f"c-{n}", retract(f"c-{n - 1}" if n else "e-1")) for n in range(20)])
    with pytest.raises(InputError, match="corrections lie 21 deep"):
        journal.append(draft("c-20", retract("c-19")))
    assert journal.corrected_ids() == {"e-1", *(f"c-{n}" for n in range(19))}


def test_many_writers_at_once_make_one_sequence_without_gaps(journal: SqlJournal, address: str) -> None:
    others = [journal, open_journal(address, patience_s=30), open_journal(address, patience_s=30)]

    def write(number: int) -> int:
        return others[number % 3].append(draft(f"e-{number}", PeopleCounted("S1", number)))[0].seq

    with ThreadPoolExecutor(6) as pool:
        given = list(pool.map(write, range(60)))
    assert sorted(given) == list(range(1, 61))
    assert verify(journal).seq == 60
    for each in others[1:]:
        each.close()


def test_the_database_itself_refuses_to_change_or_delete_an_event(journal: SqlJournal) -> None:
    journal.append(draft("e-1", shelter("open")))
    for statement in ("UPDATE events SET hash = 'x'", "DELETE FROM events"):
        with pytest.raises(DBAPIError, match="append-only"), journal.place.writer.begin() as connection:
            connection.execute(text(statement))
    assert verify(journal).seq == 1


def test_a_reader_cannot_write(journal: SqlJournal, address: str) -> None:
    journal.append(draft("e-1", shelter("open")))
    reader = open_journal(address, is_read_only=True, patience_s=0.1)
    assert ids(reader) == ["e-1"]
    with pytest.raises(StoreError, match=r"read.?only"):
        reader.append(draft("e-2", shelter("open")))
    assert journal.head().seq == 1
    reader.close()


def test_a_reader_goes_on_while_another_writes(journal: SqlJournal) -> None:
    journal.append(*[draft(f"e-{n}", shelter("open")) for n in range(4500)])
    reading = journal.read()
    first = next(reading)
    journal.append(draft("e-new", shelter("shut")))
    assert 1 + sum(1 for _ in reading) >= 4500
    assert first.seq == 1


def test_who_waits_is_woken_by_a_write_elsewhere(journal: SqlJournal, address: str) -> None:
    writer = open_journal(address)
    assert journal.wait(0, 0.05) is False
    clock = threading.Timer(0.3, lambda: writer.append(draft("e-1", shelter("open"))))
    clock.start()
    assert journal.wait(0, 30) is True
    clock.join()
    assert journal.wait(0, 0) is True
    writer.close()


def test_a_notification_only_wakes_and_one_that_is_lost_delays_by_a_second_at_most(
    postgres: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a notification says is never taken for an event, and without any the journal is looked at all the same."""
    address = postgres.emptied()
    journal, writer = open_journal(address), open_journal(address)
    liar = threading.Timer(0.2, lambda: postgres.execute("NOTIFY takecover_journal, '999'"))
    liar.start()
    assert journal.wait(0, 0.6) is False
    liar.join()
    assert (journal.head().seq, list(journal.read())) == (0, [])
    monkeypatch.setattr(writer.place, "after_append", lambda *_: None)
    silent = threading.Timer(0.2, lambda: writer.append(draft("e-1", shelter("open"))))
    silent.start()
    assert journal.wait(0, 30) is True
    silent.join()
    journal.close()
    writer.close()


def _as_writer(journal: SqlJournal, statement: str) -> None:
    """Do what nobody may: change the tables behind the journal's back, the triggers taken away."""
    with journal.place.writer.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER IF EXISTS events_no_update"))
            connection.execute(text("DROP TRIGGER IF EXISTS events_no_delete"))
        else:
            connection.execute(text("ALTER TABLE events DISABLE TRIGGER USER"))
        connection.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE events SET body = replace(body, 'shut', 'open') WHERE seq = 2", "hash: the line says"),
        ("UPDATE events SET kind = 'count' WHERE seq = 2", "a column of its row says other than its bytes"),
        (
            "UPDATE events SET recorded_at = '2020' WHERE seq = 2",
            "a column of its row says other than its bytes",
        ),
        ("UPDATE events SET body = '{' WHERE seq = 2", "its bytes are no JSON"),
        ("DELETE FROM events WHERE seq = 3", "seq: is 4, expected 3"),
        ("DELETE FROM events WHERE seq = 4", "the lines end at 3. Lines are missing at the end"),
        ("UPDATE words SET text = 'another'", "are not those that were sealed"),
        ("UPDATE words SET field = 'name'", "the chain knows nothing of them"),
        ("UPDATE head SET hash = 'x'", "the head says event 4"),
    ],
)
def test_whatever_is_changed_behind_its_back_verification_finds(
    journal: SqlJournal, statement: str, message: str
) -> None:
    journal.append(
        draft("e-1", shelter("open"), words={"note": "the door of the north side"}),
        draft("e-2", shelter("shut"), 1),
        draft("e-3", shelter("full"), 2),
        draft("e-4", shelter("open"), 3),
    )
    assert verify(journal).seq == 4
    _as_writer(journal, statement)
    with pytest.raises(InputError) as caught:
        verify(journal)
    assert message in str(caught.value)


def test_reading_stops_at_a_changed_event_and_at_a_missing_one(journal: SqlJournal) -> None:
    journal.append(*[draft(f"e-{n}", shelter("shut"), n) for n in range(1, 5)])
    _as_writer(journal, "DELETE FROM events WHERE seq = 2")
    with pytest.raises(StoreError, match="event 3 does not follow the one before it"):
        list(journal.read())
    assert [event.seq for event in journal.read(2)] == [3, 4]
    _as_writer(journal, "UPDATE events SET body = replace(body, 'shut', 'open') WHERE seq = 4")
    with pytest.raises(StoreError, match="event 4 was changed"):
        list(journal.read(2))


def test_a_failed_append_leaves_no_half_of_itself(
    journal: SqlJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    from takecover.store import append

    real: Callable[..., None] = append.write_head

    def broken(*_: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(append, "write_head", broken)
    with pytest.raises(StoreError, match="the disk is full"):
        journal.append(draft("e-1", shelter("open"), words={"note": "x"}))
    monkeypatch.setattr(append, "write_head", real)
    assert (journal.head().seq, journal.words(["e-1"])) == (0, {})
    assert journal.append(draft("e-1", shelter("open")))[0].seq == 1


def test_a_large_message_beside_an_event_is_kept_whole(journal: SqlJournal) -> None:
    message = "<alert>Тривога 🚨</alert>" * 40_000
    journal.append(draft("e-1", shelter("open"), words={"message": message}))
    assert journal.words(["e-1"])["e-1"]["message"] == message
    with pytest.raises(InputError, match="1,000,000 characters"):
        journal.append(draft("e-2", shelter("open"), words={"message": "x" * 1_000_001}))


def test_times_far_apart_stay_aware_and_exact_to_the_millisecond(journal: SqlJournal) -> None:
    when = datetime.fromisoformat("2023-05-30T03:00:00.123999+03:00")
    journal.append(replace(draft("e-1", shelter("open")), effective_at=when))
    (event,) = journal.read()
    assert event.effective_at == at(0) + timedelta(milliseconds=123)
    assert event.effective_at.utcoffset() == timedelta(0)
