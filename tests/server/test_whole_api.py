"""Every route: of the interface, asked with what its description allows and forbids (schemathesis); pages, with forms.

No route may be left out unseen: what is in neither is named here with its reason.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import schemathesis
from fastapi.routing import APIRoute
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

from office import CSRF, PASSWORD, staff
from served import TOKEN, served
from takecover.server.app import ROUTERS
from takecover.server.pace import Pace
from takecover.settings import Secret
from takecover.store.accounts import AccountBook
from takecover.store.opening import open_journal
from takecover.workflow.live.accounts import Accounts
from takecover.workflow.live.links import Link

KEY = Secret("a key for tests alone, long enough")
PUSH_KEY = "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
ENDLESS = ("/api/v1/stream", "/api/v1/office/stream")
"""Paths whose answer does not end; they are told of in the description, and have tests of their own."""

LEFT_OUT = {
    ("POST", "/login"): "each try costs 64 MB and a core, and is slowed; test_signing_in.py",
    ("POST", "/logout"): "it ends the session that all others are asked with; test_signing_in.py",
    ("GET", "/api/v1/openapi.json"): "it is the description itself; every case here reads it",
}
"""Routes that are asked nothing at random here, why, and where they are tested."""

FIELDS = (
    *(
        "id",
        "status",
        "people",
        "entrance_id",
        "door",
        "threat",
        "stage",
        "area:city",
        "area:north",
        "confirmed",
    ),
    *("alert_id", "what", "lon", "lat", "note", "span", "phase", "action", "template", "step", "asked"),
    *("decision", "until", "issue", "address", "only", "request_id", "plain", "q", "language", "light"),
)
"""Fields of the office's forms and questions."""

VALUES = st.sampled_from(
    (
        "S001",
        "open",
        "shut",
        "7",
        "-1",
        "yes",
        "air",
        "enter",
        "retract",
        "cancel",
        "approve",
        "2027-04-30",
        "",
    )
) | st.text(max_size=12)


@pytest.fixture(scope="module", params=[False, True], ids=["real", "exercise"])
def base_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a live server of each world, in a thread of its own, whose doors open to the secrets of the tests."""
    folder, up, ended = tmp_path_factory.mktemp("api"), threading.Event(), threading.Event()
    found: list[str] = []

    async def serve(folder: Path) -> None:
        pace = Pace(at_once=10**6, per_minute=10**6)
        doors = {"link_key": KEY, "report_pace": pace, "hint_pace": pace, "all_hints_pace": pace}
        doors |= {"push_pace": pace, "replay_token": Secret(TOKEN), "push_public_key": PUSH_KEY}
        async with served(folder, is_exercise=request.param, **doors) as server:
            journal = open_journal(str(folder / "journal.sqlite"), now=server.clock)
            book = AccountBook(journal.place)
            accounts = Accounts(book, journal, server.clock, is_exercise=request.param)
            object.__setattr__(server.site, "accounts", accounts)
            await asyncio.to_thread(staff, accounts, {"duty-1": "second_officer"})
            found.append(str(server.client.base_url))
            up.set()
            while not ended.is_set():
                await asyncio.sleep(0.05)
            journal.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve(folder)))
    thread.start()
    assert up.wait(60)
    yield found[0].rstrip("/")
    ended.set()
    thread.join(20)


@pytest.fixture(scope="module")
def headers(base_url: str) -> dict[str, str]:
    """What an officer's browser sends who is logged in, with the token of the pages."""
    with httpx.Client(base_url=base_url, timeout=20) as client:
        client.post("/login", data={"user_id": "duty-1", "password": PASSWORD})
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        page = client.get("/officer/mark", headers={"Accept": "text/html"}).text
    return {"Cookie": cookie, "X-CSRF-Token": CSRF.findall(page)[0]}


def _operations(base_url: str) -> list[APIOperation[Any, Any, Any, Any]]:
    schema = schemathesis.openapi.from_url(f"{base_url}/api/v1/openapi.json")
    return [each.ok() for each in schema.get_all_operations()]


def _pages() -> list[APIRoute]:
    """Routes that the description does not tell of: pages and forms for people."""
    return [
        route
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute) and not route.include_in_schema
    ]


def test_every_route_is_asked_or_has_its_reason(base_url: str) -> None:
    described = {(each.method.upper(), each.path) for each in _operations(base_url)}
    pages = {(method, route.path) for route in _pages() for method in route.methods}
    bare = {("GET", path) for path in ("/api/v1/state", "/api/v1/stream", "/api/v1/prices")}
    bare.add(("POST", "/api/v1/reports"))
    framed = {
        (method, route.path)
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods
    }
    cap = {(method, path.replace(":path", "")) for method, path in framed}
    assert described | pages == cap | bare
    assert not described & pages
    assert {path for _, path in described} >= set(ENDLESS)
    assert set(LEFT_OUT) <= pages | {("GET", "/api/v1/openapi.json")}


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_whatever_is_asked_of_any_route_the_answer_is_one_that_its_description_tells_of(
    base_url: str, headers: dict[str, str], mode: GenerationMode
) -> None:
    link = Link("warden", "S001", date(2027, 1, 1)).token(KEY)
    for operation in _operations(base_url):
        if operation.path not in ENDLESS:
            token = link if operation.path == "/api/v1/reports" else TOKEN
            _ask(operation, mode, {**headers, "Authorization": f"Bearer {token}"})


def _ask(operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode, headers: dict[str, str]) -> None:
    """Ask one route many times; one of which nothing can be asked wrongly is passed over."""

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(data=st.data())
    def ask(data: st.DataObject) -> None:
        case = data.draw(operation.as_strategy(generation_mode=mode))
        case.call_and_validate(headers=headers, checks=CHECKS, timeout=10)

    try:
        ask()
    except Unsatisfiable:
        if mode is GenerationMode.POSITIVE:
            raise


def test_whatever_is_sent_to_any_page_it_is_answered_or_refused_and_never_fails(
    base_url: str, headers: dict[str, str]
) -> None:
    answered = set()
    with httpx.Client(base_url=base_url, headers={**headers, "Accept": "text/html"}, timeout=20) as client:
        for route in _pages():
            for method in sorted(route.methods):
                if (method, route.path) not in LEFT_OUT:
                    answered |= _fill(client, method, route.path)
    assert {200, 303, 404, 422} <= answered


def _fill(client: httpx.Client, method: str, path: str) -> set[int]:
    """Ask one page with many questions, or send it many forms; gives the codes of the answers."""
    codes = set()

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(
        name=VALUES, fields=st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=5), VALUES, max_size=8)
    )
    def fill(name: str, fields: dict[str, str]) -> None:
        at = re.sub(r"\{\w+\}", quote(name, safe="") or "x", path)
        sent = (
            {"data": {"request_id": "fuzz-0123456789", **fields}} if method == "POST" else {"params": fields}
        )
        answer = client.request(method, at, **sent)
        assert answer.status_code < 500, (method, at, fields, answer.text)
        codes.add(answer.status_code)

    fill()
    return codes
