"""The fold and what a fact is worth: ages, authority, corrections, two worlds; alerts are tested beside."""

from __future__ import annotations

from dataclasses import replace

import pytest

from journal import DUTY, FEED, RULES, alert, at, chained, draft, folded, replaced, retract, shelter, word
from takecover.analysis import situation_areas, situation_record, situation_view
from takecover.analysis.situation import NOTHING, Situation, as_held, default_rules, fold
from takecover.model.event import Draft
from takecover.model.event_payloads import (
    DoorReported,
    IncidentReported,
    NoticeAsked,
    NoticeDecided,
    PeopleCounted,
    ShelterHinted,
    SpanMarked,
    StatementMade,
)

SECOND = {"source": "officer:duty", "actor_id": "user:2"}
SENSOR = {"source": "sensor:a", "actor_id": ""}


def status(situation: Situation, minutes: float) -> tuple[str, str]:
    """Shown status of shelter S1 and its freshness."""
    view = situation_view.shelter(situation.real, "S1", at(minutes), RULES)
    return view.shown_status, view.status.freshness if view.status else ""


def test_nothing_said_is_unknown_and_no_alert_heard_of_is_not_clear() -> None:
    assert situation_view.shelter(NOTHING.real, "S1", at(0), RULES).shown_status == "unknown"
    assert word(NOTHING, 0) == "unknown"


@pytest.mark.parametrize(
    ("minutes", "shown", "freshness"),
    [
        (-1, "unknown", ""),
        (0, "open", "fresh"),
        (30, "open", "fresh"),
        (30.01, "open", "old"),
        (59.99, "open", "old"),
        (60, "unknown", "unknown"),
        (9999, "unknown", "unknown"),
    ],
)
def test_a_wardens_word_is_fresh_then_old_then_unknown(minutes: float, shown: str, freshness: str) -> None:
    assert status(folded(draft("e-1", shelter("open"))), minutes) == (shown, freshness)


def test_how_long_a_word_is_good_is_a_parameter_of_its_kind_of_source() -> None:
    situation = folded(draft("e-1", shelter("shut")), draft("e-2", PeopleCounted("S1", 5), 0, **SENSOR))
    longer = replace(RULES, valid_s={**RULES.valid_s, "warden": 6000})
    view = situation_view.shelter(situation.real, "S1", at(50), longer)
    assert view.status is not None
    assert view.people is not None
    assert (view.status.freshness, view.people.freshness) == ("fresh", "unknown")
    assert status(situation, 50) == ("shut", "old")


def test_a_fact_carries_when_it_holds_until_when_and_who_says_so() -> None:
    found = situation_view.shelter(folded(draft("e-1", shelter("full"), 3)).real, "S1", at(4), RULES).status
    assert found is not None
    assert (found.value, found.as_of, found.valid_until, found.unknown_from) == (
        "full",
        at(3),
        at(33),
        at(63),
    )
    assert (found.source, found.event_id, found.is_known) == ("warden:A", "e-1", True)


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        ({}, {}, "open"),
        ({}, SENSOR, "shut"),
        (SENSOR, {}, "open"),
        (DUTY, {}, "shut"),
        ({}, DUTY, "open"),
        (DUTY, SECOND, "open"),
    ],
)
def test_shut_stands_until_the_same_or_a_higher_authority_reverses_it(
    first: dict[str, str], second: dict[str, str], shown: str
) -> None:
    situation = folded(draft("e-1", shelter("shut"), 0, **first), draft("e-2", shelter("open"), 5, **second))
    assert status(situation, 6)[0] == shown


def test_another_warden_reverses_a_warden_and_a_worse_word_from_below_counts_too() -> None:
    wardens = folded(draft("e-1", shelter("shut")), draft("e-2", shelter("open"), 5, source="warden:B"))
    assert status(wardens, 6)[0] == "open"
    below = folded(draft("e-1", shelter("open"), **DUTY), draft("e-2", shelter("full"), 5, **SENSOR))
    assert status(below, 6) == ("full", "fresh")
    assert status(below, 36) == (
        "open",
        "fresh",
    )  # the sensor's word is unknown by then, the officer's stands


def test_a_shut_shelter_whose_word_grew_too_old_is_unknown_and_not_open() -> None:
    assert status(folded(draft("e-1", shelter("shut"))), 61) == ("unknown", "unknown")


def test_what_was_queued_on_a_phone_takes_its_place_by_the_time_it_holds_from() -> None:
    late = folded(
        draft("e-1", shelter("open"), 10), draft("e-2", shelter("shut"), 5), recorded=[at(10), at(20)]
    )
    assert status(late, 21)[0] == "open"
    assert status(late, 7)[0] == "shut"


def test_doors_are_told_apart_and_the_newest_count_stands() -> None:
    view = situation_view.shelter(
        folded(
            draft("e-1", DoorReported("S1", "north", "shut"), 0),
            draft("e-2", DoorReported("S1", "south", "open"), 1, **SENSOR),
            draft("e-3", DoorReported("S1", "north", "open"), 2, **SENSOR),
            draft("e-4", PeopleCounted("S1", 40), 3),
            draft("e-5", PeopleCounted("S1", 55), 4, **SENSOR),
        ).real,
        "S1",
        at(5),
        RULES,
    )
    assert {door: found.value for door, found in view.doors.items()} == {"north": "shut", "south": "open"}
    assert view.people is not None
    assert (view.people.value, view.people.as_of) == (55, at(4))


def test_no_flood_of_residents_hints_shuts_a_shelter() -> None:
    resident = {"source": "resident:web", "actor_id": ""}
    flood = [draft(f"h-{n}", ShelterHinted("S1", "shut"), 1 + n / 1000, **resident) for n in range(500)]
    situation = folded(draft("e-1", shelter("open")), *flood)
    assert status(situation, 2) == ("open", "fresh")
    view = situation_view.shelter(situation.real, "S1", at(2), RULES)
    assert 20 <= len(view.hints) <= 36
    assert view.hints[0].event_id == "h-499"
    assert situation_view.shelter(situation.real, "S1", at(40), RULES).hints == ()


def test_a_correction_replaces_and_the_event_stays_in_the_journal() -> None:
    drafts = [
        draft("e-1", shelter("open"), 0),
        draft("c-1", replaced("e-1", shelter("shut")), 5, source="warden:B"),
    ]
    assert status(folded(*drafts[:1]), 6)[0] == "open"
    assert status(folded(*drafts), 6) == ("shut", "fresh")
    assert [event.event_id for event in chained(drafts)] == ["e-1", "c-1"]


def test_a_retraction_brings_back_what_stood_before_and_is_itself_retracted() -> None:
    drafts = [
        draft("e-1", shelter("open"), 0),
        draft("e-2", shelter("shut"), 2),
        draft("c-1", retract("e-2"), 3),
        draft("c-2", retract("c-1"), 4),
        draft("c-3", retract("c-2"), 5),
    ]
    assert [status(folded(*drafts[:n]), 6)[0] for n in range(1, 6)] == [
        "open",
        "shut",
        "open",
        "shut",
        "open",
    ]


def test_the_last_correction_in_force_counts_and_moves_the_time_too() -> None:
    drafts = [
        draft("e-1", shelter("open"), 10),
        draft("c-1", replaced("e-1", shelter("full")), 11),
        draft("c-2", replaced("e-1", shelter("shut"), at(4)), 12),
        draft("c-3", retract("c-2"), 13),
    ]
    found = situation_view.shelter(folded(*drafts[:3]).real, "S1", at(14), RULES).status
    assert found is not None
    assert (found.value, found.as_of) == ("shut", at(4))
    assert status(folded(*drafts), 14)[0] == "full"


@pytest.mark.parametrize(
    "correction",
    [
        draft("c-1", replaced("e-1", shelter("open")), 5, **SENSOR),
        draft("c-1", replaced("e-1", shelter("open", "S2")), 5),
        draft("c-1", replaced("e-1", PeopleCounted("S1", 3)), 5),
        draft("c-1", retract("e-9"), 5),
        draft("c-1", retract("e-1"), 5, is_exercise=True),
    ],
    ids=["from below", "of another shelter", "of another kind", "of nothing", "from the exercise"],
)
def test_a_correction_that_may_not_be_made_changes_nothing(correction: Draft) -> None:
    assert status(folded(draft("e-1", shelter("shut")), correction), 6)[0] == "shut"


def test_retractions_of_retractions_end_somewhere() -> None:
    chain = [draft(f"c-{n}", retract(f"c-{n - 1}" if n else "e-1"), n / 100) for n in range(1500)]
    assert status(folded(draft("e-1", shelter("shut")), *chain), 16)[0] == "shut"


def test_an_exercise_never_touches_the_real_state_nor_the_real_an_exercise() -> None:
    drafts = [
        draft("e-1", shelter("open")),
        draft("x-1", shelter("shut"), 1, is_exercise=True),
        draft("x-2", alert(status="Exercise"), 1, **FEED, is_exercise=True),
    ]
    situation = folded(*drafts)
    assert status(situation, 2)[0] == "open"
    assert situation.real == folded(drafts[0]).real
    assert situation_view.shelter(situation.exercise, "S1", at(2), RULES).shown_status == "shut"
    assert situation_areas.area(situation.real, "kyiv", at(2), RULES).word == "unknown"
    assert situation_areas.area(situation.exercise, "kyiv", at(2), RULES).word == "on"


def ask(event_id: str, step: str, minutes: float, who: dict[str, str] = DUTY) -> Draft:
    return draft(event_id, NoticeAsked("N1", step, "shelter-shut", ("kyiv",), None), minutes, **who)


def decide(
    event_id: str, asked: str, minutes: float, who: dict[str, str] = SECOND, decision: str = "approve"
) -> Draft:
    return draft(event_id, NoticeDecided("N1", asked, decision), minutes, **who)


@pytest.mark.parametrize(
    ("drafts", "told", "public", "pending"),
    [
        ([ask("n-1", "send", 0)], "asked", None, "n-1"),
        ([ask("n-1", "send", 0), decide("d-1", "n-1", 1, DUTY)], "asked", None, "n-1"),
        ([ask("n-1", "send", 0), decide("d-1", "n-1", 1)], "public", "n-1", None),
        ([ask("n-1", "send", 0), decide("d-1", "n-1", 1, decision="reject")], "rejected", None, None),
        ([ask("n-1", "send", 0), decide("d-1", "n-1", 1), ask("n-2", "update", 2)], "public", "n-1", "n-2"),
        ([ask("n-1", "send", 0), decide("d-1", "n-1", 1), ask("n-2", "cancel", 2)], "public", "n-1", "n-2"),
        (
            [
                ask("n-1", "send", 0),
                decide("d-1", "n-1", 1),
                ask("n-2", "cancel", 2),
                decide("d-2", "n-2", 3),
            ],
            "cancelled",
            "n-2",
            None,
        ),
        ([decide("d-1", "n-9", 1), ask("n-1", "send", 2)], "asked", None, "n-1"),
        (
            [ask("n-1", "send", 0), replace(ask("c-1", "send", 1), payload=retract("n-1"))],
            "asked",
            None,
            "n-1",
        ),
    ],
)
def test_a_notice_is_public_only_after_a_second_persons_yes(
    drafts: list[Draft], told: str, public: str | None, pending: str | None
) -> None:
    (view,) = situation_record.notices(folded(*drafts).real, at(9))
    assert view.status == told
    assert (view.public and view.public.event_id, view.pending and view.pending.event_id) == (public, pending)


def test_incidents_statements_and_spans_stand_as_last_reported_and_are_kept_for_ever() -> None:
    year = 60 * 24 * 365
    real = folded(
        draft("m-1", SpanMarked("raid-1", "raid", "begin"), 0, **DUTY),
        draft("i-1", IncidentReported("I1", "fire", "reported", None, None), 1, **DUTY),
        draft("s-1", StatementMade("S1", "I1", "mayor", None, "killed", "", 1, None, ()), 2, **DUTY),
        draft("s-2", StatementMade("S2", "I1", "police", None, "killed", "", 1, 1, ()), 3, **DUTY),
        draft(
            "c-1",
            replaced("s-1", StatementMade("S1", "I1", "mayor", None, "hurt", "", 1, None, ())),
            4,
            **DUTY,
        ),
        draft("i-2", IncidentReported("I1", "fire", "searching", None, None), 5, **DUTY),
        draft("m-2", SpanMarked("raid-1", "raid", "end"), 6, **DUTY),
        draft("i-3", IncidentReported("I2", "fire", "closed", None, None), year, **DUTY),
    ).real
    incidents = situation_record.incidents(real, at(year))
    assert [(each.incident_id, each.report.status, each.first_at) for each in incidents] == [
        ("I1", "searching", at(1)),
        ("I2", "closed", at(year)),
    ]
    assert [each.report.status for each in situation_record.incidents(real, at(2))] == ["reported"]
    told = situation_record.statements(real, at(9))
    assert [(each.statement.said_by, each.statement.quantity) for each in told] == [
        ("mayor", "hurt"),
        ("police", "killed"),
    ]
    assert [(each.began_at, each.ended_at) for each in situation_record.spans(real, at(9))] == [
        (at(0), at(6))
    ]
    assert [(each.began_at, each.ended_at) for each in situation_record.spans(real, at(5))] == [(at(0), None)]


def test_a_question_about_the_past_is_answered_by_what_was_known_then_or_by_what_is_known_now() -> None:
    journal = chained(
        [
            draft("e-1", shelter("open"), 0),
            draft("e-2", shelter("shut"), 10),
            draft("c-1", replaced("e-2", effective_at=at(2)), 20),
        ]
    )
    known_then = fold(NOTHING, (event for event in journal if event.recorded_at <= at(5)), RULES)
    assert status(known_then, 5)[0] == "open"
    known_now = fold(NOTHING, as_held(journal, at(5), frozenset({"e-2"})), RULES)
    assert status(known_now, 5)[0] == "shut"


def test_the_rules_of_the_table_keep_history_longer_than_any_fact_is_known() -> None:
    rules = default_rules()
    assert rules.history_s >= rules.old_factor * max(rules.valid_s.values())
    assert rules.valid_s["feed"] == 120
