"""Every route of the interface, asked with what its own description allows and forbids (schemathesis)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from served import TOKEN, served
from takecover.server.pace import Pace
from takecover.settings import Secret
from takecover.workflow.live.links import Link

KEY = Secret("a key for tests alone, long enough")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
ENDLESS = ("/api/v1/stream",)
"""Paths whose answer does not end; they have tests of their own."""


@pytest.fixture(scope="module")
def base_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a live server, in a thread of its own, whose doors open to the secrets of the tests."""
    folder, up, ended = tmp_path_factory.mktemp("api"), threading.Event(), threading.Event()
    found: list[str] = []

    async def serve(folder: Path) -> None:
        pace = Pace(at_once=10**6, per_minute=10**6)
        doors = {"link_key": KEY, "report_pace": pace, "hint_pace": pace, "all_hints_pace": pace}
        async with served(folder, **doors) as server:
            found.append(str(server.client.base_url))
            up.set()
            while not ended.is_set():
                await asyncio.sleep(0.05)

    thread = threading.Thread(target=lambda: asyncio.run(serve(folder)))
    thread.start()
    assert up.wait(20)
    yield found[0].rstrip("/")
    ended.set()
    thread.join(20)


def _operations(base_url: str) -> list[APIOperation[Any, Any, Any, Any]]:
    schema = schemathesis.openapi.from_url(f"{base_url}/api/v1/openapi.json")
    found = [each.ok() for each in schema.get_all_operations()]
    return [each for each in found if each.path not in ENDLESS]


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_whatever_is_asked_of_any_route_the_answer_is_one_that_its_description_tells_of(
    base_url: str, mode: GenerationMode
) -> None:
    bearers = {
        "/api/v1/alerts": TOKEN,
        "/api/v1/reports": Link("warden", "S001", date(2027, 1, 1)).token(KEY),
    }
    asked = set()
    for operation in _operations(base_url):
        _ask(operation, mode, bearers.get(operation.path, TOKEN))
        asked.add(operation.path)
    assert {"/api/v1/state", "/api/v1/alerts", "/api/v1/reports", "/healthz"} <= asked


def _ask(operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode, token: str) -> None:
    """Ask one route many times; one of which nothing can be asked wrongly is passed over."""

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(data=st.data())
    def ask(data: st.DataObject) -> None:
        case = data.draw(operation.as_strategy(generation_mode=mode))
        headers = {"Authorization": f"Bearer {token}"}
        case.call_and_validate(headers=headers, checks=CHECKS, timeout=10)

    try:
        ask()
    except Unsatisfiable:
        if mode is GenerationMode.POSITIVE:
            raise
