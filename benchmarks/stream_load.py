"""From a posted alert to the last of 10,000 streams: ``python -m benchmarks.stream_load [--streams N] [--rounds N]``.

In each round an alert is posted while 500 wardens report, from clients in a process of their own on the same machine.
One process with SQLite, then several with PostgreSQL. Figures go to ``results/live.csv``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from datetime import UTC, datetime, timedelta
from statistics import quantiles
from typing import Any

from benchmarks import raid
from benchmarks.live_figures import Figure
from benchmarks.servers import CITY, KEY, TOKEN, Server, asked, child, settle
from takecover.settings import Secret
from takecover.workflow.live.links import Link
from takecover.workflow.load_city import load_city

WORDS = ("filling", "full", "open", "shut")


def main() -> None:
    """Measure on both ways to serve."""
    parser = raid.parser("stream_load", __doc__)
    parser.add_argument("--streams", type=int, default=10_000)
    parser.add_argument("--wardens", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    wanted = parser.parse_args()
    raid.measure(_measure, wanted, wanted.streams)


def _measure(found: list[Server], name: str, wanted: argparse.Namespace) -> list[Figure]:
    """All rounds of one way to serve."""
    before_kb = sum(each.resident_kb() for each in found)
    order = {"ports": [each.port for each in found], "streams": wanted.streams}
    with child("benchmarks.crowd_client") as clients:
        told = asked(clients, order)
        each_kb = (sum(each.resident_kb() for each in found) - before_kb) / wanted.streams
        alone, busy = [], []
        for number in range(wanted.rounds):
            alone.append(_round(clients, found, 2 * number, 0))
            busy.append(_round(clients, found, 2 * number + 1, wanted.wardens))
    return [
        Figure("stream", f"{wanted.streams:,} streams, opened", name, told["took_s"], "s"),
        Figure("stream", f"{wanted.streams:,} streams: memory of the server for each", name, each_kb, "kB"),
        *_figures(name, f"{wanted.streams:,} streams, an alert alone", alone),
        *_figures(name, f"{wanted.streams:,} streams, an alert while {wanted.wardens} wardens report", busy),
    ]


def _round(clients: subprocess.Popen[str], found: list[Server], number: int, wardens: int) -> dict[str, Any]:
    """One round, begun at rest, and the processor time that the servers took until every sender had its answer."""
    settle(found)
    before_s = sum(each.processor_s() for each in found)
    told = asked(clients, sent(number, wardens))
    told["processor_s"] = sum(each.processor_s() for each in found) - before_s
    return told


def _figures(name: str, what: str, rounds: list[dict[str, Any]]) -> list[Figure]:
    """Of the round whose last client had it soonest but for half: the median round."""
    ranked = sorted(rounds, key=lambda told: max(told["streams_s"]))
    told = ranked[len(ranked) // 2]
    times = sorted(told["streams_s"])
    cuts = quantiles(times, n=100)
    note = f"median of {len(rounds)} rounds; worst {max(ranked[-1]['streams_s']):.2f} s"
    return [
        Figure("stream", f"{what}: half of the clients", name, cuts[49], "s"),
        Figure("stream", f"{what}: 95 % of the clients", name, cuts[94], "s"),
        Figure("stream", f"{what}: 99 % of the clients", name, cuts[98], "s"),
        Figure("stream", f"{what}: the last client", name, times[-1], "s", note),
        Figure("stream", f"{what}: processor time of the server", name, told["processor_s"], "s"),
    ]


def sent(number: int, wardens: int) -> dict[str, Any]:
    """What a round sends: an alert told apart by its onset, and a report of each warden."""
    onset = datetime(2026, 11, 25, 2, 0, tzinfo=UTC) + timedelta(seconds=number)
    now = datetime.now(UTC)
    cap = (
        '<?xml version="1.0" encoding="UTF-8"?><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
        f"<identifier>L-{number}</identifier><sender>city@load</sender><sent>{now:%Y-%m-%dT%H:%M:%S}+00:00</sent>"
        "<status>Exercise</status><msgType>Alert</msgType><scope>Public</scope><info><category>Security</category>"
        "<event>Drone attack</event><urgency>Immediate</urgency><severity>Extreme</severity>"
        f"<certainty>Observed</certainty><onset>{onset:%Y-%m-%dT%H:%M:%S}+00:00</onset></info></alert>"
    )
    head = f"Authorization: Bearer {TOKEN}\r\nContent-Type: application/cap+xml"
    until, key = (now + timedelta(days=30)).date(), Secret(KEY)
    shelters = load_city(CITY).shelters
    shown = [str(each) for each in shelters.shelter_ids[~shelters.is_withheld]]
    reports = []
    for warden in range(wardens):
        link = Link("warden", shown[warden % len(shown)], until, 1 + warden // len(shown))
        said = {
            "event_id": f"load-{number:04d}-{warden:04d}",
            "effective_at": now.isoformat(),
            "status": WORDS[number // 2 % len(WORDS)],
        }
        lines = f"Authorization: Bearer {link.token(key)}\r\nContent-Type: application/json"
        reports.append(_request("/api/v1/reports", lines, json.dumps(said)))
    marker = f'"onset_at":"{onset:%Y-%m-%dT%H:%M:%S}'
    return {"alert": _request("/api/v1/alerts", head, cap), "reports": reports, "marker": marker}


def _request(path: str, head: str, body: str) -> str:
    size = len(body.encode())
    return f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{head}\r\nContent-Length: {size}\r\n\r\n{body}"


if __name__ == "__main__":
    main()
