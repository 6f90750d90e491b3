"""The report on minutes, doors, turnouts and broadcasts says what plan.json says, and leaves nothing unsaid."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import pytest
from jinja2 import UndefinedError

import plan2_sample
import worlds
from reading import read
from takecover.analysis.figures_time import DoorFigures
from takecover.report import citymap, page
from takecover.workflow.outcome import Outcome

Render = Callable[..., str]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return worlds.planned(worlds.town(), tmp_path_factory.mktemp("town") / "plan")


@pytest.fixture(scope="module")
def document(outcome: Outcome) -> tuple[dict[str, Any], citymap.CityMap]:
    return plan2_sample.sample(outcome.document), citymap.draw(outcome.city, outcome.found.plan)


@pytest.fixture
def render(document: tuple[dict[str, Any], citymap.CityMap]) -> Render:
    """The page of the sample with some of its keys changed."""
    figures, city_map = document
    return lambda **changes: page.render({**figures, **changes}, city_map, [("plan.json", "plan_json")])


@pytest.fixture(scope="module")
def found(document: tuple[dict[str, Any], citymap.CityMap]) -> dict[str, Any]:
    return document[0]


def section(html: str, name: str) -> str:
    start = html.index(f'<section id="{name}"')
    return html[start : html.index("</section>", start) + len("</section>")]


def words(html: str, lang: str = "en") -> str:
    return re.sub(r"\s+", " ", read(html, lang).words)


@pytest.mark.parametrize(
    "key",
    ["warning", "delay", "bracket", "curves", "whereabouts", "fill", "doors", "turnouts", "guidance"],
)
def test_a_figure_that_is_missing_is_never_passed_over(
    document: tuple[dict[str, Any], citymap.CityMap], key: str
) -> None:
    figures, city_map = document
    with pytest.raises((KeyError, UndefinedError), match=key):
        page.render({k: v for k, v in figures.items() if k != key}, city_map, [])


def test_the_sample_has_the_keys_that_plan_json_has(
    document: tuple[dict[str, Any], citymap.CityMap], outcome: Outcome
) -> None:
    def shape(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: shape(part) for key, part in value.items()}
        return shape(value[0]) if isinstance(value, list) and value and isinstance(value[0], dict) else ""

    real, sampled = shape(outcome.document), shape(document[0])
    assert {key: sampled[key] for key in real if real[key] and key != "doors"} == {
        key: real[key] for key in real if real[key] and key != "doors"
    }
    assert {field.name for field in fields(DoorFigures)} == set(document[0]["doors"]["plan"][0])


def test_the_number_stands_between_what_is_promised_and_the_bound(
    render: Render, found: dict[str, Any]
) -> None:
    b = found["bracket"]
    first, _, below = words(render()).partition("Who is left out")
    assert f"No plan at all can have more than {b['bound']:,} in by then." in first
    assert "slots promise" not in first, "the first screen is for somebody who has never seen a plan"
    assert (
        f"slots promise {b['promised']:,}, the doors let in {b['arrived']:,}, and {b['with_rest']:,} are under cover "
        f"if those whom it sends nowhere run to the nearest besides. No plan at all can have more than {b['bound']:,}. "
        f"Because queues are first come, first in, 12 people"
    ) in below
    assert "first come, first in" not in words(render(bracket={**b, "fifo_lost": 0}))


def test_what_is_left_out_is_said_with_doors_and_without(render: Render, found: dict[str, Any]) -> None:
    assert "in this scenario doors let everyone in at once" in words(render())
    with_doors = words(render(scenario={**found["scenario"], "has_doors": True}))
    assert "counted from assumed widths, flows and times" in with_doors
    assert "doors let everyone in at once" not in with_doors


def test_expected_people_are_told_where_the_strike_may_come_at_several_times(
    render: Render, found: dict[str, Any]
) -> None:
    assert "Weighed over when the strike may come" in words(render())
    single = {"threat": "", "time_s": [240], "weight": [1000]}
    assert "Weighed over" not in words(render(warning=single))


def test_the_proof_is_told_in_people_also_where_it_counts_in_parts_of_people(
    render: Render, found: dict[str, Any]
) -> None:
    assert "can expect fewer than 1.5 people outside" in words(render())
    whole = {**found["certificate"], "primal": [7, 4], "dual": [7, 4], "units_per_person": 1}
    assert "can leave fewer than 7 people outside" in words(render(certificate=whole))


def test_the_largest_gap_and_the_times_of_threats_stand_under_the_curves(render: Render) -> None:
    said = words(render())
    assert re.search(r"Plan and bound are farthest apart at \d:\d\d min: [\d,]+ people\.", said)
    assert "Zircon 10 s, artillery 15 s, rockets 45 s, ballistic missile 4 min." in said


def test_every_shelter_carries_its_filling_over_time_and_shows_it_at_the_limit(
    render: Render, found: dict[str, Any]
) -> None:
    part = section(render(), "overtime")
    spots = re.findall(r'class="spot fill-(\d)"[^>]*data-plan="(\d+)" data-scramble="(\d+)"', part)
    assert len(spots) == len(found["shelters"])
    pictures = found["fill"]["time_s"]
    shown = max(i for i, time_s in enumerate(pictures) if time_s <= found["time_limit_s"])
    columns = ["".join(column) for column in zip(*found["fill"]["plan"], strict=True)]
    assert sorted(plan for _, plan, _ in spots) == sorted(columns)
    assert all(state == plan[shown] for state, plan, _ in spots)


def test_the_table_beside_the_slider_holds_every_moment_and_adds_up(
    render: Render, found: dict[str, Any]
) -> None:
    rows = re.findall(r'class="num plan" data-values="([\d ]+)"', section(render(), "overtime"))
    moments = zip(*[map(int, row.split()) for row in rows], strict=True)
    assert [sum(moment) for moment in moments] == [found["people"]] * len(found["whereabouts"]["time_s"])


def test_the_slider_starts_at_the_time_limit_and_is_named(render: Render, found: dict[str, Any]) -> None:
    part = section(render(), "overtime")
    start = [s for s in found["whereabouts"]["time_s"] if s <= found["time_limit_s"]]
    assert f'value="{len(start) - 1}"' in part
    assert '<label for="moment">' in part
    assert 'aria-valuetext="4:00"' in part


def test_each_of_the_worst_doors_has_its_queue_wait_density_and_warnings(
    render: Render, found: dict[str, Any]
) -> None:
    part = section(render(), "doors")
    assert part.count("<code>") == 20
    said = words(part)
    assert "400" in said
    assert "1 min 30 s" in said
    assert "7.5" in said
    for warning in ("crush possible", "surge at the head of a stair", "only open door", "no limit"):
        assert warning in said
    assert "Nobody waits at any door." in words(section(render(doors={"plan": [], "scramble": []}), "doors"))
    assert "so a long queue can have a short one" in words(section(render(), "doors"))


def test_turnouts_stand_in_a_table_with_their_bound(render: Render, found: dict[str, Any]) -> None:
    said = words(section(render(), "turnouts"))
    for row in found["turnouts"]:
        assert f"{row['plan']:,}{row['bound']:,}" in said.replace(" ", "")


def test_a_broadcast_that_loses_much_is_shaded_and_said_so(render: Render, found: dict[str, Any]) -> None:
    part = section(render(), "guidance")
    assert len(re.findall('class="num bad"', part)) == 3
    assert "loses under 1 % whoever comes" in words(part)
    cells = [{**cell, "lost_share": 0.02} for cell in found["guidance"]["cells"]]
    bad = section(render(guidance={**found["guidance"], "cells": cells}), "guidance")
    assert "Shaded cells lose 1 % or more" in words(bad)
    assert "None of the rows stays below that whoever comes; what is broadcast loses up to 2.0 %." in words(
        bad
    )


def test_a_crowd_that_does_better_than_the_plan_is_shown_below_0_and_why(
    render: Render, found: dict[str, Any]
) -> None:
    cells = [{**cell, "lost": -192, "lost_share": -0.0017} for cell in found["guidance"]["cells"]]
    said = words(section(render(guidance={**found["guidance"], "cells": cells}), "guidance"))
    assert "−192 · −0.2 %" in said
    assert "Below 0 whoever follows does better than the plan" in said
    good = [{**cell, "lost": 0, "lost_share": 0.0} for cell in cells]
    assert "Below 0" not in words(section(render(guidance={**found["guidance"], "cells": good}), "guidance"))


def test_it_is_said_whether_those_who_do_not_follow_lose(render: Render, found: dict[str, Any]) -> None:
    followed = found["guidance"]["followed"]
    robbed = [
        followed[0],
        *({**row, "rest_under_cover": row["rest_under_cover"] // 2} for row in followed[1:]),
    ]
    said = words(section(render(guidance={**found["guidance"], "followed": robbed}), "guidance"))
    assert "lose up to" in said
    kind = [
        {**row, "rest_under_cover": -(-row["rest"] * followed[0]["rest_under_cover"] // followed[0]["rest"])}
        for row in followed
    ]
    said = words(section(render(guidance={**found["guidance"], "followed": kind}), "guidance"))
    assert "At no share do those who run to the nearest do worse" in said


def test_the_bar_of_places_falls_from_the_register_to_those_in_time(
    render: Render, found: dict[str, Any]
) -> None:
    counts = {"registered": 100, "exists": 90, "usable": 60, "open": 60, "in_time": 25, "unverified": 3}
    places = {**found["places"], "city": {**found["places"]["city"], **counts}}
    part = section(render(places=places), "places")
    bar = part[part.index('class="bar fall"') : part.index("</div>")]
    assert re.findall(r'class="([\w-]+)" style="flex:(\d+)', bar) == [
        ("step-in_time", "25"),
        ("lost-in_time", "35"),
        ("lost-usable", "30"),
        ("lost-exists", "10"),
    ]
    assert "Nobody has looked at 3 places" in words(part)


def test_everything_is_said_in_ukrainian_too(render: Render) -> None:
    said = words(render(), "uk")
    for part in ("Місто хвилина за хвилиною", "Десять найгірших дверей", "Припущено: половина людей"):
        assert part in said
    assert "The ten worst doors" not in said


def test_what_stands_in_for_doors_and_delays_that_nobody_measured_is_shown_with_its_source(
    render: Render, found: dict[str, Any]
) -> None:
    scenario = {
        **found["scenario"],
        "has_doors": True,
        "period": "night",
        "delay_median_s": {"night": 240.0},
        "delay_spread": {"night": 0.8},
    }
    said = words(section(render(scenario=scenario), "assumptions"))
    assert "Doors, stairs and delays where nobody has measured" in said
    assert "Door of a basement, clear width0.9 m0.7–1.2our assumption" in said
    assert "By night half of those who go have left after240 s60–600set by this scenario" in said
    assert "By day" not in said
    assert "Length of a slot of time30 s" in said
    short = {**found["certificate"], "slot_s": 2.4}
    assert "Length of a slot of time2.4 s" in words(
        section(render(scenario=scenario, certificate=short), "assumptions")
    )
    without = section(render(scenario={**scenario, "has_doors": False}), "assumptions")
    assert "where nobody has measured" not in words(without)


def test_a_plan_that_is_behind_the_scramble_at_its_own_limit_says_so_and_what_would_help(
    render: Render, found: dict[str, Any]
) -> None:
    bracket = {**found["bracket"], "with_rest": 158}
    said = words(render(gain=-24, bracket=bracket))
    assert "By this plan 24 fewer are under cover by then than by running to the nearest" in said
    assert "the best plan for just 4 min has 158 in." in said
    assert "more under cover than running to the nearest" not in said
    assert "fewer are under cover by then" not in words(render(gain=0))
