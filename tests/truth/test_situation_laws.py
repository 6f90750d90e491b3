"""Laws of the fold, by hypothesis: replay is live, prefixes compose, order and forgetting change no answer."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from journal import RULES, alert, all_clear, at, chained, draft, replaced, retract, shelter
from takecover.analysis import situation_areas, situation_plain, situation_record, situation_view
from takecover.analysis.situation import NOTHING, Situation, fold
from takecover.model.event import Draft, Event
from takecover.model.event_payloads import DoorReported, FeedHeard, PeopleCounted, ShelterHinted

SOURCES = st.sampled_from(
    [("officer:duty", "user:1"), ("warden:A", "link:1"), ("warden:B", "link:2"), ("sensor:a", "")]
)
STATUSES = st.sampled_from(["open", "filling", "full", "shut"])
SHELTERS = st.sampled_from(["S1", "S2"])
AREAS = st.sampled_from([("kyiv",), ("lviv",), ("kyiv", "lviv")])
NEVER_FORGETS = replace(RULES, history_s=10**9)


@st.composite
def payloads(drawn: st.DrawFn, number: int) -> tuple[object, tuple[str, str]]:
    """A payload and a source that may say it; corrections name an earlier event."""
    draw = drawn
    kinds = ["shelter", "count", "door", "hint", "alert", "all_clear", "feed"] + ["retract", "replace"] * (
        number > 0
    )
    kind = draw(st.sampled_from(kinds))
    feed = (draw(st.sampled_from(["feed:a", "feed:b"])), "")
    source = draw(SOURCES)
    target = f"e-{draw(st.integers(0, max(0, number - 1)))}"
    made = {
        "shelter": lambda: (shelter(draw(STATUSES), draw(SHELTERS)), source),
        "count": lambda: (PeopleCounted(draw(SHELTERS), draw(st.integers(0, 9))), source),
        "door": lambda: (DoorReported(draw(SHELTERS), draw(st.sampled_from("ab")), "shut"), source),
        "hint": lambda: (ShelterHinted(draw(SHELTERS), "shut"), ("resident:web", "")),
        "alert": lambda: (alert(draw(st.sampled_from(["A1", "A2"])), draw(AREAS), status="Test"), feed),
        "all_clear": lambda: (replace(all_clear(draw(AREAS)), status="Test"), feed),
        "feed": lambda: (FeedHeard("failing", None), feed),
        "retract": lambda: (retract(target), source),
        "replace": lambda: (replaced(target, shelter(draw(STATUSES), draw(SHELTERS))), source),
    }
    return made[kind]()


@st.composite
def journals(draw: st.DrawFn, *, longest_gap: int = 20, most: int = 25) -> list[Event]:
    """A journal of one night: times mostly ascend, some words come late, some belong to an exercise."""
    drafts: list[Draft] = []
    recorded: list[datetime] = []
    now = 0
    for number in range(draw(st.integers(0, most))):
        now += draw(st.integers(0, longest_gap))
        payload, (source, actor_id) = draw(payloads(number))
        is_exercise = draw(st.integers(0, 4)) == 0
        if hasattr(payload, "alert_id") or hasattr(payload, "alert_ids"):
            payload = replace(payload, status="Exercise" if is_exercise else "Actual")  # type: ignore[type-var]
        late = draw(st.sampled_from([0, 0, 0, 7, 45]))
        drafts.append(draft(f"e-{number}", payload, now - late, source, actor_id, is_exercise=is_exercise))  # type: ignore[arg-type]
        recorded.append(at(now))
    return chained(drafts, recorded)


def answers(situation: Situation, when: datetime) -> object:
    """Everything that the views say at a time, of both worlds."""
    heard = {"feed:a": when - timedelta(minutes=1)}
    return [
        (
            [situation_view.shelter(state, each, when, RULES) for each in ("S1", "S2")],
            [situation_areas.area(state, each, when, RULES, heard) for each in ("kyiv", "lviv")],
            situation_record.notices(state, when),
        )
        for state in (situation.real, situation.exercise)
    ]


@settings(max_examples=50)
@given(journals(), st.integers(0, 25))
def test_the_fold_of_a_beginning_and_then_the_rest_is_the_fold_of_all(journal: list[Event], cut: int) -> None:
    first = fold(NOTHING, journal[:cut], RULES)
    before = json.dumps(situation_plain.write(first))
    assert fold(first, journal[cut:], RULES) == fold(NOTHING, journal, RULES)
    assert json.dumps(situation_plain.write(first)) == before  # the first was not touched


@settings(max_examples=50)
@given(journals())
def test_event_by_event_as_they_come_in_is_the_same_as_a_replay(journal: list[Event]) -> None:
    live = NOTHING
    for event in journal:
        live = fold(live, [event], RULES)
    assert live == fold(NOTHING, journal, RULES)


@settings(max_examples=50)
@given(journals())
def test_a_snapshot_comes_back_equal_and_goes_on_like_the_state_it_was_made_of(journal: list[Event]) -> None:
    half = fold(NOTHING, journal[: len(journal) // 2], RULES)
    back = situation_plain.read(json.loads(json.dumps(situation_plain.write(half))))
    assert back == half
    assert fold(back, journal[len(journal) // 2 :], RULES) == fold(NOTHING, journal, RULES)


@settings(max_examples=50)
@given(journals(longest_gap=1200, most=40), st.integers(0, 3000))
def test_what_the_state_forgets_would_have_changed_no_answer(journal: list[Event], later: int) -> None:
    when = (journal[-1].recorded_at if journal else at(0)) + timedelta(minutes=later)
    rules = replace(RULES, history_s=4 * 3600 * 2)
    assert _live(fold(NOTHING, journal, rules), when) == _live(fold(NOTHING, journal, NEVER_FORGETS), when)


def test_an_alert_of_before_is_on_again_when_the_one_that_took_its_place_is_taken_back() -> None:
    rules = replace(RULES, history_s=8 * 3600)
    long_after = timedelta(hours=8, minutes=1)
    first = draft("first", alert("A1", ("kyiv",)), source="feed:a", actor_id="")
    fill = [
        replace(first, event_id=f"again-{n}", effective_at=first.effective_at + timedelta(minutes=n))
        for n in range(1, 16)
    ]
    later = replace(first, event_id="later", effective_at=first.effective_at + long_after)
    back = draft("back", retract("later"), source="officer:duty", actor_id="user:1")
    back = replace(back, effective_at=later.effective_at)
    drafts = [first, *fill, later, back]
    journal = chained(drafts, [each.effective_at for each in drafts])
    when = journal[-1].recorded_at
    state = fold(NOTHING, journal, rules).real
    area = situation_areas.area(state, "kyiv", when, RULES, {"feed:a": when})
    assert area.word == "on"


def _live(situation: Situation, when: datetime) -> object:
    """The answers without what is unknown by age, and without the words of who spoke last long ago."""
    found = []
    for state in (situation.real, situation.exercise):
        for each in ("S1", "S2"):
            view = situation_view.shelter(state, each, when, RULES)
            people = view.people if view.people and view.people.is_known else None
            doors = {door: fact for door, fact in view.doors.items() if fact.is_known}
            found.append((view.shown_status, people, doors, {hint.event_id for hint in view.hints[:20]}))
        for each in ("kyiv", "lviv"):
            area = situation_areas.area(state, each, when, RULES, {"feed:a": when, "feed:b": when})
            found.append((area.word, [(word.source, word.word, word.alerts) for word in area.sources]))
    return found


@settings(max_examples=50)
@given(journals(most=12), st.randoms(use_true_random=False))
def test_words_that_arrive_in_another_order_give_the_same_answers(journal: list[Event], luck: object) -> None:
    said = [event for event in journal if event.payload.kind != "correction"]
    times = {event.as_of for event in said}
    if len(times) < len(said):
        return  # two at one time are told apart by their order
    shuffled = list(said)
    luck.shuffle(shuffled)  # type: ignore[attr-defined]
    end = at(25 * 20)
    one = fold(NOTHING, (replace(event, recorded_at=end, effective_at=event.as_of) for event in said), RULES)
    other = fold(
        NOTHING, (replace(event, recorded_at=end, effective_at=event.as_of) for event in shuffled), RULES
    )
    for minutes in (0, 30, 60, 500):
        assert answers(one, at(minutes)) == answers(other, at(minutes))


@settings(max_examples=50)
@given(journals())
def test_real_and_exercise_are_each_as_if_the_other_had_never_been(journal: list[Event]) -> None:
    both = fold(NOTHING, journal, RULES)
    assert both.real == fold(NOTHING, [event for event in journal if not event.is_exercise], RULES).real
    assert both.exercise == fold(NOTHING, [event for event in journal if event.is_exercise], RULES).exercise


@settings(max_examples=50)
@given(journals(), st.integers(0, 24))
def test_a_correction_taken_back_leaves_every_answer_as_it_was(journal: list[Event], number: int) -> None:
    if not journal:
        return
    target = journal[number % len(journal)]
    end = journal[-1].recorded_at
    drafts = [
        draft("z-1", retract(target.event_id), 0, "officer:duty", "user:1", is_exercise=target.is_exercise),
        draft("z-2", retract("z-1"), 0, "officer:duty", "user:1", is_exercise=target.is_exercise),
    ]
    tail = [replace(event, effective_at=end, recorded_at=end) for event in chained(drafts)]
    before, after = fold(NOTHING, journal, RULES), fold(NOTHING, [*journal, *tail], RULES)
    for minutes in (0, 100, 1000):
        when = end + timedelta(minutes=minutes)
        assert answers(after, when) == answers(before, when)


@settings(max_examples=50)
@given(journals())
def test_the_same_journal_told_twice_changes_nothing(journal: list[Event]) -> None:
    once = fold(NOTHING, journal, RULES)
    assert fold(once, journal, RULES) == once


@settings(max_examples=50)
@given(journals(), st.integers(0, 10_000))
def test_an_expired_or_exercise_alert_is_never_on_in_the_real_state(
    journal: list[Event], minutes: int
) -> None:
    real = fold(NOTHING, journal, RULES).real
    ids = {event.event_id for event in journal if event.is_exercise}
    for fact in situation_areas.alerts(real, at(minutes), RULES):
        assert fact.row.event_id not in ids
        if fact.row.expires_at is not None and at(minutes) > fact.row.expires_at:
            assert not fact.is_on
