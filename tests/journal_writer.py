"""A process that writes to a journal until it is killed, and says what was acknowledged: for the tests that kill it."""

from __future__ import annotations

import os
from multiprocessing.connection import Connection

from journal import NIGHT, draft, shelter
from takecover.model.event_payloads import Erased, ErasureAsked, PeopleCounted
from takecover.store.opening import open_journal


def write_until_killed(address: str, name: str, pipe: Connection) -> None:
    """Append events of all sizes, one after the other; each id goes to a pipe only after the append came back.

    Parameters
    ----------
    address
        Of the journal.
    name
        Head of the ids, so that no two processes use the same.
    pipe
        Takes the ids, one a line.
    """
    answer = pipe.fileno()
    os.write(answer, b"begun\n")
    journal = open_journal(address, patience_s=30, now=lambda: NIGHT)
    number = 0
    while True:
        number += 1
        drafts = [draft(f"{name}.{number}.{n}", PeopleCounted("S1", n)) for n in range(number % 4)]
        drafts.append(
            draft(f"{name}.{number}", shelter("shut"), words={"note": f"words of {name}.{number}" * 20})
        )
        journal.append(*drafts)
        os.write(answer, "".join(f"{each.event_id}\n" for each in drafts).encode())
        if number % 5 == 0:
            _erase(journal, f"{name}.{number}", answer)


def _erase(journal: object, event_id: str, answer: int) -> None:
    """Two people erase the words just written."""
    asked = draft(
        f"{event_id}.ask", ErasureAsked(event_id, ("note",), "request"), 0, "officer:duty", "user:1"
    )
    erased = draft(
        f"{event_id}.erased", Erased(asked.event_id, "user:1", event_id), 0, "officer:duty", "user:2"
    )
    for each in (asked, erased):
        journal.append(each)  # type: ignore[attr-defined]
        os.write(answer, f"{each.event_id}\n".encode())
