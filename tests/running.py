"""The command `takecover serve` in a process of its own, which a test may stop and start again at the same address."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx
from playwright.sync_api import Page

from served import BEARER, TOKEN, cap_message
from takecover.io import city_folder
from takecover.settings import Secret
from toy_folder import toy

KEY = Secret("k" * 40)


class Running:
    """The toy city, served as an exercise or as real, with more in its environment where a test needs it."""

    def __init__(
        self, folder: Path, *, is_exercise: bool = False, more: Mapping[str, str] | None = None
    ) -> None:
        self._more = dict(more or {})
        self._folder, self._is_exercise, self._port = folder, is_exercise, "0"
        city_folder.write(toy(), folder / "city")
        self._program: subprocess.Popen[str] | None = None
        self.address = ""

    def start(self) -> None:
        """Start it, at the address that it had before if it had one."""
        words = ["serve", str(self._folder / "city"), "--port", self._port]
        words += ["--journal", str(self._folder / "j.sqlite"), *(["--exercise"] if self._is_exercise else [])]
        environment = {key: text for key, text in os.environ.items() if not key.startswith("TAKECOVER_")}
        environment |= {"TAKECOVER_ALERT_TOKEN": TOKEN, "TAKECOVER_LINK_KEY": KEY.reveal(), **self._more}
        self._program = subprocess.Popen(
            [sys.executable, "-u", "-c", "from takecover.cli import main; main()", *words],
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        assert self._program.stdout is not None
        said = ""
        while "Ctrl-C" not in said:
            line = self._program.stdout.readline()
            assert line, "the server ended before it was up"
            said += line
        found = re.search(r"http://[\d.]+:(\d+)", said)
        assert found is not None
        self.address, self._port = found[0], found[1]

    def stop(self) -> None:
        """Stop it, and wait until it is gone."""
        if self._program is not None:
            self._program.send_signal(signal.SIGTERM)
            self._program.communicate(timeout=30)
            self._program = None

    def alert(self, identifier: str = "A-1", status: str = "Actual") -> None:
        """Send an alert for the whole city."""
        answer = httpx.post(
            f"{self.address}/api/v1/alerts",
            content=cap_message(identifier, status),
            headers={**BEARER, "Content-Type": "application/cap+xml"},
        )
        assert answer.status_code == 200, answer.text

    def bands(self) -> dict[str, str]:
        """The public word on each shelter."""
        state = httpx.get(f"{self.address}/api/v1/state").json()
        return {each["shelter_id"]: each["status"] for each in state["shelters"]}


def errors_of(page: Page) -> list[str]:
    """A list that fills with every error of a page, broken rules of its policy among them."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    return errors
