"""How fast a year's journal opens: ``python -m benchmarks.journal --folder DIR [--events N] [--address URL]``.

Writes a modelled year (2 million events of 4,353 shelters, feeds and incidents by a seed) where none is yet, folds it
once so that snapshots are there, and then times an opening in a process of its own, by the clock and by the processor.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

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

SHELTERS = 4_353
BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
YEAR_S = 365 * 86_400
SEED = 5
BATCH = 5_000


def main() -> None:
    """Write, fold, open, and print what it took."""
    parser = argparse.ArgumentParser("python -m benchmarks.journal", description="Open a year's journal.")
    parser.add_argument("--folder", type=Path, required=True, help="where the journal is kept")
    parser.add_argument("--events", type=int, default=2_000_000)
    parser.add_argument("--address", help="of the journal; a SQLite file in the folder where not given")
    parser.add_argument("--open-only", action="store_true", help="time one opening, and nothing else")
    asked = parser.parse_args()
    address = asked.address or str(asked.folder / f"year-{asked.events}.sqlite")
    if asked.open_only:
        print(json.dumps(_opened(address)))
        return
    began = time.process_time()
    if _fill(address, asked.events):
        print(f"wrote {asked.events:,} events: {time.process_time() - began:.1f} s of processor")
    first = _opened(address)
    print(f"first opening, snapshots made: {first}")
    words = ["--folder", str(asked.folder), "--address", address]
    for _ in range(3):
        answer = subprocess.run(
            [sys.executable, "-m", "benchmarks.journal", *words, "--open-only"],
            check=True,
            capture_output=True,
            text=True,
        )
        print(f"opening in a new process: {answer.stdout.strip()}")


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


def _fill(address: str, count: int) -> bool:
    """Write the year, unless it is there; the lines are made here and put in as an import would."""
    journal = open_journal(address)
    head = journal.head()
    if head.seq:
        journal.close()
        return False
    previous, seq = head.hash, 0
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
    return True


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
    main()
