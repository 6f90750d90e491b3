"""The warden's page in a real browser: pressed without a network, sent once; opened without a network, it is there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from playwright.sync_api import Browser, expect

from running import KEY, Running, errors_of
from takecover.workflow.live import links

SHELTER = "S001"
TOKEN = links.link("warden", SHELTER, date(2099, 4, 30)).token(KEY)
Start = Callable[..., Running]


def test_a_report_is_taken_and_shown_to_everyone(chromium: Browser, running: Start) -> None:
    server = running()
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    errors = errors_of(page)
    page.goto(f"{server.address}/w/{TOKEN}?lang=en")
    page.get_by_role("button", name="Shut").click()
    expect(page.locator("#said")).to_contain_text("Last sent: Shut")
    assert server.bands() == {SHELTER: "shut"}
    page.get_by_label("People inside").fill("3")
    page.get_by_role("button", name="Send the count").click()
    expect(page.locator("#said")).to_contain_text("Last sent: People inside: 3")
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    context.close()
    assert errors == []


def test_a_page_once_loaded_opens_without_a_network_keeps_what_is_pressed_and_sends_it_once(
    chromium: Browser, running: Start
) -> None:
    server = running()
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    address = f"{server.address}/w/{TOKEN}?lang=en"
    page.goto(address)
    page.wait_for_function(
        "async (url) => !!(await caches.match(url)) && performance.getEntriesByType('resource').length > 0",
        arg=address,
    )
    server.stop()
    page.close()
    page = context.new_page()
    page.goto(address)
    expect(page.get_by_role("button", name="Full")).to_be_visible()
    page.get_by_role("button", name="Full").click()
    expect(page.locator("#waiting")).to_contain_text("Waiting for the network: Full")
    server.start()
    expect(page.locator("#said")).to_contain_text("Last sent: Full", timeout=40_000)
    expect(page.locator("#waiting")).to_be_hidden()
    assert server.bands() == {SHELTER: "full"}
    context.close()
