"""The geocoder's client against a local server that plays Nominatim, with every fault that such a service has."""

from __future__ import annotations

import datetime
import json
import math
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from takecover.errors import InputError, SourceError
from takecover.io import geocoder, registry
from takecover.io.geocoder import Service
from takecover.workflow.check_register import CheckOrder, check_register
from takecover.workflow.read_register import Listing, geocoded

HIT = [{"lat": "50.45", "lon": "30.52", "importance": 0.4}]


@dataclass
class Played:
    """A server that gives its answers in turn: (status, headers, body); the last one for ever."""

    answers: list[tuple[int, dict[str, str], bytes]]
    asked: list[str] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def played() -> Iterator[Played]:
    state = Played([(200, {}, json.dumps(HIT).encode())])

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(parse_qs(urlsplit(self.path).query)["q"][0])
            state.agents.append(self.headers["User-Agent"])
            status, headers, body = state.answers.pop(0) if len(state.answers) > 1 else state.answers[0]
            if status == 0:
                self.connection.close()
                return
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_address[1]}/search"
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


def ask(played: Played, folder: Path, *queries: str) -> tuple[dict[str, geocoder.Answer], list[float]]:
    waited: list[float] = []
    service = Service(played.url, folder / "answers.jsonl", waited.append)
    return geocoder.ask(service, list(queries), lambda stage, share: None), waited


def test_addresses_are_asked_one_a_second_with_a_name_and_remembered(played: Played, tmp_path: Path) -> None:
    answers, waited = ask(played, tmp_path, "Нова, 1", "Нова, 2", "Нова, 1")
    assert answers["Нова, 1"] == ("Нова, 1", 30.52, 50.45, 0.4, 1)
    assert played.asked == ["Нова, 1", "Нова, 2"]
    assert waited == [1.0]
    assert played.agents[0].startswith("Takecover/")
    again, waited = ask(played, tmp_path, "Нова, 2", "Нова, 3")
    assert played.asked == ["Нова, 1", "Нова, 2", "Нова, 3"]
    assert again["Нова, 2"].lon == 30.52


def test_no_hit_and_several_hits_are_kept_apart(played: Played, tmp_path: Path) -> None:
    played.answers = [(200, {}, b"[]"), (200, {}, json.dumps(HIT * 3).encode())]
    answers, _ = ask(played, tmp_path, "nowhere", "Main St")
    assert math.isnan(answers["nowhere"].lon)
    assert (answers["nowhere"].hits, answers["Main St"].hits) == (0, 3)
    again, _ = ask(played, tmp_path, "nowhere")
    assert (len(played.asked), again["nowhere"].hits) == (2, 0)


@pytest.mark.parametrize(
    ("status", "headers", "body", "wait"),
    [
        (429, {"Retry-After": "7"}, b"", 7.0),
        (429, {"Retry-After": "99999"}, b"", 120.0),
        (429, {"Retry-After": "soon"}, b"", 2.0),
        (503, {}, b"", 2.0),
        (200, {}, b"<html>please wait</html>", 2.0),
        (200, {}, b'{"error": "busy"}', 2.0),
        (200, {}, b"[7]", 2.0),
        (200, {}, b'[{"lat": "x", "lon": "30"}]', 2.0),
        (200, {}, b'[{"lat": "NaN", "lon": "30"}]', 2.0),
        (200, {}, b'[{"lat": "95", "lon": "30"}]', 2.0),
        (200, {}, b"[" * 100_000, 2.0),
        (200, {}, b" " * 1_000_001, 2.0),
        (0, {}, b"", 2.0),
    ],
)
def test_a_fault_is_waited_out_and_tried_again(
    played: Played, tmp_path: Path, status: int, headers: dict[str, str], body: bytes, wait: float
) -> None:
    played.answers.insert(0, (status, headers, body))
    answers, waited = ask(played, tmp_path, "Нова, 1")
    assert answers["Нова, 1"].lat == 50.45
    assert waited == [wait]


@pytest.mark.parametrize(
    ("status", "tries", "said"), [(503, 4, "it answers 503"), (403, 1, "it answers 403")]
)
def test_a_service_that_stays_down_stops_the_run_and_the_next_goes_on(
    played: Played, tmp_path: Path, status: int, tries: int, said: str
) -> None:
    played.answers = [(200, {}, json.dumps(HIT).encode()), (status, {}, b"")]
    with pytest.raises(SourceError, match=f"{said}, 2 addresses before the end. What was answered is kept"):
        ask(played, tmp_path, "a", "b", "c")
    assert len(played.asked) == 1 + tries
    played.answers = [(200, {}, json.dumps(HIT).encode())]
    answers, _ = ask(played, tmp_path, "a", "b", "c")
    assert played.asked[1 + tries :] == ["b", "c"]
    assert set(answers) == {"a", "b", "c"}


def test_a_service_that_never_answers_is_given_up(
    played: Played, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*arguments: Any, **more: Any) -> None:
        raise TimeoutError("timed out")

    monkeypatch.setattr(geocoder, "urlopen", silent)
    with pytest.raises(SourceError, match="it does not answer"):
        ask(played, tmp_path, "a")


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "ftp://x/y", "host/search", "http://"])
def test_only_an_address_of_the_web_is_asked(tmp_path: Path, url: str) -> None:
    with pytest.raises(InputError, match="is no address"):
        geocoder.ask(Service(url, tmp_path / "a", lambda s: None), ["x"], lambda stage, share: None)


def test_broken_lines_of_the_memory_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    good = '{"query": "a", "lon": 30, "lat": 50, "confidence": null, "hits": 1}'
    path.write_text(
        f'{good}\n{{"query": "b", "lo\n7\n{good.replace("50", "500")}\n{"[" * 100_000}\n', encoding="utf-8"
    )
    assert list(geocoder.remembered(path)) == ["a"]


def test_rows_without_coordinates_are_placed_and_withheld_ones_never_asked(
    played: Played, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "address;lat;lon;withheld\nНова, 1, 044 123-45-67;;;no\nТаємна, 2;;;yes\nЛипова, 3;50.1;30.1;no\n",
        encoding="utf-8",
    )
    listing = Listing(geocoder=played.url, geocoder_place="Kyiv", geocoder_cache=tmp_path / "answers.jsonl")
    told: list[tuple[str, float]] = []
    found, said = geocoded(
        registry.read(path),
        None,
        listing,
        (),
        lambda stage, share: told.append((stage, share)),
        lambda s: None,
    )
    assert told == [("asking the geocoder", 0.0)]
    assert played.asked == ["Нова, 1, Kyiv"]
    assert np.isnan(found.shelters.lon).tolist() == [False, True, False]
    assert (
        "1 of 1 rows without coordinates were placed by their address (0 of them with several hits" in said[0]
    )


def test_the_check_of_a_list_tells_how_far_the_geocoder_is(played: Played, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("address;capacity;lat;lon\nНова, 1;10;;\n", encoding="utf-8")
    listing = Listing(geocoder=played.url, geocoder_cache=tmp_path / "answers.jsonl")
    order = CheckOrder(tmp_path / "out", datetime.date(2026, 12, 1), shelters=path, listing=listing)
    stages: list[str] = []
    check_register(order, lambda stage, share: stages.append(stage))
    assert "asking the geocoder" in stages
