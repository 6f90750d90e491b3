"""The phone's subscription in a real browser: the page, its worker, and what a push looks like.

No push service is reached from here, so `PushManager` is replaced at that one edge; the push itself is handed to the
real worker by the browser's own tools.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, expect

from journal import RULES, at, chained, draft
from phones import CONTACT, PUSH, PUSH_KEY, Phone
from running import Running, errors_of
from takecover.analysis.alarms import alarms
from takecover.analysis.situation import NOTHING, fold
from takecover.analysis.situation_topics import ALERTS
from takecover.feeds import webpush
from takecover.model.event_payloads import AlertIssued, AllClear
from takecover.store.opening import open_journal
from takecover.store.outbox import Outbox, Subscription
from takecover.workflow.live.outward import push_body

Start = Callable[..., Running]
KEYS = {"TAKECOVER_PUSH_KEY": PUSH_KEY, "TAKECOVER_PUSH_CONTACT": CONTACT}
ENDPOINT = "https://push.example/phone-1"

EDGE = """
const given = %s;
const made = (key) => ({
  endpoint: given.endpoint,
  options: { userVisibleOnly: true, applicationServerKey: Uint8Array.from(key).buffer },
  toJSON: () => ({ endpoint: given.endpoint, expirationTime: null, keys: { p256dh: given.p256dh, auth: given.auth } }),
  unsubscribe: async () => { localStorage.removeItem("edge"); return true; },
});
PushManager.prototype.subscribe = async function (options) {
  const refused = localStorage.getItem("edge-refuses");
  if (refused) throw new DOMException("no", refused);
  if (!options.userVisibleOnly) throw new DOMException("silent", "NotAllowedError");
  localStorage.setItem("edge", JSON.stringify([...new Uint8Array(options.applicationServerKey)]));
  return this.getSubscription();
};
PushManager.prototype.getSubscription = async () => {
  const key = localStorage.getItem("edge");
  return key === null ? null : made(JSON.parse(key));
};
"""


def _opened(chromium: Chromium, server: Running, **how: Any) -> tuple[BrowserContext, Page]:
    """The page of a phone that allows notifications."""
    context = chromium.new_context(**{"viewport": {"width": 390, "height": 844}, **how})
    context.grant_permissions(["notifications"], origin=server.address)
    context.add_init_script(EDGE % json.dumps({"endpoint": ENDPOINT, **Phone().keys()}))
    return context, context.new_page()


def _kept(folder: Path, *, is_exercise: bool = False) -> list[Subscription]:
    journal = open_journal(str(folder / "j.sqlite"))
    try:
        return Outbox(journal.place).subscriptions(is_exercise)
    finally:
        journal.close()


def test_a_phone_subscribes_for_districts_changes_them_and_ends_and_no_place_is_sent(
    chromium: Chromium, running: Start, tmp_path: Path
) -> None:
    server = running(more=KEYS)
    context, page = _opened(chromium, server)
    errors, bodies = errors_of(page), []
    page.on("request", lambda request: bodies.append(request.post_data) if request.method == "POST" else None)
    page.goto(f"{server.address}/?lang=en")
    part = page.locator(".push-part")
    expect(part.get_by_role("status")).to_contain_text("can come to this phone while this page is shut")
    part.locator("summary").click()
    ask = part.get_by_role("button", name="Tell this phone")
    expect(ask).to_be_disabled()
    part.get_by_label("District 1").check()
    ask.click()
    expect(part.get_by_role("status")).to_have_text("This phone is told of: District 1.")
    (kept,) = _kept(tmp_path)
    assert (kept.endpoint, kept.area_ids, kept.language) == (ENDPOINT, ("Z1",), "en")
    page.goto(f"{server.address}/?lang=uk")
    expect(part.get_by_role("status")).to_contain_text("Цей телефон отримує повідомлення про: ")
    part.locator("summary").click()
    part.get_by_label("Усе місто").check()
    expect(part.locator("input[value=Z1]")).to_be_disabled()
    part.get_by_role("button", name="Змінити").click()
    expect(part.get_by_role("status")).to_have_text("Цей телефон отримує повідомлення про: Усе місто.")
    (kept,) = _kept(tmp_path)
    assert (kept.area_ids, kept.language) == (("city",), "uk")
    part.get_by_role("button", name="Більше не повідомляти").click()
    expect(part.get_by_role("status")).to_contain_text("можуть надходити на цей телефон")
    assert _kept(tmp_path) == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    context.close()
    assert errors == []
    sent = [json.loads(body) for body in bodies if body]
    assert {name for body in sent for name in body} == {"endpoint", "p256dh", "auth", "area_ids", "language"}


def test_the_worker_comes_with_headers_and_controls_no_page(chromium: Chromium, running: Start) -> None:
    server = running(more=KEYS)
    context, page = _opened(chromium, server)
    page.goto(f"{server.address}/?lang=en")
    page.locator(".push-fold summary").click()
    page.get_by_label("The whole city").check()
    page.get_by_role("button", name="Tell this phone").click()
    expect(page.locator(".push-said")).to_contain_text("This phone is told of")
    scopes = page.evaluate(
        "navigator.serviceWorker.getRegistrations().then((found) => found.map((each) => each.scope))"
    )
    assert [urlsplit(scope).path for scope in scopes] == ["/push/"]
    page.reload()
    assert page.evaluate("navigator.serviceWorker.controller") is None
    answer = context.request.get(f"{server.address}/push/worker.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    assert "connect-src 'self'" in answer.headers["content-security-policy"]
    context.close()


@pytest.mark.parametrize(
    ("refusal", "words"),
    [("NotAllowedError", "The browser forbids messages"), ("AbortError", "It did not work")],
)
def test_what_the_browser_refuses_is_said_in_words(
    chromium: Chromium, running: Start, tmp_path: Path, refusal: str, words: str
) -> None:
    server = running(more=KEYS)
    context, page = _opened(chromium, server)
    page.goto(f"{server.address}/?lang=en")
    page.evaluate("(name) => localStorage.setItem('edge-refuses', name)", refusal)
    page.locator(".push-fold summary").click()
    page.get_by_label("District 2").check()
    page.get_by_role("button", name="Tell this phone").click()
    expect(page.locator(".push-said")).to_contain_text(words)
    context.close()
    assert _kept(tmp_path) == []


def test_a_browser_that_cannot_and_a_server_that_does_not_say_so(chromium: Chromium, running: Start) -> None:
    server = running()
    context, page = _opened(chromium, server)
    page.goto(f"{server.address}/?lang=uk")
    expect(page.locator(".push-part")).to_contain_text("Цей сервер нічого не надсилає на телефони.")
    expect(page.locator(".push-part form")).to_have_count(0)
    context.close()
    server.stop()
    able = running(more=KEYS)
    context, page = _opened(chromium, able)
    context.add_init_script("delete window.PushManager")
    page.goto(f"{able.address}/?lang=en")
    expect(page.locator(".push-said")).to_contain_text("This browser cannot be told")
    expect(page.locator(".push-fold")).to_be_hidden()
    context.close()
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{able.address}/?lang=en")
    expect(page.locator(".push-part")).to_contain_text("this page needs JavaScript")
    context.close()


def test_a_subscription_of_an_old_key_of_the_server_is_made_anew(
    chromium: Chromium, running: Start, tmp_path: Path
) -> None:
    server = running(more=KEYS)
    context, page = _opened(chromium, server)
    page.goto(f"{server.address}/?lang=en")
    page.evaluate("localStorage.setItem('edge', '[4,1,2]')")
    page.locator(".push-fold summary").click()
    page.get_by_label("District 1").check()
    page.get_by_role("button", name="Tell this phone").click()
    expect(page.locator(".push-said")).to_have_text("This phone is told of: District 1.")
    key = bytes(json.loads(page.evaluate("localStorage.getItem('edge')")))
    assert webpush.packed(key) == PUSH.public_key
    assert len(_kept(tmp_path)) == 1
    context.close()


def _payloads(language: str, *, is_exercise: bool) -> list[str]:
    """An alarm and its all-clear as the server would seal them."""
    status = "Exercise" if is_exercise else "Actual"
    said = AlertIssued("A", status, "drone", "enter", ("Z1",), (), None, None)
    over = AllClear(status, ("A",), "drone", ("Z1",))
    drafts = [
        draft(f"act/{name}", payload, minutes, "officer:web", "olha", is_exercise=is_exercise)
        for name, payload, minutes in (("A", said, 1), ("B", over, 2))
    ]
    state = fold(NOTHING, chained(drafts), RULES).state(is_exercise)
    names = {("Z1", "en"): "District 1", ("Z1", "uk"): "Район 1"}
    found = alarms(state.trails[ALERTS])
    return [push_body(each, language, at(3), is_exercise, names).decode() for each in found]


@pytest.mark.parametrize("is_exercise", [False, True])
def test_a_push_is_shown_by_the_real_worker_and_its_all_clear_takes_its_place(
    chromium: Chromium, running: Start, is_exercise: bool
) -> None:
    server = running(is_exercise=is_exercise, more=KEYS)
    context, page = _opened(chromium, server)
    page.goto(f"{server.address}/?lang=en")
    page.locator(".push-fold summary").click()
    page.get_by_label("District 1").check()
    page.get_by_role("button", name="Tell this phone").click()
    expect(page.locator(".push-said")).to_contain_text("This phone is told of: District 1.")
    tools, seen = context.new_cdp_session(page), []
    tools.on("ServiceWorker.workerRegistrationUpdated", lambda event: seen.extend(event["registrations"]))
    tools.send("ServiceWorker.enable")
    page.wait_for_timeout(300)
    (number,) = {each["registrationId"] for each in seen if each["scopeURL"].endswith("/push/")}
    titles = ["Alarm: go to shelter now", "All-clear"]
    before = "EXERCISE · " if is_exercise else ""
    for payload, title in zip(_payloads("en", is_exercise=is_exercise), titles, strict=True):
        tools.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": server.address, "registrationId": number, "data": payload},
        )
        page.wait_for_function(
            """async (title) => {
              const registration = await navigator.serviceWorker.getRegistration("/push/");
              return (await registration.getNotifications()).some((each) => each.title === title);
            }""",
            arg=before + title,
        )
        shown = page.evaluate(
            """async () => {
              const registration = await navigator.serviceWorker.getRegistration("/push/");
              return (await registration.getNotifications()).map((each) => [each.title, each.body, each.lang]);
            }"""
        )
        ((_, body, language),) = shown
        assert language == "en"
        assert "District 1" in body.split("\n")
        assert body.startswith("EXERCISE: nothing here is real.") is is_exercise
    context.close()
