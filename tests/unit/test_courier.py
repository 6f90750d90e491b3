"""Fetching files: whole or not at all, gone on with where cut off, and polite to the service."""

from __future__ import annotations

import hashlib
import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

import faultserver
from faultserver import Service, cuts_after, hangs_up, never_ends, refuses, says, sends_to, serving
from takecover.errors import SourceError
from takecover.feeds.answers import Manners
from takecover.feeds.courier import Courier, Wanted

CONTENT = b"\0\0\0" + bytes(range(256)) * 2000
NAME = "/extract.osm.pbf"


class Time:
    """A clock that only sleeping moves, and the sleeps."""

    def __init__(self) -> None:
        self.now_s, self.sleeps = 0.0, []

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(round(seconds, 3))
        self.now_s += seconds

    def waits(self) -> list[float]:
        """Sleeps that are no gap between two requests."""
        return [s for s in self.sleeps if s > 1]


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as found:
        found.files[NAME] = CONTENT
        yield found


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def courier(time: Time) -> Iterator[Courier]:
    made = Courier(Manners(timeout_s=5.0), sleep=time.sleep, clock=lambda: time.now_s, lot=lambda: 1.0)
    yield made
    made.close()


def wanted(service: Service, **changes: object) -> Wanted:
    fields = {"url": service.url + NAME, "begins": (b"\0\0\0",), "most_bytes": 10_000_000}
    return Wanted(**{**fields, **changes})  # type: ignore[arg-type]


def assert_nothing_left(folder: Path) -> None:
    assert [path.name for path in folder.iterdir()] == []


def test_a_file_comes_whole_with_its_checksum(service: Service, courier: Courier, tmp_path: Path) -> None:
    told: list[float] = []
    found = courier.fetch(
        wanted(service, md5=hashlib.md5(CONTENT).hexdigest()), tmp_path / "a.pbf", told.append
    )
    assert (tmp_path / "a.pbf").read_bytes() == CONTENT
    assert found == (len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert [path.name for path in tmp_path.iterdir()] == ["a.pbf"]
    method, path, headers = service.seen[0]
    assert (method, path) == ("GET", NAME)
    assert headers["user-agent"].startswith("takecover/")
    assert "range" not in headers


def test_where_a_download_is_cut_off_it_goes_on(service: Service, courier: Courier, tmp_path: Path) -> None:
    service.faults = [cuts_after(100_000), hangs_up, cuts_after(200_000)]
    courier.fetch(wanted(service), tmp_path / "a.pbf")
    assert (tmp_path / "a.pbf").read_bytes() == CONTENT
    ranges = [headers.get("range") for _, _, headers in service.seen]
    assert ranges == [None, "bytes=100000-", "bytes=100000-", "bytes=300000-"]
    assert service.at_once == 1


def test_the_next_run_goes_on_where_the_last_one_was_stopped(
    service: Service, courier: Courier, tmp_path: Path
) -> None:
    service.faults = [cuts_after(100_000), *[hangs_up] * 5]
    with pytest.raises(SourceError, match="gave no whole answer in 5 tries"):
        courier.fetch(wanted(service), tmp_path / "a.pbf")
    assert not (tmp_path / "a.pbf").exists()
    courier.fetch(wanted(service), tmp_path / "a.pbf")
    assert service.seen[-1][2]["range"] == "bytes=100000-"
    assert (tmp_path / "a.pbf").read_bytes() == CONTENT


def test_where_the_file_has_changed_it_begins_anew(
    service: Service, courier: Courier, tmp_path: Path
) -> None:
    service.faults = [cuts_after(100_000), *[hangs_up] * 5]
    with pytest.raises(SourceError):
        courier.fetch(wanted(service), tmp_path / "a.pbf")
    service.files[NAME] = CONTENT[::-1][:1000].rjust(1003, b"\0")
    courier.fetch(wanted(service), tmp_path / "a.pbf")
    assert (tmp_path / "a.pbf").read_bytes() == service.files[NAME]


def test_a_part_of_another_address_or_with_a_broken_note_is_not_gone_on_with(
    service: Service, courier: Courier, tmp_path: Path
) -> None:
    weak = {"url": wanted(service).url, "validator": 'W/"weak"'}
    other = {"url": "http://other", "validator": '"x"'}
    for note in (None, "{", "[]", json.dumps(other), json.dumps(weak)):
        (tmp_path / "a.pbf.part").write_bytes(b"junk")
        if note is not None:
            (tmp_path / "a.pbf.part.json").write_text(note)
        courier.fetch(wanted(service), tmp_path / "a.pbf")
        assert (tmp_path / "a.pbf").read_bytes() == CONTENT
        assert "range" not in service.seen[-1][2]


def test_a_part_that_is_longer_than_the_file_is_thrown_away(
    service: Service, courier: Courier, tmp_path: Path
) -> None:
    tag = hashlib.sha256(CONTENT).hexdigest()[:12]
    (tmp_path / "a.pbf.part").write_bytes(CONTENT + b"more")
    note = {"url": wanted(service).url, "validator": f'"{tag}"'}
    (tmp_path / "a.pbf.part.json").write_text(json.dumps(note))
    courier.fetch(wanted(service), tmp_path / "a.pbf")
    assert (tmp_path / "a.pbf").read_bytes() == CONTENT


def test_a_service_that_sends_another_part_is_asked_again(
    service: Service, courier: Courier, tmp_path: Path
) -> None:
    tag = f'"{hashlib.sha256(CONTENT).hexdigest()[:12]}"'
    other = lambda handler: handler.say(206, b"zz", {"ETag": tag, "Content-Range": "bytes 7-8/9"})  # noqa: E731
    service.faults = [cuts_after(1000), other]
    courier.fetch(wanted(service), tmp_path / "a.pbf")
    assert (tmp_path / "a.pbf").read_bytes() == CONTENT


def test_a_wait_that_is_asked_for_is_kept(
    service: Service, courier: Courier, time: Time, tmp_path: Path
) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    service.faults = [refuses(429, Retry_After="17"), refuses(503, Retry_After=until)]
    courier.fetch(wanted(service), tmp_path / "a.pbf")
    assert time.waits()[0] == 17
    assert 97 <= time.waits()[1] <= 100


def test_without_a_word_waits_double_with_a_lot_drawn(service: Service, time: Time, tmp_path: Path) -> None:
    lots = iter((0.0, 1.0, 0.5, 0.0))
    courier = Courier(sleep=time.sleep, clock=lambda: time.now_s, lot=lambda: next(lots))
    service.faults = [refuses(504), refuses(429), refuses(500), refuses(503, Retry_After="soon")]
    courier.fetch(wanted(service), tmp_path / "a.pbf")
    courier.close()
    assert [s for s in time.sleeps if s > 0][::1] == [1.0, 4.0, 6.0, 8.0]


def test_a_wait_beyond_patience_is_told_and_not_kept(
    service: Service, courier: Courier, time: Time, tmp_path: Path
) -> None:
    service.faults = [refuses(429, Retry_After="7200")]
    with pytest.raises(SourceError, match="asks to be left alone for 120 minutes"):
        courier.fetch(wanted(service), tmp_path / "a.pbf")
    assert time.waits() == []


def test_requests_keep_a_gap(service: Service, courier: Courier, time: Time) -> None:
    service.files["/list"] = b"{}"
    for _ in range(3):
        assert courier.text(f"{service.url}/list", 10) == b"{}"
    assert time.sleeps == [0.0, 1.0, 1.0]


@pytest.mark.parametrize("code", [500, 502, 503, 504, 429, 408])
def test_a_service_that_stays_busy_is_given_up(
    service: Service, courier: Courier, tmp_path: Path, code: int
) -> None:
    service.faults = [refuses(code)] * 9
    with pytest.raises(SourceError, match=rf"gave no whole answer in 5 tries \(it answers {code}\)"):
        courier.fetch(wanted(service), tmp_path / "a.pbf")
    assert len(service.seen) == 5
    assert_nothing_left(tmp_path)


@pytest.mark.parametrize(
    ("code", "said"),
    [(404, "It has no such file"), (403, "does not serve"), (401, "wants a key"), (400, "Check")],
)
def test_what_another_try_does_not_mend_is_not_tried_again(
    service: Service, courier: Courier, tmp_path: Path, code: int, said: str
) -> None:
    service.faults = [refuses(code)] * 2
    with pytest.raises(SourceError, match=said):
        courier.fetch(wanted(service), tmp_path / "a.pbf")
    assert len(service.seen) == 1


def test_a_wrong_checksum_is_fetched_once_more_and_then_refused(
    service: Service, courier: Courier, tmp_path: Path
) -> None:
    with pytest.raises(SourceError, match="came twice with another checksum"):
        courier.fetch(wanted(service, md5="0" * 32), tmp_path / "a.pbf")
    assert len(service.seen) == 2
    assert_nothing_left(tmp_path)
    right = hashlib.md5(CONTENT).hexdigest()
    service.faults = [says(b"\0\0\0" + b"broken" * 10)]
    courier.fetch(wanted(service, md5=right), tmp_path / "a.pbf")
    assert (tmp_path / "a.pbf").read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<!DOCTYPE html><html>Sorry</html>", "answers with a web page"),
        (b"\n <html>", "answers with a web page"),
        (b"Not found", r"something else \(b'Not found'\)"),
        (b"\x1b[2Jxxx", r"something else \(b'\\x1b"),
    ],
)
def test_something_else_than_the_file_is_refused(
    service: Service, courier: Courier, tmp_path: Path, content: bytes, said: str
) -> None:
    service.faults = [says(content)]
    with pytest.raises(SourceError, match=said):
        courier.fetch(wanted(service), tmp_path / "a.pbf")
    assert_nothing_left(tmp_path)


def test_an_empty_answer_is_none(service: Service, courier: Courier, tmp_path: Path) -> None:
    service.faults = [says(b"")]
    with pytest.raises(SourceError, match="something else"):
        courier.fetch(wanted(service), tmp_path / "a.pbf")


def test_an_answer_without_end_is_stopped(service: Service, courier: Courier, tmp_path: Path) -> None:
    service.faults = [never_ends]
    with pytest.raises(SourceError, match="does not end after 1,000,000 bytes"):
        courier.fetch(wanted(service, most_bytes=1_000_000), tmp_path / "a.pbf")
    assert_nothing_left(tmp_path)
    service.faults = [never_ends]
    with pytest.raises(SourceError, match="answers with more than 1,000 bytes"):
        courier.text(f"{service.url}/list", 1000)


def test_a_file_that_is_too_large_is_not_begun(service: Service, courier: Courier, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"has 512,003 bytes, more than 1,000\. Not fetched"):
        courier.fetch(wanted(service, most_bytes=1000), tmp_path / "a.pbf")
    assert_nothing_left(tmp_path)


def test_silence_and_trickle_are_cut_off(service: Service, time: Time, tmp_path: Path) -> None:
    silent = Courier(Manners(tries=1, timeout_s=0.2), sleep=time.sleep)
    service.faults = [faultserver.is_silent]
    with pytest.raises(SourceError, match=r"in 1 tries \(ReadTimeout"):
        silent.fetch(wanted(service), tmp_path / "a.pbf")
    silent.close()
    ticks = iter(range(0, 10**9, 1000))
    slow = Courier(Manners(tries=1), sleep=time.sleep, clock=lambda: float(next(ticks)))
    with pytest.raises(SourceError, match="the answer trickles"):
        slow.fetch(wanted(service), tmp_path / "a.pbf")
    slow.close()


def test_a_redirect_is_followed_but_not_for_ever(service: Service, courier: Courier, tmp_path: Path) -> None:
    service.faults = [sends_to(NAME)]
    courier.fetch(wanted(service, url=f"{service.url}/latest"), tmp_path / "a.pbf")
    assert (tmp_path / "a.pbf").read_bytes() == CONTENT
    service.faults = [sends_to("/again")] * 9
    with pytest.raises(SourceError, match="is no address"):
        courier.fetch(wanted(service), tmp_path / "b.pbf")


def test_a_packed_answer_is_refused(service: Service, courier: Courier, tmp_path: Path) -> None:
    service.faults = [says(b"\0\0\0", Content_Encoding="gzip")]
    with pytest.raises(SourceError, match="answers packed though asked not to"):
        courier.fetch(wanted(service), tmp_path / "a.pbf")


def test_a_posted_query_is_never_gone_on_with(service: Service, courier: Courier, tmp_path: Path) -> None:
    service.answers["streets"] = b'{"elements": []}' + b" " * 1000
    order = Wanted(f"{service.url}/api", (b"{",), 10_000, {"data": "all streets"})
    (tmp_path / "s.json.part").write_bytes(b"junk" * 900)
    courier.fetch(order, tmp_path / "s.json")
    assert (tmp_path / "s.json").read_bytes() == service.answers["streets"]
    assert service.queries == ["all streets"]


@pytest.mark.parametrize("url", ["ftp://x/y", "file:///etc/hostname", "nothing", ""])
def test_what_is_no_address_of_the_web_is_refused(courier: Courier, url: str) -> None:
    with pytest.raises(SourceError, match="is no address"):
        courier.text(url, 10)


def test_a_service_that_is_not_there_is_given_up(courier: Courier) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(SourceError, match=r"in 5 tries \(ConnectError"):
        courier.text(f"http://127.0.0.1:{port}/", 10)
