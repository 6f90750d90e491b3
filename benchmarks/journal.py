"""How fast a year's journal opens, in SQLite and in PostgreSQL: 2 million events of shelters, feeds and incidents.

The year is modelled by a seed and written as an import would. Each opening is a process of its own, timed by the clock
and by the processor: the first folds everything and leaves snapshots, the others begin with the newest of them.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.measurement import OURS, Case, Measurement, Wanted
from benchmarks.servers import postgres
from takecover.analysis.situation import default_rules
from takecover.model import event as events
from takecover.model import event_rules
from takecover.model.event import Draft
from takecover.model.event_line import Record
from takecover.model.event_payloads import (
    AlertIssued,
    AllClear,
    DoorReported,
    FeedHeard,
    IncidentReported,
    Payload,
    PeopleCounted,
    ShelterReported,
)
from takecover.store.opening import open_journal
from takecover.store.situations import open_situation

PART = "journal"
EVENTS = 2_000_000
SHELTERS = 4_353
BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
YEAR_S = 365 * 86_400
SEED = 5
BATCH = 5_000


def cases(wanted: Wanted) -> list[Case]:
    """One case for each database."""
    return [
        Case("a year in SQLite", partial(_in_sqlite, wanted.runs)),
        Case("a year in PostgreSQL", partial(_in_postgres, wanted.runs)),
    ]


def _in_sqlite(runs: int) -> list[Measurement]:
    with tempfile.TemporaryDirectory() as folder:
        return _measured("SQLite", str(Path(folder) / "year.sqlite"), runs)


def _in_postgres(runs: int) -> list[Measurement]:
    with postgres() as address:
        return _measured("PostgreSQL", address, runs)


def _measured(where: str, address: str, runs: int) -> list[Measurement]:
    """Write the year, fold it once, and open it so many times."""
    _fill(address, EVENTS)
    first = _apart(address)
    later = [_apart(address) for _ in range(runs)]
    return [
        _row(f"first opening, {where}", [first], "everything folded, snapshots made"),
        _row(f"opening, {where}", later, "from the newest snapshot"),
    ]


def _row(step: str, told: list[dict[str, Any]], note: str) -> Measurement:
    processor_s = max(each["processor_s"] for each in told)
    return Measurement(
        PART,
        "a year",
        f"{EVENTS} events",
        step,
        OURS,
        tuple(each["wall_s"] for each in told),
        peak_rss_mb=max(each["peak_mb"] for each in told),
        objective=f"{told[0]['events']} events, {told[0]['entries']} of them needed",
        note=f"{note}; at most {processor_s:.2f} s of the processor",
    )


def _apart(address: str) -> dict[str, Any]:
    """One opening in a new process."""
    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks.journal", address], check=True, capture_output=True, text=True
    )
    told: dict[str, Any] = json.loads(ended.stdout)
    return told


def _opened(address: str) -> dict[str, float]:
    """One opening: wall and processor time [s], memory [MB], and what was there."""
    wall, processor = time.perf_counter(), time.process_time()
    journal = open_journal(address)
    situation = open_situation(journal, default_rules())
    told = {
        "wall_s": round(time.perf_counter() - wall, 2),
        "processor_s": round(time.process_time() - processor, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000),
        "events": situation.seq,
        "entries": sum(len(trail) for trail in situation.real.trails.values()),
    }
    journal.close()
    return told


def _fill(address: str, count: int) -> None:
    """Write the year; the lines are made here and put in as an import would."""
    journal = open_journal(address)
    previous, seq = journal.head().hash, 0
    year = _year(count)
    while part := list(islice(year, BATCH)):
        records, made = [], []
        for draft in part:
            seq += 1
            content = events.body(draft, seq, draft.effective_at, {}, previous)
            event = event_rules.stored(json.loads(content), content)
            previous = event.hash
            made.append(event)
            records.append(Record(seq, event.event_id, event.payload.kind, "", content, event.hash, {}))
        journal.put_records(journal.journal_id, records, made)
    journal.close()


def _year(count: int) -> Iterator[Draft]:
    """Drafts of a year in order of time: most are counts and states, some doors, alerts, feeds, a few incidents."""
    luck = random.Random(SEED)
    for number in range(count):
        when = BEGIN + timedelta(seconds=number * YEAR_S / count)
        payload, source, actor_id = _said(luck, number)
        yield Draft(f"y-{number}", when, source, actor_id, payload)


def _said(luck: random.Random, number: int) -> tuple[Payload, str, str]:
    shelter_id = f"S-{luck.randrange(SHELTERS):04d}"
    kind = luck.random()
    warden = (f"warden:{shelter_id}", f"link:{shelter_id}")
    if kind < 0.45:
        return PeopleCounted(shelter_id, luck.randrange(900)), *warden
    if kind < 0.80:
        return ShelterReported(shelter_id, luck.choice(("open", "filling", "full", "shut"))), *warden
    if kind < 0.97:
        return (
            DoorReported(shelter_id, f"{shelter_id}-1", luck.choice(("open", "shut"))),
            f"sensor:{shelter_id}",
            "",
        )
    if kind < 0.98:
        return FeedHeard("heard", BEGIN), "feed:a", ""
    if kind < 0.989:
        return AlertIssued(f"A-{number}", "Actual", "drone", "enter", ("kyiv",), (), None, None), "feed:a", ""
    if kind < 0.999:
        return AllClear("Actual", (), "drone", ("kyiv",)), "feed:a", ""
    return IncidentReported(f"I-{number}", "fire", "reported", None, None), "officer:duty", "user:1"


if __name__ == "__main__":
    print(json.dumps(_opened(sys.argv[1])))
