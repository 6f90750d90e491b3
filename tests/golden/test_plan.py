"""A city in, a folder out: what a person opens afterwards says what arithmetic says."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import worlds
from takecover.errors import InputError, SourceError
from takecover.model.city import City
from takecover.workflow import plan as workflow
from takecover.workflow import reckoning
from takecover.workflow.outcome import Choices
from takecover.workflow.scenario import Wishes, default, scenario_for


def plan_json(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    out = tmp_path_factory.mktemp("town") / "plan"
    worlds.planned(worlds.town(), out)
    return plan_json(out)


def test_the_plan_of_a_row_of_origins_follows_by_arithmetic(tmp_path: Path) -> None:
    worlds.planned(worlds.row(), tmp_path / "plan")
    found = plan_json(tmp_path / "plan")
    assert found["people"] == 31
    assert found["under_cover"] == 5
    assert found["unserved"] == 26
    assert found["unserved_by_reason"] == {
        "too_far": 24,
        "no_step_free_way": 0,
        "left_too_late": 0,
        "door_shut": 0,
        "door_too_narrow": 0,
        "no_place": 2,
    }
    assert found["total_walk_time_s"] == 600.0
    assert found["mean_walk_time_s"] == 120.0
    assert found["certificate"] == {
        "primal": [26, 6000],
        "dual": [26, 6000],
        "gap": [0, 0],
        "units_per_person": 1,
        "slot_s": 240.0,
    }
    assert found["scramble"] == {
        "under_cover": 5,
        "unserved": 26,
        "turned_away": 2,
        "total_walk_time_s": 600.0,
    }
    assert [(r["time_limit_s"], r["plan_under_cover"], r["bound"]) for r in found["comparison"]] == [
        (120, 3, 3),
        (240, 5, 5),
        (480, 5, 5),
    ]
    shelter = found["shelters"][0]
    assert (shelter["price_people"], shelter["price_s"], shelter["turned_away"]) == (1, -200.0, 2)


def test_the_keys_that_others_build_on_come_first_and_in_order(town: dict[str, Any]) -> None:
    assert list(town) == [
        "takecover_version",
        "format",
        "marking",
        "city",
        "scenario",
        "time_limit_s",
        "people",
        "under_cover",
        "unserved",
        "unserved_by_reason",
        "total_walk_time_s",
        "mean_walk_time_s",
        "scramble",
        "gain",
        "certificate",
        "warning",
        "delay",
        "expected",
        "bracket",
        "comparison",
        "curves",
        "below",
        "districts",
        "groups",
        "shelters",
        "places",
        "whereabouts",
        "fill",
        "doors",
        "turnouts",
        "guidance",
        "counts",
        "runtime_s",
    ]


def test_reasons_districts_groups_and_shelters_add_up(town: dict[str, Any]) -> None:
    assert sum(town["unserved_by_reason"].values()) == town["unserved"] > 0
    assert town["people"] == town["under_cover"] + town["unserved"]
    assert town["gain"] == town["under_cover"] - town["scramble"]["under_cover"]
    for table in ("districts", "groups"):
        for key in ("people", "under_cover", "unserved"):
            assert sum(row[key] for row in town[table]) == town[key], (table, key)
        for reason, count in town["unserved_by_reason"].items():
            assert sum(row[reason] for row in town[table]) == count, (table, reason)
    assert sum(row["load"] for row in town["shelters"]) == town["under_cover"]
    assert sum(row["load"] for row in town["districts"]) == town["under_cover"]


def test_every_plan_that_is_shown_is_certified(town: dict[str, Any]) -> None:
    proof = town["certificate"]
    assert proof["gap"] == [0, 0]
    assert proof["primal"] == proof["dual"]


def test_each_stage_is_timed(town: dict[str, Any]) -> None:
    spent = town["runtime_s"]
    assert set(spent) == {"reach", "turnout", "assign", "bound", "crowds", "measure", "total"}
    assert sum(value for key, value in spent.items() if key != "total") <= spent["total"] + 0.01


def test_the_same_city_and_scenario_give_the_same_bytes_but_for_the_time(tmp_path: Path) -> None:
    for name, threads in (("one", 1), ("two", 2)):
        worlds.planned(worlds.town(), tmp_path / name, Choices(threads=threads))
    for file in sorted((tmp_path / "one").iterdir()):
        if file.suffix != ".json" and file.name != "report.html":
            assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes(), file.name
    one, two = (plan_json(tmp_path / name) for name in ("one", "two"))
    assert one.pop("runtime_s") != two.pop("runtime_s")
    assert one == two


def test_a_closed_shelter_gets_nobody(tmp_path: Path) -> None:
    worlds.planned(worlds.town(), tmp_path / "plan", closed_shelter_ids=("S003",))
    closed = next(s for s in plan_json(tmp_path / "plan")["shelters"] if s["shelter_id"] == "S003")
    assert (closed["capacity"], closed["load"], closed["scramble_load"]) == (0, 0, 0)


def test_another_plan_is_set_beside_this_one(tmp_path: Path) -> None:
    worlds.planned(worlds.town(), tmp_path / "before")
    outcome = worlds.planned(
        worlds.town(), tmp_path / "after", Choices(compare=tmp_path / "before"), closed_shelter_ids=("S003",)
    )
    assert outcome.difference is not None
    change = {c.figure: c.change for c in outcome.difference.changes}
    before, after = (plan_json(tmp_path / name) for name in ("before", "after"))
    assert change["under_cover"] == after["under_cover"] - before["under_cover"] < 0
    page = (tmp_path / "after" / "report.html").read_text(encoding="utf-8")
    assert 'id="difference"' in page
    assert f"{before['under_cover']:,}" in page


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        (None, SourceError, "is not there"),
        ("{", InputError, "is no JSON"),
        ("[" * 100_000, InputError, "is no JSON"),
        ("[]", InputError, "not 'takecover-plan/2'"),
        ('{"format": "takecover-plan/2", "marking": "public"}', InputError, "marked public"),
        ('{"format": "takecover-plan/2"}', InputError, "people is None"),
    ],
)
def test_what_is_no_plan_cannot_be_compared_and_nothing_is_written(
    tmp_path: Path, content: str | None, error: type[Exception], words: str
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    if content is not None:
        (other / "plan.json").write_text(content)
    with pytest.raises(error, match=words.replace("/", "/")):
        worlds.planned(worlds.row(), tmp_path / "plan", Choices(compare=other))
    assert not (tmp_path / "plan").exists()


def test_a_folder_that_is_not_ours_is_refused_before_anything_is_computed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "thesis.txt").write_text("years")
    monkeypatch.setattr(reckoning, "reckon", lambda *_, **__: pytest.fail("computed in vain"))
    with pytest.raises(InputError, match="not ours to replace"):
        worlds.planned(worlds.row(), tmp_path)


def test_a_failing_report_leaves_the_old_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    worlds.planned(worlds.row(), tmp_path / "plan")
    before = {file.name: file.read_bytes() for file in (tmp_path / "plan").iterdir()}

    def fail(*_: object, **__: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("takecover.report.page.render", fail)
    with pytest.raises(SourceError, match="No space left"):
        worlds.planned(worlds.town(), tmp_path / "plan")
    assert {file.name: file.read_bytes() for file in (tmp_path / "plan").iterdir()} == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["plan"]


def test_progress_rises_from_nothing_to_all(tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    workflow.plan(
        worlds.row(), worlds.SCENARIO, tmp_path / "plan", progress=lambda *stage: told.append(stage)
    )
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, pytest.approx(1.0))
    assert "Sending everyone to a door in time, with the proof" in [stage for stage, _ in told]


def test_a_scenario_that_does_not_fit_the_city_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'noon' is unknown"):
        worlds.planned(worlds.row(), tmp_path / "plan", period="noon")


def test_the_default_scenario_is_what_the_table_of_parameters_says() -> None:
    found = default(worlds.row(), "2026-11-24")
    assert (found.time_limit_s, found.compare_limits_s, found.turnout) == (600, (240, 600, 1200), 1.0)
    assert found.speed_m_s == {"walking": 1.19, "step_free": 0.69}
    assert (found.period, found.dated) == ("night", "2026-11-24")


def test_options_change_the_default_and_are_checked_together() -> None:
    city: City = worlds.row()
    found = scenario_for(
        city, Wishes(time_limit_s=300, speed_m_s={"walking": 1.5}, turnout=0.5), "2026-11-24"
    )
    assert found == replace(
        default(city, "2026-11-24"),
        name="options",
        time_limit_s=300,
        turnout=0.5,
        speed_m_s={"walking": 1.5, "step_free": 0.69},
        warning_times_s=(),  # who names one time means that one
        warning_weights=(),
    )
    with pytest.raises(InputError) as caught:
        scenario_for(
            city, Wishes(time_limit_s=0, turnout=7.0, speed_m_s={"flying": 9.0}, period="noon"), "2026-11-24"
        )
    assert len(caught.value.faults) == 4


def test_the_figures_of_own_warning_times_are_told_for_the_longest_that_most_strikes_leave() -> None:
    city = worlds.town()
    found = scenario_for(city, Wishes(warning={-60: 500, 300: 500}), "2026-11-24")
    assert (found.time_limit_s, found.warning_times_s) == (300, (-60, 300))
    asked = scenario_for(city, Wishes(warning={300: 1000}, time_limit_s=120), "2026-11-24")
    assert asked.time_limit_s == 120


def test_where_the_strike_leaves_seconds_the_slots_are_seconds_too(tmp_path: Path) -> None:
    scenario = replace(scenario_for(worlds.town(), Wishes(threat="rocket"), "2026-11-24"), delay_median_s={})
    found = workflow.plan(worlds.town(), scenario, tmp_path / "plan").found.figures
    assert found.bracket.promised > 0
    assert found.expected.plan >= 0.9 * found.expected.scramble


def test_children_and_older_people_are_named_with_their_speeds_in_the_report(tmp_path: Path) -> None:
    city = worlds.town()
    scenario = scenario_for(city, Wishes(is_split=True, time_limit_s=600), "2026-11-24")
    workflow.plan(city, scenario, tmp_path / "plan")
    page = (tmp_path / "plan" / "report.html").read_text(encoding="utf-8")
    for words in ("Children", "Older people", "Walking speed of children", "Walking speed of older people"):
        assert words in page
    assert "each group is counted at its own pace" in page


def test_a_plan_that_splits_no_group_says_nothing_of_slow_ones(tmp_path: Path) -> None:
    workflow.plan(
        worlds.town(), scenario_for(worlds.town(), Wishes(time_limit_s=600), "2026-11-24"), tmp_path / "plan"
    )
    assert "later than counted here" not in (tmp_path / "plan" / "report.html").read_text(encoding="utf-8")
