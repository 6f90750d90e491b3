"""Public reads, 2,000 a second: ``python -m benchmarks.reads_load [--per-second N] [--seconds S]``.

The state holds an alert and a report of 500 wardens; readers take it packed, from a process of their own on the same
machine. One process with SQLite, then several with PostgreSQL. Figures go to ``results/live.csv``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from statistics import quantiles
from typing import Any

from benchmarks import raid
from benchmarks.live_figures import Figure
from benchmarks.servers import Server, asked, child, settle
from benchmarks.stream_load import sent

CONNECTIONS = 100


def main() -> None:
    """Measure on both ways to serve."""
    parser = raid.parser("reads_load", __doc__)
    parser.add_argument("--per-second", type=int, default=2_000)
    parser.add_argument("--seconds", type=float, default=10.0)
    raid.measure(_measure, parser.parse_args(), CONNECTIONS)


def _measure(found: list[Server], name: str, wanted: argparse.Namespace) -> list[Figure]:
    """Readings of one way to serve; prices are made meanwhile, for an alert is on."""
    ports = [each.port for each in found]
    with child("benchmarks.crowd_client") as senders:
        asked(senders, {"ports": ports, "streams": 1})
        asked(senders, sent(0, 500))
    settle(found)
    before_s = sum(each.processor_s() for each in found)
    told = _read(found, wanted)
    processor_s = sum(each.processor_s() for each in found) - before_s
    cuts = quantiles(told["took_s"], n=100)
    what = f"{wanted.per_second:,} reads a second"
    return [
        Figure("reads", f"{what}: median", name, cuts[49] * 1000, "ms"),
        Figure("reads", f"{what}: p95", name, cuts[94] * 1000, "ms"),
        Figure("reads", f"{what}: p99", name, cuts[98] * 1000, "ms"),
        Figure("reads", f"{what}: the slowest", name, max(told["took_s"]) * 1000, "ms"),
        Figure("reads", f"{what}: errors", name, told["wrong"], "", f"of {len(told['took_s']):,}"),
        Figure("reads", f"{what}: reached", name, len(told["took_s"]) / told["seconds"], "reads/s"),
        Figure("reads", f"{what}: processor of the server", name, processor_s / told["seconds"], "cores"),
        Figure(
            "reads", f"{what}: bytes of an answer", name, told["bytes"] / 1000, "kB", "packed, with its head"
        ),
    ]


def _read(found: list[Server], wanted: argparse.Namespace) -> dict[str, Any]:
    order = {
        "ports": [each.port for each in found],
        **{"per_s": wanted.per_second, "seconds": wanted.seconds, "connections": CONNECTIONS},
    }
    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks.reads_client"],
        input=json.dumps(order) + "\n",
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    answer: dict[str, Any] = json.loads(ended.stdout)
    return answer


if __name__ == "__main__":
    main()
