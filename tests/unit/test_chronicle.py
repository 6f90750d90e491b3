"""The timeline: newest first, what was corrected marked, and what each person may take back."""

from __future__ import annotations

from journal import RULES, alert, all_clear, at, chained, draft, replaced, retract, shelter
from takecover.analysis.chronicle import chronicle, found, is_correctable, last_own
from takecover.analysis.situation import NOTHING, State, fold
from takecover.model.event import Draft
from takecover.model.event_payloads import FeedHeard, NoticeAsked, ShelterHinted

DUTY = {"source": "officer:web", "actor_id": "user:duty-1"}


def state(*drafts: Draft) -> State:
    return fold(NOTHING, chained(drafts), RULES).state(False)


def test_the_timeline_is_newest_first_and_leaves_feeds_and_hints_to_their_own_places() -> None:
    known = state(
        draft("e1", shelter("open")),
        draft("e2", FeedHeard("heard", at(1)), 1, "feed:one", ""),
        draft("e3", ShelterHinted("S1", "shut"), 2, "resident:web", ""),
        draft("e4", shelter("full", "S2"), 3),
    )
    assert [line.event_id for line in chronicle(known, 10)] == ["e4", "e1"]
    assert [line.event_id for line in chronicle(known, 1)] == ["e4"]


def test_what_was_taken_back_stays_on_view_as_taken_back_and_what_was_put_right_says_so() -> None:
    known = state(
        draft("e1", shelter("shut")),
        draft("e2", shelter("full", "S2"), 1),
        draft("c1", retract("e1"), 2, **DUTY),
        draft("c2", replaced("e2", shelter("open", "S2")), 3, **DUTY),
    )
    newer, older = chronicle(known, 10)
    assert (older.is_retracted, older.is_corrected, older.payload) == (True, False, shelter("shut"))
    assert (newer.is_retracted, newer.is_corrected, newer.payload) == (False, True, shelter("open", "S2"))
    assert found(known, "c1") is None
    assert found(known, "never") is None


def test_an_alarm_is_ended_and_not_taken_back_while_an_officers_all_clear_can_be() -> None:
    known = state(
        draft("a1", alert(), **DUTY),
        draft("a2", all_clear(), 1, **DUTY),
        draft("a3", all_clear(), 2, "feed:one", ""),
        draft("n1", NoticeAsked("n", "send", "t", ("city",), None), 3, **DUTY),
    )
    verdicts = {line.event_id: is_correctable(line) for line in chronicle(known, 10)}
    assert verdicts == {"a1": False, "a2": True, "a3": False, "n1": False}


def test_the_last_own_act_is_the_persons_own_recent_and_not_yet_taken_back() -> None:
    first, second = draft("e1", shelter("shut"), 0, **DUTY), draft("e2", shelter("open"), 1, **DUTY)
    other = draft("e3", shelter("full"), 2, "officer:web", "user:duty-2")

    def own(known: State, minutes: float) -> str | None:
        line = last_own(known, "user:duty-1", at(minutes))
        return None if line is None else line.event_id

    assert own(state(first, second, other), 0) == "e2"
    assert own(state(first, second, other, draft("c", retract("e2"), 3, **DUTY)), 0) == "e1"
    assert own(state(first, second, other), 1.5) is None
    assert own(state(other), 0) is None
