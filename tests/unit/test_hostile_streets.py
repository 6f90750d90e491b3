"""Files of streets that are broken or meant to harm: each is refused in words, in little memory and time."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import resource
import sqlite3
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osmfile import node, way, write
from takecover.errors import InputError, SourceError, TakecoverError
from takecover.io import osm_pbf, osm_xml, streets_file, unpacking

MOST_MEMORY_BYTES = 300_000_000
"""What reading a hostile file may add to the program's memory."""

STREETS = (node(1, 0, 0), node(2, 0.001, 0), way(9, [1, 2], highway="footway"))


def refusal(path: Path) -> str:
    """What is said of a file; fails where it is read, or takes much memory."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(TakecoverError) as caught:
        streets_file.read(path)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown * 1024 < MOST_MEMORY_BYTES
    assert str(path) in str(caught.value)
    assert len(str(caught.value)) < 20_000
    return str(caught.value)


def outcome(path: Path) -> int | str:
    """Segments of a file, or that it is refused in words that name it."""
    try:
        return len(streets_file.read(path).tail)
    except InputError as error:
        return "refused" if str(path) in str(error) else str(error)


def osm(body: str) -> bytes:
    return f'<?xml version="1.0"?><osm version="0.6">{body}</osm>'.encode()


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE osm [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    + '<!ENTITY z SYSTEM "file:///etc/hostname">]><osm><tag k="&j;" v="&z;"/></osm>'
)

XML: list[tuple[str, bytes, str]] = [
    ("a billion laughs", LAUGHS.encode(), "it declares"),
    ("an outside entity", b'<!DOCTYPE osm SYSTEM "file:///etc/hostname"><osm/>', "is a web page"),
    (
        "an outside document type",
        b'<?xml version="1.0"?><!DOCTYPE osm SYSTEM "http://x/y"><osm/>',
        "document type",
    ),
    ("an entity nobody declared", osm('<node id="1" lon="&x;" lat="0"/>'), "undefined entity"),
    ("a million nested elements", b"<osm>" + b"<way>" * 1_000_000, "nests more than 8 deep"),
    ("a tag of 30 MB", b'<osm><node id="' + b"1" * 30_000_000, "longer than 1 MB"),
    ("a text of 30 MB", b"<osm>" + b"x" * 30_000_000, "longer than 1 MB"),
    ("broken UTF-8", osm("<x/>").replace(b"<x/>", b'<node id="1" user="\xff\xfe"/>'), "is no XML"),
    ("cut off", osm('<node id="1" lon="0" lat="0"/>')[:-20], "is no XML"),
    ("two roots", osm("") + b"<osm/>", "is no XML"),
    ("a page", b"<!DOCTYPE html><html></html>", "is a web page"),
    ("a page without a type", b"<HTML><body>Sorry</body></HTML>", "is a web page"),
    ("something else", b"<gpx></gpx>", "begins with <gpx>, not <osm>"),
    ("a way of too many nodes", osm('<way id="1">' + '<nd ref="1"/>' * 100_001 + "</way>"), "100,000 parts"),
]

WAY = '<way id="9"><nd ref="1"/><nd ref="2"/><tag k="highway" v="path"/></way>'

ELEMENTS: list[tuple[str, str, str]] = [
    ("lon NaN", '<node id="1" lon="nan" lat="0"/>', "node 1: lon 'nan', lat '0' is no place"),
    ("lat infinite", '<node id="1" lon="0" lat="inf"/>', "lat 'inf' is no place"),
    ("lat 91", '<node id="1" lon="0" lat="91"/>', "lat '91' is no place"),
    ("lon missing", '<node id="1" lat="0"/>', "lon None"),
    ("id a word", '<node id="one" lon="0" lat="0"/>', "node: id is 'one'. Give a whole number."),
    ("id beyond 62 bits", f'<node id="{2**63}" lon="0" lat="0"/>', "Give a whole number"),
    ("id of 5,000 digits", f'<node id="{"1" * 5000}" lon="0" lat="0"/>', "Give a whole number"),
    ("ref a word", '<way id="7"><nd ref="x"/></way>', "way 7: ref is 'x'"),
    ("ref missing", '<way id="7"><nd/></way>', "way 7: ref is None"),
    ("way without id", "<way/>", "way: id is None"),
]


@pytest.mark.parametrize(("content", "said"), [c[1:] for c in XML], ids=[c[0] for c in XML])
def test_hostile_xml_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "streets.osm"
    file.write_bytes(content)
    assert said in refusal(file)


@pytest.mark.parametrize(("element", "said"), [c[1:] for c in ELEMENTS], ids=[c[0] for c in ELEMENTS])
def test_a_broken_element_of_xml_is_named(tmp_path: Path, element: str, said: str) -> None:
    file = tmp_path / "streets.osm"
    file.write_bytes(osm(element + WAY))
    assert said in refusal(file)


def test_reading_xml_stops_after_a_hundred_faults(tmp_path: Path) -> None:
    file = tmp_path / "streets.osm"
    file.write_bytes(osm(WAY + '<node id="x" lon="0" lat="0"/>' * 500))
    said = refusal(file)
    assert said.count("Give a whole number") == osm_xml.MOST_FAULTS
    assert "reading stopped after 100 faults" in said


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress], ids=["gzip", "bzip2"])
@pytest.mark.parametrize(
    ("filler", "said"), [(b" ", "longer than 1 MB"), (b"<node/>", "unpacks to more than")]
)
def test_a_bomb_is_stopped(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    pack: Callable[[bytes], bytes],
    filler: bytes,
    said: str,
) -> None:
    monkeypatch.setattr(unpacking, "NEVER_TOO_LARGE_BYTES", 2_000_000)
    file = tmp_path / "streets.osm.bz2"
    file.write_bytes(pack(b"<osm>" + filler * (8_000_000 // len(filler))))
    assert said in refusal(file)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress], ids=["gzip", "bzip2"])
def test_a_packed_file_that_ends_too_soon_or_is_broken_is_refused(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    file = tmp_path / "streets.osm.gz"
    whole = pack(osm(WAY + "".join(f'<node id="{i}" lon="0" lat="0"/>' for i in range(5000))))
    file.write_bytes(whole[: len(whole) // 2])
    assert "Download it again" in refusal(file)
    file.write_bytes(whole[:40] + b"\x00\xff" * 20 + whole[80:])
    assert "is packed and broken" in refusal(file)


def test_packed_members_one_after_the_other_are_read_to_the_end(tmp_path: Path) -> None:
    text = osm('<node id="1" lon="0" lat="0"/><node id="2" lon="0.001" lat="0"/>' + WAY)
    for pack in (gzip.compress, bz2.compress):
        file = tmp_path / "streets.osm.bz2"
        file.write_bytes(b"".join(pack(text[i : i + 50]) for i in range(0, len(text), 50)) + b"\0\0")
        assert streets_file.read(file).node_ids.tolist() == [1, 2]


def block(kind: bytes, body: bytes, *, claimed: int | None = None) -> bytes:
    """A block of a PBF file."""
    size = len(body) if claimed is None else claimed
    head = b"\x0a" + bytes([len(kind)]) + kind + b"\x18" + varint(size)
    return len(head).to_bytes(4, "big") + head + body


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def blob(data: bytes, claimed: int | None = None) -> bytes:
    packed = zlib.compress(data)
    size = len(data) if claimed is None else claimed
    return b"\x10" + varint(size) + b"\x1a" + varint(len(packed)) + packed


HEADER = block(b"OSMHeader", blob(b"\x22\x0eOsmSchema-V0.6\x22\x0aDenseNodes"))

PBF: list[tuple[str, bytes, str]] = [
    (
        "half a block",
        HEADER + block(b"OSMData", blob(bytes(range(256))))[:40],
        "ends in the middle of a block",
    ),
    ("half a length", HEADER + b"\0\0", "a block header of 0 bytes at byte "),
    ("a header of 4 GB", HEADER + b"\xff\xff\xff\xff", "a block header of 4,294,967,295 bytes"),
    ("a block of 3 GB", HEADER + block(b"OSMData", b"", claimed=3 * 10**9), "a block of 3,000,000,000 bytes"),
    (
        "a block that says it unpacks to 4 GB",
        HEADER + block(b"OSMData", blob(b"x", 2**32)),
        "more than 32 MB",
    ),
    (
        "a block that unpacks to more than it says",
        HEADER + block(b"OSMData", blob(b"x" * 9**6, 5)),
        "a block is broken",
    ),
    ("a header of noise", HEADER + (5).to_bytes(4, "big") + b"\xff" * 5, "says nothing"),
    ("a body of noise", HEADER + block(b"OSMData", b"\xff" * 20), "parts do not fit"),
    ("data of noise", HEADER + block(b"OSMData", blob(b"\xff" * 999)), "a block is broken"),
    ("a header of noise inside", block(b"OSMHeader", blob(b"\xff" * 99)), "a block is broken"),
    ("a feature nobody knows", block(b"OSMHeader", blob(b"\x22\x03New")), "a block is broken"),
]


@pytest.mark.parametrize(("content", "said"), [c[1:] for c in PBF], ids=[c[0] for c in PBF])
def test_hostile_pbf_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "streets.osm.pbf"
    file.write_bytes(content)
    assert said in refusal(file)


def test_a_pbf_bomb_is_stopped(tmp_path: Path) -> None:
    file = tmp_path / "streets.osm.pbf"
    file.write_bytes(HEADER + block(b"OSMData", blob(b"\0" * 30_000_000)) * 5)
    assert "unpacks to more than 100 MB" in refusal(file)


def test_a_pbf_cut_anywhere_is_refused_or_has_no_streets(tmp_path: Path) -> None:
    whole = write(tmp_path / "whole.osm.pbf", STREETS).read_bytes()
    file = tmp_path / "cut.osm.pbf"
    for size in range(len(whole)):
        file.write_bytes(whole[:size])
        assert outcome(file) in (0, "refused")


@given(st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_a_pbf_with_changed_bytes_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, at: int, noise: bytes
) -> None:
    folder = tmp_path_factory.getbasetemp()
    whole = write(folder / "whole.osm.pbf", STREETS).read_bytes()
    file = folder / "noise.osm.pbf"
    at = min(at, len(whole))
    file.write_bytes(whole[:at] + noise + whole[at + len(noise) :])
    assert outcome(file) in (0, 1, "refused")


def test_numbers_of_the_frame_end(tmp_path: Path) -> None:
    assert list(osm_pbf._fields(b"\x08\x96\x01\x12\x02ab")) == [(1, 150), (2, b"ab")]
    for broken in (b"\x08", b"\x08\xff", b"\x12\x05ab", b"\x0d\0\0\0\0", b"\xff" * 12):
        with pytest.raises(ValueError, match=r"a (field|number)"):
            list(osm_pbf._fields(broken))


def test_a_file_with_history_is_refused(tmp_path: Path) -> None:
    import osmium

    file = tmp_path / "history.osh.pbf"
    header = osmium.io.Header()
    header.has_multiple_object_versions = True
    with osmium.SimpleWriter(str(file), header=header) as writer:
        writer.add_node(osmium.osm.mutable.Node(id=1, location=(0, 0)))
    assert "holds the history of each element" in refusal(file)


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("streets.osm", b"<osm/>")
    return out.getvalue()


OTHER: list[tuple[str, bytes, str]] = [
    ("nothing", b"", "is of no known form"),
    ("a zip archive", zipped(), "is a zip archive. Unpack it"),
    ("noise", bytes(range(256)), "is of no known form"),
    ("a table", b"lon,lat\n1,2\n", "is of no known form"),
    ("a GeoPackage of noise", b"SQLite format 3\0" + b"\xff" * 5000, "is no GeoPackage that can be read"),
    ("GeoJSON cut off", b'{"type": "FeatureCollection", "features": [{', "is no JSON in UTF-8"),
    ("GeoJSON without features", b'{"type": "Feature"}', "has no list 'features'"),
    ("GeoJSON of a million brackets", b'{"features": ' + b"[" * 1_000_000, "is no JSON in UTF-8"),
    ("GeoJSON in Latin-1", b'{"features": ["\xe5"]}', "is no JSON in UTF-8"),
    ("a list of features", b'["Feature"]', "holds no object"),
]


@pytest.mark.parametrize(("content", "said"), [c[1:] for c in OTHER], ids=[c[0] for c in OTHER])
def test_what_is_no_file_of_streets_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "streets.osm.pbf"
    file.write_bytes(content)
    assert said in refusal(file)


@pytest.mark.parametrize(
    "coordinates",
    [
        [[0, 0], ["1", 0]],
        [[0, 0], [float("nan"), 0]],
        [[0, 0], [float("inf"), 0]],
        [[0, 0], [1e308, 0]],
        [[0, 0], [10**400, 0]],
        [[0, 0], [True, 0]],
        [[0, 0], [181, 0]],
        [[0], [1]],
        [0, 1],
        "line",
        None,
        {"0": 1},
    ],
    ids=str,
)
def test_a_line_of_no_places_is_named(tmp_path: Path, coordinates: object) -> None:
    file = tmp_path / "streets.geojson"
    geometry = {"type": "LineString", "coordinates": coordinates}
    feature = {"type": "Feature", "properties": {}, "geometry": geometry}
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert "feature 1: " in refusal(file)


def test_a_view_of_a_geopackage_is_not_read(tmp_path: Path) -> None:
    geopandas = pytest.importorskip("geopandas")
    from shapely.geometry import LineString

    file = tmp_path / "streets.gpkg"
    geopandas.GeoDataFrame(geometry=[LineString([(0, 0), (1, 1)])], crs=4326).to_file(file, layer="ways")
    with sqlite3.connect(file) as base:
        base.execute("alter table ways rename to hidden")
        base.execute(
            "create view ways as with recursive n(i) as (select 1 union all select i + 1 from n)"
            " select i as fid, geom from n, hidden"
        )
    base.close()
    assert "layer 'ways' is no table" in refusal(file)


def test_a_file_that_is_not_there_or_cannot_be_read_is_a_source_that_fails(tmp_path: Path) -> None:
    for path in (tmp_path / "none.osm.pbf", tmp_path):
        for read in (streets_file.read, lambda p: list(unpacking.pieces(p))):
            with pytest.raises(SourceError, match=r"is not there|cannot be read"):
                read(path)
