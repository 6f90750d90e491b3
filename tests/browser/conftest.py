"""A real Chromium, whose maps are drawn by the processor, and servers in processes of their own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from running import Running
from takecover.server import built

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def chromium(browser_path: str) -> Iterator[Browser]:
    """The browser; skips where the scripts of the pages are not built, but fails in CI.

    It ends with its file: while it is there an event loop runs in this thread, and no test could begin one of its own.
    """
    if not built.is_built():
        if os.environ.get("CI") == "true":
            pytest.fail(built.NOT_BUILT)
        pytest.skip(built.NOT_BUILT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Starts servers, and ends them with the test."""
    started: list[Running] = []

    def start(*, is_exercise: bool = False, more: Mapping[str, str] | None = None) -> Running:
        server = Running(tmp_path, is_exercise=is_exercise, more=more)
        started.append(server)
        server.start()
        return server

    yield start
    for server in started:
        server.stop()
