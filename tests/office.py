"""An office for the tests: a served city with three people, logged in as any of them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from served import Served, served
from takecover.settings import Secret
from takecover.store.accounts import AccountBook
from takecover.store.opening import open_journal, server_time
from takecover.workflow.live.accounts import CONSOLE, Accounts

PASSWORD = "nine long words of sand"
PEOPLE = {"duty-1": "officer", "duty-2": "second_officer", "looker": "viewer"}
HTML = {"Accept": "text/html", "Accept-Language": "en"}
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
REQUEST = re.compile(r'name="request_id" value="([^"]+)"')


def staff(accounts: Accounts, people: Mapping[str, str]) -> None:
    """Add people by their roles as a city does: two begin, one of them asks for the others, the other agrees."""
    accounts.add("chief", "admin", PASSWORD, CONSOLE)
    accounts.add("deputy", "second_officer", PASSWORD, CONSOLE)
    for user_id, role in people.items():
        accounts.add(user_id, role, PASSWORD, "chief")
        accounts.decide_role(user_id, True, "deputy")


def staffed(path: str) -> None:
    """Put `PEOPLE` into a journal, in the real world."""
    journal = open_journal(path)
    staff(Accounts(AccountBook(journal.place), journal, server_time), PEOPLE)
    journal.close()


@asynccontextmanager
async def office(folder: Path, *, is_exercise: bool = False) -> AsyncIterator[Served]:
    """The toy city served, with `PEOPLE` who may log in and a key for links."""
    journal = open_journal(str(folder / "journal.sqlite"))
    try:
        async with served(folder, is_exercise=is_exercise, link_key=Secret("k" * 40)) as found:
            accounts = Accounts(AccountBook(journal.place), journal, found.clock, is_exercise=is_exercise)
            object.__setattr__(found.site, "accounts", accounts)
            staff(accounts, PEOPLE)
            yield found
    finally:
        journal.close()


class Seat:
    """One person at the office, with a browser's cookies and without its scripts."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def get(self, path: str, **query: str) -> httpx.Response:
        """A page."""
        return await self.client.get(path, params=query or None, headers=HTML)

    async def form(self, path: str, **query: str) -> dict[str, str]:
        """What the first form of a page hides."""
        page = (await self.get(path, **query)).text
        return {"csrf": CSRF.findall(page)[0], "request_id": REQUEST.findall(page)[0]}

    async def send(self, path: str, fields: Mapping[str, Any]) -> httpx.Response:
        """A form, sent."""
        return await self.client.post(path, data=dict(fields), headers=HTML)

    async def does(
        self, path: str, fields: Mapping[str, Any], seen: str = "", **query: str
    ) -> httpx.Response:
        """Open a page and send its form with some fields."""
        return await self.send(path, {**await self.form(seen or path, **query), **fields})


@asynccontextmanager
async def seat(found: Served, user_id: str) -> AsyncIterator[Seat]:
    """Someone who is logged in."""
    async with httpx.AsyncClient(base_url=found.client.base_url, timeout=10) as client:
        answer = await client.post("/login", data={"user_id": user_id, "password": PASSWORD}, headers=HTML)
        assert answer.status_code == 303, answer.text
        yield Seat(client)


Body = Callable[[Served, Seat], Awaitable[None]]


def at_the_office(folder: Path, body: Body, user_id: str = "duty-1", *, is_exercise: bool = False) -> None:
    """Run a test's body with someone who is logged in."""

    async def inside() -> None:
        async with office(folder, is_exercise=is_exercise) as found, seat(found, user_id) as at:
            await asyncio.wait_for(body(found, at), 60)

    asyncio.run(inside())
