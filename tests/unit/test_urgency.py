"""Which shelter the office looks at first, and what it counts."""

from __future__ import annotations

from datetime import datetime

import pytest

from journal import RULES, at, chained, draft, shelter
from takecover.analysis.public_state import places_of
from takecover.analysis.situation import NOTHING, State, fold
from takecover.analysis.urgency import by_urgency, counted
from takecover.model.event import Draft
from takecover.model.event_payloads import PeopleCounted, ShelterHinted
from toy_folder import toy

ALL = places_of(toy(), 0.75, with_withheld=True)
PUBLIC = places_of(toy(), 0.75)
WITHHELD = next(iter(set(ALL.capacity) - set(PUBLIC.capacity)))
OPEN_ID = next(iter(PUBLIC.capacity))


def state(*drafts: Draft) -> State:
    return fold(NOTHING, chained(drafts), RULES).state(False)


def urgency(found: State, when: datetime) -> dict[str, str]:
    return {each.shelter_id: each.urgency for each in by_urgency(found, ALL, when, RULES)}


@pytest.mark.parametrize(
    ("status", "minutes", "expected"),
    [
        ("shut", 1, "shut"),
        ("full", 1, "full"),
        ("filling", 1, "filling"),
        ("open", 1, "open"),
        ("open", 45, "silent"),
        ("open", 300, "silent"),
        ("shut", 45, "shut"),
        ("shut", 300, "silent"),
    ],
)
def test_a_shelter_is_as_urgent_as_its_last_word_and_the_age_of_it(
    status: str, minutes: float, expected: str
) -> None:
    found = state(draft("e1", shelter(status, OPEN_ID)))
    assert urgency(found, at(minutes)) == {OPEN_ID: expected}


def test_what_residents_say_against_its_own_people_makes_a_shelter_urgent_until_its_people_answer() -> None:
    opened = draft("e1", shelter("open", OPEN_ID))
    hint = draft("e2", ShelterHinted(OPEN_ID, "shut"), 2, "resident:web", "")
    answer = draft("e3", shelter("open", OPEN_ID), 3)
    assert urgency(state(opened, hint), at(4)) == {OPEN_ID: "hinted"}
    assert urgency(state(opened, hint, answer), at(4)) == {OPEN_ID: "open"}


def test_a_shelter_that_only_residents_spoke_of_is_hinted_and_still_unknown() -> None:
    found = state(draft("e1", ShelterHinted(OPEN_ID, "full"), 0, "resident:web", ""))
    (only,) = by_urgency(found, ALL, at(1), RULES)
    assert (only.urgency, only.status, only.said) == ("hinted", "unknown", None)


def test_the_shut_shelter_comes_before_the_full_one_and_a_withheld_one_is_there_for_the_office_alone() -> (
    None
):
    found = state(draft("e1", shelter("full", OPEN_ID)), draft("e2", shelter("shut", WITHHELD)))
    assert [each.shelter_id for each in by_urgency(found, ALL, at(1), RULES)] == [WITHHELD, OPEN_ID]
    assert [each.shelter_id for each in by_urgency(found, PUBLIC, at(1), RULES)] == [OPEN_ID]


def test_counts_are_of_the_whole_city_and_what_nobody_spoke_of_is_unknown() -> None:
    found = state(draft("e1", PeopleCounted(OPEN_ID, ALL.capacity[OPEN_ID])))
    shelters = by_urgency(found, ALL, at(1), RULES)
    counts = counted(shelters, ALL)
    assert counts == {"shut": 0, "full": 1, "filling": 0, "open": 0, "unknown": len(ALL.capacity) - 1}
    assert sum(counts.values()) == len(ALL.capacity)
