"""PostgreSQL restarted or cut off in mid-raid: reads go on with their age, writes wait or are refused, all once."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from clusters import Cluster
from journal import RULES, at, draft, shelter
from takecover.errors import StoreError
from takecover.store.follower import Follower
from takecover.store.opening import open_journal
from takecover.workflow.journal import verify


def test_reads_go_on_with_their_age_and_writes_are_refused_while_the_server_is_down(
    postgres: Cluster,
) -> None:
    address = postgres.emptied()
    minutes = [0.0]
    journal = open_journal(address, patience_s=0.3, now=lambda: at(minutes[0]))
    journal.append(draft("e-1", shelter("shut")))
    follower = Follower(journal, RULES, lambda: at(minutes[0]))
    postgres.stop()
    try:
        minutes[0] = 7
        found = follower.refresh()
        assert found.situation.seq == 1
        assert (found.read_at, found.age(at(7))) == (at(0), at(7) - at(0))
        assert found.failure
        assert follower.wait(0.1).situation.seq == 1
        with pytest.raises(
            StoreError, match="Send it again with the same event_id: it will be recorded once"
        ):
            journal.append(draft("e-2", shelter("open"), 7))
    finally:
        postgres.start()
    journal.append(draft("e-2", shelter("open"), 7))
    found = follower.refresh()
    assert (found.situation.seq, found.failure, found.age(at(7))) == (2, "", at(0) - at(0))
    assert verify(journal).seq == 2
    journal.close()


def test_a_write_waits_for_a_server_that_comes_back_in_time(postgres: Cluster) -> None:
    journal = open_journal(postgres.emptied(), patience_s=60)
    journal.append(draft("e-1", shelter("shut")))
    postgres.stop()
    back = threading.Timer(0.5, postgres.start)
    back.start()
    assert journal.append(draft("e-2", shelter("open")))[0].seq == 2
    back.join()
    assert verify(journal).seq == 2
    journal.close()


def test_connections_cut_off_one_after_the_other_lose_and_double_nothing(postgres: Cluster) -> None:
    journal = open_journal(postgres.emptied(), patience_s=30)
    stop = threading.Event()

    def cut() -> None:
        while not stop.is_set():
            postgres.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'takecover'"
            )
            stop.wait(0.5)

    cutter = threading.Thread(target=cut)
    cutter.start()
    try:
        seqs = [journal.append(draft(f"e-{n}", shelter("open")))[0].seq for n in range(20)]
    finally:
        stop.set()
        cutter.join()
    assert seqs == list(range(1, 21))
    assert verify(journal).seq == 20
    journal.close()


@contextmanager
def losing_answers(cluster: Cluster) -> Iterator[tuple[str, threading.Event]]:
    """A way to the server that, when armed, lets one COMMIT through and loses the answer."""
    armed, door = threading.Event(), socket.create_server(("127.0.0.1", 0))

    def carry(client: socket.socket, server: socket.socket, is_lost: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while data := client.recv(65536):
                if armed.is_set() and b"COMMIT" in data:
                    armed.clear()
                    is_lost.set()
                server.sendall(data)
                if is_lost.is_set():
                    time.sleep(0.3)  # the server has done it by then
                    break
        for end in (client, server):
            end.close()

    def answer(server: socket.socket, client: socket.socket, is_lost: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while (data := server.recv(65536)) and not is_lost.is_set():
                client.sendall(data)

    def accept() -> None:
        while True:
            try:
                client, _ = door.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(str(cluster.folder / ".s.PGSQL.5432"))
            is_lost = threading.Event()
            threading.Thread(target=carry, args=(client, server, is_lost), daemon=True).start()
            threading.Thread(target=answer, args=(server, client, is_lost), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"postgresql://takecover@127.0.0.1:{door.getsockname()[1]}/postgres?sslmode=disable", armed
    finally:
        door.close()


def test_an_answer_lost_after_the_commit_is_sent_again_and_recorded_once(postgres: Cluster) -> None:
    postgres.emptied()
    with losing_answers(postgres) as (address, armed):
        journal = open_journal(address, patience_s=10)
        journal.append(draft("e-1", shelter("open")))
        armed.set()
        found = journal.append(draft("e-2", shelter("shut"), words={"note": "x"}))
        assert not armed.is_set()
        assert found[0].seq == 2
        assert [event.event_id for event in journal.read()] == ["e-1", "e-2"]
        assert verify(journal).seq == 2
        journal.close()


def test_a_writer_that_holds_the_head_for_too_long_makes_others_wait_and_then_say_so(
    postgres: Cluster,
) -> None:
    from sqlalchemy import text

    address = postgres.emptied()
    slow, other = open_journal(address), open_journal(address, patience_s=0.3)
    with slow.place.writer.begin() as connection:
        connection.execute(text("SELECT * FROM head FOR UPDATE"))
        with pytest.raises(StoreError, match="lock timeout"):
            other.append(draft("e-1", shelter("open")))
        assert list(other.read()) == []
    assert other.append(draft("e-1", shelter("open")))[0].seq == 1
    slow.close()
    other.close()
