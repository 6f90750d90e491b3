"""From lists of alerts to events: what is new, what has ended, and what a silence means."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from takecover.analysis.alert_lists import Held, Listed, changes, remembered
from takecover.analysis.situation_alerts import AlertRow
from takecover.model.event_payloads import AlertIssued, AllClear
from takecover.model.feed import FeedSpec

NOW = datetime(2023, 5, 29, 23, 6, 11, tzinfo=UTC)
SPEC = FeedSpec("alerts_in_ua", "alerts-in-ua", "", 10, regions={"31": ("city",), "7": ("holosiiv", "podil")})
AIR = Listed("223055", "31", "air", began_at=NOW - timedelta(minutes=1), message="drones")


def test_a_new_alert_is_issued_for_the_areas_of_its_region() -> None:
    held, (draft,) = changes({}, [AIR], SPEC, NOW)
    assert isinstance(draft.payload, AlertIssued)
    assert (draft.payload.area_ids, draft.payload.threat, draft.payload.stage) == (("city",), "air", "enter")
    assert draft.payload.onset_at == AIR.began_at
    assert draft.effective_at == NOW
    assert (draft.source, draft.words) == ("feed:alerts-in-ua", {"message": "drones"})
    assert held["223055"].alert_id == draft.payload.alert_id


def test_an_alert_still_listed_says_nothing_new() -> None:
    held, _ = changes({}, [AIR], SPEC, NOW)
    assert changes(held, [AIR], SPEC, NOW) == (held, ())


def test_a_region_that_the_feed_does_not_name_is_passed_over() -> None:
    assert changes({}, [replace(AIR, region_id="12")], SPEC, NOW) == ({}, ())


def test_one_list_without_an_alert_ends_nothing_and_two_in_a_row_do() -> None:
    held, _ = changes({}, [AIR], SPEC, NOW)
    once, nothing = changes(held, [], SPEC, NOW)
    assert nothing == ()
    twice, (draft,) = changes(once, [], SPEC, NOW)
    assert twice == {}
    assert draft.payload == AllClear("Actual", (held["223055"].alert_id,), "air", ("city",))


def test_an_alert_that_is_back_after_one_empty_list_never_ended() -> None:
    held, _ = changes({}, [AIR], SPEC, NOW)
    once, _ = changes(held, [], SPEC, NOW)
    assert changes(once, [AIR], SPEC, NOW) == (held, ())


def test_an_alert_that_comes_back_after_its_end_is_another_alert() -> None:
    held, (first,) = changes({}, [AIR], SPEC, NOW)
    for _ in range(2):
        held, _ = changes(held, [], SPEC, NOW)
    _, (second,) = changes(held, [AIR], SPEC, NOW + timedelta(minutes=5))
    assert first.event_id != second.event_id


def test_a_changed_threat_takes_the_place_of_the_one_before() -> None:
    held, (first,) = changes({}, [AIR], SPEC, NOW)
    _, (second,) = changes(held, [replace(AIR, threat="ballistic")], SPEC, NOW + timedelta(seconds=9))
    assert isinstance(first.payload, AlertIssued)
    assert isinstance(second.payload, AlertIssued)
    assert second.payload.references == (first.payload.alert_id,)


def test_an_exercise_feed_gives_nothing_but_exercises() -> None:
    spec = replace(SPEC, is_exercise=True)
    held, (issued,) = changes({}, [AIR], spec, NOW)
    held, _ = changes(held, [], spec, NOW)
    _, (ended,) = changes(held, [], spec, NOW)
    assert issued.is_exercise
    assert ended.is_exercise
    assert issued.payload.status == ended.payload.status == "Exercise"


def test_what_was_in_force_before_a_restart_is_remembered_with_all_its_areas() -> None:
    listed = replace(AIR, region_id="7")
    held, (draft,) = changes({}, [listed], SPEC, NOW)
    assert isinstance(draft.payload, AlertIssued)
    rows = [
        AlertRow(SPEC.source, area, "air", draft.payload.alert_id, "enter", NOW, draft.event_id, None, None)
        for area in reversed(draft.payload.area_ids)
    ]
    others = [replace(rows[0], source="feed:other"), replace(rows[0], area_id="x", ended_at=NOW)]
    assert remembered([*rows, *others], SPEC) == held
    assert changes(remembered(rows, SPEC), [listed], SPEC, NOW) == (held, ())


@given(st.lists(st.sets(st.sampled_from("abc")), max_size=12))
def test_what_is_issued_less_what_is_ended_is_what_is_held(lists: list[set[str]]) -> None:
    held: dict[str, Held] = {}
    alive: set[str] = set()
    for number, keys in enumerate(lists):
        now = NOW + timedelta(seconds=number)
        held, drafts = changes(held, [Listed(key, "31", "air") for key in sorted(keys)], SPEC, now)
        for draft in drafts:
            if isinstance(draft.payload, AlertIssued):
                alive.add(draft.payload.alert_id)
            elif isinstance(draft.payload, AllClear):
                alive -= set(draft.payload.alert_ids)
        assert alive == {each.alert_id for each in held.values()}
        assert keys <= set(held)
