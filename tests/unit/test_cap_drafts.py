"""From a CAP message to events: whom it concerns, what it ends, and what it never may do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import shapely

from takecover.analysis.alert_areas import CityAreas, area_ids
from takecover.analysis.cap_drafts import drafts, name_of, threat_of
from takecover.model import event_rules
from takecover.model.alert import Alert, Area, Circle, Info, Reference
from takecover.model.event_payloads import AlertIssued, AllClear
from takecover.model.feed import FeedSpec

NOW = datetime(2023, 5, 29, 23, 6, 11, tzinfo=UTC)
WEST, EAST = shapely.box(30.0, 50.0, 30.5, 51.0), shapely.box(30.5, 50.0, 31.0, 51.0)
CITY = CityAreas(
    outline=shapely.box(30.0, 50.0, 31.0, 51.0),
    zone_ids=("west", "east"),
    shapes=(WEST, EAST),
    names={"kyiv": ("city",), "west bank": ("west",)},
)
SPEC = FeedSpec("cap", "kmva", "", 10, regions={"8030000000": ("east",)})


def _ring(shape: shapely.Polygon) -> tuple[tuple[float, float], ...]:
    return tuple((float(x), float(y)) for x, y in shape.exterior.coords)


def _alert(*areas: Area, **changed: object) -> Alert:
    info = Info(event="Air raid", categories=("Security",), areas=areas, urgency="Immediate")
    return replace(Alert("kyiv-1", "kmva@x", NOW, "Actual", "Alert", infos=(info,)), **changed)


@pytest.mark.parametrize(
    ("area", "found"),
    [
        (Area("", polygons=(_ring(shapely.box(30.1, 50.1, 30.2, 50.2)),)), ("west",)),
        (Area("", polygons=(_ring(shapely.box(30.4, 50.1, 30.6, 50.2)),)), ("city",)),
        (Area("", polygons=(_ring(shapely.box(10.0, 50.1, 10.6, 50.2)),)), ()),
        (Area("", circles=(Circle(30.8, 50.5, 1.0),)), ("east",)),
        (Area("", circles=(Circle(29.9, 50.5, 10.0),)), ("west",)),
        (Area("", circles=(Circle(29.8, 50.5, 10.0),)), ()),
        (Area("", circles=(Circle(30.2, 50.5, 0.0),)), ("west",)),
        (Area("anywhere", geocodes=(("KATOTTG", "8030000000"),)), ("east",)),
        (Area("Kyiv"), ("city",)),
        (Area(" West Bank "), ("west",)),
        (Area("a place that nobody knows"), ("city",)),
    ],
)
def test_an_area_is_found_by_its_code_its_shape_or_its_words(area: Area, found: tuple[str, ...]) -> None:
    assert area_ids(_alert(area), CITY, SPEC.regions) == found


def test_several_areas_are_one_set_and_no_area_at_all_is_the_whole_city() -> None:
    both = Area("West Bank"), Area("", geocodes=(("KATOTTG", "8030000000"),))
    assert area_ids(_alert(*both), CITY, SPEC.regions) == ("west", "east")
    assert area_ids(_alert(), CITY, SPEC.regions) == ("city",)


def test_an_alert_becomes_one_event_that_holds_from_when_the_server_had_it() -> None:
    (draft,) = drafts(_alert(Area("Kyiv")), b"<alert/>", CITY, SPEC, NOW)
    payload = AlertIssued("kmva@x,kyiv-1", "Actual", "air", "enter", ("city",), (), None, None)
    assert draft.payload == payload
    assert (draft.effective_at, draft.source, draft.is_exercise) == (NOW, "feed:kmva", False)
    assert draft.words == {"message": "<alert/>"}


def test_the_same_message_twice_has_the_same_event_ids() -> None:
    first, second = (drafts(_alert(Area("Kyiv")), b"", CITY, SPEC, NOW) for _ in range(2))
    assert [each.event_id for each in first] == [each.event_id for each in second]


@pytest.mark.parametrize("identifier", ["kyiv-1", "слово, з комою", "x" * 300])
def test_whatever_a_message_is_called_its_events_are_fit_for_the_journal(identifier: str) -> None:
    (draft,) = drafts(_alert(Area("Kyiv"), identifier=identifier), b"<alert/>", CITY, SPEC, NOW)
    assert event_rules.check(draft) is draft


def test_a_message_for_another_place_makes_no_event() -> None:
    far = Area("", circles=(Circle(10.0, 50.0, 5.0),))
    assert drafts(_alert(far), b"", CITY, SPEC, NOW) == ()


def test_an_exercise_is_an_exercise_and_a_test_keeps_its_status() -> None:
    (exercise,) = drafts(_alert(Area("Kyiv"), status="Exercise"), b"", CITY, SPEC, NOW)
    (test,) = drafts(_alert(Area("Kyiv"), status="Test"), b"", CITY, SPEC, NOW)
    assert (exercise.is_exercise, exercise.payload.status) == (True, "Exercise")
    assert (test.is_exercise, test.payload.status) == (False, "Test")


def test_a_cancellation_ends_what_it_names_and_is_never_a_new_alert() -> None:
    named = (Reference("kmva@x", "kyiv-0", NOW),)
    (draft,) = drafts(_alert(Area("Kyiv"), msg_type="Cancel", references=named), b"", CITY, SPEC, NOW)
    assert draft.payload == AllClear("Actual", ("kmva@x,kyiv-0",), "", ())


def test_a_cancellation_that_names_nothing_ends_nothing() -> None:
    assert drafts(_alert(Area("Kyiv"), msg_type="Cancel"), b"", CITY, SPEC, NOW) == ()


@pytest.mark.parametrize("msg_type", ["Ack", "Error"])
def test_an_answer_to_a_message_is_no_alert(msg_type: str) -> None:
    assert drafts(_alert(Area("Kyiv"), msg_type=msg_type), b"", CITY, SPEC, NOW) == ()


def test_an_update_takes_the_place_of_what_it_names_once_however_many_threats_it_has() -> None:
    named = (Reference("kmva@x", "kyiv-0", NOW),)
    infos = tuple(
        Info(event=event, categories=("Security",), areas=(Area("Kyiv"),))
        for event in ("Air raid", "Drone attack")
    )
    found = drafts(_alert(msg_type="Update", references=named, infos=infos), b"", CITY, SPEC, NOW)
    payloads = [draft.payload for draft in found if isinstance(draft.payload, AlertIssued)]
    assert [(payload.threat, payload.references) for payload in payloads] == [
        ("air", ("kmva@x,kyiv-0",)),
        ("drone", ()),
    ]


def test_the_same_alert_in_two_languages_is_one_event() -> None:
    infos = tuple(
        Info(event=event, language=language, categories=("Security",), areas=(Area("Kyiv"),))
        for event, language in (("Air raid alert", "en"), ("Повітряна тривога", "uk"))
    )
    assert len(drafts(_alert(infos=infos), b"", CITY, SPEC, NOW)) == 1


def test_an_all_clear_ends_its_threat_in_its_area_alone() -> None:
    info = Info(
        event="Дрони", categories=("Security",), response_types=("AllClear",), areas=(Area("West Bank"),)
    )
    (draft,) = drafts(_alert(infos=(info,)), b"", CITY, SPEC, NOW)
    assert draft.payload == AllClear("Actual", (), "drone", ("west",))


def test_a_word_to_prepare_is_the_stage_before() -> None:
    info = Info(event="Ballistic threat", response_types=("Prepare", "Monitor"), areas=(Area("Kyiv"),))
    (draft,) = drafts(_alert(infos=(info,)), b"", CITY, SPEC, NOW)
    assert isinstance(draft.payload, AlertIssued)
    assert (draft.payload.stage, draft.payload.threat) == ("prepare", "ballistic")


@pytest.mark.parametrize(
    ("event", "threat"),
    [
        ("Повітряна тривога", "air"),
        ("Загроза балістики: балістична ракета", "ballistic"),
        ("Крилаті ракети", "cruise"),
        ("Ракетна небезпека", "rocket"),
        ("БпЛА над містом", "drone"),
        ("Загроза артилерійського обстрілу", "artillery"),
        ("Thunderstorm", "other"),
    ],
)
def test_the_threat_is_read_from_the_words(event: str, threat: str) -> None:
    assert threat_of(Info(event=event)) == threat


def test_a_name_that_is_too_long_or_not_printable_is_shortened_by_its_hash() -> None:
    assert name_of("a", "b") == "a,b"
    assert name_of("a", "b" * 300).startswith("sha256,")
    assert name_of("a", "b\n") != name_of("a", "b")


def test_flaws_stand_beside_the_message() -> None:
    (draft,) = drafts(_alert(Area("Kyiv"), flaws=("scope: none",)), b"x", CITY, SPEC, NOW)
    assert draft.words == {"message": "x", "flaws": "scope: none"}
