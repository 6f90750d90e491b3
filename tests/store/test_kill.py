"""Killed 200 times on each database: nothing acknowledged is lost, nothing is there in part, the chain holds."""

from __future__ import annotations

import multiprocessing
import multiprocessing.context
import os
import random
import select
import signal
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from clusters import Cluster
from journal_writer import write_until_killed
from takecover.store.journal import SqlJournal
from takecover.store.opening import open_journal
from takecover.workflow.journal import verify

KILLS = 200
SEED = 20230530
LONGEST_S = 0.15
"""A writer lives at most so long after it was started; the moment of its death is drawn by lot."""


def _nursery() -> multiprocessing.context.ForkServerContext:
    """Children that start in milliseconds, with everything imported."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["journal_writer"])
    return context


class _Writer:
    """A process that writes, and the pipe by which it says what was acknowledged."""

    def __init__(self, context: multiprocessing.context.ForkServerContext, address: str, name: str) -> None:
        reading, writing = os.pipe()
        self.pipe = os.fdopen(reading, "rb")
        connection = Connection(writing, readable=False)
        self.process = context.Process(
            target=write_until_killed, args=(address, name, connection), daemon=True
        )
        self.process.start()
        connection.close()
        assert select.select([self.pipe], [], [], 60)[0]
        assert self.pipe.readline() == b"begun\n"

    def first(self) -> list[str]:
        """Wait for the first acknowledgement: it is at work from then on."""
        return self.pipe.readline().decode().split()

    def killed(self) -> list[str]:
        """Kill it where it stands; the ids that it had acknowledged by then."""
        os.kill(self.process.pid or 0, signal.SIGKILL)
        self.process.join()
        with self.pipe:
            said = self.pipe.read().decode()
        return said[: said.rfind("\n") + 1].split()


def _check(address: str, acknowledged: list[str]) -> int:
    """The journal is whole, holds all that was acknowledged, and of each append all or nothing; gives its length."""
    journal = open_journal(address)
    found = verify(journal)
    assert found.withheld == 0
    there = [event.event_id for event in journal.read()]
    assert len(set(there)) == len(there) == found.seq
    assert set(acknowledged) <= set(there)
    _whole(journal, there)
    journal.close()
    return found.seq


def _whole(journal: SqlJournal, there: list[str]) -> None:
    """No append is there in part, and the words of each event are there unless they were erased."""
    known = set(there)
    for event_id in there:
        name, _, rest = event_id.partition(".")
        parts = rest.split(".")
        if len(parts) == 1:
            number = int(parts[0])
            assert all(f"{name}.{number}.{n}" in known for n in range(number % 4))
    with_words = [event_id for event_id in there if event_id.count(".") == 1]
    found = journal.words(with_words)
    for event_id in with_words:
        assert (event_id in found) != (f"{event_id}.erased" in known)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_writer_killed_at_random_moments_loses_nothing_that_was_acknowledged(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    address = (
        f"sqlite:///{tmp_path / 'j.sqlite'}"
        if kind == "sqlite"
        else request.getfixturevalue("postgres").emptied()
    )
    open_journal(address).close()
    luck, context = random.Random(SEED), _nursery()
    acknowledged: list[str] = []
    for number in range(KILLS):
        writer = _Writer(context, address, f"w{number}")
        if number % 5:  # every fifth dies while it opens the journal, or soon after
            acknowledged += writer.first()
        time.sleep(luck.uniform(0, LONGEST_S))
        acknowledged += writer.killed()
        if number % 50 == 49:
            _check(address, acknowledged)
    length = _check(address, acknowledged)
    print(f"{kind}: {KILLS} kills, {len(acknowledged)} acknowledged, {length} there")
    assert len(acknowledged) > KILLS


def test_a_server_killed_under_writes_loses_nothing_that_was_acknowledged(postgres: Cluster) -> None:
    address = postgres.emptied()
    open_journal(address).close()
    context, luck = _nursery(), random.Random(SEED)
    acknowledged: list[str] = []
    for number in range(5):
        writer = _Writer(context, address, f"w{number}")
        acknowledged += writer.first()
        time.sleep(luck.uniform(0, 0.3))
        postgres.restart()
        time.sleep(0.3)
        acknowledged += writer.killed()
        _check(address, acknowledged)
    assert len(acknowledged) > 50
