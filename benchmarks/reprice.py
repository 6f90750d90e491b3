"""One shelter shuts in a raid: from the report that is sent to new prices on the stream of a real server."""

from __future__ import annotations

import http.client
import json
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from benchmarks.measurement import OURS, AbsentError, Case, Measurement, Wanted
from benchmarks.servers import KEY, TOKEN, servers, settle
from takecover.settings import Secret
from takecover.workflow.live.links import Link
from takecover.workflow.load_city import load_city

CITIES = {"small": "model-kyiv-small", "medium": "model-kyiv-medium", "full": "model-kyiv-full"}
SHELTERS = 200
AGAIN_AFTER = 20
"""The alert is said again after so many shelters, so that it stays on."""

STEP = "a shelter shuts: report to prices on the stream"
PATIENCE_S = 300.0


def cases(wanted: Wanted) -> list[Case]:
    """One for each size of Model Kyiv."""
    return [Case(size, partial(_measure, size)) for size in wanted.sizes if size in CITIES]


def _measure(size: str) -> list[Measurement]:
    """Shut so many public shelters one after the other."""
    table = load_city(CITIES[size]).shelters
    shown = [str(each) for each in table.shelter_ids[~table.is_withheld]]
    shut = shown[:: max(1, len(shown) // SHELTERS)][:SHELTERS]
    with (
        tempfile.TemporaryDirectory() as folder,
        servers(f"{folder}/journal.sqlite", 1, CITIES[size]) as (server,),
    ):
        settle([server])
        stream = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_S)
        stream.request("GET", "/api/v1/stream")
        news = _changes(stream.getresponse())
        began = time.monotonic()
        _alert(server.port)
        _prices_after(news, None)
        first_s = time.monotonic() - began
        seconds = []
        for number, shelter_id in enumerate(shut):
            if number % AGAIN_AFTER == AGAIN_AFTER - 1:
                _alert(server.port)
            began = time.monotonic()
            _report(server.port, shelter_id)
            _prices_after(news, shelter_id)
            seconds.append(time.monotonic() - began)
        stream.close()
        peak_mb = server.resident_kb() * 1024 / 1e6
    note = f"{len(shut)} shelters, ticks included; first prices {first_s:.1f} s after the first alert"
    return [
        Measurement("reprice", "model-kyiv", size, STEP, OURS, tuple(seconds), peak_rss_mb=peak_mb, note=note)
    ]


def _changes(answer: http.client.HTTPResponse) -> Iterator[dict[str, Any]]:
    """What comes on a stream."""
    name = ""
    while line := answer.readline().decode():
        if line.startswith("event: "):
            name = line.removeprefix("event: ").strip()
        elif line.startswith("data: ") and name == "change":
            yield json.loads(line.removeprefix("data: "))


def _prices_after(news: Iterator[dict[str, Any]], shelter_id: str | None) -> None:
    """Read on until a set is there that was begun when the shelter was shown shut; any set where None."""
    seen_ms = 0 if shelter_id is None else None
    for change in news:
        if seen_ms is None and any(
            each["shelter_id"] == shelter_id and each["status"] == "shut" for each in change["shelters"]
        ):
            seen_ms = change["version"]
        for each in change["prices"]:
            as_of_ms = datetime.fromisoformat(each["as_of"]).timestamp() * 1000
            if each["is_current"] and seen_ms is not None and as_of_ms >= seen_ms:
                return
    raise AbsentError("the stream ended before there were prices")


def _alert(port: int) -> None:
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}+00:00"
    cap = (
        '<?xml version="1.0" encoding="UTF-8"?><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
        f"<identifier>P-{time.monotonic_ns()}</identifier><sender>city@load</sender><sent>{now}</sent>"
        "<status>Exercise</status><msgType>Alert</msgType><scope>Public</scope><info><category>Security</category>"
        "<event>Drone attack</event><urgency>Immediate</urgency><severity>Extreme</severity>"
        "<certainty>Observed</certainty></info></alert>"
    )
    _post(port, "/api/v1/alerts", TOKEN, "application/cap+xml", cap)


def _report(port: int, shelter_id: str) -> None:
    now = datetime.now(UTC)
    token = Link("warden", shelter_id, (now + timedelta(days=1)).date()).token(Secret(KEY))
    said = {"event_id": f"reprice-{shelter_id}", "effective_at": now.isoformat(), "status": "shut"}
    _post(port, "/api/v1/reports", token, "application/json", json.dumps(said))


def _post(port: int, path: str, token: str, kind: str, body: str) -> None:
    """Send something that must be taken."""
    sender = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": kind}
    sender.request("POST", path, body.encode(), headers)
    answer = sender.getresponse()
    if answer.status != 200:
        raise RuntimeError(f"{path}: answered {answer.status}: {answer.read().decode()}")
    sender.close()
