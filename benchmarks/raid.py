"""A raid measured on both ways to serve: one process with SQLite, then several with PostgreSQL."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable

from benchmarks import live_figures, tables
from benchmarks.live_figures import Figure
from benchmarks.measurement import AbsentError
from benchmarks.servers import Server, check_descriptors, postgres, servers, settle

Measure = Callable[[list[Server], str, argparse.Namespace], list[Figure]]
"""From running servers, the name of the way to serve and what was asked to figures."""


def parser(program: str, about: str | None) -> argparse.ArgumentParser:
    """What every measurement of a raid may be asked."""
    made = argparse.ArgumentParser(f"python -m benchmarks.{program}", description=about)
    made.add_argument("--processes", type=int, default=2, help="that serve one journal in PostgreSQL")
    return made


def measure(one_way: Measure, wanted: argparse.Namespace, connections: int) -> None:
    """Measure both ways, show and keep; nothing begins before the servers have come to rest.

    Raises
    ------
    AbsentError
        The machine gives a process too few connections.
    """
    check_descriptors(connections)
    with tempfile.TemporaryDirectory() as folder:
        _one(one_way, f"{folder}/journal.sqlite", 1, "one process, SQLite", wanted)
    try:
        with postgres() as address:
            name = f"{wanted.processes} processes, PostgreSQL"
            _one(one_way, address, wanted.processes, name, wanted)
    except AbsentError as error:
        print(f"PostgreSQL: passed over, {error}.")
    live_figures.rewrite()
    print(f"Wrote {tables.rewrite().name}.")


def _one(one_way: Measure, address: str, count: int, name: str, wanted: argparse.Namespace) -> None:
    with servers(address, count) as found:
        settle(found)
        figures = one_way(found, name, wanted)
    live_figures.keep(figures)
    for figure in figures:
        print(f"{figure.how}: {figure.what}: {figure.value:.4g} {figure.unit} {figure.note}")
