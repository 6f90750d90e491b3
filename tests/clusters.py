"""A PostgreSQL server of the tests' own: a fresh cluster in a temporary folder, reached by a socket there."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

PLACES = (Path("/usr/lib/postgresql"), Path("/usr/local/pgsql"))
SETTINGS = (
    "listen_addresses = ''",
    "max_connections = 40",
    "shared_buffers = 32MB",
    "log_min_messages = fatal",
)


def binaries() -> Path | None:
    """Folder of PostgreSQL's programs, the newest version; None where it is not installed."""
    found = [path for place in PLACES for path in sorted(place.glob("**/bin/initdb"))]
    if found:
        return max(
            found, key=lambda path: int("0" + "".join(filter(str.isdigit, path.parent.parent.name)))
        ).parent
    there = shutil.which("initdb")
    return Path(there).resolve().parent if there else None


class Cluster:
    """One server. It refuses to run as root, so root's tests run it as the user ``postgres`` or ``nobody``.

    Parameters
    ----------
    programs
        Folder of PostgreSQL's programs.
    """

    def __init__(self, programs: Path) -> None:
        self.programs = programs
        self.user = self._other_user() if os.geteuid() == 0 else None
        self.folder = Path(tempfile.mkdtemp(prefix="takecover-pg-"))
        if self.user is not None:
            shutil.chown(self.folder, self.user)
        self.data = self.folder / "data"
        self._run(
            "initdb", "-D", self.data, "-U", "takecover", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"
        )
        with (self.data / "postgresql.conf").open("a") as file:
            file.write("\n".join((*SETTINGS, f"unix_socket_directories = '{self.folder}'", "")))
        self.start()

    @staticmethod
    def _other_user() -> str:
        names = {each.pw_name for each in pwd.getpwall()}
        return "postgres" if "postgres" in names else "nobody"

    def _run(self, program: str, *words: object) -> None:
        subprocess.run(
            [str(self.programs / program), *map(str, words)],
            check=True,
            user=self.user,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": str(self.folder)},
        )

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._run("pg_ctl", "-D", self.data, "-l", self.folder / "log", "-w", "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop the server; ``immediate`` is as hard as a kill -9 of all its processes."""
        self._run("pg_ctl", "-D", self.data, "-m", mode, "-w", "stop")

    def restart(self) -> None:
        """As a machine that lost its power and came back."""
        self.stop()
        self.start()

    def address(self, database: str = "postgres") -> str:
        """Address of one of its databases."""
        return f"postgresql://takecover@/{database}?host={self.folder}"

    def execute(self, statement: str) -> None:
        """Run one statement outside any transaction."""
        import psycopg

        with psycopg.connect(self.address(), autocommit=True) as connection:
            connection.execute(statement)

    def emptied(self) -> str:
        """Address of a database with nothing in it; whoever is still connected to it is cut off."""
        self.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        self.execute("DROP SCHEMA public CASCADE")
        self.execute("CREATE SCHEMA public")
        return self.address()

    def close(self) -> None:
        """Stop the server and take its folder away."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
