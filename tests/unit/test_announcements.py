"""Messages to the public: in which order they went out, what they take the place of, and how an exercise says so."""

from __future__ import annotations

import pytest

from journal import NIGHT, RULES, at, chained, draft
from takecover.analysis import announcements
from takecover.analysis.announcements import Announcement, public_notices
from takecover.analysis.situation import NOTHING, State, fold
from takecover.errors import InternalError
from takecover.model.event import Draft
from takecover.model.event_payloads import NoticeAsked, NoticeDecided
from takecover.model.notice import LANGUAGES
from takecover.workflow.live.wordings import read_templates, templates


def ask(event_id: str, step: str, minutes: float, template_id: str = "go_to_shelter") -> Draft:
    said = NoticeAsked(
        "N1", step, "" if step == "cancel" else template_id, () if step == "cancel" else ("Z1",), at(60)
    )
    return draft(event_id, said, minutes, "officer:web", "olha")


def agree(asked_id: str, minutes: float, decision: str = "approve", actor_id: str = "ivan") -> Draft:
    said = NoticeDecided("N1", asked_id, decision)
    return draft(f"d-{asked_id}-{minutes}", said, minutes, "officer:web", actor_id)


def state(*drafts: Draft) -> State:
    return fold(NOTHING, chained(sorted(drafts, key=lambda each: each.effective_at)), RULES).real


def told(*drafts: Draft, minutes: float = 30) -> list[tuple[str, str, tuple[str, ...]]]:
    found = announcements.announcements(state(*drafts), at(minutes))
    return [(each.message_id, each.msg_type, tuple(e.message_id for e in each.earlier)) for each in found]


SENT = (ask("n1", "send", 1), agree("n1", 2))


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ((), []),
        ((ask("n2", "update", 3),), []),
        ((ask("n2", "update", 3), agree("n2", 4)), [("n2", "Update", ("n1",))]),
        ((ask("n2", "update", 3), agree("n2", 4, "reject")), []),
        ((ask("n2", "update", 3), agree("n2", 4, actor_id="olha")), []),
        (
            (ask("n2", "update", 3), agree("n2", 4), ask("n3", "cancel", 5), agree("n3", 6)),
            [("n2", "Update", ("n1",)), ("n3", "Cancel", ("n1", "n2"))],
        ),
        (
            (ask("n2", "update", 3), ask("n3", "update", 4), agree("n3", 5), agree("n2", 6)),
            [("n3", "Update", ("n1",))],
        ),
        (
            (ask("n2", "cancel", 3), agree("n2", 4), ask("n3", "cancel", 5), agree("n3", 6)),
            [("n2", "Cancel", ("n1",))],
        ),
    ],
)
def test_each_message_goes_out_once_approved_and_names_all_that_it_replaces(
    more: tuple[Draft, ...], expected: list[tuple[str, str, tuple[str, ...]]]
) -> None:
    assert told(*SENT, *more) == [("n1", "Alert", ()), *expected]


def test_a_cancellation_of_what_never_was_public_is_silent_and_an_update_of_it_is_a_first_alert() -> None:
    assert told(ask("n1", "send", 1), ask("n2", "cancel", 2), agree("n2", 3)) == []
    assert told(ask("n1", "send", 1), ask("n2", "update", 2), agree("n2", 3)) == [("n2", "Alert", ())]
    assert told(*SENT, minutes=1.5) == []


def test_a_notice_ends_at_its_expiry_is_shown_as_ended_for_a_while_and_then_goes() -> None:
    known = state(*SENT)
    statuses = [
        [
            (each.plain["status"], each.turns_at)
            for each in public_notices(known, at(m), templates(), 600, False)
        ]
        for m in (1, 30, 65, 71)
    ]
    assert statuses == [[], [("public", at(60))], [("expired", at(70))], []]


def test_a_cancellation_stays_until_no_message_that_it_ended_could_be_taken_as_good() -> None:
    known = state(*SENT, ask("n2", "cancel", 3), agree("n2", 4))
    (shown,) = public_notices(known, at(5), templates(), 600, False)
    assert (shown.plain["status"], shown.plain["msg_type"], shown.turns_at) == ("cancelled", "Cancel", at(70))
    assert shown.plain["template_id"] == "go_to_shelter"
    for minutes in (15, 69):
        (shown,) = public_notices(known, at(minutes), templates(), 600, False)
        assert shown.plain["status"] == "cancelled"
    assert public_notices(known, at(71), templates(), 600, False) == ()


def test_a_wording_that_this_program_does_not_have_is_left_out() -> None:
    known = state(ask("n1", "send", 1, "long_gone"), agree("n1", 2))
    assert public_notices(known, at(5), templates(), 600, False) == ()


def test_an_exercise_says_so_in_every_line_of_every_language() -> None:
    for template in templates().values():
        for language in LANGUAGES:
            said = announcements.wording(template, language, is_exercise=True)
            for part in (said.event, said.headline, said.description, said.instruction):
                assert part.startswith({"uk": "НАВЧАННЯ. ", "en": "EXERCISE. "}[language])
            real = announcements.wording(template, language, is_exercise=False)
            assert said.headline.removeprefix(f"{announcements.EXERCISE[language]}. ") == real.headline


def test_headlines_are_short_enough_to_read_at_a_glance_and_every_part_is_said() -> None:
    for template in templates().values():
        for said in template.wordings.values():
            assert 0 < len(said.headline) <= 70
            assert all((said.event, said.description, said.instruction))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[a]\ncategory = "Security"', "not the words and languages"),
        (
            '[a]\ncategory = "War"\nresponse_type = "Shelter"\nurgency = "Immediate"\nseverity = "Extreme"\n'
            'certainty = "Observed"\nuk = {}\nen = {}',
            "category 'War' is none of",
        ),
        (
            '[a]\ncategory = "Security"\nresponse_type = "Shelter"\nurgency = "Immediate"\nseverity = "Extreme"\n'
            'certainty = "Observed"\nuk = {}\nen = {}',
            "missing 4 required",
        ),
    ],
)
def test_a_wording_that_is_not_whole_is_our_fault(text: str, fault: str) -> None:
    with pytest.raises(InternalError, match=fault):
        read_templates(text)


def test_a_message_without_an_expiry_ends_when_it_is_sent() -> None:
    said = Announcement("m", "n", "Alert", "t", ("city",), NIGHT, None)
    assert (said.status(at(999)), said.ends_at) == ("public", NIGHT)
