"""What the public may see: bands with ages; nothing of withheld shelters, counts, hints or people."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal import NIGHT, RULES, alert, all_clear, at, chained, draft
from takecover.analysis.public_state import PublicPlaces, places_of, public_areas, public_shelter
from takecover.analysis.situation import NOTHING, fold
from takecover.analysis.situation_view import shelter
from takecover.model.event import Draft
from takecover.model.event_payloads import (
    DoorReported,
    FeedHeard,
    PeopleCounted,
    ShelterHinted,
    ShelterReported,
)
from takecover.store.follower import Followed
from takecover.workflow.live.publishing import PublicState, Publisher
from toy_folder import toy

PLACES = places_of(toy(), 0.75)
FEED = "feed:sirens"


def _folded(drafts: list[Draft]) -> Followed:
    return Followed(
        fold(NOTHING, chained(sorted(drafts, key=lambda each: each.effective_at)), RULES), NIGHT, ""
    )


def _shown(
    *drafts: Draft, minutes: float = 0, shelter_id: str = "S001", places: PublicPlaces = PLACES
) -> Any:
    state = _folded(list(drafts)).situation.real
    found = public_shelter(shelter(state, shelter_id, at(minutes), RULES), places, at(minutes), False)
    return None if found is None else found.plain


def _published(drafts: list[Draft], minutes: float = 60) -> PublicState:
    publisher = Publisher("toy", PLACES, RULES, is_exercise=False)
    publisher.publish(_folded(drafts), at(minutes))
    return publisher.public


def _count(people: int, minutes: float = 0, source: str = "sensor:a") -> Draft:
    return draft(f"c{people}-{minutes}", PeopleCounted("S001", people), minutes, source)


def _door(entrance_id: str, status: str, minutes: float = 0) -> Draft:
    said = DoorReported("S001", entrance_id, status)
    return draft(f"{entrance_id}-{status}-{minutes}", said, minutes, "sensor:d")


def _word(status: str, minutes: float = 0, source: str = "warden:S001") -> Draft:
    return draft(f"w-{status}-{minutes}", ShelterReported("S001", status), minutes, source)


def test_a_withheld_shelter_is_no_public_place() -> None:
    assert PLACES.capacity == {"S001": 5}
    assert PLACES.entrance_ids == {"S001": frozenset({"S001-1", "S001-2"})}


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ([_word("open")], "open"),
        ([_count(3)], None),
        ([_count(4)], "filling"),
        ([_count(5)], "full"),
        ([_count(9)], "full"),
        ([_word("open"), _count(5, 1)], "full"),
        ([_count(5), _word("open", 1)], "open"),
        ([_count(5, 0, "warden:S001"), _word("open", 1, "sensor:a")], "full"),
        ([_word("shut"), _count(5, 1)], "shut"),
        ([_word("full"), _count(1, 1)], "full"),
        ([_door("S001-1", "shut")], None),
        ([_door("S001-1", "shut"), _door("S001-2", "shut", 1)], "shut"),
        ([_door("S001-1", "shut"), _door("S001-2", "open", 1)], None),
        ([_door("S001-1", "shut"), _door("S001-2", "shut", 1), _word("open", 2)], "open"),
        ([_word("open"), _door("S001-1", "shut", 1), _door("S001-2", "shut", 1)], "shut"),
    ],
)
def test_a_shelter_is_shown_by_the_worst_of_word_count_and_doors(
    said: list[Draft], status: str | None
) -> None:
    found = _shown(*said, minutes=2)
    assert (None if found is None else found["status"]) == status


def test_a_band_carries_its_age_and_the_kind_of_its_source_and_nobody() -> None:
    assert _shown(_word("open"), minutes=31) == {
        "shelter_id": "S001",
        "status": "open",
        "as_of": "2023-05-30T00:00:00.000Z",
        "valid_until": "2023-05-30T00:30:00.000Z",
        "freshness": "old",
        "source": "warden",
        "is_exercise": False,
    }


def test_a_word_that_nobody_confirms_turns_unknown_and_keeps_its_time() -> None:
    found = _shown(_word("open"), minutes=61)
    assert (found["status"], found["freshness"], found["as_of"]) == (
        "unknown",
        "unknown",
        "2023-05-30T00:00:00.000Z",
    )


def test_a_shelter_is_made_anew_when_its_age_turns() -> None:
    view = shelter(_folded([_word("open")]).situation.real, "S001", at(1), RULES)
    found = public_shelter(view, PLACES, at(1), False)
    assert found is not None
    assert found.turns_at == at(30)


def test_a_shelter_without_places_is_never_full_by_count() -> None:
    none = PublicPlaces((), {"S001": 0}, {"S001": frozenset()}, 0.75)
    assert _shown(_count(5), places=none) is None


def test_nobody_heard_is_unknown_and_silence_is_never_clear() -> None:
    found = public_areas(_folded([]).situation.real, PLACES, at(0), RULES, False).plain
    assert [(area["area_id"], area["word"]) for area in _list(found["areas"])] == [
        ("city", "unknown"),
        ("Z1", "unknown"),
        ("Z2", "unknown"),
    ]


def test_what_holds_for_the_city_holds_in_every_district_and_a_districts_own_only_there() -> None:
    heard = draft("h", FeedHeard("heard", at(0)), 0, FEED, "")
    whole = public_areas(
        _folded([heard, draft("a", alert(areas=("city",)), 0, FEED, "")]).situation.real,
        PLACES,
        at(1),
        RULES,
        False,
    ).plain
    assert {area["area_id"]: area["word"] for area in _list(whole["areas"])} == {
        "city": "on",
        "Z1": "on",
        "Z2": "on",
    }
    part = public_areas(
        _folded([heard, draft("a", alert(areas=("Z1",)), 0, FEED, "")]).situation.real,
        PLACES,
        at(1),
        RULES,
        False,
    ).plain
    assert {area["area_id"]: area["word"] for area in _list(part["areas"])} == {
        "city": "none",
        "Z1": "on",
        "Z2": "none",
    }


def test_an_all_clear_of_the_city_leaves_a_district_on_and_a_silent_feed_turns_unknown() -> None:
    said = [
        draft("a", alert(areas=("city",)), 0, FEED, ""),
        draft("b", alert("A2", areas=("Z1",)), 0, FEED, ""),
        draft("c", all_clear(areas=("city",)), 1, FEED, ""),
    ]
    state = _folded(said).situation.real
    early = public_areas(state, PLACES, at(1), RULES, False)
    assert [area["word"] for area in _list(early.plain["areas"])] == ["none", "on", "none"]
    assert early.turns_at == at(2)
    late = public_areas(state, PLACES, at(9), RULES, False).plain
    assert [area["word"] for area in _list(late["areas"])] == ["unknown"] * 3
    assert [each["freshness"] for each in _list(late["sources"])] == ["unknown"]


def test_two_feeds_that_disagree_are_shown_as_such() -> None:
    said = [
        draft("h", FeedHeard("heard", at(0)), 0, "feed:other", ""),
        draft("a", alert(areas=("Z1",)), 0, FEED, ""),
    ]
    found = public_areas(_folded(said).situation.real, PLACES, at(1), RULES, False).plain
    district = next(area for area in _list(found["areas"]) if area["area_id"] == "Z1")
    assert district["by_source"] == {"feed:other": "none", FEED: "on"}
    assert (district["word"], district["is_contradicted"]) == ("on", True)


def _list(plain: object) -> list[dict[str, Any]]:
    assert isinstance(plain, list)
    return plain


_ABOUT_S001 = st.builds(
    lambda n, status, minutes: draft(f"p{n}", ShelterReported("S001", status), minutes),
    st.integers(0, 99),
    st.sampled_from(("open", "filling", "full", "shut")),
    st.integers(0, 59),
)
_SECRET = st.builds(
    lambda n, payload, minutes, source: draft(f"s{n}", payload, minutes, *source),
    st.integers(0, 99),
    st.one_of(
        st.builds(lambda status: ShelterReported("S002", status), st.sampled_from(("open", "full", "shut"))),
        st.builds(lambda people: PeopleCounted("S002", people), st.integers(0, 99)),
        st.builds(lambda door: DoorReported("S002", door, "shut"), st.sampled_from(("S002-1", "S001-1"))),
    ),
    st.integers(0, 59),
    st.sampled_from((("warden:S002", "link:2"), ("officer:duty", "user:1"), ("sensor:s", ""))),
)
_HINT = st.builds(
    lambda n, shelter_id, minutes: draft(
        f"h{n}", ShelterHinted(shelter_id, "shut"), minutes, "resident:web", ""
    ),
    st.integers(0, 99),
    st.sampled_from(("S001", "S002")),
    st.integers(0, 59),
)


@given(
    st.lists(_ABOUT_S001, max_size=6, unique_by=lambda each: each.event_id),
    st.lists(st.one_of(_SECRET, _HINT), min_size=1, max_size=8, unique_by=lambda each: each.event_id),
    st.integers(60, 200),
)
def test_no_word_on_a_withheld_shelter_and_no_hint_changes_a_public_byte(
    public: list[Draft], secret: list[Draft], minutes: int
) -> None:
    assert _published(public + secret, minutes) == _published(public, minutes)


@given(st.lists(_ABOUT_S001, min_size=1, max_size=8, unique_by=lambda each: each.event_id))
def test_a_client_that_takes_every_change_has_the_whole_state(drafts: list[Draft]) -> None:
    publisher = Publisher("toy", PLACES, RULES, is_exercise=False)
    held: dict[str, Any] = {}
    for steps in range(len(drafts) + 1):
        before = publisher.public.version
        publisher.publish(_folded(drafts[:steps]), at(60 + steps))
        held = _merged(held, json.loads(publisher.changes(before) or publisher.public.body))
    assert held == _merged({}, json.loads(publisher.public.body))


def _merged(held: dict[str, Any], news: dict[str, Any]) -> dict[str, Any]:
    found = {**held, "journal": news["journal"] or held["journal"]}
    for group, name in (("areas", "area_id"), ("shelters", "shelter_id"), ("sources", "source")):
        found[group] = {**held.get(group, {}), **{each[name]: each for each in news[group]}}
    return found


def test_the_same_situation_makes_no_new_version_until_an_age_turns() -> None:
    publisher = Publisher("toy", PLACES, RULES, is_exercise=False)
    known = _folded([_word("open")])
    assert publisher.publish(known, at(1))
    first = publisher.public
    assert not publisher.publish(known, at(29))
    assert publisher.public is first
    assert publisher.publish(known, at(30) + timedelta(milliseconds=1))
    assert publisher.public.version > first.version
    assert b'"old"' in publisher.public.body


def test_a_journal_that_is_not_reached_is_told_with_its_age() -> None:
    publisher = Publisher("toy", PLACES, RULES, is_exercise=False)
    known = _folded([])
    publisher.publish(known, at(0))
    publisher.publish(Followed(known.situation, at(0), "gone: secret reason"), at(1))
    told = json.loads(publisher.public.body)["journal"]
    assert told == {"is_reached": False, "last_reached_at": "2023-05-30T00:00:00.000Z", "is_exercise": False}


def test_a_version_that_was_never_made_has_no_changes() -> None:
    publisher = Publisher("toy", PLACES, RULES, is_exercise=False)
    publisher.publish(_folded([]), at(0))
    assert publisher.changes(publisher.public.version + 1) is None
    assert publisher.changes(0) is None
