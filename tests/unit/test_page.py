"""The report holds what ``plan.json`` holds, needs nothing from outside, and takes every name as text."""

from __future__ import annotations

import json
import re
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import worlds
from reading import read
from takecover.analysis.figures import REASONS
from takecover.cities import toys
from takecover.report import markup, page, sections, texts
from takecover.workflow.outcome import Choices

SCRIPTS = 2
"""Those of the planner's page: for the languages, and for the slider."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    out = tmp_path_factory.mktemp("town") / "plan"
    outcome = worlds.planned(worlds.town(), out)
    return dict(outcome.document), (out / "report.html").read_text(encoding="utf-8")


def html_of(tmp_path: Path, city: worlds.City, choices: Choices | None = None, **changes: Any) -> str:
    worlds.planned(city, tmp_path / "plan", choices, **changes)
    return (tmp_path / "plan" / "report.html").read_text(encoding="utf-8")


def test_the_headline_is_one_sentence_with_three_numbers_and_the_time(
    town: tuple[dict[str, Any], str],
) -> None:
    f, html = town
    expected = (
        f"Within 4 min, {f['scramble']['under_cover']:,} people are under cover if everyone runs to the nearest "
        f"shelter, and {f['under_cover']:,} by this plan with the same shelters; {f['unserved']:,} are still outside."
    )
    assert expected in read(html).words
    assert "За 4 хв в укритті" in read(html, "uk").words


def test_the_first_screen_reads_sentence_caveat_curves_map_reasons(town: tuple[dict[str, Any], str]) -> None:
    words = read(town[1]).words
    order = [
        "are still outside.",
        "The true figures are lower",
        "minute by minute after the siren",
        "Where the plan leaves people outside",
        "Who is left outside, and why",
        "If the time were shorter or longer",
    ]
    places = [words.index(part) for part in order]
    assert places == sorted(places)


def test_the_reasons_that_are_shown_add_up_to_those_outside(town: tuple[dict[str, Any], str]) -> None:
    f, html = town
    section = html[html.index('id="left"') :]
    rows = re.findall(r'<td class="num">(?:<span lang="en">)?([\d,]+)<', section[: section.index("</table>")])
    counts = [int(row.replace(",", "")) for row in rows]
    assert counts[:-1] == [f["unserved_by_reason"][reason] for reason in page.REASONS]
    assert sum(counts[:-1]) == counts[-1] == f["unserved"]
    assert sorted(page.REASONS) == sorted(REASONS)


def test_the_page_needs_nothing_from_outside(town: tuple[dict[str, Any], str]) -> None:
    reader = read(town[1])
    assert not {"link", "iframe", "object", "embed", "img", "base", "form"} & set(reader.tags)
    loads = [
        v
        for _, name, v in reader.attributes
        if name in ("src", "href", "xlink:href", "action", "srcset", "data")
    ]
    assert all(value.startswith(("#", "data:image/png;base64,")) for value in loads)
    assert "@import" not in town[1]
    assert "url(" not in town[1]


def test_every_link_inside_the_page_leads_somewhere(town: tuple[dict[str, Any], str]) -> None:
    reader = read(town[1])
    ids = [value for _, name, value in reader.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {v[1:] for _, name, v in reader.attributes if name == "href" and v.startswith("#")} <= set(ids)


def test_a_name_that_is_markup_stays_text(tmp_path: Path) -> None:
    html = html_of(tmp_path, worlds.hostile())
    reader = read(html)
    assert reader.tags.count("script") == SCRIPTS
    assert "img" not in reader.tags
    assert not [name for _, name, _ in reader.attributes if name.startswith("on")]
    assert "<script>document.title='owned'</script>" in reader.words


def test_a_name_that_is_markup_stays_text_in_public_and_beside_another_plan(tmp_path: Path) -> None:
    html_of(tmp_path / "other", worlds.hostile())
    beside = html_of(tmp_path / "one", worlds.hostile(), Choices(compare=tmp_path / "other" / "plan"))
    public = html_of(tmp_path / "two", worlds.hostile(), Choices(is_public=True))
    for html, count in ((beside, SCRIPTS), (public, 1)):
        assert read(html).tags.count("script") == count
        assert "img" not in read(html).tags


def test_notices_and_attributions_stand_in_both_languages(tmp_path: Path) -> None:
    html = html_of(tmp_path, worlds.row())
    assert read(html).words.count("A toy world for tests, not a city.") == 2
    assert read(html, "uk").words.count("Іграшковий світ для тестів, а не місто.") == 2


@pytest.mark.parametrize("lang", ["en", "uk"])
def test_the_language_asked_for_is_shown_first(tmp_path: Path, lang: str) -> None:
    html = html_of(tmp_path, worlds.row(), Choices(lang=lang))
    assert f'<html lang="{lang}"' in html
    title = re.search("<title>(.*)</title>", html)
    assert title is not None
    assert (
        title[1]
        == {
            "en": "Toy grid: who gets under cover in 4\u00a0min",
            "uk": "Іграшкова сітка: хто встигне в укриття за 4\u00a0хв",
        }[lang]
    )


def test_a_plan_with_nobody_outside_says_so(tmp_path: Path) -> None:
    city = worlds.row()
    shelters = worlds.replace(city.shelters, capacity=city.shelters.capacity * 100)
    words = read(html_of(tmp_path, worlds.replace(city, shelters=shelters), time_limit_s=480)).words
    assert "Nobody: this plan has a place in time for every one of 31 people." in words
    assert "Nobody is left outside." in words
    assert "Nobody would be turned away." in words


def test_the_proof_is_in_plain_words_with_its_numbers(tmp_path: Path) -> None:
    words = read(html_of(tmp_path, worlds.row())).words
    assert "no plan for these walks, doors and delays can leave fewer than 26 people outside" in words
    assert "This plan26600.0 s" in words.replace(" This plan", "This plan")


def test_unverified_numbers_are_marked_and_a_scenarios_own_are_named(tmp_path: Path) -> None:
    html = html_of(tmp_path, worlds.row(), speed_m_s={"walking": 1.19, "step_free": 0.5})
    words = read(html).words
    assert "1.19 m/s0.97–1.65from memory, not checked at the source" in words
    assert "0.5 m/s0.57–0.89set by this scenario" in words
    assert "our assumption" in words


def test_a_city_without_districts_shows_no_table_of_them(tmp_path: Path) -> None:
    city = worlds.town()
    nowhere = replace(city.zones, **{f.name: getattr(city.zones, f.name)[:0] for f in fields(city.zones)})
    bare = replace(
        city,
        zones=nowhere,
        demand=replace(city.demand, zone_idx=np.full_like(city.demand.zone_idx, -1)),
        shelters=replace(city.shelters, zone_idx=np.full_like(city.shelters.zone_idx, -1)),
    )
    html = html_of(tmp_path, bare)
    assert 'id="districts"' not in html
    assert 'href="#districts"' not in html


def test_internal_and_public_reports_are_marked(tmp_path: Path) -> None:
    assert "INTERNAL: not for publication" in read(html_of(tmp_path, worlds.row())).words
    public = read(html_of(tmp_path / "public", worlds.row(), Choices(is_public=True))).words
    assert "PUBLIC: numbers are given as bands" in public
    assert "INTERNAL" not in public


def test_a_group_that_the_plan_leaves_worse_off_than_the_scramble_is_named(tmp_path: Path) -> None:
    """The first walker fills the far shelter, the second comes there too late, so the wheelchair finds a place."""
    doors = [toys.Cover((0,), capacity=1), toys.Cover((3,), capacity=1)]
    city = toys.grid(4, 1, 100.0, people=[0, 0, 1, 1], step_free_people=[0, 1, 0, 0], shelters=doors)
    html = html_of(tmp_path, city, speed_m_s={"walking": 1.0, "step_free": 0.42})
    said = "People who need a way without stairs: 1 person fewer under cover by this plan"
    assert said in read(html).words
    assert "fewer under cover by this plan" not in read(html_of(tmp_path, worlds.row())).words


def test_shelters_without_a_place_that_counts_are_told_apart_from_those_that_nobody_needs(
    tmp_path: Path,
) -> None:
    words = read(html_of(tmp_path, worlds.town(), closed_shelter_ids=("S002", "S003"))).words
    assert "Of those that get nobody, 2 have no place that counts" in words


@pytest.mark.parametrize(
    ("people", "seconds", "words"),
    [
        (1, 90.0, "one more person under cover, and 1 min 30 s less walking"),
        (1, 0.0, "one more person under cover"),
        (1, -200.0, "one more person under cover, for 3 min 20 s more walking in all"),
        (
            0.667,
            90.0,
            "on average one more person under cover in 67 % of strikes, and 1 min 30 s less on the way",
        ),
        (0.333, 0.0, "on average one more person under cover in 33 % of strikes"),
        (
            0.333,
            -200.0,
            "on average one more person under cover in 33 % of strikes, for 3 min 20 s more on the way in all",
        ),
        (0, 45.0, "nobody more, but 45 s less walking"),
        (0, 0.0, "nothing"),
    ],
)
def test_a_price_is_told_in_words(people: float, seconds: float, words: str) -> None:
    said = read(str(markup.price({"price_people": people, "price_s": seconds}))).words
    assert said == words


def test_a_scenarios_name_is_translated_where_the_program_gave_it() -> None:
    given = markup.scenario({"name": "default", "dated": "2026-11-29"}).striptags()
    assert "«за замовчуванням»" in given
    assert "“default”" in given
    own = markup.scenario({"name": "<Night>", "dated": "2026-11-29"}).striptags()
    assert "“<Night>”" in own
    assert "«<Night>»" in own


def test_the_worst_stretches_are_told_in_order_of_time_and_flickers_are_left_out() -> None:
    spans = [
        {"from_s": i, "to_s": i + 1, "largest": largest, "at_s": i}
        for i, largest in enumerate((40, 7, 100, 1, 9))
    ]
    assert [span["largest"] for span in sections.worst_below(spans)] == [40, 7, 100, 9]
    assert len(sections.worst_below(spans * 2)) == sections.WORST_BELOW
    assert sections.worst_below([]) == []


def test_being_worse_before_the_limit_is_told_apart_from_being_level_after_it() -> None:
    early, late = ({"from_s": s, "to_s": s + 9, "largest": 5, "at_s": s} for s in (30, 300))
    told = sections.below({"below": [early, late], "warning": {"time_s": [240]}})
    assert told == [("early", [early], 0), ("late", [late], 0)]
    assert sections.below({"below": [], "warning": {"time_s": [240]}}) == []


def test_a_plan_for_several_strikes_sends_people_until_the_last_of_them() -> None:
    early, between, late = ({"from_s": s, "to_s": s + 9, "largest": 5, "at_s": s} for s in (30, 300, 1300))
    told = sections.below({"below": [early, between, late], "warning": {"time_s": [240, 600, 1200]}})
    assert told == [("weighed", [early, between], 0), ("late", [late], 0)]
    assert {f"below.{which}" for which, _, _ in told} <= set(texts.phrases())


def test_every_headline_number_of_the_page_stands_in_plan_json(tmp_path: Path) -> None:
    html = html_of(tmp_path, worlds.town())
    found = json.loads((tmp_path / "plan" / "plan.json").read_text(encoding="utf-8"))
    bold = re.findall(r'<b class="n-(\w+)">([^<]*)</b>', html[: html.index("</h1>")])
    numbers = {name: int(text.replace(",", "")) for name, text in bold[:4] if name != "limit"}
    assert numbers == {
        "scramble": found["scramble"]["under_cover"],
        "plan": found["under_cover"],
        "unserved": found["unserved"],
    }


def test_redoing_the_plan_from_the_files_is_promised_only_with_every_walk_among_them(
    town: tuple[dict[str, Any], str], tmp_path: Path
) -> None:
    promise = "every walk stands in costs.parquet"
    assert promise not in read(town[1]).words
    assert "--write-costs" in read(town[1]).words
    assert promise in read(html_of(tmp_path, worlds.town(), Choices(has_costs=True))).words


def test_the_map_for_the_public_is_not_said_to_show_people_left_outside(tmp_path: Path) -> None:
    html = html_of(tmp_path, worlds.town(), Choices(is_public=True))
    labels = [text for _, name, text in read(html).attributes if name in ("aria-label", "data-label-en")]
    assert "Map of the city: districts, water, streets, and shelters by how full they would be." in labels
    assert not [text for text in labels if "left outside" in text]
