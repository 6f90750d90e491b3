"""The report in a real browser: phone and desk, light and dark, in both languages, on paper, with no network."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

import worlds
from takecover.workflow.outcome import Choices

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDTHS = (360, 1280)
SHEET_PX = 703
"""What lies between the margins of an A4 sheet."""
KINDS = ("internal", "compared", "public", "hostile")


@pytest.fixture(scope="module")
def browser(browser_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folder of each kind of plan."""
    top = tmp_path_factory.mktemp("plans")
    folders = {kind: top / kind for kind in KINDS}
    worlds.planned(worlds.town(), folders["internal"])
    worlds.planned(
        worlds.town(),
        folders["compared"],
        Choices(compare=folders["internal"]),
        time_limit_s=120,
        closed_shelter_ids=("S002",),
    )
    worlds.planned(worlds.town(), folders["public"], Choices(is_public=True))
    worlds.planned(worlds.hostile(), folders["hostile"])
    return folders


def opened(browser: Browser, folder: Path, **options: Any) -> tuple[BrowserContext, Page]:
    context = browser.new_context(**options)
    page = context.new_page()
    page.goto((folder / "report.html").as_uri())
    return context, page


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


@pytest.mark.parametrize("kind", KINDS)
def test_the_report_asks_the_network_for_nothing_and_has_no_error(
    browser: Browser, plans: dict[str, Path], kind: str
) -> None:
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto((plans[kind] / "report.html").as_uri())
    page.wait_for_load_state("networkidle")
    context.close()
    assert [url.split(":")[0] for url in asked if not url.startswith("data:")] == ["file"]
    assert errors == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("lang", ["en", "uk"])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_runs_over_the_edge(
    browser: Browser, plans: dict[str, Path], kind: str, lang: str, width: int
) -> None:
    context, page = opened(browser, plans[kind], viewport={"width": width, "height": 800})
    page.click(f"[data-language={lang}]")
    over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    context.close()
    assert over <= 0


@pytest.mark.parametrize("width", WIDTHS)
def test_numbers_beside_the_curves_have_room_in_a_city_of_ten_million(
    browser: Browser, plans: dict[str, Path], width: int
) -> None:
    context, page = opened(browser, plans["internal"], viewport={"width": width, "height": 800})
    begins = page.evaluate(
        """() => [...document.querySelectorAll('.curves svg.chart, .overtime svg.chart')]
          .filter(svg => svg.getBoundingClientRect().width > 100)
          .flatMap(svg => [...svg.querySelectorAll('text[text-anchor=end]')])
          .filter(text => +text.getAttribute('x') < 100)
          .map(text => { text.textContent = '10,000,000'; return text.getBBox().x; })"""
    )
    context.close()
    assert len(begins) > 8
    assert min(begins) >= 0


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("lang", ["en", "uk"])
def test_all_nine_cells_of_the_broadcast_are_in_sight_at_once_with_the_numbers_of_a_large_city(
    browser: Browser, plans: dict[str, Path], lang: str, width: int
) -> None:
    context, page = opened(browser, plans["internal"], viewport={"width": width, "height": 800})
    page.click(f"[data-language={lang}]")
    over = page.evaluate(
        """() => {
          const table = document.querySelector('table.cells');
          const [head, body] = [table.tHead.rows[0], table.tBodies[0]];
          for (let i = 0; i < 2; i++) head.append(head.cells[1].cloneNode(true));
          const cell = body.querySelector('td');
          cell.firstChild.data = '118,367 · 19\u00a0%';
          for (const said of cell.querySelectorAll('.note span'))
            said.textContent = said.textContent.replace(/\\d+$/, '1,143');
          for (let i = 0; i < 2; i++) cell.after(cell.cloneNode(true));
          for (let i = 0; i < 2; i++) body.append(body.rows[0].cloneNode(true));
          return [table.querySelectorAll('td').length, table.scrollWidth - table.parentElement.clientWidth];
        }"""
    )
    context.close()
    assert over[0] == 9
    assert over[1] <= 0


def test_the_page_is_light_or_dark_as_the_reader_wishes_and_always_light_on_paper(
    browser: Browser, plans: dict[str, Path]
) -> None:
    seen = {}
    for scheme in ("light", "dark"):
        context, page = opened(browser, plans["internal"], color_scheme=scheme)
        seen[scheme] = background(page)
        page.emulate_media(media="print")
        seen[f"{scheme} on paper"] = background(page)
        assert page.locator(".languages").is_hidden()
        context.close()
    assert seen == {
        "light": "rgb(255, 255, 255)",
        "light on paper": "rgb(255, 255, 255)",
        "dark": "rgb(17, 21, 25)",
        "dark on paper": "rgb(255, 255, 255)",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(browser: Browser, plans: dict[str, Path], scheme: str) -> None:
    """WCAG AA: 4.5 to 1 for text, 3 to 1 for the large numbers of the headline."""
    context, page = opened(browser, plans["internal"], color_scheme=scheme)
    wanted = {
        "p.context": 4.5,
        ".caveat": 4.5,
        ".n-plan": 3.0,
        ".n-scramble": 3.0,
        ".n-unserved": 3.0,
        ".why": 4.5,
    }
    ground = luminance(background(page))
    for selector, least in wanted.items():
        colour = page.eval_on_selector(selector, "element => getComputedStyle(element).color")
        light, dark = sorted((luminance(colour), ground), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= least, selector
    context.close()


def luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def pictures(page: Page) -> set[str]:
    """How the labels of the pictures begin."""
    return {(each.get_attribute("aria-label") or "")[:11] for each in page.locator("svg[role=img]").all()}


def test_the_language_switch_changes_every_word_and_the_title(
    browser: Browser, plans: dict[str, Path]
) -> None:
    context, page = opened(browser, plans["internal"])
    assert "are still outside" in page.inner_text("h1")
    page.click("[data-language=uk]")
    assert "залишаться зовні" in page.inner_text("h1")
    assert page.title() == "Іграшкова сітка: хто встигне в укриття за 4\u00a0хв"
    assert page.evaluate("document.documentElement.lang") == "uk"
    assert page.get_attribute("[data-language=uk]", "aria-pressed") == "true"
    assert pictures(page) == {
        "Карта міста",
        "Чотири крив",
        "Площі з пли",
        "Мапа укритт",
        "Частка люде",
    }
    body = page.inner_text("main")
    assert "Who is left outside" not in body
    page.click("[data-language=en]")
    assert "Who is left outside" in page.inner_text("main")
    assert pictures(page) == {
        "Map of the ",
        "Four curves",
        "Stacked are",
        "Share of th",
    }
    context.close()


def test_without_scripts_the_page_is_read_in_its_first_language(
    browser: Browser, plans: dict[str, Path]
) -> None:
    context, page = opened(browser, plans["internal"], java_script_enabled=False)
    text = page.inner_text("body")
    context.close()
    assert "are still outside" in text
    assert "залишаться зовні" not in text
    assert "Українська" not in text


def test_the_numbers_on_the_screen_are_those_of_plan_json(browser: Browser, plans: dict[str, Path]) -> None:
    found = json.loads((plans["internal"] / "plan.json").read_text(encoding="utf-8"))
    context, page = opened(browser, plans["internal"])
    shown = {
        name: int(page.locator(f"h1 .n-{name} >> visible=true").inner_text().replace(",", ""))
        for name in ("scramble", "plan", "unserved")
    }
    context.close()
    assert shown == {
        "scramble": found["scramble"]["under_cover"],
        "plan": found["under_cover"],
        "unserved": found["unserved"],
    }


def test_a_hostile_name_runs_nothing(browser: Browser, plans: dict[str, Path]) -> None:
    context, page = opened(browser, plans["hostile"])
    page.click("[data-language=uk]")
    page.click("[data-language=en]")
    title, images = page.title(), page.locator("img").count()
    text = page.inner_text("#districts")
    context.close()
    assert title != "owned"
    assert images == 0
    assert "<script>document.title='owned'</script>" in text


@pytest.mark.parametrize("width", WIDTHS)
def test_one_figure_is_shown_with_letters_large_enough_to_read(
    browser: Browser, plans: dict[str, Path], width: int
) -> None:
    context, page = opened(browser, plans["internal"], viewport={"width": width, "height": 800})
    charts = [chart for chart in page.locator(".curves figure > svg.chart").all() if chart.is_visible()]
    heights = [text.bounding_box() for text in charts[0].locator("text").all()]
    context.close()
    assert len(charts) == 1
    assert min(box["height"] for box in heights if box) >= 10


def test_the_sentence_the_curves_and_the_map_are_on_the_first_screen_of_a_desk(
    browser: Browser, plans: dict[str, Path]
) -> None:
    context, page = opened(browser, plans["internal"], viewport={"width": 1280, "height": 800})
    tops = {
        name: page.locator(name).first.bounding_box()
        for name in ("h1", ".caveat", "svg.chart.desk", ".sheet")
    }
    context.close()
    assert all(box is not None and box["y"] < 500 for box in tops.values())


@pytest.mark.parametrize("lang", ["en", "uk"])
def test_no_table_is_wider_than_a_sheet_for_a_browser_shrinks_every_page_to_the_widest(
    browser: Browser, plans: dict[str, Path], lang: str
) -> None:
    context, page = opened(browser, plans["internal"], viewport={"width": SHEET_PX, "height": 1000})
    page.click(f"[data-language={lang}]")
    page.emulate_media(media="print")
    over = page.evaluate(
        """() => {
          for (const row of document.querySelectorAll('#districts tbody tr, #groups tbody tr')) {
            for (const cell of row.querySelectorAll('td.num')) cell.textContent = '383,259';
          }
          for (const name of document.querySelectorAll('#districts tbody th')) name.textContent = 'Шевченківський';
          return document.documentElement.scrollWidth;
        }"""
    )
    context.close()
    assert over <= SHEET_PX


def test_it_prints_on_a_few_sheets(browser: Browser, plans: dict[str, Path]) -> None:
    context, page = opened(browser, plans["internal"])
    paper = page.pdf(prefer_css_page_size=True, print_background=True)
    context.close()
    sheets = len(re.findall(rb"/Type\s*/Page\b", paper))
    assert 3 <= sheets <= 12


def beside(page: Page, crowd: str) -> list[int]:
    """The numbers beside the slider."""
    cells = page.locator(f"#overtime td.{crowd} >> visible=true").all()
    return [int(cell.inner_text().replace(",", "")) for cell in cells]


def test_the_slider_is_moved_by_keys_and_changes_numbers_and_circles(
    browser: Browser, plans: dict[str, Path]
) -> None:
    found = json.loads((plans["internal"] / "plan.json").read_text(encoding="utf-8"))
    context, page = opened(browser, plans["internal"])
    page.focus("#moment")
    page.keyboard.press("Home")
    assert page.get_attribute("#moment", "aria-valuetext") == "0:00"
    assert sum(beside(page, "plan")) == sum(beside(page, "scramble")) == found["people"]
    assert beside(page, "plan")[0] == found["whereabouts"]["plan"]["under_cover"][0]
    empty = found["fill"]["plan"][0].count("0")
    assert page.locator("#overtime circle.fill-0[data-plan]").count() == empty
    page.keyboard.press("End")
    assert sum(beside(page, "plan")) == found["people"]
    assert beside(page, "plan")[0] == found["whereabouts"]["plan"]["under_cover"][-1]
    assert beside(page, "scramble")[0] == found["whereabouts"]["scramble"]["under_cover"][-1]
    full = found["fill"]["plan"][-1].count("9")
    assert page.locator("#overtime circle.fill-9[data-plan]").count() == full
    page.check("input[name=crowd][value=scramble]")
    full = found["fill"]["scramble"][-1].count("9")
    assert page.locator("#overtime circle.fill-9[data-plan]").count() == full
    page.click("[data-language=uk]")
    assert "Місто хвилина за хвилиною" in page.inner_text("#overtime")
    context.close()


def test_without_scripts_the_city_stands_as_it_is_at_the_time_limit(
    browser: Browser, plans: dict[str, Path]
) -> None:
    found = json.loads((plans["internal"] / "plan.json").read_text(encoding="utf-8"))
    context, page = opened(browser, plans["internal"], java_script_enabled=False)
    assert page.locator("#moment").is_hidden()
    assert "at 4:00 min after the siren" in page.inner_text("#overtime")
    at = max(i for i, s in enumerate(found["whereabouts"]["time_s"]) if s <= found["time_limit_s"])
    assert beside(page, "plan")[0] == found["whereabouts"]["plan"]["under_cover"][at]
    assert page.locator("#overtime .unscripted").is_visible()
    context.close()


def test_on_paper_the_areas_stand_in_for_the_slider(browser: Browser, plans: dict[str, Path]) -> None:
    context, page = opened(browser, plans["internal"])
    page.emulate_media(media="print")
    assert page.locator("#moment").is_hidden()
    areas = [chart for chart in page.locator("#overtime svg.areas").all() if chart.is_visible()]
    assert len(areas) == 2
    context.close()
