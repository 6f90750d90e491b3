"""A journal carried: lines out and in, backups, resumption, and hostile lines that are refused with their number."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journal import alert, draft, shelter
from takecover.errors import InputError, SourceError
from takecover.model.event import Event
from takecover.model.event_payloads import Erased, ErasureAsked
from takecover.store.journal import SqlJournal
from takecover.store.opening import open_journal
from takecover.workflow import journal as workflow


def filled(journal: SqlJournal, count: int = 5) -> SqlJournal:
    journal.append(
        draft("a-1", alert(), source="feed:a", actor_id="", words={"message": "<alert>Тривога</alert>"})
    )
    journal.append(
        *[draft(f"e-{n}", shelter("shut"), n / 100, words={"note": f"№ {n}"}) for n in range(count)]
    )
    journal.append(draft("r-1", ErasureAsked("e-0", ("note",), "request"), 0, "officer:duty", "user:1"))
    journal.append(draft("x-1", Erased("r-1", "user:1", "e-0"), 0, "officer:duty", "user:2"))
    return journal


@pytest.fixture
def other(tmp_path: Path) -> SqlJournal:
    """Another, empty journal, in SQLite."""
    opened = open_journal(str(tmp_path / "other.sqlite"))
    yield opened
    opened.close()


def test_an_export_comes_in_elsewhere_the_same_to_the_byte(
    journal: SqlJournal, other: SqlJournal, tmp_path: Path
) -> None:
    filled(journal)
    assert workflow.export(journal, tmp_path / "one.jsonl").seq == 8
    assert workflow.import_lines(other, tmp_path / "one.jsonl") == workflow.Carried(8, 8)
    assert other.journal_id == journal.journal_id
    assert list(other.read()) == list(journal.read())
    assert other.words(["a-1", "e-0", "e-1"]) == {
        "a-1": {"message": "<alert>Тривога</alert>"},
        "e-1": {"note": "№ 1"},
    }
    workflow.export(other, tmp_path / "two.jsonl")
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()
    assert workflow.verify(other).erased == 1


def test_each_line_can_be_checked_by_any_program_with_a_sha256(journal: SqlJournal, tmp_path: Path) -> None:
    import hashlib

    workflow.export(filled(journal), tmp_path / "one.jsonl")
    lines = (tmp_path / "one.jsonl").read_bytes().splitlines()
    assert json.loads(lines[0]) == {"format": "takecover-journal/1", "journal_id": journal.journal_id}
    previous = hashlib.sha256(f"takecover-journal/1:{journal.journal_id}".encode()).hexdigest()
    for line in lines[1:-1]:
        plain = json.loads(line)
        told = json.dumps(plain["body"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(told.encode()).hexdigest() == plain["hash"]
        assert plain["body"]["previous_hash"] == previous
        previous = plain["hash"]
    assert json.loads(lines[-1]) == {"end": {"hash": previous, "seq": 8}}


def test_an_export_without_words_holds_none_and_its_chain_is_whole(
    journal: SqlJournal, other: SqlJournal, tmp_path: Path
) -> None:
    workflow.export(filled(journal), tmp_path / "one.jsonl", without_words=True)
    assert "Тривога" not in (tmp_path / "one.jsonl").read_text(encoding="utf-8")
    workflow.import_lines(other, tmp_path / "one.jsonl")
    found = workflow.verify(other)
    assert (found.seq, found.erased, found.withheld) == (8, 1, 5)


def test_an_import_goes_on_where_it_was_cut_off_and_takes_nothing_twice(
    journal: SqlJournal, other: SqlJournal, tmp_path: Path
) -> None:
    whole, part = tmp_path / "whole.jsonl", tmp_path / "part.jsonl"
    workflow.export(filled(journal), whole)
    data = whole.read_bytes()
    part.write_bytes(data[: len(data) // 2])
    with pytest.raises(InputError, match=r"cut off\. Get the whole file"):
        workflow.import_lines(other, part)
    had = other.head().seq
    assert 0 < had < 8
    assert workflow.import_lines(other, whole) == workflow.Carried(8, 8 - had)
    assert workflow.import_lines(other, whole) == workflow.Carried(8, 0)
    journal.append(draft("e-new", shelter("open")))
    workflow.export(journal, tmp_path / "later.jsonl")
    assert workflow.import_lines(other, tmp_path / "later.jsonl") == workflow.Carried(9, 1)


def test_an_old_export_does_not_bring_erased_words_back(
    other: SqlJournal, journal: SqlJournal, tmp_path: Path
) -> None:
    journal.append(draft("e-0", shelter("shut"), words={"note": "Oksana"}))
    workflow.export(journal, tmp_path / "old.jsonl")
    journal.append(draft("r-1", ErasureAsked("e-0", ("note",), "request"), 0, "officer:duty", "user:1"))
    journal.append(draft("x-1", Erased("r-1", "user:1", "e-0"), 0, "officer:duty", "user:2"))
    workflow.export(journal, tmp_path / "new.jsonl")
    workflow.import_lines(other, tmp_path / "old.jsonl")
    assert other.words(["e-0"]) == {"e-0": {"note": "Oksana"}}
    workflow.import_lines(other, tmp_path / "new.jsonl")
    assert other.words(["e-0"]) == {}
    workflow.import_lines(journal, tmp_path / "old.jsonl")
    assert journal.words(["e-0"]) == {}


def test_erased_words_are_off_the_disk(tmp_path: Path) -> None:
    journal = open_journal(str(tmp_path / "j.sqlite"))
    filled(journal)
    journal.append(draft("s-1", shelter("open"), words={"name": "Oksana-Petrivna-Erased"}))
    found = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"Oksana-Petrivna-Erased" in found
    request = workflow.ask_erasure(journal, "s-1", ("name",), "user:1", "request")
    workflow.agree_to_erasure(journal, request.event_id, "user:2")
    found = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"Oksana-Petrivna-Erased" not in found
    journal.close()


def test_journals_that_went_different_ways_are_never_joined(
    journal: SqlJournal, other: SqlJournal, tmp_path: Path
) -> None:
    workflow.export(filled(journal), tmp_path / "one.jsonl")
    other.append(draft("e-1", shelter("open")))
    with pytest.raises(InputError, match="Two journals are never joined"):
        workflow.import_lines(other, tmp_path / "one.jsonl")
    third = open_journal(str(tmp_path / "third.sqlite"))
    head, first = (tmp_path / "one.jsonl").read_bytes().splitlines(keepends=True)[:2]
    (tmp_path / "start.jsonl").write_bytes(head + first)
    with pytest.raises(InputError, match="ends without its last line"):
        workflow.import_lines(third, tmp_path / "start.jsonl")
    third.append(draft("mine", shelter("open")))
    with pytest.raises(InputError, match="event 2 is not the one that is here"):
        workflow.import_lines(third, tmp_path / "one.jsonl")
    assert third.head().seq == 2
    third.close()


def test_a_backup_is_a_journal_itself_and_is_restored_wherever(
    journal: SqlJournal, address: str, other: SqlJournal, tmp_path: Path
) -> None:
    filled(journal)
    path = tmp_path / "backup.sqlite"
    assert workflow.backup(journal, path).seq == 8
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith((".", "backup"))] == [
        "backup.sqlite"
    ]
    journal.append(draft("e-after", shelter("open")))
    copy = open_journal(str(path), is_read_only=True)
    assert list(copy.read()) == list(journal.read(until_seq=8))
    copy.close()
    assert workflow.restore(path, other) == workflow.Carried(8, 8)
    assert workflow.restore(path, other) == workflow.Carried(8, 0)
    assert workflow.restore(path, journal) == workflow.Carried(8, 0)
    assert list(other.read()) == list(journal.read(until_seq=8))
    with pytest.raises(InputError, match="is there already"):
        workflow.backup(journal, path)


def test_a_backup_and_an_export_taken_under_writes_are_whole_beginnings(
    journal: SqlJournal, tmp_path: Path
) -> None:
    import threading

    filled(journal)
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            journal.append(draft(f"w-{number}", shelter("full")))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        carried = [workflow.backup(journal, tmp_path / f"{n}.sqlite").seq for n in range(3)]
        exported = [workflow.export(journal, tmp_path / f"{n}.jsonl").seq for n in range(3)]
    finally:
        stop.set()
        writer.join()
    for number, seq in enumerate(carried):
        copy = open_journal(str(tmp_path / f"{number}.sqlite"), is_read_only=True)
        assert workflow.verify(copy).seq == copy.head().seq == seq
        copy.close()
    for number, seq in enumerate(exported):
        other = open_journal(str(tmp_path / f"imported-{number}.sqlite"))
        workflow.import_lines(other, tmp_path / f"{number}.jsonl")
        assert workflow.verify(other).seq == seq
        other.close()
    assert list(journal.read())[: exported[-1]] == _events_of(tmp_path / "imported-2.sqlite")


def _events_of(path: Path) -> list[Event]:
    opened = open_journal(str(path), is_read_only=True)
    try:
        return list(opened.read())
    finally:
        opened.close()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{", "is no JSON"),
        (b"[]", "is no JSON object"),
        (b'{"body":1.5,"hash":"x"}', "1.5 is no whole number"),
        (b'{"body":NaN,"hash":"x"}', "NaN is no whole number"),
        (b'{"body":{"a":1,"a":2},"hash":"x"}', "a name stands twice"),
        (b'{"body":{},"hash":"x","evil":1}', "Expected are body, hash"),
        (b'{"body":{},"hash":7}', "Expected are body, hash"),
        (b'{"body":{},"hash":"x"}', "is no event: missing or unknown"),
        (b'{"body":{},"hash":"x","words":[]}', "the words are no objects of salt and text"),
        (b'{"body":{},"hash":"x","words":{"n":{"salt":"zz","text":"y"}}}', "non-hexadecimal"),
        (b"[" * 200_000, "is no JSON"),
        (b'{"a":' * 100_000, "is no JSON"),
        (b"9" * 5000, "is no JSON"),
        (b"\xff\xfe", "is no JSON"),
        (b'"' + b"x" * 8_000_000, "is longer than 8,000,000 bytes"),
        (b'{"end":{"hash":"","seq":99}}', "Lines are missing"),
    ],
    ids=lambda value: value[:24].decode("latin-1") if isinstance(value, bytes) else "",
)
def test_a_hostile_line_is_refused_with_its_number(
    other: SqlJournal, tmp_path: Path, line: bytes, message: str
) -> None:
    path = tmp_path / "hostile.jsonl"
    path.write_bytes(b'{"format":"takecover-journal/1","journal_id":"x"}\n' + line + b"\n")
    with pytest.raises(InputError) as caught:
        workflow.import_lines(other, path)
    assert "hostile.jsonl, line 2" in str(caught.value)
    assert message in str(caught.value)
    assert other.head().seq == 0


@pytest.mark.parametrize(
    ("first", "message"),
    [
        (b"", "ends in the middle"),
        (b"{}\n", "the format is None"),
        (b'{"format":"takecover-journal/2","journal_id":"x"}\n', "this Takecover reads takecover-journal/1"),
        (b'{"format":"takecover-journal/1"}\n', "which is no name of a journal"),
    ],
)
def test_a_file_that_is_no_export_is_refused(
    other: SqlJournal, tmp_path: Path, first: bytes, message: str
) -> None:
    (tmp_path / "x.jsonl").write_bytes(first)
    with pytest.raises(InputError, match=message):
        workflow.import_lines(other, tmp_path / "x.jsonl")
    with pytest.raises(SourceError, match="cannot be read"):
        workflow.import_lines(other, tmp_path / "none.jsonl")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda lines: [*lines[:2], *lines[3:]], "A line is missing"),
        (lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], "A line is missing"),
        (lambda lines: [*lines[:2], lines[2].replace(b"shut", b"open"), *lines[3:]], "It was changed"),
        (
            lambda lines: [*lines[:2], lines[2].replace("№ 1".encode(), b"other"), *lines[3:]],
            "not those that were sealed",
        ),
        (lambda lines: [lines[0].replace(b'id":"', b'id":"z'), *lines[1:]], "The line before is another"),
        (lambda lines: [*lines[:-2], lines[-1]], "Lines are missing"),
    ],
)
def test_lines_changed_moved_or_taken_out_are_found(
    other: SqlJournal, tmp_path: Path, change: object, message: str
) -> None:
    source = open_journal(str(tmp_path / "source.sqlite"))
    source.append(*[draft(f"e-{n}", shelter("shut"), n / 100, words={"note": f"№ {n}"}) for n in range(4)])
    workflow.export(source, tmp_path / "one.jsonl")
    source.close()
    lines = (tmp_path / "one.jsonl").read_bytes().splitlines(keepends=True)
    (tmp_path / "bad.jsonl").write_bytes(b"".join(change(lines)))  # type: ignore[operator]
    with pytest.raises(InputError, match=message):
        workflow.import_lines(other, tmp_path / "bad.jsonl")
    if other.head().seq:
        assert workflow.verify(other).seq == other.head().seq


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=3))
def test_bytes_spoiled_anywhere_are_refused_or_harmless(tmp_path: Path, at_byte: int, junk: bytes) -> None:
    path, target = tmp_path / "fuzz.jsonl", tmp_path / "fuzzed.sqlite"
    for old in tmp_path.glob("fuzz*"):
        old.unlink()
    source = open_journal(str(tmp_path / "source.sqlite"))
    if not source.head().seq:
        source.append(
            *[draft(f"e-{n}", shelter("shut"), n / 100, words={"note": f"№ {n}"}) for n in range(3)]
        )
    workflow.export(source, path)
    data = bytearray(path.read_bytes())
    start = at_byte % len(data)
    data[start : start + len(junk)] = junk
    path.write_bytes(bytes(data))
    taken = open_journal(str(target))
    with contextlib.suppress(InputError):
        workflow.import_lines(taken, path)
    good = list(source.read())
    assert [event.payload for event in taken.read()] == [event.payload for event in good][: taken.head().seq]
    workflow.verify(taken)
    source.close()
    taken.close()
