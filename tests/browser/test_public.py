"""The public page in a real browser: it draws the city, turns by itself, and says when it cannot."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from running import Running, errors_of

Start = Callable[..., Running]
DRAWN = "[data-map][data-drawn]"


@pytest.mark.parametrize(("width", "scheme", "lang"), [(360, "dark", "uk"), (1280, "light", "en")])
def test_the_map_is_drawn_from_this_server_alone_and_nothing_breaks_the_policy_or_runs_over_the_edge(
    chromium: Browser, running: Start, width: int, scheme: str, lang: str
) -> None:
    server = running()
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    asked: list[str] = []
    errors = errors_of(page)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{server.address}/?lang={lang}")
    page.wait_for_selector(DRAWN, timeout=30_000)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(12, 15, 18)"
    context.close()
    assert dark == (scheme == "dark")
    assert {urlsplit(url).netloc for url in asked if urlsplit(url).scheme not in ("data", "blob")} == {
        urlsplit(server.address).netloc
    }
    assert not [url for url in asked if url.startswith("blob:")]
    assert errors == []


def test_the_page_turns_with_the_stream_and_says_how_old_it_is_when_the_server_is_gone(
    chromium: Browser, running: Start
) -> None:
    server = running()
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{server.address}/?lang=en")
    word = page.locator("[data-area=city] .word")
    expect(word).to_have_text("It is not known whether there is an alert")
    server.alert()
    expect(word).to_have_text("Air raid alert")
    expect(page.locator("[data-area=city] time")).to_contain_text("ago")
    banner = page.locator("[data-live]")
    expect(banner).to_be_hidden()
    server.stop()
    expect(banner).to_contain_text("No contact with the server", timeout=15_000)
    expect(banner).to_contain_text("last heard")
    expect(word).to_have_text("Air raid alert")
    server.start()
    expect(banner).to_be_hidden(timeout=40_000)
    context.close()


def test_without_a_script_the_page_is_whole_and_an_exercise_cannot_be_taken_for_real(
    chromium: Browser, running: Start
) -> None:
    server = running(is_exercise=True)
    server.alert(status="Exercise")
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server.address}/?lang=en")
    expect(page.locator("[data-area=city] .word")).to_have_text("Air raid alert")
    expect(page.locator(".exercise-banner")).to_have_text("EXERCISE · nothing here is real")
    page.mouse.wheel(0, 5_000)
    expect(page.locator(".exercise-banner")).to_be_in_viewport()
    assert page.title().startswith("EXERCISE")
    context.close()
