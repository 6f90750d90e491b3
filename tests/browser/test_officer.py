"""The officer's screen in a real browser: it turns by itself, is held and worked by keys, and says when it is old."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from office import PASSWORD
from office import staffed as people
from running import KEY, Running, errors_of
from takecover.workflow.live import links

Start = Callable[..., Running]
SHELTER = "S001"
PAGES = ("alarm", "clear", "incident", "notice", "mark", "links", "erasure", f"shelter?id={SHELTER}", "print")
HELD_MS = 1_900


@pytest.fixture
def staffed(tmp_path: Path, running: Start) -> Start:
    """Starts a server whose journal knows the people of the office."""

    def start(*, is_exercise: bool = False) -> Running:
        people(str(tmp_path / "j.sqlite"))
        return running(is_exercise=is_exercise)

    return start


def logged_in(server: Running, context: BrowserContext, user_id: str = "duty-1", lang: str = "en") -> Page:
    page = context.new_page()
    page.goto(f"{server.address}/login?lang={lang}")
    page.fill("#user_id", user_id)
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/officer")
    page.goto(f"{server.address}/officer/view?language={lang}")
    return page


def report(server: Running, status: str, event_id: str) -> None:
    """A word of the shelter's warden."""
    token = links.link("warden", SHELTER, datetime(2037, 4, 30, tzinfo=UTC).date()).token(KEY)
    said = {"event_id": event_id, "effective_at": datetime.now(UTC).isoformat(), "status": status}
    answer = httpx.post(
        f"{server.address}/api/v1/reports", json=said, headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("width", "light", "lang"), [(360, "dark", "uk"), (1280, "light", "en"), (1200, "dark", "uk")]
)
def test_every_page_fits_the_screen_keeps_the_policy_and_asks_this_server_alone(
    chromium: Browser, staffed: Start, width: int, light: str, lang: str
) -> None:
    server = staffed()
    server.alert()
    report(server, "shut", "event-0001")
    context = chromium.new_context(viewport={"width": width, "height": 800})
    page = logged_in(server, context, lang=lang)
    page.goto(f"{server.address}/officer/view?light={light}")
    asked: list[str] = []
    errors = errors_of(page)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{server.address}/officer")
    page.wait_for_selector("[data-map][data-drawn]", timeout=30_000)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(11, 15, 19)") == (light == "dark")
    beside = "[...document.querySelectorAll('.columns > *')].filter(e => e.scrollWidth > e.clientWidth)"
    assert page.evaluate(f"{beside}.length") == 0, "a column runs over the next one"
    large = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.state h1')).fontSize)")
    assert large >= 32
    for name in ("", *PAGES):
        page.goto(f"{server.address}/officer/{name}" if name else f"{server.address}/officer")
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, name
        assert page.locator("h1").count() == 1, name
    page.goto(f"{server.address}/officer")
    page.locator("a.fix[aria-label*='Dron'], a.fix[aria-label*='Дрон']").first.click()
    expect(page.locator("main.page")).to_contain_text("sha256:")
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    context.close()
    places = {urlsplit(url).netloc for url in asked if urlsplit(url).scheme not in ("data", "blob")}
    assert places == {urlsplit(server.address).netloc}
    assert errors == []


def test_the_screen_turns_by_itself_and_says_how_old_it_is_when_the_server_is_gone(
    chromium: Browser, staffed: Start
) -> None:
    server = staffed()
    context = chromium.new_context()
    page = logged_in(server, context)
    head = page.locator(".state h1")
    expect(head).to_contain_text("Unknown")
    report(server, "shut", "event-0001")
    row = page.locator(f"a.row[href*='{SHELTER}']")
    expect(row).to_be_visible()
    server.alert()
    expect(head).to_contain_text("ALARM")
    banner = page.locator("[data-live]")
    expect(banner).to_be_hidden()
    server.stop()
    expect(banner).to_contain_text("was last heard", timeout=20_000)
    expect(head).to_contain_text("ALARM")
    server.start()
    expect(banner).to_be_hidden(timeout=40_000)
    report(server, "open", "event-0002")
    expect(page.locator("tr", has=row)).to_contain_text("Open")
    context.close()


def test_an_alarm_is_given_by_holding_the_button_and_not_by_touching_it(
    chromium: Browser, staffed: Start
) -> None:
    server = staffed()
    context = chromium.new_context()
    page = logged_in(server, context)
    page.keyboard.press("a")
    page.wait_for_url("**/officer/alarm")
    page.check("input[value=ballistic]")
    button = page.locator("button[data-hold]")
    expect(button).to_be_enabled()
    button.click()
    page.wait_for_timeout(300)
    assert page.url.endswith("/officer/alarm")
    button.hover()
    page.mouse.down()
    page.wait_for_timeout(HELD_MS)
    page.mouse.up()
    page.wait_for_url("**/officer?done=yes")
    expect(page.locator(".state h1")).to_contain_text("Ballistic missiles")
    page.keyboard.press("c")
    page.wait_for_url("**/officer/clear")
    page.locator("button[data-hold]").focus()
    page.keyboard.down("Enter")
    page.wait_for_timeout(HELD_MS)
    page.keyboard.up("Enter")
    page.wait_for_url("**/officer?done=yes")
    expect(page.locator(".state h1")).not_to_contain_text("ALARM")
    context.close()


def test_the_screen_is_worked_by_keys_alone(chromium: Browser, staffed: Start) -> None:
    server = staffed()
    report(server, "full", "event-0001")
    context = chromium.new_context()
    page = logged_in(server, context)
    page.keyboard.press("j")
    row = page.locator("a.row").first
    expect(row).to_be_focused()
    report(server, "filling", "event-0002")
    expect(page.locator("tr", has=row)).to_contain_text("Filling")
    expect(row).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/officer/shelter?id=*")
    page.keyboard.press("4")
    expect(page.locator(".big .band")).to_contain_text("Shut")
    page.keyboard.press("Escape")
    page.wait_for_url("**/officer")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("S002")
    page.keyboard.press("Enter")
    page.wait_for_url("**/officer?q=S002")
    expect(page.locator("a.row")).to_have_count(1)
    page.goto(f"{server.address}/officer")
    page.keyboard.press("u")
    page.wait_for_url("**/officer/event**")
    context.close()


def test_without_a_script_an_alarm_asks_twice_and_an_exercise_is_unmistakable(
    chromium: Browser, staffed: Start
) -> None:
    server = staffed(is_exercise=True)
    context = chromium.new_context(java_script_enabled=False)
    page = logged_in(server, context)
    expect(page.locator(".banner")).to_contain_text("EXERCISE")
    page.goto(f"{server.address}/officer/alarm")
    page.wait_for_url("**/officer/alarm?plain=yes")
    page.click("form[action='/officer/alarm'] button")
    expect(page.locator("h1")).to_have_text("Are you sure?")
    page.click("button[name=confirmed]")
    page.wait_for_url("**/officer?done=yes")
    expect(page.locator(".state h1")).to_contain_text("ALARM")
    page.mouse.wheel(0, 5_000)
    expect(page.locator(".banner")).to_be_in_viewport()
    assert page.title().startswith("[EXERCISE]")
    context.close()


def test_who_is_logged_out_is_led_to_the_door_and_no_stale_screen_stays(
    chromium: Browser, staffed: Start
) -> None:
    server = staffed()
    context = chromium.new_context()
    page = logged_in(server, context)
    context.clear_cookies()
    page.wait_for_url("**/login", timeout=20_000)
    context.close()


def test_a_notice_is_read_and_agreed_to_by_a_second_person(chromium: Browser, staffed: Start) -> None:
    server = staffed()
    first, second = chromium.new_context(), chromium.new_context()
    asking = logged_in(server, first)
    deciding = logged_in(server, second, "duty-2")
    asking.keyboard.press("n")
    asking.check("input[value=go_to_shelter]")
    asking.get_by_role("button", name="Ask for it").click()
    asking.wait_for_url("**/officer?done=yes")
    waiting = deciding.locator(".waiting")
    expect(waiting).to_contain_text("Go to shelter now")
    waiting.locator("a").click()
    deciding.get_by_role("button", name="Agree: send it now").click()
    deciding.wait_for_url("**/officer?done=yes")
    expect(asking.locator("p.public")).to_contain_text("Go to shelter now")
    first.close()
    second.close()


def test_the_sheet_of_links_is_one_of_small_cards_that_can_be_cut_out(
    chromium: Browser, staffed: Start
) -> None:
    server = staffed()
    context = chromium.new_context(viewport={"width": 1000, "height": 800})
    page = logged_in(server, context)
    errors = errors_of(page)
    page.goto(f"{server.address}/officer/links")
    expect(page.locator("#begins")).to_be_hidden()
    page.locator("form[action$=sheet] input[value=night]").check()
    expect(page.locator("#until")).to_be_hidden()
    page.get_by_role("button", name="Make the sheet").click()
    expect(page.locator(".card")).to_have_count(2)
    widths = page.evaluate("[...document.querySelectorAll('.card svg')].map((each) => each.clientWidth)")
    assert all(100 < width < 200 for width in widths)
    expect(page.locator(".card .good").first).to_contain_text("18:00")
    assert errors == []
    context.close()


def test_words_are_erased_by_two_people_at_two_screens(chromium: Browser, staffed: Start) -> None:
    server = staffed()
    first, second = chromium.new_context(), chromium.new_context(viewport={"width": 390, "height": 800})
    asking = logged_in(server, first)
    asking.keyboard.press("i")
    asking.check("input[value=debris]")
    asking.fill("#note", "Petrenko lives there")
    asking.get_by_role("button", name="Record").click()
    asking.wait_for_url("**/officer?done=yes")
    asking.keyboard.press("e")
    asking.wait_for_url("**/officer/erasure")
    asking.get_by_label("Why").select_option("It names a person")
    asking.get_by_role("button", name="Ask that it be erased").click()
    asking.wait_for_url("**/officer/erasure?done=yes")
    expect(asking.locator(".waits")).to_contain_text("Another person has to decide")
    deciding = logged_in(server, second, "duty-2", "uk")
    deciding.goto(f"{server.address}/officer/erasure")
    waits = deciding.locator(".waits")
    expect(waits).to_contain_text("Petrenko lives there")
    expect(waits).to_contain_text("Названо людину")
    waits.get_by_role("button", name="Погодитися: стерти зараз").click()
    deciding.wait_for_url("**/officer/erasure?done=yes")
    expect(deciding.locator("main")).to_contain_text("Жодне стирання не чекає")
    asking.reload()
    expect(asking.locator("main")).not_to_contain_text("Petrenko lives there")
    first.close()
    second.close()
