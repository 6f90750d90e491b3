"""Alarms by hand as messages: what goes out at each step, under which name, and that none of it ever changes."""

from __future__ import annotations

import pytest

from journal import RULES, at, chained, draft
from takecover.analysis.alarms import alarms, kept_alarms, told_at
from takecover.analysis.announcements import Announcement
from takecover.analysis.cap_drafts import threat_of
from takecover.analysis.situation import NOTHING, fold
from takecover.analysis.situation_topics import ALERTS
from takecover.model.alert import RESPONSE_TYPES, Info
from takecover.model.event import Draft
from takecover.model.event_payloads import STAGES, AlertIssued, AllClear, Correction
from takecover.model.notice import LANGUAGES
from takecover.workflow.live.acting import THREATS
from takecover.workflow.live.wordings import alarm_templates

OFFICER = "officer:web"


def alarm(name: str, minutes: float, areas: tuple[str, ...] = ("Z1", "Z2"), source: str = OFFICER) -> Draft:
    said = AlertIssued(name, "Actual", "drone", "enter", areas, (), None, None)
    return draft(f"act/olha/{name}", said, minutes, source, "olha" if source == OFFICER else "")


def clear(name: str, minutes: float, areas: tuple[str, ...] = ("Z1", "Z2"), of: str = "A") -> Draft:
    said = AllClear("Actual", (of,), "drone", areas)
    return draft(f"act/olha/{name}", said, minutes, OFFICER, "olha")


def take_back(name: str, what: str, minutes: float) -> Draft:
    return draft(f"act/olha/{name}", Correction(what, "retract", None, None), minutes, OFFICER, "olha")


def sent(*drafts: Draft) -> tuple[Announcement, ...]:
    return alarms(fold(NOTHING, chained(drafts), RULES).real.trails.get(ALERTS, ()))


def plain(found: tuple[Announcement, ...]) -> list[tuple[str, tuple[str, ...], str, int]]:
    return [
        (e.msg_type, e.area_ids, e.template_id.removeprefix("alarm.drone."), len(e.earlier)) for e in found
    ]


ALERT = ("Alert", ("Z1", "Z2"), "enter", 0)


@pytest.mark.parametrize(
    ("drafts", "expected"),
    [
        ((alarm("A", 1),), [ALERT]),
        ((alarm("A", 1), clear("c", 2)), [ALERT, ("Cancel", ("Z1", "Z2"), "over", 1)]),
        (
            (alarm("A", 1), clear("c", 2, ("Z2",)), clear("d", 3, ("Z1",))),
            [ALERT, ("Update", ("Z1",), "enter", 1), ("Cancel", ("Z1",), "over", 2)],
        ),
        ((alarm("A", 1), clear("c", 2), clear("d", 3)), [ALERT, ("Cancel", ("Z1", "Z2"), "over", 1)]),
        ((alarm("A", 1), clear("c", 2, of="B")), [ALERT]),
        (
            (alarm("A", 1), clear("c", 2), take_back("t", "act/olha/c", 3)),
            [ALERT, ("Cancel", ("Z1", "Z2"), "over", 1), ALERT],
        ),
        ((alarm("F", 1, source="feed:sirens"), clear("c", 2, of="F")), []),
        ((alarm("F", 1, source="feed:sirens"),), []),
        (
            (alarm("F", 0, ("city",), "feed:sirens"), alarm("A", 1), clear("c", 2)),
            [ALERT, ("Cancel", ("Z1", "Z2"), "over_here", 1)],
        ),
        (
            (alarm("F", 0, ("Z3",), "feed:sirens"), alarm("A", 1), clear("c", 2)),
            [ALERT, ("Cancel", ("Z1", "Z2"), "over", 1)],
        ),
        (
            (alarm("A", 1), alarm("B", 2, ("Z2",)), clear("c", 3), clear("d", 4, ("Z2",), "B")),
            [
                ALERT,
                ("Alert", ("Z2",), "enter", 0),
                ("Cancel", ("Z1", "Z2"), "over_here", 1),
                ("Cancel", ("Z2",), "over", 1),
            ],
        ),
    ],
)
def test_each_step_of_an_alarm_goes_out_and_an_all_clear_minds_every_other_alert(
    drafts: tuple[Draft, ...], expected: list[tuple[str, tuple[str, ...], str, int]]
) -> None:
    assert plain(sent(*drafts)) == expected


def test_what_went_out_never_changes_whatever_is_recorded_later() -> None:
    drafts = (
        alarm("A", 1),
        clear("c", 2, ("Z2",)),
        alarm("F", 3, ("Z1",), "feed:sirens"),
        clear("d", 4, ("Z1",)),
        take_back("t", "act/olha/d", 5),
        clear("e", 6, ("F",), "F"),
        clear("f", 7, ("Z1",)),
    )
    whole = sent(*drafts)
    for count in range(len(drafts)):
        before = sent(*drafts[:count])
        assert whole[: len(before)] == before
    assert [each.msg_type for each in whole] == ["Alert", "Update", "Cancel", "Alert", "Cancel"]


def test_no_name_that_goes_out_tells_who_acted() -> None:
    found = sent(alarm("A", 1), clear("c", 2))
    assert "olha" not in repr(found)
    assert len({each.message_id for each in found}) == 2
    assert len({each.notice_id for each in found}) == 1


def test_an_alarm_is_kept_while_it_is_on_and_for_a_while_after_its_end() -> None:
    on = sent(alarm("A", 1))
    assert kept_alarms(on, at(60 * 24 * 9), 60.0) == on
    over = sent(alarm("A", 1), clear("c", 2))
    assert kept_alarms(over, at(3), 60.0) == over
    assert kept_alarms(over, at(4), 60.0) == ()
    assert kept_alarms(over, at(1.5), 60.0) == over[:1]


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        (("Z1",), ("Update", ("Z1",), "enter")),
        (("Z1", "Z2"), ("Update", ("Z1",), "enter")),
        (("city",), ("Update", ("Z1",), "enter")),
        (("Z2",), ("Cancel", ("Z2",), "over")),
    ],
)
def test_a_phone_all_of_whose_districts_are_out_of_it_hears_the_all_clear(
    places: tuple[str, ...], expected: tuple[str, tuple[str, ...], str]
) -> None:
    *_, update = sent(alarm("A", 1), clear("c", 2, ("Z2",)))
    found = told_at(update, places)
    assert (found.msg_type, found.area_ids, found.template_id.rpartition(".")[2]) == expected


def test_there_are_words_for_every_alarm_that_can_be_given_and_readers_know_the_threat() -> None:
    stages = (*STAGES, "over", "over_here")
    assert set(alarm_templates()) == {f"alarm.{threat}.{stage}" for threat in THREATS for stage in stages}
    for name, template in alarm_templates().items():
        threat, stage = name.split(".")[1:]
        for language in LANGUAGES:
            words = template.wordings[language]
            assert "{" not in words.event + words.headline + words.description + words.instruction
            assert threat_of(Info(event=words.event)) == threat
        assert template.response_type in RESPONSE_TYPES
        assert (template.response_type == "AllClear") is (stage == "over")
