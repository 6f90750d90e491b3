"""Alerts in the fold: on while their source is heard, ended only where they are named, never a test shown as one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from journal import DUTY, FEED, RULES, alert, all_clear, at, draft, folded, word
from takecover.analysis import situation_areas
from takecover.model.event_payloads import FeedHeard


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
