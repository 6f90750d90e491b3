"""The fold and what a fact is worth: ages, authority, corrections, alerts that end only when named, two worlds."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from journal import RULES, alert, all_clear, at, chained, draft, replaced, retract, shelter
from takecover.analysis import situation_areas, situation_record, situation_view
from takecover.analysis.situation import NOTHING, Situation, as_held, default_rules, fold
from takecover.model.event import Draft
from takecover.model.event_payloads import (
    DoorReported,
    FeedHeard,
    IncidentReported,
    NoticeAsked,
    NoticeDecided,
    PeopleCounted,
    ShelterHinted,
    SpanMarked,
    StatementMade,
)

DUTY = {"source": "officer:duty", "actor_id": "user:1"}
SECOND = {"source": "officer:duty", "actor_id": "user:2"}
FEED = {"source": "feed:a", "actor_id": ""}
SENSOR = {"source": "sensor:a", "actor_id": ""}


def folded(*drafts: Draft, recorded: list[datetime] | None = None) -> Situation:
    return fold(NOTHING, chained(drafts, recorded), RULES)


def status(situation: Situation, minutes: float) -> tuple[str, str]:
    """Shown status of shelter S1 and its freshness."""
    view = situation_view.shelter(situation.real, "S1", at(minutes), RULES)
    return view.shown_status, view.status.freshness if view.status else ""


def word(situation: Situation, minutes: float, area_id: str = "kyiv", **heard: float) -> str:
    """What is known of alerts in an area."""
    when = {f"feed:{name}": at(time) for name, time in heard.items()}
    return situation_areas.area(situation.real, area_id, at(minutes), RULES, when).word


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


def test_an_alert_is_on_while_its_source_is_heard_and_silence_is_unknown() -> None:
    situation = folded(draft("e-1", alert(), 0, **FEED))
    assert [word(situation, 1), word(situation, 3), word(situation, 4), word(situation, 600)] == [
        "on",
        "on",
        "unknown",
        "unknown",
    ]
    assert word(situation, 600, a=599) == "on"
    assert word(folded(draft("f-1", FeedHeard("heard", at(0)), 0, **FEED)), 1) == "none"
    assert word(folded(draft("f-1", FeedHeard("heard", at(0)), 0, **FEED)), 9) == "unknown"


@pytest.mark.parametrize(
    ("end", "kyiv", "lviv"),
    [
        (all_clear(), "none", "on"),
        (all_clear(areas=("lviv",)), "on", "none"),
        (all_clear(areas=("kyiv", "lviv")), "none", "none"),
        (all_clear(threat="ballistic"), "on", "on"),
        (all_clear(areas=("odesa",)), "on", "on"),
        (all_clear(areas=(), threat="", alert_ids=("A1",)), "none", "none"),
        (all_clear(areas=("kyiv",), alert_ids=("A1",)), "none", "on"),
        (all_clear(areas=(), alert_ids=("A2",)), "on", "on"),
        (replace(all_clear(), status="Test"), "on", "on"),
    ],
)
def test_an_all_clear_ends_only_what_it_names(end: object, kyiv: str, lviv: str) -> None:
    situation = folded(
        draft("e-1", alert(areas=("kyiv", "lviv")), 0, **FEED),
        draft("e-2", end, 1, **FEED),  # type: ignore[arg-type]
    )
    assert (word(situation, 2), word(situation, 2, "lviv")) == (kyiv, lviv)


def test_an_alert_goes_from_prepare_to_enter_to_stay_until_people_may_leave() -> None:
    stages = ("prepare", "enter", "stay")
    drafts = [
        draft(f"e-{n}", alert(f"A{n}", stage=stage, references=(f"A{n - 1}",) if n else ()), n, **FEED)
        for n, stage in enumerate(stages)
    ]
    for n, stage in enumerate(stages):
        facts = situation_areas.alerts(folded(*drafts[: n + 1]).real, at(n), RULES)
        assert [fact.row.stage for fact in facts if fact.is_on] == [stage]
    over = folded(*drafts, draft("e-3", all_clear((), "", ("A2",)), 3, **FEED))
    assert not any(fact.is_on for fact in situation_areas.alerts(over.real, at(3), RULES))
    assert word(over, 3) == "none"


def test_how_long_a_word_is_good_is_a_parameter_of_its_kind_of_source() -> None:
    situation = folded(draft("e-1", shelter("shut")), draft("e-2", PeopleCounted("S1", 5), 0, **SENSOR))
    longer = replace(RULES, valid_s={**RULES.valid_s, "warden": 6000})
    view = situation_view.shelter(situation.real, "S1", at(50), longer)
    assert view.status is not None
    assert view.people is not None
    assert (view.status.freshness, view.people.freshness) == ("fresh", "unknown")
    assert status(situation, 50) == ("shut", "old")


def test_one_of_two_alerts_ends_and_the_other_goes_on() -> None:
    drafts = [
        draft("e-1", alert("A1"), 0, **FEED),
        draft("e-2", alert("A2"), 0.5, **FEED),
        draft("e-3", all_clear(areas=(), alert_ids=("A1",)), 1, **FEED),
        draft("e-4", all_clear(areas=(), alert_ids=("A2",)), 1.5, **FEED),
    ]
    assert [word(folded(*drafts[:n]), 2) for n in (1, 2, 3, 4)] == ["on", "on", "on", "none"]


def test_one_feed_never_ends_the_alert_of_another_but_an_officer_does() -> None:
    on = draft("e-1", alert(), 0, **FEED)
    other = draft("e-2", all_clear(), 1, source="feed:b", actor_id="")
    assert word(folded(on, other), 2) == "on"
    assert word(folded(on, draft("e-2", all_clear(), 1, **DUTY)), 2) == "none"
    assert word(folded(draft("e-1", alert(), 0, **DUTY), draft("e-2", all_clear(), 1, **FEED)), 2) == "on"


def test_two_sources_that_disagree_stand_side_by_side_with_their_ages() -> None:
    situation = folded(
        draft("e-1", alert(), 0, **FEED),
        draft("f-1", FeedHeard("heard", at(1)), 1, source="feed:b", actor_id=""),
    )
    view = situation_areas.area(situation.real, "kyiv", at(2), RULES)
    assert (view.word, view.is_contradicted) == ("on", True)
    assert [(each.source, each.word, each.heard_at) for each in view.sources] == [
        ("feed:a", "on", at(0)),
        ("feed:b", "none", at(1)),
    ]
    # The one that had it on falls silent: the other's none is not enough while that alert is left open.
    later = situation_areas.area(situation.real, "kyiv", at(9), RULES, {"feed:b": at(9)})
    assert (later.word, [each.word for each in later.sources]) == ("unknown", ["unknown", "none"])


def test_an_expired_alert_is_never_on_and_turns_unknown_before_it_is_none() -> None:
    situation = folded(draft("e-1", alert(expires_at=at(30)), 0, **FEED))
    told = [word(situation, minutes, a=minutes) for minutes in (30, 30.5, 31.9, 32.1)]
    assert told == ["on", "unknown", "unknown", "none"]
    facts = situation_areas.alerts(situation.real, at(31), RULES, {"feed:a": at(31)})
    assert [(fact.is_on, fact.freshness) for fact in facts] == [(False, "old")]


def test_an_update_takes_the_place_of_what_it_references_wholly() -> None:
    situation = folded(
        draft("e-1", alert("A1", ("kyiv", "lviv")), 0, **FEED),
        draft("e-2", alert("A2", ("kyiv",), stage="stay", references=("A1",)), 1, **FEED),
    )
    assert (word(situation, 2), word(situation, 2, "lviv")) == ("on", "none")
    facts = situation_areas.alerts(situation.real, at(2), RULES)
    assert [(fact.row.alert_id, fact.row.area_id, fact.row.stage, fact.row.ended_by) for fact in facts] == [
        ("A1", "kyiv", "enter", "e-2"),
        ("A1", "lviv", "enter", "e-2"),
        ("A2", "kyiv", "stay", ""),
    ]


@pytest.mark.parametrize("cap_status", ["System", "Test", "Draft"])
def test_a_test_message_is_recorded_and_never_shown_as_an_alert(cap_status: str) -> None:
    assert word(folded(draft("e-1", alert(status=cap_status), 0, **FEED)), 1, a=1) == "none"


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
