"""The officer's script on a page of the least that it needs: grave buttons are held, and keys press others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from running import Running, errors_of
from takecover.server import built
from takecover.server.headers import POLICY

HOLD_MS = 600
PAGE = f"""<!doctype html><html lang="en"><title>probe</title><link rel="icon" href="data:,">
<body data-stream="/api/v1/stream"><p data-live hidden></p>
<form action="/done"><button id="alarm" data-hold="{HOLD_MS}" data-key="a">Alarm</button></form>
<a id="other" href="#pressed" data-key="o">Other</a>
<input id="field"><a data-row href="#1">one</a><a data-row href="#2">two</a>
<dialog data-keys>Keys</dialog>
<div id="part" hx-get="/part" hx-trigger="takecover:state from:body">before</div>
<script type="module" src="SCRIPT"></script></body></html>"""


@pytest.fixture
def page(chromium: Browser, running: Callable[..., Running]) -> Iterator[Page]:
    """That page, under the server's own policy."""
    server = running()
    context = chromium.new_context()
    page = context.new_page()
    answers = {
        "probe": PAGE.replace("SCRIPT", f"/static/{built.entries()['office.js']}"),
        "done": "done",
        "part": "<b>after</b>",
    }

    def answer(route: Route) -> None:
        name = urlsplit(route.request.url).path.strip("/")
        policy = {"Content-Security-Policy": POLICY}
        route.fulfill(body=answers[name], content_type="text/html; charset=utf-8", headers=policy)

    for name in answers:
        page.route(f"{server.address}/{name}*", answer)
    page.goto(f"{server.address}/probe")
    yield page
    context.close()


def test_a_grave_button_does_nothing_when_pressed_and_acts_when_held(page: Page) -> None:
    alarm = page.locator("#alarm")
    alarm.click()
    page.wait_for_timeout(HOLD_MS + 200)
    assert page.url.endswith("/probe")
    alarm.hover()
    page.mouse.down()
    expect(alarm).to_have_class("holding")
    page.wait_for_url("**/done*")


def test_a_grave_button_is_held_by_the_keyboard_too_and_its_key_only_brings_it_under_the_finger(
    page: Page,
) -> None:
    page.keyboard.press("a")
    expect(page.locator("#alarm")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_timeout(HOLD_MS + 200)
    assert page.url.endswith("/probe")
    page.keyboard.down("Space")
    page.wait_for_url("**/done*")


def test_an_assistive_tool_that_cannot_hold_presses_twice(page: Page) -> None:
    page.evaluate("document.getElementById('alarm').click()")
    expect(page.locator("#alarm")).to_have_class("asked")
    assert page.url.endswith("/probe")
    page.evaluate("document.getElementById('alarm').click()")
    page.wait_for_url("**/done*")


def test_keys_press_go_through_rows_and_show_themselves_but_a_letter_in_a_field_is_a_letter(
    page: Page,
) -> None:
    page.keyboard.press("o")
    assert page.url.endswith("#pressed")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.get_by_text("two")).to_be_focused()
    page.keyboard.press("k")
    expect(page.get_by_text("one")).to_be_focused()
    page.locator("#field").press_sequentially("jo")
    expect(page.locator("#field")).to_have_value("jo")
    page.locator("#field").blur()
    page.keyboard.press("?")
    expect(page.get_by_text("Keys")).to_be_visible()


def test_a_part_is_fetched_anew_with_each_state_and_the_policy_holds(page: Page) -> None:
    errors = errors_of(page)
    page.reload()
    expect(page.locator("#part")).to_have_text("after")
    assert errors == []
