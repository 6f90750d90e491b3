"""Servers under load: started as a person starts them, watched from outside."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measurement import AbsentError
from takecover.settings import ALERT_TOKEN, LINK_KEY

TOKEN = "a token for measurements alone"
KEY = "a key that signs links for measurements alone"
CITY = "model-kyiv-small"
SETTLES_S = 180.0
AT_REST = 0.05
"""Share of a core that a server at rest takes at most: it looks at the journal and at ages."""

_START = "from takecover.cli import main; main()"


@dataclass(frozen=True)
class Server:
    """One running server.

    Attributes
    ----------
    pid
        Its process.
    port
        Where it listens.
    """

    pid: int
    port: int

    def resident_kb(self) -> int:
        """Memory that it holds now [kB]."""
        for line in Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        raise OSError("VmRSS is not told by this system.")

    def processor_s(self) -> float:
        """Time of the processor that it has used [s]."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def settle(found: list[Server]) -> None:
    """Wait until servers have come to rest: nothing is compiled, read in or priced any more.

    Raises
    ------
    RuntimeError
        They do not.
    """
    give_up = time.monotonic() + SETTLES_S
    while time.monotonic() < give_up:
        before_s = sum(each.processor_s() for each in found)
        time.sleep(1.0)
        if sum(each.processor_s() for each in found) - before_s <= AT_REST * len(found):
            return
    raise RuntimeError(f"The servers did not come to rest within {SETTLES_S:.0f} s.")


def check_descriptors(connections: int) -> None:
    """Refuse where this machine gives a process too few connections.

    Raises
    ------
    AbsentError
        It does; what to do is said.
    """
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if most < connections + 1_000:
        raise AbsentError(
            f"a process may open {most:,} files, {connections + 1_000:,} are needed (ulimit -Hn)"
        )
    first, last = map(int, Path("/proc/sys/net/ipv4/ip_local_port_range").read_text("ascii").split())
    if last - first < connections + 2_000:
        raise AbsentError(
            f"{last - first:,} local ports are free for clients, {connections + 2_000:,} are needed"
        )


@contextmanager
def servers(address: str, count: int, city: str = CITY) -> Iterator[list[Server]]:
    """So many processes that serve one journal, until the body ends."""
    environment = {**os.environ, ALERT_TOKEN: TOKEN, LINK_KEY: KEY}
    command = [
        sys.executable,
        "-c",
        _START,
        "serve",
        city,
        "--exercise",
        "--no-night",
        "--port",
        "0",
        "--journal",
        address,
    ]
    processes: list[subprocess.Popen[str]] = []
    try:
        found = []
        for _ in range(count):
            process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
            processes.append(process)
            found.append(Server(process.pid, _port(process)))
        yield found
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(30)


def _port(process: subprocess.Popen[str]) -> int:
    """Where it says that it listens, once it does."""
    port = 0
    for line in process.stdout or ():
        if "/api/v1/state" in line:
            port = int(line.rpartition("/api/")[0].rpartition(":")[2])
        if line.startswith("Ctrl-C"):
            return port
    raise RuntimeError("The server did not come up.")


@contextmanager
def child(module: str) -> Iterator[subprocess.Popen[str]]:
    """A program of ours that answers orders line by line, until the body ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", module], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def asked(process: subprocess.Popen[str], order: dict[str, Any]) -> dict[str, Any]:
    """Its answer to an order.

    Raises
    ------
    RuntimeError
        It ended without one.
    """
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("The program has no pipes.")
    print(json.dumps(order), file=process.stdin, flush=True)
    line = process.stdout.readline()
    if not line:
        raise RuntimeError("The program ended without an answer; what it said is above.")
    answer: dict[str, Any] = json.loads(line)
    return answer


@contextmanager
def postgres() -> Iterator[str]:
    """Address of a PostgreSQL server of our own, until the body ends.

    Raises
    ------
    AbsentError
        Its programs are not on this machine.
    """
    sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
    from clusters import Cluster, binaries

    programs = binaries()
    if programs is None:
        raise AbsentError("PostgreSQL's programs are not on this machine")
    cluster = Cluster(programs)
    try:
        yield cluster.address()
    finally:
        cluster.close()
