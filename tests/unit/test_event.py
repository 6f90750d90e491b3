"""An event: its bytes and hash, the rules that it keeps, and hostile lines that are refused with a reason."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal import JOURNAL_ID, NIGHT, alert, all_clear, at, chained, draft, replaced, retract, shelter
from takecover.errors import InputError
from takecover.model import event as events
from takecover.model import event_fields, event_payloads, event_rules
from takecover.model.event import Draft
from takecover.model.event_payloads import (
    PAYLOADS,
    AllClear,
    FeedHeard,
    IncidentReported,
    PeopleCounted,
    ShelterHinted,
    StatementMade,
)

STATEMENT = StatementMade("s1", "i1", "mayor", None, "killed", "", 1, None, ())


def body_of(each: Draft) -> bytes:
    return events.body(each, 1, NIGHT, {}, events.genesis(JOURNAL_ID))


def test_an_events_bytes_are_one_line_of_sorted_json_that_a_person_can_read() -> None:
    each = draft("e-1", PeopleCounted("IL-0042", 120), 5)
    assert body_of(each).decode() == (
        '{"actor_id":"link:1","effective_at":"2023-05-30T00:05:00.000Z","event_id":"e-1","is_exercise":false,'
        '"kind":"count","payload":{"people":120,"shelter_id":"IL-0042"},'
        f'"previous_hash":"{events.genesis(JOURNAL_ID)}","recorded_at":"2023-05-30T00:00:00.000Z","sealed":{{}},'
        '"seq":1,"source":"warden:A","version":1}'
    )


def test_the_hash_is_the_sha256_of_the_bytes_and_the_next_event_is_chained_to_it() -> None:
    first, second = chained([draft("e-1", shelter("open")), draft("e-2", shelter("shut"), 1)])
    assert first.hash == hashlib.sha256(body_of(draft("e-1", shelter("open")))).hexdigest()
    assert second.previous_hash == first.hash
    assert first.previous_hash == hashlib.sha256(b"takecover-journal/1:test-journal").hexdigest()


def test_two_journals_begin_with_different_hashes() -> None:
    assert events.genesis("a") != events.genesis("b")


@pytest.mark.parametrize(
    "change",
    [
        {"event_id": "e-2"},
        {"effective_at": at(1)},
        {"source": "officer:duty"},
        {"actor_id": "link:2"},
        {"is_exercise": True},
        {"payload": shelter("full")},
        {"payload": shelter("open", "S2")},
    ],
)
def test_any_change_of_what_was_said_changes_the_hash(change: dict[str, object]) -> None:
    each = draft("e-1", shelter("open"))
    assert events.digest(body_of(each)) != events.digest(body_of(replace(each, **change)))


def test_the_seal_of_the_same_words_differs_by_salt_and_tells_nothing_without_it() -> None:
    one, other = events.seal(bytes(32), "Oksana"), events.seal(b"\1" * 32, "Oksana")
    assert one != other
    assert one != hashlib.sha256(b"Oksana").hexdigest()


@given(st.sampled_from(sorted(PAYLOADS)))
def test_every_kind_of_payload_says_its_kind_and_has_a_form_for_every_field(kind: str) -> None:
    found = PAYLOADS[kind]
    assert found.kind == kind
    assert found.version >= 1
    names = [name for name, _ in event_fields.forms(found)]
    assert names == [each.name for each in dataclasses.fields(found)]
    assert kind in event_rules.WHO_MAY


def test_a_payload_comes_back_from_its_json_as_it_was() -> None:
    for payload in (
        alert(expires_at=at(90), references=("A0",)),
        all_clear(),
        FeedHeard("heard", at(1)),
        STATEMENT,
        IncidentReported("i1", "fire", "searching", 305_000_000, 503_900_000),
        replaced("e-1", shelter("shut"), at(2)),
        retract("e-1"),
    ):
        faults: list[str] = []
        plain = json.loads(json.dumps(event_payloads.write(payload)))
        assert event_payloads.read(payload.kind, payload.version, plain, faults) == payload
        assert faults == []


def test_a_time_is_written_in_utc_to_the_millisecond_cut_off() -> None:
    kyiv = timezone(timedelta(hours=3))
    assert (
        event_fields.write_moment(datetime(2023, 5, 30, 3, 0, 0, 999_999, kyiv)) == "2023-05-30T00:00:00.999Z"
    )


@given(st.datetimes(min_value=datetime(1970, 1, 1), timezones=st.just(UTC)))
def test_a_written_time_reads_back_as_itself_to_the_millisecond(when: datetime) -> None:
    told = event_fields.write_moment(when)
    assert event_fields.read_moment(told) == when.replace(microsecond=when.microsecond // 1000 * 1000)
    assert len(told) == 24


@pytest.mark.parametrize(
    "text",
    [
        "2023-05-30T00:00:00Z",
        "2023-05-30T03:00:00.000+03",
        "2023-02-30T00:00:00.000Z",
        "2023-05-30 00:00:00.000Z",
        7,
    ],
)
def test_a_time_has_one_spelling_only(text: object) -> None:
    with pytest.raises(ValueError, match="is no time such as"):
        event_fields.read_moment(text)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"event_id": ""}, "event_id: '' is no id"),
        ({"event_id": "a b"}, "event_id: 'a b' is no id"),
        ({"event_id": "x" * 201}, "event_id"),
        ({"source": "warden"}, "source: 'warden' is no source"),
        ({"source": "pigeon:1"}, "source: 'pigeon:1' is no source"),
        ({"actor_id": "Іван Петренко"}, "actor_id: 'Іван Петренко' is no id"),
        ({"actor_id": ""}, "actor_id: is empty, and a warden is a person"),
        ({"effective_at": datetime(2023, 5, 30)}, "is no time with a zone"),
        ({"is_exercise": 1}, "is_exercise: 1 is neither true nor false"),
        ({"payload": shelter("ajar")}, "payload.status: 'ajar' is none of: open, filling, full, shut"),
        ({"payload": shelter("open", " S1")}, "payload.shelter_id: ' S1' is no id"),
        ({"payload": PeopleCounted("S1", -1)}, "payload.people: -1 is no whole number from 0"),
        ({"payload": PeopleCounted("S1", True)}, "payload.people: True is no whole number"),
        ({"payload": alert()}, "source: a warden cannot say 'alert'. Allowed are: feed, officer"),
        ({"source": "resident:web", "actor_id": ""}, "source: a resident cannot say 'shelter'"),
        ({"words": {"Name": "x"}}, "words: 'Name' is no field name"),
        ({"words": {"name": ""}}, "words.name: is no text of 1 to 1,000,000 characters"),
        ({"words": {"name": "a\0b"}}, "words.name: holds a NUL"),
        ({"words": {f"w{i}": "x" for i in range(21)}}, "words: 21 fields"),
    ],
)
def test_a_draft_that_breaks_a_rule_is_refused_with_the_field(
    change: dict[str, object], message: str
) -> None:
    with pytest.raises(InputError) as caught:
        event_rules.check(replace(draft("e-1", shelter("open")), **change))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (all_clear(areas=()), "Name what ends; nothing ends by itself"),
        (all_clear(threat=""), "payload.threat: is empty, and no alert is named"),
        (alert(areas=()), "payload.area_ids: is no list of 1 to 2000 ids"),
        (alert(areas=("a", "a")), "names an id twice"),
        (alert(threat="Drone"), "payload.threat: 'Drone' is no lower-case word"),
        (alert(status="Exercise"), "is_exercise: is false, and the message's status is Exercise"),
        (replace(STATEMENT, low=None), "Give one bound at least"),
        (replace(STATEMENT, low=3, high=2), "3 is more than high, 2"),
        (IncidentReported("i1", "fire", "reported", 1, None), "longitude and latitude go together"),
        (replaced("e-0"), "payload.replacement: is nothing, and so is effective_at"),
        (replace(retract("e-0"), effective_at=NIGHT), "is given in a retraction"),
        (replaced("e-0", retract("e-1")), "is of the kind correction, which is not replaced"),
        (replaced("e-0", all_clear(areas=())), "nothing ends by itself"),
    ],
)
def test_a_payload_that_makes_no_sense_is_refused(payload: event_payloads.Payload, message: str) -> None:
    with pytest.raises(InputError) as caught:
        event_rules.check(draft("e-1", payload, source="officer:duty", actor_id="user:1"))
    assert message in str(caught.value)


def test_an_actual_alert_has_no_place_in_an_exercise() -> None:
    with pytest.raises(InputError, match=r"is Actual in an exercise\. Give Exercise"):
        event_rules.check(draft("e-1", alert(), source="feed:x", is_exercise=True))


def test_all_faults_of_a_draft_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        event_rules.check(Draft("", datetime(2023, 5, 30), "x", "a b", shelter("ajar", "")))
    assert len(caught.value.faults) == 6


def test_a_machine_needs_no_actor_and_a_cancel_that_names_its_alert_no_threat() -> None:
    event_rules.check(draft("e-1", FeedHeard("failing", None), source="feed:x", actor_id=""))
    event_rules.check(draft("e-1", ShelterHinted("S1", "shut"), source="resident:web", actor_id=""))
    event_rules.check(draft("e-1", AllClear("Actual", ("A1",), "", ()), source="feed:x", actor_id=""))


def test_a_time_that_has_not_come_is_refused_beyond_the_spare_seconds() -> None:
    event_rules.held_in_time(draft("e-1", shelter("open"), 2), NIGHT, 120)
    with pytest.raises(InputError, match="over 119 s after the server's 2023-05-30T00"):
        event_rules.held_in_time(draft("e-1", shelter("open"), 2), NIGHT, 119)


def test_a_fact_is_never_younger_than_its_record() -> None:
    ahead = chained([draft("e-1", shelter("open"), 2)], [NIGHT])[0]
    late = chained([draft("e-1", shelter("open"), 2)], [at(9)])[0]
    assert (ahead.as_of, late.as_of) == (NIGHT, at(2))


def stored_line() -> dict[str, object]:
    return json.loads(body_of(draft("e-1", shelter("open"))))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"seq": 0}, "seq: 0 is no whole number from 1"),
        ({"seq": True}, "seq: True is no whole number"),
        ({"recorded_at": "yesterday"}, "recorded_at: 'yesterday' is no time"),
        ({"previous_hash": "0"}, "previous_hash: '0' is no SHA-256"),
        ({"sealed": {"name": "0"}}, "sealed: {'name': '0'} is no object of SHA-256"),
        ({"kind": "rumour"}, "kind: 'rumour' is unknown; this program knows: alert,"),
        ({"kind": ["shelter"]}, "is unknown; this program knows"),
        ({"version": 2}, "version: 2 of shelter is newer than 1, the newest that this program reads"),
        ({"version": 0}, "version: 0 is no whole number from 1"),
        ({"payload": []}, "payload: [] is no object"),
        ({"payload": {"shelter_id": "S1"}}, "payload.status: is missing"),
        ({"payload": {"shelter_id": "S1", "status": "open", "lon": 1}}, "payload.lon: is unknown"),
        ({"source": 7}, "source: 7 is no source"),
        ({"lat": 50}, "missing or unknown is ['lat']"),
    ],
)
def test_a_hostile_line_is_refused_with_its_field(change: dict[str, object], message: str) -> None:
    plain = {**stored_line(), **change}
    with pytest.raises(InputError) as caught:
        event_rules.event(plain, event_rules.canonical_of(plain))
    assert message in str(caught.value)


def test_bytes_that_are_not_canonical_and_hashes_that_do_not_fit_are_refused() -> None:
    content = body_of(draft("e-1", shelter("open")))
    with pytest.raises(InputError, match="the bytes are not the canonical ones"):
        event_rules.event(json.loads(content), content.replace(b",", b", "))
    with pytest.raises(InputError, match="hash: the line says 00"):
        event_rules.event(json.loads(content), content, "00")
    assert event_rules.event(json.loads(content), content, events.digest(content)).event_id == "e-1"


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(sorted(stored_line())), JUNK)
def test_any_junk_in_any_field_is_an_input_error_or_an_event(name: str, junk: object) -> None:
    plain = {**stored_line(), name: junk}
    try:
        found = event_rules.event(plain, event_rules.canonical_of(plain))
    except InputError:
        return
    assert found.hash == events.digest(event_rules.canonical_of(plain))


def test_an_old_payload_is_read_as_the_newest_and_its_bytes_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    @dataclasses.dataclass(frozen=True, slots=True)
    class Counted:
        kind = "count"
        version = 3
        shelter_id: event_fields.Id
        people: event_fields.MaybeId

    monkeypatch.setitem(PAYLOADS, "count", Counted)
    upgrades = {
        ("count", 1): lambda plain: {**plain, "people": plain["people"] + 1},
        ("count", 2): lambda plain: {**plain, "people": str(plain["people"])},
    }
    old = {"shelter_id": "S1", "people": 7}
    faults: list[str] = []
    found = event_payloads.read("count", 1, old, faults, upgrades)
    assert (found.people, faults) == ("8", [])
    assert old == {"shelter_id": "S1", "people": 7}
