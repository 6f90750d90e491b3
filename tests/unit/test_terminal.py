"""The summary says the three numbers and fits one screen of 80 by 24."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

import worlds
from takecover.report import terminal
from takecover.workflow.outcome import Choices, Outcome


def screen(outcome: Outcome, document: dict[str, Any] | None = None) -> list[str]:
    text = io.StringIO()
    Console(file=text, width=80).print(
        terminal.summary(document or outcome.document, Path("out/report.html"), outcome.difference)
    )
    return text.getvalue().replace("\u00a0", " ").rstrip("\n").split("\n")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return worlds.planned(worlds.town(), tmp_path_factory.mktemp("town") / "plan")


def test_the_summary_holds_the_three_numbers_and_the_proof(town: Outcome) -> None:
    lines = screen(town)
    text = "\n".join(lines)
    for number in (
        town.found.figures.scramble.under_cover,
        town.found.figures.under_cover,
        town.found.figures.unserved,
    ):
        assert f"{number:,}" in text
    assert "Under cover within 4 min" in text
    assert "True figures are lower" in text
    assert f"no plan exceeds {town.found.figures.bracket.bound:,}" in text
    assert "out/report.html" in lines[-1]


def test_a_plan_for_places_only_says_that_all_leave_at_once_and_how_it_differs_from_one_with_doors(
    tmp_path: Path,
) -> None:
    late = {"delay_median_s": {"night": 60.0}, "delay_spread": {"night": 0.8}}
    worlds.planned(worlds.town(), tmp_path / "doors", **late, has_doors=True)
    found = worlds.planned(worlds.town(), tmp_path / "plan", Choices(compare=tmp_path / "doors"), **late)
    text = "\n".join(screen(found))
    assert "Assumed: all leave at once" in text
    assert "half left" not in text
    assert "Compared, doors in one only" in text
    report = (tmp_path / "plan" / "report.html").read_text(encoding="utf-8")
    assert "everyone leaves with the siren" in report
    assert "Only one of the plans counts doors" in report


def test_the_summary_of_three_million_people_with_every_line_fits_one_screen(
    town: Outcome, tmp_path: Path
) -> None:
    document = large(dict(town.document))
    beside = worlds.planned(worlds.town(), tmp_path / "plan", Choices(compare=plan_folder(tmp_path)))
    lines = screen(beside, document)
    assert len(lines) <= 23
    assert max(len(line) for line in lines) <= 80


def plan_folder(tmp_path: Path) -> Path:
    worlds.planned(worlds.town(), tmp_path / "other")
    return tmp_path / "other"


def large(document: dict[str, Any]) -> dict[str, Any]:
    """The same plan as if for a city of three million, with notices, an attribution and a plan that is worse early."""
    people = {"people": 3_000_000, "under_cover": 1_903_571, "unserved": 1_096_429, "gain": 578_126}
    city = {
        **document["city"],
        "title": "Model Kyiv (full size)",
        "notices": ["The streets of this city are modelled and not real. Not for use in a real raid. " * 2]
        * 4,
        "attributions": ["© OpenStreetMap contributors"],
    }
    times = [
        {
            **row,
            "scramble_under_cover": 1_325_445,
            "plan_under_cover": 1_903_571,
            "bound": 2_003_022,
        }
        for row in document["comparison"]
    ]
    reasons = {
        "too_far": 185_204,
        "no_step_free_way": 76_238,
        "left_too_late": 100_000,
        "door_shut": 34_987,
        "door_too_narrow": 400_000,
        "no_place": 300_000,
    }
    below = [{"from_s": 15.0, "to_s": 187.0, "largest": 154_422, "at_s": 129.0}] * 3
    scramble = {**document["scramble"], "under_cover": 1_325_445}
    return {
        **document,
        **people,
        "city": city,
        "comparison": times,
        "unserved_by_reason": reasons,
        "below": below,
        "scramble": scramble,
    }


def test_notices_that_do_not_fit_are_counted(town: Outcome) -> None:
    text = "\n".join(screen(town, large(dict(town.document))))
    assert "modelled and not real" in text
    assert "more such notices stand in the report" in text


def test_a_public_summary_holds_bands_only(tmp_path: Path) -> None:
    outcome = worlds.planned(worlds.town(), tmp_path / "plan", Choices(is_public=True))
    text = "\n".join(screen(outcome))
    low, high = outcome.document["under_cover_percent"]
    assert f"{low}-{high} % by this plan" in text
    assert "True figures are lower" in text
    assert f"{outcome.found.figures.under_cover:,}" not in text


def test_a_name_cannot_command_the_terminal(town: Outcome) -> None:
    attack = "\x1b]0;owned\x07\x1b[2J"
    document = dict(town.document)
    document["city"] = {**document["city"], "title": attack, "notices": [attack], "attributions": [attack]}
    document["scenario"] = {**document["scenario"], "name": attack}
    assert "\x1b" not in "".join(screen(town, document))


def test_plans_of_two_cities_are_not_set_beside_each_other_without_a_word(tmp_path: Path) -> None:
    worlds.planned(worlds.row(), tmp_path / "row")
    town = replace(worlds.town(), name="another-town")
    outcome = worlds.planned(town, tmp_path / "town", Choices(compare=tmp_path / "row"))
    assert "Compared: TWO CITIES" in "\n".join(screen(outcome))
    assert re.search(r"other: test, 4 min +this: test, 4 min", "\n".join(screen(outcome)))
