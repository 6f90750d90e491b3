"""Snapshots and followers: a journal opens from the newest snapshot that its chain vouches for, and goes on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from journal import RULES, at, draft, replaced, shelter
from takecover.analysis import situation_view
from takecover.analysis.situation import NOTHING, fold
from takecover.errors import InputError
from takecover.model.event_payloads import PeopleCounted
from takecover.store import follower, situations
from takecover.store.follower import Follower
from takecover.store.journal import SqlJournal
from takecover.store.opening import open_journal
from takecover.workflow.journal import verify


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    """A snapshot every ten events."""
    monkeypatch.setattr(situations, "SNAPSHOT_EVERY", 10)
    monkeypatch.setattr(follower, "SNAPSHOT_EVERY", 10)


def write(journal: SqlJournal, first: int, count: int) -> None:
    journal.append(*[draft(f"e-{n}", PeopleCounted("S1", n), n / 10) for n in range(first, first + count)])


def test_a_situation_from_a_snapshot_and_the_rest_is_that_of_the_whole_journal(journal: SqlJournal) -> None:
    write(journal, 0, 25)
    whole = fold(NOTHING, journal.read(), RULES)
    assert situations.open_situation(journal, RULES) == whole
    assert situations.before(journal, RULES).seq == 20
    assert situations.open_situation(journal, RULES) == whole
    write(journal, 25, 3)
    assert situations.open_situation(journal, RULES) == fold(NOTHING, journal.read(), RULES)


def test_a_snapshot_of_another_fold_is_not_used(journal: SqlJournal) -> None:
    write(journal, 0, 10)
    situations.open_situation(journal, RULES)
    assert situations.before(journal, replace(RULES, history_s=1)) == NOTHING
    assert situations.before(journal, RULES).seq == 10


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE snapshots SET digest = 'x' WHERE seq = 20",
        "UPDATE snapshots SET hash = 'x' WHERE seq = 20",
        "DELETE FROM snapshots WHERE seq = 20",
    ],
)
def test_a_spoiled_snapshot_is_passed_over_for_the_one_before(journal: SqlJournal, statement: str) -> None:
    write(journal, 0, 25)
    whole = situations.open_situation(journal, RULES)
    with journal.place.writer.begin() as connection:
        connection.execute(text(statement))
    assert situations.before(journal, RULES).seq == 10
    assert situations.open_situation(journal, RULES) == whole


def test_a_snapshot_that_lies_is_found_by_verification(
    journal: SqlJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    from takecover.workflow import journal as workflow

    monkeypatch.setattr(workflow, "default_rules", lambda: RULES)
    write(journal, 0, 10)
    true = situations.open_situation(journal, RULES)
    assert verify(journal).snapshot_seq == 10
    situations.keep(journal, replace(true, real=NOTHING.real), RULES)
    with pytest.raises(InputError, match="the snapshot at event 10 is not what the events give"):
        verify(journal)


def test_the_past_as_it_was_known_and_as_it_is_known_now(address: str) -> None:
    minute = iter(range(100))
    journal = open_journal(address, now=lambda: at(next(minute)))
    for n in range(15):
        journal.append(draft(f"e-{n}", shelter("open"), n))
    journal.append(draft("c-1", replaced("e-14", shelter("shut"), at(4.5)), 15))
    journal.append(draft("late", shelter("full", "S2"), 4))

    def said(situation: object, shelter_id: str) -> str:
        return situation_view.shelter(situation.real, shelter_id, at(4.9), RULES).shown_status  # type: ignore[attr-defined]

    situations.open_situation(journal, RULES)
    then, now = (
        situations.as_recorded(journal, at(4.9), RULES),
        situations.as_effective(journal, at(4.9), RULES),
    )
    assert (then.seq, said(then, "S1"), said(then, "S2")) == (5, "open", "unknown")
    assert (said(now, "S1"), said(now, "S2")) == ("shut", "full")
    assert situations.as_recorded(journal, at(12.5), RULES).seq == 13
    assert situations.as_recorded(journal, at(-1), RULES) == NOTHING
    journal.close()


def test_a_follower_goes_on_from_event_to_event_and_makes_snapshots(journal: SqlJournal) -> None:
    follower_ = Follower(journal, RULES, lambda: at(0))
    assert follower_.latest.situation == NOTHING
    write(journal, 0, 3)
    assert follower_.refresh().situation.seq == 3
    assert follower_.wait(0.01).situation.seq == 3
    write(journal, 3, 9)
    assert follower_.wait(5).situation == fold(NOTHING, journal.read(), RULES)
    assert situations.before(journal, RULES).seq == 12
    reader = Follower(journal, RULES, lambda: at(0), is_writer=False)
    assert reader.latest == follower_.latest
