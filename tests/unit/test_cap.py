"""Reading CAP: what a message says, what is wrong with it, and what is refused."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from takecover.errors import InputError
from takecover.io import cap, xml_tree
from takecover.model.alert import Circle, Reference

GOOD = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>kyiv-1</identifier><sender>kmva@example.org</sender>
  <sent>2023-05-30T02:06:11+03:00</sent><status>Actual</status><msgType>Alert</msgType>
  <scope>Public</scope>
  <info><category>Security</category><event>Air raid</event><urgency>Immediate</urgency>
    <severity>Extreme</severity><certainty>Observed</certainty>
    <area><areaDesc>Kyiv</areaDesc></area></info>
</alert>"""


def _with(old: str, new: str) -> bytes:
    assert old in GOOD
    return GOOD.replace(old, new).encode()


def _samples(shared_data: Path) -> Path:
    folder = shared_data / "alerts" / "cap"
    if not folder.is_dir():
        pytest.skip("the sample alerts are not here")
    return folder


def test_a_plain_message_is_read_whole_with_its_time_in_utc() -> None:
    alert = cap.read(GOOD.encode())
    assert (alert.identifier, alert.sender, alert.version) == ("kyiv-1", "kmva@example.org", "1.2")
    assert alert.sent == datetime(2023, 5, 29, 23, 6, 11, tzinfo=UTC)
    assert alert.infos[0].event == "Air raid"
    assert alert.infos[0].language == "en-US"
    assert alert.infos[0].areas[0].area_desc == "Kyiv"
    assert alert.flaws == ()


def test_the_version_before_is_read_too() -> None:
    assert cap.read(_with("cap:1.2", "cap:1.1")).version == "1.1"


@pytest.mark.parametrize("name", ["identifier", "sender", "sent", "status", "msgType"])
def test_a_message_without_what_is_needed_is_refused_by_name(name: str) -> None:
    begin, end = GOOD.index(f"<{name}>"), GOOD.index(f"</{name}>") + len(name) + 3
    with pytest.raises(InputError, match=f"{name}: is missing"):
        cap.read((GOOD[:begin] + GOOD[end:]).encode())


def test_all_that_is_missing_is_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        cap.read(b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"/>')
    assert len(caught.value.faults) == 5


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("<status>Actual", "<status>Real", "status: 'Real' is none of Actual, Exercise"),
        ("<msgType>Alert", "<msgType>Alarm", "msgType: 'Alarm' is none of"),
        ("<status>Actual</status>", "<status>Actual</status><status>Test</status>", "more than once"),
        ("2023-05-30T02:06:11+03:00", "tonight", "sent: 'tonight' is no time"),
        ("urn:oasis:names:tc:emergency:cap:1.2", "http://www.incident.com/cap/1.0", "no CAP message"),
        ("<?xml version", "<!DOCTYPE alert []><?xml version", "document type"),
        ("</alert>", "", "no well-formed XML"),
    ],
)
def test_what_must_not_be_acted_on_is_refused(old: str, new: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        cap.read(_with(old, new))


@pytest.mark.parametrize(
    ("old", "new", "flaw"),
    [
        (' xmlns="urn:oasis:names:tc:emergency:cap:1.2"', "", "names no namespace"),
        ("02:06:11+03:00", "02:06:11", "has no time zone; read as UTC"),
        ("02:06:11+03:00", "02:06:11Z", "is not spelled as CAP asks"),
        ("<scope>Public</scope>", "", "scope: '' is none of"),
        ("<scope>Public", "<scope>Private", "addresses: none"),
        ("<scope>Public", "<scope>Restricted", "restriction: is missing"),
        ("<msgType>Alert", "<msgType>Cancel", "must name the messages"),
        ("<msgType>Alert", "<msgType>Error", "note: is missing"),
        ("</scope>", "</scope><references/>", "is there and empty"),
        ("</scope>", "</scope><references>a,b</references>", "'a,b' is no sender,identifier,sent"),
        ("<urgency>Immediate", "<urgency>Now", "urgency: 'Now' is none of"),
        ("<category>Security</category>", "", "category: none"),
        ("<event>Air raid", "<event>", "event: is empty"),
        ("</certainty>", "</certainty><expires>soon</expires>", "expires: 'soon' is no time with a zone"),
        (
            "</certainty>",
            "</certainty><expires>2023-05-30T02:00:00+03:00</expires>",
            "is before it begins",
        ),
        ("</areaDesc>", "</areaDesc><polygon>50,30 51</polygon>", "polygon: '50,30 51' is no list"),
        ("</areaDesc>", "</areaDesc><polygon>50,30 51,30 51,31</polygon>", "has 3 points"),
        ("</areaDesc>", "</areaDesc><polygon>50,30 51,30 51,31 50,31</polygon>", "is not closed"),
        ("</areaDesc>", "</areaDesc><polygon>0,200 1,200 1,201 0,200</polygon>", "off the earth"),
        ("</areaDesc>", "</areaDesc><circle>nan,30 5</circle>", "circle: 'nan,30 5' is no"),
        ("</areaDesc>", "</areaDesc><circle>50,30 -5</circle>", "radius -5.0 is none"),
        ("</areaDesc>", "</areaDesc><altitude>high</altitude>", "altitude: 'high' is no number"),
        ("</areaDesc>", "</areaDesc><ceiling>100</ceiling>", "ceiling: is given without altitude"),
        ("<areaDesc>Kyiv</areaDesc>", "<areaDesc/>", "areaDesc: is empty"),
        ("<identifier>kyiv-1", "<identifier>kyiv 1", "so that no message can refer to it"),
        ("<event>Air raid</event>", "<event>Air raid</event><event>B</event>", "comes 2 times"),
    ],
)
def test_what_can_be_understood_is_read_with_its_flaw_named(old: str, new: str, flaw: str) -> None:
    alert = cap.read(_with(old, new))
    assert [each for each in alert.flaws if flaw in each], alert.flaws


def test_several_polygons_circles_and_geocodes_of_one_area_are_all_kept() -> None:
    alert = cap.read(
        _with(
            "</areaDesc>",
            "</areaDesc><polygon>50,30 51,30 51,31 50,30</polygon><polygon>52,30 53,30 53,31 52,30</polygon>"
            "<circle>50.45,30.52 2</circle><geocode><valueName>KOATUU</valueName><value>80</value></geocode>"
            "<geocode><valueName>uid</valueName><value>31</value></geocode>",
        )
    )
    area = alert.infos[0].areas[0]
    assert [ring[0] for ring in area.polygons] == [(30.0, 50.0), (30.0, 52.0)]
    assert area.circles == (Circle(30.52, 50.45, 2.0),)
    assert area.geocodes == (("KOATUU", "80"), ("uid", "31"))
    assert alert.flaws == ()


def test_references_give_sender_identifier_and_time() -> None:
    text = "<references>a@b,one,2023-05-30T02:06:11+03:00 a@b,two,2023-05-30T02:07:11+03:00</references>"
    alert = cap.read(_with("</scope>", f"</scope>{text}"))
    assert alert.references[1] == Reference("a@b", "two", datetime(2023, 5, 29, 23, 7, 11, tzinfo=UTC))


def test_a_list_keeps_a_quoted_name_with_a_space_as_one() -> None:
    alert = cap.read(_with("</scope>", '</scope><incidents>one "two three" four</incidents>'))
    assert alert.incidents == ("one", "two three", "four")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no well-formed XML"),
        (b"not xml", "no well-formed XML"),
        (b"\xff\xfe\x00", "no well-formed XML"),
        (b'<?xml version="1.0" encoding="no-such"?><a/>', "no well-formed XML"),
        (b"<a>" * 300 + b"</a>" * 300, "no well-formed XML"),
        (b"<a/>" * 300_000, "at most 200,000 are read"),
        (b"<a>" + b"x" * 4_000_001 + b"</a>", "at most 4,000,000 are read"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>".encode("utf-16"), "document type"),
        (b"<a>&b;</a>", "no well-formed XML"),
        (b"<html><body/></html>", "no CAP message"),
    ],
)
def test_a_hostile_document_is_refused_in_bounded_time_and_memory(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        cap.read(data)


def test_a_million_elements_and_entities_cost_seconds_and_megabytes_at_most() -> None:
    """In a process of its own: its processor time and the growth of its memory are bounded for each document."""
    program = """
import resource, time
from takecover.errors import InputError
from takecover.io import cap

lines = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
documents = [
    b"<a>" * 1_000_000,
    b"<a>" * 500_000 + b"</a>" * 500_000,
    b"<alert>" + b"<a/>" * 990_000 + b"</alert>",
    f"<!DOCTYPE a [<!ENTITY a0 'ha'>{lines}]><a>&a9;</a>".encode(),
]
for document in documents:
    began, kb = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        cap.read(document)
        print("read")
    except InputError:
        took_s = time.process_time() - began
        print(took_s < 5 and resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - kb < 300_000)
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["True"] * 4


def test_entities_that_multiply_are_never_unfolded() -> None:
    lines = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    bomb = f"<!DOCTYPE a [<!ENTITY a0 'ha'>{lines}]><a>&a9;</a>"
    with pytest.raises(InputError, match="document type"):
        xml_tree.parse(bomb.encode(), "alert")


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=8), st.integers(0, 20))
def test_a_message_broken_anywhere_is_read_or_refused_and_never_crashes(
    place: int, noise: bytes, cut: int
) -> None:
    data = GOOD.encode()
    faults: tuple[str, ...] = ("none",)
    status = "Actual"
    try:
        status = cap.read(data[:place] + noise + data[place + cut :]).status
    except InputError as error:
        faults = error.faults
    assert faults
    assert status in {"Actual", "Exercise", "System", "Test", "Draft"}


def test_the_sample_messages_are_read_as_far_as_they_can_be_trusted(shared_data: Path) -> None:
    folder = _samples(shared_data)
    read, refused = {}, []
    for path in sorted(folder.glob("*.cap")):
        try:
            read[path.stem] = cap.read(path.read_bytes())
        except InputError:
            refused.append(path.stem)
    assert refused == ["xee"]
    assert {name for name, alert in read.items() if alert.flaws} == {
        "canada_errors",
        "invalid",
        "noaa_errors",
    }
    assert [len(info.areas) for info in read["canada"].infos] == [2, 2]
    assert len(read["canada"].references) == 2
    signature = read["earthquake_signed"].signature
    assert signature is not None
    assert signature.algorithm.endswith("rsa-sha1")
    assert read["earthquake"].signature is None
